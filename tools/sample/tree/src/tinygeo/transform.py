"""Affine maps. A matrix is (a, b, c, d, e, f): x' = ax + by + c, y' = dx + ey + f."""

import copy
from math import cos, radians, sin

IDENTITY = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def rotation(degrees):
    """Turns counter-clockwise about the origin."""
    angle = radians(degrees)
    return (cos(angle), -sin(angle), 0.0, sin(angle), cos(angle), 0.0)


def scaling(factor):
    return (factor, 0.0, 0.0, 0.0, factor, 0.0)


def compose(first, second):
    """The map that applies `first`, then `second`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (
        g * a + h * d, g * b + h * e, g * c + h * f + i,
        j * a + k * d, j * b + k * e, j * c + k * f + m,
    )


def apply(points, matrix):
    """The mapped points; the given ones are left as they are."""
    working = copy.deepcopy(points)
    a, b, c, d, e, f = matrix
    return [(a * x + b * y + c, d * x + e * y + f) for x, y in working]


def apply_all(points, matrices):
    """Applies several maps one after the other."""
    for matrix in matrices:
        points = apply(points, matrix)
    return points


def translate(points, dx, dy):
    return [(x + dx, y + dy) for x, y in points]
