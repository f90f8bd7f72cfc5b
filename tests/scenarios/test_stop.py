"""A run that is told to end does so in five seconds, whatever its children do, and leaves none of them."""

import os
import pathlib
import signal
import subprocess
import sys
import time
import unittest

import support

sys.path.insert(0, str(support.SOURCE / "tests/support"))
import tree  # noqa: E402

PATIENCE = 5.0
IDLE = "import time; time.sleep(600)"
DEAF = """import signal
for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(each, signal.SIG_IGN)
"""
APART = """import os
if os.fork():
    os._exit(0)
os.setsid()
if os.fork():
    os._exit(0)
"""
# What a child does before it becomes the process that the test waits for.
CHILDREN = {
    "stopped": ("", IDLE),
    "deaf": (DEAF, IDLE),
    "own_session": (DEAF + APART, IDLE),
    "fifo": ("", "import os; path = '/tmp/f%d' % os.getpid(); os.mkfifo(path); open(path)"),
}


def command_lines():
    """Arguments and parents of all processes, by their ids."""
    found = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            words = pathlib.Path("/proc", entry, "cmdline").read_bytes()
            parent = pathlib.Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        found[int(entry)] = (words, int(parent))
    return found


def descendants(pid):
    lines = command_lines()
    found, added = {pid}, True
    while added:
        more = {each for each, (_, parent) in lines.items() if parent in found} - found
        found, added = found | more, bool(more)
    return found - {pid}


class Stop(support.Scenario):
    def source(self, child, token, place):
        """A repository of one pull request, whose build or suite starts the child and waits."""
        first, then = CHILDREN[child]
        code = (f"{first}\nimport os, sys\nos.execv(sys.executable, [sys.executable, '-c', {then!r}, {token!r}])\n")
        spawn = f"import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', {code!r}])\ntime.sleep(600)\n"
        files = {"setup.py": spawn} if place == "build" else {"benchmarks/bench_core.py": spawn + tree.SUITE}
        path = self.folder / f"{child}-{place}"
        path.mkdir()
        tree.git(path, "init", "-q", "-b", "main")
        tree.write(path, [tree.Pull(child, files)])
        return path

    def waited_for(self, condition, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := condition():
                return found
            time.sleep(0.05)
        return condition()

    def end(self, process):
        """Whatever the test comes to, what it started is gone afterwards."""
        family = descendants(process.pid)
        if process.poll() is None:
            process.kill()
        process.wait()
        for each in family:
            try:
                os.kill(each, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def check(self, child, place):
        token = f"fc-stop-{os.getpid()}-{child}-{place}"
        source = self.source(child, token, place)

        def token_holders(_):
            # The child itself, not those whose code names it.
            return [each for each, (words, _) in command_lines().items() if words.endswith(token.encode() + b"\0")]

        self.check_run(source, child == "stopped", token_holders)

    def check_run(self, source, stop, awaited):
        """A run that is told to end as soon as there are processes that were awaited; perhaps all are stopped then."""
        work = self.folder / f"work-{source.name}"
        with open(self.folder / "said", "w+b") as said:
            process = subprocess.Popen(
                [str(support.FC_DATA), "--plain", "--data", str(support.SOURCE / "tools"), "--source", str(source),
                 "--repo", "t/mini", "--work", str(work), "--index", "none", "--judge", "rules", "--start-date",
                 "2024-01-01", "--end-date", "2025-01-01"], stdin=subprocess.DEVNULL, stdout=said, stderr=said)
            self.addCleanup(self.end, process)
            found = self.waited_for(lambda: awaited(process.pid) or process.poll() is not None and [-1], 240)
            said.seek(0)
            self.assertTrue(found and found != [-1], said.read().decode())
            time.sleep(0.3)
            family = descendants(process.pid)
            if stop:
                for each in family:
                    os.kill(each, signal.SIGSTOP)
            begun = time.monotonic()
            process.send_signal(signal.SIGTERM)
            try:
                code = process.wait(3 * PATIENCE)
            except subprocess.TimeoutExpired:
                code = None
            seconds = time.monotonic() - begun
            said.seek(0)
            text = said.read().decode("utf-8", "replace")
        self.assertEqual(code, 130, text)
        self.assertLess(seconds, PATIENCE, text)
        def left():
            return [(each, words) for each, (words, _) in command_lines().items()
                    if each in family or str(work).encode() in words] + awaited(process.pid)

        self.waited_for(lambda: not left(), 2)
        self.assertEqual(left(), [])
        self.assert_verified(work / "log")

    def test_while_git_works(self):
        """On 10^12 paths; stopped or not."""
        for stop in (True, False):
            with self.subTest(stop):
                source = self.folder / f"bomb-{stop}"
                source.mkdir()
                tree.git(source, "init", "-q", "-b", "main")
                tree.write(source, [tree.Pull("bomb", {"bomb": tree.bomb(source, 10, 12)})])
                self.check_run(source, stop, lambda pid: [
                    each for each in descendants(pid) if b"diff-tree" in command_lines().get(each, (b"", 0))[0]])

    def test_while_building(self):
        for child in CHILDREN:
            with self.subTest(child):
                self.check(child, "build")

    def test_while_measuring(self):
        for child in CHILDREN:
            with self.subTest(child):
                self.check(child, "suite")


if __name__ == "__main__":
    unittest.main()
