"""setup_cache, by asv's rules."""
import unittest

from support import HarnessTest


class Made(HarnessTest):
    def test_made_once_and_given_first(self):
        log = self.path("log")
        self.write("benchmarks/a.py", """
            def note(word):
                with open(%r, 'a') as out: out.write(word + ' ')
            class A:
                params = [[1, 2]]
                def setup_cache(self):
                    note('made')
                    open('beside.txt', 'w').write('file')
                    return {'k': 5}
                def setup(self, cache, n): assert cache == {'k': 5}
                def time_x(self, cache, n):
                    assert cache['k'] == 5 and n in (1, 2)
                    assert open('beside.txt').read() == 'file'
                def track_y(self, cache, n): return cache['k'] + n
            class B(A):
                pass
            class C:
                def setup_cache(self): return None
                def time_x(self): pass
        """ % log)
        cache = self.path("cache")
        found = self.surveyed("--cache", cache)
        self.assertEqual({"ok"}, {r["status"] for r in found.values()},
                         [r["error"] for r in found.values()])
        self.assertEqual(7.0, found["a.A.track_y", 1]["value"])
        timed = self.timed("a.A.time_x", "--param", 1, "--cache", cache)
        self.assertEqual("ok", timed["status"], timed["error"])
        self.assertEqual(["made"], self.lines(log))

    def test_a_failed_cache_fails_its_users_once(self):
        log = self.path("log")
        self.write("benchmarks/a.py", """
            import os, time
            class A:
                def setup_cache(self):
                    open(%r, 'a').write('made ')
                    raise ValueError('no cache')
                def time_x(self, c): pass
                def time_y(self, c): pass
            class B:
                def setup_cache(self): time.sleep(60)
                setup_cache.timeout = 0.3
                def time_x(self, c): pass
            class C:
                def setup_cache(self): return lambda: 0
                def time_x(self, c): pass
            def time_z(): pass
        """ % log)
        found = self.surveyed()
        self.assertEqual(["error"] * 4 + ["ok"],
                         [r["status"] for r in found.values()])
        errors = [r["error"] for r in found.values()]
        self.assertIn("setup_cache failed: ValueError: no cache", errors[1])
        self.assertIn("0.3 seconds", errors[2])
        self.assertIn("pickle", errors[3])
        self.assertEqual(["made"], self.lines(log))


class Rules(HarnessTest):
    def test_only_the_modules_setup_runs_before_it(self):
        self.write("benchmarks/a.py", """
            SEED = []
            def setup(*args, **kwargs): SEED.append(2000)
            class C:
                def setup_cache(self):
                    with open("size.txt", "w") as out: out.write(str(SEED[0]))
                def setup(self):
                    with open("size.txt") as source:
                        self.n = int(source.read())
                def track_x(self): return self.n
        """)
        found = self.surveyed()["a.C.track_x", None]
        self.assertEqual(2000.0, found["value"], found["error"])
        result = self.timed("a.C.track_x")
        self.assertEqual(2000.0, result["value"], result["error"])

    def test_its_folder_is_the_working_folder_of_its_users(self):
        log = self.path("log")
        self.write("benchmarks/a.py", """
            import os
            def note():
                with open(%r, "a") as out: out.write(os.getcwd() + " ")
            class C:
                def setup_cache(self): note()
                def track_x(self): note(); return 1
                def track_y(self): note(); return 1
        """ % log)
        cache = self.path("cache")
        self.surveyed("--cache", cache)
        self.timed("a.C.track_x", "--cache", cache)
        folders = self.lines(log)
        self.assertEqual(4, len(folders))
        self.assertEqual(1, len(set(folders)))
        self.assertTrue(folders[0].startswith(cache))

    def test_a_slow_one_starves_nobody(self):
        self.write("benchmarks/a_heavy.py", """
            import time
            class Heavy:
                timeout = 1000
                def setup_cache(self): time.sleep(200)
                def time_x(self): pass
        """)
        self.write("benchmarks/b.py", "def time_y(): pass")
        found = self.surveyed("--deadline", "6", "--effort", "0.1")
        self.assertEqual("ok", found["b.time_y", None]["status"])
        heavy = found["a_heavy.Heavy.time_x", None]
        self.assertEqual("error", heavy["status"])
        self.assertIn("setup_cache failed: no result after", heavy["error"])
        found = self.surveyed("--max-timeout", "0.5", "--effort", "0.1")
        self.assertIn("no result after 0.5 seconds",
                      found["a_heavy.Heavy.time_x", None]["error"])

    def test_prepare_makes_it_before_anything_is_timed(self):
        log = self.path("log")
        self.write("benchmarks/a.py", """
            def note(word):
                with open(%r, "a") as out: out.write(word + " ")
            class A:
                params = [1, 2]
                def setup_cache(self): note("made"); return 5
                def track_x(self, cache, n): return cache + n
            class B:
                def setup_cache(self): raise ValueError("never")
                def track_y(self, cache): return 1
            def time_z(): note("called")
        """ % log)
        cache = self.path("cache")
        only = self.write_json("only.json", [
            ["a.A.track_x", ["2"]], ["a.A.track_x", ["1"]],
            ["a.B.track_y", []], ["a.time_z", []], ["a.gone", []]])
        result = self.result("prepare", "--suite", self.suite, "--only", only,
                             "--cache", cache)
        self.assertEqual(1, result["prepared"])
        self.assertEqual(["a.B.track_y", "a.gone"],
                         [e["name"] for e in result["errors"]])
        self.assertIn("ValueError: never", result["errors"][0]["error"])
        self.assertEqual(["made"], self.lines(log))
        result = self.timed("a.A.track_x", "--params", '["2"]', "--cache",
                            cache)
        self.assertEqual(7.0, result["value"], result["error"])
        self.assertEqual(["made"], self.lines(log))


if __name__ == "__main__":
    unittest.main()
