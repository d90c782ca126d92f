#!/usr/bin/env python3
"""What it costs while nobody does anything: CPU time of all its processes, and bytes to the terminal."""

import os
import re
import select
import sys
import time

sys.dont_write_bytecode = True
from bench import COWSCOPE, Pty, complete, family, used

SECONDS = int(os.environ.get("SECONDS", "10"))


def rest(tty, seconds):
    """Reads what comes within the time; returns the updates."""
    updates, end = [], time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if select.select([tty.master], [], [], left)[0]:
            updates.append(tty._read())
    return updates


def resident(pid):
    """KiB."""
    with open(f"/proc/{pid}/status") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmRSS:"))


def main():
    with Pty([COWSCOPE]) as tty:
        complete(tty, b"quit", 0)
        rest(tty, 1)
        pids = family(tty.pid)
        before = [used(pid) for pid in pids]
        had = resident(tty.pid)
        began = time.monotonic()
        updates = rest(tty, SECONDS)
        spent = time.monotonic() - began
        after = [used(pid) for pid in pids]
        each = [(b - a) / spent * 100 for a, b in zip(before, after)]
        print("idle %.0f s: %.2f %% of one core (the program %.2f %%, its %d other processes %.2f %%)"
              % (spent, sum(each), each[0], len(each) - 1, sum(each[1:])))
        print("  resident %d KiB, %+d since it began" % (resident(tty.pid), resident(tty.pid) - had))
        print("  %d bytes to the terminal in %d updates%s" % (sum(map(len, updates)), len(updates), where(updates)))
        tty.send("q")
        tty.finish()


def where(updates):
    """Where on the screen they were; the last place is the cursor's."""
    places = [re.findall(rb"\x1b\[(\d+)(?:;\d+)?[Hd]", update)[:-1] for update in updates]
    rows = sorted({int(row) for place in places for row in place})
    return ", in rows %s counted from 1" % ", ".join(map(str, rows)) if rows else ""


if __name__ == "__main__":
    main()
