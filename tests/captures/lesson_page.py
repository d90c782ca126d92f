"""Every lesson as a page: made twice the same, small, sound HTML, and what it shows is what the JSON of the lesson says."""

import concurrent.futures
import glob
import html.parser
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from captures import done, ok, same, skip  # noqa: E402

COWSCOPE = os.path.abspath(os.environ.get("COWSCOPE", "src/cowscope"))
LESSONS = os.path.join(os.environ.get("srcdir", "."), "lessons")
LARGEST = 200 * 1024
VOID = {"meta", "input", "br", "link", "hr", "img"}
STATES = ("absent", "shared", "private", "copied", "zero", "swapped", "unknown")


def run(*arguments, **environment):
    ended = subprocess.run([COWSCOPE, *arguments], capture_output=True, text=True, check=False,
                           env={**os.environ, "COWSCOPE_LESSONS": LESSONS, **environment})
    return ended.returncode, ended.stdout, ended.stderr


def page_of(lesson):
    """What weighs the memory of the whole machine fails while another program takes or frees as much: it is made once more."""
    made = run("--batch", lesson, "--format=html", SOURCE_DATE_EPOCH="1000000000")
    return page_of(lesson) if made[0] == 1 and "expected cache" in made[2] else made


def without_weights(text):
    return re.sub(r"About -?\d+ MiB more in buff/cache, -?\d+ MiB", "About", text)


class Reader(html.parser.HTMLParser):
    """Tables of figures as {(process, page): (state, frame)}, rows that stand for many taken apart."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.attributes, self.tags = [], [], []
        self.cell = self.names = None
        self.feed(text)
        self.flush()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *attribute) for attribute in attrs]
        if tag in ("td", "th", "tr", "tbody", "tfoot", "table"):
            self.flush()
        if tag == "table" and dict(attrs).get("data-processes"):
            self.tables.append({})
            self.names, self.column, self.part = [], 0, ""
        elif tag in ("tbody", "thead", "tfoot"):
            self.part = tag
        elif tag == "tr":
            self.column = 0
        elif tag in ("td", "th") and self.names is not None:
            self.cell = {"class": (dict(attrs).get("class") or "").split(), "b": "", "code": "", "text": ""}
        elif tag in ("b", "code") and self.cell:
            self.inside = tag

    def handle_endtag(self, tag):
        if tag in ("b", "code"):
            self.inside = None
        elif tag == "table":
            self.flush()
            self.names = None

    inside = None

    def handle_data(self, data):
        if self.cell:
            self.cell["text"] += data
            if self.inside:
                self.cell[self.inside] += data

    def flush(self):
        cell, self.cell = self.cell, None
        if not cell:
            return
        column, self.column = self.column, self.column + 1
        if self.part == "thead":
            self.names.append(cell["b"].strip())
        elif self.part == "tbody" and column == 0:
            first, _, last = cell["text"].strip().partition("–")
            self.pages = range(int(first), int(last or first) + 1)
        elif self.part == "tbody" and len(self.names[column]) == 1 and "gone" not in cell["class"]:
            state = next(word for word in cell["class"] if word in STATES)
            frame = cell["code"].partition("–")[0]
            for page in self.pages:
                shown = frame if page == self.pages[0] else frame.replace(str(self.pages[0]), str(page))
                self.tables[-1][self.names[column], page] = (state, shown)


def states_of(lesson):
    """The same of each step, by its JSON: where more moments of a step are told, the last one counts."""
    steps = []
    for line in run("--batch", lesson, "--format=json")[1].splitlines():
        said = json.loads(line)
        if said["type"] != "snapshot":
            continue
        cells = {}
        for process in said["processes"]:
            if process.get("state") == "dead" or process.get("alive") is False:
                continue
            for page in process["pages"]:
                cells[process["name"], page["page"]] = (page["state"], page["frame"] or "")
        steps.append(cells)
    return steps


def sound(name, text, reader):
    ok(len(text.encode()) <= LARGEST, f"{name}: {len(text.encode()) // 1024} KiB, at most {LARGEST // 1024}")
    foreign = [found for found in reader.attributes if found[1] in ("src", "href", "style", "action", "srcset") or
               found[1].startswith("on")]
    same(foreign, [], f"{name}: no link, no style and no handler in an attribute")
    ok("unsafe" not in text and text.count("'sha256-") == 2, f"{name}: a policy of two hashes")
    ok(not re.search(r"https?:|//[a-z]", re.sub(r"<script>.*?</script>", "", text, flags=re.S)), f"{name}: no address")


PARSES = """
import html5lib, sys
for path in sys.argv[1:]:
    parser = html5lib.HTMLParser(strict=False)
    with open(path, encoding="utf-8") as file:
        parser.parse(file.read())
    for (line, _), error, _ in parser.errors[:3]:
        print(f"{path}:{line}: {error}")
"""


def valid(pages, directory):
    """html5lib may be that of Debian's Python, whichever runs this test."""
    python = next((python for python in (sys.executable, "/usr/bin/python3") if os.path.exists(python) and not
                   subprocess.run([python, "-c", "import html5lib"], capture_output=True, check=False).returncode), None)
    if not python:
        skip("python3-html5lib is not installed", "HTML by the standard's parser")
        return
    for name, text in pages.items():
        path = os.path.join(directory, name + ".html")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        ended = subprocess.run([python, "-c", PARSES, path], capture_output=True, text=True, check=False)
        same((ended.stdout, ended.stderr), ("", ""), f"{name}: HTML without an error")


def usage(directory):
    """Both ways to ask for it; and a lesson that fails."""
    short, long = os.path.join(directory, "short.html"), os.path.join(directory, "long.html")
    same(run("cow", "-o", short)[0::2], (0, ""), "cowscope LESSON -o x.html")
    same(run("--batch", "cow", "--format=html", "--history", "-o", long)[0::2], (0, ""), "--batch LESSON --history -o x.html")
    read = [re.sub(r"cowscope (--batch )?cow -o \S+|<time>.*?</time>|<meta name=.*", "", open(path, encoding="utf-8").read())
            for path in (short, long)]
    same(read[0], read[1], "are the same page")
    wrong, none = os.path.join(directory, "wrong.md"), os.path.join(directory, "none.html")
    with open(wrong, "w", encoding="utf-8") as file:
        file.write("# Wrong\n\nIt claims what is not so.\n\n```cow\nread a:1\nexpect a:1 copied\n```\n")
    status, _, err = run(wrong, "-o", none)
    ok(status == 1 and "wrong.md:7:" in err and err.count("\n") == 1, "a lesson that fails says where", (status, err))
    ok(not os.path.exists(none), "and leaves no page")


HOSTILE = """# A &lt;title> "of" its own

What `</p><script>alert(1)</script>` is about.

Text: `</code><b>` and &lt;img src=x onerror=alert(1)> and [a link](http://example.org/).

```cow
lab private-anon pages=2 processes=1
write a:1 "</td><i>&"
expect a:1 content="</td>"
```

Is `<img src=x onerror=alert(1)>` asked?

- [ ] `"><svg onload=alert(1)>` {because `</li><script>alert(2)</script>`}
- [x] `</ol></section>`

```cow
read a:1
```
"""


def hostile(directory):
    """A stranger's lesson stays text."""
    path = os.path.join(directory, "hostile.md")
    with open(path, "w", encoding="utf-8") as file:
        file.write(HOSTILE)
    status, text, err = run("--batch", path, "--format=html")
    same((status, err), (0, ""), "a lesson full of markup is made")
    tags = Reader(text).tags
    same([tags.count(tag) for tag in ("script", "title", "img", "svg", "u", "section")], [1, 1, 0, 0, 0, 3],
         "and its text stays text")
    ok("&lt;/td&gt;&lt;i" in text, "what a page holds too")


def main():
    names = sorted(os.path.basename(path)[:-3] for path in glob.glob(os.path.join(LESSONS, "*.md")))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        made, again = list(pool.map(page_of, names)), list(pool.map(page_of, names))
    pages = {}
    for name, (status, text, err), other in zip(names, made, again):
        same((status, err), (0, ""), f"{name}: is made")
        lines = zip(without_weights(text).splitlines(), without_weights(other[1]).splitlines())
        same([pair for pair in lines if pair[0] != pair[1]][:2], [], f"{name}: is made twice the same")
        pages[name] = text
        reader = Reader(text)
        sound(name, text, reader)
        wanted = states_of(name)
        same(len(reader.tables), len(wanted), f"{name}: a picture of each step")
        wrong = [(step, key, shown.get(key), cell) for step, (shown, cells) in enumerate(zip(reader.tables, wanted))
                 for key, cell in cells.items() if shown.get(key) != cell]
        same(wrong[:3], [], f"{name}: every page as its JSON has it")
    with tempfile.TemporaryDirectory() as directory:
        valid(pages, directory)
        usage(directory)
        hostile(directory)
    done()


main()
