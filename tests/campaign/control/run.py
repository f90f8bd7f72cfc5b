"""A/A runs: base against base, several times over; whatever is published is a fault.

Runs `fc-data --control` over the shipped sample and over a repository of suites that behave badly in the ways that
real ones do: caches, limits that some processes exceed, a twin that fails, noise that differs between processes. Then those suites
once with faster code: a lost control is not a quiet one, so that nothing is published where the twin fails.
Prints a line for each run and what is wrong; exit 0 only if nothing is.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import typing

SOURCE = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(SOURCE / "tests/support"))
import tree  # noqa: E402

# The sides have the same paths within the sandbox; what lies behind them tells the twin.
HEAD = ("import random, time\nfrom mini import work\n\nwith open('/proc/self/mountinfo') as file:\n"
        "    TWIN = '/twin/' in file.read().replace(' ', '/')\n\n")
BODY = "    def time_work(self{more}):\n        work(2000)\n"


class Suite(typing.NamedTuple):
    """A suite's text, and the outcomes that a run over it may have."""
    text: str
    same: set  # base against base
    faster: set  # base against faster code


REJECTED, FAILED, PUBLISHED = {"rejected"}, {"failed"}, {"published"}
SUITES = {
    "plain": Suite(HEAD + "class Core:\n" + BODY.format(more=""), REJECTED, PUBLISHED),
    "cache": Suite(HEAD + "class Core:\n    def setup_cache(self):\n        time.sleep(0.3)\n        return [1]\n"
                   + BODY.format(more=", cache"), REJECTED, PUBLISHED),
    "cache, and the twin has none":
        Suite(HEAD + "class Core:\n    def setup_cache(self):\n        assert not TWIN\n        return 1\n"
              + BODY.format(more=", cache"), REJECTED | FAILED, REJECTED | FAILED),
    "the twin fails": Suite(HEAD + "class Core:\n    def setup(self):\n        assert not TWIN\n"
                            + BODY.format(more=""), REJECTED | FAILED, REJECTED | FAILED),
    "the twin fails at times":
        Suite(HEAD + "class Core:\n    def setup(self):\n        assert not TWIN or random.random() < 0.5\n"
              + BODY.format(more=""), REJECTED | FAILED, REJECTED | FAILED),
    "limits are exceeded at times":
        Suite(HEAD + "class Core:\n    timeout = 2\n    def setup(self):\n        if random.random() < 0.1:\n"
              "            time.sleep(9)\n" + BODY.format(more=""), REJECTED | FAILED, REJECTED | FAILED | PUBLISHED),
    "noise by process":
        Suite(HEAD + "SLOW = random.choice((1, 2))\nclass Core:\n    def time_work(self):\n        work(1500 * SLOW)\n",
              REJECTED, REJECTED | FAILED | PUBLISHED),
    "the twin is slower than what is gained":
        Suite(HEAD + "class Core:\n    def time_work(self):\n        work(4000 if TWIN else 2000)\n", REJECTED,
              REJECTED),
}


def make_odd(repository):
    """One pull request for each of the suites; returns {number: kind}."""
    tree.git(repository.parent, "init", "-q", "-b", "main", str(repository))
    little = tree.SLOW.replace("range(n)", "range(n - n // 4)")
    pulls = [tree.Pull(kind, {"benchmarks/bench_core.py": suite.text}, core=little if "gained" in kind else tree.FAST)
             for kind, suite in SUITES.items()]
    tree.write(repository, pulls)
    return {each.number: each.kind for each in pulls}


class Campaign:
    def __init__(self, arguments, folder):
        self.bin = pathlib.Path(arguments.bin).resolve()
        self.folder, self.tasks, self.wrong = folder, arguments.tasks, []
        self.sample, self.odd = folder / "sample", folder / "odd"
        subprocess.run(["/usr/bin/python3", "-B", SOURCE / "tools/sample/make_sample.py", self.sample], check=True,
                       stdout=subprocess.DEVNULL)
        self.kinds = make_odd(self.odd)

    def fail(self, what):
        self.wrong.append(what)
        print("WRONG " + what, flush=True)

    def replay(self, work, *arguments):
        result = subprocess.run([self.bin / "fcreplay", "--log", work / "log", *arguments], capture_output=True,
                                check=True)
        return json.loads(result.stdout)

    def trials(self, name, source, *more):
        """One run; its pull requests as their audits tell them."""
        work = self.folder / name
        command = [self.bin / "fc-data", "--plain", "--source", source, "--work", work, "--data",
                   SOURCE / "tools", "--index", "none", "--judge", "rules", "--start-date", "2024-01-01", "--end-date",
                   "2025-01-01", *more]
        begun = time.monotonic()
        result = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, text=True)
        if result.returncode not in (0, 3):
            self.fail(f"{name}: exit code {result.returncode}: {result.stderr[-500:]}")
        pulls = self.pulls(work)
        ends, timed = {}, 0
        for pull in pulls:
            ends[pull["outcome"]] = ends.get(pull["outcome"], 0) + 1
            if "Trialled" in [each["event"] for each in pull["events"]]:
                timed += 1
        files = list((work / "dataset/data").glob("*.parquet"))
        if files and not ends.get("published"):
            self.fail(f"{name}: the dataset holds {files}")
        print(f"{name}: exit {result.returncode}, {timed} trials, {ends}, {time.monotonic() - begun:.0f} s", flush=True)
        if not timed:
            self.fail(f"{name}: no trial at all: {result.stderr[-500:]}")
        subprocess.run(["rm", "-rf", work], check=True)
        return pulls

    def pulls(self, work):
        tables = self.folder / "tables"
        subprocess.run([self.bin / "fcreplay", "--log", work / "log", "--project", "jsonl", "--to", tables],
                       check=True, capture_output=True)
        names = [json.loads(line) for line in (tables / "pull_requests.jsonl").read_text().splitlines()]
        subprocess.run(["rm", "-rf", tables], check=True)
        found = []
        for each in names:
            name = f"{each['owner']}/{each['repo']}#{each['issue_number']}"
            story = self.replay(work, "--audit", name, "--json")
            found.append({"name": name, "number": int(each["issue_number"]), "outcome": story["outcome"],
                          "why": f"{story['rule']}: {story['explanation']}"[:200], "events": story["events"]})
        return found

    def check_odd(self, name, expected, *more):
        pulls = self.trials(name, self.odd, "--repo", "t/mini", *more)
        for pull in pulls:
            kind = self.kinds[pull["number"]]
            print(f"      {kind}: {pull['outcome']}, {pull['why']}", flush=True)
            if pull["outcome"] not in getattr(SUITES[kind], expected):
                self.fail(f"{name}: {kind} is {pull['outcome']}")
        if len(pulls) != len(SUITES):
            self.fail(f"{name}: {len(pulls)} pull requests of {len(SUITES)}")

    def run(self, runs):
        for number in range(1, runs + 1):
            tasks = ["--tasks", self.tasks] if self.tasks else []
            for pull in self.trials(f"sample-{number}", self.sample, "--control", *tasks):
                if pull["outcome"] == "published":
                    self.fail(f"sample-{number}: {pull['name']} is published: {pull['why']}")
            self.check_odd(f"odd-{number}", "same", "--control")
        self.check_odd("faster", "faster")
        print(f"{runs} A/A runs of each: {len(self.wrong)} wrong")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="A/A runs of each source [5]")
    parser.add_argument("--tasks", help="of the sample, as fc-data takes them [all]")
    parser.add_argument("--bin", default=SOURCE / "build/release/bin", help="folder of fc-data and fcreplay")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fc-control-") as folder:
        campaign = Campaign(arguments, pathlib.Path(folder))
        campaign.run(arguments.runs)
        return 1 if campaign.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
