"""What the benchmarks of the whole program share: a terminal, and when an update is complete."""

import os
import re
import select
import statistics
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tui"))
from terminal import DEADLINE, Failed, Pty

COWSCOPE = os.path.abspath(os.environ.get("COWSCOPE", "src/cowscope"))
if not os.access(COWSCOPE, os.X_OK):
    sys.exit("%s is not built: set COWSCOPE" % COWSCOPE)
# ncurses writes what differs and then puts the cursor where it belongs: at the page, on a screen with panels.
COMPLETE = re.compile(rb"\x1b\[\d+;\d+H(\x1b\[34h)?(\x1b\[\?(12;)?25h)?$")


def complete(tty, text, start):
    """Reads until an update that holds text is whole and nothing more is there; returns when that was."""
    end = time.monotonic() + DEADLINE
    while True:
        data = tty.output[start:]
        if text in data and COMPLETE.search(data) and not select.select([tty.master], [], [], 0)[0]:
            return time.perf_counter()
        if not select.select([tty.master], [], [], max(0, end - time.monotonic()))[0] or not tty._read():
            raise Failed("%r did not come, but %r" % (text, data[-300:]))


def family(pid):
    found = [pid]
    for parent in found:
        with open("/proc/%d/task/%d/children" % (parent, parent), encoding="ascii") as file:
            found += map(int, file.read().split())
    return found


def used(pid):
    """Seconds on a CPU, of a process or "PID/task/TID": by the scheduler in nanoseconds, else in ticks."""
    try:
        with open("/proc/%s/schedstat" % pid, encoding="ascii") as file:
            return int(file.read().split()[0]) / 1e9
    except FileNotFoundError:
        with open("/proc/%s/stat" % pid, encoding="ascii", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def spread(values):
    """"median (5 % - 95 %)" in milliseconds."""
    ordered = sorted(values)
    low, high = (ordered[round((len(ordered) - 1) * part)] for part in (0.05, 0.95))
    return "%.2f ms (5-95 %%: %.2f-%.2f)" % (statistics.median(ordered) * 1e3, low * 1e3, high * 1e3)
