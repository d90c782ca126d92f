"""PNG files of 8 bits a channel, without interlacing, as what renderers write."""

import struct
import zlib


def _paeth(a, b, c):
    pa, pb, pc = abs(b - c), abs(a - c), abs(a + b - 2 * c)
    return a if pa <= pb and pa <= pc else b if pb <= pc else c


def _unfilter(kind, line, above, step):
    if kind == 2:
        return bytearray((one + other) & 255 for one, other in zip(line, above))
    for i in range(len(line) if kind else 0):
        left = line[i - step] if i >= step else 0
        if kind == 1:
            add = left
        elif kind == 3:
            add = (left + above[i]) >> 1
        else:
            add = _paeth(left, above[i], above[i - step] if i >= step else 0)
        line[i] = (line[i] + add) & 255
    return line


class Image:
    def __init__(self, data):
        if data[:8] != b"\x89PNG\r\n\x1a\n":
            raise ValueError("not a PNG")
        at, packed = 8, b""
        while at < len(data):
            length, kind = struct.unpack_from(">I4s", data, at)
            body = data[at + 8:at + 8 + length]
            if kind == b"IHDR":
                self.width, self.height, depth, color, _, _, interlaced = struct.unpack(">IIBBBBB", body)
                if depth != 8 or color not in (2, 6) or interlaced:
                    raise ValueError(f"a PNG of another kind: {depth} bits, colour {color}")
                self._step = 3 if color == 2 else 4
            elif kind == b"IDAT":
                packed += body
            at += 12 + length
        self._rows = self._decode(zlib.decompress(packed))

    def _decode(self, data):
        length, rows = self.width * self._step, []
        above = bytearray(length)
        for row in range(self.height):
            start = row * (length + 1)
            above = _unfilter(data[start], bytearray(data[start + 1:start + 1 + length]), above, self._step)
            rows.append(above)
        return rows

    def at(self, x, y):
        start = x * self._step
        return tuple(self._rows[y][start:start + 3])

    def area(self, left, top, right, bottom):
        """The colours within."""
        return {self.at(x, y) for y in range(top, bottom) for x in range(left, right)}
