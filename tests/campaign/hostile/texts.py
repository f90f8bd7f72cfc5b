"""Kinds of hostile pull requests that need no program: texts, configurations, metadata, histories."""

import json

from tree import CLEAN, CONF, PYPROJECT, Pull, bomb

ODD = {"escapes": "\x1b]0;owned\x07\x1b[2J\x9b31m\x7f", "direction": "\u202egnp.exe\u2066\u200b\u2028\ufeff",
       "bytes": b"\xff\xfe\xed\xa0\x80\xc3(".decode("utf-8", "surrogateescape"), "NUL": "a\0b", "carets": "^" * 3000,
       "markup": "<script>alert(1)</script>{{x}}%s%n`$(id)`'; DROP TABLE pull_requests; --"}


def titles(owner):
    for what, text in ODD.items():
        yield Pull(f"title and body: {what}", {}, title=f"Speed up {text} work",
                   body=f"Closes #3\n\n{text}\nCo-authored-by: {text} <{text}@x>\n")
    for what, title, body in (
            ("a line of megabytes", "Speed up " + "x" * (2 << 20), "y" * (3 << 20)),
            ("400,000 references", "Speed up", " ".join(f"#{i}" for i in range(400000))),
            ("400,000 references elsewhere", "Speed up", "\n".join(f"fixes o/r#{i}" for i in range(400000))),
            ("a title of references", "Speed up " + " ".join(f"(#{i})" for i in range(900000, 960000)), ""),
            ("a million lines", "Speed up", "\n" * 1000000),
            ("brackets", "Speed up " + "(" * 200000, "[" * 200000 + "](" * 99999),
            ("addresses", "Speed up", "https://a@" * 100000)):
        yield Pull(f"texts: {what}", {}, title=title, body=body)


def names(owner):
    for what, text in ODD.items():
        if what != "NUL":
            name = text.replace("/", "-")[:200]
            yield Pull(f"file names: {what}", {f"mini/{name}.py": "x = 1\n", f"benchmarks/bench_{name}.py": CLEAN[
                "benchmarks/bench_core.py"], f"{name}/{name}": "x\n"})
    yield Pull("file names: lines", {"mini/a\nb\r\t.py": "x = 1\n", "mini/ .py": "x = 1\n", "mini/-rf.py": "x\n",
                                     '"': "x\n", "--help": "x\n"})
    yield Pull("file names: depth", {"/".join(["d"] * 1500) + "/x.py": "x = 1\n"})
    yield Pull("file names: 20,000 of them", {f"mini/n{i}.py": f"x = {i}\n" for i in range(20000)})
    yield Pull("sources: a line of megabytes", {"mini/core.py": f"{CLEAN['mini/core.py']}x = '{'x' * (5 << 20)}'\n"})
    yield Pull("sources: depth", {"mini/more.py": "x = " + "(" * 100000 + "1" + ")" * 100000 + "\n",
                                  "mini/minus.py": "x = " + "-" * 500000 + "1\n"})
    yield Pull("sources: depth of the suite", {"benchmarks/bench_more.py": "x = " + "[" * 100000 + "]" * 100000 + "\n"})
    yield Pull("sources: NUL", {"mini/more.py": b"x = 1\0\n".decode(), "benchmarks/bench_more.py": "\0" * 1000})


def configurations(owner):
    nested = "[" * 200000
    for what, text in {
            "nested": nested, "nested and closed": nested + "]" * 200000,
            "nested value": CONF.replace("}", f', "matrix": {nested}{"]" * 200000}}}'),
            "nested objects": '{"a":' * 200000, "a long value": CONF.replace('"mini"', json.dumps("m" * 40000)),
            "a long key": CONF.replace('"project"', json.dumps("m" * 40000)), "comments": "/*" * 100000 + CONF,
            "a long number": CONF.replace(': 1,', f': {"1" * 400000},'), "NUL": CONF.replace("mini", "m\\u0000i"),
            "surrogate": CONF.replace("mini", "m\\ud800"), "a null": "null", "nothing": "",
            "bytes": b"\xff\xfe\x00\x01".decode("utf-8", "surrogateescape")}.items():
        yield Pull(f"configuration: {what}", {"asv.conf.json": text})
    for what, more in {
            "suite elsewhere": {"benchmark_dir": owner}, "suite upwards": {"benchmark_dir": "../../../../../.."},
            "package elsewhere": {"repo_subdir": "../../.."}, "package of the owner": {"repo_subdir": owner},
            "commands": {"build_command": [f"touch {owner}/written"], "install_command": [f"touch {owner}/written"]},
            "loader": {"matrix": {"env": {"LD_PRELOAD": f"{owner}/canary.txt", "PATH": owner, "PYTHONPATH": owner,
                                          "FC_LOG": owner, "PYTHONSTARTUP": owner, "BASH_ENV": owner}}},
            "a wide matrix": {"matrix": {"req": {f"p{i}": [str(j) for j in range(50)] for i in range(50)}}},
            "options for tools": {"matrix": {"req": {"--find-links=http://127.0.0.1:9": [""], "-r /etc/passwd": [""]}}},
            "pythons": {"pythons": ["../../bin/sh", "3." + "9" * 40000]}}.items():
        yield Pull(f"configuration: {what}", {"asv.conf.json": json.dumps({**json.loads(CONF), **more})})
    yield Pull("configuration: 200 MB", {"asv.conf.json": CONF + " " * (200 << 20)}, slow=True)


def metadata(owner):
    def project(line):
        return PYPROJECT.replace('version = "1.0"\n', 'version = "1.0"\n' + line + "\n")

    for what, text in {
            "nested": PYPROJECT + "x = " + "[" * 200000,
            "nested and closed": project("x = " + "[" * 200000 + "]" * 200000),
            "nested tables": PYPROJECT + "x = " + "{a=" * 100000,
            "dots": PYPROJECT + "[" + "a." * 50000 + "b]\n",
            "dotted key": PYPROJECT + "a" + ".a" * 50000 + " = 1\n",
            "a long name": PYPROJECT.replace("mini\"\nv", "m" * 40000 + "\"\nv"),
            "a long version": PYPROJECT.replace("1.0", "1" + ".1" * 50000),
            "digits": PYPROJECT.replace("1.0", "9" * 40000),
            "pythons": project('requires-python = ">=3' + ".1" * 50000 + '"'),
            "many ranges": project('requires-python = "' + ",".join(["!=3.1.*"] * 40000) + '"'),
            "wildcards": project('requires-python = "' + "*" * 40000 + '"'),
            "markers": project('dependencies = ["numpy; ' + "(" * 40000 + '"]'),
            "many dependencies": project(f"dependencies = {[f'p{i}' for i in range(40000)]}"),
            "addresses": project(f'dependencies = ["numpy @ file://{owner}/canary.txt"]'),
            "odd name": PYPROJECT.replace('"mini"\nv', '"\\u001b[2J\\u202e"\nv')}.items():
        yield Pull(f"pyproject.toml: {what}", {"pyproject.toml": text})
    needs = "".join(f"    p{i}\n" for i in range(40000))
    yield Pull("setup.cfg: a long value", {
        "setup.cfg": "[metadata]\nname = " + "m" * 40000 + "\n[options]\ninstall_requires =\n" + needs})
    itself = "-r requirements.txt\n" * 1000
    yield Pull("requirements: itself", {"requirements.txt": f"{itself}-r {owner}/canary.txt\n"})
    yield Pull("environment: nested", {"environment.yml": "- " * 100000, "requirements.txt": "(" * 200000})


def histories(owner, repository):
    yield Pull("history: 10^12 paths", {"bomb": bomb(repository, 10, 12)})
    yield Pull("history: 10^12 paths in the package", {"mini/bomb": bomb(repository, 10, 12)})
    yield Pull("history: 10^12 paths in the suite", {"benchmarks/bomb": bomb(repository, 10, 12)})
    yield Pull("history: attributes", {
        ".gitattributes": "* export-subst filter=x diff=x merge=x ident text working-tree-encoding=UTF-16\n",
        ".gitmodules": f"[submodule \"x\"]\n\tpath = mini/x\n\turl = ext::sh -c touch% {owner}/written\n",
        ".gitconfig": f"[core]\n\tfsmonitor = touch {owner}/written\n"})


KINDS = (titles, names, configurations, metadata)
