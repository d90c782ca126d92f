"""A lesson's page in Chromium and Firefox: walked by keys, by touch, without a script, at every width, in a frame that may do nothing.

AXE=path/to/axe.min.js (npm's axe-core) has it look for what stands in the way of people.
"""

import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import browser  # noqa: E402
import firefox  # noqa: E402
from captures import done, ok, same, skip  # noqa: E402

COWSCOPE = os.path.abspath(os.environ.get("COWSCOPE", "src/cowscope"))
LESSONS = os.path.join(os.environ.get("srcdir", "."), "lessons")
AXE = os.environ.get("AXE")
WIDTHS = ((390, 844), (768, 1024), (1280, 800), (1920, 1080))

STATE = """
const seen = name => [...document.querySelectorAll(name)].filter(element => element.checkVisibility());
const sections = [...document.querySelectorAll("main > section")], now = document.querySelector("main > .now");
const of = elements => elements.map(element => sections.indexOf(element.closest("section")));
const text = name => document.querySelector(name).textContent;
return {
    at: sections.indexOf(now), kind: now.classList[0], shown: now.classList.contains("shown"),
    texts: of(seen("main .text")), verdicts: of(seen("main .verdict")), figures: of(seen("main figure")),
    tables: seen("main table[data-processes]").length, place: text("#place"), hint: text("#hint"), next: text("#next"),
    judged: seen(".judged").map(element => element.textContent), choices: now.querySelectorAll("input[type=radio]").length,
    right: [...now.querySelectorAll(".choices > li")].flatMap((item, i) => "right" in item.dataset ? [i + 1] : []),
    changed: now.dataset.changed ?? null, focus: document.activeElement.className,
};
"""
WIDE = """
const cut = element => element.clientWidth && element.scrollWidth > element.clientWidth + 1;
const seen = [...document.querySelectorAll("header, main, main *, nav, nav *")].filter(element => element.checkVisibility());
return [document.documentElement.scrollWidth > innerWidth ? "the page" : "",
        ...seen.filter(element => cut(element) && !element.matches("pre, small, input")).map(element => element.outerHTML.slice(0, 80)),
        ...seen.filter(element => element.getBoundingClientRect().right > innerWidth + 1).map(element => element.outerHTML.slice(0, 80))
       ].filter(Boolean);
"""
CHECK = "const done = arguments[0]; axe.run().then(found => done(found.violations.map(it => it.id + ': ' + it.nodes[0].html)));"


class Page:
    def __init__(self, driven, path):
        self.driven, self.url = driven, "file://" + path

    def open(self):
        self.driven.open("about:blank")
        self.driven.open(self.url)
        return self.state()

    def state(self):
        return self.driven.run(STATE)

    def press(self, *keys):
        self.driven.press(*keys)
        return self.state()

    def size(self, width, height, mobile=False):
        self.driven.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)

    def stops(self):
        return int(self.state()["place"].split()[2])


def hides(state, what):
    """Nothing is seen of what comes later, nor of an answer before it is asked for."""
    later = [section for kind in ("texts", "verdicts", "figures") for section in state[kind] if section > state["at"]]
    early = [] if state["shown"] or state["kind"] != "ask" else [section for kind in ("verdicts", "figures") for section in state[kind]
                                                                if section == state["at"]]
    return ok(not later and not early, what, state)


def answer(page, state, rightly):
    """By keys."""
    if state["changed"] is not None:
        for _ in range(3 if rightly else 2):
            page.press("Down")
        page.press("Enter")
        return
    wrong = next(number for number in range(1, state["choices"] + 1) if number not in state["right"])
    page.press(str(state["right"][0] if rightly else wrong))


def walks_by_keys(page):
    state, seen, hidden = page.open(), [], True
    for stop in range(page.stops()):
        hidden = hides(state, f"stop {stop + 1}: nothing is told early") and hidden
        seen.append(state["at"])
        if state["next"] != "Next":
            asked = state["at"]
            state = page.press("Right")
            ok(state["at"] == asked and state["hint"] and not state["shown"], "a question waits for an answer", state)
            answer(page, state, len(seen) % 4 != 0)
        state = page.press(("Right", "Space", "PageDown", "Enter")[stop % 4])
    ok(state["hint"] == "This was the lesson.", "the end says so", state)
    found = re.search(r"(\d+) of (\d+) right", state["place"])
    ok(found and int(found[2]) == 7 and 0 < int(found[1]) < 7, "and how many were right", state["place"])
    ok(page.driven.run("return document.querySelectorAll('.ask.good').length") == int(found[1]), "as the page marks them")
    for _ in range(len(seen)):
        state = page.press("PageUp")
    same((state["at"], state["place"].split()[0]), (0, "1"), "PgUp leads back to the first")
    state = page.press("Right", "Right")
    ok(state["shown"] and state["judged"], "what was answered is shown, not asked again", state)


def points(page):
    """The pages that change are marked, by a click and by keys."""
    page.open()
    state = page.press("Right", "Right")
    same(state["changed"], "a:2", "the question of cow that asks for pages")
    page.driven.click(".pick[data-label='b:3']")
    page.driven.click(".pick[data-label='b:3']")
    page.driven.click(".none")
    page.driven.click(".pick[data-label='a:2']")
    pressed = page.driven.run("return [...document.querySelectorAll('[aria-pressed=true]')].map(it => it.dataset.label)")
    same(pressed, ["a:2"], "marks are taken back, and a mark takes back that none changes")
    page.driven.click("#next")
    state = page.state()
    same(state["judged"], ["Right. Predicted: a:2"], "a right mark")
    same(page.driven.run("return [...document.querySelectorAll('.seen .hit')].map(it => it.textContent.trim().split(/\\s+/)[0])"),
         ["private"], "is ticked in the picture")
    page.open()
    page.press("Right", "Right")
    page.driven.click(".none")
    same(page.press("Right")["judged"], ["Not so. Predicted: No page changes"], "that no page changes is wrong here")


def votes(page):
    page.open()
    page.press("Right", "Right", "Right", "Right", "Right", "Right")
    for round_, counts in enumerate(("730", "190", "280")):
        page.press("v")
        for count in counts:
            page.press(count, "Enter")
        said = page.driven.run("return [...document.querySelectorAll('.now .votes')].map(it => it.textContent)")
        ok(len(said) == 3 * min(round_ + 1, 2) and f"{counts[0]} of" in " ".join(said), f"vote {round_ + 1}", said)
    ok("7 of" in said[0] and "2 of" in said[1], "the third takes the place of the second", said)
    ok(page.press("Right")["shown"], "a vote is an answer")


def by_touch(page):
    page.size(390, 844, mobile=True)
    page.driven.command("Emulation.setTouchEmulationEnabled", enabled=True)
    page.open()
    for _ in range(40):
        state = page.state()
        if state["choices"] and not state["shown"]:
            page.driven.tap(f".now .choices li:nth-child({state['right'][0]}) label")
        if state["changed"] is not None and not state["shown"]:
            page.driven.tap(f".pick[data-label='{state['changed'][:3]}']")
        if page.driven.run("return document.querySelector('#next').disabled"):
            break
        page.driven.tap("#next")
    state = page.state()
    ok("7 of 7 right" in state["place"] and state["hint"], "a lesson walked with a finger", state)
    small = page.driven.run("""return [...document.querySelectorAll("nav button, .now label")].filter(element =>
        element.checkVisibility() && element.getBoundingClientRect().height < 44).map(element => element.outerHTML)""")
    same(small, [], "what a finger touches is 44 pixels high")
    page.driven.command("Emulation.setTouchEmulationEnabled", enabled=False)


def without_script(page):
    page.driven.command("Emulation.setScriptExecutionDisabled", value=True)
    page.driven.open("about:blank")
    page.driven.open(page.url)
    shown = page.driven.run("""
        const seen = name => [...document.querySelectorAll(name)].map(element => element.checkVisibility());
        const asks = document.querySelector(".ask");
        const folded = seen(".answer .verdict, .answer figure");
        for (const details of document.querySelectorAll("details")) details.open = true;
        return [seen("main .text, .block figure"), folded, seen(".answer .verdict, .answer figure"), seen("nav, button, input")]""")
    page.driven.command("Emulation.setScriptExecutionDisabled", value=False)
    ok(shown[0] and all(shown[0]), "without a script all of the text and the other pictures are read")
    ok(shown[1] and not any(shown[1]), "the answers are folded")
    ok(all(shown[2]), "and unfold")
    ok(not any(shown[3]), "there is no button that does nothing")


def printed(page):
    page.open()
    page.driven.command("Emulation.setEmulatedMedia", media="print")
    shown = page.driven.run("""return [[...document.querySelectorAll("main .text, main .verdict, main table")].every(element =>
        element.checkVisibility()), [...document.querySelectorAll("nav, button")].some(element => element.checkVisibility()), getComputedStyle(document.body).backgroundColor]""")
    page.driven.command("Emulation.setEmulatedMedia", media="")
    same(shown, [True, False, "rgb(255, 255, 255)"], "on paper: everything, in black on white, and no buttons")


def in_a_frame(page, directory):
    """As a learning platform shows it."""
    with open(os.path.join(directory, "frame.html"), "w", encoding="utf-8") as file:
        file.write(f'<!DOCTYPE html><title>frame</title><iframe sandbox="allow-scripts" width=800 height=600 src="{page.url}"></iframe>')
    page.driven.open(f"file://{directory}/frame.html")
    page.driven.enter("iframe")
    page.driven.click("#next")
    same(page.state()["place"].split()[0], "2", "it is walked in a frame that may only run scripts")


def everywhere(page, name, scheme):
    """Each stop at each width."""
    page.driven.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    for width, height in WIDTHS:
        page.size(width, height)
        state = page.open()
        cut, found = [], set()
        for stop in range(page.stops()):
            cut += [f"stop {stop + 1}: {what}" for what in page.driven.run(WIDE)]
            if AXE and stop % 3 == 0 or AXE and state["next"] != "Next":
                page.driven.run(AXE_TEXT)
                found.update(page.driven.ask_later(CHECK))
            if state["next"] != "Next":
                page.press("1")
                state = page.press("PageDown") if state["changed"] is None else page.press("PageDown", "PageDown")
            else:
                state = page.press("PageDown")
        same(cut[:3], [], f"{name} at {width}, {scheme}: nothing is cut")
        if AXE:
            same(sorted(found), [], f"{name} at {width}, {scheme}: axe finds nothing")


def quiet(page):
    page.open()
    page.press("Right", "Right", "Right", "Right")
    same(page.driven.run("return performance.getEntriesByType('resource').map(entry => entry.name)"), [], "nothing is loaded")
    paint = page.driven.run("return performance.getEntriesByType('paint').map(entry => `${entry.name} ${Math.round(entry.startTime)} ms`)")
    print("#", ", ".join(paint), flush=True)


def make(directory, name):
    path = os.path.join(directory, name + ".html")
    subprocess.run([COWSCOPE, name, "-o", path], check=True, env={**os.environ, "COWSCOPE_LESSONS": LESSONS})
    return path


def main():
    with tempfile.TemporaryDirectory() as directory, browser.Browser() as driven:
        driven.command("Network.enable")
        page = Page(driven, make(directory, "cow"))
        for test in (walks_by_keys, points, votes, without_script, printed, quiet):
            test(page)
        in_a_frame(page, directory)
        by_touch(page)
        for name, scheme in (("cow", "light"), ("beyond", "dark"), ("protection", "dark")):
            everywhere(Page(driven, make(directory, name)), name, scheme)
        same(driven.messages(), [], "no error, and nothing that the policy forbids")
    if not AXE:
        skip("AXE names no axe.min.js", "axe")


def in_firefox():
    with tempfile.TemporaryDirectory() as directory, firefox.Firefox() as driven:
        page = Page(driven, make(directory, "cow"))
        for test in (walks_by_keys, points, votes):
            test(page)
        same(driven.run("return performance.getEntriesByType('resource').map(entry => entry.name)"), [], "Firefox loads nothing")


AXE_TEXT = None
if AXE:
    with open(AXE, encoding="utf-8") as axe_file:
        AXE_TEXT = axe_file.read() + "; return 1"
if browser.missing():
    skip(browser.missing(), "Chromium")
else:
    main()
if firefox.firefox():
    in_firefox()
else:
    skip("firefox is not installed", "Firefox")
done()
