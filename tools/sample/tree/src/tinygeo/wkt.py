"""Polygons as well-known text, one ring each."""


def dumps(ring):
    """The text of a ring; the first corner is repeated at the end."""
    corners = list(ring) + [ring[0]]
    inner = ", ".join(f"{x:.6f} {y:.6f}" for x, y in corners)
    return f"POLYGON (({inner}))"


def loads(text):
    """The ring of a text made by `dumps`."""
    if not text.startswith("POLYGON ((") or not text.endswith("))"):
        raise ValueError("not a polygon with one ring")
    inner = text[len("POLYGON (("):-len("))")]
    ring = []
    for corner in inner.split(","):
        left, right = corner.split()
        ring.append((float(left), float(right)))
    if len(ring) > 1 and ring[0] == ring[-1]:
        ring.pop()
    return ring


def dump_lines(rings):
    """One polygon a line."""
    return "\n".join(dumps(ring) for ring in rings) + "\n"


def load_lines(text):
    """The rings of a text made by `dump_lines`."""
    return [loads(line) for line in text.splitlines() if line]
