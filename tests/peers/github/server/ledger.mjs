// What was asked of the server, for tests that count.

export class Ledger {
  constructor(clock) {
    this.clock = clock
    this.requests = {}
    this.operations = {}
    this.faults = {}
    this.points = 0
    this.overBudget = 0
    this.secondary = 0
    this.early = 0
    this.nodes = 0
    this.notModified = 0
    this.inFlight = 0
    this.peak = 0
    this.waited = 0n
  }

  count(table, key, n = 1) { this[table][key] = (this[table][key] ?? 0) + n }
  enter() { this.peak = Math.max(this.peak, this.inFlight += 1) }
  leave() { this.inFlight -= 1 }

  print() {
    return {
      requests: this.requests, operations: this.operations, points_spent: this.points, refused_over_budget: this.overBudget,
      refused_secondary: this.secondary, too_early: this.early, faults: this.faults, nodes_served: this.nodes, not_modified: this.notModified,
      concurrent_peak: this.peak, virtual_seconds: this.clock.elapsed, advanced_seconds: Number(this.waited) / 1e9,
    }
  }
}
