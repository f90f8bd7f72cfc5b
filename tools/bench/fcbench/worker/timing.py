"""Timed loops: the loop of timeit, the garbage collector off, three clocks.

`wall` and `cpu` are totals of a sample in seconds, not divided by its number
of calls.
"""
import gc
import itertools
import os
import time
import timeit

# Bound before any code of the tested environment runs: what replaces the
# functions of the time module later changes nothing here.
wall_clock = time.perf_counter
cpu_clock = time.process_time
now = time.monotonic
_sleep = time.sleep
_disable, _enable, _enabled = gc.disable, gc.enable, gc.isenabled
_repeat = itertools.repeat
_pread = os.pread

# A `timer` that a benchmark may ask for: what is read in its place, and
# whether it stands still while the process waits.
_CLOCKS = {id(clock): (clock, computes) for clock, computes in (
    (time.perf_counter, False), (time.time, False), (time.monotonic, False),
    (timeit.default_timer, False), (time.process_time, True),
    (time.thread_time, True))}
_KEPT = [clock for clock, _ in _CLOCKS.values()]  # so that ids stay theirs


def clock_of(timer):
    """(clock, whether it stands still in waits) for a benchmark's `timer`;
    None for one that is no clock of the standard library."""
    if timer is None:
        return wall_clock, False
    return _CLOCKS.get(id(getattr(timer, "__func__", timer)))


QUICK = 0.1  # seconds of warm-up on CPython where the suite says nothing


_COLD = []


def cool():
    """Drives everything else out of the processor's caches, as a setup does:
    calls after a setup and calls after many calls can then be compared."""
    if not _COLD:
        _COLD.append(bytearray(1 << 25))
    bytes(_COLD[0])


class WaitClock:
    """Seconds this thread was runnable but had no cpu, by the kernel."""

    def __init__(self):
        self.fd = None
        for path in ("/proc/thread-self/schedstat", "/proc/self/schedstat"):
            try:
                self.fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            except OSError:
                continue
            if self.read() is not None:
                return
            os.close(self.fd)
            self.fd = None

    def read(self):
        """@returns None where the kernel does not tell."""
        if self.fd is None:
            return None
        try:
            return int(_pread(self.fd, 200, 0).split()[1]) * 1e-9
        except (OSError, ValueError, IndexError):
            return None


def _loop(repeat, wall, cpu, call):
    cpu_started = cpu()
    started = wall()
    for _ in repeat:
        call()
    ended = wall()
    cpu_ended = cpu()
    return ended - started, cpu_ended - cpu_started


class LoopTimer:
    """Times calls in this process.

    @param timer The benchmark's own `timer`, if it has one.
    @param gauge Told before and after each timed region; see measure.Gauge.
    """

    def __init__(self, call, timer=None, gauge=None):
        self.call = call
        self.clock, self.computes = clock_of(timer) or (wall_clock, False)
        self.waits = WaitClock()
        self.gauge = gauge

    def sample(self, number, before=None, report=None):
        """@param before Called first, untimed but with collection off too.
        @param report As what the parent shall keep this sample."""
        repeat = _repeat(None, number)
        enabled = _enabled()
        gauge = self.gauge if report is not None else None
        _disable()
        try:
            if before is not None:
                before()
            if gauge is not None:
                gauge.begin()
            wait_started = self.waits.read()
            wall, cpu = _loop(repeat, self.clock, cpu_clock, self.call)
            wait_ended = self.waits.read()
            known = wait_started is not None and wait_ended is not None
            if self.computes:
                wait = 0.0  # such a clock has no waiting in it
            else:
                wait = wait_ended - wait_started if known else None
            sample = {"wall": wall, "cpu": cpu, "wait": wait}
            if gauge is not None:
                gauge.end(report, sample)
        finally:
            if enabled:
                _enable()
        return sample


def warm_up(timer, number, seconds, before=None):
    """Calls in loops of `number` until `seconds` are over.

    @param before Called before each loop, where the benchmark's number is its
    own: such a call may use up what setup made.
    """
    started = now()
    while True:
        timer.sample(number, before)
        if now() - started >= seconds:
            return


def calibrate(timer, sample_time, warmup=0.0, limit=None):
    """How many calls fill `sample_time`, found while warming up.

    @param limit Seconds after which the number found so far must do.
    """
    number = 1
    started = now()
    while True:
        before = wall_clock()
        wall = timer.sample(number)["wall"]
        took = max(wall, wall_clock() - before)
        elapsed = now() - started
        late = limit is not None and elapsed > limit
        if took >= sample_time:
            if late or elapsed > warmup:
                return number
        elif late:
            return number
        else:
            factor = min(10.0, max(1.1, sample_time / took)) if took else 10.0
            number = max(number + 1, int(factor * number))
