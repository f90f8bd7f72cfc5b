"""One benchmark and its parameters, with ASV's rules for attributes.

An attribute is looked for on the function, then the instance, then the
module; `setup` runs module first, `teardown` function first.
"""
import collections
import inspect
import itertools
import re

KINDS = (
    # ASV matches with re.match: the second branch is anchored at the start too.
    ("mem", re.compile(r"^(Mem[A-Z_].+)|(mem_.+)$")),
    ("peakmem", re.compile(r"^(PeakMem[A-Z_].+)|(peakmem_.+)$")),
    ("time", re.compile(r"^(Time[A-Z_].+)|(time_.+)$")),
    ("timeraw", re.compile(r"^(Timeraw[A-Z_].+)|(timeraw_.+)$")),
    ("track", re.compile(r"^(Track[A-Z_].+)|(track_.+)$")),
)
DEFAULT_TIMEOUT = 60.0

# sample_time is None when the suite does not say.
Settings = collections.namedtuple(
    "Settings", "number repeat warmup_time sample_time rounds min_run_count "
    "timeout")


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


def repr_without_address(value):
    text = repr(value)
    match = re.match(r"^(<.*) at (0x[\da-fA-F]*)(>)$", text)
    if match and (" at %s>" % match.group(2)) in object.__repr__(value):
        return match.group(1) + match.group(3)
    return text


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
        self.name = name
        self.kind = kind
        self.function = function
        self.sources = sources
        self.file = file
        self.setups = list(attributes(sources, "setup", True))[::-1]
        self.teardowns = list(attributes(sources, "teardown", True))
        self.setup_cache = attribute(sources, "setup_cache", None)
        self.skip_params = attribute(sources, "skip_params", [])
        self._read_params()

    def _read_params(self):
        values = list(attribute(self.sources, "params", []))
        if values and not isinstance(values[0], (tuple, list)):
            values = [values]
        self.values = [list(entry) for entry in values]
        self.texts = [distinct([repr_without_address(item) for item in entry])
                      for entry in self.values]
        names = [str(x) for x in attribute(self.sources, "param_names", [])]
        names = names[:len(self.values)]
        names += ["param%d" % (k + 1)
                  for k in range(len(names), len(self.values))]
        self.param_names = names

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
        own = getattr(self.setup_cache, "timeout", None)
        return float(own if own is not None else self.settings().timeout)

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
            timeout=DEFAULT_TIMEOUT if timeout is None else float(timeout))

    def combinations(self):
        """(index or None, texts) of each parameter combination."""
        if not self.values:
            return [(None, [])]
        return [(index, list(texts)) for index, texts
                in enumerate(itertools.product(*self.texts))]

    def case(self, index):
        """@pre `index` is None or counts as `combinations` does."""
        if index is None or not self.values:
            if index is not None or self.values:
                raise ValueError("%s: no parameter index %r"
                                 % (self.name, index))
            return Case(self, ())
        if index < 0:
            raise ValueError("%s: no parameter index %r" % (self.name, index))
        for params in itertools.islice(
                itertools.product(*self.values), index, index + 1):
            return Case(self, params)
        raise ValueError("%s: no parameter index %r" % (self.name, index))

    def make_cache(self):
        """Runs setup_cache after those setups that need no arguments."""
        for setup in self.setups:
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
