// What there is before any history is written: repositories, their sizes, and
// when each pull request was opened, merged and last touched.

import { repositoryId } from './ids.mjs'
import { Random } from './random.mjs'
import { word } from './words.mjs'

const day = 86400
export const iso = (seconds) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
export const seconds = (text) => Date.parse(text) / 1000

/// Heavy-tailed: of 250,000 in 150 parts the biggest is about 35,000.
export function sizes(total, parts, exponent = 0.9) {
  const weights = Array.from({ length: parts }, (_, i) => (i + 1) ** -exponent)
  const sum = weights.reduce((a, b) => a + b, 0)
  const result = weights.map((w) => Math.floor((total * w) / sum))
  let left = total - result.reduce((a, b) => a + b, 0)
  for (let i = 0; left > 0; i = (i + 1) % parts, left -= 1) result[i] += 1
  return result
}

/// 8,400 pull requests of one month: one repository with 5,166, a hundred others.
export function monthSizes(repositories) {
  const busy = Math.min(repositories, 101)
  return [5166, ...sizes(8400 - 5166, busy - 1, 0.6), ...Array(repositories - busy).fill(0)]
}

const oddities = [
  { why: 'fork', fork: true }, { why: 'archived', archived: true }, { why: 'private', private: true },
  { why: 'few stars', stars: 120 }, { why: 'vanished', vanished: true }, { why: 'disabled', disabled: true },
]
const topics = ['python', 'numerics', 'data', 'science', 'parser', 'plotting', 'geo', 'ml']

/// Repositories that pass every policy, then a few that do not.
export function repositories(options) {
  const random = new Random(options.seed, 'repositories')
  const names = new Set()
  const result = []
  const total = options.repositories + (options.oddities ? oddities.length : 0) + options.stubs
  for (let i = 0; i < total; i += 1) {
    let name
    do name = word(random, random.int(2, 4)); while (names.has(name))
    names.add(name)
    const odd = i < options.repositories ? null : oddities[i - options.repositories] ?? { why: 'few stars', stub: true }
    result.push(card(random, i, name, odd))
  }
  if (options.repositories > 2) { // a small world has a renamed one, too
    result[1].former_names = [`${result[1].owner}/old-${result[1].name}`]
    result[2].suite = null
  }
  if (options.repositories > 3) result[3].suite = 'tools/asv.conf.json'
  return result
}

function card(random, i, name, odd) {
  const owner = random.chance(0.4) ? name : `${word(random, 2)}-dev`
  const id = 40_000_000 + i * 977
  const created = seconds('2012-01-01T00:00:00Z') + random.int(0, 2500 * day)
  return {
    id, node_id: repositoryId(id), owner, name,
    former_names: !odd && random.chance(0.06) ? [`${word(random, 2)}/${name}`] : [],
    eligible: !odd, why_not: odd?.why ?? null, stub: odd?.stub ?? false,
    stars: odd?.stub ? random.int(0, 499) : odd?.stars ?? Math.min(60_000, 500 + Math.floor(random.exponential(4000))),
    fork: odd?.fork ?? false, archived: odd?.archived ?? false, private: odd?.private ?? false,
    vanished: odd?.vanished ?? false, disabled: odd?.disabled ?? false,
    created_at: iso(created), pushed_at: null, language: random.chance(0.92) ? 'Python' : 'C++',
    description: random.chance(0.1) ? null : `Tools for ${random.pick(topics)} – ${name}`,
    topics: topics.filter(() => random.chance(0.25)),
    default_branch: random.weighted({ main: 70, master: 25, develop: 5 }),
    suite: random.chance(0.93) ? 'asv.conf.json' : null,
    suite_bytes: 0, head: null, heavy: false, pull_requests: 0,
    requires_python: random.weighted({ '>=3.8': 40, '>=3.9': 30, '>=3.10': 22, '>=3.6': 6, '>=2.7': 2 }),
  }
}

function touched(random, merged, until) {
  const shape = random.next()
  const later = shape < 0.88 ? random.exponential(600)
    : shape < 0.97 ? random.exponential(5 * day) : random.exponential(150 * day)
  return Math.max(merged, Math.min(merged + Math.floor(later), until - 1))
}

/// Pull requests by merge time, numbered by the time they were opened.
/// `recent` of them lie in [options.month, options.until), the others before.
export function timeline(random, count, recent, options) {
  const { from, until } = options
  const split = recent === null ? until : options.month
  const draw = (low, high) => low + Math.floor(random.next() * (high - low))
  const rows = Array.from({ length: count }, (_, i) => ({
    merged: i < count - (recent ?? 0) ? draw(from, split) : draw(split, until),
  }))
  if (count >= 40) { // the edges of a window, and two at one second
    if (recent !== 0) rows[recent === null ? 1 : count - 1].merged = options.month
    rows[2].merged = options.month - 1
    rows[3].merged = rows[4].merged
  }
  rows.sort((a, b) => a.merged - b.merged)
  for (const x of rows) {
    x.created = x.merged - Math.floor(60 + random.exponential(random.chance(0.5) ? 4 * 3600 : 12 * day))
    x.updated = touched(random, x.merged, until)
  }
  // Somebody touched many at once: one second, longer than a page.
  if (count >= 1500) {
    const at = Math.min(until - 1, rows[700].merged + 90 * day)
    for (let i = 0; i < 700; i += 2) rows[i].updated = Math.max(rows[i].updated, at)
  }
  let number = 1
  for (const x of rows.slice().sort((a, b) => a.created - b.created)) {
    x.issues = random.chance(0.35) ? random.int(1, 2) : 0
    x.firstIssue = number
    number += x.issues + (random.chance(0.3) ? random.int(1, 3) : 0)
    x.number = number
    number += 1
  }
  return rows
}
