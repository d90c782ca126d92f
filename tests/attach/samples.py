#!/usr/bin/env python3
"""Samples one after the other: erosion from a baseline, contents compared, processes held still, saved, opened, compared,
and written for Prometheus."""

import contextlib
import select
import sys
import tempfile
import time

from oracle import *

PAGES = 256
STATE_OF = ("shared_kib", "private_kib", "copied_kib", "zero_kib", "swapped_kib", "unknown_kib")


def samples(out):
    return [json.loads(line) for line in out.splitlines()]


def region_at(family, address):
    return next(m for m in family["mappings"] if int(m["start"], 16) <= address < int(m["end"], 16))


def share(family, address, pid):
    name = next(p["name"] for p in family["processes"] if p["pid"] == pid)
    return next(p for p in region_at(family, address)["processes"] if p["name"] == name)


@contextlib.contextmanager
def family():
    """A parent and a child that share PAGES pages of known bytes."""
    with Family() as target:
        address = target.do(0, "map", "m", "anon", PAGES)
        target.do(0, "write", "m", 0, PAGES, 65)
        target.fork(0, 1)
        yield target, address, ",".join(map(str, target.pids.values()))


def cowscope(*arguments):
    status, out, err = live.run("--batch", *arguments)
    same((status, err), (0, ""), " ".join(re.sub(r"\d{2,}|/\S+", "..", a) for a in arguments))
    return out


def went(told):
    return told["went_copied_kib"] + told["went_parted_kib"]


def erosion(folder):
    saved = os.path.join(folder, "baseline.json")
    with family() as (target, address, pids):
        cowscope("-p", pids, "--format=json", "--cells", "-o", saved)
        target.do(1, "write", "m", 10, 20, 66)
        now = samples(cowscope("-p", pids, "--format=json", "--baseline", saved))[0]
        child = share(now, address, target.pids[1])
        same(child["was_shared_kib"], PAGES * KIB, "all of it was shared in the saved baseline")
        same(child["still_shared_kib"], (PAGES - 20) * KIB, "what was written is shared no more")
        same(went(child), 20 * KIB, "but copied, or parted to who is not told by whom")
        began = samples(open(saved).read())[0]["time_ns"]
        same(now["baseline_ns"], began, "since the baseline was saved")
        for what, told in (("family", now["memory"]), ("mapping", region_at(now, address))):
            same(told["ever_copied_kib"], 20 * KIB, f"the {what}: as much, once")
            same(told["copied_kib_per_minute"], None, f"the {what}: {told['rate_window_ms']} ms are no minute")
        same(child["ever_copied_kib"] + child["ever_parted_kib"], 20 * KIB, "the process: as much")
        memory = now["memory"]
        same(sum(memory[f"{n}_kib"] for n in ("went_copied", "went_parted", "left_alone", "let_go", "gone_with_process")),
             memory["no_longer_shared_kib"], "what is no longer shared is the sum of what became of it")
        same([(e["type"], int(e["address"], 16), e["copied_kib"]) for e in now["events"]],
             [("copied" if is_root() else "parted", address + 10 * PAGE, 20 * KIB)], "the range that went is told")
        plain = os.path.join(folder, "plain.json")
        cowscope("-p", pids, "--format=json", "-o", plain)
        status, _, err = live.run("--batch", "-p", pids, "--baseline", plain)
        ok(status == 2 and "--cells" in err, f"a baseline without cells is refused: {err!r}")


def growing():
    """What is filled after the first sample is no copy, wherever the parent has something too."""
    with family() as (target, address, pids):
        fresh = target.do(0, "map", "late", "anon", 8)
        with live_samples(pids) as sample:
            sample()
            target.do(1, "drop", "m", 0, 16)
            gone = until(sample, lambda f: share(f, address, target.pids[1])["present_kib"] == (PAGES - 16) * KIB)
            same(share(gone, address, target.pids[1])["was_shared_kib"], PAGES * KIB, "what was dropped is remembered as shared")
            target.do(1, "write", "m", 0, 16, 67)
            filled = until(sample, lambda f: share(f, address, target.pids[1])["present_kib"] == PAGES * KIB)
            same(apart(share(filled, address, target.pids[1])), 0, "a page that is filled again is no copy")
            target.do(1, "write", "m", 100, 5, 68)
            copied = until(sample, lambda f: apart(share(f, address, target.pids[1])))
            same(apart(share(copied, address, target.pids[1])), 5 * KIB, "a shared page that is written is one")
            events = [e for e in copied["events"] if int(e["address"], 16) == address + 100 * PAGE]
            same([e["copied_kib"] for e in events], [5 * KIB], "and its range is told")
        ok(fresh, "the other mapping is there")


def frames(pid, address):
    return [entry.pfn for entry in pagemap(pid, address, PAGES)]


def eroding():
    """Two mappings are written to at different paces: each has its own numbers, and those are what other frames say."""
    with Family() as target:
        places = {}
        for name in ("m", "between", "n"):  # without what lies between they would be one
            places[name] = target.do(0, "map", name, "shared" if name == "between" else "anon", PAGES)
            target.do(0, "write", name, 0, PAGES, 65)
        del places["between"]
        child = target.fork(0, 1)
        with live_samples(str(target.pids[0])) as sample:
            first = sample()
            before = {name: frames(child, address) for name, address in places.items()}
            for name, address in places.items():
                told = region_at(first, address)
                same((told["was_shared_kib"], told["copied_kib_per_minute"]), (2 * PAGES * KIB, None), f"{name}: at first all is shared, the rate unknown")
                same(share(first, address, child)["copied_kib_per_minute"], None, f"{name}: also in the child")
            same(first["memory"]["copied_kib_per_minute"], None, "and in the family")
            target.do(1, "write", "m", 0, 10, 66)
            target.do(1, "write", "n", 0, 40, 66)
            target.do(1, "write", "n", 100, 60, 66)
            other = {name: sum(a != b for a, b in zip(before[name], frames(child, address))) * KIB for name, address in places.items()}
            same(other, {"m": 10 * KIB, "n": 100 * KIB}, "the child has other frames where it wrote")
            now = until(sample, lambda f: all(share(f, a, child)["went_copied_kib"] == other[n] for n, a in places.items()))
            for name, address in places.items():
                told, own, parents = region_at(now, address), share(now, address, child), share(now, address, target.pids[0])
                same((told["went_copied_kib"], told["ever_copied_kib"]), (other[name], other[name]), f"{name}: copied is what has other frames")
                same(told["still_shared_kib"], 2 * (PAGES * KIB - other[name]), f"{name}: the rest is still shared, by both")
                same(told["rate_window_ms"], (now["time_ns"] - first["time_ns"]) // 1_000_000, f"{name}: how long it was watched")
                same(told["copied_kib_per_minute"], None, f"{name}: which is too short for a rate")
                same(own["ever_copied_kib"], told["ever_copied_kib"], f"{name}: all of it in the child")
                same(parents["ever_copied_kib"], 0, f"{name}: none in the parent")
            late = target.fork(0, 2)
            joined = until(sample, lambda f: any(p["pid"] == late for p in f["processes"]))
            process = next(p for p in joined["processes"] if p["pid"] == late)
            same(process["copied_kib_per_minute"], None, "who joined has one number, and no rate")
            target.end(0, 1)
            left = until(sample, lambda f: next(p for p in f["processes"] if p["pid"] == child)["life"] == "gone")
            ok(left["memory"]["went_copied_kib"] < sum(other.values()), "what was copied goes with the child")
            ok(left["memory"]["ever_copied_kib"] >= sum(other.values()), "what was ever copied stays counted")
            for name, address in places.items():
                told = region_at(left, address)
                same((told["went_copied_kib"], told["ever_copied_kib"]), (0, other[name]), f"{name}: in each mapping")


@contextlib.contextmanager
def live_samples(pids):
    process = subprocess.Popen([live.COWSCOPE, "--batch", "--format=json", "--every=0.05", "-p", pids],
                               stdout=subprocess.PIPE, text=True, cwd="/", pass_fds=[live._PROGRAM])
    try:
        yield lambda: json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.stdout.close()
        same(process.wait(), 0, "SIGTERM ends it in order")


def until(sample, holds):
    for _ in range(100):
        family_ = sample()
        if holds(family_):
            return family_
    ok(False, "what was done was never seen")
    return family_


def compared():
    with family() as (target, address, pids):
        target.do(1, "write", "m", 0, 30, 65)
        target.do(1, "write", "m", 40, 7, 66)
        now = samples(cowscope("-p", pids, "--format=json", "--compare"))[0]
        child = share(now, address, target.pids[1])
        same((apart(child), child["same_kib"]), (37 * KIB, 30 * KIB), "copies that hold the same bytes are told from those that do not")
        ok(child["compared_age_ms"] is not None, "when they were compared is told")
        now = samples(cowscope("-p", pids, "--format=json"))[0]
        same(share(now, address, target.pids[1])["same_kib"], 0, "without --compare nothing is read")


def frozen():
    with family() as (target, _, pids):
        now = samples(cowscope("-p", pids, "--format=json", "--freeze"))[0]
        same(now["frozen"], True, "they stood still")
        same([p["life"] for p in now["processes"]], ["running"] * len(now["processes"]), "that we held them is not their own state")
        os.kill(target.pids[1], signal.SIGSTOP)
        now = samples(cowscope("-p", pids, "--format=json", "--freeze"))[0]
        same(told_of(now, target.pids[1])["life"], "stopped", "who was stopped by somebody else is")
        os.kill(target.pids[1], signal.SIGCONT)
        for pid in target.pids.values():
            with open(f"/proc/{pid}/status") as file:
                told = file.read()
            ok("TracerPid:\t0\n" in told and "State:\tt" not in told, "and go on")
        same(target.do(1, "write", "m", 0, 1, 66) is not None, True, "and answer")


SPAWNER = """import os, sys
print(os.posix_spawn("/bin/true", ["true"], {}, file_actions=[(os.POSIX_SPAWN_OPEN, 0, sys.argv[1], os.O_RDONLY, 0)]), flush=True)
sys.stdin.read()"""

SIGNALLED = """import os, signal
count = sent = 0
going = True
def count_it(*_):
    global count
    count += 1
def end(*_):
    global going
    going = False
signal.signal(signal.SIGUSR1, count_it)
signal.signal(signal.SIGTERM, end)
print("ready", flush=True)
while going:
    sent += 1
    os.kill(os.getpid(), signal.SIGUSR1)
print(sent - count)"""


def held_in_the_kernel(folder):
    """Who waits for a vfork cannot stop. It must not do so later either, when nobody is there to let it go."""
    fifo = os.path.join(folder, "fifo")
    os.mkfifo(fifo)
    target = subprocess.Popen([sys.executable, "-c", SPAWNER, fifo], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    while state_of(target.pid) != "D":
        select.select([], [], [], 0.01)
    watcher = subprocess.Popen([live.COWSCOPE, "--batch", "--format=json", "--freeze", "--every=600", "-p", str(target.pid)],
                               stdout=subprocess.PIPE, text=True, cwd="/", pass_fds=[live._PROGRAM])
    same(json.loads(watcher.stdout.readline())["frozen"], False, "who waits for a vfork does not stand still, and that is told")
    with open(fifo, "w"):
        stopped = False
        while not stopped and not select.select([target.stdout], [], [], 0.01)[0]:
            stopped = state_of(target.pid) == "t"
    ok(not stopped, "nor does it stop once the sample is over")
    watcher.terminate()
    watcher.communicate()
    target.communicate()


def signals_arrive():
    target = subprocess.Popen([sys.executable, "-c", SIGNALLED], stdout=subprocess.PIPE, text=True)
    target.stdout.readline()
    cowscope("-p", str(target.pid), "--format=json", "--freeze", "--every=0.01", "--count=40", "--duty=100")
    target.terminate()
    same(target.communicate()[0], "0\n", "no signal is lost on who is held still")


def film_of(folder, one, two):
    both = os.path.join(folder, "both.json")
    with open(both, "w") as file:
        file.write(open(one).read() + open(two).read())
    for arguments in (["--history", "--format=html"], ["--format=html", "-c", f"capture {folder}/film.html history"]):
        html = cowscope("--open", both, "-c", "view mappings", *arguments)
        if "--history" not in arguments:
            html = open(os.path.join(folder, "film.html")).read()
        pages = re.findall(r"<section id=.step-1.>.*?</section>", html, re.S)
        same(len(pages), 2, "a film of saved samples has them all")
        same([bool(re.search(r"anonymous.*\b100K", re.sub(r"<[^>]+>", "", page))) for page in pages], [False, True], "each as it was")
        same(all("most copied first" in page for page in pages), True, "in the view that was chosen")
    cast = cowscope("--open", both, "--format=cast")
    same(sum('"m"' in line for line in cast.splitlines()), 2, "a cast, too")


def rate_between(folder, one, two, address):
    late = os.path.join(folder, "late.json")
    value = samples(open(two).read())[0]
    with open(late, "w") as file:
        for key in ("time_ns", "end_ns"):
            value[key] += 30_000_000_000
        file.write(json.dumps(value, separators=(",", ":")) + "\n")
    told = samples(live.run("--diff", one, late, "--format=json")[1])[0]
    rate = 25 * KIB * 60_000_000_000 / (told["to_ns"] - told["from_ns"])
    ok(abs(region_at(told, address)["copied_change_kib_per_minute"] - rate) <= 1, "--diff: how much that is a minute, half a minute later")


def saved(folder):
    one, two = os.path.join(folder, "1.json"), os.path.join(folder, "2.json")
    with family() as (target, address, pids):
        cowscope("-p", pids, "--format=json", "--cells", "-o", one)
        target.do(1, "write", "m", 0, 25, 66)
        cowscope("-p", pids, "--format=json", "--cells", "-o", two)
    for path in (one, two):
        with open(path) as file:
            same(cowscope("--open", path, "--format=json", "--cells"), file.read(), "a saved sample opened is the same")
    status, out, err = live.run("--diff", one, two, "--format=json")
    same((status, err), (0, ""), "--diff")
    change = region_at(samples(out)[0], address)
    same((change["copied_change_kib"], change["shared_change_kib"]), (25 * KIB, -50 * KIB), "--diff: copied by one, shared by neither")
    same(change["copied_change_kib_per_minute"], None, "--diff: and no rate from so short a time")
    rate_between(folder, one, two, address)
    status, out, _ = live.run("--diff", one, one, "--format=json")
    same([p["copied_change_kib_per_minute"] for p in samples(out)[0]["processes"]], [None, None], "--diff: without time between there is no rate")
    film_of(folder, one, two)
    status, text, _ = live.run("--diff", one, two)
    ok(status == 0 and f"+{25 * KIB}K" in text, "--diff in text")
    hostile(folder, two)
    with open(two) as file, open(one, "w") as broken:
        broken.write(file.read()[:5000])
    status, out, err = live.run("--diff", one, two)
    ok(status == 2 and not out and "1.json" in err, f"--diff of half a file: {err!r}")


def shift(family):
    for mapping in family["mappings"]:
        for strip in mapping["processes"]:
            strip["start"], strip["address"] = (hex(int(strip[key], 16) + 100) for key in ("start", "address"))


def hostile(folder, path):
    """A file may hold anything."""
    bad = os.path.join(folder, "bad.json")
    with open(path) as file:
        text = file.read()

    def change(how):
        family = json.loads(text)
        how(family)
        with open(bad, "w") as file:
            json.dump(family, file, separators=(",", ":"))

    pid = str(os.getpid())
    for what, key, how in (("a quote as a name", "name", lambda f: f["processes"][0].update(name='"')),
                           ("an escape sequence as permissions", "perms", lambda f: f["mappings"][0].update(perms='\x1b"')),
                           ("a mapping that begins within a page", "address", shift)):
        change(how)
        for arguments in (("--open", bad), ("-p", pid, "--baseline", bad)):
            status, out, err = live.run("--batch", "--format=json", *arguments)
            ok(status == 2 and not out and key in err, f"{what}: {arguments[0]}: {status} {err!r}")
    change(lambda f: f.update(page_size=1024))
    status, out, err = live.run("--batch", "--format=json", "-p", pid, "--baseline", bad)
    ok(status == 2 and not out and "1024" in err, f"a baseline with other pages: {status} {err!r}")
    with open(bad, "w") as file:
        for number in (1, 2):
            family = json.loads(text)
            family["sample"] = number
            for mapping in family["mappings"] if number == 2 else ():
                mapping["processes"] = []
            file.write(json.dumps(family, separators=(",", ":")) + "\n")
    status, out, err = live.run("--batch", "--open", bad, "--format=openmetrics")
    ok(status == 0 and out.endswith("# EOF\n"), f"mappings that nobody has: {status} {err!r}")


def metrics(folder):
    path = os.path.join(folder, "cowscope.prom")
    with family() as (target, _, pids):
        target.do(0, "rename", r"a\x22\x5cb")
        cowscope("-p", pids, "--format=openmetrics", "-o", path)
        with open(path) as file:
            text = file.read()
        same(os.listdir(folder).count("cowscope.prom"), 1, "the file is there")
        same([name for name in os.listdir(folder) if name.startswith("cowscope.prom") and name != "cowscope.prom"], [], "and nothing beside it")
        ok(text.endswith("\n# EOF\n"), "it ends as OpenMetrics does")
        ok(r'command="a\"\\b"' in text, "labels are escaped")
        seen = set()
        for line in text.splitlines()[:-1]:
            name = line.split()[2] if line.startswith("# ") else re.split(r"[{ ]", line)[0]
            if line.startswith("# TYPE"):
                ok(name not in seen, f"{name} is one block")
                seen.add(name)
            elif not (re.sub("_total$", "", name) in seen and (line.startswith("# ") or re.fullmatch(r'[a-z_]+(\{([a-z]+="([^"\\]|\\.)*",?)*\})? [0-9.]+', line))):
                ok(False, f"no line of OpenMetrics: {line}")
        now = samples(cowscope("-p", pids, "--format=json"))[0]
        sum_rss = re.search(r'\ncowscope_family_rss_sum_bytes\{family="(?:[^"\\]|\\.)*"\} (\d+)\n', text)
        same(int(sum_rss[1]) if sum_rss else None, now["memory"]["sum_rss_kib"] * 1024, "the numbers are those of the JSON")


def times():
    with family() as (_, _, pids):
        began = time.monotonic()
        out = samples(cowscope("-p", pids, "--format=json", "--every=0.3", "--count=3"))
        ok(len(out) == 3 and time.monotonic() - began >= 0.6, "--every and --count")
        same([s["sample"] for s in out], [1, 2, 3], "they are numbered")


def main():
    with tempfile.TemporaryDirectory(prefix="cowscope-samples-", dir="/var/tmp") as folder:
        erosion(folder)
        growing()
        if is_root():
            eroding()
        else:
            skip("frames are not known without root", "two mappings that erode")
        compared()
        frozen()
        held_in_the_kernel(folder)
        signals_arrive()
        if is_root():
            saved(folder)
        else:
            skip("who maps a huge page is not known without root", "saved samples")
        metrics(folder)
        times()
    done()


if __name__ == "__main__":
    main()
