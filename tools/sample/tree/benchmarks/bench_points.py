from tinygeo import points

from .common import cloud


class Unique:
    """Many points, most of them seen before."""

    params = [1000, 1500]
    param_names = ["count"]

    def setup(self, count):
        distinct = cloud(count // 5, seed=11)
        self.points = [distinct[i * 7 % len(distinct)] for i in range(count)]

    def time_unique_points(self, count):
        points.unique_points(self.points)


class Summaries:
    def setup(self):
        self.points = cloud(3000, seed=12)

    def time_centroid(self):
        points.centroid(self.points)

    def time_bounds(self):
        points.bounds(self.points)

    def time_sort_by_angle(self):
        points.sort_by_angle(self.points)


class InPlace:
    """The list is in order after the first call."""

    def setup(self):
        self.points = cloud(450, seed=13)

    def time_insertion_sort(self):
        points.insertion_sort(self.points)
