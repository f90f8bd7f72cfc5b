"""Decorators that note something on a benchmark for the harness to read.

They mark the function itself instead of wrapping it, so that the mark costs
no time in a timed loop.
"""
import functools
import inspect


class SkipNotImplemented(NotImplementedError):
    """A benchmark raises this to be skipped."""

    def __init__(self, message=""):
        super().__init__(message)
        self.message = message


def _noting(name, value, condition=True):
    def decorator(target):
        if condition:
            setattr(target, name, value)
        return target
    return decorator


def skip_benchmark(target):
    if inspect.isclass(target):
        # A class is hidden by becoming a marked function, as the original
        # does it: marks of a class are not looked at.
        original = target

        @functools.wraps(original, updated=())
        def target(*args, **kwargs):
            return original(*args, **kwargs)
    target.skip_benchmark = True
    return target


def skip_benchmark_if(condition):
    return skip_benchmark if condition else lambda target: target


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
    return _noting("timeout", seconds)


def timeout_class_at(seconds):
    return _only_on(inspect.isclass, "classes", timeout_at(seconds))


def timeout_func_at(seconds):
    return _only_on(inspect.isfunction, "functions", timeout_at(seconds))


def benchmark(**attributes):
    def decorator(target):
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
