"""The state of the processes in which benchmarks are surveyed and timed."""
import json
import os
import unittest

from support import HarnessTest


class OneState(HarnessTest):
    def test_survey_and_timing_import_the_same_in_the_same_order(self):
        log = self.path("log")
        self.write("benchmarks/__init__.py", "")
        self.write("benchmarks/common.py", "")
        for name in ("a", "b", "c"):
            self.write("benchmarks/%s.py" % name, """
                import json, os, sys
                from . import common
                class C:
                    def setup(self):
                        with open(%r, "a") as out:
                            json.dump([list(sys.modules), dict(os.environ),
                                       sys.path, sys.argv], out)
                            out.write(chr(10))
                    def track_x(self): return 1
            """ % log)
        self.surveyed("--site", self.site, env={"MARK": "1"})
        self.timed("b.C.track_x", "--site", self.site, env={"MARK": "1"})
        with open(log) as source:
            found = [json.loads(line) for line in source]
        for process in found:
            process[0] = [m for m in process[0]
                          if not m.startswith("encodings")]
        self.assertEqual(4, len(found))
        # The first three are the survey's, one a module.
        self.assertEqual(found[1], found[3])
        self.assertIn("benchmarks.b", found[3][0])
        self.assertNotIn("benchmarks.a", found[1][0])
        self.assertFalse(any(m.startswith("fcbench") for m in found[3][0]))
        self.assertEqual("1", found[1][1]["MARK"])
        self.assertEqual(self.site, found[1][1]["PYTHONPATH"])

    def test_what_a_module_sets_before_its_imports_holds(self):
        self.write("site/pkg.py", """
            import os
            THREADS = os.environ.get("PKG_THREADS", "unset")
        """)
        self.write("benchmarks/a.py", """
            import os
            os.environ["PKG_THREADS"] = "1"
            import pkg
            def track_x(): return float(pkg.THREADS)
        """)
        self.write("benchmarks/aa.py", "import pkg\ndef track_y(): return 0")
        self.assertEqual(1.0, self.surveyed()["a.track_x", None]["value"])
        self.assertEqual(1.0, self.timed("a.track_x")["value"])

    def test_no_fork_after_threads_were_started(self):
        self.write("benchmarks/a.py", """
            from concurrent.futures import ThreadPoolExecutor
            POOL = ThreadPoolExecutor(2)
            WARM = [POOL.submit(len, "ab").result() for _ in range(4)]
            def time_x(): POOL.submit(sum, [1]).result()
            def time_crash(): import os; os.abort()
            def time_y(): POOL.submit(sum, [1]).result()
        """)
        found = self.surveyed("--timeout", "10")
        self.assertEqual(["ok", "crashed", "ok"],
                         [r["status"] for r in found.values()])
        self.assertEqual("ok", self.timed("a.time_x")["status"])

    def test_each_benchmark_has_an_empty_folder_of_its_own(self):
        self.write("benchmarks/a.py", """
            import os
            HERE = os.getcwd()
            assert os.listdir(".") == []
            def setup():
                assert os.listdir(".") == [] and os.getcwd() != HERE
                open("mine", "w").close()
            def time_x(): pass
            time_x.number = 1
            def teardown(): os.unlink("mine")
        """)
        self.assertEqual("ok", self.surveyed()["a.time_x", None]["status"])
        self.assertEqual("ok", self.timed("a.time_x")["status"])

    def test_says_from_where_it_imported(self):
        self.write("tree/benchmarks/a.py", """
            import sys
            sys.path.insert(0, %r)
            import mypkg, only_here
            def time_x(): pass
        """ % self.path("tree"))
        self.write("tree/mypkg.py")
        self.write("tree/only_here.py")
        self.suite = self.path("tree/benchmarks")
        where = ["--site", self.site, "--tree", self.path("tree")]
        self.assertEqual("ok", self.timed("a.time_x", *where)["status"])
        self.write("site/mypkg.py")
        result = self.timed("a.time_x", *where)
        self.assertEqual("error", result["status"])
        found = self.surveyed(*where)
        self.assertEqual({}, found)
        for text in (result["error"],
                     self.survey_result["import_errors"][0]["error"]):
            self.assertIn("mypkg is imported from " + self.path(
                "tree/mypkg.py"), text)


    def test_looks_into_namespace_packages(self):
        self.write("tree/benchmarks/a.py", """
            import sys
            sys.path.insert(0, %r)
            import org.mini
            def time_x(): pass
        """ % self.path("tree/src"))
        self.write("tree/src/org/notes.txt")
        self.write("site/org/mini/__init__.py")
        self.suite = self.path("tree/benchmarks")
        where = ["--site", self.site, "--tree", self.path("tree")]
        result = self.timed("a.time_x", *where)
        self.assertEqual("ok", result["status"], result["error"])
        self.assertEqual([self.path("site/org")],
                         [each["file"] for each in result["imported"]])
        self.write("tree/src/org/mini/__init__.py")
        result = self.timed("a.time_x", *where)
        self.assertIn("org.mini is imported from", result["error"])


class Memory(HarnessTest):
    def test_modules_that_are_kept_do_not_add_up(self):
        log = self.path("log")
        for name in "abcdef":
            self.write("benchmarks/%s.py" % name, """
                import resource
                KEPT = b"x" * (250 << 20)
                def track_x():
                    total = 0
                    import os
                    for pid in filter(str.isdigit, os.listdir("/proc")):
                        try:
                            with open("/proc/%%s/stat" %% pid) as source:
                                fields = source.read().rpartition(")")[2].split()
                            if int(fields[1]) in (os.getppid(), PARENT):
                                total += int(fields[21]) * 4096 >> 20
                        except OSError: pass
                    with open(%r, "a") as out: out.write("%%d " %% total)
                    return total
                import os
                PARENT = os.getppid()
            """ % log)
        found = self.surveyed("--effort", "0")
        self.assertEqual({"ok"}, {r["status"] for r in found.values()})
        self.assertLess(max(map(int, self.lines(log))), 1200)


class SuiteInPackage(HarnessTest):
    def test_is_the_merge_commits_by_its_full_name_too(self):
        for path, size in (("site", 1), ("tree", 7)):
            self.write(path + "/pkg/__init__.py")
            self.write(path + "/pkg/bench/__init__.py")
            self.write(path + "/pkg/bench/sizes.py", "N = %d" % size)
        os.remove(self.path("tree/pkg/__init__.py"))
        self.suite = self.path("tree/pkg/bench")
        self.write("tree/pkg/bench/a.py", """
            from pkg.bench.sizes import N
            import pkg.bench.a
            def track_n(): return N
        """)
        found = self.surveyed("--site", self.site, "--tree",
                              self.path("tree"))["a.track_n", None]
        self.assertEqual(("ok", 7.0), (found["status"], found["value"]),
                         found["error"])

    def test_helpers_installed_beside_the_package_are_the_merge_commits(self):
        for path, size in (("site", 1), ("tree", 7)):
            self.write(path + "/tests/__init__.py")
            self.write(path + "/tests/sizes.py", "N = %d" % size)
        self.suite = self.path("tree/asv")
        self.write("tree/asv/a.py", """
            from tests.sizes import N
            def track_n(): return N
        """)
        found = self.surveyed("--site", self.site, "--tree",
                              self.path("tree"))["a.track_n", None]
        self.assertEqual(("ok", 7.0), (found["status"], found["value"]),
                         found["error"])


class OneName(HarnessTest):
    SETS = """
        class C:
            params = ([{"x", "y", "z"}, frozenset(["q", "p"])],
                      {"b", "a", "c", "e", "d"})
            def track_x(self, values, word):
                return ord(word) + len(values)
    """

    def test_sets_have_one_order_whatever_the_hash_seed(self):
        self.write("benchmarks/a.py", self.SETS)
        texts = []
        for seed in ("1", "2", "3"):
            found = self.surveyed(env={"PYTHONHASHSEED": seed})
            self.assertEqual({"ok"}, {r["status"] for r in found.values()})
            texts.append([r["params"] for r in found.values()])
        self.assertEqual(texts[0], texts[1])
        self.assertEqual(texts[0], texts[2])
        self.assertEqual(["{'x', 'y', 'z'}", "'a'"], texts[0][0])
        self.assertEqual(["frozenset({'p', 'q'})", "'a'"], texts[0][5])

    def test_sets_inside_of_other_values_have_one_order(self):
        self.write("benchmarks/a.py", """
            import collections, dataclasses, functools
            P = collections.namedtuple("P", "words n")
            @dataclasses.dataclass
            class D:
                words: object
            WORDS = {"v", "w", "x", "y", "z"}
            def track_x(value): return 1
            track_x.params = [[P(WORDS, 1), D(WORDS), {"a": [WORDS]},
                               functools.partial(len, WORDS)]]
        """)
        seen = []
        for seed in ("1", "2"):
            found = self.surveyed(env={"PYTHONHASHSEED": seed})
            seen.append([r["params"][0] for r in found.values()])
        words = "{'v', 'w', 'x', 'y', 'z'}"
        self.assertEqual(seen[0], seen[1])
        self.assertEqual(["P(words=%s, n=1)" % words, "D(words=%s)" % words,
                          "{'a': [%s]}" % words], seen[0][:3])

    def test_a_whole_parameter_list_may_be_a_set(self):
        self.write("benchmarks/a.py", """
            def track_x(n): return n
            track_x.params = {3, 1, 2}
        """)
        self.assertEqual([1.0, 2.0, 3.0],
                         [r["value"] for r in self.surveyed().values()])

    def test_texts_name_the_parameters_in_every_command(self):
        self.write("benchmarks/a.py", self.SETS)
        wanted = [["a.C.track_x", ["{'x', 'y', 'z'}", "'d'"]],
                  ["a.C.track_x", ["{'x', 'y', 'z'}", "'gone'"]],
                  ["a.C.track_x", []]]
        self.surveyed("--only", self.write_json("only.json", wanted))
        good, bad, less = self.survey_result["benchmarks"]
        self.assertEqual((wanted[0][1], "ok", 103.0), (
            good["params"], good["status"], good["value"]))
        self.assertEqual(("error", "error"), (bad["status"], less["status"]))
        result = self.timed("a.C.track_x", "--params",
                            json.dumps(wanted[0][1]))
        self.assertEqual((wanted[0][1], "ok", 103.0), (
            result["params"], result["status"], result["value"]))
        result = self.timed("a.C.track_x", "--params",
                            json.dumps(wanted[1][1]))
        self.assertEqual("error", result["status"])
        self.assertIn("'gone'", result["error"])
        self.assertIn("no JSON list", self.refused(
            "time", "--suite", self.suite, "--benchmark", "a", "--out",
            self.path("o"), "--params", "{}"))

    def test_a_list_that_changed_is_an_error_and_not_its_neighbour(self):
        self.write("benchmarks/a.py", """
            import os
            def track_x(n): return n
            track_x.params = [1, 2] if "NEW" in os.environ else [2, 3]
        """)
        old = self.surveyed()["a.track_x", 0]
        result = self.timed("a.track_x", "--params",
                            json.dumps(old["params"]), env={"NEW": "1"})
        self.assertEqual((2.0, ["2"]), (result["value"], result["params"]))
        result = self.timed("a.track_x", "--params", '["3"]',
                            env={"NEW": "1"})
        self.assertEqual(("error", None), (result["status"], result["value"]))

    def test_first_takes_texts(self):
        self.write("benchmarks/a.py", """
            import time
            def time_x(n): time.sleep(0.3)
            time_x.params = [1, 2, 3]
        """)
        first = self.write_json("first.json", [["a.time_x", ["3"]]])
        found = self.surveyed("--budget", "0.2", "--first", first)
        self.assertEqual(["left_out", "left_out", "ok"],
                         [r["status"] for r in found.values()])


class OddTexts(HarnessTest):
    def test_voids_no_other_benchmark(self):
        self.write("benchmarks/a.py", r"""
            class Odd:
                def __init__(self, text): self.text = text
                def __repr__(self): return self.text
            def time_nul(n): pass
            time_nul.params = [Odd("a\0b"), Odd("x" * 10**6), Odd("\udce9")]
            def time_error(): raise LookupError("r\udce9sum \0 " + "y" * 10**7)
            def time_good(): pass
            time_good.version = "\udcff"
            def timeraw_bad(): return "raise ValueError('\\udce9')"
            def track_huge(): return 10 ** 400
        """)
        found = self.surveyed()
        texts = [b["params"][0] for b in found.values() if b["params"]]
        self.assertEqual(["a\\x00b", "\\udce9"], [texts[0], texts[2]])
        self.assertLessEqual(len(texts[1]), 4000)
        self.assertEqual("ok", found["a.time_good", None]["status"])
        self.assertEqual({"ok"}, {found["a.time_nul", n]["status"]
                                  for n in range(3)})
        error = found["a.time_error", None]["error"]
        self.assertIn("r\\udce9sum \\x00", error)
        self.assertLessEqual(len(error), 4000)
        self.assertEqual("error", found["a.timeraw_bad", None]["status"])
        with open(self.path("out.json"), "rb") as source:
            self.assertTrue(source.read().isascii())
        result = self.timed("a.time_nul", "--params", json.dumps([texts[0]]))
        self.assertEqual("ok", result["status"], result["error"])

    def test_endless_parameters_fail_that_benchmark_only(self):
        self.write("benchmarks/a.py", """
            import itertools
            def time_endless(n): pass
            time_endless.params = itertools.count()
            def time_many(a, b, c): pass
            time_many.params = [range(100), range(100), range(100)]
            time_many.params = [list(r) for r in time_many.params]
            def time_good(): pass
        """)
        listed = self.listed()
        self.assertIn("more than 100000 values", listed["errors"][0]["error"])
        self.assertEqual(5001, len(listed["benchmarks"]))
        self.assertIn("more than 5000 sets of parameters",
                      listed["ignored"][0])


if __name__ == "__main__":
    unittest.main()
