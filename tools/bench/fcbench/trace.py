"""Sees which changed code runs during one call of a benchmark.

Marks live in shared memory, so what a forked worker ran, or a benchmark that
crashed later, is seen too.
"""
import mmap
import os
import sys
import threading

WAITING, WATCHING, DONE = 0, 1, 2
SOURCE_ROOTS = ("src", "lib", "Lib", "python", "py", "source")


def installed_paths(path, sites, tree=None):
    """Where the repository's file `path` may be imported from: below the
    first site that has it after some leading folders are taken off, and
    in the tree itself (editable installs)."""
    parts = path.split("/")
    result = []
    if tree:
        result.append(os.path.join(tree, *parts))
    for cut in range(len(parts)):
        rest = parts[cut:]
        if len(rest) == 1 and not all(p in SOURCE_ROOTS for p in parts[:cut]):
            break  # setup.py or a conftest.py is nobody's module
        hits = [os.path.join(site, *rest) for site in sites]
        hits = [hit for hit in hits if os.path.isfile(hit)]
        if hits:
            return result + hits
    return result


class Watch:
    """@param functions [{"file", "qualname", "first_line", "last_line"}]
    @param modules Paths of files changed outside functions.
    @param extensions Names of changed extension modules.
    """

    def __init__(self, functions=(), modules=(), sites=(), tree=None,
                 extensions=()):
        self.functions = list(functions)
        self.modules = list(modules)
        self.extensions = list(extensions)
        self.sites = list(sites)
        self.tree = tree
        self.size = (len(self.functions) + len(self.modules)
                     + len(self.extensions))
        self.marks = mmap.mmap(-1, 1 + self.size)  # the first is the state
        self.seen = {}   # id of a code object: the object, to keep the id
        self.known = {}  # file name: its entry in places, or None
        self.tails = set(e.rpartition(".")[2] for e in self.extensions)
        self.missing = set()  # marks that code could still set
        self.places = self._places()
        first = self.size + 1 - len(self.extensions)
        self.missing.update(range(first, self.size + 1))

    def order(self):
        """The arguments of an equal Watch, for another process."""
        return {"functions": self.functions, "modules": self.modules,
                "sites": self.sites, "tree": self.tree,
                "extensions": self.extensions}

    def _places(self):
        """File: ([(first line, last line, mark)], mark of the module)."""
        places = {}

        def entries(path):
            for place in installed_paths(path, self.sites, self.tree):
                self.missing.add(mark)
                yield places.setdefault(os.path.realpath(place), [[], None])

        mark = 1
        for function in self.functions:
            for entry in entries(function["file"]):
                entry[0].append((function["first_line"],
                                 function["last_line"], mark))
            mark += 1
        for path in self.modules:
            for entry in entries(path):
                entry[1] = mark
            mark += 1
        return places

    def clear(self):
        self.marks[:] = bytes(1 + self.size)

    def install(self):
        """Threads that start from now on are watched. Called before setup,
        where pools are made."""
        if self.size:
            threading.setprofile(self._event)

    def start(self):
        if self.size:
            self.marks[0] = WATCHING
            sys.setprofile(self._event)

    def stop(self):
        if self.size:
            sys.setprofile(None)
            threading.setprofile(None)
            self._finish()

    def _finish(self):
        """Makes every thread take itself off at its next call."""
        self.marks[0] = DONE
        self.seen.clear()

    def _mark(self, mark):
        self.marks[mark] = 1
        self.missing.discard(mark)
        if not self.missing:
            self._finish()

    def _event(self, frame, event, arg):
        if event == "call":
            code = frame.f_code
            if id(code) not in self.seen:
                self._enter(code)
        elif event == "c_call" and self.extensions:
            self._enter_extension(arg)

    def _enter(self, code):
        state = self.marks[0]
        if state != WATCHING:
            if state == DONE:
                sys.setprofile(None)
            return
        self.seen[id(code)] = code
        entry = self._entry(code.co_filename)
        if entry is None:
            return
        functions, module = entry
        if module is not None:
            self._mark(module)
        for first, last, mark in functions:
            if first <= code.co_firstlineno <= last:
                self._mark(mark)

    def _entry(self, name):
        try:
            return self.known[name]
        except KeyError:
            entry = self.places.get(os.path.realpath(name))
            self.known[name] = entry
            return entry

    def _enter_extension(self, function):
        owner = getattr(function, "__self__", None)
        module = getattr(function, "__module__", None)
        if not isinstance(module, str):
            module = getattr(type(owner), "__module__", None)
        self._mark_extension(module)
        if owner is not None:
            self._mark_extension(getattr(type(owner), "__module__", None))

    def _mark_extension(self, module):
        if not isinstance(module, str) or self.marks[0] != WATCHING:
            return
        if module.rpartition(".")[2] not in self.tails:
            return
        first = 1 + len(self.functions) + len(self.modules)
        for index, name in enumerate(self.extensions):
            # Some C code knows only the last part of its module's name.
            short = "." not in module and module not in sys.modules
            if name == module or (short and name.endswith("." + module)):
                self._mark(first + index)

    def state(self):
        return list(self.marks[:])

    def merge(self, state):
        for index, mark in enumerate(state[1:], 1):
            if mark:
                self.marks[index] = 1

    def executed(self):
        """@returns "file::qualname" of each target that ran."""
        return ["%s::%s" % (f["file"], f["qualname"])
                for index, f in enumerate(self.functions, 1)
                if self.marks[index]]

    def loaded(self):
        return any(name in sys.modules for name in self.extensions)

    def reach(self, loaded=False):
        """The closest that the call came to the change."""
        functions = 1 + len(self.functions)
        modules = functions + len(self.modules)
        if any(self.marks[1:functions]):
            return "function"
        if any(self.marks[functions:modules]):
            return "module"
        if any(self.marks[modules:]):
            return "extension"
        return "loaded" if loaded else "none"
