#!/usr/bin/env python3
"""Random commands on every kind of mapping, with processes that are stopped, wait for locks or come and go: each state
the program tells, as root and as an ordinary user, is compared with what this test reads from /proc by itself, by PFN."""

from live import *

FILE_KINDS = ("private-file", "shared-file", "posix-shm")
STEPS = int(os.environ.get("STEPS", "60"))
WRITES = ("write", "lock", "unlock")  # the mutex lies in the page
REFUSALS = ("was refused for page", "has not answered", "waits for a lock", "could not lock", "could not unlock")


class Truth:
    """What is so, by PFN, read as root. Birth by copying is known from the frames before and after each command."""

    def __init__(self, kind):
        self.kind = kind
        self.zero = zero_pfn()
        self.copied = set()  # PFNs born by a copy
        self.before = {}     # (pid, page) -> PFN

    def read(self, reply):
        now = {}
        for p in reply["processes"]:
            if p["alive"]:
                for number, entry in enumerate(pagemap(p["pid"], int(p["address"], 16), reply["lab"]["pages"])):
                    now[p["name"], p["pid"], number] = entry
        return now

    def learn(self, now, written):
        """written: (pid, page) that the last command told to write, in order."""
        known = set(self.before.values())
        for (_, pid, number), entry in now.items():
            old = self.before.get((pid, number))
            if not entry.present or entry.file or entry.pfn == self.zero or entry.pfn == old:
                continue
            if self.kind in FILE_KINDS:
                self.copied.add(entry.pfn)
            elif (pid, number) in written and old and old != self.zero:
                self.copied.add(entry.pfn)
            elif (pid, number) in written or entry.pfn not in known:
                self.copied.discard(entry.pfn)  # a frame that was free a moment ago, and held a copy once
        self.before = {(pid, number): entry.pfn for (_, pid, number), entry in now.items() if entry.present}

    def state(self, now, key):
        entry = now[key]
        if entry.swapped:
            return "swapped"
        if not entry.present:
            return "absent"
        if entry.pfn == self.zero:
            return "zero"
        if self.mapped_by(now, key) > 1:
            return "shared"
        return "copied" if not entry.file and entry.pfn in self.copied else "private"

    def mapped_by(self, now, key):
        entry = now[key]
        if not entry.present:
            return 0
        return len({pid for (_, pid, number), other in now.items() if other.present and other.pfn == entry.pfn})


def random_mapping(rng):
    """Another page of the file, maybe one that the process has already; another sharing; another protection."""
    return " ".join((rng.choice(["", f"offset={rng.randrange(8) * PAGE}", f"offset={rng.randrange(8) * PAGE}"]),
                     rng.choice(["", "", "private", "shared"]), rng.choice(["", "", "", "read"])))


def random_target(rng, reply, name):
    number = rng.randrange(reply["lab"]["pages"])
    return rng.choice([f"{name}:{number}", f"{name}:{number}", f"{name}:*", f"all:{number}"])


def random_life(rng, reply, alive, most):
    """Processes are stopped and go on, and come and go; never the last one that answers."""
    name = rng.choice(alive)
    life = process(reply, name)["life"]
    answers = [p["name"] for p in reply["processes"] if p["life"] == "running"]
    chosen = rng.random()
    if life == "stopped":
        return "kill", f"{name} {rng.choice(('CONT', 'CONT', 'KILL'))}"
    if life != "running":
        return "kill", name
    if chosen < 0.25 and len(answers) > 2:
        return "kill", f"{name} STOP"
    if chosen < 0.45 and len(answers) > 2:
        return "kill", name
    if chosen < 0.6 and reply["lab"]["kind"] in FILE_KINDS and len(alive) < most:
        return "spawn", ""
    return ("fork", name) if len(alive) < most else ("read", random_target(rng, reply, name))


def random_lock(reply, name, number, held):
    """One lock a process: a second one would be linked into the page of the first, which no command tells. held: pid -> page."""
    pid = process(reply, name)["pid"]
    if pid in held:
        return "unlock", f"{name}:{held.pop(pid)}"
    held[pid] = number
    return "lock", f"{name}:{number}"


def random_command(rng, reply, most, held):
    """One that has something to say: a command and its target, and what stands after it. held: as random_lock() has it."""
    alive = [p["name"] for p in reply["processes"] if p["alive"]]
    name = rng.choice(alive)
    number = rng.randrange(reply["lab"]["pages"])
    target = random_target(rng, reply, name)
    chosen = rng.random()
    if page(reply, f"{name}:{number}")["perms"] is None and rng.random() < 0.8:
        return "map", f"{name}:{number} {random_mapping(rng)}"
    if chosen < 0.32:
        return "write", target
    if chosen < 0.58:
        return "read", target
    if chosen < 0.66:
        return "advise", f"{target} {'free' if rng.random() < 0.3 else 'dontneed'}"
    if chosen < 0.69:
        return "unmap", f"{name}:{number}"
    if chosen < 0.72:
        return random_lock(reply, name, number, held)
    if chosen < 0.94:
        return random_life(rng, reply, alive, most)
    return "sync", target


def told_to_write(reply, verb, target):
    if verb not in WRITES:
        return set()
    name, number = target.split(":")
    numbers = range(reply["lab"]["pages"]) if number == "*" else [int(number)]
    return {(p["pid"], n) for p in reply["processes"] for n in numbers
            if p["alive"] and (name in ("all", p["name"]))}


class Late:
    """What was asked of processes that have not answered yet."""

    def __init__(self):
        self.asked = {}  # pid -> pages that it will write

    def add(self, reply, written):
        """written: what the command tells to write; who has not answered may do it later."""
        for pid, number in written:
            self.asked.setdefault(pid, set()).add(number)
        answering = {p["pid"] for p in reply["processes"] if p["life"] == "running"}
        done = {(pid, number) for pid, numbers in self.asked.items() for number in numbers}
        self.asked = {pid: numbers for pid, numbers in self.asked.items() if pid not in answering}
        return done


def dirty_pages(reply):
    """(process, page) -> is it dirty, and is it anonymous, by the smaps of pages that have an entry of their own."""
    return {(p["name"], number): (entry["Shared_Dirty"] + entry["Private_Dirty"] > 0, entry["Anonymous"] > 0)
            for p in reply["processes"] if p["alive"]
            for number, entry in smaps(p["pid"], int(p["address"], 16), reply["lab"]["pages"]).items()}


def quiet(batch, truth, reply):
    """The newest state, and what is so at that moment: nothing moved between the readings before and after it. Who is late may
    act, and the disk writes back when it likes."""
    for _ in range(1000):
        before = truth.read(reply), dirty_pages(reply)
        shown = batch.do("show")
        now = truth.read(shown), dirty_pages(shown)
        if before == now:
            return shown, *now
        reply = shown
    raise AssertionError("the lab does not come to rest")


def may_be_unknown(reply, user, unsure, number):
    """An ordinary user is not told by the kernel whether a write copied a page that MADV_FREE marked, one that neighbours mapped,
    or one that somebody may have written who has not answered yet, as who waits for a lock."""
    return user is not None and (number in unsure or reply["lab"]["vmas"] == "one")


def compare(truth, reply, now, wrong, unsure):
    """unsure(number): may the state of that page be unknown?"""
    count = 0
    frames = {}
    for (name, pid, number), entry in now.items():
        told = page(reply, f"{name}:{number}")
        wanted = truth.state(now, (name, pid, number))
        count += 1
        if told["state"] == "unknown" and unsure(number):
            continue
        if told["state"] != wanted or told["mapped_by"] != truth.mapped_by(now, (name, pid, number)):
            wrong.append((reply["command"], name, number, told["state"], told["mapped_by"], wanted,
                          truth.mapped_by(now, (name, pid, number))))
        if told["pfn"] is not None and int(told["pfn"], 16) != entry.pfn:
            wrong.append((reply["command"], name, number, "pfn", told["pfn"], hex(entry.pfn)))
        if entry.present and frames.setdefault(told["frame"], entry.pfn) != entry.pfn:
            wrong.append((reply["command"], name, number, "frame", told["frame"], "names two frames"))
    if len(set(frames.values())) != len(frames):
        wrong.append((reply["command"], "a frame has two names", frames))
    return count


def check_smaps(reply, seen, wrong):
    """A page of the file is dirty as soon as one of those who map it says so; an anonymous one is what its own process says, since
    MADV_FREE makes it clean in one of them alone."""
    frames = {page(reply, f"{name}:{number}")["frame"] for (name, number), (dirty, _) in seen.items() if dirty}
    for (name, number), (dirty, anonymous) in seen.items():
        told = page(reply, f"{name}:{number}")
        others = told["frame"] is not None and told["frame"] in frames and not anonymous
        if told["dirty"] != (dirty or others):
            wrong.append((reply["command"], name, number, "dirty", told["dirty"], dirty, others))
    return len(seen)


def do_one(batch, reply, command, wrong):
    """Does it; whoever is stopped or waits for a lock answers later, or refuses."""
    verb, target = command
    answer = batch.do(f"{verb} {target}")
    if answer["type"] != "snapshot" and not any(why in answer.get("message", "") for why in REFUSALS):
        wrong.append((verb, target, answer))
    return answer if answer["type"] == "snapshot" else reply


def walk(kind, label, user, rng, vmas):
    truth, late, wrong, compared, unsure = Truth(kind), Late(), [], 0, set()
    most, held = rng.choice((3, 6, 9)), {}
    with Batch(f"--kind={kind}", "--pages=5", user=user) as batch:
        reply = batch.do(f"lab {kind} pages=5 processes={rng.randint(1, 3)} vmas={vmas}")
        truth.learn(truth.read(reply), set())
        for _ in range(STEPS):
            command = random_command(rng, reply, most, held)
            written = told_to_write(reply, *command)
            if command[0] == "advise" and command[1].endswith("free"):
                unsure |= set(range(5)) if "*" in command[1] else {int(command[1].split()[0][-1])}
            reply, now, dirty = quiet(batch, truth, do_one(batch, reply, command, wrong))
            truth.learn(now, late.add(reply, written))
            unsure.update(*late.asked.values())
            reply["command"] = " ".join(command)
            compared += compare(truth, reply, now, wrong, lambda number: may_be_unknown(reply, user, unsure, number))
            if vmas == "page":
                compared += check_smaps(reply, dirty, wrong)
    ok(not wrong, f"{kind}, vmas={vmas}, up to {most} processes, as {label}: {compared} comparisons agree")
    for line in wrong[:5]:
        print("#", line)


def main():
    if not is_root():
        skip("only root sees the PFNs that this test compares with")
        done()
    rng = seeded(random.SystemRandom().randrange(10 ** 6))
    for label, user in users():
        for kind in KINDS:
            walk(kind, label, user, rng, "page")
            walk(kind, label, user, rng, "one")
    done()


main()
