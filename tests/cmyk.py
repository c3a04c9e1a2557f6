"""A small ICC profile of a press with four inks, made here: what the four inks of an ideal press would print."""

from __future__ import annotations

import struct
from itertools import product

_WHITE = (0.9642, 1.0, 0.8249)  # D50


def profile(most: float = 4.0) -> bytes:
    """A CMYK profile (ICC.1:2022): black takes the place of what three inks share, as far as `most` inks allow."""
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", 14) + b"Ideal press 1\0" + bytes(78),
        b"cprt": b"text\0\0\0\0No rights\0",
        b"wtpt": b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(one * 65536) for one in _WHITE)),
        b"A2B0": _table(4, 3, 5, _lab),
        b"B2A0": _table(3, 4, 17, lambda point: _inks(point, most)),
    }
    for name in (b"A2B1", b"A2B2"):
        tags[name] = tags[b"A2B0"]
    for name in (b"B2A1", b"B2A2"):
        tags[name] = tags[b"B2A0"]
    head, body, rows = 128 + 4 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        rows += name + struct.pack(">II", head + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    start = struct.pack(">I4sI4s4s4s", head + len(body), b"test", 0x02400000, b"prtr", b"CMYK", b"Lab ")
    start += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    start += struct.pack(">3i", *(round(one * 65536) for one in _WHITE))
    return start.ljust(128, b"\0") + struct.pack(">I", len(tags)) + rows + body


def _table(inputs, outputs, grid, function):
    """A lut8Type (ICC.1:2022 §10.11): a grid of points, values from 0 to 1 as bytes."""
    straight = bytes(range(256))
    points = (function([one / (grid - 1) for one in point]) for point in product(range(grid), repeat=inputs))
    cells = bytes(round(min(max(one, 0), 1) * 255) for point in points for one in point)
    unit = struct.pack(">9i", *(65536 if index % 4 == 0 else 0 for index in range(9)))
    head = b"mft1\0\0\0\0" + bytes((inputs, outputs, grid, 0)) + unit
    return head + straight * inputs + cells + straight * outputs


def _lab(point):
    cyan, magenta, yellow, black = point
    linear = [((1 - ink) * (1 - black)) ** 2.2 for ink in (cyan, magenta, yellow)]
    rows = ((0.4361, 0.3851, 0.1431), (0.2225, 0.7169, 0.0606), (0.0139, 0.0971, 0.7141))  # sRGB under D50
    xyz = [sum(a * b for a, b in zip(row, linear, strict=True)) for row in rows]
    x, y, z = (_root(one / white) for one, white in zip(xyz, _WHITE, strict=True))
    return (116 * y - 16) / 100, (500 * (x - y) + 128) / 255, (200 * (y - z) + 128) / 255


def _root(value):
    return value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116


def _inks(point, most):
    light, a, b = point[0] * 100, point[1] * 255 - 128, point[2] * 255 - 128
    y = (light + 16) / 116
    x, z = y + a / 500, y - b / 200
    xyz = [
        (one**3 if one**3 > 0.008856 else (one - 16 / 116) / 7.787) * white
        for one, white in zip((x, y, z), _WHITE, strict=True)
    ]
    rows = ((3.1339, -1.6169, -0.4906), (-0.9788, 1.9161, 0.0335), (0.0719, -0.2290, 1.4052))
    linear = [sum(c * d for c, d in zip(row, xyz, strict=True)) for row in rows]
    inks = [1 - min(max(one, 0), 1) ** (1 / 2.2) for one in linear]
    shared = min(inks) ** 2
    colours = [(one - shared) / (1 - shared) if shared < 1 else 0 for one in inks]
    share = min(1, (most - shared) / max(sum(colours), 1e-9))
    return [*(one * share for one in colours), shared]
