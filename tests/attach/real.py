#!/usr/bin/env python3
"""Real programs that fork: Python's multiprocessing, Redis while it saves, PostgreSQL. Each is started here, stopped for a
moment, and what cowscope says of it is held against smaps."""

import glob
import shutil
import socket
import tempfile

from oracle import *

WORKER = """
import gc, os, sys
frozen = sys.argv[1] == "freeze"
rows = [[number, [number]] for number in range(200000)]
gc.collect()
if frozen:
    gc.disable()
    gc.freeze()
print("parent", os.getpid(), flush=True)
ends = os.pipe()
children = []
for _ in range(2):
    pid = os.fork()
    if pid == 0:
        gc.collect()
        os.write(1, b"child %d\\n" % os.getpid())
        os.close(ends[1])
        os.read(ends[0], 1)
        os._exit(0)
sys.stdin.read()
"""


def stop(pids):
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    for pid in pids:
        while "stopped" not in status(pid, "State"):
            pass  # a signal is taken at the next chance, which is soon


def go_on(pids):
    for pid in pids:
        os.kill(pid, signal.SIGCONT)


def status(pid, name):
    with open(f"/proc/{pid}/status") as file:
        return next(line.split(":", 1)[1] for line in file if line.startswith(name + ":"))


def smaps_of(pid):
    """Start of each mapping -> its totals in KiB, and whether a path stands there."""
    found, current = {}, None
    with open(f"/proc/{pid}/smaps", errors="surrogateescape") as file:
        for line in file:
            head = line.split(None, 1)[0]
            if not head.endswith(":"):
                current = found.setdefault(int(head.split("-")[0], 16), {"of a file": "/" in line})
            elif line.rstrip().endswith(" kB"):
                name, value = line.split(":")
                current[name] = int(value.split()[0])
    return found


def total(smaps, *names):
    return sum(entry.get(name, 0) for entry in smaps.values() for name in names)


def alone_in(family, name):
    """KiB that are private or copied, in what is no file's."""
    return sum(p["private_kib"] + p["copied_kib"] + p["parted_kib"] for m in family["mappings"] if "/" not in m["path"] for p in m["processes"]
               if p["name"] == name)


def hold_against_smaps(pids, what, user=None):
    """The invariants of a process that stands still."""
    stop(pids)
    try:
        status_, family, err = attach(pids, user=user)
        smaps = {pid: smaps_of(pid) for pid in pids}
    finally:
        go_on(pids)
    same((status_, err), (0, ""), f"{what}: attached")
    if not family:
        return None
    told = {p["pid"]: p for p in family["processes"]}
    same(sorted(told), sorted(pids), f"{what}: each process is told")
    for pid in pids:
        p, s = told[pid], smaps[pid]
        same(p["rss_kib"], total(s, "Rss"), f"{what}: {p['name']}: Rss")
        same(p["swapped_kib"], total(s, "Swap"), f"{what}: {p['name']}: swapped")
        # A program that begins or ends maps files too: what they share may change between the two readings.
        alone, private = alone_in(family, p["name"]), total({k: v for k, v in s.items() if not v["of a file"]}, "Private_Clean", "Private_Dirty")
        ok(alone <= private <= alone + p["unknown_kib"], f"{what}: {p['name']}: private or copied: {alone} of {private} KiB")
    frames, rss = family["memory"]["frames_kib"], family["memory"]["sum_rss_kib"]
    same(rss, sum(total(smaps[pid], "Rss") for pid in pids), f"{what}: sum of Rss")
    if is_root() and not user:
        ok(max(told[pid]["rss_kib"] for pid in pids) <= frames < rss, f"{what}: {frames} KiB of frames, {rss} KiB of Rss")
    return family


def python_family(mode):
    """(copied KiB of each child, Rss of the parent) of a Python parent of two, whose children collect garbage."""
    with subprocess.Popen([sys.executable, "-c", WORKER, mode], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        lines = [parent.stdout.readline().split() for _ in range(3)]
        pids = [int(pid) for _, pid in sorted(lines, reverse=True)]
        family = hold_against_smaps(pids, f"Python, {mode}")
        parent.stdin.close()
    if not family:
        return None
    return [p["copied_kib"] + p["parted_kib"] for p in family["processes"] if p["pid"] != pids[0]], family["processes"][0]["rss_kib"]


def python():
    plain, frozen = python_family("plain"), python_family("freeze")
    if plain and frozen:
        ok(min(plain[0]) > 4 * max(frozen[0]), f"gc.freeze() spares copies: {plain[0]} KiB without, {frozen[0]} with, "
           f"of {plain[1]} KiB")


def redis_say(connection, *words):
    """One command of the protocol; returns the first line of the answer."""
    connection.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(w), w) for w in map(str.encode, words)))
    return connection.makefile("rb").readline().decode().strip()


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(word) for word in file.read().split()]


def redis():
    if not shutil.which("redis-server"):
        skip("redis-server is not installed", "Redis while it saves")
        return
    folder = tempfile.mkdtemp(prefix="cowscope-redis-")
    path = os.path.join(folder, "socket")
    server = subprocess.Popen(["redis-server", "--port", "0", "--unixsocket", path, "--dir", folder, "--save", "", "--daemonize", "no",
                               "--logfile", "", "--enable-debug-command", "yes", "--rdb-key-save-delay", "1000000"],
                              stdout=subprocess.PIPE, text=True)
    try:
        for line in server.stdout:
            if "eady to accept connections" in line:
                break
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(path)
            same(redis_say(connection, "DEBUG", "POPULATE", "20000", "key", "1000"), "+OK", "Redis: filled")
            same(redis_say(connection, "BGSAVE"), "+Background saving started", "Redis: saves")
            pids = [server.pid, *children(server.pid)]
            same(len(pids), 2, "Redis: a child saves")
            before = hold_against_smaps(pids, "Redis, saving")
            for number in range(0, 20000, 4):
                redis_say(connection, "SETRANGE", f"key:{number}", "10", "changed")
            after = hold_against_smaps(pids, "Redis, written to meanwhile")
            if before and after:
                grown = [sum(p["private_kib"] + p["copied_kib"] + p["parted_kib"] for p in f["processes"]) for f in (before, after)]
                ok(grown[1] - grown[0] > 4000, f"Redis: what was written is shared no more: {grown[0]}, then {grown[1]} KiB")
    finally:
        for pid in children(server.pid):
            os.kill(pid, signal.SIGKILL)
        server.terminate()
        server.stdout.close()
        server.wait()
        shutil.rmtree(folder)


def postgres_bin():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres")) or [shutil.which("postgres")]
    return os.path.dirname(found[-1]) if found[-1] else None


def postgres():
    where = postgres_bin()
    if not where:
        skip("postgresql is not installed", "PostgreSQL")
        return
    folder = tempfile.mkdtemp(prefix="cowscope-pg-")
    become = live._become_nobody if is_root() else None
    if is_root():
        os.chown(folder, NOBODY, NOBODY)
    data = os.path.join(folder, "data")
    made = subprocess.run([f"{where}/initdb", "-D", data, "-A", "trust", "-U", "test", "--no-sync"], preexec_fn=become, cwd=folder,
                          capture_output=True, text=True)
    if not ok(made.returncode == 0, "PostgreSQL: initdb"):
        print("# " + made.stderr.replace("\n", "\n# "))
    server = subprocess.Popen([f"{where}/postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "autovacuum=off"],
                              preexec_fn=become, cwd=folder, stderr=subprocess.PIPE, text=True)
    try:
        for line in server.stderr:
            if "ready to accept connections" in line:
                break
        pids = [server.pid, *children(server.pid)]
        ok(len(pids) >= 4, f"PostgreSQL: {len(pids)} processes")
        family = hold_against_smaps(pids, "PostgreSQL")
        if family:
            buffers = max((m for m in family["mappings"] if m["perms"].endswith("s")),
                          key=lambda m: int(m["end"], 16) - int(m["start"], 16))
            same(len(buffers["processes"]), len(pids), "PostgreSQL: everybody maps the shared buffers")
            same(sum(p["copied_kib"] + p["parted_kib"] for p in buffers["processes"]), 0, "PostgreSQL: nobody copies them")
    finally:
        server.send_signal(signal.SIGQUIT)
        server.stderr.close()
        server.wait()
        shutil.rmtree(folder)


if __name__ == "__main__":
    python()
    redis()
    postgres()
    done()
