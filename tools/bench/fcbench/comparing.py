"""The `targets` command: has the files of both trees compared by a process of
the tested interpreter, so that its grammar counts, without its site."""
import json
import os
import select
import subprocess
import time

from . import guard, targets

FILE_LIMIT = 60.0     # seconds for one file
LONGEST = 64 << 20    # bytes of the answer to one file
MOST_FAILURES = 200   # of files; then all that are left count as such


class _Comparer:
    """Compares files in order; starts anew behind one that it dies of."""

    def __init__(self, python, base, patched, files):
        self.python = python
        self.order = {"base": base, "patched": patched}
        self.files = files
        self.process = None
        self.failures = 0
        self.rest = b""

    def __call__(self, base, patched, path):
        """@returns what targets.compare_file does, None where it failed."""
        if self.failures >= MOST_FAILURES:
            return None
        if self.process is None:
            self._start(self.files[self.files.index(path):])
        line = self._line(time.monotonic() + FILE_LIMIT)
        if line is None:
            self.close()
            self.failures += 1
            return None
        return json.loads(line)

    def _start(self, files):
        self.rest = b""
        self.process = subprocess.Popen(
            [self.python, "-I", "-S", "-B", os.path.join(
                os.path.dirname(os.path.abspath(__file__)), "targets.py")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=2,
            start_new_session=True)
        try:
            self.process.stdin.write(json.dumps(
                dict(self.order, files=files)).encode("ascii"))
            self.process.stdin.close()
        except BrokenPipeError:
            pass  # it died; its answer says so

    def _line(self, until):
        out = self.process.stdout.fileno()
        parts = [self.rest]
        size = 0
        while b"\n" not in parts[-1]:
            left = until - time.monotonic()
            if left <= 0 or size > LONGEST or not select.select(
                    [out], [], [], left)[0]:
                return None
            parts.append(os.read(out, 1 << 20))
            size += len(parts[-1])
            if not parts[-1]:
                return None
        line, _, self.rest = b"".join(parts).partition(b"\n")
        return line

    def close(self):
        if self.process is not None:
            guard.kill_group(self.process.pid)
            self.process.wait()
            self.process.stdout.close()
            self.process = None


def compare(python, base, patched, files):
    """@returns the result of the `targets` command."""
    files = list(dict.fromkeys(files))
    comparer = _Comparer(python, base, patched, [
        path for path in files
        if path.endswith(".py") and not targets.is_compiled(path)])
    try:
        return targets.compare(base, patched, files, comparer)
    finally:
        comparer.close()
