"""The survey: which benchmarks run, which of them reach the changed code, and
roughly how long a call takes."""
import time

from . import caches, discovery, pool, turns

ENDS = {"signal": "crashed", "exited": "crashed", "memory": "crashed",
        "forged": "error", "timeout": "timeout"}
LEAST_LEFT = 0.5   # seconds before the deadline in which nothing is begun
ERRORS = 16 << 20  # characters of all errors; later ones are cut short
STAY = 3.0         # seconds that a module keeps its turn, at most


class Options:
    """Limits of a survey; seconds but for `sample_ms`.

    @param deadline Seconds until the answer must be there, None for none.
    @param effort Seconds for timing one benchmark after its traced call; a
    slow one then gets fewer samples, but at least one single.
    @param reached_only Whether only those that reach the change are timed.
    """

    def __init__(self, cache, budget, sample_ms=10.0, effort=5.0,
                 reached_only=False, deadline=None):
        self.cache = cache
        self.budget = budget
        self.sample_time = sample_ms / 1000.0
        self.effort = effort
        self.reached_only = reached_only
        self.deadline = deadline


class Survey:
    """@param limits A caches.Limits.
    @param only Pairs (name, texts or index) or None for all.
    @param first Such pairs that come before all others, in this order."""

    def __init__(self, modules, plan, limits, options, only=None, first=()):
        self.started = time.monotonic()
        self.modules = modules
        self.plan = plan
        self.limits = limits
        self.options = options
        self.only = only
        self.first = first
        deadline = options.deadline
        self.until = self.started + (1e9 if deadline is None else deadline)
        self.complete = True
        self.room = ERRORS

    def run(self):
        """@returns the result of the `survey` command, in suite order."""
        self.pool = pool.Pool(self.plan)
        try:
            return self._run()
        finally:
            self.pool.close()

    def _run(self):
        # What is found must also be looked at.
        half = self.started + (self.until - self.started) / 2
        wanted = None if self.only is None else {n for n, _ in self.only}
        found = discovery.Discovery(self.modules, self.pool, half, wanted)
        if self.only is None:
            chosen = list(found.choices())
        else:
            chosen = [found.pick(*pair) for pair in self.only]
        self.caches = caches.Caches(self.options.cache, self.pool, self.limits)
        self.budget_ends = time.monotonic() + self.options.budget
        results = [None] * len(chosen)
        for order in self._orders(found, chosen):
            for place in order:
                begun = time.monotonic()
                results[place] = self._fit(self._one(chosen[place]))
                order.took(time.monotonic() - begun)
        return {"benchmarks": results, "import_errors": found.errors,
                "modules": len(self.modules.names),
                "modules_seen": found.seen,
                "complete": self.complete and found.complete,
                "ignored": found.texts(), "imported": found.imported,
                "python": found.python,
                "seconds": time.monotonic() - self.started}

    def _orders(self, found, chosen):
        """Those whose setup_cache must be made come last: making one may take
        as long as all others together."""
        where = {}
        for place, choice in enumerate(chosen):
            where.setdefault(choice.key, place)
        first = []
        for name, params in self.first:
            place = where.get(found.pick(name, params).key)
            if place is not None:
                first.append(place)
        ready = [c.benchmark is None or self.caches.is_ready(c.benchmark)
                 for c in chosen]
        first.sort(key=lambda place: not ready[place])  # keeps their order
        count = len({c.module for c in chosen}) or 1
        stay = min(STAY, self.options.budget / (4.0 * count))
        rest = [[], []]
        for place, choice in enumerate(chosen):
            rest[not ready[place]].append(
                (choice.module or "", choice.name, place))
        early = set(first)
        yield turns.Turns(rest[0], first, stay)
        yield turns.Turns([r for r in rest[1] if r[2] not in early], (), stay)

    def _fit(self, result):
        if self.room <= 0:
            result["error"] = result["error"][:200]
        self.room -= len(result["error"])
        return result

    def _one(self, choice):
        result = {"status": "ok", "error": "", "executed": [],
                  "reach": "none", "first": None, "singles": [], "loop": [],
                  "worn": [], "number": None, "value": None, "seconds": 0.0,
                  "timeout": None, "version": None, "file": None,
                  "kind": None, "name": choice.name, "params": choice.params,
                  "param_index": choice.index}
        benchmark = choice.benchmark
        if benchmark is None:
            result.update(status="error",
                          error="no such benchmark in the suite")
            return result
        limit = self.limits.of(benchmark)
        result.update({key: benchmark[key] for key in (
            "kind", "version", "file", "pretty_name", "setup_cache")})
        result["timeout"] = limit
        left = self.until - time.monotonic()
        if left < LEAST_LEFT:
            self.complete = False
            result.update(status="left_out",
                          error="the survey's deadline came before")
        elif time.monotonic() > self.budget_ends:
            result.update(status="left_out",
                          error="the survey's time was used up")
        else:
            self._examine(choice, limit, result)
        return result

    def _examine(self, choice, limit, result):
        benchmark = choice.benchmark
        if benchmark["setup_cache"] is None:
            with pool.folder() as cwd:
                self._look(choice, cwd, limit, result)
            return
        try:
            self.caches.prepare(choice.module, benchmark,
                                self.until - LEAST_LEFT / 2)
        except (caches.Failed, OSError) as error:
            result.update(status="error", error=str(error), reach=self._blind)
            return
        self._look(choice, self.caches.folder_of(benchmark), limit, result)

    @property
    def _blind(self):
        """The reach of what ended before it could be seen."""
        return "unknown" if self.plan.watches else "none"

    def _look(self, choice, cwd, limit, result):
        left = self.until - LEAST_LEFT / 2 - time.monotonic()
        cut = left < limit
        options = self.options
        order = {"benchmark": choice.name, "params": choice.params,
                 "cwd": cwd, "limit": min(limit, left),
                 "effort": options.effort,
                 "sample_time": options.sample_time,
                 "reached_only": options.reached_only,
                 "setup_each_call": self.plan.setup_each_call}
        outcome, talk = self.pool.run(
            choice.module, "examine", order, max(0.05, min(limit, left)),
            self.limits.memory_mb, self.until)
        result["reach"] = self._blind
        result.update(talk.parts)
        said = outcome.result
        result.update({key: said[key] for key in ("reach", "executed")
                       if key in said})
        result["seconds"] = outcome.seconds
        if outcome.kind == "done":
            result.update(status=said["status"], error=said["error"])
        elif outcome.kind == "timeout" and cut:
            self.complete = False
            result.update(status="left_out",
                          error="the survey's deadline came during it")
        else:
            result.update(status=ENDS[outcome.kind], error=outcome.detail)
        for each in said.get("shadowed", ()):
            result.update(status="error", error=discovery.shadow_text(each))
