#!/usr/bin/env python3
"""A lesson on the screen: it asks, the student answers, points, skips, votes, steps back and explores, at three sizes."""

import os
import re
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
from e2e import App, Tap, cell, flat, little_memory, need, rows, step

LESSON = """# A lesson of the test

It asks, and the kernel answers.

Welcome to the lesson of the test.

```cow
lab private-file pages=10 processes=3
read all:*
```

Everybody reads everything.

Process a writes its page 2. What does b see?

- [ ] What a wrote {That is a shared mapping.}
- [x] What was there {Its frame is still F2.}
- [ ] Zeros

```cow
write a:2 "hello"
expect a:2 copied content=hello
expect b:2 shared
```

Now a has a copy.

Process b writes its page 3. Which pages change?

- [x] {pages}

```cow
write b:3
expect b:3 copied
```

Now b has a copy.

Will anybody answer this?

- [x] Yes
- [ ] No {Skipped questions are not judged.}

```cow
write c:4
expect c:4 absent
```

That is all there is.
"""


HEAVY = """# A lesson of the test

It asks, and the kernel answers.

Welcome to the lesson of the test.

What grows?

- [x] used
- [ ] nothing

```cow needs=memory
weigh private-anon 16M
expect memory used>=0
```

Behind it.

```cow
loop 2 weigh private-file 16M
```

That is all there is.
"""


class Lesson(App):
    """The program, with the lesson begun."""

    def __init__(self, *options, text=LESSON, **changes):
        self.folder = tempfile.mkdtemp(prefix="cowscope-lesson-", dir="/var/tmp")
        os.chmod(self.folder, 0o755)
        path = os.path.join(self.folder, "test.md")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o644)
        super().__init__(*options, path, start=False, **changes)
        try:
            self.says(r"A lesson of the test It asks, and the kernel answers\. Welcome to the lesson of the test")
        except BaseException:
            self.close()
            raise

    def close(self):
        super().close()
        shutil.rmtree(self.folder)

    def next(self, pattern):
        self.keys("Space")
        return self.says(pattern)

    def read_on(self, pattern):
        """Space after Space until the words are there."""
        screen = self.screen()
        while not re.search(pattern, flat(screen)):
            screen = self.turn(screen)
        return screen

    def to_question(self):
        self.read_on(r"Everybody reads everything")
        return self.read_on(r"What does b see\?")

    def to_pages(self):
        self.to_question()
        self.press("2", r"predicted: ✓ right")
        self.read_on(r"Now a has a copy")
        return self.read_on(r"Which pages change\?")

    def to_last(self):
        self.to_pages()
        self.text("b3x")
        self.says(r"marked: b:3")
        self.next(r"predicted: ✓ right")
        self.read_on(r"Now b has a copy")
        return self.read_on(r"Will anybody answer this\?")


def answers_right(size, ordinary=False):
    with Lesson(columns=size[0], rows=size[1], ordinary=ordinary) as app:
        screen = app.to_question()
        assert re.search(r"1 What a wrote .*2 What was there .*3 Zeros", flat(screen)), screen
        assert cell(screen, "a", 2).startswith("■"), "the kernel acted before the answer:\n" + screen
        assert "That is a shared mapping" not in screen and "✓" not in screen, "the answer is told:\n" + screen
        before = step(screen)
        app.text("2")
        screen = app.says(r"predicted: ✓ right")
        assert step(screen) == before + 1, screen
        assert re.search(r"2 What was there .*Its frame is still F2\.", flat(screen)), screen
        app.text("a2")
        app.shows("a", 2, "◆ ?copied")
        app.text("q")
        app.expect(r"^status=0$")


def sees_both(size):
    """Prediction and observation are side by side where there is room."""
    with Lesson(columns=size[0], rows=size[1]) as app:
        app.to_question()
        app.text("1")
        screen = app.says(r"predicted: ✗ not so")
        assert re.search(r"predicted: ✗ not so +observed", screen) or size[0] < 50, screen
        screen = app.read_on(r"right is 2: What was there|Now a has a copy")
        assert "right is 2" in screen, "the lesson went on before all was read:\n" + screen
        assert "0 of 1 right" in flat(screen), screen
        app.quit()


def answers_wrong():
    with Lesson() as app:
        app.to_question()
        app.text("1")
        screen = app.says(r"predicted: ✗ not so")
        words = flat(screen)
        for wanted in ("1 What a wrote", "That is a shared mapping.", "right is 2: What was there", "Its frame is still F2.",
                       "0 of 1 right"):
            assert wanted in words, wanted + " is missing:\n" + screen
        assert re.search(r"observed.*write a:2 \"hello\" ->", screen, re.S), screen
        app.next(r"Now a has a copy")


def skips():
    with Lesson() as app:
        app.to_question()
        before = step(app.screen())
        app.keys("Space")
        screen = app.says(r"Space again skips the question")
        assert step(screen) == before, "one Space was enough:\n" + screen
        app.keys("Space")
        screen = app.says(r"predicted: no prediction")
        assert "right is 2: What was there" in flat(screen) and " of 1 right" not in screen, screen
        assert step(screen) == before + 1, screen


def points(size):
    with Lesson(columns=size[0], rows=size[1]) as app:
        app.to_pages()
        app.text("b3x")
        app.says(r"marked: b:3")
        app.text("c3")
        app.selects("c", 3)
        app.keys("Enter")
        screen = app.says(r"marked: b:3 c:3")
        assert not cell(screen, "b", 3).startswith("◆"), screen
        app.text("xa2x")
        app.says(r"marked: a:2 b:3")
        app.keys("Space")
        screen = app.says(r"predicted: ✗ 1 found")
        assert re.search(r"observed +b:3|observed.* b:3", screen, re.S), screen
        app.selects("b", 3)
        app.text("a2")
        app.shows("a", 2, "✗")
        app.text("b3")
        app.shows("b", 3, "✓?◆ ?copied")


def points_nowhere():
    """That nothing will change is a prediction too, and here a wrong one."""
    with Lesson() as app:
        app.to_pages()
        app.says(r"n none")
        before = step(app.screen())
        app.text("n")
        screen = app.says(r"predicted: ✗ 0 found")
        assert "no page changes" in screen and step(screen) > before, screen


def votes():
    with Lesson() as app:
        app.to_question()
        app.text("V")
        app.says(r"first vote")
        app.text("14")
        app.keys("Enter")
        app.text("9")
        app.keys("Enter")
        app.text("3")
        app.keys("Enter")
        screen = app.says(r"14 ■■■■")
        assert re.search(r"first vote.*\n.* 14 ■+ *\n.* 9 ■+ *\n.* 3 ■+ *\n", screen) and "second vote" not in screen, screen
        app.text(":vote 2 24")
        app.keys("Enter")
        screen = app.says(r"second vote")
        assert re.search(r" 14 ■+ +2 ● *\n.* 9 ■+ +24 ●+ *\n.* 3 ■+ +0 *\n", screen), screen
        app.press("V", r"Esc give up")
        app.keys("Escape")
        app.says(r"Space skip")
        app.press(":vote 1 2 3 4", r":vote 1 2 3 4")
        app.keys("Enter")
        app.says(r"too many counts: the question has 3 answers")
        app.text("2")
        app.says(r"predicted: ✓ right")
        app.read_on(r"24 ●")


def steps_back():
    with Lesson() as app:
        app.to_question()
        app.text("2")
        app.says(r"predicted: ✓ right")
        app.shows("a", 2, "✓?◆ copied")
        app.keys("PPage")
        screen = app.says(r"RECORDED")
        app.shows("a", 2, "■ shared")
        assert "> live" in screen, screen
        app.keys("Space")
        app.says(r"step \d+ live")
        app.shows("a", 2, "◆ copied")
        app.next(r"Now a has a copy")


def scrolls_back():
    """What is longer than its room is read to its end, also at a step that is past; none is before the lesson's first."""
    with Lesson() as app:
        app.to_question()
        app.press("2", r"predicted: ✓ right")
        for _ in range(9):
            app.keys("PPage")
        app.says(r"step 1 of \d+ RECORDED")
        app.resize(28, 9)
        app.says(r" 1-\d+/\d+ ")
        app.keys("Space")
        app.says(r" [2-9]-\d+/\d+ ")
        app.keys("PPage")
        app.says(r" 1-\d+/\d+ ")


def reads_back():
    """What is read belongs to the picture, also of steps that are past."""
    with Lesson() as app:
        app.to_question()
        app.press("2", r"predicted: ✓ right")
        app.read_on(r"Now a has a copy")
        app.next(r"Which pages change\?")
        app.text("b3x")
        app.says(r"marked: b:3")
        app.next(r"predicted: ✓ right")
        app.read_on(r"Now b has a copy")
        app.keys("PPage")
        screen = app.says(r"Now a has a copy\. Process b writes its page 3\. Which pages change\? marked: b:3")
        assert cell(screen, "b", 3).lstrip("▸>* ●◉x").find("copied") < 0 and "Now b has a copy" not in screen, screen
        app.keys("PPage")
        screen = app.says(r"Everybody reads everything\. .*What does b see\?")
        assert "copied" not in screen and "predicted" not in screen, screen
        app.keys("PPage")
        screen = app.says(r"Welcome to the lesson of the test")
        assert "absent" in screen, screen
        app.text(">")
        app.says(r"Now b has a copy")
        app.quit()


def explores():
    """The lab's keys go on, and what the lesson expects may then be false: it says so, and goes on."""
    with Lesson() as app:
        app.next(r"Everybody reads everything")
        app.text("c7w")
        app.shows("c", 7, "◆ copied c7")
        app.text("a2w")
        app.shows("a", 2, "◆ copied a2")
        app.press("?", r"help +lines")
        app.keys("q")
        app.says(r"Everybody reads everything")
        app.text(":unmap b:2")
        app.keys("Enter")
        app.says(r"unmap b:2 ->")
        app.next(r"What does b see")
        app.text("2")
        app.says(r"The kernel answered differently: expect b:2 shared: .*Your own commands may be the reason\.")
        app.read_on(r"Now a has a copy")


def finishes():
    with Lesson() as app:
        app.to_last()
        app.text("2")
        app.says(r"The kernel answered differently: expect c:4 absent: ")
        screen = app.says(r"predicted: ✗ not so")
        assert "may be the reason" not in screen, screen
        app.read_on(r"That is all there is")
        app.next(r"The lesson is over.* Right answers: 2 of 3\.")
        app.keys("Space")
        screen = app.wait("the lab", lambda text: "The lesson is over" not in text and "page cache" in text)
        assert "process" in screen.splitlines()[-1], screen
        app.text("1")
        app.selects("c", 1)
        app.quit()


def commands():
    """What the keys do, the prompt does too."""
    with Lesson() as app:
        for line, pattern in (("next; next", r"What does b see"), ("answer 7", r"the answers are 1 to 3"),
                              ("point a:2", r"no open question is answered by marking"),
                              ("answer 2", r"predicted: ✓ right"), ("answer 2", r"no open question is answered by a number"),
                              ("vote 1 2 3", r"first vote"), ("next; next", r"Which pages change"),
                              ("point all:3", r"marked: a:3 b:3 c:3"), ("point b:5-7", r"marked: a:3 b:3 b:5-7 c:3"),
                              ("point b:5-7", r"marked: a:3 b:3 c:3"), ("point ac:3; next", r"predicted: ✓ right"),
                              ("view guide", r"predicted: ✓ right"), ("view", r"each frame once"), ("view panels", r"page cache"),
                              ("lesson", r"a-c process"), ("next", r"no lesson is running"), ("view guide", r"no lesson is running")):
            app.text(":" + line)
            app.keys("Enter")
            app.says(pattern)
        app.text(":lesson /nonexistent/lesson.md")
        app.keys("Enter")
        app.says(r"/nonexistent/lesson.md: .*No such file")


def reads_on():
    """A text that is longer than its room is read to its end before the lesson goes on."""
    text = LESSON.replace("Everybody reads everything.", "\n\n".join("Paragraph %d of many." % i for i in range(30)))
    with Lesson(text=text, columns=60, rows=18) as app:
        screen = app.read_on(r"Paragraph 0 of many")
        seen = set()
        while "Paragraph 29" not in screen:
            seen.update(re.findall(r"Paragraph (\d+)", screen))
            screen = app.turn(screen)
        seen.update(re.findall(r"Paragraph (\d+)", screen))
        assert len(seen) == 30, sorted(seen, key=int)
        app.keys("PPage")
        screen = app.wait("less", lambda screen: "Paragraph 29" not in screen)
        while "Paragraph 0 of" not in screen:
            screen = app.turn(screen, "PPage")
        app.text("v")
        app.says(r"Paragraph 0 of many.*Paragraph 9 of many")


def reads_what_happened(size):
    """What the lab did, or somebody beside the lesson, is read to its end at every size; what is new stands first."""
    with Lesson(columns=size[0], rows=size[1]) as app:
        screen = app.read_on(r"may map its neighbours\.")
        assert "…" not in screen and "test 1/" in screen, screen
        screen = app.press("w", r"write a:0 -> Page fault")
        assert "test 1/" in screen, screen
        app.read_on(r"Everybody reads everything")
        app.quit()


def heavy(test):
    """A test of the lesson that weighs, where 100 MiB are available."""
    def run(*arguments):
        with little_memory() as enter:
            if not enter:
                return print("# not run: memory that is not available (needs root to show another /proc/meminfo)")
            return test(enter, *arguments)
    return run


@heavy
def takes_memory(enter, size, ordinary=False):
    with Lesson(text=HEAVY, before=enter, columns=size[0], rows=size[1], ordinary=ordinary) as app:
        screen = app.next(r"This step takes 16 MiB of memory and leaves 128 MiB to others, but 100 MiB are available\. Take it anyway\?")
        assert re.search(r"y take it  Space skip", screen) and "What grows" not in screen, screen
        app.text("12")
        app.says(r"Take it anyway\?")
        app.text("y")
        screen = app.says(r"What grows\?")
        assert "16 MiB of private-anon" not in screen and "Take it anyway" not in flat(screen), screen
        app.text("1")
        screen = app.says(r"predicted: ✓ right")
        assert "differently" not in flat(screen), screen
        app.read_on(r"Behind it")
        app.press(":weigh private-anon 16M", r":weigh private-anon 16M")
        app.keys("Enter")
        app.says(r":weigh private-anon 16M anyway")
        app.keys("Escape")
        app.wait("the question is closed", lambda text: "anyway" not in text.split("\n")[-1])
        app.next(r"This step takes 32 MiB of memory")
        app.keys("Space")
        app.says(r"That is all there is")
        app.quit()


@heavy
def weighs_what_it_took(enter):
    """Also in a loop, where the command is read later; who pressed y sees what came of it."""
    with Lesson(text=HEAVY, before=enter) as app:
        app.next(r"Take it anyway\?")
        app.text("n")
        app.says(r"Behind it")
        app.next(r"This step takes 32 MiB of memory")
        app.text("y")
        screen = app.says(r"That is all there is")
        assert "differently" not in screen, screen
        app.press(":expect memory used>=0", r":expect")
        app.keys("Enter")
        app.says(r"true: the facts hold")
        app.quit()


@heavy
def leaves_memory(enter, key):
    with Lesson(text=HEAVY, before=enter) as app:
        app.next(r"Take it anyway\?")
        app.keys(key)
        screen = app.says(r"Behind it")
        assert "predicted" not in screen and "16 MiB" not in screen, screen
        app.press(":expect memory used>=0", r":expect")
        app.keys("Enter")
        app.says(r"nothing was weighed")
        app.text(":anyway")
        app.keys("Enter")
        app.says(r"no step asks for memory that is not available")
        app.next(r"Take it anyway\?")
        app.text(":anyway")
        app.keys("Enter")
        app.says(r"That is all there is")
        app.next(r"The lesson is over")
        app.quit()


def begins_in_its_lab(size):
    """The lab that the first text speaks of is there before it, and the panels show the page that the question is about."""
    text = LESSON.replace("private-file pages=10 processes=3", "shared-anon pages=30 processes=2").replace("read all:*\n", "write a:0\n", 1)
    text = text.replace('write a:2 "hello"\nexpect a:2 copied content=hello\nexpect b:2 shared', 'write b:27 "hello"')
    with Lesson(text=text, columns=size[0], rows=size[1]) as app:
        screen = app.says(r"shared-anon")
        assert "private-file" not in screen and step(screen) == 1, screen
        screen = app.read_on(r"Everybody reads everything")
        assert step(screen) == 2, "the lab was begun twice:\n" + screen
        app.selects("a", 0)
        app.read_on(r"What does b see\?")
        app.selects("b", 27)
        app.press("3", r"predicted")
        app.selects("b", 27)
        app.quit()


def begins_again():
    """Who did something in it before the lesson comes to its lab gets it afresh."""
    with Lesson() as app:
        app.press("w", r"write a:0 ->")
        screen = app.next(r"Everybody reads everything")
        assert cell(screen, "a", 0).startswith("■") and step(screen) == 4, screen
        app.quit()


def bundled():
    """The first of the lessons that come with the program, from one to another, and a name that is none."""
    with App("cow", start=False) as app:
        app.says(r"cow 1/\d+ .*Three processes|cow 1/\d+")
        app.keys("Space")
        app.says(r"cow 2/\d+")
        app.text(":lesson fork")
        app.keys("Enter")
        app.says(r"fork 1/\d+")
        app.text(":lesson nosuch")
        app.keys("Enter")
        app.says(r"nosuch")
        app.says(r"fork 1/\d+")
    with App("nosuch", start=False) as app:
        app.says(r"nosuch.* status=2")


def explains():
    with App() as app:
        app.text("a2w")
        app.shows("a", 2, "◆ copied")
        app.press("K", r"Page 2 of a, pid \d+, at address 0x[0-9a-f]+ copied only this process maps")
        app.keys("End")
        app.says(r"Private_Dirty \d+ this process alone; written")
        app.keys("q")
        app.shows("a", 2, "◆ copied")
        app.press("G", r"absent The process has no page table entry")
        app.keys("Escape")
        app.text(":glossary page cache")
        app.keys("Enter")
        app.says(r"page cache The kernel's copy of file contents")
        app.keys("q")
        app.quit()


SIZES = ((80, 24), (60, 18), (40, 12))


def main():
    need("tmux", "sh")
    tap = Tap()
    for size in SIZES:
        tap.test("an answer that is right, at %dx%d" % size, answers_right, size)
        tap.test("one that is wrong, read to its end, at %dx%d" % size, sees_both, size)
    tap.test("an ordinary user", answers_right, (80, 24), True)
    tap.test("a wrong answer, and why", answers_wrong)
    tap.test("Space twice skips", skips)
    for size in SIZES[:2]:
        tap.test("pages are pointed at, at %dx%d" % size, points, size)
    tap.test("that no page changes is predicted", points_nowhere)
    tap.test("a class votes, and votes again", votes)
    tap.test("steps back, and on", steps_back)
    tap.test("scrolls in a step that is past, and stops at the first", scrolls_back)
    tap.test("reads what belongs to the step before", reads_back)
    tap.test("explores beside the lesson", explores)
    tap.test("comes to its end", finishes)
    tap.test("by commands", commands)
    for size in SIZES:
        tap.test("memory that is not available is taken for y alone, at %dx%d" % size, takes_memory, size)
    tap.test("also by an ordinary user", takes_memory, (80, 24), True)
    tap.test("what was taken is weighed", weighs_what_it_took)
    for key in ("Space", "Enter", "n", "NPage"):
        tap.test("%s leaves it, and the step" % key, leaves_memory, key)
    tap.test("a long text is read to its end", reads_on)
    for size in SIZES:
        tap.test("what happened is read to its end, at %dx%d" % size, reads_what_happened, size)
    for size in SIZES:
        tap.test("begins in its lab, at %dx%d" % size, begins_in_its_lab, size)
    tap.test("begins its lab again, where something was done in it", begins_again)
    tap.test("lessons that come with the program", bundled)
    tap.test("K explains a page, G the terms", explains)
    tap.done()


if __name__ == "__main__":
    main()
