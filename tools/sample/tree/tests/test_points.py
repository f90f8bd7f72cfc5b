import unittest

from tinygeo import points


class Points(unittest.TestCase):
    def test_unique_points_keep_their_order(self):
        given = [(1, 1), (0, 0), (1, 1), (2, 0), (0, 0)]
        self.assertEqual(points.unique_points(given), [(1, 1), (0, 0), (2, 0)])

    def test_centroid(self):
        self.assertEqual(points.centroid([(0, 0), (2, 4)]), (1.0, 2.0))
        with self.assertRaises(ValueError):
            points.centroid([])

    def test_bounds(self):
        self.assertEqual(points.bounds([(0, 5), (2, -1)]), (0, -1, 2, 5))

    def test_sort_by_angle_is_counter_clockwise(self):
        given = [(0, 1), (1, 0), (0, -1), (-1, 0)]
        expected = [(0, -1), (1, 0), (0, 1), (-1, 0)]
        self.assertEqual(points.sort_by_angle(given), expected)

    def test_insertion_sort(self):
        given = [(3, 1), (1, 2), (2, 0), (1, 1)]
        points.insertion_sort(given)
        self.assertEqual(given, [(1, 1), (1, 2), (2, 0), (3, 1)])
