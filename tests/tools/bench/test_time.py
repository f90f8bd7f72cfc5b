import unittest

from support import HarnessTest


class Timed(HarnessTest):
    def test_samples_are_totals_with_three_clocks(self):
        self.write("site/pkg.py", "")
        self.write("benchmarks/a.py", """
            import time, pkg
            def time_sleep(): time.sleep(0.005)
            def time_spin():
                end = time.perf_counter() + 0.005
                while time.perf_counter() < end: pass
        """)
        result = self.timed("a.time_sleep", "--number", 4, "--samples", 3,
                            "--warmup-ms", 10, "--site", self.site,
                            env={"PYTHONHASHSEED": "7"})
        self.assertEqual(("ok", 4, 3, "7"), (
            result["status"], result["number"], len(result["samples"]),
            result["hash_seed"]))
        self.assertEqual([{"module": "pkg", "file": self.path("site/pkg.py")}],
                         result["imported"])
        self.assertGreater(result["first"], 0.005)
        for sample in result["samples"]:
            self.assertGreater(sample["wall"], 0.02)
            self.assertLess(sample["cpu"], sample["wall"])
            self.assertTrue(sample["wait"] is None or sample["wait"] >= 0)
        result = self.timed("a.time_spin", "--number", 4)
        self.assertGreater(result["samples"][0]["cpu"], 0.004)

    def test_setup_as_asv_does_it(self):
        log = self.path("log")
        self.write("benchmarks/a.py", """
            def note(word):
                with open(%r, 'a') as out: out.write(word + ' ')
            class C:
                number = 2
                warmup_time = 0
                def setup(self): note('setup')
                def teardown(self): note('teardown')
                def time_x(self): note('call')
            class W(C):
                warmup_time = -1
                number = 1
        """ % log)
        # The declared number wins, and no warm-up means none.
        result = self.timed("a.C.time_x", "--number", 50, "--samples", 2,
                            "--warmup-ms", 1000)
        self.assertEqual(2, result["number"])
        sample = "teardown setup call call "
        self.assertEqual(("setup call " + sample * 2 + "teardown").split(),
                         self.lines(log))
        open(log, "w").close()
        self.timed("a.W.time_x", "--samples", 2, "--warmup-ms", 5)
        words = " ".join(self.lines(log)) + " "
        # A number of its own: no call without a setup, warm-up included.
        calls = words.count("call ")
        self.assertGreater(calls, 3)
        self.assertEqual("setup call teardown " * calls, words)

    def test_number_zero_is_calibrated(self):
        self.write("benchmarks/a.py", "def time_x(): pass\n"
                                      "time_x.sample_time = 0.001")
        result = self.timed("a.time_x", "--warmup-ms", 0)
        self.assertGreater(result["number"], 1000)
        self.assertGreater(result["samples"][0]["wall"], 0.0003)

    def test_collection_is_off_in_the_loop(self):
        self.write("benchmarks/a.py", """
            import gc
            def setup(): assert 1
            def time_x(): assert not gc.isenabled()
            def teardown(): pass
            def track_x(): return gc.isenabled()
        """)
        self.assertEqual("ok", self.timed("a.time_x")["status"])
        self.assertEqual(1.0, self.timed("a.track_x")["value"])

    def test_parameters(self):
        self.write("benchmarks/a.py", """
            def track_x(n, m): return n + m
            track_x.params = [[1, 2], [10, 20]]
        """)
        self.assertEqual(21.0, self.timed("a.track_x", "--param", 1)["value"])
        for index in ("-1", "4"):
            result = self.timed("a.track_x", "--param", index)
            self.assertEqual("error", result["status"])
            self.assertIn("no parameter index", result["error"])

    def test_only_the_module_of_the_benchmark_is_imported(self):
        self.write("benchmarks/a.py", "raise RuntimeError")
        self.write("benchmarks/b.py", "def track_x(): return 1")
        self.write("benchmarks/sub/__init__.py", "def track_y(): return 2")
        self.write("benchmarks/c.py", "def track_z(): return 3\n"
                                      "track_z.benchmark_name = 'track_own'")
        self.assertEqual(1.0, self.timed("b.track_x")["value"])
        self.assertEqual(2.0, self.timed("sub.track_y")["value"])
        self.assertEqual(3.0, self.timed("track_own")["value"])
        gone = self.timed("b.track_gone")
        self.assertEqual("error", gone["status"])
        self.assertIn("not imported: benchmarks.a", gone["error"])
        self.assertIn("RuntimeError", self.timed("a.track_x")["error"])

    def test_raw_code_has_no_other_clocks(self):
        self.write("benchmarks/a.py", "def timeraw_x(): return 'x = 1'")
        result = self.timed("a.timeraw_x", "--samples", 2)
        self.assertEqual(("ok", 1), (result["status"], result["number"]))
        self.assertEqual({None}, {s["cpu"] for s in result["samples"]})


class Ends(HarnessTest):
    def test_ends_are_data(self):
        self.write("benchmarks/a.py", """
            import os, sys, time
            def time_error(): raise ValueError('bad')
            def time_exit(): sys.exit(0)
            def time_abort(): os.abort()
            def time_gone(): os._exit(0)
            def time_hang(): time.sleep(60)
            class S:
                def setup(self): raise NotImplementedError
                def time_skip(self): pass
        """)
        for name, status, text in (
                ("time_error", "error", "ValueError: bad"),
                ("time_exit", "error", "SystemExit"),
                ("time_abort", "crashed", "SIGABRT"),
                ("time_gone", "crashed", "no result"),
                ("time_hang", "timeout", "no result after 1 "),
                ("S.time_skip", "skipped", "")):
            result = self.timed("a." + name, "--timeout", 1)
            self.assertEqual(status, result["status"], name)
            self.assertIn(text, result["error"])
            self.assertEqual([], result["samples"])

    def test_exit_handlers_of_the_package_change_nothing(self):
        self.write("benchmarks/a.py", """
            import atexit, os
            atexit.register(os._exit, 7)
            def track_x(): return 1
        """)
        self.assertEqual(1.0, self.timed("a.track_x")["value"])

    def test_bad_usage(self):
        out = ["--out", self.path("o")]
        self.write("benchmarks/a.py", "def time_x(): pass")
        base = ["time", "--suite", self.suite, "--benchmark", "a.time_x"]
        self.assertIn("--out", self.refused(*base))
        self.assertIn("no folder", self.refused(
            *base, "--out", self.path("no/o")))
        for option, value in (("--param", "-2"), ("--param", "x"),
                              ("--samples", "0"), ("--number", "-1"),
                              ("--timeout", "-1"), ("--warmup-ms", "x")):
            self.assertIn(option, self.refused(*base, *out, option, value))
        self.assertIn("invalid choice", self.refused("measure"))
        self.assertIn("required", self.refused())
        self.assertEqual(0, self.run_harness("--help").returncode)


if __name__ == "__main__":
    unittest.main()
