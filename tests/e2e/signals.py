#!/usr/bin/env python3
"""Every signal that a program can catch, in every mode of the screen, with the mouse on: the terminal is as it was before, nothing of
ours is left, and whoever waits is told which signal it was. Two that a failed write raises are for nobody."""

import os
import signal
import sys
import time

sys.dont_write_bytecode = True
from e2e import COWSCOPE, Pty, Tap, need, note, same, terminal

IGNORED = {signal.SIGPIPE, signal.SIGXFSZ}
GOES_ON = {signal.SIGCHLD, signal.SIGURG, signal.SIGWINCH, signal.SIGCONT}
STOPS = {signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU, signal.SIGSTOP}
MODES = {"lab": (), "lesson": ("cow",), "quiz": ("quiz", "--seed=7"), "-p": ("-p", str(os.getpid()))}
PAIRS = ((b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?1h", b"\x1b[?1l"), (b"\x1b[?2004h", b"\x1b[?2004l"), (b"1000h", b"1000l"))
longest = 0.0


def children(pid):
    with open("/proc/%d/task/%d/children" % (pid, pid), encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


def given_back(tty):
    same(tty.modes(), tty.before, "modes")
    for on, off in PAIRS:
        assert tty.output.rfind(off) >= tty.output.rfind(on), "%r is not taken back: %r" % (on, tty.output[-200:])


def begin(mode):
    tty = Pty([COWSCOPE, *MODES[mode]])
    tty.expect("quit")
    if mode != "-p":
        tty.send("M")
        tty.expect("1000h")
    return tty


def ends(mode, signum):
    global longest
    with begin(mode) as tty:
        workers = children(tty.pid)
        assert workers or mode == "-p", "no workers"
        began = time.monotonic()
        os.kill(tty.pid, signum)
        same(tty.finish(), -signum, "status")
        longest = max(longest, time.monotonic() - began)
        given_back(tty)
        for worker in workers:
            terminal.gone(worker)


def goes_on(mode, signum):
    with begin(mode) as tty:
        os.kill(tty.pid, signum)
        tty.send("\x0c")
        tty.match(rb"(?s)\x1b\[2?J.*quit", len(tty.output))
        tty.send("q")
        same(tty.finish(), 0, "status")
        given_back(tty)


def main():
    need()
    tap = Tap()
    for mode in MODES:
        for signum in sorted(signal.valid_signals() - STOPS - {signal.SIGKILL}):
            name = getattr(signum, "name", "signal %d" % signum)
            if signum in IGNORED | GOES_ON:
                tap.test("%s: goes on after %s" % (mode, name), goes_on, mode, signum)
            else:
                tap.test("%s: %s gives the terminal back" % (mode, name), ends, mode, signum)
    note("the longest took %.2f s", longest)
    tap.done()


if __name__ == "__main__":
    main()
