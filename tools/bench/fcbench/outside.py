"""Time as the parent sees it: what foreign code cannot bend.

While a worker waits at the begin and the end of a timed region, the parent
reads its own clock and the processor time of the worker's main thread, as the
kernel counts it.
"""
import os
import time

_TICK = 1.0 / os.sysconf("SC_CLK_TCK")
_MOST_LOOKS = 40


def cpu_seconds(pid):
    """(seconds, resolution) of the main thread; (None, 0) if it is gone."""
    folder = "/proc/%d/task/%d/" % (pid, pid)
    try:
        with open(folder + "schedstat") as source:
            return int(source.read().split()[0]) * 1e-9, 0.0
    except (OSError, ValueError, IndexError):
        pass
    try:
        with open(folder + "stat") as source:
            fields = source.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * _TICK, _TICK
    except (OSError, ValueError, IndexError):
        return None, 0.0


def _settle(pid):
    """Waits until the worker, which has just written to us, waits for us."""
    for _ in range(_MOST_LOOKS):
        try:
            with open("/proc/%d/task/%d/stat" % (pid, pid)) as source:
                state = source.read().rpartition(")")[2].split()[0]
        except (OSError, IndexError):
            return
        if state != "R":
            return
        time.sleep(0.00005)


class Costs:
    """Processor time that asking costs a worker at most."""

    def __init__(self, region=0.0):
        self.region = region


class Totals:
    """Sums over the timed regions of one job."""

    def __init__(self, costs):
        self.costs = costs
        self.claimed = self.wall = 0.0
        self.regions = 0
        self.cpu = 0.0
        self.dearest = 0.0  # processor seconds of one region
        self.resolution = 0.0
        self._began = None

    def begin(self, pid):
        _settle(pid)
        cpu, resolution = cpu_seconds(pid)
        self._began = (time.monotonic(), cpu, resolution)

    def end(self, pid, claimed):
        ended = time.monotonic()
        self.claimed += claimed
        if self._began is None:
            return  # an end without a begin: claimed, and nothing seen
        _settle(pid)
        cpu, resolution = cpu_seconds(pid)
        began, before, _ = self._began
        self._began = None
        self.wall += ended - began
        if cpu is not None and before is not None:
            self.regions += 1
            self.cpu += max(0.0, cpu - before)
            self.dearest = max(self.dearest, cpu - before)
        self.resolution += self.costs.region + resolution

    def answer(self):
        """`cpu` is a lower bound, up to `resolution`: an honest worker has
        cpu <= claimed + resolution, claimed <= wall."""
        cost = self.costs.region * self.regions
        return {"claimed": self.claimed,
                "cpu": max(0.0, self.cpu - cost),
                "wall": self.wall, "resolution": self.resolution,
                "regions": self.regions}
