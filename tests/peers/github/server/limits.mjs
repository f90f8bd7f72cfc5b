// What a token may still do: points by the hour, searches by the minute, and
// the rules that GitHub calls secondary. All by the server's clock.

class Bucket {
  constructor(clock, limit, seconds) {
    Object.assign(this, { clock, limit, seconds, used: 0, reset: 0 })
  }
  /// Begins a new span when the old one is over.
  look() {
    if (this.clock.seconds >= this.reset) {
      this.used = 0
      this.reset = this.clock.seconds + this.seconds
    }
    return this
  }
  get remaining() { return Math.max(0, this.look().limit - this.used) }
  /// False when `n` more are over the limit; nothing is spent then.
  spend(n) {
    if (this.look().used + n > this.limit) return false
    this.used += n
    return true
  }
}

const minute = 60_000_000_000n

class Token {
  constructor(clock, login) {
    this.login = login
    this.clock = clock
    this.inFlight = 0
    this.spans = []
    this.away = { graphql: 0, rest: 0 } // told to stay away until then
    this.buckets = {
      core: new Bucket(clock, 5000, 3600), graphql: new Bucket(clock, 5000, 3600),
      search: new Bucket(clock, 30, 60), code_search: new Bucket(clock, 10, 60),
    }
  }

  took(begin, end) { this.spans.push([begin, end]) }

  /// Seconds of modelled GraphQL response time within the last minute.
  get busy() {
    const since = this.clock.now - minute
    this.spans = this.spans.filter(([, end]) => end > since)
    const sum = this.spans.reduce((a, [begin, end]) => a + (end - (begin > since ? begin : since)), 0n)
    return Number(sum) / 1e9
  }
}

export class Limits {
  constructor(clock, tokens, maxInFlight) {
    this.clock = clock
    this.maxInFlight = maxInFlight
    this.tokens = new Map(tokens.map((x, i) => [x, new Token(clock, `tester-${i + 1}`)]))
  }

  add(token, login) { this.tokens.set(token, new Token(this.clock, login)) }
  find(token) { return this.tokens.get(token) ?? null }

  /// Whether a secondary rule refuses one more GraphQL query.
  refuses(token) { return token.inFlight > this.maxInFlight || token.busy > 60 }
}

export function headers(bucket, resource) {
  const x = bucket.look()
  return {
    'x-ratelimit-limit': String(x.limit), 'x-ratelimit-remaining': String(x.remaining), 'x-ratelimit-used': String(x.used),
    'x-ratelimit-reset': String(x.reset), 'x-ratelimit-resource': resource,
  }
}
