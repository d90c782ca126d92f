#!/usr/bin/env python3
"""record x.c: the program that is written compiles without a warning, does the same in processes of its own, and prints what the lab
said of each page: every lesson, a session with each command, random ones (SEED, COMMANDS), as root and as an ordinary user."""

import glob
import shutil
import tempfile

from live import *

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FLAGS = ["-std=c11", "-Wall", "-Wextra", "-Werror"]
COMPILERS = [c for c in ("gcc", "clang") if shutil.which(c)]
COMMANDS = int(os.environ.get("COMMANDS", "15"))

# What no lesson does.
SESSIONS = {
    "faults": ("private-file", ["protect a:2 none", "read a:1-3", "unmap b:0", "write b:0-1 \"'\\\"?\\\\\"", "map b:0", "file truncate 1", "read c:3"]),
    "advice": ("private-anon", ["write a:0-3", "fork a", "advise d:0 free", "write d:0", "advise a:1 cold", "write a:1", "advise all:2 dontneed",
                                "read all:2", "advise a:4 populate-write", "advise a:3 wipeonfork", "fork a"]),
    "copies": ("shared-file", ["copy a:0-1 load", "copy b:1-2 store", "copy c:3 read", "copy c:4 write", "read all:4", "sync b:2 async"]),
    "processes": ("shared-anon", ["write a:0", "alloc a 1M", "fork a", "exit a 3", "kill b TERM", "spawn a", "kill c STOP", "kill c CONT", "write ac:1",
                                  "exec d", "map d:*", "write d:1", "kill c HUP"]),
    "locks": ("shared-file", ["lock a:0", "lock b:0", "write a:1", "unlock a:0", "unlock b:0", "lock a:2", "lock c:2", "kill a", "unlock c:2"]),
    "names": ("posix-shm", ["file link", "file open", "unmap a:1", "map a:1", "read a:1", "file close", "map b:0 fixed", "file unlink", "write c:1 x"]),
    "files": ("private-file", ["read all:*", "file write 0-1 new", "write a:1", "file truncate 2 10", "file grow 4", "file sync", "file drop",
                               "read b:0", "map c:3 offset=0 shared", "read c:0,3", "file read 0"]),
}


def states_of(reply):
    return {p["name"]: "waits" if p["waits"] or p["life"] == "stopped" else [x["state"] for x in p["pages"]]
            for p in reply["processes"] if p["alive"]}


def recorded(path, commands, user, *options):
    """What the lab says after each step; the program is at path then. None: no step."""
    steps = {}
    with Batch(*options, user=user) as batch:
        reply = batch.do("show")
        for command in commands:
            line = command(reply) if callable(command) else command
            told = batch.do(line)
            reply = batch.do("show")
            for name in [p["name"] for p in reply["processes"] if p["waits"] and line.startswith(("unlock", "kill"))]:
                batch.do(f"await {name}:* not waiting")
                reply = batch.do("show")
            if told["type"] != "error":
                steps[reply["step"]] = (states_of(reply), line)
        told = batch.do(f"record {path}")
    return steps, told


def printed(text, steps):
    """Of the program's output: the states after each step."""
    found, at = {}, None
    for line in text.splitlines():
        begins, process = re.match(r"(\d+)  ", line), re.match(r"   ([a-i])  (.*)", line)
        if begins:
            at = found.setdefault(int(begins[1]), {})
        elif process and process[2] == "does not answer now":
            at[process[1]] = "waits"
        elif process:
            at[process[1]] = [state for first, last, state in re.findall(r"(\d+)(?:-(\d+))? (\w+)", process[2])
                              for _ in range(int(first), int(last or first) + 1)]
    return found


def compiled(compiler, source, program):
    got = subprocess.run([compiler, *FLAGS, source, "-o", program], capture_output=True, text=True)
    if got.returncode:
        print("#", got.stderr[:2000].replace("\n", "\n# "))
    return got.returncode == 0


def compilers_of(label):
    """Each session is compiled by all of them: where two users record it, by one for each."""
    labels = [name for name, _ in users()]
    return COMPILERS if len(labels) == 1 else [COMPILERS[labels.index(label) % len(COMPILERS)]]


def begins_lab(steps, step):
    """Then the lab before it may be left out."""
    return step in steps and re.match(r"lab|reset", steps[step][1])


def check(folder, label, user, what, commands, *options):
    source = os.path.join(folder, f"{what}.c".replace(" ", "-"))
    program = source[:-2]
    steps, told = recorded(source, commands, user, *options)
    if not same(told.get("text"), f"saved as {source}", f"{what}, as {label}: is recorded"):
        print("#", told)
        return
    for compiler in compilers_of(label):
        ok(compiled(compiler, source, program), f"{what}, as {label}: {compiler} {' '.join(FLAGS)} has nothing to say")
    if not os.path.exists(program):
        return
    ended = subprocess.run([program], capture_output=True, text=True, preexec_fn=user)
    found = printed(ended.stdout, steps)
    wrong = [(step, name, states, found[step].get(name)) for step, (lab, _) in sorted(steps.items()) if step in found
             for name, states in lab.items() if states != found[step].get(name)]
    gone = [step for step, (lab, _) in steps.items() if step in found and set(found[step]) != set(lab)]
    ok(ended.returncode == 0 and not ended.stderr, f"{what}, as {label}: runs to its end {ended.stderr}")
    gone += [step for step in steps if step not in found and not begins_lab(steps, step + 1)]
    same(gone, [], f"{what}, as {label}: has every step, and every process")
    if not ok(not wrong, f"{what}, as {label}: {sum(len(lab) for lab, _ in steps.values())} rows of pages are as in the lab"):
        for step, name, states, got in wrong[:6]:
            print(f"# step {step}, {steps[step][1]}: {name}\n#    lab {states}\n# program {got}")
    os.unlink(program)


def lesson_commands(name, user):
    """The steps of a lesson, as it played here."""
    _, out, _ = run("--batch", name, "--format=json", user=user)
    steps = {}
    for line in out.splitlines():
        reply = json.loads(line)
        if reply["type"] == "snapshot" and reply["step"]:
            steps[reply["step"]] = reply["command"]
    return [steps[step] for step in sorted(steps)]


def check_random(folder, label, user, kind, rng):
    commands = [lambda reply: random_command(rng, reply)] * COMMANDS
    check(folder, label, user, f"random {kind}", commands, f"--kind={kind}", "--pages=5")


def check_one_vma(folder, label, user):
    for kind in ("private-file", "private-anon"):
        check(folder, label, user, f"one VMA {kind}", [f"lab {kind} pages=6 processes=1 vmas=one", "read a:2", "write a:4", "fork a", "write b:2",
                                                        "advise a:1-2 dontneed", "write a:3", "read b:*"])


def check_own(folder, label, user):
    path = os.path.join(folder, 'a "file".dat')
    with open(path, "wb") as f:
        f.write(b"x" * 3 * PAGE)
    os.chmod(path, 0o644)
    check(folder, label, user, "a file of one's own", ["read all:*", "write a:1", "fork b"], f"--file={path}", "--pages=4")
    with open(path, "rb") as f:
        same(f.read(), b"x" * 3 * PAGE, "which stays as it was")


def main():
    rng = seeded(1)
    lessons = [os.path.basename(path)[:-3] for path in sorted(glob.glob(os.path.join(TREE, "lessons/*.md")))]
    if not COMPILERS:
        skip("neither gcc nor clang is here", "programs that are recorded")
    for label, user in users() if COMPILERS else []:
        with tempfile.TemporaryDirectory(prefix="cowscope-test-") as folder:
            os.chmod(folder, 0o777)
            for name in lessons:
                check(folder, label, user, name, lesson_commands(name, user))
            for what, (kind, commands) in SESSIONS.items():
                check(folder, label, user, what, commands, f"--kind={kind}", "--pages=5")
            for kind in KINDS:
                check_random(folder, label, user, kind, rng)
            check_one_vma(folder, label, user)
            check_own(folder, label, user)
    done()


main()
