"""What the tests of captures share: samples of pictures, their canvases, TAP.

The samples are written by tests/captures/samples; how a cell should look is worked out here, apart from the program.
"""

import json
import os
import subprocess
import sys
import tempfile

SAMPLES = os.path.join(os.environ.get("top_builddir", "."), "tests/captures/samples")
CELL_WIDTH, CELL_HEIGHT = 8, 17
BOLD, REVERSE, UNDERLINE, DIM = 1, 2, 4, 8
CHANGED, CURSOR = 1, 2

_run = 0
_failed = 0


def ok(holds, what, *why):
    global _run, _failed
    _run += 1
    if not holds:
        _failed += 1
    print(f"{'ok' if holds else 'not ok'} {_run} - {what}", flush=True)
    if not holds:
        for line in why:
            print(f"# {line}", flush=True)
    return holds


def same(got, wanted, what):
    return ok(got == wanted, what, f"   got: {got!r}", f"wanted: {wanted!r}")


def skip(why, what="not run here"):
    global _run
    _run += 1
    print(f"ok {_run} - {what} # SKIP {why}", flush=True)


def done():
    print(f"1..{_run}", flush=True)
    sys.exit(1 if _failed else 0)


class Cell:
    def __init__(self, data, theme):
        text, self.width, self.role, self.marks = data
        self.text = bytes.fromhex(text).decode("utf-8", "replace")
        self.blank = self.width == 0 or self.text in ("", " ")
        if theme:
            self._look(theme)

    def _look(self, theme):
        foreground, background, style = theme["roles"][self.role]
        foreground = theme["foreground"] if foreground < 0 else foreground
        background = theme["background"] if background < 0 else background
        if bool(style & REVERSE) != bool(self.marks & CURSOR):
            foreground, background = background, foreground
        self.foreground, self.background = rgb(foreground), rgb(background)
        self.underline = bool(style & UNDERLINE or self.marks & CHANGED)


def rgb(color):
    return color >> 16 & 255, color >> 8 & 255, color & 255


class Canvas:
    def __init__(self, data, theme=None):
        self.columns, self.rows = data["columns"], data["rows"]
        self.cells = [Cell(cell, theme) for cell in data["cells"]]

    def at(self, column, row):
        return self.cells[row * self.columns + column]

    def row(self, row):
        return self.cells[row * self.columns:(row + 1) * self.columns]

    def text(self, row):
        return "".join(cell.text or " " for cell in self.row(row) if cell.width).rstrip()


class Samples:
    """A directory of samples, gone at the end."""

    def __enter__(self):
        self._directory = tempfile.TemporaryDirectory(prefix="cowscope-captures-")
        self.path = self._directory.name
        subprocess.run([SAMPLES, self.path], check=True)
        return self

    def __exit__(self, *_):
        self._directory.cleanup()

    def names(self, ending):
        found = [name[:-len(ending) - 1] for name in os.listdir(self.path) if name.endswith("." + ending)]
        return sorted(found)

    def file(self, name):
        return os.path.join(self.path, name)

    def read(self, name):
        with open(self.file(name), encoding="utf-8", newline="") as f:
            return f.read()

    def canvas(self, name):
        data = json.loads(self.read(name + ".json"))
        return Canvas(data["canvas"], data["theme"])

    def film(self, name):
        return [Canvas(data) for data in json.loads(self.read(name + ".json"))]
