#!/bin/sh
# po/POTFILES.in names every source with a sentence for people; UPDATE=1 rewrites it.
set -u
srcdir=${srcdir:-.}
list=$srcdir/po/POTFILES.in

with_sentences() {
	(cd "$srcdir" && find src -type f \( -name '*.c' -o -name '*.h' -o -name '*.def' \) \
		-exec grep -lE '(^|[^A-Za-z0-9_])(_|N_|NP_|NN_)\("' {} +) | LC_ALL=C sort
}

if [ -n "${UPDATE-}" ]; then
	with_sentences >"$list"
fi
failed=0
if difference=$(with_sentences | diff -u "$list" -); then
	echo "ok 1 - po/POTFILES.in names the sources with sentences"
else
	echo "not ok 1 - po/POTFILES.in names the sources with sentences (UPDATE=1 rewrites it)"
	echo "$difference" | sed 's/^/# /'
	failed=1
fi
if [ "$(with_sentences | wc -l)" -gt 3 ]; then
	echo "ok 2 - there are such sources"
else
	echo "not ok 2 - there are such sources"
	failed=1
fi
echo "1..2"
exit $failed
