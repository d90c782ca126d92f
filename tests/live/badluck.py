#!/usr/bin/env python3
"""Bad luck with what is saved, in every format: a full disk, no permission, a directory by that name, a reader that closes
the pipe. Each is one clear line and status 2 or 3, leaves no half-written file, and the lab goes on."""

import tempfile

from live import *
from live import _PROGRAM

CLONE_NEWNS, MS_PRIVATE, MS_REC = 0x20000, 1 << 18, 1 << 14
COMMANDS = ("-c", "read all:*; write a:2")
FORMATS = {"text": "txt", "json": "json", "ansi": "ans", "svg": "svg", "html": "html", "png": "png", "pdf": "pdf", "md": "md",
           "cast": "cast"}
libc = ctypes.CDLL(None, use_errno=True)


def drawn_here(user=None):
    ended = subprocess.run([COWSCOPE, "--batch", "--format=png"], stdin=subprocess.DEVNULL, capture_output=True, check=False,
                           pass_fds=[_PROGRAM], preexec_fn=user)
    return ended.returncode == 0


def formats():
    if drawn_here():
        return FORMATS
    skip("built without Cairo", "png and pdf")
    return {name: ending for name, ending in FORMATS.items() if name not in ("png", "pdf")}


def clear_line(result, statuses, errno, what):
    status, out, err = result
    ok(status in statuses and err.count("\n") == 1 and err.startswith("cowscope: ") and errno in err and out == "",
       f"{what}: status {status}, {err.split(': ')[-1].strip()}")


def full_disk(directory):
    """A tmpfs without a free byte, in a mount namespace of our own, or None and why."""
    if libc.unshare(CLONE_NEWNS) or libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None) or \
            libc.mount(b"none", directory.encode(), b"tmpfs", 0, b"size=64k"):
        return os.strerror(ctypes.get_errno())
    open_again()
    os.chmod(directory, 0o777)
    with open(os.path.join(directory, "all"), "wb", buffering=0) as f:
        try:
            while f.write(b"x" * 512):
                pass
        except OSError:
            pass
    return None


def on_full_disk(directory, name, ending):
    path = os.path.join(directory, f"x.{ending}")
    clear_line(run("--batch", f"--format={name}", "-o", path, *COMMANDS), (3,), "ENOSPC", f"{name}: -o on a full disk")
    status, out, _ = run("--batch", "-c", f"capture {path}", "-c", "write b:3")
    ok(status == 3 and "ENOSPC" in out, f"{name}: capture on a full disk")
    ok("step 1  write b:3" in out, f"{name}: and the lab goes on")
    same(os.listdir(directory), ["all"], f"{name}: nothing is left of it")


def without_disk(directory, name, ending):
    path = os.path.join(directory, f"x.{ending}")
    clear_line(run("--batch", f"--format={name}", "-o", "/dev/full", *COMMANDS), (3,), "ENOSPC", f"{name}: -o /dev/full")
    os.mkdir(path)
    clear_line(run("--batch", f"--format={name}", "-o", path, *COMMANDS), (2,), "EISDIR", f"{name}: a directory by that name")
    missing = os.path.join(directory, "none", f"x.{ending}")
    clear_line(run("--batch", f"--format={name}", "-o", missing, *COMMANDS), (2,), "ENOENT", f"{name}: no such directory")
    same(os.listdir(path), [], f"{name}: nothing is left in it")
    os.rmdir(path)
    same(os.listdir(directory), ["closed"], f"{name}: nor beside it")


def without_permission(directory, name, ending):
    """As somebody who may look into the directory and not write there."""
    who, user = users()[-1]
    if name in ("png", "pdf") and not drawn_here(user):
        skip("the tree lies where this user cannot reach what draws", f"{name}: no permission, {who}")
        return
    path = os.path.join(directory, "closed", f"x.{ending}")
    clear_line(run("--batch", f"--format={name}", "-o", path, *COMMANDS, user=user), (2,), "EACCES",
               f"{name}: no permission, {who}")
    status, out, _ = run("--batch", "-c", f"capture {path}; write b:3", user=user)
    ok(status == 2 and "EACCES" in out and "step 1  write b:3" in out, f"{name}: capture without permission, the lab goes on")


def closed_pipe(name):
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run([COWSCOPE, "--batch", f"--format={name}", *COMMANDS], stdout=writer, stderr=subprocess.PIPE,
                           text=True, check=False, pass_fds=[_PROGRAM])
    os.close(writer)
    same((ended.returncode, ended.stderr), (-signal.SIGPIPE, ""), f"{name}: a reader that closed the pipe")
    with open("/dev/full", "w", encoding="ascii") as full:
        ended = subprocess.run([COWSCOPE, "--batch", f"--format={name}", *COMMANDS], stdout=full, stderr=subprocess.PIPE,
                               text=True, check=False, pass_fds=[_PROGRAM])
    clear_line((ended.returncode, "", ended.stderr), (3,), "ENOSPC", f"{name}: standard output is full")


def notebook(directory):
    path = os.path.join(directory, "closed", "notes.md")
    _, user = users()[-1]
    status, out, _ = run("--batch", "-c", f"notes {path}; capture {directory}/none/x.txt; write b:3", user=user)
    ok(status == 2 and "step 1  write b:3" in out, "a notebook that cannot be written")


with tempfile.TemporaryDirectory() as place, tempfile.TemporaryDirectory() as disk:
    os.chmod(place, 0o755)
    os.mkdir(os.path.join(place, "closed"), 0o555)
    known = formats()
    for form, suffix in known.items():
        without_disk(place, form, suffix)
        without_permission(place, form, suffix)
        closed_pipe(form)
    notebook(place)
    why = full_disk(disk) if is_root() else "not root"
    if why:
        skip(f"no tmpfs can be mounted here: {why}", "a full disk")
    else:
        for form, suffix in known.items():
            on_full_disk(disk, form, suffix)
        libc.umount(disk.encode())
done()
