#!/usr/bin/env python3
"""src/tui on a bare pty: every byte that the program writes is looked at."""

import fcntl
import os
import re
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios

sys.dont_write_bytecode = True
import terminal
from terminal import Pty, same

DEMO = terminal.program("tui/demo")
COLOR = re.compile(rb"\x1b\[(?:[0-9;]*;)?(?:3[0-9]|4[0-9]|9[0-7]|10[0-7])(?:;[0-9;]*)?m")


def demo(*options, **changes):
    return Pty([DEMO, *options], **changes)


def started(tty):
    tty.expect("demo ")
    return tty


def typed(tty, data, shown):
    """Types, and waits until the demo shows what it understood (at once if ncurses draws it whole)."""
    start = len(tty.output)
    tty.send(data)
    tty.send("L")  # draws everything, so that words stand together
    return tty.match(shown, start)


def starts_with(term):
    with demo(TERM=term) as tty:
        started(tty).send("q")
        same(tty.finish(), 0, "exit status")


def refuses(term, wanted):
    with demo(TERM=term) as tty:
        same(tty.finish(), 3, "exit status")
        assert re.fullmatch(rb"demo: [^\r\n\x1b]*" + wanted + rb"[^\r\n\x1b]*\r\n", tty.output), tty.output
        assert b"--batch" in tty.output, tty.output


def refuses_no_terminal(closed):
    with demo() as tty:  # lends its terminal to the other descriptor
        started(tty)
        files = {"stdin": tty.slave, "stdout": tty.slave, closed: subprocess.DEVNULL}
        done = subprocess.run([DEMO], **files, stderr=subprocess.PIPE, env=terminal.environment(),
                              timeout=terminal.DEADLINE, check=False)
        same(done.returncode, 3, "exit status")
        assert re.fullmatch(rb"demo: standard (in|out)put is not a terminal[^\n]*--batch\n", done.stderr), done.stderr


def colors_are_used():
    with demo() as tty:
        started(tty).send("q")
        tty.finish()
        assert COLOR.search(tty.output), tty.output


def no_color_at_all():
    with demo("--no-color") as tty:
        started(tty).send("q")
        tty.finish()
        assert not COLOR.search(tty.output), COLOR.search(tty.output)
        assert b"\x1b[39;49m" not in tty.output
        assert re.search(rb"\x1b\[(?:[0-9;]*;)?7(?:;[0-9;]*)?m", tty.output), "no reverse"
        assert re.search(rb"\x1b\[(?:[0-9;]*;)?1(?:;[0-9;]*)?m", tty.output), "no bold"
        assert re.search(rb"\x1b\[(?:[0-9;]*;)?4(?:;[0-9;]*)?m", tty.output), "no underline"


def eight_colors():
    with demo(TERM="xterm") as tty:
        started(tty).send("q")
        tty.finish()
        assert COLOR.search(tty.output), tty.output
        assert not re.search(rb"[34]8;5;", tty.output), "256 colours on a terminal of 8"
        assert not re.search(rb"\x1b\[(?:[0-9;]*;)?(?:9[0-7]|10[0-7])m", tty.output), "bright colours"


def more_colors(answer, keys_typed="", shown=rb"L", **changes):
    """TERM says 8; whoever says more is believed."""
    with demo(TERM="xterm", **changes) as tty:
        if answer:
            tty.expect("\x1b[c")
            tty.send(answer)
        started(tty)
        typed(tty, keys_typed, shown)
        tty.send("q")
        tty.finish()
        return bool(re.search(rb"[34]8;5;", tty.output))


def asks_for_colors():
    end = "\x1b[?64;1;22c"
    for answer in ("\x1b]4;255;rgb:eeee/eeee/eeee\x1b\\", "\x1b]4;255;rgb:ee/ee/ee\x07", "\x1bP1+r436f=323536\x1b\\"):
        same(more_colors(answer + end), True, "256 colours after %r" % answer)
    same(more_colors("\x1bP0+r436f\x1b\\" + end), False, "256 colours of a terminal that denies them")
    same(more_colors("", COLORTERM="truecolor"), True, "256 colours by COLORTERM")
    same(more_colors("a\x1b]4;255;rgb:e/e/e\x1b\\b" + end, "c", rb"abcL"), True, "256 colours, and the keys typed meanwhile")


def transcript(keys):
    with demo("--quiet") as tty:
        started(tty).send(keys + "q")
        tty.finish()
        return len(tty.output)


def nothing_changed_nothing_written():
    plain = transcript("")
    same(transcript("x" * 500), plain, "bytes written for 500 keys that change nothing")
    assert transcript("+") > plain, "a change was written"


def modes_come_back(options, send, status):
    with demo(*options) as tty:
        before = tty.before
        started(tty)
        assert tty.modes() != before, "the terminal was taken"
        if isinstance(send, int):
            os.kill(tty.pid, send)
        else:
            tty.send(send)
        same(tty.finish(), status, "exit status")
        same(tty.modes(), before, "modes")
        end = tty.output
        assert end.rfind(b"\x1b[?1049l") > end.rfind(b"\x1b[?1049h"), "alternate screen"
        assert end.rfind(b"\x1b[?1l") > end.rfind(b"\x1b[?1h"), "keypad"
        assert end.rfind(b"\x1b[?2004l") > end.rfind(b"\x1b[?2004h") > 0, "pastes are marked"


def mouse_is_given_back():
    with demo("--die=segv") as tty:
        started(tty)
        tty.send("M")
        tty.expect(b"\x1b[?1006;1000h")
        tty.send("!")
        same(tty.finish(), -signal.SIGSEGV, "exit status")
        assert tty.output.rfind(b"1000l") > tty.output.rfind(b"1000h")


def no_shell_to_return_to():
    """Nobody could continue an orphaned group, so the kernel does not stop it."""
    with demo() as tty:
        started(tty)
        typed(tty, "\x1a", rb"event L")
        assert tty.output.count(b"\x1b[?1049h") > 1, "never left the screen"
        tty.send("q")
        same(tty.finish(), 0, "exit status")


def clicks():
    with demo() as tty:
        started(tty).send("M")
        tty.expect(b"\x1b[?1006;1000h")
        typed(tty, b"\x1b[<0;12;7M\x1b[<0;12;7m", rb"keys")
        start = len(tty.output)
        tty.send(b"\x1b[<0;12;7M")
        tty.match(rb"click", start)
        typed(tty, b"\x1b[<64;12;7M\x1b[<65;12;7M", rb"Up Down")


def keys(data, shown, **changes):
    with demo(**changes) as tty:
        started(tty)
        typed(tty, data, shown)


def keys_that_terminfo_adds():
    """Names of its own, to which ncurses gives codes of their own after its usual ones: they mean nothing, and no other key."""
    sequences = ["\x1b[1;5A", "\x1b[I", "\x1b[O"] + ["\x1b[%d;9z" % i for i in range(150)]
    added = "".join("\tkZZ%d=%s,\n" % (i, sequence.replace("\x1b", "\\E")) for i, sequence in enumerate(sequences))
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "source")
        with open(source, "w", encoding="ascii") as file:
            file.write("cowscope-keys|xterm with keys of its own,\n" + added + "\tuse=xterm-256color,\n")
        subprocess.run(["tic", "-x", "-o", folder, source], check=True, stderr=subprocess.DEVNULL)
        for part in range(0, len(sequences), 10):
            keys("a" + "".join(sequences[part:part + 10]) + "b", rb"abL", TERM="cowscope-keys", TERMINFO=folder)


def waiting(tty):
    """Bytes typed that the program has not read."""
    return struct.unpack("i", fcntl.ioctl(tty.slave, termios.FIONREAD, b"\0" * 4))[0]


def character_in_pieces():
    with demo() as tty:
        started(tty)
        for byte in "\u9875".encode():
            tty.send(bytes([byte]))
            terminal.until("the reading of a byte", lambda: waiting(tty) == 0)
        typed(tty, b"", "\u9875L".encode())


def apart(*pieces):
    """Everything is drawn anew before the next piece comes: what it shows is all that a piece came to."""
    with demo() as tty:
        started(tty)
        for piece, shown in pieces:
            start = len(tty.output)
            tty.send("L" + piece)
            tty.match(shown, start)
        typed(tty, b"", pieces[-1][1] + b"L")


def in_pieces(pieces, shown):
    """Each piece is read before the next one comes, as over a slow line."""
    with demo() as tty:
        started(tty)
        for piece in pieces:
            tty.send(piece)
            terminal.until("the reading of %r" % piece, lambda: waiting(tty) == 0)
        typed(tty, b"", shown)


def long_paste():
    text = "\u00e4\u9875x" * 5000
    with demo() as tty:
        started(tty)
        tty.send(text)
        typed(tty, b"", rb"event L, keys 15001\.")


def hang_up(ignore):
    with demo(ignore=ignore) as tty:
        started(tty)
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        same(tty.hang_up(), 4 if ignore else 0, "exit status")
        used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
        assert used < 5, "burnt %.1f s of CPU" % used


def size(columns, rows, shown):
    with demo(columns=columns, rows=rows) as tty:
        tty.expect("demo " + shown)
        tty.send("q")
        same(tty.finish(), 0, "exit status")


def odd_sizes():
    with demo() as tty:
        started(tty)
        for columns, rows in ((1, 1), (2, 1), (1, 30), (300, 1), (3, 3), (79, 5), (32767, 2000), (1, 1), (0, 0)):
            tty.resize(columns, rows)
            start = len(tty.output)
            os.kill(tty.pid, signal.SIGWINCH)
            tty.match(rb"\x1b\[", start)
        tty.resize(70, 20)
        tty.expect("demo 70x20")
        tty.send("q")
        same(tty.finish(), 0, "exit status")


def environment_does_not_size():
    with demo(LINES="5", COLUMNS="7") as tty:
        tty.expect("demo 80x24")


def ascii_in(locale, wide):
    with demo(LC_ALL=locale) as tty:
        started(tty)
        tty.expect("|")
        same(any(byte > 0x7f for byte in tty.output), wide, "bytes beyond ASCII")


def main():
    tap = terminal.Tap()
    for term in ("xterm", "xterm-256color", "linux", "vt100", "screen", "tmux-256color", "xterm-direct"):
        tap.test("TERM=%s starts" % term, starts_with, term,
                 skip=None if terminal.has_terminfo(term) else "no terminfo entry for %s" % term)
    tap.test("TERM empty is refused", refuses, "", rb"TERM is not set")
    tap.test("TERM missing is refused", refuses, None, rb"TERM is not set")
    tap.test("TERM=dumb is refused", refuses, "dumb", rb'terminal type "dumb" cannot')
    tap.test("an unknown TERM is refused", refuses, "no-such\x1b[31m", rb'terminal type "no-such\xef\xbf\xbd\[31m" is unknown')
    tap.test("stdin that is no terminal is refused", refuses_no_terminal, "stdin")
    tap.test("stdout that is no terminal is refused", refuses_no_terminal, "stdout")
    tap.test("colours are used", colors_are_used)
    tap.test("without colour no colour code is written, attributes stay", no_color_at_all)
    tap.test("8 colours", eight_colors)
    tap.test("a terminal that has more than TERM says", asks_for_colors)
    tap.test("nothing changed, nothing written", nothing_changed_nothing_written)
    tap.test("q gives the terminal back", modes_come_back, (), "q", 0)
    for signum in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        tap.test("%s gives the terminal back" % signum.name, modes_come_back, (), int(signum), 0)
    for signum in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL):
        tap.test("%s gives the terminal back" % signum.name, modes_come_back, (), int(signum), -signum)
    for how, signum in (("segv", signal.SIGSEGV), ("abort", signal.SIGABRT), ("overflow", signal.SIGSEGV)):
        tap.test("a crash by %s gives the terminal back" % how, modes_come_back, ("--die=" + how,), "!", -signum)
    tap.test("Ctrl-\\ ends, with the terminal given back", modes_come_back, (), "\x1c", 0)
    tap.test("a crash gives the mouse back", mouse_is_given_back)
    tap.test("Ctrl-Z without a shell goes on", no_shell_to_return_to)
    tap.test("clicks and the wheel", clicks)
    tap.test("Ctrl keys", keys, "\x01\x03\x11\x13\x16", rb"Ctrl-A Ctrl-C Ctrl-Q Ctrl-S Ctrl-VL")
    tap.test("Tab, Enter, Backspace, Space", keys, "\t\r\n\x7f\b ", rb"Tab Enter Enter Backspace Backspace SpaceL")
    tap.test("Esc alone", apart, ("\x1b", b"L Esc"))
    tap.test("Esc, and a key of the terminal", keys, "\x1b\x1b[A\x1b\x1b[99~\x1b\x1b\x1b[B", rb"Esc Up Esc Esc Esc DownL")
    tap.test("Alt and a key mean nothing", keys, "a\x1bxb\x1b\u00e4c\x1b\u9875d\x1b\x01e", rb"abcdeL")
    tap.test("Alt and what begins a sequence", apart, ("\x1b[", b"L"), ("\x1bO", b"LL"), ("\x1b]", b"LLL"), ("\x1bP", b"LLLL"))
    tap.test("the keypad in application mode", keys, "\x1bOk\x1bOm\x1bOj\x1bOo\x1bOp\x1bOq\x1bOw\x1bOy\x1bOn\x1bOM",
             rb"\+-\*/0179\. EnterL")
    for what, answer in (("OSC", "\x1b]11;rgb:0000/0000/q\x1b\\"), ("OSC ended by BEL", "\x1b]4;1;rgb:q\x07"), ("DCS", "\x1bP1+r436F=q\x1b\\"),
                         ("APC", "\x1b_Gq\x1b\\"), ("DA", "\x1b[?62;4;22c"), ("CPR", "\x1b[12;40R"), ("focus", "\x1b[I\x1b[O")):
        tap.test("a late answer is no key: " + what, keys, "a%sb" % answer, rb"abL")
        tap.test("nor one in pieces: " + what, in_pieces, ("a", answer[:5], answer[5:8], answer[8:] + "b"), rb"abL")
    tap.test("an answer that breaks off takes no key with it", keys, "a\x1b]11;rgb:00\rb", rb"a EnterbL")
    tap.test("a paste is no keys", keys, "a\x1b[200~q\t\u00e4\x1b[A\x01\rx\x1b[201~b",
             "a Paste q Paste Space Paste \u00e4 Paste Enter Paste xbL".encode())
    tap.test("a paste without an end, Ctrl-C, a key", keys, "\x1b[200~q\x03b", rb"bL")
    tap.test("keys of the terminal", keys, "\x1bOA\x1bOB\x1bOC\x1bOD\x1bOH\x1bOF\x1b[5~\x1b[6~\x1b[3~",
             rb"Up Down Right Left Home End PgUp PgDn DeleteL")
    tap.test("F1, F10, Shift-Tab", keys, "\x1bOP\x1b[21~\x1b[Z", rb"F1 F10 Shift-TabL")
    tap.test("keys that terminfo does not know", keys, "\x1b[A\x1b[5~\x1b[6~\x1b[1~\x1b[4~", rb"Up PgUp PgDn Home EndL")
    tap.test("unknown sequences are swallowed", keys, "a\x1b[1;7S\x1b[99~b\x1b[?62;4c\x1bOzc", rb"abcL")
    tap.test("UTF-8", keys, "\u00e4\u9875\U0001f600", "\u00e4\u9875\U0001f600L".encode())
    tap.test("broken UTF-8 takes nothing with it", keys, b"a\xffb\xe4c\xc3 d\x80e", rb"abc SpacedeL")
    tap.test("a character in pieces", character_in_pieces)
    tap.test("a long paste", long_paste)
    tap.test("the terminal dies: SIGHUP", hang_up, ())
    tap.test("the terminal dies, SIGHUP ignored", hang_up, (signal.SIGHUP,))
    tap.test("clamped to what a canvas can be", size, 32767, 2000, "1000x500")
    tap.test("a terminal without a size", size, 0, 0, "80x24")
    tap.test("odd sizes", odd_sizes)
    tap.test("keys that terminfo adds", keys_that_terminfo_adds, skip=None if shutil.which("tic") else "there is no tic")
    tap.test("LINES and COLUMNS do not decide", environment_does_not_size)
    tap.test("UTF-8 in a UTF-8 locale", ascii_in, "C.UTF-8", True)
    tap.test("ASCII in the C locale", ascii_in, "C", False)
    tap.done()


if __name__ == "__main__":
    main()
