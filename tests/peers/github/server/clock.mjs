// The server's time, in nanoseconds. It does not tick: requests and clients
// that wait move it on.

export class Clock {
  constructor(text) {
    this.now = BigInt(Date.parse(text)) * 1_000_000n
    this.start = this.now
  }

  get ms() { return Number(this.now / 1_000_000n) }
  get seconds() { return Math.floor(this.ms / 1000) }
  /// Seconds since the start, with a fraction.
  get elapsed() { return Number(this.now - this.start) / 1e9 }

  advance(ns) { this.now += BigInt(ns) }
  /// A request that began at `begin` and took `seconds` has ended.
  reach(begin, seconds) {
    const end = begin + BigInt(Math.round(seconds * 1e9))
    if (end > this.now) this.now = end
  }

  iso(seconds = this.seconds) { return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z') }
  http(seconds = this.seconds) { return new Date(seconds * 1000).toUTCString() }
}
