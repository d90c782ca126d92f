#!/bin/sh
# Holds the sources against the table of rooms in HACKING.md, and shows that a breach is found.
set -u
srcdir=${srcdir:-.}
. "$srcdir/tests/report.sh"

sources() {
	find "$1/src" -type f \( -name '*.c' -o -name '*.h' -o -name '*.def' \) | sort
}

# breaches ROOT TABLE
breaches() {
	sources "$1" | tr '\n' '\0' | xargs -0 "${AWK:-awk}" -v root="$1" -f "$srcdir/tests/rooms.awk" "$2"
}

sample=$(mktemp -d) || exit 1
trap 'rm -rf "$sample"' EXIT

# found WANTED PATH LINE: the line, in a source of that path, is called a breach (or, with WANTED 0, is not).
found() {
	rm -rf "$sample/src"
	mkdir -p "$sample/$(dirname "$2")"
	echo "$3" >"$sample/$2"
	count=$(breaches "$sample" "$sample/table" | wc -l)
	[ "$count" -eq "$1" ]
	report $? "$2 with $3: $1 breach"
}

cat >"$sample/table" <<'TABLE'
| room | holds | may include |
|---|---|---|
| `src/low` | things | - |
| `src/middle` | things | low |
| `src/kernel` | things | low, middle |
| `src/tui` | things | low |
| `src/top` | things | all |

| room within | holds | may include |
|---|---|---|
| `src/middle/left` | things | - |
| `src/middle/right` | things | left |
| `src/top/hall` | things | all |
| `src/top/attic` | things | - |
| `src/middle/lab` | things | - |
| `src/top/lab` | things | - |
| `src/top/family` | things | - |
TABLE
found 0 src/middle/a.c '#include "low/x.h"'
found 0 src/middle/a.h '#include "middle/x.h"'
found 0 src/top/a.c '#include "middle/x.h"'
found 1 src/low/a.c '#include "middle/x.h"'
found 1 src/low/a.h '  #  include "top/x.h"'
found 1 src/tui/words.def '#include "middle/x.h"'
found 1 src/top/a.c '#include "elsewhere/x.h"'
found 1 src/middle/a.c '#include "x.h"'
found 1 src/nowhere/a.c 'int nothing;'
found 1 src/a.c 'int nothing;'
found 0 src/middle/right/a.c '#include "middle/left/x.h"'
found 0 src/middle/right/a.c '#include "middle/x.h"'
found 0 src/middle/right/a.c '#include "low/x.h"'
found 0 src/kernel/a.c '#include "middle/left/x.h"'
found 0 src/top/hall/a.c '#include "top/attic/x.h"'
found 0 src/top/attic/a.c '#include "middle/left/x.h"'
found 0 src/top/lab/a.c '#include "middle/lab/x.h"'
found 1 src/top/family/a.c '#include "middle/lab/x.h"'
found 1 src/middle/left/a.c '#include "middle/right/x.h"'
found 1 src/middle/left/a.h '#include "top/hall/x.h"'
found 1 src/middle/a.c '#include "middle/left/x.h"'
found 1 src/low/a.c '#include "middle/left/x.h"'
found 1 src/top/attic/a.c '#include "top/hall/x.h"'
found 1 src/top/hall/a.c '#include "middle/nowhere/x.h"'
found 1 src/middle/nowhere/a.c 'int nothing;'
found 1 src/middle/left/cellar/a.c 'int nothing;'
found 0 src/tui/a.c '#include <curses.h>'
found 1 src/top/a.c '#include <ncursesw/curses.h>'
found 0 src/kernel/a.c '#include <libproc2/meminfo.h>'
found 1 src/top/a.c '#include <proc/readproc.h>'
found 1 src/top/a.c '#include <elfutils/libdwfl.h>'
found 1 src/top/a.c '#include <cairo-pdf.h>'
found 1 src/middle/a.c '#include <pango/pangocairo.h>'

rooms=$(grep -c '^| `src/' "$srcdir/HACKING.md")
[ "$rooms" -ge 9 ]
report $? "HACKING.md has a table of rooms ($rooms)"
files=$(sources "$srcdir" | wc -l)
[ "$files" -gt 10 ]
report $? "there are sources to look at ($files)"
breaches "$srcdir" "$srcdir/HACKING.md" >"$sample/breaches"
[ ! -s "$sample/breaches" ]
report $? "every source includes only what its room may"
sed 's/^/# /' "$sample/breaches"
done_reporting
