#!/usr/bin/python3
"""Makes the sample repository: make_sample.py DEST. See README.md."""

import os
import shutil
import signal
import sys

sys.dont_write_bytecode = True

from model import EditError  # noqa: E402
from repository import GitError, create, identity  # noqa: E402

TREE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tree")


def template():
    """The initial tree; a leading `dot_` of a name stands for a dot."""
    tree = {}
    for folder, folders, names in os.walk(TREE):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in names:
            full = os.path.join(folder, name)
            parts = os.path.relpath(full, TREE).split(os.sep)
            path = "/".join(
                "." + part[4:] if part.startswith("dot_") else part for part in parts
            )
            with open(full, encoding="utf-8", newline="") as file:
                tree[path] = file.read()
    return tree


def occupied(path):
    """True when something is there that a rename may not replace."""
    return os.path.lexists(path) and (
        os.path.islink(path) or not os.path.isdir(path) or bool(os.listdir(path))
    )


def make(destination):
    """@returns the exit code."""
    building = destination + ".tmp"
    if os.path.lexists(building):
        print(f"make_sample: {building} is in the way, remove it", file=sys.stderr)
        return 1
    os.makedirs(os.path.dirname(destination), exist_ok=True)
    try:
        create(building, template())
        made = identity(building)
        if occupied(destination):
            try:
                same = identity(destination) == made
            except (GitError, OSError):
                same = False
            if not same:
                print(
                    f"make_sample: {destination} holds something else, not touched",
                    file=sys.stderr,
                )
                return 1
        else:
            os.rename(building, destination)
        print(made[1])
        return 0
    finally:
        shutil.rmtree(building, ignore_errors=True)


def main(arguments):
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print("usage: make_sample.py DEST", file=sys.stderr)
        return 2
    # A stopped run cleans up as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return make(os.path.abspath(arguments[0]))
    except (GitError, EditError, OSError) as error:
        print(f"make_sample: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
