"""Runs the built programs as a user would."""

import contextlib
import json
import os
import pathlib
import sqlite3
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("FC_BUILD", SOURCE / "build" / "ci"))
FC_DATA = BUILD / "bin" / "fc-data"
FCREPLAY = BUILD / "bin" / "fcreplay"
EXPECTED = json.loads((SOURCE / "tools/sample/expected.json").read_text())
WINDOW = ["--start-date", "2024-01-01", "--end-date", "2024-04-01"]

# Made once and shared by the scenarios: measuring takes minutes.
SHARED = BUILD / "scenarios"


def run(*command, timeout=3000, **more):
    """One command to its end; never raises for its exit code."""
    return subprocess.run([str(each) for each in command], text=True, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=timeout, **more)


def fc_data(*arguments, **more):
    return run(FC_DATA, "--plain", *arguments, **more)


def replay(log, *arguments):
    return run(FCREPLAY, "--log", log, *arguments)


def audit(log, number):
    """The audit of a pull request of the sample, as JSON."""
    result = replay(log, "--audit", f"fc-data/sample#{number}", "--json")
    if result.returncode:
        raise AssertionError(result.stderr)
    return json.loads(result.stdout)


# What also says when, where and in which order a log was written (decision 0014): two runs over the same
# evidence differ there only.
OF_THE_WRITING = {"runner_progress", "runner_failures", "error_logs"}
COLUMNS_OF_THE_WRITING = {
    "created_at", "last_scraped", "measured_at", "position", "published_at", "ran_at", "recorded_at", "resolved_at",
    "resource_metrics", "trial_ended_at", "updated_at", "verified_at", "wallclock_sec", "withdrawn_at"}


def tables(work):
    """Every row of every public table of a work folder, as far as evidence and verdicts make it, as bytes."""
    with contextlib.closing(sqlite3.connect(f"file:{work / 'tables.sqlite'}?mode=ro", uri=True)) as file:
        names = [row[0] for row in file.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
            "AND name NOT LIKE '%checkpoint%' ORDER BY name") if row[0] not in OF_THE_WRITING]
        assert "pr_events" in names and "pull_requests" in names, names
        result = {}
        for name in names:
            columns = [row[1] for row in file.execute(f"PRAGMA table_info({name})")
                       if row[1] not in COLUMNS_OF_THE_WRITING]
            result[name] = repr(file.execute(
                f"SELECT {', '.join(columns)} FROM {name} ORDER BY 1, 2, 3, 4").fetchall()).encode()
        return result


def sample():
    """The generated sample repository."""
    path = SHARED / "sample"
    SHARED.mkdir(parents=True, exist_ok=True)
    made = run("/usr/bin/python3", "-B", SOURCE / "tools/sample/make_sample.py", path)
    if made.returncode:
        raise AssertionError(made.stderr)
    return path


def measured():
    """The work folder of one whole run on the sample, measured for real."""
    work = SHARED / "measured"
    marker = work / "exit-code"
    # A run is reused only for the very same program.
    stamp = f"{FC_DATA.stat().st_mtime_ns}\n"
    if not marker.exists() or (work / "program").read_text() != stamp:
        subprocess.run(["rm", "-rf", str(work)], check=True)
        result = fc_data("--source", sample(), *WINDOW, "--work", work)
        (work / "output").write_text(result.stdout + result.stderr)
        (work / "program").write_text(stamp)
        marker.write_text(str(result.returncode))
    return work


class Scenario(unittest.TestCase):
    """A temporary folder and readable failures."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="fc-scenario-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def assert_fails(self, result, code, *words):
        """Failed with one clear line that has all the words."""
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        lines = [line for line in result.stderr.splitlines() if line]
        self.assertEqual(len(lines), 1, result.stderr)
        for word in words:
            self.assertIn(word, lines[0])

    def assert_verified(self, log):
        result = replay(log, "--verify")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
