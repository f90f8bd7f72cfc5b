"""What a history is made of: edits of a tree, direct commits, pull requests.

A tree is a dictionary from path to text. Edits never touch their input.
"""

from dataclasses import dataclass, field


class EditError(Exception):
    """An edit does not fit the tree it is applied to."""


@dataclass(frozen=True)
class Replace:
    """Exchanges the only occurrence of a text."""

    path: str
    old: str
    new: str

    def apply(self, tree):
        text = tree.get(self.path, "")
        if text.count(self.old) != 1:
            raise EditError(
                f"{self.path}: {text.count(self.old)} occurrences of {self.old!r}"
            )
        tree[self.path] = text.replace(self.old, self.new)


@dataclass(frozen=True)
class Put:
    """Adds a file."""

    path: str
    text: str

    def apply(self, tree):
        if self.path in tree:
            raise EditError(f"{self.path}: already there")
        tree[self.path] = self.text


@dataclass(frozen=True)
class Remove:
    path: str

    def apply(self, tree):
        if self.path not in tree:
            raise EditError(f"{self.path}: not there")
        del tree[self.path]


@dataclass(frozen=True)
class Step:
    """One commit: its message and what it changes."""

    message: str
    edits: tuple


@dataclass(frozen=True)
class Direct:
    """A commit pushed to main without a pull request."""

    user: str
    date: str  # UTC, ISO 8601 without a zone
    step: Step


@dataclass(frozen=True)
class Pull:
    """A merged pull request; `squash` makes one commit of its steps."""

    number: int
    user: str
    branch: str
    merged: str  # UTC, ISO 8601 without a zone
    title: str
    body: str
    steps: tuple
    squash: bool = False
    behind: int = field(default=0)  # commits of main the branch did not have


def edited(tree, edits):
    """The tree after the edits."""
    result = dict(tree)
    for edit in edits:
        edit.apply(result)
    return result
