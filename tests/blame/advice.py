#!/usr/bin/env python3
"""Each advice, done: the same program with it and without, and how much less its child copies for that cause."""

import os
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "attach"))
from oracle import *

# Each makes objects, takes the advice or not, forks, and lets the child do what costs, when it is told to.
PYTHON = """
import gc, os, sys
data = [{"name": str(i), "list": [i]} for i in range(60000)]
ADVICE
ready, go = os.pipe(), os.pipe()
if os.fork() == 0:
    os.close(go[1])  # so that it ends with its parent
    os.write(ready[1], b"x")
    os.read(go[0], 1)
    WORK
    os.write(ready[1], b"x")
    os.read(go[0], 1)
    os._exit(0)
for line in iter(lambda: (os.read(ready[0], 1), print("ok", flush=True), sys.stdin.readline())[2], ""):
    os.write(go[1], b"x")
"""
RUBY = """
data = Array.new(60000) { |i| { name: i.to_s, list: [i] } }
ADVICE
ready, go = IO.pipe, IO.pipe
fork do
  go[1].close
  ready[1].syswrite("x")
  go[0].read(1)
  WORK
  ready[1].syswrite("x")
  go[0].read(1)
  exit!
end
loop do
  ready[0].sysread(1)
  STDOUT.syswrite("ok\\n")
  break unless STDIN.gets
  go[1].syswrite("x")
end
"""


def copied(command, cause, runtime):
    """KiB that the child copies for this cause, or in all (None); None: the runtime isn't recognized, or faults are not shown."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        process.stdout.readline()
        with Watch(children_and(process.pid), "--blame") as watch:
            watch.sample()
            process.stdin.write("go\n")
            process.stdin.flush()
            process.stdout.readline()
            watch.sample()  # may have begun before
            blame = watch.sample()["blame"]
    except EOFError:
        return None
    finally:
        process.kill()
        process.stdin.close()
        process.stdout.close()
        process.wait()
    if not any(c["runtime"] == runtime for c in blame["causes"]):
        return None
    return sum(c["copied_kib"] for c in blame["causes"] if cause is None or (c["cause"], c["runtime"]) == (cause, runtime))


def children_and(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [pid, *map(int, file.read().split())]


def helps(name, program, cause, runtime, advice, work, share):
    path = shutil.which(name)
    if not path:
        skip(f"there is no {name} here")
        return
    flag = "-c" if name.startswith("python") else "-e"
    without = copied([path, flag, program.replace("ADVICE", "").replace("WORK", work)], cause, runtime)
    if without is None:
        skip(f"{path}: faults are not shown here, or it is no {runtime} that is known")
        return
    ok(without >= 1000, f"{name}: {work} copies {without} KiB for {cause or 'any cause'}")
    after = copied([path, flag, program.replace("ADVICE", advice).replace("WORK", work)], cause, runtime) or 0
    ok(after <= without * share, f"{name}: with {advice} {after} KiB, at most {share:.0%} of it")


helps("python3", PYTHON, "gc-mark", "cpython", "gc.freeze()", "gc.collect()", 0.1)
helps("python3", PYTHON.replace("data =", "import array\ndata = [float(i) for i in range(300000)]\nADVICE\nunused ="), "refcount", "cpython",
      "data = array.array('d', data)", "sum(data)", 0.1)
# Of Ruby's marks some are told from other writing to an object by the difference alone: so all of it counts.
helps("ruby", RUBY, None, "ruby", "4.times { GC.start }", "GC.start", 0.5)


def lesson():
    """The program that the lesson ends with, and what it says of it."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../lessons/refcounts.md")
    with open(path) as file:
        program = file.read().split("```\nimport")[1].split("```")[0]
    with tempfile.NamedTemporaryFile(suffix=".json", mode="r") as report:
        status, _, err = live.run("--blame", "--format=json", "-o", report.name, "--", "python3", "-c", "import" + program)
        lines = report.read().splitlines()
    if status == 3 and "page faults" in err:
        skip(f"faults are not shown here: {err.strip()}")
        return
    causes = json.loads(lines[-1])["blame"]["causes"] if lines else []
    if not any(c["runtime"] == "cpython" for c in causes):
        skip("python3 is no CPython that is known")
        return
    counts = sum(c["pages"] for c in causes if c["cause"] == "refcount")
    ok(counts >= 0.9 * sum(c["pages"] for c in causes), f"the lesson's program copies reference counts, nearly everywhere: {causes[:2]}")


lesson()
done()
