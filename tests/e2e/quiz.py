#!/usr/bin/env python3
"""The quiz on the screen: the questions are those of --batch with the same seed, and the kernel judges, at three sizes."""

import json
import re
import subprocess
import sys

sys.dont_write_bytecode = True
from e2e import COWSCOPE, App, Tap, flat, need, step

SEED = 7
ENOUGH = 14


def expected():
    """What is to come."""
    told = subprocess.run([COWSCOPE, "quiz", "--batch", "--format=json", "--seed=%d" % SEED, "--questions=%d" % ENOUGH],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stdout
    return [judged for judged in map(json.loads, told.splitlines()) if judged["type"] == "judged"]


class Quiz(App):
    def __init__(self, **changes):
        super().__init__("quiz", "--seed=%d" % SEED, start=False, **changes)

    def asked(self, judged):
        """Waits for the question; a short screen shows the beginning of it."""
        start = flat(judged["question"])[:25]
        return self.wait("question %d: %s" % (judged["number"], start),
                         lambda screen: "question %d " % judged["number"] in flat(screen) and start in flat(screen))

    def skip(self):
        self.keys("Space")
        self.says("Space again")
        self.keys("Space")


def judges(size, ordinary=False):
    first, second = expected()[:2]
    with Quiz(columns=size[0], rows=size[1], ordinary=ordinary) as quiz:
        screen = quiz.asked(first)
        before = step(screen)
        assert "predicted" not in screen and first["command"] not in flat(screen), "the answer is told:\n" + screen
        quiz.text(str(first["right"]))
        screen = quiz.says(r"predicted: ✓ right")
        assert step(screen) == before + 1, screen
        quiz.says(r"1 of 1 right")
        while "question 2 " not in flat(quiz.screen()):
            screen = quiz.turn(screen)
        quiz.asked(second)
        quiz.text(str(second["right"] % len(second["choices"]) + 1))
        quiz.says(r"predicted: ✗ not so")
        quiz.says(r"1 of 2 right")
        quiz.quit()


def all_of_them():
    """Backward too: there the pages show what was done, and the screen does not say it."""
    with Quiz(columns=120, rows=40) as quiz:
        for score, judged in enumerate(expected(), 1):
            screen = quiz.asked(judged)
            if judged["way"] == "backward":
                assert judged["command"] not in flat(screen), "the answer is told:\n" + screen
            quiz.text(str(judged["right"]))
            quiz.says(r"predicted: ✓ right")
            quiz.says(r"%d of %d right" % (score, score))
            quiz.says(re.escape(judged["command"]) + " ->")
            quiz.keys("Space")
        quiz.quit()


def skips():
    first, second = expected()[:2]
    with Quiz() as quiz:
        quiz.asked(first)
        quiz.skip()
        quiz.says(r"observed")
        quiz.keys("Space")
        assert " right ─" not in quiz.asked(second), quiz.screen()
        quiz.quit()


def votes():
    """As in a lesson: the class votes, sees what the kernel does, and votes on the next question anew."""
    first, second = expected()[:2]
    with Quiz() as quiz:
        quiz.asked(first)
        quiz.text("V")
        quiz.says(r"first vote")
        quiz.text("14")
        quiz.keys("Enter")
        for _ in first["choices"][2:]:
            quiz.keys("Enter")
        quiz.text("9")
        quiz.keys("Enter")
        quiz.says(r"first vote(.|\n)* 14 ■+(.|\n)* 9 ■+")
        quiz.text(":vote 3 20\n")
        quiz.says(r"second vote(.|\n)* 20 ")
        quiz.text(":vote 1 1 1 1 1 1 1\n")
        quiz.says(r"too many counts")
        quiz.text(str(first["right"]))
        quiz.says(r"predicted: ✓ right")
        quiz.keys("Space")
        assert "first vote" not in quiz.asked(second), quiz.screen()
        quiz.quit()


def acts_alone():
    with Quiz() as quiz:
        before = step(quiz.asked(expected()[0]))
        assert step(quiz.press("w", r"only the quiz acts in this lab")) == before, quiz.screen()
        quiz.keys("PgUp")
        quiz.says(r"step %d of %d +RECORDED" % (before - 1, before))
        quiz.text(">")
        quiz.says(r"step %d +live" % before)
        quiz.text(":lesson\n")
        quiz.wait("the quiz is left", lambda screen: "question 1" not in screen)
        quiz.press("w", r"write \w:\d ->")
        quiz.quit()


def steps_back():
    """The picture before the act is beside what was asked, not beside what came of it."""
    first = expected()[0]
    with Quiz() as quiz:
        quiz.asked(first)
        quiz.text(str(first["right"]))
        quiz.says(r"predicted: ✓ right")
        quiz.keys("PPage")
        screen = quiz.says(r"RECORDED, > live")
        assert "predicted" not in screen and flat(first["question"])[:25] in flat(screen), screen
        quiz.text(">")
        quiz.says(r"predicted: ✓ right")
        quiz.quit()


def main():
    need("tmux", "sh")
    tap = Tap()
    for size in ((80, 24), (60, 18), (40, 12)):
        tap.test("right and wrong, at %dx%d" % size, judges, size)
    tap.test("an ordinary user", judges, (80, 24), True)
    tap.test("one after the other", all_of_them)
    tap.test("Space twice skips", skips)
    tap.test("a class votes", votes)
    tap.test("nobody else acts; steps back; leaves", acts_alone)
    tap.test("steps back to the question", steps_back)
    tap.done()


if __name__ == "__main__":
    main()
