#!/usr/bin/env python3
"""From a key to the finished update of the screen."""

import os
import statistics
import sys
import time
import tty as modes

sys.dont_write_bytecode = True
from bench import COWSCOPE, Pty, complete, family, spread, used

PRESSES = 300
KEYS = ((b"w", b"write"), (b"r", b"read "), (b"x", b"advis"))


def pressed():
    with Pty([COWSCOPE]) as tty:
        complete(tty, b"quit", 0)
        start = len(tty.output)
        tty.send("2")
        complete(tty, b"select", start)
        times, pids = [], family(tty.pid)
        before = sum(map(used, pids))
        for press in range(PRESSES + len(KEYS)):
            key, shown = KEYS[press % len(KEYS)]
            start = len(tty.output)
            began = time.perf_counter()
            os.write(tty.master, key)
            times.append(complete(tty, shown, start) - began)
        return times[len(KEYS):], (sum(map(used, pids)) - before) / len(times)


def echoed():
    """A byte there and back through a pty with nobody but cat behind it."""
    with Pty(["cat"]) as tty:
        modes.setraw(tty.slave)
        times = []
        for press in range(PRESSES):
            start = len(tty.output)
            began = time.perf_counter()
            os.write(tty.master, b"w")
            tty.expect("w", start)
            times.append(time.perf_counter() - began)
        return times


def main():
    bare, (times, cpu), again = echoed(), pressed(), echoed()
    bare += again
    program = statistics.median(times) - statistics.median(bare)
    print("key: %s from a key to the whole update on a pty of 80x24, %d presses of w, r, x in turn" % (spread(times), PRESSES))
    print("  less a bare echo through a pty, %s: %.2f ms in the program" % (spread(bare), program * 1e3))
    print("  CPU time for each press, of the program and its workers, idle looks included: %.2f ms" % (cpu * 1e3))
    for at, (key, _) in enumerate(KEYS):
        print("  %s %s" % (key.decode(), spread(times[at::len(KEYS)])))


if __name__ == "__main__":
    main()
