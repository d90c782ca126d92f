#!/usr/bin/env python3
"""Every key, pressed in a terminal: what the lecture needs is on the screen."""

import os
import re
import signal
import sys

sys.dont_write_bytecode = True
from e2e import App, Scratch, Tap, cell, little_memory, need, order, pid, rows, same, step, terminal

TEN = list(range(10))


def starts():
    with App() as app:
        same(order(app.started), "abc", "panels")
        same(sorted(rows(app.started)), TEN, "pages")
        for page in TEN:
            for name in "abc":
                wanted = "■ shared x3 F%d %s" % (page, str(page) * 5)
                same(cell(app.started, name, page), wanted, "%s:%d" % (name, page))
        same(app.at_cursor(), ("a", 0), "cursor")
        app.quit()


def write_parts_the_page():
    with App() as app:
        app.text("a2w")
        app.shows("a", 2, "◆ copied a2 W2222")
        screen = app.says(r"write a:2 -> .*copied F2 into a new frame, a2.* b and c still share F2")
        for name in "bc":
            same(cell(screen, name, 2), "■ shared x2 F2 22222", name)
        for page in set(TEN) - {2}:
            same([text[:13] for text in rows(screen)[page]], ["■ shared x3 F"] * 3, "page %d" % page)
        same(app.at_cursor(), ("a", 2), "cursor")


def asks_before_it_takes_memory():
    with little_memory() as enter:
        if not enter:
            return print("# not run: a weight that does not fit (needs root to show another /proc/meminfo)")
        with App(before=enter) as app:
            app.text(":weigh private-anon 16M")
            app.keys("Enter")
            app.says(r":weigh private-anon 16M anyway")
            app.says(r"need 144 MiB .* 100 MiB are available")
            app.keys("Escape")
            app.wait("the question is closed", lambda screen: "? help" in screen)
            app.text(":weigh private-anon 16M")
            app.keys("Enter")
            app.says(r":weigh private-anon 16M anyway")
            app.keys("Enter")
            app.says(r"16 MiB of private-anon, all pages written")


def the_lecture():
    """W x f X + R y A, one after the other."""
    with App() as app:
        app.text("a2w")
        app.shows("a", 2, "◆ copied a2 W2222")
        app.press("W", r':write @ " ')
        app.text("hello")
        app.says(r':write @ "hello')
        app.keys("Enter")
        app.shows("a", 2, "◆ copied a2 hello")
        app.says(r'write a:2 "hello" -> ')
        app.text("x")
        app.shows("a", 2, "· absent$")
        app.says(r"advise a:2 dontneed -> ")
        app.text("f")
        screen = app.says(r"fork a -> a forked d\b")
        same(order(screen), "abcd", "panels after the fork")
        app.text("d")
        app.selects("d", 2)
        app.text("X")
        app.says(r"kill d -> d was ended by SIGKILL")
        app.shows("d", 2, "·$")
        app.text("+")
        app.says(r"spawn -> d started\b")
        app.shows("d", 2, "· absent$")
        app.text("b2r")
        app.says(r"read b:2 -> ")
        app.text("y")
        app.says(r"sync b:2 -> ")
        app.text("d9A")
        app.says(r"read all:\* -> ")
        app.shows("d", 9, "■ shared x4 F9")
        app.quit()


def dead_child():
    """Its panel says how it ended, also where there is no room to say whose child it was."""
    with App() as app:
        app.text("fdX")
        app.says(r"kill d -> d was ended by SIGKILL")
        heading = app.screen().splitlines()[1]
        assert re.search(r"┬ d [^│]*SIGKILL", heading), heading


def steps_back():
    with App() as app:
        app.text("a2w")
        app.shows("a", 2, "◆ copied")
        app.text("b2w")
        live = app.says(r"step 3 live .*write b:2 -> ")
        app.keys("PPage")
        app.says(r"RECORDED, > live")
        app.says(r"step 2 of 3 RECORDED, > live .*write a:2 -> ")
        app.shows("b", 2, "■ shared x2 F2 22222")
        app.keys("BSpace")
        app.says(r"step 1 of 3 RECORDED")
        app.shows("a", 2, "■ shared x3 F2 22222")
        app.text("<")
        app.says(r"step 0 of 3 RECORDED")
        app.shows("a", 2, "· absent$")
        app.keys("NPage")
        app.says(r"step 1 of 3 RECORDED")
        app.keys("Space")
        app.says(r"step 2 of 3 RECORDED")
        app.text(">")
        app.comes_to(live, "what was live")
        app.keys("BSpace")
        app.says(r"step 2 of 3 RECORDED")
        app.text("c5w")
        app.says(r"step 4 live .*write c:5 -> ")
        app.shows("b", 2, "◆ copied b2")


def live_goes_on():
    """Under what is recorded; and what the recorded step changed is marked."""
    with App() as app:
        app.text("a2w")
        app.shows("a", 2, "◆ copied")
        app.text("b5w")
        app.says(r"step 3 live .*write b:5 -> ")
        victim = pid(app.screen(), "c")
        app.keys("PPage")
        recorded = app.says(r"step 2 of 3 RECORDED, > live .*write a:2 -> ")
        assert [row for row in recorded.splitlines() if re.match(r" *\d+[│|>]\*", row)] \
            == [row for row in recorded.splitlines() if re.match(r" *2[│|>]", row)], "only page 2 of a is marked:\n" + recorded
        os.kill(victim, signal.SIGKILL)
        terminal.gone(victim)
        app.text("v")
        app.says(r"a2 +<- a")
        app.text("vvv")
        app.comes_to(recorded, "what is recorded", r"^ view$")
        app.text(">")
        app.says(r"step 3 live")
        app.wait("c's end", lambda screen: "SIGKILL" in screen.splitlines()[1])


def reset():
    with App() as app:
        app.text("a2wf")
        app.wait("the fork", lambda screen: order(screen) == "abcd")
        pids = re.findall(r"pid (\d+)", app.screen())
        app.text("R")
        screen = app.wait("the first three", lambda screen: order(screen) == "abc" and "read all:*" in screen)
        app.shows("a", 2, "■ shared x3 F2 22222")
        assert not set(pids) & set(re.findall(r"pid (\d+)", screen)), "the same processes"
        app.text("2w")
        app.shows("a", 2, "◆ copied a2 W2222")
        app.quit()


def moves():
    with App() as app:
        for keys, name, page in ((["Tab"], "b", 0), (["Tab", "Tab"], "a", 0), (["BTab"], "c", 0), (["Right"], "c", 0),
                                 (["Left"], "b", 0), (["h", "h"], "a", 0), (["l"], "b", 0), (["Down"], "b", 1),
                                 (["j", "j"], "b", 3), (["Up"], "b", 2), (["k"], "b", 1), (["End"], "b", 9),
                                 (["Down"], "b", 9), (["Home"], "b", 0), (["Up"], "b", 0), (["7"], "b", 7),
                                 (["C-b"], "b", 0), (["C-f"], "b", 9), (["c"], "c", 9), (["a", "4"], "a", 4)):
            app.keys(*keys)
            app.selects(name, page)


def scrolls():
    with App("--pages=100") as app:
        shown = len(rows(app.started))
        assert 10 < shown < 24, app.started
        app.keys("C-f")
        app.selects("a", shown)
        app.keys("C-f")
        app.selects("a", 2 * shown)
        app.keys("End")
        app.selects("a", 99)
        app.text("w")
        app.shows("a", 99, "◆ copied a99 ")
        app.keys("C-b")
        app.selects("a", 99 - shown)
        app.keys("Home")
        app.selects("a", 0)
        app.text("9jj")
        app.selects("a", 11)


def views():
    with App() as app:
        app.text("a2w")
        app.shows("a", 2, "◆ copied")
        app.press("v", r"each frame once, and who maps it")
        app.says(r"F2 <- b c .*a2 <- a ")
        app.press("v", r"page 2 of a ◆ copied a2")
        app.says(r"pagemap 0x[0-9a-f]{16}")
        app.says(r'content 57 32 32 .*"W222222222222222"')
        app.press("v", r"each step, and what a program would have for it in C")
        app.says(r"> 2 write a:2 +p\[2 \* 4096\] = 'W';")
        app.text("v")
        app.shows("a", 2, "◆ copied a2")
        app.press("C", r"p\[2 \* 4096\] = 'W';")
        app.keys("Escape", "Escape")
        app.shows("a", 2, "◆ copied a2")
        app.text(":view frames")
        app.keys("Enter")
        app.says(r"each frame once")
        app.keys("Escape", "Escape")
        app.shows("a", 2, "◆ copied a2")


def asks_help():
    with App() as app:
        before = rows(app.started)
        for key in ("?", "F1"):
            app.keys(key)
            lines = int(app.expect(r"help +lines 1-(\d+) of \d+").group(1))
            app.keys("j")
            app.expect(r"help +lines 2-%d of " % (lines + 1))
            app.keys("NPage")
            app.expect(r"help +lines (?!2-)\d+-\d+ of ")
            app.keys("End")
            last = app.expect(r"help +lines \d+-(\d+) of (\d+)")
            app.expect(r"help +lines \d+-%s of %s\b" % (last.group(2), last.group(2)))
            app.keys("Home")
            app.expect(r"help +lines 1-")
            app.keys("Escape")
            app.wait("the panels", lambda screen: rows(screen) == before)
        app.text(":help write")
        app.keys("Enter")
        app.says(r"write TARGET \[TEXT\]")
        app.keys("q")
        app.wait("the panels", lambda screen: rows(screen) == before)
        app.quit()


def prompt():
    with App() as app:
        app.press(":", r" :$")
        app.press("wr", r":wr write")
        app.keys("Tab")
        app.says(r":write .*\ba:")
        app.text("b:3")
        app.keys("Enter")
        app.shows("b", 3, "◆ copied b3 W3333")
        app.says(r"write b:3 -> ")
        app.text(":expect b:3 copied")
        app.keys("Enter")
        app.says(r"true: the facts hold")
        app.text(":")
        app.keys("Up")
        app.says(r":expect b:3 copied")
        app.keys("Up")
        app.says(r":write b:3")
        app.keys("Escape")
        app.wait("the key bar", lambda screen: "? help" in screen)
        app.text(":read c:5; write c:5 \"seq\"; advise c:6 dontneed")
        app.keys("Enter")
        app.shows("c", 6, "· absent$")
        app.shows("c", 5, "◆ copied c5 seq55")
        app.quit()


def one_line(app, command, pattern):
    before = step(app.screen())
    app.text(":" + command)
    app.keys("Enter")
    screen = app.expect(r"^ ?%s *$" % pattern)
    same(step(app.screen()), before, "step after " + command)
    return screen


def errors():
    with App() as app:
        one_line(app, "wrote a:2", r".*wrote.*write.*")
        one_line(app, "write q:1", r"q is not a process: processes are a to i, all or @")
        one_line(app, "write e:1", r"there is no process e; the lab has a, b and c")
        one_line(app, "write a:99", r"there is no page 99; the lab has pages 0 to 9")
        one_line(app, "lab pages=5000", r".*\b4096\b.*")
        one_line(app, "expect a:2 copied", r"(?!true).*a:2.*shared.*")
        app.text("e")
        app.expect(r"^ ?there is no process e; the lab has a, b and c *$")
        app.text("a2w")
        screen = app.shows("a", 2, "◆ copied")
        assert "there is no" not in screen, "the error outlived the next command"
        app.quit()


def quits(keys):
    with App() as app:
        app.keys(*keys)
        app.expect(r"^status=0$")
        assert not app.alternate(), "still in the alternate screen"


def first_commands():
    with App("-c", "read all:1-3", "-c", "write b:2 \"x\"; read c:0") as app:
        screen = app.wait("step 3", lambda text: step(text) == 3)
        for name, page, wanted in (("b", 2, "◆ copied b2 x2222"), ("c", 0, "● private F0 00000"), ("a", 0, "· absent")):
            same(cell(screen, name, page), wanted, "%s:%d" % (name, page))
        app.text(":lab shared-anon pages=4 processes=2")
        app.keys("Enter")
        app.wait("the other lab", lambda text: order(text) == "ab" and "shared-anon" in text and
                 sorted(rows(text)) == [0, 1, 2, 3])
        app.quit()


def types_ahead():
    """Keys that come while a process is still starting mean what they would have meant behind it."""
    with App() as app:
        app.text('+:write b:5 "typed"')
        app.keys("Enter")
        app.shows("b", 5, "◆ copied b5 ty")
        app.says(r'write b:5 "typed" -> ')
        same(order(app.screen()), "abcd", "panels")
        app.text("+c3w+?")
        app.expect(r"help +lines 1-")
        app.keys("q")
        app.shows("c", 3, "◆ copied c3 W3")
        app.says(r"spawn -> f started")
        app.text("+q")
        app.expect(r"^status=0$")


def saves_under_a_name():
    with Scratch() as scratch, App() as app:
        path = os.path.join(scratch.dir, "x1.svg")
        app.press("S", r":capture")
        app.text(path)
        app.keys("Enter")
        app.says(r"saved as")
        assert os.path.exists(path), path
        app.quit()


def pastes():
    """Lines for the prompt; anywhere else nothing, whatever they hold."""
    lines = "write a:2\nadvise a:4 dontneed\nq\n"
    with App() as app:
        app.paste(lines)
        app.press("wj", r"write a:0 -> ")
        app.selects("a", 1)
        app.press("?", r"help lines 1-")
        app.paste("q\n")
        app.press("j", r"help lines 2-")
        app.text("q")
        app.press(":", r" :$")
        app.paste(lines)
        app.says(r":write a:2; advise a:4 dontneed; q\b")
        same(cell(app.screen(), "a", 2), "■ shared x3 F2 22222", "a page that nobody wrote yet")
        app.keys("BSpace", "BSpace", "BSpace", "Enter")
        app.shows("a", 4, "· absent$")
        app.shows("a", 2, "◆ copied a2 W2222")
        app.quit()


def commands_in_order():
    with App("-c", "fork a; write d:1; kill d", "-c", "spawn; read b:1", "-c", "read c:2") as app:
        app.wait("the last step", lambda screen: step(screen) == 6)
        app.says(r"read c:2 -> ")
        app.shows("b", 1, "● private F1")
        app.text(":spawn; write e:1; read all:3; kill e")
        app.keys("Enter")
        app.wait("the last step", lambda screen: step(screen) == 10)
        app.says(r"kill e -> ")


def means_nothing():
    """A key that means nothing says so, and does nothing."""
    with App() as app:
        before = step(app.screen())
        for key in ("z", "ö", "F9"):
            app.keys(key)
            screen = app.says(re.escape(key) + r" does nothing here; \? shows the keys")
            assert step(screen) == before, screen
        app.keys("Escape")
        app.wait("the message is gone", lambda text: "does nothing here" not in text)
        app.quit()


def main():
    need("tmux", "sh")
    tap = Tap()
    tap.test("starts with every page shared by three", starts)
    tap.test("a 2 w parts page 2", write_parts_the_page)
    tap.test("W x f X + r y A", the_lecture)
    tap.test("weigh asks before it takes what is not available", asks_before_it_takes_memory)
    tap.test("the panel of a dead child says so", dead_child)
    tap.test("R starts again", reset)
    tap.test("PgUp and PgDn step through what was recorded", steps_back)
    tap.test("live goes on under what is recorded", live_goes_on)
    tap.test("keys that move", moves)
    tap.test("100 pages scroll", scrolls)
    tap.test("v shows the frames and the page", views)
    tap.test("help scrolls and closes", asks_help)
    tap.test("the prompt completes and recalls", prompt)
    tap.test("keys typed ahead", types_ahead)
    tap.test("S saves under a name that is typed behind it", saves_under_a_name)
    tap.test("what is pasted is for the prompt", pastes)
    tap.test("commands of several lines keep their order", commands_in_order)
    tap.test("an error is one line and changes nothing", errors)
    for keys in (("q",), ("C-c",), ("F10",), (":", "q", "Enter"), (":", "quit", "Enter")):
        tap.test("%s quits with status 0" % " ".join(keys), quits, keys)
    tap.test("-c runs first, lab starts another", first_commands)
    tap.test("a key that means nothing says so", means_nothing)
    tap.done()


if __name__ == "__main__":
    main()
