"""Command line: reads the arguments, supervises the work, writes the result."""
import argparse
import json
import os
import shutil
import sys
import tempfile

from . import FORMAT, isolate, output, single, suite, survey, targets, trace


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


def parser():
    main = _Parser(prog="fcbench", description=__doc__)
    main.set_defaults(cache=None)
    commands = main.add_subparsers(dest="command", required=True)

    def command(name, run, text):
        sub = commands.add_parser(name, help=text)
        sub.set_defaults(run=run)
        sub.add_argument("--out", required=True)
        return sub

    sub = command("list", run_list, "all benchmarks of a suite")
    sub.add_argument("--suite", required=True)
    sub.add_argument("--timeout", type=_number(float, 0), default=None)

    sub = command("targets", run_targets, "what a patch changed")
    sub.add_argument("--base", required=True)
    sub.add_argument("--patched", required=True)
    sub.add_argument("--files", required=True)

    sub = command("survey", run_survey, "which benchmarks reach the change")
    sub.add_argument("--suite", required=True)
    sub.add_argument("--targets")
    sub.add_argument("--side", choices=("base", "patched"))
    sub.add_argument("--site", action="append", default=[])
    sub.add_argument("--tree")
    sub.add_argument("--extensions", default="")
    sub.add_argument("--only")
    sub.add_argument("--first")
    sub.add_argument("--cache")
    sub.add_argument("--timeout", type=_number(float, 0), default=60.0)
    sub.add_argument("--budget", type=_number(float, 0), default=1800.0)
    sub.add_argument("--sample-ms", type=_number(float, 0), default=10.0)
    sub.add_argument("--memory-mb", type=_number(int, 0), default=0)
    sub.add_argument("--effort", type=_number(float, 0), default=5.0)
    sub.add_argument("--reached-only", action="store_true")

    sub = command("time", run_time, "time one benchmark in this process")
    sub.add_argument("--suite", required=True)
    sub.add_argument("--benchmark", required=True)
    sub.add_argument("--param", type=_number(int, -1), default=-1)
    sub.add_argument("--number", type=_number(int, 0), default=0)
    sub.add_argument("--samples", type=_number(int, 1), default=5)
    sub.add_argument("--warmup-ms", type=float, default=-1.0)
    sub.add_argument("--cache")
    sub.add_argument("--timeout", type=_number(float, 0), default=60.0)
    sub.add_argument("--package")
    return main


def main(arguments):
    """Never returns."""
    quiet_streams()
    options = None
    try:
        options = parser().parse_args(arguments)
        absolute_paths(options)
        result = options.run(options)
        output.write_json(options.out, result)
        code = 0
    except (UsageError, suite.Unusable, OSError) as error:
        _say(error)
        code = 2
    except isolate.Stopped:
        code = 143
    except SystemExit as error:  # --help
        code = error.code or 0
    finally:
        if options is not None and getattr(options, "scratch", None):
            shutil.rmtree(options.scratch, ignore_errors=True)
    isolate.leave(code)


def _say(error):
    text = " ".join(str(error).split())
    os.write(2, ("fcbench: %s\n" % text).encode("utf-8", "replace"))


def quiet_streams():
    """Nothing to read, and what is printed goes to the error stream."""
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    sys.argv = sys.argv[:1]


def absolute_paths(options):
    """Work happens in other folders than the caller's."""
    for name in ("out", "suite", "base", "patched", "files", "targets",
                 "tree", "only", "first", "cache"):
        value = getattr(options, name, None)
        if value is not None:
            setattr(options, name, os.path.abspath(value))
    if not os.path.isdir(os.path.dirname(options.out)):
        raise UsageError("no folder for --out %s" % options.out)
    if hasattr(options, "site"):
        options.site = [os.path.abspath(path) for path in options.site]
    if options.command in ("survey", "time") and options.cache is None:
        options.scratch = tempfile.mkdtemp(prefix="fcbench-cache-")
        options.cache = options.scratch


def read_json(path):
    try:
        with open(path, encoding="utf-8") as source:
            return json.load(source)
    except ValueError as error:
        raise UsageError("%s is no JSON: %s" % (path, error))


def supervised(options, work, timeout=None):
    """Runs `work(suite)` in a child. @returns its Outcome."""
    found = suite.Suite(options.suite)

    def in_child():
        found.install()
        return work(found)

    return isolate.run(in_child, timeout=timeout, pause=0.05)


def _result_of(outcome):
    """@throws UsageError if importing the suite ended the process."""
    if outcome.kind != "done":
        raise UsageError("the suite cannot be imported: process "
                         + outcome.detail)
    if outcome.result.get("status") == "error":
        raise UsageError(outcome.result["error"].split("\n")[0])
    return dict(outcome.result, format=FORMAT,
                python="%d.%d.%d" % sys.version_info[:3])


def run_list(options):
    def work(found):
        entries = suite.listing(found)
        return {"benchmarks": entries, "errors": found.errors}
    return _result_of(supervised(options, work, options.timeout))


def run_targets(options):
    files = read_json(options.files)
    if not isinstance(files, list) or not all(
            isinstance(path, str) and path for path in files):
        raise UsageError("%s is no list of paths" % options.files)
    for path in files:
        if path.startswith("/") or ".." in path.split("/"):
            raise UsageError("not a path inside the repository: %s" % path)
    for tree in (options.base, options.patched):
        if not os.path.isdir(tree):
            raise UsageError("no such tree: %s" % tree)
    return dict(targets.compare(options.base, options.patched, files),
                format=FORMAT)


def run_survey(options):
    limits = survey.Options(options.cache, options.timeout, options.budget,
                            options.sample_ms, options.memory_mb,
                            options.effort, options.reached_only)
    watch = _watch(options)
    only = _pairs(options.only)
    first = _pairs(options.first) or ()

    def work(found):
        return survey.survey(found, watch, limits, only, first)
    return _result_of(supervised(options, work))


def _watch(options):
    names = [n for n in options.extensions.split(",") if n]
    side = {"functions": [], "modules": []}
    if options.targets is not None:
        if options.side is None:
            raise UsageError("--targets needs --side")
        try:
            side = read_json(options.targets)[options.side]
            return trace.Watch(side["functions"], side["modules"],
                               options.site, options.tree, names)
        except (KeyError, TypeError, AttributeError):
            raise UsageError("%s is no result of targets" % options.targets)
    return trace.Watch(extensions=names)


def _pairs(path):
    if path is None:
        return None
    pairs = read_json(path)
    good = isinstance(pairs, list) and all(
        isinstance(p, list) and len(p) == 2 and isinstance(p[0], str)
        and (p[1] is None or isinstance(p[1], int)) for p in pairs)
    if not good:
        raise UsageError("%s is no list of [name, param_index]" % path)
    return [(name, None if index in (None, -1) else index)
            for name, index in pairs]


def run_time(options):
    index = None if options.param == -1 else options.param
    sampling = single.Options(options.cache, options.number, options.samples,
                              options.warmup_ms, options.package)

    def work(found):
        return single.time_one(found, options.benchmark, index, sampling)
    outcome = supervised(options, work, options.timeout)
    if outcome.kind == "done":
        return dict(outcome.result, format=FORMAT)
    status = "timeout" if outcome.kind == "timeout" else "crashed"
    return dict(single.blank(status, outcome.detail), format=FORMAT)
