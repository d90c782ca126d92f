#!/usr/bin/env python3
"""Fast fingers: seeded random keys, many before any answer came, in every mode of the screen. Whatever is pressed, the program
lives, and ends well when it is told to; under sanitizers it touches only memory that is its own, and gives all of it back.

PRESSES=n is how many keys, SEED=n which ones (a failure prints it); MODES="quiz lab" takes only those.
"""

import glob
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import termios

sys.dont_write_bytecode = True
from e2e import COWSCOPE, Failed, Pty, Tap, need, note, terminal, until

PRESSES = int(os.environ.get("PRESSES", "1500"))
SEED = int(os.environ.get("SEED", "1"))
RUN = 250      # presses before the program is started afresh
BURST = 60     # at most, without looking whether anything was answered
LAST = 120     # presses that a failure shows
SIZES = ((80, 24), (60, 18), (40, 12), (120, 40), (20, 6), (200, 60), (1, 1), (80, 24))

NAMED = {
    "Up": "\x1bOA", "Down": "\x1bOB", "Right": "\x1bOC", "Left": "\x1bOD", "Home": "\x1bOH", "End": "\x1bOF", "PgUp": "\x1b[5~",
    "PgDn": "\x1b[6~", "Delete": "\x1b[3~", "Shift-Tab": "\x1b[Z", "F1": "\x1bOP", "Tab": "\t", "Enter": "\r", "Space": " ",
    "Backspace": "\x7f", "Ctrl-L": "\x0c", "Ctrl-A": "\x01", "Ctrl-W": "\x17", "Ctrl-U": "\x15", "Ctrl-B": "\x02", "Ctrl-F": "\x06",
    "Esc": terminal.ESCAPE,
}
# What no key is, whole and in pieces: nothing, or close to it.
ODD = ("\x1bx", "\x1b\x1b[A", "\x1b]11;rgb:0000/0000/0000\x1b\\", "\x1bP1$r0m\x1b\\", "\x1b[?62;22c", "\x1b[200~one\rtwo\r\x1b[201~",
       "\x1bOk", "\x1bOM", "\x1b[I", "\x1b[1;5A", "\x9b", "\xff", "\xe4\xb8\xad", "\u9875", "\0", "\x1b[<0;9;9M", "\x1b[<64;9;9M")
LINES = ("write a:2 hello", "fork a", "kill b", "read all:*", "reset; read all:*", "spawn", "lab private-anon", "lab shared-file pages=20",
         "view frames", "view guide", "goto 1", "back", "last", "replay", "loop 3 write a:% x", "file write 3", "file truncate 2",
         "advise a:* dontneed", "explain a:2", "glossary", "help write", "capture x.txt", "capture x.svg history",
         "record x.md", "lock a:1", "unlock a:1", "unmap a:3", "map a:3", "nonsense", "write a:99", "search libc", "sort", "filter",
         "zoom in", "select b:3", "expect a:2 copied", "protect a:2 none", "write a:2", "exec c", "exit c 3", "weigh private-anon 1M")
GUIDED = ("next", "answer 1", "answer 2", "vote 1 2 3", "point a:2", "lesson quiz", "lesson fork", "lesson", "lesson nothing", "anyway")

MODES = {
    "lab": (),
    "anon": ("--kind=private-anon", "--processes=5"),
    "lesson": ("cow",),
    "fork": ("fork",),
    "quiz": ("quiz", "--seed=7"),
    "family": ("-p", "FAMILY"),
    "compare": ("-p", "FAMILY", "--compare"),
    "saved": ("--open=session.json",),
    "samples": ("--open=family.json",),
}

# A family whose pages part while it is looked at.
FAMILY = """
import mmap, os, sys, time
page = mmap.PAGESIZE
memory = mmap.mmap(-1, 600 * page, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
memory[:] = b"x" * len(memory)
for child in range(2):
    if os.fork() == 0:
        parent = os.getppid()
        for i in range(600):
            if os.getppid() != parent:
                break
            memory[i * page] = 121
            time.sleep(0.02)
        while os.getppid() == parent:
            time.sleep(0.1)
        os._exit(0)
print(flush=True)
sys.stdin.read()
"""


class Fingers:
    """One terminal after the other with cowscope in it, and what was pressed there."""

    def __init__(self, mode, dice, directory, pid):
        self.mode, self.dice, self.directory = mode, dice, directory
        self.command = [COWSCOPE, *(word.replace("FAMILY", str(pid)) for word in MODES[mode])]
        self.pressed = []
        self.count = self.marks = 0
        self.tty = None

    def start(self):
        columns, rows = self.dice.choice(SIZES)
        logs = "log_path=%s" % os.path.join(self.directory, "report")
        options = {name: ":".join(filter(None, (os.environ.get(name), logs, more)))
                   for name, more in (("ASAN_OPTIONS", "detect_leaks=1"), ("UBSAN_OPTIONS", "print_stacktrace=1"))}
        self.tty = Pty(self.command, columns=columns, rows=rows, cwd=self.directory, **options)
        until("a terminal that hands over each key", lambda: not self.tty.modes()[3] & termios.ICANON)

    def send(self, data, name):
        """Does not wait for an answer; reads what there is, so that the program does not wait for us."""
        self.pressed.append(name)
        if len(self.pressed) > LAST:
            del self.pressed[0]
        self.tty.send(data.encode("utf-8", "surrogateescape"))
        self.tty.forget()

    def press(self):
        """One key, or a click, a line, a paste, another size. How many presses that was."""
        kind = self.dice.random()
        if kind < 0.35:
            name = self.dice.choice(list(NAMED))
            self.send(NAMED[name], name)
        elif kind < 0.87:
            key = self.dice.choice("abcde0123456789rwyxAfXRvKG<>kjhlVnWSM?:+-*/=otsy \"'%;#123 \r\r")
            if key == "s" and self.dice.random() < 0.8:
                key = "r"  # to draw a PNG takes long
            self.send(key, key)
        elif kind < 0.93:
            line = self.dice.choice(LINES + (GUIDED if self.mode in ("lesson", "quiz", "fork") else ()))
            self.send(":" + line + "\r", ":%s Enter" % line)
            return len(line) + 2
        elif kind < 0.97:
            odd = self.dice.choice(ODD)
            self.send(odd, repr(odd))
        else:
            self.tty.resize(*self.dice.choice(SIZES))
            os.kill(self.tty.pid, signal.SIGWINCH)
            self.pressed.append("(resized)")
        return 1

    def settle(self):
        """Everything that was pressed has been done: so has this, which came last. False: the program has ended."""
        self.marks += 1
        path = os.path.join(self.directory, "mark-%d.txt" % self.marks)
        if self.mode in ("family", "compare"):
            self.tty.resize(80, 24)

        def done():
            self.tty.forget()
            return os.path.exists(path) or self.tty.ended()

        self.send(3 * NAMED["Esc"] + ":\x15capture %s\r" % os.path.basename(path), "(settle)")
        until("the capture behind all keys", done)
        for file in glob.glob(os.path.join(self.directory, "[!r]*")):
            if not file.endswith(".json"):
                os.unlink(file)
        return not self.tty.ended()

    def finish(self, status):
        if status == 0 and not glob.glob(os.path.join(self.directory, "report*")):
            return
        raise Failed("ended with status %r" % status)

    def run(self, wanted):
        """One run of the program: random keys, and at last the end, in the middle of everything or in peace."""
        self.start()
        goal = self.count + wanted
        while self.count < goal and not self.tty.ended():
            for _ in range(self.dice.randint(1, BURST)):
                self.count += self.press()
            if self.dice.random() < 0.7 and not self.settle():
                break
        if not self.tty.ended():
            self.tty.send("\x1b[21~")  # F10 leaves at once, whatever is under way; it closes no prompt
            self.tty.send("\r\x1b[21~" + 2 * terminal.ESCAPE + "\x1b[21~")
        self.finish(self.tty.finish())
        self.tty.close()

    def reports(self):
        texts = []
        for path in sorted(glob.glob(os.path.join(self.directory, "report*"))):
            with open(path, encoding="utf-8", errors="replace") as file:
                texts.append(file.read()[:6000])
        return "\n".join(texts)


def press_keys(mode, number, family):
    """A failure says how to have it again."""
    seed = "%d/%s" % (SEED, mode)
    directory = tempfile.mkdtemp(prefix="cowscope-presses-")
    fingers = Fingers(mode, random.Random(seed), directory, family)
    try:
        prepare(directory, mode, family)
        while fingers.count < number:
            fingers.run(min(RUN, number - fingers.count))
    except (Failed, AssertionError, OSError) as error:
        tail = fingers.tty.output[-1500:] if fingers.tty else b""
        raise Failed("%s\nSEED=%d MODES=%s, after %d presses; the last: %s\n%s\n%r" % (
            error, SEED, mode, fingers.count, " ".join(fingers.pressed), fingers.reports(), tail)) from error
    finally:
        if fingers.tty:
            fingers.tty.close()
        shutil.rmtree(directory, ignore_errors=True)


def prepare(directory, mode, family):
    """What is opened, made by the program itself."""
    if mode == "saved":
        run(directory, "--batch", "-c", "read all:*; write a:2; fork a; write d:1", "--history", "--format=json", "-o", "session.json")
    elif mode == "samples":
        run(directory, "--batch", "-p", str(family), "--every=0.1", "--count=4", "--cells", "--format=json", "-o", "family.json")


def run(directory, *words):
    subprocess.run([COWSCOPE, *words], cwd=directory, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)


def main():
    need()
    tap = Tap()
    modes = os.environ.get("MODES", "").split() or list(MODES)
    with subprocess.Popen([sys.executable, "-c", FAMILY], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as family:
        family.stdout.readline()
        note("SEED=%d PRESSES=%d", SEED, PRESSES)
        for mode in modes:
            number = -(-PRESSES // len(modes))
            tap.test("%d presses: %s" % (number, mode), press_keys, mode, number, family.pid)
        family.stdin.close()
    tap.done()


if __name__ == "__main__":
    main()
