"""Results as JSON files: whole or absent, and never with a bare NaN."""
import json
import math
import os
import traceback

ERROR_CHARACTERS = 2000


def plain(value):
    """`value` as JSON can hold it; what it cannot hold becomes its repr."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else _non_finite(value)
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    for convert in ("__index__", "__float__"):  # numpy scalars
        if hasattr(value, convert):
            try:
                return plain(getattr(value, convert)())
            except Exception:
                break
    return safe_repr(value)


def _non_finite(value):
    if math.isnan(value):
        return "nan"
    return "inf" if value > 0 else "-inf"


def safe_repr(value):
    try:
        return repr(value)
    except Exception as error:
        return "<%s without repr: %s>" % (type(value).__name__, error)


def write_json(path, value):
    """Replaces `path` at once, so that a reader sees all of it or nothing."""
    part = "%s.%d.part" % (path, os.getpid())
    with open(part, "w", encoding="utf-8", errors="backslashreplace") as out:
        json.dump(plain(value), out, allow_nan=False)
        out.flush()
    os.replace(part, path)


def describe(error):
    """What went wrong in one line, then the tail of the traceback."""
    try:
        last = traceback.format_exception_only(type(error), error)[-1].strip()
        text = "".join(traceback.format_exception(
            type(error), error, error.__traceback__))
    except BaseException:  # an exception whose own __str__ raises
        last, text = type(error).__name__, ""
    return "%s\n%s" % (last[:ERROR_CHARACTERS], text[-ERROR_CHARACTERS:])
