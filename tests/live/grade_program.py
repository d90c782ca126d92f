#!/usr/bin/env python3
"""--grade=CHECK -- PROGRAM: programs that are known pass and fail; whatever one does, it ends in time and nothing of it is left. The
assignments of course/ with their solutions."""

from live import *

TREE = os.path.abspath(os.environ.get("srcdir", "."))
ASSIGNMENTS = os.path.join(TREE, "course", "assignments")
WORKERS = os.path.join(ASSIGNMENTS, "workers")
ONE_COPY = os.path.join(ASSIGNMENTS, "one-copy")

HEAD = "#include <fcntl.h>\n#include <signal.h>\n#include <stdlib.h>\n#include <string.h>\n#include <sys/wait.h>\n#include <unistd.h>\n"

work = tempfile.TemporaryDirectory(prefix="cowscope-grade-")
os.chmod(work.name, 0o755)


def file(name, text):
    path = os.path.join(work.name, name)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    return path


def program(name, source):
    """The program of a source file or text, readable by everybody."""
    path = source if source.endswith(".c") else file(f"{name}.c", source)
    built = os.path.join(work.name, name)
    subprocess.run([*os.environ.get("CC", "cc").split(), "-O1", "-Wall", "-Wextra", "-D_GNU_SOURCE", "-o", built, path], check=True)
    return built


def left(name):
    """Processes of that name; zombies of others' are none."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            if os.readlink(f"/proc/{pid}/exe") == os.path.join(work.name, name):
                found.append(pid)
    return found


for label, user in users():
    for answer, wanted in (("right.cow", 0), ("wrong.cow", 1)):
        # from a descriptor's copy: an ordinary user may not see the tree
        check, student = (file(n, open(os.path.join(ONE_COPY, n), encoding="utf-8").read()) for n in ("check.cow", answer))
        same(run(f"--grade={check}", student, user=user)[0], wanted, f"{label}: one-copy, {answer}: {wanted}")
check = file("workers.cow", open(os.path.join(WORKERS, "check.cow"), encoding="utf-8").read())
for name, wanted in (("right", 0), ("wrong", 1)):
    built = program(name, os.path.join(WORKERS, f"{name}.c"))
    for label, user in users():
        status, out, err = run(f"--grade={check}", "--", built, user=user)
        if user or not is_root():
            # who wrote may not be known to an ordinary user, but what is wrong never passes
            ok(status != (1 - wanted) and err == "", f"{label}: workers, {name}: {status}: {out.splitlines()[-1]}")
        elif not same((status, err), (wanted, ""), f"{label}: workers, {name}: {wanted}"):
            print("# " + out.replace("\n", "\n# "))
        same(left(name), [], f"{label}: workers, {name}: nothing is left")
status, out, err = run(f"--grade={check}", "--format=json", "--", os.path.join(work.name, "wrong"))
ok([row["result"] for row in json.loads(out)["checks"]].count("failed") >= 1, "JSON: what failed")

ends = file("ends.cow", "await a status=3\n")
status, out, err = run(f"--grade={ends}", "--", "/bin/sh", "-c", "echo out; echo err >&2; exit 3")
same((status, out, err), (0, f"passed: {ends}:1: await a status=3: status=3\n1 of 1 passed.\n", ""), "a status; its output is not in the report")
status, out, err = run(f"--grade={ends}", "--", "/bin/sh", "-c", "kill -9 $$")
same(status, 1, "one that is killed has another")

# A program so quick that no sample has it may be anything: it never passes as one that copies nothing.
quick = program("quick", "int main(void) { return 0; }\n")
for _ in range(10):
    status, out, err = run(f"--grade={file('quick.cow', 'await a status=0' + chr(10) + 'expect a rss>=900M' + chr(10))}", "--", quick)
    ok(status in (1, 3) and out.startswith("passed: ") and err == "", f"a quick program is known or not: {out.splitlines()[1][-60:]}")

# What a process copied after its last sample nobody saw: it is never said to be little.
gone = program("gone", HEAD + "int main(void) { char *p = malloc(8 << 20); memset(p, 1, 8 << 20); if (!fork()) { sleep(1); memset(p, 2, 8 << 20); "
               "_exit(0); } wait(NULL); for (;;) pause(); }\n")
status, out, err = run(f"--grade={file('gone.cow', 'await family processes>=2' + chr(10) + 'await b copied>=7M' + chr(10) + 'expect b copied<=500K')}", "--", gone)
ok(status in (1, 3) and "passed: " + work.name + "/gone.cow:3" not in out, "a process that has ended is not said to have copied little")

if is_root():
    who = file("who.sh", "test $(id -u) -ne 0 && ! echo x 2>/dev/null >/etc/cowscope-graded && exit 3; exit 1\n")
    same(run(f"--grade={ends}", "--", "/bin/sh", who)[0], 0, "it is an ordinary user, where the grader is root")
else:
    skip("needs root", "it is an ordinary user, where the grader is root")

PRANKS = {
    "forks": "int main(void) { for (;;) fork(); }",
    "forks_quietly": "int main(void) { for (;;) if (fork() == 0) { setsid(); if (fork()) _exit(0); } }",
    "daemon": "int main(void) { if (fork()) _exit(0); setsid(); if (fork()) _exit(0); for (;;) pause(); }",
    "deaf": "int main(void) { for (int i = 1; i < 65; i++) signal(i, SIG_IGN); for (;;) pause(); }",
    "spins": "int main(void) { for (;;) fork() ? 0 : pause(); }",
    "eats": "int main(void) { for (;;) { char *p = malloc(1 << 20); if (p) memset(p, 1, 1 << 20); } }",
    "writes": f'int main(void) {{ int fd = open("{work.name}/big", O_CREAT | O_WRONLY, 0600); for (;;) if (write(fd, "0123456789", 10) < 0) pause(); }}',
}
never = file("never.cow", "await family processes>=1000000\nexpect family copied<=500K\n")
for label, user in users():
    for name, text in PRANKS.items():
        built = program(name, HEAD + text + "\n")
        status, out, err = run(f"--grade={never}", "--time-limit=1", "--", built, user=user)
        same((status, err), (1, ""), f"{label}: {name}: 1")
        same(left(name), [], f"{label}: {name}: nothing is left")

for what, arguments in {
        "no program": [f"--grade={check}", "--", f"{work.name}/none"], "a file that is none": [f"--grade={check}", "--", check],
        "a lab's fact": [f"--grade={file('lab.cow', 'expect a:2 copied')}", "--", "true"],
        "a wrong fact": [f"--grade={file('fact.cow', 'expect a copied>500')}", "--", "true"],
        "an unknown one": [f"--grade={file('unknown.cow', 'expect a copeid>=500')}", "--", "true"],
        "another command": [f"--grade={file('command.cow', 'write a:2')}", "--", "true"],
        "a check of nothing": [f"--grade={file('nothing.cow', '# nothing')}", "--", "true"]}.items():
    status, out, err = run(*arguments)
    same((status, out, err.count("\n")), (2, "", 1), f"{what}: 2, one line: {err.strip()[-100:]}")
work.cleanup()
done()
