// Titles, bodies and names. The words of `speed` are in every title rule's
// positive list, those of `chores` in its negative one, those of `plain` in none.

const things = [
  'groupby', 'the sparse solver', 'interpolation', 'the index', 'datetime parsing', 'read_table',
  'quantile', 'the tokenizer', 'rolling windows', 'the event loop', 'graph traversal', 'convolve',
  'the CSV reader', 'nearest neighbours', 'the parser', 'histogram', 'unit conversion', 'reindex',
  'categorical columns', 'the scheduler', 'mesh refinement', 'label lookup', 'resampling', 'merge_asof',
  'the HTTP adapter', 'masked arrays', 'the plotting backend', 'geometry unions', 'FFT', 'the lexer',
]
const cases = [
  'for empty input', 'with NaN', 'on Windows', 'when the axis is negative', 'with duplicate keys',
  'for read-only arrays', 'in nested models', 'with timezone-aware values', 'for 0-d arrays', '',
  'after an exception', 'when strict=True', 'for unsigned integers', 'with mixed dtypes', '', '',
]
const plain = [
  'Fix wrong result of {t} {c}', 'Add {t} keyword {c}', 'Handle {t} {c}', 'Support {t} {c}', 'BUG: {t} {c}',
  'Allow subclassing {t}', 'Raise a clear error from {t} {c}', 'Refactor {t}', 'ENH: extend {t} {c}',
  'Return a copy from {t} {c}', 'Respect dtype in {t} {c}', 'Remove dead code in {t}', 'Rename helper of {t}',
  'Make {t} thread safe', 'Preserve order in {t} {c}', 'Test {t} {c}', 'Avoid a loop in {t}', 'Fix #{n}: {t} {c}',
  'Expose {t} to plugins', 'Fix crash in {t} {c}', 'Use hash table in {t}', 'Simplify {t}', 'Vendor helper for {t}',
]
const speed = [
  'Speed up {t} {c}', 'PERF: faster {t} {c}', 'Reduce memory use of {t}', 'Cache {t}', 'Vectorize {t} {c}',
  'Fix performance regression in {t}', 'Parallelize {t}', 'perf: avoid allocations in {t}', 'Optimize {t} {c}',
  'Lazy import in {t}', 'Inline hot path of {t}', 'Batch writes of {t}', '⚡ {t}: 3x throughput', 'Faster docs of {t}',
]
const chores = [
  'Bump actions/checkout from {n} to {m}', 'docs: explain {t}', 'Fix typo in {t}', 'Release {m}.{n}.0', 'DOC: docstring of {t}',
  'CI: drop Python 3.{n}', 'Deprecate {t} {c}', 'lint {t}', 'Update changelog', '[pre-commit.ci] pre-commit autoupdate',
  'Add type hints to {t}', 'Revert "Handle {t}"', 'Prepare release {m}.{n}', 'README: badge', 'Packaging: wheels for {t}',
  'Update documentation of {t}', 'formatting of {t}', 'Backport: {t} {c}', 'Bump version to {m}.{n}.1', 'fix typos',
]
const strange = [
  'Überarbeitung von {t} – größer', '修复 {t} 的错误', 'Corrige {t} (à nouveau) ✨', '🐛 {t} {c}', 'Исправить {t}', '\u202eRTL {t}',
]
const sentences = [
  'This came up while reading a large table.', 'The old code copied the array twice.', 'I added a test that fails without the change.',
  'See the discussion in the linked issue.', 'No user visible change is intended.', 'cc @maintainer for a second look.',
  'The new branch is only taken for contiguous input.', 'Happy to split this up.', 'Closes the last item of the tracking list.',
  'I measured it on my laptop and the difference is visible.', 'Naïve Ansätze – wie früher – bleiben möglich.', '```python\nx = f(a, b)\n```',
  '- [x] tests added\n- [ ] entry in the notes', '| before | after |\n| --- | --- |\n| 12.1 ms | 3.4 ms |', '<!-- please describe the change -->',
  'Traceback (most recent call last):\n  File "a.py", line 3, in <module>\nValueError: bad input', '性能没有变化。', '🎉🎉',
  'The behaviour is now the same for all backends.', 'It replaces the loop over rows by one call.',
]
const syllables = ['la', 'tis', 'gra', 'no', 'vec', 'tor', 'mi', 'ra', 'so', 'lin', 'pan', 'dex', 'qua', 'ter', 'zen', 'ko', 'bra', 'ne']
const people = ['ada', 'grace', 'linus', 'mary', 'noor', 'wei', 'olu', 'ivan', 'sofia', 'jürgen', 'chen', 'amara', 'tove', 'raj', 'kim', 'lena']
const bots = ['dependabot', 'pre-commit-ci', 'github-actions', 'meeseeksmachine', 'renovate']
const labels = ['bug', 'enhancement', 'Performance', 'docs', 'CI', 'backport', 'area: io', 'needs review', 'good first issue', 'type: “quoted”', '🚀 speed', 'stale']

function fill(random, text) {
  return text.replace('{t}', random.pick(things)).replace('{c}', random.pick(cases))
    .replace('{n}', String(random.int(1, 12))).replace('{m}', String(random.int(1, 9)))
    .trimEnd()
}

/// {title, kind}: 9 % speed, 40 % chore, the rest plain.
export function title(random) {
  const kind = random.weighted({ speed: 9, chore: 40, plain: 50, strange: 1 })
  const list = { speed, chore: chores, plain, strange }[kind]
  return { title: fill(random, random.pick(list)), kind }
}

export function body(random, closes) {
  const shape = random.next()
  if (shape < 0.18 && closes.length === 0) return ''
  if (shape < 0.20) return random.pick(['null', 'None', ' ', '\r\n', '<!-- -->', 'N/A'])
  const parts = closes.map((n) => `${random.pick(['Fixes', 'Closes', 'resolves'])} #${n}`)
  const wanted = Math.min(3000, random.exponential(420))
  for (let size = 0; size < wanted; size += parts.at(-1).length + 2) parts.push(random.pick(sentences))
  return parts.join(random.chance(0.3) ? '\r\n\r\n' : '\n\n').slice(0, 3000)
}

export const sentence = (random) => random.pick(sentences)
export const label = (random) => random.pick(labels)
export const word = (random, n) => Array.from({ length: n }, () => random.pick(syllables)).join('')
export const person = (random) => `${random.pick(people).replace('ü', 'ue')}-${random.int(1, 400)}`

/// Who wrote it; null for a deleted account.
export function author(random, kind) {
  if (random.chance(0.005)) return null
  if (kind === 'chore' ? random.chance(0.3) : random.chance(0.01))
    return { __typename: 'Bot', login: random.pick(bots) }
  if (random.chance(0.002)) return { __typename: 'Mannequin', login: `imported-${random.int(1, 99)}` }
  return { __typename: 'User', login: person(random) }
}
