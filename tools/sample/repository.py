"""Writes a history to a git repository, the same bytes on every machine."""

import os
import subprocess
from datetime import datetime, timedelta, timezone

from history import CHANGES, PEOPLE, initial
from model import Direct, edited

ORIGIN = "https://github.com/fc-data/sample.git"


class GitError(Exception):
    pass


def git(*arguments, cwd=None, stdin=None):
    """Runs git without any configuration but our own; returns its output."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    clean.update(
        GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL=os.devnull, LC_ALL="C", TZ="UTC"
    )
    settings = [
        "init.defaultBranch=main", "commit.gpgsign=false", "core.autocrlf=false",
        "core.hooksPath=" + os.devnull, "gc.auto=0",
    ]
    command = ["git"]
    for setting in settings:
        command += ["-c", setting]
    done = subprocess.run(
        command + list(arguments), cwd=cwd, input=stdin, env=clean, capture_output=True
    )
    if done.returncode != 0:
        text = done.stderr.decode(errors="replace").strip()
        raise GitError(f"git {arguments[0]} failed: {text}")
    return done.stdout.decode()


def _seconds(date):
    moment = datetime.fromisoformat(date).replace(tzinfo=timezone.utc)
    return int(moment.timestamp())


def _earlier(date, hours):
    moment = datetime.fromisoformat(date) - timedelta(hours=hours)
    return moment.isoformat()


class _Stream:
    """A stream of git fast-import; commits and blobs are known by marks."""

    def __init__(self):
        self.pieces = []
        self.blobs = {}
        self.marks = 0

    def _mark(self):
        self.marks += 1
        return self.marks

    def _data(self, text):
        raw = text.encode()
        self.pieces.append(b"data %d\n%s\n" % (len(raw), raw))

    def _line(self, text):
        self.pieces.append(text.encode() + b"\n")

    def blob(self, text):
        if text not in self.blobs:
            mark = self._mark()
            self._line("blob")
            self._line(f"mark :{mark}")
            self._data(text)
            self.blobs[text] = mark
        return self.blobs[text]

    def commit(self, author, committer, date, message, tree, parents):
        """@returns the mark of the commit."""
        files = [(path, self.blob(text)) for path, text in sorted(tree.items())]
        mark = self._mark()
        self._line("commit refs/heads/main")
        self._line(f"mark :{mark}")
        self._line(f"author {PEOPLE[author]} {_seconds(date)} +0000")
        self._line(f"committer {PEOPLE[committer]} {_seconds(date)} +0000")
        self._data(message if message.endswith("\n") else message + "\n")
        for verb, parent in zip(["from"] + ["merge"] * len(parents), parents):
            self._line(f"{verb} :{parent}")
        self._line("deleteall")
        for path, file in files:
            self._line(f"M 100644 :{file} {path}")
        return mark

    def bytes(self):
        return b"".join(self.pieces) + b"done\n"


def _add_pull(stream, pull, main):
    """One squashed commit, or the commits of a branch and their merge."""
    mark, tree = main[-1]
    edits = tuple(edit for step in pull.steps for edit in step.edits)
    merged = edited(tree, edits)
    if pull.squash:
        message = f"{pull.title} (#{pull.number})\n\n{pull.body}"
        parents = [mark]
    else:
        head, branch = main[-1 - pull.behind]
        for i, step in enumerate(pull.steps):
            branch = edited(branch, step.edits)
            date = _earlier(pull.merged, 3 * (len(pull.steps) - i))
            head = stream.commit(
                pull.user, pull.user, date, step.message, branch, [head]
            )
        message = (
            f"Merge pull request #{pull.number} from {pull.user}/{pull.branch}\n\n"
            f"{pull.title}\n\n{pull.body}"
        )
        parents = [mark, head]
    made = stream.commit(pull.user, "github", pull.merged, message, merged, parents)
    main.append((made, merged))


def stream_of(template):
    """The fast-import stream of the whole history over a template tree."""
    stream = _Stream()
    main = []
    for change in (*initial(template), *CHANGES):
        if isinstance(change, Direct):
            mark, tree = main[-1] if main else (None, {})
            tree = edited(tree, change.step.edits)
            made = stream.commit(
                change.user, change.user, change.date, change.step.message, tree,
                [mark] if mark else [],
            )
            main.append((made, tree))
        else:
            _add_pull(stream, change, main)
    return stream.bytes()


def create(path, template):
    """Makes the repository with its files checked out; `path` must be new."""
    git("init", "--quiet", "--template=", "--object-format=sha1", path)
    git("config", "core.autocrlf", "false", cwd=path)
    git("remote", "add", "origin", ORIGIN, cwd=path)
    git("fast-import", "--quiet", "--done", cwd=path, stdin=stream_of(template))
    git("reset", "--quiet", "--hard", "main", cwd=path)


def identity(path):
    """What makes two repositories the same: branch, commit, origin, no edits."""
    top = git("rev-parse", "--show-toplevel", cwd=path).strip()
    if os.path.realpath(top) != os.path.realpath(path):
        raise GitError("not the top of a repository")
    return (
        git("symbolic-ref", "HEAD", cwd=path).strip(),
        git("rev-parse", "HEAD", cwd=path).strip(),
        git("config", "remote.origin.url", cwd=path).strip(),
        git("status", "--porcelain", cwd=path),
    )
