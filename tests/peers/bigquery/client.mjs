// Google's own client against the server, compared with the server's rows:
//   node client.mjs PORT --rows FILE.jsonl [--account PRIVATE_KEY]
// The server is a fresh one with `--page 2`.
// --account: the private half of the server's --key; the server then needs
// --audience https://oauth2.googleapis.com/token, the one that Google's client
// names. Prints {"checks": N, "wrong": M}; exit 1: something differs.

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { BigQuery } from '@google-cloud/bigquery'
import { JWT, OAuth2Client } from 'google-auth-library'

const { values, positionals: [port] } = parseArgs({ allowPositionals: true, options: { rows: { type: 'string' }, account: { type: 'string' } } })
const base = `http://127.0.0.1:${port}`
const rows = readFileSync(values.rows, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line))
const seen = { checks: 0, wrong: 0 }

function same(what, got, wanted) {
  seen.checks += 1
  const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)]
  if (a === b) return
  seen.wrong += 1
  console.error(`${what}: ${String(a).slice(0, 400)} instead of ${String(b).slice(0, 400)}`)
}

const sim = async (name, body) => (await fetch(`${base}/__sim/${name}`, body && { method: 'POST', body: JSON.stringify(body) })).json()
const failure = (promise) => promise.then(() => ({}), (e) => e)
const reason = (e) => e.errors?.[0]?.reason ?? e.response?.data?.error?.errors?.[0]?.reason

function client(token, options = {}) {
  const authClient = new OAuth2Client()
  authClient.setCredentials({ access_token: token, expiry_date: Date.now() + 3_600_000 })
  return new BigQuery({ projectId: 'p', apiEndpoint: base, authClient, ...options })
}

/// Rows with times written in one way; the client makes them objects of its own.
const short = (x) => (typeof x === 'string' && /^\d{4}-\d\d-\d\dT.*Z$/.test(x) ? x.replace(/\.?0*Z$/, 'Z').replace(/:Z$/, ':00Z') : x)
const plain = (row) => JSON.parse(JSON.stringify(row, (key, x) => short(x?.value ?? x)))
const wanted = rows.map(plain)

const text = 'SELECT * FROM `bigquery-public-data.github_repos.sample_repos` WHERE watch_count >= @min'
const query = { query: text, useLegacySql: false, location: 'US', params: { min: 500 } }
const bigquery = client('test-token')

// Pages, polls, nested and repeated cells.
const [all] = await bigquery.query({ ...query, maxResults: 2 })
same('rows', all.map(plain), wanted)
const first = await sim('ledger')
same('a job waits twice', [first.jobs, first.queries], [1, 1])
same('pages', first.pages >= Math.ceil(rows.length / 2), true)

// Price before the query, and the cap.
const [none, dry] = await bigquery.query({ ...query, dryRun: true })
same('dry run', [none, dry.statistics.totalBytesProcessed], [[], '1500000000000'])
same('over the cap', reason(await failure(bigquery.query({ ...query, maximumBytesBilled: '1000' }))), 'bytesBilledLimitExceeded')
same('under the cap', (await bigquery.query({ ...query, maximumBytesBilled: '2000000000000' }))[0].length, rows.length)

// What Google's client retries, and what it does not.
for (const kind of ['rateLimitExceeded', 'backendError', 'internalError']) {
  await sim('fault', { kind })
  same(`${kind} is retried`, (await bigquery.query(query))[0].length, rows.length)
}
const patient = client('test-token', { autoRetry: false })
for (const kind of ['quotaExceeded', 'accessDenied', 'invalidQuery']) {
  await sim('fault', { kind })
  same(`${kind} ends it`, reason(await failure(patient.query(query))), kind)
}
same('no parameter', reason(await failure(patient.query({ ...query, params: {} }))), 'invalidQuery')
same('a bad token', (await failure(client('nobody', { autoRetry: false }).query(query))).code, 401)
await sim('fault', { kind: 'html' })
same('html', (await failure(patient.query(query))).code ?? 502, 502)

// An empty result has no rows property.
await sim('empty', {})
same('empty', (await bigquery.query(query))[0], [])
await sim('empty', { empty: false })

// The raw shape: requestId makes a repeated POST the same job.
const post = async (body) => (await fetch(`${base}/bigquery/v2/projects/p/queries`, { method: 'POST', headers: { authorization: 'Bearer test-token' }, body: JSON.stringify(body) })).json()
const body = { query: 'SELECT 1', useLegacySql: false, requestId: 'one' }
const [a, b] = [await post(body), await post(body)]
same('idempotent', [a.jobReference.jobId, a.jobComplete, a.rows], [b.jobReference.jobId, false, undefined])
same('legacy SQL', (await post({ query: 'SELECT 1' })).error.errors[0].reason, 'invalidQuery')
same('dry run by jobs.query', (await post({ ...body, dryRun: true })).totalBytesProcessed, '1500000000000')

// Times are seconds with a fraction unless whole microseconds are asked for.
const poll = async (format) => (await fetch(`${base}/bigquery/v2/projects/p/queries/${a.jobReference.jobId}?location=US${format}`, { headers: { authorization: 'Bearer test-token' } })).json()
const at = rows.findIndex((row) => row.seen)
const cell = async (format) => (await poll(format)).rows[at].f[Object.keys(rows[at]).indexOf('seen')].v
await poll('')
same('float times', /^\d\.\d+E9$/.test(await cell('')), true)
same('whole times', /^\d{16}$/.test(await cell('&formatOptions.useInt64Timestamp=true')), true)
same('without location', (await (await fetch(`${base}/bigquery/v2/projects/p/queries/${a.jobReference.jobId}`, { headers: { authorization: 'Bearer test-token' } })).json()).error.code, 404)
await sim('fault', { kind: 'unwrapped' })
same('no wrapper', (await poll('')).errors[0].reason, 'backendError')

// A service account: Google's signer, with its address turned to the server.
if (values.account) {
  const gaxios = new OAuth2Client().transporter
  const transporter = { defaults: gaxios.defaults, interceptors: gaxios.interceptors, request: (x) => gaxios.request({ ...x, url: String(x.url).replace('https://oauth2.googleapis.com', base) }) }
  const scopes = ['https://www.googleapis.com/auth/bigquery']
  const signer = (key) => new JWT({ email: 'tester@p.iam.gserviceaccount.com', key, scopes, transporter })
  const { token } = await signer(readFileSync(values.account, 'utf8')).getAccessToken()
  same('a token', token?.startsWith('ya29.'), true)
  same('it opens', (await client(token).query(query))[0].length, rows.length)
  const { privateKey } = (await import('node:crypto')).generateKeyPairSync('rsa', { modulusLength: 2048 })
  const forged = await failure(signer(privateKey.export({ type: 'pkcs8', format: 'pem' })).getAccessToken())
  same('another key', forged.response?.data?.error ?? forged.message, 'invalid_grant')
}
console.log(JSON.stringify(seen))
process.exit(seen.wrong > 0 ? 1 : 0)
