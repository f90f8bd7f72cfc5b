// Every fault, as GitHub's own client understands it.

const query = '{ rateLimit { cost remaining } viewer { login } }'

/// Octokit compares resets with the real time of day: brings the server's to it.
async function align(sim) {
  const ahead = BigInt(Date.now()) * 1_000_000n - BigInt((await sim('clock')).now_ns)
  if (ahead > 0n) await sim('advance', { ns: String(ahead) })
  return ahead > 0n
}

/// What Octokit's throttling made of a limit: [which, seconds].
async function limit({ sim, throttled }, kind) {
  const told = []
  const octokit = throttled({
    onRateLimit: (after) => { told.push(['primary', after]) },
    onSecondaryRateLimit: (after) => { told.push(['secondary', after]) },
  })
  await sim('fault', { kind, match: 'graphql' })
  await octokit.graphql(query).catch(() => {})
  return told[0]
}

async function raw({ base, sim }, kind, text = query, variables = {}) {
  await sim('fault', { kind })
  const reply = await fetch(`${base}/graphql`, {
    method: 'POST', headers: { authorization: 'Bearer test-token', 'user-agent': 'fidelity' }, body: JSON.stringify({ query: text, variables }),
  })
  return { status: reply.status, type: reply.headers.get('content-type'), left: reply.headers.get('x-ratelimit-remaining'), text: await reply.text() }
}

export async function faults(context) {
  const { same, failure, client, sim, world, text } = context
  same('secondary, seconds', await limit(context, 'secondary_seconds'), ['secondary', 30])
  same('secondary, nothing named', await limit(context, 'secondary_bare'), ['secondary', 60])
  same('429', await limit(context, 'too_many'), ['secondary', 10])
  const aligned = await align(sim)
  const [which, after] = (await limit(context, 'rate_limited')) ?? []
  same('RATE_LIMITED', [which, aligned ? Math.abs(after - 61) <= 3 : true], ['primary', true])
  const older = await failure('RATE_LIMIT', (await sim('fault', { kind: 'rate_limit' }), client().graphql(query)))
  same('RATE_LIMIT', [older.errors?.[0].type, older.errors?.[0].code, older.headers?.['x-ratelimit-remaining']], ['RATE_LIMIT', 'graphql_rate_limit', '0'])
  for (const [kind, status] of [['timeout', 502], ['bad_gateway', 502], ['gateway_timeout', 504], ['absurd_reset', 403], ['secondary_date', 403], ['secondary_limited_by', 403]])
    same(kind, (await raw(context, kind)).status, status)
  const page = await raw(context, 'html')
  same('html', [page.status, page.type.startsWith('text/html'), page.text.length > 54_000, page.left !== null], [503, true, true, true])
  for (const kind of ['closed', 'cut']) await failure(kind, raw(context, kind))
  const x = world.repositories[0]
  const variables = { owner: x.owner, name: x.name, pageSize: 10, after: null }
  const part = JSON.parse((await raw(context, 'resource_limits', text('list_merged', 'pull_request_facts'), variables)).text)
  same('resource limits', [part.errors[0].type, part.data.repository.pullRequests.nodes.filter((n) => n === null).length], ['RESOURCE_LIMITS_EXCEEDED', 5])
  await patience(context)
  const before = await sim('clock')
  await sim('advance', { ns: '1500000000', kind: 'git fetch' })
  same('advance', BigInt((await sim('clock')).now_ns) - BigInt(before.now_ns) === 1_500_000_000n, true)
  await changes(context, x, variables)
}

/// Who asks again before the time that was named is counted.
async function patience({ sim, same, ...context }) {
  const early = async () => (await sim('ledger')).too_early
  await sim('advance', { ns: '120000000000' })
  const before = await early()
  await raw({ sim, ...context }, 'secondary_seconds')
  await client(context)
  same('too early', await early(), before + 1)
  await sim('advance', { ns: '31000000000' })
  await client(context)
  same('in time', await early(), before + 1)
}

const client = (context) => context.client().graphql(query)

/// Touched and merged while somebody looks; a clock that all agree on.
async function changes({ sim, client, same, text }, x, variables) {
  const octokit = client()
  const newest = async () => (await octokit.graphql(text('list_merged', 'pull_request_facts'), variables)).repository.pullRequests
  const { totalCount, nodes } = await newest()
  await sim('touch', { repo: `${x.owner}/${x.name}`, number: nodes[5].number })
  const after = await newest()
  same('touched is first', after.nodes[0].number, nodes[5].number)
  const { number } = await sim('merge', { repo: `${x.owner}/${x.name}`, fields: { title: 'Merged just now' } })
  const last = await newest()
  same('merged is there', [last.totalCount, last.nodes.some((n) => n.number === number)], [totalCount + 1, true])
}
