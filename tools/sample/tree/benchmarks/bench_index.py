from tinygeo import GridIndex

from .common import cloud


class Query:
    params = [20.0, 45.0]
    param_names = ["width"]

    def setup(self, width):
        self.index = GridIndex(cloud(8000, seed=81), size=5.0)

    def time_query(self, width):
        self.index.query(33.0, 33.0, 33.0 + width, 33.0 + width)

    def time_occupancy(self, width):
        self.index.occupancy()


class Build:
    def setup(self):
        self.points = cloud(500, seed=82)

    def time_build(self):
        GridIndex(self.points, size=5.0)

    def mem_index(self):
        return GridIndex(self.points, size=5.0)


class Insert:
    """Every call makes the index larger, so one call for each setup."""

    number = 1
    warmup_time = 0

    def setup(self):
        self.index = GridIndex(cloud(200, seed=83), size=5.0)
        self.more = cloud(400, seed=84)

    def time_extend(self):
        self.index.extend(self.more)
        if len(self.index) != 600:
            raise RuntimeError("the index was not set up again")
