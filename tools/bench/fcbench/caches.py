"""The folders of setup_cache: one for each key below the cache folder, made
once for a side by a worker of its own, and the working folder of its users."""
import contextlib
import fcntl
import hashlib
import os
import time

from . import guard

PICKLE = "cache.pickle"


class Failed(Exception):
    """setup_cache did not give a result."""


class Caches:
    """@param limits What bounds a benchmark's own wishes; see Limits."""

    def __init__(self, folder, pool, limits):
        self.folder = folder
        self.pool = pool
        self.limits = limits
        self.failed = {}

    def folder_of(self, benchmark):
        digest = hashlib.sha256(
            benchmark["setup_cache"].encode("utf-8", "replace")).hexdigest()
        return os.path.join(self.folder, digest[:16])

    def is_ready(self, benchmark):
        """Whether its users can run at once."""
        return benchmark["setup_cache"] is None or os.path.isfile(
            os.path.join(self.folder_of(benchmark), PICKLE))

    def prepare(self, module, benchmark, until):
        """Makes the cache unless it is there. @throws Failed, each time the
        same for one key."""
        key = benchmark["setup_cache"]
        if key in self.failed:
            raise self.failed[key]
        folder = self.folder_of(benchmark)
        try:
            os.makedirs(self.folder, exist_ok=True)
            with _locked(folder + ".lock", until):
                if self.is_ready(benchmark):
                    return
                guard.remove_tree(folder)
                os.makedirs(folder)
                self._make(module, benchmark, folder, until)
        except (Failed, OSError) as error:
            guard.remove_tree(folder)
            self.failed[key] = error if isinstance(error, Failed) else Failed(
                "setup_cache failed: %s" % error)
            raise self.failed[key]

    def _make(self, module, benchmark, folder, until):
        limit = self.limits.of_cache(benchmark, until)
        outcome, _ = self.pool.run(
            module, "cache", {"benchmark": benchmark["name"], "cwd": folder},
            limit, self.limits.memory_mb, until)
        problem = outcome.detail or outcome.result.get("error", "")
        if outcome.kind != "done" or outcome.result.get("status") != "ok":
            raise Failed("setup_cache failed: " + problem)
        if not self.is_ready(benchmark):
            raise Failed("setup_cache failed: it left no result")


class Limits:
    """Seconds that a benchmark may take.

    @param default What counts where a benchmark has no timeout of its own.
    @param most The cap for all of them.
    """

    def __init__(self, default, most, memory_mb=0):
        self.default = default
        self.most = most
        self.memory_mb = memory_mb

    def of(self, benchmark):
        own = benchmark["timeout"]
        return min(self.default if own is None or own <= 0 else own,
                   self.most)

    def of_cache(self, benchmark, until):
        own = benchmark["cache_timeout"]
        limit = self.of(benchmark) if own is None or own <= 0 else min(
            own, self.most)
        return max(0.1, min(limit, until - time.monotonic()))


@contextlib.contextmanager
def _locked(path, until):
    """Two commands may make the same cache at once. A suite may hold the lock
    as well, hence no longer than `until`."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
                     | os.O_CLOEXEC, 0o600)
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise Failed("setup_cache failed: its folder is locked")
                time.sleep(0.05)
        yield
    finally:
        os.close(handle)
