#!/usr/bin/env python3
"""What others do to the file and the workers shows without a key, and nobody who hangs holds up the screen."""

import ctypes
import os
import select
import signal
import struct
import sys
import threading

sys.dont_write_bytecode = True
from e2e import PAGE, App, Scratch, Tap, cell, is_root, need, note, order, parent, pid, rows, same, step, timed


def lab_file(app):
    """The lab's own file, which has no name, through the program's descriptor."""
    directory = "/proc/%d/fd" % app.main()
    for name in os.listdir(directory):
        path = os.path.join(directory, name)
        if os.path.isfile(path) and os.stat(path).st_size == 10 * PAGE and not os.readlink(path).startswith("/proc"):
            return path
    raise AssertionError("no file of ten pages among the descriptors of %d" % app.main())


def measured(what, act, seen):
    note("%s: on the screen after %.0f ms, tmux and its polling included", what, timed(act, seen))


def writes_the_file():
    with App() as app, open(lab_file(app), "r+b", buffering=0) as file:
        app.text("a3w")
        app.shows("a", 3, "◆ copied a3 W3333")
        before = step(app.screen())
        measured("write(2) by another process", lambda: os.pwrite(file.fileno(), b"other", 3 * PAGE),
                 lambda: app.shows("b", 3, r"■ shared x2 ▲?F3 other"))
        screen = app.shows("c", 3, r"■ shared x2 ▲?F3 other")
        same(cell(screen, "a", 3), "◆ copied a3 W3333", "a keeps its copy")
        same(step(screen), before, "step")
        app.says(r"Page 3 of the file holds other bytes now")
        app.says(r"page cache ■■■▲■■■■■■ 10 cached, 1 dirty")
        measured("fsync(2) by another process", lambda: os.fsync(file.fileno()),
                 lambda: app.says(r"page cache ■{10} 10 cached, 0 dirty"))


def writes_the_named_file():
    with Scratch() as scratch, App("--file=" + scratch.path, "--kind=shared-file") as app:
        measured("write(2) to --file", lambda: scratch.write(0, b"Zebra"),
                 lambda: app.shows("a", 0, r"■ shared x3 ▲?F0 Zebra"))
        measured("truncate(2) to 8 pages", lambda: os.truncate(scratch.path, 8 * PAGE),
                 lambda: app.shows("c", 9, r"· absent"))
        app.shows("c", 7, "■ shared x3 ▲?F7")
        app.text("a9r")
        app.says(r"read a:9 -> .*SIGBUS")
        app.text("0r")
        app.says(r"read a:0 -> ")
        os.truncate(scratch.path, 10 * PAGE)
        app.text("9r")
        app.says(r"read a:9 -> Page fault")
        app.shows("a", 9, r"● private ▲?F9")


def killed():
    with App() as app:
        number = pid(app.screen(), "b")
        app.text("a2w")
        app.shows("a", 2, "◆ copied")
        before = step(app.screen())
        measured("SIGKILL", lambda: os.kill(number, signal.SIGKILL), lambda: app.expect(r"─┬ b +killed by SIGKILL"))
        screen = app.says(r"b was ended by SIGKILL")
        same(step(screen), before, "step")
        same({row[1] for row in rows(screen).values()}, {"·"}, "rows of b")
        app.shows("c", 2, "● private F2")
        app.press("b2w", r"b is dead; spawn b starts a new one")
        app.text("c4w")
        app.shows("c", 4, "◆ copied c4")
        app.text("+")
        app.wait("a new b", lambda screen: pid(screen, "b") not in (0, number))
        app.text("b4r")
        app.shows("b", 4, "■ shared x2 F4")
        app.quit()


def killed_main():
    """The parent of a grandchild dies: the grandchild stays."""
    with App() as app:
        app.text("f")
        app.wait("d", lambda screen: order(screen) == "abcd")
        number = pid(app.screen(), "a")
        os.kill(number, signal.SIGTERM)
        app.expect(r"[┌┬] a +SIGTERM")
        app.text("d1w")
        app.shows("d", 1, "◆ copied d1")
        same(parent(pid(app.screen(), "d")), parent(pid(app.screen(), "b")), "who adopted d")
        app.quit()


def stopped():
    with App() as app:
        app.text("a1x")
        app.shows("a", 1, "· absent")
        before = step(app.screen())
        number = pid(app.screen(), "a")
        measured("SIGSTOP", lambda: os.kill(number, signal.SIGSTOP), lambda: app.expect(r"┌ a .*\bstopped\b.*┬ b"))
        app.says(r"a was stopped by a signal")
        app.press("r", r"a has not answered: it is stopped; kill a CONT lets it go on")
        same(step(app.screen()), before, "step")
        app.text("b5w")
        app.shows("b", 5, "◆ copied b5")
        app.text("c6x")
        app.shows("c", 6, "· absent")
        app.press("a6r", r"a has not answered read yet: it is stopped or hangs")
        same(cell(app.screen(), "a", 1), "· absent", "a:1 while stopped")
        measured("SIGCONT, and the answer that is late", lambda: os.kill(number, signal.SIGCONT),
                 lambda: app.shows("a", 1, "■ shared x3 F1"))
        screen = app.says(r"a was continued")
        assert "stopped" not in screen.splitlines()[1], screen
        app.text("a6r")
        app.says(r"read a:6 -> ")
        app.text("b:kill b STOP")
        app.keys("Enter")
        app.expect(r"┬ b .*\bstopped\b.*┬ c")
        app.text("A")
        app.says(r"read all:\* -> .*b has not answered: it is stopped")
        app.text("q")
        app.expect(r"^status=0$")


class Fanotify:
    """Decides over each access to a file, so that a process that we choose hangs in it, in the kernel."""

    PRE_ACCESS = 0x100000

    def __init__(self, path):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.group = self.libc.fanotify_init(8 | 1, os.O_RDONLY | os.O_CLOEXEC)  # FAN_CLASS_PRE_CONTENT, FAN_CLOEXEC
        if self.group < 0:
            raise OSError(ctypes.get_errno(), "fanotify_init")
        mark = self.libc.fanotify_mark(self.group, 1, ctypes.c_uint64(self.PRE_ACCESS), -100, path.encode())
        if mark < 0:
            os.close(self.group)
            raise OSError(ctypes.get_errno(), "fanotify_mark")
        self.held = 0
        self.hangs = threading.Event()
        self.waiting = []
        self.end, self.stop = os.pipe()
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def _allow(self, descriptor):
        os.write(self.group, struct.pack("=iI", descriptor, 1))
        os.close(descriptor)

    def _serve(self):
        while self.end not in select.select([self.group, self.end], [], [])[0]:
            data = os.read(self.group, 65536)
            while data:
                length, _, _, _, _, descriptor, number = struct.unpack_from("=IBBHQii", data)
                data = data[length:]
                if number == self.held:
                    self.waiting.append(descriptor)
                    self.hangs.set()
                else:
                    self._allow(descriptor)

    def release(self):
        self.held = 0
        while self.waiting:
            self._allow(self.waiting.pop())

    def close(self):
        os.write(self.stop, b".")
        self.thread.join()
        self.release()
        for descriptor in (self.group, self.end, self.stop):
            os.close(descriptor)


def why_not_hang():
    if not is_root():
        return "fanotify needs root"
    with Scratch() as scratch:
        try:
            Fanotify(scratch.path).close()
        except OSError as error:
            return "no fanotify events before an access (Linux 6.14): %s" % error
    return None


def hangs():
    """a maps page 3 again, and mmap does not come back."""
    with Scratch() as scratch:
        gate = Fanotify(scratch.path)
        try:
            with App("--file=" + scratch.path) as app:
                app.text(":unmap a:3")
                app.keys("Enter")
                app.shows("a", 3, "· absent unmapped")
                gate.held = pid(app.screen(), "a")
                app.text(":map a:3")
                app.keys("Enter")
                app.says(r"map a:3 -> no answer yet|a has not answered yet")  # the first is there for less than a second
                assert gate.hangs.is_set(), "a was not held"
                app.says(r"a has not answered yet; its answer will be shown")
                app.expect(r"┌ a .*no answer yet")
                app.text("b5w")
                app.shows("b", 5, "◆ copied b5")
                app.press("a5r", r"a has not answered map yet: it is stopped or hangs")
                measured("the end of a hang", gate.release, lambda: app.expect(r"┌ a +pid \d+ ─"))
                app.text("3r")
                app.shows("a", 3, "■ shared x3 F3")
                gate.held = pid(app.screen(), "c")
                app.text(":unmap c:3; map c:3; read b:0")
                app.keys("Enter")
                app.says(r"map c:3 -> no answer yet|c has not answered yet")
                app.text("q")
                gate.release()
                app.expect(r"^status=0$")
        finally:
            gate.close()


def the_file_hangs():
    """So does the process that keeps the file: file read waits, the screen does not."""
    with Scratch() as scratch:
        gate = Fanotify(scratch.path)
        try:
            with App("--file=" + scratch.path) as app:
                workers = {pid(app.screen(), name) for name in "abc"}
                with open("/proc/%d/task/%d/children" % (app.main(), app.main()), encoding="ascii") as file:
                    gate.held = (set(map(int, file.read().split())) - workers).pop()
                app.text(":file read 3")
                app.keys("Enter")
                app.says(r"file read 3 -> no answer yet|the file has not answered yet")
                app.says(r"the file has not answered yet; its answer will be shown when it comes")
                app.text("a3w")
                app.shows("a", 3, "◆ copied a3")
                gate.release()
                app.text(":file read 4")
                app.keys("Enter")
                app.expect(r"^ ?4: 4444")
                app.quit()
        finally:
            gate.close()


def main():
    need("tmux", "sh")
    tap = Tap()
    tap.test("another process writes the lab's file", writes_the_file)
    tap.test("another process writes and cuts a named file", writes_the_named_file)
    tap.test("a worker is killed", killed)
    tap.test("a worker with a child is ended", killed_main)
    tap.test("a worker is stopped and continued", stopped)
    why = why_not_hang()
    tap.test("a worker hangs in the kernel", hangs, skip=why)
    tap.test("the file hangs", the_file_hangs, skip=why)
    tap.done()


if __name__ == "__main__":
    main()
