#!/usr/bin/env python3
"""Running processes in a terminal: what a person sees of a family that forks, writes and ends."""

import html
import json
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from e2e import COWSCOPE, ORDINARY, App, Tap, is_root, need, same

PAGES = 400

# Told on standard input; every order is answered with a line once it is done.
TARGET = """
import ctypes, mmap, os, sys
# PROT_EXEC keeps it apart from the interpreter's own memory.
memory = mmap.mmap(-1, %d * mmap.PAGESIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS,
                   prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
for page in range(%d):
    memory[page * mmap.PAGESIZE] = 1
children = {}

def child(orders, answers):
    while True:
        order = os.read(orders, 64).split()
        if not order or order[0] == b"exit":
            os._exit(0)
        for page in range(int(order[1]), int(order[2])):
            memory[page * mmap.PAGESIZE] = 2
        os.write(answers, b"done\\n")

def fork(name):
    order, answer = os.pipe(), os.pipe()
    pid = os.fork()
    if pid == 0:
        for other in children.values():
            os.close(other[1])
        os.close(order[1])
        child(order[0], answer[1])
    os.close(order[0])
    children[name] = (pid, order[1], answer[0])
    return pid

def do(words):
    if words[0] == "fork":
        return fork(words[1])
    pid, orders, answers = children[words[1]]
    os.write(orders, " ".join([words[0], *words[2:]]).encode())
    if words[0] == "exit":
        os.waitpid(pid, 0)
        return "ended"
    return os.read(answers, 64).decode().strip()

print("%%x" %% ctypes.addressof(ctypes.c_char.from_buffer(memory)), flush=True)
for line in sys.stdin:
    print(do(line.split()), flush=True)
""" % (PAGES, PAGES)


class Target:
    """A parent with PAGES pages of its own; b and c are the children it forked."""

    def __init__(self, ordinary=False):
        prefix = ORDINARY if ordinary and is_root() else ()
        self.process = subprocess.Popen([*prefix, sys.executable, "-c", TARGET], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, cwd="/")
        self.pid = self.process.pid
        self.start = int(self.process.stdout.readline(), 16)
        self.tell("fork b")
        self.tell("fork c")

    def tell(self, order):
        self.process.stdin.write(order + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def attach(target, *options, **how):
    return App("-p", str(target.pid), *options, start=False, **how)


def numbers(screen, name):
    """What the row of a process says: shared, copied and so on, as they stand under their heads."""
    head = next((line for line in screen.splitlines() if "copied" in line), "")
    row = next((line for line in screen.splitlines() if re.match(r"[ >]*%s \d+ " % name, line)), "")
    found = {}
    for word in ("shared", "copied", "parted", "private", "Rss"):
        at = head.find(word)
        if at >= 0 and row:
            found[word] = row[:at + len(word)].split()[-1]
    return found


def kib(text):
    size = float(text[:-1])
    return int(size * {"K": 1, "M": 1024, "G": 1024 * 1024}[text[-1]])


def copied(screen, name):
    value = numbers(screen, name).get("copied", "")
    return kib(value) if re.match(r"[\d.]+[KMG]$", value) else -1


def tells_who_wrote(target):
    """Root is told; others see it, where the kernel tells who comes and goes: not in a container, and not before Linux 6.6."""
    out = subprocess.run([COWSCOPE, "--batch", "--format=json", "-p", str(target.pid)], capture_output=True, text=True, check=True).stdout
    return is_root() or json.loads(out)["unseen"]["processes"] is not None


def came_apart(screen, name):
    """Copied, or parted where it is not told by whom."""
    return sum(kib(value) for column in ("copied", "parted") if re.match(r"[\d.]+[KMG]$", value := numbers(screen, name).get(column, "")))


def family(app):
    return app.wait("three processes", lambda screen: all(copied(screen, name) >= 0 for name in "abc"))


def shows_processes():
    with Target() as target, attach(target) as app:
        screen = family(app)
        same(str(target.pid) in screen, True, "the pid")
        same("and 2 more processes" in screen, True, "the title")
        app.text("q")
        app.expect(r"^status=0$")


def copies_appear():
    with Target() as target, attach(target) as app:
        before = came_apart(family(app), "b")
        same(target.tell("write b 0 300"), "done", "the child wrote")
        screen = app.wait("1.2M more in b", lambda screen: came_apart(screen, "b") >= before + 1150)
        same(came_apart(screen, "c") < 1150, True, "c copied nothing")
        if not tells_who_wrote(target):
            same(copied(screen, "b") < 1150, True, "nor is b said to have")
            app.says(r"Parted: 1\.\d+M")
            return
        same(copied(screen, "b") >= 1150, True, "it was b")
        app.says(r"Most copied: b")
        app.text("5")
        app.says(r"b copied 1\.2M at 0x")


def joins_and_leaves():
    with Target() as target, attach(target) as app:
        family(app)
        target.tell("fork d")
        app.wait("d joins", lambda screen: copied(screen, "d") >= 0)
        target.tell("exit d")
        app.wait("d leaves", lambda screen: copied(screen, "d") < 0)
        target.tell("fork e")
        app.wait("a name is never used again", lambda screen: copied(screen, "e") >= 0)


def goes_deeper():
    with Target() as target, attach(target) as app:
        family(app)
        state = "◆ copied" if tells_who_wrote(target) else "◐ parted"
        target.tell("write b 0 300")
        app.keys("Enter")
        app.says(r"most copied first")
        app.text(":")
        app.line("search %x" % target.start)
        app.wait("the mapping with most copies", lambda screen: re.search(r"^ >.*rwxp anonymous.* 1\.2M ", screen, re.M))
        app.keys("Enter")
        app.says(r"a cell 8 pages|a cell 4 pages|a cell 2 pages|a cell a page")
        app.text("b")
        app.says(r"b 0x[0-9a-f]+ \(\+0K\): \d+ " + state[2:])
        app.keys("*")
        app.text("-")
        app.text("+++++++")
        app.says(r"a cell a page")
        strip = app.wait("b's strip", lambda screen: re.search(r"^ >b +%s{20}" % state[0], screen, re.M))
        same(bool(re.search(r"^  a +[■●]{20}", strip, re.M)), True, "a has the originals")
        app.keys("Right", "Right", "Enter")
        app.says(r"page 2 of .* >b " + state)
        app.says(r"why (it wrote to what it shared by fork|its parent or child has another frame there now)")
        app.says(r"63 present")
        app.keys("Escape")
        app.says(r"a cell a page")
        app.keys("Escape", "Escape")
        family(app)


def erodes():
    with tempfile.TemporaryDirectory() as folder, Target() as target, attach(target) as app:
        family(app)
        target.tell("write b 0 300")
        target.tell("write c 100 150")
        app.text("5")
        app.says(r"b copied 1\.2M at 0x")
        app.keys("Enter")
        app.wait("the mapping, of all", lambda screen: re.search(r"^ >anonymous %x .* 1\.4M +(\+\S+|\?) " % target.start, screen, re.M))
        app.says(r"anonymous %x went in b 1\.2M \((\+\S+/min|\?)\), c 200K \((\+\S+/min|\?)\)" % target.start)
        path = os.path.join(folder, "erosion.txt")
        app.text(":")
        app.line("capture " + path)
        app.says("saved as")
        with open(path, encoding="utf-8") as file:
            same("went in b 1.2M" in file.read(), True, "the capture has the mappings")
        app.keys("Escape")
        app.text("c")
        app.says("mapping in c")
        app.wait("the mapping, in c", lambda screen: re.search(r"^ >anonymous %x .* 200K " % target.start, screen, re.M))
        app.keys("Tab")
        app.wait("behind the last come all", lambda screen: re.search(r"^ >anonymous %x .* 1\.4M " % target.start, screen, re.M))
        app.keys("Enter")
        app.says(r"a cell \d+ pages|a cell a page")
        app.keys("Escape")
        app.says("mapping +still copied a minute")
        app.keys("Escape")
        app.wait("processes", lambda screen: re.search(r"^ [ >]b +1\.2M +(\+\S+/min|\?)", screen, re.M))
        target.tell("exit b")
        app.wait("who left", lambda screen: re.search(r"^ [ >]b +1\.2M +left", screen, re.M))
        app.says(r"Ever copied: 1\.[4-9]M")
        app.keys("Escape")
        app.wait("the family again", lambda screen: copied(screen, "c") >= 0)


def finds():
    with Target() as target, attach(target) as app:
        family(app)
        app.text("2/")
        app.says(":search")
        app.line("stack")
        app.wait("the stack", lambda screen: re.search(r"^ >.*\[stack\]", screen, re.M))
        app.text("t")
        app.says("only anonymous")
        app.text(":")
        app.line("search no-such-thing")
        app.says("no listed mapping has no-such-thing in its name or address")


def only_reads():
    with Target() as target, attach(target) as app:
        family(app)
        app.press("w", "write changes processes, and -p only reads")
        app.press("f", "fork changes processes, and -p only reads")
        app.text(":")
        app.line("kill b")
        app.says("kill changes processes, and -p only reads")
        app.keys("Escape")
        family(app)


def captures():
    with tempfile.TemporaryDirectory() as folder, Target() as target:
        with attach(target) as app:
            family(app)
            for ending in ("txt", "svg", "html", "ans"):
                path = os.path.join(folder, "family." + ending)
                app.text(":")
                app.line("capture " + path)
                app.says(r"saved as " + re.escape(path))
                with open(path, encoding="utf-8") as file:
                    same("python3" in file.read(), True, ending)
        out = subprocess.run([COWSCOPE, "--batch", "-p", str(target.pid), "--size=60x18"], capture_output=True, text=True, check=True)
        lines = out.stdout.splitlines()
        same((len(lines) <= 18, max(map(len, lines)) <= 60), (True, True), "a picture of 60x18")
        same("sum of Rss" in out.stdout, True, "with the sum")


def steps_of(path):
    """The samples in a film: the number, what is said, and the screen as text."""
    with open(path, encoding="utf-8") as file:
        found = re.findall(r'<section id="step-(\d+)">(.*?)<pre[^>]*>(.*?)</pre>', file.read(), re.S)
    return [(int(number), *(html.unescape(re.sub(r"<[^>]+>", "", text)) for text in texts)) for number, *texts in found]


def films():
    with tempfile.TemporaryDirectory() as folder, Target() as target:
        path = os.path.join(folder, "film")
        with attach(target) as app:
            before = came_apart(family(app), "b")
            same(target.tell("write b 0 300"), "done", "the child wrote")
            app.wait("1.2M more in b", lambda screen: came_apart(screen, "b") >= before + 1150)
            app.text(":")
            app.line(f"capture {path}.html history")
            app.says("saved as")
            steps = steps_of(path + ".html")
            same(len(steps) >= 2 and steps[0][0] == 1, True, "every sample from the first on")
            copies = [came_apart(screen, "b") for _, _, screen in steps]
            same(copies == sorted(copies), True, "copies grow in it")
            same((copies[0], copies[-1] >= before + 1150), (before, True), "from none to all")
            same(bool(re.search(r"b (copied|parted) [\d.]+[KM] in ", "".join(text for _, text, _ in steps))), True, "what happened is told")
            app.text("2")
            app.says("most copied first")
            app.text(":")
            app.line(f"capture {path}.cast history seconds=1")
            app.says(r"saved as \S+cast")
            with open(path + ".cast", encoding="utf-8") as file:
                events = [json.loads(line) for line in file][1:]
            same(len([e for e in events if e[1] == "m"]) >= len(steps), True, "a cast has a marker a sample")
            app.text(":")
            app.line(f"capture {path}2.html history")
            app.says(r"saved as \S+2.html")
            same({("most copied first" in screen, "sum of Rss" in screen) for _, _, screen in steps_of(path + "2.html")}, {(True, False)}, "all of it is in the view that is looked at")
            app.text(":")
            app.line(f"capture {path}.png history")
            app.says(r"a .png holds one sample; html and cast hold them all")


def sizes():
    with Target() as target, attach(target) as app:
        family(app)
        for columns, rows in ((60, 18), (40, 12), (20, 5), (10, 3), (1, 1), (120, 40)):
            app.resize(columns, rows)
        family(app)
        for key in "234561":
            app.text(key)
            for columns, rows in ((9, 4), (80, 24)):
                app.resize(columns, rows)
        family(app)
        app.text("?")
        app.says("help lines 1-")
        app.text("q")
        family(app)


def ordinary_user():
    with Target(ordinary=True) as target, attach(target, ordinary=True) as app:
        family(app)
        app.says(r"frames really used \? not known")
        app.says(r"Root would be told who wrote")
        before = came_apart(app.screen(), "b")
        target.tell("write b 0 300")
        app.wait("copies of b", lambda screen: came_apart(screen, "b") >= before + 1150)


def all_end():
    with Target() as target, attach(target) as app:
        family(app)
        target.process.stdin.close()
        target.process.wait()
        app.wait("they are gone", lambda screen: len(re.findall(r"\bgone$", screen, re.M)) == 3)
        app.says("all processes are gone")
        app.text("q")
        app.expect(r"^status=0$")


def nobody():
    done = subprocess.run([COWSCOPE, "-p", "no-such-program"], capture_output=True, text=True, check=False)
    same(done.returncode, 2, "status")
    same(len(done.stderr.splitlines()), 1, "one line says why")


def main():
    need("tmux")
    tap = Tap()
    for test in (shows_processes, copies_appear, joins_and_leaves, goes_deeper, erodes, finds, only_reads, captures, films, sizes, all_end, nobody):
        tap.test(test.__name__.replace("_", " "), test, skip="only root is told who wrote" if test is erodes and os.geteuid() else None)
    tap.test("ordinary user", ordinary_user)
    tap.done()


if __name__ == "__main__":
    main()
