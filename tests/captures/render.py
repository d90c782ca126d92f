"""SVG samples drawn by rsvg-convert, Chromium and Firefox, compared with their canvas cell by cell.

HTML is measured in Chromium.
"""

import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import browser  # noqa: E402
from captures import CELL_HEIGHT, CELL_WIDTH, Samples, done, ok, same, skip  # noqa: E402
from image import Image  # noqa: E402

SCALE = 2
NAMES = ("both-80x24-print", "hostile-60x18-dark", "characters")


def fonts_missing():
    """Why letters cannot be judged here; None: they can."""
    if not shutil.which("fc-match"):
        return "no fc-match to ask for fonts"
    family = subprocess.run(["fc-match", "-f", "%{family}", "DejaVu Sans Mono"], capture_output=True, text=True).stdout
    return None if family.startswith("DejaVu Sans Mono") else f"no font DejaVu Sans Mono, only {family!r}"


def nearer(color, one, other):
    def distance(to):
        return sum((a - b) ** 2 for a, b in zip(color, to))
    return distance(one) < distance(other)


def alike(color, other):
    return all(abs(a - b) < 9 for a, b in zip(color, other))


def is_block(cell):
    return len(cell.text) == 1 and "\u2500" <= cell.text <= "\u259f"


def shows(colors, cell):
    if cell.text in "░▒▓":
        return colors != {cell.background}
    return any(nearer(color, cell.foreground, cell.background) for color in colors)


def wrong_cell(image, canvas, column, row):
    """What is wrong with it, or None."""
    cell = canvas.at(column, row)
    left, top = column * CELL_WIDTH * SCALE, row * CELL_HEIGHT * SCALE
    right, bottom = left + CELL_WIDTH * SCALE, top + CELL_HEIGHT * SCALE
    if not is_block(cell) and image.at(left, top) != cell.background:
        return f"the fill is {image.at(left, top)}, not {cell.background}"
    if cell.underline and not alike(image.at((left + right) // 2, top + 15 * SCALE), cell.foreground):
        return "no underline"
    if cell.width == 0:
        return None
    # A letter may touch its neighbour's edge by half a pixel.
    colors = image.area(left + 1, top, right - 1 + (CELL_WIDTH * SCALE if cell.width == 2 else 0), bottom)
    if cell.blank and colors - {cell.background} - ({cell.foreground} if cell.underline else set()):
        return "something is drawn in a blank"
    if not cell.blank and not shows(colors, cell):
        return "no letter"
    return None


def compare(samples, name, data, what):
    image, canvas = Image(data), samples.canvas(name)
    same((image.width, image.height), (canvas.columns * CELL_WIDTH * SCALE, canvas.rows * CELL_HEIGHT * SCALE),
         f"{what}: {name} has the canvas's size")
    wrong = []
    for row in range(canvas.rows):
        for column in range(canvas.columns):
            why = wrong_cell(image, canvas, column, row)
            if why:
                wrong.append(f"column {column}, row {row}, {canvas.at(column, row).text!r}: {why}")
    ok(not wrong, f"{what}: {name} is its canvas, cell by cell", *wrong[:10])


def with_rsvg(samples):
    if not shutil.which("rsvg-convert"):
        skip("rsvg-convert is not installed", "rsvg-convert")
        return
    for name in NAMES:
        drawn = subprocess.run(["rsvg-convert", "-z", str(SCALE), samples.file(name + ".svg")], capture_output=True)
        same(drawn.stderr, b"", f"rsvg-convert draws {name}")
        compare(samples, name, drawn.stdout, "rsvg-convert")


# Columns by which the first letter of each run is off, and pixels by which a row is.
MEASURE = """
const pre = document.querySelector("pre"), letter = document.createElement("span"), range = document.createRange();
letter.textContent = "m".repeat(100);
pre.append(letter);
const cell = letter.getBoundingClientRect().width / 100, height = letter.getBoundingClientRect().height;
letter.remove();
let column = 0, row = 0, left, top, worst = 0;
for (const node of pre.childNodes) {
    const wide = node.className && /\\bw\\b/.test(node.className);
    for (const piece of node.textContent.split(/(\\n)/)) {
        if (piece === "\\n") { row++; column = 0; continue; }
        if (piece === "") continue;
        range.selectNodeContents(node);
        const box = (node.getBoundingClientRect ? node : range).getBoundingClientRect();
        if (node.nodeType === 1) {
            left ??= box.left - column * cell; top ??= box.top - row * height;
            worst = Math.max(worst, Math.abs(box.left - left - column * cell), Math.abs(box.top - top - row * height));
        }
        column += wide ? 2 : [...piece].length;
    }
}
return [worst, cell, row];
"""


def measure_html(samples, driven):
    for name in ("both-80x24-print", "hostile-80x24-print", "many-80x24-print"):
        driven.open("file://" + samples.file(name + ".html"))
        worst, cell, rows = driven.run(MEASURE)
        ok(worst < 1 and cell > 4, f"Chromium: every run of {name}.html stands in its column and row", worst, cell)
        same(rows, samples.canvas(name).rows, f"Chromium: {name}.html has all rows")


def with_chromium(samples):
    if browser.missing():
        skip(browser.missing(), "Chromium")
        return
    for name in NAMES:
        canvas = samples.canvas(name)
        # The window is that of the picture, the viewport without a window's frame.
        with browser.Browser(canvas.columns * CELL_WIDTH, canvas.rows * CELL_HEIGHT, SCALE) as driven:
            driven.command("Emulation.setDeviceMetricsOverride", width=canvas.columns * CELL_WIDTH,
                           height=canvas.rows * CELL_HEIGHT, deviceScaleFactor=SCALE, mobile=False)
            driven.open("file://" + samples.file(name + ".svg"))
            compare(samples, name, driven.screenshot(), "Chromium")
            same(driven.messages(), [], f"Chromium: nothing to say about {name}.svg")
    with browser.Browser() as driven:
        measure_html(samples, driven)


def firefox_shot(firefox, samples, name):
    """The SVG as a page's image, at SCALE: its own screenshots know no device pixels."""
    canvas = samples.canvas(name)
    width, height = canvas.columns * CELL_WIDTH * SCALE, canvas.rows * CELL_HEIGHT * SCALE
    with tempfile.TemporaryDirectory(prefix="cowscope-firefox-") as home:
        page, shot, profile = (os.path.join(home, file) for file in ("page.html", "shot.png", "profile"))
        os.mkdir(profile)
        with open(page, "w", encoding="utf-8") as f:
            f.write(f'<!DOCTYPE html><meta charset="utf-8"><body style="margin:0;overflow:hidden"><img alt="" '
                    f'style="display:block;width:{width}px;height:{height}px" src="file://{samples.file(name)}.svg">')
        ended = subprocess.run([firefox, "--headless", "--no-remote", "--profile", profile, f"--window-size={width},{height}",
                                "--screenshot", shot, f"file://{page}"], capture_output=True, check=False,
                               timeout=2 * browser.DEADLINE, env=dict(os.environ, HOME=home, TMPDIR=home))
        if not os.path.exists(shot):
            return None, ended.stderr.decode(errors="replace")[-500:]
        with open(shot, "rb") as f:
            return f.read(), None


def with_firefox(samples):
    firefox = shutil.which("firefox-esr") or shutil.which("firefox")
    if not firefox:
        skip("firefox is not installed", "Firefox")
        return
    for name in NAMES:
        data, why = firefox_shot(firefox, samples, name)
        if ok(data is not None, f"Firefox draws {name}", why):
            compare(samples, name, data, "Firefox")


if fonts_missing():
    skip(fonts_missing(), "pictures of letters")
else:
    with Samples() as all_samples:
        with_rsvg(all_samples)
        with_chromium(all_samples)
        with_firefox(all_samples)
done()
