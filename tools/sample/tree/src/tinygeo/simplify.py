"""Fewer points for nearly the same line."""


def _offset(point, start, end):
    """Squared distance of a point from the line through two others."""
    dx = end[0] - start[0]
    dy = end[1] - start[1]
    norm = dx * dx + dy * dy
    if norm == 0.0:
        return (point[0] - start[0]) ** 2 + (point[1] - start[1]) ** 2
    cross = dx * (point[1] - start[1]) - dy * (point[0] - start[0])
    return cross * cross / norm


def douglas_peucker(points, tolerance):
    """The points that keep the line within the tolerance."""
    if tolerance < 0:
        raise ValueError("tolerence must not be negative")
    if len(points) < 3:
        return list(points)
    limit = tolerance * tolerance
    keep = {0, len(points) - 1}
    stack = [(0, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        worst = limit
        split = None
        for i in range(first + 1, last):
            offset = _offset(points[i], points[first], points[last])
            if offset > worst:
                worst = offset
                split = i
        if split is not None:
            keep.add(split)
            stack.append((first, split))
            stack.append((split, last))
    return [points[i] for i in sorted(keep)]


def thin(points, spacing):
    """Drops points nearer than `spacing` to the last one kept."""
    if not points:
        return []
    kept = [points[0]]
    for point in points[1:]:
        previous = kept[-1]
        gap = ((point[0] - previous[0]) ** 2
               + (point[1] - previous[1]) ** 2) ** 0.5
        if gap >= spacing:
            kept = kept + [point]
    return kept
