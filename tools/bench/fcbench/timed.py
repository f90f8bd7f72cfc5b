"""The `time` and `prepare` commands: one benchmark in one fresh process, and
the setup_cache that it needs before."""
import time

from . import caches, channel, discovery, pool, workers

PROBES = 5  # empty regions, to know what asking costs
ENDS = {"signal": "crashed", "exited": "crashed", "memory": "crashed",
        "forged": "error", "timeout": "timeout"}


class Options:
    """How to sample. @param number 0 lets the harness choose;
    @param warmup_ms Negative for what ASV would take."""

    def __init__(self, cache, number, samples, warmup_ms, package=None):
        self.cache = cache
        self.number = number
        self.samples = samples
        self.warmup_ms = warmup_ms
        self.package = package


def blank(name, params):
    return {"status": "error", "error": "", "name": name,
            "params": params if isinstance(params, list) else [],
            "first": None, "samples": [], "number": None, "value": None,
            "python": "", "hash_seed": None, "imported": [], "shadowed": [],
            "outside": None}


def prepare(modules, plan, limits, cache, only):
    """@returns the result of the `prepare` command."""
    used = pool.Pool(plan)
    errors, prepared = [], 0
    try:
        found = discovery.Discovery(modules, used, time.monotonic() + 1e9,
                                    {name for name, _ in only})
        made = caches.Caches(cache, used, limits)
        for name in dict.fromkeys(name for name, _ in only):
            if name not in found.benchmarks:
                errors.append({"name": name, "error": "no such benchmark in "
                               "the suite" + _not_imported(found)})
                continue
            module, benchmark = found.benchmarks[name]
            if benchmark["setup_cache"] is None:
                continue
            try:
                made.prepare(module, benchmark, time.monotonic() + 1e9)
                prepared += 1
            except caches.Failed as error:
                errors.append({"name": name, "error": str(error)})
    finally:
        used.close()
    return {"prepared": prepared, "errors": errors}


def _not_imported(found):
    if not found.errors:
        return ""
    return "; not imported: " + "; ".join(
        "%s (%s)" % (each["module"], each["error"].split("\n")[0])
        for each in found.errors[:20])


def time_one(modules, plan, limits, name, params, options):
    """@returns the result of the `time` command."""
    result = blank(name, params)
    # Modules are asked in the order of how likely they have it; the process
    # that has it and nothing else is the one that times.
    problems = []
    for module in modules.likely(name):
        try:
            worker = workers.Worker(plan, PROBES)
        except (workers.Ended, channel.Forged) as end:
            result["error"] = "the tested interpreter %s" % end
            return result
        try:
            until = time.monotonic() + workers.IMPORT_LIMIT
            said = worker.describe(module, until)
            if "error" in said:
                problems.append("%s (%s)" % (
                    module, said["error"].split("\n")[0]))
                continue
            benchmark = next((b for b in said["benchmarks"]
                              if b["name"] == name), None)
            if benchmark is None:
                problems += ["%s (%s)" % (e["module"],
                                          e["error"].split("\n")[0])
                             for e in said["errors"]
                             if e["module"].endswith("." + name)]
                continue
            result["python"] = said["python"]
            choice = _choose(module, benchmark, params, result)
            if choice is not None:
                _run(worker, plan, limits, choice, options, result)
            return result
        except (workers.Ended, channel.Forged) as end:
            problems.append("%s (%s)" % (module, end))
        finally:
            worker.close()
    result["error"] = "no benchmark %s in the suite" % name
    if problems:
        result["error"] += "; not imported: " + "; ".join(problems[:20])
    return result


def _choose(module, benchmark, params, result):
    found = discovery.Discovery.__new__(discovery.Discovery)
    found.benchmarks = {benchmark["name"]: (module, benchmark)}
    found.ignored = []
    choice = found.pick(benchmark["name"], params)
    if choice.benchmark is None:
        if isinstance(params, list):
            result["error"] = "no parameters %s of %s in this process" % (
                ", ".join(params) or "(none)", benchmark["name"])
        else:
            result["error"] = "%s: no parameter index %r" % (
                benchmark["name"], params)
        return None
    result["params"] = choice.params
    return choice


def _run(worker, plan, limits, choice, options, result):
    benchmark = choice.benchmark
    if benchmark["setup_cache"] is None:
        with pool.folder() as cwd:
            _sample(worker, plan, limits, choice, options, cwd, result)
        return
    helpers = pool.Pool(plan)  # setup_cache runs in a process of its own
    try:
        made = caches.Caches(options.cache, helpers, limits)
        made.prepare(choice.module, benchmark, time.monotonic() + 1e9)
    except caches.Failed as error:
        result["error"] = str(error)
        return
    finally:
        helpers.close()
    _sample(worker, plan, limits, choice, options,
            made.folder_of(benchmark), result)


def _sample(worker, plan, limits, choice, options, cwd, result):
    limit = limits.of(choice.benchmark)
    order = {"benchmark": choice.name, "params": choice.params, "cwd": cwd,
             "limit": limit, "number": options.number,
             "samples": options.samples, "warmup": options.warmup_ms / 1000.0,
             "setup_each_call": plan.setup_each_call}
    outcome, talk = worker.run("time", order, limit, limits.memory_mb,
                               fork=False)
    said = outcome.result
    result.update(first=talk.first, samples=talk.samples,
                  outside=talk.outside.answer())
    result.update({key: talk.parts[key] for key in ("number", "value")
                   if key in talk.parts})
    if outcome.kind == "done":
        result.update({key: said[key] for key in (
            "status", "error", "hash_seed", "imported", "shadowed")})
    else:
        result.update(status=ENDS[outcome.kind], error=outcome.detail)
    for each in result["shadowed"]:
        result.update(status="error", error=discovery.shadow_text(each))
