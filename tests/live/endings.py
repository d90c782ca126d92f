#!/usr/bin/env python3
"""Whatever ends the program, nothing is left: no worker, not even a stopped one or a grandchild, no file, no shared memory
object; and on a terminal, the terminal as it was."""

import pty
import select
import signal
import tempfile
import termios

from live import *

SIGNALS = (signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGQUIT, signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL)


def kept(reply):
    """The lab's file, kept open by us: how many names it has is told when everybody else is gone. None: no file."""
    return os.open(reply["lab"]["path"], os.O_RDONLY) if reply["lab"]["path"] else None


def nameless(file):
    if file is None:
        return True
    links = os.fstat(file).st_nlink
    os.close(file)
    return links == 0 or filesystem().startswith("fuse")  # which keeps a name of its own until we close it


def listing(directory):
    """An open file that is deleted has a name that FUSE itself gives it."""
    return [name for name in os.listdir(directory) if not name.startswith(".fuse_hidden")]


def gone(fds):
    """Waits until every process behind the pidfds has ended; None if one has not within the deadline."""
    waiting = dict.fromkeys(fds)
    poll = select.poll()
    for fd in waiting:
        poll.register(fd, select.POLLIN)
    while waiting:
        ready = poll.poll(20000)
        if not ready:
            return False
        for fd, _ in ready:
            poll.unregister(fd)
            del waiting[fd]
    return True


def signalled(pid, signum):
    """Or it has ended already, for another one's end."""
    try:
        os.kill(pid, signum)
    except ProcessLookupError:
        pass


def pids_of(reply):
    return [p["pid"] for p in reply["processes"] if p["alive"]]


def children_of(pid):
    """The program and everything below it, the process that keeps the file included."""
    found = [pid]
    for parent in found:
        with open(f"/proc/{parent}/task/{parent}/children") as f:
            found += [int(child) for child in f.read().split()]
    return found


def troubled_lab(batch):
    """With a grandchild and a stopped worker, so that every kind of worker is there."""
    batch.do("read all:*")
    batch.do("fork a d")
    batch.do("fork d e")
    reply = batch.do("kill b STOP")
    return [os.pidfd_open(pid) for pid in children_of(batch.process.pid)[1:]], reply


def batch_ending(how, label, user, kind):
    with tempfile.TemporaryDirectory(dir="/var/tmp") as directory:
        os.chmod(directory, 0o777)
        environment = dict(os.environ, TMPDIR=directory)
        batch = Batch(f"--kind={kind}", user=user, env=environment)
        workers, reply = troubled_lab(batch)
        file = kept(reply)
        same(listing(directory), [], f"{label}, {kind}: the file has no name while the lab runs")
        if how == "quit":
            batch.process.stdin.write("quit\n")
            batch.process.stdin.flush()
        elif how == "end of input":
            batch.process.stdin.close()
        elif how == "nobody reads":
            batch.process.stdout.close()
            batch.process.stdin.write("show\n" * 50)
            try:
                batch.process.stdin.close()
            except BrokenPipeError:
                pass
        else:
            os.kill(batch.process.pid, how)
        batch.process.wait()
        name = how.name if isinstance(how, signal.Signals) else how
        ok(gone(workers), f"{label}, {kind}, {name}: no worker is left")
        same((listing(directory), nameless(file)), ([], True), f"{label}, {kind}, {name}: no file, no shared memory object")
        for fd in workers:
            os.close(fd)


class Terminal:
    """cowscope on a terminal of its own."""

    def __init__(self, *arguments):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm-256color"
            os.execv(COWSCOPE, [COWSCOPE, *arguments])
        self.seen = b""

    def until(self, wanted):
        while wanted not in self.seen:
            if not select.select([self.fd], [], [], 20)[0]:
                return False
            try:
                self.seen += os.read(self.fd, 65536)
            except OSError:
                return wanted in self.seen
        return True

    def drain(self):
        while select.select([self.fd], [], [], 20)[0]:
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                break
            if not data:
                break
            self.seen += data


def terminal_ending(how):
    terminal = Terminal()
    name = how.name if isinstance(how, signal.Signals) else how
    ok(terminal.until(b"shared") and terminal.until(b"quit"), f"terminal, {name}: the lab is drawn")
    workers = [os.pidfd_open(pid) for pid in children_of(terminal.pid)[1:]]
    same(len(workers), 4, f"terminal, {name}: three workers and the one that keeps the file")
    if how == "hang up":
        os.close(terminal.fd)
    elif isinstance(how, signal.Signals):
        os.kill(terminal.pid, how)
    else:
        os.write(terminal.fd, how.encode())
    if how != "hang up":
        terminal.drain()
    _, status = os.waitpid(terminal.pid, 0)
    ok(gone(workers), f"terminal, {name}: no worker is left")
    if how not in ("hang up", signal.SIGKILL):
        ok(terminal.seen.rstrip().rfind(b"\x1b[?1049l") > terminal.seen.rfind(b"\x1b[?1049h"),
           f"terminal, {name}: the alternate screen is left")
    if isinstance(how, signal.Signals):
        same(os.waitstatus_to_exitcode(status), -how, f"terminal, {name}: the exit status tells the signal")
    elif how != "hang up":
        same(os.waitstatus_to_exitcode(status), 0, f"terminal, {name!r}: exit status 0")
    for fd in workers:
        os.close(fd)


def named_ending(how, label, user, kind):
    """A name that the file was given goes with the lab, even if everybody of its process group is killed at once."""
    if kind != "posix-shm" and not can_link():
        skip("this file system gives no name to a file that was made without one", f"{label}, {kind}, {how}")
        return
    with tempfile.TemporaryDirectory(dir="/var/tmp") as directory:
        os.chmod(directory, 0o777)
        batch = Batch(f"--kind={kind}", user=user, env=dict(os.environ, TMPDIR=directory))
        file = kept(batch.do("file link"))
        place = "/dev/shm" if kind == "posix-shm" else directory
        same(len(names_of(os.fstat(file), place)), 1, f"{label}, {kind}: the file has a name")
        family = children_of(batch.process.pid)
        fds = [os.pidfd_open(pid) for pid in family[1:]]
        same(len(fds), 5, f"{label}, {kind}: three workers, the one that keeps the file and the one that keeps its name")
        ok(os.getsid(family[-1]) != os.getsid(batch.process.pid), f"{label}, {kind}: a signal to the group does not reach the last")
        if how == "reset":
            batch.do("reset")
            same(len(children_of(batch.process.pid)), 5, f"{label}, {kind}: after a reset nobody of the lab before is there")
        elif how == "every signal":
            for pid in reversed(family[1:]):
                for signum in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                    signalled(pid, signum)
            os.kill(batch.process.pid, signal.SIGKILL)
        elif how == "all but one killed":
            with open(f"/proc/{family[-1]}/comm") as f:
                same(f.read().strip(), "cowscope-name", f"{label}, {kind}: who keeps the name")
            for pid in family[:-1]:
                signalled(pid, signal.SIGKILL)
        elif isinstance(how, signal.Signals):
            os.kill(batch.process.pid, how)
        else:
            batch.process.stdin.close()
        name = how.name if isinstance(how, signal.Signals) else how
        if how != "reset":
            batch.process.wait()
        ok(gone(fds), f"{label}, {kind}, {name}: no process is left")
        same((listing(directory), nameless(file)), ([], True), f"{label}, {kind}, {name}: no name is left")
        if how == "reset":
            batch.end()
        for fd in fds:
            os.close(fd)


def swept(label, user, kind):
    """Where everybody was killed, who keeps the name too, the next start takes it away; and nothing else."""
    if kind != "posix-shm" and not can_link():
        skip("this file system gives no name to a file that was made without one", f"{label}, {kind}: swept")
        return
    with tempfile.TemporaryDirectory(dir=lab_directory()) as directory:
        os.chmod(directory, 0o777)
        place = "/dev/shm" if kind == "posix-shm" else directory
        environment = dict(os.environ, TMPDIR=directory)
        living, dying = (Batch(f"--kind={kind}", user=user, env=environment) for _ in range(2))
        lives, dies = (os.stat(batch.do("file link")["lab"]["path"]) for batch in (living, dying))
        family = children_of(dying.process.pid)
        fds = [os.pidfd_open(pid) for pid in family[1:]]
        name = names_of(dies, place)[0]
        for pid in reversed(family):
            signalled(pid, signal.SIGKILL)
        dying.process.wait()
        ok(gone(fds), f"{label}, {kind}: everybody is killed")
        if kind != "posix-shm":  # there another start may come first
            same(len(names_of(dies, place)), 1, f"{label}, {kind}: and the name stays")
        others = {os.path.join(directory, other) for other in (
            "cowscope", "cowscope-lab-", "cowscope-lab-" + "0" * 31, "cowscope-lab-" + "0" * 33, "cowscope-lab-" + "G" * 32)}
        for other in others:
            with open(other, "w", encoding="ascii"):
                pass
        link, folder = (os.path.join(directory, "cowscope-lab-" + digit * 32) for digit in "12")
        os.symlink(next(iter(others)), link)
        os.mkdir(folder)
        same(run("--batch", "-c", "show", user=user, env=environment)[0], 0, f"{label}, {kind}: the next start")
        same(names_of(dies, place), [], f"{label}, {kind}: takes it away")
        same(len(names_of(lives, place)), 1, f"{label}, {kind}: and not that of a lab that lives")
        same({path for path in (*others, link, folder) if not os.path.lexists(path)}, set(), f"{label}, {kind}: nor anything else")
        ok(not os.path.exists(name), f"{label}, {kind}: the path is free")
        living.do("file unlink")
        living.end()
        if user and is_root():
            another = os.path.join(directory, "cowscope-lab-" + "3" * 32)
            with open(another, "w", encoding="ascii"):
                os.chmod(another, 0o666)
            run("--batch", "-c", "show", user=user, env=environment)
            ok(os.path.exists(another), f"{label}, {kind}: nor what is another user's")


for who, become in users():
    for other in ("shared-file", "posix-shm"):
        swept(who, become, other)
for who, become in users():
    for way in (signal.SIGKILL, signal.SIGTERM, "end of input", "reset", "every signal", "all but one killed"):
        for other in ("shared-file", "posix-shm"):
            named_ending(way, who, become, other)
for who, become in users():
    for way in SIGNALS + ("quit", "end of input", "nobody reads"):
        batch_ending(way, who, become, "private-file")
    for way in (signal.SIGKILL, signal.SIGTERM, "quit"):
        for other in ("private-anon", "shared-anon", "posix-shm"):
            batch_ending(way, who, become, other)
for way in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL,
            "q", ":q\r", "\x03", "hang up"):
    terminal_ending(way)
done()
