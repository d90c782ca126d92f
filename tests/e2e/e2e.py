"""cowscope in a terminal: what a person sees, read back from tmux, and waited for."""

import contextlib
import difflib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tui"))
import terminal
from terminal import Failed, Pty, Tap, Tmux, same, until

COWSCOPE = os.path.abspath(os.environ.get("COWSCOPE", "src/cowscope"))
PAGE = os.sysconf("SC_PAGE_SIZE")
NAMES = "abcdefghi"
ORDINARY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")


def is_root():
    return os.geteuid() == 0


def need(*tools):
    """Ends the whole script as skipped where a tool is missing."""
    if not os.access(COWSCOPE, os.X_OK):
        print("Bail out! %s is not built: set COWSCOPE" % COWSCOPE)
        sys.exit(1)
    for tool in tools:
        if not shutil.which(tool):
            print("1..0 # SKIP %s is not installed" % tool)
            sys.exit(0)


def flat(screen):
    """The screen as one line with single blanks, so that wrapped words stand together."""
    return " ".join(screen.split())


def guide(screen):
    """The rule of a lesson's or a quiz' guide, which has its number, and the lines below. Above it memory changes by itself."""
    lines = screen.split("\n")
    rule = next((i for i, line in enumerate(lines) if re.match(r"[ ─-]*([\w-]+ \d+/\d+|quiz \d+, question \d+) ", line)), len(lines))
    return [line.strip() for line in lines[rule:]]


def order(screen):
    """The processes that have a panel on the screen, from the left."""
    for line in screen.splitlines():
        names = re.findall(r"[┌┬+] ([a-i])(?= )", line)
        if names:
            return "".join(names)
    return ""


def rows(screen):
    """Page number -> what its row says, a string for each panel: "■ shared x3 F0 00000"."""
    found = {}
    for line in screen.splitlines():
        row = re.match(r" *(\d+)[│|>](.*)", line)
        if row:
            panels = [flat(panel).lstrip("*") for panel in re.split("[│|>]", row.group(2))]
            found[int(row.group(1))] = [panel for panel in panels if panel]
    return found


def cell(screen, name, page):
    at = order(screen).find(name)
    row = rows(screen).get(page, [])
    return row[at] if 0 <= at < len(row) else ""


def pid(screen, name):
    found = re.search(r"[┌┬+] %s +(?:pid )?(\d+)" % name, screen)
    return int(found.group(1)) if found else 0


def step(screen):
    found = re.search(r"\bstep (\d+)", screen)
    return int(found.group(1)) if found else -1


def parent(number):
    with open("/proc/%d/stat" % number, encoding="ascii", errors="replace") as file:
        return int(file.read().rpartition(")")[2].split()[1])


def difference(got, wanted, *without):
    """The lines in which two screens differ, settled; empty when they don't."""
    lines = difflib.unified_diff(settled(wanted, *without), settled(got, *without), "wanted", "got", lineterm="", n=0)
    return "\n".join(lines)


def same_screen(got, wanted, what, *without):
    lines = difference(got, wanted, *without)
    if lines:
        raise AssertionError("%s:\n%s" % (what, lines))


@contextlib.contextmanager
def little_memory():
    """The words before a program within: where /proc/meminfo tells of 100 MiB available. None: only root can show another one."""
    if not is_root() or subprocess.run(["unshare", "-m", "true"], stderr=subprocess.DEVNULL).returncode:
        yield None
        return
    with open("/proc/meminfo", encoding="ascii") as file:
        text = re.sub(r"(?m)^MemAvailable: .*$", "MemAvailable:     102400 kB", file.read())
    with tempfile.NamedTemporaryFile("w", prefix="cowscope-test-") as little:
        little.write(text)
        little.flush()
        os.chmod(little.name, 0o644)
        yield ("unshare", "-m", "sh", "-c", 'mount --bind "$0" /proc/meminfo && exec "$@"', little.name)


class App(Tmux):
    """cowscope in tmux. It has started when every page of the first panel can be read there."""

    def __init__(self, *options, columns=80, rows=24, ordinary=False, start=True, before=(), **changes):
        prefix = (*before, *(ORDINARY if ordinary and is_root() else ()))
        line = shlex.join([*prefix, COWSCOPE, *options]) + '; echo "status=$?"; read -r over'
        super().__init__("sh -c " + shlex.quote(line), columns, rows, **changes)
        if start:
            self.started = self.first_screen()

    def first_screen(self):
        try:
            return self.wait("the first screen", started)
        except BaseException:
            self.close()
            raise

    def wait(self, what, found):
        """Waits until found(screen) is true, and a second look sees the same: one alone may see a screen half drawn.
        Returns the screen of which it was."""
        kept = []

        def look():
            screen = self.screen()
            if not found(screen):
                kept.clear()
                return False
            if kept == [screen]:
                return True
            kept[:] = [screen]
            return False

        until(what, look, lambda: "\n".join(line for line in self.screen().splitlines() if line))
        return kept[0]

    def turn(self, screen, key="Space"):
        """Presses the key, and waits until the guide is another than on that screen."""
        self.keys(key)
        return self.wait("another guide after %s" % key, lambda text: guide(text) and guide(text) != guide(screen))

    def shows(self, name, page, pattern):
        """Waits until a cell is as the regular expression says, from its start."""
        return self.wait("%s:%d %r" % (name, page, pattern), lambda screen: re.match(pattern, cell(screen, name, page)))

    def says(self, pattern):
        """Waits until the words, wherever lines break, match."""
        return self.wait("%r" % pattern, lambda screen: re.search(pattern, flat(screen)))

    def comes_to(self, wanted, what, *without):
        """Waits until the screen is as another was."""
        def differs():
            return difference(self.screen(), wanted, *without)

        until(what, lambda: not differs(), differs)

    def press(self, keys, pattern):
        """Types characters and waits for words."""
        self.text(keys)
        return self.says(pattern)

    def cursor(self):
        """(column, row, visible) of the hardware cursor."""
        column, row, flag = self.ask("#{cursor_x} #{cursor_y} #{cursor_flag}").split()
        return int(column), int(row), flag == "1"

    def at_cursor(self):
        """The process and page that the screen marks with ">", where the hardware cursor stands too."""
        column, row, visible = self.cursor()
        screen = self.screen()
        line = screen.splitlines()[row]
        marked = [(r, c) for r, text in enumerate(screen.splitlines())
                  for c, sign in enumerate(text) if sign == ">" and re.match(r" *\d+[│|>]", text)]
        number = int(re.match(r" *(\d+)", line).group(1)) if re.match(r" *\d+[│|>]", line) else -1
        name = order(screen)[len(re.findall("[│|>]", line[:column])) - 1] if number >= 0 else ""
        same((visible, marked), (True, [(row, column - 1)]), "the cursor, and what marks it")
        return name, number

    def selects(self, name, page):
        def there():
            try:
                return self.at_cursor() == (name, page)
            except (AssertionError, IndexError):
                return False
        until("the cursor at %s:%d" % (name, page), there, lambda: "%s\n%s" % (self.cursor(), self.screen()))

    def main(self):
        """The program's own pid."""
        return parent(pid(self.screen(), "a"))

    def quit(self):
        self.text("q")
        self.expect(r"^status=0$")


def started(screen):
    name = order(screen)[:1]
    return name and step(screen) >= 1 and cell(screen, name, 0) and "quit" in screen


def settled(screen, *without):
    """What must be the same from one run to the next: no pids, memory, steps, PFNs, nor what their width moves."""
    text = re.sub(r"(?<=[┌┬+] [a-i]) +(pid )?\d+ ?[─-]*", "", screen)
    text = re.sub(r"\bpid \d+|  0x[0-9a-f]+", "", text)
    text = re.sub(r" +(used|step|memory) .*", r"\1", text)
    for pattern in without:
        text = re.sub(pattern, "", text, flags=re.M)
    return [line.rstrip() for line in text.rstrip("\n").splitlines()]


class Scratch:
    """A file of ten pages that a test may name and change: page n holds the digit n."""

    def __init__(self, name="cow.dat", pages=10, fill=lambda page: b"%d" % (page % 10) * PAGE):
        self.dir = tempfile.mkdtemp(prefix="cowscope-e2e-", dir="/var/tmp")
        os.chmod(self.dir, 0o755)
        self.path = os.path.join(self.dir, name)
        self.fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
        for page in range(pages):
            os.pwrite(self.fd, fill(page)[:PAGE].ljust(PAGE, b"\0"), page * PAGE)
        os.fsync(self.fd)

    def write(self, page, data):
        os.pwrite(self.fd, data, page * PAGE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.fd)
        shutil.rmtree(self.dir)


def timed(act, seen):
    """Milliseconds from what happens outside to where seen() has waited for it."""
    began = time.monotonic()
    act()
    seen()
    return (time.monotonic() - began) * 1000


def note(text, *values):
    print("# " + text % values, flush=True)
