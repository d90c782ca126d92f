#!/usr/bin/env python3
"""What one frame would do for: pages of the same bytes in frames of their own, beside what /proc/PID/mem and pagemap say."""

import shutil
import tempfile

from oracle import *
from untouched import known_of

LAZY = 60  # pages that each worker loads after the fork


def bytes_of(pid, address):
    fd = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    try:
        return os.pread(fd, PAGE, address)
    finally:
        os.close(fd)


class Place:
    """A page of one lineage: who has which frame there, and what it holds."""

    def __init__(self):
        self.frames = {}  # (bytes, PFN): anonymous?
        self.alone = False

    def add(self, pid, address, entry):
        self.frames[bytes_of(pid, address), entry.pfn] = not entry.file
        self.alone |= not entry.file and entry.exclusive


def places_of(pids):
    truth = Truth(pids)
    places = {}
    for member in truth.members.values():
        for address, entry in member.entries.items():
            mapping = member.mapping_at(address)
            if entry.present and not truth.is_zero(entry) and mapping.perms[0] == "r" and mapping.perms[3] == "p":
                places.setdefault((tuple(member.program), address), Place())
    for member in truth.members.values():
        for address, entry in member.entries.items():
            place = places.get((tuple(member.program), address))
            if place and entry.present and not truth.is_zero(entry):
                place.add(member.pid, address, entry)
    return [p for p in places.values() if p.alone]


def expected(pids):
    """KiB: at the same place, anywhere, of zeros."""
    equal, zeros, own = 0, 0, {}
    nothing = bytes(PAGE)
    for place in places_of(pids):
        held = {}
        for (content, pfn), anonymous in place.frames.items():
            held.setdefault(content, set()).add(pfn)
            if anonymous and content != nothing:
                own.setdefault(content, set()).add(pfn)
            zeros += anonymous and content == nothing
        equal += sum(len(frames) - 1 for content, frames in held.items() if content != nothing)
    return KIB * equal, KIB * sum(len(frames) - 1 for frames in own.values()), KIB * zeros


def load(target, number, name, byte=0):
    """Each page other bytes than its neighbours; the same in everyone who loads it with the same byte."""
    target.do(number, "map", name, "anon", LAZY)
    for page in range(LAZY):
        target.do(number, "write", name, page, 1, 1 + (page + byte) % 200)


def family_of(target, folder):
    """Workers that load the same after they were forked, of which some differ in part; the lazy mapping's numbers."""
    path = os.path.join(folder, "mapped")
    with open(path, "wb") as file:
        file.write(b"f" * PAGE * 20)
    target.do(0, "map", "early", "anon", 40)
    target.do(0, "write", "early", 0, 40, 65)
    target.do(0, "map", "file", "file", 20, path)
    target.do(0, "write", "file", 0, 2, 70)
    for number in range(1, 5):
        target.fork(0, number)
    for number in range(1, 5):
        load(target, number, "lazy")
    target.do(4, "write", "lazy", 0, 10, 250)  # one holds other bytes there,
    target.do(3, "write", "lazy", 10, 5, 251)  # and there three alike and one not
    for number in 1, 2:
        target.do(number, "write", "lazy", 20, 4, 0)  # two of zeros, two as before
    target.do(1, "write", "early", 0, 8)       # a copy, of the same bytes
    target.do(2, "write", "early", 0, 4, 66)   # of others
    target.do(1, "write", "file", 4, 6, 102)   # like the file's
    target.do(2, "write", "file", 4, 6, 102)
    target.fork(0, 5)
    target.do(5, "exec")  # its addresses mean something else
    load(target, 5, "lazy")
    return 10 * 2 + 5 * 2 + 5 * 3 + 4 * (1 + 0) + (LAZY - 24) * 3


def check_numbers(folder, label, user):
    with Family(user=user) as target:
        lazy = family_of(target, folder)
        pids = list(target.pids.values())
        wanted = expected(pids) if is_root() else None
        before = known_of(pids)
        status, family, err = attach(pids, "--compare=siblings", user=user)
        ok(before == known_of(pids), f"{label}: not one page of theirs is another than before")
        told_text = live.run("--batch", "-p", ",".join(map(str, pids)), "--compare=siblings", user=user)[1]
        metrics = live.run("--batch", "--format=openmetrics", "-p", ",".join(map(str, pids)), "--compare=siblings", user=user)[1]
        again = attach(pids, user=user)[1]
    told = family["siblings"]
    same((status, err), (0, ""), f"{label}: compared")
    same((told["one_place_in"], told["hash_bits"], told["unread_kib"]), (1, 64, 0), f"{label}: all of it was")
    if wanted:
        same((told["equal_kib"], told["of_zeros_kib"]), (wanted[0], wanted[2]), f"{label}: what one frame would save, and zeros")
        ok(told["equal_kib"] <= told["anywhere_kib"] <= wanted[1], f"{label}: anywhere {told['anywhere_kib']} of {wanted[1]}")
        if family["pfn"] == "known":
            same(told["anywhere_kib"], wanted[1], f"{label}: which is all of it")
    mapping = max(family["mappings"], key=lambda m: m["siblings"]["preload_kib"])
    same(mapping["siblings"]["preload_kib"], lazy * KIB, f"{label}: preload would save what the workers loaded")
    same(mapping["siblings"]["equal_kib"], lazy * KIB, f"{label}: no copies there")
    same(mapping["siblings"]["of_zeros_kib"], 2 * 4 * KIB, f"{label}: zeros count apart")
    for field in "equal_kib", "preload_kib", "of_zeros_kib", "compared_kib":
        same(sum(m["siblings"][field] for m in family["mappings"]), told[field], f"{label}: mappings add up to {field}")
    ok("if it were loaded before the fork" in told_text and "nothing but zeros" in told_text, f"{label}: in words")
    ok(f"cowscope_family_preload_bytes{{family=" in metrics and f"}} {told['preload_kib'] * 1024}\n" in metrics, f"{label}: as metrics")
    ok("siblings" not in again and "siblings" not in again["mappings"][0], f"{label}: not said unless asked")


def check_saved(folder):
    with Family() as target, tempfile.TemporaryDirectory(dir=folder) as kept:
        family_of(target, folder)
        path = os.path.join(kept, "saved.json")
        live.run("--batch", "--format=json", "-o", path, "-p", ",".join(map(str, target.pids.values())), "--compare=siblings")
        with open(path) as file:
            told = json.loads(file.read())["siblings"]
        status, out, err = live.run("--batch", f"--open={path}", "--format=json")
    opened = json.loads(out.splitlines()[-1]).get("siblings") if out else None
    same((status, opened), (0, told), "saved and opened again it is the same")


def refused(pids, call, fault, user):
    """Where a system call on /proc/PID/mem fails."""
    ended = subprocess.run(["strace", "-f", "-o", "/dev/null", "-P", "mem", *(f"-P/proc/{pid}/mem" for pid in pids), "-e", f"trace={call}",
                            "-e", f"inject={call}:{fault}", live.COWSCOPE, "--batch", "--format=json", "-p", ",".join(map(str, pids)), "--compare=siblings"],
                           capture_output=True, text=True, preexec_fn=user, cwd="/", pass_fds=[live._PROGRAM],
                           env=dict(os.environ, ASAN_OPTIONS="detect_leaks=0"))
    return ended.returncode, json.loads(ended.stdout.splitlines()[-1]) if ended.stdout else None


def check_refused(folder, label, user):
    """What may not be read is not known, and lacks says why."""
    if not shutil.which("strace"):
        skip("no strace to make readings fail", f"{label}: contents that cannot be read")
        return
    with Family(user=user) as target:
        family_of(target, folder)
        pids = list(target.pids.values())
        for call, fault, lacks in (("openat", "error=EACCES", ["contents"]), ("pread64", "error=EIO", [])):
            status, family = refused(pids, call, fault, user)
            told = family["siblings"]
            same((status, [w for w in family["lacks"] if w == "contents"]), (0, lacks), f"{label}, {call} fails: what lacks is said")
            same([told[f] for f in ("equal_kib", "preload_kib", "of_zeros_kib", "anywhere_kib", "compared_kib")], [None] * 4 + [0], f"{label}, {call} fails: nothing is known")
            ok(told["unread_kib"] > 0, f"{label}, {call} fails: {told['unread_kib']} KiB were to be read")


def main():
    with tempfile.TemporaryDirectory(prefix="cowscope-siblings-", dir="/var/tmp") as folder:
        os.chmod(folder, 0o755)
        for label, user in users():
            check_numbers(folder, label, user)
            check_refused(folder, label, user)
        check_saved(folder)
    done()


if __name__ == "__main__":
    main()
