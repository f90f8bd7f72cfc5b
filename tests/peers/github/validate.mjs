// Checks GraphQL documents against GitHub's published schema and prices them:
//   node validate.mjs [--set pageSize=100]... FILE...   each file a complete document
//   node validate.mjs [--set ...] -                     stdin: [{"name", "text"}, ...]
// Prints for each document one line {"name", "ok", "errors", "points", "nodes"}.
// A variable that is a list of ids is given as its length. Exit 1: some are invalid.

import { readFileSync } from 'node:fs'
import { check, price } from './schema.mjs'

const variables = {}
const names = []
const args = process.argv.slice(2)
while (args.length > 0) {
  const x = args.shift()
  if (x !== '--set') names.push(x)
  else {
    const [name, value] = (args.shift() ?? '').split('=')
    variables[name] = Number(value)
  }
}
if (names.length === 0) {
  console.error('validate.mjs: name a file, or - for a list on stdin')
  process.exit(2)
}

const documents = names.flatMap((name) => name === '-'
  ? JSON.parse(readFileSync(0, 'utf8'))
  : [{ name, text: readFileSync(name, 'utf8') }])

let bad = 0
for (const { name, text } of documents) {
  const { document, errors } = check(text)
  const cost = document ? price(document, variables) : { points: null, nodes: null, problems: [] }
  const problems = [...errors.map((e) => e.message), ...cost.problems]
  if (problems.length > 0) bad += 1
  const { points, nodes } = cost
  console.log(JSON.stringify({ name, ok: problems.length === 0, errors: problems, points, nodes }))
}
process.exit(bad > 0 ? 1 : 0)
