#!/usr/bin/env python3
"""Random commands on every kind of mapping: each state the program tells, as root and as an ordinary user, is
compared with what this test reads from /proc by itself, by PFN."""

from live import *

FILE_KINDS = ("private-file", "shared-file", "posix-shm")
STEPS = int(os.environ.get("STEPS", "60"))


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


def random_command(rng, reply):
    alive = [p["name"] for p in reply["processes"] if p["alive"]]
    name = rng.choice(alive)
    number = rng.randrange(reply["lab"]["pages"])
    if page(reply, f"{name}:{number}")["perms"] is None and rng.random() < 0.8:
        return "map", f"{name}:{number} {random_mapping(rng)}"
    target = rng.choice([f"{name}:{number}", f"{name}:{number}", f"{name}:*", f"all:{number}"])
    chosen = rng.random()
    if chosen < 0.35:
        return "write", target
    if chosen < 0.65:
        return "read", target
    if chosen < 0.72:
        return "advise", target
    if chosen < 0.76:
        return "unmap", f"{name}:{number}"
    if chosen < 0.85 and len(alive) < 6:
        return "fork", name
    if chosen < 0.90 and len(alive) > 2:
        return "kill", name
    if reply["lab"]["kind"] in FILE_KINDS and len(alive) < 6 and chosen < 0.93:
        return "spawn", ""
    return "sync", target


def told_to_write(reply, verb, target):
    if verb != "write":
        return set()
    name, number = target.split(":")
    numbers = range(reply["lab"]["pages"]) if number == "*" else [int(number)]
    return {(p["pid"], n) for p in reply["processes"] for n in numbers
            if p["alive"] and (name in ("all", p["name"]))}


def compare(truth, reply, now, wrong):
    count = 0
    frames = {}
    for (name, pid, number), entry in now.items():
        told = page(reply, f"{name}:{number}")
        wanted = truth.state(now, (name, pid, number))
        count += 1
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


def check_smaps(reply, wrong):
    """A frame is dirty as soon as one of those who map it says so."""
    alive = [p for p in reply["processes"] if p["alive"]]
    entries = [(p["pages"][number], entry, p["name"], number) for p in alive
               for number, entry in smaps(p["pid"], int(p["address"], 16), reply["lab"]["pages"]).items()]
    dirty = {told["frame"] for told, entry, _, _ in entries if entry["Shared_Dirty"] + entry["Private_Dirty"] > 0}
    for told, entry, name, number in entries:
        own = entry["Shared_Dirty"] + entry["Private_Dirty"] > 0
        if told["dirty"] != (own or (told["frame"] is not None and told["frame"] in dirty)):
            wrong.append((reply["command"], name, number, "dirty", told["dirty"], entry))
    return len(entries)


def walk(kind, label, user, rng):
    truth, wrong, compared = Truth(kind), [], 0
    with Batch(f"--kind={kind}", "--pages=5", user=user) as batch:
        reply = batch.do("show")
        truth.learn(truth.read(reply), set())
        for _ in range(STEPS):
            verb, target = random_command(rng, reply)
            written = told_to_write(reply, verb, target)
            reply = batch.do(f"{verb} {target} dontneed" if verb == "advise" else f"{verb} {target}")
            if reply["type"] != "snapshot":
                if "was refused for page" not in reply.get("message", ""):  # as for what is not mapped
                    wrong.append((verb, target, reply))
                reply = batch.do("show")
            now = truth.read(reply)
            truth.learn(now, written)
            compared += compare(truth, reply, now, wrong)
            compared += check_smaps(reply, wrong)
    ok(not wrong, f"{kind} as {label}: {compared} comparisons agree")
    for line in wrong[:5]:
        print("#", line)


def main():
    if not is_root():
        skip("only root sees the PFNs that this test compares with")
        done()
    rng = seeded(random.SystemRandom().randrange(10 ** 6))
    for label, user in users():
        for kind in KINDS:
            walk(kind, label, user, rng)
    done()


main()
