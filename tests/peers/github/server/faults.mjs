// The ways in which GitHub was seen to fail. Each is retriable. `observed`
// draws them at low rates; a test may ask for a single one.

import { Random } from '../world/random.mjs'

const docs = 'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api'
const secondary = JSON.stringify({
  documentation_url: `${docs}#about-secondary-rate-limits`,
  message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID 0001:0002:0003:0004:0005.',
})
const something = 'Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug. Please include `0001:0002:0003:0004:0005` when reporting this issue.'
const page = `<!DOCTYPE html>\n<html><head><title>Unicorn! &middot; GitHub</title></head><body>\n${'<p>We had issues producing the response to your request.</p>\n'.repeat(900)}`
  .padEnd(54_790, ' ').concat('</body></html>\n')

const json = { 'content-type': 'application/json; charset=utf-8' }
const html = { 'content-type': 'text/html; charset=utf-8' }
const refused = (type, extra = {}) => JSON.stringify({ errors: [{ type, message: 'API rate limit exceeded for user ID 1.', ...extra }] })
const exhausted = (clock, reset) => ({ 'x-ratelimit-remaining': '0', 'x-ratelimit-used': '5000', 'x-ratelimit-reset': String(reset ?? clock.seconds + 60) })

/// kind -> reply {status, headers, body, seconds}, or how the reply is spoilt.
/// `wait`: seconds that the client is told to stay away, in one way or another.
export const kinds = {
  secondary_seconds: () => ({ status: 403, headers: { ...json, 'retry-after': '30' }, body: secondary, wait: 30 }),
  secondary_date: (clock) => ({ status: 403, headers: { ...json, 'retry-after': clock.http(clock.seconds + 30) }, body: secondary, wait: 30 }),
  secondary_bare: () => ({ status: 403, headers: json, body: secondary, wait: 60 }),
  secondary_limited_by: () => ({ status: 403, headers: { ...json, 'gh-limited-by': 'search-elapsed-time-shared-grouped' }, body: secondary, wait: 60 }),
  too_many: () => ({ status: 429, headers: { ...json, 'retry-after': '10' }, body: secondary, wait: 10 }),
  rate_limited: (clock) => ({ status: 200, headers: { ...json, ...exhausted(clock) }, body: refused('RATE_LIMITED'), only: 'graphql', wait: 60 }),
  rate_limit: (clock) => ({
    status: 200, headers: { ...json, ...exhausted(clock) }, only: 'graphql', wait: 60,
    body: refused('RATE_LIMIT', { code: 'graphql_rate_limit' }),
  }),
  primary: (clock) => ({
    status: 403, headers: { ...json, ...exhausted(clock) }, only: 'rest', wait: 60,
    body: JSON.stringify({ message: 'API rate limit exceeded for user ID 1.', documentation_url: docs }),
  }),
  absurd_reset: (clock) => ({
    status: 403, headers: { ...json, ...exhausted(clock, 4102444800) },
    body: JSON.stringify({ message: 'API rate limit exceeded for user ID 1.', documentation_url: docs }),
  }),
  timeout: () => ({ status: 502, headers: json, body: JSON.stringify({ data: null, errors: [{ message: something }] }), seconds: 10, pays: true, only: 'graphql' }),
  bad_gateway: () => ({ status: 502, headers: json, body: JSON.stringify({ error: 'Server Error' }), seconds: 1 }),
  gateway_timeout: () => ({ status: 504, headers: json, body: JSON.stringify({ message: "We couldn't respond to your request in time. Sorry about that." }), seconds: 10, pays: true }),
  html: () => ({ status: 503, headers: html, body: page, seconds: 1 }),
  resource_limits: () => ({ spoil: 'partial', only: 'graphql' }),
  closed: () => ({ spoil: 'closed', seconds: 1 }),
  cut: () => ({ spoil: 'cut' }),
  touched: () => ({ spoil: 'touched', only: 'graphql' }),
}

const rate = 0.001
const rare = new Set(['absurd_reset'])

export class Faults {
  constructor(clock, mode, seed) {
    this.clock = clock
    this.mode = mode
    this.random = new Random(seed, 'faults')
    this.armed = []
    this.seen = new Set()
  }

  /// {kind, match, after, times}: `match` is in the path or the query's name;
  /// `after` requests that match go well first.
  arm({ kind, match = '', after = 0, times = 1 }) {
    if (!(kind in kinds)) throw new Error(`no such fault: ${kind}; one of ${Object.keys(kinds).join(', ')}`)
    this.armed.push({ kind, match, after, times })
  }

  /// What goes wrong with this request, or null. `type` is graphql or rest.
  take(type, label) {
    const fits = (kind) => (kinds[kind](this.clock).only ?? type) === type
    for (const x of this.armed) {
      if (!label.includes(x.match) || !fits(x.kind)) continue
      if (x.after > 0) {
        x.after -= 1
        continue
      }
      x.times -= 1
      this.armed = this.armed.filter((y) => y.times > 0)
      return this.make(x.kind)
    }
    if (this.mode !== 'observed') return null
    for (const kind of Object.keys(kinds)) {
      if (!this.random.chance(rare.has(kind) ? rate / 3 : rate) || !fits(kind)) continue
      if (rare.has(kind) && this.seen.has(kind)) continue
      this.seen.add(kind)
      return this.make(kind)
    }
    return null
  }

  make(kind) { return { kind, ...kinds[kind](this.clock) } }

  /// Big pages of a heavy repository never come.
  heavy() { return this.mode === 'observed' ? this.make('timeout') : null }
}

/// A reply with half of its first list taken away, as resource limits do.
export function partial(text) {
  const reply = JSON.parse(text)
  let at = null
  const walk = (x, path) => {
    if (at || x === null || typeof x !== 'object') return
    for (const [key, value] of Object.entries(x)) {
      if (key === 'nodes' && Array.isArray(value) && value.length > 0) {
        at = [...path, key]
        for (let i = value.length >> 1; i < value.length; i += 1) value[i] = null
        return
      }
      walk(value, [...path, key])
    }
  }
  walk(reply.data, [])
  if (!at) reply.data = null
  reply.errors = [...(reply.errors ?? []), { type: 'RESOURCE_LIMITS_EXCEEDED', path: at ?? undefined, message: 'Resource limits for this query exceeded.' }]
  return JSON.stringify(reply)
}
