from tinygeo import polyline

from .common import walk


class Polyline:
    def setup(self):
        self.line = walk(800, seed=91)
        self.text = polyline.encode(self.line)

    def time_encode(self):
        polyline.encode(self.line)

    def time_decode(self):
        polyline.decode(self.text)

    def time_cumulative(self):
        polyline.cumulative(self.line)

    def time_resample(self):
        polyline.resample(self.line, 400)
