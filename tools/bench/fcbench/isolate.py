"""Runs a function in a forked child that cannot take the parent with it.

The child has its own process group, its own empty working directory and a
time limit; whatever it leaves running is killed when it ends.
"""
import collections
import json
import os
import shutil
import signal
import sys
import tempfile
import time

from . import output

# kind: done, exited, signal, timeout or memory; result only when done.
Outcome = collections.namedtuple("Outcome", "kind result detail seconds")

LONGEST_PAUSE = 0.02


def run(function, timeout=None, memory_mb=0, pause=LONGEST_PAUSE):
    """Calls `function()` in a child.

    @param timeout Seconds until the child's process group is killed.
    @param memory_mb Resident memory of the child and its children beyond which
    they are killed.
    @returns an Outcome whose result is what `function` returned, as JSON.
    """
    room = tempfile.mkdtemp(prefix="fcbench-")
    try:
        return _run(function, room, timeout, memory_mb, pause)
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _run(function, room, timeout, memory_mb, pause):
    answer = os.path.join(room, "answer.json")
    started = time.monotonic()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        _child(function, room, answer, memory_mb)
    try:
        os.setpgid(pid, pid)
    except OSError:
        pass  # the child was faster, or is gone
    status, ended = _wait(pid, started, timeout, memory_mb, pause)
    seconds = time.monotonic() - started
    if ended:
        return Outcome(ended, None, _limit_text(ended, timeout, memory_mb),
                       seconds)
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return Outcome("signal", None, "killed by " + signal_name(number),
                       seconds)
    try:
        with open(answer, encoding="utf-8") as source:
            result = json.load(source)
    except (OSError, ValueError):
        return Outcome("exited", None, "ended with exit status %d and no "
                       "result" % os.WEXITSTATUS(status), seconds)
    return Outcome("done", result, "", seconds)


def _limit_text(ended, timeout, memory_mb):
    if ended == "timeout":
        return "no result after %g seconds" % timeout
    return "used more than %d MB of memory" % memory_mb


def signal_name(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return "signal %d" % number


def _child(function, room, answer, memory_mb):
    """Never returns, and neither does a copy that the function forks off."""
    me = os.getpid()
    code = 1
    try:
        for number in (signal.SIGTERM, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            os.setpgid(0, 0)
        except OSError:
            pass
        workdir = os.path.join(room, "cwd")
        os.mkdir(workdir)
        os.chdir(workdir)
        limit_memory(memory_mb)
        try:
            result = function()
        except BaseException as error:
            result = {"status": "error", "error": output.describe(error)}
        if os.getpid() == me:
            output.write_json(answer, result)
        code = 0
    except BaseException as error:
        _complain(error)
    finally:
        leave(code)


def _complain(error):
    try:
        os.write(2, ("fcbench: %s\n" % output.describe(error)).encode())
    except BaseException:
        pass


def leave(code):
    """Ends this process without running anybody's exit handlers."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            pass
    os._exit(code)


def limit_memory(memory_mb):
    """Lets a runaway allocation fail; the parent also watches, as kernels
    differ in what this limit counts."""
    if memory_mb:
        import resource
        size = memory_mb * 1024 * 1024
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        if hard != resource.RLIM_INFINITY:
            size = min(size, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (size, hard))


class Stopped(BaseException):
    """SIGTERM reached the waiting parent; its child is gone by now."""


def _stop(number, frame):
    raise Stopped()


def _wait(pid, started, timeout, memory_mb, pause):
    """@returns the wait status and None, or which limit was broken."""
    before = signal.signal(signal.SIGTERM, _stop)
    ended = None
    try:
        while True:
            # Not reaped yet: its group id cannot be taken by another.
            if _is_dead(pid):
                break
            elapsed = time.monotonic() - started
            if timeout is not None and elapsed > timeout:
                ended = "timeout"
            elif memory_mb and resident_mb(pid) > memory_mb:
                ended = "memory"
            if ended:
                break
            time.sleep(min(pause, 0.001 + elapsed / 20))
    except Stopped:
        _end_politely(pid)
        raise
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)
        _kill_group(pid)
    return os.waitpid(pid, 0)[1], ended


def _is_dead(pid):
    done = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    return done is not None


def _kill_group(pid):
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except OSError:
            pass


def _end_politely(pid):
    """A child may have children with groups of their own to end first."""
    try:
        os.kill(pid, signal.SIGTERM)
    except OSError:
        return
    for _ in range(100):
        if _is_dead(pid):
            return
        time.sleep(0.01)


def resident_mb(group):
    """Of all processes of the group: a benchmark may have children."""
    pages = 0
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open("/proc/%s/stat" % entry) as source:
                fields = source.read().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            pages += int(fields[21])
    return pages * os.sysconf("SC_PAGE_SIZE") // (1024 * 1024)
