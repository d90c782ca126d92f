#!/usr/bin/env python3
"""The Ruby method and line behind a fault, beside what methods.rb knows. RUBIES="COMMAND;COMMAND" tries other interpreters."""

import shutil

from watched import *

METHODS = os.path.join(HERE, "methods.rb")


def version_of(ruby):
    return subprocess.run([*ruby, "-e", "print RUBY_VERSION"], stdout=subprocess.PIPE, text=True, check=False).stdout


class Counts:
    """Of one round, by what was told of each fault."""

    def __init__(self, watched, number):
        self.all = self.method = self.line = self.wrong_method = self.wrong_line = 0
        self.missed = {}
        for name in watched.areas:
            area, method, source = name.split("|")
            if area == str(number):
                for fault in watched.of(name):
                    self._count(fault, method, source)

    def _count(self, fault, method, source):
        self.all += 1
        language, told, where = fault.lines[0] if fault.lines else (None, None, None)
        self.method += (language, told) == ("ruby", method)
        self.wrong_method += told is not None and (language, told) != ("ruby", method)
        self.line += where == source
        self.wrong_line += where not in (None, source, source.split(":")[0])
        if where != source or told != method:
            self.missed[method, told, where] = self.missed.get((method, told, where), 0) + 1

    def __str__(self):
        return f"of {self.all}: method {self.method}, wrong {self.wrong_method}; line {self.line}, wrong {self.wrong_line}; {self.missed}"


def methods_of(ruby, what):
    watched = Watched([*ruby, "--disable=gems", METHODS], pid_of=interpreter_of)
    if watched.refused:
        skip(watched.refused, f"{what}: page faults as events")
        return
    same(watched.lost, 0, f"{what}: no event is lost")
    jit = any("jit" in word for word in ruby)  # of what is compiled nothing is said, never what called it
    for number, when in enumerate(("while it is learned which register it is", "then")):
        counts = Counts(watched, number)
        ok(counts.all >= 64 * len(watched.areas) // 2 * 0.99, f"{what}, {when}: every fault is there: {counts.all} of {64 * len(watched.areas) // 2}")
        ok(counts.wrong_method <= counts.all / 200, f"{what}, {when}: wrong methods under 0.5 %: {counts}")
        ok(counts.wrong_line <= counts.all / 200, f"{what}, {when}: wrong lines under 0.5 %: {counts}")
        if number and not jit:
            ok(counts.method >= counts.all * 0.98, f"{what}, {when}: the method of 98 %: {counts}")
            ok(counts.line >= counts.all * 0.98, f"{what}, {when}: the line of 98 %: {counts}")


def interpreter_of(program):
    """chroot(8) becomes it; a script's shell has it as its child."""
    return program.pid


def main():
    if not LIBDW:
        skip("built without libdw: nothing is unwound")
        return
    rubies = [[shutil.which("ruby")]] if shutil.which("ruby") else []
    rubies += [command.split() for command in filter(None, os.environ.get("RUBIES", "").split(";"))]
    if not rubies:
        skip("there is no ruby")
    for ruby in rubies:
        methods_of(ruby, f"Ruby {version_of(ruby)}")


main()
done()
