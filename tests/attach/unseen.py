#!/usr/bin/env python3
"""Processes that come and go between two samples are counted where the kernel tells of them, and unknown where it does not."""

from oracle import *

COUNT = 300
ALIVE = ("running", "stopped")
FIRST_PIDS = 0xEFFFFFFC  # the number of the kernel's own PID namespace


def tells():
    """Does the kernel tell root who comes and goes? Not where processes have numbers of their own, as in a container."""
    return os.stat("/proc/self/ns/pid").st_ino == FIRST_PIDS


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
        child = one.fork(0, 1)
        with Watch([one.pids[0], child, other.pids[0]]) as watch:
            same(told(watch.sample()), (0, 0), "of a list of processes those on it are none that came and went")
            one.do(0, "burst", COUNT)
            one.do(1, "burst", COUNT)
            family = watch.until(lambda f: told(f)[0] == 2 * COUNT, "children of those on the list are in no number, so all that ended count")
            same({p["pid"] for p in family["processes"]}, {one.pids[0], child, other.pids[0]}, "and nobody joins the list")
            one.end(0, 1)
            gone = watch.until(lambda f: told_of(f, child)["life"] == "gone", "one on the list ends")
            same(told(gone), (2 * COUNT, 2 * COUNT), "it does not count")


def leaderless():
    """The first thread ends, and the others go on: so does the process."""
    with Family() as target, Watch([target.pids[0]]) as watch:
        watch.sample()
        with Halted(watch):
            target.do(0, "thread")
            target.do(0, "burst", COUNT)
        family = watch.sample()
        same(state_of(target.pids[0]), "Z", "the first thread is gone")
        ok(told_of(family, target.pids[0])["life"] in ALIVE, "but the process goes on")
        seen = set()

        def all_told(family):
            seen.update(p["pid"] for p in family["processes"] if p["life"] in ALIVE and p["pid"] != target.pids[0])
            return family["unseen"]["processes"] >= COUNT - len(seen)

        family = watch.until(all_told, "and its children are counted")
        ok(told(family)[0] <= COUNT, f"each once: {told(family)[0]} of {COUNT}, {len(seen)} were seen")


def untold(become, what):
    with Family() as target, Watch([target.pids[0]], user=become) as watch:
        watch.sample()
        target.do(0, "burst", 10)
        same(told(watch.sample()), (None, 0), f"{what}: where the kernel does not tell it is not known")


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
    if tells():
        for label, user in users():
            counted(user, label)
    else:
        skip("the kernel does not tell in a PID namespace", "who came and went is counted")
        untold(None, "in a PID namespace")
    if is_root() and tells():
        others()
        leaderless()
        formats()
    if is_root():
        untold(away_from_the_kernel, "in a network namespace")
    else:
        skip("an ordinary user may not leave the kernel's namespace", "where the kernel does not tell")
    done()


if __name__ == "__main__":
    main()
