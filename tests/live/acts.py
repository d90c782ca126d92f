#!/usr/bin/env python3
"""What mmap is told and refuses, faults with their codes and counts, and facts that come later."""

from live import *


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


for label, become in users():
    print(f"# as {label}", flush=True)
    mapping(become)
    numbers(become)
    awaiting(become)
done()
