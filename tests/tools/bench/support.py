"""Writes suites and packages into a scratch folder and runs the harness."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), *[".."] * 3))
HARNESS = os.path.join(ROOT, "tools", "bench", "fcbench")
PYTHON = os.environ.get("FCBENCH_TEST_PYTHON", sys.executable)
sys.dont_write_bytecode = True
if os.path.dirname(HARNESS) not in sys.path:
    sys.path.insert(0, os.path.dirname(HARNESS))


class HarnessTest(unittest.TestCase):
    """Gives each test a folder with a suite `benchmarks` and a `site`."""

    def setUp(self):
        self.room = tempfile.mkdtemp(prefix="fcbench-test-")
        self.addCleanup(shutil.rmtree, self.room, True)
        self.suite = self.path("benchmarks")
        self.site = self.path("site")
        os.mkdir(self.suite)
        os.mkdir(self.site)

    def path(self, *parts):
        return os.path.join(self.room, *parts)

    def write(self, path, text=""):
        full = self.path(*path.split("/"))
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as out:
            out.write(textwrap.dedent(text))
        return full

    def write_json(self, path, value):
        return self.write(path, json.dumps(value))

    def run_harness(self, *arguments, env=None, timeout=60):
        environment = dict(os.environ, PYTHONPATH=self.site,
                           PYTHONDONTWRITEBYTECODE="1")
        environment.update(env or {})
        return subprocess.run(
            [PYTHON, HARNESS] + [str(a) for a in arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment,
            cwd=self.room, timeout=timeout, universal_newlines=True)

    def result(self, command, *arguments, **options):
        """What a successful command wrote."""
        out = self.path("out.json")
        done = self.run_harness(command, "--out", out, *arguments, **options)
        self.assertEqual(0, done.returncode, done.stderr[-3000:])
        self.assertEqual("", done.stdout)
        self.stderr = done.stderr

        def refuse(text):
            raise AssertionError("bare %s in JSON" % text)
        with open(out, encoding="utf-8") as source:
            return json.load(source, parse_constant=refuse)

    def refused(self, *arguments):
        """The one line of an unusable call."""
        done = self.run_harness(*arguments)
        self.assertEqual(2, done.returncode, done.stderr)
        self.assertEqual("", done.stdout)
        lines = done.stderr.strip().split("\n")
        self.assertEqual(1, len(lines), done.stderr)
        return lines[0]

    def listed(self):
        return self.result("list", "--suite", self.suite)

    def names(self):
        return [b["name"] for b in self.listed()["benchmarks"]]

    def surveyed(self, *arguments, **options):
        """Results of a survey by (name, param_index)."""
        result = self.result("survey", "--suite", self.suite, "--sample-ms",
                             "0.2", "--timeout", "20", *arguments, **options)
        self.survey_result = result
        return {(b["name"], b["param_index"]): b
                for b in result["benchmarks"]}

    def timed(self, name, *arguments, **options):
        return self.result("time", "--suite", self.suite, "--benchmark", name,
                           *arguments, **options)

    def lines(self, path):
        """What benchmarks noted in a file."""
        if not os.path.exists(path):
            return []
        with open(path) as source:
            return source.read().split()
