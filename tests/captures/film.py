"""The page of a session in Chromium, by real keys and clicks."""

import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import browser  # noqa: E402
from captures import CHANGED, CURSOR, Samples, done, ok, same, skip  # noqa: E402

# Each row as runs: text and classes.
ROWS = """
const rows = [[]];
for (const node of document.querySelector("#screen").childNodes) {
    if (node.nodeType === 1) rows.at(-1).push([node.textContent, node.className]);
    else rows.push([]);
}
return rows.slice(0, -1);
"""
STATE = """
const text = name => document.querySelector(name).textContent, slider = document.querySelector("#slider");
return {place: text("#place"), heading: text("#told h2"), command: text("#told code"), told: text("#told .lines"),
        slider: slider.valueAsNumber, said: slider.getAttribute("aria-valuetext"), hash: location.hash,
        play: text("#play")};
"""
AT = "return document.querySelector('#slider').valueAsNumber === arguments[0]"
WATCH = """
new MutationObserver(() => {
    if (!window.drawn && document.querySelector("#screen > span")) window.drawn = performance.now();
}).observe(document, {childList: true, subtree: true});
"""
STATES = ("absent", "shared", "private", "copied", "zero", "swapped", "unknown", "dirty")


def cells_of(rows, roles):
    """Cells as (text, role, changed, cursor, differs)."""
    found = []
    for row in rows:
        line = []
        for text, classes in row:
            role, *flags = classes.split()
            look = (roles.index(role), "c" in flags, "k" in flags, "d" in flags)
            line += [(text, *look)] if "g" in flags or "w" in flags else [(letter, *look) for letter in text]
            line += [("", *look)] if "w" in flags else []
        found.append(line)
    return found


def wrong_cells(shown, canvas):
    wrong = []
    for row in range(canvas.rows):
        if len(shown[row]) != canvas.columns:
            wrong.append(f"row {row} has {len(shown[row])} cells")
            continue
        for column, (text, role, changed, cursor, _) in enumerate(shown[row]):
            cell = canvas.at(column, row)
            wanted = (cell.text, cell.role, bool(cell.marks & CHANGED), bool(cell.marks & CURSOR))
            if cell.width and (text, role, changed, cursor) != wanted:
                wrong.append(f"column {column}, row {row}: {(text, role, changed, cursor)}, not {wanted}")
    return wrong


def wrong_differences(shown, canvas, before, roles):
    """States that differ and are not shown so; and what is shown so without a difference anywhere in its row."""
    wrong = []
    for row in range(canvas.rows):
        for column in range(canvas.columns):
            now, old = canvas.at(column, row), before.at(column, row)
            state = roles[now.role] in STATES and roles[old.role] in STATES
            if state and now.role != old.role and not shown[row][column][4]:
                wrong.append(f"column {column}, row {row} is another state, not highlighted")
        unchanged = [(c.text, c.role) for c in canvas.row(row)] == [(c.text, c.role) for c in before.row(row)]
        if unchanged and any(cell[4] for cell in shown[row]):
            wrong.append(f"row {row} is the same, highlighted")
    return wrong


class Film:
    def __init__(self, samples, driven):
        self.driven, self.canvases = driven, samples.film("film")
        self.roles = json.loads(re.search(r'id="film">(.*?)</script>', samples.read("film.html"), re.S)[1])["roles"]
        self.url = "file://" + samples.file("film.html")

    def state(self):
        return self.driven.run(STATE)

    def is_at(self, step, what):
        shown, canvas = cells_of(self.driven.run(ROWS), self.roles), self.canvases[step]
        state = self.state()
        same((state["slider"], state["place"]), (step, f"{step + 1} / {len(self.canvases)}"), f"{what}: step {step}")
        wrong = wrong_cells(shown, canvas)
        ok(not wrong, f"{what}: cell by cell", *wrong[:5])
        wrong = [] if step == 0 else wrong_differences(shown, canvas, self.canvases[step - 1], self.roles)
        wrong += ["step 0 differs from nothing"] if step == 0 and any(c[4] for row in shown for c in row) else []
        ok(not wrong, f"{what}: the difference is highlighted", *wrong[:5])
        return state


def opens(film):
    film.driven.command("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
    film.driven.open(film.url)
    film.is_at(0, "opened")
    print(f"# first step drawn after {film.driven.run('return window.drawn'):.0f} ms", flush=True)
    ok(not film.driven.run("return document.querySelector('#steps').checkVisibility()"), "the list of steps gives way")
    same(film.driven.run("return performance.getEntriesByType('resource').map(entry => entry.name)"), [],
         "nothing is loaded")


def keys(film):
    last = len(film.canvases) - 1
    for key, step in (("Right", 1), ("Right", 2), ("PageDown", 3), ("Left", 2), ("PageUp", 1), ("End", last),
                      ("Right", last), ("Left", last - 1), ("Home", 0), ("Left", 0)):
        film.driven.press(key)
        film.is_at(step, key)


def words(film):
    film.driven.press("Home", "Right", "Right")
    state = film.state()
    same(state["heading"], "Step 2", "the step's number is beside it")
    same(state["command"], 'write c:4 "</script>&2"', "so is its command, as it was typed")
    ok("page 4" in state["told"] or "c4" in state["told"], "and what happened", state["told"])
    same(state["said"], "Step 2 " + state["command"], "the slider says so to screen readers")
    same(state["hash"], "#step-2", "the address leads back to the step")
    same(film.driven.run("return document.querySelector('#told').getAttribute('aria-live')"), "polite",
         "the explanation is announced")
    for step, words_wanted in ((2, "copied c4"), (1, "shared x3 F4"), (0, "absent")):
        said = film.driven.run("return [document.querySelector('#words').textContent, document.querySelector("
                               "'#screen').getAttribute('aria-describedby')]")
        ok(words_wanted in said[0] and ("c4" in said[0]) == (step == 2), f"the state in words is that of step {step}", said[0])
        same(said[1], "told words", "what a screen reader says of the screen")
        film.driven.press("Left")
    film.driven.open("about:blank")
    film.driven.open(film.url + "#step-7")
    film.is_at(7, "an address with a step")


def plays(film):
    last = len(film.canvases) - 1
    film.driven.press("Home", "Space")
    same(film.state()["play"], "Pause", "space plays")
    ok(film.driven.wait(AT, 1) and film.driven.wait(AT, 2), "step after step")
    film.driven.press("Space")
    same(film.state()["play"], "Play", "space pauses")
    film.driven.press("End", "Left", "Space")
    ok(film.driven.wait("return document.querySelector('#play').textContent === 'Play'"), "it stops")
    film.is_at(last, "at the last step")
    film.driven.click("#play")
    film.is_at(0, "played again, from the first step")
    film.driven.press("Right")
    same(film.state()["play"], "Play", "a step by hand ends it")


def buttons(film):
    last = len(film.canvases) - 1
    for button, step in (("#last", last), ("#back", last - 1), ("#first", 0), ("#forward", 1)):
        film.driven.click(button)
        film.is_at(step, button)
    film.driven.press("Space")
    film.is_at(2, "space on a button presses it")


def slider(film):
    last = len(film.canvases) - 1
    film.driven.click("#slider")
    middle = film.state()["slider"]
    ok(abs(middle - last / 2) < last / 20, "a click in the middle of the slider goes to the middle", middle)
    film.is_at(middle, "the slider")
    for key, step in (("Right", middle + 1), ("Left", middle), ("Up", middle + 1), ("Down", middle), ("Home", 0),
                      ("End", last), ("PageUp", last - 1)):
        film.driven.press(key)
        film.is_at(step, f"{key} on the slider")


def focus(film):
    film.driven.open("about:blank")
    film.driven.open(film.url)
    reached = []
    for _ in range(8):
        film.driven.press("Tab")
        reached.append(film.driven.run("""
            const at = document.activeElement, style = getComputedStyle(at);
            return [at.id || at.localName, parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== "none",
                    (at.labels?.[0] || at).textContent.trim() || at.getAttribute("aria-label") || ""];"""))
    wanted = ["theme", "first", "back", "play", "forward", "last", "slider"]
    names = [name for name, _, _ in reached]
    ok([name for name in names if name in wanted] == wanted, "Tab reaches every control in its order", names)
    ok(all(visible for name, visible, _ in reached if name in wanted), "where it is can be seen", reached)
    ok(all(label for name, _, label in reached if name in wanted), "and has a name", reached)


def colors(film):
    fill = """return [document.querySelector("#screen .shared"), document.body]
        .map(element => getComputedStyle(element).backgroundColor)"""
    film.driven.press("Home", "Right")
    for scheme, toggled in (("light", "dark"), ("dark", "light")):
        film.driven.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        film.driven.open("about:blank")
        film.driven.open(film.url + "#step-1")
        wanted = {"light": ["rgb(193, 229, 255)", "rgb(255, 255, 255)"],
                  "dark": ["rgb(86, 180, 233)", "rgb(0, 0, 0)"]}
        same(film.driven.run(fill), wanted[scheme], f"{scheme} for who prefers it")
        film.driven.click("#theme")
        same(film.driven.run(fill), wanted[toggled], f"and {toggled} by the button")
        film.driven.click("#theme")
        same(film.driven.run(fill), wanted[scheme], "and back")


def without_script(film):
    film.driven.command("Emulation.setScriptExecutionDisabled", value=True)
    film.driven.open("about:blank")
    film.driven.open(film.url)
    try:
        shown = film.driven.run("""return [...document.querySelectorAll("#steps > section")].map(section =>
            [section.checkVisibility() && section.getBoundingClientRect().height > 100, section.innerText])""")
    finally:
        film.driven.command("Emulation.setScriptExecutionDisabled", value=False)
    same(len(shown), len(film.canvases), "without scripts: all steps are there")
    ok(all(visible for visible, _ in shown), "without scripts: they are shown")
    ok(all("In words" in text for _, text in shown), "without scripts: each has its state in words")
    ok('write c:4 "</script>&2"' in shown[2][1] and film.canvases[2].text(2) in shown[2][1],
       "without scripts: with command and rows", shown[2][1][:200])


if browser.missing():
    skip(browser.missing(), "Chromium")
else:
    with Samples() as all_samples, browser.Browser() as chromium:
        session = Film(all_samples, chromium)
        for test in (opens, keys, words, plays, buttons, slider, focus, colors, without_script):
            test(session)
        same(chromium.messages(), [], "the page has no errors")
done()
