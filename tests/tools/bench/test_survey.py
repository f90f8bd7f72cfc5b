import os
import subprocess
import time
import unittest

from support import HARNESS, PYTHON, HarnessTest


def alive(pid):
    """Whether a killed process is there still; its reaping may take time."""
    for _ in range(100):
        try:
            with open("/proc/%s/stat" % pid) as source:
                if source.read().split(") ")[1][0] == "Z":
                    return False
        except OSError:
            return False
        time.sleep(0.02)
    return True


class Measured(HarnessTest):
    def test_values_of_a_timed_benchmark(self):
        self.write("benchmarks/a.py", """
            import time
            def time_x(n): time.sleep(n)
            time_x.params = [0.002, 0.004]
        """)
        found = self.surveyed()
        for index, least in ((0, 0.002), (1, 0.004)):
            result = found["a.time_x", index]
            self.assertEqual(("ok", "", "none", "time", 1), (
                result["status"], result["error"], result["reach"],
                result["kind"], result["number"]))
            self.assertEqual((5, 3), (len(result["singles"]),
                                      len(result["loop"])))
            for value in result["loop"]:
                self.assertGreater(value, least * 0.99)
                self.assertLess(value, 1)
            # Less the wait for a processor, whose clock is read outside of the
            # timed call: one of them may be short on a busy machine.
            self.assertGreater(max(result["singles"]), least * 0.99)
            self.assertEqual(5, len(result["worn"]))
            self.assertGreater(result["seconds"], 9 * least)
        self.assertGreater(self.survey_result["seconds"], 0)
        self.assertEqual([], self.survey_result["import_errors"])

    def test_number_is_calibrated_or_declared(self):
        self.write("benchmarks/a.py", """
            def time_free(): pass
            def time_declared(): pass
            time_declared.number = 7
        """)
        found = self.surveyed()
        self.assertGreater(found["a.time_free", None]["number"], 100)
        self.assertLess(found["a.time_free", None]["loop"][0], 1e-5)
        self.assertEqual(7, found["a.time_declared", None]["number"])

    def test_setup_may_declare_the_number(self):
        self.write("benchmarks/a.py", """
            class C:
                def setup(self): self.number = 11
                def time_x(self): pass
        """)
        self.assertEqual(11, self.surveyed()["a.C.time_x", None]["number"])

    def test_order_of_setup_call_and_teardown(self):
        log = self.path("log")
        self.write("benchmarks/a.py", """
            def note(word, *rest):
                with open(%r, 'a') as out: out.write(word + ' ')
            def setup(*a): note('module-setup')
            def teardown(*a): note('module-teardown')
            class C:
                params = [5]
                number = 1
                def setUp(self, n): note('setup%%d' %% n)
                def tearDown(self, n): note('teardown%%d' %% n)
                def time_x(self, n): note('call%%d' %% n)
                time_x.setup = lambda n: note('own-setup')
                time_x.teardown = lambda n: note('own-teardown')
        """ % log)
        self.surveyed()
        once = ["module-setup", "setup5", "own-setup", "call5",
                "own-teardown", "teardown5", "module-teardown"]
        self.assertEqual(once * (1 + 5 + 3), self.lines(log))

    def test_other_kinds_run_once(self):
        log = self.path("log")
        self.write("benchmarks/a.py", """
            def note():
                with open(%r, 'a') as out: out.write('x ')
            def track_x(): note(); return 3
            def track_inf(): return float('inf')
            def track_text(): return 'many'
            def mem_x(): return [0] * 1000
            def peakmem_x(): bytearray(60 << 20)
        """ % log)
        found = self.surveyed()
        self.assertEqual(3.0, found["a.track_x", None]["value"])
        self.assertEqual("inf", found["a.track_inf", None]["value"])
        self.assertEqual("error", found["a.track_text", None]["status"])
        self.assertAlmostEqual(8056, found["a.mem_x", None]["value"],
                               delta=100)
        self.assertGreater(found["a.peakmem_x", None]["value"], 60 << 20)
        self.assertEqual(["x"], self.lines(log))
        self.assertEqual([], found["a.track_x", None]["singles"])

    def test_timeraw(self):
        self.write("benchmarks/a.py", """
            def timeraw_sleep(): return "time.sleep(0.02)", "import time"
            def timeraw_text():
                return '''
                    x = "a\\\\nb"
                    print('noise', x)
                '''
            def timeraw_env(n): return "import os; assert os.environ['K'] == '1'"
            timeraw_env.env = {'K': 1}
            timeraw_env.params = [3]
            timeraw_env.number = 2
            def timeraw_bad(): return "1/0"
        """)
        found = self.surveyed()
        slept = found["a.timeraw_sleep", None]
        self.assertEqual(("ok", 1), (slept["status"], slept["number"]))
        self.assertTrue(all(0.02 <= s < 1 for s in slept["singles"]))
        self.assertEqual("ok", found["a.timeraw_text", None]["status"],
                         found["a.timeraw_text", None]["error"])
        self.assertEqual(2, found["a.timeraw_env", 0]["number"])
        bad = found["a.timeraw_bad", None]
        self.assertEqual("error", bad["status"])
        self.assertIn("ZeroDivisionError", bad["error"])


class Misbehaving(HarnessTest):
    def test_every_end_touches_one_benchmark_only(self):
        self.write("benchmarks/a.py", """
            import os, signal, sys, threading, time
            def time_a_exit(): os._exit(0)
            def time_b_signal(): os.kill(os.getpid(), signal.SIGSEGV)
            def time_c_system_exit(): sys.exit(0)
            def time_d_interrupt(): raise KeyboardInterrupt
            def time_e_error(): raise ValueError('x' * 100000)
            def time_f_prints():
                print('y' * 2000000); os.write(1, b'z' * 100000)
            def time_g_cwd():
                try: os.rmdir(os.getcwd())
                except FileNotFoundError: pass
            time_g_cwd.number = 1
            def time_h_fork():
                # The copy comes back out of the benchmark.
                os.fork()
            time_h_fork.number = 1
            def time_i_thread():
                threading.Thread(target=time.sleep, args=(99,)).start()
            time_i_thread.number = 1
            def time_j_bad_text():
                class Bad(Exception):
                    def __str__(self): raise RuntimeError
                raise Bad()
            def time_k_closes(): os.closerange(0, 100)
            time_k_closes.number = 1
            def time_z_good(): pass
        """)
        found = {name[len("a.time_"):]: result
                 for (name, _), result in self.surveyed().items()}
        self.assertEqual({
            "a_exit": "crashed", "b_signal": "crashed",
            "c_system_exit": "error", "d_interrupt": "error",
            "e_error": "error", "f_prints": "ok", "g_cwd": "ok",
            "h_fork": "ok", "i_thread": "ok", "j_bad_text": "error",
            "k_closes": "ok", "z_good": "ok"},
            {name: result["status"] for name, result in found.items()},
            {name: result["error"] for name, result in found.items()})
        self.assertIn("SIGSEGV", found["b_signal"]["error"])
        self.assertIn("exit status 0", found["a_exit"]["error"])
        self.assertTrue(found["e_error"]["error"].startswith("ValueError: x"))
        self.assertLess(len(found["e_error"]["error"]), 4100)

    def test_a_hang_is_killed_with_its_children(self):
        log = self.path("log")
        self.write("benchmarks/a.py", """
            import subprocess, sys, time
            def time_a():
                child = subprocess.Popen([sys.executable, '-c',
                                          'import time; time.sleep(60)'])
                with open(%r, 'w') as out: out.write(str(child.pid))
                while True: pass
            def time_b(): pass
        """ % log)
        started = time.monotonic()
        found = self.surveyed("--timeout", "1.5")
        self.assertLess(time.monotonic() - started, 15)
        self.assertEqual(["timeout", "ok"],
                         [r["status"] for r in found.values()])
        self.assertIn("1.5 seconds", found["a.time_a", None]["error"])
        pid = self.lines(log)[0]
        self.assertFalse(alive(pid))

    def test_a_termination_ends_everything(self):
        log = self.path("log")
        self.write("benchmarks/a.py", """
            import os
            def time_a():
                with open(%r, 'w') as out: out.write(str(os.getpid()))
                while True: pass
        """ % log)
        harness = subprocess.Popen(
            [PYTHON, HARNESS, "survey", "--suite", self.suite, "--out",
             self.path("o")], stderr=subprocess.DEVNULL)
        while not self.lines(log):
            time.sleep(0.02)
        harness.terminate()
        self.assertEqual(143, harness.wait(20))
        self.assertFalse(alive(self.lines(log)[0]))

    def test_memory_of_the_children_of_a_benchmark(self):
        self.write("benchmarks/a.py", """
            import os, time
            def time_a():
                for _ in range(3):
                    if os.fork() == 0:
                        kept = b'x' * (150 << 20)
                        time.sleep(60)
                time.sleep(60)
            def time_b(): pass
        """)
        found = self.surveyed("--memory-mb", "300", "--timeout", "20")
        self.assertEqual(["crashed", "ok"],
                         [r["status"] for r in found.values()])
        self.assertIn("300 MB", found["a.time_a", None]["error"])

    def test_memory_of_an_import_costs_its_module_alone(self):
        self.write("benchmarks/a.py", """
            kept = []
            while True: kept.append(b'x' * (10 << 20))
            def time_a(): pass
        """)
        self.write("benchmarks/b.py", "def time_b(): pass")
        found = self.surveyed("--memory-mb", "300")
        self.assertEqual("ok", found["b.time_b", None]["status"])
        errors = self.survey_result["import_errors"]
        self.assertEqual(["benchmarks.a"], [each["module"] for each in errors])
        self.assertIn("300 MB of memory", errors[0]["error"])

    def test_memory(self):
        self.write("benchmarks/a.py", """
            def time_a(): bytearray(3 << 30)
            def time_b():
                keep = []
                while True: keep.append(bytearray(10 << 20))
            def time_c(): pass
        """)
        found = self.surveyed("--memory-mb", "300")
        a, b, c = found.values()
        self.assertIn(a["status"], ("error", "crashed"))
        self.assertIn(b["status"], ("error", "crashed"))
        self.assertIn("emory", a["error"])
        self.assertEqual("ok", c["status"])

    def test_setup_and_teardown_errors(self):
        self.write("benchmarks/a.py", """
            class A:
                def setup(self): raise NotImplementedError('not here')
                def time_x(self): pass
            class B:
                def setup(self): raise RuntimeError('broken')
                def time_x(self): pass
            class C:
                def teardown(self): raise RuntimeError('late')
                def time_x(self): pass
            class D:
                params = [1, 2]
                def time_x(self, n): pass
                time_x.skip_params = [(2,)]
            def time_e():
                from asv_runner.benchmarks.mark import SkipNotImplemented
                raise SkipNotImplemented('later')
            def time_f(): raise NotImplementedError
            def time_g(too, many): pass
        """)
        found = self.surveyed()
        self.assertEqual(
            ["skipped", "error", "error", "ok", "skipped", "skipped",
             "error", "error"], [r["status"] for r in found.values()])

    def test_broken_modules_are_told(self):
        self.write("benchmarks/a.py", "1/0")
        self.write("benchmarks/b.py", "def time_b(): pass")
        self.assertEqual([("b.time_b", None)], list(self.surveyed()))
        self.assertEqual("benchmarks.a",
                         self.survey_result["import_errors"][0]["module"])


class Chosen(HarnessTest):
    def test_only(self):
        self.write("benchmarks/a.py", """
            def time_x(n): pass
            time_x.params = [1, 2, 3]
            def time_y(): pass
        """)
        only = self.write_json("only.json", [
            ["a.time_y", None], ["a.time_x", 2], ["a.time_x", 3],
            ["a.time_gone", None]])
        found = self.surveyed("--only", only)
        self.assertEqual(["ok", "ok", "error", "error"],
                         [r["status"] for r in found.values()])
        self.assertEqual([("a.time_y", None), ("a.time_x", 2)],
                         list(found)[:2])

    def test_budget(self):
        self.write("benchmarks/a.py", """
            import time
            def time_x(n): time.sleep(0.15)
            time_x.params = [1, 2, 3]
        """)
        found = self.surveyed("--budget", "0.5")
        self.assertEqual(["ok", "left_out", "left_out"],
                         [r["status"] for r in found.values()])

    def test_a_heavy_module_does_not_starve_the_others(self):
        self.write("benchmarks/a.py", """
            import time
            class Heavy:
                params = list(range(40))
                def setup(self, n): time.sleep(0.2)
                def time_x(self, n): pass
            def time_light(): pass
        """)
        self.write("benchmarks/b.py", """
            class C:
                def time_y(self): pass
                def time_z(self): pass
        """)
        found = self.surveyed("--budget", "1.5", "--reached-only")
        self.assertEqual([("a.Heavy.time_x", n) for n in range(40)],
                         list(found)[:40])
        ran = [name for name, result in found.items()
               if result["status"] == "ok"]
        self.assertEqual({"a.Heavy.time_x", "a.time_light", "b.C.time_y",
                          "b.C.time_z"}, {name for name, _ in ran})
        self.assertEqual("left_out", found["a.Heavy.time_x", 39]["status"])

    def test_first_ones_come_before_all_others(self):
        self.write("benchmarks/a.py", """
            import time
            def time_x(n): time.sleep(0.3)
            time_x.params = [1, 2, 3]
            def time_y(): pass
        """)
        first = self.write_json("first.json", [
            ["a.time_x", 2], ["a.time_gone", None], ["a.time_x", 2]])
        found = self.surveyed("--budget", "0.2", "--first", first)
        self.assertEqual(["left_out", "left_out", "ok", "left_out"],
                         [r["status"] for r in found.values()])

    def test_effort_ends_the_timing_of_slow_ones(self):
        self.write("benchmarks/a.py", """
            import time
            def time_slow(): time.sleep(0.1)
        """)
        slow = self.surveyed("--effort", "0.15")["a.time_slow", None]
        self.assertEqual(("ok", 1), (slow["status"], slow["number"]))
        self.assertIn(len(slow["singles"]), (1, 2))
        self.assertEqual([], slow["loop"])

    def test_reached_only(self):
        self.write("benchmarks/a.py", "def time_x(): pass")
        result = self.surveyed("--reached-only")["a.time_x", None]
        self.assertEqual(("ok", []), (result["status"], result["singles"]))
        self.assertIsNotNone(result["first"])

    def test_bad_input(self):
        self.write("benchmarks/a.py", "def time_y(): pass")
        base = ["survey", "--suite", self.suite, "--out", self.path("o")]
        bad = self.write_json("bad.json", [["a", "b"]])
        self.assertIn("no list of", self.refused(*base, "--only", bad))
        self.assertIn("needs --side", self.refused(*base, "--targets", bad))
        self.assertIn("no result of targets", self.refused(
            *base, "--targets", bad, "--side", "base"))
        self.assertIn("--timeout", self.refused(*base, "--timeout", "-1"))
        self.assertIn("--budget", self.refused(*base, "--budget", "nan"))


if __name__ == "__main__":
    unittest.main()
