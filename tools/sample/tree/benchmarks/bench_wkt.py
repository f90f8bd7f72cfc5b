import os
import tempfile

from tinygeo import wkt

from .common import cloud

RINGS = 24


class Text:
    """Both directions on polygons made once for all repetitions."""

    def setup_cache(self):
        rings = [cloud(16, seed=700 + i) for i in range(RINGS)]
        return rings, wkt.dump_lines(rings)

    def time_dump_lines(self, made):
        wkt.dump_lines(made[0])

    def time_load_lines(self, made):
        wkt.load_lines(made[1])


class File:
    """Writes a polygon to a real file."""

    def setup(self):
        self.ring = cloud(40, seed=72)
        handle, self.path = tempfile.mkstemp(suffix=".wkt")
        os.close(handle)

    def teardown(self):
        os.remove(self.path)

    def time_write_file(self):
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(wkt.dumps(self.ring))


def timeraw_import_wkt():
    return "import tinygeo.wkt"
