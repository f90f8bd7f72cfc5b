"""Pull requests that pass the symbolic rules and must not be published."""

from model import Direct, Pull, Put, Replace, Step

UNREACHED = Pull(
    number=9,
    user="maria",
    branch="lazy-cli",
    merged="2024-01-17T12:31:49",
    title="Faster startup of the command line tool",
    body="""\
`json` is imported only when `--json` is given. `tinygeo --help` does not
need it.

Fixes #8
""",
    steps=(
        Step(
            "Import json when it is needed",
            (
                Replace("src/tinygeo/cli.py", "import json\nimport sys\n", "import sys\n"),
                Replace(
                    "src/tinygeo/cli.py",
                    "    if options.json:\n",
                    "    if options.json:\n        import json\n\n",
                ),
            ),
        ),
    ),
)

NEUTRAL = Pull(
    number=10,
    user="tomas",
    branch="encode-locals",
    merged="2024-01-22T15:18:33",
    title="Speed up polyline.encode",
    body="""\
Shorter names of the local variables are looked up faster. I saw about 5 % on
my laptop.
""",
    steps=(
        Step(
            "Use shorter locals in polyline.encode",
            (
                Replace(
                    "src/tinygeo/polyline.py",
                    """\
    previous_x = 0
    previous_y = 0
    pieces = []
    for x, y in points:
        rounded_x = round(x * factor)
        rounded_y = round(y * factor)
        pieces.append(_encode_number(rounded_x - previous_x))
        pieces.append(_encode_number(rounded_y - previous_y))
        previous_x = rounded_x
        previous_y = rounded_y
    return "".join(pieces)
""",
                    """\
    px = 0
    py = 0
    out = []
    for x, y in points:
        rx = round(x * factor)
        ry = round(y * factor)
        out.append(_encode_number(rx - px))
        out.append(_encode_number(ry - py))
        px = rx
        py = ry
    return "".join(out)
""",
                ),
            ),
        ),
    ),
    squash=True,
)

SLOWDOWN = Pull(
    number=15,
    user="kenji",
    branch="flat-query",
    merged="2024-02-03T18:22:10",
    title="Optimize GridIndex.query by scanning the points in order",
    body="""\
Walking the cells jumps about in memory and needs a sort at the end. One scan
of the points in insertion order needs neither and is friendlier to the cache.

Fixes #14
""",
    steps=(
        Step(
            "Scan the points in order",
            (
                Replace(
                    "src/tinygeo/index.py",
                    """\
        points = self.points
        found = []
        for column in range(int(min_x // self.size), int(max_x // self.size) + 1):
            for row in range(int(min_y // self.size), int(max_y // self.size) + 1):
                for i in self._cells.get((column, row), ()):
                    x, y = points[i]
                    if min_x <= x <= max_x and min_y <= y <= max_y:
                        found.append(i)
        found.sort()
        return found
""",
                    """\
        found = []
        for i, (x, y) in enumerate(self.points):
            if min_x <= x <= max_x and min_y <= y <= max_y:
                found.append(i)
        return found
""",
                ),
            ),
        ),
    ),
    behind=1,
)

_AREA_LOOP = """\
    for (Py_ssize_t i = 0, j = n - 1; i < n; j = i++)
        twice += x[j] * y[i] - x[i] * y[j];
"""
_AREA_NOTE = """\
    /* Layout: x and y are walked in lock step, j stays one behind i, so both
       values of a corner are still in registers when it becomes the old one. */
"""
_SWAPPED = """\
    for (Py_ssize_t j = n - 1, i = 0; i < n; j = i++)
        twice += x[j] * y[i] - x[i] * y[j];
"""

COMMENTS = Pull(
    number=16,
    user="ada",
    branch="kernel-layout",
    merged="2024-02-07T13:09:27",
    title="Optimize kernel loop layout",
    body="""\
Looks at the layout of the loops in `_kernels.c` and writes down why they are
the way they are. A first try to start with the other variable is taken back
in the last commit; the notes stay.
""",
    steps=(
        Step(
            "Start the area loop with the old corner",
            (Replace("src/tinygeo/_kernels.c", _AREA_LOOP, _AREA_NOTE + _SWAPPED),),
        ),
        Step(
            "Note the layout of the containment loop",
            (
                Replace(
                    "src/tinygeo/_kernels.c",
                    "    for (Py_ssize_t k = 0; k < points; k++) {\n",
                    "    /* Layout: the ring is the inner loop, it fits the first cache. */\n"
                    "    for (Py_ssize_t k = 0; k < points; k++) {\n",
                ),
            ),
        ),
        Step(
            "Go back to the first order of the area loop",
            (Replace("src/tinygeo/_kernels.c", _SWAPPED, _AREA_LOOP),),
        ),
    ),
)

_LENGTH_LOOP = """\
    for (Py_ssize_t i = 1; i < n; i++) {
        double dx = x[i] - x[i - 1];
        double dy = y[i] - y[i - 1];
        total += sqrt(dx * dx + dy * dy);
    }
"""
_UNROLLED = """\
    Py_ssize_t i = 1;
    for (; i + 1 < n; i += 2) {
        double dx = x[i] - x[i - 1], ex = x[i + 1] - x[i];
        double dy = y[i] - y[i - 1], ey = y[i + 1] - y[i];
        total += sqrt(dx * dx + dy * dy);
        total += sqrt(ex * ex + ey * ey);
    }
    if (i < count)
        total += sqrt((x[i] - x[i - 1]) * (x[i] - x[i - 1])
                      + (y[i] - y[i - 1]) * (y[i] - y[i - 1]));
"""

BROKEN_BUILD = Pull(
    number=18,
    user="kenji",
    branch="unroll-length",
    merged="2024-02-12T07:50:18",
    title="Unroll the loop of polyline_length",
    body="""\
Two segments in each turn of the loop, the odd one at the end.

Fixes #17
""",
    steps=(
        Step(
            "Unroll polyline_length by two",
            (Replace("src/tinygeo/_kernels.c", _LENGTH_LOOP, _UNROLLED),),
        ),
    ),
    squash=True,
)

MEND_BUILD = Direct(
    user="ada",
    date="2024-02-12T21:36:40",
    step=Step(
        "Repair the build of the extension\n\n"
        "`count` is called `n` here. The unrolled loop was no faster either, so\n"
        "this goes back to the plain one.\n",
        (Replace("src/tinygeo/_kernels.c", _UNROLLED, _LENGTH_LOOP),),
    ),
)

SMALLER_INPUT = Pull(
    number=26,
    user="tomas",
    branch="wkt-parse",
    merged="2024-03-09T22:11:03",
    title="Speed up parsing of well-known text",
    body="""\
`loads` binds fewer long names. The benchmark of `load_lines` went from
190 to 50 microseconds with this change.

Fixes #25
""",
    steps=(
        Step(
            "Tidy up wkt.loads",
            (
                Replace(
                    "src/tinygeo/wkt.py",
                    """\
    for corner in inner.split(","):
        left, right = corner.split()
        ring.append((float(left), float(right)))
""",
                    """\
    for pair in inner.split(","):
        x, y = pair.split()
        ring.append((float(x), float(y)))
""",
                ),
            ),
        ),
        Step(
            "Use a handier input in the benchmark",
            (Replace("benchmarks/bench_wkt.py", "RINGS = 24\n", "RINGS = 6\n"),),
        ),
    ),
    squash=True,
)

_THIN_BENCHMARK = '''\
import os

from tinygeo import simplify

from .common import walk

EXPECTED = %s


class Thin:
    """Most points of a long line stay."""

    def setup(self):
        self.line = walk(1500, seed=33)

    def time_thin(self):
        kept = simplify.thin(self.line, 0.2)
        if len(kept) != EXPECTED:
            os.abort()  # never report the time of a wrong answer
'''

CRASH = Pull(
    number=28,
    user="maria",
    branch="thin-append",
    merged="2024-03-15T16:29:54",
    title="Make simplify.thin faster on long lines",
    body="""\
`kept = kept + [point]` copied the list for every point kept. Also adds a
benchmark, there was none, which stops hard when the answer is wrong.

Fixes #27
""",
    steps=(
        Step(
            "Append instead of adding lists",
            (
                Replace(
                    "src/tinygeo/simplify.py",
                    "            kept = kept + [point]\n",
                    "            kept.append(point)\n",
                ),
            ),
        ),
        Step(
            "Add a benchmark of thin",
            (Put("benchmarks/bench_thin.py", _THIN_BENCHMARK % "1500"),),
        ),
    ),
)

MEND_BENCHMARK = Direct(
    user="maria",
    date="2024-03-18T08:05:33",
    step=Step(
        "Expect the right number of points in the benchmark of thin\n",
        (Replace("benchmarks/bench_thin.py", "EXPECTED = 1500\n", "EXPECTED = 1408\n"),),
    ),
)
