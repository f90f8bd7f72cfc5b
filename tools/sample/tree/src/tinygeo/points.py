"""Functions of a list of points."""

from math import atan2


def unique_points(points):
    """The points without repetitions, in the order they first appear."""
    result = []
    for point in points:
        if point not in result:
            result.append(point)
    return result


def centroid(points):
    """The mean of the points."""
    if not points:
        raise ValueError("centroid of no points")
    sum_x = 0.0
    sum_y = 0.0
    for x, y in points:
        sum_x += x
        sum_y += y
    return sum_x / len(points), sum_y / len(points)


def bounds(points):
    """The bounding box as (min_x, min_y, max_x, max_y)."""
    xs = [x for x, _ in points]
    ys = [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def sort_by_angle(points):
    """The points sorted counter-clockwise around their centroid."""
    cx, cy = centroid(points)
    return sorted(points, key=lambda p: (atan2(p[1] - cy, p[0] - cx), p))


def insertion_sort(points):
    """Sorts in place; meant for lists that are nearly in order."""
    for i in range(1, len(points)):
        point = points[i]
        j = i
        while j > 0 and points[j - 1] > point:
            points[j] = points[j - 1]
            j -= 1
        points[j] = point
