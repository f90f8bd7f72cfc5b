// Time, budgets and tokens: what holds of the server whoever asks.

import { generateKeyPairSync } from 'node:crypto'
import { sign } from '../server/app.mjs'

const hour = 3_600_000_000_000n

/// One request without a client: {status, json, headers}.
async function ask(base, path, { token = 'test-token', agent = 'fidelity', body, headers = {} } = {}) {
  const reply = await fetch(base + path, {
    method: body ? 'POST' : 'GET', body: body && JSON.stringify(body),
    headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers, 'user-agent': agent },
  })
  return { status: reply.status, headers: reply.headers, json: await reply.json().catch(() => null) }
}

const query = { query: '{ rateLimit { cost remaining limit used resetAt } }' }

export async function limits(context, key) {
  const { base, sim, same } = context
  const nobody = await ask(base, '/graphql', { agent: '', body: query })
  same('no User-Agent', [nobody.status, nobody.json?.message.startsWith('Missing or invalid User Agent')], [403, true])
  same('no token', (await ask(base, '/user', { token: null })).status, 401)
  await budget(context)
  await moves(context)
  await crowd(context)
  if (key) await app(context, key)
  same('a login', typeof (await ask(base, '/user')).json.login, 'string')
  same('a wrong command', (await sim('fault', { kind: 'nonsense' })).error?.startsWith('no such fault'), true)
}

/// Points: every reply says what is left; over the budget nothing is served.
async function budget({ base, sim, same, world, text }) {
  await sim('advance', { ns: String(hour) })
  const x = world.repositories[0]
  const before = (await ask(base, '/graphql', { body: query })).json.data.rateLimit
  same('a fresh hour', [before.used, before.remaining, before.cost], [1, 4999, 1])
  const heavy = { query: text('list_merged', 'pull_request_facts'), variables: { owner: x.owner, name: x.name, pageSize: 100 } }
  const page = (await ask(base, '/graphql', { body: heavy })).json.data.rateLimit
  same('a page of 100', [page.cost, page.remaining], [3, 4996])
  // The budget is spent by prices, not by work: 100 cards of 100 ids each.
  const ids = Array(100).fill(x.node_id)
  const fields = Array.from({ length: 100 }, (_, i) => `n${i}: nodes(ids: $ids) { ... on Issue { comments(first: 1) { totalCount } } }`).join(' ')
  const dear = { query: `query($ids: [ID!]!) { rateLimit { cost remaining } ${fields} }`, variables: { ids } }
  let last
  for (let i = 0; i < 60; i += 1) {
    last = await ask(base, '/graphql', { body: dear })
    if (last.json.errors) break
  }
  same('over the budget', [last.status, last.json.errors?.[0].type, last.json.data, last.headers.get('x-ratelimit-remaining')], [200, 'RATE_LIMITED', undefined, '0'])
  const reset = Number(last.headers.get('x-ratelimit-reset'))
  same('reset within the hour', reset - Date.parse(last.headers.get('date')) / 1000 <= 3600, true)
  await sim('advance', { ns: String(hour) })
  same('served again', (await ask(base, '/graphql', { body: query })).json.data.rateLimit.used, 1)
  same('counted', (await sim('ledger')).refused_over_budget > 0, true)
}

/// A repository is renamed, then gone.
async function moves({ base, sim, same, world }) {
  const x = world.repositories.filter((r) => r.eligible).at(-1)
  const card = (owner, name) => ask(base, '/graphql', { body: { query: 'query($o: String!, $n: String!) { repository(owner: $o, name: $n) { id nameWithOwner } }', variables: { o: owner, n: name } } })
  const to = `${x.owner}/${x.name}-moved`
  await sim('rename', { repo: `${x.owner}/${x.name}`, to })
  same('renamed', (await card(x.owner, x.name)).json.data.repository, { id: x.node_id, nameWithOwner: to })
  const old = await fetch(`${base}/repos/${x.owner}/${x.name}/pulls/1`, { redirect: 'manual', headers: { authorization: 'Bearer test-token', 'user-agent': 'f' } })
  same('moved', [old.status, new URL(old.headers.get('location')).pathname], [301, `/repositories/${x.id}/pulls/1`])
  await sim('vanish', { repo: to })
  same('vanished', (await card(x.owner, x.name)).json.errors[0].type, 'NOT_FOUND')
  same('vanished for REST', (await ask(base, `/repos/${to}`)).status, 404)
  await sim('vanish', { repo: to, back: true })
  same('back', (await card(x.owner, x.name)).json.errors, undefined)
}

/// More than a minute of their time in a minute, or too many at once.
async function crowd({ base, sim, same, world, text }) {
  await sim('advance', { ns: '120000000000' })
  const x = world.repositories[0]
  const page = { query: text('list_merged', 'pull_request_facts'), variables: { owner: x.owner, name: x.name, pageSize: 100 } }
  const once = async () => (await ask(base, '/graphql', { body: page })).status
  const serial = []
  for (let i = 0; i < 45; i += 1) serial.push(await once())
  same('one after another is never too much', serial.every((s) => s === 200), true)
  const many = await Promise.all(Array.from({ length: 30 }, once))
  same('thirty at once are', many.includes(403), true)
  await sim('advance', { ns: '120000000000' })
  same('after a while', await once(), 200)
}

/// A GitHub App buys a token; a wrong assertion does not.
async function app({ base, sim, same }, key) {
  const now = Number(BigInt((await sim('clock')).now_ns) / 1_000_000_000n)
  const buy = (claims, by = key) => ask(base, '/app/installations/42/access_tokens', { token: sign(claims, by), body: {} })
  const good = { iss: '12345', iat: now - 60, exp: now + 540 }
  const { status, json } = await buy(good)
  same('an App token', [status, json.token?.length > 40, json.expires_at?.endsWith('Z')], [201, true, true])
  same('it opens', (await ask(base, '/user', { token: json.token })).json.login, 'app-42[bot]')
  for (const [what, claims] of [['too long', { ...good, exp: now + 700 }], ['expired', { ...good, exp: now - 1 }], ['from the future', { ...good, iat: now + 60 }], ['without issuer', { iat: good.iat, exp: good.exp }]])
    same(`an assertion ${what}`, (await buy(claims)).status, 401)
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' })
  same('signed by another', (await buy(good, other)).status, 401)
  await sim('advance', { ns: String(hour) })
  same('after an hour', (await ask(base, '/user', { token: json.token })).status, 401)
}
