#!/usr/bin/env python3
"""From fork and exec to the first complete screen, every page read."""

import sys
import time

sys.dont_write_bytecode = True
from bench import COWSCOPE, Pty, complete, family, spread, used

STARTS = 30


def start(*options, program=COWSCOPE):
    began = time.perf_counter()
    with Pty([program, *options]) as tty:
        shown = complete(tty, b"quit", 0)
        cpu = sum(map(used, family(tty.pid)))
        tty.send("q")
        tty.finish()
        ended = time.perf_counter()
    return shown - began, ended - shown, cpu


def main():
    start()
    for what, options in (("", ()), (", anonymous memory", ("--kind=private-anon",))):
        times = [start(*options) for _ in range(STARTS)]
        shown, ended, cpu = zip(*times)
        print("start%s: %s from exec to the first whole screen on a pty of 80x24, %d times" % (what, spread(shown), STARTS))
        print("  CPU time of that %s; from q to the end %s" % (spread(cpu), spread(ended)))


if __name__ == "__main__":
    main()
