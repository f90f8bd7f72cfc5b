// GitHub's published GraphQL schema: validation of documents and their price.
// Prices are documented as: every connection asks for `first` nodes per parent;
// requests are counted per parent, points are requests / 100, at least 1.

import { readFileSync } from 'node:fs'
import {
  GraphQLError, Kind, TypeInfo, buildSchema, getNamedType, parse, validate, visit, visitWithTypeInfo,
} from 'graphql'

// The package exports no path to its schema text.
const path = new URL('node_modules/@octokit/graphql-schema/schema.graphql', import.meta.url)

/// The published text defines two fields twice, hence assumeValidSDL.
export const schema = buildSchema(readFileSync(path, 'utf8'), { assumeValidSDL: true })

export const nodeLimit = 500_000

/// {document, errors}; document is null when the text does not parse.
export function check(text) {
  let document
  try {
    document = parse(text)
  } catch (e) {
    return { document: null, errors: [e] }
  }
  return { document, errors: [...validate(schema, document), ...boundless(document)] }
}

/// Connections without `first` or `last`: the schema allows them, GitHub refuses.
function boundless(document) {
  const types = new TypeInfo(schema)
  const errors = []
  visit(document, visitWithTypeInfo(types, {
    Field(x) {
      const type = getNamedType(types.getType())?.name ?? ''
      if (!type.endsWith('Connection')) return
      if (x.arguments.some((a) => ['first', 'last'].includes(a.name.value))) return
      errors.push(new GraphQLError(
        `You must provide a \`first\` or \`last\` value to properly paginate the \`${x.name.value}\` connection.`,
        { nodes: x }))
    },
  }))
  return errors
}

function number(value, variables) {
  if (value?.kind === Kind.INT) return Number(value.value)
  if (value?.kind === Kind.VARIABLE) return variables[value.name.value]
  return undefined
}

function length(value, variables) {
  if (value?.kind === Kind.LIST) return value.values.length
  const given = value?.kind === Kind.VARIABLE ? variables[value.name.value] : undefined
  return Array.isArray(given) ? given.length : given ?? 1
}

/// What a call costs: {points, requests, nodes, problems}. A list variable may
/// be given as its length. Problems: a connection without a size of 1 to 100.
export function price(document, variables = {}, operationName = undefined) {
  const fragments = new Map()
  let operation
  for (const x of document.definitions) {
    if (x.kind === Kind.FRAGMENT_DEFINITION) fragments.set(x.name.value, x)
    else if (!operation || x.name?.value === operationName) operation = x
  }
  const sum = { requests: 0, nodes: 0, problems: [] }
  const defaults = {}
  for (const x of operation?.variableDefinitions ?? [])
    if (x.defaultValue?.kind === Kind.INT)
      defaults[x.variable.name.value] = Number(x.defaultValue.value)
  walk(operation?.selectionSet, 1, { ...defaults, ...variables }, fragments, sum)
  const { requests, nodes, problems } = sum
  if (nodes > nodeLimit) problems.push(`${nodes} nodes, limit ${nodeLimit}`)
  return { points: Math.max(1, Math.round(requests / 100)), requests, nodes, problems }
}

function walk(selection, times, variables, fragments, sum) {
  for (const x of selection?.selections ?? []) {
    if (x.kind === Kind.FRAGMENT_SPREAD)
      walk(fragments.get(x.name.value)?.selectionSet, times, variables, fragments, sum)
    else if (x.kind === Kind.INLINE_FRAGMENT)
      walk(x.selectionSet, times, variables, fragments, sum)
    else walk(x.selectionSet, times * fanout(x, times, variables, sum), variables, fragments, sum)
  }
}

function fanout(field, times, variables, sum) {
  const named = (name) => field.arguments.find((a) => a.name.value === name)?.value
  const size = named('first') ?? named('last')
  if (size !== undefined) {
    const n = number(size, variables)
    if (!(n >= 1 && n <= 100))
      sum.problems.push(`${field.name.value}: first or last must be 1 to 100, not ${n}`)
    sum.requests += times
    sum.nodes += times * (n ?? 0)
    return n ?? 0
  }
  if (field.name.value !== 'nodes' || named('ids') === undefined) return 1
  const n = length(named('ids'), variables)
  if (n > 100) sum.problems.push(`nodes: at most 100 ids, not ${n}`)
  sum.requests += times
  sum.nodes += times * n
  return n
}
