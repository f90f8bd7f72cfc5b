"""Inputs with fixed seeds, the same on every commit."""

import random


def cloud(count, seed, size=100.0):
    """Points scattered over a square."""
    source = random.Random(seed)
    return [(source.random() * size, source.random() * size) for _ in range(count)]


def walk(count, seed):
    """A line of short steps."""
    source = random.Random(seed)
    x = y = 0.0
    points = []
    for _ in range(count):
        x += source.random()
        y += source.random() - 0.5
        points.append((x, y))
    return points


def columns(points):
    """The points as two lists of floats."""
    return [x for x, _ in points], [y for _, y in points]
