import unittest

from tinygeo import GridIndex, Polygon, _kernels, convex_hull
from tinygeo.hull import diameter


class Shapes(unittest.TestCase):
    def test_square(self):
        square = Polygon([(0, 0), (4, 0), (4, 4), (0, 4)])
        self.assertEqual(square.area, 16.0)
        self.assertEqual(square.perimeter, 16.0)
        self.assertTrue(square.contains((1, 1)))
        self.assertFalse(square.contains((5, 1)))
        with self.assertRaises(ValueError):
            Polygon([(0, 0), (1, 1)])

    def test_hull(self):
        given = [(0, 0), (2, 0), (1, 1), (2, 2), (0, 2)]
        self.assertEqual(convex_hull(given), [(0, 0), (2, 0), (2, 2), (0, 2)])
        self.assertEqual(diameter(given), 8)

    def test_index(self):
        lattice = [(i % 10, i // 10) for i in range(100)]
        index = GridIndex(lattice, size=3.0)
        self.assertEqual(len(index), 100)
        self.assertEqual(index.query(1, 1, 2, 2), [11, 12, 21, 22])
        self.assertEqual(index.query(20, 20, 30, 30), [])
        self.assertEqual(index.occupancy()[0], (9, (0, 0)))


class Kernels(unittest.TestCase):
    def test_length_and_area(self):
        self.assertEqual(_kernels.polyline_length([0.0, 3.0, 3.0], [0.0, 4.0, 6.0]), 7.0)
        self.assertEqual(_kernels.signed_area([0.0, 0.0, 1.0], [0.0, 1.0, 0.0]), -0.5)

    def test_nearest_haversine(self):
        metres = _kernels.nearest_haversine([0.0, 1.0, 10.0], [0.0, 0.0, 0.0])
        self.assertAlmostEqual(metres[0], 111195.08, places=2)
        self.assertEqual(metres[0], metres[1])
        self.assertAlmostEqual(metres[2], 9 * 111195.08, places=1)

    def test_unequal_lists_are_refused(self):
        with self.assertRaises(ValueError):
            _kernels.polyline_length([0.0], [0.0, 1.0])
