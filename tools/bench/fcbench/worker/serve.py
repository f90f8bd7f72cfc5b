"""A worker's orders: import one module of a suite, then run benchmarks of it.

Everything that foreign code could replace is bound before `start_site`.
"""
import gc
import os
import signal
import sys

from .. import channel, startup, texts
from . import cache, measure, memory, suite, timing, trace

_getpid, _fork, _exit, _waitpid = os.getpid, os.fork, os._exit, os.waitpid
_listdir = os.listdir


def main(descriptor):
    """Never returns."""
    import socket
    code = 1
    try:
        line = channel.Channel(socket.socket(fileno=_out_of_the_way(
            descriptor)))
        # The first packet carries the key, so it is read without one.
        packet = line._receive(channel.PART)
        line.key = packet[:channel.KEY].decode("ascii")
        order = channel._loads(packet[channel.KEY:])
        quiet_streams()
        worker = _Worker(line)
        for _ in range(order["probes"]):
            measure.Gauge(line).probe()
        start_site(order)
        worker.serve()
        code = 0
    except channel.Closed:
        code = 0
    except BaseException as error:
        code = 3
        try:
            line.send({"error": texts.describe(error), "fatal": True})
        except BaseException:
            pass
    finally:
        leave(code)


def _out_of_the_way(descriptor):
    """Benchmarks that close "all" descriptors mean the low ones."""
    import fcntl
    try:
        moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 600)
    except OSError:
        return descriptor  # fewer are allowed
    os.close(descriptor)
    return moved


def leave(code):
    """Ends this process without running anybody's exit handlers."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            pass
    _exit(code)


def quiet_streams():
    """Nothing to read, and what is printed goes to the error stream."""
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)


def start_site(order):
    """What `import site` does at the start of an ordinary process, with the
    variables that were kept from this one until now."""
    for name in list(sys.modules):
        if name == "fcbench" or name.startswith("fcbench."):
            del sys.modules[name]  # held by us alone
    if hasattr(gc, "freeze"):
        gc.freeze()  # the collector lists no object of ours to those who ask
    os.environ.update(order["variables"])
    sys.path[:0] = order["path"]
    sys.pycache_prefix = order["pycache"]
    sys.argv = ["fcbench"]
    startup.become(order["python"])
    import site
    site.main()
    sys.flags = _Flags(sys.flags)


class _Flags(tuple):
    """sys.flags of a process that has its site: what multiprocessing spawns
    by them shall have it as well."""

    def __new__(cls, flags):
        made = super().__new__(cls, flags)
        for name in dir(flags):
            if not name.startswith("_") and not callable(getattr(flags, name)):
                made.__dict__[name] = getattr(flags, name)
        made.__dict__["no_site"] = 0
        return made


class _Worker:
    def __init__(self, line):
        self.line = line
        self.suite = None
        self.watch = trace.Watch()
        self.jobs = {"examine": measure.examine, "time": measure.time_one,
                     "cache": cache.make}

    def serve(self):
        while True:
            order = self.line.wait()
            if order["do"] == "import":
                self.line.send(self._import(order))
            elif order["do"] == "fork":
                self._in_child(order)
            else:
                self.line.send(self._run(order))
                return

    def _import(self, order):
        watch = order.get("watch")
        if watch is not None:
            self.watch = trace.Watch(**watch)
        self.watch.early()
        self.suite = suite.Suite(order["suite"], order["module"],
                                 order["sites"], order["tree"])
        try:
            answer = self.suite.describe()
        finally:
            self.watch.pause()
        answer.update(where(order["sites"], order["tree"], self.suite))
        answer["python"] = "%d.%d.%d" % sys.version_info[:3]
        gc.collect()
        if hasattr(gc, "freeze"):
            gc.freeze()  # forked children then share these pages with us
        return answer

    def _in_child(self, order):
        """Forks for one benchmark, unless that could hang it: threads of this
        process would not be in the child, and their locks would."""
        if len(_listdir("/proc/self/task")) != 1:
            self.line.send({"threads": True})
            return
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:
                pass
        ours = self.watch.fresh()
        pid = _fork()
        if pid == 0:
            self.line.key = order["key"]
            self._child(order)
        try:
            os.setpgid(pid, pid)
        except OSError:
            pass  # the child was faster, or is gone
        self.line.send({"child": pid})
        status = _waitpid(pid, 0)[1]
        # A child that crashed cannot say what it reached; its marks do.
        answer = {"ended": status, "reach": self.watch.reach(),
                  "executed": self.watch.executed()}
        self.watch.back(ours)
        self.line.send(answer)

    def _child(self, order):
        """Never returns."""
        code = 1
        try:
            try:
                os.setpgid(0, 0)
            except OSError:
                pass
            # The order to go on comes after the parent knows our id.
            self.line.wait()
            self.line.send(self._run(order))
            code = 0
        except BaseException:
            pass
        finally:
            leave(code)

    def _run(self, order):
        """@returns the final message of a job."""
        me = _getpid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.chdir(order["cwd"])
        memory.limit(order["memory_mb"])
        try:
            result = self.jobs[order["job"]](
                self.suite, order, self.watch, measure.Gauge(self.line))
        except channel.Closed:
            leave(0)
        except BaseException as error:
            result = {"status": "error",
                      "error": texts.describe(error, self.suite.folder)}
        if _getpid() != me:
            leave(0)  # a copy that a benchmark forked off came back
        result = dict(result, final=True)
        result.update(where(order["sites"], order["tree"], self.suite))
        return result


def where(sites, tree, found):
    """From where modules were imported.

    @returns `imported`: top-level modules below a site; `shadowed`: modules
    from the working tree, but the suite's, though a site has one of their
    name."""
    imported, shadowed = [], []
    for name, module in sorted(list(sys.modules.items()),
                               key=lambda item: str(item[0])):
        if not isinstance(name, str) or found.has(name):
            continue
        for file in _files_of(module):
            place = {"module": texts.clean(name), "file": texts.clean(file)}
            if any(_below(file, site) for site in sites):
                if "." not in name:
                    imported.append(place)
                break
            if tree and _below(file, tree) and any(
                    _has(site, name) for site in sites):
                shadowed.append(place)
                break
    return {"imported": imported[:500], "shadowed": shadowed[:500]}


def _files_of(module):
    """Its file; the folders of a namespace, which has none."""
    try:
        file = getattr(module, "__file__", None)
        files = [file] if file is not None else list(
            getattr(module, "__path__", ()))
        return [os.path.realpath(f) for f in files if isinstance(f, str)]
    except Exception:
        return []


def _below(file, folder):
    return file.startswith(os.path.realpath(folder) + os.sep)


def _has(site, name):
    *above, name = name.split(".")
    site = os.path.join(site, *above)
    if os.path.isfile(os.path.join(site, name, "__init__.py")) or (
            os.path.isfile(os.path.join(site, name + ".py"))):
        return True
    try:
        return any(entry.startswith(name + ".") and entry.endswith(".so")
                   for entry in _listdir(site))
    except OSError:
        return False
