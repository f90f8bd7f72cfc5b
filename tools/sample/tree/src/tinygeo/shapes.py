"""A polygon over the C kernels."""

from . import _kernels


class Polygon:
    """A ring of at least three corners, not repeated at the end."""

    def __init__(self, ring):
        if len(ring) < 3:
            raise ValueError("a polygon has at least three corners")
        self.xs = [float(x) for x, _ in ring]
        self.ys = [float(y) for _, y in ring]

    @property
    def area(self):
        return abs(_kernels.signed_area(self.xs, self.ys))

    @property
    def perimeter(self):
        xs = self.xs + self.xs[:1]
        ys = self.ys + self.ys[:1]
        return _kernels.polyline_length(xs, ys)

    def contains(self, point):
        return self.count_inside([point]) == 1

    def count_inside(self, points):
        """How many of the points are inside."""
        px = [float(x) for x, _ in points]
        py = [float(y) for _, y in points]
        return _kernels.count_inside(px, py, self.xs, self.ys)
