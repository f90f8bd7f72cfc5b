// The shipped queries through Octokit and its paging.

const byNumber = (a, b) => a.number - b.number

/// What a row of the truth looks like through PullRequestFacts.
export function expected(x) {
  return {
    id: x.id, number: x.number, title: x.title, body: x.body, createdAt: x.createdAt, updatedAt: x.updatedAt, mergedAt: x.mergedAt,
    closedAt: x.closedAt, baseRefName: x.baseRefName, baseRefOid: x.baseRefOid, headRefName: x.headRefName, headRefOid: x.headRefOid,
    additions: x.additions, deletions: x.deletions, changedFiles: x.changedFiles,
    author: x.author && { __typename: x.author.__typename, login: x.author.login },
    mergeCommit: x.mergeCommit && { oid: x.mergeCommit.oid, committedDate: x.mergeCommit.committedDate },
    labels: { totalCount: x.labels.length, nodes: x.labels.slice(0, 30).map((name) => ({ name })) },
    files: { totalCount: x.files.length, nodes: x.files.slice(0, 100).map(([path, additions, deletions, changeType]) => ({ path, additions, deletions, changeType })) },
    closingIssuesReferences: {
      totalCount: x.issues.length,
      nodes: x.issues.slice(0, 10).map(({ id, number, repository }) => ({ id, number, repository: { nameWithOwner: repository } })),
    },
  }
}

/// Files behind the first 100.
const restOfFiles = `query($id: ID!, $cursor: String) { node(id: $id) { ... on PullRequest {
  files(first: 100, after: $cursor) { totalCount pageInfo { hasNextPage endCursor } nodes { path additions deletions changeType } } } } }`

/// The plugin wants its variable to be called $cursor.
const paging = (text) => text.replaceAll('$after', '$cursor')
const seconds = (text) => Date.parse(text) / 1000

export async function graphql({ world, truth, text, client, same, failure, sim }) {
  const octokit = client()
  const list = paging(text('list_merged', 'pull_request_facts'))
  const many = []
  for (const x of world.repositories.filter((r) => r.eligible)) {
    const rows = truth(x)
    const { repository } = await octokit.graphql.paginate(list, { owner: x.owner, name: x.name, pageSize: 40 })
    const got = repository.pullRequests.nodes
    same(`${x.name} order`, got.every((p, i) => i === 0 || got[i - 1].updatedAt >= p.updatedAt), true)
    for (const p of got) if (p.files.pageInfo.hasNextPage) many.push([x, p])
    const plain = got.map(({ ...p }) => {
      const { totalCount, nodes } = p.files
      return { ...p, files: { totalCount, nodes } }
    })
    plain.sort(byNumber)
    rows.sort(byNumber)
    same(`${x.name} count`, [plain.length, repository.pullRequests.totalCount], [rows.length, rows.length])
    rows.forEach((row, i) => same(`${x.name}#${row.number}`, plain[i], expected(row)))
    await windows({ octokit, x, rows, text, same })
    await issues({ octokit, rows, text, same })
  }
  for (const [x, p] of many.slice(0, 12)) {
    const rest = await octokit.graphql.paginate(restOfFiles, { id: p.id, cursor: p.files.pageInfo.endCursor })
    const paths = [...p.files.nodes, ...rest.node.files.nodes].map((f) => f.path)
    same(`${x.name}#${p.number} files`, paths, truth(x).find((r) => r.number === p.number).files.map((f) => f[0]))
  }
  await cards({ octokit, world, text, same })
  await numbers({ octokit, world, truth, text, same, failure })
  await refusals({ octokit, client, text, same, failure, world })
  const { rateLimit, viewer } = await octokit.graphql(text('budget'))
  const ledger = await sim('ledger')
  same('points', [rateLimit.limit - rateLimit.remaining, viewer.login], [ledger.points_spent, 'tester-1'])
}

/// Search gives the rows of a window, both ends in it, and 1,000 at most.
async function windows({ octokit, x, rows, text, same }) {
  const merged = rows.map((r) => seconds(r.mergedAt)).sort((a, b) => a - b)
  const [first, last] = [merged[merged.length >> 2] ?? 0, merged[(merged.length * 3) >> 2] ?? 1]
  const time = (s) => new Date(s * 1000).toISOString().replace('.000Z', 'Z')
  const q = `repo:${x.owner}/${x.name} is:pr is:merged merged:${time(first)}..${time(last)} sort:created-asc`
  const { search } = await octokit.graphql.paginate(paging(text('search_merged', 'pull_request_facts')), { q, pageSize: 30 })
  const wanted = rows.filter((r) => seconds(r.mergedAt) >= first && seconds(r.mergedAt) <= last)
  same(`${x.name} search count`, search.issueCount, wanted.length)
  same(`${x.name} search cap`, search.nodes.length, Math.min(1000, wanted.length))
  same(`${x.name} search order`, search.nodes.map((r) => r.createdAt), wanted.map((r) => r.createdAt).sort().slice(0, 1000))
  const name = `${x.owner}/${x.name}`
  for (const old of x.former_names)
    same(`${old} found`, (await octokit.graphql(`query($q: String!) { search(type: ISSUE, query: $q, first: 1) { issueCount } }`, { q: q.replace(name, old) })).search.issueCount, 0)
}

async function issues({ octokit, rows, text, same }) {
  const all = rows.flatMap((r) => r.issues).slice(0, 100)
  if (all.length === 0) return
  const { nodes } = await octokit.graphql(text('issue_texts'), { ids: all.map((x) => x.id) })
  all.forEach((x, i) => same(`issue ${x.id}`, nodes[i], {
    __typename: 'Issue', id: x.id, number: x.number, title: x.title, body: x.body, state: x.state, createdAt: x.createdAt,
    repository: { nameWithOwner: x.repository },
    comments: { totalCount: x.comments.length, nodes: x.comments.slice(0, 50).map(({ author, createdAt, isMinimized, body }) => ({ author: author && { login: author.login }, createdAt, isMinimized, body })) },
  }))
}

/// Several cards under aliases; old names lead to the new one.
async function cards({ octokit, world, text, same }) {
  const known = world.repositories.filter((r) => !r.private && !r.vanished && !r.stub).slice(0, 20)
  const names = known.map((x) => x.former_names[0] ?? `${x.owner}/${x.name}`)
  const variables = Object.fromEntries(names.flatMap((n, i) => [[`o${i}`, n.split('/')[0]], [`n${i}`, n.split('/')[1]], [`q${i}`, `repo:${n} is:pr is:merged`]]))
  const head = Object.keys(variables).map((v) => `$${v}: String!`).join(', ')
  const fields = names.map((_, i) => `r${i}: repository(owner: $o${i}, name: $n${i}) { ...RepositoryCard } c${i}: search(type: ISSUE, query: $q${i}, first: 1) { issueCount }`)
  const reply = await octokit.graphql(`query Cards(${head}) { rateLimit { cost } ${fields.join(' ')} }\n${text('repository_card')}`, variables)
  same('price of cards', reply.rateLimit.cost, Math.max(1, Math.round((3 * known.length) / 100)))
  known.forEach((x, i) => {
    const card = reply[`r${i}`]
    same(`card ${names[i]}`, [card.id, card.nameWithOwner, card.isFork, card.isArchived, card.stargazerCount, card.mergedPullRequests.totalCount, card.defaultBranchRef.target.oid, card.defaultBranchRef.name],
      [x.node_id, `${x.owner}/${x.name}`, x.fork, x.archived, x.stars, x.pull_requests, x.head, x.default_branch])
    same(`count ${names[i]}`, reply[`c${i}`].issueCount, x.former_names[0] ? 0 : x.pull_requests)
  })
}

/// Several by number; one that is not there leaves the others whole.
async function numbers({ octokit, world, truth, text, same, failure }) {
  const x = world.repositories[0]
  const rows = truth(x).slice(0, 9)
  const fields = rows.map((_, i) => `p${i}: pullRequest(number: $n${i}) { ...PullRequestFacts }`).join(' ')
  const head = rows.map((_, i) => `, $n${i}: Int!`).join('')
  const query = `query ByNumber($owner: String!, $name: String!${head}) { repository(owner: $owner, name: $name) { ${fields} } }\n${text('pull_request_facts')}`
  const asked = { owner: x.owner, name: x.name, ...Object.fromEntries(rows.map((r, i) => [`n${i}`, r.number])) }
  const { repository } = await octokit.graphql(query, asked)
  rows.forEach((r, i) => same(`#${r.number} by number`, [repository[`p${i}`].title, repository[`p${i}`].headRefOid], [r.title, r.headRefOid]))
  const e = await failure('a number that is not there', octokit.graphql(query, { ...asked, n3: 999_999_999 }))
  same('a number that is not there', [e.errors?.[0].type, e.errors?.[0].path, e.data?.repository.p3, e.data?.repository.p4.number], ['NOT_FOUND', ['repository', 'p3'], null, rows[4].number])
}

async function refusals({ octokit, client, text, same, failure, world }) {
  const list = text('list_merged', 'pull_request_facts')
  for (const x of world.repositories.filter((r) => r.private || r.vanished)) {
    const e = await failure(`a ${x.why_not} repository`, octokit.graphql(list, { owner: x.owner, name: x.name, pageSize: 5 }))
    same(`${x.why_not} error`, [e.errors?.[0].type, e.errors?.[0].path, e.data?.repository], ['NOT_FOUND', ['repository'], null])
  }
  const wrong = await failure('a wrong field', octokit.graphql('{ viewer { shoeSize } }'))
  same('a wrong field', wrong.errors?.[0].message, 'Cannot query field "shoeSize" on type "User".')
  const bad = await failure('a bad token', client({ auth: 'nobody' }).graphql('{ viewer { login } }'))
  same('a bad token', [bad.status, bad.response?.data.message], [401, 'Bad credentials'])
  const weak = await failure('a token without rights', client({ auth: 'no-rights' }).graphql('{ viewer { login } }'))
  same('a token without rights', [weak.status, weak.response?.data.message], [403, 'Resource not accessible by personal access token'])
}
