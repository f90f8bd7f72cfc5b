// Paths of the simulation, not of GitHub: /__sim/...

import { resolve } from 'node:path'

const iso = /^\d{4}-\d\d-\d\dT/

function repository(sim, { repo }) {
  const x = sim.store.byName.get(String(repo).toLowerCase())
  if (!x) throw new Error(`no such repository: ${repo}`)
  return x
}

const commands = {
  clock: (sim) => ({ now_ns: String(sim.clock.now), now: sim.clock.iso() }),

  /// A client waited, or did something that takes time; `kind` counts it.
  advance(sim, { ns, kind }) {
    if (!/^\d+$/.test(String(ns))) throw new Error('advance wants {"ns": "nanoseconds"}')
    sim.clock.advance(ns)
    sim.ledger.waited += BigInt(ns)
    if (kind) sim.ledger.count('operations', kind)
    return commands.clock(sim)
  },

  /// Where the truth is.
  world: (sim) => ({ path: resolve(sim.options.world), tokens: sim.options.tokens }),

  /// Absolute addresses begin with `api` from now on: something stands in front.
  api(sim, { api }) {
    sim.options.api = api
    return { api }
  },

  /// The next JSON reply of REST lacks the property `drop`, wherever it is.
  spoil(sim, { drop }) {
    sim.drop = drop
    return { drop }
  },

  ledger: (sim) => sim.ledger.print(),

  fault(sim, x) {
    sim.faults.arm(x)
    return { armed: sim.faults.armed.length }
  },

  touch(sim, x) {
    const at = iso.test(x.at ?? '') ? Date.parse(x.at) / 1000 : sim.clock.seconds
    if (!sim.store.pulls(repository(sim, x)).touch(x.number, at)) throw new Error(`no such pull request: ${x.repo}#${x.number}`)
    return { updatedAt: sim.clock.iso(at) }
  },

  merge(sim, x) {
    const home = repository(sim, x)
    const { number, id, mergedAt } = sim.store.pulls(home).merge(sim.clock.seconds, x.fields ?? {})
    home.pushed_at = mergedAt
    return { number, id, mergedAt }
  },

  rename(sim, x) {
    sim.store.rename(repository(sim, x), x.to)
    return { renamed: x.to }
  },

  vanish(sim, x) {
    repository(sim, x)[x.private ? 'private' : 'vanished'] = x.back !== true
    return { vanished: x.back !== true }
  },
}

/// {status, body} of a control request.
export function control(sim, path, text) {
  const name = path.slice('/__sim/'.length)
  if (!(name in commands)) return { status: 404, body: { error: `one of ${Object.keys(commands).join(', ')}` } }
  try {
    return { status: 200, body: commands[name](sim, text ? JSON.parse(text) : {}) }
  } catch (e) {
    return { status: 400, body: { error: e.message } }
  }
}
