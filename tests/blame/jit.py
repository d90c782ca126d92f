"""Code that is made at run time, and told in /tmp/perf-PID.map: pages of each area are written by the function of its name."""

import ctypes
import mmap
import os
import platform
import sys

PAGES = 64
PAGE = mmap.PAGESIZE
CODE = {
    "x86_64": b"\xc6\x07\x01\xc3",  # movb $1, (%rdi); ret
    "aarch64": b"\x21\x00\x80\x52\x01\x00\x00\x39\xc0\x03\x5f\xd6",  # mov w1, #1; strb w1, [x0]; ret
}[platform.machine()]
PATH = f"/tmp/perf-{os.getpid()}.map"


def address_of(pages):
    return ctypes.addressof(ctypes.c_char.from_buffer(pages))


code = mmap.mmap(-1, PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
functions = {}
with open(PATH, "w", encoding="utf-8") as file:
    for number, name in enumerate(("jit::first app.js:1", "second", "")):
        code[number * 64:number * 64 + len(CODE)] = CODE
        functions[name] = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(address_of(code) + number * 64)
        if name:
            file.write(f"{address_of(code) + number * 64:x} {len(CODE):x} {name}\n")
if len(sys.argv) > 1:
    os.chown(PATH, int(sys.argv[1]), -1)
areas = {name: mmap.mmap(-1, PAGES * PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) for name in functions}
for name, pages in areas.items():
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        pages.madvise(mmap.MADV_NOHUGEPAGE)
    print("area", name or "nameless", f"{address_of(pages):x} {address_of(pages) + PAGES * PAGE:x}")
print("go", flush=True)
sys.stdin.readline()
for name, pages in areas.items():
    for i in range(PAGES):
        functions[name](address_of(pages) + i * PAGE)
print("done", flush=True)
sys.stdin.readline()
os.unlink(PATH)
