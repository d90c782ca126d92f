#!/usr/bin/env python3
"""The lab against an ordinary program, plain.c: one mmap, the same acts, and the pagemaps of both, read in both cases from /proc.
With vmas=one there is no difference. With a VMA a page there are two, and both are told: fault-around, where the lab is
made, and what fork leaves out, in the fork's own text. SEED repeats a walk, STEPS sets its length, WALKS how many there are."""

import time

from live import *

HERE = os.path.dirname(os.path.abspath(__file__))
PLAIN = next((p for p in (os.environ.get("PLAIN"), os.path.join(os.getcwd(), "tests/live/plain"), os.path.join(HERE, "plain"))
              if p and os.access(p, os.X_OK)), None)
STEPS = int(os.environ.get("STEPS", "40"))
WALKS = int(os.environ.get("WALKS", "4"))
PAGES = 6
WORDS = "an ordinary program"


class Plain:
    """The ordinary program: what it is told, and the letters of each page that it shows."""

    def __init__(self, kind):
        place = os.environ.get("TMPDIR") or "/var/tmp"
        self.process = subprocess.Popen([PLAIN, kind, str(PAGES), place], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def do(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        told = {}
        line = self.process.stdout.readline()
        if not line:
            raise EOFError(f"the program ended: {self.process.wait()}")
        for word in line.split():
            name, letters = word.split(":")
            told[name] = [letters[4 * i:4 * i + 4] for i in range(PAGES)]
        return told

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


def letters(entry):
    return "".join(letter if holds else "-" for letter, holds in
                   zip("PFxS", (entry.present, entry.present and entry.file, entry.exclusive, entry.swapped)))


def shown(reply):
    """The lab's page tables, read here. Of a page that is in swap or absent bit 61 means something else."""
    return {p["name"]: [letters(e) for e in pagemap(p["pid"], int(p["address"], 16), PAGES)] for p in reply["processes"] if p["alive"]}


def plainly(told):
    return {name: [p if p[0] == "P" else p[0] + "-" + p[2:] for p in pages] for name, pages in told.items()}


def random_act(rng, kind, alive):
    """What both are told: the lab's command, the program's line."""
    name, number, chosen = rng.choice(alive), rng.randrange(PAGES), rng.random()
    if chosen < 0.35:
        return f"write {name}:{number}", f"write {name} {number}"
    if chosen < 0.62:
        return f"read {name}:{number}", f"read {name} {number}"
    if chosen < 0.70:
        return f"advise {name}:{number} dontneed", f"drop {name} {number}"
    if chosen < 0.74:
        return f"sync {name}:{number}", f"sync {name} {number}"
    if chosen < 0.88 and len(alive) < 6:
        child = next(c for c in "abcdefghi" if c not in alive)
        return f"fork {name} {child}", f"fork {name} {child}"
    if chosen < 0.92 and len(alive) > 1 and name != "a":
        return f"kill {name}", f"kill {name}"
    if "file" in kind or "shm" in kind:
        if chosen < 0.95:
            return f"file write {number} Z", f"filewrite {number}"
        if chosen < 0.97:
            return f"file truncate {number + 1}", f"truncate {number + 1}"
        return f"file grow {PAGES}", f"grow {PAGES}"
    return f"protect {name}:{number} read", f"protect {name} {number} r"


def told_pages(text):
    """The page numbers that the text of a fork names before its full stop."""
    match = re.search(r" at pages? ([0-9, and-]+) yet", text)
    pages = set()
    for part in re.split(", | and ", match[1]) if match else []:
        first, _, last = part.partition("-")
        pages |= set(range(int(first), int(last or first) + 1))
    return pages


def differing(lab, plain):
    return {i for name in lab for i in range(PAGES) if lab[name][i] != plain[name][i]}


class Excuses:
    """Which pages may differ in a lab of one VMA a page, and since when that was told."""

    def __init__(self, kind):
        self.pages = set()
        self.cached = kind != "private-anon"

    def new(self, command, reply, lab, plain):
        """Pages that differ and were not told of."""
        differ = differing(lab, plain)
        fresh = differ - self.pages
        forks = [e["text"] for e in reply["events"] if e["type"] == "started"]
        for text in forks:
            fresh -= told_pages(text) if WORDS in text.lower() else set()
        if self.cached and command.split()[0] in ("read", "write"):  # fault-around: mapped there, nothing here
            fresh -= {i for i in fresh if all(lab[n][i] == plain[n][i] or plain[n][i][1] == "F" for n in lab)}
        self.pages = differ
        return fresh


def refused(reply):
    return reply["type"] != "snapshot"


def caught_up(batch, reply, theirs):
    """A machine that is busy answers late; what comes of it shows then."""
    end = time.monotonic() + 60
    while (mine := shown(reply)) != theirs and time.monotonic() < end:
        reply = batch.do("show")
    return mine, reply


def walk(kind, one, user, label, rng):
    wrong, acts, forks = [], [], 0
    with Plain(kind) as plain, Batch(f"--kind={kind}", user=user) as batch:
        reply = batch.do(f"lab {kind} pages={PAGES} processes=1" + (" vmas=one" if one else ""))
        told = " ".join(run("--batch", "-c", f"lab {kind} pages={PAGES} processes=1", user=user)[1].split())
        if not one and kind != "private-anon":
            ok(WORDS in told.lower() and "fault-around" in told, f"{kind}: fault-around is told where the lab is made")
        excuses = Excuses(kind)
        for _ in range(STEPS):
            alive = [p["name"] for p in reply["processes"] if p["alive"]]
            command, line = random_act(rng, kind, alive)
            acts.append(command)
            reply = batch.do(command)
            late = "has not answered yet" in reply.get("message", "")
            if refused(reply):
                reply = batch.do("show")
                if command.startswith("file "):
                    continue  # it has that length
            theirs = plainly(plain.do(line))
            mine, reply = caught_up(batch, reply, theirs) if late else (shown(reply), reply)
            forks += command.startswith("fork")
            if mine.keys() != theirs.keys():
                wrong.append((command, sorted(mine), sorted(theirs)))
                break
            bad = differing(mine, theirs) if one else excuses.new(command, reply, mine, theirs)
            for i in sorted(bad):
                wrong.append((command, i, {n: mine[n][i] for n in mine}, {n: theirs[n][i] for n in theirs}))
            if bad:
                break
    ok(not wrong, f"{kind}, {'one VMA' if one else 'a VMA a page'}, {label}: {len(acts)} acts, {forks} forks as in an ordinary program"
       + ("" if one else ", or it is told"))
    for line in wrong[:3]:
        print("#", line, "after", "; ".join(acts))


def cases(user, label):
    """Two that teachers show."""
    for kind, acts in (("private-anon", ("write a:1-3", "read a:0")), ("private-file", ("read a:*", "write a:2"))):
        for one in (True, False):
            with Plain(kind) as plain, Batch(f"--kind={kind}", user=user) as batch:
                batch.do(f"lab {kind} pages={PAGES} processes=1" + (" vmas=one" if one else ""))
                for act in acts:
                    reply = batch.do(act)
                    verb, where = act.split()
                    for number in range(PAGES) if "*" in where else range(int(where[2]), int(where[-1]) + 1):
                        plain.do(f"{verb} a {number}")
                reply = batch.do("fork a b")
                mine, theirs = shown(reply), plainly(plain.do("fork a b"))
                text = next(e["text"] for e in reply["events"] if e["type"] == "started")
                if one:
                    same(mine, theirs, f"{kind}, one VMA, {label}: the child begins as an ordinary program's does")
                else:
                    same(differing(mine, theirs), told_pages(text), f"{kind}, {label}: what the child lacks is told: {text}")
                    ok(WORDS in text.lower(), f"{kind}, {label}: and that of an ordinary program")


def main():
    if not PLAIN:
        skip("tests/live/plain is not built", "the lab against an ordinary program")
        done()
    with Batch() as batch:
        if sanitized(process(batch.do("show"), "a")["pid"]):
            skip("a sanitizer has its own memory where the lab's is, so that its pages lie in other groups of 16", "the lab against an ordinary program")
            done()
    rng = seeded(random.SystemRandom().randrange(10 ** 6))
    for label, user in users():
        cases(user, label)
        for kind in KINDS:
            for _ in range(WALKS):
                walk(kind, True, user, label, rng)
                walk(kind, False, user, label, rng)
    done()


main()
