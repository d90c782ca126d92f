#!/usr/bin/env python3
"""PDF: its text can be selected, its page rendered shows the canvas, the same bytes twice."""

import os
import tempfile
import unicodedata

from shots import *

SHOWN = ("copied", "80x24", "print"), ("hostile", "80x24", "print"), ("both", "60x18", "dark"), ("lines", "40x32", "print")


def run(*arguments):
    return subprocess.run(arguments, capture_output=True, check=True).stdout


def lines_of(wanted):
    """Rows of letters without blanks; box lines are no text."""
    rows = {}
    for cell in wanted:
        rows[cell.row] = rows.get(cell.row, "") + (cell.text if cell.kind == "letter" else "")
    return [row for _, row in sorted(rows.items()) if row]


def text_of(path):
    lines = run("pdftotext", "-layout", "-enc", "UTF-8", path, "-").decode().replace("\f", "").split("\n")
    return [line for line in ("".join(line.split()) for line in lines) if line]


def has_font(pattern):
    try:
        return bool(run("fc-list", pattern, "family"))
    except (OSError, subprocess.CalledProcessError):
        return False


def selectable(path, canvas, wanted):
    for pattern, what in (":lang=zh", "Chinese font"), (":charset=fffd", "font with U+FFFD"):
        if canvas in ("hostile", "lines") and not has_font(pattern):
            return skip(f"fc-list knows no {what}, so there are boxes instead of letters", f"{canvas}: its text can be selected")
    got = text_of(path)
    if canvas == "lines": # composed, full width and Hangul: poppler writes some as others
        return ok(any("写时" in line for line in got), f"{canvas}: Chinese can be selected")
    same(got, lines_of(wanted), f"{canvas}: its text can be selected, line by line")


def pixels(path, work):
    run("pdftoppm", "-r", "96", "-singlefile", path, os.path.join(work, "page"))
    with open(os.path.join(work, "page.ppm"), "rb") as file:
        kind, size, _, data = file.read().split(b"\n", 3)
    width, height = map(int, size.split())
    return kind, width, height, data


def near(one, other):
    return all(abs(a - b) <= 2 for a, b in zip(one, other))


def rendered(path, work, name, size, wanted):
    kind, width, height, data = pixels(path, work)
    columns, rows = map(int, size.split("x"))
    same((kind, width, height), (b"P6", columns * 8, rows * 17), f"{name}: the page is as large as the canvas")
    wrong = []
    for cell in wanted:
        at = ((cell.row * 17 + 1) * width + cell.column * 8) * 3
        top = [data[at + 3 * i:at + 3 * i + 3] for i in range(8 * cell.width)]
        if cell.kind != "lines" and cell.width and not any(near(pixel, cell.background) for pixel in top):
            wrong.append((cell, [tuple(pixel) for pixel in top]))
        at = ((cell.row * 17 + 8) * width + cell.column * 8) * 3
        if cell.text == "─" and not all(near(data[at + 3 * i:at + 3 * i + 3], cell.foreground) for i in range(8)):
            wrong.append((cell, tuple(data[at:at + 24])))
    ok(not wrong, f"{name}: each cell's background and line is there")
    for cell, got in wrong[:5]:
        print(f"# {cell}: {got}")


def says_what_it_is(path):
    info = dict(line.split(":", 1) for line in run("env", "TZ=UTC", "pdfinfo", "-isodates", path).decode().splitlines())
    for key, wanted in (("Title", "cowscope: write a:2, 写时复制"), ("Subject", "cowscope --batch -c 'write a:2'"),
                        ("Creator", "cowscope 0.1.0"), ("Keywords", "Linux 6.18.0"), ("Pages", "1")):
        same(info.get(key, "").strip(), wanted, f"pdfinfo: {key}")
    ok(info.get("CreationDate", "").strip().startswith("2023-11-14T22:13:20"), "pdfinfo: when it was read")


def vector(path):
    same(run("pdfimages", "-list", path).decode().splitlines()[2:], [], "there is no image in it")


def place_of(letter, text):
    for row, line in enumerate(text.split("\n")):
        if letter in line:
            before = line[:line.index(letter)]
            return row, sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in before)
    return None


def letters_no_font_goes_with(work):
    """These two syllables of Noto Sans Mono CJK end Cairo 1.16 when it puts the font into the file."""
    path, text = os.path.join(work, "korean.pdf"), os.path.join(work, "korean.txt")
    commands = 'write a:2 "\ub407"; write a:3 "\ub415"'
    ended = subprocess.run([os.environ["COWSCOPE"], "--batch", "--size=80x24", "--format=pdf", "-o", path, "-c", commands],
                           capture_output=True, text=True)
    same((ended.returncode, ended.stderr), (0, ""), "a PDF is drawn where Cairo cannot embed the font")
    ok(any("copied" in line for line in text_of(path)), "its other text can be selected")
    if not has_font(":lang=ko"):
        return skip("fc-list knows no Korean font, so there are boxes instead of letters", "the letters are seen")
    subprocess.run([os.environ["COWSCOPE"], "--batch", "--size=80x24", "-c", commands + f'; capture "{text}"'],
                   capture_output=True, check=True)
    _, width, _, data = pixels(path, work)
    with open(text, encoding="utf-8") as file:
        screen = file.read()
    for letter in "\ub407\ub415":
        row, column = place_of(letter, screen)
        lines = [((row * 17 + y) * width + column * 8) * 3 for y in range(17)]
        dark = sum(1 for at in lines for x in range(16) if sum(data[at + 3 * x:at + 3 * x + 3]) < 300)
        ok(dark >= 12, f"U+{ord(letter):04X} is seen: {dark} dark pixels")


need("pdftotext", "pdftoppm", "pdfinfo", "pdfimages")
with tempfile.TemporaryDirectory() as work:
    path = os.path.join(work, "shot.pdf")
    for canvas, size, theme in SHOWN:
        data = shot("pdf", canvas, size, theme)
        with open(path, "wb") as file:
            file.write(data)
        wanted = cells(canvas, size, theme)
        selectable(path, canvas, wanted)
        rendered(path, work, f"{canvas} {size} {theme}", size, wanted)
        vector(path)
        ok(shot("pdf", canvas, size, theme, LC_ALL="C", TZ="Asia/Tokyo") == data, f"{canvas}: the same bytes again")
    says_what_it_is(path)
    letters_no_font_goes_with(work)
done()
