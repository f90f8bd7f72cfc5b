"""Convex hull by Andrew's monotone chain."""


def _turn(o, a, b):
    return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


def _half(points):
    chain = []
    for point in points:
        while len(chain) >= 2 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def convex_hull(points):
    """Corners of the hull, counter-clockwise, starting at the leftmost."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    lower = _half(ordered)
    upper = _half(ordered[::-1])
    return lower[:-1] + upper[:-1]


def diameter(points):
    """The largest squared distance between two points."""
    corners = convex_hull(points)
    best = 0.0
    for i, (ax, ay) in enumerate(corners):
        for bx, by in corners[i + 1:]:
            best = max(best, (ax - bx) ** 2 + (ay - by) ** 2)
    return best
