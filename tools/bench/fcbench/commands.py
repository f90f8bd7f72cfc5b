"""The commands, from checked options to the result."""
from time import monotonic

from . import comparing, pool, startup, timed
from . import discovery as found_in
from . import survey as surveys

MOST_WATCHED = 20000  # functions; of more, whole modules are watched


class Plan(pool.Plan):
    @property
    def watches(self):
        return bool(self.watch)


def watch(functions, modules, data, options, extensions):
    """Arguments of a trace.Watch."""
    if len(functions) > MOST_WATCHED:
        modules = sorted(set(modules) | {f["file"] for f in functions})
        functions = []
    keys = ("file", "qualname", "first_line", "last_line")
    return {"functions": [{k: f[k] for k in keys} for f in functions],
            "modules": list(modules), "data": list(data),
            "sites": options.site, "tree": options.tree,
            "extensions": extensions}


def listing(modules, plan, limits):
    used = pool.Pool(plan)
    try:
        found = found_in.Discovery(modules, used, monotonic() + 1e9)
        entries = []
        for choice in found.choices():
            entry = dict(choice.benchmark)
            del entry["axes"], entry["cache_timeout"]
            entry.update(params=choice.params, param_index=choice.index,
                         timeout=limits.of(choice.benchmark))
            entries.append(entry)
        return {"benchmarks": entries, "errors": found.errors,
                "ignored": found.texts(), "python": found.python}
    finally:
        used.close()


def survey(modules, plan, limits, options, only, first):
    wanted = surveys.Options(options.cache, options.budget,
                             options.sample_ms, options.effort,
                             options.reached_only, options.deadline)
    return surveys.Survey(modules, plan, limits, wanted, only, first).run()


def prepare(modules, plan, limits, options, only):
    return timed.prepare(modules, plan, limits, options.cache, only)


def time(modules, plan, limits, options, params):
    sampling = timed.Options(options.cache, options.number, options.samples,
                             options.warmup_ms, options.package)
    return timed.time_one(modules, plan, limits, options.benchmark, params,
                          sampling)


def targets(options, files):
    return comparing.compare(startup.interpreter(options.python),
                             options.base, options.patched, files)
