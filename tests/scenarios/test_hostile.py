"""A reduced form of the campaign of hostile pull requests (tests/campaign/hostile): some of each kind that is quick."""

import subprocess
import unittest

import support

# One of each family that is quick; a trial that fails for good (processes) has to leave no sandbox either, nor has a
# pull request that ends before it is built (configuration).
KINDS = ("result: fifo", "link in git: suite file", "after the build: record: sparse", "forged words: bwrap",
         "hungry suite: processes", "stubborn suite: daemon", "package: clocks", "curious benchmark",
         "odd exceptions: NUL", "pyproject.toml: nested and closed", "configuration: comments")
CAMPAIGN = support.SOURCE / "tests/campaign/hostile/run.py"


class Hostile(support.Scenario):
    def campaign(self, *arguments):
        result = support.run("/usr/bin/python3", "-B", CAMPAIGN, "--bin", support.FC_DATA.parent, "--data",
                             support.SOURCE / "tools", "--keep", self.folder / "arena", "--timeout", "900", *arguments)
        # What hostile code left may be too deep for Python's own way.
        self.addCleanup(subprocess.run, ["rm", "-rf", str(self.folder / "arena")])
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result.stdout

    def test_hostile_pull_requests_harm_nobody(self):
        said = self.campaign("--count", "11", "--quick", "--kinds", ",".join(KINDS))
        self.assertIn("11 hostile, 1 honest", said)


if __name__ == "__main__":
    unittest.main()
