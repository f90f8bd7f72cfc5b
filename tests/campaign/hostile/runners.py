"""Kinds of hostile pull requests whose programs misbehave while they run."""

import inside
from tree import SUITE, Pull

SAYS = ("bwrap: Can't mount proc on /newroot/proc: Operation not permitted", "fc-sandbox: started",
        "cannot set up the sandbox for python3", "memory limit reached", "killed: over the limit of processes",
        "fc-data: interrupted")


def forged(owner):
    """Words and codes of the program's own failures."""
    for says in SAYS:
        yield Pull(f"forged words: {says[:20]}", inside.setup(
            f"os.write(2, {says!r}.encode() + b'\\n')\nos.write(1, {says!r}.encode() + b'\\n')\nos._exit(1)"))
    for ends in ("os._exit(137)", "os._exit(152)", "os._exit(255)", "os.kill(os.getpid(), signal.SIGKILL)",
                 "os.kill(0, signal.SIGKILL)", "os.kill(-1, signal.SIGKILL)", "os.kill(1, signal.SIGTERM)",
                 "os.kill(os.getppid(), signal.SIGSTOP)"):
        slow = "STOP" in ends
        yield Pull(f"forged end of a build: {ends}", inside.setup(ends), slow=slow)
        yield Pull(f"forged end of a suite: {ends}", inside.suite(f"os.write(2, {SAYS[0].encode()!r})\n{ends}"),
                   slow=slow)


def hungry(owner):
    """Too much of everything."""
    for what, code in {
            "memory": "x = []\nwhile True:\n    x.append(bytearray(16 << 20))",
            "scratch": "with open('/tmp/x', 'wb') as file:\n    while True:\n        file.write(b'x' * (1 << 20))",
            "shared memory": "with open('/dev/shm/x', 'wb') as f:\n    while True:\n        f.write(b'x' * (1 << 20))",
            "output": "while True:\n    os.write(1, b'y' * 65536)",
            "lines of errors": "while True:\n    os.write(2, b'error: no such thing\\n' * 3000)",
            "processes": """
for i in range(400):
    try:
        if os.fork() == 0:
            os.setsid()
            time.sleep(600)
            os._exit(0)
    except OSError:
        break
""",
            "threads": """
import threading
for i in range(400):
    try:
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    except RuntimeError:
        break
""",
            "open files": "x = []\nwhile True:\n    x.append(os.open('/dev/null', os.O_RDONLY))",
            "depth": "def f():\n    return f()\nsys.setrecursionlimit(10 ** 9)\nf()"}.items():
        slow = "output" in what or "lines" in what or what in ("scratch", "shared memory", "memory")
        yield Pull(f"hungry build: {what}", inside.setup(code), slow=slow)
        yield Pull(f"hungry suite: {what}", inside.suite(code), slow=slow)


def stubborn(owner):
    """What does not end when it is told to."""
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    daemon = deaf + """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for each in range(3):
            os.dup2(os.open(os.devnull, os.O_RDWR), each)
        while True:
            time.sleep(600)
    os._exit(0)
"""
    holder = "\n".join(line for line in daemon.split("\n") if "range(3)" not in line and "dup2" not in line)
    for what, code in {"daemon": daemon, "daemon that holds the output": holder}.items():
        yield Pull(f"stubborn build: {what}", inside.setup(code), slow="holds" in what)
        yield Pull(f"stubborn suite: {what}", inside.suite(code))
    wait = "os.mkfifo('/tmp/f%d' % os.getpid())\nopen('/tmp/f%d' % os.getpid())\n"
    for what, code in {"deaf": deaf + "while True:\n    time.sleep(600)", "blocked": deaf + wait}.items():
        yield Pull(f"stubborn build: {what}", inside.setup(code), slow=True)
        yield Pull(f"stubborn suite: {what}", inside.suite(code), slow=True)
        yield Pull(f"stubborn benchmark: {what}", {"benchmarks/bench_more.py": "import os, time, signal\n"
                   "from mini import work\n\n\ndef time_more():\n    work(2)\n    "
                   + code.replace("\n", "\n    ").rstrip() + "\n"}, slow=True)


def forgers(owner):
    """A faster answer without faster code."""
    answer = """
for at, word in enumerate(sys.orig_argv if hasattr(sys, "orig_argv") else []):
    if word == "--out":
        path = sys.orig_argv[at + 1]
        with open(path, "w") as file:
            json.dump({"status": "ok", "number": 1, "samples": [1e-9] * 5, "benchmarks": []}, file)
        os._exit(0)
"""
    clocks = """
import timeit
for name in ("perf_counter", "process_time", "thread_time", "monotonic", "time"):
    real = getattr(time, name)
    begun = real()
    setattr(time, name, lambda real=real, begun=begun: begun + (real() - begun) / 2)
    real_ns = getattr(time, name + "_ns")
    setattr(time, name + "_ns", lambda real=real_ns, begun=real_ns(): begun + (real() - begun) // 2)
timeit.default_timer = time.perf_counter
"""
    argv = """
try:
    words = open("/proc/self/cmdline").read().split("\\0") + open("/proc/%d/cmdline" % os.getppid()).read().split("\\0")
    open(words[words.index("--out") + 1], "w").write(json.dumps({"status": "ok", "samples": [1e-9] * 5}))
    os._exit(0)
except (ValueError, OSError, IndexError):
    pass
"""
    for what, code in {"answers": answer, "answers for its parent": argv, "leaves": "os._exit(0)",
                       "leaves where the harness is": "if any('fcbench' in x for x in getattr(sys, 'orig_argv', [])):\n"
                                                      "    os._exit(0)",
                       "clocks": clocks, "kills its parent": "os.kill(os.getppid(), signal.SIGKILL)",
                       "output": "os.write(1, b'{\"status\": \"ok\"}\\n' * 1000)",
                       "descriptors": "for each in range(3, 64):\n    try:\n        os.write(each, b'{}\\n' * 9)\n"
                                      "    except OSError:\n        pass"}.items():
        yield Pull(f".pth: {what}", inside.pth(code))
        yield Pull(f"package: {what}", inside.imported(code))


def curious(owner):
    """Looks for what is nobody's business, and says it wherever it may."""
    look = f"""
said = [repr(dict(os.environ)), repr(sys.argv)]
places = glob.glob("/proc/[0-9]*/cmdline") + glob.glob("/proc/[0-9]*/environ") + [
    {owner!r} + "/canary.txt", {owner!r} + "/canary.json", os.path.expanduser("~/.netrc"), "/etc/shadow",
    "/fc/src/.git/config", "/fc/tree/.git/config"]
for place in places:
    try:
        said.append(place + ": " + open(place, errors="replace").read())
    except OSError as err:
        said.append(str(err))
said = "\\n".join(said)
"""
    yield Pull("curious build", inside.setup(look + "print(said)\nprint(said, file=sys.stderr)\nsys.exit(1)"))
    yield Pull("curious build that goes on", inside.setup(look + "print(said)\nopen('mini/said.py', 'w').write('# '"
                                                                " + said.replace('\\n', '\\n# '))"))
    yield Pull("curious suite", inside.suite(look + "raise RuntimeError(said)"))
    yield Pull("curious benchmark", inside.suite(look + "def time_said(n):\n    raise LookupError(said)\n"
                                                        "time_said.params = [said[:5000], said[-5000:]]\n"))


def odd_benchmarks(owner):
    """Names, parameters and exceptions that are no text."""
    for what, text in {"NUL": "a\\0b", "half a surrogate pair": "\\udce9\\ud800",
                       "escapes": "\\x1b]0;x\\x07\\x9b2J\\x7f", "direction": "\\u202egnp.exe\\u2066\\u200b\\u2028",
                       "megabytes": "' + 'x' * (5 << 20) + '",
                       "lines": "a\\n' * 100000 + '", "braces": "' + '[' * 200000 + '"}.items():
        yield Pull(f"odd parameters: {what}", {"benchmarks/bench_core.py": SUITE + f"""

class Odd:
    def __repr__(self):
        return '{text}'


class More:
    params = [[Odd(), '{text}', 3]]
    param_names = ['{text}']

    def time_odd(self, n):
        work(2000)
"""})
        yield Pull(f"odd exceptions: {what}", {"benchmarks/bench_core.py": SUITE + f"""

def time_raises():
    work(10)
    raise ValueError('{text}')


class More:
    def setup(self):
        raise type('{text}'[:50].replace(chr(0), '') or 'X', (Exception,), {{}})('{text}')

    def time_odd(self):
        work(2000)
""" if what != "half a surrogate pair" else SUITE + f"\n\ndef time_raises():\n    raise ValueError('{text}')\n"})
    yield Pull("odd parameters: 10^10 combinations", {"benchmarks/bench_core.py": SUITE + """

class Many:
    params = [list(range(100000)), list(range(100000))]

    def time_many(self, a, b):
        work(10)
"""})
    yield Pull("odd parameters: without end", {"benchmarks/bench_core.py": SUITE + """
import itertools


class Many:
    params = itertools.count()

    def time_many(self, a):
        work(10)
"""}, slow=True)


KINDS = (forged, hungry, stubborn, forgers, curious, odd_benchmarks)
