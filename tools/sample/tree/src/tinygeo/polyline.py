"""Lines as lists of points, and their compact text form."""

from math import sqrt


def cumulative(points):
    """The distance along the line at each point."""
    total = 0.0
    result = [0.0]
    for (ax, ay), (bx, by) in zip(points, points[1:]):
        total += sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay))
        result.append(total)
    return result


def resample(points, count):
    """`count` points at equal distances along the line."""
    along = cumulative(points)
    step = along[-1] / (count - 1)
    result = [points[0]]
    segment = 1
    for i in range(1, count - 1):
        target = i * step
        while along[segment] < target:
            segment += 1
        share = (target - along[segment - 1]) / (along[segment] - along[segment - 1])
        ax, ay = points[segment - 1]
        bx, by = points[segment]
        result.append((ax + share * (bx - ax), ay + share * (by - ay)))
    result.append(points[-1])
    return result


def _encode_number(number):
    number = ~(number << 1) if number < 0 else number << 1
    text = ""
    while number >= 0x20:
        text += chr((0x20 | (number & 0x1F)) + 63)
        number >>= 5
    return text + chr(number + 63)


def encode(points, precision=5):
    """The text form: differences of rounded coordinates, five bits a letter."""
    factor = 10 ** precision
    previous_x = 0
    previous_y = 0
    pieces = []
    for x, y in points:
        rounded_x = round(x * factor)
        rounded_y = round(y * factor)
        pieces.append(_encode_number(rounded_x - previous_x))
        pieces.append(_encode_number(rounded_y - previous_y))
        previous_x = rounded_x
        previous_y = rounded_y
    return "".join(pieces)


def decode(text, precision=5):
    """The points of a text made by `encode`."""
    factor = 10 ** precision
    numbers = []
    value = 0
    shift = 0
    for letter in text:
        bits = ord(letter) - 63
        value |= (bits & 0x1F) << shift
        shift += 5
        if bits < 0x20:
            numbers.append(~(value >> 1) if value & 1 else value >> 1)
            value = 0
            shift = 0
    points = []
    x = 0
    y = 0
    for i in range(0, len(numbers), 2):
        x += numbers[i]
        y += numbers[i + 1]
        points.append((x / factor, y / factor))
    return points
