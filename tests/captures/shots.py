"""What the tests of PNG and PDF share: TAP, and the check program tests/captures/shots."""

import collections
import os
import shutil
import subprocess
import sys

BUILD = os.environ.get("top_builddir", ".")
SHOTS = os.path.join(BUILD, "tests/captures/shots")
Cell = collections.namedtuple("Cell", "column row width foreground background bold underline kind text")

count = failed = 0


def ok(holds, what):
    global count, failed
    count += 1
    failed += not holds
    print(f"{'ok' if holds else 'not ok'} {count} - {what}", flush=True)
    return bool(holds)


def same(got, wanted, what):
    if not ok(got == wanted, what):
        print(f"#    got: {got!r}\n# wanted: {wanted!r}")


def skip(why, what):
    global count
    count += 1
    print(f"ok {count} - {what} # SKIP {why}", flush=True)


def done():
    print(f"1..{count}")
    sys.exit(1 if failed else 0)


def need(*programs):
    """Without cowscope-draw, or one of the programs, there is nothing to test."""
    if not os.path.exists(os.path.join(BUILD, "src/cowscope-draw")):
        print("1..0 # SKIP this build has no cowscope-draw (--without-cairo, or no pangocairo)")
        sys.exit(0)
    for program in programs:
        if not shutil.which(program):
            print(f"1..0 # SKIP {program} is not here")
            sys.exit(0)


def shot(what, canvas, size="80x24", theme="print", scale=1, **environment):
    run = subprocess.run([SHOTS, what, canvas, size, theme, str(scale)], capture_output=True,
                         env={**os.environ, **environment}, check=False)
    if run.returncode:
        ok(False, f"{what} of {canvas} {size}: status {run.returncode}, {run.stderr.decode(errors='replace')}")
        done()
    return run.stdout


def color(text):
    return tuple(bytes.fromhex(text))


def cells(canvas, size="80x24", theme="print"):
    found = []
    for line in shot("cells", canvas, size, theme).decode().split("\n")[:-1]:
        column, row, width, foreground, background, bold, underline, kind, text = line.split(" ", 8)
        found.append(Cell(int(column), int(row), int(width), color(foreground), color(background), bold == "1",
                          underline == "1", kind, text))
    return found
