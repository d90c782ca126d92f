#!/usr/bin/env python3
"""The Python function and line behind a fault, beside what lines.py knows. PYTHONS=PATH:PATH tries other interpreters."""

from watched import *

LINES = os.path.join(HERE, "lines.py")
KNOWN = ((3, 11), (3, 14))  # the versions whose objects are known, first and last


def version_of(python):
    said = subprocess.run([python, "-c", "import sys; print(*sys.version_info[:2])"], stdout=subprocess.PIPE, text=True, check=False).stdout
    return tuple(map(int, said.split()))


class Counts:
    """Of one round, by what was told of each fault."""

    def __init__(self, watched, number):
        self.all = self.function = self.line = self.wrong_function = self.wrong_line = 0
        for name in watched.areas:
            area, function, source = name.split("|")
            if area == str(number):
                for fault in watched.of(name):
                    self._count(fault, function, source)

    def _count(self, fault, function, source):
        self.all += 1
        if not fault.lines:
            return
        language, told, where = fault.lines[0]
        self.function += (language, told) == ("python", function)
        self.wrong_function += (language, told) != ("python", function)
        self.line += where == source
        self.wrong_line += where not in (source, source.split(":")[0])

    def __str__(self):
        return f"of {self.all}: function {self.function}, wrong {self.wrong_function}; line {self.line}, wrong {self.wrong_line}"


def lines_of(python, what):
    watched = Watched([python, LINES])
    if watched.refused:
        skip(watched.refused, f"{what}: page faults as events")
        return
    if not KNOWN[0] <= version_of(python) <= KNOWN[1]:
        ok(not any(fault.lines for name in watched.areas for fault in watched.of(name)), f"{what}: nothing is said of a version that isn't known")
        return
    same(watched.lost, 0, f"{what}: no event is lost")
    for number, when in enumerate(("while it is learned where this build keeps it", "then")):
        counts = Counts(watched, number)
        ok(counts.all == 64 * len(watched.areas) // 2, f"{what}, {when}: every fault is there")
        ok(counts.wrong_function <= counts.all / 200, f"{what}, {when}: wrong functions under 0.5 %: {counts}")
        ok(counts.wrong_line <= counts.all / 200, f"{what}, {when}: wrong lines under 0.5 %: {counts}")
        if number:
            ok(counts.function >= counts.all * 0.99, f"{what}, {when}: the function of 99 %: {counts}")
            ok(counts.line >= counts.all * 0.98, f"{what}, {when}: the line of 98 %: {counts}")


def main():
    if not LIBDW:
        skip("built without libdw: nothing is unwound")
        return
    for python in [sys.executable, *filter(None, os.environ.get("PYTHONS", "").split(":"))]:
        lines_of(python, f"Python {'.'.join(map(str, version_of(python)))}")


main()
done()
