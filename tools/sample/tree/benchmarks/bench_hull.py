from tinygeo import hull

from .common import cloud


class Hull:
    params = ["cloud", "lattice"]
    param_names = ["shape"]

    def setup(self, shape):
        if shape == "cloud":
            self.points = cloud(400, seed=21)
        else:
            self.points = [(float(i % 20), float(i // 20)) for i in range(400)]

    def time_convex_hull(self, shape):
        hull.convex_hull(self.points)

    def time_diameter(self, shape):
        hull.diameter(self.points)
