#!/bin/sh
# Standard streams, and files that are written, go through src/base/io.h, src/app/batch/output.h and src/out/save.c, which know what may be wrong
# with them. The terminal is ncurses' and the helper that draws has pipes of ours.
set -u
srcdir=${srcdir:-.}
direct='(^|[^a-z_])(stdout|stdin|stderr|f?puts|fwrite|f?printf|putchar|getchar)([^a-z_]|$)|fopen\([^)]*"[wa]'

direct_uses() {
	grep -nE "$direct" "$@" /dev/null | grep -vE ':[0-9]+:[[:space:]]*(/?\*|//)|format\(printf'
}

count=0 status=0
result() {
	count=$((count + 1))
	if [ -z "$2" ]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		echo "$2" | sed 's/^/# /'
		status=1
	fi
}

sources=$(find "$srcdir/src" -name '*.c' ! -path '*/src/tui/*' ! -path '*/src/draw/*')
# shellcheck disable=SC2086 # names of ours: no blanks in them
result 'no source writes or reads a standard stream by itself' "$(direct_uses $sources)"
sample=$(mktemp)
printf '\tfputs(text, stdout);\n\tfile = fopen(path, "we");\n\tprintf("x");\n\tsnprintf(room, 3, "x");\n' >"$sample"
[ "$(direct_uses "$sample" | wc -l)" -eq 3 ] && missed='' || missed=$(cat "$sample")
rm -f "$sample"
result 'one that does is found' "$missed"
echo "1..$count"
exit $status
