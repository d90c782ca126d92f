#!/usr/bin/env python3
"""Who wrote, of families in which it is known, since the test had them write: beside pagemap, read here."""

import errno
import os
import select
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "attach"))
from oracle import *

PAGES = 64


def frames_of(pid, address):
    """Frames by page, as root sees them; presence alone for others."""
    return {i: (e.present, e.pfn) for i, e in enumerate(pagemap(pid, address, PAGES))}


def writers_at(blame, pid=None):
    return [w for w in blame["writers"] if pid in (None, w["pid"])]


def pages_of(blame, pid, what=None):
    return sum(w["pages"] for w in writers_at(blame, pid) if what in (None, w["cause"]))


def adds_up(blame, what):
    rows = sum(w["pages"] for w in blame["writers"])
    same((sum(c["pages"] for c in blame["causes"]), rows), (blame["attributed"], blame["attributed"]), f"{what}: rows and causes add up to what is attributed")
    ok(blame["attributed"] <= blame["copies"], f"{what}: never more than was copied")
    same((blame["basis"], blame["lost"]), ("faults", 0), f"{what}: nothing is lost")


def refused(user):
    """Where this machine shows no faults, what is said, and nothing else is to be seen."""
    with Family(user) as target:
        status, out, err = live.run("--batch", "--format=json", "--blame", "--every=0.05", "--count=1", "-p", str(target.pids[0]), user=user)
    if status == 0:
        return False
    same(status, 3, "a refusal is the machine's")
    ok(not out and len(err.splitlines()) == 1, "one sentence says so")
    skip(f"no page faults are told here: {err.strip()}")
    return True


# Process, first page, count: who writes what, one after the other; then the copies by process.
SHAPES = (
    ("nobody writes", [], {}),
    ("the child writes", [(1, 0, 40)], {1: 40}),
    ("the parent writes", [(0, 0, 40)], {0: 40}),
    ("each writes other pages", [(0, 0, 10), (1, 20, 30)], {0: 10, 1: 30}),
    ("both write the same: who is first copies", [(1, 0, 40), (0, 0, 40)], {1: 40}),
    ("and the other way round", [(0, 0, 40), (1, 0, 40)], {0: 40}),
)


def one_shape(what, writes, wanted, user):
    who = "an ordinary user" if user else "root"
    with Family(user) as target:
        address = target.do(0, "map", "m", "anon", PAGES)
        target.do(0, "write", "m", 0, PAGES, 65)
        target.fork(0, 1)
        pids = dict(target.pids)
        with Watch(list(pids.values()), "--blame", user=user) as watch:
            watch.sample()
            before = {n: frames_of(pid, address) for n, pid in pids.items()} if is_root() else None
            for process, first, count in writes:
                target.do(process, "write", "m", first, count, 66)
            after = {n: frames_of(pid, address) for n, pid in pids.items()} if is_root() else None
            copies = sum(wanted.values())
            family = watch.until(lambda f: f["blame"]["copies"] >= copies, f"{who}: {what}: {copies} copies")
            family = watch.sample()  # and one more changes nothing
            blame = family["blame"]
        if before:
            moved = sum(before[n][i] != after[n][i] for n in pids for i in range(PAGES))
            same(moved, copies, f"{who}: {what}: so many frames changed")
        in_it = [w for w in blame["writers"] if w["pid"] in pids.values() and w["mapping"] not in ("[stack]",) and ".so" not in w["mapping"]]
        found = {n: sum(w["pages"] for w in in_it if w["pid"] == pid and w["mapping"] == "anonymous") for n, pid in pids.items()}
        same({n: c for n, c in found.items() if c}, wanted, f"{who}: {what}: by whom")
        named = {w["module"] for w in in_it if w["mapping"] == "anonymous"}
        ok(not wanted or named == {"target"}, f"{who}: {what}: the program's own code wrote")
        adds_up(blame, f"{who}: {what}")
        told = {n: share_at(family, pid, address) for n, pid in pids.items()}
        same({n: (s["copied_kib"], s["parted_kib"]) for n, s in told.items()},
             {n: (wanted.get(n, 0) * PAGE // 1024, 0) for n in pids}, f"{who}: {what}: and the mapping in each process says so, nothing is parted")


def share_at(family, pid, address):
    """What the mapping at this address says of a process."""
    name = told_of(family, pid)["name"]
    shares = (s for m in family["mappings"] for s in m["processes"] if s["name"] == name)
    return next(s for s in shares if int(s["start"], 16) <= address < int(s["end"], 16))


def kernel_writes(user):
    """read(2) into pages that are shared: the kernel's own writes."""
    who = "an ordinary user" if user else "root"
    with Family(user) as target:
        target.do(0, "map", "m", "anon", PAGES)
        target.do(0, "write", "m", 0, PAGES, 65)
        target.fork(0, 1)
        pid = target.pids[1]
        with Watch(list(target.pids.values()), "--blame", user=user) as watch:
            watch.sample()
            target.do(1, "receive", "m", 0, 40)
            blame = watch.until(lambda f: f["blame"]["copies"] >= 40, f"{who}: the kernel writes 40 pages")["blame"]
        if blame["kernel_writes"] == "unknown":
            ok(user or not is_root(), "an ordinary user is not told of them")
            ok(blame["copies"] - blame["attributed"] >= 40, "and so many copies have no event")
        else:
            same((blame["kernel_writes"], pages_of(blame, pid, "kernel")), ("known", 40), "root is told of each")
            same({w["module"] for w in writers_at(blame, pid) if w["cause"] == "kernel"}, {"[kernel]"}, "by the kernel's code")


def filled_before(user):
    """The parent fills pages while it is watched, and forks then: those faults made no copy."""
    who = "an ordinary user" if user else "root"
    with Family(user) as target:
        target.do(0, "map", "m", "anon", PAGES)
        with Watch([target.pids[0]], "--blame", user=user) as watch:
            watch.sample()
            with Halted(watch):
                target.do(0, "write", "m", 0, PAGES, 65)
                target.fork(0, 1)
                target.do(1, "write", "m", 0, 40, 66)
            family = watch.until(lambda f: f["blame"]["copies"] >= 40, f"{who}: pages filled, shared, and written by the child")
            blame = family["blame"]
            found = {n: sum(w["pages"] for w in writers_at(blame, pid) if w["mapping"] == "anonymous") for n, pid in target.pids.items()}
            same(told_of(family, target.pids[1])["basis"], "faults", f"{who}: what is known of the child is known from faults")
            ok(found[1] >= 40 and found[0] <= 8, f"{who}: the child copied them, not who filled them")
            print(f"# {found}")


def come_and_go(user):
    """Children that no sample sees."""
    who = "an ordinary user" if user else "root"
    with Family(user) as target:
        target.do(0, "map", "m", "anon", PAGES)
        target.do(0, "write", "m", 0, PAGES, 65)
        with Watch([target.pids[0]], "--blame", user=user) as watch:
            family = watch.sample()
            with Halted(watch):
                target.do(0, "burst", 50, "m", 8)
            family = watch.until(lambda f: f["blame"]["unseen"]["processes"] >= 50, f"{who}: children that are gone are counted")
            family = watch.sample()
            same(family["blame"]["unseen"]["processes"], 50, f"{who}: each once")
            ok(family["blame"]["faults"] >= 50 * 8 and not family["blame"]["lost"], f"{who}: and their faults were told")
            copied = family["blame"]["unseen"]["copied_kib"]
            traced = os.path.exists("/sys/kernel/tracing/events/exceptions") and is_root() and not user
            ok(copied is None or traced, f"{who}: what they copied is known with error codes alone")
            ok(copied is None or copied >= 50 * 8 * KIB, f"{who}: and then it is all of it")


def exec_and_end(user):
    """A child that becomes another program, and one that ends while it is watched."""
    who = "an ordinary user" if user else "root"
    with Family(user) as target:
        target.do(0, "map", "m", "anon", PAGES)
        target.do(0, "write", "m", 0, PAGES, 65)
        target.fork(0, 1)
        target.fork(0, 2)
        pids = dict(target.pids)
        with Watch([pids[0], pids[1], pids[2]], "--blame", user=user) as watch:
            watch.sample()
            target.do(1, "write", "m", 0, 16, 66)
            watch.until(lambda f: pages_of(f["blame"], pids[1]) >= 16, f"{who}: before it is another program")
            target.do(1, "exec")
            target.do(1, "map", "n", "anon", PAGES)
            target.do(1, "write", "n", 0, PAGES, 67)
            target.do(2, "write", "m", 0, 16, 66)
            target.end(0, 2)
            target.do(0, "write", "m", 32, 8, 68)
            blame = watch.until(lambda f: not told_of(f, pids[2]) or told_of(f, pids[2])["life"] == "gone", f"{who}: one has ended")["blame"]
            blame = watch.sample()["blame"]
            adds_up(blame, f"{who}: exec and end")
            anonymous = sum(w["pages"] for w in writers_at(blame, pids[1]) if w["mapping"] == "anonymous")
            same(anonymous, 16, f"{who}: what the new program filled is no copy")


def first_words(user):
    """Text, folded stacks, metrics, and the sample saved and opened again."""
    with Family(user) as target, tempfile.TemporaryDirectory() as folder:
        target.do(0, "map", "m", "anon", PAGES)
        target.do(0, "write", "m", 0, PAGES, 65)
        target.fork(0, 1)
        pids = ",".join(map(str, target.pids.values()))
        answers = {}
        for form in ("text", "json", "openmetrics", "folded"):
            process = subprocess.Popen([live.COWSCOPE, "--batch", "--blame", f"--format={form}", *([] if form == "folded" else ["--every=0.05"]), "-p", pids],
                                       stdout=subprocess.PIPE, text=True, preexec_fn=user, cwd="/", pass_fds=[live._PROGRAM])
            if form == "folded":
                await_events(process)
            else:
                first = process.stdout.readline()
                answers[form] = first
            target.do(1, "write", "m", 0, PAGES, 66)
            if form != "folded":
                text = read_until(process, {"text": "Which code wrote", "json": '"attributed":64', "openmetrics": "cowscope_family_blamed_bytes{"}[form])
            process.send_signal(signal.SIGINT)
            rest = process.stdout.read()
            same(process.wait(), 0, f"{form}: an interrupt ends it")
            answers[form] = rest if form == "folded" else text + rest
            target.end(0, 1)
            target.fork(0, 1)
            pids = ",".join(map(str, target.pids.values()))
        ok("64 pages were copied, and nobody could tell why." in answers["text"] or "% of what was copied" in answers["text"], "text: a sentence first")
        ok("\nWhy pages were copied\n" in answers["text"] and "target" in answers["text"], "text: then the numbers")
        folded = [line.rsplit(" ", 1) for line in answers["folded"].splitlines()]
        ok(folded and all(count.isdigit() and stack.count(";") >= 2 for stack, count in folded), "folded: a stack and a number in each line")
        ok('cause="' in answers["openmetrics"] and answers["openmetrics"].rstrip().endswith("# EOF"), "openmetrics: by cause")
        line = [x for x in answers["json"].splitlines() if '"attributed":64' in x][0]
        saved = os.path.join(folder, "saved.json")
        with open(saved, "w") as file:
            file.write(line + "\n")
        os.chmod(folder, 0o755)
        os.chmod(saved, 0o644)
        status, out, err = live.run("--batch", "--format=json", f"--open={saved}", user=user)
        same((status, err), (0, ""), "json: it opens")
        same(json.loads(out)["blame"], json.loads(line)["blame"], "json: and is what was saved")
        status, out, err = live.run("--diff", saved, saved, "--format=json", user=user)
        same([(c["before_kib"], c["copied_change_kib"]) for c in json.loads(out)["causes"]], [(c["copied_kib"], 0) for c in json.loads(line)["blame"]["causes"]],
             "json: two of them are compared cause by cause")
        status, out, err = live.run("--batch", f"--open={saved}", user=user)
        ok(status == 0 and "Why pages were copied" in out, "text: also of what was saved")


def read_until(process, wanted):
    text = ""
    while wanted not in text:
        line = process.stdout.readline()
        if not line:
            break
        text += line
    return text


def await_pause(process, later_than=None):
    """Until its first thread waits for the next sample, later than in that pause; which pause it is. None: it never does."""
    end = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        with open(f"/proc/{process.pid}/status") as status, open(f"/proc/{process.pid}/wchan") as place:
            pause = next(int(line.split()[1]) for line in status if line.startswith("voluntary_ctxt_switches:"))
            if "poll" in place.read() and pause != later_than:
                return pause
        select.select([], [], [], 0.005)
    ok(False, f"it waits for its next sample, or ended first: status {process.poll()}")
    return None


def await_events(process):
    """Until it has its rings, and has read what was there before: its first sample after that comes at once."""
    while process.poll() is None:
        with open(f"/proc/{process.pid}/maps") as file:
            if "perf_event" in file.read():
                await_pause(process)
                return
    ok(False, f"it watches page faults, but ended first: status {process.poll()}")


# It copies by reading, and stays until its input ends: so long its child is there to be seen.
COPIES = """
import os, sys
data = [str(i) for i in range(50000)]
pid = os.fork()
if pid == 0:
    for x in data:
        pass
    print("copied", flush=True)
sys.stdin.read()
if pid:
    os.wait()
"""


def program_that_copies(user):
    with tempfile.NamedTemporaryFile("w+") as file:
        os.chmod(file.name, 0o666)
        with subprocess.Popen([live.COWSCOPE, "--blame", "--format=json", "-o", file.name, "--", "python3", "-c", COPIES], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=user, cwd="/", pass_fds=[live._PROGRAM]) as process:
            same(process.stdout.readline(), "copied\n", "a program's child has copied")
            await_pause(process, await_pause(process))
            said = process.communicate()
        same((process.returncode, said), (0, ("", "")), "-o FILE: nothing else is said")
        blame = json.loads(file.read())["blame"]
        ok(blame["copies"] > 100, "what its child copied is told")
        adds_up(blame, "a program")


def program(user):
    """A program that is started: its status, its input and its output are its own."""
    status, out, err = live.run("--blame", "--", "sh", "-c", "cat; echo out; exit 7", text="in\n", user=user)
    same((status, out), (7, "in\nout\n"), "a program's output and status are passed on")
    ok("copied" in err, "the report stands on standard error")
    status, out, err = live.run("--blame", "--", "sh", "-c", "kill -TERM $$", user=user)
    same((status, out), (128 + signal.SIGTERM, ""), "a signal that ends it too")
    status, out, err = live.run("--blame", "--", "/nowhere/program", user=user)
    same((status, out), (2, ""), "one that is not there is said to be so")
    ok("cannot run /nowhere/program" in err and len(err.splitlines()) == 1, "in one line")
    program_that_copies(user)


def seccomp():
    """As in a container whose rules refuse it."""
    for number in (errno.EPERM, errno.ENOSYS):
        enter = live.refusing(("perf_event_open",), number)
        if not enter:
            skip("this processor's number of perf_event_open is not known")
            return
        with Family() as target:
            status, out, err = live.run("--batch", "--blame", "-p", str(target.pids[0]), user=enter)
            same((status, out), (3, ""), f"{errno.errorcode[number]}: refused")
            ok("page faults" in err and len(err.splitlines()) == 1, "and one sentence says why")
            same(target.do(0, "ready"), 0, "the process goes on")
        status, out, err = live.run("--blame", "--", "sh", "-c", "echo never", user=enter)
        same((status, out), (3, ""), f"{errno.errorcode[number]}: no program is started then")


for _, become in users():
    if refused(become):
        continue
    for shape in SHAPES:
        one_shape(*shape, become)
    kernel_writes(become)
    filled_before(become)
    come_and_go(become)
    exec_and_end(become)
    first_words(become)
    program(become)
if is_root():
    seccomp()
done()
