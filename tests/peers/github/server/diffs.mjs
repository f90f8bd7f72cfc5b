// Diffs from the made git repositories, as GitHub would print them.

import { execFile } from 'node:child_process'

function git(path, args) {
  return new Promise((resolve, reject) => {
    execFile('git', ['-C', path, ...args], { maxBuffer: 1 << 30, encoding: 'buffer' }, (error, out) => (error ? reject(error) : resolve(out)))
  })
}

const sides = (row) => [row.truth.before, row.truth.after]
/// What one more of the newest is made of has no truth of its own.
const known = (row) => Boolean(row.truth?.before)

export async function whole(path, row) {
  return known(row) ? git(path, ['diff', '-M', '-l0', ...sides(row)]) : Buffer.alloc(0)
}

/// path -> {blob, patch}; patch starts at "@@" and is absent for binary files.
export async function parts(path, row) {
  const found = new Map()
  if (!known(row)) return found
  const raw = (await git(path, ['diff', '-M', '-l0', '--raw', '-z', '--abbrev=40', ...sides(row)])).toString().split('\0')
  const order = []
  for (let i = 0; i + 1 < raw.length;) {
    const [, , old, now, status] = raw[i].split(' ')
    const two = status[0] === 'R' || status[0] === 'C'
    const entry = { blob: /^0+$/.test(now) ? old : now }
    found.set(two ? raw[i + 2] : raw[i + 1], entry)
    order.push(entry)
    i += two ? 3 : 2
  }
  const text = (await whole(path, row)).toString()
  text.split(/^diff --git /m).slice(1).forEach((part, i) => {
    const at = part.search(/^@@/m)
    if (at >= 0) order[i].patch = part.slice(at).replace(/\n$/, '')
  })
  return found
}
