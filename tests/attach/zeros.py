#!/usr/bin/env python3
"""The page of zeros, small and huge: it is resident nowhere, and whoever writes it gets fresh memory, not a copy."""

from oracle import *

HUGE = "/sys/kernel/mm/transparent_hugepage"
BLOCKS = 4


def setting(name):
    try:
        with open(f"{HUGE}/{name}") as file:
            return file.read()
    except OSError:
        return ""


def smaps_of(pid, address):
    """The numbers of the mapping that begins there."""
    numbers, inside = {}, False
    with open(f"/proc/{pid}/smaps") as file:
        for line in file:
            first = line.split(None, 1)[0]
            if not first.endswith(":"):
                inside = first.startswith(f"{address:x}-")
            elif inside and line.rstrip().endswith("kB"):
                numbers[first[:-1]] = int(line.split()[1])
    return numbers


def strip_at(family, pid, address):
    name = told_of(family, pid)["name"]
    mapping = next(m for m in family["mappings"] if int(m["start"], 16) <= address < int(m["end"], 16))
    return next(p for p in mapping["processes"] if p["name"] == name)


def compare(pids, address, total, written, user, what):
    """written: KiB that each process wrote."""
    status, family, err = attach(pids, user=user)
    same((status, err), (0, ""), f"{what}: attached")
    for pid in pids:
        told, smaps = strip_at(family, pid, address), smaps_of(pid, address)
        name = f"{what}: {told_of(family, pid)['name']}"
        resident = sum(told[f"{state}_kib"] for state in ("shared", "private", "copied", "unknown"))
        same(resident, smaps["Rss"], f"{name}: resident is what smaps calls Rss")
        same(told["copied_kib"], 0, f"{name}: nothing was copied")
        same(told["zero_kib"], total - written[pid], f"{name}: the rest is zeros")
        if user is None and is_root():
            same(told["private_kib"], written[pid], f"{name}: what it wrote is its own")


def blocks(user, label):
    """Huge pages of zeros, one byte read in each."""
    step = int(setting("hpage_pmd_size")) // PAGE
    with Family(user) as target:
        address = target.do(0, "map", "z", "huge", BLOCKS * step)
        for block in range(BLOCKS):
            target.do(0, "read", "z", block * step, 1)
        entries = pagemap(target.pids[0], address, BLOCKS * step)
        if not all(entry.present and entry.file for entry in entries):
            skip("no huge page of zeros is lent here", f"{label}: huge")
            return
        total, parent = BLOCKS * step * KIB, target.pids[0]
        compare([parent], address, total, {parent: 0}, user, f"{label}: huge")
        child = target.fork(0, 1)
        zeros = [entry.present for entry in pagemap(child, address, BLOCKS * step)].count(True) * KIB
        target.do(1, "write", "z", 0, step, 66)
        target.do(1, "write", "z", 2 * step, 1, 66)
        wrote = smaps_of(child, address)["Rss"]
        family = attach([parent, child], user=user)[1]
        told = strip_at(family, child, address)
        same(told["copied_kib"], 0, f"{label}: a child that wrote huge pages of zeros copied nothing")
        same(sum(told[f"{s}_kib"] for s in ("shared", "private", "copied", "unknown")), wrote, f"{label}: it has what smaps says")
        ok(told["zero_kib"] <= max(zeros, total - wrote), f"{label}: what it wrote is not zeros: {told['zero_kib']} KiB are")
        compare([parent], address, total, {parent: 0}, user, f"{label}: the parent of a child that wrote")
        target.do(0, "write", "z", step, step, 66)
        compare([parent], address, total, {parent: step * KIB}, user, f"{label}: the parent wrote")


def small(user, label):
    with Family(user) as target:
        address = target.do(0, "map", "z", "anon", 64)
        target.do(0, "read", "z", 0, 64)
        if zero_pfn() is None:
            skip("this kernel lends no small page of zeros", f"{label}: small")
            return
        target.do(0, "write", "z", 0, 10, 65)
        parent = target.pids[0]
        compare([parent], address, 64 * KIB, {parent: 10 * KIB}, user, f"{label}: small")


def main():
    for label, user in users():
        small(user, label)
        if "[never]" in setting("enabled") or setting("use_zero_page").strip() != "1":
            skip("huge pages are not to be had here", f"{label}: huge")
        else:
            blocks(user, label)
    done()


if __name__ == "__main__":
    main()
