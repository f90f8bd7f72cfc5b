"""What a worker does with one benchmark: the look of a survey (is it ok, what
does it reach, how long does a call take), or timing it for a pair.

Results go to the parent as they come, so a limit takes no earlier one away.
"""
import os

from .. import texts
from . import cache, memory, model, timeraw, timing

SINGLES = 5
LOOPS = 3
# Until the parent has gone to sleep again: it shares our processor.
SETTLE = 0.0003


class Gauge:
    """Tells the parent where a timed region begins and ends. The parent reads
    its own clock and our processor time then, while we wait for it."""

    def __init__(self, line):
        self.line = line

    def probe(self):
        """An empty region, from which the parent learns what asking costs."""
        self.begin()
        self.end("probe", {"wall": 0.0, "cpu": 0.0, "wait": 0.0})

    def begin(self):
        self.line.send({"at": "begin"})
        self.line.wait()
        timing._sleep(SETTLE)

    def end(self, what, sample):
        self.line.send({"at": "end", "what": what, "sample": sample})
        self.line.wait()

    def tell(self, **values):
        """Values that stand whatever happens next."""
        self.line.send({"part": texts.plain(values)})
        timing._sleep(SETTLE)


def _is_skip(error):
    return type(error).__name__ == "SkipNotImplemented"


def _guarded(suite, order, run):
    """@returns {"status", "error"} of what `run` did."""
    try:
        case = suite.find(order["benchmark"]).case(order["params"])
        if case.left_out():
            return {"status": "skipped"}
        cache.load(case, order)
        return {"status": "ok" if run(case) else "skipped"}
    except model.Unknown as error:
        return {"status": "error", "error": texts.clean(str(error))}
    except BaseException as error:
        if _is_skip(error):
            return {"status": "skipped"}
        return {"status": "error",
                "error": texts.describe(error, suite.folder)}


def value_of(kind, value):
    """What a benchmark that is not timed reports."""
    if kind == "mem":
        return memory.object_size(value)
    if kind == "peakmem":
        return memory.peak_bytes()
    return float(value)


def timer_of(case, gauge=None):
    if case.benchmark.kind == "timeraw":
        env = model.attribute(case.benchmark.sources, "env", None)
        return timeraw.RawTimer(case.caller(), env, gauge)
    return timing.LoopTimer(case.caller(), case.benchmark.timer(), gauge)


def _number_of(case, order):
    """The suite's own number of calls a sample, or 0. From asv_runner 0.3 on,
    a benchmark with a setup gets a setup before every call."""
    number = case.benchmark.settings().number
    if number == 0 and case.benchmark.setups and order["setup_each_call"]:
        return 1
    return number


def examine(suite, order, watch, gauge):
    """The survey's look at one benchmark."""
    started = timing.now()

    def run(case):
        watch.resume()
        if not case.setup():
            watch.pause()
            return False
        try:
            if case.benchmark.kind in ("time", "timeraw"):
                _examine_time(case, order, watch, gauge, started)
            else:
                watch.start()
                value = case.caller()()
                watch.stop()
                gauge.tell(value=value_of(case.benchmark.kind, value))
        finally:
            watch.stop()
            case.teardown()
        return True

    result = _guarded(suite, order, run)
    watch.stop()
    result["reach"] = watch.reach()
    result["executed"] = watch.executed()
    return result


def _examine_time(case, order, watch, gauge, started):
    timer = timer_of(case)
    if case.benchmark.kind == "timeraw":
        timer.trace(watch)
        first = timer.sample(1)["wall"]
    else:
        watch.start()
        first = timer.sample(1)["wall"]
        watch.stop()
    gauge.tell(first=first)
    if order["reached_only"] and watch.reach() == "none":
        return
    # Half of the time limit is reserve.
    soon = min(started + order["limit"] / 2.0, timing.now() + order["effort"])
    own = number = _number_of(case, order)

    def before():
        case.again()
        # With a number of the suite's own no call is as cold as this one to
        # compare it with, and cold caches would look like a state that wears
        # off.
        if not own:
            timing.cool()

    singles = []
    while len(singles) < SINGLES and (not singles or timing.now() < soon):
        singles.append(_one_call(timer, before))
        gauge.tell(singles=singles)
    settings = case.benchmark.settings()
    sample_time = settings.sample_time or order["sample_time"]
    if number == 0:
        number = 1
        # Calls right after a setup can be slow, so this warms up as ASV does.
        warmup = timing.QUICK
        if settings.warmup_time >= 0:
            warmup = settings.warmup_time
        if min(singles) < max(sample_time, warmup):
            left = max(0.0, soon - timing.now())
            number = timing.calibrate(timer, sample_time, warmup, limit=left)
    gauge.tell(number=number)
    loop, worn = [], []
    cost = number * min(singles)
    while len(loop) < LOOPS and timing.now() + cost < soon:
        loop.append(timer.sample(number, case.again)["wall"] / number)
        gauge.tell(loop=loop)
    # A state that wears off shows here: the same call, as cold, without the
    # setup. A number that the suite declares forbids it.
    while not own and len(worn) < SINGLES and timing.now() < soon:
        worn.append(_one_call(timer, timing.cool))
        gauge.tell(worn=worn)


def _one_call(timer, before):
    """Seconds of one call, less the wait for a processor."""
    sample = timer.sample(1, before)
    # The wait is read outside of the timed call: never below what it computed.
    return max(sample["wall"] - (sample.get("wait") or 0.0),
               min(sample["wall"], sample.get("cpu") or 0.0))


def time_one(suite, order, watch, gauge):
    """The job of the `time` command."""
    started = timing.now()

    def run(case):
        if not case.setup():
            return False
        try:
            if case.benchmark.kind in ("time", "timeraw"):
                _sample(case, order, gauge, started)
            else:
                value = case.caller()()
                gauge.tell(value=value_of(case.benchmark.kind, value))
        finally:
            case.teardown()
        return True

    result = _guarded(suite, order, run)
    result["hash_seed"] = os.environ.get("PYTHONHASHSEED")
    return result


def _sample(case, order, gauge, started):
    """First call, warm-up, samples.

    A number that the suite declares wins over ours, and then each loop has a
    setup before it: such a benchmark often cannot be called twice on one.
    """
    timer = timer_of(case, gauge)
    settings = case.benchmark.settings()
    first = timer.sample(1, None, "first")["wall"]
    number = _number_of(case, order)
    before = case.again if number else None
    warmup = order["warmup"]
    if warmup < 0:
        warmup = settings.warmup_time
        if warmup < 0:
            warmup = timing.QUICK
    if settings.number and settings.warmup_time == 0:
        warmup = 0.0
    if number == 0:
        number = order["number"]
    if number == 0:
        number = timing.calibrate(timer, settings.sample_time or 0.01, warmup,
                                  limit=order["limit"] / 2.0)
    elif warmup > 0 and case.benchmark.kind != "timeraw":
        timing.warm_up(timer, number, warmup, before)
    gauge.tell(number=number)
    dearest = first * number
    for taken in range(_samples_of(settings, order["samples"])):
        # Ends before the limit that would end the whole process.
        spent = timing.now() - started
        if taken and spent + 1.5 * dearest > order["limit"]:
            break
        begun = timing.now()
        timer.sample(number, case.again, "sample")
        dearest = timing.now() - begun


def _samples_of(settings, wanted):
    """A suite's `repeat` can lower the number of samples of one process: a
    state that wears off is thus measured no oftener than asv would."""
    repeat = settings.repeat
    try:
        most = int(repeat[1]) if isinstance(
            repeat, (list, tuple)) else int(repeat)
    except (TypeError, ValueError, IndexError):
        return wanted
    return min(wanted, most) if most > 0 else wanted
