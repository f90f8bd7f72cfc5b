"""The survey: which benchmarks run, which of them reach the changed code, and
roughly how long a call takes. Each benchmark has a forked child of its own.
"""
import gc
import time

from . import (cache, isolate, memory, model, output, timeraw, timing, trace,
               turns)

SINGLES = 5
LOOPS = 3
ENDS = {"signal": "crashed", "exited": "crashed", "memory": "crashed",
        "timeout": "timeout"}


class Options:
    """Limits of a survey; seconds but for `sample_ms`.

    @param effort Seconds for timing one benchmark after its traced call; a
    slow one then gets fewer samples, but at least one single.
    @param reached_only Whether only those that reach the change are timed.
    """

    def __init__(self, cache_dir, timeout, budget, sample_ms=10.0,
                 memory_mb=0, effort=5.0, reached_only=False):
        self.cache_dir = cache_dir
        self.timeout = timeout
        self.budget = budget
        self.sample_time = sample_ms / 1000.0
        self.memory_mb = memory_mb
        self.effort = effort
        self.reached_only = reached_only


def survey(suite, watch, options, only=None, first=()):
    """@param suite Installed, not yet imported.
    @param only Pairs (name, param_index) or None for all.
    @param first Such pairs that come before all others, in this order.
    @returns the result of the `survey` command, in the suite's order."""
    started = time.monotonic()
    benchmarks = suite.benchmarks()
    chosen = _choose(benchmarks, only)
    gc.collect()
    gc.freeze()  # children then share these pages with us
    failed_caches = {}
    results = [None] * len(chosen)
    order = turns.Turns(((each[0], place) for place, each
                         in enumerate(chosen)),
                        _places(chosen, first))
    for place in order:
        name, index, texts, benchmark = chosen[place]
        begun = time.monotonic()
        if benchmark is None:
            result = _blank("error", "no such benchmark in the suite")
        elif time.monotonic() - started > options.budget:
            result = _blank("left_out", "the survey's time was used up")
        else:
            result = _examine(benchmark, index, watch, options, failed_caches)
        result.update(name=name, param_index=index, params=texts,
                      kind=benchmark.kind if benchmark else None)
        results[place] = result
        order.took(time.monotonic() - begun)
    return {"benchmarks": results, "import_errors": suite.errors,
            "seconds": time.monotonic() - started}


def _choose(benchmarks, only):
    if only is None:
        return [(b.name, index, texts, b) for b in benchmarks
                for index, texts in b.combinations()]
    named = {b.name: b for b in benchmarks}
    result = []
    for name, index in only:
        benchmark = named.get(name)
        known = dict(benchmark.combinations()) if benchmark else {}
        if index not in known:
            benchmark = None
        result.append((name, index, known.get(index, []), benchmark))
    return result


def _places(chosen, wanted):
    where = {each[:2]: place for place, each in enumerate(chosen)}
    return [where[pair] for pair in wanted if pair in where]


def _blank(status, error=""):
    return {"status": status, "error": error, "executed": [], "reach": "none",
            "first": None, "singles": [], "loop": [], "worn": [],
            "number": None,
            "value": None, "seconds": 0.0}


def _examine(benchmark, index, watch, options, failed_caches):
    result = _blank("ok")
    key = benchmark.cache_key
    try:
        if key in failed_caches:
            raise failed_caches[key]
        cache.prepare(benchmark, options.cache_dir)
    except Exception as error:
        failed_caches[key] = error
        result.update(status="error", error=cache.problem(error))
        return result
    watch.clear()
    outcome = isolate.run(
        lambda: measure(benchmark.case(index), watch, options),
        timeout=options.timeout, memory_mb=options.memory_mb)
    loaded = watch.loaded()
    if outcome.kind == "done":
        loaded = outcome.result.pop("loaded", loaded)
        result.update(outcome.result)
    else:
        result.update(status=ENDS[outcome.kind], error=outcome.detail)
    result.update(executed=watch.executed(), reach=watch.reach(loaded),
                  seconds=outcome.seconds)
    return result


def measure(case, watch, options):
    """The child's work. @returns what it adds to the blank result."""
    result = {}
    try:
        result["status"] = "ok" if _run(case, watch, options,
                                        result) else "skipped"
    except BaseException as error:
        watch.stop()
        if type(error).__name__ == "SkipNotImplemented":
            result["status"] = "skipped"
        else:
            result.update(status="error", error=output.describe(error))
    result["loaded"] = watch.loaded()
    return result


def _run(case, watch, options, result):
    if case.left_out():
        return False
    started = time.monotonic()
    cache.load(case, options.cache_dir)
    watch.install()
    if not case.setup():
        return False
    try:
        if case.benchmark.kind in ("time", "timeraw"):
            _time(case, watch, options, result, started)
        else:
            watch.start()
            value = case.caller()()
            watch.stop()
            result["value"] = value_of(case.benchmark.kind, value)
    finally:
        case.teardown()
    return True


def value_of(kind, value):
    """What a benchmark that is not timed reports."""
    if kind == "mem":
        return memory.object_size(value)
    if kind == "peakmem":
        return memory.peak_bytes()
    return float(value)


def timer_of(case):
    if case.benchmark.kind == "timeraw":
        env = model.attribute(case.benchmark.sources, "env", None)
        return timeraw.RawTimer(case.caller(), env)
    return timing.LoopTimer(case.caller())


def _time(case, watch, options, result, started):
    timer = timer_of(case)
    if case.benchmark.kind == "timeraw":
        timer.trace(watch)
        result["first"] = timer.sample(1)["wall"]
    else:
        watch.start()
        result["first"] = timer.sample(1)["wall"]
        watch.stop()
    if options.reached_only and watch.reach(watch.loaded()) == "none":
        return
    # Half of the time limit is reserve.
    soon = min(started + options.timeout / 2.0,
               time.monotonic() + options.effort)
    singles = result["singles"] = []
    while len(singles) < SINGLES and (not singles or time.monotonic() < soon):
        singles.append(_one_call(timer, lambda: (case.again(), timing.cool())))
    settings = case.benchmark.settings()
    sample_time = settings.sample_time or options.sample_time
    number = settings.number
    if number == 0:
        number = 1
        # Calls right after a setup can be slow, so this warms up as ASV does.
        warmup = timing.QUICK
        if settings.warmup_time >= 0:
            warmup = settings.warmup_time
        if min(singles) < max(sample_time, warmup):
            left = max(0.0, soon - time.monotonic())
            number = timing.calibrate(timer, sample_time, warmup, limit=left)
    result["number"] = number
    loop = result["loop"] = []
    cost = number * min(singles)
    while len(loop) < LOOPS and time.monotonic() + cost < soon:
        loop.append(timer.sample(number, case.again)["wall"] / number)
    # A state that wears off shows here: the same call, as cold, without the
    # setup. A number that the suite declares forbids it.
    worn = result["worn"] = []
    while not settings.number and len(worn) < SINGLES and time.monotonic() < soon:
        worn.append(_one_call(timer, timing.cool))


def _one_call(timer, before):
    """Seconds of one call, less the wait for a processor."""
    sample = timer.sample(1, before)
    # The wait is read outside of the timed call: never below what it computed.
    return max(sample["wall"] - (sample.get("wait") or 0.0),
               sample.get("cpu") or 0.0)
