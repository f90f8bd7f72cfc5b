"""Texts for people; suites rarely import these, and never time them."""
import shutil

terminal_width = shutil.get_terminal_size().columns
_UNITS = (("ns", 1e-9), ("us", 1e-6), ("ms", 1e-3), ("s", 1.0), ("m", 60.0),
          ("h", 3600.0), ("d", 86400.0))


def ceildiv(numerator, denominator):
    return -(-numerator // denominator)


def human_float(value, significant=3, truncate_small=None,
                significant_zeros=False):
    return "%.*g" % (significant, value)


def human_time(seconds, err=None):
    seconds = float(seconds)
    if seconds != seconds:
        return "n/a"
    unit, size = _UNITS[0]
    for name, length in _UNITS:
        if seconds >= length:
            unit, size = name, length
    text = human_float(seconds / size) + unit
    return text if err is None else text + "+-" + human_float(err / size) + unit
