#!/usr/bin/env python3
"""src/tui in tmux: what a person at a shell sees."""

import itertools
import os
import re
import shutil
import signal
import sys

sys.dont_write_bytecode = True
import terminal
from terminal import Tmux, same

numbers = itertools.count(1000)
DEMO = terminal.program("tui/demo")


def pid_of(tmux):
    return int(tmux.expect(r"demo \d+x\d+ pid +(\d+) ").group(1))


def answered(tmux, command):
    """Waits for the shell to do a command: for a number of its own that it computed, not the echo of what was typed."""
    number = next(numbers)
    tmux.line("clear; %s; echo done$((%d+1))." % (command, number - 1))
    tmux.expect(r"^done%d\.$" % number)


def at_prompt(tmux):
    answered(tmux, ":")
    assert not tmux.alternate(), "still in the alternate screen"


def stty(tmux, name):
    path = os.path.join(tmux.dir, name)
    answered(tmux, "stty -a > " + path)
    with open(path, encoding="ascii") as file:
        return file.read()


def start(tmux, *options):
    tmux.line(" ".join((DEMO, *options)))
    return pid_of(tmux)


def draws():
    with Tmux() as tmux:
        start(tmux)
        tmux.expect("warning new @")
        screen = tmux.screen()
        for word in ("demo 80x24", "\u25a0\u25c6\u2500\u9875\u8868|", "copied new @", "key-label"):
            assert word in screen, "%s is missing:\n%s" % (word, screen)
        same((tmux.ask("#{cursor_x}"), tmux.ask("#{cursor_y}")), ("5", "1"), "cursor")
        assert tmux.alternate()
        tmux.keys("q")
        at_prompt(tmux)


def no_color():
    with Tmux() as tmux:
        start(tmux, "--no-color")
        tmux.expect("warning new @")
        screen = tmux.screen(escapes=True)
        codes = [code for sequence in re.findall(r"\x1b\[([0-9;:]*)m", screen) for code in re.split("[;:]", sequence)]
        assert not [code for code in codes if re.fullmatch("3[0-8]|4[0-8]|9[0-7]|10[0-7]", code)], codes
        assert {"1", "4", "7"} <= set(codes), codes
        tmux.keys("q")
        at_prompt(tmux)


def resizes():
    with Tmux() as tmux:
        start(tmux)
        for columns, rows in ((120, 40), (60, 18), (40, 12), (20, 3), (200, 5), (80, 24)):
            tmux.resize(columns, rows)
            tmux.expect("^demo %dx%d" % (columns, rows) if columns > 12 else "^demo")
        for columns, rows in ((2, 2), (9, 1), (1, 9)):
            tmux.resize(1, 1)  # its only cell is the last one, which ncurses leaves alone here
            tmux.resize(columns, rows)
            terminal.until("the start of the word", lambda n=columns: tmux.screen().startswith("demo "[:n].rstrip()),
                           tmux.screen)
        tmux.resize(80, 24)
        tmux.expect("^demo 80x24")
        tmux.expect("warning new @")
        tmux.keys("q")
        at_prompt(tmux)


def suspends():
    with Tmux() as tmux:
        before = stty(tmux, "before")
        pid = start(tmux)
        tmux.keys("C-z")
        tmux.expect("Stopped")
        at_prompt(tmux)
        same(stty(tmux, "stopped"), before, "modes while stopped")
        tmux.resize(70, 20)
        tmux.line("fg")
        tmux.expect("^demo 70x20")
        tmux.expect("event resize")
        assert tmux.alternate()
        tmux.keys("k")
        tmux.expect("event k,")
        same(pid_of(tmux), pid, "process")
        tmux.keys("q")
        at_prompt(tmux)


def stopped_by_force():
    with Tmux() as tmux:
        pid = start(tmux)
        os.kill(pid, signal.SIGSTOP)
        tmux.expect("Stopped")
        tmux.line("stty sane; clear")
        tmux.resize(66, 15)
        tmux.line("fg")
        tmux.expect("^demo 66x15")
        tmux.keys("C-c")
        tmux.expect("event Ctrl-C,")
        tmux.keys("k")
        tmux.expect("event k,")
        tmux.keys("q")
        at_prompt(tmux)


def continued_in_background():
    with Tmux() as tmux:
        start(tmux)
        tmux.keys("C-z")
        tmux.expect("Stopped")
        tmux.line("clear; bg; until jobs -l | grep '(tty'; do :; done")  # wait -n may come too late
        tmux.expect(r"Stopped \(tty")
        assert not tmux.alternate(), "wrote into the shell's screen"
        at_prompt(tmux)
        tmux.line("fg")
        tmux.expect("^demo 80x24")
        tmux.keys("q")
        at_prompt(tmux)


def dies(options, signum, key, says):
    with Tmux() as tmux:
        before = stty(tmux, "before")
        tmux.line("ulimit -c 0")
        pid = start(tmux, *options)
        if key:
            tmux.keys(key)
        else:
            os.kill(pid, signum)
        tmux.expect(says)
        at_prompt(tmux)
        same(stty(tmux, "after"), before, "modes")


def terminal_dies(prefix):
    with Tmux() as tmux:
        tmux.line(prefix)
        pid = start(tmux)
        tmux.kill_pane()
        terminal.gone(pid)


def types():
    with Tmux() as tmux:
        start(tmux)
        tmux.text("\u00e4\u9875")
        tmux.keys("Up", "F1", "Escape", "BTab", "PPage", "DC", "C-l")
        tmux.expect("\u00e4\u9875 Up F1 Esc Shift-Tab PgUp Delete Ctrl-L")
        tmux.keys("q")
        at_prompt(tmux)


def main():
    tap = terminal.Tap()
    for tool in ("tmux", "bash"):
        if not shutil.which(tool):
            print("1..0 # SKIP %s is not installed" % tool)
            return
    tap.test("draws, and leaves", draws)
    tap.test("no colour", no_color)
    tap.test("resizes", resizes)
    tap.test("keys", types)
    tap.test("Ctrl-Z, another size, fg", suspends)
    tap.test("SIGSTOP, other modes and size, fg", stopped_by_force)
    tap.test("bg stops it again", continued_in_background)
    for signum, says in ((signal.SIGTERM, "ended by SIGTERM"), (signal.SIGHUP, "ended by SIGHUP"),
                         (signal.SIGSEGV, "Segmentation fault"), (signal.SIGABRT, "Aborted")):
        tap.test("%s" % signum.name, dies, (), signum, None, says)
    tap.test("a real crash", dies, ("--die=segv",), None, "!", "Segmentation fault")
    tap.test("an overflown stack", dies, ("--die=overflow",), None, "!", "Segmentation fault")
    tap.test("the terminal dies", terminal_dies, "true")
    tap.test("the terminal dies, SIGHUP ignored", terminal_dies, "trap '' HUP")
    tap.done()


if __name__ == "__main__":
    main()
