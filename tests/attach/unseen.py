#!/usr/bin/env python3
"""Processes that come and go between two samples are counted where the kernel tells of them, and unknown where it does not."""

from oracle import *

COUNT = 300
CLONE_NEWNET = 0x40000000
ALIVE = ("running", "stopped")


def told(family):
    return family["unseen"]["processes"], family["unseen"]["at_least"]


def counted(user, label):
    """Every child ended: those that no sample shows alive are the unseen ones."""
    with Family(user=user) as target, Watch([target.pids[0]], user=user) as watch:
        first = watch.sample()
        if user and told(first)[0] is None:
            skip("this kernel tells root only", f"{label}: counted")
            return
        same(told(first), (0, 0), f"{label}: at first nobody came and went")
        child = target.fork(0, 1)
        watch.until(lambda f: told_of(f, child), f"{label}: a child that stays is in a sample")
        seen = set()

        def all_told(family):
            seen.update(p["pid"] for p in family["processes"] if p["life"] in ALIVE and p["pid"] not in target.pids.values())
            return family["unseen"]["processes"] >= 2 * COUNT - len(seen)

        target.do(0, "burst", COUNT)
        target.do(1, "burst", COUNT)
        family = watch.until(all_told, f"{label}: children, and children's children, are counted")
        ok(told(family)[0] <= 2 * COUNT, f"{label}: each once: {told(family)[0]} of {2 * COUNT}, {len(seen)} were seen")
        same(told(family)[0], told(family)[1], f"{label}: so many, and no more")
        target.end(0, 1)
        gone = watch.until(lambda f: not told_of(f, child) or told_of(f, child)["life"] == "gone", f"{label}: one that was seen leaves")
        ok(told(gone)[0] <= 2 * COUNT, f"{label}: it does not count: {told(gone)[0]}")
        stayed = watch.sample()
        same(told(stayed), told(gone), f"{label}: nor does anybody twice")


def others():
    """Of somebody else's children nothing is counted, nor where only those listed belong to the family."""
    with Family() as one, Family() as other:
        with Watch([one.pids[0]]) as watch:
            watch.sample()
            other.do(0, "burst", COUNT)
            watch.sample()
            same(told(watch.sample()), (0, 0), "another family's children are not counted")
        with Watch([one.pids[0], other.pids[0]]) as watch:
            same(told(watch.sample()), (None, 0), "where nobody can join the number is not known")


def away_from_the_kernel():
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "unshare")


def untold():
    with Family() as target, Watch([target.pids[0]], user=away_from_the_kernel) as watch:
        watch.sample()
        target.do(0, "burst", 10)
        same(told(watch.sample()), (None, 0), "where the kernel does not tell it is not known")


def formats():
    with Family() as target:
        process = subprocess.Popen([live.COWSCOPE, "--batch", "--every=0.05", "-p", str(target.pids[0])], stdout=subprocess.PIPE, text=True,
                                   cwd="/", pass_fds=[live._PROGRAM])
        process.stdout.readline()
        target.do(0, "burst", COUNT)
        line = next((line for line in process.stdout if "came and went" in line), "")
        process.terminate()
        process.communicate()
        ok(re.match(r"\d+ processes came and went between samples", line), f"in words: {line!r}")


def main():
    for label, user in users():
        counted(user, label)
    if is_root():
        others()
        untold()
        formats()
    else:
        skip("an ordinary user may not leave the kernel's namespace", "where the kernel does not tell")
    done()


if __name__ == "__main__":
    main()
