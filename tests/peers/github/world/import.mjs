// A bare repository written by `git fast-import`, without a work tree. Marks
// name objects until the import has ended; then `sha(mark)` tells their names.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const config = `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
[uploadpack]
\tallowFilter = true
\tallowAnySHA1InWant = true
`

export class Import {
  constructor(path, head) {
    this.path = path
    this.marks = 0
    this.lines = 0 // how many were made, so that each is unique
    this.commits = new Set()
    this.parts = []
    this.size = 0
    mkdirSync(`${path}/objects`, { recursive: true })
    mkdirSync(`${path}/refs/heads`, { recursive: true })
    writeFileSync(`${path}/config`, config)
    writeFileSync(`${path}/HEAD`, `ref: refs/heads/${head}\n`)
    this.git = spawn('git', [
      '-c', 'core.compression=1', '-c', 'fastimport.unpackLimit=1', '-C', path,
      'fast-import', '--quiet', '--done', `--export-marks=${path}/marks`,
    ], { stdio: ['pipe', 'ignore', 'inherit'] })
    this.ended = once(this.git, 'exit')
  }

  write(part) {
    this.parts.push(part)
    this.size += part.length
  }

  /// Text before it grows beyond a few megabytes; call it between commits.
  async flush(limit = 1 << 21) {
    if (this.size < limit) return
    const whole = this.parts.some((x) => typeof x !== 'string')
      ? Buffer.concat(this.parts.map((x) => Buffer.from(x))) : this.parts.join('')
    this.parts = []
    this.size = 0
    if (!this.git.stdin.write(whole)) await once(this.git.stdin, 'drain')
  }

  blob(text) {
    this.marks += 1
    this.write(`blob\nmark :${this.marks}\ndata ${Buffer.byteLength(text)}\n${text}\n`)
    return this.marks
  }

  /// {ref, who, at, message, raw, from, merge, commands}: the commit's mark.
  commit(x) {
    this.marks += 1
    this.commits.add(this.marks)
    const message = x.raw ? Buffer.from(x.message.replaceAll('\ufffd', '\u00e9'), 'latin1') : Buffer.from(x.message)
    const who = x.who ?? 'ghost'
    const by = `${who} <${who}@users.example> ${x.at} +0000`
    this.write(`commit ${x.ref}\nmark :${this.marks}\nauthor ${by}\ncommitter ${by}\ndata ${message.length}\n`)
    this.write(x.raw ? message : x.message)
    this.write(`\n${x.from ? `from :${x.from}\n` : ''}${x.merge ? `merge :${x.merge}\n` : ''}${x.commands.join('')}\n`)
    return this.marks
  }

  /// Ends the import; `refs` is [[name, mark]].
  async finish(refs) {
    this.write('done\n')
    await this.flush(0)
    this.git.stdin.end()
    const [code] = await this.ended
    if (code !== 0) throw new Error(`git fast-import in ${this.path} ended with ${code}`)
    this.names = new Map()
    for await (const line of createInterface({ input: createReadStream(`${this.path}/marks`) })) {
      const space = line.indexOf(' ')
      const mark = Number(line.slice(1, space))
      if (this.commits.has(mark)) this.names.set(mark, line.slice(space + 1))
    }
    // One file of names: a loose file for each would cost a block each.
    rmSync(`${this.path}/refs`, { recursive: true })
    mkdirSync(`${this.path}/refs/heads`, { recursive: true })
    rmSync(`${this.path}/marks`)
    const rows = refs.map(([name, mark]) => `${this.sha(mark)} ${name}\n`)
    rows.sort((a, b) => Buffer.compare(Buffer.from(a.slice(41)), Buffer.from(b.slice(41))))
    writeFileSync(`${this.path}/packed-refs`, `# pack-refs with: peeled fully-peeled sorted \n${rows.join('')}`)
  }

  sha(mark) {
    const name = this.names.get(mark)
    if (!name) throw new Error(`no commit has mark ${mark}`)
    return name
  }
}

/// For tests of the generator: what a repository's refs are.
export const packedRefs = (path) => readFileSync(`${path}/packed-refs`, 'utf8')
