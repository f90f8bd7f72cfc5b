// REST's JSON objects. Most properties are required by GitHub's description
// and read by nobody.

import { read } from '../world/ids.mjs'

const templates = {
  archive_url: '/{archive_format}{/ref}', assignees_url: '/assignees{/user}', blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}', collaborators_url: '/collaborators{/collaborator}', comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}', compare_url: '/compare/{base}...{head}', contents_url: '/contents/{+path}',
  contributors_url: '/contributors', deployments_url: '/deployments', downloads_url: '/downloads', events_url: '/events',
  forks_url: '/forks', git_commits_url: '/git/commits{/sha}', git_refs_url: '/git/refs{/sha}', git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks', issue_comment_url: '/issues/comments{/number}', issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}', keys_url: '/keys{/key_id}', labels_url: '/labels{/name}', languages_url: '/languages',
  merges_url: '/merges', milestones_url: '/milestones{/number}', notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}', releases_url: '/releases{/id}', stargazers_url: '/stargazers', statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers', subscription_url: '/subscription', tags_url: '/tags', teams_url: '/teams', trees_url: '/git/trees{/sha}',
}
const people = {
  followers_url: '/followers', following_url: '/following{/other_user}', gists_url: '/gists{/gist_id}', starred_url: '/starred{/owner}{/repo}',
  subscriptions_url: '/subscriptions', organizations_url: '/orgs', repos_url: '/repos', events_url: '/events{/privacy}', received_events_url: '/received_events',
}

const under = (base, all) => Object.fromEntries(Object.entries(all).map(([key, path]) => [key, base + path]))

export function user(api, login, type = 'User') {
  const url = `${api}/users/${encodeURIComponent(login)}`
  return {
    login, id: 1000 + login.length, node_id: 'U_kgDO', avatar_url: `${api}/avatars/1`, gravatar_id: '', url,
    html_url: `https://github.com/${encodeURIComponent(login)}`, type, site_admin: false, ...under(url, people),
  }
}

export function minimal(api, x) {
  const url = `${api}/repos/${x.owner}/${x.name}`
  const html = `https://github.com/${x.owner}/${x.name}`
  return {
    id: x.id, node_id: x.node_id, name: x.name, full_name: `${x.owner}/${x.name}`, private: x.private,
    owner: user(api, x.owner, 'Organization'), html_url: html, description: x.description, fork: x.fork, url, ...under(url, templates),
  }
}

export function repository(api, x) {
  const html = `https://github.com/${x.owner}/${x.name}`
  return {
    ...minimal(api, x), created_at: x.created_at, updated_at: x.pushed_at ?? x.created_at, pushed_at: x.pushed_at ?? x.created_at,
    git_url: `git://github.com/${x.owner}/${x.name}.git`, ssh_url: `git@github.com:${x.owner}/${x.name}.git`,
    clone_url: `${html}.git`, svn_url: html, homepage: null, size: 1024, stargazers_count: x.stars, watchers_count: x.stars,
    language: x.language, has_issues: true, has_projects: true, has_downloads: true, has_wiki: false, has_pages: false,
    has_discussions: false, forks_count: 3, mirror_url: null, archived: x.archived, disabled: x.disabled, open_issues_count: 0,
    license: null, forks: 3, open_issues: 0, watchers: x.stars, default_branch: x.default_branch, topics: x.topics, visibility: 'public',
  }
}

export const full = (api, x) => ({ ...repository(api, x), network_count: 3, subscribers_count: 7 })
export const found = (api, x) => ({ ...repository(api, x), score: 1 })

/// REST writes a bot as "name[bot]".
const person = (api, x) => {
  if (x === null) return user(api, 'ghost')
  if (typeof x === 'string') return user(api, x)
  return x.__typename === 'Bot' ? user(api, `${x.login}[bot]`, 'Bot') : user(api, x.login)
}

export function pullRequest(api, x, row) {
  const url = `${api}/repos/${x.owner}/${x.name}/pulls/${row.number}`
  const issue = url.replace('/pulls/', '/issues/')
  const html = `https://github.com/${x.owner}/${x.name}/pull/${row.number}`
  const statuses = `${api}/repos/${x.owner}/${x.name}/statuses/${row.headRefOid}`
  const author = person(api, row.author)
  const side = (ref, sha, owner) => ({ label: `${owner.login}:${ref}`, ref, sha, user: owner, repo: repository(api, x) })
  const link = (href) => ({ href })
  return {
    url, id: row.number + x.id, node_id: row.id, html_url: html, diff_url: `${html}.diff`, patch_url: `${html}.patch`, issue_url: issue,
    number: row.number, state: 'closed', locked: false, title: row.title, user: author, body: row.body === '' ? null : row.body,
    created_at: row.createdAt, updated_at: row.updatedAt, closed_at: row.closedAt, merged_at: row.mergedAt,
    merge_commit_sha: row.mergeCommit?.oid ?? null, assignee: null, assignees: [], requested_reviewers: [], requested_teams: [],
    labels: row.labels.map((name, i) => ({ id: i + 1, node_id: 'LA_1', url: `${api}/labels/${i}`, name, color: 'ededed', default: false, description: null })),
    milestone: null, draft: false, commits_url: `${url}/commits`, review_comments_url: `${url}/comments`, review_comment_url: `${url}/comments{/number}`,
    comments_url: `${issue}/comments`, statuses_url: statuses, head: side(row.headRefName, row.headRefOid, author),
    base: side(row.baseRefName, row.baseRefOid, user(api, x.owner, 'Organization')),
    _links: {
      self: link(url), html: link(html), issue: link(issue), comments: link(`${issue}/comments`), review_comments: link(`${url}/comments`),
      review_comment: link(`${url}/comments{/number}`), commits: link(`${url}/commits`), statuses: link(statuses),
    },
    author_association: 'CONTRIBUTOR', auto_merge: null, merged: true, mergeable: null, rebaseable: null, mergeable_state: 'unknown',
    merged_by: row.mergedBy && user(api, row.mergedBy), comments: 0, review_comments: 0, maintainer_can_modify: false, commits: 1,
    additions: row.additions, deletions: row.deletions, changed_files: row.changedFiles,
  }
}

export function code(api, x) {
  const url = `${api}/repositories/${x.id}`
  const sha = `${read(x.node_id).numbers[0].toString(16).padStart(40, '0')}`
  const path = encodeURI(x.suite)
  return {
    name: x.suite.split('/').at(-1), path: x.suite, sha, url: `${url}/contents/${path}?ref=${x.head ?? sha}`, git_url: `${url}/git/blobs/${sha}`,
    html_url: `https://github.com/${x.owner}/${x.name}/blob/${x.head ?? sha}/${path}`, repository: minimal(api, x), score: 1,
  }
}

const statuses = { ADDED: 'added', DELETED: 'removed', MODIFIED: 'modified', RENAMED: 'renamed', COPIED: 'copied', CHANGED: 'changed' }

export function file(api, x, row, entry, diff) {
  const [path, additions, deletions, changeType, previous] = entry
  const where = encodeURI(path)
  const sha = row.headRefOid
  const { patch, blob } = diff
  return {
    sha: blob, filename: path, status: statuses[changeType], additions, deletions, changes: additions + deletions,
    blob_url: `https://github.com/${x.owner}/${x.name}/blob/${sha}/${where}`, raw_url: `https://github.com/${x.owner}/${x.name}/raw/${sha}/${where}`,
    contents_url: `${api}/repos/${x.owner}/${x.name}/contents/${where}?ref=${sha}`,
    ...(patch === undefined ? {} : { patch }), ...(previous ? { previous_filename: previous } : {}),
  }
}
