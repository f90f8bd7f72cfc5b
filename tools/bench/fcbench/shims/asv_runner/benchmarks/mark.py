"""Decorators that note something on a benchmark for the harness to read.

As in asv_runner those for functions wrap what they are given, so that a mark
on an inherited benchmark leaves the base class its own.
"""
import functools
import inspect


class SkipNotImplemented(NotImplementedError):
    """A benchmark raises this to be skipped."""

    def __init__(self, message=""):
        super().__init__(message)
        self.message = message


def _wrapped(target):
    # Not with what a class holds: its marks are not looked at.
    updated = () if inspect.isclass(target) else functools.WRAPPER_UPDATES

    @functools.wraps(target, updated=updated)
    def wrapper(*args, **kwargs):
        return target(*args, **kwargs)
    return wrapper


def _noting(name, value, condition=True):
    def decorator(target):
        target = _wrapped(target)
        if condition:
            setattr(target, name, value)
        return target
    return decorator


def skip_benchmark(target):
    return _noting("skip_benchmark", True)(target)


def skip_benchmark_if(condition):
    return _noting("skip_benchmark", True, condition)


def skip_for_params(skip_params_list):
    return _noting("skip_params", skip_params_list)


def skip_params_if(skip_params_list, condition):
    return _noting("skip_params", skip_params_list, condition)


def parameterize(param_dict):
    def decorator(target):
        if not callable(target):
            raise TypeError("only functions and classes have parameters")
        values = list(param_dict.values())
        target.params = values if len(values) > 1 else values[0]
        target.param_names = list(param_dict)
        return target
    return decorator


def parameterize_class_with(param_dict):
    return _only_on(inspect.isclass, "classes", parameterize(param_dict))


def parameterize_func_with(param_dict):
    return _only_on(inspect.isfunction, "functions", parameterize(param_dict))


def timeout_at(seconds):
    def decorator(target):
        if inspect.isclass(target):
            return timeout_class_at(seconds)(target)
        return timeout_func_at(seconds)(target)
    return decorator


def timeout_class_at(seconds):
    def note(target):
        target.timeout = seconds
        return target
    return _only_on(inspect.isclass, "classes", note)


def timeout_func_at(seconds):
    return _only_on(lambda target: not inspect.isclass(target), "functions",
                    _noting("timeout", seconds))


_ATTRIBUTES = frozenset((
    "pretty_name", "timeout", "version", "warmup_time", "sample_time",
    "number", "repeat", "rounds", "min_run_count", "processes", "timer",
    "params", "param_names", "skip_params", "skip_benchmark",
    "setup_cache_timeout", "goal_time", "max_time", "env"))


def benchmark(**attributes):
    unknown = set(attributes) - _ATTRIBUTES
    if unknown:
        raise TypeError("unknown benchmark attributes: "
                        + ", ".join(sorted(unknown)))

    def decorator(target):
        if not inspect.isclass(target):
            target = _wrapped(target)
        for name, value in attributes.items():
            setattr(target, name, value)
        return target
    return decorator


def _only_on(test, what, inner):
    def decorator(target):
        if not test(target):
            raise TypeError("this decorator is for %s only" % what)
        return inner(target)
    return decorator


__all__ = [
    "SkipNotImplemented", "benchmark", "parameterize",
    "parameterize_class_with", "parameterize_func_with", "skip_benchmark",
    "skip_benchmark_if", "skip_for_params", "skip_params_if", "timeout_at",
    "timeout_class_at", "timeout_func_at"]
