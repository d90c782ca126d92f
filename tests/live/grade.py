#!/usr/bin/env python3
"""--grade passes what is right and fails what is wrong. Whatever a student's file holds, the answer is 0 or 1, in time, and nothing is
left of it."""

import time
import xml.etree.ElementTree

from live import *

CHECK = "lab private-file pages=4 processes=2\nexpect a:2 copied\nexpect b:2 absent; await a:1 absent\n"
SHORT = "--time-limit=2"

work = tempfile.TemporaryDirectory(prefix="cowscope-grade-")
os.chmod(work.name, 0o755)


def file(name, text):
    path = os.path.join(work.name, name)
    with open(path, "wb") as out:
        out.write(text if isinstance(text, bytes) else text.encode())
    return path


def ours():
    """Processes whose program is this one."""
    me, found = os.fstat(_program()), set()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            if os.path.samestat(os.stat(f"/proc/{pid}/exe"), me):
                found.add(int(pid))
    return found


def _program():
    return int(COWSCOPE.rsplit("/", 1)[1])


def children_end(before):
    """Those of the lab end as soon as the kernel has closed their lifeline: waits until they have."""
    while any(work.name in cmdline(pid) for pid in ours() - before):
        time.sleep(0.01)
    return True


def cmdline(pid):
    with contextlib.suppress(OSError):
        with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as f:
            return f.read()
    return ""


check = file("check.cow", CHECK)
good = file("good.cow", "write a:2 W # one copy\n")

for label, user in users():
    status, out, err = run(f"--grade={check}", good, user=user)
    same((status, err), (0, ""), f"{label}: what is right passes")
    same(out.splitlines()[1:], [f"passed: {check}:2: expect a:2 copied", f"passed: {check}:3: expect b:2 absent",
                                f"passed: {check}:3: await a:1 absent", "4 of 4 passed."], f"{label}: each check's line")

status, out, err = run(f"--grade={check}", file("wrong.cow", "write b:2"))
same((status, err), (1, ""), "what is wrong fails")
ok("failed: " in out and "expect a:2 copied: expected copied, but the kernel says: a:2 absent" in out, "it says what was found")

# Whatever the file does.
PRANKS = {
    "nothing": "", "quit": "write a:2\nquit\n", "q": "q\n", "a lab of its own": "lab private-file pages=4 processes=2; write a:2\n",
    "reset": "write a:2\nreset\n", "an unknown command": "wriet a:2\n", "a file": f"write a:2\ncapture {work.name}/taken.txt\n",
    "notes": f"notes {work.name}/taken.md\n", "record": f"record {work.name}/taken.md\n", "weigh": "weigh private-anon 900M anyway\n",
    "no process": "write i:2\n", "no page": "write a:4000\n", "NUL": b"write a:2\0\n", "bytes": bytes(range(256)) * 100,
    "an open quote": 'write a:2 "\n', "a lesson": "lesson cow\n", "a lab in a loop": "loop 3 lab private-file\n",
    "10 MB": b"read a:0\n" * 1_200_000, "its own expect": "write a:2\nexpect a:2 absent\nexpect a:2 shared\n",
    "dead processes": "kill a; kill b\n", "stopped": "kill a STOP; kill b STOP\n",
    "a dropped file": "file drop\n", "a cut file": "file truncate 0; write a:2\n", "the file's name": "file link; write a:2\n",
}
for what, text in PRANKS.items():
    student = file("prank.cow", text)
    status, out, err = run(f"--grade={check}", student, SHORT)
    wanted = 0 if what in ("its own expect", "the file's name") else 1
    same((status, err), (wanted, ""), f"{what}: {wanted}")
    ok(out.endswith(" passed.\n"), f"{what}: a whole report")
same([name for name in os.listdir(work.name) if name.startswith("taken")], [], "no file was written")

for what, text in {"awaits for ever": "await a:2 copied\n" * 100, "loops for ever": "loop 1000 read ab:*\n" * 1000,
                   "expects for ever": "loop 1000 expect a:0 absent\n" * 1000}.items():
    before = ours()
    status, out, err = run(f"--grade={check}", file("slow.cow", text), "--time-limit=1")
    same((status, err), (1, ""), f"{what}: 1")
    ok("not reached before the time was over" in out, f"{what}: it ends with the time limit")
    ok(children_end(before), f"{what}: no process is left")

# What was made before the student stays, and what comes after is judged.
status, out, _ = run(f"--grade={file('later.cow', 'lab shared-file pages=3 processes=3' + chr(10) + 'write a:0 x' + chr(10) + 'expect c:1 shared' + chr(10) + 'write d:0 y' + chr(10) + 'expect d:0 shared' + chr(10))}",
                     file("fork.cow", "fork a d; read c:1; read a:1"))
same(status, 0, "the check goes on with what the student has made")
status, out, _ = run(f"--grade={os.path.join(work.name, 'later.cow')}", file("nofork.cow", "read c:1; read a:1"))
same(status, 1, "and fails where the student has not made it")
ok("write d:0 y: " in out, "with the command that could not be done")
status, out, _ = run(f"--grade={file('bare.cow', 'expect c:9 absent')}", good)
same(status, 0, "without a lab of its own it is the default one")

# The call, and the check.
for what, arguments in {
        "no check": [f"--grade={work.name}/none.cow", good], "no student": [f"--grade={check}", f"{work.name}/none.cow"],
        "a directory": [f"--grade={check}", work.name], "a device": [f"--grade={check}", "/dev/zero"],
        "two students": [f"--grade={check}", good, good], "nobody": [f"--grade={check}"],
        "a picture": [f"--grade={check}", good, "--format=svg"], "with -p": [f"--grade={check}", good, "-p", "1"],
        "a check with a bad line": [f"--grade={file('badcheck.cow', 'expect a:2 copied' + chr(10) + 'exepct a:2 copied')}", good],
        "a check that checks nothing": [f"--grade={file('empty.cow', 'lab private-file')}", good],
        "a check that leaves": [f"--grade={file('leaves.cow', 'expect a:2 copied; quit')}", good],
        "a check whose lab fails": [f"--grade={file('nolab.cow', 'write i:0' + chr(10) + 'expect a:2 copied')}", good]}.items():
    status, out, err = run(*arguments)
    same((status, out, err.count("\n")), (2, "", 1), f"{what}: 2, one line: {err.strip()[-90:]}")
ok("badcheck.cow:2: " in run(f"--grade={work.name}/badcheck.cow", good)[2], "the line of the check is named")

# Formats.
wrong = file("wrong.cow", 'write b:2 "<&>\\x1b]]>"\n')
marked = file("marked.cow", 'expect a:2 copied # "<&>"\nexpect file:2 content="<&>\\"]]>"\n')
status, out, _ = run(f"--grade={marked}", wrong, "--format=json")
report = json.loads(out)
same((status, report["passed"], report["score"], report["of"], report["checks"][1]["line"]), (1, False, 1, 3, 1), "JSON")
status, out, _ = run(f"--grade={marked}", wrong, "--format=tap")
same((status, out.count("\nnot ok "), out.splitlines()[1]), (1, 2, "1..3"), "TAP")
report = os.path.join(work.name, "report.xml")
status, out, _ = run(f"--grade={marked}", wrong, "--format=junit", "-o", report)
suites = xml.etree.ElementTree.parse(report).getroot()
cases = suites.findall("testsuite/testcase")
same((status, out, suites.tag, len(cases), len(suites.findall(".//failure"))), (1, "", "testsuites", 3, 2), "JUnit, in a file")
ok("<&>" in cases[2].get("name") and all(case.get("classname") == wrong for case in cases), "JUnit keeps what was written")

# A lesson and the quiz, answered by a file.
LESSON = """# Answers

Three questions.

What is a:2 after it is read?

- [ ] absent {it is mapped now}
- [x] private

```cow
lab private-file pages=4 processes=2
read a:2
expect a:2 private
```

Which pages change?

- [x] {pages}

```cow
write b:1
expect b:1 copied
```

Which of these hold?

- [x] a process can be killed
- [ ] a page can be killed {no}
- [x] a file can be cut

```cow
kill a
```
"""
lesson = file("answers.md", LESSON)
for what, answers, status, score in (("all right", "2\nb:1\n1 3\n", 0, 3), ("one wrong", "1\nb:1\n3 1", 1, 2), ("skipped", "\n\n\n", 1, 0),
                                     ("too few", "2\n", 1, 1), ("nothing", "", 1, 0), ("no page", "2\n0\n1 3\n", 1, 2),
                                     ("blank lines behind", "2\r\nb:1-1\r\n1 3\r\n\r\n", 0, 3)):
    told = run(lesson, f"--answers={file('answers.txt', answers)}", "--format=json")
    report = json.loads(told[1])
    same((told[0], report["score"], report["of"]), (status, score, 3), f"answers, {what}: {status}, {score} of 3")
for what, answers, line in (("a word", "two\n", 1), ("no such choice", "2\nb:1\n4\n", 3), ("0 of a choice", "0\n", 1),
                            ("no pages", "2\n1\n", 2), ("a sign", "+2\n", 1), ("NUL", b"2\n\0\n", 2), ("bytes", bytes(range(128, 256)), 1),
                            ("one too many", "2\nb:1\n1 3\n\n1\n", 5)):
    status, out, err = run(lesson, f"--answers={file('answers.txt', answers)}")
    same((status, out, f"/answers.txt:{line}: " in err, err.count("\n")), (2, "", True, 1), f"answers, {what}: its line is named")
answers = file("answers.txt", "2\nb:1\n2\n")
same(run(lesson, f"--answers={answers}", "--format=tap")[1].splitlines()[-5][:8], "not ok 3", "answers in TAP")
status, out, err = run(file("fails.md", LESSON.replace("expect b:1 copied", "expect b:1 shared")), f"--answers={answers}")
same((status, out, "fails.md:" in err), (3, "", True), "a lesson that fails grades nobody")
quiz = [json.loads(line) for line in run("quiz", "--batch", "--seed=7", "--questions=6", "--format=json", text="\n" * 12)[1].splitlines()]
right = "".join(f"{line['right']}\n" for line in quiz if line["type"] == "judged")
status, out, err = run("quiz", "--seed=7", f"--answers={file('answers.txt', right)}", "--format=json")
same((status, json.loads(out)["score"]), (0, 6), "the quiz: the right answers of a seed")
status, out, err = run("quiz", "--seed=7", "--questions=8", f"--answers={file('answers.txt', right)}", "--format=json")
same((status, json.loads(out)["of"]), (1, 8), "--questions: those without an answer are wrong")
status, out, err = run("quiz", "--seed=7", f"--answers={file('answers.txt', 'one')}")
same((status, out, "answers.txt:1: " in err), (2, "", True), "a damaged file, of the quiz")
work.cleanup()
done()
