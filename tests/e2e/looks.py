#!/usr/bin/env python3
"""Sizes, glyphs, colours, and the same picture on every way."""

import random
import os
import re
import subprocess
import unicodedata

from e2e import COWSCOPE, ORDINARY, App, Failed, Pty, Scratch, Tap, cell, flat, is_root, need, note, order, rows, same, same_screen, settled, step, terminal

TEN = list(range(10))
SGR = re.compile(rb"\x1b\[([0-9;:]*)m")
COLOR = re.compile(rb"3[0-8]|4[0-8]|9[0-7]|10[0-7]")


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


def resized():
    sizes = [(120, 40), (60, 18), (40, 12), (20, 6), (10, 3), (80, 1), (1, 24), (1, 1), (2, 2), (200, 60), (33, 7), (200, 5), (80, 24)]
    with App() as app:
        app.text("a2wxrw")
        before = app.says(r"step 5 .*write a:2 -> ")
        for count, size in enumerate(sizes):
            app.resize(*size)
            app.text("xrw" if count % 2 else ":")
            if count % 2 == 0:
                app.text("advise a:2 dontneed; read a:2; write a:2")
                app.keys("Enter")
        last = 5 + 3 * len(sizes)
        after = app.wait("step %d at 80x24" % last, lambda text: step(text) == last and len(rows(text)) == 10 and order(text) == "abc")
        same_screen(after, before, "the screen at 80x24 again")
        for size in ((1, 1), (80, 24)):
            app.resize(*size)
        screen = app.wait("the whole screen", lambda text: settled(text) == settled(before))
        same(order(screen), "abc", "panels")
        app.quit()


def storm():
    """Sizes faster than they can be drawn, and keys all the while."""
    seed = int(os.environ.get("SEED", "7"))
    note("SEED=%d", seed)
    chance = random.Random(seed)
    with Pty([COWSCOPE]) as tty:
        tty.expect("quit")
        for _ in range(300):
            tty.resize(chance.choice((0, 1, 2, 5, 20, 40, 79, 80, 81, 132, 200, 1200)), chance.choice((0, 1, 2, 3, 5, 10, 24, 60, 600)))
            tty.send(chance.choice("wrxvay0123456789+jkhl?:\t") if chance.random() < 0.9 else "\x1b[6~")
        tty.resize(80, 24)
        start = len(tty.output)
        tty.send("\x1b")
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
        names = "abcdefghi"
        for name in names[1:]:
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


def only_ascii(options, **changes):
    with Pty([COWSCOPE, *options], **changes) as tty:
        tty.expect("quit")
        for key, shown in (("2w", "copied"), ("v", "each frame"), ("v", "pagemap"), ("v", "\x1b["), ("?", "help"), ("q", ""), (":", ""), ("\x1b", "")):
            start = len(tty.output)
            tty.send(key)
            tty.expect(shown, start)
        tty.send("\x0cq")
        same(tty.finish(), 0, "exit status")
        assert tty.output.isascii(), [byte for byte in tty.output if byte > 127]
        assert b"\x0e" not in tty.output and b"\x1b(0" not in tty.output, "line drawing of the terminal"
        assert b"@" in tty.output and b"#" in tty.output, "no glyph"


def ascii_panels():
    panels(80, 24, ("--ascii",), TEN, "@")


def bytes_of(*options, **changes):
    """What a session that has seen most roles writes, to its end."""
    with Pty([COWSCOPE, *options], **changes) as tty:
        tty.expect("quit")
        for key, shown in (("2w", "copied"), ("v", "each frame"), ("v", "pagemap"), ("v", "\x1b["), ("?", "Esc goes back"), ("\x1b", "\x1b["),
                           (":zz\r", "zz is no")):
            start = len(tty.output)
            tty.send(key)
            if shown != "zz is no":
                tty.expect(shown, start)
        tty.send("q")
        same(tty.finish(), 0, "exit status")
        return tty.output


def codes(output):
    return {code for found in SGR.findall(output) for code in re.split(rb"[;:]", found)}


def colors(output):
    """The SGR sequences that set a colour, other than back to the default."""
    return {found for found in SGR.findall(output) if any(COLOR.fullmatch(code) for code in re.split(rb"[;:]", found))}


def no_color(options, **changes):
    output = bytes_of(*options, **changes)
    same(colors(output), set(), "colours")
    assert b"39" not in codes(output) and b"49" not in codes(output), "default colours are colour codes too"
    assert {b"1", b"7"} <= codes(output), "no bold or no reverse: %r" % codes(output)


def some_color(options, **changes):
    assert colors(bytes_of(*options, **changes)), "no colours"


def eight():
    found = colors(bytes_of(TERM="xterm"))
    assert found, "no colours"
    assert not [one for one in found if re.search(rb"(^|;)(38|48|9\d|10\d)(;|$)", one)], found


def many_colors():
    assert re.search(rb"\x1b\[[0-9;]*38;5;\d+", bytes_of(TERM="xterm-256color"))


def other_terminal(term):
    bytes_of(TERM=term)


def theme(name, seen):
    output = bytes_of("--theme=" + name)
    if name == "mono":
        same(colors(output), set(), "colours")
    elif name != "print":
        assert colors(output), "no colours"
    found = frozenset(colors(output))
    assert name == "mono" or found not in seen, "as another theme"
    seen[found] = name


def themes_say_the_same():
    screens = set()
    for name in ("dark", "light", "contrast", "mono", "print"):
        with App("--theme=" + name) as app:
            app.text("a2w")
            app.shows("a", 2, "◆ copied")
            screens.add("\n".join(settled(app.says("write a:2 -> "))))
    same(len(screens), 1, "screens without colours")


def ordinary_user():
    screens = []
    for ordinary in (False, True):
        with App("--kind=private-file", ordinary=ordinary, columns=80) as app:
            seen = []
            for keys, shown in (("a2w", "copied F2"), ("c3W", ":write @"), ("own\"\r", "c3"), ("b4x", "advise b:4"), ("f", "fork b"),
                                ("v", "each frame once")):
                app.text(keys)
                seen.append(app.says(shown))
            screens.append(seen)
            app.quit()
    for root, other in zip(*screens):
        same_screen(other, root, "what an ordinary user sees", r"  +(?=\")")


def batch(columns, row_count, commands):
    size = "--size=%dx%d" % (columns, row_count)
    words = [word for command in commands for word in ("-c", command)]
    done = subprocess.run([COWSCOPE, "--batch", size, *words, "-c", "show screen"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          check=True, env=terminal.environment(), timeout=terminal.DEADLINE)
    shown = "\n".join(done.stdout.decode().splitlines()[-row_count:])
    with App(*words, columns=columns, rows=row_count, start=False) as app:
        screen = app.wait("step 2", lambda text: step(text) == 2 and "write a:2" in flat(text))
        same_screen(screen, shown, "the screen of --batch", r"^ flags .*", r"^ +[01]{8}( [01]{8})+", r"(?<=PFN ).*", r"(?<=pagemap ).*")


def clean(tty):
    """Every byte is UTF-8, every character one that the program or ncurses may write."""
    text = tty.output.decode("utf-8")
    for character in text:
        category = unicodedata.category(character)
        assert category not in ("Cf", "Co", "Cn", "Cs") and (category != "Cc" or character in "\x1b\r\n\b\t\x0f"), \
            "%r is in the output" % character
    return text


def hostile():
    name = "cow\x1b]0;EVIL\x07\x1b[31mRED\u202edat\x9b5m\u200b.txt"
    lines = (b"\x1b]0;EVIL\x07", b"\x1b[2J\x1b[H", b"\x9b31m\xff\xfe", "\u202eabc\u200b".encode(), b"\x1b#8\x0e\x0f", b"\r\n\n\x08\x7f",
             "\u009b1m\u0085".encode(), b"\x1bPq\x1b\\", b"\x1b[?1049l", "\ue000\ufeff".encode())
    with Scratch(name, fill=lambda page: lines[page] * 20) as scratch:
        for options in ((), ("--ascii",)):
            with Pty([COWSCOPE, "--file=" + scratch.path, *options], columns=200, rows=50) as tty:
                tty.expect("quit")
                for key, shown in (("2w", "copied"), ("v", "each frame"), ("v", "pagemap"), ("v", "\x1b["), (":file write 2 \"x\"\r", "--allow-write"),
                                   (":file read 0-9\r", "\x1b["), (":capture /nowhere\x16/x\r", "\x1b[")):
                    start = len(tty.output)
                    tty.send(key)
                    tty.expect(shown, start)
                for page in range(10):
                    tty.send("%d" % page)
                tty.send("\x0cq")
                same(tty.finish(), 0, "exit status")
                text = clean(tty)
                for piece in ("\x1b]", "\x1bP", "\x1b#", "\x1b[31mRED", "\x1b[2J\x1b[H\x1b[2J"):
                    assert piece not in text, "%r is in the output" % piece
                same(text.count("\x1b[?1049l"), 1, "leaves the alternate screen")
                assert "EVIL" in text, "the name is not shown at all"


def main():
    need("tmux", "sh")
    tap = Tap()
    tap.test("80x24", panels, 80, 24, (), TEN, "◆")
    tap.test("60x18", panels, 60, 18, (), TEN, "◆")
    tap.test("40x12", panels, 40, 12, (), TEN[:5], "◆")
    tap.test("200x60", large)
    tap.test("any size while commands run, and back", resized)
    tap.test("a storm of sizes and keys", storm)
    tap.test("nine processes, 4096 pages", many)
    tap.test("--ascii at 80x24", ascii_panels)
    tap.test("--ascii writes ASCII only", only_ascii, ("--ascii",))
    for locale in ("C", "POSIX"):
        tap.test("LC_ALL=%s writes ASCII only" % locale, lambda name=locale: only_ascii((), LC_ALL=name))
    tap.test("NO_COLOR=1", lambda: no_color((), NO_COLOR="1"))
    tap.test("--color=never", lambda: no_color(("--color=never",)))
    tap.test("--color=never before FORCE_COLOR", lambda: no_color(("--color=never",), FORCE_COLOR="1"))
    tap.test("TERM=vt100", lambda: no_color((), TERM="vt100"), skip=None if terminal.has_terminfo("vt100") else "no terminfo of vt100")
    tap.test("--color=always before NO_COLOR", lambda: some_color(("--color=always",), NO_COLOR="1"))
    tap.test("FORCE_COLOR before NO_COLOR", lambda: some_color((), FORCE_COLOR="1", NO_COLOR="1"))
    tap.test("an empty NO_COLOR is none", lambda: some_color((), NO_COLOR=""))
    tap.test("TERM=xterm has eight colours", eight)
    tap.test("TERM=xterm-256color has more", many_colors)
    for term in ("linux", "screen", "rxvt", "ansi"):
        tap.test("TERM=" + term, other_terminal, term, skip=None if terminal.has_terminfo(term) else "no terminfo of " + term)
    seen = {}
    for name in ("dark", "light", "contrast", "mono", "print"):
        tap.test("--theme=" + name, theme, name, seen)
    tap.test("every theme says the same", themes_say_the_same)
    tap.test("an ordinary user sees the same", ordinary_user, skip=None if is_root() else "needs root to compare with")
    for columns, row_count in ((60, 18), (80, 24), (40, 12), (120, 40)):
        tap.test("--batch --size=%dx%d shows the same" % (columns, row_count), batch, columns, row_count, ("read all:*", "write a:2"))
    tap.test("no byte of a hostile name or content", hostile)
    tap.done()


if __name__ == "__main__":
    main()
