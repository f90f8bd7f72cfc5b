"""Finds the benchmarks of one module of an ASV suite by importing it.

Which modules there are is the parent's to say (`modules.py`): here only the
suite's package and the one module are imported, as in every later process
that times one of its benchmarks.
"""
import importlib
import importlib.machinery
import importlib.util
import inspect
import os
import sys

from .. import texts
from . import model

SHIMS = os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), "shims")
# Folders beside a package that are no part of it, wherever they are installed.
HELPERS = ("test", "tests", "bench", "benches", "benchmark", "benchmarks",
           "asv_bench", "asv_benchmarks", "examples")
MOST_TEXTS = 200  # of errors and ignored attributes, one module


class SuiteFinder:
    """Imports the suite by its own name from its own place only.

    Its parent stays off sys.path: there may lie a copy of the package under
    test which must not hide the installed one. A suite inside of the package
    is also meant by its full name, whatever copy of it a side installed: both
    sides run the merge commit's. So are helpers that a package installs beside
    itself, as find_packages() does.
    """

    def __init__(self, name, folder, sites=(), tree=None):
        self.own = {each: folder for each in _names_inside(folder, sites)}
        self.own.update((each, os.path.join(tree, each)) for each in HELPERS
                        if _is_helper(each, sites, tree))
        self.own[name] = folder

    def find_spec(self, fullname, path=None, target=None):
        if fullname not in self.own or (
                "." not in fullname and path is not None):
            return None
        folder = self.own[fullname]
        init = os.path.join(folder, "__init__.py")
        if os.path.isfile(init):
            return importlib.util.spec_from_file_location(
                fullname, init, submodule_search_locations=[folder])
        spec = importlib.machinery.ModuleSpec(fullname, None, is_package=True)
        spec.submodule_search_locations = [folder]
        return spec


def _is_helper(name, sites, tree):
    """The tree lacks the files of the tested package, so one called so is
    none."""
    return bool(tree) and os.path.isfile(os.path.join(
        tree, name, "__init__.py")) and any(
            os.path.isdir(os.path.join(site, name)) for site in sites)


def _names_inside(folder, sites):
    """Full names of a suite below packages that a site has."""
    parts = folder.split(os.sep)
    for start in range(1, len(parts) - 1):
        above = parts[start:-1]
        if any(os.path.isdir(os.path.join(site, *above)) for site in sites):
            yield ".".join(parts[start:])


class Suite:
    """@param folder The benchmark_dir of the suite's asv.conf.json.
    @param module Full name of the one module that is looked at.
    @param sites Where the tested packages are installed.
    @param tree The whole checkout, or None."""

    def __init__(self, folder, module, sites=(), tree=None):
        self.folder = folder
        self.name = os.path.basename(folder)
        self.module = module
        self.errors = []
        self.ignored = []
        self.found = {}  # name: benchmark; of two with one name the first
        self.finder = SuiteFinder(self.name, self.folder, sites, tree)
        sys.meta_path.insert(0, self.finder)
        if SHIMS not in sys.path:
            sys.path.append(SHIMS)

    def has(self, name):
        """Whether a module of this name is the suite's."""
        return any((name + ".").startswith(own + ".")
                   for own in self.finder.own)

    def describe(self):
        """Imports the module. @returns its benchmarks, or why there is none."""
        try:
            module = importlib.import_module(self.module)
        except BaseException as error:
            return {"error": texts.describe(error, self.folder)}
        for benchmark in self._of_module(module):
            self._add(benchmark)
        entries = []
        for benchmark in list(self.found.values()):
            try:
                entries.append(_entry(benchmark))
                self.ignored += benchmark.ignored()
            except BaseException as error:
                del self.found[benchmark.name]
                self._failed("%s.%s" % (self.name, benchmark.name), error)
        return {"benchmarks": entries, "errors": self.errors[:MOST_TEXTS],
                "ignored": [texts.clean(t) for t in self.ignored[:MOST_TEXTS]]}

    def _add(self, benchmark):
        """Of two with one name (wrapped without functools.wraps, or a given
        name that is inherited) the second is called as what holds it."""
        known = self.found.setdefault(benchmark.name, benchmark)
        if known.origin == benchmark.origin:
            return
        taken, benchmark.name = benchmark.name, benchmark.place
        if self.found.setdefault(benchmark.name, benchmark) is not benchmark:
            self.ignored.append("%s: another benchmark of this name is not "
                                "looked at" % taken)

    def find(self, name):
        try:
            return self.found[name]
        except KeyError:
            raise model.Unknown("no benchmark %s in %s in this process"
                                % (name, self.module))

    def _of_module(self, module):
        for key, value in list(vars(module).items()):
            if key.startswith("_"):
                continue
            if inspect.isclass(value) and not inspect.isabstract(value):
                yield from self._of_class(module, value)
            elif inspect.isfunction(value):
                yield from self._try(key, module, None, value)

    def _of_class(self, module, klass):
        try:
            members = inspect.getmembers(klass)
        except BaseException as error:
            self._failed("%s.%s" % (module.__name__, klass.__name__), error)
            return
        for key, value in members:
            if inspect.isfunction(value) or inspect.ismethod(value):
                yield from self._try(key, module, klass, value)

    def _try(self, key, module, klass, function):
        owner = module.__name__
        if klass is not None:
            owner += "." + klass.__name__
        try:
            benchmark = self._benchmark(key, module, klass, function)
            if benchmark is not None:
                benchmark.settings()
        except NotImplementedError as error:
            # As a setup says it: not for this environment.
            self.ignored.append("%s.%s: is skipped: %s" % (
                owner, key, texts.describe(error).split("\n")[0]))
            return
        except BaseException as error:
            self._failed("%s.%s" % (owner, key), error)
            return
        if benchmark is not None:
            yield benchmark

    def _benchmark(self, key, module, klass, function):
        if getattr(function, "skip_benchmark", False):
            return None
        given = getattr(function, "benchmark_name", None)
        kind = model.kind_of(given.split(".")[-1] if given else key)
        if kind is None:
            return None
        inside = module.__name__.split(".")[1:]
        origin = (klass, function)
        if klass is None:
            place = ".".join(inside + [key])
            name = ".".join(inside + [function.__name__])
            sources = [function, module]
        else:
            instance = klass()
            function = getattr(instance, key)
            place = name = ".".join(inside + [klass.__name__, key])
            sources = [function, instance, module]
        made = model.Benchmark(texts.clean(given or name), kind, function,
                               sources, self._relative(module))
        made.place, made.origin = texts.clean(place), origin
        return made

    def _relative(self, module):
        file = getattr(module, "__file__", None)
        return os.path.relpath(file, self.folder) if file else ""

    def _failed(self, name, error):
        self.errors.append({"module": texts.clean(name),
                            "error": texts.describe(error, self.folder)})


def _entry(benchmark):
    """A benchmark as the parent knows it; parameters as texts by axis."""
    settings = benchmark.settings()
    return texts.plain(dict(
        settings._asdict(), name=benchmark.name, kind=benchmark.kind,
        file=benchmark.file, axes=benchmark.texts,
        param_names=benchmark.param_names,
        setup_cache=benchmark.cache_key,
        cache_timeout=benchmark.cache_timeout,
        pretty_name=getattr(benchmark.function, "pretty_name", None),
        version=_version(benchmark)))


def _version(benchmark):
    version = model.attribute(benchmark.sources, "version", None)
    return None if version is None else str(version)
