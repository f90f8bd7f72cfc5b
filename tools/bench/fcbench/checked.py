"""What workers say, taken apart: only values of the agreed kinds and sizes
come into an answer. A worker holds foreign code and may say anything."""
import math

from . import channel, texts

MOST_SAMPLES = 10000
MOST_LIST = 100000
MOST_AXES = 50
STATUSES = ("ok", "error", "skipped")
REACHES = ("function", "module", "extension", "loaded", "unknown", "none")
KINDS = ("time", "timeraw", "mem", "peakmem", "track")


def text(value):
    return texts.clean(value) if isinstance(value, str) else ""


def text_or_none(value):
    return texts.clean(value) if isinstance(value, str) else None


def number(value, default=None):
    """A finite number, or `default`."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if math.isfinite(value) and abs(value) < 1e300:
            return value
    return default


def numbers(value):
    return [n for n in map(number, _list(value)[:MOST_SAMPLES])
            if n is not None]


def _list(value):
    return value if isinstance(value, list) else []


def strings(value):
    return [text(each) for each in _list(value)[:MOST_LIST]]


def sample(value):
    """@throws channel.Forged for a time that is none."""
    value = value if isinstance(value, dict) else {}
    wall = number(value.get("wall"))
    if wall is None or wall < 0:
        raise channel.Forged("a time that is no number")
    return {"wall": wall, "cpu": number(value.get("cpu")),
            "wait": number(value.get("wait"))}


def process(value):
    if not isinstance(value, int) or isinstance(value, bool) or value < 2:
        raise channel.Forged("a process id that is none")
    return value


def status(value):
    return value if isinstance(value, int) and 0 <= value < 1 << 16 else 256


def places(value):
    """A list of {"module", "file"}."""
    return [{"module": text(each.get("module")), "file": text(each.get("file"))}
            for each in _list(value)[:500] if isinstance(each, dict)]


def reached(message):
    reach = message.get("reach")
    return {"reach": reach if reach in REACHES else "unknown",
            "executed": strings(message.get("executed"))}


def final(message):
    """The last message of a job."""
    result = {"status": "error", "error": text(message.get("error")),
              "hash_seed": text_or_none(message.get("hash_seed")),
              "imported": places(message.get("imported")),
              "shadowed": places(message.get("shadowed"))}
    if message.get("status") in STATUSES:
        result["status"] = message["status"]
    if "reach" in message:
        result.update(reached(message))
    return result


def parts(value):
    """Values that a job told while it ran."""
    result = {}
    for key, found in (value if isinstance(value, dict) else {}).items():
        if key in ("singles", "loop", "worn"):
            result[key] = numbers(found)
        elif key == "first":
            result[key] = number(found)
        elif key == "number":
            if isinstance(found, int) and 1 <= found < 1 << 53:
                result[key] = found
        elif key == "value":
            result[key] = found if found in ("nan", "inf", "-inf") else number(
                found)
    return result


def description(answer):
    """What a worker says of its module."""
    if "error" in answer:
        return {"error": text(answer["error"]),
                "shadowed": places(answer.get("shadowed"))}
    return {"benchmarks": [b for b in map(_benchmark, _list(
                answer.get("benchmarks"))[:MOST_LIST]) if b],
            "errors": [{"module": text(e.get("module")),
                        "error": text(e.get("error"))}
                       for e in _list(answer.get("errors"))[:1000]
                       if isinstance(e, dict)],
            "ignored": strings(answer.get("ignored"))[:1000],
            "imported": places(answer.get("imported")),
            "shadowed": places(answer.get("shadowed")),
            "python": text(answer.get("python"))}


def _benchmark(value):
    if not isinstance(value, dict) or value.get("kind") not in KINDS:
        return None
    axes = _list(value.get("axes"))
    if len(axes) > MOST_AXES:
        return None
    result = {"name": text(value.get("name")), "kind": value["kind"],
              "axes": [strings(axis) for axis in axes]}
    for key in ("file", "setup_cache", "pretty_name", "version"):
        result[key] = text_or_none(value.get(key))
    for key in ("number", "rounds", "min_run_count", "warmup_time",
                "sample_time", "timeout", "cache_timeout"):
        result[key] = number(value.get(key))
    repeat = value.get("repeat")
    result["repeat"] = numbers(repeat) if isinstance(
        repeat, list) else number(repeat)
    result["param_names"] = strings(value.get("param_names"))
    return result
