// Cuts GitHub's REST description down to the paths that are used:
//   node cut.mjs api.github.com.json github-subset.json
// The description is generated/api.github.com.json of npm's @octokit/openapi
// (13 MB of 393 MB, hence not a dependency). Six faults are repaired, marked below.

import { readFileSync, writeFileSync } from 'node:fs'

const [, , source, out] = process.argv
const description = JSON.parse(readFileSync(source, 'utf8'))
const gets = [
  '/repos/{owner}/{repo}', '/repos/{owner}/{repo}/pulls', '/repos/{owner}/{repo}/pulls/{pull_number}',
  '/repos/{owner}/{repo}/pulls/{pull_number}/files', '/repos/{owner}/{repo}/issues/{issue_number}',
  '/repos/{owner}/{repo}/issues/{issue_number}/comments', '/repos/{owner}/{repo}/commits/{ref}',
  '/repos/{owner}/{repo}/compare/{basehead}', '/repos/{owner}/{repo}/contents/{path}',
  '/repos/{owner}/{repo}/git/trees/{tree_sha}', '/search/repositories', '/search/code', '/search/issues', '/rate_limit', '/user',
]
const posts = ['/app/installations/{installation_id}/access_tokens']
const paths = {}
for (const path of gets) if (description.paths[path]) paths[path] = { get: description.paths[path].get }
for (const path of posts) paths[path] = { post: description.paths[path].post }

// 1. Paths by number are served (links and renames lead to them) but not described.
for (const tail of ['', '/pulls/{pull_number}', '/pulls/{pull_number}/files']) {
  const get = structuredClone(paths[`/repos/{owner}/{repo}${tail}`].get)
  get.operationId += '-by-id'
  const named = (x) => ['owner', 'repo'].includes(x.$ref?.split('/').pop())
  get.parameters = [{ name: 'repository_id', in: 'path', required: true, schema: { type: 'integer' } }, ...get.parameters.filter((x) => !named(x))]
  paths[`/repositories/{repository_id}${tail}`] = { get }
}
description.paths = paths
delete description['x-webhooks']

// Only what is still reachable.
const used = new Set()
function walk(x) {
  if (Array.isArray(x)) return x.forEach(walk)
  if (!x || typeof x !== 'object') return undefined
  if (typeof x.$ref === 'string') {
    const [, , kind, name] = x.$ref.split('/')
    if (!used.has(`${kind}/${name}`)) {
      used.add(`${kind}/${name}`)
      walk(description.components[kind][name])
    }
  }
  return Object.values(x).forEach(walk)
}
walk(paths)
const components = {}
for (const id of used) {
  const [kind, name] = id.split('/')
  components[kind] ??= {}
  components[kind][name] = description.components[kind][name]
}
description.components = components

// 2. Only application/json is declared: the recommended media type got 406.
for (const path of Object.values(paths))
  for (const method of Object.values(path))
    for (const reply of Object.values(method.responses)) {
      const real = reply.$ref ? components.responses[reply.$ref.split('/').pop()] : reply
      const json = real.content?.['application/json']
      if (json) real.content = { 'application/json': json, 'application/vnd.github+json': json, ...real.content }
    }

// 3. A pull request's diff is served but not declared.
const ok = (path) => paths[path].get.responses['200'].content
for (const home of ['/repos/{owner}/{repo}', '/repositories/{repository_id}'])
  ok(`${home}/pulls/{pull_number}`)['application/vnd.github.diff'] = ok('/repos/{owner}/{repo}/commits/{ref}')['application/vnd.github.diff']

// 4. The same for raw contents.
ok('/repos/{owner}/{repo}/contents/{path}')['application/vnd.github.raw+json'] = {
  schema: { type: 'object' }, examples: { default: { value: { version: 1, project: 'x' } } },
}

// 5. Every GET answers 304 to a tag that still holds; only some say so.
for (const path of Object.values(paths))
  if (path.get) path.get.responses['304'] ??= { $ref: '#/components/responses/not_modified' }

// 6. Some examples are written {value: {$ref}}.
function repair(x) {
  if (Array.isArray(x)) return x.forEach(repair)
  if (!x || typeof x !== 'object') return undefined
  for (const [key, example] of Object.entries(x.examples ?? {}))
    if (example?.value?.$ref) x.examples[key] = { $ref: example.value.$ref }
  return Object.values(x).forEach(repair)
}
repair(paths)
writeFileSync(out, `${JSON.stringify(description)}\n`)
