"""Widths of code points, from the Unicode Character Database: widths.py FOLDER >widths.def

FOLDER holds UnicodeData.txt and EastAsianWidth.txt (Debian: package unicode-data, /usr/share/unicode).
Two cells have what East_Asian_Width calls wide or fullwidth, none what only changes its neighbour: marks that enclose or
take no room (Me, Mn), and the vowels and finals of Hangul that join the syllable before them. As in the C
library: the hexagrams and the circled numbers on black squares are drawn in two cells.
"""

import re
import sys

WIDE_ALL_THE_SAME = [(0x3248, 0x324F), (0x4DC0, 0x4DFF)]
JOINING = [(0x1160, 0x11FF), (0xD7B0, 0xD7C6), (0xD7CB, 0xD7FB)]


def records(name):
    with open(name, encoding="utf-8") as file:
        for line in file:
            fields = [field.strip() for field in line.split("#")[0].split(";")]
            if len(fields) > 1:
                yield fields


def marks(folder):
    codes = set()
    for fields in records(f"{folder}/UnicodeData.txt"):
        if fields[2] in ("Me", "Mn"):
            codes.add(int(fields[0], 16))
    for first, last in JOINING:
        codes.update(range(first, last + 1))
    return codes


def wides(folder):
    codes = set()
    for fields in records(f"{folder}/EastAsianWidth.txt"):
        first, _, last = fields[0].partition("..")
        if fields[1] in ("W", "F"):
            codes.update(range(int(first, 16), int(last or first, 16) + 1))
    for first, last in WIDE_ALL_THE_SAME:
        codes.update(range(first, last + 1))
    return codes


def intervals(codes):
    first = last = None
    for code in sorted(codes):
        if last is not None and code == last + 1:
            last = code
            continue
        if first is not None:
            yield first, last
        first = last = code
    yield first, last


def version(folder):
    with open(f"{folder}/EastAsianWidth.txt", encoding="utf-8") as file:
        return re.search(r"-([0-9.]+)\.txt", file.readline()).group(1)


def main(folder):
    none = marks(folder)
    print(f"/* Written by widths.py from Unicode {version(folder)}: NONE(first, last), WIDE(first, last), ascending. */")
    for word, codes in ("NONE", none), ("WIDE", wides(folder) - none):
        for first, last in intervals(codes):
            print(f"{word}(0x{first:04X}, 0x{last:04X})")


if __name__ == "__main__":
    main(sys.argv[1])
