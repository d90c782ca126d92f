#!/bin/sh
# The end of make check names what failed, and nothing else.
set -u
srcdir=${srcdir:-.}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$srcdir" && srcdir=$PWD && cd "$place" || exit 1

results() { # results NAME WORD...: what automake keeps beside a log
	name=$1
	shift
	printf ':test-result: %s\n' "$@" >"$name.trs"
}

echo 'ok 1 - good' >passed.log
results passed PASS
printf 'ok 1 - good\nnot ok 2 - bad\n# why\n' >one.log
results one PASS FAIL ERROR
seq -f 'not ok %g - bad' 13 >many.log
results many FAIL
{ # as automake has it
	printf 'Traceback (most recent call last):\n  File\nOSError: no\n# SEED=1\nok 1 - good\nPASS: died 1 - good\n\n'
	printf 'ERROR: died - missing test plan\nERROR: died - exited with status 1\n'
} >died.log
results died PASS ERROR
printf 'ok 1 - good\ncannot open\nERROR: crashed - missing test plan\n' >crashed.log
results crashed PASS ERROR
printf 'ok 1 - good\nBail out! no such thing\n' >out.log
results out ERROR
sh "$srcdir/tests/failed.sh" passed.log one.log many.log died.log crashed.log out.log never.log >named 2>&1
cat >wanted <<TEXT
one
    2 - bad
many
$(seq -f '    %g - bad' 10)
    and 3 more
died
    OSError: no
crashed
    cannot open
out
    Bail out! no such thing
never
    has no result
TEXT
if cmp -s named wanted; then
	echo "ok 1 - by test and by name"
else
	echo "not ok 1 - by test and by name"
	diff wanted named | sed 's/^/# /'
fi
[ -z "$(sh "$srcdir/tests/failed.sh" passed.log)" ] && echo "ok 2 - where all is well, nothing" || echo "not ok 2 - where all is well, nothing"
echo "1..2"
cmp -s named wanted
