"""setup_cache results: made once, pickled, shared by all later processes.

Each key has a folder below the cache folder: `cache.pickle`, written last,
beside whatever files setup_cache left in its working directory.
"""
import fcntl
import hashlib
import os
import pickle
import shutil

from . import isolate, output

PICKLE = "cache.pickle"


class Failed(Exception):
    """setup_cache did not give a result."""


def folder_of(cache, key):
    digest = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
    return os.path.join(os.path.abspath(cache), digest[:16])


def prepare(benchmark, cache):
    """Makes the cache of the benchmark unless it is there.

    @pre the suite is imported, and nothing is timed yet: this forks.
    """
    key = benchmark.cache_key
    if key is None:
        return
    folder = folder_of(cache, key)
    os.makedirs(os.path.abspath(cache), exist_ok=True)
    with open(folder + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.isfile(os.path.join(folder, PICKLE)):
            _make(benchmark, folder)


def _make(benchmark, folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)

    def in_child():
        os.chdir(folder)
        value = benchmark.make_cache()
        part = os.path.join(folder, PICKLE + ".part")
        with open(part, "wb") as out:
            pickle.dump(value, out)
        os.replace(part, os.path.join(folder, PICKLE))
        return {"status": "ok"}

    outcome = isolate.run(in_child, timeout=benchmark.cache_timeout)
    if outcome.kind == "done" and outcome.result.get("status") == "ok":
        return
    shutil.rmtree(folder, ignore_errors=True)
    raise Failed("setup_cache failed: " + (
        outcome.detail or outcome.result.get("error", "")))


def load(case, cache):
    """Gives the case its cached value, and the working directory copies of
    the files beside it."""
    key = case.benchmark.cache_key
    if key is None:
        return
    folder = folder_of(cache, key)
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if os.path.isdir(path):
            shutil.copytree(path, name, symlinks=True)
        elif name != PICKLE:
            shutil.copy2(path, name, follow_symlinks=False)
    with open(os.path.join(folder, PICKLE), "rb") as source:
        case.cache = pickle.load(source)


def problem(error):
    """The text for a result: a failed cache has its own traceback already."""
    return str(error) if isinstance(error, Failed) else output.describe(error)
