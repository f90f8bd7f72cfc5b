"""Sees which changed code runs during one call of a benchmark, and what may
run unseen.

Marks live in shared memory, so what a forked worker ran, or a benchmark that
crashed later, is seen too. A mark has two bits: seen in the call, and seen
before it (at import or in a setup).
"""
import bisect
import mmap
import os
import sys
import threading

from . import wrapped

WAITING, EARLY, WATCHING, DONE = 0, 1, 2, 3
IN_CALL, BEFORE = 1, 2
# Bytes in front of the marks: the state, whether a process was started, and
# whether one was there when the call began.
STATE, STARTED, FIRST = 0, 1, 2
SOURCE_ROOTS = ("src", "lib", "Lib", "python", "py", "source")
NO_EFFECT = (".pyi", ".md", ".rst", "py.typed")  # data that no code reads


def _starters():
    """Builtin functions that make a process, kept so that ids stay theirs."""
    import _posixsubprocess
    found = [_posixsubprocess.fork_exec]
    for name in ("fork", "forkpty", "posix_spawn", "posix_spawnp", "system",
                 "execv", "execve"):
        if hasattr(os, name):
            found.append(getattr(os, name))
    return found


def _watched():
    """Whose calls leave nothing unseen, by what they call: new threads of
    `threading` are watched, and the profiler is ours to change."""
    import _thread
    found = {id(sys.setprofile): globals()}
    for name in ("start_new_thread", "start_joinable_thread"):
        if hasattr(_thread, name):
            found[id(getattr(_thread, name))] = vars(threading)
    return found


_STARTERS = _starters()
_WATCHED = _watched()
_UNSEEN_IDS = frozenset(map(id, _STARTERS)) | frozenset(_WATCHED)
_getprofile = sys.getprofile


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


class _Place:
    """The changed code of one file."""

    def __init__(self):
        self.functions = []  # (first line, last line, mark), sorted
        self.module = None   # its mark

    def marks_at(self, line):
        """Marks of the functions that hold `line`. Functions of a file lie
        side by side, but equal ones may come twice."""
        at = bisect.bisect_right(self.functions, (line, float("inf"), 0)) - 1
        while at >= 0:
            first, last, mark = self.functions[at]
            if last < line:
                return
            yield mark
            at -= 1


class Watch:
    """@param functions [{"file", "qualname", "first_line", "last_line"}]
    @param modules Paths of files changed outside functions.
    @param data Paths of other changed files.
    @param extensions Names of changed extension modules.
    """

    def __init__(self, functions=(), modules=(), sites=(), tree=None,
                 extensions=(), data=()):
        self.functions = list(functions)
        self.modules = list(modules)
        self.extensions = list(extensions)
        self.data = list(data)
        self.sites = list(sites)
        self.tree = tree
        self.size = (len(self.functions) + len(self.modules)
                     + len(self.extensions))
        self.watches = bool(self.size or self.data)
        self.seen = {}   # id of a code object: the object, to keep the id
        self.known = {}  # file name: its entry in places, or None
        self.tails = set(e.rpartition(".")[2] for e in self.extensions)
        self.missing = set()  # marks that code could still set
        self.places = self._places()
        self.files = {os.path.basename(place) for place in self.places}
        first = FIRST + self.size - len(self.extensions)
        self.missing.update(range(first, FIRST + self.size))
        self.elsewhere = None  # what a process of its own saw
        self.marks = mmap.mmap(-1, FIRST + self.size)

    def order(self):
        """The arguments of an equal Watch, for another process."""
        return {"functions": self.functions, "modules": self.modules,
                "sites": self.sites, "tree": self.tree, "data": self.data,
                "extensions": self.extensions}

    def _places(self):
        places = {}

        def entries(path):
            for place in installed_paths(path, self.sites, self.tree):
                self.missing.add(mark)
                yield places.setdefault(os.path.realpath(place), _Place())

        mark = FIRST
        for function in self.functions:
            for entry in entries(function["file"]):
                entry.functions.append((function["first_line"],
                                        function["last_line"], mark))
            mark += 1
        for path in self.modules:
            for entry in entries(path):
                entry.module = mark
            mark += 1
        for entry in places.values():
            entry.functions.sort()
        return places

    def fresh(self):
        """Marks of its own for the next child, with what was seen so far."""
        marks = mmap.mmap(-1, FIRST + self.size)
        marks[:] = self.marks[:]
        before, self.marks = self.marks, marks
        return before

    def back(self, marks):
        """Gives up the marks of a child for those that `fresh` returned."""
        self.marks = marks

    def early(self):
        """Watches what runs before the call, at import and in setups.
        Threads that start from now on are watched as well."""
        if self.size:
            self._go(EARLY)

    def resume(self):
        if self.watches:
            self._go(EARLY)

    def start(self):
        """Watches the call."""
        if self.watches:
            if _has_children():
                self.marks[STARTED] = 1
            self.seen.clear()
            self._go(WATCHING)

    def _go(self, state):
        self.marks[STATE] = state
        threading.setprofile(self._event)
        sys.setprofile(self._event)

    def pause(self):
        """Nothing is watched until `resume`."""
        if self.watches:
            sys.setprofile(None)
            threading.setprofile(None)
            self.marks[STATE] = WAITING
            self.seen.clear()

    def stop(self):
        if self.watches:
            # Another profiler in our place, or none since it left.
            if self.marks[STATE] == WATCHING and (
                    _getprofile() != self._event):
                self.marks[STARTED] = 1
            sys.setprofile(None)
            threading.setprofile(None)
            self._finish()

    def _finish(self):
        """Makes every thread take itself off at its next call."""
        self.marks[STATE] = DONE
        self.seen.clear()

    def _mark(self, mark):
        if self.marks[STATE] == EARLY:
            self.marks[mark] |= BEFORE
            return
        self.marks[mark] |= IN_CALL
        self.missing.discard(mark)
        if not self.missing:
            self._finish()

    def _event(self, frame, event, arg):
        if event == "call":
            code = frame.f_code
            if id(code) not in self.seen:
                self._enter(code)
        elif event == "c_call" and self.marks[STATE] == WATCHING:
            if (id(arg) in _UNSEEN_IDS
                    and frame.f_globals is not _WATCHED.get(id(arg))):
                self.marks[STARTED] = 1
            if self.extensions:
                self._enter_extension(arg)

    def _enter(self, code):
        state = self.marks[STATE]
        if state not in (EARLY, WATCHING):
            if state == DONE:
                sys.setprofile(None)
            return
        self.seen[id(code)] = code
        entry = self._entry(code.co_filename)
        if entry is None:
            return
        if entry.module is not None:
            self._mark(entry.module)
        for mark in entry.marks_at(code.co_firstlineno):
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
        if not isinstance(module, str):
            return
        if module.rpartition(".")[2] not in self.tails:
            return
        first = FIRST + len(self.functions) + len(self.modules)
        for index, name in enumerate(self.extensions):
            # Some C code knows only the last part of its module's name.
            short = "." not in module and module not in sys.modules
            if name == module or (short and name.endswith("." + module)):
                self._mark(first + index)

    def state(self):
        """What this process saw, for `merge` in another one."""
        return {"marks": "".join(map(str, self.marks[:])),
                "loaded": self._is_loaded(), "unknown": self._may_be_unseen()}

    def merge(self, state):
        for index, mark in enumerate(state["marks"]):
            if index >= FIRST and mark != "0":
                self.marks[index] |= int(mark)
            elif index == STARTED and mark != "0":
                self.marks[STARTED] = 1
        self.elsewhere = state

    def executed(self):
        """@returns "file::qualname" of each target that ran in the call."""
        return ["%s::%s" % (f["file"], f["qualname"])
                for index, f in enumerate(self.functions, FIRST)
                if self.marks[index] & IN_CALL]

    def reach(self):
        """The closest that the call came to the change."""
        functions = FIRST + len(self.functions)
        modules = functions + len(self.modules)
        for what, first, last in (
                ("function", FIRST, functions), ("module", functions, modules),
                ("extension", modules, FIRST + self.size)):
            if any(mark & IN_CALL for mark in self.marks[first:last]):
                return what
        seen = self.elsewhere or {"loaded": False, "unknown": False}
        if self._is_loaded() or seen["loaded"]:
            return "loaded"
        if self._may_be_unseen() or seen["unknown"]:
            return "unknown"
        return "none"

    def _is_loaded(self):
        """Whether code of a changed file ran before the call: a constant,
        a default or an object that it made may be what the call uses."""
        if any(mark & BEFORE for mark in self.marks[FIRST:]):
            return True
        if any(name in sys.modules for name in self.extensions):
            return True
        return any(place.module is not None for place, _ in self._modules())

    def _modules(self):
        """(place, module) of the loaded modules with changed code."""
        for module in list(sys.modules.values()):
            try:
                file = module.__file__
                if os.path.basename(file) in self.files:
                    place = self.places.get(os.path.realpath(file))
                    if place is not None:
                        yield place, module
            except Exception:
                continue  # odd things lie in sys.modules

    def _may_be_unseen(self):
        if not self.watches:
            return False
        return (self.marks[STARTED] != 0 or self._has_data()
                or self._is_wrapped())

    def _has_data(self):
        """Whether a changed data file belongs to a package that is loaded."""
        for path in self.data:
            if path.endswith(NO_EFFECT):
                continue
            for place in installed_paths(path, self.sites):
                for site in self.sites:
                    inside = os.path.relpath(place, site).split(os.sep)
                    if inside[0] in sys.modules:
                        return True
        return False

    def _is_wrapped(self):
        """Whether a changed function of a loaded module has become something
        whose running no profile event names (compiled, generated)."""
        for place, module in self._modules():
            for first, last, mark in place.functions:
                name = self.functions[mark - FIRST]["qualname"]
                if wrapped.is_unseen(module, name, first, last):
                    return True
        return False


def _has_children():
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    except OSError:
        pass
    return True
