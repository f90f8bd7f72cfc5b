// POST /graphql: graphql-http on GitHub's schema, paid by the price formula.

import { createHandler } from 'graphql-http'
import { check, price, schema } from '../schema.mjs'
import { root } from './rows.mjs'

/// GitHub puts the type beside the message.
function formatError(e) {
  const type = e.originalError?.type ?? e.type
  const { message, locations, path } = e.toJSON ? e.toJSON() : e
  return Object.assign(Object.create(null), type && { type }, path && { path }, locations && { locations }, { message })
}

/// Texts that were checked before, most of them many times.
class Documents {
  constructor() {
    this.known = new Map()
    this.errors = new WeakMap()
  }
  get(text) {
    let x = this.known.get(text)
    if (!x) {
      x = check(text)
      if (this.known.size >= 200) this.known.delete(this.known.keys().next().value)
      this.known.set(text, x)
      if (x.document) this.errors.set(x.document, x.errors)
    }
    return x
  }
}

export class GraphQL {
  constructor(sim) {
    this.sim = sim
    this.documents = new Documents()
    this.handle = createHandler({
      schema, formatError, rootValue: root(sim), context: (request) => request.context,
      parse: (text) => {
        const { document, errors } = this.documents.get(text)
        if (!document) throw errors[0]
        return document
      },
      validate: (_, document) => this.documents.errors.get(document),
    })
  }

  /// What the text asks for, before it runs: {points, nodes, name, problems}.
  cost(body) {
    const { document } = typeof body.query === 'string' ? this.documents.get(body.query) : {}
    if (!document) return { points: 1, nodes: 0, problems: [], name: null, pageSize: 0 }
    const variables = body.variables ?? {}
    const name = body.operationName ?? document.definitions.find((x) => x.kind === 'OperationDefinition')?.name?.value ?? null
    return { ...price(document, variables, body.operationName), name, pageSize: Number(variables.pageSize ?? 0) }
  }

  /// {status, body, context}: the answer, not yet sent.
  async run(body, token, cost) {
    const bucket = token.buckets.graphql
    const context = { token, nodes: 0, issues: 0, budget: null }
    context.budget = {
      cost: cost.points, limit: bucket.limit, remaining: bucket.remaining, used: bucket.used, nodeCount: cost.nodes,
      resetAt: this.sim.clock.iso(bucket.reset),
    }
    const [text, init] = await this.handle({
      method: 'POST', url: '/graphql', headers: { accept: 'application/json', 'content-type': 'application/json; charset=utf-8' },
      body, raw: null, context,
    })
    return { status: init.status, body: text, context }
  }
}

/// Modelled seconds: what GitHub needs for an answer of this kind.
export function duration(context) {
  if (context.issues > 0) return 0.3 + 0.005 * context.issues
  return 0.25 + 0.0235 * context.nodes
}
