// Node ids: opaque to clients, readable by the server without an index.

function make(prefix, numbers) {
  const bytes = Buffer.alloc(numbers.length * 4)
  numbers.forEach((x, i) => bytes.writeUInt32BE(x, i * 4))
  return `${prefix}_kwDO${bytes.toString('base64url')}`
}

export const repositoryId = (repository) => make('R', [repository])
export const pullRequestId = (repository, number) => make('PR', [repository, number])
export const issueId = (repository, number, at, issue) => make('I', [repository, number, at, issue])

/// {kind, numbers} or null.
export function read(id) {
  const match = /^(R|PR|I)_kwDO([A-Za-z0-9_-]+)$/.exec(id)
  if (!match) return null
  const bytes = Buffer.from(match[2], 'base64url')
  if (bytes.length % 4 !== 0 || bytes.length !== { R: 4, PR: 8, I: 16 }[match[1]]) return null
  const numbers = []
  for (let i = 0; i < bytes.length; i += 4) numbers.push(bytes.readUInt32BE(i))
  return { kind: match[1], numbers }
}
