"""Drives cowscope --batch and reads /proc by itself, so that both can be compared.

Every test prints TAP. What is read here shares no code with the program.
"""

import contextlib
import ctypes
import functools
import json
import os
import random
import re
import signal
import struct
import subprocess
import sys
import tempfile

# Opened once, so that an ordinary user can run it wherever the tree lies.
_PROGRAM = os.open(os.environ.get("COWSCOPE", "src/cowscope"), os.O_RDONLY)
COWSCOPE = f"/proc/self/fd/{_PROGRAM}"
PAGE = os.sysconf("SC_PAGE_SIZE")
NOBODY = 65534
CLONE_NEWNS, MS_BIND, MS_PRIVATE, MS_REC = 0x20000, 1 << 12, 1 << 18, 1 << 14
KINDS = ("private-file", "shared-file", "private-anon", "shared-anon", "posix-shm")

# A shell's background job ignores these; the program must not inherit that from a test.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)

_run = 0
_failed = 0


def open_again():
    """In another mount namespace: below a mount of the old one, the program would not find what is beside it."""
    again = os.open(os.environ.get("COWSCOPE", "src/cowscope"), os.O_RDONLY)
    os.dup2(again, _PROGRAM, inheritable=False)
    os.close(again)


def ok(holds, what):
    global _run, _failed
    _run += 1
    if not holds:
        _failed += 1
    print(f"{'ok' if holds else 'not ok'} {_run} - {what}", flush=True)
    return holds


def same(got, wanted, what):
    if not ok(got == wanted, what):
        print(f"#    got: {got!r}\n# wanted: {wanted!r}", flush=True)
    return got == wanted


def sanitized(pid):
    """Does it run with a sanitizer, which has memory of its own?"""
    with open(f"/proc/{pid}/maps", encoding="utf-8") as file:
        return "libasan" in file.read()


def skip(why, what="not run here"):
    global _run
    _run += 1
    print(f"ok {_run} - {what} # SKIP {why}", flush=True)


def done():
    print(f"1..{_run}", flush=True)
    sys.exit(1 if _failed else 0)


def is_root():
    return os.geteuid() == 0


def _become_nobody():
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    # A process that changed its uid is not dumpable, which would hide its own /proc files from it; exec ends that.


def users():
    """As whom the program can be run here: (label, preexec function)."""
    if is_root():
        return [("root", None), ("an ordinary user", _become_nobody)]
    return [("an ordinary user", None)]


@contextlib.contextmanager
def little_memory(become):
    """For the programs within: who they become in a mount namespace where /proc/meminfo tells of 100 MiB available."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/meminfo") as f:
        text = re.sub(r"(?m)^MemAvailable: .*$", "MemAvailable:     102400 kB", f.read())
    with tempfile.NamedTemporaryFile("w", prefix="cowscope-test-") as file:
        file.write(text)
        file.flush()
        os.chmod(file.name, 0o644)

        def enter():
            if libc.unshare(CLONE_NEWNS) or libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None) or \
                    libc.mount(file.name.encode(), b"/proc/meminfo", None, MS_BIND, None):
                raise OSError(ctypes.get_errno(), "mount")
            if become:
                become()

        yield enter


SYSCALLS = {  # whose numbers differ
    "x86_64": {"preadv2": 327, "perf_event_open": 298}, "aarch64": {"preadv2": 286, "perf_event_open": 241},
    "riscv64": {"preadv2": 286, "perf_event_open": 241}, "ppc64le": {"preadv2": 380, "perf_event_open": 319}}
SYSCALLS_OF_ALL = {"pidfd_send_signal": 424, "pidfd_open": 434, "close_range": 436, "cachestat": 451}


def refusing(names, errnum, become=None):
    """Who becomes so finds these system calls refused with errnum, as by the rules of a container. None: not on this machine."""
    numbers = [SYSCALLS_OF_ALL.get(name) or SYSCALLS.get(os.uname().machine, {}).get(name) for name in names]
    if None in numbers:
        return None
    lines = [(0x20, 0, 0, 0)]  # the number of the call
    for number in numbers:
        lines += [(0x15, 0, 1, number), (0x06, 0, 0, 0x00050000 | errnum)]
    lines.append((0x06, 0, 0, 0x7FFF0000))
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in lines))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(lines), ctypes.addressof(code)))
    program.code = code  # as long as the program lives
    libc = ctypes.CDLL(None, use_errno=True)

    def enter():
        if become:
            become()
        if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.c_void_p(ctypes.addressof(program)), 0, 0):
            raise OSError(ctypes.get_errno(), "seccomp")

    return enter


def run(*arguments, text="", user=None, **options):
    """Runs cowscope to its end: (status, standard output, standard error)."""
    ended = subprocess.run([COWSCOPE, *arguments], input=text, capture_output=True, text=True, preexec_fn=user,
                           cwd="/", pass_fds=[_PROGRAM], **options)
    return ended.returncode, ended.stdout, ended.stderr


class Batch:
    """A conversation in JSON: one command, one reply."""

    def __init__(self, *arguments, user=None, **options):
        self.process = subprocess.Popen([COWSCOPE, "--batch", "--format=json", *arguments], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, preexec_fn=user, cwd="/",
                                        pass_fds=[_PROGRAM], **options)

    def do(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise EOFError(f"no reply to {command!r}; exit status {self.process.wait()}")
        return json.loads(line)

    def end(self):
        self.process.stdin.close()
        self.process.stdout.read()
        return self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.end()


def names_of(file, directory):
    """The paths in the directory that are the file of that os.stat(): what others make and remove there meanwhile is not looked at.
    An open file that is deleted has a name that FUSE itself gives it."""
    found = []
    for name in os.listdir(directory):
        if name.startswith(".fuse_hidden"):
            continue
        path = os.path.join(directory, name)
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.lstat(path), file):
                found.append(path)
    return found


def lab_directory():
    return os.environ.get("TMPDIR") or "/var/tmp"


def filesystem():
    """Of the lab's file, by the mount that it lies on."""
    with open("/proc/self/mountinfo") as f:
        mounts = [line.split() for line in f]
    status = os.stat(lab_directory())
    device = f"{os.major(status.st_dev)}:{os.minor(status.st_dev)}"
    return next((fields[fields.index("-") + 1] for fields in mounts if fields[2] == device), "unknown")


def can_link():
    """Does the file system of the lab's file make files without a name, which can be given one later?"""
    try:
        os.close(os.open(lab_directory(), os.O_TMPFILE | os.O_RDWR))
        return True
    except OSError:
        return False


@functools.cache
def on_disk():
    """Does the lab's file lie where it is written back? A mapped page is dirty or clean in smaps, whatever the file system is called."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
    libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
    with tempfile.TemporaryFile(dir=lab_directory()) as file:
        file.write(b"1" * PAGE)
        file.flush()
        os.fsync(file.fileno())
        address = libc.mmap(None, PAGE, 1, 1, file.fileno(), 0)
        ctypes.string_at(address, 1)
        seen = smaps("self", address, 1)[0]
        libc.munmap(address, PAGE)
    return seen["Shared_Dirty"] + seen["Private_Dirty"] == 0


NO_DISK = "the lab's file lies in memory, where it stays dirty: TMPDIR chooses another directory"


def process(reply, name):
    return next(p for p in reply["processes"] if p["name"] == name)


def page(reply, where):
    name, number = where.split(":")
    return process(reply, name)["pages"][int(number)]


def states(reply, name):
    return " ".join(p["state"] for p in process(reply, name)["pages"])


def events(reply):
    return [(e["type"], e["process"], e["page"]) for e in reply["events"]]


class Entry:
    """One pagemap entry, decoded."""

    def __init__(self, value):
        self.value = value
        self.present = bool(value >> 63 & 1)
        self.swapped = bool(value >> 62 & 1)
        self.file = bool(value >> 61 & 1)
        self.exclusive = bool(value >> 56 & 1)
        self.pfn = value & (1 << 55) - 1 if self.present else 0

    def __eq__(self, other):
        return self.value == other.value


def pagemap(pid, address, pages):
    with open(f"/proc/{pid}/pagemap", "rb", buffering=0) as f:
        f.seek(address // PAGE * 8)
        data = f.read(pages * 8)
    return [Entry(v) for (v,) in struct.iter_unpack("<Q", data)]


def smaps(pid, address, pages):
    """The smaps entries of the lab, by page number; only those of one page."""
    found = {}
    current = None
    with open(f"/proc/{pid}/smaps") as f:
        for line in f:
            first = line.split(None, 1)[0]
            if "-" in first and not first.endswith(":"):
                start, end = (int(x, 16) for x in first.split("-"))
                inside = address <= start < address + pages * PAGE and end - start == PAGE
                current = found.setdefault((start - address) // PAGE, {}) if inside else None
            elif current is not None and line.rstrip().endswith("kB"):
                name, value = line.split(":")
                current[name] = int(value.split()[0])
    return found


def zero_pfn():
    """The PFN of the kernel's page of zeros, seen by reading fresh memory of our own; None where the kernel lends none."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
    libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
    address = libc.mmap(None, PAGE, 1, 0x22, -1, 0)
    ctypes.string_at(address, 1)
    entry = pagemap("self", address, 1)[0]
    libc.munmap(address, PAGE)
    return None if entry.exclusive else entry.pfn


def shows_pfns():
    """Does the kernel show us page frame numbers?"""
    text = ctypes.create_string_buffer(1)
    return pagemap("self", ctypes.addressof(text) // PAGE * PAGE, 1)[0].pfn != 0


def lends_zeros():
    """Does the kernel lend its page of zeros to who reads what was never written? Some are told not to."""
    return zero_pfn() is not None


def seeded(default):
    """A random.Random whose seed is printed; SEED in the environment repeats a run."""
    seed = int(os.environ.get("SEED", default))
    print(f"# SEED={seed}", flush=True)
    return random.Random(seed)


def random_command(rng, reply):
    alive = [p["name"] for p in reply["processes"] if p["alive"]]
    kind, pages = reply["lab"]["kind"], reply["lab"]["pages"]
    number = rng.randrange(pages)
    target = rng.choice([f"{rng.choice(alive)}:{number}", f"{rng.choice(alive)}:*", f"all:{number}"])
    what = ["write " + target, "write " + target + ' "x;y `#"', "read " + target, "read " + target,
            f"advise {target} dontneed", f"protect {target} {rng.choice(['read', 'none', 'write'])}", f"sync {target}"]
    if len(alive) < 6:
        what += [f"fork {rng.choice(alive)}"] * 2
    if len(alive) > 2:
        what.append(f"kill {rng.choice(alive)}")
    if kind in ("private-file", "shared-file"):
        what += [f"file write {number} Q", "file sync"]
    if rng.random() < 0.03:
        return rng.choice(["reset", f"lab {rng.choice(KINDS)} pages=3"])
    return rng.choice(what)
