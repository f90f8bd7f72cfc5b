// Prints what somebody else's reader sees in a Parquet file, as JSON:
//   node read.mjs duckdb|hyparquet FILE   rows: {"columns": [...], "rows": [[...]]}
//   node read.mjs folder FOLDER duckdb|hyparquet   the same of each *.parquet in it, by name
//   node read.mjs metadata FILE           footer and column chunks, by DuckDB
//   node read.mjs query FILE CONDITION    how many rows DuckDB finds
// Values that JSON cannot hold: int64 as text, {"bytes": hex},
// {"micros": text}, {"double": "NaN" | "Infinity" | "-Infinity" | "-0"}.

import { DuckDBInstance } from '@duckdb/node-api'
import { asyncBufferFromFile, parquetMetadataAsync, parquetRead } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { readdirSync, writeFileSync } from 'node:fs'

class Micros {
  constructor(micros) { this.micros = micros }
}

function plain(x) {
  if (x === null || x === undefined) return null
  if (typeof x === 'bigint') return x.toString()
  if (typeof x === 'number' && (!Number.isFinite(x) || Object.is(x, -0)))
    return { double: Object.is(x, -0) ? '-0' : String(x) }
  if (x instanceof Uint8Array) return { bytes: Buffer.from(x).toString('hex') }
  if (x.bytes instanceof Uint8Array) return plain(x.bytes)
  if (typeof x.micros === 'bigint') return { micros: x.micros.toString() }
  if (Array.isArray(x)) return x.map(plain)
  if (Array.isArray(x.items)) return x.items.map(plain)
  return x
}

async function ask(sql, values) {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const connection = await instance.connect()
  const reader = await connection.runAndReadAll(sql, values)
  return { columns: reader.columnNames(), rows: reader.getRows().map(plain) }
}

async function objects(sql, values) {
  const { columns, rows } = await ask(sql, values)
  return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])))
}

const commands = {
  duckdb: (file) => ask('SELECT * FROM read_parquet($1)', [file]),

  async hyparquet(path) {
    const file = await asyncBufferFromFile(path)
    const metadata = await parquetMetadataAsync(file)
    const columns = metadata.schema.length > 1 ? topLevel(metadata.schema) : []
    const parsers = { timestampFromMicroseconds: (micros) => new Micros(micros) }
    let rows = []
    await parquetRead({
      file, metadata, compressors, parsers, utf8: false,
      onComplete: (all) => { rows = all },
    })
    return { columns, rows: rows.map(plain) }
  },

  async folder(path, reader) {
    const result = {}
    for (const name of readdirSync(path))
      if (name.endsWith('.parquet')) result[name] = await commands[reader](`${path}/${name}`)
    return result
  },

  async metadata(file) {
    return {
      file: await objects('SELECT * FROM parquet_file_metadata($1)', [file]),
      schema: await objects('SELECT * FROM parquet_schema($1)', [file]),
      chunks: await objects('SELECT * FROM parquet_metadata($1)', [file]),
      pairs: await objects(
        'SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata($1)', [file]),
    }
  },

  query: async (file, condition) =>
    (await ask(`SELECT count(*) FROM read_parquet($1) WHERE ${condition}`, [file])).rows[0][0],
}

function topLevel(schema) {
  const names = []
  let inner = 0
  for (const x of schema.slice(1)) {
    if (inner === 0) names.push(x.name)
    else inner -= 1
    inner += x.num_children ?? 0
  }
  return names
}

const [command, ...rest] = process.argv.slice(2)
if (!(command in commands)) {
  console.error(`read.mjs: no such command: ${command}; one of ${Object.keys(commands).join(', ')}`)
  process.exit(2)
}
// A pipe would cut long output short when the process ends.
writeFileSync(1, JSON.stringify(await commands[command](...rest), (_, x) => plain(x)))
process.exit(0)
