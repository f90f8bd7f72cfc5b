"""Repositories of an offline GitHub: found, read, certified; renamed, gone, killed; and what it says without rights."""

import contextlib
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import time
import unittest
import urllib.request

import support

PEER = support.SOURCE / "tests/peers/github"
TOKEN = "ghp-hush-hush-4711"
WINDOW = ["--start-date", "2026-09-01", "--end-date", "2026-11-01"]


def control(url, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data=data, headers={"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as reply:
        return json.load(reply)


@unittest.skipUnless((PEER / "node_modules").exists() or os.environ.get("FC_REQUIRE_PEERS") == "1",
                     f"the peer is not installed; run: npm ci --prefix {PEER}")
class GitHub(support.Scenario):
    def setUp(self):
        super().setUp()
        self.world = self.folder / "world"
        made = support.run("node", PEER / "make_world.mjs", "--out", self.world, "--repositories", "6",
                           "--pull-requests", "200", "--seed", "5")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.truth = json.loads((self.world / "world.json").read_text())["repositories"]
        server = subprocess.Popen(["node", PEER / "server.mjs", "--world", self.world, "--tokens", f"{TOKEN},no-rights"],
                                  text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait, 20)
        self.addCleanup(server.stdin.close)
        self.url = f"http://127.0.0.1:{json.loads(server.stdout.readline())['port']}"

    def names(self, eligible=True):
        return [f"{each['owner']}/{each['name']}" for each in self.truth if each["eligible"] == eligible]

    def environment(self, **more):
        return {**os.environ, "GH_TOKENS": TOKEN, "FC_GITHUB_API": self.url,
                "FC_GITHUB_GIT": f"file://{self.world}/git/{{name}}.git", **more}

    def command(self, work, *arguments):
        return [support.FC_DATA, "--plain", "--index", "none", "--work", work, *arguments]

    def read(self, work, *arguments, **more):
        return support.run(*self.command(work, *arguments), env=self.environment(**more))

    def merged(self, name, start="2026-09-01", end="2026-11-01"):
        """Numbers that the truth has in the window."""
        at = next(each for each in self.truth if f"{each['owner']}/{each['name']}" == name)
        rows = (json.loads(line) for line in (self.world / f"pulls/{at['id']}.jsonl").read_text().splitlines())
        return sorted(row["number"] for row in rows if row["mergedAt"] and start <= row["mergedAt"] < end)

    def stored(self, work):
        """(repository, number) to outcome and reason, of the tables."""
        with contextlib.closing(sqlite3.connect(f"file:{work / 'tables.sqlite'}?mode=ro", uri=True)) as file:
            return {(f"{owner}/{repo}", number): (outcome, rule) for owner, repo, number, outcome, rule in file.execute(
                "SELECT owner, repo, issue_number, outcome, rule FROM pull_requests")}

    def assert_whole(self, work, names):
        stored = self.stored(work)
        wanted = {(name, number) for name in names for number in self.merged(name)}
        self.assertEqual(set(stored), wanted)
        for key, (outcome, rule) in stored.items():
            self.assertTrue(outcome == "published" or (outcome in ("rejected", "failed") and rule), (key, outcome))
        windows = json.loads(support.replay(work / "log", "--windows", "--json").stdout)
        self.assertEqual(windows["mismatches"], 0)
        self.assertEqual({each["repository"] for each in windows["windows"]}, set(names))
        self.assert_verified(work / "log")
        found = subprocess.run(["grep", "-rlaF", TOKEN, str(work)], capture_output=True, text=True)
        self.assertEqual(found.stdout, "")

    def test_read_certified_and_read_again(self):
        work = self.folder / "work"
        asked = ",".join([*self.names(), *self.names(False)])
        ready = self.read(work, "--preflight", "--repositories", asked, *WINDOW)
        self.assertEqual(ready.returncode, 0, ready.stdout + ready.stderr)
        first = self.read(work, "--repositories", asked, *WINDOW)
        # What vanished or is private could not be read, and the run says so.
        self.assertEqual(first.returncode, 3, first.stdout + first.stderr)
        self.assertIn("could not be read", first.stdout)
        self.assert_whole(work, self.names())
        report = json.loads(support.replay(work / "log", "--repositories", "--json").stdout)
        excluded = {each["repository"]: each["excluded"] for each in report if each["excluded"]}
        for name in self.names(False):
            self.assertTrue(excluded[name]["reason"], name)
        before = control(self.url, "/__sim/ledger")["requests"]["graphql"]
        second = self.read(work, "--repositories", asked, *WINDOW)
        self.assertEqual(second.returncode, 3, second.stdout + second.stderr)
        self.assert_whole(work, self.names())
        # Cards, and a page for each window: nothing is fetched again.
        self.assertLessEqual(control(self.url, "/__sim/ledger")["requests"]["graphql"] - before, 3 * len(self.names()) + 3)

    def test_renamed_excluded_and_readmitted(self):
        work = self.folder / "work"
        name = max(self.names(), key=lambda each: len(self.merged(each, "2026-10-01")))
        early = ["--start-date", "2026-09-01", "--end-date", "2026-10-01"]
        late = ["--start-date", "2026-10-01", "--end-date", "2026-11-01"]
        self.assertIn(self.read(work, "--repositories", name, *early).returncode, (0, 3))
        control(self.url, "/__sim/rename", {"repo": name, "to": "somebody/else"})
        os.makedirs(self.world / "git/somebody", exist_ok=True)
        os.symlink(self.world / f"git/{name}.git", self.world / "git/somebody/else.git")
        again = self.read(work, "--repositories", name, *late)
        self.assertIn(again.returncode, (0, 3), again.stderr)
        # Under the name they began with, whatever it is called now.
        self.assert_whole(work, [name])
        self.assertIn("RepositoryRenamed", support.replay(work / "log", "--dump").stdout)
        out = self.read(work, "--exclude", f"{name}=never measures anything")
        self.assertEqual(out.returncode, 0, out.stdout + out.stderr)
        self.assertIn("1 excluded (user 1)", self.read(work, "--repositories", name, *late).stdout)
        self.assertEqual(self.read(work, "--readmit", f"{name}=looked at again").returncode, 0)
        self.assertNotIn("1 excluded", self.read(work, "--repositories", name, *late).stdout)
        self.assert_verified(work / "log")

    def test_killed_while_it_reads(self):
        names = self.names()
        calm = self.folder / "calm"
        self.assertIn(self.read(calm, "--repositories", ",".join(names), *WINDOW).returncode, (0, 3))
        work = self.folder / "work"
        for wait in (0.15, 0.4, 0.8, 1.3):
            process = subprocess.Popen([str(each) for each in self.command(work, "--repositories", ",".join(names), *WINDOW)],
                                       env=self.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)
            process.wait()
        self.assertIn(self.read(work, "--repositories", ",".join(names), *WINDOW).returncode, (0, 3))
        self.assert_whole(work, names)
        self.assertEqual({key: rule for key, (_, rule) in self.stored(work).items()},
                         {key: rule for key, (_, rule) in self.stored(calm).items()})

    def test_tokens_that_do_not_do(self):
        name = self.names()[0]
        for token, words in (("", ["GH_TOKENS"]), ("wrong", ["401", "Bad credentials"]), ("no-rights", ["may not"])):
            result = self.read(self.folder / f"work-{token}", "--repositories", name, *WINDOW, GH_TOKENS=token, GH_TOKEN="")
            self.assertEqual(result.returncode, 1, (token, result.stdout, result.stderr))
            for word in words:
                self.assertIn(word, result.stderr, token)
            self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        checked = self.read(self.folder / "none", "--preflight", "--repositories", name, *WINDOW, GH_TOKENS="wrong")
        self.assertEqual(checked.returncode, 1, checked.stdout)
        self.assertIn("FAIL", checked.stdout)


if __name__ == "__main__":
    unittest.main()
