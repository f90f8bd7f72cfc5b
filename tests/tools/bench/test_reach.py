"""Reach beyond functions that run: recall first."""
import os
import unittest

from support import HarnessTest


class Reach(HarnessTest):
    def reach(self, base, patched, *arguments, suite=None, **options):
        """Installs `base` as it would be, compares it with `patched` and
        surveys the base side. @returns results by the benchmark's last word.

        @param base, patched Texts by path in the repository.
        """
        files = sorted(set(base) | set(patched))
        for side, texts in (("base", base), ("patched", patched)):
            os.makedirs(self.path(side), exist_ok=True)
            for path, text in texts.items():
                self.write("%s/%s" % (side, path), text)
        for path, text in base.items():
            self.write("site/" + path, text)
        changed = [p for p in files if base.get(p) != patched.get(p)]
        self.targets = self.result(
            "targets", "--base", self.path("base"), "--patched",
            self.path("patched"), "--files",
            self.write_json("files.json", changed))
        found = self.surveyed(
            "--targets", self.write_json("targets.json", self.targets),
            "--side", "base", "--site", self.site, *arguments, **options)
        return {name.split("_")[-1]: r["reach"]
                for (name, _), r in found.items()}

    CORE = """
        from pkg.defaults import CHUNK
        def work(): return list(range(0, 100, CHUNK))
    """
    BENCH = """
        import pkg.core
        def time_work(): pkg.core.work()
    """

    def test_what_the_watch_cannot_see_is_unknown(self):
        self.write("benchmarks/a.py", """
            import cProfile, sys, time, _thread
            import pkg.core
            def time_nothing(): pass
            def time_removed():
                sys.setprofile(None)
                pkg.core.work()
            def time_profiled():
                profile = cProfile.Profile()
                profile.enable()
                pkg.core.work()
                profile.disable()
            def time_thread():
                done = []
                _thread.start_new_thread(
                    lambda: done.append(pkg.core.work()), ())
                while not done: time.sleep(0.001)
            class Cache:
                def setup_cache(self): return pkg.core.work()
                def time_cached(self, made): made.sort()
        """)
        core = "import os\n\ndef work(): return list(range(%d))\n"
        base = {"pkg/__init__.py": "", "pkg/core.py": core % 9}
        found = self.reach(base, dict(base, **{"pkg/core.py": core % 3}))
        self.assertEqual(
            {"nothing": "none", "removed": "unknown", "profiled": "unknown",
             "thread": "unknown", "cached": "none"}, found)

    def test_a_constant_that_other_code_reads(self):
        self.write("benchmarks/a.py", self.BENCH)
        self.write("benchmarks/b.py", "def time_nothing(): pass")
        base = {"pkg/__init__.py": "", "pkg/core.py": self.CORE,
                "pkg/defaults.py": "CHUNK = 1\n"}
        found = self.reach(base, dict(base, **{
            "pkg/defaults.py": "CHUNK = 512\n"}))
        self.assertEqual({"work": "loaded", "nothing": "none"}, found)

    def test_defaults_class_attributes_and_decorators(self):
        self.write("benchmarks/a.py", """
            import pkg
            def time_work(): pkg.work()
        """)
        template = """
            %s
            class Config: size = %s
            def given(n=%s): return n
            %s
            def noted(): pass
            from pkg.core import work
        """
        core = {"pkg/core.py": "def work(): pass\n"}
        plain = template % ("", 1, 1, "")
        for change in (("", 2, 1, ""), ("", 1, 2, ""),
                       ("import functools", 1, 1, "@functools.lru_cache(9)")):
            found = self.reach(dict(core, **{"pkg/__init__.py": plain}),
                               dict(core, **{"pkg/__init__.py":
                                             template % change}))
            self.assertEqual({"work": "loaded"}, found, change)

    def test_a_function_that_ran_at_import_or_in_a_setup(self):
        self.write("benchmarks/a.py", """
            import pkg
            class C:
                def setup(self): self.found = pkg.build()
                def time_find(self): 5 in self.found
            def time_table(): 5 in pkg.TABLE
            def time_call(): pkg.build()
        """)
        self.write("benchmarks/b.py", "import pkg2\ndef time_other(): pass")
        rest = {"pkg2.py": "def other(): return 1\n"}
        text = "def build(): return %s\nTABLE = build()\n"
        found = self.reach(dict(rest, **{"pkg/__init__.py": text % "[1]"}),
                           dict(rest, **{"pkg/__init__.py": text % "{1}"}))
        self.assertEqual({"find": "loaded", "table": "loaded",
                          "call": "function", "other": "none"}, found)

    def test_processes_that_a_call_starts(self):
        self.write("benchmarks/a.py", """
            import multiprocessing, os, subprocess, sys
            def time_import():
                subprocess.run([sys.executable, "-c", "import pkg"],
                               check=True)
            def time_system(): os.system("true")
            def time_spawn():
                context = multiprocessing.get_context("spawn")
                process = context.Process(target=print)
                process.start(); process.join()
            def time_nothing(): pass
            def timeraw_import(): return "import pkg"
            def timeraw_run():
                return "subprocess.run('true')", "import subprocess"
            class Pool:
                def setup(self):
                    self.process = subprocess.Popen(
                        ["cat"], stdin=subprocess.PIPE)
                def time_pool(self): self.process.stdin.write(b"x")
                def teardown(self): self.process.communicate()
        """)
        found = self.reach({"pkg/__init__.py": "X = 1"},
                           {"pkg/__init__.py": "X = 2"},
                           "--effort", "0")
        names = {b["name"]: b["reach"]
                 for b in self.survey_result["benchmarks"]}
        self.assertEqual("unknown", names["a.time_import"])
        self.assertEqual("module", names["a.timeraw_import"])
        self.assertEqual(
            {"unknown": 5, "module": 1, "none": 1},
            {reach: list(names.values()).count(reach)
             for reach in set(names.values())}, found)

    JIT = """
        import inspect, textwrap
        def jit(function):
            lines = textwrap.dedent(inspect.getsource(function)).split("\\n")
            source = "\\n".join(l for l in lines if not l.startswith("@"))
            scope = dict(function.__globals__)
            exec(compile(source, "<compiled>", "exec"), scope)
            return scope[function.__name__]
        class Dispatcher:
            def __init__(self, function): self.__wrapped__ = function
            def __call__(self): return 1
        def naive(function):
            def inner(): return function()
            return inner
    """

    def test_code_that_does_not_run_where_it_is_written(self):
        self.write("benchmarks/a.py", """
            import pkg.core
            def time_jit(): pkg.core.work()
        """)
        text = ("import functools\nfrom pkg.jit import Dispatcher, jit, naive\n"
                "%s\ndef work(): return %d\n")
        for decorator, reach in (
                ("@jit", "unknown"), ("@Dispatcher", "unknown"),
                ("@naive", "function"), ("@functools.lru_cache(0)",
                                         "function")):
            base = {"pkg/__init__.py": "", "pkg/jit.py": self.JIT,
                    "pkg/core.py": text % (decorator, 1)}
            found = self.reach(base, dict(base, **{
                "pkg/core.py": text % (decorator, 2)}))
            self.assertEqual({"jit": reach}, found, decorator)

    def test_plain_wrappers_hide_nothing(self):
        self.write("benchmarks/a.py", """
            import pkg.core
            def time_nothing(): pass
        """)
        text = """
            import functools
            from pkg.jit import naive
            class C:
                @property
                def a(self): return %(n)d
                @a.setter
                def a(self, v): return %(n)d
                @staticmethod
                def b(): return %(n)d
                @classmethod
                def c(cls): return %(n)d
                @functools.lru_cache(None)
                def d(self): return %(n)d
            @naive
            def e(): return %(n)d
            if C is None:
                def f(): return %(n)d
        """
        base = {"pkg/__init__.py": "", "pkg/jit.py": self.JIT,
                "pkg/core.py": text % {"n": 1}}
        found = self.reach(base, dict(base, **{"pkg/core.py":
                                               text % {"n": 2}}))
        self.assertEqual({"nothing": "none"}, found)

    def test_data_files_of_the_package(self):
        self.write("benchmarks/a.py", """
            import pkg
            def time_work(): pass
        """)
        self.write("benchmarks/b.py", "def time_nothing(): pass")
        base = {"pkg/__init__.py": "", "pkg/table.json": "1",
                "README.md": "a", "pkg/notes.md": "a"}
        self.assertEqual(
            {"work": "unknown", "nothing": "none"},
            self.reach(base, dict(base, **{"pkg/table.json": "2"})))
        self.assertEqual(
            {"work": "none", "nothing": "none"},
            self.reach(base, dict(base, **{"README.md": "b",
                                           "pkg/notes.md": "b"})))

    def test_a_file_that_cannot_be_compared(self):
        self.write("benchmarks/a.py", self.BENCH)
        deep = "x = " + "[" * 50000 + "]" * 50000
        base = {"pkg/__init__.py": "", "pkg/core.py": self.CORE,
                "pkg/defaults.py": "CHUNK = 1\n"}
        found = self.reach(base, dict(base, **{"pkg/defaults.py": deep}))
        self.assertEqual({"work": "loaded"}, found)
        self.assertEqual(["pkg/defaults.py"], self.targets["unparsable"])

    def test_an_end_that_nobody_saw_is_unknown(self):
        self.write("benchmarks/a.py", """
            import threading, time, os
            threading.Thread(target=time.sleep, args=(99,), daemon=True).start()
            def time_crash(): os.abort()
            class C:
                def setup_cache(self): 1/0
                def time_cache(self, cache): pass
        """)
        found = self.reach({"pkg.py": "X = 1"}, {"pkg.py": "X = 2"})
        self.assertEqual({"crash": "unknown", "cache": "unknown"}, found)

    def test_what_moved_is_found_on_both_sides(self):
        self.write("benchmarks/a.py", """
            from mini import work
            def time_work(): work()
        """)
        text = "def work(): return %d\n"
        base = {"mini/__init__.py": "from mini.core import work",
                "mini/core.py": text % 1}
        patched = {"src/mini/__init__.py": "from mini.inner.core import work",
                   "src/mini/inner/__init__.py": "",
                   "src/mini/inner/core.py": text % 2}
        self.assertEqual({"work": "function"}, self.reach(base, patched))
        for path, word in patched.items():
            self.write("new/" + path[len("src/"):], word)
        found = self.surveyed(
            "--targets", self.path("targets.json"), "--side", "patched",
            "--site", self.path("new"), env={"PYTHONPATH": self.path("new")})
        self.assertEqual("function", found["a.time_work", None]["reach"])


if __name__ == "__main__":
    unittest.main()
