// Seeded random numbers (sfc32), the same on every machine.

function hash(text) {
  let h = 2166136261
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 16777619)
  return h >>> 0
}

export class Random {
  constructor(...seed) {
    const text = seed.join('/')
    this.a = hash(text)
    this.b = hash(`b${text}`)
    this.c = hash(`c${text}`)
    this.d = 1
    for (let i = 0; i < 12; i += 1) this.next()
  }

  next() {
    const t = (((this.a + this.b) | 0) + this.d) | 0
    this.d = (this.d + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = (this.c << 21) | (this.c >>> 11)
    this.c = (this.c + t) | 0
    return (t >>> 0) / 4294967296
  }

  /// A whole number in [low, high].
  int(low, high) { return low + Math.floor(this.next() * (high - low + 1)) }
  chance(p) { return this.next() < p }
  pick(list) { return list[Math.floor(this.next() * list.length)] }

  /// Positive, mean `mean`, long tail.
  exponential(mean) { return -Math.log(1 - this.next()) * mean }

  /// The key of {key: weight} that is drawn.
  weighted(weights) {
    let left = this.next() * Object.values(weights).reduce((a, b) => a + b, 0)
    for (const [key, weight] of Object.entries(weights)) {
      left -= weight
      if (left < 0) return key
    }
    return Object.keys(weights)[0]
  }
}
