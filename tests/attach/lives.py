#!/usr/bin/env python3
"""Processes that share one memory, end, or leave their number to another one: whose numbers are whose, as it happens."""

import ctypes
import sys

from oracle import *
from family import compare, compare_members, process_of, share_of

CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWPID, MS_REC, MS_PRIVATE = 0x20000, 0x10000000, 0x20000000, 1 << 14, 1 << 18
PAGES = 64
LAST_PID = "/proc/sys/kernel/ns_last_pid"


def life(family, pid):
    return (told_of(family, pid) or {"life": "gone"})["life"]


def memory_of(family, pid):
    return told_of(family, pid)["memory_of"]


def held_against(pids, what):
    """As root every number; else what an ordinary user must be told too."""
    if is_root():
        return compare(pids, what)
    status, family, err = attach(pids)
    same((status, err), (0, ""), f"{what}: attached")
    return family


def one_memory(target):
    """Two processes with one memory: counted once, and nothing in it is shared for that."""
    address = target.do(0, "map", "m", "anon", PAGES)
    target.do(0, "write", "m", 0, PAGES, 65)
    a, b = target.pids[0], target.share(0, 1)
    family = held_against([a, b], "one memory")
    same((memory_of(family, a), memory_of(family, b)), (None, "a"), "one memory: it is told whose")
    same(share_of(family, a, address)["private_kib"], PAGES * KIB, "one memory: nothing is shared because two have it")
    ok(not any(p["name"] == "b" for m in family["mappings"] for p in m["processes"]), "one memory: its mappings are told once")
    _, text, _ = live.run("--batch", "-p", f"{a},{b}")
    ok("(the memory of a)" in text, "one memory: and that in the text")
    target.do(1, "write", "m", 0, 1, 66)
    c = target.fork(1, 2)
    target.do(2, "write", "m", 10, 10, 66)
    target.do(2, "write", "m", 30, 5)
    family = held_against([a, b, c], "one memory, and a child of who has it from another")
    same(apart(share_of(family, c, address)), 15 * KIB, "what that child copied is known")
    _, family, _ = attach([a, b, c], "--compare")
    same(share_of(family, c, address)["same_kib"], 5 * KIB, "and what it copied for nothing")
    metrics = live.run("--batch", "-p", f"{a},{b},{c}", "--format=openmetrics")[1]
    pages = re.findall(r'^cowscope_memory_bytes\{.*\bprocess="(\w+)".*\} (\d+)$', metrics, re.M)
    same({name for name, _ in pages}, {"a", "c"}, "one memory: in the metrics its pages are told once")
    for view in ("family", "mappings", "map", "page", "erosion", "same"):
        status, _, err = live.run("--batch", "-p", f"{a},{b}", "-c", f"view {view}; select b; select right; view deeper", "--format=svg")
        same((status, err), (0, ""), f"one memory: the view {view} with the cursor on who has it from another")
    return address


def its_owner_ends(target, address):
    """Who had the memory from the one that ends keeps it, and what was known of it."""
    a, b, c = (target.pids[i] for i in range(3))
    with Watch([a, b, c]) as watch:
        before = watch.until(lambda f: rss_of(f, b), "three processes with two memories are watched")
        was = told_of(before, b)["was_shared_kib"]
        ok(was >= (PAGES - 15) * KIB, "what was shared is known")
        target.do(0, "exit")
        after = watch.until(lambda f: life(f, a) in ("zombie", "gone"), "the first one ends")
        same(rss_of(after, a), 0, "it has no numbers any more")
        same(memory_of(after, b), None, "the memory is the other one's now")
        same(rss_of(after, b), rss_of(before, b), "all of it")
        same(told_of(after, b)["was_shared_kib"], was, "and what was shared at first is still known")
        target.do(1, "exec")
        after = watch.until(lambda f: rss_of(f, b) and not share_of(f, b, address), "it execs: that memory is gone")
        same(told_of(after, b)["copied_kib"], 0, "and in its new one nothing is a copy")
        of = share_of(after, c, address)
        same(of["private_kib"] + of["copied_kib"] + of["parted_kib"], PAGES * KIB,
             "its child has the pages for itself")


def waited_for(target):
    """A vfork: the child has its parent's memory until it execs."""
    target.do(0, "map", "m", "anon", PAGES)
    target.do(0, "write", "m", 0, PAGES, 65)
    a = target.pids[0]
    with Watch([a]) as watch:
        watch.until(lambda f: rss_of(f, a), "a process is watched")
        b = target.share(0, 1, waits=True)
        during = watch.until(lambda f: told_of(f, b), "it waits in vfork: the child joins")
        same((memory_of(during, b), rss_of(during, a)), ("a", rss_of(during, b)), "and has its parent's memory")
        if is_root():
            same(during["memory"]["frames_kib"], Truth([a]).frames(), "its frames are counted once")
        target.do(1, "exec")
        after = watch.until(lambda f: memory_of(f, b) is None and rss_of(f, b), "it execs: a memory of its own")
        ok(told_of(after, a)["shared_kib"] < rss_of(after, a) - PAGES * KIB + 1, "nothing of the parent's counts as shared with it")
        target.do(1, "exit")
        watch.until(lambda f: life(f, b) in ("zombie", "gone"), "it ends, and the session goes on")


def zombie(target):
    """The one in the middle has ended and nobody waits for it."""
    address = target.do(0, "map", "m", "anon", PAGES)
    target.do(0, "write", "m", 0, PAGES, 65)
    a, b = target.pids[0], target.fork(0, 1)
    c = target.fork(1, 2)
    target.do(2, "write", "m", 0, 10, 66)
    with Watch([a]) as watch:
        watch.until(lambda f: told_of(f, c) and apart(share_of(f, c, address)) == 10 * KIB, "three generations are watched")
        target.do(1, "exit")
        family = watch.until(lambda f: life(f, b) == "zombie", "the one in the middle ends: a zombie")
        told = told_of(family, b)
        same((told["rss_kib"], told["pss_kib"], told["uss_kib"]), (0, None, 0), "it has no memory, and Pss is not known")
        family = watch.until(lambda f: told_of(f, c)["ppid"] != b, "its child has another parent")
        same(apart(share_of(family, c, address)), 10 * KIB, "and its copies stay copies")
        if is_root():
            truth = Truth([a, c])
            same([rss_of(family, pid) for pid in (a, c)], [truth.rss(pid) for pid in (a, c)], "the others' Rss is right")
            same(family["memory"]["frames_kib"], truth.frames(), "and so are the frames")
    status, family, err = attach([a, b, c])
    same((status, err, life(family, b)), (0, "", "zombie"), "a zombie among others is told")
    same(len(family["processes"]), 3, "and the others too")
    status, family, err = attach([b])
    same((status, err), (0, ""), "a zombie alone: attached")
    same((life(family, b), rss_of(family, b), family["mappings"]), ("zombie", 0, []), "a zombie alone: it says so")
    _, text, _ = live.run("--batch", "-p", str(b))
    ok("(zombie)" in text, "a zombie alone: in the text too")
    status, out, err = live.run("--batch", "--every=0.05", "--format=json", "-p", str(b))
    same((status, len(out.splitlines()), err), (0, 1, ""), "a zombie alone: one sample, as nothing can follow")
    target.do(0, "reap", b)


def first_thread_ends(target):
    """/proc calls it a zombie then, but the process lives, and so does its memory."""
    address = target.do(0, "map", "m", "anon", PAGES)
    target.do(0, "write", "m", 0, PAGES, 65)
    a, b = target.pids[0], target.fork(0, 1)
    with Watch([a]) as watch:
        before = watch.until(lambda f: rss_of(f, b), "two processes are watched")
        target.do(1, "write", "m", 0, 10)
        target.do(1, "thread")
        while state_of(b) != "Z":
            os.sched_yield()
        family = watch.until(lambda f: apart(share_of(f, b, address)) == 10 * KIB, "its first thread ends: its memory is read on")
        same(life(family, b), "running", "it is no zombie")
        same(told_of(family, b)["was_shared_kib"], told_of(before, b)["was_shared_kib"], "and what was known of it stays known")
        ok(told_of(family, b)["pss_kib"] is not None, "Pss too")
    family = attach([a, b], "--compare", "--freeze")[1]
    same((share_of(family, b, address)["same_kib"], family["frozen"]), (10 * KIB, True), "its contents can be compared, and it stands still")
    target.do(1, "exit")


def hold(watch):
    """cowscope takes no sample until it is let go on."""
    os.kill(watch.process.pid, signal.SIGSTOP)
    os.waitpid(watch.process.pid, os.WUNTRACED)


def next_number(number):
    with open(LAST_PID, "w") as file:
        file.write(str(number - 1))


def take_number(target, parent, child, number):
    """A child with this number, which nobody has."""
    next_number(number)
    return target.fork(parent, child) == number


def a_stranger(target):
    """The number of who was watched goes to a stranger, who has a child, between two samples."""
    target.do(0, "map", "m", "anon", PAGES)
    target.do(0, "write", "m", 0, PAGES, 65)
    target.fork(0, 1)
    target.fork(1, 2)
    old, grandchild = target.pids[1], target.pids[2]
    with Watch([old]) as watch:
        watch.until(lambda f: rss_of(f, grandchild), "two are watched")
        hold(watch)
        target.end(0, 1)
        if not ok(take_number(target, 0, 3, old), "its number is given away"):
            return
        stranger = target.fork(3, 4)
        target.do(3, "write", "m", 0, 30, 66)
        os.kill(watch.process.pid, signal.SIGCONT)
        family = watch.until(lambda f: life(f, old) == "gone", "the one that was meant is gone")
        for _ in range(3):
            same([(p["pid"], p["life"]) for p in family["processes"]], [(old, "gone"), (grandchild, "running")],
                 "who has its number is not taken for it, nor is that one's child")
            ok(stranger not in [p["pid"] for p in family["processes"]] and rss_of(family, old) == 0, "and has no numbers here")
            family = watch.sample()
        ok(rss_of(family, grandchild), "the session goes on with the others")


def a_new_child(target):
    """The number of a descendant goes to a new descendant: two processes, one after the other."""
    target.do(0, "map", "m", "anon", PAGES)
    target.do(0, "write", "m", 0, PAGES, 65)
    a, old = target.pids[0], target.fork(0, 1)
    target.do(1, "write", "m", 0, 20, 66)
    with Watch([a]) as watch:
        watch.until(lambda f: told_of(f, old) and apart(told_of(f, old)) >= 20 * KIB, "a parent and a child are watched")
        hold(watch)
        target.end(0, 1)
        if not ok(take_number(target, 0, 2, old), "the child's number is given to another child"):
            return
        target.do(2, "write", "m", 0, 3, 66)
        os.kill(watch.process.pid, signal.SIGCONT)
        family = watch.until(lambda f: len(f["processes"]) == 3, "which joins as another one")
        gone, new = (p for p in family["processes"] if p["pid"] == old)
        same((gone["name"], gone["life"], gone["rss_kib"], gone["copied_kib"]), ("b", "gone", 0, 0), "the first is gone, without numbers")
        same((new["name"], new["life"]), ("c", "running"), "the second has a name of its own")
        same(apart(share_named(family, "c")), 3 * KIB, "and copies of its own only")
        ok(new["start_ticks"] >= gone["start_ticks"], "and began later")


def share_named(family, name):
    shares = [p for m in family["mappings"] for p in m["processes"] if p["name"] == name]
    return max(shares, key=apart)


def in_namespaces(flags):
    if ctypes.CDLL(None, use_errno=True).unshare(flags) != 0:
        raise OSError(ctypes.get_errno(), "unshare")


def own_proc():
    """/proc of the namespace in which this is the first process."""
    mount = ctypes.CDLL(None, use_errno=True).mount
    if mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None) or mount(b"proc", b"/proc", b"proc", 0, None):
        raise OSError(ctypes.get_errno(), "mount")
    open_again()
    with open(LAST_PID, "w") as file:
        file.write("300")


def numbers_given_away():
    """In a namespace of its own, where the next number can be chosen. Its results come back through a pipe."""
    results, end = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(end, 1)
        try:
            in_namespaces(CLONE_NEWPID | CLONE_NEWNS | (0 if is_root() else CLONE_NEWUSER))
            first = os.fork()
            if first:
                os._exit(os.waitstatus_to_exitcode(os.waitpid(first, 0)[1]))
            own_proc()
        except OSError as why:
            print(f"SKIP {why}", flush=True)
            os._exit(0)
        try:
            for story in (a_stranger, a_new_child):
                with Family() as target:
                    story(target)
        except BaseException as why:
            print(f"not ok - {type(why).__name__}: {why}", flush=True)
        os._exit(0)
    os.close(end)
    with os.fdopen(results) as file:
        for line in file:
            if line.startswith("SKIP"):
                skip("numbers cannot be chosen here: " + line[5:].strip(), "a number that is given away")
            elif line.startswith("#"):
                print(line, end="")
            else:
                ok(line.startswith("ok"), line.partition(" - ")[2].strip())
    same(os.waitpid(child, 0)[1], 0, "what ran in a namespace ended in order")


ADDR_NO_RANDOMIZE = 0x0040000


def without_randomisation():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.personality(ADDR_NO_RANDOMIZE) < 0:
        raise OSError(ctypes.get_errno(), "personality")


def execed_to_the_same_place():
    """Without address randomisation an exec of the same program puts all where it was; it is another memory nevertheless."""
    with Family(without_randomisation) as target:
        target.do(0, "exec")  # with its number in the environment, which is as long in the child
        target.fork(0, 1)
        target.fork(1, 2)
        address = [target.do(number, "map", "m", "anon", 16) for number in (0, 1)]
        same(address[0], address[1], "both map memory at one address, each for itself")
        with Watch([target.pids[0]]) as watch:
            family = watch.until(lambda f: told_of(f, target.pids[2]), "a child, and a child of it")
            same([told_of(family, target.pids[i])["parent"] for i in (1, 2)], ["a", "b"], "each was forked")
            with Halted(watch):
                target.do(1, "exec")
                target.do(1, "map", "n", "anon", 16)
                target.do(1, "write", "n", 0, 16, 66)
                target.do(0, "write", "m", 0, 16, 66)
            programs = [Member(target.pids[i]).program for i in (0, 1)]
            same(programs[0], programs[1], "it execs, and all is where it was")
            family = watch.until(lambda f: told_of(f, target.pids[1])["parent"] is None, "it is nobody's fork then")
            same(apart(told_of(family, target.pids[1])), 0, "and has copied nothing")
        _, family, _ = attach([target.pids[0], target.pids[1], target.pids[2]])
        same(told_of(family, target.pids[1])["parent"], None, "so is one sample told")
        target.fork(1, 3)
        _, family, _ = attach([target.pids[3], target.pids[1], target.pids[0]])
        same(told_of(family, target.pids[3])["parent"], told_of(family, target.pids[1])["name"], "but a child that it forks since is its own")


def main():
    with Family() as target:
        address = one_memory(target)
        its_owner_ends(target, address)
    for story in (waited_for, zombie, first_thread_ends):
        with Family() as target:
            story(target)
    numbers_given_away()
    execed_to_the_same_place()
    done()


if __name__ == "__main__":
    main()
