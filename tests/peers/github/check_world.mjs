// Compares a made world with what git itself says, in single pull requests:
//   node check_world.mjs DIR [--every K]     each K-th pull request, default 1
// Checks names and counts of changed files, commits, parents and refs. Exit 1: differs.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const [dir, , every = '1'] = process.argv.slice(2)
const world = JSON.parse(readFileSync(`${dir}/world.json`, 'utf8'))
let checked = 0
let wrong = 0
const numbers = new Map()
const letters = { A: 'ADDED', M: 'MODIFIED', D: 'DELETED', R: 'RENAMED', T: 'CHANGED' }

function complain(repository, x, what) {
  wrong += 1
  if (wrong < 20) console.error(`${repository.owner}/${repository.name}#${x.number} ${x.truth.kind}: ${what}`)
}

/// Changed files as git has them: path -> [additions, deletions, letter].
function changed(git, before, after) {
  const found = new Map()
  const raw = git('diff', '-M', '-l0', '--raw', '-z', '--abbrev=40', before, after).split('\0')
  for (let i = 0; i + 1 < raw.length;) {
    const [mode, now, a, b, status] = raw[i].slice(1).split(' ')
    const path = status[0] === 'R' ? raw[i + 2] : raw[i + 1]
    found.set(path, [a === b && mode !== now && status === 'M' ? 'CHANGED' : letters[status[0]]])
    i += status[0] === 'R' ? 3 : 2
  }
  const stat = git('diff', '-M', '-l0', '--numstat', '-z', before, after).split('\0')
  for (let i = 0; i + 1 < stat.length;) {
    const [add, del, path] = stat[i].split('\t')
    found.get(path || stat[i + 2]).push(Number(add) || 0, Number(del) || 0)
    i += path ? 1 : 3
  }
  return found
}

function check(repository, git, x) {
  const files = changed(git, x.truth.before, x.truth.after)
  if (files.size !== x.files.length || x.changedFiles !== x.files.length)
    complain(repository, x, `${x.files.length} files, git has ${files.size}`)
  for (const [path, add, del, type] of x.files) {
    const real = files.get(path)
    if (!real || real[0] !== type || real[1] !== add || real[2] !== del)
      complain(repository, x, `${JSON.stringify(path)} ${type} +${add} -${del}, git has ${real}`)
  }
  const one = (...args) => git(...args).trim()
  if (one('merge-base', x.baseRefOid, x.headRefOid) !== x.truth.mergeBase) complain(repository, x, 'merge base')
  if (one('rev-parse', `refs/pull/${x.number}/head`) !== x.headRefOid) complain(repository, x, 'head ref')
  if (!x.mergeCommit) return
  const { oid, parents, committedDate, message } = x.mergeCommit
  const [at, ...above] = one('show', '-s', '--format=%ct %P', oid).split(' ')
  if (above.join() !== parents.join()) complain(repository, x, `parents ${above}`)
  if (Number(at) * 1000 !== Date.parse(committedDate) || x.mergedAt !== committedDate) complain(repository, x, `date ${at}`)
  const subject = one('show', '-s', '--format=%B', oid).split('\n')[0].trim()
  if (subject !== message.split('\n')[0].trim() && !message.includes('\ufffd') && x.title) complain(repository, x, `subject ${subject}`)
}

for (const repository of world.repositories.filter((x) => !x.stub)) {
  const path = `${dir}/git/${repository.owner}/${repository.name}.git`
  const git = (...args) => execFileSync('git', ['-C', path, ...args], { maxBuffer: 1 << 30 }).toString()
  const lines = readFileSync(`${dir}/pulls/${repository.id}.jsonl`, 'utf8').split('\n').slice(0, -1)
  if (lines.length !== repository.pull_requests) complain(repository, { truth: {} }, `${lines.length} lines`)
  for (let i = 0; i < lines.length; i += Number(every)) {
    check(repository, git, JSON.parse(lines[i]))
    checked += 1
  }
  if (git('rev-parse', 'HEAD').trim() !== repository.head) complain(repository, { truth: {} }, 'head')
  numbers.set(repository.id, lines.length)
}
console.log(JSON.stringify({ repositories: numbers.size, checked, wrong }))
process.exit(wrong > 0 ? 1 : 0)
