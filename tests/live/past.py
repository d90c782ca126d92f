#!/usr/bin/env python3
"""record: a random session becomes a lesson that plays. replay: the same commands again, and what the kernel does differently."""

import tempfile

from live import *

COMMANDS = int(os.environ.get("COMMANDS", "30"))


def blocks(lesson):
    """The commands of a lesson: its fenced blocks."""
    inside, lines = False, []
    for line in lesson.splitlines():
        if line.startswith("```"):
            inside = line == "```cow"
        elif inside:
            lines.append(line)
    return lines


def record(folder, kind, user, rng):
    path = os.path.join(folder, f"{kind}.md")
    with Batch(f"--kind={kind}", "--pages=5", user=user) as batch:
        reply = batch.do("show")
        for _ in range(COMMANDS):
            reply = batch.do(random_command(rng, reply))
            if reply["type"] != "snapshot":
                reply = batch.do("show")
        told = batch.do(f"record {path}")
    return path, told


def check_record(folder, label, user, rng):
    for kind in KINDS:
        path, told = record(folder, kind, user, rng)
        if not same((told["type"], told.get("text")), ("record", f"saved as {path}"), f"{kind} as {label}: is recorded"):
            continue
        with open(path) as f:
            lesson = f.read()
        status, out, err = run("--batch", text="\n".join(blocks(lesson)) + "\n", user=user)
        if not ok(status == 0, f"{kind} as {label}: what was recorded holds again, {lesson.count('expect ')} times"):
            print("#", [line for line in out.splitlines() if line.startswith(("false", "error"))][:5], err)
        status, _, err = run("--check", path, user=user)
        same((status, err), (0, ""), f"{kind} as {label}: it is a lesson")
        status, out, err = run("--batch", path, user=user)
        if not ok(status == 0, f"{kind} as {label}: that plays"):
            print("#", out[-500:], err)
        os.unlink(path)


def check_files(folder):
    path = os.path.join(folder, "own.md")
    with open(path, "w") as f:
        f.write("mine")
    with Batch() as batch:
        ok("nothing to record" in batch.do(f"record {path}")["message"], "nothing can be recorded before anything was done")
        batch.do("read a:2")
        same(batch.do(f"record {path}")["text"], f"saved as {path[:-3]}-2.md", "what is there is not overwritten")
        ok(".md" in batch.do("record lesson.txt")["message"], "a lesson's name ends in .md, a program's in .c")
    with open(path) as f:
        same(f.read(), "mine", "and stays as it was")
    with open(path[:-3] + "-2.md") as f:
        lesson = f.read()
    ok("expect a:2 private" in lesson, "the page that changed is expected")
    status, _, _ = run("--batch", text="\n".join(blocks(lesson.replace("private\n", "copied\n"))))
    same(status, 1, "what did not happen is noticed when it is played")


def check_saved(folder):
    path = os.path.join(folder, "session.json")
    with open(path, "w") as f:
        f.write(run("--batch", "--format=json", "--history", "-c", "read all:*; write b:1")[1])
    out = os.path.join(folder, "saved.md")
    status, _, err = run(f"--open={path}", "--batch", "-c", f"record {out}")
    same((status, err), (0, ""), "a session that was saved can be recorded")
    with open(out) as f:
        ok("expect b:1 copied" in f.read(), "with what it expects")


def check_replay(kind, label, user, rng):
    with Batch(f"--kind={kind}", "--pages=4", user=user) as batch:
        replies = [batch.do("show")]
        while len(replies) < COMMANDS:
            reply = batch.do(random_command(rng, replies[-1]))
            if reply["type"] == "snapshot":
                replies.append(reply)
        for step in (len(replies) - 1, len(replies) // 2, 0):
            told = batch.do(f"replay {step}")
            ok(told["type"] == "replay" and "answered the same" in told["text"], f"{kind} as {label}: step {step} again")
            now = batch.do("show")
            same([states(now, p["name"]) for p in now["processes"] if p["alive"]],
                 [states(replies[step], p["name"]) for p in replies[step]["processes"] if p["alive"]],
                 f"{kind} as {label}: and its pages")
            ok(not {p["pid"] for p in now["processes"]} & {p["pid"] for p in replies[-1]["processes"] if p["alive"]},
               f"{kind} as {label}: of other processes")
        middle = len(replies) // 2
        old = batch.do(f"goto {middle}")
        same(old["processes"], replies[middle]["processes"], f"{kind} as {label}: the old steps are kept")


def check_difference():
    with Batch("--processes=3", "--pages=4") as batch:
        batch.do("read all:*")
        os.kill(process(batch.do("show"), "c")["pid"], signal.SIGKILL)
        while process(batch.do("show"), "c")["alive"]:
            pass
        batch.do("write a:2")
        told = batch.do("replay 2")["text"]
        ok("differently at step 2, write a:2" in told, "what somebody else did then is missing now: the step is named")
        ok(("a:0 was shared x2, this time it is shared x3" if on_disk() else
            "a:0 was shared x2 dirty, this time it is shared x3 dirty") in told, "and the first difference")
        same(states(batch.do("show"), "c"), "shared shared shared shared", "all steps were done")
        ok("no step 99" in batch.do("replay 99")["message"], "a step that is not there is refused")


def main():
    rng = seeded(random.SystemRandom().randrange(10 ** 6))
    for label, user in users():
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o777)
            check_record(folder, label, user, rng)
        for kind in KINDS[:4]:
            check_replay(kind, label, user, rng)
    with tempfile.TemporaryDirectory() as folder:
        check_files(folder)
        check_saved(folder)
    check_difference()
    done()


main()
