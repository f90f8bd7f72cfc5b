"""Faults and lies of what is measured: neither is ever a verdict, or published. The real harness runs."""

import sys
import unittest

import support

sys.path.insert(0, str(support.SOURCE / "tests/support"))
import tree  # noqa: E402

SLOW, SUITE = tree.SLOW, tree.SUITE
FAST = """def work(n):
    return len({i % 97 for i in range(min(n, 97))})
"""
# Each second call of the clock is half as far from the first as it was.
HALVED = """
import time
_real = time.perf_counter
_start = _real()
time.perf_counter = lambda: _start + (_real() - _start) / 2
try:
    import timeit
    timeit.default_timer = time.perf_counter
except ImportError:
    pass
"""
# Runs in every interpreter that has the environment's site, before the harness if it were one of them.
FORGING = """
import atexit, json, os, sys
def _forge():
    for folder in ("/fc/out",):
        try:
            with open(folder + "/result.json", "w") as out:
                json.dump({"format": 2, "status": "ok", "error": "", "first": SECONDS, "number": 1,
                           "name": "bench_core.Core.time_work", "params": [], "value": SECONDS,
                           "samples": [{"wall": SECONDS, "cpu": SECONDS, "wait": 0}] * 5,
                           "outside": {"claimed": 6 * SECONDS, "cpu": 6 * SECONDS, "wall": 6 * SECONDS,
                                       "resolution": 0}, "shadowed": []}, out)
        except OSError:
            pass
if "time" in sys.argv or any("fcbench" in each for each in sys.argv):
    _forge()
    if "time" in sys.argv:
        os._exit(0)
    atexit.register(_forge)
"""
SETUP = """from setuptools import setup
from setuptools.command.build_py import build_py
class Build(build_py):
    def run(self):
        super().run()
        with open(self.build_lib + "/mini_start.pth", "w") as out:
            out.write("import mini_start\\n")
setup(py_modules=["mini_start"], cmdclass={"build_py": Build})
"""


class Instrument(support.Scenario):
    def repository(self, before, after):
        """A base and a pull request #7 on it; files by path, None for those that go."""
        folder = self.folder / "repo"
        folder.mkdir()
        tree.git(folder, "init", "-q", "-b", "main")
        tree.write(folder, [tree.Pull("instrument", after)], {**tree.CLEAN, **before}, start=7)
        return folder

    def measure(self, before, after, *more):
        """@returns exit code and audit of the pull request."""
        policy = self.folder / "quick.toml"
        text = (support.SOURCE / "events/policy/default.toml").read_text()
        for key, value in (("samples", 3), ("screen_pairs", 3), ("confirm_pairs", 10), ("aa_pairs", 4)):
            lines = [f"{key} = {value}" if line.startswith(key + " = ") else line for line in text.split("\n")]
            text = "\n".join(lines)
        policy.write_text(text)
        result = support.fc_data("--source", self.repository(before, after), "--repo", "t/mini", "--policy", policy,
                                 "--index", "none", "--judge", "rules", "--start-date", "2024-01-01", "--end-date",
                                 "2025-01-01", "--work", self.folder / "work", *more)
        story = support.replay(self.folder / "work/log", "--audit", "t/mini#7", "--json")
        self.assertEqual(story.returncode, 0, result.stdout + result.stderr)
        return result.returncode, support.json.loads(story.stdout)

    def published(self, story):
        return story["outcome"] == "published"

    def test_an_honest_speedup_is_published(self):
        code, story = self.measure({}, {"mini/core.py": FAST})
        self.assertTrue(self.published(story), story)
        self.assertEqual(code, 0)

    def test_a_package_that_halves_the_clock_is_not(self):
        _, story = self.measure({}, {"mini/core.py": HALVED + SLOW})
        self.assertFalse(self.published(story), story)

    def test_its_honest_twin_is(self):
        # The same lines, and faster in truth.
        code, story = self.measure({"mini/core.py": HALVED + SLOW}, {"mini/core.py": HALVED + FAST})
        self.assertTrue(self.published(story), story)
        self.assertEqual(code, 0)

    def test_a_pth_that_answers_for_the_harness_is_not(self):
        slow = FORGING.replace("SECONDS", "0.01")
        fast = FORGING.replace("SECONDS", "0.001")
        _, story = self.measure({"setup.py": SETUP, "mini_start.py": slow},
                                {"mini_start.py": fast, "mini/core.py": SLOW + "\nSPEED = 2\n"})
        self.assertFalse(self.published(story), story)

    def test_a_pth_that_does_nothing_hinders_nobody(self):
        code, story = self.measure({"setup.py": SETUP, "mini_start.py": ""}, {"mini/core.py": FAST})
        self.assertTrue(self.published(story), story)
        self.assertEqual(code, 0)

    def test_each_side_is_built_where_its_own_package_lies(self):
        moved = {name: None for name in ("pyproject.toml", "mini/__init__.py", "mini/core.py")}
        code, story = self.measure({}, {**moved, "python/pyproject.toml": tree.PYPROJECT.replace('"1.0"', '"2.0"'),
                                        "python/mini/__init__.py": "from mini.core import work\n",
                                        "python/mini/core.py": FAST})
        self.assertTrue(self.published(story), story)
        self.assertEqual(code, 0)

    def test_the_suite_is_the_merge_commits(self):
        code, story = self.measure({"benchmarks/bench_core.py": "def time_nothing():\n    pass\n"},
                                   {"mini/core.py": FAST, "benchmarks/bench_core.py": SUITE})
        self.assertTrue(self.published(story), story)
        self.assertEqual(code, 0)

    def test_a_suite_that_cannot_be_imported_is_no_rejection(self):
        code, story = self.measure({"benchmarks/bench_core.py": "import absent_array_package\n" + SUITE},
                                   {"mini/core.py": FAST})
        self.assertEqual(story["outcome"], "failed", story)
        self.assertEqual(code, 3)

    def test_a_suite_of_which_a_part_cannot_be_imported_is_none_either(self):
        code, story = self.measure({"benchmarks/bench_core.py": "import absent_array_package\n" + SUITE,
                                    "benchmarks/bench_else.py": "def time_nothing():\n    pass\n"},
                                   {"mini/core.py": FAST})
        self.assertEqual(story["outcome"], "failed", story)
        self.assertEqual(code, 3)

    def test_base_against_itself_publishes_nothing_also_with_a_cache(self):
        cached = SUITE.replace("    def time_work(self):\n        work(2000)",
                               "    def setup_cache(self):\n        return 2000\n\n"
                               "    def time_work(self, n):\n        work(n)")
        _, story = self.measure({"benchmarks/bench_core.py": cached}, {"mini/core.py": FAST}, "--control")
        self.assertFalse(self.published(story), story)


if __name__ == "__main__":
    unittest.main(verbosity=2)
