#!/usr/bin/env python3
"""A lesson from a stranger is harmless: what it may do is let in by name, all else is refused with the line, when it is checked and when
it is played; and whatever the file holds, it ends with a sentence, and what reaches the terminal is text."""


from live import *

TREE = os.path.abspath(os.environ.get("srcdir", "."))
HEAD = "# From a stranger\n\nSummary.\n\n"
TAIL = "\n```cow\nexpect a:9 absent\n```\n"

# A line of each command, and whether a lesson may have it.
LINES = {
    "read": ("read a:2", True), "write": ('write a:2 "hello"', True), "sync": ("sync a:2 async", True),
    "advise": ("advise a:2 dontneed", True), "protect": ("protect a:2 read", True), "unmap": ("unmap a:2", True),
    "map": ("map a:2", True), "copy": ("copy a:2 load", True), "lock": ("lock a:2", True), "unlock": ("unlock a:2", True),
    "alloc": ("alloc a 64K", True), "exec": ("exec a", True), "exit": ("exit a 3", True), "fork": ("fork a d", True),
    "spawn": ("spawn d", True), "kill": ("kill a STOP", True), "file read": ("file read 2", True),
    "file write": ('file write 2 "Z"', True), "file truncate": ("file truncate 4", True), "file grow": ("file grow 12", True),
    "file sync": ("file sync", True), "file drop": ("file drop", True), "file link": ("file link", True),
    "file open": ("file link; file open", True), "file close": ("file close", True), "file unlink": ("file unlink", True),
    "weigh": ("weigh private-anon 1M", True), "loop": ("loop 2 write a:0 hello%", True),
    "lab": ("lab shared-anon pages=10 processes=2", True), "reset": ("reset", True), "show": ("show file", True),
    "expect": ("expect a:2 absent", True), "await": ("await a:2 absent", True), "explain": ("explain a:2", True),
    "glossary": ("glossary Pss", True), "select": ("select a:2", True), "view": ("view frames", True),
    "capture": ("capture taken.txt", False), "notes": ("notes taken.md", False), "record": ("record taken.md", False),
    "back": ("back", False), "forward": ("forward", False), "first": ("first", False), "last": ("last", False),
    "goto": ("goto 0", False), "replay": ("replay 0", False), "zoom": ("zoom in", False), "sort": ("sort", False),
    "filter": ("filter", False), "search": ("search lib", False), "lesson": ("lesson cow", False), "next": ("next", False),
    "answer": ("answer 1", False), "point": ("point a:2", False), "vote": ("vote 1 2", False), "anyway": ("anyway", False),
    "prompt": ("prompt quit", False), "redraw": ("redraw", False), "mouse": ("mouse", False), "help": ("help", False),
    "quit": ("quit", False),
}
ARGUMENTS = (
    "weigh private-anon 1M anyway", "weigh shared-file 2G", "weigh private-anon 999999999999G", "loop 2 capture taken.txt",
    "loop 2 read a:0; record taken.md", "loop 2 loop 2 quit", "loop 2 weigh private-anon 1M anyway", "lab private-file file=/etc/passwd",
    "lab private-file path=/etc/passwd", "lab pages=99999999", "lab processes=99", "kill 1", "kill init", "file link /etc/passwd",
    "file open /etc/passwd", "file read /etc/passwd", "write /etc/passwd hello", "read a:2 | sh", "capture", "notes", "read a:2; quit",
    "!touch taken", "source taken.cow", "alloc a 99999999999999999999G")


def table():
    with open(os.path.join(TREE, "src/lang/commands.def"), encoding="utf-8") as file:
        return re.findall(r'^COMMAND\(\w+, "([^"]+)"', file.read(), re.M)


def write(path, text):
    with open(path, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())


def refused(path, line, work, what):
    for how in (("--check",), ("--batch",), ("--batch", "--format=json")):
        status, out, err = run(*how, path)
        said = out if how == ("--check",) else err
        ok(status == 2 and f"{path}:{line}: " in said, f"{' '.join(how)} refuses {what}: {said.strip().split(': ', 1)[-1][:90]}")
    same(sorted(os.listdir(work)), [os.path.basename(path)], f"{what}: nothing is written")


def commands(work):
    names = table()
    same(sorted(set(names) ^ set(LINES)), [], "every command of the table is tried here")
    path = os.path.join(work, "lesson.md")
    for name in names:
        line, may = LINES.get(name, (name, False))
        write(path, f"{HEAD}```cow\n{line}\n```\n{TAIL}")
        if may:
            same(run("--check", path), (0, "", ""), f"a lesson may: {line}")
            status, out, err = run("--batch", path)
            refuses = 3 if "file link" in line and not can_link() else 0  # what the file system refuses is no fault of the lesson
            ok("no place in a lesson" not in out + err and status in (0, 1, refuses), f"and it is played: {line}: {status} {err.strip()}")
        else:
            refused(path, 6, work, line)
        same(os.listdir(work), ["lesson.md"], f"{line}: nothing is left beside it")
    for line in ARGUMENTS:
        write(path, f"{HEAD}```cow\n{line}\n```\n{TAIL}")
        refused(path, 6, work, line)
    os.unlink(path)


def own_file(work):
    """What --allow-write allows is for whoever sits there."""
    path, mine = os.path.join(work, "lesson.md"), os.path.join(work, "mine")
    write(path, f"{HEAD}```cow\nlab shared-file\nwrite a:1 gone; file write 0 gone; file truncate 0\n```\n{TAIL}")
    before = bytes(range(256)) * 160
    write(mine, before)
    status, out, err = run("--batch", f"--file={mine}", "--kind=shared-file", "--allow-write", path)
    with open(mine, "rb") as file:
        ok(file.read() == before and status == 2 and "--allow-write" in err, f"a file of the user's stays as it is: {err.strip()}")
    os.unlink(mine)
    os.unlink(path)


ESCAPE = "\x1b]0;title\x07\x1b[2J\x9b31m\u009b1m\u202e\u200b"


def escapes(work):
    path = os.path.join(work, "escape.md")
    write(path, f"# Title {ESCAPE}\n\nSummary {ESCAPE}.\n\nWhich {ESCAPE}?\n\n- [x] one {ESCAPE} {{because {ESCAPE}}}\n- [ ] two {ESCAPE}\n\n"
          f"```cow\nread a:1\nexpect a:1 private\n```\n\nText [{ESCAPE}](http://{ESCAPE}) `{ESCAPE}`\n\n| {ESCAPE} | b |\n|---|---|\n| c | d |\n")
    for how in (("--batch",), ("--batch", "--format=json"), ("--check",), ("--batch", "--format=svg", "--history"),
                ("--batch", "--format=cast", "--history")):
        status, out, err = run(*how, path)
        found = {c for c in out + err if (c < " " and c != "\n") or "\x7f" <= c <= "\x9f" or c in "\u202e\u200b"}
        same(found, set(), f"{' '.join(how)}: what reaches the terminal is text (status {status})")
    write(path, f"{HEAD}```cow\nexpect {ESCAPE} a:1\nwrite a:1 {ESCAPE}\n{ESCAPE}\n```\n```cow needs={ESCAPE}\nread a:1\n```\n")
    for how in (("--batch",), ("--batch", "--format=json"), ("--check",)):
        status, out, err = run(*how, path)
        found = {c for c in out + err if (c < " " and c != "\n") or "\x7f" <= c <= "\x9f" or c in "\u202e\u200b"}
        same((status, found), (2, set()), f"{' '.join(how)}: nor in what is refused")
    os.unlink(path)


def file_names(work):
    own = os.path.join(work, "data/cowscope/lessons")
    os.makedirs(own)
    write(os.path.join(own, "two\nlines \x1b[31m.md"), f"{HEAD}Text.\n{TAIL}")
    status, out, err = run("--list", env=dict(os.environ, XDG_DATA_HOME=os.path.join(work, "data")))
    ok(status == 0 and "\x1b" not in out + err and not any(line.startswith("lines") for line in out.splitlines()),
       "--list: a lesson's file name is one line of text")


def hostile_files(work):
    rng = random.Random(int(os.environ.get("SEED", "1")))
    files = {
        "ten megabytes": HEAD + "word " * 2000000,
        "a megabyte in a paragraph": HEAD + "word " * 100000 + TAIL,
        "NUL bytes": (HEAD + "a\0b" + TAIL).encode(),
        "nothing but NULs": bytes(100000),
        "deep lists": HEAD + "".join("  " * depth + "- x\n" for depth in range(2000)) + TAIL,
        "deep quotes": HEAD + ">" * 50000 + " x\n" + TAIL,
        "deep brackets": HEAD + "[" * 50000 + "x" + "]" * 50000 + TAIL,
        "deep emphasis": HEAD + "*" * 50000 + "x" + "_" * 50000 + TAIL,
        "a wide table": HEAD + "|a" * 5000 + "|\n" + "|-" * 5000 + "|\n" + TAIL,
        "many answers": HEAD + "Which?\n\n" + "- [x] a\n" * 20000 + TAIL,
        "many commands": HEAD + "```cow\n" + "read a:1\n" * 5000 + "```\n" + TAIL,
        "a long command": HEAD + "```cow\nwrite a:1 " + "x" * 200000 + "\n```\n" + TAIL,
        "a long name": HEAD + "```cow needs=" + "x," * 50000 + "\nread a:1\n```\n" + TAIL,
        "no end of a fence": HEAD + "```cow\n" * 5000,
        "bytes": rng.randbytes(100000),
        "surrogates": (HEAD.encode() + b"\xed\xa0\x80\xf8\x88\x80\x80\x80\xff\xfe" * 1000),
    }
    path = os.path.join(work, "hostile.md")
    for what, text in files.items():
        write(path, text)
        status, out, err = run("--check", path)
        ok(status in (0, 2) and not err and (status == 0) == (out == ""), f"{what}: checked, status {status}: {out.strip()[:100]!r}")
        status, out, err = run("--batch", path)
        ok(status in (0, 1, 2) and (status == 0 or err.startswith("cowscope: ")), f"{what}: played, status {status}: {err.strip()[-100:]!r}")
    os.unlink(path)
    for what in ("/dev/zero", "/proc/kmsg", "/dev/tty", work, os.path.join(work, "fifo.md")):
        if what.endswith("fifo.md"):
            os.mkfifo(what)
        link = os.path.join(work, "link.md")
        os.symlink(what, link)
        for how in ("--check", "--batch"):
            status, out, err = run(how, link)
            ok(status == 2 and (out + err).count("\n") == 1, f"{how} of {what.replace(work, '')}: {(out + err).strip()[-90:]}")
        os.unlink(link)


def main():
    with tempfile.TemporaryDirectory(dir="/var/tmp") as work:
        commands(work)
        own_file(work)
        escapes(work)
        hostile_files(work)
        file_names(work)
    done()


main()
