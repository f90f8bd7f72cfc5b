"""The sample judged by a model, which aimock plays: verdicts, cost, reuse after a kill, budgets, failures."""

import json
import os
import pathlib
import re
import signal
import subprocess
import time
import unittest
import urllib.request

import support

PEERS = support.SOURCE / "tests/peers/models"
KEY = "sk-hush-hush-4711"
# All that pass the symbolic rules; of the broken build a model says yes, so that little has to be built.
ASKED = [5, 9, 10, 12, 15, 16, 18, 23, 26, 28, 30]
YES = 18
USAGE = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
# One call, at 2 and 10 USD for a million tokens.
COST = (1000 * 2 + 100 * 10) / 1e6


def says(words, text, **more):
    return {"match": words, "response": {"content": text, "usage": USAGE, **more}}


def fixtures(yes_title):
    """A yes to one title, a no to all others, and a category for the yes."""
    yes = json.dumps({"reasoning": "a loop is gone", "label": "YES"})
    no = json.dumps({"reasoning": "I was told to say so", "label": "NO"})
    category = json.dumps({"category": "use_better_algorithm", "difficulty": "easy", "reasoning": "fewer steps"})
    return [
        says({"userMessage": "Are you there?"}, "YES"),
        says({"userMessage": yes_title, "systemMessage": "Name the one category"}, category),
        says({"userMessage": yes_title}, yes),
        says({"userMessage": "# Title"}, no),
    ]


class Model:
    """aimock on a port of its own."""

    def __init__(self, folder, answers, wait_ms=0):
        file = folder / f"fixtures-{time.monotonic_ns()}.json"
        file.write_text(json.dumps({"fixtures": answers}))
        self.process = subprocess.Popen(["node", PEERS / "serve.mjs", file, KEY, str(wait_ms)], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.url = self.process.stdout.readline().strip()

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=10)
        self.process.stdout.close()

    def asked(self):
        """Bodies of all questions but the check before a run."""
        request = urllib.request.Request(self.url + "/__aimock/journal", headers={"authorization": f"Bearer {KEY}"})
        with urllib.request.urlopen(request, timeout=10) as reply:
            entries = json.load(reply)
        entries = entries if isinstance(entries, list) else entries["entries"]
        bodies = [entry["body"] for entry in entries if entry["path"].endswith("/completions")]
        return [body for body in bodies if "Are you there?" not in json.dumps(body)]


@unittest.skipUnless((PEERS / "node_modules").exists() or os.environ.get("FC_REQUIRE_PEERS") == "1",
                     f"the peers are not installed; run: npm ci --prefix {PEERS}")
class Judge(support.Scenario):
    def model(self, answers=None, wait_ms=0):
        title = subprocess.run(["git", "-C", support.sample(), "log", "--first-parent", "--format=%s%n%b"], text=True,
                               capture_output=True, check=True).stdout
        found = re.search(rf"Merge pull request #{YES} .*\n+(.+)", title) or re.search(rf"(.+) \(#{YES}\)", title)
        self.assertIsNotNone(found, f"the sample has no pull request {YES}")
        model = Model(self.folder, answers or fixtures(found.group(1).strip()), wait_ms)
        self.addCleanup(model.close)
        return model

    def environment(self, model, **more):
        return {**os.environ, "FC_MODEL": "some-model", "FC_MODEL_URL": model.url + "/v1", "FC_MODEL_KEY": KEY,
                "FC_MODEL_PRICE_IN": "2", "FC_MODEL_PRICE_OUT": "10", **more}

    def command(self, work, *arguments):
        return [support.FC_DATA, "--plain", "--source", support.sample(), *support.WINDOW, "--work", work, *arguments]

    def judge(self, model, work, *arguments, **more):
        return support.run(*self.command(work, *arguments), env=self.environment(model, **more))

    def answers(self, work):
        """(number, pass, input) of every answer on record."""
        result = support.replay(work / "log", "--dump")
        self.assertEqual(result.returncode, 0, result.stderr)
        lines = [json.loads(line) for line in result.stdout.splitlines()]
        return [(int(line["stream"].split("#")[1]), line["payload"]["pass"], line["payload"]["input"])
                for line in lines if line["event"] == "ModelAnswered"]

    def verdicts(self, work):
        found = {}
        for number in ASKED:
            events = support.audit(work / "log", number)["events"]
            verdict = [event["payload"]["performance"] for event in events if event["event"] == "Classified"]
            found[number] = verdict[-1] if verdict else None
        return found

    def spent(self, work):
        result = support.replay(work / "log", "--dump")
        lines = [json.loads(line) for line in result.stdout.splitlines()]
        return sum(line["payload"]["cost_usd"] for line in lines if line["event"] == "Spent")

    def assert_no_key(self, work):
        found = subprocess.run(["grep", "-rlaF", KEY, str(work)], capture_output=True, text=True)
        self.assertEqual(found.stdout, "")

    def test_verdicts_and_cost(self):
        model = self.model()
        work = self.folder / "work"
        result = self.judge(model, work)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(self.verdicts(work), {number: number == YES for number in ASKED})
        self.assertEqual(len(model.asked()), len(ASKED) + 1)
        self.assertEqual(len(self.answers(work)), len(ASKED) + 1)
        self.assertRegex(result.stdout, r"classify_prs .* 13 calls, 14300 tokens, \$0.0390")
        self.assertAlmostEqual(self.spent(work), 13 * COST)
        told = support.replay(work / "log", "--audit", f"fc-data/sample#{YES}").stdout
        self.assertIn("some-model", told)
        self.assertIn("use_better_algorithm", told)
        self.assert_verified(work / "log")
        self.assert_no_key(work)
        # Nothing is left to ask, and another prompt asks only what it must.
        self.assertEqual(self.judge(model, work).returncode, 0)
        self.assertEqual(len(model.asked()), len(ASKED) + 1)
        text = (support.SOURCE / "events/policy/default.toml").read_text()
        other = self.folder / "other.toml"
        other.write_text(text.replace("Name the one category", "Briefly: Name the one category"))
        again = self.judge(model, self.folder / "again", "--evidence-from", work / "log", "--policy", other)
        self.assertEqual(again.returncode, 0, again.stdout + again.stderr)
        self.assertEqual(len(model.asked()), len(ASKED) + 2)
        self.assertEqual(self.verdicts(self.folder / "again"), self.verdicts(work))

    def test_an_answer_is_not_paid_twice_after_a_kill(self):
        model = self.model(wait_ms=200)
        work = self.folder / "work"
        in_flight = 2
        kills = 0
        for _ in range(4):
            process = subprocess.Popen([str(each) for each in self.command(work)], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, start_new_session=True,
                                       env=self.environment(model, FC_MODEL_IN_FLIGHT=str(in_flight)))
            before = len(model.asked())
            until = time.monotonic() + 60
            while len(model.asked()) < before + 3 and process.poll() is None and time.monotonic() < until:
                time.sleep(0.02)
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                kills += 1
            process.wait()
        self.assertGreaterEqual(kills, 3)
        result = self.judge(model, work)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        answers = self.answers(work)
        self.assertEqual(len(answers), len(set(answers)), "an answer was asked for twice")
        self.assertEqual(len(answers), len(ASKED) + 1)
        # Only what was on its way when it was killed is asked again.
        self.assertLessEqual(len(model.asked()), len(ASKED) + 1 + kills * in_flight)
        self.assertEqual(self.verdicts(work), {number: number == YES for number in ASKED})
        self.assert_verified(work / "log")

    def test_a_budget_stops_a_run_and_a_higher_one_goes_on(self):
        model = self.model()
        work = self.folder / "work"
        budget = 0.08
        result = self.judge(model, work, "--judge-budget", str(budget), FC_MODEL_IN_FLIGHT="8")
        self.assertEqual(result.returncode, 3, result.stdout + result.stderr)
        self.assertRegex(result.stdout, r"left open:\s+the next question could exceed the judge's budget \(\$0\.0\d+ of")
        self.assertLessEqual(self.spent(work), budget)
        asked = len(model.asked())
        self.assertLess(asked, len(ASKED))
        self.assertGreater(asked, 0)
        # Which ones are left follows from who was faster.
        left = [number for number, verdict in self.verdicts(work).items() if verdict is None]
        self.assertTrue(left)
        for number in left:
            told = support.replay(work / "log", "--audit", f"fc-data/sample#{number}").stdout
            self.assertIn("Still open", told)
        run = re.match(r"run (\w+)", result.stdout).group(1)
        # What was spent before counts.
        same = self.judge(model, work, "--judge-budget", str(budget))
        self.assertEqual(same.returncode, 3, same.stdout + same.stderr)
        self.assertLessEqual(self.spent(work), budget)
        more = self.judge(model, work, "--judge-budget", "5")
        self.assertEqual(more.returncode, 0, more.stdout + more.stderr)
        self.assertIn(f"continuing run {run}", more.stdout)
        answers = self.answers(work)
        self.assertEqual((len(answers), len(set(answers))), (len(ASKED) + 1, len(ASKED) + 1))
        self.assert_verified(work / "log")

    def test_no_such_model(self):
        model = self.model([{"match": {"userMessage": "Are you there?"},
                             "response": {"error": {"message": "The model does not exist", "code": "model_not_found",
                                                    "type": "invalid_request_error"}, "status": 404}}])
        work = self.folder / "work"
        result = self.judge(model, work, FC_MODEL="no-such-model")
        self.assert_fails(result, 1, "no-such-model", "not_found", "it lists")
        self.assertFalse(work.exists(), "nothing may be written")

    def test_a_refused_key_and_a_service_that_is_not_there(self):
        model = self.model()
        work = self.folder / "work"
        result = self.judge(model, work, FC_MODEL_KEY="sk-other")
        self.assert_fails(result, 1, "refuses the key")
        self.assertNotIn("sk-other", result.stderr)
        result = self.judge(model, work, FC_MODEL_URL="http://127.0.0.1:9/v1")
        self.assert_fails(result, 1, "does not answer", "127.0.0.1:9")
        self.assertFalse(work.exists(), "nothing may be written")

    def test_prose_is_no_verdict(self):
        model = self.model([says({"userMessage": "Are you there?"}, "YES"),
                            says({"userMessage": "# Title"}, "I think this one is interesting.")])
        work = self.folder / "work"
        result = self.judge(model, work)
        self.assertEqual(result.returncode, 3, result.stdout + result.stderr)
        self.assertEqual(set(self.verdicts(work).values()), {None})
        story = support.audit(work / "log", 5)
        self.assertEqual(story["outcome"], "failed")
        names = [event["event"] for event in story["events"]]
        self.assertEqual(names.count("ModelAnswered"), 3)
        self.assertAlmostEqual(self.spent(work), (3 * len(ASKED) + 1) * COST)
        self.assert_no_key(work)

    def test_wrong_usage(self):
        for arguments, words in ((["--judge", "model"], ["FC_MODEL"]),
                                 (["--model", "m"], ["--model-url"]),
                                 (["--model", "m", "--model-url", "ftp://x"], ["--model-url", "ftp://x"]),
                                 (["--model", "m", "--model-url", "http://x/v1", "--judge-budget", "1"], ["price"]),
                                 (["--judge-budget", "1"], ["budget", "model"])):
            result = support.run(*self.command(self.folder / "work", *arguments))
            self.assert_fails(result, 2, *words)


if __name__ == "__main__":
    unittest.main(verbosity=2)
