"""Every lesson plays, as root and as an ordinary user, with the lab's file on a disk and on a tmpfs; what is wrong in one is said."""

import difflib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from live import NO_DISK, done, is_root, little_memory, ok, on_disk, run, same, skip, users

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.dirname(os.path.dirname(HERE))
GOLDEN = os.path.join(TREE, "tests/golden/lesson.txt")
HEAD = "# Title\n\nSummary.\n\n"
EXPECT = "\n```cow\nexpect a:0 absent\n```\n"

# What is wrong, the text, the line, the reason.
BROKEN = [
    ("an unknown command", HEAD + "```cow\nraed a:2\n```\n" + EXPECT, 6, "there is no command raed: did you mean read?"),
    ("a bad argument", HEAD + "```cow\nadvise a:2 dontnede\n```\n" + EXPECT, 6, "did you mean dontneed?"),
    ("an open fence", HEAD + EXPECT + "\n```cow\nread a:2\n", 10, "this block is never closed"),
    ("no title", "Text.\n" + EXPECT, 1, "the lesson has no title"),
    ("a question without answers", HEAD + "What happens?\n" + EXPECT, 5, "a question without answers"),
    ("a question without a right answer", HEAD + "What?\n\n- [ ] one\n- [ ] two\n" + EXPECT, 5, "no answer of this question is right"),
    ("a question that nothing answers", HEAD + "What?\n\n- [x] one\n- [ ] two\n\nText.\n" + EXPECT, 5, "nothing answers this question"),
    ("no expect", HEAD + "```cow\nread a:2\n```\n", 1, "the lesson has no expect line"),
    ("an unknown need", HEAD + "```cow needs=swpa\nexpect a:0 absent\n```\n", 5, "did you mean swap?"),
    ("a NUL byte", HEAD + "one\0two\n" + EXPECT, 5, "NUL"),
    ("bytes that are not UTF-8", (HEAD + "one ").encode() + b"\xff" + EXPECT.encode(), 5, "not UTF-8"),
    ("lines ended by CR", (HEAD + "```cow\nraed a:2\n```\n" + EXPECT).replace("\n", "\r"), 6, "there is no command raed"),
    ("lines ended by CR LF", (HEAD + "```cow\nraed a:2\n```\n" + EXPECT).replace("\n", "\r\n"), 6, "there is no command raed"),
    ("a file too big, with lines of CR LF", HEAD + "\r\n" * (1 << 19) + EXPECT, 1, "too big"),
    ("a file too big", HEAD + "word " * (1 << 18) + EXPECT, 1, "too big"),
]


def write(path, text):
    with open(path, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    os.chmod(path, 0o644)


def environment(**more):
    return {**os.environ, **more}


def filesystem(directory):
    """The type of the file system that holds the directory, by /proc/self/mountinfo."""
    best, found = "", None
    with open("/proc/self/mountinfo", encoding="utf-8") as lines:
        for line in lines:
            fields = line.split()
            mount, kind = fields[4], fields[fields.index("-") + 1]
            inside = mount == "/" or directory == mount or directory.startswith(mount + "/")
            if inside and len(mount) >= len(best):
                best, found = mount, kind
    return found


def directories():
    """One directory on a disk, one on a tmpfs: whoever may write there."""
    found = {}
    for directory in ("/var/tmp", "/tmp", "/dev/shm", "/run/shm"):
        directory = os.path.realpath(directory)
        if os.path.isdir(directory) and os.stat(directory).st_mode & 0o1777 == 0o1777:
            found.setdefault("a tmpfs" if filesystem(directory) == "tmpfs" else "a disk", directory)
    return found


def played(name, user, env):
    """What the whole machine has changes by what others do meanwhile, too: where a lesson's weighing was wrong it is played again."""
    for _ in range(9):
        status, out, err = run("--batch", name, user=user, env=env)
        if not re.search(r": expected (used|cache|shared|available|dirty)[<>=]", err):
            break
    return status, out, err


def play_all(lessons, names):
    places = directories()
    for place in ("a disk", "a tmpfs"):
        if place not in places:
            skip(f"no directory on {place} that everyone may write to", f"all lessons on {place}")
            continue
        for label, user in users():
            for name in names:
                env = environment(COWSCOPE_LESSONS=lessons, TMPDIR=places[place])
                status, out, err = played(name, user, env)
                if not ok(status == 0 and not err, f"{name} plays, as {label}, on {place} ({filesystem(places[place])})"):
                    print(f"# status {status}\n# " + (err + out[-600:]).replace("\n", "\n# "), flush=True)


def check_all(lessons, names):
    with open(os.path.join(TREE, "lessons/lessons.mk"), encoding="utf-8") as file:
        listed = sorted(re.findall(r"lessons/([\w-]+)\.md", file.read()))
    same(listed, names, "the lessons of the tree are those that are installed")
    env = environment(COWSCOPE_LESSONS=lessons)
    same(run("--check", *[f"{lessons}/{name}.md" for name in names], env=env), (0, "", ""), "nothing is wrong in any of them")
    status, out, err = run("--list", env=env)
    same([line.split()[0] for line in out.splitlines()], names, "--list names each")
    ok(status == 0 and not err and all(len(line) <= 80 for line in out.splitlines()), "in a line of 80 columns")


def check_broken(work):
    for what, text, line, reason in BROKEN:
        path = os.path.join(work, "broken.md")
        write(path, text)
        status, out, err = run("--check", path)
        first = out.splitlines()[0] if out else err
        ok(status == 2 and first.startswith(f"{path}:{line}: ") and reason in first, f"{what}: {first[:140]}")
        status, out, err = run("--batch", path)
        ok(status == 2 and not out and f"{path}:{line}: " in err, "and it is not played")
    status, out, err = run("--check", work, "/nonexistent/x.md", "cwo", env=environment(COWSCOPE_LESSONS=os.path.join(TREE, "lessons")))
    lines = out.splitlines()
    ok(status == 2 and len(lines) == 3, "a directory, a file and a lesson that are not there")
    ok("--check" not in lines[0] and "not there" not in lines[0] and work in lines[0] or "no lesson" in lines[0], lines[0])
    ok("ENOENT" in lines[1], lines[1])
    ok("did you mean cow?" in lines[2] and "--list" in lines[2], lines[2])
    os.mkfifo(os.path.join(work, "fifo.md"))
    status, out, err = run("--check", os.path.join(work, "fifo.md"))
    ok(status == 2 and "not a regular file" in out, out.strip())
    os.mkdir(os.path.join(work, "directory.md"))
    status, out, err = run("--check", os.path.join(work, "directory.md"))
    ok(status == 2 and "is a directory" in out, out.strip())


def check_false(work):
    path = os.path.join(work, "false.md")
    write(path, HEAD + "```cow\nread a:1\nexpect a:1 copied\nexpect a:1 private\n```\n\nNever said.\n")
    status, out, err = run("--batch", path)
    same(status, 1, "a false expect: the status")
    same(err, f"cowscope: {path}:7: expected copied, but the kernel says: a:1 private F1 mapped_by=1{'' if on_disk() else ' dirty'}\n", "file, line and reason")
    ok("Never said" not in out and "expect a:1 private" not in out, "the lesson ends there")
    status, out, err = run("--batch", "--format=json", path)
    ok(status == 1 and f"{path}:7: " in err and json.loads(out.splitlines()[-1])["holds"] is False, "also in JSON")
    status, out, err = run("--batch", "--format=svg", path)
    ok(status == 1 and f"{path}:7: " in err and out.startswith("<"), "also where a picture is made")
    write(path, HEAD + "```cow\nexpect a:1 absent\nread i:1; read a:1\n```\n\nNever said.\n")
    status, out, err = run("--batch", path)
    ok(status == 2 and err.startswith(f"cowscope: {path}:7: ") and "Never said" not in out and "step" not in out,
       f"an error: {err.strip()}")


def check_needs(work, user):
    path = os.path.join(work, "needs.md")
    write(path, HEAD + "What?\n\n- [x] one\n- [ ] two\n\n```cow needs=root\nexpect a:0 copied\n```\n\nGoes on.\n" + EXPECT)
    status, out, err = run("--batch", path, user=user)
    ok(status == 0 and not err and "Left out" in out and "(root)" in out and "Goes on." in out, "what is missing is said, the rest is played")
    ok("copied" not in out, "what the block expects is not played")
    status, out, err = run("--batch", "--format=json", path, user=user)
    lines = [json.loads(line) for line in out.splitlines()]
    same([line["type"] for line in lines], ["lesson", "lacks", "prose", "expect"], "also in JSON")
    ok(lines[1]["needs"] == "root" and lines[1]["line"] == 5 and lines[1]["message"], "with what, where and why")


def check_memory(work):
    """Nobody can be asked: none is taken that is not available, whether needs= says so or not."""
    path = os.path.join(work, "heavy.md")
    write(path, HEAD + "What?\n\n- [x] one\n- [ ] two\n\n```cow needs=memory\nweigh private-file 16M\nexpect memory used>=-1G\n```\n\n"
          "Goes on.\n\n```cow\nweigh private-anon 2M; weigh shared-anon 1M\n```\n" + EXPECT)
    if not is_root():
        skip("needs root to show another /proc/meminfo", "a lesson that weighs, where too little memory is available")
        return
    for label, user in users():
        with little_memory(user) as enter:
            try:
                status, out, err = run("--batch", "--size=200x60", path, user=enter)
            except subprocess.SubprocessError as why:
                skip(f"no other /proc/meminfo can be shown: {why}", f"a lesson that weighs, as {label}")
                continue
            ok(status == 0 and not err and "Goes on." in out, f"too little memory ends no lesson, as {label}: {err}")
            ok("pages written" not in out and "anyway" not in out, "none is taken")
            ok("(memory): This step takes 32 MiB of memory and leaves 128 MiB to others, but 100 MiB are available." in out
               and "(memory): This step takes 2 MiB" in out, "and how much would be is said")
            lines = [json.loads(line) for line in run("--batch", "--format=json", path, user=enter)[1].splitlines()]
            same([(line["type"], line.get("needs")) for line in lines],
                 [("lesson", None), ("lacks", "memory"), ("prose", None), ("lacks", "memory"), ("expect", None)], "also in JSON")
    status, out, err = run("--batch", path)
    ok(status == 0 and ("pages written" in out or "Left out" in out), f"where there is enough, it is weighed: {err}")


def check_golden():
    if not on_disk():
        skip(NO_DISK, "what is printed: each page is dirty")
        return
    path = os.path.join(HERE, "lesson.md")
    for label, user in users():
        with tempfile.TemporaryDirectory() as work:
            os.chmod(work, 0o755)
            copy = os.path.join(work, "lesson.md")
            shutil.copyfile(path, copy)
            status, out, err = run("--batch", "--size=60x18", copy, user=user)
        if os.environ.get("UPDATE"):
            write(GOLDEN, out)
        with open(GOLDEN, encoding="utf-8") as file:
            wanted = file.read()
        if not ok((status, out, err) == (0, wanted, ""), f"what is printed, as {label}"):
            for line in difflib.unified_diff(wanted.splitlines(), out.splitlines(), "wanted", "got", lineterm=""):
                print("#", line)
        ok(all(len(line) <= 60 for line in out.splitlines()), "in lines of 60 columns")


def check_json():
    status, out, _ = run("--batch", "--format=json", os.path.join(HERE, "lesson.md"))
    lines = [json.loads(line) for line in out.splitlines()]
    same([line["type"] for line in lines],
         ["lesson", "prose", "snapshot", "expect", "question", "snapshot", "expect", "answer", "question", "snapshot",
          "expect", "expect", "answer", "prose"], "a lesson in JSON, line by line")
    same(lines[7]["pages"], ["a:1", "b:1"], "the pages that changed")
    same([answer["holds"] for answer in lines[12]["answers"]], [False, True, False], "the answers")
    ok("holds" not in json.dumps(lines[8]), "which the question does not give away")
    status, out, err = run("--batch", "--format=html", "--history", os.path.join(HERE, "lesson.md"))
    ok(status == 0 and not err and "write a:1" in out and "</html>" in out, "its history as a page")
    title = lines[0]["title"]
    ok(f"<title>{title}</title>" in out and f">{title}</h1>" in out, f"which is called {title}")
    out = run("--batch", "--format=html", "--history", "-c", "read a:2; write a:2")[1]
    ok("<title>cowscope: private-file, 2 steps</title>" in out, "without a lesson after its lab")


def cursor_row(*options):
    """The row of the page whose mark stands beside a panel, in the picture that comes of the options."""
    out = run("--batch", "--size=60x18", "--format=ansi", *options)[1]
    return [line for line in re.sub(r"\x1b\[[0-9;]*m", "", out).splitlines() if re.match(r" *\d+.*>", line)]


def check_cursor():
    for commands, page, column in (("read all:*", 0, 0), ("read all:*; write b:7", 7, 1), ("write c:9 x; read a:4; read a:2-5", 4, 0),
                                   ("write b:7; lab private-file pages=10; read c:1", 1, 2), ("write b:3; file write 8", 8, 1)):
        rows = cursor_row("-c", commands)
        if ok(len(rows) == 1 and re.match(rf" *{page}\D", rows[0]), f"{commands}: the cursor stands at page {page}"):
            panels = re.split(r"[│>]", rows[0])
            same([mark for mark in re.findall(r"[│>]", rows[0])].index(">"), column, f"of process {'abc'[column]}: {len(panels)} cells")
    rows = cursor_row("-c", "write b:7; select c:2")
    ok(len(rows) == 1 and re.match(r" *2\D", rows[0]), "select moves it")


def check_own(work, lessons):
    own = os.path.join(work, "data/cowscope/lessons")
    os.makedirs(own)
    write(os.path.join(own, "cow.md"), "# Mine\n\nSummary.\n\nProse of mine.\n" + EXPECT)
    write(os.path.join(own, "zoo.md"), "No title.\n")
    env = environment(COWSCOPE_LESSONS=lessons, XDG_DATA_HOME=os.path.join(work, "data"))
    lines = run("--list", env=env)[1].splitlines()
    ok(lines[0].split(None, 2) == ["*", "cow", "Mine"], "one's own first, marked")
    ok(lines[1].startswith("* zoo") and "cannot be played" in lines[1], "and what cannot be played says so")
    ok("Prose of mine." in run("--batch", "cow", env=env)[1], "its name goes before a bundled one's")
    status, out, err = run("--batch", "zoo", env=env)
    ok(status == 2 and f"{own}/zoo.md:1: " in err, err.strip())
    write(os.path.join(own, "quiz.md"), "# My quiz\n\nSummary.\n\nProse of the quiz.\n" + EXPECT)
    listed = run("--list", env=env)[1].splitlines()
    words = [line[2:].split()[0] for line in listed if line[:2] in ("* ", "  ") and "zoo" not in line and "one of your own" not in line]
    ok(os.path.join(own, "quiz.md") in words and "quiz" not in words, "a name that means something else is listed by its path")
    titles = {word: run("--batch", word, env=env)[1].splitlines()[0] for word in words}
    same({line[2:].split(None, 1)[0]: line[2:].split(None, 1)[1] for line in listed if line[2:].split(" ")[0] in titles}, titles,
         "what is listed begins that lesson, those included that another hides")
    env["XDG_DATA_HOME"] = "data"
    env["HOME"] = work
    ok("Prose of mine." not in run("--batch", "cow", env=env)[1], "a relative XDG_DATA_HOME is none")
    script = os.path.join(work, "cow")
    write(script, "read a:1\n")
    ok(run("--batch", script)[1].startswith("step 1  read a:1"), "a file that does not end in .md is a script")


def check_readme(work):
    with open(os.path.join(TREE, "README.md"), encoding="utf-8") as file:
        lines = file.read().split("    # Who pays", 1)[1].splitlines()
    example = "# Who pays" + "\n".join(line[4:] if line else "" for line in lines).split("\n```\n", 1)[0] + "\n```\n"
    path = os.path.join(work, "mine.md")
    write(path, example)
    same(run("--check", path), (0, "", ""), "the lesson in the README has nothing wrong")
    status, out, err = run("--batch", path)
    ok(status == 0 and not err and "It is 1: One" in out, "and plays")


def check_ranges(work):
    path = os.path.join(work, "ranges.md")
    write(path, "# Ranges\n\nSummary.\n\nWhich?\n\n- [x] {pages}\n\n```cow\nread a:0-3; read a:5; read c:9\nexpect a:5 private\n```\n")
    out = run("--batch", path)[1]
    ok("These pages changed: a:0-3, a:5, c:9.\n" in out, "pages in a row are named once")


def check_recorded(work):
    path = os.path.join(work, "recorded.md")
    status, out, err = run("--batch", "-c", f"read all:*; write a:2 hello; fork b; record {path}")
    ok(status == 0 and not err, f"a session is recorded as a lesson: {(out + err).splitlines()[-1]}")
    same(run("--check", path), (0, "", ""), "nothing is wrong in it")
    status, out, err = run("--batch", path)
    ok(status == 0 and not err and "write a:2 hello" in out, "and it plays")


def main():
    names = sorted(name[:-3] for name in os.listdir(os.path.join(TREE, "lessons")) if name.endswith(".md"))
    with tempfile.TemporaryDirectory() as work:
        os.chmod(work, 0o755)
        lessons = os.path.join(work, "lessons")
        os.mkdir(lessons, 0o755)
        for name in names:
            shutil.copyfile(f"{TREE}/lessons/{name}.md", f"{lessons}/{name}.md")
        check_all(lessons, names)
        check_golden()
        check_json()
        check_broken(work)
        check_false(work)
        check_needs(work, users()[-1][1])
        check_memory(work)
        check_own(work, lessons)
        check_cursor()
        check_ranges(work)
        check_readme(work)
        check_recorded(work)
        play_all(lessons, names)
    done()


main()
