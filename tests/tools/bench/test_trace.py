import os
import unittest

from support import HarnessTest

from fcbench.worker import trace


class Reach(HarnessTest):
    PACKAGE = """
        import functools, threading
        def one():
            def inner():
                return 1
            return inner()
        def two():
            return [x for x in range(3)]
        def lazy():
            import pkg.late
        class C:
            def method(self):
                return 1
            @functools.lru_cache(None)
            def kept(self):
                return 2
    """

    def setUp(self):
        super().setUp()
        self.package = self.write("site/pkg/__init__.py", self.PACKAGE)
        self.write("site/pkg/late.py", "X = 1")

    def functions(self, *names):
        """Targets by their place in the text of the package."""
        with open(self.package) as source:
            lines = source.read().split("\n")
        result = []
        for name in names:
            short = name.split(".")[-1]
            at = next(i for i, line in enumerate(lines)
                      if "def %s(" % short in line)
            indent = len(lines[at]) - len(lines[at].lstrip())
            last = at
            while last + 1 < len(lines) and (
                    len(lines[last + 1]) - len(lines[last + 1].lstrip())
                    > indent):
                last += 1
            first = at - 1 if lines[at - 1].lstrip().startswith("@") else at
            result.append({"file": "src/pkg/__init__.py", "qualname": name,
                           "first_line": first + 1, "last_line": last + 1})
        return result

    def reach(self, functions=(), modules=(), *arguments):
        side = {"functions": list(functions), "modules": list(modules)}
        targets = self.write_json("targets.json",
                                  {"base": side, "patched": {}})
        found = self.surveyed("--targets", targets, "--side", "base",
                              "--site", self.site, *arguments)
        return {name.split("_")[-1]: result
                for (name, _), result in found.items()}

    def test_functions_methods_and_threads(self):
        self.write("benchmarks/a.py", """
            import pkg, threading, os
            from concurrent.futures import ThreadPoolExecutor
            class S:
                def setup(self):
                    pkg.two()
                    self.pool = ThreadPoolExecutor(1)
                    self.pool.submit(int).result()
                    self.c = pkg.C()
                def teardown(self): self.pool.shutdown()
                def time_nothing(self): pass
                def time_one(self): pkg.one()
                def time_method(self): self.c.method()
                def time_kept(self): self.c.kept()
                def time_new(self):
                    t = threading.Thread(target=pkg.one); t.start(); t.join()
                def time_pool(self): self.pool.submit(pkg.one).result()
                def time_fork(self):
                    pid = os.fork()
                    if not pid:
                        pkg.one()
                        os._exit(0)
                    os.waitpid(pid, 0)
                def time_crash(self): pkg.one(); os.abort()
            def timeraw_one(): return "pkg.one()", "import pkg"
            def timeraw_nothing(): return "pkg", "import pkg; pkg.one()"
        """)
        found = self.reach(self.functions("one", "two", "C.method", "C.kept"))
        one = "src/pkg/__init__.py::one"
        self.assertEqual([one], found["one"]["executed"])
        self.assertEqual(([], "loaded"), (found["nothing"]["executed"],
                                        found["nothing"]["reach"]))
        for name in ("new", "pool", "fork", "crash"):
            self.assertEqual(([one], "function"), (
                found[name]["executed"], found[name]["reach"]), name)
        self.assertEqual("crashed", found["crash"]["status"])
        self.assertEqual(["src/pkg/__init__.py::C.method"],
                         found["method"]["executed"])
        self.assertEqual(["src/pkg/__init__.py::C.kept"],
                         found["kept"]["executed"])

    def test_raw_code(self):
        self.write("benchmarks/a.py", """
            def timeraw_one(): return "pkg.one()", "import pkg"
            def timeraw_nothing(): return "pkg", "import pkg; pkg.one()"
            def timeraw_import(): return "import pkg"
        """)
        found = self.reach(self.functions("one"), ["src/pkg/__init__.py"])
        self.assertEqual(["function", "loaded", "module"],
                         [found[n]["reach"] for n in
                          ("one", "nothing", "import")])

    def test_modules(self):
        self.write("benchmarks/a.py", """
            import pkg
            def time_two(): pkg.two()
            def time_nothing(): pass
            def time_lazy():
                import sys
                sys.modules.pop('pkg.late', None)
                pkg.lazy()
        """)
        found = self.reach(self.functions("one"), ["src/pkg/__init__.py"])
        self.assertEqual(["module", "loaded", "module"], [
            found[n]["reach"] for n in ("two", "nothing", "lazy")])
        found = self.reach((), ["pkg/late.py"])
        self.assertEqual(["none", "none", "module"], [
            found[n]["reach"] for n in ("two", "nothing", "lazy")])

    def test_extensions(self):
        self.write("benchmarks/a.py", """
            import _json
            def time_calls(): _json.encode_basestring('x')
            def time_nothing(): pass
        """)
        found = self.reach((), (), "--extensions", "_json,no.such")
        self.assertEqual(["extension", "loaded"],
                         [found[n]["reach"] for n in ("calls", "nothing")])
        found = self.reach((), (), "--extensions", "no.such")
        self.assertEqual("none", found["calls"]["reach"])

    def test_tracing_is_over_before_timing(self):
        self.write("benchmarks/a.py", """
            import sys, threading
            import pkg
            seen = []
            def time_x():
                pkg.one()
                seen.append(sys.getprofile() is not None)
            time_x.number = 1
            def teardown(): assert not any(seen[1:]), seen
        """)
        found = self.reach(self.functions("one", "two"))
        self.assertEqual("ok", found["x"]["status"], found["x"]["error"])

    def test_an_editable_install_is_found_in_its_tree(self):
        os.makedirs(self.path("tree/src"))
        os.rename(self.path("site/pkg"), self.path("tree/src/pkg"))
        self.package = self.path("tree/src/pkg/__init__.py")
        self.write("benchmarks/a.py", """
            import pkg
            def time_one(): pkg.one()
        """)
        found = self.surveyed(
            "--targets", self.write_json("t.json", {"base": {
                "functions": self.functions("one"), "modules": []}}),
            "--side", "base", "--site", self.site,
            "--tree", self.path("tree"),
            env={"PYTHONPATH": self.path("tree/src")})
        self.assertEqual("function", found["a.time_one", None]["reach"])


class InstalledPaths(HarnessTest):
    def test_leading_folders_are_taken_off(self):
        for path in ("pkg/a.py", "setup.py", "single.py", "conftest.py"):
            self.write("site/" + path)
        for path, expected in (
                ("pkg/a.py", "pkg/a.py"), ("src/pkg/a.py", "pkg/a.py"),
                ("python/x/pkg/a.py", "pkg/a.py"), ("setup.py", "setup.py"),
                ("src/single.py", "single.py"), ("pkg/gone.py", None),
                ("docs/conftest.py", None)):
            found = trace.installed_paths(path, [self.site])
            self.assertEqual([] if expected is None
                             else [os.path.join(self.site, expected)], found)


if __name__ == "__main__":
    unittest.main()
