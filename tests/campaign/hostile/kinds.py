"""All kinds of pull requests, and which of them a campaign of some size takes."""

import random

import runners
import texts
import writers
from tree import FAST, Pull


def hostile(owner, repository):
    """Every hostile pull request there is; `owner` is a folder that nothing may touch or read."""
    found = [each for kind in writers.KINDS + runners.KINDS + texts.KINDS for each in kind(owner)]
    return found + list(texts.histories(owner, repository))


def honest(index):
    title = ("Speed up work with a set", "Faster work", "Avoid quadratic work", "Reduce the time of work",
             "Optimize work")[index % 5]
    # What is odd and harmless is published like anything else.
    body = ("", "Twice as fast.\n", "\x1b[2J\u202e is shown, not obeyed\n", "#1 #2\n", "x" * 100000)[index % 5]
    return Pull("honest", {}, title=title, body=body, core=FAST, honest=True)


def family(pull):
    return pull.kind.split(":")[0]


def chosen(owner, repository, count, seed, words=(), quick=False):
    """`count` hostile ones, of as many families as there are, with an honest one in twenty.

    `quick` leaves out those that are known to wait for a limit.
    """
    dice = random.Random(seed)
    found = hostile(owner, repository)
    if words:
        found = [each for each in found if any(word in each.kind for word in words)]
    if quick:
        found = [each for each in found if not each.slow]
    dice.shuffle(found)
    families = {}
    for each in found:
        families.setdefault(family(each), []).append(each)
    turns = list(families.values())
    dice.shuffle(turns)
    taken = []
    while turns and len(taken) < count:
        taken += [each.pop() for each in turns][:count - len(taken)]
        turns = [each for each in turns if each]
    good = [honest(i) for i in range(max(1, round(len(taken) / 20)))]
    for i, each in enumerate(good):
        taken.insert((i + 1) * len(taken) // (len(good) + 1), each)
    return taken
