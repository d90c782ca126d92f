#!/usr/bin/env python3
"""What goes wrong with processes that are not ours: each has an answer, and losing one never ends the session."""

import contextlib
import ctypes

from oracle import *

CLONE_NEWNS, CLONE_NEWUSER, MS_REC, MS_PRIVATE = 0x20000, 0x10000000, 1 << 14, 1 << 18
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def joins_and_leaves():
    with Family() as target:
        target.do(0, "map", "m", "anon", 100)
        target.do(0, "write", "m", 0, 100, 65)
        with Watch([target.pids[0]]) as watch:
            watch.until(lambda f: rss_of(f, target.pids[0]), "the first process is there")
            child = target.fork(0, 1)
            watch.until(lambda f: rss_of(f, child), "a child joins")
            target.do(1, "write", "m", 0, 50, 66)
            watch.until(lambda f: apart(told_of(f, child)) >= 50 * KIB, "what it copies is seen")
            before = target.do(1, "exec")
            watch.until(lambda f: told_of(f, child) and apart(told_of(f, child)) == 0 and rss_of(f, child), "it execs, and is read on")
            target.do(1, "exit")
            watch.until(lambda f: not rss_of(f, child), "it has ended: a zombie has no memory")
            target.do(0, "reap", child)
            family = watch.until(lambda f: (told_of(f, child) or {"life": "gone"})["life"] == "gone", "it is gone")
            ok(rss_of(family, target.pids[0]) > 0 and before == 0, "and the session goes on")


def the_last_one_leaves():
    with Family() as target:
        watch = Watch([target.pids[0]])
        watch.sample()
        pid = target.pids[0]
        os.kill(pid, signal.SIGKILL)
        with watch:
            watch.until(lambda f: not rss_of(f, pid), "the last one is killed: no numbers of the dead")


def names():
    for name, what in ((r"a\x1b]0;b\x07", "escape sequences"), (r"a)\x20(b)", "brackets and blanks"), (r"a\x0ab", "a line break"),
                       (r"\xe2\x80\xaex", "a mark that turns the line around"), (r"\xff\xfe", "no UTF-8")):
        with Family() as target:
            target.do(0, "rename", name)
            status, family, err = attach([target.pids[0]])
            same((status, err), (0, ""), f"{what} in a name: attached")
            command = told_of(family, target.pids[0])["command"] if family else "\n"
            ok(not CONTROL.search(command) and "\n" not in command and command, f"{what} in a name: {command!r} is harmless in JSON")
            _, text, _ = live.run("--batch", "-p", str(target.pids[0]))
            ok(text and not CONTROL.search(text), f"{what} in a name: the text is harmless")
            _, plain, _ = live.run("--batch", "-p", str(target.pids[0]), "--format=openmetrics")
            ok(plain.endswith("# EOF\n") and all(re.match(r"#|[a-z_]+(\{[^\n]*\})? \S+$", line) for line in plain.splitlines()),
               f"{what} in a name: the metrics stay lines")


def many_mappings():
    with Family() as target:
        target.do(0, "many", 20000)
        target.fork(0, 1)
        pids = list(target.pids.values())
        status, family, err = attach(pids)
        same((status, err), (0, ""), "20,000 mappings: attached")
        for pid in pids:
            same(rss_of(family, pid), Truth(pids).rss(pid) if is_root() else rss_of(family, pid), "20,000 mappings: Rss")


def sparse():
    with Family() as target:
        start = target.do(0, "sparse", "big", 1024)
        for page in (0, 12345678, (1 << 40) // PAGE - 1):
            target.do(0, "write", "big", page, 1, 65)
        status, family, err = attach([target.pids[0]])
        same((status, err), (0, ""), "1 TiB without pages: attached")
        region = next((m for m in family["mappings"] if int(m["start"], 16) <= start < int(m["end"], 16)), None) if family else None
        same(region and region["processes"][0]["present_kib"], 3 * KIB, "1 TiB without pages: its three pages are found")


def not_ours(user):
    with Family() as target:
        status, family, err = attach([target.pids[0]], user=user)
        ok(status == 3 and not family and "denied" in err.lower(), f"another user's process: {status} {err!r}")
    with Family() as target, contextlib.ExitStack() as stack:
        own = stack.enter_context(Family(user))
        status, family, err = attach([own.pids[0], target.pids[0]], user=user)
        same(status, 0, "one of two is another user's: the other one is shown")
        same((told_of(family, target.pids[0]) or {}).get("life"), "denied", "and of this one is said that it is denied")
        ok(rss_of(family, own.pids[0]), "the other one has numbers")


def not_dumpable(user):
    """A process of one's own that says it may not be looked into, as a daemon that dropped root: denied, for as long as it says so."""
    with Family(user) as target:
        parent, child = target.pids[0], target.fork(0, 1)
        target.do(1, "dumpable", 0)
        status, family, err = attach([child], user=user)
        ok(status == 3 and not family and "denied" in err.lower(), f"a process that is not dumpable: {status} {err!r}")
        with Watch([parent], user=user) as watch:
            family = watch.until(lambda f: told_of(f, child), "not dumpable, among others: its parent is watched")
            told = told_of(family, child)
            same((told["life"], told["reason"], told["rss_kib"], "process" in family["lacks"]), ("denied", "EACCES", None, True),
                 "it is denied, and that lacks")
            same([told[key] for key in ("basis", "was_shared_kib", "left_alone_kib", "counted_kib", "same_kib")], [None] * 5,
                 "what was never read has no basis, and nothing that it shared")
            same((family["memory"]["frames_kib"], bool(rss_of(family, parent))), (None, True), "the other one has numbers, frames are not counted")
            target.do(1, "dumpable", 1)
            watch.until(lambda f: told_of(f, child)["life"] == "running" and rss_of(f, child), "once it may be, it is read")
            target.do(1, "dumpable", 0)
            family = watch.until(lambda f: told_of(f, child)["life"] == "denied", "and then not any more")
            same((told_of(family, child)["rss_kib"], told_of(family, child)["pss_kib"]), (None, None), "it has no numbers then")


def nobody_there():
    pid = subprocess.Popen([sys.executable, "-c", ""])
    pid.wait()
    status, family, err = attach([pid.pid])
    ok(status in (2, 3) and not family and str(pid.pid) in err, f"a process that has ended: {status} {err!r}")
    for wrong in ("0", "-1", "", "1,,2", "99999999999", "no such name here"):
        status, out, err = live.run("--batch", "-p", wrong)
        ok(status in (2, 3) and not out and err.count("\n") == 1, f"-p {wrong!r}: {status} {err!r}")


def kernel_thread():
    try:
        with open("/proc/2/stat") as file:
            found = "(kthreadd)" in file.read()
    except OSError:
        found = False
    if not found:
        skip("no thread of the kernel can be seen here", "a thread of the kernel")
        return
    status, family, err = attach([2])
    same((status, err), (0, ""), "a thread of the kernel: attached")
    told = told_of(family, 2)
    same((told["life"], told["rss_kib"], told["pss_kib"]), ("kernel", 0, None), "it has no memory of its own, and Pss is not known")


def in_namespace(flag):
    if ctypes.CDLL(None, use_errno=True).unshare(flag) != 0:
        raise OSError(ctypes.get_errno(), "unshare")


def hide_others():
    """/proc shows an ordinary user nobody but his own."""
    in_namespace(CLONE_NEWNS)
    mount = ctypes.CDLL(None, use_errno=True).mount
    if mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None) or mount(b"proc", b"/proc", b"proc", 0, b"hidepid=2"):
        raise OSError(ctypes.get_errno(), "mount")
    live._become_nobody()


def hidden():
    with Family() as target:
        try:
            status, family, err = attach([target.pids[0]], user=hide_others)
        except subprocess.SubprocessError as why:
            return skip(f"no mount namespace can be made here: {why}", "a process behind hidepid")
        ok(status == 3 and not family and "hidepid" in err, f"a process behind hidepid: {status} {err!r}")


def in_user_namespace():
    """Root of a namespace of its own reads no PFN, though it is root."""
    script = "import os, subprocess, sys\n" \
             "subprocess.run([sys.argv[1], '--batch', '--format=json', '-p', str(os.getpid())], pass_fds=[int(sys.argv[2])])"
    try:
        ended = subprocess.run([sys.executable, "-c", script, live.COWSCOPE, str(live._PROGRAM)], stdout=subprocess.PIPE, text=True, cwd="/",
                               preexec_fn=lambda: in_namespace(CLONE_NEWUSER), pass_fds=[live._PROGRAM])
    except subprocess.SubprocessError as why:
        return skip(f"no user namespace can be made here: {why}", "in a user namespace")
    family = json.loads(ended.stdout)
    ok(family["pfn"] == "unknown" and "cap_sys_admin" in family["lacks"],
       f"in a user namespace: PFNs are not known, and it says why: {family['lacks']}")
    ok(rss_of(family, family["processes"][0]["pid"]) > 0 and family["memory"]["frames_kib"] is None,
       "in a user namespace: frames are not counted")


def refused():
    """What would be passed over without a word is refused, in one line."""
    with Family() as target:
        pid = str(target.pids[0])
        for arguments in (["-c", "view guide", "--size=70x8"], ["-c", "view panels", "--size=70x8"], ["--format=json", "-c", "view map"],
                          ["--every=1", "--format=svg"], ["--summary", "--size=70x8"], ["--open=saved.json"]):
            status, out, err = live.run("--batch", "-p", pid, *arguments)
            ok(status == 2 and not out and re.fullmatch("cowscope: .+\n", err), f"{' '.join(arguments)}: refused: {status} {err!r}")


def main():
    refused()
    joins_and_leaves()
    the_last_one_leaves()
    names()
    many_mappings()
    sparse()
    if is_root():
        not_ours(live._become_nobody)
        not_dumpable(live._become_nobody)
        hidden()
    else:
        skip("needs root to be two users", "another user's process")
        not_dumpable(None)
        skip("needs root to mount /proc", "a process behind hidepid")
    in_user_namespace()
    nobody_there()
    kernel_thread()
    done()


if __name__ == "__main__":
    main()
