"""Kinds of hostile pull requests that leave something bad where the program looks: links, FIFOs, holes, odd folders."""

import textwrap

import inside
from tree import Link, Pull

RESULTS = ("result.json", "token", "targets.json", "first.json", "only.json")


def results(owner):
    """What stands where an answer of the harness is expected."""
    plants = {
        "link": f"os.symlink({owner!r} + '/canary.json', path)",
        "link to nothing": "os.symlink('/nowhere', path)",
        "fifo": "os.mkfifo(path)",
        "sparse": "open(path, 'wb').truncate(4 << 30)",
        "folder": "os.mkdir(path)",
        "closed": "os.close(os.open(path, os.O_CREAT, 0))",
        "nested": "open(path, 'w').write('[' * 200000)",
        "made up": "open(path, 'w').write('{\"benchmarks\": [], \"status\": \"ok\"}')",
    }
    for what, plant in plants.items():
        code = f"""
import threading


def again():
    while True:
        for name in {RESULTS!r}:
            path = "/fc/out/" + name
            try:
                if os.path.lexists(path) and not os.path.islink(path):
                    os.rename(path, path + ".was")
                {plant}
            except OSError:
                pass
        time.sleep(0.005)


"""
        # A process of its own is there until the sandbox ends.
        yield Pull(f"result: {what}", inside.suite(code + "if os.fork() == 0:\n    os.setsid()\n    again()\n"))
        if what in ("link", "fifo"):
            yield Pull(f"result: {what}, by a thread", inside.imported(
                code + "threading.Thread(target=again, daemon=True).start()\n"))


def in_git(owner):
    """Links that the repository itself holds."""
    canary, text = Link(owner + "/canary.json"), Link(owner + "/canary.txt")
    up = Link("../" * 30 + owner.lstrip("/") + "/canary.json")
    for what, files in {
            "configuration": {"asv.conf.json": canary}, "configuration, upwards": {"asv.conf.json": up},
            "metadata": {"pyproject.toml": text}, "setup.cfg": {"setup.cfg": text}, "module": {"mini/data.py": text},
            "suite file": {"benchmarks/bench_core.py": text},
            "suite": {"benchmarks/__init__.py": None, "benchmarks/bench_core.py": None, "benchmarks": Link(owner)},
            "everything": {"all": Link("/"), "self": Link("."), "loop": Link("loop"), "process": Link("/proc/self/fd")},
            "lists": {each: text for each in ("environment.yml", "requirements.txt", "README.md", ".gitmodules")},
            }.items():
        yield Pull(f"link in git: {what}", files)


def artefacts(owner):
    """What is found in the environment after a build."""
    record = "path = dist + '/RECORD'\n"
    everyone = "for path in glob.glob(dist + '/*'):\n    "
    for what, code in {
            "record: link": record + f"swap(path, link({owner + '/canary.txt'!r}))",
            "record: fifo": record + "swap(path, os.mkfifo)",
            "record: sparse": record + "swap(path, sparse)",
            "record: 300,000 names": record + "open(path, 'a').writelines('m/%d.py,,\\n' % i for i in range(300000))",
            "record: upwards": record + f"open(path, 'a').write('../../../../../..{owner}/canary.txt,,\\n')",
            "notes: links": everyone + f"swap(path, link({owner + '/canary.json'!r}))",
            "notes: fifos": everyone + "swap(path, os.mkfifo)",
            "notes: sparse": everyone + "swap(path, sparse)",
            "artefact: link": f"swap(site + '/mini/core.py', link({owner + '/canary.txt'!r}))",
            "artefact: fifo": "swap(site + '/mini/core.py', os.mkfifo)",
            "artefact: sparse": "swap(site + '/mini/core.py', sparse)",
            "package: link": f"swap(site + '/mini', link({owner!r}))",
            "site-packages: link": f"swap(site, link({owner!r}))",
            "lib: link": "swap('/fc/env/lib', link('/'))",
            "interpreter: link": f"swap('/fc/env/bin', link({owner!r}))",
            "source: link": f"swap('/fc/src/mini', link({owner!r}))",
            "closed": "os.chmod(site + '/mini', 0)\nos.chmod(dist, 0)\nos.chmod('/fc/env/lib', 0)"}.items():
        yield Pull(f"after the build: {what}", inside.installed(code))


def wheels(owner):
    """What a build backend may hand over as its wheel."""
    for what, code in {
            "link": f"os.symlink({owner + '/canary.txt'!r}, wheel)", "fifo": "os.mkfifo(wheel)",
            "sparse": "open(wheel, 'wb').truncate(4 << 30)",
            "upwards": f"put(wheel, [('../../../../../../..{owner}/written', 'x'), ('/tmp/written', 'x')])",
            "name": "name = '../../../\\x1b[2J\\n.whl'", "bomb": "put(wheel, [('mini/zeros', b'\\0' * (400 << 20))])",
            "names": "put(wheel, [('mini/\\x1b[2J\\u202e%d\\n.py' % i, '') for i in range(9)])",
            "metadata": "put(wheel, [('mini-1.0.dist-info/entry_points.txt', '[' * 200000)])"}.items():
        yield Pull(f"wheel: {what}", inside.backend(code), slow=what == "fifo")


def folders(owner):
    """Folders that cannot be read, listed or removed by a simple walk."""
    closed = """
        for root in ROOTS:
            try:
                os.makedirs(root + "/a/b/c", exist_ok=True)
                open(root + "/a/b/c/file", "w").close()
                for each in ("/a/b/c", "/a/b", "/a"):
                    os.chmod(root + each, 0)
            except OSError:
                pass
        """
    deep = """
        for root in ROOTS:
            try:
                os.chdir(root)
                for i in range(3000):
                    os.mkdir("d" * 100)
                    os.chdir("d" * 100)
                os.chmod(".", 0)
            except OSError:
                pass
        os.chdir(START)
        """
    many = """
        for root in ROOTS:
            try:
                for i in range(50000):
                    open(root + "/n%d" % i, "w").close()
            except OSError:
                pass
        """
    build = "START = os.getcwd()\nROOTS = ('/fc/src', '/fc/env', '/fc/env/lib')\n"
    run = "START = os.getcwd()\nROOTS = ('/fc/out', '/fc/cache', '/fc/home', '/fc/tree', '/tmp')\n"
    for what, code in {"closed": closed, "deep": deep, "50,000 files": many}.items():
        many_files = what == "50,000 files"
        yield Pull(f"folders of a build: {what}", inside.setup(build + textwrap.dedent(code)), slow=many_files)
        yield Pull(f"folders of a benchmark: {what}", inside.suite(run + textwrap.dedent(code)), slow=many_files)
    yield Pull("folders of a build: a package of 50,000 modules", {"setup.py": """import os
from setuptools import setup
for i in range(50000):
    open("mini/n%d.py" % i, "w").close()
setup()
"""}, slow=True)
    yield Pull("folders of a build: closed source", inside.setup("os.chmod('mini', 0)\n"))


KINDS = (results, in_git, artefacts, wheels, folders)
