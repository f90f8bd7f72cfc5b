"""timeraw_* benchmarks: code as text, timed in a Python process of its own.

That process is started without its site, so that the clock and the loop are
bound before .pth files run; then it is an ordinary interpreter.
"""
import ast
import json
import os
import subprocess
import sys
import textwrap

from .. import startup

# Imports nothing that timeit and an ordinary start do not import.
_START = """
import sys
sys.path[:] = [p for p in sys.path if p]  # not the working directory
import time, timeit, gc, itertools, os
clock, read, repeat = time.perf_counter, sys.stdin.read, itertools.repeat
quiet, make, run, show, out = gc.disable, compile, exec, repr, os.write
pipe = int(sys.argv[1])
code = eval(read())
sys.argv = ["-c"]
sys.path[:] = code["path"] + sys.path
sys.pycache_prefix = code["pycache"]
os.environ.update(code["variables"])
sys.executable = code["python"]
sys.prefix, sys.exec_prefix = code["prefixes"]
import site
site.main()
sys.path.insert(0, "")
"""
# The loop is timeit's own.
_TIMED = _START + """
scope = {}
run(make(code["loop"], "<timeraw>", "exec"), scope)
quiet()
out(pipe, show(scope["inner"](repeat(None, code["number"]), clock)).encode())
"""
_TRACED = _START + """
import importlib.util
place = importlib.util.spec_from_file_location(
    "fcbench", code["package"] + "/__init__.py",
    submodule_search_locations=[code["package"]])
sys.modules["fcbench"] = importlib.util.module_from_spec(place)
from fcbench.worker import timeraw
timeraw.trace_here(code, pipe)
"""
_LOOP = """
def inner(_it, _timer):
    {setup}
    _t0 = _timer()
    for _i in _it:
        {stmt}
        pass
    _t1 = _timer()
    return _t1 - _t0
"""
_popen = subprocess.Popen
_INTERPRETER = sys.executable  # as it was before this process had a site


def code_of(call):
    """@returns statement and setup, as the benchmark function gives them."""
    given = call()
    stmt, setup = given if isinstance(given, tuple) else (given, "")
    return _unescape(textwrap.dedent(stmt)), _unescape(textwrap.dedent(setup))


def _unescape(text):
    """ASV pastes the code into a string literal, which reads its backslashes
    once more; suites are written for that. Other code stays as it is."""
    if "\\" not in text:
        return text
    try:
        read = ast.literal_eval('"""%s"""' % text.replace('"""', r'\"\"\"'))
        compile(read, "<timeraw>", "exec")
    except (SyntaxError, ValueError):
        return text
    return read


def _indented(code, spaces):
    """Each statement in its place, as timeit does it."""
    return code.replace("\n", "\n" + " " * spaces)


def _python(program, order, env):
    """Runs `program` with `order` on its standard input.
    @returns the text that it wrote to its private pipe."""
    order = dict(order, python=sys.executable,
                 prefixes=(sys.prefix, sys.exec_prefix), **startup.held(env))
    env = startup.without(env)
    answer, inner = os.pipe()
    try:
        with _popen([_INTERPRETER, "-S", "-c", program, str(inner)],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT, env=env,
                    pass_fds=[inner]) as process:
            os.close(inner)
            inner = -1
            said = process.communicate(repr(order).encode())[0]
        if process.returncode != 0:
            raise RuntimeError("timed process failed: " + said[-1500:].decode(
                "utf-8", "replace"))
        os.set_blocking(answer, False)  # a child of it may have it open still
        return os.read(answer, 1 << 16).decode("ascii")
    finally:
        os.close(answer)
        if inner >= 0:
            os.close(inner)


def environment(extra):
    if extra is None:
        return dict(os.environ)
    if not isinstance(extra, dict) or None in extra.values():
        raise TypeError("env of a timeraw benchmark must be a dict of texts")
    return dict(os.environ, **{str(k): str(v) for k, v in extra.items()})


class RawTimer:
    """Has the face of timing.LoopTimer; knows no cpu or waiting time."""

    def __init__(self, call, env=None, gauge=None):
        self.call = call
        self.env = environment(env)
        self.gauge = gauge

    def sample(self, number, before=None, report=None):
        stmt, setup = code_of(self.call)
        gauge = self.gauge if report is not None else None
        if gauge is not None:
            gauge.begin()
        loop = _LOOP.format(setup=_indented(setup, 4) or "pass",
                            stmt=_indented(stmt, 8))
        text = _python(_TIMED, {"loop": loop, "number": number}, self.env)
        sample = {"wall": float(text), "cpu": None, "wait": None}
        if gauge is not None:
            gauge.end(report, sample)
        return sample

    def trace(self, watch):
        """Runs the code once, watched, in a process of its own."""
        stmt, setup = code_of(self.call)
        package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        text = _python(_TRACED, {
            "stmt": stmt, "setup": setup, "package": package,
            "watch": watch.order()}, self.env)
        watch.merge(json.loads(text))


def trace_here(order, pipe):
    """The traced process: setup watched from afar, the statement closely."""
    from . import trace
    watch = trace.Watch(**order["watch"])
    scope = {"__name__": "__main__"}
    watch.early()
    exec(compile(order["setup"], "<timeraw-setup>", "exec"), scope)
    statement = compile(order["stmt"], "<timeraw>", "exec")
    watch.start()
    try:
        exec(statement, scope)
    finally:
        watch.stop()
    os.write(pipe, json.dumps(watch.state()).encode())
