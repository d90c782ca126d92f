#!/usr/bin/env python3
"""From a shell: Ctrl-Z and fg, and terminals on which there can be no screen."""

import os
import re
import signal
import subprocess
import sys

sys.dont_write_bytecode = True
from e2e import COWSCOPE, App, Pty, Tap, Tmux, need, order, pid, same, started, terminal


class Shell(App):
    """An interactive bash that starts cowscope as a job."""

    def __init__(self, *options, **changes):
        Tmux.__init__(self, **changes)
        self.count = 0
        self.line(" ".join([COWSCOPE, *options]))
        self.first_screen()

    def at_prompt(self, command=":"):
        """Waits until the shell has done a command, by a word that only it puts together."""
        self.count += 1
        self.line("clear; %s; echo did$((%d))." % (command, self.count))
        self.expect(r"^did%d\." % self.count)
        assert not self.alternate(), "still in the alternate screen"


def stops_and_goes_on():
    with Shell() as app:
        app.text("a2w")
        app.shows("a", 2, "◆ copied a2")
        before = app.says("write a:2 -> ")
        for size in (None, (60, 18), (80, 24)):
            app.keys("C-z")
            app.expect("Stopped")
            app.at_prompt()
            if size:
                app.resize(*size)
            app.line("fg")
            app.wait("the screen", lambda screen: order(screen) == "abc" and "quit" in screen)
            assert app.alternate(), "not in the alternate screen"
            app.shows("a", 2, "◆ copied a2")
        app.comes_to(before, "the screen before Ctrl-Z and fg")
        app.text("b2w")
        app.shows("b", 2, "◆ copied b2")
        app.text("q")
        app.at_prompt('echo "status $?"')


def workers_stay():
    """Ctrl-Z is for the program alone: its workers are no part of the job."""
    with Shell() as app:
        pids = [pid(app.screen(), name) for name in "abc"]
        app.keys("C-z")
        app.expect("Stopped")
        app.at_prompt()
        for number in pids:
            with open("/proc/%d/stat" % number, encoding="ascii") as file:
                same(file.read().rpartition(")")[2].split()[0], "S", "state of a worker")
        app.line("fg")
        screen = app.wait("the screen", started)
        same([pid(screen, name) for name in "abc"], pids, "pids")
        assert "stopped" not in screen and "continued" not in screen, screen
        app.text("3w")
        app.shows("a", 3, "◆ copied a3")
        app.text("q")
        app.at_prompt()


def changed_meanwhile():
    """What happened while it was stopped is on the screen when it comes back."""
    with Shell() as app:
        number = pid(app.screen(), "b")
        app.keys("C-z")
        app.expect("Stopped")
        os.kill(number, signal.SIGKILL)
        app.at_prompt()
        app.line("fg")
        app.expect(r"┬ b +killed by SIGKILL")
        app.text("q")
        app.at_prompt()


def killed_while_stopped():
    with Shell() as app:
        pids = [pid(app.screen(), name) for name in "abc"]
        app.keys("C-z")
        app.expect("Stopped")
        app.at_prompt("kill -9 %1; wait")
        for number in pids:
            terminal.gone(number)


def refuses(wanted, **changes):
    """One line that says what to do, and status 3."""
    with Pty([COWSCOPE], **changes) as tty:
        same(tty.finish(), 3, "exit status")
        assert re.fullmatch(rb"cowscope: [^\r\n\x1b]*" + wanted + rb"[^\r\n\x1b]*--batch\r\n", tty.output), tty.output


def refuses_files(name):
    with Pty([COWSCOPE]) as tty:  # lends its terminal
        tty.expect("quit")
        files = {"stdin": tty.slave, "stdout": tty.slave, name: subprocess.DEVNULL}
        done = subprocess.run([COWSCOPE], **files, stderr=subprocess.PIPE, check=False, timeout=terminal.DEADLINE,
                              env=terminal.environment())
        same(done.returncode, 3, "exit status")
        says = rb"cowscope: standard (in|out)put is not a terminal[^\n]*--batch\n"
        assert re.fullmatch(says, done.stderr), done.stderr


def main():
    need("tmux", "bash")
    tap = Tap()
    tap.test("Ctrl-Z and fg, at the same and other sizes", stops_and_goes_on)
    tap.test("Ctrl-Z does not stop the workers", workers_stay)
    tap.test("what happened while it was stopped", changed_meanwhile)
    tap.test("killed while stopped, no worker stays", killed_while_stopped)
    tap.test("TERM=dumb", lambda: refuses(b"dumb", TERM="dumb"))
    tap.test("TERM is empty", lambda: refuses(b"TERM", TERM=""))
    tap.test("TERM is not set", lambda: refuses(b"TERM", TERM=None))
    tap.test("TERM is unknown", lambda: refuses(b"no-such-terminal", TERM="no-such-terminal"))
    tap.test("a TERM that is no name", lambda: refuses(b"TERM", TERM="../\x1b[31m/etc"))
    for name in ("stdin", "stdout"):
        tap.test("%s is no terminal" % name, refuses_files, name)
    tap.done()


if __name__ == "__main__":
    main()
