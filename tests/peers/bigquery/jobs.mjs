// Queries as jobs: prices, results in pages, and the errors of BigQuery.

import { randomUUID } from 'node:crypto'
import { cells } from './cells.mjs'

const states = {
  rateLimitExceeded: [403, 'PERMISSION_DENIED', 'Exceeded rate limits: too many api requests per user per method for this user_method.'],
  jobRateLimitExceeded: [400, 'INVALID_ARGUMENT', 'Exceeded rate limits: too many concurrent jobs.'],
  quotaExceeded: [403, 'PERMISSION_DENIED', 'Quota exceeded: Your project exceeded quota for free query bytes scanned.'],
  accessDenied: [403, 'PERMISSION_DENIED', 'Access Denied: Project p: User does not have bigquery.jobs.create permission in project p.'],
  backendError: [503, 'UNAVAILABLE', 'Error encountered during execution. Retrying may solve the problem.'],
  internalError: [500, 'INTERNAL', 'An internal error occurred and the request could not be completed.'],
  invalidQuery: [400, 'INVALID_ARGUMENT', 'Syntax error: Unexpected end of statement at [1:1]'],
  notFound: [404, 'NOT_FOUND', 'Not found: Job'],
  bytesBilledLimitExceeded: [400, 'INVALID_ARGUMENT', 'Query exceeded limit for bytes billed'],
  invalid: [400, 'INVALID_ARGUMENT', 'Invalid value'],
}

export function fail(reason, text) {
  const [code, status, usual] = states[reason]
  const message = text ?? usual
  return { status: code, body: { error: { code, message, errors: [{ message, domain: 'global', reason }], status } } }
}

/// Faults that stand for one request: kind -> reply.
export const faults = {
  ...Object.fromEntries(Object.keys(states).map((reason) => [reason, () => fail(reason)])),
  html: () => ({ status: 502, html: '<!DOCTYPE html><html><title>Error 502 (Server Error)!!1</title></html>\n' }),
  unwrapped: () => ({ status: fail('backendError').status, body: fail('backendError').body.error }),
  // A job that ends with 200 and an error.
  job_errors: () => ({ status: 200, body: {
    kind: 'bigquery#queryResponse', jobComplete: true, jobReference: { projectId: 'p', jobId: 'job_failed', location: 'US' }, totalRows: '0',
    errors: [{ reason: 'resourcesExceeded', message: 'Resources exceeded during query execution', domain: 'global' }],
  } }),
  closed: () => ({ closed: true }),
}

export class Jobs {
  constructor({ rows, schema, bytes, page, location }) {
    Object.assign(this, { rows, schema, bytes, page, location, jobs: new Map(), requests: new Map(), empty: false })
    this.ledger = { queries: 0, dry_runs: 0, jobs: 0, repeated: 0, polls: 0, pages: 0, tokens: 0, faults: {} }
  }

  /// What is wrong with a request, or null.
  refuse(x) {
    if (typeof x.query !== 'string' || x.query.trim() === '') return fail('invalid', 'Required parameter is missing: query')
    if (x.useLegacySql !== false) return fail('invalidQuery', 'Encountered " "`" "` "" at line 1: legacy SQL, because useLegacySql is not false')
    for (const name of ['maximumBytesBilled'])
      if (x[name] !== undefined && !/^\d+$/.test(String(x[name]))) return fail('invalid', `Invalid value at '${name}' (TYPE_INT64)`)
    if (x.requestId !== undefined && !/^[ -~]{1,36}$/.test(x.requestId)) return fail('invalid', 'requestId: at most 36 ASCII characters')
    if (x.location !== undefined && x.location !== this.location) return fail('notFound', `Not found: Dataset was not found in location ${x.location}`)
    return this.unbound(x)
  }

  unbound(x) {
    const named = new Set((x.queryParameters ?? []).map((p) => p.name))
    for (const [, name] of x.query.matchAll(/(?<![@\w])@(\w+)/g))
      if (x.parameterMode?.toUpperCase() !== 'NAMED' || !named.has(name)) return fail('invalidQuery', `Query parameter '${name}' not found at [1:1]`)
    for (const p of x.queryParameters ?? []) {
      const { value, arrayValues, structValues } = p.parameterValue ?? {}
      if (typeof p.parameterType?.type !== 'string') return fail('invalid', `parameter ${p.name} has no type`)
      // Documented as a string; Google's client sends numbers, too.
      if (typeof value === 'object') return fail('invalid', `the value of ${p.name} is not a string`)
      if (value === undefined && !arrayValues && !structValues) return fail('invalid', `parameter ${p.name} has no value`)
    }
    return null
  }

  /// POST .../queries
  query(project, x) {
    const refused = this.refuse(x)
    if (refused) return refused
    const known = x.requestId && this.requests.get(x.requestId)
    const kind = 'bigquery#queryResponse'
    if (known) this.ledger.repeated += 1
    if (x.dryRun) {
      this.ledger.dry_runs += 1
      return { status: 200, body: { kind, schema: this.schema, jobReference: { projectId: project, location: this.location }, totalBytesProcessed: String(this.bytes), jobComplete: true, cacheHit: false } }
    }
    if (x.maximumBytesBilled !== undefined && BigInt(x.maximumBytesBilled) < BigInt(this.bytes))
      return fail('bytesBilledLimitExceeded', `Query exceeded limit for bytes billed: ${x.maximumBytesBilled}. ${this.bytes} or higher required.`)
    this.ledger.queries += 1
    const job = known ?? this.start(project, x)
    return { status: 200, body: this.result(job, kind, { int64: x.formatOptions?.useInt64Timestamp === true, size: x.maxResults }) }
  }

  start(project, x) {
    const id = `job_${randomUUID().replaceAll('-', '')}`
    const job = { project, id, waits: 2, rows: this.empty ? [] : this.rows }
    this.jobs.set(id, job)
    if (x.requestId) this.requests.set(x.requestId, job)
    this.ledger.jobs += 1
    return job
  }

  /// GET .../queries/{job}
  results(project, id, query) {
    const job = this.jobs.get(id)
    if (!job || job.project !== project) return fail('notFound', `Not found: Job ${project}:${this.location}.${id}`)
    // Outside of US and EU a job is found only with its location.
    if (query.get('location') !== this.location) return fail('notFound', `Not found: Job ${project}:${id}`)
    this.ledger.polls += 1
    const from = query.get('pageToken')?.match(/^PT(\d+)$/)
    if (query.get('pageToken') && !from) return fail('invalid', 'Invalid pageToken')
    return { status: 200, body: this.result(job, 'bigquery#getQueryResultsResponse', {
      int64: query.get('formatOptions.useInt64Timestamp') === 'true', size: query.get('maxResults') ?? undefined, from: Number(from?.[1] ?? 0),
    }) }
  }

  result(job, kind, { int64, size, from = 0 }) {
    const jobReference = { projectId: job.project, jobId: job.id, location: this.location }
    if (job.waits > 0) {
      job.waits -= 1
      return { kind, jobReference, jobComplete: false }
    }
    const wanted = Number(size ?? this.page)
    const end = Math.min(job.rows.length, from + Math.min(wanted, this.page))
    this.ledger.pages += 1
    return {
      kind, schema: this.schema, jobReference, totalRows: String(job.rows.length), totalBytesProcessed: String(this.bytes), jobComplete: true, cacheHit: false,
      // An empty result has no rows at all.
      ...(job.rows.length > 0 && end > from ? { rows: job.rows.slice(from, end).map((row) => cells(this.schema.fields, row, int64)) } : {}),
      ...(end < job.rows.length && wanted > 0 ? { pageToken: `PT${end}` } : {}),
    }
  }

  /// POST .../jobs: only as far as Google's client needs it for a dry run.
  insert(project, x) {
    const query = x.configuration?.query
    const refused = this.refuse({ ...query })
    if (refused) return refused
    if (!x.configuration.dryRun) return fail('invalid', 'this BigQuery has jobs.insert for dry runs only')
    this.ledger.dry_runs += 1
    return { status: 200, body: {
      kind: 'bigquery#job', configuration: x.configuration, jobReference: { projectId: project, location: this.location }, status: { state: 'DONE' },
      statistics: { totalBytesProcessed: String(this.bytes), query: { schema: this.schema, totalBytesProcessed: String(this.bytes) } },
    } }
  }
}
