"""Programs that hostile pull requests run: while their package is built, after that, when it is imported."""

import textwrap


def setup(code):
    """A setup.py that does it whenever the build asks anything of it."""
    return {"setup.py": "import os, sys, time, glob, json, signal\n" + textwrap.dedent(code)
            + "\nfrom setuptools import setup\nsetup()\n"}


def installed(code):
    """A setup.py whose helper outlives it and does it as soon as the package lies in `site` with its `dist`."""
    return {"setup.py": "import os, sys, time, glob, json, signal\n" + textwrap.dedent("""
        def swap(path, make):
            try:
                if os.path.lexists(path):
                    os.rename(path, path + ".was")
                make(path)
            except OSError:
                pass


        def sparse(path):
            with open(path, "wb") as file:
                file.truncate(4 << 30)


        def link(target):
            return lambda path: os.symlink(target, path)


        if os.fork() == 0:
            os.setsid()
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            null = os.open(os.devnull, os.O_RDWR)
            for each in range(3):
                os.dup2(null, each)
            os.closerange(3, 256)
            found = []
            while not found:
                time.sleep(0.001)
                found = glob.glob("/fc/env/lib/python3*/site-packages/mini-1.0.dist-info/RECORD")
            dist = os.path.dirname(found[0])
            site = os.path.dirname(dist)
            try:
        """) + textwrap.indent(textwrap.dedent(code), "        ") + textwrap.dedent("""
            finally:
                os._exit(0)
        from setuptools import setup
        setup()
        """)}


def imported(code):
    """The package's own module, on the patched side alone."""
    return {"mini/__init__.py": "import os, sys, time, glob, json, signal\n" + textwrap.dedent(code)
            + "\nfrom mini.core import work\n"}


def suite(code):
    """A module of the suite, on both sides."""
    return {"benchmarks/bench_more.py": "import os, sys, time, glob, json, signal\nfrom mini import work\n"
            + textwrap.dedent(code) + "\n\ndef time_more():\n    work(2000)\n"}


def pth(code):
    """A module that the interpreter of the environment runs before anything else."""
    return {"setup.py": textwrap.dedent("""
        import os
        from setuptools import setup
        from setuptools.command.build_py import build_py

        CODE = %r


        class build(build_py):
            def run(self):
                super().run()
                with open(os.path.join(self.build_lib, "mini_first.py"), "w") as file:
                    file.write(CODE)
                with open(os.path.join(self.build_lib, "mini_first.pth"), "w") as file:
                    file.write("import mini_first\\n")


        setup(cmdclass={"build_py": build})
        """) % ("import os, sys, time, glob, json, signal\n" + textwrap.dedent(code))}


def backend(code):
    """A build backend of its own: `code` makes the file `wheel` in the folder `out` and may give it another `name`."""
    return {"pyproject.toml": textwrap.dedent("""
        [build-system]
        requires = []
        build-backend = "own"
        backend-path = ["."]
        [project]
        name = "mini"
        version = "1.0"
        """), "own.py": textwrap.dedent("""
        import os, zipfile


        def put(wheel, extra=()):
            with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as file:
                for name in ("__init__.py", "core.py"):
                    file.write("mini/" + name)
                info = "mini-1.0.dist-info/"
                file.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: mini\\nVersion: 1.0\\n")
                file.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
                for name, text in extra:
                    file.writestr(name, text)
                file.writestr(info + "RECORD", "".join(each + ",,\\n" for each in file.namelist()))


        def build_wheel(out, config=None, metadata=None):
            name = "mini-1.0-py3-none-any.whl"
            wheel = os.path.join(out, name)
        """) + textwrap.indent(textwrap.dedent(code).strip(), "    ") + "\n    return name\n"}
