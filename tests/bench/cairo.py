#!/usr/bin/env python3
"""The first whole screen beside that of a build --without-cairo, in turn: who takes no picture pays nothing for Cairo.

COWSCOPE_WITHOUT_CAIRO names such a build; else one is made of the sources, in a minute.
"""

import os
import statistics
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import bench
from start import start

STARTS = 60
AT_MOST = 1.10


def build(directory):
    made = os.path.join(directory, "tree")
    quiet = {"stdout": subprocess.DEVNULL, "check": True}
    # po's Makefile puts ../ before it: relative, then.
    subprocess.run(["make", "-s", "distdir", f"distdir={os.path.relpath(made)}"], **quiet)
    subprocess.run(["./configure", "-q", "--without-cairo"], cwd=made, **quiet)
    subprocess.run(["make", "-s", "-j2", "src/cowscope"], cwd=made, **quiet)
    return os.path.join(made, "src/cowscope")


def compare(other):
    programs = {"this build": bench.COWSCOPE, "--without-cairo": other}
    times = {name: [] for name in programs}
    for turn in range(STARTS + 1):
        for name, program in programs.items():
            shown = start(program=program)
            if turn:
                times[name].append(shown[0])
    for name, values in times.items():
        print("start, %s: %s, %d times in turn" % (name, bench.spread(values), STARTS))
    ratio = statistics.median(times["this build"]) / statistics.median(times["--without-cairo"])
    print("  this build / --without-cairo: %.3f (at most %.2f: %s)" % (ratio, AT_MOST, "yes" if ratio <= AT_MOST else "NO"))


def main():
    other = os.environ.get("COWSCOPE_WITHOUT_CAIRO")
    with tempfile.TemporaryDirectory(prefix="cowscope-bench-") as directory:
        compare(other or build(directory))


if __name__ == "__main__":
    main()
