"""Limits nest: an inner one ends before an outer one, and what was measured
before stays."""
import subprocess
import time
import unittest

from support import HARNESS, PYTHON, HarnessTest


class Timeouts(HarnessTest):
    def test_a_benchmarks_own_timeout_counts_up_to_the_cap(self):
        self.write("benchmarks/a.py", """
            import time
            def time_own(): time.sleep(0.6)
            time_own.timeout = 30
            time_own.number = 1
            def time_short(): time.sleep(5)
            time_short.timeout = 0.2
            def time_default(): time.sleep(5)
            def time_greedy(): time.sleep(60)
            time_greedy.timeout = 10000
        """)
        found = self.surveyed("--timeout", "0.4", "--max-timeout", "5",
                              "--effort", "0")
        self.assertEqual(
            [("ok", 5.0), ("timeout", 0.2), ("timeout", 0.4),
             ("timeout", 5.0)],
            [(r["status"], r["timeout"]) for r in found.values()])
        result = self.timed("a.time_greedy", "--max-timeout", "0.5")
        self.assertEqual("timeout", result["status"])
        found = self.surveyed("--timeout", "0.1", "--default-timeout", "3",
                              "--budget", "0", "--max-timeout", "2")
        self.assertEqual(2.0, found["a.time_default", None]["timeout"])

    def test_the_import_is_not_in_it(self):
        self.write("benchmarks/a.py", """
            import time
            time.sleep(1)
            def time_x(): pass
        """)
        result = self.timed("a.time_x", "--timeout", "0.6", "--warmup-ms", 1)
        self.assertEqual("ok", result["status"], result["error"])

    def test_samples_that_were_taken_stay(self):
        self.write("benchmarks/a.py", """
            import time
            class C:
                calls = []
                number = 1
                warmup_time = 0
                def time_slower(self):
                    C.calls.append(1)
                    time.sleep(60 if len(C.calls) > 3 else 0.001)
                def time_long(self): time.sleep(0.4)
        """)
        result = self.timed("a.C.time_slower", "--timeout", "1.5")
        self.assertEqual(("timeout", 2, 1), (
            result["status"], len(result["samples"]), result["number"]))
        self.assertIsNotNone(result["first"])
        # Ends by itself before the limit would end it.
        result = self.timed("a.C.time_long", "--timeout", "2.4",
                            "--samples", 50)
        self.assertEqual("ok", result["status"], result["error"])
        self.assertLess(len(result["samples"]), 6)

    def test_a_survey_keeps_what_came_before_a_crash(self):
        self.write("benchmarks/a.py", """
            import os
            class C:
                number = 1
                calls = []
                def time_x(self):
                    C.calls.append(1)
                    if len(C.calls) > 4: os.abort()
        """)
        result = self.surveyed()["a.C.time_x", None]
        self.assertEqual("crashed", result["status"])
        self.assertEqual(3, len(result["singles"]))


class Deadline(HarnessTest):
    def test_the_survey_answers_with_what_it_has(self):
        self.write("benchmarks/a.py", """
            import time
            def time_a_quick(): pass
            def time_b_hangs(): time.sleep(600)
            def time_c_late(): pass
        """)
        started = time.monotonic()
        found = self.surveyed("--deadline", "4", "--timeout", "600",
                              "--effort", "0.1")
        self.assertLess(time.monotonic() - started, 5)
        self.assertEqual(["ok", "left_out", "left_out"],
                         [r["status"] for r in found.values()])
        self.assertFalse(self.survey_result["complete"])
        self.assertIn("deadline", found["a.time_b_hangs", None]["error"])

    def test_an_import_that_hangs_hides_no_other(self):
        self.write("benchmarks/a.py", "def time_x(): pass")
        self.write("benchmarks/b.py", "import time; time.sleep(600)")
        self.write("benchmarks/c.py", "def time_z(): pass")
        started = time.monotonic()
        found = self.surveyed("--deadline", "8", "--effort", "0.1")
        self.assertLess(time.monotonic() - started, 9)
        self.assertEqual("ok", found["a.time_x", None]["status"])
        self.assertEqual("ok", found["c.time_z", None]["status"])
        result = self.survey_result
        self.assertEqual((3, 2, True), (
            result["modules"], result["modules_seen"], result["complete"]))

    def test_a_whole_survey_is_complete(self):
        self.write("benchmarks/__init__.py")
        self.write("benchmarks/a.py", "def time_x(): pass")
        self.write("benchmarks/sub/__init__.py", "1/0")
        self.write("benchmarks/sub/b.py", "def time_y(): pass")
        self.surveyed("--deadline", "100")
        result = self.survey_result
        self.assertEqual((4, 2, True), (
            result["modules"], result["modules_seen"], result["complete"]))
        self.assertEqual(["benchmarks.sub", "benchmarks.sub.b"],
                         [e["module"] for e in result["import_errors"]])

    def test_a_termination_leaves_no_answer_and_no_process(self):
        log = self.path("log")
        self.write("benchmarks/a.py", """
            import os
            class C:
                def setup_cache(self):
                    with open(%r, 'a') as out: out.write(str(os.getpid()))
                    while True: pass
                def time_a(self, cache): pass
        """ % log)
        harness = subprocess.Popen(
            [PYTHON, HARNESS, "time", "--suite", self.suite, "--benchmark",
             "a.C.time_a", "--out", self.path("o")],
            stderr=subprocess.DEVNULL)
        while not self.lines(log):
            time.sleep(0.02)
        harness.terminate()
        self.assertEqual(143, harness.wait(20))
        self.assertNotIn("o", [name.split(".")[0] for name
                               in __import__("os").listdir(self.room)])


class Ignored(HarnessTest):
    def test_what_a_suite_asks_for_in_vain_is_named(self):
        self.write("benchmarks/a.py", """
            def time_x(): pass
            time_x.rounds = 3
            time_x.processes = 2
            time_x.min_run_count = 9
            time_x.goal_time = 0.1
            time_x.max_time = 5
            time_x.timer = lambda: 0
            async def time_y(): pass
            class Later:
                def __init__(self): raise NotImplementedError("not here")
                def time_z(self): pass
        """)
        found = self.surveyed()
        self.assertEqual(["ok", "ok"], [r["status"] for r in found.values()])
        self.assertEqual([], self.survey_result["import_errors"])
        texts = "\n".join(self.survey_result["ignored"])
        for name in ("rounds", "processes", "min_run_count", "goal_time",
                     "max_time", "timer"):
            self.assertIn("a.time_x: attribute %s is not honoured" % name,
                          texts)
        for part in ("a.time_y: is asynchronous",
                     "benchmarks.a.Later.time_z: is skipped"):
            self.assertIn(part, texts)

    def test_repeat_lowers_the_number_of_samples(self):
        self.write("benchmarks/a.py", """
            def time_x(): pass
            time_x.repeat = (1, 2, 10.0)
            def time_y(): pass
            time_y.repeat = 30
        """)
        self.assertEqual(2, len(self.timed("a.time_x")["samples"]))
        self.assertEqual(5, len(self.timed("a.time_y")["samples"]))

    def test_a_timer_that_stands_still_in_a_sleep(self):
        self.write("benchmarks/a.py", """
            import time
            class C:
                timer = time.process_time
                def time_sleep(self): time.sleep(0.05)
        """)
        result = self.timed("a.C.time_sleep", "--number", 1)
        self.assertLess(result["first"], 0.02)
        self.assertTrue(all(s["wall"] < 0.02 and s["wait"] == 0.0
                            for s in result["samples"]))

    def test_a_newer_asv_runner_sets_up_before_every_call(self):
        self.write("benchmarks/a.py", """
            class C:
                def setup(self): self.todo = [1]
                def time_x(self): self.todo.pop()
        """)
        self.assertEqual("error", self.timed("a.C.time_x")["status"])
        self.write("site/asv_runner-0.3.1.dist-info/METADATA")
        result = self.timed("a.C.time_x", "--site", self.site)
        self.assertEqual(("ok", 1), (result["status"], result["number"]),
                         result["error"])


if __name__ == "__main__":
    unittest.main()
