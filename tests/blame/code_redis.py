#!/usr/bin/env python3
"""The command that Redis was carrying out when it wrote to what its saving child shares: one kind of command at a time."""

import shutil
import socket

from watched import *

SIZE = 6000  # of a value: more than a page, so that each has pages of its own
KEYS = {"s": 3000, "h": 20000, "n": 200000, "d": 6000}  # so many that what is written beside the commands is little


class Redis:
    def __init__(self, folder):
        self.path = os.path.join(folder, "socket")
        self.process = subprocess.Popen(["redis-server", "--port", "0", "--unixsocket", self.path, "--dir", folder, "--save", "",
                                         "--rdb-key-save-delay", "2000", "--enable-debug-command", "yes"], stdout=subprocess.DEVNULL)
        self.socket = socket.socket(socket.AF_UNIX)
        while self.process.poll() is None and self.socket.connect_ex(self.path):
            pass
        self.answers = self.socket.makefile("rb")

    def send(self, commands):
        text = b""
        for words in commands:
            words = [str(word).encode() for word in words]
            text += b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)
        self.socket.sendall(text)
        return [self._answer() for _ in commands]

    def _answer(self):
        line = self.answers.readline()
        if line[:1] == b"$" and line[1:2] != b"-":
            return self.answers.read(int(line[1:]) + 2)[:-2]
        return line

    def do(self, *words):
        return self.send([words])[0]

    def saving(self):
        return b"rdb_bgsave_in_progress:1" in self.do("INFO", "persistence")

    def end(self):
        self.process.kill()
        self.process.wait()


def all_keys(redis, kind, make):
    for start in range(0, KEYS[kind], 100):
        redis.send([make(f"{kind}{i}", i) for i in range(start, start + 100)])


def told_while(redis, kind, make):
    """The commands that are told of the faults of so many."""
    check = subprocess.Popen([CHECK, str(redis.process.pid)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    ready = check.stdout.readline()
    if ready == "ready\n":
        all_keys(redis, kind, make)
    said, _ = check.communicate("")
    if ready != "ready\n":
        raise Refused(ready.strip() or "no answer")
    return [Fault(line) for line in said.splitlines()[:-1]]


def one_command(redis, name, kind, make):
    redis.do("BGSAVE")
    if not redis.saving():
        ok(False, f"{name}: it saves")
        return
    try:
        faults = told_while(redis, kind, make)
    except Refused as refusal:
        skip(str(refusal), f"{name}: page faults as events")
        return
    redis.do("CONFIG", "SET", "rdb-key-save-delay", "0")
    os.kill(int(subprocess.run(["pgrep", "-P", str(redis.process.pid)], stdout=subprocess.PIPE, text=True, check=True).stdout.split()[0]), signal.SIGKILL)
    while redis.saving():
        pass
    redis.do("CONFIG", "SET", "rdb-key-save-delay", "2000")
    faults = [fault for fault in faults if not any(frame.function == "serverCron" for frame in fault.frames)]
    right = sum(fault.command == name for fault in faults)
    wrong = [(fault.command, [frame.function for frame in fault.frames]) for fault in faults if fault.command not in (name, "")]
    ok(len(faults) > 100, f"{name}: it copied pages, beside what its clock does: {len(faults)}")
    ok(right >= 0.9 * len(faults), f"{name}: told of 90 %: {right} of {len(faults)}")
    ok(len(wrong) <= len(faults) / 200, f"{name}: another one under 0.5 %: {wrong[:3]}")


def main():
    if not shutil.which("redis-server"):
        skip("redis-server isn't installed")
        return
    if not LIBDW:
        skip("built without libdw: nothing is unwound")
        return
    with tempfile.TemporaryDirectory(prefix="cowscope-redis-") as folder:
        redis = Redis(folder)
        try:
            all_keys(redis, "s", lambda key, i: ("SET", key, "x" * SIZE))
            all_keys(redis, "h", lambda key, i: ("HSET", key, "a", i, "b", "y" * 600))
            all_keys(redis, "n", lambda key, i: ("SET", key, 10000000 + i))
            all_keys(redis, "d", lambda key, i: ("SET", key, "z" * SIZE))
            one_command(redis, "setrange", "s", lambda key, i: ("SETRANGE", key, 5000, "changed"))
            one_command(redis, "incr/decr", "n", lambda key, i: ("INCR", key))
            one_command(redis, "hset", "h", lambda key, i: ("HSET", key, "a", i + 1))
            one_command(redis, "del/unlink", "d", lambda key, i: ("DEL", key))
        finally:
            redis.end()


main()
done()
