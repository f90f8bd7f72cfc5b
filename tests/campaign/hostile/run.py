#!/usr/bin/env python3
"""Runs fc-data on a repository of hostile pull requests and says which of them it did not withstand."""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

SOURCE = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(SOURCE / "tests/support"))
import arena as places  # noqa: E402
import kinds  # noqa: E402
import tree  # noqa: E402
MOST_MB = 1024
CONTROLS = {chr(each) for each in (*range(10), *range(11, 32), *range(127, 160), 0x202E, 0x2066)}


class Watch(threading.Thread):
    """What a process needed at most, and which arguments of the machine's processes tell a secret."""

    def __init__(self, pid, words):
        super().__init__(daemon=True)
        self.pid, self.words = pid, words
        self.peak_mb, self.told = 0.0, set()
        self.ended = threading.Event()

    def run(self):
        while not self.ended.wait(0.1):
            try:
                with open(f"/proc/{self.pid}/status") as file:
                    for line in file:
                        if line.startswith("VmHWM:"):
                            self.peak_mb = max(self.peak_mb, int(line.split()[1]) / 1024)
            except OSError:
                pass
            for entry in os.listdir("/proc"):
                # Until it has read its own arguments they are what the caller made them.
                if entry.isdigit() and int(entry) not in (self.pid, os.getpid()):
                    self.look(entry)

    def look(self, entry):
        try:
            with open(f"/proc/{entry}/cmdline", "rb") as file:
                text = file.read()
        except OSError:
            return
        if any(each in text for each in self.words):
            self.told.add(text[:300])


class Campaign:
    def __init__(self, arguments, folder):
        self.bin = pathlib.Path(arguments.bin).resolve()
        self.data = pathlib.Path(arguments.data).resolve()
        self.timeout = arguments.timeout
        self.arena = places.Arena(folder)
        self.wrong = []
        tree.git(self.arena.repository, "init", "-q", "--bare", "-b", "main")
        words = [each for each in (arguments.kinds or "").split(",") if each]
        self.pulls = kinds.chosen(str(self.arena.owner), self.arena.repository, arguments.count, arguments.seed, words,
                                  arguments.quick)
        tree.write(self.arena.repository, self.pulls)
        tree.git(self.arena.repository, "update-server-info")
        shipped = SOURCE / "events/policy/default.toml"
        (self.arena.folder / "policy.toml").write_text(places.policy(shipped))
        self.words = places.spellings()

    def fail(self, what):
        self.wrong.append(what)
        print("WRONG " + what, flush=True)

    def perform(self):
        """The run itself; its exit code."""
        command = [str(self.bin / "fc-data"), "--plain", "--data", str(self.data), "--policy",
                   str(self.arena.folder / "policy.toml"), "--source", self.arena.serve(), "--repo", "t/mini", "--work",
                   str(self.arena.work), "--index", "none", "--judge", "rules", "--start-date", "2024-01-01",
                   "--end-date", "2026-01-01"]
        self.arena.before()
        begun = time.monotonic()
        with open(self.arena.folder / "out", "wb") as out, open(self.arena.folder / "err", "wb") as err:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                       cwd=self.arena.folder, env=self.arena.environment())
            watch = Watch(process.pid, self.words)
            watch.start()
            try:
                code = process.wait(self.timeout)
            except subprocess.TimeoutExpired:
                self.fail(f"the run does not end by itself in {self.timeout} s")
                process.terminate()
                try:
                    code = process.wait(10)
                except subprocess.TimeoutExpired:
                    self.fail("the run does not end 10 s after SIGTERM")
                    process.kill()
                    code = process.wait()
            watch.ended.set()
            watch.join()
        self.seconds, self.peak_mb = time.monotonic() - begun, watch.peak_mb
        for text in watch.told:
            self.fail(f"a secret in arguments: {text!r}")
        return code

    def replay(self, *arguments):
        result = subprocess.run([str(self.bin / "fcreplay"), "--log", str(self.arena.work / "log"), *arguments],
                                capture_output=True, timeout=300, env=self.arena.environment())
        what = " ".join(arguments[:2])
        said = result.stdout + result.stderr
        if any(each in said for each in self.words):
            self.fail(f"a secret in fcreplay {what}")
        odd = set(said.decode("utf-8", "replace")) & CONTROLS
        if odd:
            self.fail(f"fcreplay {what} shows {sorted(map(ascii, odd))}")
        return result

    def check_pulls(self):
        self.ends = {}
        for pull in self.pulls:
            name = f"t/mini#{pull.number}"
            page = self.replay("--audit", name, "--json")
            if page.returncode:
                outcome = "unknown"
                # What the history cannot tell is no pull request; it may not be honest, though.
                why = page.stderr.decode("utf-8", "replace").strip()[:200]
            else:
                story = json.loads(page.stdout)
                outcome, why = story["outcome"], f"{story['rule']}: {story['explanation']}"[:200]
                self.replay("--audit", name)
            self.ends[outcome] = self.ends.get(outcome, 0) + 1
            print(f"      {name} {ascii(pull.kind)}: {outcome}", flush=True)
            if pull.honest and outcome != "published":
                self.fail(f"{name} is honest and {outcome}: {ascii(why)}")
            if not pull.honest and outcome in ("published", "open"):
                self.fail(f"{name} ({ascii(pull.kind)}) is {outcome}: {ascii(why)}")

    def check_traces(self):
        for path in self.arena.touched():
            self.fail(f"touched outside of the work folder: {path}")
        tables = self.arena.folder / "tables"
        for form, target in (("jsonl", tables / "jsonl"), ("sqlite", tables / "t.sqlite"),
                             ("parquet-tables", tables / "parquet")):
            tables.mkdir(exist_ok=True)
            result = self.replay("--project", form, "--to", str(target))
            if result.returncode:
                self.fail(f"--project {form} ends with {result.returncode}: {result.stderr[-300:]!r}")
        for arguments in (["--verify"], ["--dump"], ["--funnel"], ["--failures"], ["--spend"], ["--repositories"]):
            result = self.replay(*arguments)
            if result.returncode:
                self.fail(f"fcreplay {arguments[0]} ends with {result.returncode}: {result.stderr[-300:]!r}")
        for place in (self.arena.work, tables, self.arena.folder / "out", self.arena.folder / "err"):
            files = places.telling_files(place, self.words) if place.is_dir() else [
                place for each in self.words if each in place.read_bytes()]
            for path in files:
                self.fail(f"a secret in {path}")
        left = [str(path) for path in (self.arena.work / "sandboxes").glob("*/*")]
        if left:
            self.fail(f"sandboxes left: {left[:5]}")
        for entry in os.listdir("/proc"):
            try:
                with open(f"/proc/{entry}/cmdline", "rb") as file:
                    if entry.isdigit() and int(entry) != os.getpid() and str(self.arena.work).encode() in file.read():
                        self.fail(f"process {entry} is left")
            except OSError:
                pass

    def run(self):
        code = self.perform()
        if code != 3:
            self.fail(f"exit code {code}, expected 3: {(self.arena.folder / 'err').read_bytes()[-500:]!r}")
        if self.peak_mb >= MOST_MB:
            self.fail(f"fc-data took {self.peak_mb:.0f} MB")
        self.check_pulls()
        self.check_traces()
        good = sum(each.honest for each in self.pulls)
        print(f"{len(self.pulls) - good} hostile, {good} honest: {self.seconds:.0f} s, {self.peak_mb:.0f} MB, exit "
              f"{code}, {self.ends}, {len(self.wrong)} wrong")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="hostile pull requests [100]")
    parser.add_argument("--seed", type=int, default=1, help="selects which [1]")
    parser.add_argument("--kinds", help="only kinds with one of these words, commas between")
    parser.add_argument("--quick", action="store_true", help="none of those that wait for a limit")
    parser.add_argument("--list", action="store_true", help="name all kinds and end")
    parser.add_argument("--bin", default=SOURCE / "build/release/bin", help="folder of fc-data and fcreplay")
    parser.add_argument("--data", default=SOURCE / "tools", help="folder of bench/ and python/")
    parser.add_argument("--timeout", type=float, default=7200, help="seconds the run may take [7200]")
    parser.add_argument("--keep", help="work in this folder and keep it")
    arguments = parser.parse_args()
    folder = arguments.keep or tempfile.mkdtemp(prefix="fc-hostile-")
    try:
        if arguments.list:
            repository = pathlib.Path(folder, "list")
            repository.mkdir(parents=True)
            tree.git(repository, "init", "-q")
            for each in kinds.hostile("/owner", repository):
                print(ascii(each.kind) + (" (slow)" if each.slow else ""))
            return 0
        campaign = Campaign(arguments, folder)
        campaign.run()
        return 1 if campaign.wrong else 0
    finally:
        if not arguments.keep or arguments.list:
            subprocess.run(["rm", "-rf", str(folder)])  # Python cannot remove what is deep.


if __name__ == "__main__":
    sys.exit(main())
