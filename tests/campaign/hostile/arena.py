"""A place to run the program in: an owner's files that nothing may touch, secrets that nobody may tell, a server."""

import base64
import functools
import hashlib
import http.server
import os
import pathlib
import re
import threading
import urllib.parse

SECRETS = {"source": "hushsource@1/%", "tokens": "hushtoken2", "database": "hushdata3", "model": "hushmodel4",
           "other model": "sk-hushother5", "proxy": "hushproxy6", "index": "hushindex7"}
CANARIES = {"canary.json": '{"project": "hushcanary8", "benchmarks": [], "secret": "hushcanary8"}',
            "canary.txt": "hushcanary9\n", ".netrc": "machine x login y password hushcanary10\n"}
WORDS = ["hushcanary"]

# Fewer pairs and short limits: what hangs has to end, what is honest has to be measured.
LIMITS = {"samples": "3", "screen_pairs": "3", "confirm_pairs": "10", "aa_pairs": "4", "benchmark_timeout_s": "5.0",
          "max_benchmark_timeout_s": "6.0", "survey_budget_s": "20.0", "screen_budget_s": "40.0",
          "confirm_budget_s": "90.0", "build_timeout_s": "40.0", "memory_mb": "600", "processes": "128",
          "default_attempts": "1", "same_fingerprint": "1", "synthesize_images": "1", "harbor_healthcheck": "1"}


def policy(shipped):
    text = pathlib.Path(shipped).read_text()
    for key, value in LIMITS.items():
        text, count = re.subn(rf"(?m)^{key} = .*", f"{key} = {value}", text, count=1)
        if not count:
            raise ValueError(f"{shipped} has no {key}")
    return text


def spellings():
    """How any of the secrets might be written."""
    found = {each.encode() for each in WORDS}
    for secret in SECRETS.values():
        quoted = urllib.parse.quote(secret, safe="")
        found |= {secret.encode(), quoted.encode(), quoted.lower().encode(),
                  base64.b64encode(f"ann:{secret}".encode())}
    return found


def fingerprint(folder):
    """What lies in a folder: names, kinds, modes, times, contents."""
    found = {}
    for root, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(root, name)
            status = os.lstat(path)
            content = ""
            if os.path.isfile(path) and not os.path.islink(path):
                content = hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()
            found[path] = (status.st_mode, status.st_uid, status.st_mtime_ns, status.st_nlink, content)
    return found


class Door(http.server.SimpleHTTPRequestHandler):
    """A repository for those who know the word."""

    def do_GET(self):
        word = base64.b64encode(f"ann:{SECRETS['source']}".encode()).decode()
        if self.headers.get("Authorization") == f"Basic {word}":
            super().do_GET()
            return
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="x"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Arena:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        self.owner, self.home, self.scratch = (self.folder / each for each in ("owner", "home", "tmp"))
        self.work, self.served = self.folder / "work", self.folder / "served"
        self.repository = self.served / "t" / "mini.git"
        for each in (self.owner, self.home, self.scratch, self.repository):
            each.mkdir(parents=True)
        for name, text in CANARIES.items():
            for place in (self.owner, self.home):
                (place / name).write_text(text)
        self.guarded = (self.owner, self.home, self.scratch)

    def serve(self):
        handler = functools.partial(Door, directory=str(self.served))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        word = urllib.parse.quote(SECRETS["source"], safe="")
        return f"http://ann:{word}@127.0.0.1:{self.server.server_port}/t/mini.git"

    def environment(self):
        return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(self.home),
                "TMPDIR": str(self.scratch), "GIT_CONFIG_NOSYSTEM": "1", "GH_TOKENS": SECRETS["tokens"],
                "SUPABASE_DB_URL": f"postgresql://ann:{SECRETS['database']}@127.0.0.1:9/x",
                "FC_MODEL_KEY": SECRETS["model"], "OPENAI_API_KEY": SECRETS["other model"],
                "https_proxy": f"http://ann:{SECRETS['proxy']}@127.0.0.1:9",
                "PIP_INDEX_URL": f"http://ann:{SECRETS['index']}@127.0.0.1:9/simple"}

    def before(self):
        self.seen = [fingerprint(each) for each in self.guarded]

    def touched(self):
        """Paths outside the work folder that are not as they were."""
        found = []
        for was, place in zip(self.seen, self.guarded):
            now = fingerprint(place)
            found += [path for path in sorted(was.keys() | now.keys()) if was.get(path) != now.get(path)]
        strange = set(os.listdir(self.folder)) - {"owner", "home", "tmp", "work", "served", "policy.toml", "out",
                                                  "err", "tables"}
        return found + sorted(strange)


def telling_files(folder, words):
    """Files below a folder whose names or contents hold one of the words."""
    pattern = re.compile(b"|".join(re.escape(each) for each in words))
    found = []
    for root, _, files in os.walk(folder):
        for name in files:
            path = os.path.join(root, name)
            if pattern.search(os.fsencode(path[len(str(folder)):])):
                found.append(path)
            if os.path.islink(path) or not os.path.isfile(path):
                continue
            with open(path, "rb") as file:
                rest = b""
                while block := file.read(16 << 20):
                    if pattern.search(rest + block):
                        found.append(path)
                        break
                    rest = block[-200:]
    return found
