#!/usr/bin/env python3
"""Casts: every line is what asciicast v2 says, the last screen is the session's, asciinema plays them."""

import json
import os
import pty
import re
import shutil
import sys
import unicodedata

GOLDEN = os.path.join(os.environ.get("srcdir", "."), "tests", "golden")
CASTS = {"session.cast": "both-80x24.txt", "session-fixed.cast": "both-60x18-ascii.txt"}
ESCAPE = re.compile(r"\033\[([0-9;]*)([A-Za-z])|([^\033])", re.DOTALL)


def read(name):
    with open(os.path.join(GOLDEN, name), encoding="utf-8") as file:
        return file.read()


def cast(name):
    lines = read(os.path.join("captures", name)).splitlines()
    return json.loads(lines[0]), [json.loads(line) for line in lines[1:]]


def header_fault(header):
    if header.get("version") != 2:
        return "version is %r" % header.get("version")
    for key in ("width", "height", "timestamp"):
        if type(header.get(key)) is not int or header[key] <= 0:
            return "%s is %r" % (key, header.get(key))
    for key in ("title", "command", "software", "kernel"):
        if not isinstance(header.get(key), str):
            return "%s is %r" % (key, header.get(key))
    if header.get("env", {}).get("TERM") != "xterm-256color":
        return "env is %r" % header.get("env")
    if len(header["theme"]["palette"].split(":")) != 16:
        return "the palette has other than 16 colours"
    return None


def event_fault(events):
    last = 0
    for event in events:
        if len(event) != 3 or type(event[0]) is not float or event[1] not in ("o", "m"):
            return "an event is %r" % event[:2]
        if not isinstance(event[2], str):
            return "data is %r" % event[2]
        if event[0] < last:
            return "time goes back to %r" % event[0]
        last = event[0]
    return None


class Screen:
    """Of a terminal, as much as casts may use; another escape is an error."""

    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.row = self.column = 0
        self.cells = {}

    def blank(self, row):
        self.cells = {at: text for at, text in self.cells.items() if at[0] != row}

    def control(self, numbers, letter):
        values = [int(number) for number in numbers.split(";") if number] or [1]
        if letter == "H":
            self.row, self.column = values[0] - 1, (values + [1])[1] - 1
        elif letter == "J" and values == [2]:
            self.cells = {}
        elif letter == "K" and values == [2]:
            self.blank(self.row)
        elif letter != "m":
            raise ValueError("an escape: %s%s" % (numbers, letter))

    def put(self, text):
        if unicodedata.combining(text):
            self.cells[self.row, self.column - 1] += text
            return
        if unicodedata.category(text) == "Cc":
            raise ValueError("a control character: %r" % text)
        self.cells[self.row, self.column] = text
        self.column += 1
        if unicodedata.east_asian_width(text) in "WF":
            self.cells[self.row, self.column] = ""
            self.column += 1
        if self.column > self.columns or self.row >= self.rows:
            raise ValueError("drawn outside")

    def feed(self, data):
        end = 0
        for match in ESCAPE.finditer(data):
            if match.start() != end:
                break
            end = match.end()
            if match.group(3):
                self.put(match.group(3))
            else:
                self.control(match.group(1), match.group(2))
        if end != len(data):
            raise ValueError("not understood: %r" % data[end:end + 20])

    def text(self):
        rows = []
        for row in range(self.rows):
            cells = [self.cells.get((row, column), " ") for column in range(self.columns)]
            rows.append("".join(cells).rstrip(" ") + "\n")
        return "".join(rows)


def last_screen(name):
    header, events = cast(name)
    screen = Screen(header["width"], header["height"])
    for _, kind, data in events:
        if kind == "o":
            screen.feed(data)
    return screen.text()


def in_terminal(*command):
    """What the command prints, with a terminal of its own: asciinema wants one."""
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(command[0], command)
    output = b""
    while True:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:
            break
        if not chunk:
            break
        output += chunk
    os.close(terminal)
    return os.waitpid(child, 0)[1], output.decode()


def plays(name):
    status, output = in_terminal("asciinema", "cat", os.path.join(GOLDEN, "captures", name))
    wanted = "".join(data for _, kind, data in cast(name)[1] if kind == "o")
    return status == 0 and wanted in output, output[-300:]


class Tap:
    def __init__(self):
        self.run = self.failed = 0

    def ok(self, holds, what, detail=""):
        self.run += 1
        print("%s %d - %s" % ("ok" if holds else "not ok", self.run, what))
        if not holds:
            self.failed += 1
            for line in str(detail).splitlines():
                print("# " + line)

    def skip(self, what, reason):
        self.run += 1
        print("ok %d - %s # SKIP %s" % (self.run, what, reason))

    def done(self):
        print("1..%d" % self.run)
        return 1 if self.failed else 0


def main():
    tap = Tap()
    for name, screen in CASTS.items():
        header, events = cast(name)
        fault = header_fault(header)
        tap.ok(fault is None, "%s: the header" % name, fault)
        fault = event_fault(events)
        tap.ok(fault is None, "%s: every event" % name, fault)
        markers = [data for _, kind, data in events if kind == "m"]
        wanted = ["step 0", "read all:*", "write a:2", 'write b:2 "hello"']
        tap.ok(markers == wanted, "%s: a marker each step" % name, markers)
        got = last_screen(name)
        tap.ok(got == read(screen), "%s: ends with the screen %s" % (name, screen), got)
        if shutil.which("asciinema"):
            played, output = plays(name)
            tap.ok(played, "%s: asciinema plays it" % name, output)
        else:
            tap.skip("%s: asciinema plays it" % name, "asciinema is not installed")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
