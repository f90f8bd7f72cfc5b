"""timeraw_* benchmarks: code as text, timed in a Python process of its own."""
import ast
import json
import os
import subprocess
import sys
import tempfile
import textwrap

_TIMED = """
import sys
from timeit import timeit, default_timer as timer
code = eval(sys.stdin.read())  # no json: it may be what is timed
seconds = timeit(stmt=code["stmt"], setup=code["setup"],
                 number=code["number"], timer=timer)
with open(code["answer"], "w") as out:
    out.write(repr(seconds))
"""

_TRACED = """
import importlib.util, sys
order = eval(sys.stdin.read())
place = importlib.util.spec_from_file_location(
    "fcbench", order["package"] + "/__init__.py",
    submodule_search_locations=[order["package"]])
sys.modules["fcbench"] = importlib.util.module_from_spec(place)
from fcbench import timeraw
timeraw.trace_here(order)
"""


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


def _python(program, order, env):
    """Runs `program` with `order` on its standard input.
    @returns the text that it wrote to the file order["answer"]."""
    handle, path = tempfile.mkstemp(prefix="fcbench-raw-")
    os.close(handle)
    try:
        done = subprocess.run(
            [sys.executable, "-c", program],
            input=repr(dict(order, answer=path)).encode(),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
        if done.returncode != 0:
            raise RuntimeError("timed process failed: " + done.stderr.decode(
                "utf-8", "replace")[-1500:])
        with open(path) as source:
            return source.read()
    finally:
        os.unlink(path)


def environment(extra):
    if extra is None:
        return None
    if not isinstance(extra, dict) or None in extra.values():
        raise TypeError("env of a timeraw benchmark must be a dict of texts")
    return dict(os.environ, **{str(k): str(v) for k, v in extra.items()})


class RawTimer:
    """Has the face of timing.LoopTimer; knows no cpu or waiting time."""

    def __init__(self, call, env=None):
        self.call = call
        self.env = environment(env)

    def sample(self, number, before=None):
        stmt, setup = code_of(self.call)
        text = _python(_TIMED, {"stmt": stmt, "setup": setup,
                                "number": number}, self.env)
        return {"wall": float(text), "cpu": None, "wait": None}

    def trace(self, watch):
        """Runs the code once, watched, in a process of its own."""
        stmt, setup = code_of(self.call)
        package = os.path.dirname(os.path.abspath(__file__))
        text = _python(_TRACED, {
            "stmt": stmt, "setup": setup, "package": package,
            "watch": watch.order()}, self.env)
        watch.merge(json.loads(text))


def trace_here(order):
    """The traced process: setup unwatched, the statement watched."""
    from . import trace
    watch = trace.Watch(**order["watch"])
    scope = {"__name__": "__main__"}
    exec(compile(order["setup"], "<timeraw-setup>", "exec"), scope)
    statement = compile(order["stmt"], "<timeraw>", "exec")
    watch.install()
    watch.start()
    try:
        exec(statement, scope)
    finally:
        watch.stop()
    with open(order["answer"], "w") as out:
        json.dump(watch.state(), out)
