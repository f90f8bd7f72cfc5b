"""Square cells and their Morton codes."""


def _spread(value):
    """Puts a zero between the lower 16 bits of the value."""
    value = (value | value << 8) & 0x00FF00FF
    value = (value | value << 4) & 0x0F0F0F0F
    value = (value | value << 2) & 0x33333333
    return (value | value << 1) & 0x55555555


def morton(column, row):
    """The position of a cell on the Z-shaped curve."""
    return _spread(column) | _spread(row) << 1


def morton_codes(points, size):
    """The code of the cell of each point; coordinates are not negative."""
    return [morton(int(x / size), int(y / size)) for x, y in points]


def bin_points(points, size):
    """Points by their cell, as a dictionary of lists."""
    cells = {}
    for point in points:
        cell = int(point[0] // size), int(point[1] // size)
        cells.setdefault(cell, []).append(point)
    return cells


def neighbours(cell):
    """The eight cells around a cell, row by row."""
    column, row = cell
    return [
        (column + i, row + j)
        for j in (-1, 0, 1)
        for i in (-1, 0, 1)
        if i or j
    ]


def crowded(cells, limit):
    """Cells that hold, with their neighbours, more than `limit` points."""
    found = []
    for cell in cells:
        total = len(cells[cell])
        for other in neighbours(cell):
            total += len(cells.get(other, ()))
        if total > limit:
            found.append(cell)
    return found
