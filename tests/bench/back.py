#!/usr/bin/env python3
"""From PgUp to the recorded step on the screen, behind ten thousand steps."""

import os
import sys
import time

sys.dont_write_bytecode = True
import bench
from bench import COWSCOPE, Pty, complete, spread

STEPS = 10000
PRESSES = 300


def memory(pid):
    with open("/proc/%d/status" % pid, encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:"))


def pressed(tty, key, count):
    times = []
    for _ in range(count):
        start = len(tty.output)
        began = time.perf_counter()
        os.write(tty.master, key)
        times.append(complete(tty, b"\x1b[", start) - began)
    return times


def main():
    line = ";".join("write %s:%d" % ("abc"[i % 3], i // 3 % 10) for i in range(STEPS))
    with Pty([COWSCOPE, "-c", line, "-c", "select c:7"]) as tty:
        bench.DEADLINE, usual = 300, bench.DEADLINE
        complete(tty, b"select c:7", 0)
        bench.DEADLINE = usual
        times = pressed(tty, b"\x1b[5~", PRESSES)
        print("back: %s from PgUp to the step before on a pty of 80x24, behind %d steps" % (spread(times), STEPS))
        times = pressed(tty, b"\x1b[6~", PRESSES - 10)
        print("  forward: %s" % spread(times))
        print("  memory: %d KiB" % memory(tty.pid))


if __name__ == "__main__":
    main()
