"""Bad input: one clear line, a non-zero exit, and nothing half-written."""

import json
import os
import subprocess
import unittest

import support


class BadInput(support.Scenario):
    def setUp(self):
        super().setUp()
        self.work = self.folder / "work"

    def start(self, *arguments):
        return support.fc_data("--work", self.work, *arguments)

    def assert_refused(self, result, code, *words):
        self.assert_fails(result, code, *words)
        self.assertFalse(self.work.exists(), "nothing may be written")

    def test_not_a_repository(self):
        plain = self.folder / "plain"
        plain.mkdir()
        self.assert_refused(self.start("--source", plain, *support.WINDOW), 1, str(plain), "repository")

    def test_a_repository_named_twice(self):
        self.assert_refused(self.start("--source", support.sample(), "--source", support.sample(),
                                       *support.WINDOW), 1, "fc-data/sample", "once")

    def test_no_such_folder(self):
        self.assert_refused(self.start("--source", "/no/such/folder", *support.WINDOW), 1, "/no/such/folder")

    def test_a_source_without_origin_has_a_sound_name_or_asks_for_one(self):
        def source(name):
            folder = self.folder / name
            git = ["git", "-C", folder, "-c", "user.name=T", "-c", "user.email=t@example.invalid"]
            support.run("git", "init", "-q", folder)
            support.run(*git, "commit", "-q", "--allow-empty", "-m", "start")
            return folder

        self.assert_refused(self.start("--source", source("..git"), *support.WINDOW), 1, "no origin", "--repo")
        self.assertEqual(self.start("--source", source("my geo (copy)"), *support.WINDOW).returncode, 0)
        told = support.replay(self.work / "log", "--windows", "--json").stdout
        self.assertIn('"local/my-geo--copy-"', told)

    def test_empty_window_is_no_failure(self):
        empty = ["--source", support.sample(), "--start-date", "1999-01-01", "--end-date", "1999-02-01"]
        self.assert_fails(self.start(*empty), 0, "no pull request", "1999-01-01")
        self.assert_verified(self.work / "log")
        told = json.loads(support.replay(self.work / "log", "--windows", "--json").stdout)
        self.assertIn("1999-01-01", json.dumps(told), "that nothing was there is on record")
        self.assertEqual(self.start(*empty).returncode, 0)

    def test_results_that_nobody_gets(self):
        command = [str(each) for each in (support.FC_DATA, "--work", self.work, "--source", support.sample(),
                                          *support.WINDOW)]
        with open("/dev/full", "w", encoding="utf-8") as full:
            result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        self.assertIn("standard output", result.stderr)
        self.assertIn("continuing run", self.start("--source", support.sample(), *support.WINDOW, "--evidence-from",
                                                   support.measured() / "log").stdout)

    def test_results_and_progress_go_apart(self):
        result = self.start("--plain", "--source", support.sample(), "--tasks", "fc-data/sample#5", "--evidence-from",
                            support.measured() / "log")
        self.assertEqual(result.returncode, 0, result.stderr)
        # A run this short may be over before anything is told of its progress.
        self.assertEqual([], [line for line in result.stderr.splitlines() if not line.startswith("working on")])
        self.assertNotIn("working on", result.stdout)
        self.assertIn("\nfunnel\n", result.stdout)
        self.assertNotIn("funnel", result.stderr)

    def test_end_before_start(self):
        self.assert_refused(self.start("--source", support.sample(), "--start-date", "2024-02-01", "--end-date",
                                       "2024-01-01"), 2, "2024-01-01", "after")

    def test_impossible_date(self):
        self.assert_refused(self.start("--source", support.sample(), "--start-date", "2024-02-30", "--end-date",
                                       "2024-04-01"), 2, "2024-02-30")

    def test_unknown_commit(self):
        self.assert_refused(self.start("--source", support.sample(), "--tasks",
                                       "fc-data/sample#5@deadbeef..HEAD"), 1, "deadbeef")

    def test_unknown_number(self):
        self.assert_refused(self.start("--source", support.sample(), "--tasks", "fc-data/sample#4711"), 1, "4711")

    def test_unknown_head(self):
        self.assert_refused(self.start("--source", support.sample(), "--head", "nowhere", *support.WINDOW), 1,
                            "nowhere")

    def test_task_of_another_repository(self):
        self.assert_refused(self.start("--source", support.sample(), "--tasks", "a/b#1"), 1, "a/b")

    def test_no_window_at_all(self):
        self.assert_refused(self.start("--source", support.sample()), 2, "--start-date")

    def test_unknown_option(self):
        self.assert_refused(self.start("--sauce", "x"), 2, "--sauce")

    def test_policy_with_a_wrong_key(self):
        shipped = (support.SOURCE / "events/policy/default.toml").read_text()
        self.assert_policy_refused(shipped.replace("[gate]\n", "[gate]\nalfa = 0.05\n", 1), "alfa")

    def test_policy_with_a_wrong_type(self):
        shipped = (support.SOURCE / "events/policy/default.toml").read_text()
        broken = shipped.replace("max_files = 500", 'max_files = "many"')
        self.assertNotEqual(broken, shipped)
        self.assert_policy_refused(broken, "max_files")

    def assert_policy_refused(self, text, *words):
        policy = self.folder / "policy.toml"
        policy.write_text(text)
        self.assert_refused(self.start("--source", support.sample(), *support.WINDOW, "--policy", policy), 1,
                            str(policy), *words)

    def test_no_interpreter(self):
        result = self.start("--source", support.sample(), *support.WINDOW, "--python", "/no/python")
        self.assert_refused(result, 1, "/no/python")

    def test_log_that_is_no_log(self):
        log = self.work / "log"
        log.mkdir(parents=True)
        (log / "mine.txt").write_text("not yours")
        result = self.start("--source", support.sample(), *support.WINDOW)
        self.assert_fails(result, 1, str(log))
        self.assertEqual(os.listdir(log), ["mine.txt"])

    def test_log_in_use(self):
        first = subprocess.Popen(
            [str(each) for each in (support.FC_DATA, "--plain", "--work", self.work, "--source", support.sample(),
                                    "--tasks", "fc-data/sample#5")], stdout=subprocess.PIPE, text=True)
        first.stdout.readline()  # It has the log once it names its run.
        try:
            self.assert_fails(self.start("--source", support.sample(), *support.WINDOW), 1, "log")
        finally:
            first.terminate()
            first.communicate()
        self.assertEqual(first.returncode, 130)

    def test_control_run_in_a_real_log(self):
        evidence = ["--evidence-from", support.measured() / "log"]
        window = ["--source", support.sample(), "--tasks", "fc-data/sample#5", *evidence]
        self.assertEqual(self.start(*window).returncode, 0)
        self.assert_fails(self.start(*window, "--control"), 1, "--work")


@unittest.skipUnless(os.geteuid() == 0, "needs root to mount a small disk")
class FullDisk(support.Scenario):
    def test_full_disk_says_so_and_goes_on_later(self):
        disk = self.folder / "disk"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(disk)], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", str(disk)])
        command = ["--source", support.sample(), *support.WINDOW, "--work", disk / "work", "--evidence-from",
                   support.measured() / "log"]
        result = support.fc_data(*command)
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        told = [line for line in result.stderr.splitlines() if not line.startswith("working on")]
        self.assertEqual(len(told), 1, result.stderr)
        self.assertIn("storage_failure", told[0])
        subprocess.run(["mount", "-o", "remount,size=400m", str(disk)], check=True)
        result = support.fc_data(*command)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assert_verified(disk / "work" / "log")


if __name__ == "__main__":
    unittest.main(verbosity=2)
