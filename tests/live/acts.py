#!/usr/bin/env python3
"""What mmap is told and refuses, faults with their codes and counts, and facts that come later."""

import tempfile
import threading
import time

from live import *


def file_of_another():
    """Of a file that one may not write, the kernel does not tell what is in memory: mincore would say everything."""
    if not is_root():
        skip("needs a file of somebody else's", "what is cached of it")
        return
    with tempfile.NamedTemporaryFile(dir=lab_directory()) as file:
        file.write(bytes(4 * PAGE))
        file.flush()
        os.chmod(file.name, 0o644)
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        with Batch(f"--file={file.name}", user=users()[-1][1]) as batch:
            reply = batch.do("show file")
            same([p["cached"] for p in reply["file"]["pages"]], [None] * 4, "what is cached of another's file is not known")


def told(batch, *expected):
    for line in expected:
        reply = batch.do(line)
        ok(reply.get("holds", False), f"{line}: {reply.get('text') or reply.get('message', '')}")


def denied(batch, *expected):
    for line in expected:
        reply = batch.do(line)
        same((reply["type"], reply.get("holds")), ("expect", False), f"not so: {line}")


def mapped_file(pid, address):
    """The inode that maps shows at an address; None: nothing is mapped there."""
    with open(f"/proc/{pid}/maps") as f:
        for line in f:
            start, end = (int(x, 16) for x in line.split(None, 1)[0].split("-"))
            if start <= address < end:
                return int(line.split()[4])
    return None


def mapping(user):
    with Batch(user=user) as batch:
        batch.do("unmap a:2")
        for of, errno in (("pipe", "ENODEV"), ("directory", "ENODEV"), ("closed", "EBADF"),
                          ("read-only shared read+write", "EACCES"), ("write-only", "EACCES")):
            batch.do(f"map a:2 of={of}")
            told(batch, f"expect a:2 errno={errno}", "expect a:2 absent not errno=0")
        denied(batch, "expect a:2 errno=EINVAL")
        reply = batch.do("map a:2 of=read-only read")
        a = process(reply, "a")
        address = int(a["address"], 16)
        ok(mapped_file(a["pid"], address + 2 * PAGE), "a descriptor for reading maps, and maps shows the file")
        batch.do("write a:2")
        told(batch, "expect a:2 faulted=SEGV code=ACCERR", "expect a:2 code=SEGV_ACCERR not errno=0")
        denied(batch, "expect a:2 code=MAPERR")
        batch.do("write a:4 mine")
        batch.do("map a:4 noreplace")
        told(batch, "expect a:4 errno=EEXIST copied content=mine")
        batch.do("map a:4 fixed")
        told(batch, "expect a:4 errno=0 absent")
        ok(not pagemap(a["pid"], address, 10)[4].present, "fixed replaced the copy: nothing is present there")
        batch.do("unmap a:5")
        same(mapped_file(a["pid"], address + 5 * PAGE), None, "unmapped")
        batch.do("read a:5")
        told(batch, "expect a:5 faulted code=MAPERR")
        same(batch.end(), 1, "the status of what was denied")


def numbers(user):
    with Batch("--kind=private-anon", user=user) as batch:
        reply = batch.do("write a:0-3")
        told(batch, "expect a:0-3 minor=4 major=0", "expect a minor=4", "expect a:0-1 minor=2", "expect a rss=4p",
             "expect a rss<=4p rss>=4p pss<=4p", "expect b minor=0")
        denied(batch, "expect a rss=5p", "expect a minor>=5", "expect file size>=0")
        a = process(reply, "a")
        same(sum(s.get("Rss", 0) for s in smaps(a["pid"], int(a["address"], 16), 10).values()), 4 * PAGE // 1024,
             "smaps says the same")
        batch.do("read a:0")
        told(batch, "expect a:0 minor=0")
    with Batch(user=user) as batch:
        told(batch, "expect file size=10p")
        batch.do("file truncate 3")
        told(batch, "expect file size=3p", f"expect file size={3 * PAGE}")
        same(batch.do("file truncate 3 5")["type"], "error", "truncate never lengthens a file, by no byte")
        told(batch, "expect file size=3p")
        same(page(batch.do("file truncate 2 5"), "a:2")["state"], "absent", "a file may end within a page")
        told(batch, f"expect file size={2 * PAGE + 5}")
        reply = batch.do("write a:2 \"hello, the tail\"")
        same((page(reply, "a:2")["state"], page(reply, "a:2")["content_hex"][:30]), ("copied", b"hello, the tail".hex()),
             "its last page is all there")
        same(batch.do(f"file truncate 1 {PAGE}")["type"], "error", "a page is no part of a page")
    with Batch("--kind=shared-file", user=user) as batch:
        batch.do("write a:5")
        reply = batch.do("file truncate 5")
        ok("cleaned" not in [e["type"] for e in reply["events"]], "what was cut off is not clean: it is gone")


def awaiting(user):
    with Batch(user=user) as batch:
        reply = batch.do("kill a STOP")
        told(batch, "await a stopped", "await b not stopped")
        os.kill(process(reply, "a")["pid"], signal.SIGCONT)
        told(batch, "await a not stopped alive")
        os.kill(process(reply, "b")["pid"], signal.SIGKILL)
        told(batch, "await b dead")
        reply = batch.do("await d alive")
        same(reply["type"], "error", "who is not there is an error at once")
    awaits_another_program(user)


def awaits_another_program(user):
    """Nothing tells the program that the file was written: it must look again, and it must not answer before."""
    if filesystem().startswith("fuse"):
        skip("FUSE drops the pages of a file that another program opens", "what comes by itself is awaited")
        return
    with Batch(user=user) as batch:
        path = batch.do("read a:3")["lab"]["path"]

        def write():
            with open(path, "r+b", buffering=0) as f:
                os.pwrite(f.fileno(), b"LATE", 3 * PAGE)
        start, later = time.monotonic(), threading.Timer(0.5, write)
        later.start()
        told(batch, "await a:3 content=LATE")
        took = time.monotonic() - start
        later.join()
        ok(0.5 <= took < 8, f"what comes by itself is awaited, and seen soon: {took:.2f} s")
        if user is not None:
            return
        reply = batch.do("await a:3 content=NEVER")
        ok((reply["type"], reply.get("holds")) == ("expect", False) and "still after 10 seconds" in reply.get("message", ""),
           f"what never comes is given up: {reply.get('message')}")
        same(batch.end(), 1, "and false")


def running(pid):
    """The state letter of /proc/PID/stat."""
    with open(f"/proc/{pid}/stat") as f:
        return f.read().split(") ")[1][0]


def falls_asleep(pid):
    """That it waits is said before it does: it may have a few steps to go."""
    end = time.monotonic() + 10
    while running(pid) != "S" and time.monotonic() < end:
        os.sched_yield()
    return running(pid) == "S"


def new_program(user):
    with Batch(user=user) as batch:
        batch.do("write a:1 mine")
        reply = batch.do("read all:*")
        a = process(reply, "a")
        address = int(a["address"], 16)
        before = open(f"/proc/{a['pid']}/stat").read().split()[21]
        reply = batch.do("exec a")
        same(process(reply, "a")["pid"], a["pid"], "exec keeps the PID")
        same(open(f"/proc/{a['pid']}/stat").read().split()[21], before, "and when the process began")
        same([mapped_file(a["pid"], address + i * PAGE) for i in range(10)], [None] * 10, "nothing is mapped in maps")
        told(batch, "expect a alive absent rss=0", "expect b:0 mapped_by=2", "expect a:1 not mapped")
        batch.do("read a:0")
        told(batch, "expect a:0 faulted=SEGV code=MAPERR")
        batch.do("map a:0-9")
        reply = batch.do("write a:1 again")
        told(batch, "expect a:1 copied content=again", "expect a:0 absent")
        same(int(process(reply, "a")["address"], 16), address, "mapped again, it is where it was")
        entry = pagemap(a["pid"], address, 10)[1]
        ok(entry.present and not entry.file, "pagemap says the same of the new mapping")
        batch.do("fork a d")
        told(batch, "expect d alive", "expect ad:1 shared")
        reply = batch.do("exec d")
        told(batch, "expect d alive absent", "expect a:1 copied")
        with open(f"/proc/{process(reply, 'd')['pid']}/comm") as f:
            same(f.read(), "cowscope-d\n", "the new program goes by its name")
        batch.do("exit a 3")
        told(batch, "expect a dead status=3")
        batch.do("exit b")
        told(batch, "expect b dead status=0", "expect c:0 mapped_by=1")
        same(batch.end(), 0, "status")
    with Batch(user=user) as batch:
        batch.do("lab private-file vmas=one")
        batch.do("exec a")
        reply = batch.do("map a:0 length=%d" % (4 * PAGE))
        a = process(reply, "a")
        with open(f"/proc/{a['pid']}/maps") as f:
            ends = [int(line.split("-")[1].split()[0], 16) for line in f if int(line.split("-")[0], 16) == int(a["address"], 16)]
        same(ends, [int(a["address"], 16) + 4 * PAGE], "a lab of one VMA stays one")


def locks(user):
    for kind in ("shared-file", "shared-anon", "posix-shm"):
        with Batch(f"--kind={kind}", user=user) as batch:
            batch.do("write a:2 hello")
            batch.do("lock a:2")
            reply = batch.do("lock b:2")
            told(batch, "expect b waiting", "expect a not waiting", "expect b:2 content=hello")
            ok(falls_asleep(process(reply, "b")["pid"]), f"{kind}: b sleeps in the kernel")
            batch.do("unlock c:5")
            told(batch, "expect c:5 errno=EPERM")
            same(batch.do("read b:3")["type"], "error", "who waits does nothing else")
            batch.do("write c:4")
            batch.do("unlock a:2")
            told(batch, "await b not waiting", "expect b alive")
            batch.do("unlock a:2")
            told(batch, "expect a:2 errno=EPERM")
            batch.do("lock c:2")
            told(batch, "expect c waiting")
            batch.do("kill b")
            told(batch, "await c not waiting", "expect c:2 errno=EOWNERDEAD")
            batch.do("lock c:2")
            told(batch, "expect c:2 errno=EDEADLK")
            batch.do("lock a:2")
            batch.do("exec c")
            told(batch, "await a not waiting")
            batch.do("unlock a:2")
            told(batch, "expect a:2 errno=0")
            batch.do("lock a:2")
            told(batch, "expect a:2 errno=0")
            same(batch.end(), 2, f"{kind}: status")
    status, out, err = run("--batch", "--kind=shared-file", "-c", "lock a:2; unlock a:2; lock c:2; lock b:2", user=user)
    ok("b waits: c has the lock." in out, f"who has the lock is said: {out.splitlines()[-2:]}")
    with Batch("--kind=private-file", user=user) as batch:
        batch.do("lock a:2")
        batch.do("lock b:2")
        told(batch, "expect ab:2 copied not waiting mapped_by=1")


def copies(user):
    with Batch(user=user) as batch:
        reply = batch.do("read all:*")
        pid = process(reply, "b")["pid"]

        def counted():
            with open(f"/proc/{pid}/io") as f:
                return dict((k, int(v)) for k, v in (line.split(": ") for line in f))
        before = counted() if user is None else None
        batch.do("copy b:0-9 read")
        told(batch, "expect b calls=10 copied=10p minor=0", "expect b:0-3 calls=4 copied=4p")
        if before:
            after = counted()
            ok(after["rchar"] - before["rchar"] >= 10 * PAGE, "/proc/PID/io counted as many bytes")
        batch.do("copy b:0-9 load")
        told(batch, "expect b calls=0 copied=0 minor=0")
        batch.do("copy b:3 store")
        told(batch, "expect b:3 copied calls=0 minor=1 content=bbbb", "expect file:3 not content=bbbb")
        batch.do("copy c:4 write")
        told(batch, "expect c:4 calls=1 copied=1p", "expect file:4 content=cccc")
        batch.do("file truncate 5")
        batch.do("copy b:4-6 read")
        told(batch, "expect b:4-6 copied=1p calls=3")
    with Batch("--kind=private-anon", user=user) as batch:
        same(batch.do("copy a:0 read")["type"], "error", "without a file there is nothing to read")


def allocations(user):
    with Batch("--processes=1", user=user) as batch:
        reply = batch.do("alloc a 64M")
        told(batch, "expect a mmap>=64M heap=0")
        with open(f"/proc/{process(reply, 'a')['pid']}/maps") as f:
            sizes = [int(b, 16) - int(a, 16) for a, b in (line.split(None, 1)[0].split("-") for line in f)]
        ok(any(64 << 20 <= size < 65 << 20 for size in sizes), "maps shows such a mapping")
        pid, grown = process(reply, "a")["pid"], 0
        if sanitized(pid):
            return skip("a sanitizer's malloc has no heap", "what is small comes from the heap")

        def heap():
            with open(f"/proc/{pid}/maps") as f:
                return sum(int(b, 16) - int(a, 16) for a, b in (line.split(None, 1)[0].split("-") for line in f if "[heap]" in line))
        for _ in range(4):
            before = heap()
            batch.do("alloc a 100K")
            told(batch, f"expect a mmap=0 heap={heap() - before}")
            grown += heap() - before
        ok(grown > 200 << 10, f"what is small comes from the heap, which grew by {grown}")


def names(user):
    with Batch("--kind=shared-file", user=user) as batch:
        reply = batch.do("file close")
        pid = process(reply, "a")["pid"]
        if user is None:
            links = [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")]
            ok(not any("/var/tmp" in link or "/tmp" in link for link in links), f"a has it open no more: {links}")
        batch.do("write a:3 works")
        told(batch, "expect a:3 content=works", "expect file:3 content=works")
        batch.do("unmap a:4")
        batch.do("map a:4")
        told(batch, "expect a:4 errno=EBADF")
        batch.do("fork a d")
        batch.do("spawn e")
        batch.do("read de:3")
        told(batch, "expect de:3 content=works mapped_by=3")
        batch.do("exec d")
        batch.do("map d:3")
        told(batch, "expect d:3 errno=EBADF")
        same(batch.do("file unlink")["type"], "snapshot", "there is no name to take, and that is said")
        same(batch.end(), 0, "status")
    for kind in ("shared-file", "posix-shm"):
        given_name(kind, user)
    if user is not None:
        return
    with tempfile.TemporaryDirectory(dir="/var/tmp") as directory:
        path = os.path.join(directory, "named")
        with open(path, "w") as f:
            f.write("x" * 3 * PAGE)
        with Batch(f"--file={path}", "--pages=3") as batch:
            same(batch.do("file unlink")["type"], "error", "the name of a file that is only read stays")
            ok(os.path.exists(path), "it is there")
        with Batch(f"--file={path}", "--pages=3", "--allow-write") as batch:
            batch.do("read a")
            batch.do("file unlink")
            ok(not os.path.exists(path), "its name is gone")
            batch.do("read b")
            told(batch, "expect ab:2 content=xxxx mapped_by=2")


def given_name(kind, user):
    with Batch(f"--kind={kind}", user=user) as batch:
        batch.do("write a:2 hello")
        told(batch, "expect file links=0")
        same(batch.do("file open")["type"], "error", f"{kind}: without a name it cannot be opened")
        reply = batch.do("file link")
        if kind != "posix-shm" and not can_link():
            ok(reply["type"] == "error" and "cannot be given a name" in reply["message"], f"{kind}: no name can be given here, and why")
            return
        denied(batch, "expect file links=0")
        told(batch, "expect file links=1")
        fd = os.stat(f"/proc/{batch.process.pid}/fd/{reply['lab']['path'].rsplit('/', 1)[1]}")
        place = "/dev/shm" if kind == "posix-shm" else os.environ.get("TMPDIR") or "/var/tmp"
        ours = names_of(fd, place)
        same([(os.path.basename(path).startswith("cowscope-"), os.stat(path).st_mode & 0o777) for path in ours], [(True, 0o600)],
             f"{kind}: it has a name there")
        same(batch.do("file link")["type"], "error", f"{kind}: it has one name only")
        reply = batch.do("file open")
        if user is None:
            pid = process(reply, "b")["pid"]
            links = [os.readlink(f"/proc/{pid}/fd/{entry}") for entry in os.listdir(f"/proc/{pid}/fd")]
            ok(ours[0] in links, f"{kind}: b opened that name: {links}")
        batch.do("unmap b")
        batch.do("map b")
        batch.do("read b:2")
        told(batch, "expect ab:2 shared mapped_by=2 frame=F2 content=hello")
        batch.do("file unlink")
        ok(not os.path.exists(ours[0]), f"{kind}: its name is gone")
        batch.do("write b:2 after")
        told(batch, "expect file links=0", "expect a:2 content=after", "expect file:2 content=after")
        same("ENOENT" in batch.do("file open").get("message", ""), True, f"{kind}: nobody can open it any more")
        same("ENOENT" in batch.do("file unlink").get("message", ""), True, f"{kind}: there is nothing to take away")


def one_vma(user):
    with Batch(user=user) as batch:
        batch.do("lab private-file pages=10 vmas=one")
        reply = batch.do("read a:0")
        a = process(reply, "a")
        entries = pagemap(a["pid"], int(a["address"], 16), 10)
        present = [i for i in range(10) if entries[i].present]
        ok(0 in present, f"one read mapped pages {present}")
        same([p["page"] for p in a["pages"] if p["state"] == "private"], present, "and those are said to be there")
        told(batch, "expect a:0 minor=1", f"expect a rss={len(present)}p")
        with open(f"/proc/{a['pid']}/maps") as f:
            inside = [line for line in f if int(a["address"], 16) == int(line.split("-")[0], 16)]
        ok(inside and int(inside[0].split()[0].split("-")[1], 16) == int(a["address"], 16) + 10 * PAGE, "it is one VMA")
        batch.do("write a:3 mine")
        batch.do("read b:3-4")
        told(batch, "expect a:3 copied content=mine", "expect b:3-4 mapped", "expect b:3 private")
        reply = batch.do("reset")
        told(batch, "expect a absent")
        batch.do("lab private-file")
        batch.do("read a:0")
        told(batch, "expect a:0 mapped", "expect a:1-9 absent")
    with Batch(user=user) as batch:
        batch.do("lab private-anon pages=512 processes=1 vmas=one")
        batch.do("write a")
        told(batch, "expect a private minor=512")
        batch.do("reset")
        reply = batch.do("advise a hugepage")
        if PAGE != 4096 or any(e["type"] == "refused" for e in reply["events"]):
            skip("no huge pages of 512 pages here", "huge pages under fork")
            return
        reply = batch.do("write a")
        if not batch.do("expect a minor=1")["holds"]:
            skip("the kernel gave no huge page", "huge pages under fork")
            return
        batch.do("fork a b")
        reply = batch.do("write b:3 x")
        if user is None and is_root():
            told(batch, "expect b:3 copied", "expect a:3 private", "expect ab:0,5,511 shared mapped_by=2")
        else:
            state = page(reply, "a:5")["state"]
            ok(state in ("shared", "unknown"), f"without PFNs nothing wrong is said of a huge page: {state}")


def loops(user):
    with Batch("--kind=shared-file", user=user) as batch:
        batch.do("read b:0")
        reply = batch.do("loop 3 write a:0 hello%; read b:0; expect b:0 content=hello%")
        same((reply["type"], reply["holds"]), ("expect", True), "the last of a loop answers")
        told(batch, "expect ab:0 content=hello2")
        same(batch.do("show")["step"], 7, "each command of it was a step")
        same(batch.do("goto 4")["step"], 4, "that can be gone back to")
        same(page(batch.do("goto 2"), "b:0")["content"][:6], "hello0", "with what b saw then")
        batch.do("last")
        same(batch.do("loop 9 read c:%; expect c:1 absent")["holds"], False, "a false expect ends it")
        told(batch, "expect c:1 mapped", "expect c:2 absent")
        for line in ("loop 2 loop 2 read a", "loop 2 quit", "loop 2 wirte a", "loop 2", "loop 2 ;"):
            same(batch.do(line)["type"], "error", f"cannot be: {line}")


def weighed(batch, kind, facts):
    """What the whole machine has changes by what others do meanwhile, too: of nine weighings five must be right. So much
    is weighed that others seldom take or free half of it in that time."""
    right, wrong = dict.fromkeys(facts, 0), dict.fromkeys(facts, 0)
    while min(right.values()) < 5 and max(wrong.values()) < 5:
        reply = batch.do(f"weigh {kind} 256M")
        if reply["type"] == "error":
            return skip(reply["message"], f"weigh {kind}")
        for fact in facts:
            (right if batch.do(f"expect memory {fact}")["holds"] else wrong)[fact] += 1
    return ok(max(wrong.values()) < 5, f"{kind} takes what it should: right {right}, wrong {wrong}; the last: {reply['text']}")


def weights(user):
    expected = {"private-file": ["cache>=128M", "anon>=128M"], "shared-file": ["cache>=128M"],
                "private-anon": ["anon>=128M"], "shared-anon": ["shared>=128M", "cache>=128M"],
                "posix-shm": ["shared>=128M", "cache>=128M"]}
    with Batch(user=user) as batch:
        same(batch.do("expect memory used>=0")["holds"], False, "before anything is weighed nothing is known")
        for kind, facts in expected.items():
            reply = batch.do(f"weigh {kind} 64M")
            if reply["type"] == "error":
                skip(reply["message"], f"weigh {kind}")
                continue
            same(reply["type"], "weigh", reply["text"])
            weighed(batch, kind, facts)
        children = subprocess.run(["ps", "-o", "comm=", "--ppid", str(batch.process.pid)], capture_output=True, text=True).stdout
        ok("cowscope-weigh" not in children, "nothing of it is left")


def too_heavy(user):
    if not is_root():
        skip("needs root to show another /proc/meminfo", "a weight that does not fit is refused")
        return
    with little_memory(user) as enter:
        try:
            batch = Batch(user=enter)
        except subprocess.SubprocessError as why:
            skip(f"no other /proc/meminfo can be shown: {why}", "a weight that does not fit is refused")
            return
        with batch:
            refused = batch.do("weigh private-anon 16M")
            ok(refused["type"] == "error" and "16 MiB of private-anon need 144 MiB" in refused["message"]
               and "100 MiB are available" in refused["message"], f"refused, with the numbers: {refused.get('message')}")
            same(batch.do("weigh private-anon 16M anyway")["type"], "weigh", "anyway: it is taken")
            ok("say anyway" in batch.do("weigh private-file")["message"], "the usual size is refused as well")


for label, become in users():
    print(f"# as {label}", flush=True)
    mapping(become)
    numbers(become)
    awaiting(become)
    new_program(become)
    locks(become)
    copies(become)
    allocations(become)
    names(become)
    one_vma(become)
    loops(become)
    weights(become)
    too_heavy(become)
file_of_another()
done()
