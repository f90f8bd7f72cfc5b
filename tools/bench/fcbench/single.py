"""The `time` command: one benchmark, with one parameter choice, in a process
that does nothing else.
"""
import os
import sys

from . import cache, output, survey, timing


class Options:
    """How to sample. @param number 0 lets the harness choose;
    @param warmup_ms Negative for what ASV would take."""

    def __init__(self, cache_dir, number, samples, warmup_ms, package=None):
        self.cache_dir = cache_dir
        self.number = number
        self.samples = samples
        self.warmup_ms = warmup_ms
        self.package = package


def blank(status, error=""):
    return {"status": status, "error": error, "first": None, "samples": [],
            "number": None, "value": None, "package": None,
            "python": "%d.%d.%d" % sys.version_info[:3],
            "hash_seed": os.environ.get("PYTHONHASHSEED")}


def time_one(suite, name, index, options):
    """@param suite Installed, not yet imported.
    @returns the result of the `time` command."""
    result = blank("error")
    try:
        benchmark = suite.find(name)
        if benchmark is None:
            result["error"] = "no benchmark %s in the suite" % name
            if suite.errors:
                result["error"] += "; not imported: " + "; ".join(
                    e["module"] for e in suite.errors)
            return result
        case = benchmark.case(index)
        result["status"] = "ok" if _run(case, options, result) else "skipped"
    except BaseException as error:
        if type(error).__name__ == "SkipNotImplemented":
            result["status"] = "skipped"
        else:
            result["status"] = "error"
            result["error"] = cache.problem(error)
    result["package"] = where(options.package)
    return result


def _run(case, options, result):
    if case.left_out():
        return False
    cache.prepare(case.benchmark, options.cache_dir)
    cache.load(case, options.cache_dir)
    if not case.setup():
        return False
    try:
        if case.benchmark.kind in ("time", "timeraw"):
            sample(case, survey.timer_of(case), options, result)
        else:
            value = case.caller()()
            result["value"] = survey.value_of(case.benchmark.kind, value)
    finally:
        case.teardown()
    return True


def sample(case, timer, options, result):
    """Fills first, number and samples.

    A number that the suite declares wins over ours: such a benchmark often
    cannot be called twice on one setup. Like ASV, no setup happens while
    warming up, and one before every sample.
    """
    settings = case.benchmark.settings()
    result["first"] = timer.sample(1)["wall"]
    warmup = options.warmup_ms / 1000.0
    if warmup < 0:
        warmup = settings.warmup_time
        if warmup < 0:
            warmup = timing.QUICK
    if settings.number and settings.warmup_time == 0:
        warmup = 0.0
    number = settings.number or options.number
    if number == 0:
        number = timing.calibrate(
            timer, settings.sample_time or 0.01, warmup)
    elif warmup > 0 and case.benchmark.kind != "timeraw":
        timing.warm_up(timer, number, warmup)
    result["number"] = number
    for _ in range(options.samples):
        result["samples"].append(timer.sample(number, case.again))


def where(package):
    """@returns which file the package under test was imported from."""
    if package is None:
        return None
    module = sys.modules.get(package)
    file = getattr(module, "__file__", None)
    if file is None and hasattr(module, "__path__"):
        file = next(iter(module.__path__), None)
    return {"module": package,
            "file": file if file is None else output.plain(file)}
