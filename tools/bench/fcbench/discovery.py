"""All benchmarks of a suite, each module described by a worker of its own."""
import itertools
import time

from . import texts

MOST_COMBINATIONS = 5000  # of one benchmark's parameters
MOST_BENCHMARKS = 200000  # of a suite, combinations counted
MOST_TEXTS = 2000
MOST_BYTES = 64 << 20     # that all modules say of themselves
MOST_CHARACTERS = 24 << 20  # of the parameters of all combinations
LEAST = 1.0               # seconds for an import, at least


class Choice:
    """A benchmark with one set of parameters, from one module."""

    def __init__(self, name, params, index=None, module=None, benchmark=None):
        self.name = name
        self.params = list(params)
        self.index = index
        self.module = module
        self.benchmark = benchmark

    @property
    def key(self):
        return self.name, tuple(self.params)


class Discovery:
    """@param wanted Names that suffice, or None for the whole suite."""

    def __init__(self, modules, pool, until, wanted=None):
        self.modules = modules
        self.pool = pool
        self.until = until
        self.benchmarks = {}  # name: (module, benchmark)
        self.errors = []
        self.ignored = []
        self.imported = []
        self.seen = 0
        self.complete = True
        self.python = ""
        self._bytes = 0
        self._told = {}       # module: its description
        if wanted is None:
            self._all(modules.names)
        else:
            self._some(wanted)

    def _all(self, names, enough=lambda: False):
        for name in names:
            if enough():
                return
            if name in self._told:
                continue
            if time.monotonic() >= self.until:
                self.complete = False
                return
            self._one(name)

    def _some(self, wanted):
        guesses = []
        for name in wanted:
            guesses += [m for m in self.modules.likely(name)[:2]
                        if name.startswith(m.split(".", 1)[-1] + ".")
                        or m == self.modules.name]
        enough = lambda: all(name in self.benchmarks for name in wanted)
        self._all(dict.fromkeys(guesses), enough)
        self._all(self.modules.names, enough)

    def _one(self, module):
        # One import that hangs leaves half of the time to the others.
        now = time.monotonic()
        said = self.pool.describe(module, now + max(
            LEAST, (self.until - now) / 2))
        self._told[module] = said
        self._bytes += said["size"]
        if self._bytes > MOST_BYTES:
            self.complete = False
            said = {"error": "the suite says more of its benchmarks than %d "
                    "bytes" % MOST_BYTES, "shadowed": []}
        for each in said["shadowed"]:
            said = {"error": shadow_text(each), "shadowed": said["shadowed"]}
        if "error" in said:
            self.errors.append({"module": texts.clean(module),
                                "error": said["error"]})
            return
        self.seen += 1
        self.python = said["python"]
        self.errors += said["errors"]
        self.ignored += said["ignored"]
        self.imported = said["imported"]
        for benchmark in said["benchmarks"]:
            # Of two with one name, the one where the name points to: that
            # is where all who look for it by name begin.
            name = benchmark["name"]
            if name in self.benchmarks:
                self.ignored.append("%s: %s and %s have a benchmark of this "
                                    "name, one is looked at" % (
                                        name, self.benchmarks[name][0],
                                        module))
            if name not in self.benchmarks or self._points_to(name, module):
                self.benchmarks[name] = (module, benchmark)

    def _points_to(self, name, module):
        inside = (self.modules.name + "." + name).rsplit(".", 2)
        return module in (inside[0], ".".join(inside[:2])) and (
            self.modules.likely(name)[0] == module)

    def choices(self):
        """Every benchmark with every set of its parameters."""
        count = characters = 0
        for name in self.benchmarks:
            for choice in self.of(name):
                count += 1
                characters += len(name) + sum(map(len, choice.params))
                if count > MOST_BENCHMARKS or characters > MOST_CHARACTERS:
                    self.complete = False
                    return
                yield choice

    def of(self, name):
        """The choices of one benchmark, in the suite's order."""
        module, benchmark = self.benchmarks[name]
        axes = benchmark["axes"]
        if not axes:
            yield Choice(name, [], None, module, benchmark)
            return
        for index, params in enumerate(itertools.product(*axes)):
            if index >= MOST_COMBINATIONS:
                self.ignored.append(
                    "%s: has more than %d sets of parameters: the others are "
                    "not looked at" % (name, MOST_COMBINATIONS))
                return
            yield Choice(name, params, index, module, benchmark)

    def pick(self, name, params):
        """@param params Texts, or an index, or None.
        @returns a Choice without a benchmark if the suite has none such."""
        if name not in self.benchmarks:
            return Choice(name, params if isinstance(params, list) else [])
        module, benchmark = self.benchmarks[name]
        if isinstance(params, list):
            axes = benchmark["axes"]
            known = len(params) == len(axes) and all(
                text in axis for text, axis in zip(params, axes))
            index = 0
            if known and axes:
                for text, axis in zip(params, axes):
                    index = index * len(axis) + axis.index(text)
            if known:
                return Choice(name, params, index if axes else None, module,
                              benchmark)
            return Choice(name, params)
        for choice in self.of(name):
            if choice.index == params:
                return choice
        return Choice(name, [], params)

    def texts(self):
        """What is not honoured, and not too much of it."""
        found = list(dict.fromkeys(self.ignored))
        if len(found) > MOST_TEXTS:
            found[MOST_TEXTS:] = ["%d more texts of what is not honoured"
                                  % (len(found) - MOST_TEXTS)]
        return found


def shadow_text(each):
    return ("%s is imported from %s in the working tree, though the "
            "environment has it: what is timed would not be the build"
            % (each["module"], each["file"]))
