"""The whole history, oldest first: initial commits, then pull requests."""

import chores
import speedups
import traps
from model import Direct, Put, Step

PEOPLE = {
    "ada": "Ada Lindqvist <ada@tinygeo.example>",
    "kenji": "Kenji Mori <kenji@tinygeo.example>",
    "maria": "Maria Duarte <maria@tinygeo.example>",
    "tomas": "Tomas Novak <tomas@tinygeo.example>",
    "dependabot": "dependabot[bot] <support@github.com>",
    "github": "GitHub <noreply@github.com>",
}

_INITIAL = (
    ("2023-11-06T10:00:00", "Start tinygeo", ("", ".github/")),
    ("2023-11-20T10:00:00", "Add geometry on plain tuples and C kernels", ("src/",)),
    ("2023-12-04T10:00:00", "Add tests", ("tests/",)),
    ("2023-12-11T10:00:00", "Add documentation", ("docs/",)),
    ("2023-12-18T10:00:00", "Add a benchmark suite", ("benchmarks/",)),
)


def initial(tree):
    """The tree in a few commits, one for each part."""
    for date, message, folders in _INITIAL:
        paths = sorted(
            path
            for path in tree
            if any(
                path.startswith(folder) if folder else "/" not in path
                for folder in folders
            )
        )
        yield Direct("ada", date, Step(message, tuple(Put(p, tree[p]) for p in paths)))


CHANGES = (
    chores.CI_BUMP,
    speedups.ALGORITHM,
    chores.TYPO,
    traps.UNREACHED,
    traps.NEUTRAL,
    speedups.CACHING,
    chores.DOCS,
    traps.SLOWDOWN,
    traps.COMMENTS,
    traps.BROKEN_BUILD,
    traps.MEND_BUILD,
    chores.MANY_FILES,
    chores.REMOVE_TABLES,
    chores.TESTS_ONLY,
    speedups.EXTENSION,
    chores.ADD_GIRTH,
    chores.REVERT,
    traps.SMALLER_INPUT,
    traps.CRASH,
    traps.MEND_BENCHMARK,
    speedups.LESS_WORK,
)
