from tinygeo import project

from .common import cloud


class Graticule:
    params = [[24, 48], [60]]
    param_names = ["columns", "rows"]

    def setup(self, columns, rows):
        self.lons = [-180.0 + 360.0 * i / columns for i in range(columns)]
        self.lats = [-80.0 + 160.0 * i / rows for i in range(rows)]

    def time_graticule(self, columns, rows):
        project.graticule(self.lons, self.lats)

    def peakmem_graticule(self, columns, rows):
        project.graticule(self.lons, self.lats)


def setup_round_trip():
    global points
    points = [(x, y * 0.8) for x, y in cloud(400, seed=51)]


def time_round_trip():
    project.round_trip(points)


time_round_trip.setup = setup_round_trip
