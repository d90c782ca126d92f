#!/bin/sh
# Each header compiles on its own, without a warning.
set -u
srcdir=${srcdir:-.}
CC=${CC:-cc}
flags="${TEST_CPPFLAGS:--I$srcdir/src} -std=gnu11 -Wall -Wextra -Wstrict-prototypes -Werror -fsyntax-only -x c"
. "$srcdir/tests/report.sh"

compiles() { # compiles: a translation unit on standard input
	# shellcheck disable=SC2086 # both are lists of words
	$CC $flags - 2>&1
}

echo 'struct never unfinished' | compiles >/dev/null
report $((! $?)) "a header that does not compile is noticed"
for header in $(cd "$srcdir/src" && find . -name '*.h' | sed 's|^\./||' | sort); do
	output=$(printf '#include "%s"\n#include "%s"\nextern int not_empty;\n' "$header" "$header" | compiles)
	report $? "$header compiles alone, and twice" "$output"
done
[ "$number" -gt 1 ]
report $? "there are headers to look at"
done_reporting
