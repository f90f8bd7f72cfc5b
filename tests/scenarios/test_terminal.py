"""A terminal gets letters: what others wrote is shown, never obeyed."""

import json
import os
import subprocess
import unittest

import support

HOSTILE = "\x1b]0;owned\x07\x1b[2J\u009b31m\u202egnp.exe\u2066\u200b\x7f\u2028"
FORBIDDEN = ([chr(code) for code in range(0x20) if code != 0x0A] + [chr(code) for code in range(0x7F, 0xA0)]
             + list("\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069\ufeff"))


class Terminal(support.Scenario):
    def setUp(self):
        super().setUp()
        self.source = self.folder / "odd"
        self.work = self.folder / "work"
        self.source.mkdir()
        environment = dict(os.environ, GIT_AUTHOR_NAME=HOSTILE, GIT_AUTHOR_EMAIL="a@b", GIT_COMMITTER_NAME=HOSTILE,
                           GIT_COMMITTER_EMAIL="a@b", GIT_CONFIG_GLOBAL="/dev/null",
                           GIT_AUTHOR_DATE="2024-02-01T00:00:00Z", GIT_COMMITTER_DATE="2024-02-01T00:00:00Z")

        def git(*arguments, **more):
            subprocess.run(["git", "-C", str(self.source), *arguments], check=True, env=environment,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)

        git("init", "-b", "main")
        titles = ["Begin", f"Faster {HOSTILE} grid (#1)", f"Fix typo {HOSTILE} (#2)", f"Speed up {HOSTILE} (#3)"]
        for number, title in enumerate(titles):
            file = self.source / f"x\x1b[2J{number}.py"
            file.write_text(f"x = {number}\n" * 400)
            git("add", "-A")
            git("commit", "-F", "-", input=f"{title}\n\nBody {HOSTILE}\n".encode())

    def assert_shown(self, result, *words):
        text = result.stdout + result.stderr
        for each in FORBIDDEN:
            self.assertNotIn(each, text, repr(text[-2000:]))
        for word in words:
            self.assertIn(word, text)

    def test_every_output_of_both_programs(self):
        command = ["--source", self.source, "--repo", "own/odd", *support.WINDOW, "--work", self.work, "--log-level",
                   "trace"]
        self.assert_shown(support.fc_data(*command), "funnel")
        log = self.work / "log"
        for number in (1, 2, 3):
            self.assert_shown(support.replay(log, "--audit", f"own/odd#{number}"), "\\u001b", "\\u202e")
            page = support.replay(log, "--audit", f"own/odd#{number}", "--json")
            self.assert_shown(page, "\\u001b", "\\u009b", "\\u202e", "\\u007f")
            self.assertIn(HOSTILE, self.strings(json.loads(page.stdout)))
        dump = support.replay(log, "--dump")
        self.assert_shown(dump, "\\u202e")
        self.assertTrue(any(HOSTILE in self.strings(json.loads(line)) for line in dump.stdout.splitlines()))
        for arguments in (["--funnel"], ["--failures"], ["--spend"], ["--windows"], ["--repositories"], ["--verify"]):
            self.assert_shown(support.replay(log, *arguments))
        for name in (f"own/{HOSTILE}#1", f"{HOSTILE}", f"own/odd#{HOSTILE}"):
            self.assert_shown(support.replay(log, "--audit", name))
        self.assert_shown(support.replay(log, f"--{HOSTILE}"))
        self.assert_shown(support.replay(self.folder / f"no{HOSTILE}", "--verify"))

    def strings(self, value):
        """All texts of a JSON value, one after the other."""
        if isinstance(value, dict):
            return "\n".join(self.strings(each) for each in value.values())
        if isinstance(value, list):
            return "\n".join(self.strings(each) for each in value)
        return value if isinstance(value, str) else ""

    def test_names_that_the_user_gives(self):
        for option in ("--source", "--head", "--tasks", "--policy", "--repositories", f"--{HOSTILE}", "--log-level"):
            self.assert_shown(support.fc_data("--work", self.work, "--source", self.source, *support.WINDOW, option,
                                              HOSTILE))


if __name__ == "__main__":
    unittest.main()
