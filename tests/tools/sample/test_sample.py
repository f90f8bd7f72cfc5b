"""The sample repository is what its README says. Builds about 20 commits, half a minute."""

import ast
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLE = os.path.join(HERE, "..", "..", "..", "tools", "sample")
PROGRAM = os.path.join(SAMPLE, "make_sample.py")
PYTHON = "/usr/bin/python3"
HEAD = "61cb8e181700b87543ab11e020d5ea7e3fae0b63"
NAMED = re.compile(r"^Merge pull request #(\d+) from |\(#(\d+)\)$")
BENCHMARK = ("time_", "timeraw_", "mem_", "peakmem_", "track_")

# What a call of each changed function answers, in Python; equal on both sides.
ANSWERS = {
    5: "from tinygeo import points as p\n"
       "answer = lambda: p.unique_points([(i % 31 / 7, i % 8) for i in range(900)])",
    12: "from tinygeo import project as p\n"
        "answer = lambda: p.graticule([i / 3 for i in range(40)], [i / 7 for i in range(60)])",
    23: "from tinygeo import _kernels as k\n"
        "xs = [i * 37 % 101 / 3 for i in range(90)]; ys = [i * 53 % 89 / 2 for i in range(90)]\n"
        "answer = lambda: k.nearest_haversine(xs, ys) + k.nearest_haversine([1.0], [2.0])",
    30: "from tinygeo import transform as t\n"
        "given = [(i / 3, i / 7) for i in range(400)]\n"
        "answer = lambda: t.apply_all(given, [t.rotation(10), t.scaling(3.0)])",
}
REPORT = """
import json, timeit
best = min(timeit.repeat(answer, number=20, repeat=5)) / 20
print(json.dumps([best, repr(answer())]))
"""


def run(*command, **settings):
    return subprocess.run(command, capture_output=True, text=True, **settings)


def make(destination, **settings):
    return run(PYTHON, PROGRAM, destination, **settings)


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="fc-sample-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.repository = os.path.join(cls.folder, "sample")
        made = make(cls.repository)
        if made.returncode != 0:
            raise AssertionError(made.stderr)

    def git(self, *arguments):
        done = run("git", "-C", self.repository, *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def pulls(self):
        """Number to (commit, parents, date) of first-parent history."""
        found = {}
        log = self.git("log", "--first-parent", "--reverse", "--format=%H|%P|%ct|%s")
        for line in log.splitlines():
            commit, parents, date, subject = line.split("|", 3)
            match = NAMED.search(subject)
            if match:
                number = int(match[1] or match[2])
                found[number] = commit, parents.split(), int(date)
        return found


class Generation(Case):
    def test_head_is_the_same_on_each_run(self):
        self.assertEqual(self.git("rev-parse", "HEAD").strip(), HEAD)

    def test_users_git_settings_do_not_matter(self):
        home = os.path.join(self.folder, "home")
        os.mkdir(home)
        with open(os.path.join(home, ".gitconfig"), "w", encoding="utf-8") as file:
            file.write("[commit]\ngpgsign = true\n[core]\nautocrlf = true\n")
            file.write("[init]\ndefaultBranch = trunk\n[user]\nname = Someone\n")
        other = os.path.join(self.folder, "other")
        env = dict(
            os.environ, HOME=home, GIT_AUTHOR_NAME="Else", GIT_DIR="/nonexistent",
            TZ="Asia/Tokyo", PYTHONHASHSEED="7",
        )
        made = make(other, env=env)
        self.assertEqual((made.returncode, made.stdout.strip()), (0, HEAD), made.stderr)
        self.assertFalse(os.path.exists(other + ".tmp"))

    def test_own_destination_is_left_alone(self):
        marker = os.path.join(self.repository, ".git", "marker")
        with open(marker, "w", encoding="utf-8"):
            pass
        made = make(self.repository)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertTrue(os.path.exists(marker))
        self.assertFalse(os.path.exists(self.repository + ".tmp"))

    def test_foreign_destination_is_refused(self):
        foreign = os.path.join(self.folder, "foreign")
        os.mkdir(foreign)
        with open(os.path.join(foreign, "letter"), "w", encoding="utf-8") as file:
            file.write("mine")
        moved = os.path.join(self.folder, "moved")
        shutil.copytree(self.repository, moved)
        run("git", "-C", moved, "reset", "--hard", "HEAD~1")
        for path in (foreign, moved, os.path.join(foreign, "letter")):
            made = make(path)
            self.assertEqual(made.returncode, 1)
            self.assertEqual(len(made.stderr.splitlines()), 1, made.stderr)
            self.assertFalse(os.path.exists(path + ".tmp"))
        self.assertEqual(os.listdir(foreign), ["letter"])

    def test_origin_branch_and_clean_tree(self):
        origin = self.git("config", "remote.origin.url").strip()
        self.assertEqual(origin, "https://github.com/fc-data/sample.git")
        refs = self.git("for-each-ref", "--format=%(refname)").split()
        self.assertEqual(refs, ["refs/heads/main"])
        self.assertEqual(self.git("status", "--porcelain"), "")


class History(Case):
    def test_expected_has_every_pull_request(self):
        with open(os.path.join(SAMPLE, "expected.json"), encoding="utf-8") as file:
            expected = json.load(file)
        self.assertEqual([int(n) for n in expected], list(self.pulls()))
        published = [int(n) for n in expected if expected[n]["published"]]
        self.assertEqual(published, [5, 12, 23, 30])
        for row in expected.values():
            wanted = {"kind", "published", "ends", "why"} | (set() if row["published"] else {"rules"})
            self.assertEqual(set(row), wanted)
            self.assertEqual(row["ends"] == "Published", row["published"])

    def test_numbers_and_dates_ascend(self):
        pulls = self.pulls()
        self.assertEqual(list(pulls), sorted(pulls))
        dates = [date for _, _, date in pulls.values()]
        self.assertEqual(dates, sorted(dates))
        merges = sum(len(parents) == 2 for _, parents, _ in pulls.values())
        self.assertEqual((merges, len(pulls)), (9, 17))

    def changed(self, number):
        commit, parents, _ = self.pulls()[number]
        return self.git("diff", "--name-only", parents[0], commit).split()

    def test_changed_files_are_what_the_rules_need(self):
        self.assertGreaterEqual(len(self.changed(20)), 500)
        self.assertTrue(all(p.startswith("tests/") for p in self.changed(21)))
        self.assertTrue(all(p.endswith(".md") for p in self.changed(13)))
        self.assertEqual(self.changed(23), ["src/tinygeo/_kernels.c"])
        self.assertEqual(self.changed(16), ["src/tinygeo/_kernels.c"])
        self.assertIn("benchmarks/bench_wkt.py", self.changed(26))

    def test_every_merge_has_a_large_suite(self):
        for commit, _, _ in self.pulls().values():
            count = 0
            names = self.git("ls-tree", "-r", "--name-only", commit, "benchmarks/")
            for path in names.split():
                tree = ast.parse(self.git("show", f"{commit}:{path}"))
                count += sum(
                    isinstance(node, ast.FunctionDef) and node.name.startswith(BENCHMARK)
                    for node in ast.walk(tree)
                )
            self.assertGreaterEqual(count, 25)


class Builds(Case):
    def build(self, commit):
        """Installs a commit from always the same path. @returns folder or None."""
        target = os.path.join(self.folder, "built", commit)
        if os.path.exists(target):
            return target
        source = os.path.join(self.folder, "source")
        self.addCleanup(shutil.rmtree, source, ignore_errors=True)
        shutil.rmtree(source, ignore_errors=True)
        done = run("git", "clone", "-q", "--shared", "-n", self.repository, source)
        self.assertEqual(done.returncode, 0, done.stderr)
        done = run("git", "-C", source, "checkout", "-q", commit)
        self.assertEqual(done.returncode, 0, done.stderr)
        done = run(
            PYTHON, "-m", "pip", "install", "-v", "--no-index", "--no-deps",
            "--no-build-isolation", "--target", target, source,
        )
        if done.returncode != 0:
            return None
        self.assertNotIn("warning: ", done.stdout.replace("Warning: ", ""))
        tests = run(
            PYTHON, "-B", "-m", "unittest", "discover", "-s", "tests", cwd=source,
            env=dict(os.environ, PYTHONPATH=target),
        )
        self.assertEqual(tests.returncode, 0, tests.stderr)
        return target

    def digest(self, target):
        folder = os.path.join(target, "tinygeo")
        (name,) = [n for n in os.listdir(folder) if n.endswith(".so")]
        with open(os.path.join(folder, name), "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()

    def answer(self, number, target):
        done = run(
            PYTHON, "-B", "-c", ANSWERS[number] + REPORT,
            env=dict(os.environ, PYTHONPATH=target),
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_code_changes_build_and_pass_their_tests(self):
        pulls = self.pulls()
        for number in (7, 9, 10, 15, 24, 26, 28):
            with self.subTest(number=number):
                self.assertIsNotNone(self.build(pulls[number][0]))
        self.assertIsNotNone(self.build(HEAD))

    def test_only_the_broken_pull_request_does_not_build(self):
        commit, parents, _ = self.pulls()[18]
        self.assertIsNotNone(self.build(parents[0]))
        self.assertIsNone(self.build(commit))

    def test_comments_do_not_change_the_extension(self):
        commit, parents, _ = self.pulls()[16]
        before, after = self.build(parents[0]), self.build(commit)
        self.assertEqual(self.digest(before), self.digest(after))

    def test_speedups_have_equal_results(self):
        for number in ANSWERS:
            with self.subTest(number=number):
                commit, parents, _ = self.pulls()[number]
                before, after = self.build(parents[0]), self.build(commit)
                equal = self.digest(before) == self.digest(after)
                self.assertEqual(equal, number != 23)
                slow, expected = self.answer(number, before)
                fast, actual = self.answer(number, after)
                self.assertEqual(actual, expected)
                print(f"#{number}: {slow / fast:.2f} times faster", file=sys.stderr)

    def test_benchmark_of_thin_aborts_only_in_its_pull_request(self):
        code = (
            "import sys; sys.path.insert(0, sys.argv[1])\n"
            "from benchmarks.bench_thin import Thin\n"
            "thin = Thin(); thin.setup(); thin.time_thin()"
        )
        commit, parents, _ = self.pulls()[28]
        for suite, code_of, status in (
            (commit, commit, -6), (commit, parents[0], -6), (HEAD, HEAD, 0)
        ):
            target = self.build(code_of)
            checkout = os.path.join(self.folder, "suite-" + suite)
            run("git", "clone", "-q", "--shared", "-n", self.repository, checkout)
            run("git", "-C", checkout, "checkout", "-q", suite)
            done = run(
                PYTHON, "-B", "-c", code, checkout,
                env=dict(os.environ, PYTHONPATH=target),
            )
            self.assertEqual(done.returncode, status, done.stderr)


if __name__ == "__main__":
    unittest.main()
