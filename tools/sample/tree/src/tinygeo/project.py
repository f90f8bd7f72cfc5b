"""The Mercator projection of the unit sphere."""

from math import atan, exp, log, pi, radians, degrees, tan


def forward(lon, lat):
    """Degrees to the plane."""
    return radians(lon), log(tan(pi / 4 + radians(lat) / 2))


def inverse(x, y):
    """The plane to degrees."""
    return degrees(x), degrees(2 * atan(exp(y)) - pi / 2)


def graticule(lons, lats):
    """Rows of projected points, one row for each latitude."""
    rows = []
    for lat in lats:
        rows.append([forward(lon, lat) for lon in lons])
    return rows


def round_trip(points):
    """Projects there and back; for tests of precision."""
    return [inverse(*forward(lon, lat)) for lon, lat in points]
