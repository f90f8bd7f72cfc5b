"""setup_cache results: made once, pickled, used by all later processes.

As in asv, benchmarks run in the very folder in which their setup_cache ran:
what it left there is theirs to read. `cache.pickle` in it is written last.
"""
import os
import pickle

from .. import texts

PICKLE = "cache.pickle"


def make(suite, order, watch, gauge):
    """The job of making it, in its folder. @returns the answer."""
    value = suite.find(order["benchmark"]).make_cache()
    part = os.path.join(order["cwd"], PICKLE + ".part")
    with open(part, "wb") as out:
        pickle.dump(value, out)
    os.replace(part, os.path.join(order["cwd"], PICKLE))
    return {"status": "ok"}


def load(case, order):
    """Gives the case its cached value, in its working folder."""
    if case.benchmark.cache_key is None:
        return
    path = os.path.join(order["cwd"], PICKLE)
    if not os.path.isfile(path):
        raise RuntimeError("the setup_cache of %s is gone"
                           % texts.clean(case.benchmark.name))
    with open(path, "rb") as source:
        case.cache = pickle.load(source)
