#!/usr/bin/env python3
"""Ten thousand steps: the memory stays bounded, and every step that is kept can be gone back to, in order, to the first.
STEPS sets how many."""

import threading

from live import *

STEPS = int(os.environ.get("STEPS", "10000"))
PAGES = 16
BOUND_KIB = 64 << 10  # of the snapshots
ELSE_KIB = 32 << 10   # of everything else
END = "end every process of the lab and leave"  # of help quit: what was sent before it is done


class Session(Batch):
    def __init__(self):
        super().__init__("--format=text", f"--pages={PAGES}")

    def do(self, lines):
        """What is said until they are all done."""
        text = "\n".join([*lines, "help quit"]) + "\n"
        writer = threading.Thread(target=lambda: (self.process.stdin.write(text), self.process.stdin.flush()))
        writer.start()
        said = []
        for line in self.process.stdout:
            said.append(line.rstrip("\n"))
            if END in line:
                break
        writer.join()
        return said

    def kib(self):
        with open(f"/proc/{self.process.pid}/status") as f:
            return next(int(line.split()[1]) for line in f if line.startswith("VmRSS:"))


def steps(said):
    return [int(line.split()[1]) for line in said if line.startswith("step ")]


def main():
    session = Session()
    work = [f"{'write' if i % 3 else 'advise'} {'abc'[i % 7 % 3]}:{i % PAGES}{'' if i % 3 else ' dontneed'}"
            for i in range(STEPS)]
    half = STEPS // 2
    same(steps(session.do(work[:half])), list(range(1, half + 1)), f"{half} steps")
    session.do(work[half:])
    if sanitized(session.process.pid):
        skip("a sanitizer keeps memory of its own", "the memory is bounded")
    else:
        used = session.kib()
        ok(used < BOUND_KIB + ELSE_KIB, f"the memory is bounded: {used} KiB after {STEPS} steps")
    said = session.do(["back"] * STEPS)
    seen = steps(said)
    way = [step for i, step in enumerate(seen) if i == 0 or step != seen[i - 1]]
    ok(way[0] == STEPS - 1 and all(a > b for a, b in zip(way, way[1:])), f"back, {len(way)} times, each an older step")
    same(way[-1], 0, "to the first one")
    gaps = sum(a - b > 1 for a, b in zip(way, way[1:]))
    ok(gaps == 0 or any("are no longer kept: what is marked changed since step" in line for line in said),
       f"where steps are no longer kept, {gaps} times, it is said")
    if STEPS >= 10000:
        ok(gaps > 0, "the oldest are thinned")
        ok(way[:2000] == list(range(STEPS - 1, STEPS - 2001, -1)), "the newest are all there")
    same(steps(session.do(["forward"] * 3)), way[-2:-5:-1], "and forward again")
    same(steps(session.do([f"goto {STEPS - 5}", "first", "last"])), [STEPS - 5, 0, STEPS], "any of them at once")
    same(session.end(), 0, "and ends well")
    done()


main()
