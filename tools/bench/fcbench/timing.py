"""Timed loops: the loop of timeit, the garbage collector off, three clocks.

`wall` and `cpu` are totals of a sample in seconds, not divided by its number
of calls.
"""
import gc
import itertools
import os
import time

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
            return int(os.pread(self.fd, 200, 0).split()[1]) * 1e-9
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
    """Times calls in this process."""

    def __init__(self, call):
        self.call = call
        self.waits = WaitClock()

    def sample(self, number, before=None):
        """@param before Called first, untimed but with collection off too."""
        repeat = itertools.repeat(None, number)
        enabled = gc.isenabled()
        gc.disable()
        try:
            if before is not None:
                before()
            wait_started = self.waits.read()
            wall, cpu = _loop(repeat, time.perf_counter, time.process_time,
                              self.call)
            wait_ended = self.waits.read()
        finally:
            if enabled:
                gc.enable()
        known = wait_started is not None and wait_ended is not None
        return {"wall": wall, "cpu": cpu,
                "wait": wait_ended - wait_started if known else None}


def warm_up(timer, number, seconds):
    """Calls in loops of `number` until `seconds` are over; no setup between,
    as in ASV."""
    started = time.perf_counter()
    while True:
        timer.sample(number)
        if time.perf_counter() - started >= seconds:
            return


def calibrate(timer, sample_time, warmup=0.0, limit=None):
    """How many calls fill `sample_time`, found while warming up.

    @param limit Seconds after which the number found so far must do.
    """
    number = 1
    started = time.perf_counter()
    while True:
        before = time.perf_counter()
        wall = timer.sample(number)["wall"]
        now = time.perf_counter()
        took = max(wall, now - before)
        late = limit is not None and now - started > limit
        if took >= sample_time:
            if late or now - started > warmup:
                return number
        elif late:
            return number
        else:
            factor = min(10.0, max(1.1, sample_time / took)) if took else 10.0
            number = max(number + 1, int(factor * number))
