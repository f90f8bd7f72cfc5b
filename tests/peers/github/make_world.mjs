// Writes a GitHub of our own, the same for the same arguments:
//   node make_world.mjs --out DIR --repositories N --pull-requests M --seed S
//     [--month]      8,400 pull requests more, merged in the month before --until
//     [--huge]       one with a diff of more than 100 MB
//     [--stubs K]    K more repositories, with few stars and no history
//     [--until TIME] end of history, 2026-11-01T00:00:00Z; [--from TIME] its begin
//     [--no-oddities] without the repositories that a policy refuses (fork, ...)
// DIR/world.json, DIR/pulls/<id>.jsonl (a pull request a line, oldest merge
// first), DIR/pulls/<id>.index.json, DIR/git/<owner>/<name>.git; prints one JSON line.

import { existsSync, mkdirSync, openSync, writeFileSync, writeSync, closeSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { monthSizes, repositories, seconds, sizes } from './world/plan.mjs'
import { write } from './world/history.mjs'

const { values } = parseArgs({ options: {
  out: { type: 'string' }, repositories: { type: 'string', default: '3' }, 'pull-requests': { type: 'string', default: '120' },
  seed: { type: 'string', default: '1' }, month: { type: 'boolean', default: false }, huge: { type: 'boolean', default: false },
  stubs: { type: 'string', default: '0' }, until: { type: 'string', default: '2026-11-01T00:00:00Z' },
  from: { type: 'string', default: '2021-01-01T00:00:00Z' }, 'no-oddities': { type: 'boolean', default: false },
} })
if (!values.out) {
  console.error('make_world.mjs: --out names the folder to make')
  process.exit(2)
}
if (existsSync(`${values.out}/git`)) {
  console.error(`make_world.mjs: ${values.out} holds a world already; remove it first`)
  process.exit(1)
}
const options = {
  out: values.out, seed: values.seed, repositories: Number(values.repositories), stubs: Number(values.stubs),
  huge: values.huge, oddities: !values['no-oddities'], from: seconds(values.from), until: seconds(values.until),
}
const last = new Date(options.until * 1000 - 1)
options.month = Date.UTC(last.getUTCFullYear(), last.getUTCMonth()) / 1000
const total = Number(values['pull-requests'])

/// The lines and where they are: the server reads single lines later.
function store(repository, pulls) {
  const file = openSync(`${options.out}/pulls/${repository.id}.jsonl`, 'w')
  const index = { number: [], offset: [], length: [], created: [], merged: [], updated: [] }
  let at = 0
  let parts = []
  for (const x of pulls) {
    const line = Buffer.from(`${JSON.stringify(x)}\n`)
    index.number.push(x.number)
    index.offset.push(at)
    index.length.push(line.length - 1)
    for (const name of ['created', 'merged', 'updated']) index[name].push(seconds(x[`${name}At`]))
    at += line.length
    parts.push(line)
    if (parts.length === 500) {
      writeSync(file, Buffer.concat(parts))
      parts = []
    }
  }
  writeSync(file, Buffer.concat(parts))
  closeSync(file)
  writeFileSync(`${options.out}/pulls/${repository.id}.index.json`, JSON.stringify(index))
  return at
}

const begin = Date.now()
mkdirSync(`${options.out}/pulls`, { recursive: true })
const all = repositories(options)
const old = sizes(total, options.repositories)
const recent = values.month ? monthSizes(options.repositories) : null
options.hugeIn = all[0].id
options.thousands = total >= 5000
let bytes = 0

async function make(i) {
  const repository = all[i]
  const eligible = i < options.repositories
  const month = eligible && recent ? recent[i] : null
  const count = (eligible ? old[i] : 5) + (month ?? 0)
  // One that the server cannot answer big pages for.
  repository.heavy = eligible && i % 40 === 2 && options.repositories > 2
  const pulls = await write(repository, count, month, options)
  bytes += store(repository, pulls)
}

// Two at a time: git compresses one while the other is thought up.
const queue = all.flatMap((x, i) => (x.stub ? [] : [i]))
const worker = async () => { while (queue.length > 0) await make(queue.shift()) }
await Promise.all([worker(), worker()])

const eligible = all.filter((x) => x.eligible)
const sum = eligible.reduce((a, x) => a + x.pull_requests, 0)
writeFileSync(`${options.out}/world.json`, JSON.stringify({
  version: 1, seed: values.seed, from: values.from, until: values.until,
  month: new Date(options.month * 1000).toISOString(), repositories_eligible: eligible.length, pull_requests_eligible: sum,
  repositories: all,
}, null, 1))
console.log(JSON.stringify({ repositories: eligible.length, pull_requests: sum, seconds: (Date.now() - begin) / 1000, truth_bytes: bytes }))
