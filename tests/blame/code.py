#!/usr/bin/env python3
"""Which function wrote: native programs built in every way, and files that went, beside what the program knows."""

import shutil

from watched import *

NATIVE = os.path.join(HERE, "native.c")
PAGES = 64
folder = tempfile.mkdtemp(prefix="cowscope-code-")
CHAIN = ["outer", "main"]


def built(name, *flags, compiler="cc"):
    """None where this system cannot build it."""
    path = os.path.join(folder, name)
    done = subprocess.run([*compiler.split(), "-O1", *flags, "-o", path, NATIVE], stderr=subprocess.PIPE, check=False)
    return path if done.returncode == 0 else None


def chains(watched, area):
    return {tuple(frame.function for frame in fault.frames) for fault in watched.of(area)}


def one_each(watched, what):
    """Every page of every area has its fault, and none was lost."""
    same({name: len(watched.of(name)) for name in watched.areas}, {name: PAGES for name in watched.areas}, f"{what}: each write has its fault")
    same(watched.lost, 0, f"{what}: none is lost")


def innermost(watched):
    return {name: sorted({fault.frames[0].function for fault in watched.of(name)}) for name in watched.areas}


def named(watched, what, hidden="hidden"):
    one_each(watched, what)
    found = innermost(watched)
    same(found["open_to_all"], ["open_to_all"], f"{what}: the function that wrote")
    same(found["hidden"], [hidden], f"{what}: the static function that wrote")
    same({fault.frames[0].module for fault in watched.of("hidden")}, {what}, f"{what}: its module")


def unwound(watched, what, whole=True):
    if not LIBDW:
        same({len(f.frames) for name in watched.areas for f in watched.of(name)}, {1}, f"{what}: without libdw the instruction alone")
        return
    found = {tuple(chain[1:3]) for chain in chains(watched, "open_to_all")}
    same(found, {tuple(CHAIN)}, f"{what}: and who called it")
    if whole:
        ok(all(f.whole for name in watched.areas for f in watched.of(name)), f"{what}: every stack ends where the program began")


def symbols_of(path):
    """By address, as nm prints them."""
    lines = subprocess.run(["nm", path], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    return {words[2]: int(words[0], 16) for words in map(str.split, lines) if len(words) == 3}


def offsets(watched, path, what):
    """The offset is the address that nm and objdump print."""
    symbols = symbols_of(path)
    for name in ("hidden", "open_to_all"):
        found = {f.frames[0].offset for f in watched.of(name)}
        ok(len(found) == 1 and 0 < next(iter(found)) - symbols[name] < 64, f"{what}: the instruction's offset lies in {name}")


def each_way():
    ways = {
        "pie": ((), "cc"),
        "fixed": (("-no-pie",), "cc"),
        "static": (("-static",), "cc"),
        "static-pie": (("-static-pie",), "cc"),
        "narrow": (("-m32",), "cc"),
        "other-libc": ((), "musl-gcc"),
    }
    for what, (flags, compiler) in ways.items():
        path = built(what, *flags, compiler=compiler) if shutil.which(compiler) else None
        if not path:
            skip("cannot be built here", what)
            continue
        watched = Watched([path])
        named(watched, what)
        offsets(watched, path, what)
        unwound(watched, what, whole=what != "other-libc")  # musl has no frame descriptions


def stripped():
    path = built("stripped", "-s")
    watched = Watched([path])
    one_each(watched, "stripped")
    same(innermost(watched)["open_to_all"], [""], "stripped: no name where no symbol covers the instruction")
    path = built("exported", "-s", "-rdynamic")
    watched = Watched([path])
    named(watched, "exported", hidden="")
    unwound(watched, "exported")


def beside():
    """Names in a separate debug file, by the link in the stripped one."""
    whole = built("apart", "-g")
    for name in ("apart.debug", ".debug/apart.debug"):
        os.makedirs(os.path.join(folder, os.path.dirname(name)), exist_ok=True)
        debug = os.path.join(folder, name)
        subprocess.run(["objcopy", "--only-keep-debug", whole, debug], check=True)
        subprocess.run(["objcopy", "--strip-all", f"--add-gnu-debuglink={debug}", whole, whole + "-s"], check=True)
        watched = Watched([whole + "-s"])
        named(watched, "apart-s")
        os.unlink(debug)
    other = built("another", "-g", "-fno-inline", "-O2")
    subprocess.run(["objcopy", "--only-keep-debug", other, os.path.join(folder, "apart.debug")], check=True)
    watched = Watched([whole + "-s"])
    same(innermost(watched)["hidden"], [""], "a debug file of another build names nothing")


def gone():
    path = built("gone")
    watched = Watched([path], started=lambda: os.unlink(path))
    named(watched, "gone")
    path = built("replaced")

    shutil.copy("/bin/true", path + ".new")
    watched = Watched([path], started=lambda: os.replace(path + ".new", path))
    named(watched, "replaced")
    unwound(watched, "replaced")


def elsewhere():
    """In a mount namespace and a root of its own, where the path leads to nothing of ours."""
    root = os.path.join(folder, "root")
    os.makedirs(root)
    path = built("elsewhere", "-static")
    if not path:
        skip("no static C library", "elsewhere")
        return
    command = ["unshare", "--mount", "sh", "-c", f"mount -t tmpfs none '{root}' && cp '{path}' '{root}/elsewhere' && exec chroot '{root}' /elsewhere"]
    watched = Watched(command)
    named(watched, "elsewhere")
    unwound(watched, "elsewhere")


def made_at_run_time():
    jit = [sys.executable, os.path.join(HERE, "jit.py")]
    watched = Watched(jit)
    one_each(watched, "made at run time")
    same(innermost(watched), {"jit::first app.js:1": ["jit::first app.js:1"], "second": ["second"], "nameless": [""]}, "made at run time: by the process's map")
    same({f.frames[0].module for f in watched.of("second")}, {"[jit]"}, "made at run time: it is in no file")
    if os.geteuid() != 0:
        skip("only root gives files away", "made at run time: a map of somebody else's")
        return
    watched = Watched(jit + [str(NOBODY)])
    same(innermost(watched)["second"], [""], "made at run time: a map of somebody else's names nothing")


def main():
    refused = Watched([built("first")]).refused
    if refused:
        print(f"1..0 # SKIP page faults as events: {refused}")
        return
    each_way()
    stripped()
    beside()
    gone()
    made_at_run_time()
    if os.geteuid() == 0:
        elsewhere()
    else:
        skip("only root mounts", "elsewhere")
    done()



try:
    main()
finally:
    shutil.rmtree(folder)
