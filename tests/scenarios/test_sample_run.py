"""The sample repository from Scraped to Published, measured for real."""

import json
import unittest

import support


class SampleRun(support.Scenario):
    @classmethod
    def setUpClass(cls):
        cls.work = support.measured()
        cls.log = cls.work / "log"

    def test_ends_without_failures(self):
        output = (self.work / "output").read_text()
        self.assertEqual((self.work / "exit-code").read_text(), "0", output)
        self.assertIn("funnel", output)
        self.assertIn("dataset", output)

    def test_every_pull_request_ends_as_expected(self):
        for number, expected in support.EXPECTED.items():
            with self.subTest(number=number, kind=expected["kind"]):
                story = support.audit(self.log, number)
                self.assertEqual(story["outcome"] == "published", expected["published"],
                                 json.dumps(story)[:2000])
                if not expected["published"]:
                    self.assertIn(story["rule"], expected["rules"])

    def test_prints_the_funnel_that_fcreplay_reports(self):
        printed = (self.work / "output").read_text().split("\nfunnel\n")[1].split("\n\n")[0]
        counts = [int(line.split()[0]) for line in printed.splitlines()]
        header, *_, total = support.replay(self.log, "--funnel").stdout.split("\n\n")[0].splitlines()
        self.assertEqual(counts, [int(x) for x in total.split()[1:]], header)

    def test_log_is_whole(self):
        self.assert_verified(self.log)

    def test_deleted_tables_come_back_byte_equal(self):
        before = (self.work / "tables.sqlite").read_bytes()
        again = self.folder / "again.sqlite"
        result = support.replay(self.log, "--project", "sqlite", "--to", again)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(again.read_bytes(), before)

    def test_dataset_has_a_file_per_merge_month_and_a_card(self):
        months = sorted(path.name for path in (self.work / "dataset/data").glob("*.parquet"))
        self.assertEqual(months, ["formulacode@2024-01.parquet", "formulacode@2024-02.parquet",
                                  "formulacode@2024-03.parquet"])
        card = (self.work / "dataset/README.md").read_text()
        self.assertIn("local sandbox", card)

    def test_a_second_run_finds_nothing_to_do(self):
        before = support.replay(self.log, "--dump", "--stream", "pr/fc-data/sample#23").stdout
        result = support.fc_data("--source", support.sample(), *support.WINDOW, "--work", self.work)
        self.assertEqual(result.returncode, 0, result.stderr)
        after = support.replay(self.log, "--dump", "--stream", "pr/fc-data/sample#23").stdout
        self.assertEqual(before, after)


if __name__ == "__main__":
    unittest.main(verbosity=2)
