#!/usr/bin/env python3
"""What each step looks like: every row of the project's table of kernel facts, driven through --batch, as root and as an
ordinary user, with the pagemap and smaps entries read here beside the program's words."""

import re
import tempfile

from live import *

SOFT_DIRTY = 1 << 55  # set from the start where the kernel has it


def entry(reply, where):
    name, number = where.split(":")
    p = process(reply, name)
    return pagemap(p["pid"], int(p["address"], 16), reply["lab"]["pages"])[int(number)]


def bits(reply, where):
    """As in the table: P present, F file or shared, x mapped once."""
    e = entry(reply, where)
    return "".join(letter if flag else "-" for letter, flag in (("P", e.present), ("F", e.file), ("x", e.exclusive)))


def told(reply, where):
    p = page(reply, where)
    return f"{p['state']} {p['mapped_by']} {p['frame']}"


def untouched(label, user):
    for kind in KINDS:
        with Batch(f"--kind={kind}", user=user) as batch:
            reply = batch.do("show")
            same({states(reply, name) for name in "abc"}, {" ".join(["absent"] * 10)},
                 f"{label}, {kind}: nothing touched, nothing present")
            same([entry(reply, f"a:{n}").value & ~SOFT_DIRTY for n in range(10)], [0] * 10,
                 f"{label}, {kind}: all bits 0 but soft-dirty")


def demand_paging(label, user):
    for kind in KINDS:
        with Batch(f"--kind={kind}", user=user) as batch:
            reply = batch.do("read a:0")
            same([entry(reply, f"a:{n}").present for n in range(10)], [True] + [False] * 9,
                 f"{label}, {kind}: reading page 0 makes page 0 present and no other")
            ok(states(reply, "a").endswith("absent " * 8 + "absent"), f"{label}, {kind}: and so it is told")


def private_file(label, user):
    with Batch(user=user) as batch:
        reply = batch.do("read a:2")
        same((told(reply, "a:2"), bits(reply, "a:2")), ("private 1 F2", "PFx"), f"{label}: a alone reads page 2")
        reply = batch.do("read all:2")
        same((told(reply, "b:2"), bits(reply, "b:2")), ("shared 3 F2", "PF-"), f"{label}: all three have read it")
        reply = batch.do("write a:2")
        same((told(reply, "a:2"), bits(reply, "a:2")), ("copied 1 a2", "P-x"), f"{label}: a writes it")
        same((told(reply, "c:2"), bits(reply, "c:2")), ("shared 2 F2", "PF-"), f"{label}: b and c keep the old frame")
        p = process(reply, "a")
        same((smaps(p["pid"], int(p["address"], 16), 10)[2]["Private_Dirty"], page(reply, "a:2")["dirty"]),
             (PAGE // 1024, True), f"{label}: smaps counts the copy as dirty, and so it is told")
        same(events(reply), [("copied", "a", 2)], f"{label}: one event: copied")
        same([reply["events"][0][k] for k in ("from", "to")], ["F2", "a2"], f"{label}: from F2 to a2")
        ok("b and c still share F2" in reply["events"][0]["text"], f"{label}: the sentence names who still shares it")
        reply = batch.do("write b:2")
        same((told(reply, "c:2"), bits(reply, "c:2")), ("private 1 F2", "PFx"), f"{label}: b writes it: c is alone")
        ok(("became private", "c", 2) in events(reply), f"{label}: c's page became private")
        reply = batch.do("file write 2 \"Z\"")
        same((page(reply, "c:2")["content"][:2], page(reply, "a:2")["content"][:2]), ("Z2", "W2"),
             f"{label}: pwrite shows in the page not copied, not in the copy")
        reply = batch.do("advise a:2 dontneed")
        same((told(reply, "a:2"), bits(reply, "a:2")), ("absent 0 None", "---"), f"{label}: dontneed: the copy is gone")
        reply = batch.do("read a:2")
        same((told(reply, "a:2"), page(reply, "a:2")["content"][:2]), ("shared 2 F2", "Z2"),
             f"{label}: the next read maps the file's frame: the write is lost")
        reply = batch.do("write b:5; show")
        batch.process.stdout.readline()
        reply = batch.do("file truncate 4")
        same((told(reply, "b:5"), bits(reply, "b:5")), ("absent 0 None", "---"), f"{label}: truncated: the copy is gone too")
        reply = batch.do("read b:5")
        same([e["signal"] for e in reply["events"] if e["type"] == "faulted"], ["SIGBUS"], f"{label}: a read past the end is SIGBUS")
        reply = batch.do("file grow 10")
        reply = batch.do("read b:5")
        same((told(reply, "b:5"), page(reply, "b:5")["content"][:2].strip("\0.")), ("private 1 F5", ""),
             f"{label}: grown again: the page reads 0, no SIGBUS")


def shared_file(label, user):
    if not on_disk():
        skip(NO_DISK, f"{label}: shared: what is dirty")
        return
    with Batch("--kind=shared-file", user=user) as batch:
        batch.do("read all:*")
        reply = batch.do("write a:2")
        same([told(reply, f"{name}:2") for name in "abc"], ["shared 3 F2"] * 3, f"{label}: shared: nobody leaves the frame")
        dirty = [[n for n in range(10) if page(reply, f"{name}:{n}")["dirty"]] for name in "abc"]
        same(dirty, [[2]] * 3, f"{label}: shared: page 2 is dirty in all three and no other")
        for name in "abc":
            p = process(reply, name)
            entries = smaps(p["pid"], int(p["address"], 16), 10)
            same([n for n in range(10) if entries[n]["Shared_Dirty"]], [2], f"{label}: shared: smaps of {name} says so too")
        same([n for n in range(10) if reply["file"]["pages"][n]["dirty"]] or None,
             [2] if reply["file"]["pages"][2]["dirty"] is not None else None, f"{label}: shared: and so does the page cache")
        same(page(reply, "c:2")["content"][0], "W", f"{label}: shared: c sees the byte")
        ok(("dirtied", "a", 2) in events(reply), f"{label}: shared: event dirtied")
        reply = batch.do("sync a:2 async")
        same(page(reply, "a:2")["dirty"], True, f"{label}: MS_ASYNC: still dirty")
        reply = batch.do("sync a:2")
        same(page(reply, "a:2")["dirty"], False, f"{label}: MS_SYNC: clean")
        ok(any(e[0] == "cleaned" for e in events(reply)), f"{label}: shared: event cleaned")
        reply = batch.do("write b:2")
        same(page(reply, "a:2")["dirty"], True, f"{label}: dirty again at the next write")


def posix_shm(label, user):
    with Batch("--kind=posix-shm", user=user) as batch:
        batch.do("write a:2")
        reply = batch.do("sync a:2")
        same((told(reply, "a:2"), page(reply, "a:2")["dirty"]), ("private 1 F2", True), f"{label}: POSIX shm stays dirty")
        same(reply["lab"]["filesystem"], "tmpfs", f"{label}: it lives on tmpfs")


def same_frame(reply, one, other):
    """Are they one frame? By PFN, where it can be seen here."""
    return entry(reply, one).pfn == entry(reply, other).pfn


def another_offset(label, user):
    with Batch(user=user) as batch:
        batch.do("read b:0")
        batch.do("unmap a:2")
        reply = batch.do("map a:2 offset=0")
        same((reply["type"], told(reply, "a:2"), bits(reply, "a:2")), ("snapshot", "absent 0 None", "---"),
             f"{label}: mmap of page 0 of the file at a's page 2: nothing is touched")
        reply = batch.do("read a:2")
        same([told(reply, "a:2"), told(reply, "b:0")], ["shared 2 F0"] * 2, f"{label}: read, it is b's page 0")
        same([bits(reply, "a:2"), bits(reply, "b:0")], ["PF-"] * 2, f"{label}: mapped twice")
        ok(same_frame(reply, "a:2", "b:0"), f"{label}: one PFN")
        same(page(reply, "a:2")["content"][:2], "00", f"{label}: and it holds what page 0 holds")
        ok(("shared", "b", 0) in events(reply), f"{label}: b's page 0 became shared")
        reply = batch.do("file write 0 Q")
        same([page(reply, where)["content"][:2] for where in ("a:2", "b:0")], ["Q0"] * 2, f"{label}: a pwrite shows in both")
        reply = batch.do("write a:2")
        copied = [e for e in reply["events"] if e["type"] == "copied"]
        same([(e["process"], e["page"], e["from"], e["to"]) for e in copied], [("a", 2, "F0", "a2")],
             f"{label}: a write copies F0 to a2")
        same([told(reply, "a:2"), told(reply, "b:0")], ["copied 1 a2", "private 1 F0"], f"{label}: b is alone on F0")
        batch.do("unmap a:2,5,6")
        batch.do(f"map a:2,5,6 offset={2 * PAGE}")
        reply = batch.do("read a:2,5,6")
        same([told(reply, f"a:{n}") for n in (2, 5, 6)], ["private 1 F2", "private 1 F5", "private 1 F6"],
             f"{label}: several pages follow the first one's offset")
        batch.do("unmap b:1")
        batch.do("map b:1 offset=0")
        reply = batch.do("read b:1")
        same([told(reply, "b:0"), told(reply, "b:1"), bits(reply, "b:1")], ["private 1 F0"] * 2 + ["PF-"],
             f"{label}: b has page 0 twice and is alone with it")
        reply = batch.do("read c:0")
        same([told(reply, where) for where in ("b:0", "b:1", "c:0")], ["shared 2 F0"] * 3, f"{label}: until c reads it")


def other_mappings(label, user):
    with Batch(user=user) as batch:
        batch.do("read b:4")
        batch.do("unmap a:3,4")
        batch.do("map a:4 shared")
        reply = batch.do("write a:4")
        same([told(reply, "a:4"), page(reply, "a:4")["perms"]], ["shared 2 F4", "rw-s"],
             f"{label}: a shared mapping in a private lab: nothing is copied")
        same(page(reply, "b:4")["content"][:2], "W4", f"{label}: b sees the byte")
        ok(not any(e[0] == "changed" for e in events(reply)), f"{label}: which no other program wrote")
        batch.do("map a:3 none")
        reply = batch.do("read a:3")
        same([(e["signal"], e["code"]) for e in reply["events"]], [("SIGSEGV", "SEGV_ACCERR")], f"{label}: PROT_NONE")
        batch.do("unmap a:3,4")
        batch.do(f"map a:3 length={PAGE + 1}")
        reply = batch.do("read a:3")
        p = process(reply, "a")
        entries = smaps(p["pid"], int(p["address"], 16), 10)
        same((states(reply, "a").split()[3:5], entries[3]["Rss"], entries[4]["Rss"]),
             (["private", "absent"], PAGE // 1024, 0), f"{label}: two pages at once are two VMAs")
        batch.do("file grow 20")
        batch.do("unmap c:1")
        batch.do(f"map c:1 offset={15 * PAGE}")
        reply = batch.do("read c:1")
        same((told(reply, "c:1"), bits(reply, "c:1")), ("private 1 F15", "PFx"), f"{label}: a page behind the lab's last")
    with Batch("--kind=shared-file", user=user) as batch:
        batch.do("read b:4")
        batch.do("unmap a:4")
        batch.do("map a:4 private")
        reply = batch.do("write a:4")
        same([told(reply, "a:4"), told(reply, "b:4"), page(reply, "b:4")["content"][:2]],
             ["copied 1 a4", "private 1 F4", "44"], f"{label}: a private mapping in a shared lab copies")
    for kind in ("private-anon", "shared-anon"):
        with Batch(f"--kind={kind}", "--processes=2", user=user) as batch:
            batch.do("write all:1")
            batch.do("unmap all:2")
            batch.do("map all:2 shared")
            reply = batch.do("write all:2")
            frames = [page(reply, f"{name}:2")["frame"] for name in "ab"]
            same((len(set(frames)), [page(reply, f"{name}:2")["state"] for name in "ab"]), (2, ["private"] * 2),
                 f"{label}: {kind}: two mappings of shared memory are two objects: {frames}")
            same([page(reply, f"{name}:1")["mapped_by"] for name in "ab"], [2 if kind == "shared-anon" else 1] * 2,
                 f"{label}: {kind}: the other pages are what they were")
            reply = batch.do("fork a d")
            reply = batch.do("write d:2 x")
            same([told(reply, f"{name}:2") for name in "ad"], [f"shared 2 {frames[0]}"] * 2, f"{label}: {kind}: a child has its parent's")
            same([page(reply, f"{name}:2")["content"][0] for name in "abd"], ["x", "W", "x"], f"{label}: {kind}: and writes into it")


def private_anon(label, user):
    with Batch("--kind=private-anon", "--processes=1", user=user) as batch:
        zeros = lends_zeros()
        reply = batch.do("read a:0")
        same((told(reply, "a:0"), bits(reply, "a:0")), ("zero 1 Z", "P--") if zeros else ("private 1 a0", "P-x"),
             f"{label}: read before any write: {'zero' if zeros else 'a frame, for this kernel lends no page of zeros'}")
        reply = batch.do("write a:1-3")
        same((told(reply, "a:1"), bits(reply, "a:1")), ("private 1 a1", "P-x"), f"{label}: filled, not copied: private")
        reply = batch.do("fork a d")
        same([told(reply, f"{name}:1") for name in "ad"], ["shared 2 a1"] * 2, f"{label}: after fork both share a1")
        same(told(reply, "d:0"), "absent 0 None" if zeros else "shared 2 a0", f"{label}: the zero page is not inherited, a frame is")
        same(process(reply, "d")["ppid"], process(reply, "a")["pid"], f"{label}: a is d's parent")
        reply = batch.do("write d:1")
        same([told(reply, "a:1"), told(reply, "d:1")], ["private 1 a1", "copied 1 d1"], f"{label}: the child writes: it gets the copy")
        before = process(reply, "a")["pages"][1]["pagemap"]
        reply = batch.do("write a:1")
        same(process(reply, "a")["pages"][1]["pagemap"], before, f"{label}: the parent reuses its frame without a copy")
        reply = batch.do("write a:2")
        same([told(reply, "a:2"), told(reply, "d:2")], ["copied 1 a2'", "private 1 a2"],
             f"{label}: the parent writes first: the parent gets the new frame")
        reply = batch.do("kill d")
        same((told(reply, "a:3"), bits(reply, "a:3")), ("private 1 a3", "P-x"), f"{label}: the child is gone: a is alone")
        same([e["signal"] for e in reply["events"] if e["type"] == "exited"], ["SIGKILL"], f"{label}: d was ended by SIGKILL")


def shared_anon(label, user):
    with Batch("--kind=shared-anon", "--processes=2", user=user) as batch:
        reply = batch.do("write b:2")
        same(told(reply, "b:2"), "private 1 F2", f"{label}: the child touches a page first")
        same(told(reply, "a:2"), "absent 0 None", f"{label}: the parent has no entry yet")
        reply = batch.do("read a:2")
        same([told(reply, f"{name}:2") for name in "ab"], ["shared 2 F2"] * 2, f"{label}: touched, it is the same frame")
        same(page(reply, "a:2")["content"][0], "W", f"{label}: and holds what the child wrote")
        for kind in ("shared-anon", "posix-shm"):
            batch.do(f"lab {kind} pages=3 processes=3")
            batch.do("read all:*")
            batch.do("write a:1")
            same([batch.do(f"expect {name}:1 dirty")["holds"] for name in "abc"], [True] * 3,
                 f"{label}: {kind}: one writes, and the frame is dirty in all that map it")


def inodes(reply, name):
    """Of what a process maps, page by page, by its maps."""
    p = process(reply, name)
    first, found = int(p["address"], 16), [0] * 10
    with open(f"/proc/{p['pid']}/maps") as f:
        for fields in (line.split() for line in f):
            start, end = (int(address, 16) for address in fields[0].split("-"))
            for n in range(10):
                if start <= first + n * PAGE < end:
                    found[n] = int(fields[4])
    return found


def a_name(label, user):
    """link, open and unlink change who can come to the file, and no page table; what was opened by name is the same file."""
    for kind in ("private-file", "shared-file", "posix-shm"):
        what = f"{label}, {kind}"
        if kind != "posix-shm" and not can_link():
            skip("this file system gives no name to a file that was made without one", f"{what}: a name")
            continue
        place = "/dev/shm" if kind == "posix-shm" else os.environ.get("TMPDIR") or "/var/tmp"
        with Batch(f"--kind={kind}", user=user) as batch:
            reply = batch.do("read all:2")
            before = [entry(reply, f"{name}:{n}").value & ~SOFT_DIRTY for name in "abc" for n in range(10)]
            file = os.stat(reply["lab"]["path"])

            def names():
                return names_of(file, place)
            same((file.st_nlink, names()), (0, []), f"{what}: at first the file has no name")
            reply = batch.do("file link")
            same((reply["type"], os.stat(reply["lab"]["path"]).st_nlink, len(names())), ("snapshot", 1, 1), f"{what}: link: now it has one")
            name = names()[0]
            same((batch.do("file open")["type"], inodes(reply, "b")), ("snapshot", [file.st_ino] * 10), f"{what}: open: what is mapped stays")
            batch.do("unmap b:1-2")
            same(inodes(batch.do("show"), "b")[1:4], [0, 0, file.st_ino], f"{what}: unmapped")
            batch.do("map b:1-2")
            reply = batch.do("read b:2")
            same((told(reply, "b:2"), bits(reply, "b:2"), inodes(reply, "b")), ("shared 3 F2", "PF-", [file.st_ino] * 10),
                 f"{what}: mapped by the descriptor opened by name, it is the same frame")
            same([entry(reply, f"{name}:{n}").value & ~SOFT_DIRTY for name in "abc" for n in range(10)], before, f"{what}: and every entry is as it was")
            reply = batch.do("file unlink")
            same((reply["type"], os.stat(reply["lab"]["path"]).st_nlink, names(), os.path.exists(name)), ("snapshot", 0, [], False),
                 f"{what}: unlink: the name is gone")
            same((told(reply, "c:2"), events(reply)), ("shared 3 F2", [("named", None, None)]), f"{what}: the file and its pages are not")
            reply = batch.do("write b:2 X")
            same((told(reply, "b:2"), page(reply, "a:2")["content"][0]),
                 ("copied 1 b2", "2") if kind == "private-file" else ("shared 3 F2", "X"), f"{what}: and is written as before")


def labs(label, user):
    with Batch(user=user) as batch:
        first = batch.do("write a:2")
        reply = batch.do("reset")
        same({states(reply, name) for name in "abc"}, {" ".join(["absent"] * 10)}, f"{label}: reset: untouched again")
        ok({p["pid"] for p in reply["processes"]}.isdisjoint({p["pid"] for p in first["processes"]}),
           f"{label}: reset: fresh processes")
        for kind in KINDS:
            reply = batch.do(f"lab {kind} pages=3 processes=2")
            same((reply["lab"]["kind"], reply["lab"]["pages"], len(reply["processes"]), reply["events"]), (kind, 3, 2, []),
                 f"{label}: a new lab: {kind}")
            reply = batch.do("write b:1")
            ok(page(reply, "b:1")["state"] in ("copied", "private"), f"{label}: {kind}: which obeys")
            same([e for e in events(reply) if e[1] == "a"], [], f"{label}: {kind}: and nothing happened to a")
        same(batch.do("kill a")["type"], "snapshot", f"{label}: kill")
        reply = batch.do("spawn")
        same([p["name"] for p in reply["processes"] if p["alive"]], ["a", "b"], f"{label}: spawn takes the name that is free")
        same(batch.end(), 0, f"{label}: the conversation ends well")


def stopped(label, user):
    with Batch(user=user) as batch:
        reply = batch.do("kill b STOP")
        same((events(reply), process(reply, "b")["life"]), ([("stopped", "b", None)], "stopped"), f"{label}: b is stopped")
        reply = batch.do("read b:1")
        ok(reply["type"] == "error" and "stopped" in reply["message"], f"{label}: what it is told waits: {reply.get('message')}")
        same(batch.do("read a:1")["type"], "snapshot", f"{label}: a answers all the same")
        reply = batch.do("kill b CONT")
        ok(("continued", "b", None) in events(reply), f"{label}: b goes on")
        while page(reply, "b:1")["state"] == "absent":
            reply = batch.do("show")
        same(told(reply, "b:1"), "shared 2 F1", f"{label}: and what it was told is done")


def history(label, user):
    with Batch(user=user) as batch:
        recorded = [batch.do(command) for command in ("show", "read all:*", "write a:2", "kill c", "reset", "write b:1")]
        told = [batch.do(f"goto {step}") for step in range(6)]
        for then, now in zip(recorded, told):
            same([now[key] for key in ("step", "time_ns", "processes", "events")],
                 [then[key] for key in ("step", "time_ns", "processes", "events")], f"{label}: step {then['step']} is as it was")
        same(batch.do("back")["step"], 4, f"{label}: back")
        same(batch.do("write a:0")["step"], 6, f"{label}: an act is live again")


def another_program_writes(label, user):
    if filesystem().startswith("fuse"):
        skip("FUSE drops the pages of a file that another program opens", f"{label}: another program writes")
        return
    with Batch(user=user) as batch:
        reply = batch.do("read all:*")
        with open(reply["lab"]["path"], "r+b", buffering=0) as f:
            f.seek(3 * PAGE)
            f.write(b"OUTSIDE")
        reply = batch.do("show")
        same([page(reply, f"{name}:3")["content"][:7] for name in "abc"], ["OUTSIDE"] * 3,
             f"{label}: what another program writes shows in every page not copied")
        ok(any(e[0] == "changed" and e[2] == 3 for e in events(reply)), f"{label}: event changed")


def explained(label, user):
    """Every bit, as it is read here."""
    with Batch(user=user) as batch:
        batch.do("read all:0-3")
        batch.do("write a:2")
        for where in ("a:2", "b:2", "c:5"):
            name, number = where.split(":")
            reply, text = batch.do("show"), batch.do("explain " + where)
            same(text["type"], "explain", f"{label}: explain {where} answers in words")
            words, value = text["text"], entry(reply, where).value
            hidden = int(page(reply, where)["pagemap"], 16)
            told_bits = {int(bit): flag == "1" for bit, flag in re.findall(r"^  (\d+)=([01]) ", words, re.M)}
            same(told_bits, {bit: bool(value >> bit & 1) for bit in (63, 62, 61, 58, 57, 56, 55)}, f"{label}: {where} bit by bit")
            ok(f"  0x{hidden:016x}\n" in words and f"\n  {page(reply, where)['state']} " in words, f"{label}: {where} entry and state")
            p = process(reply, name)
            own = smaps(p["pid"], int(p["address"], 16), 10)[int(number)]
            same({field: int(size) for field, size in re.findall(r"^  ([A-Z][A-Za-z_]+) (\d+) ", words, re.M)},
                 {field: own.get(field, 0) for field in ("Rss", "Pss", "Shared_Clean", "Shared_Dirty", "Private_Clean", "Private_Dirty",
                                                         "Referenced", "Anonymous", "KSM", "Swap")}, f"{label}: {where} smaps")


def named_file(label, user):
    with tempfile.TemporaryDirectory(dir="/var/tmp") as directory:
        os.chmod(directory, 0o777)
        path = os.path.join(directory, "named file")
        content = b"".join(bytes([65 + n]) * PAGE for n in range(3)) + b"tail"
        with open(path, "wb") as f:
            f.write(content)
            os.fsync(f.fileno())
        os.chmod(path, 0o644)
        with Batch(f"--file={path}", user=user) as batch:
            reply = batch.do("write a:*")
            same(reply["lab"]["pages"], 4, f"{label}: a named file gives the number of pages")
            same(states(reply, "a"), "copied copied copied copied", f"{label}: its pages are copied at a write")
        with Batch(f"--file={path}", "--kind=shared-file", user=user) as batch:
            reply = batch.do("write a:1")
            same([(e["signal"], e["code"]) for e in reply["events"] if e["type"] == "faulted"], [("SIGSEGV", "SEGV_ACCERR")],
                 f"{label}: a shared mapping of it is not writable")
            same([e["errno"] for e in batch.do("protect a:1 read+write")["events"]], ["EACCES"], f"{label}: mprotect refuses")
            batch.do("unmap a:1")
            same([e["errno"] for e in batch.do("map a:1 read+write")["events"]], ["EACCES"], f"{label}: so does mmap")
            same(batch.do("map a:1")["type"], "snapshot", f"{label}: read only it is mapped again")
        with Batch(f"--file={path}", user=user) as batch:
            batch.do("unmap a:1")
            same([(e["act"], e["page"], e["errno"]) for e in batch.do("map a:1 shared")["events"]], [("map", 1, "EACCES")],
                 f"{label}: a shared writable mapping of a file that is only read is EACCES")
            same(batch.do("map a:1 shared read")["type"], "snapshot", f"{label}: one to read is not")
            same(batch.do("file write 1 x")["type"], "error", f"{label}: so does file write")
        with open(path, "rb") as f:
            same(f.read() == content, True, f"{label}: the file was not changed")


for who, become in users():
    for test in (untouched, demand_paging, private_file, shared_file, posix_shm, another_offset, other_mappings, private_anon, shared_anon, a_name, labs, stopped, history,
                 another_program_writes, explained, named_file):
        test(who, become)
done()
