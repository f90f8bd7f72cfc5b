"""Plane and spherical geometry on plain tuples."""

from .hull import convex_hull
from .index import GridIndex
from .points import bounds, centroid, unique_points
from .shapes import Polygon

__version__ = "0.4.0"

__all__ = [
    "GridIndex",
    "Polygon",
    "bounds",
    "centroid",
    "convex_hull",
    "unique_points",
]
