"""A program that says which function writes which pages, and the faults that tests/blame/code_check tells of it."""

import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))
from live import *

HERE = os.path.dirname(os.path.abspath(__file__))
CHECK = os.path.join(os.path.abspath(os.environ.get("top_builddir", ".")), "tests/blame/code_check")
LIBDW = "HAVE_LIBDW 1" in open(os.path.join(os.path.abspath(os.environ.get("top_builddir", ".")), "config.h"), encoding="utf-8").read()


class Refused(Exception):
    """The kernel shows no faults, and why."""


class Frame:
    def __init__(self, text):
        self.module, self.function, offset = text.split("!")
        self.offset = int(offset, 16)


class Fault:
    def __init__(self, line):
        address, _, whole, frames, lines, self.command = line.split("\t")
        self.address = int(address, 16)
        self.whole = whole == "whole"
        self.frames = [Frame(f) for f in frames.split(";")]
        # language, function, source
        self.lines = [tuple(part.split("!")) for part in lines.split(";")] if lines else []


class Watched:
    """What it wrote, by area: "area NAME START END" for each, then "go", and "done" after a line."""

    def __init__(self, command, pid_of=lambda program: program.pid, started=lambda: None, **how):
        program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **how)
        self.areas, self.faults, self.lost, self.refused = {}, {}, 0, None
        for line in program.stdout:
            if line == "go\n":
                break
            name, start, end = line.removeprefix("area ").rsplit(" ", 2)
            self.areas[name] = range(int(start, 16), int(end, 16))
        started()
        self._watch(program, pid_of(program))
        program.stdin.close()
        program.wait()

    def _watch(self, program, pid):
        check = subprocess.Popen([CHECK, str(pid)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        ready = check.stdout.readline()
        if ready != "ready\n":
            self.refused = ready.strip() or "no answer"
            print(f"# refused: {self.refused}")
            check.communicate("")
            return
        program.stdin.write("go\n")
        program.stdin.flush()
        program.stdout.readline()
        said, _ = check.communicate("")
        lines = said.splitlines()
        self.lost, self.each_ns = (int(word) for word in lines.pop().split("\t")[2:])
        for fault in map(Fault, lines):
            for name, area in self.areas.items():
                if fault.address in area:
                    self.faults.setdefault(name, []).append(fault)

    def of(self, area):
        return self.faults.get(area, [])
