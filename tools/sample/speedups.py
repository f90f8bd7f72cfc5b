"""The four pull requests that really are faster, with equal results."""

from model import Pull, Replace, Step

ALGORITHM = Pull(
    number=5,
    user="ada",
    branch="unique-points-set",
    merged="2024-01-09T14:20:11",
    title="Speed up unique_points on large inputs",
    body="""\
`unique_points` looked every point up in the list of points found so far,
which is quadratic. A dictionary keeps insertion order and finds a point in
constant time. The result is the same, point for point.

Fixes #3
""",
    steps=(
        Step(
            "Test unique_points on repeated points",
            (
                Replace(
                    "tests/test_points.py",
                    "    def test_centroid(self):\n",
                    """\
    def test_unique_points_of_many_repetitions(self):
        given = [(float(i % 13), float(i % 7)) for i in range(500)]
        self.assertEqual(points.unique_points(given), given[:91])

    def test_centroid(self):
""",
                ),
            ),
        ),
        Step(
            "Find seen points in a dictionary",
            (
                Replace(
                    "src/tinygeo/points.py",
                    """\
    result = []
    for point in points:
        if point not in result:
            result.append(point)
    return result


def centroid""",
                    """\
    return list(dict.fromkeys(points))


def centroid""",
                ),
            ),
        ),
    ),
)

CACHING = Pull(
    number=12,
    user="kenji",
    branch="graticule-rows",
    merged="2024-01-26T09:47:30",
    title="Cache the projected coordinates of a graticule",
    body="""\
Mercator treats longitude and latitude apart, yet `graticule` projected both
for every crossing. It now projects each longitude and each latitude once and
combines them: columns + rows projections instead of columns * rows.
Nothing is kept between calls.

Fixes #11
""",
    steps=(
        Step(
            "Project each row and column of a graticule once",
            (
                Replace(
                    "src/tinygeo/project.py",
                    """\
    rows = []
    for lat in lats:
        rows.append([forward(lon, lat) for lon in lons])
    return rows
""",
                    """\
    xs = [forward(lon, 0.0)[0] for lon in lons]
    rows = []
    for lat in lats:
        y = forward(0.0, lat)[1]
        rows.append([(x, y) for x in xs])
    return rows
""",
                ),
            ),
        ),
    ),
    behind=1,
)

EXTENSION = Pull(
    number=23,
    user="ada",
    branch="haversine-hoist",
    merged="2024-02-26T16:03:52",
    title="Hoist trigonometry out of the nearest_haversine loop",
    body="""\
The inner loop computed the cosine of both latitudes, an arc sine and a
square root for every pair of points. The cosines depend on one point only
and the arc sine grows with its argument, so both can leave the loop.

Fixes #22
""",
    steps=(
        Step(
            "Compute the cosines of the latitudes once",
            (
                Replace(
                    "src/tinygeo/_kernels.c",
                    """\
    double *lon, *lat;
    Py_ssize_t n;
    if (!PyArg_ParseTuple(args, "O!O!", &PyList_Type, &lons, &PyList_Type, &lats))
        return NULL;
    if (read_points(lons, lats, &lon, &lat, &n) < 0)
        return NULL;
    result = PyList_New(n);
""",
                    """\
    double *lon, *lat, *cosine;
    Py_ssize_t n;
    if (!PyArg_ParseTuple(args, "O!O!", &PyList_Type, &lons, &PyList_Type, &lats))
        return NULL;
    if (read_points(lons, lats, &lon, &lat, &n) < 0)
        return NULL;
    cosine = PyMem_Malloc((n > 0 ? n : 1) * sizeof(double));
    if (cosine == NULL) {
        PyMem_Free(lon);
        PyMem_Free(lat);
        return PyErr_NoMemory();
    }
    for (Py_ssize_t i = 0; i < n; i++)
        cosine[i] = cos(lat[i] * RADIAN);
    result = PyList_New(n);
""",
                ),
                Replace(
                    "src/tinygeo/_kernels.c",
                    "u * u + cos(lat[i] * RADIAN) * cos(lat[j] * RADIAN) * v * v;",
                    "u * u + cosine[i] * cosine[j] * v * v;",
                ),
                Replace(
                    "src/tinygeo/_kernels.c",
                    """\
    PyMem_Free(lon);
    PyMem_Free(lat);
    return result;
""",
                    """\
    PyMem_Free(lon);
    PyMem_Free(lat);
    PyMem_Free(cosine);
    return result;
""",
                ),
            ),
        ),
        Step(
            "Take the arc sine of the smallest value only",
            (
                Replace(
                    "src/tinygeo/_kernels.c",
                    """\
            double distance = 2 * RADIUS * asin(sqrt(fmin(a, 1.0)));
            if (j != i && distance < best)
                best = distance;
        }
        PyObject *item = PyFloat_FromDouble(best);
""",
                    """\
            if (j != i && a < best)
                best = a;
        }
        PyObject *item = PyFloat_FromDouble(
            n > 1 ? 2 * RADIUS * asin(sqrt(fmin(best, 1.0))) : INFINITY);
""",
                ),
            ),
        ),
    ),
    squash=True,
)

LESS_WORK = Pull(
    number=30,
    user="maria",
    branch="apply-without-copy",
    merged="2024-03-28T11:32:05",
    title="Do not deep-copy the points in transform.apply",
    body="""\
`apply` builds a new list of new tuples and never writes to the given one, so
the deep copy it started with was only work. The test that the given points
stay as they are is still there.

Closes #29
""",
    steps=(
        Step(
            "Do not copy the points in apply",
            (
                Replace(
                    "src/tinygeo/transform.py",
                    """\
    working = copy.deepcopy(points)
    a, b, c, d, e, f = matrix
    return [(a * x + b * y + c, d * x + e * y + f) for x, y in working]
""",
                    """\
    a, b, c, d, e, f = matrix
    return [(a * x + b * y + c, d * x + e * y + f) for x, y in points]
""",
                ),
            ),
        ),
        Step(
            "Drop an import nobody needs",
            (
                Replace(
                    "src/tinygeo/transform.py",
                    "import copy\nfrom math import",
                    "from math import",
                ),
            ),
        ),
    ),
    behind=1,
)
