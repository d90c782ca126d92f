#!/usr/bin/env python3
"""Sizes, and the same picture whichever way it is asked for."""

import os
import random
import subprocess
import sys

sys.dont_write_bytecode = True
from e2e import COWSCOPE, App, Pty, Tap, is_root, need, note, order, rows, same, same_screen, settled, step, terminal

TEN = list(range(10))
SIZES = ((120, 40), (60, 18), (40, 12), (20, 6), (10, 3), (80, 1), (1, 24), (1, 1), (2, 2), (200, 60), (33, 7), (200, 5),
         (80, 24))


def panels(columns, row_count, options, pages, sign):
    with App(*options, columns=columns, rows=row_count) as app:
        app.text("a2w")
        screen = app.shows("a", 2, sign + " ?copied a2")
        same(order(screen), "abc", "panels")
        same(sorted(rows(screen)), pages, "pages")
        same([len(row) for row in rows(screen).values()], [3] * len(pages), "cells of each row")
        app.says(r"write a:2 -> Page fault")
        last = screen.rstrip("\n").splitlines()[row_count - 1]
        for key in ("r read", "w write", "? help", "q quit"):
            assert key in last, "%r is not in the key bar %r" % (key, last)
        for line in screen.splitlines():
            assert len(line) <= columns, line
        same(app.at_cursor(), ("a", 2), "cursor")
        app.text("9")
        app.selects("a", 9)
        app.quit()


def large():
    with App(columns=200, rows=60) as app:
        app.text("a2w")
        screen = app.shows("a", 2, "◆ copied a2")
        same(sorted(rows(screen)), TEN, "pages")
        app.says(r"frames, and who maps them")
        app.says(r"pagemap 0x[0-9a-f]{16}")


def nameless():
    """A file without a name has no path that would tell a person anything."""
    for columns in (60, 80, 120, 200):
        with App(columns=columns) as app:
            title = app.started.splitlines()[0]
            assert "/proc/" not in title, title


def resized():
    with App() as app:
        app.text("a2wxrw")
        before = app.says(r"step 5 .*write a:2 -> ")
        for count, size in enumerate(SIZES):
            app.resize(*size)
            if count % 2:
                app.text("xrw")
            else:
                app.text(":advise a:2 dontneed; read a:2; write a:2")
                app.keys("Enter")
        app.wait("the last step", lambda text: step(text) == 5 + 3 * len(SIZES))
        app.comes_to(before, "the screen at 80x24 again")
        for size in ((1, 1), (80, 24)):
            app.resize(*size)
        app.comes_to(before, "the screen after 1x1")
        app.quit()


def storm():
    """Sizes faster than they can be drawn, and keys all the while."""
    seed = int(os.environ.get("SEED", "7"))
    note("SEED=%d", seed)
    chance = random.Random(seed)
    with Pty([COWSCOPE]) as tty:
        tty.expect("quit")
        for _ in range(300):
            columns = chance.choice((0, 1, 2, 5, 20, 40, 79, 80, 81, 132, 200, 1200))
            tty.resize(columns, chance.choice((0, 1, 2, 3, 5, 10, 24, 60, 600)))
            tty.send(chance.choice("wrxvay0123456789+jkhl?:\t") if chance.random() < 0.9 else "\x1b[6~")
        tty.resize(80, 24)
        start = len(tty.output)
        tty.send(terminal.ESCAPE)
        tty.send("\x0c")
        tty.expect(" quit", start)
        tty.send("\x03")
        same(tty.finish(), 0, "exit status")


def many():
    with App("--processes=9", "--pages=4096") as app:
        app.selects("a", 0)
        app.keys("End")
        app.selects("a", 4095)
        app.text("w")
        app.shows("a", 4095, "◆ copied a4095")
        for name in "bcdefghi":
            app.keys("Tab")
            app.selects(name, 4095)
        app.shows("i", 4095, "■ shared x8 F4095")
        app.says(r"pages \d+-4095 of 4096")
        app.keys("Tab")
        app.selects("a", 4095)
        app.keys("BTab")
        app.selects("i", 4095)
        app.keys("Home")
        app.selects("i", 0)
        app.text(":select e:2048")
        app.keys("Enter")
        app.selects("e", 2048)
        for size in ((60, 18), (40, 12), (120, 40), (20, 8)):
            app.resize(*size)
            app.selects("e", 2048)
        app.quit()


def batch(columns, row_count):
    size = "--size=%dx%d" % (columns, row_count)
    words = ["-c", "read all:*", "-c", "write a:2"]
    start = ["-c", "select a:0"]  # in --batch the cursor follows what is done
    done = subprocess.run([COWSCOPE, "--batch", size, *words, *start, "-c", "show screen"], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, check=True, env=terminal.environment(), timeout=terminal.DEADLINE)
    shown = "\n".join(done.stdout.decode().splitlines()[-row_count:])
    of_this_run = (r"/proc/\d+", r"^ flags .*", r"^ +[01]{8}( [01]{8})+", r"(?<=PFN ).*", r"(?<=pagemap ).*")
    with App(*words, columns=columns, rows=row_count, start=False) as app:
        app.comes_to(shown, "the screen of --batch", *of_this_run)


def lecture(*options, **how):
    """The screens of a short session."""
    with App(*options, **how) as app:
        screens = []
        # To the end of what is drawn last: a screen may be seen half drawn.
        for keys, shown in (("a2w", r"copied F2 .* b and c still share F2: they don't see the write\."), ("c3W", ":write @"),
                            ("own\"\r", r'write c:3 "own" -> .* a and b still share F3: they don\'t see the write\.'),
                            ("b4x", r"advise b:4 dontneed -> b's page 4 points nowhere now\."),
                            ("f", r"fork b -> b forked d\."), ("v", r"each frame once.* F9 <- .* view a-d process")):
            app.text(keys)
            screens.append(app.says(shown))
        app.quit()
    return screens


def themes():
    wanted = ["\n".join(settled(screen)) for screen in lecture("--theme=dark")]
    for name in ("light", "contrast", "mono", "print"):
        for screen, other in zip(wanted, lecture("--theme=" + name)):
            same_screen(other, screen, "--theme=" + name, r"  +(?=\")")


def ordinary_user():
    for screen, other in zip(lecture(), lecture(ordinary=True)):
        same_screen(other, screen, "what an ordinary user sees", r"  +(?=\")")


def main():
    need("tmux", "sh")
    tap = Tap()
    tap.test("80x24", panels, 80, 24, (), TEN, "◆")
    tap.test("60x18", panels, 60, 18, (), TEN, "◆")
    tap.test("40x12", panels, 40, 12, (), TEN[:5], "◆")
    tap.test("80x24 in ASCII", panels, 80, 24, ("--ascii",), TEN, "@")
    tap.test("60x18 in ASCII", panels, 60, 18, ("--ascii",), TEN, "@")
    tap.test("200x60", large)
    tap.test("the title of a file without a name", nameless)
    tap.test("any size while commands run, and back", resized)
    tap.test("a storm of sizes and keys", storm)
    tap.test("nine processes, 4096 pages", many)
    for columns, row_count in ((60, 18), (80, 24), (40, 12), (120, 40)):
        tap.test("--batch --size=%dx%d shows the same" % (columns, row_count), batch, columns, row_count)
    tap.test("every theme says the same", themes)
    tap.test("an ordinary user sees the same", ordinary_user, skip=None if is_root() else "needs root to compare with")
    tap.done()


if __name__ == "__main__":
    main()
