#!/usr/bin/env python3
"""The lab shows what was done to it and nothing of its own: no trace of the instrument, no act counted twice, no state that
bits only suggest, no "nothing changed" where something did."""

from live import *

ROUNDS = int(os.environ.get("ROUNDS", "12"))
QUIET = "Nothing changed."


def locks(user):
    """The one who has a lock does something else, elsewhere: the page with the lock stays as it is."""
    with Batch(user=user) as batch:
        batch.do("lab private-anon processes=1")
        batch.do("lock a:2")
        batch.do("fork a")
        for command in ("read a:5", "write a:6", "sync a:7", "advise a:8 cold", "protect a:9 read", "unmap a:9", "map a:9", "copy a:1 load"):
            reply = batch.do(command)
            same([e for e in events(reply) if e[2] == 2], [], f"{command}: nothing happens to page 2")
        for name in "ab":
            same((page(reply, f"{name}:2")["state"], page(reply, f"{name}:2")["mapped_by"]), ("shared", 2), f"{name} shares the page of the lock")
        reply = batch.do("fork a c")
        batch.do("lock c:3")
        reply = batch.do("read c:5")
        same(page(reply, "c:2")["state"], "shared", "who was forked meanwhile links nothing to the parent's lock")
    for kind in KINDS:
        with Batch(f"--kind={kind}", user=user) as batch:
            reply = batch.do("lock a:2")
            what = f"{kind}: to lock is one access, and one fault"
            if sanitized(process(reply, "a")["pid"]):
                skip("a sanitizer looks at memory of its own before it", what)
            else:
                same([a["minor_faults"] for a in reply["acts"]], [1], what)


def huge_zeros(user):
    with Batch(user=user) as batch:
        batch.do("lab private-anon pages=1024 processes=1 vmas=one")
        if PAGE != 4096 or any(e["type"] == "refused" for e in batch.do("advise a:* hugepage")["events"]):
            return skip("no huge pages of 512 pages here", "the huge page of zeros")
        reply = batch.do("read a:0")
        a = process(reply, "a")
        entries = pagemap(a["pid"], int(a["address"], 16), 1024)
        if not entries[511].present or entries[511].exclusive:
            return skip("the kernel lends no huge page of zeros", "the huge page of zeros")
        same({p["state"] for p in a["pages"] if entries[p["page"]].present}, {"zero"}, "the huge page of zeros is zeros")
        same((a["rss_kib"], a["pss_kib"]), (0, 0), "and nothing is resident")
        reply = batch.do("write a:3")
        state = page(reply, "a:3")["state"]
        ok(state == "private" or (state == "unknown" and (user or os.geteuid())), f"who writes it gets fresh memory, no copy: {state}")
        ok("copied" not in {e["type"] for e in reply["events"]}, "and no copy is told")
    return None


def late(user):
    """An act that was answered late, also while the lab was looked at, counts once."""
    wrong = []
    for _ in range(ROUNDS):
        with Batch("--kind=private-anon", user=user) as batch:
            batch.do("write b:4")
            batch.do("fork b d")
            batch.do("read all:3")
            for command in ("kill c STOP", "kill d STOP", "write cd:3", "write d:4", "kill c CONT", "kill d CONT"):
                batch.do(command)
            batch.do("await c:3 private")
            batch.do("await d:3 private")
            reply = batch.do("show")
            found = [(p["state"], p["frame"]) for p in (page(reply, "c:3"), page(reply, "d:3"))]
            if found != [("private", "c3"), ("private", "d3")]:
                wrong.append(found)
            told = [e for e in events(reply) if e[0] == "filled"]
            if len(told) != len(set(told)):
                wrong.append(told)
    same(wrong, [], f"{ROUNDS} times: what was done late was done once")


def loose(user):
    """Bit 56 before and after, and yet another frame: root is told of the copy, and of nothing else; others of neither."""
    for advice in ("free", "cold", "normal"):
        with Batch("--kind=private-anon", user=user) as batch:
            batch.do("write c:3")
            batch.do("fork c")
            reply = batch.do(f"advise d:3 {advice}")
            had = real(reply, "d:3")
            reply = batch.do("write all:3")
            copied = real(reply, "d:3") not in (had, 0)
            told = [e for e in events(reply) if e[0] == "copied" and e[1] == "d"]
            state, text = page(reply, "d:3")["state"], told_in_words(batch)
            if user is None:
                same((state == "copied", len(told)), (copied, int(copied)), f"{advice}: copied, or not, and told so")
                ok(not (copied and "alone: the write went there" in text), f"{advice}: and not the contrary as well")
            else:
                ok(state in (("copied", "unknown") if copied else ("private", "unknown")), f"{advice}: right or unknown: {state}")
                ok(not copied or "d has c3 alone: the write went there, nothing was copied" not in text, f"{advice}: no certainty in words")


def real(reply, where):
    """The frame's number, as root reads it whoever runs the lab."""
    name, number = where.split(":")
    p = process(reply, name)
    return pagemap(p["pid"], int(p["address"], 16), reply["lab"]["pages"])[int(number)].pfn


def told_in_words(batch):
    return " ".join(e["text"] for e in batch.do("show")["events"])


DEEDS = (("shared-file", "file truncate 4", "The file has 16384 bytes now"), ("shared-file", "file truncate 4; file grow 6", "The file has 24576 bytes now"),
         ("shared-file", "file close", "a, b and c closed their descriptors"), ("shared-file", "file link", "The file has a name"),
         ("shared-file", "file link; file unlink", "The name is gone"), ("shared-file", "file link; file open", "a, b and c opened the file"),
         ("posix-shm", "file link", "has a name in /dev/shm"), ("shared-file", "protect a:0 read", "mapped r-- now and was rw-"),
         ("private-anon", "protect all:* none", "have another protection"), ("shared-file", "lock a:2", "a has the lock in page 2"),
         ("shared-file", "lock a:2; unlock a:2", "released the lock in page 2"), ("shared-file", "lock a:2; lock b:2", "b waits for a lock"),
         ("private-anon", "alloc a 1M", "malloc(1048576) of a came from mmap"), ("private-anon", "advise a:3 cold", "madvise told the kernel"),
         ("private-file", "copy b:2 read", "1 system call copied"), ("private-anon", "exec c", "called execve"), ("private-file", "reset", "The mapping is there"),
         ("private-file", "unmap a:2", "Nothing is mapped there now"))


def deeds(user):
    for kind, line, text in DEEDS:
        if kind == "shared-file" and "file link" in line and not can_link():
            skip("this file system gives no name to a file that was made without one", f"{kind}: {line}")
            continue
        line = line if PAGE == 4096 else line.replace("truncate 4", "truncate 2")
        _, out, _ = run("--batch", f"--kind={kind}", "-c", line, user=user)
        out = " ".join(out.split())
        wanted = text if PAGE == 4096 else re.sub(r"\d{4,}", "", text)
        ok(QUIET not in out and wanted in out, f"{kind}: {line}: {out[-110:]}")
    _, out, _ = run("--batch", "--kind=shared-file", "-c", "file grow 10", user=user)
    ok(QUIET in out, "where nothing changed that is said")


def shares(user):
    """Pss is what is said of it: each frame divided among those who map it."""
    for count in (1, 3, 5, 9):
        with Batch(f"--processes={count}", user=user) as batch:
            reply = batch.do("read all:*")
            same({p["pss_kib"] for p in reply["processes"]}, {10 * PAGE // count // 1024}, f"{count} processes: Pss is {10}/{count} pages")
    with Batch("--kind=private-anon", "--processes=1", user=user) as batch:
        for command in ("write a:0-9", "fork a b", "fork a c", "fork a d", "fork a e", "write b:0-3"):
            reply = batch.do(command)
        wanted = {"a": 4 * PAGE / 4 + 6 * PAGE / 5, "b": 4 * PAGE + 6 * PAGE / 5}
        same({n: process(reply, n)["pss_kib"] for n in wanted}, {n: int(v // 1024) for n, v in wanted.items()}, "and of copies and what is left")


def full_disk(user):
    """SIGBUS of a page that the file has: there is no room for it."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not is_root():
        return skip("needs root to mount", "SIGBUS on a full disk")
    with tempfile.TemporaryDirectory() as place:
        def enter():
            if libc.unshare(CLONE_NEWNS) or libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None) or \
                    libc.mount(b"none", place.encode(), b"tmpfs", 0, f"size={16 * PAGE},mode=1777".encode()):
                raise OSError(ctypes.get_errno(), "mount")
            if user:
                user()
        with Batch("--kind=shared-file", "--processes=1", user=enter, env={**os.environ, "TMPDIR": place}) as batch:
            batch.do("file truncate 4")
            reply = batch.do("file grow 10")
            with open(f"/proc/{process(reply, 'a')['pid']}/root{place}/rest", "wb", buffering=0) as rest:
                os.chmod(rest.fileno(), 0o666)
                try:
                    while rest.write(b"x" * PAGE):
                        pass
                except OSError:
                    pass
            reply = batch.do("write a:6")
            told = [e for e in reply["events"] if e["type"] == "faulted"]
            same([(e["signal"], e.get("errno")) for e in told], [("SIGBUS", "ENOSPC")], "a store into a hole on a full disk")
            ok(told and "no room left" in told[0]["text"] and "ends before" not in told[0]["text"], f"why: {told and told[0]['text']}")
            batch.do("file truncate 4")
            told = [e for e in batch.do("write a:6")["events"] if e["type"] == "faulted"]
            ok(told and "ends before" in told[0]["text"], "past the end it is the end")
    return None


for label, become in users():
    print(f"# as {label}", flush=True)
    locks(become)
    huge_zeros(become)
    late(become)
    if is_root() and shows_pfns():
        loose(become)
    else:
        skip("only root sees PFNs", "copies that bit 56 does not show")
    deeds(become)
    shares(become)
    full_disk(become)
done()
