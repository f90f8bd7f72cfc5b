"""The honest package that every pull request starts from, and how pull requests become a repository."""

import os
import subprocess

PYPROJECT = """[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "mini"
version = "1.0"
[tool.setuptools]
packages = ["mini"]
"""
SLOW = """def work(n):
    seen = []
    for i in range(n):
        if i % 97 not in seen:
            seen.append(i % 97)
    return len(seen)
"""
# Another text for the same work: what a hostile pull request claims to be faster.
SAME = SLOW.replace("seen", "known")
FAST = """def work(n):
    seen = set()
    for i in range(min(n, 97)):
        seen.add(i)
    return len(seen)
"""
SUITE = """from mini import work


class Core:
    def time_work(self):
        work(2000)
"""
CONF = '{"version": 1, "project": "mini", "repo": ".", "benchmark_dir": "benchmarks"}\n'
CLEAN = {"pyproject.toml": PYPROJECT, "mini/__init__.py": "from mini.core import work\n", "mini/core.py": SLOW,
         "asv.conf.json": CONF, "benchmarks/__init__.py": "", "benchmarks/bench_core.py": SUITE}


class Link(str):
    """A symbolic link's target."""


class Folder(str):
    """A tree that is in the repository already, by its id."""


class Pull:
    """One pull request: its texts, and what it changes in the clean tree (None: removed)."""

    def __init__(self, kind, files, title="Speed up work", body="", core=SAME, honest=False, slow=False):
        self.kind = kind
        self.files = {"mini/core.py": core, **files}
        self.title, self.body = to_bytes(title), to_bytes(body)
        self.honest, self.slow = honest, slow
        self.number = 0


def to_bytes(text):
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")


def quoted(path):
    """A path as fast-import reads any."""
    return b'"' + b"".join(b"\\%03o" % each for each in to_bytes(path)) + b'"'


def git(repository, *arguments, **more):
    environment = {**os.environ, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    return subprocess.run(["git", "-C", str(repository), *arguments], check=True, env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more).stdout


def bomb(repository, width, depth):
    """The id of a tree of width ** depth paths, made of `depth` objects."""
    blob = git(repository, "hash-object", "-w", "--stdin", input=b"x\n").decode().strip()
    mode, kind, below = "100644", "blob", blob
    for _ in range(depth):
        listing = "".join(f"{mode} {kind} {below}\t{i:02}\n" for i in range(width))
        below = git(repository, "mktree", input=listing.encode()).decode().strip()
        mode, kind = "040000", "tree"
    return Folder(below)


def write(repository, pulls, clean=None, start=1):
    """Numbers the pull requests and merges them, each into the clean tree, which the commit after it restores."""
    clean = CLEAN if clean is None else clean
    first = 1704189600  # 2024-01-02
    stream = subprocess.Popen(["git", "-C", str(repository), "fast-import", "--quiet", "--force"],
                              stdin=subprocess.PIPE)
    put = stream.stdin.write

    def data(text):
        put(b"data %d\n" % len(text))
        put(text)
        put(b"\n")

    def change(path, what):
        if what is None:
            put(b"D " + quoted(path) + b"\n")
        elif isinstance(what, Folder):
            put(b"M 040000 " + what.encode() + b" " + quoted(path) + b"\n")
        else:
            mode = b"120000" if isinstance(what, Link) else b"100644"
            put(b"M " + mode + b" inline " + quoted(path) + b"\n")
            data(to_bytes(what))

    def commit(message, files, at, clear=False):
        put(b"commit refs/heads/main\ncommitter Tester <t@example.invalid> %d +0000\n" % at)
        data(message)
        if clear:
            put(b"deleteall\n")
        for path, what in files.items():
            change(path, what)

    commit(b"Begin\n", clean, first)
    for number, pull in enumerate(pulls, start):
        pull.number = number
        at = first + number * 86400
        commit(pull.title + b" (#%d)\n\n" % number + pull.body, pull.files, at)
        commit(b"Begin again\n", clean, at + 3600, clear=True)
    stream.stdin.close()
    if stream.wait():
        raise RuntimeError("git fast-import failed")
