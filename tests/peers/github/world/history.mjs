// Writes the history of one repository, in the order of its merges, and the
// truth about its pull requests once git has named the commits.

import { changes } from './changes.mjs'
import { facts, kindOf, showcase } from './facts.mjs'
import { Import } from './import.mjs'
import { iso, timeline } from './plan.mjs'
import { Random } from './random.mjs'
import { Branch, lines } from './tree.mjs'
import { person } from './words.mjs'

const scratch = 'refs/scratch/head'

function suite(repository) {
  const names = { version: 1, project: repository.name, repo: '.', branches: [repository.default_branch] }
  const pad = ' '.repeat(repository.id % 37)
  const text = `${JSON.stringify({ ...names, environment_type: 'virtualenv', benchmark_dir: 'benchmarks' }, null, 4)}${pad}\n`
  return repository.id % 3 === 0 ? `// The benchmarks of this project.\n${text}` : text
}

/// The first commit: a Python project of about 40 files.
function layout(random, out, branch, repository) {
  const commands = []
  const put = (path, text, kept = null) => {
    const mark = out.blob(text)
    commands.push(`M 100644 :${mark} ${path}\n`)
    branch.files.set(path, { mark, lines: kept, mode: '100644', last: 0 })
  }
  const write = (path) => {
    const text = lines(out, random.int(8, 30))
    put(path, `${text.join('\n')}\n`, text)
  }
  put('pyproject.toml', `[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n\n[project]\n`
    + `name = "${repository.name}"\nversion = "1.0"\nrequires-python = "${repository.requires_python}"\n`)
  for (const path of ['README.md', 'CHANGELOG.md', '.github/workflows/ci.yml', 'docs/conf.py', 'docs/index.rst', 'docs/api.rst'])
    write(path)
  for (const folder of ['src/core', 'src/io', 'tests'])
    for (let i = 0; i < 9; i += 1) write(`${folder}/${folder === 'tests' ? 'test_' : ''}${'abcdefghi'[i]}.py`)
  write('src/core/_fast.pyx')
  if (repository.suite) {
    const text = suite(repository)
    repository.suite_bytes = Buffer.byteLength(text)
    put(repository.suite, text)
    const folder = repository.suite.includes('/') ? 'tools/benchmarks' : 'benchmarks'
    for (const name of ['bench_core', 'bench_io']) {
      const text = `class Suite:\n    def time_${name}(self):\n        pass\n`
      put(`${folder}/${name}.py`, text)
    }
  }
  return commands
}

/// Where the branch left its base: no file it changes was changed since.
function baseOf(random, branch, ops) {
  const oldest = ops.reduce((a, op) => Math.max(a, op.last), Math.max(0, branch.at - 15))
  return random.chance(0.3) ? branch.at : random.int(oldest, branch.at)
}

function split(random, ops, wanted) {
  const parts = Array.from({ length: Math.max(1, Math.min(wanted, ops.length)) }, () => [])
  ops.forEach((op, i) => parts[i % parts.length].push(op.command))
  return parts
}

/// Puts one pull request on its branch; marks go to x.truth until git names them.
function land(random, out, branch, x, ops, row, special) {
  const { kind } = x.truth
  const at = row.merged
  const who = x.author?.login
  const base = baseOf(random, branch, ops)
  const parts = split(random, ops, kind === 'rebase' ? random.int(2, 5) : random.int(1, 3))
  const subject = x.title.split('\n')[0]
  const step = (i) => (parts.length === 1 ? subject : `${subject}, part ${i + 1}`)
  const raw = special.raw ?? false
  let head = branch.tips[base]
  parts.forEach((commands, i) => {
    head = out.commit({ ref: scratch, who, at: Math.max(row.created, at - 60), message: step(i), raw, from: head, commands })
  })
  const marks = { head, base: branch.tips[random.int(base, branch.at)], fork: branch.tips[base], tip: branch.tip }
  if (kind === 'no_commit') return { ...marks, before: marks.fork, after: head, merge: null }
  // A forked branch has no ref of its own yet, so its first commit says where it begins.
  const from = branch.written ? undefined : branch.tip
  branch.written = true
  const commit = (x) => {
    const mark = out.commit({ ref: branch.ref, who, at, raw, ...x })
    branch.tips.push(mark)
    return mark
  }
  const all = ops.map((op) => op.command)
  let merge
  if (kind === 'merge') {
    marks.message = `Merge pull request #${x.number} from ${who ?? 'ghost'}/${x.headRefName}\n\n${x.title}`
    merge = commit({ message: marks.message, from, merge: head, commands: all })
    marks.parents = [marks.tip, head]
  } else if (kind === 'rebase') {
    parts.forEach((commands, i) => {
      marks.parents = [branch.tip]
      marks.message = step(i)
      merge = commit({ message: marks.message, from: i === 0 ? from : undefined, commands })
    })
  } else {
    marks.message = `${x.title} (#${x.number})${x.body ? `\n\n${x.body.slice(0, 400)}` : ''}`
    merge = commit({ message: marks.message, from, commands: all })
    marks.parents = [marks.tip]
  }
  for (const op of ops) op.apply(branch.at)
  return { ...marks, before: marks.tip, after: merge, merge }
}

const byPath = (a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0)

/// GitHub's fields that git knows, from marks.
function name(out, x, marks, ops, branch) {
  x.baseRefName = branch.name
  x.baseRefOid = out.sha(marks.base)
  x.headRefOid = out.sha(marks.head)
  x.files = ops.sort(byPath)
  x.changedFiles = ops.length
  x.additions = ops.reduce((sum, f) => sum + f[1], 0)
  x.deletions = ops.reduce((sum, f) => sum + f[2], 0)
  x.mergeCommit = marks.merge === null ? null : {
    oid: out.sha(marks.merge), committedDate: x.mergedAt, message: marks.message, parents: marks.parents.map((p) => out.sha(p)),
  }
  Object.assign(x.truth, { before: out.sha(marks.before), after: out.sha(marks.after), mergeBase: out.sha(marks.fork) })
}

/// Where else than the default branch it may have been merged.
function other(random, branches, main) {
  const names = ['maintenance/1.x', '1.2.x', 'feature/new-engine']
  const wanted = random.pick(names)
  let found = branches.find((b) => b.name === wanted)
  if (!found) branches.push(found = main.fork(wanted))
  return found
}

/// Makes the repository and returns its pull requests by number.
export async function write(repository, count, recent, options) {
  const random = new Random(options.seed, repository.id)
  repository.merge_style = random.chance(0.7) ? 'squash' : 'merge'
  const out = new Import(`${options.out}/git/${repository.owner}/${repository.name}.git`, repository.default_branch)
  const main = new Branch(repository.default_branch, `refs/heads/${repository.default_branch}`)
  const start = options.from - 86400 * 30
  const first = { ref: main.ref, who: 'founder', at: start, message: 'First commit', commands: layout(random, out, main, repository) }
  main.tips.push(out.commit(first))
  main.written = true
  const branches = [main]
  const done = []
  const rows = timeline(random, count, recent, options)
  for (const [i, row] of rows.entries()) {
    const special = (count >= 40 && showcase[i]) || {}
    const wanted = { ...special, kind: special.kind ?? kindOf(random, repository) }
    if (options.huge && repository.id === options.hugeIn && i === rows.length - 2) wanted.huge = true
    if (options.thousands && repository.id === options.hugeIn && i === rows.length - 3) wanted.many = 3000
    const x = facts(random, repository, row, special)
    x.truth.kind = wanted.kind
    const branch = wanted.kind === 'other_branch' ? other(random, branches, main) : main
    const ops = changes(random, out, branch, x, wanted)
    done.push([x, land(random, out, branch, x, ops, row, special), ops.map((op) => op.file), branch])
    if (random.chance(0.03)) { // somebody pushes without a pull request
      main.tips.push(out.commit({ ref: main.ref, who: person(random), at: row.merged, message: 'Fix the build', commands: [] }))
    }
    await out.flush()
  }
  const refs = branches.filter((b) => b.written).map((b) => [b.ref, b.tip])
  for (const [x, marks] of done) refs.push([`refs/pull/${x.number}/head`, marks.head])
  await out.finish(refs)
  for (const [x, marks, files, branch] of done) name(out, x, marks, files, branch)
  repository.head = out.sha(main.tip)
  repository.pull_requests = done.length
  repository.pushed_at = iso(rows.at(-1)?.merged ?? start)
  return done.map(([x]) => x)
}
