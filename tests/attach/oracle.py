"""A family of processes to attach to, and what /proc says of it, read here without any code of the program."""

import os
import re
import struct
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))
from live import *
import live

STATES = ("absent", "shared", "private", "copied", "parted", "zero", "swapped", "unknown")
TARGET = os.path.join(os.path.abspath(os.environ.get("top_builddir", ".")), "tests/attach/target")
KIB = PAGE // 1024
CLONE_NEWNET = 0x40000000
FLAG_THP, FLAG_ZERO, FLAG_WROTE = 1 << 22, 1 << 24, 1 << 34


class Refused(Exception):
    """The target's answer was an error."""


class Family:
    """tests/attach/target.c, one line and one answer at a time."""

    def __init__(self, user=None):
        program = os.open(TARGET, os.O_RDONLY)
        self.process = subprocess.Popen([f"/proc/self/fd/{program}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        preexec_fn=user, cwd="/", pass_fds=[program])
        os.close(program)
        self.pids = {0: self._answer()}

    def _answer(self):
        words = self.process.stdout.readline().split(None, 1)
        if not words or words[0] != "ok":
            raise Refused(" ".join(words))
        return int(words[1]) if len(words) > 1 else 0

    def do(self, number, *words):
        self.process.stdin.write(" ".join(map(str, (number, *words))) + "\n")
        self.process.stdin.flush()
        answer = self._answer()
        for pid in self.pids.values():
            self._rest(pid)
        return answer

    @staticmethod
    def _rest(pid):
        """Until it waits again: after its answer it still writes to its own pages."""
        while True:
            try:
                with open(f"/proc/{pid}/stat", "rb") as file:
                    if file.read().rpartition(b")")[2].split()[0] != b"R":
                        return
            except (FileNotFoundError, ProcessLookupError):
                return
            time.sleep(0.001)

    def fork(self, parent, child):
        self.pids[child] = self.do(parent, "fork", child)
        self.do(child, "ready")  # it has come to where it waits
        return self.pids[child]

    def share(self, parent, child, waits=False):
        """A child with the memory of its parent, which may wait until it execs or ends."""
        self.pids[child] = self.do(parent, "vfork" if waits else "share", child)
        self.do(child, "ready")
        return self.pids[child]

    def end(self, parent, child):
        self.do(child, "exit")
        self.do(parent, "reap", self.pids.pop(child))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.read()
        self.process.wait()


class Mapping:
    """A line of /proc/PID/maps."""

    def __init__(self, line):
        fields = line.rstrip("\n").split(None, 5)
        self.start, self.end = (int(x, 16) for x in fields[0].split("-"))
        self.perms, self.offset, self.device, self.inode = fields[1], int(fields[2], 16), fields[3], int(fields[4])
        self.path = fields[5] if len(fields) > 5 else ""

    def pages(self):
        return (self.end - self.start) // PAGE

    def same_place(self, other, address):
        """Is the other's mapping the same thing at this address: of one file and offset, or of none?"""
        return (other and self.device == other.device and self.inode == other.inode and
                (not self.inode or self.offset + address - self.start == other.offset + address - other.start))


def mappings(pid):
    with open(f"/proc/{pid}/maps", errors="surrogateescape") as file:
        return [m for m in map(Mapping, file) if m.path != "[vsyscall]"]


def by_frame(path, pfns):
    """The 8 bytes of /proc/kpagecount or /proc/kpageflags for each frame."""
    fd = os.open(path, os.O_RDONLY)
    try:
        return {pfn: struct.unpack("<Q", os.pread(fd, 8, pfn * 8))[0] for pfn in pfns}
    finally:
        os.close(fd)


class Member:
    """One process: its mappings, and the entries of every page that is present or swapped, by address."""

    def __init__(self, pid):
        self.pid = pid
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()  # from the third on
        self.ppid = int(fields[1])
        self.born, self.forked = (int(fields[19]), pid), (0, 0)
        self.forgets = any(int(fields[i]) for i in (8, 10, 13, 14))  # it forked others, at times that nobody knows
        self.program = fields[23:26]  # where its code and stack are: the same after a fork, not after an exec
        self.mappings = mappings(pid)
        self.entries, self.own, self.owner = {}, {}, None
        for m in self.mappings:
            if m.pages() > 1 << 20:
                continue  # a sparse one; its pages are counted by whoever made it
            for number, entry in enumerate(pagemap(pid, m.start, m.pages())):
                if entry.present or entry.swapped:
                    self.entries[m.start + number * PAGE] = entry

    def mapping_at(self, address):
        return next((m for m in self.mappings if m.start <= address < m.end), None)


class Truth:
    """What is so of a family that stands still. Only root can know: it is told by frames."""

    def __init__(self, pids):
        self.members = {pid: Member(pid) for pid in pids}
        for m in self.members.values():
            m.forked = max((c.born for c in self.members.values() if c.ppid == m.pid), default=(0, 0))
        pfns = {e.pfn for m in self.members.values() for e in m.entries.values() if e.pfn}
        self.count = by_frame("/proc/kpagecount", pfns)
        self.flags = by_frame("/proc/kpageflags", pfns)

    def is_zero(self, entry):
        return bool(entry.pfn and self.flags[entry.pfn] & FLAG_ZERO)

    def is_huge(self, entry):
        return bool(entry.pfn and self.flags[entry.pfn] & FLAG_THP)

    def state(self, pid, address):
        member = self.members[pid]
        entry = member.entries.get(address)
        if not entry:
            return "absent"
        if entry.swapped:
            return "swapped"
        if self.is_zero(entry):
            return "zero"
        if self.is_shared(member, entry):
            return "shared"
        return "private" if entry.file else self.origin(member, address, entry)

    def is_shared(self, member, entry):
        if entry.pfn not in member.own:
            member.own[entry.pfn] = sum(1 for e in member.entries.values() if e.pfn == entry.pfn)
        return self.count[entry.pfn] > member.own[entry.pfn]

    def there(self, member, other, address):
        """What a relative has at the same place; None: nothing, or zeros."""
        its = other.entries.get(address)
        if not its or not its.present or self.is_zero(its):
            return None
        return its if member.mapping_at(address).same_place(other.mapping_at(address), address) else None

    def owner(self, member):
        """Whose memory it is: what is mapped once, and in both, is of one memory (CLONE_VM)."""
        if member.owner is None:
            one = next((a for a, e in member.entries.items() if e.pfn and not e.file and self.count[e.pfn] == 1), None)
            member.owner = next((o for o in self.members.values() if one in o.entries and o.entries[one].pfn == member.entries[one].pfn), member)
        return member.owner

    def parent(self, member):
        """That it was forked from; None: unknown, or it exec'd since."""
        its = self.members.get(self.owner(member).ppid)
        return self.owner(its) if its and its.program == member.program and self.owner(its) is not self.owner(member) else None

    def related(self, member):
        own = self.owner(member)
        return [o for o in self.members.values() if self.owner(o) is o and o is not own and
                (o is self.parent(own) or self.parent(o) is own)]

    def tree(self, member):
        found, more = [], [self.owner(member)]
        while more:
            found.append(more.pop())
            more += [o for o in self.related(found[-1]) if o not in found and o not in more]
        return found

    def is_original(self, member, address, entry):
        """Is what several map what the parent had, or may it be a copy that only its own children inherited?"""
        own = {id(m) for m in self.tree(member) if (e := m.entries.get(address)) and e.pfn == entry.pfn}
        tops = [m for m in self.tree(member) if id(m) in own and id(self.parent(m)) not in own]
        return len(own) < 2 or len(tops) > 1 or not self.parent(tops[0])

    def children(self, member):
        return [m for m in self.tree(member) if self.parent(m) is member]

    def held_at(self, member, address, when):
        """The frame that it had there then, since it, a relative at a fork, has it still, and can't have been given it later; None: not known."""
        entry = self.members[member.pid].entries.get(address)
        if not entry or not entry.present or entry.file or self.is_zero(entry):
            return None
        unwritten = self.count[entry.pfn] > 1 or self.wrote(entry) is False
        if unwritten and not member.forgets and max(member.born, member.forked) <= when:
            return entry.pfn
        heirs = [c.entries.get(address) for c in self.children(member) if c.born <= when]
        if any(e and e.pfn == entry.pfn for e in heirs):
            return entry.pfn  # a child got it before
        parent = self.parent(member)
        its = parent and parent.entries.get(address)
        return entry.pfn if its and its.pfn == entry.pfn and member.born <= when else None

    def has_heir_twice(self, member, address, child):
        """Another child has the same frame: both have it from their parent."""
        entry = child.entries.get(address)
        return any(o is not child and (e := o.entries.get(address)) and entry and e.pfn == entry.pfn for o in self.children(member))

    def born_with(self, member, address):
        """The frame that it got when it was forked, if that is certain."""
        parent = self.parent(member)
        own = self.held_at(member, address, member.born)
        if own is None and self.has_heir_twice(parent, address, member):
            own = member.entries[address].pfn
        return own if own is not None else self.held_at(parent, address, member.born)

    def has_left(self, member, address, entry):
        """Did it certainly have a frame that another one has still?"""
        own = self.owner(member)
        if self.parent(own) and (e := self.parent(own).entries.get(address)) and self.born_with(own, address) == e.pfn != entry.pfn:
            return True
        return any((e := c.entries.get(address)) and self.born_with(c, address) == e.pfn != entry.pfn for c in self.children(own))

    def has_kept(self, member, address):
        own = self.owner(member)
        if self.parent(own):
            return self.held_at(own, address, own.born) is not None
        return self.held_at(own, address, min((c.born for c in self.children(own)), default=(1 << 60, 0))) is not None

    def wrote(self, entry):
        """Since the last fork; None: a huge page's frame does not tell."""
        bit = bool(self.flags[entry.pfn] & FLAG_WROTE)
        return None if bit and self.is_huge(entry) else bit

    def origin(self, member, address, entry):
        """Of an anonymous page that only this process maps: private, copied or parted."""
        near = [self.there(member, o, address) for o in self.related(member)]
        if any(e and e.file for e in near):
            return "copied"  # of the file's page
        others = [(o, e) for o in self.tree(member) if o is not self.owner(member) and (e := self.there(member, o, address)) and not e.file]
        if not any(near) and not (others and any(self.inherited(m, address) for m in (member, *(o for o, _ in others)))):
            return "private"
        wrote = self.wrote(entry)
        if self.has_left(member, address, entry) and wrote is not None:
            return "copied"
        many = [e for o, e in others if self.count[e.pfn] > 1]
        if self.has_kept(member, address):
            return "parted" if many else "private"  # a copy is with those who share it
        return "parted"

    def counts(self, pid, start, end):
        """KiB a state of the pages in [start, end)."""
        found = dict.fromkeys(STATES, 0)
        for address in self.members[pid].entries:
            if start <= address < end:
                found[self.state(pid, address)] += KIB
        return found

    def rss(self, pid):
        return KIB * sum(1 for e in self.members[pid].entries.values() if e.present and not self.is_zero(e))

    def inherited(self, member, address):
        """Has it for certain what its parent had, whether that one has it still or not?"""
        own = self.owner(member)
        return self.parent(own) is not None and self.held_at(own, address, own.born) is not None

    def kin(self, member, held, address):
        """Those of one tree that have something there without a parent that has: of one origin if one of them inherited it."""
        tree = self.tree(member)
        found = [m for m, _, _ in held if m in tree]
        return found if any(self.inherited(m, address) for m in found) else []

    def apart(self):
        """KiB that copying added, at each place the frames of one origin, less one; and KiB of pages that are parted in somebody."""
        places, added, parted = {}, 0, set()
        for pid, member in self.members.items():
            for address, entry in member.entries.items() if self.owner(member) is member else ():
                state = self.state(pid, address)
                if not entry.file and state in ("shared", "private", "copied", "parted"):
                    places.setdefault((tuple(member.program), address), []).append((member, entry, state))
        for place, held in places.items():
            related = [(m, e, s) for m, e, s in held
                       if any(o in self.related(m) for o, _, _ in held) or len(self.kin(m, held, place[1])) > 1]
            added += max(len({e.pfn for _, e, _ in related}) - 1, 0)
            added += sum(1 for m, e, s in held if s == "copied" and not any(m is r for r, _, _ in related))  # of a file's page
            if any(s == "parted" for _, _, s in held):
                parted.add(place)
        return KIB * added, KIB * len(parted)

    def frames(self):
        return KIB * len({e.pfn for m in self.members.values() for e in m.entries.values() if e.present and not self.is_zero(e)})


def attach(pids, *arguments, user=None):
    """One sample as JSON: (status, value or None, standard error)."""
    status, out, err = live.run("--batch", "--format=json", "-p", ",".join(map(str, pids)), *arguments, user=user)
    lines = out.splitlines()
    return status, json.loads(lines[-1]) if lines else None, err


def apart(told):
    """KiB that are this process's copies, or a relative's, for who is not told."""
    return told["copied_kib"] + told["parted_kib"]


def state_of(pid):
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rsplit(")", 1)[1].split()[0]


def told_of(family, pid):
    return next((p for p in family["processes"] if p["pid"] == pid), None) if family else None


class Watch:
    """cowscope -p, a sample a line for as long as it is read."""

    def __init__(self, pids, *arguments, user=None):
        self.process = subprocess.Popen([live.COWSCOPE, "--batch", "--format=json", "--every=0.05", "-p",
                                         ",".join(map(str, pids)), *arguments], stdout=subprocess.PIPE,
                                        text=True, preexec_fn=user, cwd="/", pass_fds=[live._PROGRAM])

    def sample(self):
        line = self.process.stdout.readline()
        if not line:
            raise EOFError(f"no sample; exit status {self.process.wait()}")
        return json.loads(line)

    def until(self, holds, what):
        """Samples until one is so; a hundred are enough for any change to be seen."""
        for _ in range(100):
            family = self.sample()
            if holds(family):
                ok(True, what)
                return family
        ok(False, what)
        return family

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.stdout.close()
        self.process.wait()


class Halted:
    """The program stands still meanwhile, so that nothing of it is seen by halves."""

    def __init__(self, watch):
        self.pid = watch.process.pid

    def __enter__(self):
        os.kill(self.pid, signal.SIGSTOP)
        while state_of(self.pid) != "T":
            pass

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGCONT)


def away_from_the_kernel():
    """To a namespace of networks in which the kernel tells of no process."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "unshare")


def rss_of(family, pid):
    told = told_of(family, pid)
    return told["rss_kib"] if told else None
