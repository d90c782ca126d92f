#!/usr/bin/env python3
"""What the program writes, byte by byte: ASCII, colours, and nothing of what a file brings."""

import re
import sys
import unicodedata

sys.dont_write_bytecode = True
from e2e import COWSCOPE, Pty, Scratch, Tap, same, terminal

SGR = re.compile(rb"\x1b\[([0-9;:]*)m")
COLOR = re.compile(rb"3[0-8]|4[0-8]|9[0-7]|10[0-7]")
# Most roles are on the screen at one time or another; each key waits for what it brings.
WALK = (("2w", "copied"), ("v", "each frame"), ("v", "pagemap"), ("v", "\x1b["), (":zz", ":"), ("\r", "zz"),
        ("?", "Esc goes back"), (terminal.ESCAPE, "\x1b["))


def walk(tty, steps):
    for keys, shown in steps:
        start = len(tty.output)
        tty.send(keys)
        tty.expect(shown, start)


def output(*options, **changes):
    """All that a session writes."""
    with Pty([COWSCOPE, *options], **changes) as tty:
        tty.expect("quit")
        walk(tty, WALK)
        tty.send("\x0cq")
        same(tty.finish(), 0, "exit status")
        return tty.output


def ascii_only(*options, **changes):
    written = output(*options, **changes)
    assert written.isascii(), sorted({byte for byte in written if byte > 127})
    assert b"\x0e" not in written and b"\x1b(0" not in written, "line drawing of the terminal"
    assert b"@" in written and b"#" in written, "no glyphs"


def utf8():
    text = output().decode("utf-8")
    for glyph in "■◆│┌":
        assert glyph in text, glyph


def codes(written):
    return {code for found in SGR.findall(written) for code in re.split(rb"[;:]", found)}


def colors(written):
    """The SGR sequences that set a colour, other than back to the default."""
    return {found for found in SGR.findall(written) if any(COLOR.fullmatch(code) for code in re.split(rb"[;:]", found))}


def no_color(*options, **changes):
    written = output(*options, **changes)
    same(colors(written), set(), "colours")
    assert not {b"39", b"49"} & codes(written), "default colours are colour codes too"
    assert {b"1", b"7"} <= codes(written), "no bold or no reverse: %r" % codes(written)


def some_color(*options, **changes):
    assert colors(output(*options, **changes)), "no colours"


def eight_colors():
    found = colors(output(TERM="xterm"))
    assert found, "no colours"
    more = [one for one in found if re.search(rb"(^|;)(38|48|9\d|10\d)(;|$)", one)]
    assert not more, more


def many_colors():
    assert re.search(rb"\x1b\[[0-9;]*38;5;\d+", output(TERM="xterm-256color")), "none of 256 colours"


def themes():
    found = {name: frozenset(colors(output("--theme=" + name))) for name in ("dark", "light", "contrast", "mono", "print")}
    same(found["mono"], frozenset(), "colours of mono")
    for name in ("dark", "light", "contrast"):
        assert found[name], "%s has no colours" % name
    same(len({found["dark"], found["light"], found["contrast"]}), 3, "different colours of dark, light, contrast")
    with Pty([COWSCOPE, "--theme=pink"]) as tty:
        same(tty.finish(), 2, "exit status of an unknown theme")
        assert re.fullmatch(rb"cowscope: there is no theme pink: [^\r\n]*dark[^\r\n]*\r\n", tty.output), tty.output


def as_it_may(text):
    """Every character is one that the program or ncurses may write."""
    for character in text:
        category = unicodedata.category(character)
        bad = category in ("Cf", "Co", "Cn", "Cs") or (category == "Cc" and character not in "\x1b\r\n\b\t\x0f")
        assert not bad, "%r is in the output" % character


def hostile(*options):
    name = "cow\x1b]0;EVIL\x07\x1b[31mRED\u202edat\x9b5m\u200b.txt"
    contents = (b"\x1b]0;EVIL\x07", b"\x1b[2J\x1b[H", b"\x9b31m\xff\xfe", "\u202eabc\u200b".encode(), b"\x1b#8\x0e\x0f",
                b"\r\n\n\x08\x7f", "\u009b1m\u0085".encode(), b"\x1bPq\x1b\\", b"\x1b[?1049l", "\ue000\ufeff".encode())
    with Scratch(name, fill=lambda page: contents[page] * 20) as scratch, \
            Pty([COWSCOPE, "--file=" + scratch.path, *options], columns=200, rows=50) as tty:
        tty.expect("quit")
        walk(tty, (*WALK, (":file write 2 \"x\"\r", "--allow-write"), (":file read 0-9\r", "\x1b[")))
        for page in range(10):
            tty.send("%d" % page)
        tty.send(":capture /nowhere" + terminal.ESCAPE)
        tty.send("\x0cq")
        same(tty.finish(), 0, "exit status")
        text = tty.output.decode("utf-8")
        as_it_may(text)
        for piece in ("\x1b]", "\x1bP", "\x1b#", "\x1b[31mRED", "\x1b[2J\x1b[H\x1b[2J"):
            assert piece not in text, "%r is in the output" % piece
        same(text.count("\x1b[?1049l"), 1, "times it leaves the alternate screen")
        assert "EVIL" in text and "RED" in text, "the name is not shown at all"


def refused(*options):
    """What is not there is named in the answer, cleaned, on a line of its own."""
    with Pty([COWSCOPE, *options]) as tty:
        status = tty.finish()
        assert status != 0, "it was not refused"
        text = tty.output.decode("utf-8")
        as_it_may(text.replace("\x1b", "\x00"))
        assert "EVIL" in text, text
        same(text.count("\n"), 1, "lines")


def main():
    tap = Tap()
    tap.test("UTF-8", utf8)
    tap.test("--ascii", ascii_only, "--ascii")
    for locale in ("C", "POSIX"):
        tap.test("LC_ALL=%s falls back to ASCII" % locale, lambda name=locale: ascii_only(LC_ALL=name))
    tap.test("NO_COLOR=1", lambda: no_color(NO_COLOR="1"))
    tap.test("--color=never", no_color, "--color=never")
    tap.test("--color=never comes before FORCE_COLOR", lambda: no_color("--color=never", FORCE_COLOR="1"))
    tap.test("--color=always comes before NO_COLOR", lambda: some_color("--color=always", NO_COLOR="1"))
    tap.test("FORCE_COLOR comes before NO_COLOR", lambda: some_color(FORCE_COLOR="1", NO_COLOR="1"))
    tap.test("an empty NO_COLOR is none", lambda: some_color(NO_COLOR=""))
    tap.test("TERM=xterm has eight colours", eight_colors)
    tap.test("TERM=xterm-256color has more", many_colors)
    for term, check in (("vt100", no_color), ("linux", some_color), ("screen", some_color), ("ansi", some_color)):
        why = None if terminal.has_terminfo(term) else "no terminfo of " + term
        tap.test("TERM=" + term, lambda name=term, run=check: run(TERM=name), skip=why)
    tap.test("themes", themes)
    tap.test("nothing of a hostile name or content", hostile)
    tap.test("nothing of it in ASCII either", hostile, "--ascii")
    evil = "/no\x1b]0;EVIL\x07\u202ewhere\u009b"
    for options in (("--file=" + evil,), ("--theme=" + evil,), ("--kind=" + evil,), ("--" + evil,), (evil,),
                    ("--batch", "-o", evil + "/x"), ("--batch", "--file=" + evil),
                    ("--batch", "-c", "capture \"%s/x.txt\"" % evil), ("--batch", "-c", "read \"%s\"" % evil),
                    ("--batch", "-c", "\"%s\"" % evil)):
        tap.test("refused: " + " ".join(options).replace(evil, "EVIL"), refused, *options)
    tap.done()


if __name__ == "__main__":
    main()
