"""Writes known pages at known lines: an area's name is the round, the function and the line that write all of it, as
"round|function|file:line"."""

import ctypes
import json
import mmap
import sys

PAGES = 64
PAGE = mmap.PAGESIZE
HERE = "lines.py"
areas = {}
source = open(__file__, encoding="utf-8").read().splitlines()


def area(number, function, mark):
    """Pages that nobody touched yet; the line is that with the mark."""
    pages = mmap.mmap(-1, PAGES * PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        pages.madvise(mmap.MADV_NOHUGEPAGE)
    line = next(number for number, text in enumerate(source, 1) if text.endswith("# " + mark))
    areas[f"{number}|{function}|{HERE}:{line}"] = pages
    return pages


def noise(value):
    return value + 1


def plain(pages):
    for i in range(PAGES):
        noise(i)
        pages[i * PAGE] = 1  # plain


class Table:
    def __init__(self, pages):
        self.pages = pages

    def fill(self, i):
        noise(
            i,
        )
        self.pages[  # fill
            i * PAGE
        ] = noise(i) & 1; noise(i)

    def __setitem__(self, i, value):
        self.pages[i * PAGE] = value  # setitem

    @property
    def filled(self):
        for i in range(PAGES):
            try:
                raise KeyError(i)
            except KeyError:
                self.pages[i * PAGE] = 3  # property
        return True


def generator(pages):
    for i in range(PAGES):
        pages[i * PAGE] = 4  # generator
        yield i


def key(pages):
    return lambda i: pages.__setitem__(i * PAGE, 5) or -i  # lambda


def by_memset(pages):
    begin = ctypes.addressof(ctypes.c_char.from_buffer(pages))
    for i in range(PAGES):
        ctypes.memset(begin + i * PAGE, 6, 16)  # memset


def by_c_callback(pages):
    def compare(a, b):
        pages[a * PAGE] = 7  # compare
        return 0

    import functools

    for i in range(PAGES):
        min([i, i], key=functools.cmp_to_key(compare))
        sorted([i, i], key=functools.cmp_to_key(compare))


def deep(pages, depth, i):
    if depth:
        return deep(pages, depth - 1, i)
    pages[i * PAGE] = 8  # deep
    return noise(i)


def comprehension(pages):
    return [pages.__setitem__(i * PAGE, 9) for i in range(PAGES)]  # comprehension


async def coroutine(pages):
    for i in range(PAGES):
        pages[i * PAGE] = 10  # coroutine


def by_json(pages):
    class Encoder(json.JSONEncoder):
        def default(self, o):
            pages[o.i * PAGE] = 11  # default
            return o.i

    class Holder:
        def __init__(self, i):
            self.i = i

    for i in range(PAGES):
        json.dumps([Holder(i)], cls=Encoder)


def longer_than_a_byte_of_lines(pages):
    if pages is None:
        noise(0)













    for i in range(PAGES):
        pages[i * PAGE] = 12  # far


def run_coroutine(coroutine):
    try:
        coroutine.send(None)
    except StopIteration:
        pass


FUNCTIONS = {
    "fill": "Table.fill",
    "setitem": "Table.__setitem__",
    "property": "Table.filled",
    "plain": "plain",
    "memset": "by_memset",
    "compare": "by_c_callback.<locals>.compare",
    "generator": "generator",
    "lambda": "key.<locals>.<lambda>",
    "deep": "deep",
    "comprehension": "comprehension.<locals>.<listcomp>" if sys.version_info < (3, 12) else "comprehension",
    "coroutine": "coroutine",
    "default": "by_json.<locals>.Encoder.default",
    "far": "longer_than_a_byte_of_lines",
}


def write(pages):
    filled, items, table = (Table(pages[mark]) for mark in ("property", "setitem", "fill"))
    plain(pages["plain"])
    for i in range(PAGES):
        table.fill(i)
        items[i] = 2
        deep(pages["deep"], 20, i)
    assert filled.filled
    list(generator(pages["generator"]))
    sorted(range(PAGES), key=key(pages["lambda"]))
    by_memset(pages["memset"])
    by_c_callback(pages["compare"])
    comprehension(pages["comprehension"])
    run_coroutine(coroutine(pages["coroutine"]))
    by_json(pages["default"])
    longer_than_a_byte_of_lines(pages["far"])


def main():
    rounds = [{mark: area(number, function, mark) for mark, function in FUNCTIONS.items()} for number in range(2)]
    for name, pages in areas.items():
        start = ctypes.addressof(ctypes.c_char.from_buffer(pages))
        print("area", name, f"{start:x} {start + PAGES * PAGE:x}")
    print("go", flush=True)
    sys.stdin.readline()
    for pages in rounds:
        write(pages)
    print("done", flush=True)
    sys.stdin.readline()


main()
