"""Which modules a suite has: found by walking its files in the order in which
pkgutil would find them, so a module that cannot be imported hides no other."""
import os
import re

DEEPEST = 30
MOST = 20000
_MODULE = re.compile(r"^([^.]+)(\.py|\.pyc|(\.[\w-]+)*\.so)$")


class Unusable(Exception):
    """The folder given is no benchmark suite."""


class Modules:
    """@param folder The benchmark_dir of the suite's asv.conf.json."""

    def __init__(self, folder):
        self.folder = folder
        self.name = os.path.basename(folder)
        if not os.path.isdir(folder):
            raise Unusable("no such suite folder: %s" % folder)
        self.names = []
        if os.path.isfile(os.path.join(folder, "__init__.py")):
            self.names.append(self.name)
        self._walk(folder, self.name, frozenset([os.path.realpath(folder)]))
        if not self.names:
            raise Unusable("no Python file in the suite folder %s" % folder)

    def _walk(self, folder, prefix, above):
        seen = set()
        try:
            entries = sorted(os.listdir(folder))
        except OSError:
            return
        for entry in entries:
            path = os.path.join(folder, entry)
            match = _MODULE.match(entry)
            inner = None
            if match:
                name = match.group(1)
            elif "." not in entry and _is_package(path):
                name, inner = entry, path
            else:
                continue
            if name == "__init__" or name in seen or len(self.names) >= MOST:
                continue
            seen.add(name)
            self.names.append("%s.%s" % (prefix, name))
            real = os.path.realpath(path)
            if inner and real not in above and len(above) < DEEPEST:
                self._walk(inner, self.names[-1], above | {real})

    def likely(self, benchmark):
        """All modules, those first that the name of `benchmark` points to."""
        parts = [self.name] + benchmark.split(".")
        guesses = [name for name in (".".join(parts[:-1]),
                                     ".".join(parts[:-2]))
                   if name in self.names]
        return guesses + [n for n in self.names if n not in guesses]


def _is_package(path):
    try:
        return any(_MODULE.match(entry) and entry.startswith("__init__.")
                   for entry in os.listdir(path))
    except OSError:
        return False
