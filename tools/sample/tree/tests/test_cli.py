import contextlib
import io
import os
import tempfile
import unittest

from tinygeo import cli


class CommandLine(unittest.TestCase):
    def setUp(self):
        handle, self.path = tempfile.mkstemp(suffix=".wkt")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))\n")

    def tearDown(self):
        os.remove(self.path)

    def run_cli(self, *arguments):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            self.assertEqual(cli.main([*arguments, self.path]), 0)
        return out.getvalue()

    def test_area(self):
        self.assertEqual(self.run_cli("area"), "16.0\n")

    def test_json(self):
        self.assertEqual(self.run_cli("--json", "area"), "[16.0]\n")

    def test_hull(self):
        self.assertTrue(self.run_cli("hull").startswith("POLYGON ((0.000000"))
