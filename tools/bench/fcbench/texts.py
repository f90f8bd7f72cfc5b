"""Texts and values of foreign code, made fit for an answer.

Any text may hold half a surrogate pair, NUL or megabytes; none of them may
cost more than itself.
"""
import hashlib
import math
import os
import traceback

LONGEST = 4000   # characters of one text
_ROOM = 60       # of them, kept for what tells that it was cut
_TAIL = 2400     # characters of a traceback's end
DEEPEST = 20     # levels of a value
_HARNESS = os.path.dirname(os.path.abspath(__file__))


def clean(text, marked=False):
    """`text` with at most LONGEST characters that every reader can take.

    @param marked Whether a text that is cut keeps a digest of the whole, so
    that two of them stay different.
    """
    text = str.__str__(text)
    length = len(text)
    head = text[:LONGEST + 1].encode("utf-8", "backslashreplace").decode(
        "utf-8").replace("\0", "\\x00")
    if length <= LONGEST and len(head) <= LONGEST:
        return head
    kept = head[:LONGEST - _ROOM]
    mark = ", %s" % hashlib.sha256(text.encode(
        "utf-8", "surrogatepass")).hexdigest()[:12] if marked else ""
    return "%s… (%d characters more%s)" % (
        kept, max(length, len(head)) - len(kept), mark)


def plain(value, depth=0):
    """`value` as JSON can hold it; what it cannot hold becomes its repr."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return clean(value)
    if depth > DEEPEST:
        return "…"
    if isinstance(value, int):
        value = int(value)
        return value if abs(value) < 2 ** 63 else clean(hex(value)[:LONGEST])
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else _non_finite(value)
    if isinstance(value, dict):
        return {clean(str(k)): plain(v, depth + 1) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v, depth + 1) for v in value]
    for convert in ("__index__", "__float__"):  # numpy scalars
        if hasattr(value, convert):
            try:
                return plain(getattr(value, convert)(), depth + 1)
            except Exception:
                break
    return safe_repr(value)


def _non_finite(value):
    if math.isnan(value):
        return "nan"
    return "inf" if value > 0 else "-inf"


def safe_repr(value):
    try:
        return clean(repr(value))
    except Exception as error:
        return "<%s without repr: %s>" % (type(value).__name__,
                                          type(error).__name__)


def describe(error, suite=None):
    """What went wrong in one line, where in the suite, and the tail of the
    traceback.

    @param suite Folder whose innermost frame is named in the second line.
    """
    try:
        last = traceback.format_exception_only(type(error), error)[-1].strip()
        frames = [frame for frame in traceback.extract_tb(
            error.__traceback__, limit=-30)
            if not _inside(frame.filename, _HARNESS)]
        text = "".join(traceback.format_list(frames))
    except BaseException:  # an exception whose own __str__ raises
        last, frames, text = type(error).__name__, [], ""
    lines = [_first_line(last)]
    for frame in reversed(frames):
        if suite and _inside(frame.filename, suite):
            lines.append("at %s:%s in %s" % (
                os.path.relpath(frame.filename, os.path.dirname(suite)),
                frame.lineno, frame.name))
            break
    if text:
        lines.append("Traceback (most recent call last):\n" + text[-_TAIL:])
    return clean("\n".join(lines))


def _first_line(text):
    """All of it in one line, as the first line is what is shown."""
    return clean(" ".join(text[:1500].split()))


def _inside(path, folder):
    return path.startswith(folder + os.sep)
