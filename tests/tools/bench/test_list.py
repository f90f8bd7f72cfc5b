import os
import unittest

from support import HarnessTest


class Discovery(HarnessTest):
    def test_names_are_relative_to_the_suite(self):
        self.write("benchmarks/__init__.py", "def time_root(): pass")
        self.write("benchmarks/benchmarks.py", """
            class Suite:
                def time_x(self): pass
            def track_y(): return 1
        """)
        self.write("benchmarks/deep/__init__.py", "def mem_init(): pass")
        self.write("benchmarks/deep/er.py", "def peakmem_z(): pass")
        self.write("benchmarks/ignored/no_init.py", "def time_not(): pass")
        listed = self.listed()
        self.assertEqual([], listed["errors"])
        self.assertEqual(
            [("time_root", "time"), ("benchmarks.Suite.time_x", "time"),
             ("benchmarks.track_y", "track"), ("deep.mem_init", "mem"),
             ("deep.er.peakmem_z", "peakmem")],
            [(b["name"], b["kind"]) for b in listed["benchmarks"]])
        self.assertEqual("deep/er.py", listed["benchmarks"][-1]["file"])

    def test_suite_needs_no_init_and_may_import_its_own_modules(self):
        self.write("benchmarks/common.py", "class Base:\n  n = 3")
        self.write("benchmarks/a.py", """
            from .common import Base
            from benchmarks import common
            class A(Base):
                def time_a(self): pass
        """)
        self.assertEqual(["a.A.time_a"], self.names())

    def test_kinds_by_name_as_asv_matches_them(self):
        self.write("benchmarks/a.py", """
            class C:
                def time_a(self): pass
                def TimeBig(self): pass
                def Time_(self): pass
                def Timer(self): pass
                def MemC(self): pass
                def timeraw_b(self): return ""
                def TimerawBx(self): return ""
                def MemCx(self): pass
                def PeakMemDx(self): pass
                def TrackEx(self): pass
                def time_(self): pass
                def runtime_x(self): pass
                def helper(self): pass
        """)
        kinds = {b["name"].split(".")[-1]: b["kind"]
                 for b in self.listed()["benchmarks"]}
        self.assertEqual({
            "time_a": "time", "TimeBig": "time", "timeraw_b": "timeraw",
            "TimerawBx": "timeraw", "MemCx": "mem", "PeakMemDx": "peakmem",
            "TrackEx": "track"}, kinds)

    def test_inherited_private_abstract_and_imported(self):
        self.write("benchmarks/base.py", """
            import abc
            class _Hidden:
                def time_inherited(self): pass
            class Abstract(abc.ABC):
                def time_no(self): pass
                @abc.abstractmethod
                def more(self): pass
            class Seen(_Hidden):
                pass
            def _time_private(): pass
            time_lambda = lambda: None
            time_value = 3
        """)
        self.write("benchmarks/user.py", "from .base import Seen")
        # ASV names a function by its __name__, hence the odd third one.
        self.assertEqual(["base.Seen.time_inherited", "base.<lambda>",
                          "user.Seen.time_inherited"], self.names())

    def test_static_and_class_methods(self):
        self.write("benchmarks/a.py", """
            class C:
                @staticmethod
                def time_static(): pass
                @classmethod
                def time_class(cls): pass
                time_property = property(lambda self: 1)
        """)
        self.assertEqual(["a.C.time_class", "a.C.time_static"], self.names())

    def test_given_names_versions_and_settings(self):
        self.write("benchmarks/a.py", """
            timeout = 7
            class C:
                number = 3
                repeat = (1, 5, 2.5)
                def anything(self): pass
                anything.benchmark_name = "own.time_name"
                def time_x(self): pass
                time_x.pretty_name = "X"
                time_x.version = "v2"
                time_x.number = 9
                time_x.warmup_time = 0
                time_x.sample_time = 0.5
                time_x.processes = 4
        """)
        own, x = self.listed()["benchmarks"]
        self.assertEqual("own.time_name", own["name"])
        self.assertEqual((3, [1, 5, 2.5], 7.0, -1), (
            own["number"], own["repeat"], own["timeout"], own["warmup_time"]))
        self.assertEqual((9, 0, 0.5, 4, "X", "v2"), (
            x["number"], x["warmup_time"], x["sample_time"], x["rounds"],
            x["pretty_name"], x["version"]))

    def test_defaults(self):
        self.write("benchmarks/a.py", "def time_x(): pass\n"
                                      "def timeraw_y(): pass")
        x, y = self.listed()["benchmarks"]
        self.assertEqual((0, 0, 60.0, None, 2, 2), (
            x["number"], x["repeat"], x["timeout"], x["setup_cache"],
            x["rounds"], x["min_run_count"]))
        self.assertEqual(1, y["number"])


    def test_two_benchmarks_of_one_name_are_both_there(self):
        self.write("benchmarks/a.py", """
            def deco(f):
                def wrapper(): return f()
                return wrapper
            @deco
            def time_one(): pass
            @deco
            def time_two(): pass
            time_alias = time_one
            class Base:
                def time_x(self): pass
                time_x.benchmark_name = "own.time_x"
            class Derived(Base): pass
            Again = Base
        """)
        self.assertEqual(["a.wrapper", "a.time_two", "own.time_x",
                          "a.Derived.time_x"], self.names())
        result = self.timed("a.time_two", "--samples", 1)
        self.assertEqual("ok", result["status"], result["error"])


class Params(HarnessTest):
    def entries(self, text):
        self.write("benchmarks/a.py", text)
        return [(b["param_index"], b["params"], b["param_names"])
                for b in self.listed()["benchmarks"]]

    def test_one_list(self):
        self.assertEqual(
            [(0, ["1"], ["n"]), (1, ["'b'"], ["n"])], self.entries("""
                class C:
                    params = [1, 'b']
                    param_names = ['n']
                    def time_x(self, n): pass
            """))

    def test_product_of_lists_last_fastest_and_names_filled(self):
        self.assertEqual(
            [(0, ["1", "3"], ["n", "param2"]),
             (1, ["1", "4"], ["n", "param2"]),
             (2, ["2", "3"], ["n", "param2"]),
             (3, ["2", "4"], ["n", "param2"])], self.entries("""
                def time_x(n, m): pass
                time_x.params = ([1, 2], (3, 4))
                time_x.param_names = ['n']
            """))

    def test_no_params_and_empty_list(self):
        self.assertEqual([(None, [], [])], self.entries("""
            def time_x(): pass
            time_x.params = []
            def time_y(n): pass
            time_y.params = [[1], []]
        """))

    def test_equal_reprs_are_told_apart_and_addresses_hidden(self):
        self.assertEqual(["'a' (0)", "'a' (1)", "<a.time_x.<locals>.T object>"],
                         [p[1][0] for p in self.entries("""
            def make():
                class T: pass
                T.__qualname__ = 'time_x.<locals>.T'
                T.__module__ = 'a'
                return T()
            def time_x(n): pass
            time_x.params = ['a', 'a', make()]
        """)])

    def test_addresses_inside_of_a_text_are_hidden(self):
        self.assertEqual(
            ["functools.partial(<function f>, 1)", "[<benchmarks.a.T object>]",
             "<bound method T.go of <benchmarks.a.T object>>", "'<f at 0x1>'"],
            [p[1][0] for p in self.entries("""
                import functools
                def f(n): pass
                class T:
                    def go(self): pass
                def time_x(n): pass
                time_x.params = [[functools.partial(f, 1), [T()], T().go,
                                  '<f at 0x1>']]
            """)])

    def test_long_texts_that_differ_at_their_ends_are_told_apart(self):
        one, other = (p[1][0] for p in self.entries("""
            def time_x(n): pass
            time_x.params = ['a' * 5000 + 'x', 'a' * 5000 + 'y']
        """))
        self.assertNotEqual(one, other)
        self.assertRegex(one, r"\(\d+ characters more, [0-9a-f]{12}\)$")

    def test_a_set_whose_values_nothing_tells_apart_is_an_error(self):
        self.write("benchmarks/a.py", """
            def time_x(f): pass
            time_x.params = {lambda: 1, lambda: 2}
        """)
        listed = self.listed()
        self.assertEqual([], listed["benchmarks"])
        self.assertIn("nothing tells apart", listed["errors"][0]["error"])

    def test_bad_params_fail_that_benchmark_only(self):
        self.write("benchmarks/a.py", """
            def time_bad(): pass
            time_bad.params = 3
            class C:
                def __init__(self): raise RuntimeError('no instance')
                def time_x(self): pass
            def time_number(): pass
            time_number.number = 'many'
            def time_good(): pass
        """)
        listed = self.listed()
        self.assertEqual(["a.time_good"],
                         [b["name"] for b in listed["benchmarks"]])
        self.assertEqual(
            ["benchmarks.a.time_bad", "benchmarks.a.C.time_x",
             "benchmarks.a.time_number"],
            [e["module"] for e in listed["errors"]])


class Marks(HarnessTest):
    def test_stand_ins_for_asv_runner(self):
        self.write("benchmarks/a.py", """
            import asv, asv.util, asv_runner.util
            from asv_runner.benchmarks.mark import (
                SkipNotImplemented, benchmark, parameterize, skip_benchmark,
                skip_benchmark_if, skip_for_params, skip_params_if,
                timeout_at, timeout_class_at)
            @skip_benchmark
            def time_gone(): pass
            @skip_benchmark_if(True)
            def time_gone_too(): pass
            @skip_benchmark_if(False)
            def time_here(): pass
            @skip_benchmark
            class TimeClass:
                def time_gone(self): pass
            @parameterize({'n': [1, 2], 'm': [3]})
            def time_p(n, m): pass
            @timeout_class_at(5)
            @parameterize({'n': [1, 2]})
            class C:
                @skip_for_params([(2,)])
                def time_q(self, n): pass
            @timeout_at(6)
            @benchmark(number=4)
            def time_t(): pass
        """)
        listed = self.listed()
        self.assertEqual([], listed["errors"])
        self.assertEqual(
            [("a.time_here", None, 60.0, 0), ("a.time_p", 0, 60.0, 0),
             ("a.time_p", 1, 60.0, 0), ("a.C.time_q", 0, 5.0, 0),
             ("a.C.time_q", 1, 5.0, 0), ("a.time_t", None, 6.0, 4)],
            [(b["name"], b["param_index"], b["timeout"], b["number"])
             for b in listed["benchmarks"]])

    def test_a_mark_on_an_inherited_benchmark_leaves_the_others_theirs(self):
        self.write("benchmarks/a.py", """
            from asv_runner.benchmarks.mark import (
                benchmark, skip_benchmark, skip_for_params, timeout_at)
            class Base:
                params = [1, 2]
                def time_x(self, n): pass
                def time_y(self, n): pass
                def time_z(self, n): pass
            class Marked(Base):
                time_x = skip_benchmark(Base.time_x)
                time_y = skip_for_params([(2,)])(Base.time_y)
                time_z = timeout_at(7)(benchmark(number=4)(Base.time_z))
            class Sibling(Base):
                pass
        """)
        found = {(b["name"], b["param_index"]): b
                 for b in self.listed()["benchmarks"]}
        self.assertEqual(
            {"Base": 6, "Marked": 4, "Sibling": 6},
            {klass: len([1 for name, _ in found if klass in name])
             for klass in ("Base", "Marked", "Sibling")})
        settings = [(b["timeout"], b["number"]) for b in (
            found["a.%s.time_z" % klass, 0]
            for klass in ("Base", "Marked", "Sibling"))]
        self.assertEqual([(60.0, 0), (7.0, 4), (60.0, 0)], settings)
        looked_at = self.surveyed()
        self.assertEqual(
            ["ok", "skipped", "ok"],
            [looked_at["a.%s.time_y" % klass, 1]["status"]
             for klass in ("Base", "Marked", "Sibling")])

    def test_the_real_package_is_preferred(self):
        self.write("site/asv_runner/__init__.py", "real = True")
        self.write("benchmarks/a.py", """
            import asv_runner
            assert asv_runner.real
            def time_x(): pass
        """)
        self.assertEqual(["a.time_x"], self.names())


class BadSuites(HarnessTest):
    def test_broken_modules_are_recorded_and_the_rest_is_listed(self):
        self.write("benchmarks/a.py", "import no_such_module_at_all")
        self.write("benchmarks/b.py", "raise SystemExit(3)")
        self.write("benchmarks/c.py", "def broken(:")
        self.write("benchmarks/d.py", "raise KeyboardInterrupt")
        self.write("benchmarks/e.py", "def time_e(): pass")
        listed = self.listed()
        self.assertEqual(["e.time_e"],
                         [b["name"] for b in listed["benchmarks"]])
        self.assertEqual(["benchmarks." + c for c in "abcd"],
                         [e["module"] for e in listed["errors"]])
        self.assertTrue(listed["errors"][0]["error"].startswith(
            "ModuleNotFoundError: No module named 'no_such_module_at_all'"))

    def test_broken_package_lists_nothing(self):
        self.write("benchmarks/__init__.py", "1/0")
        self.write("benchmarks/a.py", "def time_a(): pass")
        listed = self.listed()
        self.assertEqual([], listed["benchmarks"])
        self.assertEqual("benchmarks", listed["errors"][0]["module"])

    def test_unusable_suites(self):
        out = self.path("o")
        self.assertIn("no such suite folder", self.refused(
            "list", "--suite", self.path("nowhere"), "--out", out))
        self.assertIn("no Python file", self.refused(
            "list", "--suite", self.suite, "--out", out))

    def test_a_module_that_ends_the_process_hides_no_other(self):
        self.write("benchmarks/a.py", "import os; os._exit(0)")
        self.write("benchmarks/b.py",
                   "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
        self.write("benchmarks/c.py", "def time_c(): pass")
        listed = self.listed()
        self.assertEqual(["c.time_c"],
                         [b["name"] for b in listed["benchmarks"]])
        first, second = listed["errors"]
        self.assertIn("exit status 0", first["error"])
        self.assertIn("SIGSEGV", second["error"])

    def test_odd_file_names(self):
        for name in ("b\udcff.py", "new\nline.py", "a b.py", "é.py"):
            with open(os.path.join(self.suite, name), "w") as out:
                out.write("def time_x(): pass" if "\udcff" not in name
                          else "1/0")
        os.symlink(".", os.path.join(self.suite, "loop"))
        self.write("benchmarks/__init__.py")
        listed = self.listed()
        self.assertIn("é.time_x", [b["name"] for b in listed["benchmarks"]])
        self.assertEqual(["benchmarks.b\\udcff"],
                         [e["module"] for e in listed["errors"]])

    def test_neighbours_of_the_suite_do_not_hide_the_package(self):
        self.write("mypkg.py", "which = 'checkout'")
        self.write("site/mypkg.py", "which = 'installed'")
        self.write("benchmarks/a.py", """
            import mypkg, os, sys
            assert mypkg.which == 'installed'
            assert os.listdir('.') == []
            assert len(sys.argv) == 1
            import trace, suite_of_nobody
            def time_x(): pass
        """)
        self.write("site/suite_of_nobody.py", "")
        self.write("benchmarks/b.py", """
            import trace
            assert 'fcbench' not in trace.__file__
            def time_y(): pass
        """)
        self.assertEqual(["a.time_x", "b.time_y"], self.names())

    def test_output_and_exit_handlers_disturb_nothing(self):
        self.write("benchmarks/a.py", """
            import atexit, os, sys
            print('x' * 3000000)
            os.write(1, b'y' * 1000)
            atexit.register(lambda: os._exit(9))
            def time_x(): pass
        """)
        self.assertEqual(["a.time_x"], self.names())
        self.assertIn("yyy", self.stderr)


if __name__ == "__main__":
    unittest.main()
