#!/usr/bin/env python3
"""What --blame costs cowscope itself while 1,000 pages are copied a second, beside watching alone; and its memory."""

import json
import mmap
import os
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
from bench import COWSCOPE, used

SECONDS = int(os.environ.get("SECONDS", "10"))
RATE = 1000  # pages a second, in 100 portions
LIVES = 3  # seconds


def copy_pages(memory):
    """In a child: one after the other within a second."""
    for portion in range(100):
        for page in range(portion * RATE // 100, (portion + 1) * RATE // 100):
            memory[page * mmap.PAGESIZE] = 2
        time.sleep(0.01)
    time.sleep(LIVES - 1)
    os._exit(0)


def copy_for_ever():
    """The target: a child a second."""
    memory = mmap.mmap(-1, RATE * mmap.PAGESIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    memory.madvise(mmap.MADV_NOHUGEPAGE)
    memory[:] = b"\x01" * len(memory)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        if os.fork() == 0:
            copy_pages(memory)
        time.sleep(1)


def resident(pid):
    """KiB, the most so far."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM:"))


def watch(target, *more):
    """Its share of a core, once it has begun; its memory; the copies that it told of."""
    with subprocess.Popen([COWSCOPE, "--batch", "--format=json", "--every=1", *more, "-p", str(target)], stdout=subprocess.PIPE, text=True) as process:
        families = [json.loads(process.stdout.readline()) for _ in range(3)]
        began, before = time.monotonic(), used_by_all(process.pid)
        for _ in range(SECONDS):
            families.append(json.loads(process.stdout.readline()))
        share = (used_by_all(process.pid) - before) / (time.monotonic() - began) * 100
        kib = resident(process.pid)
        process.send_signal(signal.SIGINT)
        process.stdout.read()
    seconds = (families[-1]["time_ns"] - families[2]["time_ns"]) / 1e9
    copies = families[-1]["blame"]["copies"] - families[2]["blame"]["copies"] if more else 0
    return share, kib, copies / seconds


def used_by_all(pid):
    """Seconds on a CPU, of all threads."""
    return sum(used(f"{pid}/task/{tid}") for tid in os.listdir(f"/proc/{pid}/task"))


def main():
    target = os.fork()
    if target == 0:
        copy_for_ever()
    try:
        plain, plain_kib, _ = watch(target)
        share, kib, rate = watch(target, "--blame")
        print(f"--blame, {rate:.0f} copies a second for {SECONDS} s: {share:.2f} % of one core, {share / plain:.2f} times watching alone ({plain:.2f} %)")
        print(f"  {kib} KiB at most, {kib - plain_kib:+d} beside watching alone")
    finally:
        os.kill(target, signal.SIGKILL)
        os.waitpid(target, 0)


if __name__ == "__main__":
    main()
