// The words of a pull request: everything GraphQL serves that git does not hold.

import { issueId, pullRequestId } from './ids.mjs'
import { iso } from './plan.mjs'
import { author, body, label, person, sentence, title, word } from './words.mjs'

/// Cases that every repository of 40 or more holds at least once, in this order.
export const showcase = [
  {}, {}, { kind: 'rebase' }, { kind: 'merge' }, { kind: 'no_commit' }, { kind: 'other_branch' },
  { author: null }, { author: { __typename: 'Bot', login: 'dependabot' } }, { many: 101 }, { many: 100 },
  { many: 150 }, { body: '' }, { title: 'Fix caf\ufffd rendering', raw: true }, { paths: 'strange' },
  { paths: 'invalid' }, { paths: 'rename' }, { paths: 'mode' }, { paths: 'binary' }, { labels: 35 },
  { issues: 12 }, { comments: 60 }, { foreign: true }, { many: 0 }, { title: `Support ${'very '.repeat(48)}long` },
  { title: '' }, { body: 'x'.repeat(65_536) }, { many: 240 }, { kind: 'rebase' }, { many: 320 },
]

export function kindOf(random, repository) {
  return random.weighted(repository.merge_style === 'merge'
    ? { merge: 80, squash: 12, rebase: 5, other_branch: 2.7, no_commit: 0.3 }
    : { squash: 82, merge: 8, rebase: 6, other_branch: 3.7, no_commit: 0.3 })
}

function comments(random, n, after) {
  return Array.from({ length: n }, (_, i) => ({
    author: random.chance(0.02) ? null : { __typename: 'User', login: person(random) },
    createdAt: iso(after + i * 3600), isMinimized: random.chance(0.03), body: sentence(random),
  }))
}

function issue(random, repository, row, at, number, special) {
  const created = row.created - random.int(3600, 90 * 86400)
  return {
    id: issueId(repository.id, row.number, at, number), number,
    repository: special.foreign ? `${repository.owner}/${repository.name}-tracker` : `${repository.owner}/${repository.name}`,
    title: title(random).title, body: body(random, []), state: 'CLOSED', createdAt: iso(created),
    author: { __typename: 'User', login: person(random) },
    comments: comments(random, special.comments ?? random.int(0, 6), created),
  }
}

/// What people wrote. `row` is one of the timeline.
export function facts(random, repository, row, special) {
  const words = title(random)
  const count = special.issues ?? (special.comments || special.foreign ? 1 : row.issues)
  const issues = Array.from({ length: count }, (_, i) =>
    issue(random, repository, row, i, row.firstIssue + Math.min(i, Math.max(0, row.issues - 1)), special))
  const by = special.author !== undefined ? special.author : author(random, words.kind)
  return {
    number: row.number, id: pullRequestId(repository.id, row.number),
    title: special.title ?? words.title,
    body: special.body ?? body(random, issues.map((x) => x.number)),
    createdAt: iso(row.created), updatedAt: iso(row.updated), mergedAt: iso(row.merged), closedAt: iso(row.merged),
    author: by, mergedBy: random.chance(0.01) ? null : person(random),
    headRefName: random.chance(0.02) ? `überarbeitet/${row.number}` : `${word(random, 2)}-${row.number}`,
    labels: special.labels ? Array.from({ length: special.labels }, (_, i) => `label ${i + 1}`)
      : [...new Set(Array.from({ length: random.int(0, 3) }, () => label(random)))],
    issues,
    truth: { kind: null, before: null, after: null, words: words.kind },
  }
}
