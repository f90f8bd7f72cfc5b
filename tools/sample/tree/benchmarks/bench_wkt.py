import os
import tempfile

from tinygeo import wkt

from .common import cloud

RINGS = 24


class Text:
    """Both directions on polygons made once for all repetitions."""

    def setup_cache(self):
        rings = [cloud(40, seed=700 + i) for i in range(RINGS)]
        return rings, wkt.dump_lines(rings)

    def time_dump_lines(self, made):
        wkt.dump_lines(made[0])

    def time_load_lines(self, made):
        wkt.load_lines(made[1])


class File:
    """Reads polygons from a real file."""

    def setup(self):
        handle, self.path = tempfile.mkstemp(suffix=".wkt")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(wkt.dump_lines([cloud(40, seed=72)] * 8))

    def teardown(self):
        os.remove(self.path)

    def time_read_file(self):
        with open(self.path, encoding="utf-8") as file:
            wkt.load_lines(file.read())


def timeraw_import_wkt():
    return "import tinygeo.wkt"
