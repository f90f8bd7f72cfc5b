#!/usr/bin/env python3
"""Writes the seeds in corpus/ anew: bytes of events from their golden files,
log entries through flatc, texts as they stand here. Same files each time."""
import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))

DIFF = """diff --git a/src/core.py b/src/core.py
index 1111111..2222222 100644
--- a/src/core.py
+++ b/src/core.py
@@ -1,5 +1,6 @@
 import math
-from mini.old import total, count
+from mini.new import count, total
 def work(xs):
-    \"\"\"Adds.\"\"\"
-    return sum([x * x for x in xs])
+    \"\"\"Adds up.\"\"\"
+    xs = cached(xs)
+    return sum(x * x for x in xs)
"""
ODD_DIFF = """diff --git "a/with \\"quotes\\".md" "b/with \\"quotes\\".md"
similarity index 100%
rename from "with \\"quotes\\".md"
rename to b.md
diff --git a/ci.yml b/ci.yml
new file mode 100644
--- /dev/null
+++ b/ci.yml
@@ -0,0 +1 @@
+# only a comment
\\ No newline at end of file
diff --git a/x.so b/x.so
Binary files a/x.so and b/x.so differ
diff --git a/gone.py b/gone.py
deleted file mode 100644
--- a/gone.py
+++ /dev/null
@@ -1,3 +0,0 @@
--- not a head
-'''
-x = 1
@@ -18446744073709551615,4294967296 +9,99999999999999999999 @@
 y
"""
BODY = """It was slow, see #12, numpy/numpy#7 and https://github.com/a/c/pull/3.
Thanks @someone <some.one@example.org>
```diff
+    return sum(x * x for x in xs)
```
```python
print(1)
```
Signed-off-by: Some One <one@example.org>
"""

LABEL = '{"reasoning": "it caches", "label": "YES"}'
CATEGORY = '{"category":"cache_and_reuse","difficulty":"easy","reasoning":"r"}'

PULL = {
    "__typename": "PullRequest", "id": "PR_1", "number": 1, "title": "Faster",
    "body": "Fixes #2", "state": "MERGED", "createdAt": "2026-01-01T01:00:00Z",
    "updatedAt": "2026-01-01T03:00:00Z", "mergedAt": "2026-01-01T02:00:00Z",
    "closedAt": "2026-01-01T02:00:00Z", "baseRefName": "main",
    "baseRefOid": "1" * 40, "headRefOid": "2" * 40, "additions": 3,
    "deletions": 1, "changedFiles": 1,
    "author": {"__typename": "User", "login": "someone"},
    "mergeCommit": {"oid": "3" * 40}, "labels": {"nodes": [{"name": "perf"}]},
    "files": {"totalCount": 1, "nodes": [
        {"path": "a.py", "additions": 3, "deletions": 1,
         "changeType": "RENAMED"}]},
    "closingIssuesReferences": {"totalCount": 2, "nodes": [
        {"id": "I_1", "number": 2, "repository": {"nameWithOwner": "a/b"}}]},
}
CARD = {
    "id": "R_1", "nameWithOwner": "a/b", "stargazerCount": 5, "isFork": False,
    "isArchived": False, "isPrivate": False, "createdAt": "2020-01-01T00:00:00Z",
    "pushedAt": "2026-01-01T00:00:00Z", "description": "d",
    "primaryLanguage": {"name": "Python"},
    "defaultBranchRef": {"name": "main", "target": {"oid": "4" * 40}},
    "repositoryTopics": {"nodes": [{"topic": {"name": "numpy"}}]},
    "mergedPullRequests": {"totalCount": 9},
}
LIMIT = {"cost": 1, "limit": 5000, "remaining": 4999,
         "resetAt": "2026-11-01T01:00:00Z"}
JSON_HEAD = "200\ncontent-type: application/json\n"
SPENT = JSON_HEAD.replace("200", "403") + (
    "x-ratelimit-remaining: 0\nx-ratelimit-reset: 1793494800\n"
    "date: Sun, 01 Nov 2026 00:00:00 GMT\n\n")


def page(data, head=JSON_HEAD, **more):
    return head + "\n" + json.dumps({"data": data, **more})


def pulls(more, cursor):
    return {"nodes": [PULL, None, {"__typename": "Issue"}] if more else [PULL],
            "pageInfo": {"hasNextPage": more, "endCursor": cursor}}


def github(what, *answers):
    return what + "\n" + "\n--\n".join(answers)


def timing(**more):
    sample = {"wall": 0.5, "cpu": 0.4, "wait": 0.01}
    return json.dumps({
        "name": "bench.time_it", "params": [], "status": "ok", "error": "",
        "first": 0.6, "samples": [sample, sample], "number": 2,
        "shadowed": [], "token": "0123456789abcdef",
        "outside": {"claimed": 1, "cpu": 0.9, "wall": 1.1, "resolution": 0},
        **more})


SURVEY = json.dumps({
    "benchmarks": [{
        "name": "bench.time_it", "params": ["1", 2], "kind": "time",
        "status": "ok", "error": "", "reach": "function", "executed": ["f"],
        "singles": [0.1, None], "loop": [0.1], "worn": [0.2], "number": 3,
        "timeout": 60, "seconds": 1, "setup_cache": None}],
    "import_errors": [{"module": "m", "error": "no numpy"}],
    "modules": 2, "complete": True, "ignored": ["pretty_name"]})
TARGETS = json.dumps({
    "base": {"functions": [{"file": "a.py", "qualname": "f"}],
             "modules": ["a.py"]},
    "patched": {"functions": [], "modules": []}, "files": ["a.py"],
    "other": []})

DECLARED = json.dumps({
    "package_root": ".", "root_reason": "pyproject.toml", "name": "mini",
    "files": ["pyproject.toml"], "version": "1.0", "requires_python": ">=3.9",
    "python_fits": True, "build_backend": "setuptools.build_meta",
    "build_requires": [{"requirement": "cython>=3", "name": "cython",
                        "state": "missing", "installed": ""}],
    "requirements": [{"requirement": "numpy", "name": "numpy",
                      "state": "present", "installed": "1.24"}],
    "requirements_known": True, "extras": ["all"], "extensions": False,
    "bad": [{"requirement": "x y", "reason": "no name"}], "notes": []})

ASV = """{
  // The project, and a "quoted" word
  "version": 1, /* block, with , } inside */
  project: 'mini', "pythons": ["3.8", 3.11,], benchmark_dir: "b\\x65nch",
  "default_benchmark_timeout": .5e2, repo_subdir: "a\\
b", hash_length: 0x1F, show_commit_url: -Infinity, exclude: [NaN, +1],
  "matrix": {"req": {"numpy": ["1.21", "", null]},
             "env": {"A": ["1"], "LD_PRELOAD": "x", "PATH": "y"},
             "env_nobuild": {"B": [2, "3"], }},
}
"""

REFUSAL = ('429\nretry-after: 6m0s\nx-ratelimit-remaining-requests: 0\n'
           'x-ratelimit-reset-requests: 1h2m\nx-should-retry: true\n'
           'date: Sun, 01 Nov 2026 00:00:00 GMT\n\n'
           '{"error":{"message":"slow down","type":"rate_limit_error",'
           '"code":429}}')

TEXTS = {
    "canary": {"promise": "promise", "address": "address",
               "undefined": "undefined"},
    "text": {
        "plain": "\x05numpy arrays, and numpy",
        "wide": "\x04Z\u00fcrich \u65e5\u672c \U0001f40d\ufeff\u202e\u2028",
        "controls": "\x02a\x00b\x1b[31m\t\n\r\x7f\u0085",
        "broken": b"\x03\xff\xc3(\xed\xa0\x80\xf4\x90\x80\x80\xf0\x9f\x90",
        "term": "\x08vector of vector-of, VECTOR OF",
    },
    "address": {
        "https": "https://user:pass%40word@example.org/a/b.git?token=secret1#x",
        "ssh": "ssh://git@github.com/a/b.git", "scp": "git@github.com:a/b.git",
        "nested": "see http://u:p@h/ and https://x:y@http://q:r@host/z",
        "broken": "https:/user:word@host", "ipv6": "http://[::1]:80/a/b",
        "database": "postgresql://u:p%2F@host:5432/db?sslmode=require",
        "keywords": "host=h password='two words' user=u",
        "repository": "some-owner/a.name", "pull": "some-owner/a.name#12",
        "day": "2024-02-29", "time": "2024-01-31T12:00:00Z",
        "edge": "1677-09-21T00:12:44Z", "digest": "0f" * 32,
        "link": '<https://api.github.com/x?page=2>; rel="next", <y>; rel=last',
    },
    "json": {
        "all": '{"a": [1, -2.5e-3, true, false, null, "\\u00e9\\n"], "b": {}}',
        "halves": '["\\ud83d\\ude00", "\\ud800", "\\udc00x", "\\\\ud800"]',
        "deep": "[" * 9 + "]" * 9, "number": "1e999", "cut": '{"a": [1, ',
        "broken": b'{"a\xff": "\xed\xa0\x80\x00"}',
        "big": "[18446744073709551615, -9223372036854775808, 0.1e-400]",
    },
    "toml": {
        "all": 'a.b."c.d" = 1_000\n[t]\nx = [1, 2, {y = "z"}]\n'
               'd = 2024-01-31T12:00:00Z\nf = inf\n[[l]]\ns = """m\n\\u00e9"""\n',
        "dots": ".".join("abcdefghijklmnopqrst") + " = 1",
        "quotes": "a = '''x\n'''\nb = 'a.b.c' # c.d\n'q.r' = \"\\\"\"\n",
        "broken": b"a = \"\xff\"\n[a\n",
    },
    "policy": {"cut": "[symbolic]\nstrict = true\npositive = [\"faster\"]\n",
               "odd": "symbolic = 1\n[gate]\ndelta = nan\n"},
    "asv_config": {"all": ASV, "plain": '{"project": "a\\ud800b"}',
                   "mark": "\ufeff{}", "cut": "{a: 'b\\", "number": "[1e999]"},
    "bench_answers": {
        "survey": "s" + SURVEY, "targets": "t" + TARGETS, "timing": "f" + timing(),
        "waited": "w" + timing(), "failed": "f" + timing(status="error"),
        "shadowed": "f" + timing(shadowed=[{"module": "m", "file": "f"}]),
        "others": "f" + timing(params=["x"], number=None),
        "modules": 's{"benchmarks": [], "modules": 12.5}',
        "prepare": 'p{"errors": [{"name": "b", "error": "no"}], "token": "x"}',
    },
    "diff": {
        "python": DIFF + "\0Faster work (#1)\0" + BODY, "odd": ODD_DIFF,
        "both": DIFF + ODD_DIFF + "\0Speed up\0" + DIFF,
    },
    "model_answer": {
        "label": "l" + LABEL, "thoughts": "l<think>NO</think>\n**YES**, faster",
        "prose": "l```json\n" + LABEL + "\n```\nLabel: NO", "line": "lAnswer: no.",
        "category": "c" + CATEGORY,
        "lines": "cCategory: Cache and reuse\nDifficulty: *hard*\n",
        "openai": "o" + json.dumps({
            "model": "m", "choices": [{"message": {"content": LABEL},
                                       "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 5, "completion_tokens": 7}}),
        "anthropic": "a" + json.dumps({
            "type": "message", "model": "m", "stop_reason": "end_turn",
            "content": [{"type": "thinking"}, {"type": "text", "text": LABEL}],
            "usage": {"input_tokens": 10, "cache_read_input_tokens": None,
                      "output_tokens": 7}}),
        "models": 'm{"data": [{"id": "m-1"}]}', "refusal": "r" + REFUSAL,
        "dated": "r503\nretry-after: Sun, 01 Nov 2026 07:28:00 GMT\n\n"
                 '{"object":"error","message":"down","code":503}',
        "duration": "d1h2m59.5s120ms",
    },
    "github_pages": {
        "listing": github("l", page({"rateLimit": LIMIT,
                                     "search": pulls(False, None)}),
                          page({"rateLimit": LIMIT, "r0": CARD,
                                "c0": {"issueCount": 1}})),
        "pages": github("l", page({"search": pulls(True, "c1")}),
                        page({"search": pulls(False, None)}),
                        page({"r0": CARD, "c0": {"issueCount": 1500}}),
                        page({"repository": {"pullRequests":
                                             pulls(False, None)}})),
        "cards": github("c", page({"rateLimit": LIMIT, "r0": CARD, "r1": None,
                                   "c0": {"issueCount": 3}},
                                  errors=[{"type": "NOT_FOUND", "path": ["r1"],
                                           "message": "Could not resolve"}])),
        "numbers": github("n", page({"repository": {"p0": PULL, "p1": None}})),
        "issues": github("i", page({"nodes": [{"id": "I_1", "title": "slow"},
                                              None]})),
        "diff": github("d", "200\n\n" + DIFF),
        "files": github("d", JSON_HEAD.replace("200", "406") + "\n{}",
                        JSON_HEAD + "\n" + json.dumps([
                            {"filename": "a.py", "status": "renamed",
                             "previous_filename": "b \"c\".py", "changes": 1,
                             "patch": "@@ -1 +1 @@\n-a\n+b"},
                            {"filename": "x.so", "changes": 1}, 7])),
        "limited": github("r", SPENT + '{"message":"API rate limit exceeded"}'),
        "waits": github("n", SPENT + '{"message":"secondary rate limit"}',
                        page({"repository": {"p0": PULL}})),
        "heavy": github("i", page(None, errors=[
            {"message": "Something went wrong while executing your query"}])),
        "page": github("r", "502\ncontent-type: text/html\n\n<html>Unicorn"),
    },
    "metadata": {
        "pyproject": 'f\n[project]\nrequires-python = ">=3.9" # c\n',
        "cfg": "f\n[options]\npython_requires = >=3.8, !=3.9.1 ; c\n",
        "setup": "fsetup(name='x', python_requires='>=3.7', x=python_requires)",
        "declared": "d" + DECLARED, "failed": "d!Traceback\nValueError: x",
        "log": "lx.c:1:2: error: no\nfatal: not a git repository\n"
               "ModuleNotFoundError: No module named 'numpy'\nERROR: x\n^~~~\n",
    },
}


def write(folder, name, data):
    place = os.path.join(HERE, "corpus", folder)
    os.makedirs(place, exist_ok=True)
    with open(os.path.join(place, name), "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())


def tags():
    """Number of an event by its name, as the headers have it."""
    found = {}
    for folder in ("events", "events/failures"):
        for file in os.listdir(os.path.join(TOP, folder)):
            if file.endswith(".hpp"):
                with open(os.path.join(TOP, folder, file)) as source:
                    for tag, name in re.findall(
                            r"tag = (\d+);.*?name = \"(\w+)\";", source.read(),
                            re.DOTALL):
                        found[name] = int(tag)
    return found


def write_events():
    golden = os.path.join(TOP, "tests/events/golden")
    numbers = tags()
    for file in sorted(os.listdir(golden)):
        parts = re.fullmatch(r"(\w+)V(\d+)(-\d+)?\.hex", file)
        if parts:
            with open(os.path.join(golden, file)) as text:
                payload = bytes.fromhex(text.read())
            head = struct.pack("<HB", numbers[parts[1]], int(parts[2]))
            write("event", file[:-len(".hex")], head + payload)
    write("event", "unknown", struct.pack("<HB", 9999, 1) + b"x")


def envelope(fields):
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "x.json")
        with open(source, "w") as file:
            json.dump(fields, file)
        subprocess.run(
            ["flatc", "--binary", "--root-type", "fbs.RecordV1", "-o", folder,
             os.path.join(TOP, "schemas/record.fbs"), source], check=True)
        with open(os.path.join(folder, "x.bin"), "rb") as file:
            return file.read()


def write_log():
    for name, more in (
            ("plain", {}),
            ("full", {"policy": list(range(32)), "causation": 3,
                      "run": "run-1", "node": "node", "version": 2})):
        raw = envelope({
            "position": 1, "stream": "pr/a/b#1", "sequence": 1, "tag": 100,
            "version": 1, "event_id": list(range(16)), "recorded_at_ns": 5,
            "payload": list(b"payload"), **more})
        chain = hashlib.sha256(bytes(32) + raw).digest()
        write("log_entry", name, b"\1\1" + chain + raw)
    write("log_entry", "newer", b"\1\2" + bytes(64))
    write("log_entry", "position_key", b"\0" + struct.pack(">Q", 7))
    write("log_entry", "stream_key", b"\0pr/a/b#1\0" + struct.pack(">I", 7))
    write("log_entry", "blob_head", b"\0fc-blob\n" + struct.pack(">Q", 7))
    write("log_storage", "sound", b"")
    for what in range(6):
        for family in range(3):
            given = b"\7\1\0\0\0\0\0\0"
            write("log_storage", "damage-%d-%d" % (what, family),
                  bytes((what, family, 1, len(given))) + given)


def main():
    shutil.rmtree(os.path.join(HERE, "corpus"), ignore_errors=True)
    for folder, seeds in TEXTS.items():
        for name, data in seeds.items():
            write(folder, name, data)
    write_events()
    write_log()
    os.symlink("../../../../events/policy/default.toml",
               os.path.join(HERE, "corpus/policy/default.toml"))


if __name__ == "__main__":
    main()
