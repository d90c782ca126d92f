#!/bin/sh
# The parts of an installation are found wherever it lies: in the tree of a build, staged, moved, and where it was configured to be.
# Without an argument what make check can tell; `installed.sh PROGRAM` looks at one that is installed, and at a second prefix
# after it (make installcheck).
set -u
srcdir=${srcdir:-.}
top_builddir=${top_builddir:-.}
MAKE=${MAKE:-make}
. "$srcdir/tests/report.sh"
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
unset MAKEFLAGS MFLAGS MAKELEVEL COWSCOPE_LESSONS DESTDIR

lessons() { # lessons PROGRAM
	"$1" --list 2>&1 | sed 's/^ *\([^ ]*\).*/\1/' >"$place/listed"
	(cd "$srcdir/lessons" && ls ./*.md) | sed 's,^\./,,; s/\.md$//' | sort | cmp -s - "$place/listed"
}

picture() { # picture PROGRAM
	"$1" --batch -c 'read a:0' -o "$place/x.png" >"$place/said" 2>&1 && head -c 4 "$place/x.png" | grep -q PNG
}

# A translation of one message: what it says has to be read from beside the program that speaks.
translation() { # translation PROGRAM DIRECTORY
	mkdir -p "$2/eo/LC_MESSAGES" &&
		printf 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\nmsgid "run CMD, first of all; may be given more than once"\nmsgstr "%s"\n' \
			"FOUND" | msgfmt -o "$2/eo/LC_MESSAGES/cowscope.mo" - &&
		"$1" --lang=eo --help 2>&1 | grep -q FOUND
}

# Does libc translate here? In some locales it does not.
translates() {
	mkdir -p "$place/try/eo/LC_MESSAGES"
	printf 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\nmsgid "yes"\nmsgstr "jes"\n' |
		msgfmt -o "$place/try/eo/LC_MESSAGES/try.mo" - 2>/dev/null &&
		[ "$(LANGUAGE=eo TEXTDOMAINDIR=$place/try gettext try yes 2>/dev/null)" = jes ]
}

found() { # found PROGRAM TRANSLATIONS WHAT
	lessons "$1"
	report $? "$3: its lessons are found" "$(cat "$place/listed")"
	if [ -x "$top_builddir/src/cowscope-draw" ]; then
		picture "$1"
		report $? "$3: pictures are drawn" "$(cat "$place/said")"
	else
		skip "$3: pictures are drawn" "built without Cairo"
	fi
	if translates; then
		translation "$1" "$2"
		report $? "$3: it speaks the language that lies there"
	else
		skip "$3: it speaks the language that lies there" "libc does not translate in $LC_ALL, or there is no msgfmt"
	fi
}

made() { # made WHAT ARGUMENT...: make install
	what=$1
	shift
	"$MAKE" -s -C "$top_builddir" install "$@" >"$place/log" 2>&1 </dev/null
	report $? "$what: make install" "$(cat "$place/log")"
}

# told VARIABLE: as make has it.
told() {
	printf 'include Makefile\ntold-%s:\n\t@echo $(%s)\n' "$1" "$1" |
		"$MAKE" -s -C "$top_builddir" --no-print-directory -f - "told-$1" 2>/dev/null
}

staged() {
	bindir=$(told bindir)
	localedir=$(told localedir)
	made staged DESTDIR="$place/stage"
	found "$place/stage$bindir/cowscope" "$place/stage$localedir" staged
	mv "$place/stage" "$place/moved"
	found "$place/moved$bindir/cowscope" "$place/moved$localedir" moved
}

# What was built for the first prefix holds nothing of it at the second, not even where the program lies alone.
second_prefix() {
	made "a second prefix" prefix="$place/two"
	found "$place/two/bin/cowscope" "$place/two/share/locale" "a second prefix"
	mkdir "$place/alone"
	cp "$place/two/bin/cowscope" "$place/alone"
	found "$place/alone/cowscope" "$place/two/share/locale" "alone, what was configured"
	"$MAKE" -s -C "$top_builddir" all >"$place/log" 2>&1
	report $? "the first one is built again" "$(cat "$place/log")"
}

if [ $# -gt 0 ]; then
	lessons "$1"
	report $? "installed: its lessons are found" "$(cat "$place/listed")"
	second_prefix
else
	lessons "$top_builddir/src/cowscope"
	report $? "where it was built: its lessons are found" "$(cat "$place/listed")"
	staged
fi
done_reporting
