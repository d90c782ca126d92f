"""SVG and HTML samples, read by the standard library's parsers: no browser needed."""

import html.parser
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from captures import CELL_HEIGHT, CELL_WIDTH, Samples, done, ok, same  # noqa: E402

SVG = "{http://www.w3.org/2000/svg}"
DC = "{http://purl.org/dc/elements/1.1/}"
COMMAND = "cowscope --batch -c 'write a:2 \"<&>\"' --format=svg -o a.svg"
SIGNS = "■□▲△▽◆○●"


def is_drawn(cell):
    """Not text: lines, blocks and the signs of page states."""
    return len(cell.text) == 1 and ("\u2500" <= cell.text <= "\u259f" or cell.text in SIGNS) and cell.width == 1


def letters(canvas):
    return {(column, row): canvas.at(column, row).text for row in range(canvas.rows) for column in range(canvas.columns)
            if not canvas.at(column, row).blank and not is_drawn(canvas.at(column, row))}


def placed(tree):
    """Each letter by column and row, as the coordinates say."""
    found = {}
    for text in tree.iter(SVG + "text"):
        x, row = int(text.get("x")), (int(text.get("y")) - 13) // CELL_HEIGHT
        if text.get("text-anchor") == "middle":
            found[x // CELL_WIDTH - 1, row] = text.text
        elif len(text.text) > 1 and text.text.isascii():
            found.update({(x // CELL_WIDTH + i, row): c for i, c in enumerate(text.text) if c != " "})
        else:
            found[x // CELL_WIDTH, row] = text.text
    return found


def check_svg(samples, name):
    source = samples.read(name + ".svg")
    tree = ElementTree.fromstring(source.encode())
    canvas = samples.canvas(name)
    runs = [text.text for text in tree.iter(SVG + "text")]
    ok(all(run == run.strip() and "  " not in run for run in runs), f"{name}: no run begins or ends with a blank")
    ok("textLength" not in source and not any(" " in t.get("x") for t in tree.iter(SVG + "text")),
       f"{name}: one place for each run")
    same(placed(tree), letters(canvas), f"{name}: every letter stands in its cell")
    same(tree.find(SVG + "title").text, name, f"{name}: title")
    ok("frame a2\nb page 2" in tree.find(SVG + "desc").text, f"{name}: description")
    same(next(tree.iter(DC + "source")).text, COMMAND, f"{name}: command line")
    if canvas.columns <= 80 and canvas.rows <= 24:
        ok(len(source.encode()) < 30 * 1024, f"{name}: less than 30 KiB")


def check_arbitrary_svg(samples):
    tree = ElementTree.fromstring(samples.read("arbitrary.svg").encode())
    tags = {element.tag.split("}")[1] for element in tree.iter()}
    ok(tags <= {"svg", "title", "desc", "metadata", "RDF", "Description", "source", "creator", "coverage", "date",
                "format", "rect", "path", "g", "text"}, "arbitrary cells: well-formed, no element but ours", tags)


class Page(html.parser.HTMLParser):
    """Its elements, what stands in <pre>, and whether all that is opened is closed."""

    VOID = {"meta", "input", "br"}

    def __init__(self, source):
        super().__init__()
        self.opened, self.tags, self.pres, self.metas, self.outside = [], set(), [], {}, []
        self.balanced = True
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.add(tag)
        if tag == "meta" and "name" in attributes:
            self.metas[attributes["name"]] = attributes["content"]
        self.outside += [value for key, value in attributes.items() if key in ("src", "href", "data", "action")]
        if tag not in self.VOID:
            self.opened.append(tag)
        if tag == "pre":
            self.pres.append("")

    def handle_endtag(self, tag):
        if not self.opened or self.opened.pop() != tag:
            self.balanced = False

    def handle_data(self, data):
        if "pre" in self.opened:
            self.pres[-1] += data


def texts(canvas):
    return [canvas.text(row) for row in range(canvas.rows)]


def lines(pre):
    # A browser drops the newline behind <pre>; this parser does not.
    return [line.rstrip() for line in pre[1:].split("\n")[:-1]]


def check_html(samples, name):
    page = Page(samples.read(name + ".html"))
    ok(page.balanced and not page.opened, f"{name}: every element is closed")
    same(lines(page.pres[0]), texts(samples.canvas(name)), f"{name}: the rows are the canvas")
    same(page.metas["cowscope:command"], COMMAND, f"{name}: command line")
    same(page.outside, [], f"{name}: nothing from elsewhere")


def check_film(samples):
    source = samples.read("film.html")
    page, canvases = Page(source), samples.film("film")
    pres = page.pres[1:]
    ok(page.balanced and not page.opened, "film: every element is closed")
    ok(len(source.encode()) < 1000000, f"film: {len(canvases)} steps in less than 1 MB: {len(source.encode())}")
    same(len(pres), len(canvases), "film: every step can be read without a script")
    wrong = [i for i, canvas in enumerate(canvases) if lines(pres[i]) != texts(canvas)]
    same(wrong, [], "film: the rows of each are its canvas")
    same(page.outside, [], "film: nothing from elsewhere")
    same(len(re.findall("</script", source, re.I)), 3, "film: nobody ends a script but us")


def check_twice(samples):
    with Samples() as again:
        names = sorted(os.listdir(samples.path))
        differ = [name for name in names if samples.read(name) != again.read(name)]
    ok(len(names) > 20 and not differ, "the same pictures give the same bytes", differ)


with Samples() as all_samples:
    for sample in all_samples.names("svg"):
        if sample != "arbitrary":
            check_svg(all_samples, sample)
            check_html(all_samples, sample)
    check_arbitrary_svg(all_samples)
    arbitrary = Page(all_samples.read("arbitrary.html"))
    ok(arbitrary.balanced and "script" not in arbitrary.tags, "arbitrary cells: HTML whose elements are closed")
    check_film(all_samples)
    check_twice(all_samples)
done()
