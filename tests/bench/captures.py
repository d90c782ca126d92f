#!/usr/bin/env python3
"""Captures of the program: how long one takes, how large it is, and when a browser has drawn the first step."""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "captures"))
import browser
from bench import COWSCOPE, spread

ROUNDS = 15
STEPS = 200
# Milliseconds until the first frame in which the step's rows have a height.
WATCH = """
new MutationObserver((_, watch) => {
    const rows = document.querySelector("#screen");
    if (!rows || !rows.textContent) return;
    watch.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => { window.drawn = performance.now(); }));
}).observe(document, {childList: true, subtree: true, characterData: true});
"""


def session(directory):
    path = os.path.join(directory, "session.json")
    lines = ["read all:*"]
    for step in range(1, STEPS):
        lines.append("reset" if step % 40 == 0 else "read all:*" if step % 40 == 1 else
                     "write %s:%d \"step %d\"" % ("abc"[step % 3], step * 7 % 10, step))
    subprocess.run([COWSCOPE, "--batch", "--format=json", "--history", "-o", path], input="\n".join(lines), text=True, check=True)
    return path


def whole_run(saved, name, *options):
    times, path = [], os.path.join(os.path.dirname(saved), "x." + name)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for _ in range(ROUNDS):
        began = time.perf_counter()
        ended = subprocess.run([COWSCOPE, "--batch", "--open=" + saved, "--goto=3", "--format=" + name, "-o", path, *options],
                               check=False, capture_output=True, text=True)
        times.append(time.perf_counter() - began)
        if ended.returncode:
            print("%s: %s" % (name, ended.stderr.strip()))
            return None, path
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) / ROUNDS * 1e3
    return "%s from exec to the end, %.0f ms on a CPU" % (spread(times), cpu), path


def picture(short, name, limit, *options):
    """Of a session of few steps, so that what is measured is the picture and not the reading of many."""
    times, path = whole_run(short, name, *options)
    if times:
        size = os.path.getsize(path)
        print("%s of 80x24%s: %d bytes (below %d: %s), %s" % (name, "".join(" " + option for option in options), size, limit,
                                                              "yes" if size < limit else "NO", times))


def page(saved):
    times, path = whole_run(saved, "html", "--history")
    size = os.path.getsize(path)
    print("html of %d steps: %d bytes (below 1000000: %s), %s" % (STEPS, size, "yes" if size < 1e6 else "NO", times))
    if browser.missing():
        print("  first step drawn: not measured, %s" % browser.missing())
        return
    drawn = []
    with browser.Browser() as chromium:
        chromium.command("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
        for _ in range(ROUNDS):
            chromium.open("about:blank")
            chromium.open("file://" + path)
            chromium.wait("return window.drawn > 0")
            drawn.append(chromium.run("return window.drawn") / 1e3)
    print("  first step drawn in Chromium after %s (below 200: %s)" % (spread(drawn), "yes" if statistics.median(drawn) < 0.2 else "NO"))


def main():
    with tempfile.TemporaryDirectory(prefix="cowscope-bench-") as directory:
        saved, short = session(directory), os.path.join(directory, "short.json")
        with open(saved, encoding="utf-8") as whole, open(short, "w", encoding="utf-8") as few:
            few.writelines(whole.readlines()[:5])
        picture(short, "png", 100000, "--scale=2")
        picture(short, "svg", 30000)
        picture(short, "pdf", 100000)
        page(saved)


if __name__ == "__main__":
    main()
