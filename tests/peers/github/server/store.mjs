// A made world as the server reads it: indexes in memory, lines from disk when
// asked for. What happens while it serves (touch, merge, rename, vanish) lies
// over it and is forgotten when it ends.

import { openSync, readFileSync, readSync } from 'node:fs'
import { pullRequestId } from '../world/ids.mjs'

const iso = (seconds) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')

/// The pull requests of one repository. A position is a row's number here.
class Pulls {
  constructor(dir, repository) {
    this.repository = repository
    const empty = { number: [], offset: [], length: [], created: [], merged: [], updated: [] }
    this.at = repository.stub ? empty : JSON.parse(readFileSync(`${dir}/pulls/${repository.id}.index.json`, 'utf8'))
    this.file = repository.stub ? -1 : openSync(`${dir}/pulls/${repository.id}.jsonl`, 'r')
    this.positions = new Map(this.at.number.map((n, i) => [n, i]))
    this.added = new Map()
    this.orders = new Map()
  }

  get size() { return this.at.number.length }

  /// Positions sorted by `field` (created, merged, updated), oldest first.
  order(field) {
    let order = this.orders.get(field)
    if (!order) {
      order = Uint32Array.from(this.at.number.keys())
      const [key, number] = [this.at[field], this.at.number]
      order.sort((a, b) => key[a] - key[b] || number[a] - number[b])
      this.orders.set(field, order)
    }
    return order
  }

  /// How many in `order(field)` stand before (seconds, number).
  before(field, seconds, number = -1) {
    const order = this.order(field)
    const key = this.at[field]
    let low = 0
    let high = order.length
    while (low < high) {
      const middle = (low + high) >> 1
      const p = order[middle]
      if (key[p] < seconds || (key[p] === seconds && this.at.number[p] < number)) low = middle + 1
      else high = middle
    }
    return low
  }

  read(position) {
    let row = this.added.get(position)
    if (!row) {
      const line = Buffer.allocUnsafe(this.at.length[position])
      readSync(this.file, line, 0, line.length, this.at.offset[position])
      row = JSON.parse(line.toString())
    }
    row.updatedAt = iso(this.at.updated[position])
    return row
  }

  find(number) {
    const position = this.positions.get(number)
    return position === undefined ? null : this.read(position)
  }

  touch(number, seconds) {
    const position = this.positions.get(number)
    if (position === undefined) return false
    this.at.updated[position] = seconds
    this.orders.delete('updated')
    return true
  }

  /// One more, merged at `seconds`: like the newest but for `fields`.
  merge(seconds, fields) {
    const position = this.size
    const number = fields.number ?? Math.max(0, ...this.at.number) + 1
    const row = {
      ...this.read(position - 1), number, id: pullRequestId(this.repository.id, number), issues: [],
      createdAt: iso(seconds - 3600), updatedAt: iso(seconds), mergedAt: iso(seconds), closedAt: iso(seconds), ...fields,
    }
    this.added.set(position, row)
    this.positions.set(number, position)
    this.at.number.push(number)
    this.at.offset.push(0)
    this.at.length.push(0)
    this.at.created.push(seconds - 3600)
    this.at.merged.push(seconds)
    this.at.updated.push(seconds)
    this.orders.clear()
    return row
  }
}

export class Store {
  constructor(dir) {
    this.dir = dir
    this.world = JSON.parse(readFileSync(`${dir}/world.json`, 'utf8'))
    this.byName = new Map()
    this.byFormer = new Map()
    this.byId = new Map()
    this.loaded = new Map()
    for (const x of this.world.repositories) {
      this.byName.set(`${x.owner}/${x.name}`.toLowerCase(), x)
      this.byId.set(x.id, x)
      for (const old of x.former_names) this.byFormer.set(old.toLowerCase(), x)
    }
  }

  get repositories() { return this.world.repositories }
  visible(x) { return x && !x.private && !x.vanished ? x : null }
  /// Under its name of today.
  named(name) { return this.visible(this.byName.get(name.toLowerCase())) }
  /// Under a name it had.
  formerly(name) { return this.visible(this.byFormer.get(name.toLowerCase())) }
  numbered(id) { return this.visible(this.byId.get(id)) }

  pulls(repository) {
    let x = this.loaded.get(repository.id)
    if (!x) this.loaded.set(repository.id, x = new Pulls(this.dir, repository))
    return x
  }

  git(repository) { return `${this.dir}/git/${repository.git ?? `${repository.owner}/${repository.name}.git`}` }

  rename(repository, name) {
    const old = `${repository.owner}/${repository.name}`
    repository.git ??= `${old}.git`
    this.byName.delete(old.toLowerCase())
    this.byFormer.set(old.toLowerCase(), repository)
    repository.former_names.push(old)
    const [owner, short] = name.split('/')
    Object.assign(repository, { owner, name: short })
    this.byName.set(name.toLowerCase(), repository)
  }
}
