#!/usr/bin/env python3
"""As in a container: the lab's file on an overlay or on FUSE, system calls refused. Every lesson plays to its end, the quiz asks and
judges, and what such a file system cannot tell is said to be so."""

import errno
import shutil
import threading

from live import *

LESSONS = ("cow", "shared-file", "msync", "offset-length", "sigbus", "ipc")
libc = ctypes.CDLL(None, use_errno=True)


def mounted(source, kind, place, options=None):
    """None, or why it was not."""
    if libc.mount(source.encode(), place.encode(), kind.encode(), 0, options.encode() if options else None):
        return os.strerror(ctypes.get_errno())
    return None


def overlay(work, place):
    for name in ("lower", "upper", "work"):
        os.mkdir(os.path.join(work, name))
        os.chmod(os.path.join(work, name), 0o1777)
    return mounted("overlay", "overlay", place, f"lowerdir={work}/lower,upperdir={work}/upper,workdir={work}/work")


def overlay_on_tmpfs(work, place):
    return mounted("none", "tmpfs", work) or overlay(work, place)


def fuse(work, place):
    if not shutil.which("bindfs"):
        return "there is no bindfs"
    os.chmod(work, 0o1777)
    ended = subprocess.run(["bindfs", "-o", "allow_other", work, place], capture_output=True, text=True, check=False)
    return ended.stderr.strip() or None if ended.returncode else None


def tmpfs(_, place):
    return mounted("none", "tmpfs", place, "mode=1777")


def play_all(where, label, user, environment):
    for lesson in LESSONS:
        status, out, err = run("--batch", lesson, user=user, env=environment)
        ok(status == 0 and not err, f"{where}, {label}: lesson {lesson} {err.strip()}")
        if where.startswith("preadv2"):
            usual = run("--batch", lesson, user=dict(users())[label])[1]
            same(out.count("Left out"), usual.count("Left out"), f"{where}, {label}: lesson {lesson} leaves nothing more out")


def ask_some(where, label, user, environment):
    status, out, err = run("quiz", "--batch", "--seed=3", "--questions=40", text="1\n" * 40, user=user, env=environment)
    ok(status == 0 and not err and out.count("Question ") == 40, f"{where}, {label}: forty questions {err.strip()}")
    ok("does not count" not in out, f"{where}, {label}: each is judged")


def tell_what_is_unknown(where, user, environment):
    """An ordinary user's overlay: no cachestat, no kpageflags, and nobody who maps the page."""
    script = "lab shared-file; expect file:3 clean; expect file:3 not clean; expect file:3 content=3333"
    status, out, err = run("--batch", "-c", script, user=user, env=environment)
    lines = [line for line in out.splitlines() if not line.startswith("  ")]
    ok(status == 3 and not err and len(lines) == 4, f"{where}: what is not known is status 3: {status} {err.strip()}")
    ok(all(line.startswith("not checked: ") and ": cachestat(2) does not tell here" in line for line in lines[1:3]),
       f"{where}: neither the fact nor its opposite is told")
    same(lines[3], "true: expect file:3 content=3333", f"{where}: the script goes on")
    same(run("--batch", "-c", "lab shared-file; await file:3 dirty", user=user, env=environment)[0], 3, f"{where}: also of await")
    for more, wanted in (("expect a:0 copied", 1), ("read z:0", 2)):
        same(run("--batch", "-c", f"{script}; {more}", user=user, env=environment)[0], wanted, f"{where}: status {wanted} goes before 3")
        same(run("--batch", "-c", f"{more}; {script}", user=user, env=environment)[0], wanted, f"{where}: also in the other order")
    status, out, err = run("--batch", "--format=json", "-c", "lab shared-file", "-c", "expect file:3 clean", user=user, env=environment)
    reply = json.loads(out.splitlines()[-1])
    ok(status == 3 and reply["holds"] is None and reply["message"], f"{where}: in JSON it holds null")
    with tempfile.NamedTemporaryFile("w", suffix=".md", dir="/var/tmp") as file:
        file.write("# Unknown\n\nSummary.\n\n```cow\nlab shared-file\nexpect file:3 clean\nexpect a:0 absent\n```\n\nGoes on.\n")
        file.flush()
        os.chmod(file.name, 0o644)
        status, out, err = run("--batch", file.name, user=user, env=environment)
        ok(status == 0 and not err and "not checked: expect file:3 clean: " in out and "Goes on." in out,
           f"{where}: a lesson says so and goes on: {status} {err.strip()}")


def play_on(name, mount):
    """In a mount namespace of a process of its own, which takes the mounts along when it ends."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as work, tempfile.TemporaryDirectory(dir="/var/tmp") as place:
        why = mount(work, place)
        if why:
            skip(f"{name} cannot be mounted here: {why}", name)
            return
        try:
            environment = dict(os.environ, TMPDIR=place)
            for label, user in users():
                play_all(name, label, user, environment)
                ask_some(name, label, user, environment)
                if name == "an overlay" and user:
                    tell_what_is_unknown(f"{name}, {label}", user, environment)
                same(os.listdir(place), [], f"{name}, {label}: nothing is left")
        finally:
            libc.umount2(place.encode(), 2)
            libc.umount2(work.encode(), 2)


def play_refused(names, errnum):
    for label, user in users():
        enter = refusing(names, errnum, user)
        where = f"{', '.join(names)} refused with {errno.errorcode[errnum]}"
        if not enter:
            skip(f"the numbers of these calls on {os.uname().machine} are not known", where)
            continue
        play_all(where, label, enter, None)
        ask_some(where, label, enter, None)


def late_mincore():
    """Where mincore's word comes late, the page cache is not known meanwhile, and the next command waits for it."""
    enter = refusing(("cachestat",), errno.ENOSYS)
    with Batch(user=enter) as batch:
        reply = batch.do("read a:1")
        same(reply["file"]["pages"][1]["cached"], True, "without cachestat: mincore tells what is cached")
        with open(f"/proc/{batch.process.pid}/task/{batch.process.pid}/children") as f:
            clerk, = {int(pid) for pid in f.read().split()} - {p["pid"] for p in reply["processes"]}
        os.kill(clerk, signal.SIGSTOP)
        same(batch.do("read a:2")["file"]["pages"][3]["cached"], None, "mincore does not answer: it is not known")
        later = threading.Timer(0.2, os.kill, (clerk, signal.SIGCONT))
        later.start()
        reply = batch.do("file write 3 Z")
        later.join()
        same((reply["type"], reply.get("message")), ("snapshot", None), "the next command waits for the answer")
        same(batch.do("show")["file"]["pages"][3]["cached"], True, "and it is known again")


def own_namespace():
    if not is_root():
        return "needs root"
    if libc.unshare(CLONE_NEWNS) or libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None):
        return os.strerror(ctypes.get_errno())
    open_again()
    return None


def readable_lessons(directory):
    """Where an ordinary user can read them wherever the tree lies."""
    os.chmod(directory, 0o755)
    for name in LESSONS:
        path = shutil.copyfile(os.path.join(os.path.dirname(__file__), f"../../lessons/{name}.md"), f"{directory}/{name}.md")
        os.chmod(path, 0o644)
    os.environ["COWSCOPE_LESSONS"] = directory


lessons = tempfile.TemporaryDirectory()
readable_lessons(lessons.name)
reason = own_namespace()
for kind, way in (("an overlay", overlay), ("an overlay on tmpfs", overlay_on_tmpfs), ("FUSE", fuse), ("tmpfs", tmpfs)):
    if reason:
        skip(reason, kind)
    else:
        play_on(kind, way)
late_mincore()
for number in (errno.EPERM, errno.ENOSYS):
    play_refused(("preadv2",), number)
    play_refused(("preadv2", "cachestat", "pidfd_open", "pidfd_send_signal", "close_range"), number)
lessons.cleanup()
done()
