#!/usr/bin/env python3
"""Looking changes nothing: who has a frame alone writes into it in place, also after cowscope has looked at it."""

from live import *

ROUNDS = 40


def pfn(reply, where):
    """Read here, as the kernel says it now."""
    name, number = where.split(":")
    p = process(reply, name)
    return pagemap(p["pid"], int(p["address"], 16), reply["lab"]["pages"])[int(number)].pfn


def kept(*looks):
    """How often the parent kept its frame, with those commands before its write; how often its text was told."""
    frames = texts = 0
    for _ in range(ROUNDS):
        with Batch("--kind=private-anon", "--processes=1") as batch:
            batch.do("write a:1-3 \"first\"")
            batch.do("fork a d")
            reply = batch.do("write d:1 \"child\"")
            had = pfn(reply, "a:1")
            texts += (page(reply, "a:1")["content"] or "").startswith("first")
            for look in looks:
                batch.do(look)
            reply = batch.do("write a:1 \"again\"")
            frames += pfn(reply, "a:1") == had
            texts += (page(reply, "a:1")["content"] or "").startswith("again")
    return frames, texts


if not is_root():
    skip("only root sees page frame numbers", "the last sharer keeps its frame")
elif not shows_pfns():
    skip("the kernel shows no page frame numbers to root here", "the last sharer keeps its frame")
else:
    same(kept(), (ROUNDS, 2 * ROUNDS), f"{ROUNDS} times the last sharer keeps its frame")
    same(kept("show", "show page a:1", "show frames"), (ROUNDS, 2 * ROUNDS), "also after many looks")
done()
