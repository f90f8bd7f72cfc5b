// REST through Octokit: paging by links, conditional requests, renames, diffs.

import { execFileSync } from 'node:child_process'

const next = (link) => /<([^>]+)>; rel="next"/.exec(link ?? '')?.[1]

async function everyFile(octokit, x, number) {
  const all = []
  let url = `/repos/${x.owner}/${x.name}/pulls/${number}/files?per_page=40`
  while (url) {
    const { data, headers } = await octokit.request(`GET ${url}`)
    all.push(...data)
    url = next(headers.link)
  }
  return all
}

const statuses = { ADDED: 'added', DELETED: 'removed', MODIFIED: 'modified', RENAMED: 'renamed', CHANGED: 'changed' }

export async function rest({ world, truth, same, failure, sim }, octokit, judged) {
  const { path } = await sim('world')
  const x = world.repositories[0]
  const at = { owner: x.owner, repo: x.name }
  const rows = truth(x)
  for (const row of rows.slice(0, 40)) {
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', { ...at, pull_number: row.number })
    same(`REST #${row.number}`, [data.title, data.body, data.merged_at, data.merge_commit_sha, data.changed_files, data.head.sha],
      [row.title, row.body || null, row.mergedAt, row.mergeCommit?.oid ?? null, row.changedFiles, row.headRefOid])
    const files = await everyFile(octokit, x, row.number)
    same(`REST #${row.number} files`, files.map((f) => [f.filename, f.additions, f.deletions, f.status]), row.files.map(([a, b, c, d]) => [a, b, c, statuses[d]]))
    const diff = octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', { ...at, pull_number: row.number, mediaType: { format: 'diff' } })
    if (row.changedFiles > 300) {
      const e = await failure(`diff of ${row.changedFiles} files`, diff)
      same('too large', [e.status, e.response?.data.errors?.[0].code], [406, 'too_large'])
    } else {
      const wanted = execFileSync('git', ['-C', `${path}/git/${x.owner}/${x.name}.git`, 'diff', '-M', row.truth.before, row.truth.after])
      same(`diff #${row.number}`, (await diff).data, wanted.toString())
    }
  }
  await conditional({ octokit, at, same })
  await renamed({ octokit, world, same, judged })
  await searches({ octokit, world, same })
  const limits = (await octokit.request('GET /rate_limit')).data.resources
  same('limits', [limits.core.limit, limits.search.limit, limits.code_search.limit], [5000, 30, 10])
  const gone = await failure('an unknown pull request', octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', { ...at, pull_number: 99_999_999 }))
  same('an unknown pull request', gone.status, 404)
}

async function conditional({ octokit, at, same }) {
  const first = await octokit.request('GET /repos/{owner}/{repo}', at)
  same('weak etag', first.headers.etag.startsWith('W/"'), true)
  const again = await octokit.request('GET /repos/{owner}/{repo}', { ...at, headers: { 'if-none-match': first.headers.etag } }).catch((e) => e)
  same('not modified', [again.status, again.response?.headers['x-ratelimit-remaining']], [304, first.headers['x-ratelimit-remaining']])
}

async function renamed({ octokit, world, same, judged }) {
  for (const x of world.repositories.filter((r) => r.former_names.length > 0 && r.eligible).slice(0, 5)) {
    const [owner, repo] = x.former_names[0].split('/')
    const { data, url } = await octokit.request('GET /repos/{owner}/{repo}', { owner, repo })
    same(`${owner}/${repo} leads`, [data.full_name, data.id, data.node_id], [`${x.owner}/${x.name}`, x.id, x.node_id])
    if (!judged) same(`${owner}/${repo} is moved`, url.endsWith(`/repositories/${x.id}`), true)
  }
}

async function searches({ octokit, world, same }) {
  const suites = world.repositories.filter((x) => x.suite && !x.fork && !x.private && !x.vanished)
  const found = (await octokit.request('GET /search/code', { q: 'filename:asv.conf.json size:0..100000', per_page: 100 })).data
  same('code search', found.total_count, suites.length)
  const small = (await octokit.request('GET /search/code', { q: 'filename:asv.conf.json size:0..190' })).data
  same('a slice', small.total_count, suites.filter((x) => x.suite_bytes <= 190).length)
  if (suites.length > 1000) {
    const last = (await octokit.request('GET /search/code', { q: 'filename:asv.conf.json', per_page: 100, page: 10 })).data
    same('1,000 results', [last.total_count, last.items.length], [suites.length, 100])
    const beyond = await octokit.request('GET /search/code', { q: 'filename:asv.conf.json', per_page: 100, page: 11 }).catch((e) => e)
    same('no more', beyond.status, 422)
  }
  const stars = (await octokit.request('GET /search/repositories', { q: 'language:python stars:>=500 fork:false archived:false' })).data
  same('repository search', stars.total_count, world.repositories.filter((x) => x.stars >= 500 && x.language === 'Python' && !x.fork && !x.archived && !x.private && !x.vanished).length)
}
