"""Command line: reads the arguments, has the work done, writes the result."""
import argparse
import json
import os
import re
import sys
import tempfile

from . import FORMAT, caches, commands, guard, modules, output, startup


class UsageError(Exception):
    """Ends the program with status 2 and one line."""


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        raise UsageError(message)


def _number(convert, least):
    def read(text):
        value = convert(text)
        if not value >= least:  # also refuses nan
            raise ValueError(text)
        return value
    read.__name__ = "number of at least %s" % least
    return read


_SECONDS = _number(float, 0)


def parser():
    main = _Parser(prog="fcbench", description=__doc__)
    main.set_defaults(cache=None)
    made = main.add_subparsers(dest="command", required=True)

    def command(name, text, suite=True):
        sub = made.add_parser(name, help=text)
        sub.add_argument("--out", required=True)
        sub.add_argument("--token")
        sub.add_argument("--python", default=sys.executable)
        if suite:
            sub.add_argument("--suite", required=True)
            sub.add_argument("--tree")
            sub.add_argument("--site", action="append", default=[])
            sub.add_argument("--cache")
            sub.add_argument("--timeout", type=_SECONDS, default=60.0)
            sub.add_argument("--default-timeout", type=_SECONDS, default=0.0)
            sub.add_argument("--max-timeout", type=_SECONDS, default=600.0)
            sub.add_argument("--memory-mb", type=_number(int, 0), default=0)
        return sub

    command("list", "all benchmarks of a suite")

    sub = command("targets", "what a patch changed", suite=False)
    sub.add_argument("--base", required=True)
    sub.add_argument("--patched", required=True)
    sub.add_argument("--files", required=True)

    sub = command("survey", "which benchmarks reach the change")
    sub.add_argument("--targets")
    sub.add_argument("--side", choices=("base", "patched"))
    sub.add_argument("--extensions", default="")
    sub.add_argument("--only")
    sub.add_argument("--first")
    sub.add_argument("--budget", type=_SECONDS, default=1800.0)
    sub.add_argument("--deadline", type=_SECONDS, default=None)
    sub.add_argument("--sample-ms", type=_SECONDS, default=10.0)
    sub.add_argument("--effort", type=_SECONDS, default=5.0)
    sub.add_argument("--reached-only", action="store_true")

    sub = command("prepare", "make the setup_cache of benchmarks")
    sub.add_argument("--only", required=True)

    sub = command("time", "time one benchmark in one fresh process")
    sub.add_argument("--benchmark", required=True)
    sub.add_argument("--params")
    sub.add_argument("--param", type=_number(int, -1), default=-1)
    sub.add_argument("--number", type=_number(int, 0), default=0)
    sub.add_argument("--samples", type=_number(int, 1), default=5)
    sub.add_argument("--warmup-ms", type=float, default=-1.0)
    sub.add_argument("--package")
    return main


def main(arguments):
    """Never returns."""
    guard.quiet_streams()
    guard.stop_on_signals()
    guard.harden()
    options, code = None, 1
    try:
        options = parser().parse_args(arguments)
        token = take_token(options.token)
        absolute_paths(options)
        result = run(options)
        guard.kill_strays(())  # nobody is left who could replace the answer
        result["format"] = FORMAT
        if token is not None:
            result["token"] = token
        output.write_json(options.out, result)
        code = 0
    except (UsageError, modules.Unusable, OSError) as error:
        _say(error)
        code = 2
    except guard.Stopped:
        code = 143
    except SystemExit as error:  # --help
        code = error.code or 0
    except BaseException as error:
        _say("%s: %s" % (type(error).__name__, error))
        code = 3
    finally:
        try:
            guard.kill_strays(())
            if options is not None and getattr(options, "scratch", None):
                guard.remove_tree(options.scratch)
        finally:
            os._exit(code)


def _say(error):
    text = " ".join(str(error).split())
    os.write(2, ("fcbench: %s\n" % text).encode("utf-8", "replace"))


def take_token(path):
    """The text that tells our answer from a forged one; it is gone from the
    disk before any foreign code starts."""
    if path is None:
        return None
    with open(path, encoding="ascii") as source:
        token = source.read(1000).strip()
    os.unlink(path)
    return token


def absolute_paths(options):
    """Work happens in other folders than the caller's."""
    for name in ("out", "suite", "base", "patched", "files", "targets",
                 "tree", "only", "first", "cache", "python"):
        value = getattr(options, name, None)
        if value is not None:
            setattr(options, name, os.path.abspath(value))
    if not os.path.isdir(os.path.dirname(options.out)):
        raise UsageError("no folder for --out %s" % options.out)
    try:
        startup.interpreter(options.python)
    except startup.Replaced as error:
        raise UsageError(error)
    if not os.access(options.python, os.X_OK):
        raise UsageError("no interpreter for --python %s" % options.python)
    if hasattr(options, "site"):
        options.site = [os.path.abspath(path) for path in options.site]
    if hasattr(options, "suite") and options.cache is None:
        options.scratch = tempfile.mkdtemp(prefix="fcbench-cache-")
        options.cache = options.scratch


def read_json(path):
    try:
        with open(path, encoding="utf-8") as source:
            return json.load(source)
    except (ValueError, RecursionError) as error:
        raise UsageError("%s is no JSON: %s" % (path, error))


def run(options):
    if options.command == "targets":
        return commands.targets(options, _files(options))
    found = modules.Modules(options.suite)
    default = options.default_timeout or options.timeout
    limits = caches.Limits(default, options.max_timeout, options.memory_mb)
    if options.command == "list":
        return commands.listing(found, _plan(options), limits)
    if options.command == "survey":
        return commands.survey(found, _plan(options, _watch(options)), limits,
                               options, _pairs(options.only),
                               _pairs(options.first) or ())
    if options.command == "prepare":
        return commands.prepare(found, _plan(options), limits, options,
                                _pairs(options.only))
    return commands.time(found, _plan(options), limits, options,
                         _params(options))


def _plan(options, watch=None):
    return commands.Plan(options.python, options.suite, options.site,
                         options.tree, watch, _release(options.site),
                         options.memory_mb)


def _release(sites):
    """The asv_runner of the environment; () if there is none."""
    for site in sites:
        try:
            for entry in os.listdir(site):
                match = re.match(r"asv_runner-(\d+)\.(\d+)", entry)
                if match:
                    return tuple(map(int, match.groups()))
        except OSError:
            continue
    return ()


def _files(options):
    files = read_json(options.files)
    if not isinstance(files, list) or not all(
            isinstance(path, str) and path for path in files):
        raise UsageError("%s is no list of paths" % options.files)
    for path in files:
        if path.startswith("/") or ".." in path.split("/") or "\0" in path:
            raise UsageError("not a path inside the repository: %s" % path)
    for tree in (options.base, options.patched):
        if not os.path.isdir(tree):
            raise UsageError("no such tree: %s" % tree)
    return files


def _watch(options):
    names = [n for n in options.extensions.split(",") if n]
    if options.targets is None:
        return {"extensions": names} if names else None
    if options.side is None:
        raise UsageError("--targets needs --side")
    try:
        found = read_json(options.targets)
        side = found[options.side]
        return commands.watch(side["functions"], side["modules"],
                              found.get("other", []), options, names)
    except (KeyError, TypeError, AttributeError):
        raise UsageError("%s is no result of targets" % options.targets)


def _pairs(path):
    if path is None:
        return None
    pairs = read_json(path)
    good = isinstance(pairs, list) and all(
        isinstance(p, list) and len(p) == 2 and isinstance(p[0], str)
        and (p[1] is None or isinstance(p[1], int) or _are_texts(p[1]))
        for p in pairs)
    if not good:
        raise UsageError("%s is no list of [name, parameters]" % path)
    return [(name, None if params in (None, -1) else params)
            for name, params in pairs]


def _are_texts(value):
    return isinstance(value, list) and all(isinstance(v, str) for v in value)


def _params(options):
    """The texts given, or an index, or None."""
    if options.params is None:
        return None if options.param == -1 else options.param
    try:
        params = json.loads(options.params)
    except (ValueError, RecursionError):
        params = None
    if not _are_texts(params):
        raise UsageError("--params is no JSON list of texts")
    return params
