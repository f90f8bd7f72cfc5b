"""kill -9 at random moments: the next start goes on, nothing is lost or twice."""

import os
import random
import shutil
import signal
import subprocess
import time
import unittest

import support

KILLS = 20
# While measuring, each costs half a minute; tests/campaign/run takes twenty.
KILLS_WHILE_MEASURING = int(os.environ.get("FC_RUN_KILLS", 6))


class Kill(support.Scenario):
    has_begun = False  # Whether a log was seen where the kills fall.

    def command(self, work):
        return [str(each) for each in (
            support.FC_DATA, "--plain", "--source", support.sample(), *support.WINDOW, "--work", work,
            "--evidence-from", support.measured() / "log")]

    def undisturbed(self):
        work = self.folder / "undisturbed"
        start = time.monotonic()
        result = support.run(*self.command(work))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return work, time.monotonic() - start

    def test_twenty_kills_leave_the_same_tables(self):
        calm, seconds = self.undisturbed()
        seed = int(os.environ.get("FC_SEED", random.SystemRandom().randrange(2**31)))
        print(f"seed {seed} (FC_SEED repeats it), a run takes {seconds:.2f} s", flush=True)
        dice = random.Random(seed)
        work = self.folder / "killed"
        killed = 0
        finished = self.folder / "finished"
        while killed < KILLS:
            process = subprocess.Popen(self.command(work), stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, start_new_session=True)
            # What is left of the run gets shorter with each start.
            time.sleep(dice.uniform(0.02, seconds))
            if process.poll() is not None:
                # It got through: keep it, and go on with a fresh one.
                self.compare(work, calm)
                shutil.rmtree(finished, ignore_errors=True)
                work.rename(finished)
                self.has_begun = False
                continue
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
            self.assert_sound(work / "log")
        result = support.run(*self.command(work))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.compare(work, calm)

    def assert_sound(self, log):
        """Verified, or not begun yet: a kill may fall into the log's creation."""
        result = support.replay(log, "--verify")
        if not self.has_begun and result.returncode != 0:
            self.assert_fails(result, result.returncode, "not_found", str(log))
            return
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.has_begun = True

    def test_a_log_killed_in_its_creation_is_no_log_yet(self):
        log = self.folder / "log"
        log.mkdir()
        for name in ("CURRENT", "IDENTITY", "LOCK", "MANIFEST-000001", "000004.log"):
            (log / name).touch()
        self.assert_sound(log)
        self.assertFalse(self.has_begun)

    def compare(self, work, calm):
        self.assert_verified(work / "log")
        self.assertEqual(support.tables(work), support.tables(calm))

    def test_kills_while_measuring_leave_the_same_tables(self):
        seed = int(os.environ.get("FC_SEED", random.SystemRandom().randrange(2**31)))
        print(f"seed {seed} (FC_SEED repeats it)", flush=True)
        dice = random.Random(seed)
        work = self.folder / "killed"
        command = [str(each) for each in (
            support.FC_DATA, "--plain", "--source", support.sample(), *support.WINDOW, "--work", work)]
        for _ in range(KILLS_WHILE_MEASURING):
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                       start_new_session=True)
            # From before the log is open to past the longest trial.
            time.sleep(dice.choice((0.5, 5, 40)) * dice.random())
            if process.poll() is not None:
                break
            process.send_signal(signal.SIGKILL)
            process.wait()
            self.assert_sound(work / "log")
        result = support.run(*command)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        calm = self.folder / "undisturbed"
        result = support.fc_data("--source", support.sample(), *support.WINDOW, "--work", calm,
                                 "--evidence-from", work / "log")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.compare(work, calm)

    def test_a_kill_while_measuring_leaves_no_process_behind(self):
        work = self.folder / "work"
        process = subprocess.Popen(
            [str(each) for each in (support.FC_DATA, "--plain", "--source", support.sample(), "--tasks",
                                    "fc-data/sample#5", "--work", work)],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for line in process.stderr:
            if "harbor_healthcheck" in line:
                break
        time.sleep(1)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stderr.close()
        deadline = time.monotonic() + 10
        while self.processes_below(work) and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertEqual(self.processes_below(work), [])

    def processes_below(self, work):
        """Processes whose command line names the work folder."""
        found = []
        for entry in os.listdir("/proc"):
            try:
                with open(f"/proc/{entry}/cmdline", "rb") as file:
                    words = file.read()
            except OSError:
                continue
            if str(work).encode() in words and int(entry) != os.getpid():
                found.append(words.replace(b"\0", b" ")[:200])
        return found


if __name__ == "__main__":
    unittest.main(verbosity=2)
