"""Worker processes as the parent sees them: started by exec in the tested
environment, spoken to over a private channel, measured from outside."""
import collections
import os
import select
import signal
import subprocess
import tempfile
import time

from . import channel, checked, guard, outside, startup

BOOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "worker",
                    "boot.py")
START_LIMIT = 60.0    # seconds until a worker takes orders
IMPORT_LIMIT = 120.0  # seconds to import one module of the suite
GRACE = 5.0           # seconds for a killed child to be told of

# kind: done, exited, signal, timeout, memory or forged.
Outcome = collections.namedtuple("Outcome", "kind result detail seconds")


class Ended(Exception):
    """A worker is no more. @param kind As of an Outcome."""

    def __init__(self, kind, detail):
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


class Talk:
    """What one job told so far; it stands however the job ends."""

    def __init__(self, costs):
        self.parts = {}
        self.samples = []
        self.first = None
        self.outside = outside.Totals(costs)


def signal_name(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return "signal %d" % number


def status_text(status):
    if os.WIFSIGNALED(status):
        return "signal", "killed by " + signal_name(os.WTERMSIG(status))
    return ("exited", "ended with exit status %d and no result"
            % os.WEXITSTATUS(status))


class Worker:
    """One process, which imports one module. @throws Ended, channel.Forged

    @param plan What all workers of a command share: `python`, `suite`,
    `sites`, `tree`, `watch`.
    """

    def __init__(self, plan, probes=0):
        self.plan = plan
        self.room = tempfile.mkdtemp(prefix="fcbench-")
        ours, theirs = channel.pair()
        self.sock = ours
        self.key = channel.new_key()
        self.line = channel.Channel(ours, self.key)
        environment = dict(os.environ)
        try:
            self.process = subprocess.Popen(
                [startup.interpreter(plan.python), "-S", BOOT, str(theirs.fileno())],
                pass_fds=[theirs.fileno()], cwd=self.room,
                env=startup.without(environment), start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=2)
        finally:
            theirs.close()
        self.pid = self.process.pid
        guard.WORKERS.add(self.pid)
        self.exit = _open_pidfd(self.pid)
        self.timing = False  # whether it is in a timed region
        hello = dict(startup.held(environment), probes=probes,
                     python=plan.python)
        try:
            ours.send(self.key.encode() + channel._dumps(hello).encode())
        except OSError:
            pass  # it ended at once; how is read next
        self.costs = outside.Costs()
        try:
            if probes:
                self._learn_costs(probes)
        except BaseException:
            self.close()
            raise

    def _learn_costs(self, probes):
        """Before foreign code runs in the worker: what asking costs there."""
        talk = Talk(outside.Costs())
        until = time.monotonic() + START_LIMIT
        while len(talk.samples) < probes:
            self._at(talk, self._next({self.key}, until)[1], self.pid,
                     self.key)
        self.costs = outside.Costs(talk.outside.dearest)

    def close(self):
        """Ends the process and all that it started."""
        guard.kill_group(self.pid)
        self.process.wait()
        guard.WORKERS.discard(self.pid)
        self.sock.close()
        if self.exit is not None:
            os.close(self.exit)
        guard.remove_tree(self.room)

    def describe(self, module, until):
        """Imports `module`. @returns what checked.description makes of it.
        @throws Ended"""
        began = time.monotonic()
        self._tell({"do": "import", "suite": self.plan.suite,
                    "module": module, "watch": self.plan.watch,
                    "sites": self.plan.sites, "tree": self.plan.tree})
        try:
            answer = self._next({self.key}, until, self.pid,
                                self.plan.memory_mb)[1]
        except Ended as end:
            if end.kind == "timeout":
                end.detail = "did not end in %.3g seconds" % (
                    time.monotonic() - began)
            elif end.kind == "memory":
                end.detail = ("used more than %d MB of memory"
                              % self.plan.memory_mb)
            raise Ended(end.kind, "the import " + end.detail)
        return dict(checked.description(answer), size=self.line.heard)

    def run(self, job, order, limit, memory_mb=0, fork=True):
        """Does one job, in a forked child or, once, in the worker itself.

        @param limit Seconds until it is ended.
        @returns (Outcome, Talk), or None if the worker has threads, so that
        no child of it would be sound.
        """
        order = dict(order, job=job, memory_mb=memory_mb,
                     sites=self.plan.sites, tree=self.plan.tree)
        talk = Talk(self.costs)
        started = time.monotonic()
        key, pid = self.key, self.pid
        try:
            if fork:
                key = channel.new_key()
                self._tell(dict(order, do="fork", key=key))
                answer = self._next({self.key}, started + START_LIMIT)[1]
                if "threads" in answer:
                    return None
                pid = checked.process(answer.get("child"))
                self._tell({"go": True}, key)
            else:
                self._tell(dict(order, do="run"))
            started = time.monotonic()
            kind, result, detail = self._follow(
                talk, key, pid, started, limit, memory_mb, fork)
        except Ended as end:
            kind, result, detail = end.kind, {}, end.detail
        except channel.Forged as error:
            self.close_quickly()
            kind, result, detail = "forged", {}, str(error)
        return Outcome(kind, result, detail, time.monotonic() - started), talk

    def close_quickly(self):
        guard.kill_group(self.pid)

    def _tell(self, message, key=None):
        line = self.line
        line.key = key or self.key
        try:
            line.send(message)
        except channel.Closed:
            pass  # how it ended is read next
        finally:
            line.key = self.key

    def _follow(self, talk, key, pid, started, limit, memory_mb, fork):
        """Listens until the job has ended. @returns (kind, result, detail)."""
        keys = {key, self.key}
        result, broken, detail = None, None, ""
        until = started + limit
        while True:
            try:
                sender, message = self._next(keys, until, pid, memory_mb)
            except Ended as end:
                if end.kind not in ("timeout", "memory") or broken:
                    return ((broken or end.kind), result or {},
                            detail or end.detail)
                broken = end.kind
                detail = ("no result after %g seconds" % limit
                          if broken == "timeout" else
                          "used more than %d MB of memory" % memory_mb)
                guard.kill_group(pid)
                if not fork:
                    return broken, {}, detail
                until = time.monotonic() + GRACE
                memory_mb = 0
                continue
            if fork and sender == self.key:
                if "ended" in message:
                    # Nobody else is left of its group.
                    guard.kill_group(pid)
                    self.line.drop(key)
                    if result is not None:
                        return "done", result, ""
                    kind, text = status_text(checked.status(message["ended"]))
                    return (broken or kind, checked.reached(message),
                            detail or text)
                continue
            if message.get("final") is True:
                result = checked.final(message)
                if not fork:
                    return "done", result, ""
            elif "part" in message:
                talk.parts.update(checked.parts(message["part"]))
            elif "at" in message:
                self._at(talk, message, pid, key)

    def _at(self, talk, message, pid, key):
        """The begin or end of a timed region: the worker waits for us."""
        self.timing = message.get("at") == "begin"
        if self.timing:
            talk.outside.begin(pid)
        elif message.get("at") == "end":
            sample = checked.sample(message.get("sample"))
            talk.outside.end(pid, sample["wall"])
            if message.get("what") == "first":
                talk.first = sample["wall"]
            elif len(talk.samples) < checked.MOST_SAMPLES:
                talk.samples.append(sample)
        self._tell({"go": True}, key)

    def _next(self, keys, until, group=None, memory_mb=0):
        """The next message. @returns (sender's key, message). @throws Ended"""
        poll = select.poll()
        poll.register(self.sock, select.POLLIN)
        if self.exit is not None:
            poll.register(self.exit, select.POLLIN)
        while True:
            # We may share the worker's processor: seldom awake while it times.
            pause = (1e6 if not memory_mb and self.exit is not None
                     else 1.0 if self.timing else 0.1)
            left = until - time.monotonic()
            if left <= 0:
                raise Ended("timeout", "no answer in time")
            ready = [each[0] for each in poll.poll(
                max(1, min(left, pause) * 1000))]
            if self.sock.fileno() in ready:
                try:
                    sender, message = self.line.receive(keys)
                except channel.Closed:
                    raise self._ended()
                if message is None:
                    continue
                if not isinstance(message, dict):
                    raise channel.Forged("an answer that is no object")
                if message.get("fatal"):
                    raise Ended("exited", checked.text(message.get("error")))
                return sender, message
            if self.exit in ready or self.process.poll() is not None:
                raise self._ended()
            if memory_mb and guard.resident_mb(group) > memory_mb:
                raise Ended("memory", "")

    def _ended(self):
        """Says how the process ended; one that only closed its end of the
        channel is ended."""
        try:
            self.process.wait(1.0)
        except subprocess.TimeoutExpired:
            guard.kill_group(self.pid)
            self.process.wait()
        code = self.process.returncode
        if code < 0:
            return Ended("signal", "killed by " + signal_name(-code))
        return Ended("exited", "ended with exit status %d and no result"
                     % code)


def _open_pidfd(pid):
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None
