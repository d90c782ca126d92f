"""Arbitrary canvases, texts and sessions go through every format, and what comes out is read by real parsers: markup is
ours alone, JSON is JSON, a terminal is told nothing but our own sequences. ROUNDS=n: so many; SEED=n: from there on."""

import html.parser
import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from captures import done, ok, same  # noqa: E402

FUZZ = os.path.join(os.environ.get("top_builddir", "."), "tests/captures/fuzz")
ROUNDS = int(os.environ.get("ROUNDS") or 100)
SEED = int(os.environ.get("SEED") or 1)
BATCH = 50  # rounds whose files are there at once

SVG_NAMES = {"svg", "title", "desc", "metadata", "RDF", "Description", "source", "creator", "coverage", "date", "format",
             "rect", "path", "g", "text"}
SVG_ATTRIBUTES = {"width", "height", "viewBox", "role", "about", "fill", "d", "x", "y", "text-anchor", "font-weight",
                  "font-family", "font-size", "shape-rendering", "stroke", "transform", "style", "class", "space",
                  "opacity", "fill-opacity"}
HTML_TAGS = {"html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "main", "nav", "section", "figure",
             "figcaption", "div", "p", "pre", "span", "mark", "code", "details", "summary", "button", "label", "input",
             "output", "time", "ol", "ul", "li", "dl", "dt", "dd", "footer", "script", "noscript", "a"}
TEXT_WRONG = set(range(0x20)) - {0x0A} | set(range(0x7F, 0xA0)) | {0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF} | set(range(0x202A, 0x202F)) | \
    set(range(0x2066, 0x206A))
SGR = re.compile("\x1b\\[[0-9;]*m")
SCREEN = re.compile("\x1b\\[(?:[0-9;]*[mH]|2[JK])")


def wrong_characters(text):
    return sorted({hex(ord(c)) for c in text if ord(c) in TEXT_WRONG or unicodedata.category(c) == "Cs"})


def must(holds, why):
    if not holds:
        raise ValueError(why)


def harmless(text):
    must(not wrong_characters(text), f"control characters {wrong_characters(text)[:5]}")


def check_svg(text):
    harmless(text)
    for element in ElementTree.fromstring(text.encode()).iter():
        name = element.tag.rpartition("}")[2]
        must(name in SVG_NAMES, f"an element <{name}>")
        names = {key.rpartition("}")[2] for key in element.attrib}
        must(names <= SVG_ATTRIBUTES, f"<{name}> with {names - SVG_ATTRIBUTES}")


class Page(html.parser.HTMLParser):
    VOID = {"meta", "input"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.scripts, self.styles, self.titles = [], [], [], 0

    def handle_starttag(self, tag, attrs):
        must(tag in HTML_TAGS, f"an element <{tag}>")
        must(not any(key.startswith("on") or key in ("src", "srcset", "action") for key, _ in attrs),
             f"<{tag}> with {attrs}")
        must(all(key != "href" or value.startswith("#") for key, value in attrs), f"<{tag}> leads to {attrs}")
        self.titles += tag == "title"
        if tag in ("script", "style"):
            (self.scripts if tag == "script" else self.styles).append((dict(attrs).get("type"), []))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        must(self.open and self.open.pop() == tag, f"</{tag}> ends what it did not begin")

    def handle_data(self, data):
        if self.open and self.open[-1] in ("script", "style"):
            (self.scripts if self.open[-1] == "script" else self.styles)[-1][1].append(data)

    def handle_comment(self, data):
        must(False, f"a comment {data[:20]!r}")

    def handle_pi(self, data):
        must(False, f"an instruction {data[:20]!r}")

    unknown_decl = handle_pi


def page_of(text):
    harmless(text)
    page = Page()
    page.feed(text)
    page.close()
    must(not page.open and page.titles == 1, f"left open: {page.open}, titles: {page.titles}")
    return page


def check_html(text):
    must(not page_of(text).scripts, "a script")


def check_film(text):
    page = page_of(text)
    own = CODE.setdefault("script", [s for t, s in page.scripts if t != "application/json"])
    must([s for t, s in page.scripts if t != "application/json"] == own, "a script that is not ours")
    data = ["".join(s) for t, s in page.scripts if t == "application/json"]
    must(len(data) == 1, f"{len(data)} times data")
    json.loads(data[0])


def check_text(text):
    harmless(text)


def check_ansi(text):
    harmless(SGR.sub("", text))


def check_cast(text):
    lines = text.split("\n")
    must(lines.pop() == "" and json.loads(lines[0])["version"] == 2, "no header")
    harmless("\n".join(lines))
    last = 0
    for line in lines[1:]:
        time, kind, data = json.loads(line)
        must(time >= last and kind in "om", f"{time} after {last}, {kind}")
        last = time
        harmless(SCREEN.sub("", data) if kind == "o" else "")


def check_md(text):
    """The one fence that is opened last is closed by the same, and inside nothing else ends it."""
    harmless(text)
    fence = None
    for line in text.split("\n"):
        mark = re.match(r" {0,3}(`{3,}|~{3,})(.*)$", line)
        if fence is None and mark:
            fence = mark.group(1)
        elif fence and mark and mark.group(1)[0] == fence[0] and len(mark.group(1)) >= len(fence) and not mark.group(2).strip():
            fence = None
        elif fence is None:
            must(not re.search(r"(?<!\\)(?:\\\\)*<[a-zA-Z!/?]", re.sub(r"(`+).*?[^`]\1(?!`)", "", line)), f"markup in {line!r}")
    must(fence is None, "a fence stays open")


def check_json(text):
    harmless(text)
    for line in text.splitlines():
        must(isinstance(json.loads(line), dict), "no object")


CODE = {}
CHECKS = {".svg": check_svg, ".html": check_html, ".txt": check_text, ".ans": check_ansi, ".md": check_md,
          ".json": check_json, ".cast": check_cast, "film.html": check_film}


def kind_of(name):
    return "film.html" if name.startswith("film-") and name.endswith(".html") else os.path.splitext(name)[1]


def one_batch(first, count, found, wrong):
    with tempfile.TemporaryDirectory(prefix="cowscope-fuzz-") as directory:
        ended = subprocess.run([FUZZ, directory, str(first), str(count)], stderr=subprocess.PIPE, check=False)
        if not ok(ended.returncode == 0, f"rounds {first} to {first + count - 1} go through every format",
                  ended.stderr.decode(errors="replace")[-2000:]):
            done()
        for name in sorted(os.listdir(directory)):
            with open(os.path.join(directory, name), "rb") as f:
                data = f.read()
            kind = kind_of(name)
            found[kind] = found.get(kind, 0) + 1
            try:
                CHECKS[kind](data.decode("utf-8"))
            except (ValueError, SyntaxError, AssertionError) as error:
                wrong.setdefault(kind, []).append(f"{name}: {error}")


def parsers_notice():
    for kind, text in ((".svg", "<svg><script/></svg>"), (".svg", "<svg onload='x'/>"), (".html", "<title>x</title><b>"),
                       (".html", "<title>x</title><p onclick='x'></p>"), (".ans", "\x1b[31mx\x1b[2J"), (".txt", "\x9b"),
                       (".cast", '{"version":2}\n[0,"o","\\u001b]0;x\\u0007"]\n'), (".md", "```\nx\n"),
                       (".md", "x <img> y"), (".json", "{]")):
        try:
            CHECKS[kind](text)
            ok(False, f"what must not be is noticed: {text!r}")
        except (ValueError, SyntaxError):
            pass
    ok(True, "what must not be is noticed")


formats, faults = {}, {}
for at in range(SEED, SEED + ROUNDS, BATCH):
    one_batch(at, min(BATCH, SEED + ROUNDS - at), formats, faults)
for ending in CHECKS:
    same(formats.get(ending), ROUNDS, f"{ending}: every round")
    ok(ending not in faults, f"{ending}: comes out harmless", *faults.get(ending, [])[:5])
parsers_notice()
done()
