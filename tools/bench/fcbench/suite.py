"""Finds the benchmarks of an ASV suite by importing its modules."""
import importlib
import importlib.machinery
import importlib.util
import inspect
import os
import pkgutil
import sys

from . import model, output

SHIMS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "shims")


class Unusable(Exception):
    """The folder given is no benchmark suite."""


class SuiteFinder:
    """Imports the suite by its own name from its own place only.

    Its parent stays off sys.path: there may lie a copy of the package under
    test which must not hide the installed one.
    """

    def __init__(self, name, folder):
        self.name = name
        self.folder = folder

    def find_spec(self, fullname, path=None, target=None):
        if fullname != self.name or path is not None:
            return None
        init = os.path.join(self.folder, "__init__.py")
        if os.path.isfile(init):
            return importlib.util.spec_from_file_location(
                fullname, init, submodule_search_locations=[self.folder])
        spec = importlib.machinery.ModuleSpec(fullname, None, is_package=True)
        spec.submodule_search_locations = [self.folder]
        return spec


class Suite:
    """@param folder The benchmark_dir of the suite's asv.conf.json."""

    def __init__(self, folder):
        self.folder = os.path.abspath(folder)
        self.name = os.path.basename(self.folder)
        if not os.path.isdir(self.folder):
            raise Unusable("no such suite folder: %s" % folder)
        if not any(True for _ in _python_files(self.folder)):
            raise Unusable("no Python file in the suite folder %s" % folder)
        self.errors = []

    def install(self):
        """Makes the suite importable in this process."""
        sys.meta_path.insert(0, SuiteFinder(self.name, self.folder))
        if SHIMS not in sys.path:
            sys.path.append(SHIMS)

    def benchmarks(self):
        """All benchmarks in ASV's order; of two with one name the first.
        Fills `errors` with what could not be imported or made."""
        self.errors = []
        found = {}
        for module in self._modules(self.name):
            for benchmark in self._of_module(module):
                found.setdefault(benchmark.name, benchmark)
        return list(found.values())

    def find(self, name):
        """The benchmark called `name`, importing little if its name says
        where it is. @returns None if there is none."""
        parts = name.split(".")
        for depth in (1, 2):
            path = os.path.join(self.folder, *parts[:-depth])
            if len(parts) < depth or not (
                    os.path.isfile(os.path.join(path, "__init__.py"))
                    or os.path.isfile(path + ".py")):
                continue
            benchmark = self._in_module(parts, depth)
            if benchmark is not None and benchmark.name == name:
                return benchmark
        for benchmark in self.benchmarks():
            if benchmark.name == name:
                return benchmark
        return None

    def _in_module(self, parts, depth):
        name = ".".join([self.name] + parts[:-depth])
        holder = getattr(importlib.import_module(name), parts[-depth], None)
        module = sys.modules[name]
        if depth == 1 and inspect.isfunction(holder):
            return self._benchmark(parts[-1], module, None, holder)
        if depth == 2 and inspect.isclass(holder):
            function = getattr(holder, parts[-1], None)
            if _is_function(function):
                return self._benchmark(parts[-1], module, holder, function)
        return None

    def _modules(self, name):
        try:
            module = importlib.import_module(name)
        except BaseException as error:
            self._failed(name, error)
            return
        yield module
        if getattr(module, "__path__", None):
            for _, child, _ in pkgutil.iter_modules(module.__path__,
                                                    name + "."):
                yield from self._modules(child)

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
            if _is_function(value):
                yield from self._try(key, module, klass, value)

    def _try(self, key, module, klass, function):
        try:
            benchmark = self._benchmark(key, module, klass, function)
            if benchmark is not None:
                benchmark.settings()
        except BaseException as error:
            owner = module.__name__
            if klass is not None:
                owner += "." + klass.__name__
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
        if klass is None:
            name = ".".join(inside + [function.__name__])
            sources = [function, module]
        else:
            instance = klass()
            function = getattr(instance, key)
            name = ".".join(inside + [klass.__name__, key])
            sources = [function, instance, module]
        return model.Benchmark(given or name, kind, function, sources,
                               self._relative(module))

    def _relative(self, module):
        file = getattr(module, "__file__", None)
        return os.path.relpath(file, self.folder) if file else ""

    def _failed(self, name, error):
        self.errors.append({"module": name, "error": output.describe(error)})


def _is_function(value):
    return inspect.isfunction(value) or inspect.ismethod(value)


def _python_files(folder):
    for _, folders, files in os.walk(folder):
        folders[:] = [f for f in folders if not f.startswith((".", "__py"))]
        for file in files:
            if file.endswith((".py", ".so")):
                yield file


def listing(suite):
    """The suite as the `list` command shows it."""
    entries = []
    for benchmark in suite.benchmarks():
        settings = benchmark.settings()
        for index, texts in benchmark.combinations():
            entries.append(dict(
                settings._asdict(), name=benchmark.name, kind=benchmark.kind,
                param_index=index, params=texts,
                param_names=benchmark.param_names,
                setup_cache=benchmark.cache_key, file=benchmark.file,
                pretty_name=getattr(benchmark.function, "pretty_name", None),
                version=model.attribute(benchmark.sources, "version", None)))
    return entries
