// The REST calls that are used. A reply is {status, body, headers, resource};
// a body that is no Buffer is sent as JSON.

import { createHash } from 'node:crypto'
import { code, file, found, full, pullRequest, user } from './cards.mjs'
import { parts, whole } from './diffs.mjs'
import { token as installation, verify } from './app.mjs'
import { headers } from './limits.mjs'

const docs = 'https://docs.github.com/rest'
export const fail = (status, message, extra = {}) => ({ status, body: { message, documentation_url: docs, status: String(status), ...extra } })
const missing = () => fail(404, 'Not Found')

/// A window of a list and its Link header, with absolute addresses.
function paged(request, all, most = Infinity) {
  const size = Math.min(100, Number(request.query.get('per_page') ?? 30))
  const page = Number(request.query.get('page') ?? 1)
  const last = Math.max(1, Math.ceil(Math.min(all.length, most) / size))
  const links = []
  const link = (n, rel) => {
    const url = new URL(request.api + request.canonical)
    for (const [key, value] of request.query) url.searchParams.set(key, value)
    url.searchParams.set('page', String(n))
    links.push(`<${url}>; rel="${rel}"`)
  }
  if (page > 1) link(page - 1, 'prev')
  if (page < last) link(page + 1, 'next')
  if (page < last) link(last, 'last')
  if (page > 1) link(1, 'first')
  const rows = all.slice((page - 1) * size, Math.min(page * size, most))
  return { rows, beyond: (page - 1) * size >= most, headers: links.length ? { link: links.join(', ') } : {} }
}

async function pull(sim, request, repository, number) {
  const row = sim.store.pulls(repository).find(number)
  if (!row) return missing()
  if (!/application\/vnd\.github(\.v3)?\.diff/.test(request.headers.accept ?? '')) return { status: 200, body: pullRequest(request.api, repository, row) }
  const large = (message) => fail(406, message, { errors: [{ resource: 'PullRequest', field: 'diff', code: 'too_large' }] })
  if (row.changedFiles > 300)
    return large("Sorry, the diff exceeded the maximum number of files (300). Consider using 'List pull requests files' API or locally cloning the repository instead.")
  if (row.additions + row.deletions > 20_000)
    return large('Sorry, the diff exceeded the maximum number of lines (20000)')
  return { status: 200, body: await whole(sim.store.git(repository), row), headers: { 'content-type': 'application/vnd.github.diff; charset=utf-8' } }
}

async function files(sim, request, repository, number) {
  const row = sim.store.pulls(repository).find(number)
  if (!row) return missing()
  const page = paged(request, row.files, 3000)
  const huge = row.additions + row.deletions > 1_000_000
  const diffs = huge ? new Map() : await parts(sim.store.git(repository), row)
  const none = { blob: '0'.repeat(40) }
  return { status: 200, headers: page.headers, body: page.rows.map((x) => file(request.api, repository, row, x, diffs.get(x[0]) ?? none)) }
}

function qualifiers(text) {
  const all = {}
  for (const part of (text ?? '').split(/\s+/).filter(Boolean)) {
    const colon = part.indexOf(':')
    all[colon < 0 ? 'text' : part.slice(0, colon)] = part.slice(colon + 1)
  }
  return all
}

/// "A..B", ">=A", "<B", "N": does x lie in it?
export function within(text, x) {
  if (text === undefined) return true
  const [a, b] = text.split('..')
  if (b !== undefined) return (a === '*' || x >= Number(a)) && (b === '*' || x <= Number(b))
  const [, sign, n] = /^(>=|<=|>|<)?(\d+)$/.exec(text) ?? []
  if (n === undefined) return false
  const against = { '>=': x >= n, '<=': x <= n, '>': x > n, '<': x < n }
  return sign ? against[sign] : x === Number(n)
}

function searched(sim, request, rows, make, incomplete) {
  if (!request.query.get('q')) return fail(422, 'Validation Failed', { errors: [{ resource: 'Search', field: 'q', code: 'missing' }] })
  const page = paged(request, rows, 1000)
  if (page.beyond) return fail(422, 'Only the first 1000 search results are available')
  return { status: 200, headers: page.headers, body: { total_count: rows.length, incomplete_results: incomplete, items: page.rows.map((x) => make(request.api, x)) } }
}

function codeSearch(sim, request) {
  const q = qualifiers(request.query.get('q'))
  const rows = sim.store.repositories.filter((x) => sim.store.visible(x) && !x.fork && x.suite && (q.filename ?? 'asv.conf.json') === x.suite.split('/').at(-1)
    && within(q.size, x.suite_bytes) && (!q.repo || q.repo.toLowerCase() === `${x.owner}/${x.name}`.toLowerCase()))
  // Now and then GitHub gives up early and says so.
  const incomplete = sim.options.faults === 'observed' && sim.random.chance(0.1)
  return { resource: 'code_search', ...searched(sim, request, incomplete ? rows.slice(0, rows.length >> 1) : rows, code, incomplete) }
}

function repositorySearch(sim, request) {
  const q = qualifiers(request.query.get('q'))
  const flag = (text, x) => text === undefined || text === 'only' || text === String(x)
  const rows = sim.store.repositories.filter((x) => sim.store.visible(x) && within(q.stars, x.stars) && flag(q.fork ?? 'false', x.fork)
    && flag(q.archived, x.archived) && (!q.language || q.language.toLowerCase() === x.language.toLowerCase()))
  return { resource: 'search', ...searched(sim, request, rows, found, false) }
}

function rates(sim, request) {
  const one = (name) => {
    const x = headers(request.token.buckets[name], name)
    return { limit: Number(x['x-ratelimit-limit']), used: Number(x['x-ratelimit-used']), remaining: Number(x['x-ratelimit-remaining']), reset: Number(x['x-ratelimit-reset']) }
  }
  const resources = Object.fromEntries(['core', 'search', 'code_search', 'graphql'].map((name) => [name, one(name)]))
  return { status: 200, free: true, body: { resources, rate: resources.core } }
}

function accessToken(sim, request, id) {
  const jwt = (request.headers.authorization ?? '').replace(/^Bearer /i, '')
  const wrong = sim.options.appKey ? verify(jwt, sim.options.appKey, sim.clock.seconds) : 'no App is known here'
  if (wrong) return fail(401, wrong)
  const fresh = installation(id)
  sim.limits.add(fresh, `app-${id}[bot]`)
  sim.expire(fresh, sim.clock.seconds + 3600)
  return { status: 201, free: true, body: { token: fresh, expires_at: sim.clock.iso(sim.clock.seconds + 3600), permissions: { metadata: 'read', contents: 'read' }, repository_selection: 'all' } }
}

/// The repository of a path, or a reply that ends the matter.
function located(sim, request) {
  const [, kind, ...rest] = request.path.split('/').map((x) => decodeURIComponent(x))
  if (kind === 'repositories' && /^\d+$/.test(rest[0] ?? '')) return { repository: sim.store.numbered(Number(rest[0])), tail: rest.slice(1) }
  if (kind !== 'repos' || rest.length < 2) return {}
  const name = `${rest[0]}/${rest[1]}`
  const repository = sim.store.named(name)
  const now = repository ? null : sim.store.formerly(name)
  if (!now) return { repository, tail: rest.slice(2) }
  const url = [`${request.api}/repositories/${now.id}`, ...rest.slice(2)].join('/') + request.search
  return { moved: { status: 301, headers: { location: url }, body: { message: 'Moved Permanently', url, documentation_url: docs } } }
}

async function route(sim, request) {
  const { method, path } = request
  if (method === 'POST') {
    const id = /^\/app\/installations\/(\d+)\/access_tokens$/.exec(path)?.[1]
    return id ? accessToken(sim, request, id) : missing()
  }
  if (method !== 'GET') return missing()
  if (path === '/rate_limit') return rates(sim, request)
  if (path === '/user') {
    const { login } = request.token
    return { status: 200, body: { ...user(request.api, login), name: null, company: null, blog: '', location: null, email: null, hireable: null, bio: null, public_repos: 0, public_gists: 0, followers: 0, following: 0, created_at: '2020-01-01T00:00:00Z', updated_at: '2020-01-01T00:00:00Z' } }
  }
  if (path === '/search/code') return codeSearch(sim, request)
  if (path === '/search/repositories') return repositorySearch(sim, request)
  const { repository, tail, moved } = located(sim, request)
  if (moved) return moved
  if (!repository) return missing()
  request.canonical = ['/repositories', repository.id, ...tail].join('/')
  if (tail.length === 0) return { status: 200, body: full(request.api, repository) }
  if (tail[0] !== 'pulls' || !/^\d+$/.test(tail[1] ?? '')) return missing()
  if (tail.length === 2) return pull(sim, request, repository, Number(tail[1]))
  return tail.length === 3 && tail[2] === 'files' ? files(sim, request, repository, Number(tail[1])) : missing()
}

/// Answers; an etag that still holds makes a 304, which is free. GitHub gives a
/// weak tag and returns the strong one, so clients must compare weakly.
export async function answer(sim, request) {
  const reply = await route(sim, request)
  if (reply.status !== 200) return reply
  const bytes = Buffer.isBuffer(reply.body) ? reply.body : JSON.stringify(reply.body)
  const tag = `"${createHash('sha256').update(bytes).digest('hex')}"`
  const held = (request.headers['if-none-match'] ?? '').replace(/^W\//, '')
  if (held === tag) return { ...reply, status: 304, body: '', headers: { ...reply.headers, etag: tag }, free: true }
  return { ...reply, headers: { ...reply.headers, etag: `W/${tag}` } }
}
