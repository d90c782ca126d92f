#!/usr/bin/env python3
"""What is saved: captures in every format, under names that were free, and sessions that open again as they were."""

import tempfile

from live import *

FORMATS = {"txt": b" cowscope", "json": b"{", "ans": b"\x1b[", "svg": b"<", "html": b"<!", "cast": b"{", "md": b"#", "c": b"/*"}
DRAWN = {"png": b"\x89PNG", "pdf": b"%PDF"}
COMMANDS = ("read all:*", "write a:2", "fork a d", "write d:1", "kill c", "reset", "write b:0")


def captures(directory):
    for ending, start in {**FORMATS, **DRAWN}.items():
        name = os.path.join(directory, f"picture.{ending}")
        status, out, _ = run("--batch", "-c", f"read all:*; write a:2; capture {name}; capture {name}")
        if status == 3 and ending in DRAWN:
            skip("built without Cairo", f".{ending}")
            continue
        second = os.path.join(directory, f"picture-2.{ending}")
        same((status, out.count("saved as")), (0, 2), f".{ending}: saved twice")
        for path in (name, second):
            with open(path, "rb") as f:
                ok(start in f.read(16), f"{os.path.basename(path)}: is what its name says")
        with open(name, "wb") as f:
            f.write(b"old" * 100000)
        form = {"txt": "text", "ans": "ansi"}.get(ending, ending)
        history = ["--history"] if ending in ("txt", "json") else []
        if ending != "txt":
            same(run("--batch", f"--format={form}", *history, "-o", name, "-c", "read a:0")[0], 0, f"--format={form} -o")
            with open(name, "rb") as f:
                ok(start in f.read(16), f"--format={form} -o replaces the file it names")
    leftover = [name for name in os.listdir(directory) if not name.startswith("picture")]
    same(leftover, [], "nothing else is left beside them")


def notebook(directory):
    notes, picture = os.path.join(directory, "notes.md"), os.path.join(directory, "noted.svg")
    status, out, _ = run("--batch", "-c", f"notes {notes}; read all:*; capture {picture}; write a:2; capture {picture}; notes;"
                         f"capture {picture}")
    with open(notes) as f:
        text = f.read()
    same((status, text.count("\n## "), text.count("(noted.svg)"), text.count("(noted-2.svg)"), text.count("noted-3.svg")),
         (0, 2, 1, 1, 0), "a notebook gets an entry for each capture")
    ok(text.count("-o " + picture) == 1 and "-o " + picture.replace(".svg", "-2.svg") in text,
       "whose command lines write each to its own picture")
    ok("b and c still share F2" in text and "a2  W222" in text and "-c 'write a:2'" in text,
       "with the words, the screen and the command line")


def refusals(directory):
    for name, status in (("picture.doc", 2), ("picture", 2), ("none/picture.svg", 2), ("", 2)):
        got, out, _ = run("--batch", "-c", f"capture \"{os.path.join(directory, name)}\"")
        ok(got == status and out.count("\n") == 1, f"capture {name!r}: {out.strip()}")
    same(run("--batch", "--format=svg", "-o", directory, "-c", "show")[0], 2, "-o names a directory")


def sessions(directory):
    path = os.path.join(directory, "session.json")
    same(run("--batch", "--format=json", "--history", "-o", path, *[w for c in COMMANDS for w in ("-c", c)])[0], 0,
         "a session is saved")
    with open(path) as f:
        lines = [json.loads(line) for line in f]
    steps = {line["step"]: line for line in lines}
    same(sorted(steps), list(range(len(COMMANDS) + 1)), "with every step")
    with Batch(f"--open={path}") as batch:
        for step, line in steps.items():
            reply = batch.do(f"goto {step}")
            same({k: v for k, v in reply.items() if k != "command"}, {k: v for k, v in line.items() if k != "command"},
                 f"step {step} opens as it was saved")
        same(batch.do("write a:0")["type"], "error", "nothing can be done in it")
        same(batch.end(), 2, "and that is an error")
    with open(path, "rb") as f:
        whole = f.read()
    for cut in (2, 1000, len(whole) // 2):
        damaged = os.path.join(directory, "damaged.json")
        with open(damaged, "wb") as f:
            f.write(whole[:-cut])
        status, out, err = run(f"--open={damaged}", "--batch", "-c", "show")
        ok(status == 2 and out == "" and "byte" in err and err.count("\n") == 1, f"cut short: {err.strip()[-90:]}")
    same(run(f"--open={directory}/missing.json", "--batch", "-c", "show")[0], 2, "a session that is not there")


with tempfile.TemporaryDirectory() as place:
    captures(place)
    notebook(place)
    refusals(place)
    sessions(place)
done()
