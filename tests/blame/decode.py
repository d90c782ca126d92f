#!/usr/bin/env python3
"""What is said of an interpreter's memory, against the interpreter: it makes objects, and says where their words are and what
they are. Each interpreter of this machine is tried; DECODED_TOO names more commands, separated by semicolons
("chroot /srv/sid python3.14")."""

import collections
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))
from live import *

HERE = os.path.dirname(os.path.abspath(__file__))
DECODE = os.environ.get("DECODE", "tests/blame/decode")
TARGETS = {"python": ("decode_python.py", "-c"), "ruby": ("decode_ruby.rb", "-e")}


ASKED = {"python": ("-c", "import sys; print(sys.executable)"), "ruby": ("-e", "puts RbConfig.ruby")}
NAMES = {"python": ["python3", "/usr/bin/python3"] + ["python3.%d" % minor for minor in range(8, 15)], "ruby": ["ruby"]}


def interpreters(language):
    """Commands that start one, each program once."""
    found = {}
    for name in NAMES[language]:
        path = shutil.which(name)
        run = path and subprocess.run([path, *ASKED[language]], text=True, stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL, check=False)
        if run and run.returncode == 0:
            found.setdefault(os.path.realpath(run.stdout.strip()), [path])
    too = [command.split() for command in os.environ.get("DECODED_TOO", "").split(";") if command.strip()]
    return list(found.values()) + [command for command in too if language in command[-1]]


def decoded(pids, addresses):
    """What the decoders say, one (cause, runtime, object) an address; None: it may not be read. pids: the process, and the one
    that it was forked from."""
    run = subprocess.run([DECODE, *pids], input="".join(f"{address}\n" for address in addresses), text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    if run.returncode:
        return None
    lines = [line.split("\t") for line in run.stdout.splitlines()]
    assert [line[0] for line in lines] == addresses
    return [tuple(line[1:]) for line in lines]


def compare(what, wanted, got):
    """At least 99 % are right, and less than 0.5 % something else than right or unknown."""
    wrong = collections.Counter()
    unknown = collections.Counter()
    for (_, cause, name), (got_cause, _, got_name) in zip(wanted, got):
        if (got_cause, got_name) != (cause, name):
            (unknown if got_cause == "unknown" else wrong)[f"{cause} {name}: {got_cause} {got_name}"] += 1
    missed = sum(wrong.values()) + sum(unknown.values())
    ok(missed * 100 <= len(wanted), f"{what}: right for {len(wanted) - missed} of {len(wanted)} words")
    ok(sum(wrong.values()) * 200 < len(wanted), f"{what}: wrong for {sum(wrong.values())}")
    for line, count in (wrong + unknown).most_common(10):
        print(f"# {count} times {line}")


def try_interpreter(language, command):
    script, option = TARGETS[language]
    with open(os.path.join(HERE, script), encoding="utf-8") as file:
        source = file.read()
    target = subprocess.Popen(command + [option, source, "100"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    version, *pids = target.stdout.readline().split() or [""]
    wanted = []
    for line in iter(target.stdout.readline, "\n"):
        if not line:
            break
        wanted.append(tuple(line.rstrip("\n").split(" ", 2)))
    got = decoded(pids or [str(target.pid)], [address for address, _, _ in wanted])
    target.stdin.close()
    target.wait()
    what = f"{' '.join(command)} {version}"
    if got is None:
        skip("another process of one's own may not be read here", what)
    elif ok(len(wanted) > 1000, f"{what} says where its objects are"):
        compare(what, wanted, got)


for language in TARGETS:
    found = interpreters(language)
    for command in found:
        try_interpreter(language, command)
    if not found:
        skip(f"there is no {language} here", language)
done()
