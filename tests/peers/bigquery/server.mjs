// A BigQuery of our own on 127.0.0.1; prints {"port": N} when it listens:
//   node server.mjs --rows FILE.jsonl [--port 0] [--key PUBLIC_KEY] [--tokens a,b]
//     [--bytes N] [--page N] [--location US] [--audience URL]
// FILE: an object a line, the rows that every query gives. --key: of the service
// account whose assertions /token accepts (aud: this server's /token, or URL).
// --bytes: what a query scans, default 1.5e12; --page: rows a page, default 1000.
// GET /__sim/ledger; POST /__sim/fault {kind, times?, after?} (kinds: jobs.mjs),
// /__sim/empty {empty: true}. Ends on SIGTERM or when stdin closes.

import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'
import { claims, verify } from '../github/server/app.mjs'
import { schemaOf } from './cells.mjs'
import { Jobs, fail, faults } from './jobs.mjs'

const { values } = parseArgs({ options: {
  rows: { type: 'string' }, port: { type: 'string', default: '0' }, key: { type: 'string' }, tokens: { type: 'string', default: 'test-token' },
  bytes: { type: 'string', default: '1500000000000' }, page: { type: 'string', default: '1000' }, location: { type: 'string', default: 'US' },
  audience: { type: 'string' },
} })
if (!values.rows) {
  console.error('server.mjs: --rows names a file of JSON lines')
  process.exit(2)
}

const rows = readFileSync(values.rows, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line))
const jobs = new Jobs({ rows, schema: schemaOf(rows), bytes: values.bytes, page: Number(values.page), location: values.location })
const tokens = new Set(values.tokens.split(','))
const key = values.key ? readFileSync(values.key) : null
let armed = []

const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const scopes = ['https://www.googleapis.com/auth/bigquery', 'https://www.googleapis.com/auth/cloud-platform']

/// A service account's signed assertion buys an access token.
function token(text, type, host) {
  const refuse = (error, why) => ({ status: 400, body: { error, error_description: why } })
  if (!type?.startsWith('application/x-www-form-urlencoded')) return refuse('invalid_request', 'the body must be form-encoded')
  const form = new URLSearchParams(text)
  if (form.get('grant_type') !== grant) return refuse('unsupported_grant_type', `Invalid grant_type: ${form.get('grant_type')}`)
  const now = Math.floor(Date.now() / 1000)
  const jwt = form.get('assertion') ?? ''
  const wrong = key ? verify(jwt, key, now + 5, 3605) : 'no service account is known here'
  if (wrong) return refuse('invalid_grant', `Invalid JWT: ${wrong}`)
  const { aud, scope = '', exp, iat } = claims(jwt)
  if (aud !== `http://${host}/token` && aud !== values.audience) return refuse('invalid_grant', `Invalid JWT audience: ${aud}`)
  if (exp - iat > 3600) return refuse('invalid_grant', 'Invalid JWT: Token must be a short-lived token (60 minutes)')
  if (!scope.split(' ').some((x) => scopes.includes(x))) return refuse('invalid_scope', `Invalid scope: ${scope}`)
  const fresh = `ya29.${randomBytes(60).toString('base64url')}`
  tokens.add(fresh)
  jobs.ledger.tokens += 1
  return { status: 200, body: { access_token: fresh, expires_in: 3599, token_type: 'Bearer' } }
}

function control(name, x) {
  if (name === 'ledger') return { status: 200, body: jobs.ledger }
  if (name === 'empty') return { status: 200, body: { empty: jobs.empty = x.empty !== false } }
  if (name !== 'fault' || !(x.kind in faults)) return { status: 400, body: { error: `fault: one of ${Object.keys(faults).join(', ')}` } }
  armed.push({ times: 1, after: 0, ...x })
  return { status: 200, body: { armed: armed.length } }
}

/// The first armed fault whose turn it is.
function fault() {
  for (const x of armed) {
    if (x.after > 0) {
      x.after -= 1
      continue
    }
    x.times -= 1
    armed = armed.filter((y) => y.times > 0)
    jobs.ledger.faults[x.kind] = (jobs.ledger.faults[x.kind] ?? 0) + 1
    return faults[x.kind]()
  }
  return null
}

function answer(request, url, text) {
  if (url.pathname.startsWith('/__sim/')) return control(url.pathname.slice('/__sim/'.length), text ? JSON.parse(text) : {})
  if (url.pathname === '/token') return token(text, request.headers['content-type'], request.headers.host)
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  if (!tokens.has(bearer)) {
    const message = 'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.'
    return { status: 401, body: { error: { code: 401, message, errors: [{ message: 'Invalid Credentials', domain: 'global', reason: 'authError' }], status: 'UNAUTHENTICATED' } } }
  }
  const broken = fault()
  if (broken) return broken
  const [, project, kind, id] = /^\/bigquery\/v2\/projects\/([^/]+)\/(queries|jobs)(?:\/([^/]+))?$/.exec(url.pathname) ?? []
  if (kind === 'queries' && request.method === 'GET' && id) return jobs.results(project, id, url.searchParams)
  if (!kind || id || request.method !== 'POST') return fail('notFound', `Not found: ${url.pathname}`)
  let body
  try {
    body = JSON.parse(text)
  } catch {
    return fail('invalid', 'Invalid JSON payload received.')
  }
  return kind === 'queries' ? jobs.query(project, body) : jobs.insert(project, body)
}

const server = createServer((request, response) => {
  const parts = []
  request.on('data', (x) => parts.push(x)).on('end', () => {
    const reply = answer(request, new URL(request.url, 'http://localhost'), Buffer.concat(parts).toString())
    if (reply.closed) {
      response.socket.destroy()
      return
    }
    response.writeHead(reply.status, { 'content-type': reply.html ? 'text/html; charset=UTF-8' : 'application/json; charset=UTF-8' })
    response.end(reply.html ?? JSON.stringify(reply.body))
  })
})

function end() {
  server.closeAllConnections()
  process.exit(0)
}
process.on('SIGTERM', end)
process.on('SIGINT', end)
process.stdin.on('end', end).on('error', end).resume()
server.listen(Number(values.port), '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })))
