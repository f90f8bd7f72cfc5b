"""One benchmark and its parameters, with ASV's rules for attributes.

An attribute is looked for on the function, then the instance, then the
module; `setup` runs module first, `teardown` function first.
"""
import collections
import functools
import inspect
import itertools
import re
import types

from .. import texts
from . import timing

KINDS = (
    # ASV matches with re.match: the second branch is anchored at the start too.
    ("mem", re.compile(r"^(Mem[A-Z_].+)|(mem_.+)$")),
    ("peakmem", re.compile(r"^(PeakMem[A-Z_].+)|(peakmem_.+)$")),
    ("time", re.compile(r"^(Time[A-Z_].+)|(time_.+)$")),
    ("timeraw", re.compile(r"^(Timeraw[A-Z_].+)|(timeraw_.+)$")),
    ("track", re.compile(r"^(Track[A-Z_].+)|(track_.+)$")),
)

MOST_VALUES = 100000  # of one parameter; a generator may have no end
DEEPEST = 5           # levels of a parameter that are looked into
_ADDRESS = re.compile(r" at 0x[\da-fA-F]+\b")
_SIMPLE = (int, float, complex, str, bytes, type(None), type, types.ModuleType,
           types.FunctionType, types.BuiltinFunctionType)

# sample_time and timeout are None when the suite does not say.
Settings = collections.namedtuple(
    "Settings", "number repeat warmup_time sample_time rounds min_run_count "
    "timeout")

# What a suite may say and this harness does not do, with the reason.
IGNORED = (
    ("rounds", "the trial decides how many processes there are"),
    ("processes", "the trial decides how many processes there are"),
    ("min_run_count", "the trial decides how often a benchmark runs"),
    ("goal_time", "asv 0.3 gave it up; sample_time is what is meant"),
    ("max_time", "the trial decides how long a benchmark runs"),
)


class Unknown(Exception):
    """The suite has no such benchmark or parameters."""


def kind_of(name):
    for kind, pattern in KINDS:
        if pattern.match(name):
            return kind
    return None


def attributes(sources, name, any_case=False):
    """What the sources hold under `name`, in their order, without None."""
    for source in sources:
        if any_case:
            found = [getattr(source, key) for key in dir(source)
                     if key.lower() == name]
            if len(found) > 1:
                raise ValueError("several functions named %s in %r"
                                 % (name, source))
        else:
            found = [getattr(source, name, None)]
        for value in found:
            if value is not None:
                yield value


def attribute(sources, name, default):
    return next(attributes(sources, name), default)


def text_of(value, depth=0):
    """The text that stands for a parameter: its repr, without the addresses
    and orders that differ from process to process."""
    kind = type(value)
    if depth < DEEPEST and kind in (set, frozenset) and value:
        inner = "{%s}" % ", ".join(sorted(
            text_of(item, depth + 1) for item in value))
        return inner if kind is set else "frozenset(%s)" % inner
    text = repr(value)
    if isinstance(value, (str, bytes, bytearray)):
        return text  # its own words
    if depth < DEEPEST and "{" in text:
        for inner in _sets_in(value):
            text = text.replace(repr(inner), text_of(inner, depth + 1))
    return _ADDRESS.sub("", text)


def _sets_in(value):
    """Sets of more than one value that a repr may show."""
    found, level, known = [], [value], set()
    for _ in range(DEEPEST):
        below = []
        for part in level:
            if id(part) in known or len(known) > MOST_VALUES:
                continue
            known.add(id(part))
            if type(part) not in (set, frozenset):
                below += _parts(part)
            elif len(part) > 1:
                found.append(part)
        level = below
    return found


def _parts(value):
    """What a repr may show of a value, as a list that keeps it alive."""
    if isinstance(value, _SIMPLE):
        return []
    if isinstance(value, dict):
        return [*dict.keys(value), *dict.values(value)]
    for kind in (list, tuple, collections.deque):
        if isinstance(value, kind):
            return list(kind.__iter__(value))
    if isinstance(value, functools.partial):
        return [value.args, value.keywords]
    fields = getattr(value, "__dict__", None)
    return list(fields.values()) if type(fields) is dict else []


def values_of(entry):
    """A parameter's values; those of a set, which has no order, by text."""
    values = list(itertools.islice(iter(entry), MOST_VALUES + 1))
    if len(values) > MOST_VALUES:
        raise ValueError("a parameter of more than %d values" % MOST_VALUES)
    if isinstance(entry, (set, frozenset)):
        named = sorted(((text_of(value), value) for value in values),
                       key=lambda pair: pair[0])
        for (one, _), (other, _) in zip(named, named[1:]):
            if one == other:
                raise ValueError("a set of parameters has two values %s that "
                                 "nothing tells apart" % texts.clean(one))
        values = [value for _, value in named]
    return values


def distinct(texts):
    """Equal texts of one parameter get " (0)", " (1)" as ASV shows them."""
    count = collections.Counter(texts)
    seen = collections.Counter()
    result = []
    for text in texts:
        if count[text] > 1:
            result.append("%s (%d)" % (text, seen[text]))
            seen[text] += 1
        else:
            result.append(text)
    return result


class Benchmark:
    """A listed benchmark; `case` picks one of its parameter combinations."""

    def __init__(self, name, kind, function, sources, file):
        """@param sources Where attributes are looked for: the function, the
        instance if it is a method, the module."""
        self.name = name
        self.kind = kind
        self.function = function
        self.sources = sources
        self.file = file
        self.setups = list(attributes(sources, "setup", True))[::-1]
        self.module_setups = list(attributes(sources[-1:], "setup", True))
        self.teardowns = list(attributes(sources, "teardown", True))
        self.setup_cache = attribute(sources, "setup_cache", None)
        self.skip_params = attribute(sources, "skip_params", [])
        self._read_params()

    def _read_params(self):
        values = values_of(attribute(self.sources, "params", []))
        if values and not isinstance(values[0], (tuple, list)):
            values = [values]
        self.values = [values_of(entry) for entry in values]
        self.texts = [distinct([texts.clean(text_of(item), marked=True)
                                for item in entry])
                      for entry in self.values]
        names = [str(x) for x in attribute(self.sources, "param_names", [])]
        names = names[:len(self.values)]
        names += ["param%d" % (k + 1)
                  for k in range(len(names), len(self.values))]
        self.param_names = [texts.clean(name) for name in names]

    @property
    def cache_key(self):
        """Where the setup_cache is defined: its users there share one run."""
        function = self.setup_cache
        if function is None:
            return None
        module = inspect.getmodule(function)
        name = module.__name__.partition(".")[2] if module else ""
        try:
            name = name or inspect.getsourcefile(function)
            return "%s:%d" % (name, inspect.getsourcelines(function)[1])
        except (OSError, TypeError):
            return "%s:%s" % (name, getattr(function, "__qualname__", "?"))

    @property
    def cache_timeout(self):
        """Seconds that setup_cache itself asks for, or None."""
        own = getattr(self.setup_cache, "timeout", None)
        return None if own is None else float(own)

    def settings(self):
        """Read anew after each setup, which may change them."""
        def first(name, default):
            return attribute(self.sources, name, default)

        timeout = first("timeout", None)
        sample_time = first("sample_time", None)
        return Settings(
            number=int(first("number", 1 if self.kind == "timeraw" else 0)),
            repeat=first("repeat", 0),
            warmup_time=float(first("warmup_time", -1)),
            sample_time=None if sample_time is None else float(sample_time),
            rounds=int(first("rounds", int(first("processes", 2)))),
            min_run_count=int(first("min_run_count", 2)),
            timeout=None if timeout is None else float(timeout))

    def ignored(self):
        """Texts of what the suite asks for and does not get."""
        for name, why in IGNORED:
            if attribute(self.sources, name, None) is not None:
                yield "%s: attribute %s is not honoured: %s" % (
                    self.name, name, why)
        if self.kind != "timeraw" and timing.clock_of(self.timer()) is None:
            yield ("%s: attribute timer is not honoured: no clock of the "
                   "standard library" % self.name)
        if inspect.iscoroutinefunction(self.function):
            yield ("%s: is asynchronous: as in asv, calling it does not run "
                   "its body" % self.name)

    def timer(self):
        return attribute(self.sources, "timer", None)

    def case(self, wanted):
        """The combination whose texts are `wanted`.

        @throws Unknown if there is none: never another in its place."""
        wanted = list(wanted)
        if len(wanted) != len(self.texts):
            raise Unknown("%s has %d parameters here, not %d" % (
                self.name, len(self.texts), len(wanted)))
        chosen = []
        for name, text, known, values in zip(self.param_names, wanted,
                                             self.texts, self.values):
            if text not in known:
                raise Unknown("%s: no parameter %s=%s in this process" % (
                    self.name, name, text))
            chosen.append(values[known.index(text)])
        return Case(self, chosen)

    def make_cache(self):
        """Runs setup_cache, and the module's setup before it where that needs
        no arguments; the class's never runs before it."""
        for setup in self.module_setups:
            try:
                inspect.signature(setup).bind()
            except TypeError:
                continue
            setup()
        return self.setup_cache()


class Case:
    """A benchmark with its parameters chosen, ready to set up and call."""

    def __init__(self, benchmark, params):
        self.benchmark = benchmark
        self.params = tuple(params)
        self.cache = None

    @property
    def arguments(self):
        if self.cache is not None:
            return (self.cache,) + self.params
        return self.params

    def left_out(self):
        return self.params in self.benchmark.skip_params

    def setup(self):
        """@returns whether the benchmark wants to run."""
        if self.left_out():
            return False
        try:
            for setup in self.benchmark.setups:
                setup(*self.arguments)
        except NotImplementedError:
            return False
        return True

    def teardown(self):
        if not self.left_out():
            for teardown in self.benchmark.teardowns:
                teardown(*self.arguments)

    def again(self):
        """What ASV does between two samples."""
        self.teardown()
        self.setup()

    def caller(self):
        """A function of no arguments, as cheap to call as timeit's."""
        function, arguments = self.benchmark.function, self.arguments
        if not arguments:
            return function

        def call():
            return function(*arguments)
        return call
