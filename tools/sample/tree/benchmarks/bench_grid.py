from tinygeo import grid

from .common import cloud


class Cells:
    def setup(self):
        self.points = cloud(500, seed=61)
        self.cells = grid.bin_points(self.points, 10.0)

    def teardown(self):
        del self.points, self.cells

    def time_morton_codes(self):
        grid.morton_codes(self.points, 0.01)

    def time_bin_points(self):
        grid.bin_points(self.points, 10.0)

    def time_crowded(self):
        grid.crowded(self.cells, 45)
