import unittest

from tinygeo import grid, project, transform, wkt


class Maps(unittest.TestCase):
    def test_apply_leaves_the_points_alone(self):
        given = [(1.0, 2.0), (3.0, 4.0)]
        moved = transform.apply(given, transform.scaling(2.0))
        self.assertEqual(moved, [(2.0, 4.0), (6.0, 8.0)])
        self.assertEqual(given, [(1.0, 2.0), (3.0, 4.0)])

    def test_compose_is_one_after_the_other(self):
        turn, grow = transform.rotation(90), transform.scaling(3.0)
        both = transform.apply([(1.0, 0.0)], transform.compose(turn, grow))
        each = transform.apply_all([(1.0, 0.0)], [turn, grow])
        self.assertAlmostEqual(both[0][0], each[0][0])
        self.assertAlmostEqual(both[0][1], each[0][1])

    def test_graticule_is_made_of_projected_points(self):
        lons, lats = [-30.0, 0.0, 30.0], [-60.0, 0.0, 45.0]
        rows = project.graticule(lons, lats)
        expected = [[project.forward(lon, lat) for lon in lons] for lat in lats]
        self.assertEqual(rows, expected)

    def test_round_trip(self):
        ((lon, lat),) = project.round_trip([(12.5, 41.9)])
        self.assertAlmostEqual(lon, 12.5)
        self.assertAlmostEqual(lat, 41.9)

    def test_morton(self):
        self.assertEqual(grid.morton(3, 0), 5)
        self.assertEqual(grid.morton(0, 3), 10)
        self.assertEqual(grid.morton_codes([(1.5, 1.5)], 1.0), [3])

    def test_crowded(self):
        cells = grid.bin_points([(0, 0), (1, 1), (9, 9)], 1.0)
        self.assertEqual(grid.crowded(cells, 1), [(0, 0), (1, 1)])

    def test_wkt(self):
        ring = [(0.0, 0.0), (1.0, 0.0), (1.0, 2.5)]
        self.assertEqual(wkt.loads(wkt.dumps(ring)), ring)
        self.assertEqual(wkt.load_lines(wkt.dump_lines([ring, ring])), [ring, ring])
        with self.assertRaises(ValueError):
            wkt.loads("POINT (1 2)")
