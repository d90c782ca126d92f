#!/usr/bin/env python3
"""Whatever a shell, a script or a service may hand over as descriptors 0 to 2: missing, full, broken, not waiting, a directory. Every
way to run the program without a screen, with each of them: one line and its status, or silence and SIGPIPE's end."""

import fcntl
import select
import shutil

from live import *

HERE = str(os.getpid())
SMALL = 4096     # bytes of the pipe that does not wait
F_SETPIPE_SZ = 1031  # of fcntl.h; in Python since 3.10
FULL = r"cowscope: cannot write to standard output: No space left on device \(ENOSPC\)\n"
NOT_OPEN = r"cowscope: cannot write to standard output: Bad file descriptor \(EBADF\)\n"

# name: arguments, standard input
CALLS = {
    "--help": (["--help"], ""),
    "--version": (["--version"], ""),
    "--list": (["--list"], ""),
    "--check": (["--check", "bad.md"], ""),
    "--batch": (["--batch"], "read a:0\nwrite a:1\n"),
    "--batch -c": (["--batch", "-c", "read all:*; write a:2"], ""),
    "--batch json": (["--batch", "--format=json"], "read a:0\nwrite a:1\n"),
    "--batch lesson": (["--batch", "LESSON"], ""),
    "--batch svg": (["--batch", "--format=svg", "-c", "read all:*"], ""),
    "--batch html": (["--batch", "--format=html", "--history", "-c", "read all:*"], ""),
    "--batch json history": (["--batch", "--format=json", "--history", "-c", "read all:*; write a:2"], ""),
    "--open": (["--batch", "--open=session.json", "-c", "show"], ""),
    "quiz": (["quiz", "--batch", "--seed=7", "--questions=2"], "1\n1\n"),
    "quiz json": (["quiz", "--batch", "--seed=7", "--questions=2", "--format=json"], "\n1\n\n1\n"),
    "-p": (["-p", HERE, "--batch"], ""),
    "-p json": (["-p", HERE, "--batch", "--format=json"], ""),
    "-p openmetrics": (["-p", HERE, "--batch", "--format=openmetrics"], ""),
    "-p every": (["-p", HERE, "--batch", "--every=0.01", "--count=3", "--format=json"], ""),
    "-p svg": (["-p", HERE, "--batch", "--format=svg"], ""),
    "-p --open": (["--batch", "--open=family.json"], ""),
    "--diff": (["--batch", "--diff", "family.json", "family.json"], ""),
    "--diff json": (["--batch", "--diff", "family.json", "family.json", "--format=json"], ""),
}
STATUS = {"--check": 2}  # where it is not 0
READS = ("--batch", "--batch json", "quiz", "quiz json")


def call(name, folder, before=lambda: None, stdin=None, more=(), **options):
    arguments, text = CALLS[name]
    arguments = [word.replace("LESSON", os.path.join(LESSONS, "cow.md")) for word in arguments]

    def prepare():
        before()
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it

    if stdin is None:
        options["input"] = text.encode()
    else:
        options["stdin"] = stdin
    return subprocess.run([COWSCOPE, *arguments, *more], pass_fds=[_fd()], cwd=folder, preexec_fn=prepare, stderr=subprocess.PIPE,
                          timeout=60, check=False, **options)


def _fd():
    return int(COWSCOPE.rpartition("/")[2])


def fails(done, pattern, status, what):
    same(done.returncode, status, f"{what}: status {status}")
    ok(re.fullmatch(pattern, done.stderr.decode()), f"{what}: one line says why: {done.stderr!r}")


def full(name, folder):
    with open("/dev/full", "wb") as nowhere:
        fails(call(name, folder, stdout=nowhere), FULL, 3, f"{name} >/dev/full")


def not_open(name, folder):
    fails(call(name, folder, before=lambda: os.close(1)), NOT_OPEN, 3, f"{name} >&-")


def broken(name, folder):
    """Nobody reads: the end that SIGPIPE is, also where it was ignored."""
    for handler in (signal.SIG_DFL, signal.SIG_IGN):
        reader, writer = os.pipe()
        os.close(reader)
        done = call(name, folder, before=lambda handler=handler: signal.signal(signal.SIGPIPE, handler), stdout=writer)
        os.close(writer)
        same((done.returncode, done.stderr), (-signal.SIGPIPE, b""), f"{name} into a pipe that nobody reads: silence, SIGPIPE")


def small_pipe(name, folder):
    """It is full most of the time, and who writes is not made to wait by the kernel."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, F_SETPIPE_SZ, SMALL)
    os.set_blocking(writer, False)
    arguments, text = CALLS[name]
    arguments = [word.replace("LESSON", os.path.join(LESSONS, "cow.md")) for word in arguments]
    with subprocess.Popen([COWSCOPE, *arguments], pass_fds=[_fd()], cwd=folder, stdin=subprocess.PIPE, stdout=writer,
                          stderr=subprocess.PIPE) as process:
        os.close(writer)
        process.stdin.write(text.encode())
        process.stdin.close()
        select.select([reader], [], [])
        got = b""
        while chunk := os.read(reader, 1000):
            got += chunk
        complaint = process.stderr.read()
    os.close(reader)
    same((process.returncode, complaint), (STATUS.get(name, 0), b""), f"{name} into a small pipe that does not wait: done")
    wanted = call(name, folder, stdout=subprocess.PIPE).stdout
    same(got.count(b"\n") + 9 > wanted.count(b"\n") > got.count(b"\n") - 9 and got[-1:] == wanted[-1:], True,
         f"{name}: and all of it: {len(got)} and {len(wanted)} bytes")


def no_stderr(name, folder):
    """What is said to nobody goes nowhere, and not into a file of ours."""
    done = call(name, folder, before=lambda: os.close(2), stdout=subprocess.PIPE)
    same((done.returncode, done.stderr), (STATUS.get(name, 0), b""), f"{name} 2>&-: done")


def inputs(name, folder):
    directory = os.open(folder, os.O_RDONLY)
    fails(call(name, folder, stdin=directory, stdout=subprocess.DEVNULL), r"cowscope: cannot read standard input: Is a directory \(EISDIR\)\n", 2,
          f"{name} <directory")
    os.close(directory)
    fails(call(name, folder, stdin=subprocess.DEVNULL, before=lambda: os.close(0), stdout=subprocess.DEVNULL),
          r"cowscope: cannot read standard input: Bad file descriptor \(EBADF\)\n", 2, f"{name} <&-")


def patient(name, folder):
    """A pipe that does not wait, written to bit by bit, each behind the answer to the one before."""
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    arguments, text = CALLS[name]
    with subprocess.Popen([COWSCOPE, *arguments], pass_fds=[_fd()], cwd=folder, stdin=reader, stdout=subprocess.PIPE) as process:
        os.close(reader)
        answers = 0
        for line in text.splitlines(True):
            os.write(writer, line[:2].encode())
            os.write(writer, line[2:].encode())
            answers += bool(process.stdout.readline())
        os.close(writer)
        process.stdout.read()
    same((process.returncode, answers), (0, text.count("\n")), f"{name} from a pipe that does not wait: every line is answered")


def scripts(folder):
    secret = os.path.join(folder, "secret")
    with open(secret, "w", encoding="ascii") as file:
        file.write("read a:0\n")
    os.chmod(secret, 0)
    cases = [("./directory", r"Is a directory \(EISDIR\)", None), ("./missing", r"No such file or directory \(ENOENT\)", None)]
    if is_root():
        cases.append((secret, r"Permission denied \(EACCES\)", users()[-1][1]))
    for script, why, become in cases:
        done = subprocess.run([COWSCOPE, "--batch", script], pass_fds=[_fd()], cwd=folder, preexec_fn=become, capture_output=True, check=False)
        fails(done, r"cowscope: cannot read [^\n]*" + os.path.basename(script) + ": " + why + r"\n", 2, f"--batch {script}")
        same(done.stdout, b"", f"--batch {script}: no answer")
    with open(os.path.join(folder, "marked"), "wb") as file:
        file.write(b"\xef\xbb\xbfread a:0\nexpect a:0 shared\n")
    done = subprocess.run([COWSCOPE, "--batch", "./marked"], pass_fds=[_fd()], cwd=folder, capture_output=True, check=False)
    same((done.returncode, done.stderr, b"error" in done.stdout), (1, b"", False), "a script with a byte order mark is read")


def marked(folder):
    """What some editors write before a text is none of it."""
    for name in ("session.json", "family.json"):
        with open(os.path.join(folder, name), "rb") as file, open(os.path.join(folder, "marked.json"), "wb") as copy:
            copy.write(b"\xef\xbb\xbf" + file.read())
        shown = [subprocess.run([COWSCOPE, "--batch", f"--open={which}"], pass_fds=[_fd()], cwd=folder, stdin=subprocess.DEVNULL,
                                capture_output=True, check=False) for which in (name, "marked.json")]
        same((shown[1].returncode, shown[1].stdout), (0, shown[0].stdout), f"{name} with a byte order mark is opened")


def files(folder):
    """The file of -o: on a full disk nothing of it is left, or only what is whole."""
    disk = os.path.join(folder, "disk")
    os.mkdir(disk)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%d" % (4 * PAGE), "tmpfs", disk], stderr=subprocess.DEVNULL,
                      check=False).returncode:
        skip("a full disk takes root and a mount")
        return
    try:
        for name in CALLS:
            if name in ("--help", "--version", "--list", "--check"):
                continue
            path = os.path.join(disk, "out")
            with open(os.path.join(disk, "filler"), "wb") as filler:
                filler.write(bytes(3 * PAGE if name in ("-p every",) else 4 * PAGE))
            done = call(name, folder, more=["-o", path], stdout=subprocess.PIPE)
            fails(done, r"cowscope: cannot (write to|save) [^\n]*/out: No space left on device \(ENOSPC\)\n", 3, f"{name} -o, on a full disk")
            left = open(path, "rb").read() if os.path.exists(path) else b""
            ok(not left or (name == "-p every" and left.endswith(b"}\n")), f"{name} -o: no half file: {left[-20:]!r}")
            same([entry for entry in os.listdir(disk) if entry not in ("out", "filler")], [], f"{name} -o: nor another")
            for entry in os.listdir(disk):
                os.unlink(os.path.join(disk, entry))
    finally:
        subprocess.run(["umount", disk], check=True)


def fill(folder):
    for arguments in (["--batch", "-c", "read all:*; write a:2", "--history", "--format=json", "-o", "session.json"],
                      ["-p", HERE, "--batch", "--cells", "--format=json", "-o", "family.json"]):
        subprocess.run([COWSCOPE, *arguments], pass_fds=[_fd()], cwd=folder, stdin=subprocess.DEVNULL, check=True)
    os.mkdir(os.path.join(folder, "directory"))
    with open(os.path.join(folder, "bad.md"), "w", encoding="ascii") as file:
        file.write("# No summary\n\n```cowscope\nwirte a:2\n```\n")


LESSONS = os.path.abspath(os.environ.get("COWSCOPE_LESSONS", "lessons"))


def main():
    folder = tempfile.mkdtemp(prefix="cowscope-faults-")
    os.chmod(folder, 0o755)
    try:
        fill(folder)
        for name in CALLS:
            full(name, folder)
            not_open(name, folder)
            broken(name, folder)
            small_pipe(name, folder)
            no_stderr(name, folder)
        for name in READS:
            inputs(name, folder)
        for name in ("--batch json", "quiz json"):
            patient(name, folder)
        scripts(folder)
        marked(folder)
        files(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    done()


main()
