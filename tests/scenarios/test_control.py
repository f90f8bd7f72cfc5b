"""A control run compares base with base: it must publish nothing."""

import unittest

import support


class Control(support.Scenario):
    def test_base_against_base_publishes_nothing(self):
        work = self.folder / "control"
        result = support.fc_data("--source", support.sample(), "--tasks",
                                 "fc-data/sample#5,fc-data/sample#23", "--control", "--work", work)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        for number in (5, 23):
            story = support.audit(work / "log", number)
            self.assertEqual(story["outcome"], "rejected")
            self.assertIn("Trialled", [event["event"] for event in story["events"]])
        self.assertEqual(list((work / "dataset/data").glob("*.parquet")), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
