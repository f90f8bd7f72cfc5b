import os
import tempfile
import unittest

from tinygeo import polyline, simplify


class Lines(unittest.TestCase):
    def setUp(self):
        handle, self.path = tempfile.mkstemp(suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            for i in range(50):
                file.write(f"{i} {i % 3}\n")
        with open(self.path, encoding="utf-8") as file:
            self.line = [tuple(map(float, row.split())) for row in file]

    def tearDown(self):
        os.remove(self.path)

    def test_simplify_keeps_the_ends(self):
        kept = simplify.douglas_peucker(self.line, 5.0)
        self.assertEqual(kept, [self.line[0], self.line[-1]])
        exact = simplify.douglas_peucker(self.line, 0.0)
        self.assertEqual(len(exact), 34)  # without those on a straight line

    def test_negative_tolerance_is_refused(self):
        with self.assertRaises(ValueError):
            simplify.douglas_peucker(self.line, -1.0)

    def test_thin(self):
        row = [(float(i), 0.0) for i in range(10)]
        self.assertEqual(simplify.thin(row, 4.0), [row[0], row[4], row[8]])
        self.assertEqual(simplify.thin([], 1.0), [])

    def test_encode_and_decode(self):
        line = [(38.5, -120.2), (40.7, -120.95), (43.252, -126.453)]
        self.assertEqual(polyline.encode(line), "_p~iF~ps|U_ulLnnqC_mqNvxq`@")
        self.assertEqual(polyline.decode(polyline.encode(line)), line)

    def test_resample(self):
        self.assertEqual(polyline.cumulative([(0, 0), (3, 4), (3, 6)]), [0.0, 5.0, 7.0])
        half = polyline.resample([(0.0, 0.0), (4.0, 0.0)], 3)
        self.assertEqual(half, [(0.0, 0.0), (2.0, 0.0), (4.0, 0.0)])
