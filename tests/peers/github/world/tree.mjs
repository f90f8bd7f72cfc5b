// A branch while its history is written: what its files hold, when each was
// last changed, and the marks of its commits. Lines are unique, so that the
// counts of an edit are those of any minimal diff.

function line(out) {
  out.lines += 1
  return `    value_${out.lines.toString(36)} = table[${out.lines % 97}]`
}
export const lines = (out, n) => Array.from({ length: n }, () => line(out))

/// A path for fast-import and as bytes: U+FFFD stands for the byte E9.
export function quoted(path) {
  if (/^[\w./ -]+$/.test(path) && !path.startsWith(' ')) return path
  const text = path.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')
  return `"${text.replace(/\ufffd/g, '\\351')}"`
}

export class Branch {
  constructor(name, ref) {
    this.name = name
    this.ref = ref
    this.tips = []
    this.files = new Map()
    this.mass = null
  }

  get tip() { return this.tips[this.tips.length - 1] }
  get at() { return this.tips.length - 1 }

  /// A branch that begins here.
  fork(name) {
    const other = new Branch(name, `refs/heads/${name}`)
    other.tips = [this.tip]
    for (const [path, file] of this.files) other.files.set(path, { ...file, last: 0 })
    return other
  }

  /// Text files that an edit may touch.
  texts(filter) {
    const found = []
    for (const [path, file] of this.files)
      if (file.lines && (!filter || filter(path))) found.push(path)
    return found
  }
}

/// Replaces, adds and removes lines: {lines, additions, deletions}.
export function edit(random, out, old) {
  const next = old.slice()
  const replaced = Math.min(next.length, random.int(next.length > 60 ? 1 : 0, 3))
  const start = random.int(0, next.length - replaced)
  for (let i = 0; i < replaced; i += 1) next[start + i] = line(out)
  const added = next.length > 60 ? 0 : random.int(replaced === 0 ? 1 : 0, 6)
  next.splice(start + replaced, 0, ...lines(out, added))
  let removed = 0
  if (next.length > 45 || random.chance(0.2)) {
    const end = start + replaced + added
    removed = Math.min(random.int(1, 12), next.length - end)
    next.splice(end, removed)
  }
  return { lines: next, additions: replaced + added, deletions: replaced + removed }
}
