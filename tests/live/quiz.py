#!/usr/bin/env python3
"""The quiz, over a thousand questions: what it calls right is what this test reads from /proc by itself, by PFN; of the choices
exactly one is; the same seed asks the same. QUESTIONS sets how many each user answers."""

import re

from live import *

QUESTIONS = int(os.environ.get("QUESTIONS", "500"))
ENACTED = int(os.environ.get("ENACTED", "25"))
CONTENT_SEEDS = int(os.environ.get("CONTENT_SEEDS", "12"))
DIRTY = 1 << 4  # of /proc/kpageflags


class Quiz(Batch):
    """A conversation with the quiz."""

    def __init__(self, seed, user=None):
        super().__init__("quiz", f"--seed={seed}", user=user)

    def ask(self):
        self.say("")
        return self.hear()

    def hear(self):
        line = self.process.stdout.readline()
        if not line:
            raise EOFError(f"the quiz ended with status {self.process.wait()}")
        return json.loads(line)

    def say(self, answer):
        self.process.stdin.write(f"{answer}\n")
        self.process.stdin.flush()


def names(group):
    return group[0] if len(group) == 1 else ", ".join(group[:-1]) + " and " + group[-1]


class Reading:
    """The page tables of everyone alive, read now."""

    def __init__(self, processes, pages, zero):
        self.zero = zero
        self.tables = {p["name"]: pagemap(p["pid"], int(p["address"], 16), pages) for p in processes if p["alive"]}
        self.processes = {p["name"]: p for p in processes}

    def mapped_by(self, name, number):
        entry = self.tables[name][number]
        return sum(t[number].present and t[number].pfn == entry.pfn for t in self.tables.values()) if entry.present else 0

    def state(self, name, number, told):
        """Whether a copy made a frame of anonymous memory is not to be read: that much is taken as told."""
        entry = self.tables[name][number]
        if not entry.present:
            return "absent"
        if entry.pfn == self.zero:
            return "zero"
        if self.mapped_by(name, number) > 1:
            return "shared"
        if entry.file or told not in ("private", "copied"):
            return "private"
        return told

    def wrong(self, kind):
        found = []
        for name, p in self.processes.items():
            for number, told in enumerate(p["pages"] if p["alive"] else []):
                state = self.state(name, number, told["state"])
                count = self.mapped_by(name, number)
                if kind.endswith("-file") and state in ("private", "copied"):
                    state = "private" if self.tables[name][number].file else "copied"
                if told["state"] != state or (state != "zero" and told["mapped_by"] != count):
                    found.append((name, number, told, state, count))
        return found

    def words(self, number):
        """The page as a choice tells it."""
        groups = []
        for name in sorted(self.tables):
            told = self.processes[name]["pages"][number]["state"]
            state = self.state(name, number, told)
            key = (state, self.tables[name][number].pfn if state == "shared" else None)
            group = next((g for g in groups if g[0] == key), None)
            if group:
                group[1].append(name)
            else:
                groups.append((key, [name]))
        return "; ".join(f"{names(group)}: {key[0]}" + (f" x{len(group)}" if key[0] == "shared" else "")
                         for key, group in groups)

    def frames(self, number):
        count = len({t[number].pfn for t in self.tables.values() if t[number].present})
        return f"{count} frame" + ("" if count == 1 else "s")

    def dirty(self, number):
        """None: nobody maps the file's page, so its frame is not known here."""
        for table in self.tables.values():
            if table[number].present and table[number].file:
                with open("/proc/kpageflags", "rb") as f:
                    f.seek(table[number].pfn * 8)
                    return bool(struct.unpack("<Q", f.read(8))[0] & DIRTY)
        return None


def fits(judged, reading):
    """The choices that are what was read; None: this is not read here."""
    page = judged["page"]
    if judged["asks"] == "states":
        wanted = reading.words(page)
    elif judged["asks"] == "frames":
        wanted = reading.frames(page)
    elif judged["asks"] == "dirty" and reading.dirty(page) is not None:
        wanted = f"{reading.words(page)}; the file's page: {'dirty' if reading.dirty(page) else 'clean'}"
    else:
        return None
    return [i + 1 for i, choice in enumerate(judged["choices"]) if choice == wanted]


def written_back():
    """Pages that this system wrote back so far, those of every CPU."""
    with contextlib.suppress(OSError), open("/proc/sys/vm/stat_refresh", "w", encoding="ascii") as f:
        f.write("1")
    with open("/proc/vmstat", encoding="ascii") as f:
        return int(re.search(r"(?m)^nr_written (\d+)", f.read())[1])


def explained(judged):
    """Is it said why, of what is wrong and of nothing else?"""
    return [bool(mistake) for mistake in judged["mistakes"]] == [i + 1 != judged["right"] for i in range(len(judged["choices"]))]


def well_formed(judged, asked):
    choices = judged["choices"]
    return len(set(choices)) == len(choices) and choices == asked["choices"] and 3 <= len(choices) <= 4 and all(choices) \
        and judged["reason"]


def cleaned(judged, reading, before):
    """Did the system, or anybody's sync(2), write back meanwhile what was dirty?"""
    return judged["asks"] == "dirty" and not reading.dirty(judged["page"]) and written_back() > before


def judge(label, user, seed, rng):
    zero, wrong, counted, hits, number, excused = zero_pfn(), [], {}, 0, 0, 0
    with Quiz(seed, user) as quiz:
        while number < QUESTIONS and excused < 2 + QUESTIONS // 50:
            before = written_back()
            asked = quiz.ask()
            told = asked.get("after", asked["before"])
            for line in Reading(told, asked["lab"]["pages"], zero).wrong(asked["lab"]["kind"]):
                wrong.append((number, "asked", line))
            answer = rng.randrange(1, len(asked["choices"]) + 1)
            quiz.say(answer)
            judged = quiz.hear()
            reading = Reading(judged["after"], judged["lab"]["pages"], zero)
            for line in reading.wrong(judged["lab"]["kind"]):
                wrong.append((number, judged["command"], line))
            right = fits(judged, reading)
            if judged["right"] is None or (right is not None and right != [judged["right"]]):
                if cleaned(judged, reading, before):
                    excused += 1
                else:
                    wrong.append((number, judged["question"], judged["choices"], judged["right"], right))
            if not well_formed(judged, asked) or (judged["right"] and not explained(judged)):
                wrong.append((number, "form", judged))
            number += judged["right"] is not None
            hits += answer == judged["right"]
            if judged["score"] != hits or judged["answered"] != number or judged["number"] != number + (judged["right"] is None):
                wrong.append((number, "score", judged["score"], hits))
            for what in (judged["way"], judged["asks"], judged["lab"]["kind"]):
                counted[what] = counted.get(what, 0) + 1
    ok(not wrong and number == QUESTIONS, f"as {label}: {QUESTIONS} questions agree with /proc, each has one right choice")
    if excused:
        print(f"# in {excused} questions a page was written back while it was looked at")
    for line in wrong[:5]:
        print("#", line)
    kinds = {"forward", "backward", "states", "frames", "contents", "dirty", "deed", *KINDS[:4]}
    if QUESTIONS >= 200:
        same(set(counted) | {"dirty"}, kinds, f"as {label}: every kind of mapping and of question comes")
        ok("dirty" in counted or filesystem() not in ("ext4", "xfs"), f"as {label}: also whether a page is dirty, on a disk")


DEEDS = (
    (r"(\w) reads page (\d+)", "read {0}:{1}"),
    (r"(\w) writes to page (\d+)", "write {0}:{1}"),
    (r"(\w) forks (\w)", "fork {0} {1}"),
    (r"(\w) drops page (\d+) with MADV_DONTNEED", "advise {0}:{1} dontneed"),
    (r"(\w) calls msync for page (\d+)", "sync {0}:{1}"),
    (r"somebody writes to page (\d+) of the file with write\(2\)", "file write {0}"),
)


def command_of(choice):
    for pattern, command in DEEDS:
        match = re.fullmatch(pattern, choice)
        if match:
            return command.format(*match.groups())
    raise ValueError(choice)


def looks(setup, command):
    """What the pages look like after these commands, in a lab of their own."""
    with Batch() as batch:
        for line in setup.split("; "):
            batch.do(line)
        reply = batch.do(command)
        reply = reply if reply["type"] == "snapshot" else batch.do("show")
    frames = [[p["frame"] and (p["state"], sorted(q["name"] for q in reply["processes"] if q["alive"]
                                                  and q["pages"][p["page"]]["frame"] == p["frame"]))
               for p in process["pages"]] if process["alive"] else None for process in reply["processes"]]
    dirty = [p["dirty"] for p in reply["file"]["pages"]] if reply["lab"]["kind"].endswith("-file") else None
    return frames, dirty


def enact(seed):
    """Backward: doing what a wrong choice says gives other pages, doing it again what was done gives the same."""
    wrong, enacted = [], 0
    _, out, _ = run("quiz", "--batch", "--format=json", f"--seed={seed}", "--questions=120", text="")
    for judged in map(json.loads, out.splitlines()):
        if judged["type"] != "judged" or judged["way"] != "backward" or enacted == ENACTED:
            continue
        enacted += 1
        done = looks(judged["setup"], judged["command"])
        for i, choice in enumerate(judged["choices"], 1):
            if (looks(judged["setup"], command_of(choice)) == done) != (i == judged["right"]):
                wrong.append((judged["question"], choice, judged["command"], judged["setup"]))
    ok(enacted and not wrong, f"backward: of {enacted} questions' choices, done on the kernel, only the right one fits")
    for line in wrong[:5]:
        print("#", line)


def shown(data):
    return "zeros" if data == bytes(4) else '"' + data.split(b"\0")[0].decode() + '"'


def held(judged):
    """What the choice must say of who holds what; reading memory disturbs the lab, so it comes to its end with this."""
    page, lines = judged["page"], []
    for p in judged["after"]:
        address = int(p["address"], 16) + page * PAGE
        if not p["alive"] or not pagemap(p["pid"], address, 1)[0].present:
            continue
        with open(f"/proc/{p['pid']}/mem", "rb", buffering=0) as f:
            f.seek(address)
            text = shown(f.read(4))
        line = next((x for x in lines if x[1] == text), None)
        if line:
            line[0].append(p["name"])
        else:
            lines.append(([p["name"]], text))
    words = [f"{names(group)}: {text}" for group, text in lines]
    if judged["lab"]["kind"].endswith("-file"):
        alive = next(p for p in judged["after"] if p["alive"])
        address = int(alive["address"], 16) + page * PAGE
        path = f"/proc/{alive['pid']}/map_files/{address:x}-{address + PAGE:x}"
        with open(path, "rb", buffering=0) as f:
            words.append("the file: " + shown(os.pread(f.fileno(), 4, page * PAGE)))
    return "; ".join(words) or "nobody maps it"


def contents(first):
    wrong = []
    for seed in range(first, first + CONTENT_SEEDS):
        with Quiz(seed) as quiz:
            left = 1 + seed % 4
            while left:
                quiz.ask()
                quiz.say("")
                judged = quiz.hear()
                left -= judged["asks"] == "contents"
            wanted = held(judged)
            if [i + 1 for i, choice in enumerate(judged["choices"]) if choice == wanted] != [judged["right"]]:
                wrong.append((seed, judged["question"], judged["choices"], judged["right"], wanted))
    ok(not wrong, f"contents: {CONTENT_SEEDS} questions agree with what the processes and the file hold")
    for line in wrong[:5]:
        print("#", line)


def told(seed, user, text=""):
    return run("quiz", "--batch", f"--seed={seed}", "--questions=60", text=text, user=user)


def repeats(seed):
    texts = [told(seed, user) for _, user in users()] + [told(seed, None)]
    same({t[0] for t in texts}, {0}, "the quiz ends well")
    same({t[1] for t in texts}, {texts[0][1]}, "the same seed asks the same, judges the same, says the same, whoever asks")
    ok(texts[0][1].count("\nQuestion ") == 60, "so many questions as were wished for")
    ok(not re.search(r"pid|0x[0-9a-f]", texts[0][1]), "no PID, address or PFN is in them")
    ok(told(seed + 1, None)[1].split("\n", 2)[2] != texts[0][1].split("\n", 2)[2], "another seed asks something else")


def first_five(seeds):
    """The first questions of a quiz are of different kinds: a class sees what can be asked."""
    alike = []
    for seed in seeds:
        _, out, _ = run("quiz", "--batch", "--format=json", f"--seed={seed}", "--questions=5", text="")
        kinds = [(q["way"], q["asks"], re.sub(r"[\d:].*", "", re.sub(r" \w(?=[: ]|$)", "", q["command"])).strip())
                 for q in map(json.loads, out.splitlines()) if q["type"] == "judged"]
        if len(kinds) != 5 or len(set(kinds)) != 5:
            alike.append((seed, kinds))
    ok(not alike, f"the first five questions are five different ones, with {len(seeds)} seeds: {alike[:2]}")


def untold(seed):
    """The questions whose words alone are not enough, and how many there were without a change."""
    wrong, unchanged = [], 0
    _, out, _ = run("quiz", "--batch", f"--seed={seed}", "--questions=150", text="1\n" * 150)
    _, lines, _ = run("quiz", "--batch", "--format=json", f"--seed={seed}", "--questions=150", text="\n1\n" * 150)
    judged = [line for line in map(json.loads, lines.splitlines()) if line["type"] == "judged"]
    texts = [re.sub(r"\s+", " ", text) for text in out.split("\nQuestion ")[1:]]
    assert len(judged) == len(texts), f"{len(judged)} questions in JSON, {len(texts)} in words"
    for question, text in zip(judged, texts):
        unchanged += "No page looks different" in text
        pages = range(question["lab"]["pages"]) if question["way"] == "backward" else [question["page"]]
        mistake = question["mistakes"][0]
        if any(f"age {page} " not in text for page in pages) or (mistake and mistake not in text) \
                or question["lab"]["kind"] not in text:
            wrong.append((question["number"], text))
    return wrong, unchanged


def tells_state(seed):
    """Who sees no panels is told of every page how it was, or is; and why a wrong answer is wrong."""
    wrong, unchanged = [], 0
    while not unchanged and not wrong:
        wrong, unchanged = untold(seed)
        seed += 1
    ok(not wrong, f"words alone are enough, of {unchanged} questions without a change too")
    for line in wrong[:3]:
        print("#", line)


def answers():
    status, out, _ = run("quiz", "--batch", "--seed=7", text="9\nx\n1\n\n2\n")
    same(status, 0, "the quiz ends with the answers")
    same(out.count("error: an answer is a number"), 2, "what is no answer is told so, and asked again")
    same(out.count("\nQuestion "), 4, "three answers, and the question that nobody answered")
    ok("Score: " in out and " of 2." in out, "an empty line skips: it is not counted")
    status, _, err = run("quiz", "--batch", "--seed=0")
    ok(status == 2 and "invalid value 0 for --seed" in err, "a seed that cannot be is refused")


def main():
    rng = seeded(random.SystemRandom().randrange(10 ** 6))
    seed = rng.randrange(1, 10 ** 8)
    print(f"# quiz --seed={seed}", flush=True)
    repeats(seed)
    answers()
    first_five(range(seed, seed + 20))
    tells_state(seed)
    enact(seed)
    if not is_root():
        skip("only root sees the PFNs that this test compares with")
        done()
    contents(seed)
    for label, user in users():
        judge(label, user, seed, rng)
    done()


main()
