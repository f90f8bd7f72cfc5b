// Rows as jobs.query writes them: cells by position, every scalar a string.

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

function field(name, x) {
  if (Array.isArray(x)) return { ...field(name, x[0] ?? ''), mode: 'REPEATED' }
  const scalar = (type) => ({ name, type, mode: 'NULLABLE' })
  if (x === null || x === undefined) return scalar('STRING')
  if (typeof x === 'object') return { ...scalar('RECORD'), fields: Object.entries(x).map(([key, value]) => field(key, value)) }
  if (typeof x === 'boolean') return scalar('BOOLEAN')
  if (typeof x === 'number') return scalar(Number.isInteger(x) ? 'INTEGER' : 'FLOAT')
  return scalar(time.test(x) ? 'TIMESTAMP' : 'STRING')
}

/// The schema that plain objects have; a null says nothing of its type.
export function schemaOf(rows) {
  const first = {}
  for (const row of rows)
    for (const [key, value] of Object.entries(row))
      if (first[key] === undefined || first[key] === null || (Array.isArray(first[key]) && first[key].length === 0)) first[key] = value
  return { fields: Object.entries(first).map(([key, value]) => field(key, value)) }
}

/// Whole microseconds when the request asked for them, else seconds as a float.
function timestamp(text, int64) {
  const [, fraction = ''] = /\.(\d+)Z$/.exec(text) ?? []
  const micros = BigInt(Date.parse(text.replace(/\.\d+Z$/, 'Z'))) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6))
  return int64 ? String(micros) : (Number(micros) / 1e6).toExponential().replace('e+', 'E')
}

function value(f, x, int64) {
  if (x === null || x === undefined) return null
  if (f.type === 'RECORD') return cells(f.fields, x, int64)
  return f.type === 'TIMESTAMP' ? timestamp(x, int64) : String(x)
}

export function cells(fields, row, int64) {
  return { f: fields.map((f) => ({
    v: f.mode === 'REPEATED' ? (row[f.name] ?? []).map((x) => ({ v: value(f, x, int64) })) : value(f, row[f.name], int64),
  })) }
}
