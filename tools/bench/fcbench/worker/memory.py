"""Sizes for the mem_* and peakmem_* benchmarks."""
import copy
import gc
import resource
import sys
import types

# Shared by the whole program, so no part of one object's size.
SHARED = (type, types.ModuleType, types.FunctionType, types.MethodType,
          types.BuiltinFunctionType, types.CodeType, types.FrameType)


def deep_size(*roots):
    """Bytes of the roots and all they refer to, each object once."""
    seen = {}
    stack = list(roots)
    total = 0
    while stack:
        value = stack.pop()
        if id(value) in seen or isinstance(value, SHARED):
            continue
        seen[id(value)] = value
        total += sys.getsizeof(value, 0)
        stack.extend(gc.get_referents(value))
    return total


def object_size(value):
    """What one more of `value` costs: shared parts are not counted twice."""
    return deep_size(value, copy.copy(value)) - deep_size(value)


def peak_bytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def limit(memory_mb):
    """Lets a runaway allocation fail; the parent also watches, as kernels
    differ in what this limit counts."""
    if memory_mb:
        size = memory_mb * 1024 * 1024
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        if hard != resource.RLIM_INFINITY:
            size = min(size, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (size, hard))
