#!/usr/bin/env python3
"""Bad input: one line that says what is wrong, nothing changed, exit status 2 in --batch; and the files that cannot be
mapped."""

import tempfile

from live import *

COMMANDS = (
    "wirte a:2", "write", "write a:10", "write a:5-2", "write d:0", "read x:1", "read a:1 extra", "write a:0 \"open",
    "write a:0 \"\"", "advise a:2", "advise a:2 dontnead", "protect a:2 wirte", "sync a:2 later", "fork", "fork a a",
    "fork a z", "spawn a", "kill", "kill a NOSIGNAL", "file", "file write", "file truncate 20", "file grow 2",
    "file write 12 x", "lab private", "lab pages=0", "lab pages=4097", "lab processes=10", "lab pages=x", "show what",
    "show a:99", "expect a:2", "expect a:2 copyed", "expect a:2 mapped_by=x", "select z", "view sideways", "help wirte",
    "prompt", "mouse", "redraw", "a:2", "\"", "write a:99999999999999999999", "write a:0 " + "x" * (PAGE + 1),
    "capture /nonexistent/directory/x.txt", "map a:2 offset=x", "map a:2 length=1152921504606846977", "map a:2 private shared",
    "map a:2 read+wirte",
)

OPTIONS = (
    ["--kind=private"], ["--pages=0"], ["--pages=4097"], ["--pages=ten"], ["--processes=0"], ["--processes=10"],
    ["--format=xml"], ["--size=80"], ["--size=0x0"], ["--color=maybe"], ["--theme=plaid"], ["--nonsense"], ["-c"],
)


def one_line(reply):
    return isinstance(reply.get("message"), str) and reply["message"] and "\n" not in reply["message"]


def without_flags(reply):
    """The pages; the kernel moves frames between its lists when it likes, which shows in their flags."""
    return [[dict(page, kpageflags=None) for page in process["pages"]] for process in reply["processes"]]


def commands(label, user):
    for command in COMMANDS:
        with Batch(user=user) as batch:
            before = batch.do("read a:2")
            reply = batch.do(command)
            ok(reply["type"] == "error" and one_line(reply), f"{label}: {command[:40]!r}: {reply.get('message', reply)}")
            same(reply["command"], command, f"{label}: the reply names the command")
            after = batch.do("show")
            same(without_flags(after), without_flags(before), f"{label}: and nothing changed")
            same(batch.end(), 2, f"{label}: exit status 2")


def mmap_errors(label, user):
    """What mmap refuses is a step, with errno's name."""
    for prepared, command, name in (
            ("unmap a:2", "map a:2 length=0", "EINVAL"), ("unmap a:2", "map a:2 offset=100", "EINVAL"),
            ("read a:2", "map a:2", "EEXIST"), ("unmap a:2", "map a:2 length=1099511627776", "E"),
            ("unmap b:9", "map b:9 offset=1 shared", "EINVAL"), ("unmap a:1,2", "map a:1-2 length=0", "EINVAL")):
        with Batch(user=user) as batch:
            before = batch.do(prepared)
            reply = batch.do(command)
            where = command.split()[1]
            refused = [(e["act"], e["process"], e["page"]) for e in reply["events"] if e["errno"].startswith(name)]
            ok(("map", where[0], int(where[2])) in refused, f"{label}: {command}: {reply['events']}")
            ok(batch.do(f"expect {where} not errno=0")["holds"], f"{label}: and expect knows")
            after = batch.do("show")
            same([p["pagemap"] for q in after["processes"] for p in q["pages"]],
                 [p["pagemap"] for q in before["processes"] for p in q["pages"]], f"{label}: and nothing changed")
            same(batch.end(), 0, f"{label}: a refusal is an answer, not an error")


def options():
    for arguments in OPTIONS:
        status, out, err = run("--batch", *arguments, text="")
        ok(status == 2 and out == "" and err.count("\n") == 1, f"{arguments[0]}: {err.strip()}")


def expectations():
    same(run("--batch", "-c", "read a:2; expect a:2 private F2")[0], 2, "what is no fact does not parse")
    clean = "not dirty" if on_disk() else "dirty"
    same(run("--batch", "-c", f"read a:2; expect a:2 private frame=F2 {clean}; expect b:2 absent")[0], 0,
         "a true expectation is status 0")
    same(run("--batch", "-c", "read a:2; expect a:2 shared")[0], 1, "a false one is status 1")
    same(run("--batch", "-c", "expect a:2 shared", "-c", "wirte")[0], 2, "an error outranks it")
    with Batch() as batch:
        reply = batch.do("expect a:2 copied")
        same((reply["type"], reply["holds"]), ("expect", False), "a false one says so in JSON")
        same(batch.do("read a:2")["type"], "snapshot", "and the conversation goes on")
        batch.end()


def conversation():
    status, out, _ = run("--batch", text="read a:2 # why not\n\n  ; ;write a:2;\n# nothing\nquit\nread b:2\n")
    same((status, out.count("step ")), (0, 2), "comments, blanks and empty commands get no reply; quit ends")
    status, out, _ = run("--batch", text="read a:\0002\n")
    same(status, 2, "a NUL byte in a line is an error")
    with tempfile.NamedTemporaryFile("w", suffix=".cow") as script:
        script.write("read all:*\nwrite a:2\nexpect a:2 copied\n")
        script.flush()
        same(run("--batch", script.name)[0], 0, "commands from a file")
    same(run("--batch", "/nonexistent.cow")[0], 2, "a script that is not there")


def refused(path, what, *more, user=None):
    status, out, err = run("--batch", f"--file={path}", *more, "-c", "show", user=user)
    ok(status in (2, 3) and out == "" and err.count("\n") == 1, f"{what}: status {status}: {err.strip()}")


def files():
    with tempfile.TemporaryDirectory(dir="/var/tmp") as directory:
        os.chmod(directory, 0o755)
        empty, fifo = os.path.join(directory, "empty"), os.path.join(directory, "fifo")
        open(empty, "w").close()
        os.mkfifo(fifo)
        refused(empty, "an empty file")
        refused(directory, "a directory")
        refused(fifo, "a FIFO")
        refused("/dev/null", "a device")
        refused(os.path.join(directory, "missing"), "a missing file")
        locked = os.path.join(directory, "locked")
        with open(locked, "w") as f:
            f.write("secret")
        os.chmod(locked, 0)
        if is_root():
            refused(locked, "a file that may not be read", user=users()[1][1])
        hostile = os.path.join(directory, "esc\x1b[31m\u202ename")
        with open(hostile, "w") as f:
            f.write("\x1b[2J\u202eevil" * 2000)
        status, out, _ = run("--batch", f"--file={hostile}", "--size=80x24", "-c", "read all:*; show; show screen")
        ok(status == 0 and "\x1b" not in out and "\u202e" not in out, "escape sequences in names and contents stay harmless")
    environment = dict(os.environ, TMPDIR="/nonexistent/directory")
    status, out, err = run("--batch", "-c", "show", env=environment)
    ok(status == 3 and err.count("\n") == 1 and "/nonexistent/directory" in err, f"no directory for the file: {err.strip()}")


def names():
    """What a name holds is not obeyed by a screen, nor does it begin a line; a language that is not there is said to be so."""
    with tempfile.TemporaryDirectory() as home:
        folder = os.path.join(home, "cowscope", "lessons")
        os.makedirs(folder)
        path = os.path.join(folder, "two\nlines\x1b[31m.md")
        with open(path, "w", encoding="ascii") as file:
            file.write("# A title\n")
        environment = dict(os.environ, XDG_DATA_HOME=home)
        status, out, _ = run("--list", env=environment)
        same((status, out.startswith("* two"), "\nlines" in out or "\x1b" in out), (0, True, False), "--list: a line a lesson")
        status, out, _ = run("--check", path)
        same((status, [line for line in out.splitlines() if "lines" not in line], "\x1b" in out), (2, [], False), "--check: a line a fault")
        status, _, err = run("--batch", path)
        same((status, err.count("\n"), "\x1b" in err), (2, 1, False), "--batch: one line")
    for lang, told in (("xx_XX", True), ("en_GB", False), ("C", False)):
        status, out, err = run("--version", f"--lang={lang}")
        same((status, f"no translation for {lang}" in err, err.count("\n")), (0, told, int(told)), f"--lang={lang}")


for who, become in users():
    commands(who, become)
    mmap_errors(who, become)
options()
names()
expectations()
conversation()
files()
done()
