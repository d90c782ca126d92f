#!/usr/bin/env python3
"""A reading that fails is unknown, or lacks says so: it is never a certain answer, and never the end."""

import shutil

from oracle import *

PAGES = 64
KNOWN = ("shared", "private", "copied", "zero", "swapped")  # what is parted may be a copy that somebody else can tell
UNDER_STRACE = dict(os.environ, ASAN_OPTIONS="detect_leaks=0")  # leaks cannot be looked for while somebody traces
SIZES = [f"{state}_kib" for state in STATES if state != "absent"]


class Injected:
    """cowscope under strace, which makes some of its readings fail."""

    def __init__(self, pids, path, call, fault, user=None):
        self.pids, self.user = pids, user
        self.strace = ["strace", "-f", "-o", "/dev/null", "-P", path, "-e", f"trace={call}", "-e", f"inject={call}:{fault}"]

    def run(self, *arguments):
        ended = subprocess.run([*self.strace, live.COWSCOPE, "--batch", "--format=json", "-p", str(self.pids[0]), *arguments],
                               capture_output=True, text=True, preexec_fn=self.user, cwd="/", pass_fds=[live._PROGRAM],
                               env=UNDER_STRACE)
        return ended.returncode, [json.loads(line) for line in ended.stdout.splitlines()], ended.stderr


def strip_at(family, told, address):
    mapping = next((m for m in family["mappings"] if int(m["start"], 16) <= address < int(m["end"], 16)), {"processes": []})
    return next((strip for strip in mapping["processes"] if strip["name"] == told["name"]), None)


def told_wrongly(family, good, addresses):
    """What a sample says that the good one denies; nothing where it is unknown, or where it says itself that something is missing."""
    wrong = []
    for so in good["processes"]:
        told = told_of(family, so["pid"])
        if not told or told["shared_kib"] is None:
            if not set(family["lacks"]) & {"process", "reading"}:
                wrong.append(f"{so['name']} has no numbers, and nothing says why")
            continue
        if told["life"] not in ("running", "stopped"):
            wrong.append(f"{so['name']} is {told['life']}")
        if told["pss_kib"] is not None and abs(told["pss_kib"] - so["pss_kib"]) > 1024:
            wrong.append(f"{so['name']}: Pss {told['pss_kib']}, and it is {so['pss_kib']}")
        for address in addresses:
            strip, right = strip_at(family, told, address), strip_at(good, so, address)
            if not strip:
                wrong.append(f"{so['name']}: a mapping is missing")
                continue
            wrong += [f"{so['name']}: {state} {strip[f'{state}_kib']}, and it is {right[f'{state}_kib']}"
                      for state in KNOWN if strip[f"{state}_kib"] > right[f"{state}_kib"]]
            if sum(strip[size] for size in SIZES) != sum(right[size] for size in SIZES):
                wrong.append(f"{so['name']}: its states add up to {sum(strip[size] for size in SIZES)}")
    return wrong


def faults(pids, all_of_them):
    """Which readings fail: (path, system call)."""
    for pid in pids:
        yield f"/proc/{pid}/pagemap", "pread64"
        yield f"/proc/{pid}/pagemap", "ioctl"
    for pid in pids if all_of_them else ():
        yield f"/proc/{pid}/maps", "read"
        yield f"/proc/{pid}/stat", "read"
        yield f"/proc/{pid}/smaps_rollup", "read"
    if not all_of_them:
        return
    yield f"/proc/{pids[0]}/task/{pids[0]}/children", "read"
    yield "/proc/kpageflags", "pread64"
    yield "/proc/kpagecount", "pread64"


def family_of(target):
    addresses = [target.do(0, "map", "m", "anon", PAGES)]
    target.do(0, "write", "m", 0, PAGES, 65)
    addresses.append(target.do(0, "map", "z", "anon", PAGES))
    target.do(0, "read", "z", 0, PAGES)
    addresses.append(target.do(0, "map", "h", "huge", 1024))
    target.do(0, "write", "h", 0, 1024, 65)
    target.fork(0, 1)
    target.do(1, "write", "m", 0, 20, 66)
    return list(target.pids.values()), addresses


def fail(label, user, reading, good, addresses):
    """One reading fails once, the second time, and for ever."""
    pids, path, call = reading
    for fault in ("error=EIO:when=1", "error=EIO:when=2", "error=EIO", "error=EINTR:when=1"):
        what = f"{label}: {call} of {path.replace(str(pids[0]), 'PARENT').replace(str(pids[1]), 'CHILD')}, {fault}"
        status, samples, err = Injected(pids, path, call, fault, user).run("--every=0.05", "--count=2")
        if status in (2, 3) and not samples:
            ok("cowscope: " in err and len(err.splitlines()) == 1, f"{what}: one line says why: {err!r}")
            continue
        same((status, len(samples)), (0, 2), f"{what}: it goes on")
        wrong = [f"sample {i + 1}: {line}" for i, family in enumerate(samples) for line in told_wrongly(family, good, addresses)]
        if not ok(not wrong, f"{what}: nothing is wrong"):
            print("\n".join(f"#   {line}" for line in wrong[:6]), flush=True)


def fail_each(label, user):
    with Family(user=user) as target:
        pids, addresses = family_of(target)
        status, good, err = attach([pids[0]], user=user)
        same((status, err, good["lacks"]), (0, "", [] if user is None else ["cap_sys_admin"]), f"{label}: a sample without faults")
        for path, call in faults(pids, user is None):
            fail(label, user, (pids, path, call), good, addresses)


def missed_events():
    with Family() as target:
        strace = ["strace", "-f", "-o", "/dev/null", "-e", "trace=recvfrom", "-e", "inject=recvfrom:error=ENOBUFS:when=9"]
        process = subprocess.Popen([*strace, live.COWSCOPE, "--batch", "--format=json", "--every=0.05", "-p", str(target.pids[0])],
                                   stdout=subprocess.PIPE, text=True, cwd="/", pass_fds=[live._PROGRAM], env=UNDER_STRACE)
        first = json.loads(process.stdout.readline())["unseen"]
        target.do(0, "burst", 200)
        told = first
        for line in process.stdout:
            told = json.loads(line)["unseen"]
            if told["processes"] is None and told["at_least"] > 0:
                break
        process.terminate()
        process.stdout.close()
        process.wait()
        ok(told["processes"] is None and 0 < told["at_least"] <= 200, f"after events were missed the number is at least so: {told}")


def main():
    if not shutil.which("strace"):
        skip("strace is not there")
    elif not is_root():
        skip("only root is told all that may fail")
    else:
        for label, user in users():
            fail_each(label, user)
        missed_events()
    done()


if __name__ == "__main__":
    main()
