// What GraphQL fields resolve to. Only these rows are ours; the schema and the
// engine are GitHub's and graphql-js'. Names of members are names of fields.

import { GraphQLError } from 'graphql'
import { read } from '../world/ids.mjs'
import { find } from './search.mjs'

export function problem(type, message) {
  const e = new GraphQLError(message)
  e.type = type
  return e
}

const encode = (...parts) => Buffer.from(`cursor:v2:${parts.join(':')}`).toString('base64')

function decode(after) {
  const text = Buffer.from(after, 'base64').toString()
  if (!text.startsWith('cursor:v2:')) throw problem('INVALID_CURSOR_ARGUMENTS', `\`${after}\` does not appear to be a valid cursor.`)
  return text.slice('cursor:v2:'.length).split(':').map(Number)
}

/// A page of a list that is in memory.
function page(all, { first, after }) {
  const from = after ? decode(after)[0] : 0
  const nodes = all.slice(from, from + first)
  const end = from + nodes.length
  return {
    totalCount: all.length, nodes, edges: nodes.map((node, i) => ({ node, cursor: encode(from + i + 1) })),
    pageInfo: { hasNextPage: end < all.length, hasPreviousPage: from > 0, startCursor: nodes.length ? encode(from + 1) : null, endCursor: nodes.length ? encode(end) : null },
  }
}

const actor = (x) => (x === null || typeof x === 'string' ? x && { __typename: 'User', login: x } : x)

export class Issue {
  constructor(x) {
    this.__typename = 'Issue'
    this.row = x
    for (const name of ['id', 'number', 'title', 'body', 'state', 'createdAt']) this[name] = x[name]
    this.author = actor(x.author)
    this.repository = { nameWithOwner: x.repository }
    this.url = `https://github.com/${x.repository}/issues/${x.number}`
  }
  comments(args) { return page(this.row.comments.map((c) => ({ ...c, author: actor(c.author) })), args) }
}

export class PullRequest {
  constructor(sim, repository, x) {
    this.__typename = 'PullRequest'
    this.sim = sim
    this.row = x
    this.home = repository
    for (const name of ['id', 'number', 'title', 'body', 'createdAt', 'updatedAt', 'mergedAt', 'closedAt', 'baseRefName',
      'baseRefOid', 'headRefName', 'headRefOid', 'additions', 'deletions', 'changedFiles'])
      this[name] = x[name]
    this.state = 'MERGED'
    this.merged = true
    this.author = actor(x.author)
    this.mergedBy = actor(x.mergedBy)
  }
  get url() { return `https://github.com/${this.home.owner}/${this.home.name}/pull/${this.number}` }
  get repository() { return new Repository(this.sim, this.home) }
  get baseRepository() { return this.repository }
  get mergeCommit() {
    const x = this.row.mergeCommit
    const parents = ({ first }) => ({ totalCount: x.parents.length, nodes: x.parents.slice(0, first).map((oid) => ({ oid })) })
    return x && { ...x, parents }
  }
  labels(args) { return page(this.row.labels.map((name) => ({ name })), args) }
  files(args) {
    // Lists end at 3,000, as on GitHub.
    return page(this.row.files.slice(0, 3000).map(([path, additions, deletions, changeType]) =>
      ({ path, additions, deletions, changeType })), args)
  }
  closingIssuesReferences(args) { return page(this.row.issues.map((x) => new Issue(x)), args) }
}

const orders = { CREATED_AT: 'created', UPDATED_AT: 'updated' }

export class Repository {
  constructor(sim, x) {
    this.__typename = 'Repository'
    this.sim = sim
    this.x = x
    Object.assign(this, {
      id: x.node_id, databaseId: x.id, name: x.name, nameWithOwner: `${x.owner}/${x.name}`, isFork: x.fork, isArchived: x.archived,
      isPrivate: x.private, isDisabled: x.disabled, stargazerCount: x.stars, createdAt: x.created_at, pushedAt: x.pushed_at,
      description: x.description, primaryLanguage: { name: x.language }, url: `https://github.com/${x.owner}/${x.name}`,
      owner: { __typename: 'Organization', login: x.owner },
    })
  }
  get defaultBranchRef() {
    return this.x.head && { name: this.x.default_branch, target: { __typename: 'Commit', oid: this.x.head } }
  }
  repositoryTopics(args) { return page(this.x.topics.map((name) => ({ topic: { name } })), args) }

  /// By a key that moves with the row: a row touched while others page jumps.
  pullRequests({ first, after, states, orderBy }, context) {
    const { sim } = this
    const field = orders[orderBy?.field ?? 'CREATED_AT']
    if (!field) throw problem('UNPROCESSABLE', `this GitHub does not order by ${orderBy.field}`)
    const pulls = sim.store.pulls(this.x)
    const total = states && !states.includes('MERGED') ? 0 : pulls.size
    const order = pulls.order(field)
    const descending = (orderBy?.direction ?? 'ASC') === 'DESC'
    let start = descending ? total - 1 : 0
    if (after) {
      const [seconds, number] = decode(after)
      start = descending ? pulls.before(field, seconds, number) - 1 : pulls.before(field, seconds, number + 1)
    }
    const step = descending ? -1 : 1
    const left = descending ? start + 1 : total - start
    const n = Math.max(0, Math.min(first, left))
    const at = Array.from({ length: n }, (_, i) => order[start + i * step])
    const cursor = (p) => encode(pulls.at[field][p], pulls.at.number[p])
    return {
      totalCount: total,
      pageInfo: { hasNextPage: left > n, hasPreviousPage: Boolean(after), startCursor: n ? cursor(at[0]) : null, endCursor: n ? cursor(at.at(-1)) : null },
      // Read only when asked for: a count costs nothing.
      nodes: () => at.map((p) => served(context, this.sim, this.x, pulls, p)),
    }
  }

  pullRequest({ number }, context) {
    const row = this.sim.store.pulls(this.x).find(number)
    context.nodes += 1
    if (!row) throw problem('NOT_FOUND', `Could not resolve to a PullRequest with the number of ${number}.`)
    return new PullRequest(this.sim, this.x, row)
  }
}

function served(context, sim, repository, pulls, position) {
  context.nodes += 1
  return new PullRequest(sim, repository, pulls.read(position))
}

function node(sim, id, context) {
  const key = read(id)
  const repository = key && sim.store.numbered(key.numbers[0])
  const missing = () => problem('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'.`)
  if (!repository) return missing()
  if (key.kind === 'R') return new Repository(sim, repository)
  const row = sim.store.pulls(repository).find(key.numbers[1])
  if (!row) return missing()
  if (key.kind === 'PR') return new PullRequest(sim, repository, row)
  context.issues += 1
  const issue = row.issues[key.numbers[2]]
  return issue?.id === id ? new Issue(issue) : missing()
}

/// The root of every query.
export function root(sim) {
  return {
    viewer: (args, context) => ({ __typename: 'User', login: context.token.login }),
    rateLimit: (args, context) => context.budget,
    repository({ owner, name, followRenames = true }) {
      const full = `${owner}/${name}`
      const x = sim.store.named(full) ?? (followRenames ? sim.store.formerly(full) : null)
      if (!x) throw problem('NOT_FOUND', `Could not resolve to a Repository with the name '${full}'.`)
      return new Repository(sim, x)
    },
    node: ({ id }, context) => node(sim, id, context),
    nodes: ({ ids }, context) => ids.map((id) => node(sim, id, context)),
    search({ query, first, after }, context) {
      const found = find(sim.store, query)
      const from = after ? decode(after)[0] : 0
      const end = Math.min(found.reachable, from + first)
      return {
        issueCount: found.count,
        pageInfo: { hasNextPage: end < found.reachable, hasPreviousPage: from > 0, startCursor: encode(from + 1), endCursor: end > from ? encode(end) : null },
        nodes: () => found.rows(from, end - from).map((p) => served(context, sim, found.repository, found.pulls, p)),
      }
    },
  }
}
