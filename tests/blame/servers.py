#!/usr/bin/env python3
"""Servers as people run them, beside the join of frames: gunicorn's workers that were preloaded, Redis that saves."""

import os
import shutil
import socket
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "attach"))
from oracle import *

APPLICATION = """
import gc
data = [{"number": i, "text": str(i), "list": [i]} for i in range(60000)]
names = ["name %d" % i for i in range(20000)]

def nothing(): pass
def collect(): gc.collect()
def read(): sum(len(name) for name in names), sum(each["number"] for each in data)
def sort(): names.sort(key=lambda name: name[::-1])

def app(environ, start_response):
    globals()[environ["PATH_INFO"][1:]]()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"done"]
"""


def children_and(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [pid, *map(int, file.read().split())]


def connected(path, process):
    """A connection, once the server listens."""
    while process.poll() is None:
        connection = socket.socket(socket.AF_UNIX)
        if connection.connect_ex(path) == 0:
            return connection
        connection.close()
    raise RuntimeError("the server ended")


def shares(blame, what):
    """The numbers of a run, and how they must stand."""
    copies, attributed = blame["copies"], blame["attributed"]
    same(blame["lost"], 0, f"{what}: no event is lost")
    ok(copies >= 1000, f"{what}: {copies} copies")
    ok(attributed >= copies * 0.999, f"{what}: {attributed} of {copies} copies have their event, 99.9 % at least")


def get(path, process, page):
    with connected(path, process) as connection:
        connection.sendall(f"GET /{page} HTTP/1.0\r\n\r\n".encode())
        return b"".join(iter(lambda: connection.recv(4096), b""))


def gunicorn_pages(path, server):
    """Each page copies for another reason; a worker answers several, until all have."""
    with Watch(children_and(server.pid), "--blame") as watch:
        watch.sample()
        for page, cause, least in (("collect", "gc-mark", 1000), ("read", "refcount", 300), ("sort", "object", 30)):
            before = watch.sample()["blame"]
            answers = [get(path, server, page).endswith(b"done") for _ in range(6)]
            watch.sample()  # may have begun before
            blame = watch.sample()["blame"]
            grown = {c["cause"]: c["pages"] for c in blame["causes"]}.get(cause, 0) - {c["cause"]: c["pages"] for c in before["causes"]}.get(cause, 0)
            ok(all(answers) and grown >= least, f"gunicorn, {page}: {grown} copies are for {cause}")
    shares(blame, "gunicorn --preload")
    unknown = [writer for writer in blame["writers"] if writer["cause"] == "unknown"]
    pages = sum(writer["pages"] for writer in unknown)
    if not ok(pages <= blame["attributed"] / 100, f"gunicorn --preload: {pages} of them without a cause, 1 % at most"):
        print(*(f"# {writer}" for writer in unknown), sep="\n")


def gunicorn():
    program = shutil.which("gunicorn", path="/usr/bin:" + os.environ.get("PATH", ""))
    if not program:
        skip("gunicorn isn't installed")
        return
    with tempfile.TemporaryDirectory(prefix="cowscope-gunicorn-") as folder:
        with open(os.path.join(folder, "preloaded.py"), "w") as file:
            file.write(APPLICATION)
        path = os.path.join(folder, "socket")
        server = subprocess.Popen([program, "--preload", "--workers=2", f"--bind=unix:{path}", "--worker-tmp-dir", folder, "--chdir", folder,
                                   "preloaded:app"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
        try:
            while len(children_and(server.pid)) < 3:
                get(path, server, "nothing")
            gunicorn_pages(path, server)
        finally:
            server.terminate()
            server.wait()


class RedisServer:
    def __init__(self, folder):
        self.path = os.path.join(folder, "socket")
        self.process = subprocess.Popen(["redis-server", "--port", "0", "--unixsocket", self.path, "--dir", folder, "--save", "",
                                         "--rdb-key-save-delay", "2000"], stdout=subprocess.DEVNULL)
        self.socket = connected(self.path, self.process)
        self.answers = self.socket.makefile("rb")

    def send(self, commands):
        self.socket.sendall("".join(" ".join(map(str, words)) + "\r\n" for words in commands).encode())
        return [self._answer() for _ in commands]

    def _answer(self):
        line = self.answers.readline()
        if line[:1] == b"$" and line[1:2] != b"-":
            return self.answers.read(int(line[1:]) + 2)
        return line

    def is_saving(self):
        return b"rdb_bgsave_in_progress:1" in self.send([("INFO", "persistence")])[0]

    def end(self):
        for pid in reversed(children_and(self.process.pid)):
            os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self.socket.close()


def redis_writes(server):
    with Watch(children_and(server.process.pid), "--blame") as watch:
        watch.sample()
        for i in range(0, 3000, 100):
            server.send([("SETRANGE", f"s{n}", 3000, "changed") for n in range(i, i + 100)])
            server.send([("INCR", f"n{n}") for n in range(i * 10, i * 10 + 1000)])
            server.send([("SET", f"s{n}", "y" * 4000) for n in range(i, i + 100, 2)])
        watch.sample()  # may have begun before
        blame = watch.sample()["blame"]
    ok(server.is_saving(), "Redis still saves then")
    shares(blame, "Redis that saves")  # its words don't tell what they are: the command is what is known
    if any(c["command"] for c in blame["code"]):
        named = sum(c["samples"] for c in blame["code"] if c["command"]) / sum(c["samples"] for c in blame["code"])
        ok(named >= 0.5, f"Redis that saves: {named:.0%} of the stacks name a command")
    else:
        skip("nothing is unwound in this build", "the commands of Redis")


def redis():
    if not shutil.which("redis-server"):
        skip("redis-server isn't installed")
        return
    with tempfile.TemporaryDirectory(prefix="cowscope-redis-") as folder:
        server = RedisServer(folder)
        try:
            for i in range(0, 3000, 100):
                server.send([("SET", f"s{n}", "x" * 4000) for n in range(i, i + 100)])
                server.send([("SET", f"n{n}", 10000000 + n) for n in range(i * 10, i * 10 + 1000)])
            server.send([("BGSAVE",)])
            while len(children_and(server.process.pid)) < 2:
                pass
            redis_writes(server)
        finally:
            server.end()


def main():
    if not is_root():
        skip("an ordinary user isn't told of the kernel's writes")
        return
    try:
        gunicorn()
        redis()
    except EOFError as error:
        skip(f"faults are not shown here: {error}")


main()
done()
