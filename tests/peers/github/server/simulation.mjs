// One request after another: who asks, what goes wrong, what it costs, how
// long it takes, what is said in the headers.

import { setTimeout as sleep } from 'node:timers/promises'
import { Random } from '../world/random.mjs'
import { Clock } from './clock.mjs'
import { control } from './control.mjs'
import { Faults, partial } from './faults.mjs'
import { GraphQL, duration } from './graphql.mjs'
import { Ledger } from './ledger.mjs'
import { Limits, headers } from './limits.mjs'
import { answer, fail } from './rest.mjs'
import { Store } from './store.mjs'

const json = { 'content-type': 'application/json; charset=utf-8' }
const restSeconds = 0.35

function body(request) {
  return new Promise((resolve, reject) => {
    const parts = []
    request.on('data', (x) => parts.push(x)).on('end', () => resolve(Buffer.concat(parts).toString())).on('error', reject)
  })
}

export class Simulation {
  constructor(options) {
    this.options = options
    this.clock = new Clock(options.now)
    this.store = new Store(options.world)
    this.ledger = new Ledger(this.clock)
    this.limits = new Limits(this.clock, options.tokens, options.maxInFlight)
    this.faults = new Faults(this.clock, options.faults, options.seed)
    this.random = new Random(options.seed, 'server')
    this.graphql = new GraphQL(this)
    this.ends = new Map()
    this.serial = 0
    this.sockets = 0
  }

  connected(socket) {
    this.sockets += 1
    socket.on('close', () => { this.sockets -= 1 })
  }

  expire(token, seconds) { this.ends.set(token, seconds) }

  /// Handles one HTTP exchange.
  async serve(request, response) {
    const url = new URL(request.url, 'http://localhost')
    if (url.pathname.startsWith('/__sim/')) {
      const reply = control(this, url.pathname, await body(request))
      response.writeHead(reply.status, json).end(JSON.stringify(reply.body))
      return
    }
    const begin = this.clock.now
    this.ledger.enter()
    const token = this.bearer(request)
    if (token) token.inFlight += 1
    try {
      const text = await body(request)
      // With several connections, requests sent together began at one time: the
      // first must not move the clock before the others have arrived.
      if (this.sockets > 1) await sleep(3)
      const type = url.pathname === '/graphql' ? 'graphql' : 'rest'
      this.ledger.count('requests', this.kindOf(type, url.pathname))
      if (token && this.clock.seconds < token.away[type]) this.ledger.early += 1
      const reply = this.refusal(request, token, url.pathname)
        ?? (type === 'graphql' ? await this.query(token, text, begin) : await this.rest(request, url, token))
      this.send(response, token, type, begin, reply)
    } finally {
      this.ledger.leave()
      if (token) token.inFlight -= 1
    }
  }

  kindOf(type, path) {
    if (type === 'graphql') return 'graphql'
    if (path.startsWith('/search/')) return path.slice(1).replace('/', '_')
    return /\/pulls\/\d+/.test(path) ? 'rest_pulls' : 'rest'
  }

  bearer(request) {
    const text = /^(?:Bearer|token) (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (text === undefined || (this.ends.has(text) && this.ends.get(text) <= this.clock.seconds)) return null
    return this.limits.find(text)
  }

  /// Who may not ask at all.
  refusal(request, token, path) {
    if (!request.headers['user-agent'])
      return fail(403, 'Missing or invalid User Agent string. See https://docs.github.com/rest/overview/resources-in-the-rest-api#user-agent-required')
    if (path.startsWith('/app/')) return null
    if (/^(?:Bearer|token) no-rights$/i.test(request.headers.authorization ?? ''))
      return fail(403, 'Resource not accessible by personal access token')
    return token ? null : fail(401, request.headers.authorization ? 'Bad credentials' : 'Requires authentication')
  }

  /// A fault as a reply, or null; it may also spoil a good one later.
  fault(type, label) {
    const x = this.faults.take(type, label)
    if (x) this.ledger.count('faults', x.kind)
    return x
  }

  async query(token, text, begin) {
    let query
    try {
      query = JSON.parse(text)
    } catch {
      return fail(400, 'Problems parsing JSON')
    }
    const cost = this.graphql.cost(query)
    if (cost.name) this.ledger.count('operations', cost.name)
    let fault = this.fault('graphql', `/graphql ${cost.name} ${JSON.stringify(query.variables ?? {})}`)
    if (!fault && this.tooHeavy(query.variables ?? {}, cost.pageSize)) {
      fault = this.faults.heavy()
      if (fault) this.ledger.count('faults', 'heavy_page')
    }
    if (!fault && this.limits.refuses(token)) {
      this.ledger.secondary += 1
      return { ...this.faults.make('secondary_bare'), seconds: 0.1 }
    }
    if (fault && !fault.spoil) {
      if (fault.pays) this.pay(token, cost.points)
      return fault
    }
    if (cost.problems.length > 0)
      return { status: 200, body: { errors: cost.problems.map((message) => ({ type: message.includes('first or last') ? 'EXCESSIVE_PAGINATION' : 'MAX_NODE_LIMIT_EXCEEDED', message })) } }
    if (!this.pay(token, cost.points)) {
      this.ledger.overBudget += 1
      return { status: 200, body: { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded for user ID 1.' }] }, remaining: 0, seconds: 0.1 }
    }
    const { status, body, context } = await this.graphql.run(query, token, cost)
    this.ledger.nodes += context.nodes
    const reply = { status, headers: json, body, seconds: duration(context), spoil: fault?.spoil, began: begin }
    if (fault?.spoil === 'touched') this.touchSome(query.variables ?? {})
    if (fault?.spoil === 'partial') reply.body = partial(body)
    return reply
  }

  pay(token, points) {
    if (!token.buckets.graphql.spend(points)) return false
    this.ledger.points += points
    return true
  }

  repositoryOf(variables) {
    const name = variables.owner ? `${variables.owner}/${variables.name}` : /repo:(\S+)/.exec(variables.q ?? '')?.[1]
    return name ? this.store.named(name) ?? this.store.formerly(name) : null
  }

  tooHeavy(variables, pageSize) { return pageSize > 50 && Boolean(this.repositoryOf(variables)?.heavy) }

  /// Somebody comments on pull requests while a client reads the list.
  touchSome(variables) {
    const repository = this.repositoryOf(variables)
    const pulls = repository && this.store.pulls(repository)
    for (let i = 0; pulls?.size > 0 && i < 3; i += 1)
      pulls.touch(this.random.pick(pulls.at.number), this.clock.seconds)
  }

  async rest(request, url, token) {
    const fault = this.fault('rest', `${request.method} ${url.pathname}`)
    if (fault && !fault.spoil) return fault
    const bucket = this.bucketOf(url.pathname)
    const spent = token?.buckets[bucket]
    if (spent && url.pathname !== '/rate_limit' && !spent.spend(1)) {
      this.ledger.overBudget += 1
      return { ...fail(403, 'API rate limit exceeded for user ID 1. If you reach out to GitHub Support for help, please include the request ID.'), resource: bucket, remaining: 0 }
    }
    const reply = await answer(this, {
      method: request.method, path: url.pathname, search: url.search, query: url.searchParams, headers: request.headers, token,
      api: this.options.api ?? `http://${request.headers.host}`, canonical: url.pathname,
    })
    // What did not change is free.
    if (reply.status === 304) {
      this.ledger.notModified += 1
      if (spent) spent.used -= 1
    }
    if (this.drop && reply.status === 200) {
      reply.body = JSON.parse(JSON.stringify(reply.body, (key, x) => (key === this.drop ? undefined : x)))
      this.drop = null
    }
    return { resource: bucket, seconds: restSeconds, ...reply, spoil: fault?.spoil }
  }

  bucketOf(path) {
    if (path === '/search/code') return 'code_search'
    return path.startsWith('/search/') ? 'search' : 'core'
  }

  send(response, token, type, begin, reply) {
    this.clock.reach(begin, reply.seconds ?? (type === 'graphql' ? 0.25 : restSeconds))
    if (type === 'graphql' && token) token.took(begin, this.clock.now)
    // One second of grace: what was named is in whole seconds.
    if (token && reply.wait) token.away[type] = this.clock.seconds + reply.wait - 1
    if (reply.spoil === 'closed') {
      response.socket.destroy()
      return
    }
    const bytes = Buffer.isBuffer(reply.body) || typeof reply.body === 'string' ? Buffer.from(reply.body) : Buffer.from(JSON.stringify(reply.body))
    const resource = reply.resource ?? (type === 'graphql' ? 'graphql' : 'core')
    const rates = token ? headers(token.buckets[resource], resource) : {}
    if (reply.remaining !== undefined) rates['x-ratelimit-remaining'] = String(reply.remaining)
    this.serial += 1
    const head = {
      ...(reply.status === 304 ? {} : json), ...rates, ...reply.headers, date: this.clock.http(), 'x-github-request-id': `SIM0:${this.serial.toString(16).toUpperCase().padStart(4, '0')}:0:0:0`,
      'x-sim-now-ns': String(this.clock.now), 'x-github-media-type': 'github.v3; format=json', ...(reply.status === 304 ? {} : { 'content-length': bytes.length }),
    }
    response.writeHead(reply.status, head)
    if (reply.spoil === 'cut') response.write(bytes.subarray(0, bytes.length >> 1), () => response.socket.destroy())
    else if (reply.status === 304) response.end()
    else response.end(bytes)
  }
}
