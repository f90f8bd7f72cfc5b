"""Workers of a survey: one for each module that forks a child for each
benchmark, while it has no threads; else a fresh worker for each benchmark."""
import collections
import contextlib
import tempfile
import time

from . import channel, guard, workers

MOST_WORKERS = 6      # that are kept, each with its imported module
MOST_MEMORY_MB = 600  # of all that are kept: the sandbox counts them, too


class Plan:
    """What all workers of a command share.

    @param watch Arguments of a trace.Watch, or None.
    @param release Version of asv_runner in the environment as a tuple.
    @param memory_mb What an import may use; 0: no limit.
    """

    def __init__(self, python, suite, sites=(), tree=None, watch=None,
                 release=(), memory_mb=0):
        self.python = python
        self.suite = suite
        self.sites = list(sites)
        self.tree = tree
        self.watch = watch
        self.setup_each_call = tuple(release) >= (0, 3)
        self.memory_mb = memory_mb


@contextlib.contextmanager
def folder():
    """An empty working folder for one benchmark, as asv gives it."""
    path = tempfile.mkdtemp(prefix="fcbench-cwd-")
    try:
        yield path
    finally:
        guard.remove_tree(path)


class Pool:
    def __init__(self, plan):
        self.plan = plan
        self.kept = collections.OrderedDict()  # module: worker
        self.threaded = set()

    def close(self):
        while self.kept:
            self.kept.popitem()[1].close()

    def describe(self, module, until):
        """@returns what the module says of itself: an error if it cannot be
        imported or ends the process."""
        worker = None
        try:
            worker, said = self._start(module, until)
        except (workers.Ended, channel.Forged) as end:
            return {"error": str(end), "shadowed": [], "size": 0}
        if "error" in said:
            worker.close()
        else:
            self._keep(module, worker)
        return said

    def _start(self, module, until):
        limit = min(until, time.monotonic() + workers.IMPORT_LIMIT)
        worker = workers.Worker(self.plan)
        try:
            return worker, worker.describe(module, limit)
        except BaseException:
            worker.close()
            raise

    def _keep(self, module, worker):
        worker.resident_mb = guard.resident_mb(worker.pid)
        self.kept[module] = worker
        while len(self.kept) > 1 and (
                len(self.kept) > MOST_WORKERS
                or sum(w.resident_mb for w in self.kept.values())
                > MOST_MEMORY_MB):
            self.kept.popitem(last=False)[1].close()

    def run(self, module, job, order, limit, memory_mb, until):
        """@returns (Outcome, Talk) of a job in a process that has imported
        the suite's package and `module` and done nothing else."""
        started = time.monotonic()
        try:
            if module not in self.threaded:
                answer = self._fork(module, job, order, limit, memory_mb,
                                    until)
                if answer is not None:
                    return answer
                self.threaded.add(module)
                self._drop(module)
            worker, said = self._start(module, until)
            try:
                if "error" in said:
                    raise workers.Ended("exited", said["error"])
                return worker.run(job, order, limit, memory_mb, fork=False)
            finally:
                worker.close()
        except (workers.Ended, channel.Forged) as end:
            kind = getattr(end, "kind", "forged")
            return (workers.Outcome(kind, {}, str(end),
                                    time.monotonic() - started),
                    workers.Talk(workers.outside.Costs()))
        finally:
            guard.kill_strays()

    def _fork(self, module, job, order, limit, memory_mb, until):
        worker = self.kept.get(module)
        if worker is None or worker.process.poll() is not None:
            self._drop(module)
            worker, said = self._start(module, until)
            if "error" in said:
                worker.close()
                raise workers.Ended("exited", said["error"])
            self._keep(module, worker)
        self.kept.move_to_end(module)
        return worker.run(job, order, limit, memory_mb)

    def _drop(self, module):
        worker = self.kept.pop(module, None)
        if worker is not None:
            worker.close()
