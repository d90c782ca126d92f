#!/usr/bin/env python3
"""A family of our own that forks, writes, drops, execs and exits: every number beside what /proc says."""

from oracle import *


def process_of(family, pid):
    return next((p for p in family["processes"] if p["pid"] == pid), None)


def share_of(family, pid, address):
    """What the mapping that a process has at this address says of it."""
    process = process_of(family, pid)
    shares = (p for m in family["mappings"] for p in m["processes"] if process and p["name"] == process["name"])
    return next((p for p in shares if int(p["start"], 16) <= address < int(p["end"], 16)), None)


def kib(value):
    return {state: value[f"{state}_kib"] for state in STATES if state != "absent"} if value else None


def wanted(truth, pid, start, end):
    found = truth.counts(pid, start, end)
    del found["absent"]
    return found


def compare_members(family, truth, what):
    for pid, member in truth.members.items():
        told = process_of(family, pid)
        if not ok(told is not None, f"{what}: pid {pid} is told"):
            continue
        same(told["ppid"], member.ppid, f"{what}: {told['name']}: its parent")
        same(told["rss_kib"], truth.rss(pid), f"{what}: {told['name']}: Rss")
        same(kib(told), wanted(truth, pid, 0, 1 << 64), f"{what}: {told['name']}: each state")


def compare_mappings(family, truth, what):
    for pid, member in truth.members.items():
        if process_of(family, pid)["memory_of"]:
            continue  # told once, of whose memory it is
        wrong = []
        for m in member.mappings:
            told = share_of(family, pid, m.start)
            if told and (int(told["start"], 16), int(told["end"], 16)) != (m.start, m.end):
                continue  # lined up otherwise: the sums above hold it
            expected = wanted(truth, pid, m.start, m.end)
            if kib(told) != expected and (told or any(expected.values())):
                wrong.append((m.path, hex(m.start), kib(told), expected))
        same(wrong, [], f"{what}: every mapping of pid {pid}")


def compare(pids, what):
    """As root, which can know: everything."""
    truth = Truth(pids)
    status, family, err = attach(pids)
    same((status, err), (0, ""), f"{what}: attached")
    if not family:
        return None
    same(family["pfn"], "known", f"{what}: PFNs")
    compare_members(family, truth, what)
    compare_mappings(family, truth, what)
    same(family["memory"]["frames_kib"], truth.frames(), f"{what}: frames")
    same((family["memory"]["copied_kib"], family["memory"]["parted_kib"]), truth.apart(), f"{what}: frames that copying added, and pages parted")
    same(family["memory"]["sum_rss_kib"], sum(truth.rss(pid) for pid in pids), f"{what}: sum of Rss")
    return family


def compare_ordinary(pids, what, user):
    """What an ordinary user is told may be less, never otherwise: what is private to it may be a copy to root, and
    what it does not know is unknown."""
    truth = Truth(pids)
    status, family, err = attach(pids, user=user)
    same((status, err), (0, ""), f"{what}: attached")
    if not family:
        return
    same(family["pfn"], "unknown", f"{what}: PFNs")
    for pid in pids:
        told, so = kib(process_of(family, pid)), wanted(truth, pid, 0, 1 << 64)
        name = process_of(family, pid)["name"]
        ok(told["copied"] <= so["copied"], f"{what}: {name}: no copy that is none: {told['copied']} of {so['copied']} KiB")
        ok(told["copied"] + told["parted"] <= so["copied"] + so["parted"] + so["private"], f"{what}: {name}: what came apart is alone")
        ok(told["shared"] <= so["shared"], f"{what}: {name}: nothing shared that is not: {told['shared']} of {so['shared']} KiB")
        same(sum(told.values()), sum(so.values()), f"{what}: {name}: every page is told")
        same(told["swapped"], so["swapped"], f"{what}: {name}: swapped")
        ok(so["shared"] - told["shared"] <= told["unknown"], f"{what}: {name}: what is shared is so, or unknown")
    frames = family["memory"]["frames_kib"]
    ok(frames is None or frames == truth.frames(), f"{what}: frames are right or not told: {frames}")


def story(user, path):
    """The steps of one family; yields what to call each. The pages of each area are known."""
    with Family(user) as family:
        do = family.do
        anon = do(0, "map", "anon", "anon", 64)
        do(0, "map", "shm", "shared", 16)
        do(0, "map", "file", "file", 32, path)
        do(0, "map", "sfile", "shared-file", 32, path)
        do(0, "write", "anon", 0, 40, 65)
        do(0, "write", "shm", 0, 8, 66)
        do(0, "read", "file", 0, 32)
        do(0, "write", "file", 0, 4, 67)
        yield family, "alone", anon
        family.fork(0, 1)
        family.fork(0, 2)
        yield family, "forked", anon
        do(1, "write", "anon", 0, 10, 66)
        yield family, "a child wrote 10 pages", anon
        do(0, "write", "anon", 20, 5, 66)
        yield family, "the parent wrote 5", anon
        do(2, "write", "anon", 0, 3)
        do(2, "write", "file", 8, 4, 68)
        do(1, "write", "shm", 4, 8, 70)
        do(1, "write", "sfile", 0, 2, 48)
        yield family, "the other one, files and shared memory", anon
        do(1, "drop", "anon", 0, 5)
        do(1, "read", "anon", 0, 2)
        do(1, "read", "anon", 50, 4)
        yield family, "dropped, and the page of zeros", anon
        family.fork(1, 3)
        do(3, "write", "anon", 6, 2, 71)
        yield family, "a grandchild", anon
        do(2, "exec")
        do(2, "ready")  # it has come to where it waits
        yield family, "one execs", anon
        family.end(0, 2)
        yield family, "one ends", anon


def scratch_file():
    path = f"/var/tmp/cowscope-attach-{os.getpid()}"
    with open(path, "wb", buffering=0) as file:
        os.fchmod(file.fileno(), 0o666)
        for number in range(32):
            os.pwrite(file.fileno(), b"%d" % (number % 10) * PAGE, number * PAGE)
        os.fsync(file.fileno())
    return path


def main():
    path = scratch_file()
    try:
        if is_root():
            for family, what, _ in story(None, path):
                compare(list(family.pids.values()), what)
        nobody = live._become_nobody if is_root() else None
        if not is_root():
            skip("only root sees frames to compare with")
        else:
            for family, what, _ in story(nobody, path):
                compare_ordinary(list(family.pids.values()), f"an ordinary user: {what}", nobody)
    finally:
        os.unlink(path)
    done()


if __name__ == "__main__":
    main()
