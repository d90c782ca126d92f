#!/bin/sh
# The shells' completions are those of the tables (UPDATE=1 writes them), and complete in the real shells.
set -u
srcdir=${srcdir:-.}
tables=${top_builddir:-.}/tests/unit/completion_tables
cowscope=$(cd "${top_builddir:-.}" && pwd)/src/cowscope
. "$srcdir/tests/report.sh"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/files"
ln -s "$cowscope" "$work/bin/cowscope"
PATH=$work/bin:$PATH
export PATH
: >"$work/files/a.json"
: >"$work/files/a.md"
: >"$work/files/a.txt"
scripts=$(cd "$srcdir/completion" && pwd)

agrees() { # agrees SHELL FILE
	"$tables" "$1" >"$work/wanted"
	[ -z "${UPDATE-}" ] || cat "$work/wanted" >"$srcdir/completion/$2"
	difference=$(diff -u "$srcdir/completion/$2" "$work/wanted")
	report $? "$1: $2 agrees with the tables (UPDATE=1 rewrites it)" "$difference"
}

agrees bash cowscope.bash
agrees zsh _cowscope
agrees fish cowscope.fish

# in_bash WORD...: what is offered for the last of these, without any helper of the distribution's.
in_bash() {
	(cd "$work/files" && bash --norc --noprofile -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _cowscope; printf "%s\n" "${COMPREPLY[@]}"' \
		"$scripts/cowscope.bash" "$@" 2>&1 | sort -u)
}

in_fish() { # in_fish LINE
	(cd "$work/files" && HOME=$work fish --no-config -c 'source $argv[1]; complete -C $argv[2]' "$scripts/cowscope.fish" "$1" 2>&1 | sed 's/	.*//' | sort -u)
}

# in_zsh LINE: Tab in a real zsh, whose list is read back.
in_zsh() {
	(cd "$work/files" && python3 "$srcdir_full/tests/zsh_tab.py" "$scripts" "$1" 2>&1)
}

has() { # has WHAT FOUND WORD...
	what=$1
	found=$2
	shift 2
	for word; do
		printf '%s\n' "$found" | grep -qxF -e "$word" || {
			report 1 "$what: $word" "$found"
			return
		}
	done
	report 0 "$what: $*"
}

lacks() { # lacks WHAT FOUND WORD
	! printf '%s\n' "$2" | grep -qxF -e "$3"
	report $? "$1: not $3" "$2"
}

srcdir_full=$(cd "$srcdir" && pwd)
if command -v bash >/dev/null; then
	has "bash: options" "$(in_bash cowscope --fo)" --format=
	has "bash: values" "$(in_bash cowscope --format = s)" svg
	has "bash: themes" "$(in_bash cowscope --theme = '')" dark print
	has "bash: lessons" "$(in_bash cowscope co)" cow
	has "bash: lessons, and files by ending" "$(in_bash cowscope a)" a.md
	lacks "bash: files by ending" "$(in_bash cowscope a)" a.txt
	has "bash: saved samples" "$(in_bash cowscope --open = a)" a.json
	lacks "bash: saved samples" "$(in_bash cowscope --open = a)" a.md
	has "bash: commands" "$(in_bash cowscope -c 'file ')" 'file write' 'file truncate'
	has "bash: processes" "$(in_bash cowscope -p $$)" $$
else
	skip "completion in bash" "there is no bash"
fi
if command -v fish >/dev/null; then
	has "fish: options" "$(in_fish 'cowscope --fo')" --format
	has "fish: values" "$(in_fish 'cowscope --format=s' | sed 's/.*=//')" svg
	has "fish: lessons" "$(in_fish 'cowscope co')" cow
	has "fish: processes" "$(in_fish "cowscope -p $$" | sed 's/^-p//')" $$
else
	skip "completion in fish" "there is no fish"
fi
if command -v zsh >/dev/null; then
	has "zsh: options" "$(in_zsh 'cowscope --fo')" 'cowscope --format='
	has "zsh: values" "$(in_zsh 'cowscope --format=sv')" 'cowscope --format=svg'
	has "zsh: lessons" "$(in_zsh 'cowscope demand')" 'cowscope demand-paging'
else
	skip "completion in zsh" "there is no zsh"
fi
done_reporting
