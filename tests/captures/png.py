#!/usr/bin/env python3
"""PNG: decoded here, and each cell compared with the canvas; what the file says about itself; the same bytes twice."""

import struct
import zlib

from shots import *

CELL = (8, 17)
SHOWN = (("copied", "80x24", "print"), ("hostile", "80x24", "print"), ("both", "60x18", "dark"), ("dirty", "80x24", "light"),
         ("hidden", "80x24", "contrast"), ("lives", "80x24", "mono"), ("lines", "40x32", "print"))


def chunks(data):
    at, found = 8, []
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        crc, = struct.unpack(">I", data[at + 8 + length:at + 12 + length])
        found.append((kind.decode(), body, crc == zlib.crc32(kind + body)))
        at += 12 + length
    return found


class Picture:
    """With a palette, without filters, which is how few colours are written; lines of palette indices."""

    def __init__(self, data):
        parts = chunks(data)
        self.width, self.height, self.depth, self.type = struct.unpack(">IIBB", parts[0][1][:10])
        palette = next((body for kind, body, _ in parts if kind == "PLTE"), b"")
        self.index = {tuple(palette[i:i + 3]): i // 3 for i in range(0, len(palette), 3)}
        raw = zlib.decompress(b"".join(body for kind, body, _ in parts if kind == "IDAT"))
        self.plain = self.type == 3 and not any(raw[::self.width + 1])
        self.lines = [raw[y * (self.width + 1) + 1:(y + 1) * (self.width + 1)] for y in range(self.height)]

    def box(self, cell, scale):
        width, height = CELL[0] * scale, CELL[1] * scale
        left, right = cell.column * width, (cell.column + max(cell.width, 1)) * width
        return [line[left:right] for line in self.lines[cell.row * height:(cell.row + 1) * height]]


def wrong_with(cell, picture, scale):
    """What the picture of this cell lacks; None if nothing."""
    box = picture.box(cell, scale)
    height, ink, paper = len(box), picture.index.get(cell.foreground, -1), picture.index[cell.background]
    line = b"".join(box[height - 2 * scale:height - scale])
    if cell.underline:
        rest = b"".join(box[:height - 2 * scale] + box[height - scale:])
        if cell.kind != "letter" and line.count(ink) != len(line):
            return "its underline"
    else:
        rest = b"".join(box)
    if cell.kind == "blank" and rest.count(paper) != len(rest):
        return "an even background"
    if cell.kind == "letter":
        if [box[0][0], box[0][-1], box[-1][0], box[-1][-1]].count(paper) < 2:  # a letter may reach into those above or below
            return "the background in its corners"
        if rest.count(paper) * 5 < len(rest):
            return "its background"
        if rest.count(paper) == len(rest):
            return "ink"
    if cell.text == "│" and any(row.count(ink) != scale for row in box):
        return "an unbroken line"
    if cell.text == "─" and sum(row.count(ink) == len(row) for row in box) != scale * (2 if cell.underline else 1):
        return "an unbroken line"
    return None


def shows_the_canvas():
    for canvas, size, theme in SHOWN:
        wanted = cells(canvas, size, theme)
        columns, rows = map(int, size.split("x"))
        for scale in 1, 2, 3:
            data = shot("png", canvas, size, theme, scale)
            picture = Picture(data)
            name = f"{canvas} {size} {theme} at {scale}"
            same((picture.width, picture.height, picture.depth), (columns * 8 * scale, rows * 17 * scale, 8), f"{name}: its size")
            if not ok(picture.plain, f"{name}: few enough colours for a palette"):
                continue
            wrong = [(cell, what) for cell in wanted if cell.width or cell.kind != "blank"
                     for what in [wrong_with(cell, picture, scale)] if what]
            ok(not wrong, f"{name}: each of {len(wanted)} cells is there ({len(data)} bytes)")
            for cell, what in wrong[:5]:
                print(f"# {cell} lacks {what}")


def says_what_it_is():
    data = shot("png", "copied", scale=2)
    found = chunks(data)
    same(data[:8], b"\x89PNG\r\n\x1a\n", "the signature")
    ok(all(good for _, _, good in found), "each chunk's CRC is right")
    same([kind for kind, _, _ in found if kind not in ("tEXt", "iTXt", "IDAT")], ["IHDR", "PLTE", "pHYs", "IEND"], "the other chunks")
    texts = [body.split(b"\0", 1) for kind, body, _ in found if kind == "tEXt"]
    international = dict(body.split(b"\0", 1) for kind, body, _ in found if kind == "iTXt")
    same(texts[0], [b"Source", b"cowscope --batch -c 'write a:2'"], "first the command that makes it again")
    same(dict(texts[1:]), {b"Software": b"cowscope 0.1.0", b"Comment": b"Linux 6.18.0", b"Creation Time": b"2023-11-14T22:13:20Z",
                           b"Description": b"three panels\nand text"}, "then the rest")
    same(international, {b"Title": b"\0\0\0\0" + "cowscope: write a:2, 写时复制".encode()}, "what is not ASCII as UTF-8")
    same(next(body for kind, body, _ in found if kind == "pHYs"), struct.pack(">IIB", 7560, 7560, 1), "192 pixels an inch")


def the_same_twice():
    for canvas in "copied", "hostile":
        first = shot("png", canvas, scale=2)
        for environment in {}, {"LC_ALL": "C"}, {"LC_ALL": "zh_CN.UTF-8", "LANGUAGE": "ja", "TZ": "Asia/Tokyo"}:
            ok(shot("png", canvas, scale=2, **environment) == first, f"{canvas}: the same bytes with {environment or 'nothing'} changed")
    ok(shot("png", "copied", theme="dark") != shot("png", "copied", theme="light"), "another theme is another picture")


def small():
    for theme in "print", "dark":
        size = len(shot("png", "copied", theme=theme, scale=2))
        ok(size <= 100000, f"80x24 at 2x, {theme}: {size} bytes, at most 100000")


need()
shows_the_canvas()
says_what_it_is()
the_same_twice()
small()
done()
