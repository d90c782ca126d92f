"""Programs in a terminal, for end-to-end tests: a bare pty (Pty), a real emulator (Tmux), and TAP.

Nothing sleeps a fixed time: each wait ends when what is awaited is there, or fails at DEADLINE.
"""

import errno
import fcntl
import os
import re
import select
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

DEADLINE = 20.0  # seconds; only a failure ever takes this long
POLL = 0.02
ESCAPE = "\x1b\x1b[99~"  # what follows, which no key sends, tells it at once from Alt and the next key


class Failed(Exception):
    """What was awaited did not come."""


def environment(**changes):
    """The process's environment, pinned; None takes a variable out."""
    # SHELL: tmux would ask passwd(5), which has nologin for nobody.
    env = dict(os.environ, LC_ALL="C.UTF-8", SHELL="/bin/sh", TERM="xterm-256color", TZ="UTC")
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "LANGUAGE", "COLUMNS", "LINES", "TMUX", "ESCDELAY"):
        env.pop(name, None)
    for name, value in changes.items():
        if value is None:
            env.pop(name, None)
        else:
            env[name] = value
    return env


def until(what, found, detail=lambda: ""):
    """Calls found() until it gives something true; returns that."""
    end = time.monotonic() + DEADLINE
    while True:
        result = found()
        if result:
            return result
        if time.monotonic() > end:
            raise Failed("%s did not come\n%s" % (what, detail()))
        select.select([], [], [], POLL)


def gone(pid):
    """Waits until a process that need not be our child has ended."""
    try:
        fd = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        if not select.select([fd], [], [], DEADLINE)[0]:
            raise Failed("process %d has not ended" % pid)
    finally:
        os.close(fd)


class Pty:
    """A program on a pty of its own: every byte it writes is in `output`."""

    def __init__(self, command, columns=80, rows=24, ignore=(), cwd=None, **changes):
        self.output = b""
        self.status = None
        self.cwd = cwd
        self.master, slave = os.openpty()
        self.resize(columns, rows)
        self.before = termios.tcgetattr(slave)
        self.pid = os.fork()
        if self.pid == 0:
            self._become(command, slave, ignore, environment(**changes))
        self.slave = slave  # kept: the modes can be read after the program's end
        self.watched = os.pidfd_open(self.pid)

    def _become(self, command, slave, ignore, env):
        try:
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
            for fd in range(3):
                os.dup2(slave, fd)
            os.closerange(3, 256)
            if self.cwd:
                os.chdir(self.cwd)
            for signum in (signal.SIGINT, signal.SIGQUIT):
                signal.signal(signum, signal.SIG_DFL)  # a shell's background job ignores them
            for signum in ignore:
                signal.signal(signum, signal.SIG_IGN)
            os.execvpe(command[0], command, env)
        finally:
            os._exit(127)

    def resize(self, columns, rows):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def modes(self):
        return termios.tcgetattr(self.slave)

    def send(self, data):
        """Writes everything, reading meanwhile so that neither side gets stuck."""
        data = data if isinstance(data, bytes) else data.encode()
        while data:
            readable, writable, _ = select.select([self.master], [self.master], [], DEADLINE)
            if readable:
                self._read()
            if writable:
                data = data[os.write(self.master, data[:512]):]
            if not readable and not writable:
                raise Failed("the program does not read")

    def _read(self):
        try:
            data = os.read(self.master, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            data = b""
        self.output += data
        return data

    def expect(self, text, start=0):
        """Reads until text appears in the output behind `start`; returns the place behind it."""
        text = text if isinstance(text, bytes) else text.encode()
        end = time.monotonic() + DEADLINE
        while text not in self.output[start:]:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.master], [], [], left)[0] or not self._read():
                raise Failed("%r did not come, but %r" % (text, self.output[start:][-600:]))
        return self.output.index(text, start) + len(text)

    def match(self, pattern, start=0):
        """As expect, for a regular expression over bytes."""
        end = time.monotonic() + DEADLINE
        while True:
            found = re.search(pattern, self.output[start:])
            if found:
                return found
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.master], [], [], left)[0] or not self._read():
                raise Failed("%r did not come, but %r" % (pattern, self.output[start:][-600:]))

    def forget(self, keep=4096):
        """Reads what was written so far, and keeps only the end of it."""
        self._drain()
        self.output = self.output[-keep:]

    def ended(self):
        return bool(select.select([self.watched], [], [], 0)[0])

    def _drain(self):
        """What was written between a look at the terminal and the program's end."""
        while select.select([self.master], [], [], 0)[0] and self._read():
            pass

    def finish(self):
        """Reads until the program ends; returns its exit status, negative for a signal."""
        end = time.monotonic() + DEADLINE
        while True:
            left = end - time.monotonic()
            ready = select.select([self.master, self.watched], [], [], max(left, 0))[0]
            if self.master in ready:
                self._read()
            elif self.watched in ready:
                self._drain()
                break
            else:
                raise Failed("the program has not ended: %r" % self.output[-600:])
        self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.status

    def hang_up(self):
        """The terminal dies; returns the exit status."""
        os.close(self.slave)
        os.close(self.master)
        self.master = self.slave = -1
        gone(self.pid)
        self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.status

    def close(self):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        for fd in (self.master, self.slave, self.watched):
            if fd >= 0:
                os.close(fd)
        self.master = self.slave = self.watched = -1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Tmux:
    """One tmux server with one pane, in which a command (default: bash) runs."""

    def __init__(self, command="bash --norc --noprofile", columns=80, rows=24, **changes):
        self.dir = tempfile.mkdtemp(prefix="tui-")
        self.socket = os.path.join(self.dir, "tmux")
        self.server = None
        changes.setdefault("TERM", "screen-256color")
        # Without HISTFILE bash leaves nothing in HOME.
        self.env = environment(PS1="$ ", HISTFILE=None, **changes)
        words = ["env", "-i"] + ["%s=%s" % item for item in self.env.items()]
        self.run("new-session", "-d", "-x", str(columns), "-y", str(rows),
                 " ".join(shlex.quote(word) for word in words) + " " + command)
        self.run("set-option", "-g", "status", "off")
        self.run("set-option", "-g", "window-size", "manual")
        self.resize(columns, rows)
        self.server = int(self.run("display-message", "-p", "#{pid}"))

    def run(self, *words):
        done = subprocess.run(["tmux", "-u", "-S", self.socket, "-f", "/dev/null", *words], env=self.env,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=DEADLINE, check=False)
        if done.returncode:
            raise Failed("tmux %s: %s" % (words[0], done.stderr.decode(errors="replace").strip()))
        return done.stdout.decode(errors="replace")

    def keys(self, *names):
        """Keys by tmux's names: Enter, Escape, C-z, Up, x."""
        for name in names:
            if name == "Escape":
                self.text(ESCAPE)
            else:
                self.run("send-keys", name)

    def text(self, text):
        """Characters as they are."""
        self.run("send-keys", "-l", "--", text)

    def paste(self, text):
        """As the terminal pastes: marked, where the program asked for that."""
        self.run("set-buffer", "--", text)
        self.run("paste-buffer", "-p")

    def line(self, text):
        self.text(text)
        self.keys("Enter")

    def screen(self, escapes=False):
        return self.run("capture-pane", "-p", *(["-e"] if escapes else []))

    def expect(self, pattern):
        """Waits until the screen matches a regular expression; returns the match."""
        return until("%r" % pattern, lambda: re.search(pattern, self.screen(), re.M), self.screen)

    def ask(self, format_):
        return self.run("display-message", "-p", format_).strip()

    def alternate(self):
        return self.ask("#{alternate_on}") == "1"

    def resize(self, columns, rows):
        self.run("resize-window", "-x", str(columns), "-y", str(rows))

    def kill_pane(self):
        self.run("kill-pane")

    def close(self):
        try:
            self.run("kill-server")
        except Failed:
            pass
        if self.server:
            gone(self.server)
        shutil.rmtree(self.dir, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Tap:
    """TAP: each test is a function; Failed and AssertionError make it "not ok"."""

    def __init__(self):
        self.count = 0
        self.failures = 0

    def test(self, what, function, *arguments, skip=None):
        self.count += 1
        if skip:
            print("ok %d - %s # SKIP %s" % (self.count, what, skip), flush=True)
            return
        try:
            function(*arguments)
        except (Failed, AssertionError, OSError, subprocess.SubprocessError) as error:
            self.failures += 1
            print("not ok %d - %s" % (self.count, what))
            for row in ("%s: %s" % (type(error).__name__, error)).splitlines():
                print("# " + row)
            sys.stdout.flush()
        else:
            print("ok %d - %s" % (self.count, what), flush=True)

    def done(self):
        print("1..%d" % self.count)
        sys.exit(1 if self.failures else 0)


def same(got, wanted, what):
    if got != wanted:
        raise AssertionError("%s: got %r, wanted %r" % (what, got, wanted))


def program(name):
    """A test program below tests/ of the build."""
    return os.path.join(os.path.abspath(os.environ.get("top_builddir", ".")), "tests", name)


def has_terminfo(term):
    tool = shutil.which("infocmp")
    return tool is not None and subprocess.run([tool, term], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                               check=False).returncode == 0
