#!/usr/bin/env python3
"""A terminal on standard input: what it is asked for, and what is done without it."""

import tempfile

from live import *
from live import _PROGRAM

SECONDS = 120  # a program that still waits then waits for a person


def at_terminal(*arguments, typed=None):
    """As run(), with a terminal on standard input; what is typed comes when something was said on standard error."""
    terminal, theirs = os.openpty()
    with subprocess.Popen([COWSCOPE, *arguments], stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          cwd="/", pass_fds=[_PROGRAM]) as program:
        said = ""
        if typed is not None:
            said = program.stderr.readline()
            os.write(terminal, typed.encode())
        try:
            out, err = program.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            program.kill()
            program.communicate()
            out, err = "", "waits for the terminal"
    os.close(theirs)
    os.close(terminal)
    return program.returncode, out, said + err


def saved_session(directory):
    session = os.path.join(directory, "session.json")
    run("--batch", "--format=json", "--history", "-o", session, "-c", "read all:*; write a:2; write b:3")
    for ending in ("svg", "txt"):
        made = os.path.join(directory, f"step2.{ending}")
        words = ("--batch", f"--open={session}", "--goto=2", "-o", made)
        same(at_terminal(*words), (0, "", ""), f"{ending}: a saved session is drawn without waiting")
        with open(made, encoding="utf-8") as f:
            ok("W222" in f.read(), f"{ending}: and it is step 2")
    shown = run("--batch", f"--open={session}", "--goto=2", "-c", "show")
    ok(shown[0] == 0 and "copied a2" in shown[1] and "copied b3" not in shown[1], "show tells step 2 in words")
    words = ("--batch", f"--open={session}", "--goto=2", "--format=text")
    same(at_terminal(*words), shown, "where no command comes, the step is told as show tells it: a terminal")
    same(run(*words), shown, "an empty pipe")
    same(run(*words, text="# nothing\n"), shown, "a pipe with no more than a comment")
    ok(run(*words, text="goto 1\n")[1].startswith("step 1  read all:*\n"), "a pipe is read as before")
    told = at_terminal("--batch", f"--open={session}", "--goto=2", "--format=json")
    same((told[0], json.loads(told[1])["step"], told[2]), (0, 2, ""), "and so in JSON")


def live_lab():
    status, out, err = at_terminal("--batch", typed="read a:2; quit\n")
    ok(status == 0 and "step 1  read a:2" in out, "commands are read from the terminal")
    ok(err.count("\n") == 1 and err.startswith("cowscope: ") and "terminal" in err, f"and that is said: {err.strip()}")
    status, out, err = at_terminal("--batch", "--format=json", typed="read a:2\n\x04")
    ok(status == 0 and json.loads(out)["step"] == 1 and err.count("\n") == 1, "in JSON too, until Ctrl-D")
    same(run("--batch", text="read a:2\n")[2], "", "of a pipe nothing is said")
    status, out, err = at_terminal("--batch", "-c", "read a:2")
    ok(status == 0 and "step 1  read a:2" in out and err == "", "-c waits for nothing")


with tempfile.TemporaryDirectory() as place:
    saved_session(place)
live_lab()
done()
