"""A grid that answers which points are in a box."""


class GridIndex:
    """Points in square cells. Results are positions in insertion order."""

    def __init__(self, points=(), size=1.0):
        if size <= 0:
            raise ValueError("size must be positive")
        self.size = size
        self.points = []
        self._cells = {}
        self.extend(points)

    def __len__(self):
        return len(self.points)

    def insert(self, point):
        cell = int(point[0] // self.size), int(point[1] // self.size)
        self._cells.setdefault(cell, []).append(len(self.points))
        self.points.append(point)

    def extend(self, points):
        for point in points:
            self.insert(point)

    def query(self, min_x, min_y, max_x, max_y):
        """Positions of the points in the box, borders included."""
        points = self.points
        found = []
        for column in range(int(min_x // self.size), int(max_x // self.size) + 1):
            for row in range(int(min_y // self.size), int(max_y // self.size) + 1):
                for i in self._cells.get((column, row), ()):
                    x, y = points[i]
                    if min_x <= x <= max_x and min_y <= y <= max_y:
                        found.append(i)
        found.sort()
        return found

    def occupancy(self):
        """How many points each used cell holds, most crowded first."""
        counts = [(len(members), cell) for cell, members in self._cells.items()]
        counts.sort(key=lambda item: (-item[0], item[1]))
        return counts
