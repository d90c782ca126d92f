#!/usr/bin/env python3
"""What a capture's metadata says recreates it: the command line is run by a shell, and gives the same picture of a saved
session, the same states of a live one."""

import html
import re
import subprocess
import tempfile

from live import *
from live import _PROGRAM

STEPS = ("read all:*", "write a:2 \"it's; <&> $HOME `x`\"", "fork a d", "write d:2", "kill c", "write b:0-3")


def texts_of_png(data):
    at = 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        if kind in (b"tEXt", b"iTXt"):
            yield data[at + 8:at + 8 + length].rpartition(b"\0")[2].decode()
        at += length + 12


def command_line(path):
    with open(path, "rb") as f:
        data = f.read()
    if path.endswith(".cast"):
        return json.loads(data.split(b"\n")[0])["command"]
    if path.endswith(".png"):
        return next(text for text in texts_of_png(data) if text.startswith("cowscope --batch"))
    ending = b'"' if path.endswith(".html") else b"<"
    return html.unescape(data[data.index(b"cowscope --batch"):].split(ending)[0].decode())


def shell(line, directory):
    """Runs it as a person would paste it."""
    wrapped = f"cowscope() {{ {COWSCOPE} \"$@\"; }}\n{line}"
    return subprocess.run(["sh", "-c", wrapped], cwd=directory, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          pass_fds=[_PROGRAM], check=False)


def recreated(line, directory, made):
    """Runs it with the file out of the way; what the file holds then, or None."""
    os.rename(made, made + ".first")
    ended = shell(line, directory)
    same((ended.returncode, ended.stdout, ended.stderr), (0, "", ""), f"{os.path.basename(made)}: the command line runs")
    if not os.path.exists(made):
        return None
    with open(made, "rb") as f:
        return f.read()


def first(made):
    with open(made + ".first", "rb") as f:
        return f.read()


def saved(directory):
    session = os.path.join(directory, "a session.json")
    run("--batch", "--format=json", "--history", "-o", session, *[word for step in STEPS for word in ("-c", step)])
    for ending, *more in (("svg",), ("html", "--theme=light"), ("html", "--history", "--size=60x18"), ("png",),
                          ("png", "--scale=1", "--theme=dark"),
                          ("cast", "--seconds=1.5"), ("svg", "--ascii", "-c", "view frames; select b:3"), ("svg", "-c", "view code")):
        made = os.path.join(directory, f"it's one.{ending}")
        status, _, error = run("--batch", f"--open={session}", "--goto=4", f"--format={ending}", "-o", made, *more)
        if status == 3 and ending == "png":
            skip("built without Cairo", "png")
            continue
        same((status, error), (0, ""), f".{ending} {' '.join(more)}: made")
        line = command_line(made)
        ok(ending == "cast" or "--goto=4" in line, f".{ending}: the line names the step")
        ok(recreated(line, directory, made) == first(made), f".{ending}: and gives the same bytes")


def state_of(reply):
    return [(p["name"], p["alive"], [(x["state"], x["dirty"], x["mapped_by"], x["frame"]) for x in p["pages"]])
            for p in reply["processes"]]


def replies(line):
    """The states that the line leads to: the same line as JSON."""
    as_json = re.sub(r" --format=\w+ -o .*$", " --format=json -c show", line)
    out = shell(as_json, "/").stdout
    return state_of(json.loads(out.split("\n")[-2]))


def live(directory):
    for what, options, commands in (
            ("of the start", (), ()),
            ("private-file", (), STEPS),
            ("shared-anon", ("--kind=shared-anon", "--pages=5"), ("fork a", "write b:3 x", "write a:1")),
            ("a second lab", (), ("read all:*", "lab private-anon pages=4 processes=2", "write a:0-2", "fork a", "write a:1")),
            ("a step behind", (), ("read all:*", "write a:2", "write b:2", "back"))):
        made = os.path.join(directory, what.replace(" ", "-") + ".svg")
        with Batch(*options) as batch:
            for command in commands:
                batch.do(command)
            wanted = state_of(batch.do("show"))
            batch.do(f"capture {made}")
            batch.end()
        line = command_line(made)
        same(replies(line), wanted, f"{what}: the same states")
        again = recreated(line, directory, made)
        ok(again is not None and re.findall(rb"<text[^>]*>(?:shared|copied|private|absent)(?!-)", again)
           == re.findall(rb"<text[^>]*>(?:shared|copied|private|absent)(?!-)", first(made)), f"{what}: and the picture shows them")


def steps():
    status, out, _ = run("--batch", "--goto=1", "-c", "read a:2; write b:3", "--format=json")
    lines = [json.loads(line) for line in out.splitlines()]
    same((status, [line["step"] for line in lines]), (0, [1, 2, 1]), "--goto looks at a step once the commands are done")
    with tempfile.TemporaryDirectory() as directory:
        name = os.path.join(directory, "x.svg")
        status, _, error = run("--batch", "--goto=9", "-c", "read a:2", "--format=svg", "-o", name)
        ok(status == 2 and "there is no step 9" in error and not os.path.exists(name), f"of another there is none: {error.strip()}")
        session = os.path.join(directory, "x.json")
        run("--batch", "--history", "--format=json", "-o", session, "-c", "read a:2")
        status, out, error = run("--batch", f"--open={session}", "--goto=2", "-c", "show")
        ok(status == 2 and out == "" and "there is no step 2" in error, f"nor in a saved session: {error.strip()}")
        status, out, _ = run("--batch", f"--open={session}", "--goto=0", "-c", "show", "--format=json")
        same((status, json.loads(out)["step"]), (0, 0), "a saved session is at its step from the first command on")


def pace(directory):
    for pace_said, times in ((["--seconds=0.5"], [0, 0.5, 1, 1.5]), (["-c", "capture {} seconds=2"], [0, 2, 4, 6])):
        name = os.path.join(directory, "pace.cast")
        if pace_said[0] == "-c":
            run("--batch", "-c", "read a:1; write a:2", "-c", pace_said[1].format(name))
        else:
            run("--batch", "-c", "read a:1; write a:2", *pace_said, "--format=cast", "-o", name)
        with open(name, encoding="utf-8") as f:
            events = [json.loads(line) for line in f][1:]
        same(sorted({event[0] for event in events}), times, f"{pace_said[-1]}: the steps come at their pace")
        os.unlink(name)
    status, out, _ = run("--batch", "-c", f"capture {directory}/x.svg seconds=2")
    ok(status == 2 and "pace" in out and not os.path.exists(f"{directory}/x.svg"), f"only a cast has one: {out.strip()}")


with tempfile.TemporaryDirectory() as place:
    saved(place)
    live(place)
    pace(place)
steps()
done()
