#!/usr/bin/env python3
"""What one more worker costs and what erosion will come to, of workers of which it is known what they copy, beside smaps and status."""

import statistics

from oracle import *

MIB = 256  # pages
AREA = 16 * MIB  # of the families that are watched
EVERY = 0.5
SAMPLES = 32
ENDS = 7  # samples after which one family copies nothing more
FAST, SLOW = 24, 12  # pages between two samples
HEADS = re.compile(r"[0-9a-f]+-[0-9a-f]+ (\S{4})")


def smaps_sum(pid, fields, perms="...."):
    """KiB of these fields of /proc/PID/smaps over the mappings with such permissions."""
    total, inside = 0, False
    with open(f"/proc/{pid}/smaps", errors="surrogateescape") as file:
        for line in file:
            head = HEADS.match(line)
            if head:
                inside = re.fullmatch(perms, head[1]) is not None and "[v" not in line
            elif inside and line.split(":")[0] in fields:
                total += int(line.split()[1])
    return total


def own(pid):
    return smaps_sum(pid, ("Private_Clean", "Private_Dirty"))


def tables(pid):
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmPTE:"))


def metric(text, name):
    found = re.search(rf"(?m)^{name}\{{[^{{}}]*\}} (\S+)$", text)
    return found and int(found[1]) // 1024


def check_worker(label, user):
    """Four workers; then a fifth, which costs what was said."""
    with Family(user=user) as target:
        target.do(0, "map", "loaded", "anon", 64 * MIB)
        target.do(0, "write", "loaded", 0, 64 * MIB, 65)
        for number, mib in enumerate((8, 8, 8, 24), 1):
            target.fork(0, number)
            target.do(number, "write", "loaded", 0, mib * MIB, 66)
        pids = list(target.pids.values())
        before = [own(pid) for pid in pids]
        status, family, err = attach(pids, user=user)
        same([own(pid) for pid in pids], before, f"{label}: looking changes nothing")
        list_of = ",".join(map(str, pids))
        metrics = live.run("--batch", "--format=openmetrics", "--summary", "-p", list_of, user=user)[1]
        text = live.run("--batch", "-p", list_of, user=user)[1]
        alone, has = [own(pid) for pid in pids[1:]], [tables(pid) for pid in pids]
        target.fork(0, 5)
        first = tables(target.pids[5])
        target.do(5, "write", "loaded", 30 * MIB, 8 * MIB, 67)
        fifth = own(target.pids[5])
    same((status, err), (0, ""), f"{label}: read")
    costs = family["costs"]
    worker = costs["worker"]
    same((costs["parent"], costs["workers"], worker["counted"], worker["fresh"], worker["unread"]), ("a", 4, 4, 0, 0), f"{label}: the parent is no worker")
    same([p["page_tables_kib"] for p in family["processes"]], has, f"{label}: page tables are those of status")
    same((worker["median_kib"], worker["least_kib"], worker["most_kib"]), (int(statistics.median(alone)), min(alone), max(alone)), f"{label}: what smaps calls private")
    ok(8192 <= worker["median_kib"] < 8192 + 512 and 24576 <= worker["most_kib"] < 24576 + 512, f"{label}: 8 MiB, at most 24: {worker}")
    same(costs["fork"]["one_at_first_kib"], has[0], f"{label}: a fork copies at most the parent's page tables")
    ok(first <= has[0], f"{label}: the fifth has {first} KiB")
    same(costs["fork"]["all_at_first_kib"], 4 * has[0], f"{label}: four times that")
    same(costs["fork"]["all_kib"], sum(alone) + sum(has[1:]), f"{label}: what the four have")
    ok(abs(fifth - worker["median_kib"]) < 512, f"{label}: the fifth, with 8 MiB copied, costs {fifth} KiB; said was {worker['median_kib']}")
    same(costs["forecast"]["outcome"], None, f"{label}: one sample tells nothing of the future")
    same([metric(metrics, f"cowscope_worker_{n}bytes") for n in ("", "least_", "most_", "page_tables_")],
         [int(statistics.median(alone)), min(alone), max(alone), int(statistics.median(has[1:]))], f"{label}: as metrics")
    ok("One more worker of a costs 8." in text and "the median of 4" in text and "forked anew at once" in text, f"{label}: in words")


def check_nobody():
    with Family() as target:
        costs = attach([target.pids[0]])[1]["costs"]
    same((costs["parent"], costs["workers"], costs["worker"]["median_kib"], costs["fork"]["all_kib"]), (None, 0, None, None), "without workers nothing is known of one more")


class Watched:
    """A parent and two workers, watched; what they copy between two samples is known."""

    def __init__(self, user, goes_on):
        self.target = Family(user=user)
        self.goes_on, self.lines = goes_on, []
        self.target.do(0, "map", "loaded", "anon", AREA)
        self.target.do(0, "write", "loaded", 0, AREA, 65)
        for number in 1, 2:
            self.target.fork(0, number)
        pids = ",".join(map(str, self.target.pids.values()))
        self.program = subprocess.Popen([live.COWSCOPE, "--batch", "--format=json", "-p", pids, f"--every={EVERY}", f"--count={SAMPLES}", "--all-mappings"],
                                        stdout=subprocess.PIPE, text=True, preexec_fn=user, cwd="/", pass_fds=[live._PROGRAM])

    def step(self):
        """The next sample, then what is copied after it: by one from the beginning, by the other from the end."""
        self.lines.append(json.loads(self.program.stdout.readline()))
        at = len(self.lines) - 1
        if at + 1 < SAMPLES and (self.goes_on or at < ENDS):
            self.target.do(1, "write", "loaded", at * FAST, FAST, 66)
            self.target.do(2, "write", "loaded", AREA - (at + 1) * SLOW, SLOW, 66)

    def shared(self, number):
        return smaps_sum(self.target.pids[number], ("Shared_Clean", "Shared_Dirty"), ".w.p")

    def ended(self):
        self.program.stdout.close()
        return self.program.wait(timeout=60)


def check_going_on(label, watched):
    told = watched.lines[-1]["costs"]["forecast"]
    shared = [watched.shared(number) for number in range(3)]
    times = [line["time_ns"] / 1e9 for line in watched.lines]
    late = [t for t in times if times[-1] - t <= told["late_ms"] / 1e3 + 0.01]
    rate = SLOW * KIB * (len(late) - 1) / (late[-1] - late[0])  # KiB a second of the slower one
    wanted = shared[2] / rate
    same(told["outcome"], "going-on", f"{label}: it goes on")
    ok(abs(told["can_be_copied_kib"] - sum(shared)) <= 256, f"{label}: {told['can_be_copied_kib']} KiB can be copied, {sum(shared)} by smaps")
    same((told["processes_losing"], told["processes_sharing"]), (2, 3), f"{label}: the two workers lose")
    ok(told["all_private_in_ms"] and abs(told["all_private_in_ms"] / 1e3 - wanted) < wanted / 10, f"{label}: all private in {told['all_private_in_ms']} ms, reckoned {wanted:.1f} s")
    same(told["levelled_off_kib"], None, f"{label}: it has not levelled off")
    early = [line["costs"]["forecast"]["all_private_in_ms"] for line, t in zip(watched.lines, times) if t - times[0] < 9.9]
    ok(early and set(early) == {None}, f"{label}: nothing was told before 10 s")


def check_levelled(label, watched):
    told = watched.lines[-1]["costs"]["forecast"]
    copied = ENDS * (FAST + SLOW) * KIB
    same(told["outcome"], "levelled-off", f"{label}: who stopped has levelled off")
    ok(copied <= told["levelled_off_kib"] <= copied + 256, f"{label}: at {told['levelled_off_kib']} KiB, {copied} were written")
    same((told["all_private_in_ms"], told["lost_in_ms"]), (None, None), f"{label}: no time is told")
    outcomes = [line["costs"]["forecast"]["outcome"] for line in watched.lines]
    ok("going-on" not in outcomes, f"{label}: never that it goes on: {outcomes}")


def check_forecasts():
    families = [(label, goes_on, Watched(user, goes_on)) for label, user in users() for goes_on in (True, False)]
    try:
        for _ in range(SAMPLES):
            for _, _, watched in families:
                watched.step()
        for label, goes_on, watched in families:
            (check_going_on if goes_on else check_levelled)(label, watched)
            same(watched.ended(), 0, f"{label}: watched to the end")
    finally:
        for _, _, watched in families:
            watched.program.kill()
            watched.program.wait()
            watched.target.__exit__()


def main():
    for label, user in users():
        check_worker(label, user)
    check_nobody()
    check_forecasts()
    done()


if __name__ == "__main__":
    main()
