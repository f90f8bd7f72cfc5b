// GitHub's own client reads the server and is compared with the world's truth:
//   node fidelity.mjs PORT [--prism PORT] [--queries DIR] [--app PRIVATE_KEY]
// The server is a fresh one of `--faults none` over a small world (tens of pages).
// --app: the private half of the server's --app-key. With --prism the REST part goes through prism.mjs, and Prism must refuse what is
// wrong. Prints {"checks": N, "wrong": M}; exit 1: something differs.

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Octokit } from '@octokit/core'
import { paginateGraphQL } from '@octokit/plugin-paginate-graphql'
import { throttling } from '@octokit/plugin-throttling'
import { faults } from './fidelity/faults.mjs'
import { graphql } from './fidelity/graphql.mjs'
import { limits } from './fidelity/limits.mjs'
import { prism } from './fidelity/prism.mjs'
import { rest } from './fidelity/rest.mjs'

const { values, positionals: [port] } = parseArgs({ allowPositionals: true, options: {
  prism: { type: 'string' }, app: { type: 'string' }, queries: { type: 'string', default: new URL('../../../actors/services/github/queries', import.meta.url).pathname },
} })
const base = `http://127.0.0.1:${port}`
const sim = async (name, body) => {
  const reply = await fetch(`${base}/__sim/${name}`, body && { method: 'POST', body: JSON.stringify(body) })
  return reply.json()
}
const { path, tokens: [token] } = await sim('world')
const world = JSON.parse(readFileSync(`${path}/world.json`, 'utf8'))
const seen = { checks: 0, wrong: 0 }

/// Counts a comparison and prints what differs.
function same(what, got, wanted) {
  seen.checks += 1
  const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)]
  if (a === b) return
  seen.wrong += 1
  if (seen.wrong < 30) console.error(`${what}: ${String(a).slice(0, 300)} instead of ${String(b).slice(0, 300)}`)
}

/// The error that a promise ends with; ending well is a difference.
async function failure(what, promise) {
  const error = await promise.then(() => null, (e) => e)
  same(`${what} fails`, error !== null, true)
  return error ?? {}
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} }
const Client = Octokit.plugin(paginateGraphQL)
const context = {
  base, sim, world, same, failure,
  truth: (x) => readFileSync(`${path}/pulls/${x.id}.jsonl`, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line)),
  text: (...names) => names.map((name) => readFileSync(`${values.queries}/${name}.graphql`, 'utf8')).join('\n'),
  client: (options = {}) => new Client({ baseUrl: base, auth: token, log: quiet, ...options }),
  throttled: (options) => new (Client.plugin(throttling))({ baseUrl: base, auth: token, log: quiet, throttle: options }),
}
await graphql(context)
await rest(context, context.client({ baseUrl: values.prism ? `http://127.0.0.1:${values.prism}` : base }), Boolean(values.prism))
await faults(context)
await limits(context, values.app && readFileSync(values.app))
if (values.prism) await prism(context, `http://127.0.0.1:${values.prism}`)
console.log(JSON.stringify(seen))
process.exit(seen.wrong > 0 ? 1 : 0)
