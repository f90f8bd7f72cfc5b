from tinygeo import simplify

from .common import walk


class DouglasPeucker:
    params = [0.5, 4.0]
    param_names = ["tolerance"]

    def setup(self, tolerance):
        self.line = walk(250, seed=31)

    def time_douglas_peucker(self, tolerance):
        simplify.douglas_peucker(self.line, tolerance)


def track_simplified_points():
    return len(simplify.douglas_peucker(walk(250, seed=31), 0.5))


track_simplified_points.unit = "points"
