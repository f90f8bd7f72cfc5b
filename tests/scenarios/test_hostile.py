"""A reduced form of the campaign of hostile pull requests (tests/campaign/hostile): some of each kind that is quick."""

import subprocess
import unittest

import support

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
        said = self.campaign("--count", "10", "--seed", "4", "--quick")
        self.assertIn("10 hostile, 1 honest", said)


if __name__ == "__main__":
    unittest.main()
