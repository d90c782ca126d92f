#!/bin/sh
# src/base/widths.def is what widths.py makes of Unicode's data; UPDATE=1 rewrites it.
set -u
srcdir=${srcdir:-.}
list=$srcdir/src/base/widths.def
data=${UNICODE_DATA:-/usr/share/unicode}

skip() {
	echo "ok 1 - widths.def is written from Unicode's data # SKIP $1"
	echo 1..1
	exit 0
}

[ -r "$data/UnicodeData.txt" ] || skip "no $data/UnicodeData.txt (package unicode-data)"
made=$("${PYTHON3:-python3}" "$srcdir/src/base/widths.py" "$data") || exit 1
if [ -n "${UPDATE-}" ]; then
	echo "$made" >"$list"
fi
[ "$(echo "$made" | head -n 1)" = "$(head -n 1 "$list")" ] || skip "the data there is of another version"
if difference=$(echo "$made" | diff -u "$list" -); then
	echo "ok 1 - widths.def is written from Unicode's data"
	status=0
else
	echo "not ok 1 - widths.def is written from Unicode's data (UPDATE=1 rewrites it)"
	echo "$difference" | sed 's/^/# /'
	status=1
fi
echo 1..1
exit $status
