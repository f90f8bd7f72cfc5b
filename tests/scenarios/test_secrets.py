"""What opens doors is told to nobody: a different secret in every place, then a search of all that a run leaves."""

import base64
import functools
import glob
import http.server
import os
import subprocess
import threading
import time
import unittest
import urllib.parse

import support

SECRETS = {
    "source": "hush@source/1%",
    "index": "hushindex2",
    "tokens": "hushtoken3",
    "model": "hushmodel4",
    "database": "hushdata5",
    "proxy": "hushproxy6",
    "bigquery": "hushquery7",
    "parameter": "hushparam8",
    "list": "hushlist9",
}


def spellings(secret):
    quoted = urllib.parse.quote(secret, safe="")
    return {secret.encode(), quoted.encode(), quoted.lower().encode(),
            base64.b64encode(f"ann:{secret}".encode())}


ALL = set().union(*(spellings(each) for each in SECRETS.values()))


class Door(http.server.SimpleHTTPRequestHandler):
    """A repository for those who know the word."""

    def do_GET(self):
        word = base64.b64encode(f"ann:{SECRETS['source']}".encode()).decode()
        if self.headers.get("Authorization") != f"Basic {word}":
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="x"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        super().do_GET()

    def log_message(self, *_):
        pass


class Watch(threading.Thread):
    """Reads the arguments of every process of the machine again and again."""

    def __init__(self):
        super().__init__(daemon=True)
        self.seen = {}
        self.ended = threading.Event()

    def run(self):
        while not self.ended.is_set():
            for path in glob.glob("/proc/[0-9]*/cmdline"):
                try:
                    with open(path, "rb") as file:
                        text = file.read()
                except OSError:
                    continue
                if any(each in text for each in ALL):
                    self.seen.setdefault(int(path.split("/")[2]), []).append((time.monotonic(), text))
            time.sleep(0.002)


class Secrets(support.Scenario):
    def setUp(self):
        super().setUp()
        self.work = self.folder / "work"
        served = self.folder / "served"
        bare = served / "own" / "sample.git"
        bare.parent.mkdir(parents=True)
        subprocess.run(["git", "clone", "--quiet", "--bare", str(support.sample()), str(bare)], check=True)
        subprocess.run(["git", f"--git-dir={bare}", "update-server-info"], check=True)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Door, directory=served))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.shutdown)
        self.place = f"127.0.0.1:{server.server_port}"
        self.environment = dict(
            os.environ, PIP_INDEX_URL=f"http://ann:{SECRETS['index']}@127.0.0.1:9/simple",
            GH_TOKENS=SECRETS["tokens"], FC_MODEL_KEY=SECRETS["model"], FC_BIGQUERY_TOKEN=SECRETS["bigquery"],
            https_proxy=f"http://ann:{SECRETS['proxy']}@127.0.0.1:9",
            SUPABASE_DB_URL=f"postgresql://ann:{SECRETS['database']}@x@127.0.0.1:9/x")

    def source(self):
        word = urllib.parse.quote(SECRETS["source"], safe="")
        return f"http://ann:{word}@{self.place}/own/sample.git"

    def assert_clean(self, text, what):
        for each in ALL:
            self.assertNotIn(each, text, what)

    def assert_clean_folder(self, folder):
        count = 0
        for root, _, files in os.walk(folder):
            self.assert_clean(root.encode(), "a name")
            for name in files:
                path = os.path.join(root, name)
                self.assert_clean(name.encode(), "a name")
                if os.path.isfile(path):
                    with open(path, "rb") as file:
                        self.assert_clean(file.read(), path)
                    count += 1
        self.assertGreater(count, 10)

    def test_a_whole_run_tells_none(self):
        watch = Watch()
        watch.start()
        own = subprocess.Popen(
            [str(support.FC_DATA), "--plain", "--work", str(self.work), "--source", self.source(), "--tasks",
             "own/sample#16,own/sample#2", "--log-level", "trace"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=self.environment, stdin=subprocess.DEVNULL)
        first = own.stdout.readline()
        begun = time.monotonic()
        output = first + own.stdout.read()
        own.wait()
        watch.ended.set()
        watch.join()
        self.assertEqual(own.returncode, 0, output.decode())
        # Until it has read its own arguments they are what the caller made them.
        late = {pid: [text for at, text in all_of if pid != own.pid or at > begun]
                for pid, all_of in watch.seen.items()}
        self.assertFalse({pid: texts for pid, texts in late.items() if texts})
        self.assert_clean(output, "output")
        self.assert_clean_folder(self.work)
        log = self.work / "log"
        for arguments in (["--dump"], ["--audit", "own/sample#16"], ["--audit", "own/sample#16", "--json"],
                          ["--failures"], ["--spend"], ["--project", "jsonl", "--to", self.folder / "jsonl"]):
            result = support.run(support.FCREPLAY, "--log", log, *arguments, env=self.environment)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assert_clean((result.stdout + result.stderr).encode(), arguments)
        self.assert_clean_folder(self.folder / "jsonl")
        # Again: the clone is brought up to date, not made anew.
        again = support.fc_data("--work", self.work, "--source", self.source(), "--tasks", "own/sample#16,own/sample#2",
                                env=self.environment)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(len(list((self.work / "repositories").glob("*.git"))), 1)

    def assert_refused(self, *command):
        result = support.run(*command, env=self.environment)
        self.assertNotEqual(result.returncode, 0)
        lines = (result.stdout + result.stderr).splitlines()
        self.assertTrue(lines)
        self.assert_clean((result.stdout + result.stderr).encode(), command)

    def test_errors_tell_none(self):
        listed = self.folder / "list.txt"
        listed.write_text(f"https://ann:{SECRETS['list']}@github.com/no name\n")
        rows = self.folder / "rows.jsonl"
        rows.write_text(f'{{"repo_name": "https://ann:{SECRETS["list"]}@example.org/x"}}\n')
        window = ["--work", self.work, *support.WINDOW]
        wrong = SECRETS["parameter"]
        for source in (f"http://ann:{wrong}@{self.place}/own/sample.git", f"http://{wrong}@{self.place}/own/sample",
                       f"http://{self.place}/own/sample.git?private_token={wrong}", f"ssh://ann:{wrong}@{self.place}/x",
                       f"ann:{wrong}@{self.place}:own/sample", f"https://ann:{wrong}@no.invalid/own/sample",
                       f"https://ann:%0a{wrong}@{self.place}/x"):
            self.assert_refused(support.FC_DATA, "--source", source, *window)
        self.assert_refused(support.FC_DATA, "--repositories", f"list:{listed}", *window)
        self.assert_refused(support.FC_DATA, "--repositories", f"jsonl:{rows}", *window)
        self.assert_refused(support.FC_DATA, "--repositories", f"https://ann:{wrong}@github.com/x", *window)
        self.assert_refused(support.FC_DATA, "--github-git", f"https://ann:{wrong}@github.com/x", "--repositories",
                            "a/b", *window)
        checked = support.run(support.FC_DATA, "--preflight", "--source", self.source(), *window, env=self.environment)
        self.assert_clean((checked.stdout + checked.stderr).encode(), "preflight")

    def test_database_addresses_are_not_echoed(self):
        log = support.measured() / "log"
        word = SECRETS["database"]
        for address in (f"postgresql://ann:{word}@x@127.0.0.1:9/x", f"postgresql://ann:{word}/y@127.0.0.1:9/x",
                        f"postgresql://ann:{word}%zz@127.0.0.1:9/x", f"postgresql://ann:{word}@127.0.0.1:9/x?{word}",
                        f"postgresql://ann:x@127.0.0.1:{word}/x", f"password={word} host", f"{word}",
                        f"postgresql://ann:{word}@[::1/x"):
            self.environment["SUPABASE_DB_URL"] = address
            self.assert_refused(support.FCREPLAY, "--log", log, "--project", "supabase")


if __name__ == "__main__":
    unittest.main()
