#!/usr/bin/env python3
"""Whoever reads a lesson with Space alone, and answers, sees every line of it, at every size."""

import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from e2e import COWSCOPE, App, Tap, flat, guide, need

LESSONS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../lessons")
SIZES = ((80, 24), (60, 18), (40, 12))
AT_ONCE = 4


def texts(name):
    """The paragraphs of its prose, its questions and their answers, as --batch has them."""
    out = subprocess.run([COWSCOPE, "--batch", "--format=json", name], capture_output=True, text=True, check=False).stdout
    for line in map(json.loads, out.splitlines()):
        if line["type"] == "prose":
            for block in line["blocks"]:
                yield from block["text"].splitlines() if block["block"] == "code" else [block["text"]]
        elif line["type"] == "question":
            yield line["question"]
            yield from line["choices"]


def windows(text):
    """Three words in a row each: two lines at most, which stand together on one screen, for the next begins with the last line."""
    words = text.split()
    return [" ".join(words[i:i + 3]) for i in range(max(1, len(words) - 2))]


def reads_all(name, size):
    wanted = list(texts(name))
    seen = []
    with App(name, start=False, columns=size[0], rows=size[1]) as app:
        screen = app.says(r"%s 1/\d+" % re.escape(name))
        while "The lesson is over" not in flat(screen):
            seen.append(" ".join(guide(screen)[1:]))
            screen = app.turn(screen)
        app.quit()
    everything = flat("\n".join(seen))
    missing = [text for text in wanted if not all(part in everything for part in windows(text))]
    assert not missing, "%d of %d texts were not shown whole, such as %r" % (len(missing), len(wanted), missing[0])


def reads_long(size):
    """Also a text that is longer than any paper, and where there is room for a line or two."""
    count = 400
    with tempfile.TemporaryDirectory(prefix="cowscope-lines-", dir="/var/tmp") as folder:
        path = os.path.join(folder, "long.md")
        with open(path, "w", encoding="utf-8") as file:
            file.write("# T\n\nS.\n\n" + "\n\n".join("word%d" % i for i in range(count)) + "\n\n```cow\nexpect a:0 absent\n```\n\nEnd.\n")
        with App(path, start=False, columns=size[0], rows=size[1]) as app:
            screen, seen = app.says(r"long 1/\d+"), set()
            while "word%d" % (count - 1) not in screen:
                seen.update(re.findall(r"word\d+", screen))
                screen = app.turn(screen)
            seen.update(re.findall(r"word\d+", screen))
            app.quit()
    assert len(seen) == count, "%d of %d lines were shown" % (len(seen), count)


def main():
    need("tmux", "sh")
    tap = Tap()
    names = sorted(file[:-3] for file in os.listdir(LESSONS) if file.endswith(".md"))
    cases = [("%s at %dx%d" % ((name,) + size), reads_all, name, size) for name in names for size in SIZES]
    cases += [("a text of 400 lines at %dx%d" % size, reads_long, size) for size in ((80, 24), (40, 8), (24, 6))]
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as readers:  # most of the time a screen is waited for
        results = [(case[0], readers.submit(*case[1:])) for case in cases]
        for what, result in results:
            tap.test(what, result.result)
    tap.done()


if __name__ == "__main__":
    main()
