#!/usr/bin/env python3
"""Who copied, and how much: families in which it is known who wrote, since the test had them write."""

import sys

from oracle import *

PAGES = 64


def mapping_of(family, address):
    return next((m for m in family["mappings"] for p in m["processes"] if int(p["start"], 16) <= address < int(p["end"], 16)), None)


def share_of(family, pid, address):
    name = told_of(family, pid)["name"] if told_of(family, pid) else None
    mapping = mapping_of(family, address)
    return next((p for p in mapping["processes"] if p["name"] == name), None) if mapping else None


def closes(family, what):
    """What is no longer shared is what became of it, in each process and in all."""
    memory = family["memory"]
    parts = ("went_copied", "went_parted", "left_alone", "let_go")
    for told in [*family["processes"], *family["mappings"], memory]:
        gone = told["was_shared_kib"] - told["still_shared_kib"]
        if sum(told[f"{p}_kib"] for p in parts) != gone:
            return ok(False, f"{what}: {told.get('name', 'a sum')} does not close: {gone} KiB")
    if memory["no_longer_shared_kib"] is not None:
        same(memory["no_longer_shared_kib"], sum(memory[f"{p}_kib"] for p in (*parts, "gone_with_process")), f"{what}: the sum closes")
    return same(memory["sum_rss_kib"], sum(p["shared_kib"] + p["private_kib"] + p["copied_kib"] + p["parted_kib"] + p["unknown_kib"]
                                           for p in family["processes"] if not p["memory_of"]), f"{what}: all of Rss has a state")


# What is done in processes 0, 1, 2 ..; then what root and an ordinary user are told of them, (copied, parted) pages of each; frames added, and
# pages parted. W: writes pages [first, first + count); F: forks; D: drops; E: ends; B: forks one that ends at once.
SHAPES = (
    ("nobody writes", ["F01"], [(0, 0), (0, 0)], [(0, 0), (0, 0)]),
    ("the child writes", ["F01", "W1 0 40"], [(0, 0), (40, 0)], [(0, 40), (0, 40)]),
    ("the parent writes", ["F01", "W0 0 40"], [(40, 0), (0, 0)], [(0, 40), (0, 40)]),
    ("each writes other pages", ["F01", "W0 0 10", "W1 20 30"], [(10, 0), (30, 0)], [(0, 40), (0, 40)]),
    ("both write the same", ["F01", "W0 0 40", "W1 0 40"], [(0, 40), (0, 40)], [(0, 40), (0, 40)]),
    ("the parent writes, three share", ["F01", "F02", "F03", "W0 0 40"], [(40, 0), (0, 0), (0, 0), (0, 0)], [(40, 0), (0, 0), (0, 0), (0, 0)]),
    ("the eldest of three writes", ["F01", "F02", "F03", "W1 0 40"], [(0, 0), (0, 40), (0, 0), (0, 0)], [(0, 0), (0, 40), (0, 0), (0, 0)]),
    ("the second of three writes", ["F01", "F02", "F03", "W2 0 40"], [(0, 0), (0, 0), (40, 0), (0, 0)], [(0, 0), (0, 0), (0, 40), (0, 0)]),
    ("the youngest of three writes", ["F01", "F02", "F03", "W3 0 40"], [(0, 0), (0, 0), (0, 0), (40, 0)], [(0, 0), (0, 0), (0, 0), (40, 0)]),
    ("both children write", ["F01", "F02", "W1 0 40", "W2 0 40"], [(0, 40), (0, 40), (40, 0)], [(0, 40), (0, 40), (0, 40)]),
    ("all write", ["F01", "F02", "W0 0 40", "W1 0 40", "W2 0 40"], [(0, 40), (0, 40), (0, 40)], [(0, 40), (0, 40), (0, 40)]),
    ("a grandchild writes", ["F01", "F12", "W2 0 40"], [(0, 0), (0, 0), (40, 0)], [(0, 0), (0, 0), (40, 0)]),
    ("the one in the middle writes", ["F01", "F12", "W1 0 40"], [(0, 0), (40, 0), (0, 0)], [(0, 0), (40, 0), (0, 0)]),
    ("the child is gone", ["F01", "W0 0 40", "E01"], [(0, 0)], [(0, 0)]),
    ("dropped", ["F01", "D1 0 40"], [(0, 0), (0, 0)], [(0, 0), (0, 0)]),
    ("dropped and filled again: as if it were a copy", ["F01", "D1 0 40", "W1 0 40"], [(0, 0), (40, 0)], [(0, 40), (0, 40)]),
    ("and that one is gone", ["F01", "W0 0 40", "F02", "E02"], [(40, 0), (0, 0)], [(0, 40), (0, 40)]),
    ("the child writes and forks, then the parent writes", ["F01", "W1 0 40", "B1", "W0 0 40"], [(0, 40), (0, 40)], [(0, 40), (0, 40)]),
    ("the child writes and forks", ["F01", "W1 0 40", "B1"], [(0, 0), (40, 0)], [(0, 40), (0, 40)]),
    ("the parent writes and forks, then the child writes", ["F01", "W0 0 40", "B0", "W1 0 40"], [(0, 40), (0, 40)], [(0, 40), (0, 40)]),
    ("the parent writes and forks", ["F01", "W0 0 40", "B0"], [(40, 0), (0, 0)], [(0, 40), (0, 40)]),
    ("the child writes, the parent forks", ["F01", "W1 0 40", "B0"], [(0, 40), (0, 40)], [(0, 40), (0, 40)]),
    ("the parent writes between two forks, and what it left is written", ["F01", "W0 0 40", "F02", "W1 0 40"],
     [(0, 0), (0, 40), (0, 0)], [(0, 0), (0, 40), (0, 0)]),
    ("a grandchild writes and forks", ["F01", "F12", "W2 0 40", "B2"], [(0, 0), (0, 0), (40, 0)], [(0, 0), (0, 0), (40, 0)]),
    ("the one in the middle forks on, and writes", ["F01", "F12", "B1", "W1 0 40"], [(0, 0), (40, 0), (0, 0)], [(0, 0), (40, 0), (0, 0)]),
    ("the parent drops it, one child has it", ["F01", "F02", "W1 0 40", "D0 0 40"], [(0, 0), (0, 40), (0, 0)], [(0, 0), (0, 0), (0, 0)]),
    ("the parent drops it, two share it", ["F01", "F02", "F03", "W1 0 40", "D0 0 40"],
     [(0, 0), (0, 40), (0, 0), (0, 0)], [(0, 0), (0, 40), (0, 0), (0, 0)]),
    ("the parent drops it before anybody writes", ["F01", "F02", "D0 0 40", "W2 0 40"], [(0, 0), (0, 0), (0, 40)], [(0, 0), (0, 0), (0, 0)]),
    ("the children fill what the parent dropped before", ["D0 0 40", "F01", "F02", "W1 0 40", "W2 0 40"],
     [(0, 0), (0, 0), (0, 0)], [(0, 0), (0, 0), (0, 0)]),
    ("both fork on, and the child writes", ["F01", "B0", "B1", "W1 0 40"], [(0, 40), (0, 40)], [(0, 40), (0, 40)]),
    ("the parent writes before it forks the second one", ["F01", "W0 0 40", "F02"], [(0, 0), (0, 40), (0, 0)], [(0, 0), (0, 40), (0, 0)]),
)


def act(target, step):
    if step[0] == "F":
        target.fork(int(step[1]), int(step[2]))
    elif step[0] == "B":
        target.do(int(step[1]), "burst", 1)
    elif step[0] == "E":
        target.end(int(step[1]), int(step[2]))
    else:
        number, first, count = step[1:].split()
        target.do(int(number), {"W": "write", "D": "drop"}[step[0]], "m", first, count, *["66"] * (step[0] == "W"))


def one_sample(what, steps, wanted, user):
    who = "an ordinary user" if user else "root"
    with Family(user) as target:
        address = target.do(0, "map", "m", "anon", PAGES)
        target.do(0, "write", "m", 0, PAGES, 65)
        for step in steps:
            act(target, step)
        pids = list(target.pids.values())
        truth = Truth(pids) if is_root() else None
        status, family, err = attach(pids, user=user)
        if not same((status, err), (0, ""), f"{who}: {what}: attached"):
            return
        told = [share_of(family, pid, address) for pid in pids]
        same([(t["copied_kib"] // KIB, t["parted_kib"] // KIB) for t in told], wanted, f"{who}: {what}: copied and parted pages of each")
        same({p["basis"] for p in family["processes"]}, {"sample"}, f"{who}: {what}: from one sample")
        if truth and not any(p["unknown_kib"] for p in family["processes"]):
            same(family["memory"]["copied_kib"], truth.apart()[0], f"{who}: {what}: copying added so much")
        closes(family, f"{who}: {what}")


def watched(user):
    """Workers that are forked later, write before they are seen, and end."""
    who = "an ordinary user" if user else "root"
    with Family(user) as target:
        address = target.do(0, "map", "m", "anon", PAGES)
        target.do(0, "write", "m", 0, PAGES, 65)
        target.fork(0, 1)
        with Watch([target.pids[0]], user=user) as watch:
            watch.sample()
            copied = 0
            for count in (16, 40, 5):
                with Halted(watch):
                    late = target.fork(0, 2)
                    target.do(2, "write", "m", 0, count, 66)
                copied += count * KIB
                family = watch.until(lambda f: told_of(f, late) and share_of(f, late, address), f"{who}: one that was forked since is seen")
                told = share_of(family, late, address)
                same(told["was_shared_kib"], PAGES * KIB, f"{who}: it began with everything shared")
                same(apart(told), count * KIB, f"{who}: what it wrote before it was seen came apart")
                same(told["copied_kib"], count * KIB, f"{who}: it is known to be a copy, since others still share what it had")
                same(told_of(family, late)["basis"], "watched", f"{who}: since its fork")
                same(mapping_of(family, address)["ever_copied_kib"], copied, f"{who}: it counts, once")
                events = [e for e in family["events"] if address <= int(e["address"], 16) < address + PAGES * PAGE]
                same([(e["type"], e["process"], e["copied_kib"]) for e in events],
                     [("copied", told["name"], count * KIB)], f"{who}: and is an event")
                closes(family, who)
                target.end(0, 2)
                family = watch.until(lambda f: not share_of(f, late, address), f"{who}: it ends")
                same(mapping_of(family, address)["ever_copied_kib"], copied, f"{who}: what it copied stays counted")
                ok(family["memory"]["gone_with_process_kib"] >= PAGES * KIB, f"{who}: what had been shared of it went with it")
                closes(family, who)
            target.do(0, "write", "m", 50, 9, 67)
            family = watch.until(lambda f: apart(share_of(f, target.pids[0], address)) >= 9 * KIB, f"{who}: the parent writes")
            same(share_of(family, target.pids[0], address)["copied_kib"], 0 if user else 9 * KIB, f"{who}: it copied, or one of two did")
            same(mapping_of(family, address)["ever_copied_kib"], copied + 9 * KIB, f"{who}: that counts, too")


def saved_for(user):
    """A server that is watched, and then forks one to save: it writes, as Redis does."""
    who = "an ordinary user" if user else "root"
    with Family(user) as target:
        address = target.do(0, "map", "m", "anon", PAGES)
        target.do(0, "write", "m", 0, PAGES, 65)
        with Watch([target.pids[0]], user=user) as watch:
            watch.sample()
            with Halted(watch):
                target.fork(0, 1)
                target.do(0, "write", "m", 0, 30, 66)
            family = watch.until(lambda f: told_of(f, target.pids[1]) and share_of(f, target.pids[1], address), f"{who}: a child that saves is seen")
            told = share_of(family, target.pids[0], address)
            same((told["was_shared_kib"], apart(told)), (PAGES * KIB, 30 * KIB), f"{who}: since the fork its parent wrote")
            same(told["copied_kib"], 0 if user else 30 * KIB, f"{who}: and copied, if that is told")
            same(mapping_of(family, address)["ever_copied_kib"], 30 * KIB, f"{who}: once")
            closes(family, who)


def forks_between(user, deaf=False):
    """A worker that writes and then forks, while both are watched: its bit 34 is cleared, and that is known, also where the kernel tells of no fork."""
    who = "an ordinary user" if user else "root, not told of forks" if deaf else "root"
    with Family(user) as target:
        address = target.do(0, "map", "m", "anon", 4 * PAGES)
        target.do(0, "write", "m", 0, 4 * PAGES, 65)
        target.fork(0, 1)
        target.do(0, "burst", 1)
        target.do(1, "burst", 1)
        pids = [target.pids[0], target.pids[1]]
        copied = [0, 0]

        def written(writer, first, count, certain, why, fork=None):
            with Halted(watch):
                target.do(writer, "write", "m", first, count, 66)
                if fork is not None:
                    target.do(fork, "burst", 1)
            copied[writer] += count * KIB if certain and not user else 0
            total[0] += count
            family = watch.until(lambda f: mapping_of(f, address)["ever_copied_kib"] >= total[0] * KIB, f"{who}: {why}: it is seen")
            same([share_of(family, pid, address)["copied_kib"] for pid in pids], copied, f"{who}: {why}: who copied")
            same(family["memory"]["copied_kib"] is not None, True, f"{who}: {why}: the sum is known")
            closes(family, f"{who}: {why}")

        total = [0]
        with Watch([target.pids[0]], user=away_from_the_kernel if deaf else user) as watch:
            watch.sample()
            watch.sample()
            written(1, 0, 10, True, "the child writes; both had forked before that")
            written(0, 20, 10, True, "so does the parent")
            written(1, 40, 10, True, "the child writes, then forks", fork=1)
            written(0, 60, 10, False, "the parent writes, and the child forks", fork=1)
            written(0, 80, 10, True, "the parent writes, then forks", fork=0)
            written(1, 100, 10, False, "the child writes, and the parent forks", fork=0)
            written(0, 120, 10, True, "nobody forks any more")


def huge_zeros(user):
    who = "an ordinary user" if user else "root"
    with Family(user) as target:
        address = target.do(0, "map", "m", "huge", 1024)
        target.do(0, "read", "m", 0, 1024)
        target.fork(0, 1)
        target.do(1, "write", "m", 0, 1024, 66)
        status, family, err = attach(target.pids.values(), user=user)
        same([apart(share_of(family, pid, address)) for pid in target.pids.values()], [0, 0], f"{who}: what was zeros is not copied")


def beside_huge(user):
    """A child's copies of what its parent has in huge pages, which an ordinary user is told nothing of."""
    ordinary = user or not is_root()
    who = "an ordinary user" if ordinary else "root"
    with Family(user) as target:
        address = target.do(0, "map", "m", "huge", 1024)
        target.do(0, "write", "m", 0, 1024, 65)
        target.fork(0, 1)
        target.do(1, "write", "m", 0, 1024, 66)
        status, family, err = attach(target.pids.values(), user=user)
        told = share_of(family, target.pids[1], address)
        same((told["private_kib"], told["copied_kib"], told["parted_kib"]), (0, 0, 1024 * KIB) if ordinary else (0, 1024 * KIB, 0),
             f"{who}: what a child wrote of huge pages")
        unknown = share_of(family, target.pids[0], address)["unknown_kib"]
        same(family["memory"]["copied_kib"] is None, bool(ordinary and unknown), f"{who}: the sum is known where all of its parts are ({unknown} KiB are not)")


def said():
    """In words: how sure it is."""
    with Family() as target:
        target.do(0, "map", "m", "anon", PAGES)
        target.do(0, "write", "m", 0, PAGES, 65)
        target.fork(0, 1)
        target.do(1, "drop", "m", 0, 40)
        target.do(1, "write", "m", 0, 40, 66)
        pids = ",".join(map(str, target.pids.values()))
        text = live.run("--batch", "-p", pids)[1]
        ok("dropped and filled again looks the same" in text or not is_root(), "a copy from one sample is no surer than that")
        target.do(0, "write", "m", 0, 40, 67)
        target.do(1, "write", "m", 50, 2, 67)
        target.do(0, "write", "m", 50, 2, 67)
        text = live.run("--batch", "-p", pids)[1]
        ok("which of them wrote isn't known" in text, "and where both wrote, it says so")


def main():
    users = (None, live._become_nobody) if is_root() else (None,)
    for user in users:
        ordinary = user or not is_root()
        for what, steps, root, other in SHAPES:
            one_sample(what, steps, other if ordinary else root, user)
        if user or is_root():
            watched(user)
            saved_for(user)
            forks_between(user)
        huge_zeros(user)
        beside_huge(user)
    if is_root():
        forks_between(None, deaf=True)
    said()
    if not is_root():
        skip("who wrote is told to root alone")
    done()


if __name__ == "__main__":
    main()
