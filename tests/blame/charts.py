#!/usr/bin/env python3
"""The capture of view blame: its bars beside the numbers of the JSON that they are drawn from, and what it says it was made by."""

import html
import os
import re
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "attach"))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tui"))
from oracle import *
from terminal import Pty

PAGES = 400
CELL_WIDTH, CELL_HEIGHT = 8, 17
WORDS = {"stack": "a stack", "unknown": "nobody could tell", "object": "the contents of an object", "data": "static data",
         "relocation": "addresses that the dynamic linker", "kernel": "the kernel wrote", "allocator": "words of the allocator"}
CAIRO = "HAVE_CAIRO 1" in open(os.path.join(os.environ.get("top_builddir", "."), "config.h"), encoding="utf-8").read()


def blamed(folder):
    """A sample of a family that copied for several causes, saved."""
    with Family() as target:
        target.do(0, "map", "m", "anon", PAGES)
        target.do(0, "write", "m", 0, PAGES, 65)
        target.fork(0, 1)
        with Watch(list(target.pids.values()), "--blame") as watch:
            watch.sample()
            target.do(1, "write", "m", 0, 300, 66)
            target.do(1, "receive", "m", 300, 20)
            family = watch.until(lambda f: f["blame"]["copies"] >= 320, "320 pages are copied")
    path = os.path.join(folder, "saved.json")
    with open(path, "w") as file:
        file.write(json.dumps(family, separators=(",", ":")) + "\n")
    return path, family["blame"]


def picture(folder, saved, form, size):
    path = os.path.join(folder, f"chart.{form}")
    status, _, err = live.run("--batch", f"--open={saved}", "-c", "view blame", f"--size={size}", f"--format={form}", "-o", path)
    same((status, err), (0, ""), f"{form} {size}: is written")
    with open(path, "rb") as file:
        return file.read()


def text_of(svg):
    """The canvas as text, which an SVG describes itself with."""
    return html.unescape(re.search(r"<desc>(.*?)</desc>", svg, re.S)[1]).split("\n")


def is_bar(row, room_from, part, whole):
    """The cells of a bar, in halves: those wanted, and those there."""
    numbers = re.search(r" [ <\d]{3} %", row[room_from:]).start() + room_from
    room = numbers - room_from
    wanted = int(part / whole * room * 2 + 0.5) or int(part > 0)
    bar = row[room_from:numbers]
    return wanted, 2 * bar.count("█") + bar.count("▌")


def percent(part, whole):
    """In words: all of it only where it is all, and nothing only where it is nothing."""
    share = int(part * 100 / whole + 0.5)
    return "<1 %" if part and not share else f"{min(share, 99) if part < whole else share} %"


def drawn_width(svg, column, row):
    """Of the rectangle that begins in this cell, in half cells."""
    for x, y, width, height in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h", svg):
        if int(x) == column * CELL_WIDTH and int(y) <= row * CELL_HEIGHT < int(y) + int(height):
            return int(width) * 2 // CELL_WIDTH
    return 0


def size_of(pages):
    kib = pages * KIB
    return f"{kib}K" if kib < 10240 else f"{(kib + 512) // 1024}M"


def bars(svg, rows, blame, what):
    """Each cause has its row: share, size and length."""
    start = min(row.index(c) for row in rows for c in "█▌" if c in row)
    for cause in blame["causes"]:
        word = WORDS[cause["cause"]]
        place, row = next((i, row) for i, row in enumerate(rows) if row.strip().startswith(word) and "%" in row[start:])
        wanted, found = is_bar(row, start, cause["pages"], blame["copies"])
        same(row.split("%")[0].split()[-1].strip("█▌") + " %", percent(cause["pages"], blame["copies"]), f"{what}: {word}: its share")
        same(row.rstrip().rpartition("%")[2].strip(), size_of(cause["pages"]), f"{what}: {word}: its size")
        same((found, drawn_width(svg, start, place)), (wanted, wanted), f"{what}: {word}: its bar, as text and as drawn")
    ok(f"of {blame['copies']} pages that were copied" in "\n".join(rows), f"{what}: of how many")
    for code in blame["code"][:1]:
        row = next((row for row in rows if code["function"] in row and "%" in row), "")
        ok(percent(code["samples"], blame["samples"]) in row, f"{what}: the first function's share: {row.strip()}")


def of_a_file(folder):
    saved, blame = blamed(folder)
    for size in ("80x24", "120x40"):
        svg = picture(folder, saved, "svg", size).decode()
        bars(svg, text_of(svg), blame, size)
        ok("view blame" in html.unescape(re.search(r"<dc:source>(.*)</dc:source>", svg)[1]), f"{size}: the command that makes it again")
    if not CAIRO:
        skip("built without Cairo", "png")
        return
    png = picture(folder, saved, "png", "80x24")
    ok(png.startswith(b"\x89PNG") and b"view blame" in png, "png: and names the command too")


def of_a_screen(folder, *how):
    """Drawn while it is watched: it names what it was made by."""
    path = os.path.join(folder, f"screen{how[0]}.svg")
    with Family() as target:
        target.do(0, "map", "m", "anon", PAGES)
        target.do(0, "write", "m", 0, PAGES, 65)
        target.fork(0, 1)
        pids = ",".join(map(str, target.pids.values()))
        with Pty([os.path.abspath(os.environ.get("COWSCOPE", "src/cowscope")), "-p", pids, *how]) as screen:
            screen.expect("was copied since")
            target.do(1, "write", "m", 0, PAGES, 66)
            screen.expect(f"{PAGES} pages were copied")
            screen.send(f":capture {path}\r")
            screen.expect(os.path.basename(path))
            screen.send("q")
            screen.finish()
    with open(path, encoding="utf-8") as file:
        svg = file.read()
    source = html.unescape(re.search(r"<dc:source>(.*)</dc:source>", svg)[1])
    ok(f"-p {pids} {' '.join(how)} -c 'view blame'" in source, f"{how[0]}: the capture names it: {source}")
    ok(any("█" in row for row in text_of(svg)), f"{how[0]}: and has bars")


with tempfile.TemporaryDirectory() as folder:
    status, _, err = live.run("--batch", "--format=json", "--blame", "--every=0.05", "--count=1", "-p", str(os.getpid()))
    if status:
        skip(err.strip(), "page faults as events")
    else:
        of_a_file(folder)
        for how in ("--blame", "--blame=all"):
            of_a_screen(folder, how)
done()
