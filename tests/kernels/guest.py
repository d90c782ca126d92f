#!/usr/bin/env python3
"""What this kernel has, asked here by system calls, and what the program makes of it."""

import ctypes
import fcntl
import mmap
import struct
import sys

sys.path.insert(0, "/cowscope/live")
from live import *

CACHESTAT = 451
PAGEMAP_SCAN = 0xC0606610


def has_cachestat():
    libc = ctypes.CDLL(None, use_errno=True)
    counts = (ctypes.c_uint64 * 5)()
    whole = (ctypes.c_uint64 * 2)(0, 0)
    with open(__file__, "rb") as f:
        return libc.syscall(CACHESTAT, f.fileno(), whole, counts, 0) == 0


def has_pagemap_scan():
    memory = mmap.mmap(-1, PAGE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    request = struct.pack("=12Q", 96, 0, address, address + PAGE, 0, 0, 0, 0, 0, 0, 0, 0)
    with open("/proc/self/pagemap", "rb") as f:
        try:
            fcntl.ioctl(f, PAGEMAP_SCAN, bytearray(request))
        except OSError as error:
            return False if error.errno == 25 else error
    return True


cachestat, scan = has_cachestat(), has_pagemap_scan()
print(f"# {os.uname().release}, pages of {PAGE}, cachestat {cachestat}, PAGEMAP_SCAN {scan}")
same(PAGE, int(os.environ["PAGE_SIZE"]), "pages are as large as this kernel was chosen for")
for who, become in users():
    with Batch("--kind=shared-file", user=become) as batch:
        reply = batch.do("read all:*; write a:2")
        reply = json.loads(batch.process.stdout.readline())
        same(reply["kernel"]["page_size"], PAGE, f"{who}: page_size in JSON")
        same(reply["kernel"]["release"], os.uname().release, f"{who}: release in JSON")
        same(reply["lab"]["filesystem"], "ext4", f"{who}: the file is on a disk")
        same(reply["kernel"]["pfn"] == "known", become is None, f"{who}: PFNs are for root")
        same([p["cached"] for p in reply["file"]["pages"]], [True] * 10, f"{who}: cached, with or without cachestat")
        same(page(reply, "a:2")["dirty"], True, f"{who}: the page written is dirty")
        wanted = [n == 2 for n in range(10)] if cachestat else [None] * 10
        got = [p["dirty"] for p in reply["file"]["pages"]]
        ok(got == wanted or not cachestat and got == [n == 2 for n in range(10)],
           f"{who}: dirty in the page cache, or not known without cachestat: {got}")
    with Batch("--kind=private-anon", "--processes=1", user=become) as batch:
        reply = batch.do("read a:0")
        same((page(reply, "a:0")["state"], process(reply, "a")["rss_kib"]), ("zero", 0),
             f"{who}: the page of zeros, with or without PAGEMAP_SCAN")
done()
