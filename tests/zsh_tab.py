#!/usr/bin/env python3
"""What a line becomes by Tab in zsh, in a terminal: zsh_tab.py DIRECTORY_OF_COMPLETIONS LINE."""

import os
import pty
import re
import select
import sys

MARK = "completed:"


def read_until(fd, pattern):
    text = ""
    while not re.search(pattern, text):
        if not select.select([fd], [], [], 60)[0]:
            sys.exit(f"no answer from zsh: {text!r}")
        text += os.read(fd, 65536).decode(errors="replace")
    return text


def main(directory, line):
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="dumb", PS1="", HOME=os.getcwd())
        os.execvp("zsh", ["zsh", "-f", "-i"])
    # The widget prints the line as it is, and the shell is told to say when it is ready.
    setup = (f"fpath=({directory} $fpath); autoload -Uz compinit; compinit -u -D; unsetopt zle_bracketed_paste beep; PS1=; "
             f"said() {{ print -r -- \"{MARK}$BUFFER|\" }}; zle -N said; bindkey '^X' said; bindkey '^I' complete-word; print rea''dy")
    os.write(fd, setup.encode() + b"\n")
    read_until(fd, r"\bready\b")
    os.write(fd, line.encode() + b"\t\x18")
    found = re.search(MARK + r"([^|]*)\|", read_until(fd, MARK + r"[^|]*\|")).group(1)
    print(found.rstrip())
    os.write(fd, b"\x15exit\n")
    os.close(fd)
    os.waitpid(pid, 0)


main(*sys.argv[1:])
