// What a pull request does to files: operations that know their fast-import
// command, what GitHub says of them, and how they change the branch.

import { edit, lines, quoted } from './tree.mjs'

const source = (path) => path.startsWith('src/') || path.startsWith('tests/')
const chore = (path) => !path.startsWith('src/')

/// One changed file. `file` is [path, additions, deletions, changeType, previous?].
function put(out, branch, path, text, file, extra = {}) {
  const mark = out.blob(text)
  const mode = extra.mode ?? '100644'
  return {
    command: `${extra.first ?? ''}M ${mode} :${mark} ${quoted(path)}\n`, file, last: extra.last ?? 0,
    apply(at) { branch.files.set(path, { mark, lines: extra.lines ?? null, mode, last: at }) },
  }
}

function modify(random, out, branch, path) {
  const old = branch.files.get(path)
  const now = edit(random, out, old.lines)
  return put(out, branch, path, `${now.lines.join('\n')}\n`, [path, now.additions, now.deletions, 'MODIFIED'],
    { lines: now.lines, last: old.last, mode: old.mode })
}

function add(random, out, branch, path) {
  const fresh = lines(out, random.int(4, 24))
  return put(out, branch, path, `${fresh.join('\n')}\n`, [path, fresh.length, 0, 'ADDED'], { lines: fresh })
}

function remove(branch, path) {
  const old = branch.files.get(path)
  return {
    command: `D ${quoted(path)}\n`, file: [path, 0, old.lines.length, 'DELETED'], last: old.last,
    apply() { branch.files.delete(path) },
  }
}

function rename(branch, path, to) {
  const old = branch.files.get(path)
  return {
    command: `D ${quoted(path)}\nM ${old.mode ?? '100644'} :${old.mark} ${quoted(to)}\n`,
    file: [to, 0, 0, 'RENAMED', path], last: old.last,
    apply(at) {
      branch.files.delete(path)
      branch.files.set(to, { ...old, last: at })
    },
  }
}

function executable(branch, path) {
  const old = branch.files.get(path)
  const mode = old.mode === '100755' ? '100644' : '100755'
  return {
    command: `M ${mode} :${old.mark} ${quoted(path)}\n`, file: [path, 0, 0, 'CHANGED'], last: old.last,
    apply(at) { branch.files.set(path, { ...old, mode, last: at }) },
  }
}

const strangePaths = (n) => [
  `docs/größe ${n}.rst`, `docs/a "quoted" ${n}.rst`, `docs/two\nlines ${n}.rst`, `docs/🚀/${n}.rst`, `docs/back\\slash ${n}.rst`,
]

/// A pull request of paths that are hard to read, or of one special kind.
function special(random, out, branch, how, number) {
  const pick = () => random.pick(branch.texts(source))
  if (how === 'strange') return strangePaths(number).map((path) => add(random, out, branch, path))
  if (how === 'invalid') return [add(random, out, branch, `docs/caf\ufffd ${number}.rst`)]
  if (how === 'mode') return [executable(branch, pick())]
  if (how === 'binary') {
    const path = `docs/image_${number}.png`
    return [put(out, branch, path, `\u0000PNG${number}\u0000`, [path, 0, 0, 'ADDED'])]
  }
  const path = pick()
  return [rename(branch, path, path.replace(/(_r\d+)?\.py$/, `_r${number}.py`))]
}

/// Hundreds or thousands of tiny files: made, then changed, then removed.
function mass(random, out, branch, count, number) {
  const old = branch.mass
  const file = (path, ...rest) => [path, ...rest]
  if (!old || old.paths.length < count) {
    const rows = random.int(0, 1)
    const mark = out.blob(rows === 0 ? '' : `row ${number}\n`)
    const paths = Array.from({ length: count }, (_, i) => `data/set_${number}/f${String(i).padStart(4, '0')}.txt`)
    return paths.map((path, i) => ({
      command: `M 100644 :${mark} ${path}\n`, file: file(path, rows, 0, 'ADDED'), last: 0,
      apply(at) { if (i === 0) branch.mass = { paths, rows, last: at } },
    }))
  }
  if (random.chance(0.5)) {
    const mark = out.blob(`row ${number}\n`)
    return old.paths.slice(0, count).map((path, i) => ({
      command: `M 100644 :${mark} ${path}\n`, file: file(path, 1, old.rows, 'MODIFIED'), last: old.last,
      // Those behind `count` keep the older text and are forgotten.
      apply(at) { if (i === 0) branch.mass = { paths: old.paths.slice(0, count), rows: 1, last: at } },
    }))
  }
  return old.paths.slice(0, count).map((path, i) => ({
    command: `D ${path}\n`, file: file(path, 0, old.rows, 'DELETED'), last: old.last,
    apply() { if (i === 0) branch.mass = null },
  }))
}

function huge(out, branch, number) {
  return [0, 1, 2, 3].map((part) => {
    const path = `data/huge_${number}_${part}.csv`
    const rows = Array.from({ length: 400_000 }, (_, i) =>
      `${part},${i},0.123456789,0.987654321,0.555555555,0.777777777,${i * 7}`)
    return put(out, branch, path, `${rows.join('\n')}\n`, [path, rows.length, 0, 'ADDED'])
  })
}

/// 1.1 % have more than 100 files; up to 3,000.
function howMany(random) {
  if (!random.chance(0.011)) return 0
  return random.chance(0.008) ? 3000 : Math.min(3000, 101 + Math.floor(random.exponential(90)))
}

export function changes(random, out, branch, x, wanted) {
  const { number, truth: { words } } = x
  if (wanted.huge) return huge(out, branch, number)
  if (wanted.paths) return special(random, out, branch, wanted.paths, number)
  const many = wanted.many ?? howMany(random)
  if (wanted.many === 0) return []
  if (many > 0) return mass(random, out, branch, many, number)
  const ops = new Map()
  const put = (op) => { if (!ops.has(op.file[0])) ops.set(op.file[0], op) }
  const candidates = branch.texts(words === 'chore' ? chore : source)
  const count = random.int(wanted.kind === 'rebase' ? 2 : 1, random.chance(0.2) ? 8 : 4)
  for (let i = 0; i < count; i += 1) {
    const shape = random.next()
    const path = random.pick(candidates)
    const crowded = candidates.length > 48 // small trees, however long the history
    if ((shape < 0.12 && !crowded) || !path || (ops.has(path) && ops.size < 2)) {
      const folder = words === 'chore' ? 'docs' : random.pick(['src/core', 'tests', 'src/io', 'benchmarks'])
      put(add(random, out, branch, `${folder}/m_${number}_${i}.py`))
    } else if (ops.has(path)) continue
    else if (shape < (crowded ? 0.17 : 0.13) && candidates.length > 24) put(remove(branch, path))
    else if (shape < 0.20 && path.endsWith('.py')) {
      put(rename(branch, path, path.replace(/(_r\d+)?\.py$/, `_r${number}.py`)))
      ops.set(path, { skip: true })
    } else if (shape < 0.203) put(executable(branch, path))
    else put(modify(random, out, branch, path))
  }
  return [...ops.values()].filter((op) => !op.skip)
}
