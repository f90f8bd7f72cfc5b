// GitHub's search for merged pull requests. One text never gives more than
// 1,000 results, and does not say so: the count is that of all.

const cap = 1000

/// "A..B", ">=A", "A..*", a day or a time: [first, last] in seconds, both in.
export function range(text) {
  const bound = (x, end) => {
    if (x === '*' || x === '') return end ? Infinity : -Infinity
    const day = /^\d{4}-\d\d-\d\d$/.test(x)
    const ms = Date.parse(day ? `${x}T00:00:00Z` : x)
    if (Number.isNaN(ms)) throw new Error(`search: not a time: ${x}`)
    return ms / 1000 + (day && end ? 86399 : 0)
  }
  if (text.includes('..')) {
    const [a, b] = text.split('..')
    return [bound(a, false), bound(b, true)]
  }
  if (text.startsWith('>=')) return [bound(text.slice(2), false), Infinity]
  if (text.startsWith('<=')) return [-Infinity, bound(text.slice(2), true)]
  if (text.startsWith('>')) return [bound(text.slice(1), true) + 1, Infinity]
  if (text.startsWith('<')) return [-Infinity, bound(text.slice(1), false) - 1]
  return [bound(text, false), bound(text, true)]
}

/// Qualifiers of a text. Only the ones here are known: others are refused, so
/// that a client's slip of the pen is seen.
export function parse(text) {
  const query = { repo: null, merged: [-Infinity, Infinity], sort: null, pr: false, isMerged: false }
  for (const part of text.trim().split(/\s+/).filter(Boolean)) {
    const colon = part.indexOf(':')
    const [key, value] = [part.slice(0, colon), part.slice(colon + 1)]
    if (key === 'repo') query.repo = value
    else if (key === 'is' && value === 'pr') query.pr = true
    else if (key === 'is' && value === 'merged') query.isMerged = true
    else if (key === 'merged') query.merged = range(value)
    else if (key === 'sort' && /^(created|updated)-(asc|desc)$/.test(value)) query.sort = value.split('-')
    else throw new Error(`search: this GitHub does not know "${part}"`)
  }
  if (!query.repo || !query.pr || !query.isMerged) throw new Error('search: this GitHub wants repo:, is:pr and is:merged')
  return query
}

/// {count, rows(from, n)}: n positions from the from-th on.
export function find(store, text) {
  const query = parse(text)
  // An old name finds nothing, and is no error.
  const repository = store.named(query.repo)
  if (!repository) return { count: 0, pulls: null, reachable: 0, rows: () => [] }
  const pulls = store.pulls(repository)
  const [first, last] = query.merged
  const [low, high] = [pulls.before('merged', first), pulls.before('merged', last + 1)]
  const count = high - low
  const rows = (from, n) => {
    const found = pulls.order('merged').slice(low, high)
    const [field, way] = query.sort ?? ['updated', 'desc']
    const key = pulls.at[field]
    found.sort((a, b) => key[a] - key[b] || pulls.at.number[a] - pulls.at.number[b])
    if (way === 'desc') found.reverse()
    return [...found.slice(from, Math.min(from + n, cap))]
  }
  return { count, pulls, reachable: Math.min(count, cap), rows, repository }
}
