#!/usr/bin/env python3
"""Looking changes nothing: each page of a family at rest is where it was, and whose it was, after its contents were compared."""

import sys
import tempfile

from oracle import *

PAGES = 96
TOLD = ("Rss", "Shared_Clean", "Shared_Dirty", "Private_Clean", "Private_Dirty", "Anonymous", "Swap")


def smaps_sums(pid):
    sums = dict.fromkeys(TOLD, 0)
    with open(f"/proc/{pid}/smaps") as file:
        for line in file:
            name, _, rest = line.partition(":")
            if name in sums:
                sums[name] += int(rest.split()[0])
    return sums


def pages_of(pid):
    """Every page that is there, with all bits of its entry: as root also where it lies."""
    found = {}
    for m in mappings(pid):
        for number, entry in enumerate(pagemap(pid, m.start, m.pages())):
            if entry.value & ~(1 << 55):
                found[m.start + number * PAGE] = entry.value & ~(1 << 55)
    return found


def faults_of(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return int(fields[7]), int(fields[9])


def known_of(pids):
    return {pid: (smaps_sums(pid), pages_of(pid), faults_of(pid)) for pid in pids}


def family_of(target, folder, members):
    """Some copied everything, some a part, some nothing; of the same bytes and of others; the parent too."""
    path = os.path.join(folder, "mapped")
    with open(path, "wb") as file:
        file.write(b"f" * PAGE * PAGES)
    target.do(0, "map", "m", "anon", PAGES)
    target.do(0, "write", "m", 0, PAGES - 10, 65)
    target.do(0, "map", "f", "file", PAGES, path)
    target.do(0, "read", "f", 0, PAGES // 2)
    target.do(0, "write", "f", 0, 5, 65)
    target.do(0, "map", "z", "anon", PAGES)
    target.do(0, "read", "z", 0, PAGES)
    for number in range(1, members):
        target.fork(0, number)
    for number in range(1, members):
        if number % 3 == 1:
            target.do(number, "write", "m", 0, PAGES)
        elif number % 3 == 2:
            target.do(number, "write", "m", 20, 30, 66)
            target.do(number, "write", "z", 3, 4, 66)
        if number % 2:
            target.do(number, "write", "f", 2, 40)
    target.do(0, "write", "m", 40, 8)
    return list(target.pids.values())


def compared(folder, members, label, user, *options):
    with Family(user=user) as target:
        pids = family_of(target, folder, members)
        before = known_of(pids)
        status, family, err = attach(pids, "--compare", *options, user=user)
        after = known_of(pids)
    what = f"{label}, {members} of them{', held still' if options else ''}"
    same((status, err), (0, ""), f"{what}: compared")
    told = sum(p["same_kib"] for p in family["processes"])
    ok((told > 0) == (members > 1), f"{what}: {told} KiB are found to be the same")
    for i, pid in enumerate(pids):
        for part, name in enumerate(("what smaps adds up to", "each page", "its faults")):
            was, is_now = before[pid][part], after[pid][part]
            if not ok(was == is_now, f"{what}: {name} is as before in number {i}"):
                keys = [k for k in {**was, **is_now} if was.get(k) != is_now.get(k)] if part < 2 else []
                print(f"# {len(keys)} differ: " + ", ".join(f"{k}: {was.get(k)} -> {is_now.get(k)}" for k in keys[:4]), flush=True)


AWAY = '''import ctypes, sys
with open("/proc/self/stat") as file:
    start, end = map(int, file.read().rpartition(")")[2].split()[45:47])
page = start // 4096 * 4096 + 4096  # the first may hold a part of the stack, too
libc = ctypes.CDLL(None, use_errno=True)
print(page, flush=True)
libc.madvise(ctypes.c_void_p(page), ctypes.c_size_t(4096), 4)  # MADV_DONTNEED
print("away", flush=True)
sys.stdin.read()
'''


def arguments_away():
    """The kernel reads a process's arguments from its memory: where they are not present, they stay so."""
    target = subprocess.Popen([sys.executable, "-S", "-c", AWAY, "x" * 3 * 4096], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/")
    address = int(target.stdout.readline())
    target.stdout.readline()
    status, family, err = attach([target.pid])
    same((status, err), (0, ""), "a process whose arguments are away: attached")
    same(pagemap(target.pid, address, 1)[0].present, False, "they are not fetched")
    status, _, err = attach(["no-program-is-called-so"])
    ok(status == 2 and "no process" in err, f"nobody has that name: {err!r}")
    same(pagemap(target.pid, address, 1)[0].present, False, "nor are they where all processes are asked for their name")
    ok(family["processes"][0]["command"], "it has its command")
    target.communicate()


def main():
    with tempfile.TemporaryDirectory(prefix="cowscope-untouched-", dir="/var/tmp") as folder:
        os.chmod(folder, 0o755)
        if PAGE == 4096:
            arguments_away()
        else:
            skip("pages are larger here", "arguments that are away")
        for label, user in users():
            for members in range(1, 10):
                compared(folder, members, label, user)
            for members in (2, 5):
                compared(folder, members, label, user, "--freeze")
    done()


if __name__ == "__main__":
    main()
