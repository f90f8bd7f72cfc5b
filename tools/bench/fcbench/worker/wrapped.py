"""Whether a function of a module still runs as the code in its file.

A decorator may put anything in its place: another Python function that calls
it (then its code is seen to run), or machine code and generated code, of
which nothing is seen.
"""
import functools
import inspect
import types

MOST_STEPS = 50
_GONE = object()
_HOLDERS = (  # of a function, and under which name
    (staticmethod, ("__func__",)), (classmethod, ("__func__",)),
    (property, ("fget", "fset", "fdel")),
    (functools.cached_property, ("func",)),
    (functools.partial, ("func",)), (functools.partialmethod, ("func",)),
    (types.MethodType, ("__func__",)),
    (type(functools.lru_cache(None)(len)), ("__wrapped__",)))


def is_unseen(module, qualname, first, last):
    """@param first, last Lines of the function in the module's file."""
    value = _find(module, qualname.partition("#")[0])
    if value is _GONE:
        return False  # defined in a branch not taken, or deleted
    try:
        return not _leads_to(value, module.__file__, first, last)
    except Exception:
        return True


def _find(module, qualname):
    value = module
    for part in qualname.split("."):
        try:
            value = (vars(value)[part] if isinstance(value, types.ModuleType)
                     else inspect.getattr_static(value, part))
        except Exception:
            return _GONE
    return value


def _leads_to(value, file, first, last):
    """Whether plain Python from `value` on comes to the code in the file."""
    stack, known = [value], set()
    for _ in range(MOST_STEPS):
        if not stack:
            return False
        value = stack.pop()
        if id(value) in known:
            continue
        known.add(id(value))
        if isinstance(value, types.FunctionType):
            code = value.__code__
            if (code.co_filename == file
                    and first <= code.co_firstlineno <= last):
                return True
            if "__wrapped__" in vars(value):
                stack.append(value.__wrapped__)
            for cell in value.__closure__ or ():
                try:
                    stack.append(cell.cell_contents)
                except ValueError:
                    pass  # an empty cell
            continue
        if isinstance(value, type):
            return True  # a class: its methods are looked at by themselves
        for kind, names in _HOLDERS:
            if isinstance(value, kind):
                stack.extend(getattr(value, name, None) for name in names)
    return False
