#!/usr/bin/env python3
"""--freeze: whoever stops or ends cowscope, its guard or both while processes are held, these go on, and the sample says so."""

import contextlib
import ctypes
import select
import shutil
import tempfile
import time

from oracle import *

PAGES = 8192
PATIENCE = 30
DEADLINE = 10 # seconds for which anybody is held at most
PTRACE_CONT, PTRACE_SEIZE, PTRACE_INTERRUPT, PTRACE_DETACH = 7, 0x4206, 0x4207, 17
WALL = 0x40000000


def until(holds, what):
    """Waits for what nobody can be asked to tell."""
    end = time.monotonic() + PATIENCE
    while not holds() and time.monotonic() < end:
        select.select([], [], [], 0.005)
    return ok(holds(), what)


def is_there(pid):
    return os.path.exists(f"/proc/{pid}")


def tracer_of(pid):
    with open(f"/proc/{pid}/status") as file:
        return int(re.search(r"TracerPid:\t(\d+)", file.read())[1])


class Freezer:
    """cowscope, which holds processes still for one sample after the other."""

    def __init__(self, pids, *arguments):
        self.out = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen([live.COWSCOPE, "--batch", "--format=json", "--freeze", "--every=0.01", "--duty=100", *arguments,
                                         "-p", ",".join(map(str, pids))], stdout=self.out, cwd="/", pass_fds=[live._PROGRAM],
                                        start_new_session=True)
        self.pid = self.process.pid

    def samples(self):
        with open(f"/proc/self/fd/{self.out.fileno()}") as file:  # with a place of its own: the writer's is not moved
            return [json.loads(line) for line in file.read().split("\n")[:-1]]

    def stop(self):
        """It and all of its process group, as a shell's job would be."""
        os.killpg(self.pid, signal.SIGSTOP)
        os.waitpid(self.pid, os.WUNTRACED)

    def go_on(self):
        os.kill(self.pid, signal.SIGCONT)

    def catch(self, pid, stop=None, go_on=None):
        """Stops it while it holds that process. The guard's number, which is 0 if that could not be done."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if state_of(pid) != "t":
                continue
            (stop or self.stop)()
            guard = tracer_of(pid)
            if guard and state_of(pid) == "t":
                return guard
            (go_on or self.go_on)()
        return 0

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.out.close()


@contextlib.contextmanager
def held_family(what, *arguments, count=2):
    """A parent and a child that are held, the freezer, and its guard."""
    with Family() as target:
        target.do(0, "map", "m", "anon", PAGES)
        target.do(0, "write", "m", 0, PAGES, 65)
        for number in range(1, count):
            target.fork(0, number)
        freezer = Freezer(target.pids.values(), *arguments)
        try:
            yield target, freezer, what
        finally:
            freezer.end()


def goes_on(target, guard, what):
    if not until(lambda: all(state_of(pid) != "t" for pid in target.pids.values()), f"{what}: the processes go on"):
        os.kill(guard, signal.SIGKILL)
    until(lambda: not any(map(tracer_of, target.pids.values())), f"{what}: nobody traces them")
    same(target.do(1, "write", "m", 0, 1, 66), 0, f"{what}: and they answer")


def told(freezer, number, what):
    """The sample that was being taken is not called frozen; one after it is."""
    until(lambda: len(freezer.samples()) > number, f"{what}: the sample comes")
    same(freezer.samples()[number]["frozen"], False, f"{what}: it does not say that they stood still")
    until(lambda: any(s["frozen"] for s in freezer.samples()[number + 1:]), f"{what}: and the session goes on with such that do")


def stopped():
    with held_family("SIGSTOP to cowscope") as (target, freezer, what):
        guard = freezer.catch(target.pids[1])
        ok(guard, f"{what}: while it held them")
        number, began = len(freezer.samples()), time.monotonic()
        goes_on(target, guard, what)
        ok(time.monotonic() - began < DEADLINE - 2, f"{what}: before the time is over")
        same(state_of(freezer.pid), "T", f"{what}: which still is stopped")
        until(lambda: state_of(guard) == "Z", f"{what}: the guard has ended")
        freezer.go_on()
        told(freezer, number, what)
        until(lambda: not is_there(guard), f"{what}: and is gone")


def killed(what, before=lambda guard: True):
    with held_family(what) as (target, freezer, what):
        guard = freezer.catch(target.pids[1])
        while guard and not before(guard):
            freezer.go_on()
            guard = freezer.catch(target.pids[1])
        ok(guard, f"{what}: while it held them")
        os.kill(freezer.pid, signal.SIGKILL)
        goes_on(target, guard, what)
        until(lambda: not is_there(guard), f"{what}: no guard is left")


def stop_guard(guard):
    """False: it had seen that cowscope is stopped, and has ended."""
    os.kill(guard, signal.SIGSTOP)
    while state_of(guard) not in "TZ":
        pass
    return state_of(guard) == "T"


def guard_killed():
    with held_family("SIGKILL to the guard") as (target, freezer, what):
        guard = freezer.catch(target.pids[1])
        ok(guard, f"{what}: while it held them")
        number = len(freezer.samples())
        os.kill(guard, signal.SIGKILL)
        goes_on(target, guard, what)
        freezer.go_on()
        told(freezer, number, what)


def guard_stopped():
    """Then nobody is let go before cowscope gives up waiting: it ends the guard."""
    with held_family("SIGSTOP to the guard") as (target, freezer, what):
        guard = freezer.catch(target.pids[1])
        ok(guard, f"{what}: while it held them")
        number = len(freezer.samples())
        os.kill(guard, signal.SIGSTOP)
        freezer.go_on()
        goes_on(target, guard, what)
        told(freezer, number, what)


def ptrace(request, pid):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p]
    return libc.ptrace(request, pid, None, None)


def too_long():
    """A debugger has cowscope: it is not stopped for everybody to see, but it does not come on."""
    with held_family("cowscope does not come on") as (target, freezer, what):
        def stop():
            ptrace(PTRACE_INTERRUPT, freezer.pid)
            os.waitpid(freezer.pid, WALL)

        if ptrace(PTRACE_SEIZE, freezer.pid) < 0:
            return skip("it may not be traced here", what)
        guard = freezer.catch(target.pids[1], stop, lambda: ptrace(PTRACE_CONT, freezer.pid))
        if not guard:
            ptrace(PTRACE_DETACH, freezer.pid)
            return skip("the machine is too busy to catch it while it holds them", what)
        number, began = len(freezer.samples()), time.monotonic()
        goes_on(target, guard, what)
        ok(time.monotonic() - began > DEADLINE / 2, f"{what}: after a while, not at once")
        ptrace(PTRACE_DETACH, freezer.pid)
        told(freezer, number, what)


def was_stopped_before():
    """Who was stopped by somebody else stays so."""
    with held_family("stopped before") as (target, freezer, what):
        freezer.stop()
        stopped = target.pids[0]
        os.kill(stopped, signal.SIGSTOP)
        until(lambda: state_of(stopped) in "Tt", f"{what}: one is")
        number = len(freezer.samples())
        freezer.go_on()
        until(lambda: any(s["frozen"] and told_of(s, stopped)["life"] == "stopped" for s in freezer.samples()[number:]),
              f"{what}: it is read like the others")
        guard = freezer.catch(target.pids[1])
        ok(guard, f"{what}: both are held")
        os.kill(freezer.pid, signal.SIGKILL)
        goes_on(target, guard, what)
        until(lambda: state_of(stopped) == "T", f"{what}: it has stayed so")
        os.kill(stopped, signal.SIGCONT)
        same(target.do(0, "ready"), 0, f"{what}: and goes on for who stopped it")


FORKER = """import ctypes, mmap, os, signal
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
libc, memory = ctypes.CDLL(None), mmap.mmap(-1, 64 << 20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
libc.prctl(1, signal.SIGKILL)
memory.madvise(mmap.MADV_NOHUGEPAGE)
for at in range(0, len(memory), mmap.PAGESIZE):
    memory[at] = 1
print("ready", flush=True)
own = os.getpid()
while True:
    children = [os.fork()]
    while children[-1] and len(children) < 6:
        children.append(os.fork())
    at = 0
    while not children[-1]:
        if not at:
            libc.prctl(1, signal.SIGKILL)
            os.getppid() == own or os._exit(0)  # it ended before that was asked for
        memory[at % len(memory)] = 2
        at += mmap.PAGESIZE
    for child in children:
        os.kill(child, signal.SIGKILL)"""


def moved(family):
    return sum(run[1] for m in family["mappings"] for p in m["processes"] for run in p.get("cells", []) if "moved" in run[3:])


def late_children():
    """Who was forked while its parent was still being stopped writes on, unless it is found and held too."""
    with subprocess.Popen([sys.executable, "-c", FORKER], stdout=subprocess.PIPE, text=True) as forker:
        try:
            forker.stdout.readline()
            status, out, err = live.run("--batch", "--format=json", "--cells", "--freeze", "--every=0.01", "--duty=100", "--count=12",
                                        "-p", str(forker.pid))
        finally:
            forker.kill()
    told = [json.loads(line) for line in out.splitlines()]
    same((status, err, len(told)), (0, "", 12), "a family that forks and writes without end")
    ok(any(s["frozen"] and len(s["processes"]) > 1 for s in told), "it is held still")
    same([moved(s) for s in told if s["frozen"]], [0 for s in told if s["frozen"]], "and then nothing moves, in nobody")


def nothing_is_left():
    with held_family("between two samples") as (target, freezer, what):
        freezer.end()
        for _ in range(20):  # a busy machine may take longer than a freeze waits
            with Watch(target.pids.values(), "--freeze", "--every=600") as watch:
                still = watch.sample()["frozen"]
                with open(f"/proc/{watch.process.pid}/task/{watch.process.pid}/children") as file:
                    guards = file.read()
            if still:
                break
        same(still, True, f"{what}: they stood still")
        same(guards, "", f"{what}: no guard is there")
        _, text, _ = live.run("--batch", "--freeze", "-p", str(target.pids[0]))
        ok("The processes stood still while they were read.\n" in text, "the text says so")


def ours():
    """What cowscope and its guard map themselves does not count; nor do they belong to who started them."""
    with tempfile.TemporaryDirectory() as directory:  # a program that no other test runs, and maps, meanwhile
        path = shutil.copy(os.path.abspath(os.environ.get("COWSCOPE", "src/cowscope")), directory)
        os.environ["COWSCOPE"] = path
        live.open_again()
        maps_what_we_map(path)


def maps_what_we_map(path):
    pages = os.path.getsize(path) // PAGE
    with Family() as target:
        address = target.do(0, "map", "m", "file", pages, path)
        target.do(0, "read", "m", 0, pages)
        shares = []
        for arguments in ((), ("--freeze",)):
            family = attach([target.pids[0]], *arguments)[1]
            mapping = next(m for m in family["mappings"] if int(m["start"], 16) == address)
            shares.append({key: mapping["processes"][0][key] for key in ("shared_kib", "private_kib", "unknown_kib")})
        if not is_root():  # who has no frames does not know whose a page is that we map too
            shares = [{"shared_kib": s["shared_kib"], "others": s["private_kib"] + s["unknown_kib"]} for s in shares]
        same(shares[1], shares[0], "held still, a file that cowscope maps too is shared no more than otherwise")
    parent = subprocess.Popen([sys.executable, "-c", "import os, subprocess, sys\n"
                               "subprocess.run([*sys.argv[1:], '-p', str(os.getpid())], pass_fds=[int(sys.argv[1].rsplit('/', 1)[1])])",
                               live.COWSCOPE, "--batch", "--format=json", "--freeze", "--every=0.01", "--count=3"],
                              stdout=subprocess.PIPE, text=True, cwd="/", pass_fds=[live._PROGRAM])
    samples = [json.loads(line) for line in parent.communicate()[0].splitlines()]
    same([[p["pid"] for p in s["processes"]] for s in samples], [[parent.pid]] * 3, "who starts cowscope is shown without it")
    same([s["frozen"] for s in samples], [True] * 3, "and stands still")


def main():
    stopped()
    killed("SIGKILL to cowscope")
    killed("SIGKILL to cowscope while its guard is stopped", stop_guard)
    guard_killed()
    guard_stopped()
    was_stopped_before()
    too_long()
    late_children()
    nothing_is_left()
    ours()
    done()


if __name__ == "__main__":
    main()
