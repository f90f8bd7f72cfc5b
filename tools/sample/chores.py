"""Pull requests that a symbolic rule rejects, and the direct commits."""

from model import Direct, Pull, Put, Remove, Replace, Step

CI_BUMP = Pull(
    number=2,
    user="dependabot",
    branch="dependabot/github_actions/actions/checkout-4",
    merged="2024-01-05T06:10:44",
    title="Bump actions/checkout from 3 to 4",
    body="""\
Bumps [actions/checkout](https://github.com/actions/checkout) from 3 to 4.
""",
    steps=(
        Step(
            "Bump actions/checkout from 3 to 4",
            (
                Replace(
                    ".github/workflows/ci.yml",
                    "actions/checkout@v3",
                    "actions/checkout@v4",
                ),
            ),
        ),
    ),
    squash=True,
)

TYPO = Pull(
    number=7,
    user="tomas",
    branch="patch-1",
    merged="2024-01-13T19:25:02",
    title="Fix typo in an error message of simplify",
    body="It is spelled tolerance.\n",
    steps=(
        Step(
            "Fix typo",
            (Replace("src/tinygeo/simplify.py", "tolerence", "tolerance"),),
        ),
    ),
    squash=True,
)

DOCS = Pull(
    number=13,
    user="tomas",
    branch="docs-order",
    merged="2024-01-30T20:08:16",
    title="Improve the documentation of coordinate order",
    body="""\
Says why longitude comes first. Text only.

Fixes #6
""",
    steps=(
        Step(
            "Explain the order of coordinates",
            (
                Replace(
                    "docs/coordinates.md",
                    "as `x` and latitude as `y`.\n",
                    """\
as `x` and latitude as `y`.
This is the order of a map: `x` to the right, `y` upwards. It is the opposite
of the order in which sailors say a position.
""",
                ),
            ),
        ),
        Step(
            "Link the page from the README",
            (
                Replace(
                    "README.md",
                    "are in `docs/`.",
                    "are in\n[docs/coordinates.md](docs/coordinates.md).",
                ),
            ),
        ),
    ),
    squash=True,
)


def _tables():
    """Six hundred small modules, one for each zone."""
    yield Put(
        "src/tinygeo/data/__init__.py",
        '''\
"""Tables of the zones, each imported when it is first asked for."""

from importlib import import_module


def table(zone):
    """West, south and scale of a zone."""
    return import_module(f"tinygeo.data.zone_{zone:03d}").TABLE
''',
    )
    for zone in range(600):
        west = -180 + 6 * (zone % 60)
        south = -80 + 16 * (zone // 60)
        yield Put(
            f"src/tinygeo/data/zone_{zone:03d}.py",
            f"TABLE = ({west}.0, {south}.0, 0.9996)\n",
        )


TABLES = tuple(_tables())

MANY_FILES = Pull(
    number=20,
    user="kenji",
    branch="zone-tables",
    merged="2024-02-16T13:55:37",
    title="Reduce memory of data tables",
    body="""\
One module for each zone, so that a program which works in one zone does not
hold the tables of all six hundred.

Fixes #19
""",
    steps=(
        Step("Add a loader of zone tables", TABLES[:1]),
        Step("Add the tables of all zones", TABLES[1:]),
    ),
)

TESTS_ONLY = Pull(
    number=21,
    user="maria",
    branch="faster-tests",
    merged="2024-02-21T08:40:59",
    title="Faster test suite by reusing fixtures",
    body="""\
The lines of the tests are read once for the class instead of once for each
test.
""",
    steps=(
        Step(
            "Read the lines once for the class",
            (
                Replace(
                    "tests/test_lines.py",
                    """\
    def setUp(self):
        handle, self.path = tempfile""",
                    """\
    @classmethod
    def setUpClass(cls):
        handle, cls.path = tempfile""",
                ),
                Replace(
                    "tests/test_lines.py",
                    "with os.fdopen(handle",
                    "cls.addClassCleanup(os.remove, cls.path)\n"
                    "        with os.fdopen(handle",
                ),
                Replace(
                    "tests/test_lines.py",
                    """\
        with open(self.path, encoding="utf-8") as file:
            self.line = [tuple(map(float, row.split())) for row in file]

    def tearDown(self):
        os.remove(self.path)
""",
                    """\
        with open(cls.path, encoding="utf-8") as file:
            cls.line = [tuple(map(float, row.split())) for row in file]
""",
                ),
            ),
        ),
    ),
    squash=True,
)

_ALIAS = """\
    girth = perimeter

"""

REVERT = Pull(
    number=24,
    user="ada",
    branch="revert-girth",
    merged="2024-03-04T10:15:20",
    title='Revert "Add Polygon.girth"',
    body="""\
This takes back the commit of last week, which went to main without review.
Two names for one thing help nobody.
""",
    steps=(
        Step(
            'Revert "Add Polygon.girth"',
            (Replace("src/tinygeo/shapes.py", _ALIAS, ""),),
        ),
    ),
)

ADD_GIRTH = Direct(
    user="tomas",
    date="2024-02-29T17:44:08",
    step=Step(
        "Add Polygon.girth\n\nAn older name of the perimeter.\n",
        (
            Replace(
                "src/tinygeo/shapes.py",
                "    def contains(self, point):\n",
                _ALIAS + "    def contains(self, point):\n",
            ),
        ),
    ),
)

REMOVE_TABLES = Direct(
    user="kenji",
    date="2024-02-19T09:02:41",
    step=Step(
        "Remove the zone tables\n\nThey follow from the number of the zone.\n",
        tuple(Remove(put.path) for put in TABLES),
    ),
)
