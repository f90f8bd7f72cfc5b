from tinygeo import Polygon, _kernels, convex_hull

from .common import cloud, columns, walk


class Kernels:
    def setup(self):
        self.line = columns(walk(15000, seed=101))
        self.places = columns(cloud(70, seed=102, size=60.0))

    def time_polyline_length(self):
        _kernels.polyline_length(*self.line)

    def time_signed_area(self):
        _kernels.signed_area(*self.line)

    def time_nearest_haversine(self):
        _kernels.nearest_haversine(*self.places)


class Containment:
    def setup(self):
        self.polygon = Polygon(convex_hull(cloud(300, seed=103)))
        self.points = cloud(1500, seed=104, size=120.0)

    def time_count_inside(self):
        self.polygon.count_inside(self.points)
