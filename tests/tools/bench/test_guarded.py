"""What foreign code in the tested environment does to the harness: nothing,
or an error, and never a number of its own."""
import glob
import json
import os
import subprocess
import time
import unittest

from support import HARNESS, PYTHON, HarnessTest

SPIN = """
    import time
    _busy = time.process_time
    def time_work():
        end = _busy() + 0.02
        while _busy() < end: pass
    time_work.number = 2
    def timeraw_work(): return "time.sleep(0.02)", "import time"
"""


class Environment(HarnessTest):
    """A virtual environment, whose site-packages hold .pth files."""

    def setUp(self):
        super().setUp()
        subprocess.run([PYTHON, "-m", "venv", "--without-pip",
                        self.path("env")], check=True)
        self.python = self.path("env", "bin", "python")
        self.packages = glob.glob(self.path("env/lib/python3*/site-packages"))[0]
        self.write("benchmarks/a.py", SPIN)
        self.write("token", "secret")

    def pth(self, code):
        """Runs at every start of the environment's interpreter."""
        self.write(os.path.relpath(self.packages, self.room) + "/evil.py", code)
        with open(os.path.join(self.packages, "evil.pth"), "w") as out:
            out.write("import evil\n")

    def time(self, name="a.time_work", **options):
        self.write("token", "secret")
        return self.timed(name, "--python", self.python, "--site",
                          self.packages, "--token", self.path("token"),
                          "--warmup-ms", 1, "--samples", 3,
                          "--timeout", 20, **options)

    def is_honest(self, result, most=0.5):
        self.assertEqual("ok", result["status"], result["error"])
        self.assertEqual("secret", result["token"])
        self.assertEqual(3, len(result["samples"]))
        for sample in result["samples"]:
            self.assertGreater(sample["wall"], 0.019 * result["number"])
            self.assertLess(sample["wall"], most)

    def is_refused(self, result):
        self.assertNotEqual("ok", result["status"])
        self.assertNotEqual("", result["error"])
        self.assertEqual(([], None), (result["samples"], result["first"]))


class AnHonestEnvironment(Environment):
    def test_runs_its_pth_files_before_the_suite(self):
        self.pth("import builtins; builtins.was_here = True")
        self.write("benchmarks/b.py", """
            assert was_here
            import multiprocessing, sys
            assert sys.flags.no_site == 0 and not sys.flags.isolated
            def time_work(): assert was_here
            def track_spawned():
                context = multiprocessing.get_context("spawn")
                with context.Pool(1) as pool:
                    return pool.apply(eval, ("2 + 0 * was_here",))
        """)
        self.assertEqual("ok", self.time("b.time_work")["status"])
        result = self.time("b.track_spawned")
        self.assertEqual(2.0, result["value"], result["error"])

    def test_is_what_a_process_of_it_would_be(self):
        program = ("import json, sys, sysconfig; print(json.dumps(["
                   "sys.executable, sys.prefix, sys.exec_prefix, "
                   "sys.base_prefix, sys.path, sysconfig.get_paths()]))")
        done = subprocess.run(
            [self.python, "-c", program], stdout=subprocess.PIPE, check=True,
            env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"})
        self.write("benchmarks/b.py", """
            program = %r
            def track_x():
                import io, contextlib
                text = io.StringIO()
                with contextlib.redirect_stdout(text): exec(program)
                with open(%r, "w") as out: out.write(text.getvalue())
                return 1
            def timeraw_x(): return program + "; open(%%r, 'w').write(json.dumps([sys.executable, sys.prefix, sys.exec_prefix, sys.base_prefix, sys.path, sysconfig.get_paths()]))" %% %r
        """ % (program, self.path("track"), self.path("raw")))
        expected = json.loads(done.stdout)
        for name in ("track", "raw"):
            result = self.time("b.track_x" if name == "track"
                               else "b.timeraw_x", env={"PYTHONPATH": ""})
            self.assertEqual("ok", result["status"], result["error"])
            with open(self.path(name)) as source:
                found = json.load(source)
            shims = os.path.join(HARNESS, "shims")
            found[4] = [p for p in found[4] if p != shims]
            ours = list(expected)
            if name == "track":
                ours[4] = [p for p in ours[4] if p]
            self.assertEqual(ours, found)

    def test_has_the_interpreter_that_it_was_made_with(self):
        os.unlink(self.python)
        with open(self.python, "w") as out:
            out.write("#!/bin/sh\nexec /usr/bin/python3 \"$@\"\n")
        os.chmod(self.python, 0o755)
        self.assertIn("no link to an interpreter outside", self.refused(
            "time", "--suite", self.suite, "--benchmark", "a.time_work",
            "--out", self.path("o"), "--python", self.python))

    def test_that_cannot_start_is_an_error(self):
        python = self.write("python", "#!/bin/sh\nexit 9\n")
        os.chmod(python, 0o755)
        result = self.timed("a.time_work", "--python", python)
        self.assertEqual("error", result["status"])
        self.assertIn("exit status 9", result["error"])
        self.assertEqual({}, self.surveyed("--python", python))
        self.assertIn("exit status 9", self.survey_result[
            "import_errors"][0]["error"])

    def test_has_the_library_that_it_was_made_with(self):
        self.write("stolen/lib/python3.11/os.py", "import posix; posix._exit(7)")
        with open(self.path("env/pyvenv.cfg"), "a") as out:
            out.write("home = %s\n" % self.path("stolen"))
        self.is_honest(self.time())

    def test_bounds_what_is_claimed_from_outside(self):
        result = self.time()
        self.is_honest(result)
        seen = result["outside"]
        self.assertLessEqual(seen["cpu"], seen["claimed"] + seen["resolution"])
        self.assertLessEqual(seen["claimed"], seen["wall"])
        self.assertGreater(seen["cpu"], 7 * 0.019 - seen["resolution"])
        self.assertAlmostEqual(seen["claimed"], result["first"] + sum(
            s["wall"] for s in result["samples"]), 6)


class APthFile(Environment):
    def test_that_halves_the_clocks_changes_no_number(self):
        self.pth("""
            import time, timeit, gc, itertools
            real = time.perf_counter
            time.perf_counter = timeit.default_timer = lambda: real() / 2
            time.process_time = lambda real=time.process_time: real() / 2
            time.sleep = lambda seconds, real=time.sleep: real(seconds)
            itertools.repeat = lambda *a: iter(())
            gc.disable = gc.enable = lambda: None
            import json
            def halve(self, value, real=json.JSONEncoder.iterencode):
                return ['{"wall": 1e-9, "final": true, "status": "ok"}']
            json.JSONEncoder.iterencode = json.JSONEncoder.encode = halve
            json.JSONDecoder.decode = json.loads = lambda *a, **k: {}
        """)
        self.is_honest(self.time())
        raw = self.time("a.timeraw_work")
        self.is_honest(raw)

    def test_that_asks_the_collector_finds_no_clock_of_ours(self):
        self.pth("""
            import gc, time
            real = time.perf_counter
            for each in gc.get_objects() + gc.get_referrers(real):
                if isinstance(each, dict) and each.get("wall_clock") is real:
                    each["wall_clock"] = lambda: real() / 4
                    each["_repeat"] = lambda *a: iter([])
        """)
        self.is_honest(self.time())

    def test_that_slows_the_clock_changes_no_number(self):
        # By so much that no busy machine hides it, and nothing else is bent:
        # the benchmark works as long as it should.
        self.pth("""
            import time, timeit
            real = time.perf_counter
            time.perf_counter = timeit.default_timer = lambda: real() / 1000
        """)
        self.is_honest(self.time(), most=5)
        self.is_honest(self.time("a.timeraw_work"), most=5)

    def test_that_ends_the_process_gives_an_error(self):
        self.pth("import os; os._exit(0)")
        result = self.time()
        self.is_refused(result)
        self.assertIn("exit status 0", result["error"])

    def test_that_leaves_python_gives_an_error(self):
        self.pth("raise SystemExit(0)")
        result = self.time()
        self.is_refused(result)
        self.assertIn("SystemExit", result["error"])

    def test_that_stops_the_parent_leaves_no_answer(self):
        self.pth("import os, signal; os.kill(os.getppid(), signal.SIGTERM)")
        done = self.run_harness(
            "time", "--suite", self.suite, "--benchmark", "a.time_work",
            "--out", self.path("o"), "--python", self.python)
        self.assertEqual(143, done.returncode)
        self.assertFalse(os.path.exists(self.path("o")))

    def test_that_answers_on_every_descriptor_is_noticed(self):
        self.pth("""
            import json, os
            answer = json.dumps({
                "final": True, "status": "ok", "error": "", "part": {},
                "benchmarks": [], "at": "end", "what": "sample",
                "sample": {"wall": 1e-9}}).encode()
            for name in os.listdir("/proc/self/fd"):
                if int(name) > 2:
                    for text in (answer, b"0" * 32 + b"." + answer):
                        try: os.write(int(name), text)
                        except OSError: pass
        """)
        result = self.time()
        self.is_refused(result)
        self.assertIn("foreign code wrote to the answer", result["error"])
        found = self.surveyed("--python", self.python)
        self.assertEqual({}, found)
        self.assertIn("foreign code", self.survey_result[
            "import_errors"][0]["error"])

    def test_that_leaves_a_process_behind_cannot_replace_the_answer(self):
        out = self.path("out.json")
        self.pth("""
            import os
            if os.fork() == 0:
                os.setsid()
                if os.fork():
                    os._exit(0)
                import time
                with open(%r, "a") as log: log.write(str(os.getpid()) + " ")
                while True:
                    if os.path.exists(%r):
                        with open(%r, "w") as out:
                            out.write('{"status": "ok", "samples": []}')
                        os._exit(0)
                    time.sleep(0.001)
        """ % (self.path("pids"), out, out))
        self.is_honest(self.time(), most=2)
        time.sleep(0.3)
        with open(out) as source:
            self.assertEqual("secret", json.load(source)["token"])
        for pid in self.lines(self.path("pids")):
            self.assertFalse(os.path.exists("/proc/%s" % pid), pid)

    def test_has_neither_token_nor_the_place_of_the_answer(self):
        self.pth("""
            import os, sys
            seen = [open("/proc/self/" + n).read() for n in
                    ("cmdline", "environ")] + [repr(sys.argv)]
            assert not any("out.json" in s or "token" in s for s in seen), seen
            try:
                fds = os.listdir("/proc/%%d/fd" %% os.getppid())
                readable = os.getuid() != 0
            except OSError:
                readable = False
            assert not readable
            assert not os.path.exists(%r)
        """ % self.path("token"))
        result = self.time()
        self.is_honest(result)
        self.assertNotIn("AssertionError", self.stderr)

    def test_cannot_look_into_the_parent(self):
        self.pth("""
            import os
            try:
                os.readlink("/proc/%%d/fd/2" %% os.getppid())
                found = "seen"
            except OSError:
                found = "refused"
            with open(%r, "a") as out: out.write(found + " ")
        """ % self.path("found"))
        # Root could, whatever the parent does.
        meek = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if (
            os.getuid() == 0) else []
        done = subprocess.run(
            meek + [PYTHON, HARNESS, "list", "--suite", self.suite, "--out",
                    self.path("o"), "--python", self.python],
            cwd=self.room, timeout=60, stderr=subprocess.PIPE)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual({"refused"}, set(self.lines(self.path("found"))))

    def test_in_an_earlier_process_poisons_no_compiled_file(self):
        prefix = self.path("bytecode")
        self.is_honest(self.time(env={"PYTHONPYCACHEPREFIX": prefix,
                                      "PYTHONDONTWRITEBYTECODE": ""}))
        compiled = glob.glob(prefix + "/**/*.pyc", recursive=True)
        self.assertTrue(any("/benchmarks/a." in p for p in compiled), compiled)
        self.assertFalse(any("fcbench/" in p.split("bytecode/")[1]
                             and "worker" in p for p in compiled), compiled)

    def test_modules_on_the_path_do_not_run_before_the_clock_is_bound(self):
        self.write("evil/socket.py", "import os; os._exit(5)")
        self.write("evil/timeit.py", "import os; os._exit(6)")
        for name in ("a.time_work", "a.timeraw_work"):
            self.is_honest(self.time(name, env={
                "PYTHONPATH": self.path("evil")}))


class ASuite(Environment):
    def test_that_bends_the_clock_it_found_is_seen_from_outside(self):
        self.write("benchmarks/liar.py", """
            import gc, time
            def time_work():
                for each in gc.get_objects():
                    if type(each).__name__ == "LoopTimer":
                        each.clock = lambda: time.perf_counter() / 99
                end = time.process_time() + 0.05
                while time.process_time() < end: pass
            time_work.number = 2
        """)
        result = self.time("liar.time_work")
        seen = result["outside"]
        self.assertGreater(seen["cpu"] - seen["resolution"],
                           1.5 * seen["claimed"])

    def test_output_cannot_be_taken_for_the_answer(self):
        self.write("benchmarks/loud.py", """
            import os
            def time_work():
                for to in (1, 2):
                    os.write(to, b'{"status": "ok", "first": 1e-9}' * 1000)
            time_work.number = 1
            def time_hang():
                while True: pass
        """)
        result = self.time("loud.time_work")
        self.assertEqual("ok", result["status"])
        self.assertGreater(result["first"], 1e-9)


if __name__ == "__main__":
    unittest.main()
