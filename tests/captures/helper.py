"""Who links Cairo: cowscope-draw, never cowscope; and what a cowscope without its helper says."""

import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from captures import done, ok, same, skip  # noqa: E402

COWSCOPE = os.path.abspath(os.environ.get("COWSCOPE", "src/cowscope"))
HELPER = os.path.join(os.path.dirname(COWSCOPE), "cowscope-draw")
DRAWING = ("libcairo", "libpango", "libpng", "libglib", "libgobject", "libharfbuzz", "libfreetype", "libfontconfig", "libpixman")


def drawing_libraries(program):
    """Those that the loader would load for it, itself and through others."""
    listed = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    names = [line.split()[0].rpartition("/")[2] for line in listed.splitlines()]
    return sorted({name for name in names if name.startswith(DRAWING)})


def links():
    if not shutil.which("ldd"):
        skip("ldd is not installed", "what is linked")
        return
    same(drawing_libraries(COWSCOPE), [], "cowscope loads nothing that draws")
    if not os.path.exists(HELPER):
        skip("this build has no cowscope-draw", "what it is linked with")
        return
    found = drawing_libraries(HELPER)
    ok(any(name.startswith("libcairo") for name in found) and any(name.startswith("libpango") for name in found),
       "cowscope-draw loads Cairo and Pango", found)


def alone():
    """A copy of the program without its helper beside it."""
    with tempfile.TemporaryDirectory() as directory:
        program = shutil.copy(COWSCOPE, os.path.join(directory, "cowscope"))
        for name in ("png", "pdf"):
            picture = os.path.join(directory, f"x.{name}")
            ended = subprocess.run([program, "--batch", f"--format={name}", "-o", picture, "-c", "read a:1"],
                                   capture_output=True, text=True, check=False)
            if ended.returncode == 0:
                skip("a cowscope-draw is installed on this machine", name)
                continue
            same((ended.returncode, ended.stdout, ended.stderr.count("\n")), (3, "", 1), f"{name}: refused, status 3, one line")
            ok("svg" in ended.stderr and ("which is missing" in ended.stderr or "was built without" in ended.stderr),
               f"{name}: with the reason and what works: {ended.stderr.strip().rpartition('/')[2]}")
            ok(not os.path.exists(picture), f"{name}: no file")
        svg = subprocess.run([program, "--batch", "--format=svg", "-c", "read a:1"], capture_output=True, check=False)
        ok(svg.returncode == 0 and b"</svg>" in svg.stdout, "svg needs no helper")


links()
alone()
done()
