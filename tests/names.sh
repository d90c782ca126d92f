#!/bin/sh
# A name stands for one thing: no function, no type and no source has the name of another; and a name that comes twice is found.
set -u
srcdir=${srcdir:-.}
. "$srcdir/tests/report.sh"

sources() {
	find "$1/src" -type f \( -name '*.c' -o -name '*.h' \) | sort
}

# defined ROOT: "function NAME FILE" and "type NAME FILE" for each definition. Functions begin at the start of a line, as everywhere here.
defined() {
	sources "$1" | tr '\n' '\0' | xargs -0 "${AWK:-awk}" '
		FNR == 1 { waits = "" }
		waits != "" && /^\{/ && waits != "main" { print "function", waits, FILENAME }
		/^[a-z_][a-z0-9_]*\(/ { waits = $0; sub(/\(.*/, "", waits) }
		/;[ \t]*$/ || /^\{/ || /^$/ { waits = "" }
		/^(static +)?(const +)?(typedef +)?(struct|enum|union) +[a-z_][a-z0-9_]* *\{/ {
			tag = $0
			sub(/^.*(struct|enum|union) +/, "", tag)
			sub(/ *\{.*/, "", tag)
			print "type", tag, FILENAME
		}'
}

# twice ROOT: what comes twice, one line each. A header and its source have one name.
twice() {
	defined "$1" | sort -u | awk '
		{ files[$1 " " $2] = files[$1 " " $2] " " $3; count[$1 " " $2]++ }
		END { for (what in count) if (count[what] > 1) print what " is defined in" files[what] }'
	sources "$1" | sed 's/\.[ch]$//' | sort -u | awk '
		{ base = $0; sub(/.*\//, "", base); files[base] = files[base] " " $0; count[base]++ }
		END { for (base in count) if (count[base] > 1) print "source " base " is there as" files[base] }'
}

sample=$(mktemp -d) || exit 1
trap 'rm -rf "$sample"' EXIT
mkdir -p "$sample/src/low" "$sample/src/high"

# found WANTED WHAT ONE OTHER: with these two sources so many names come twice.
found() {
	printf '%b' "$3" >"$sample/src/low/a.c"
	printf '%b' "$4" >"$sample/src/high/b.c"
	[ "$(twice "$sample" | wc -l)" -eq "$1" ]
	report $? "$2: $1 found"
}

found 1 'a static in two sources' 'static int\nput(int a)\n{\n}\n' 'static void\nput(void)\n{\n}\n'
found 1 'a function over several lines' 'int\nput(\n    int a)\n{\n}\n' 'static int\nput(int a,\n    int b)\n{\n}\n'
found 0 'a declaration' 'int\nput(int a)\n{\n}\n' 'int put(int a);\n'
found 0 'a call' 'int\nput(int a)\n{\n}\n' 'int\nuse(void)\n{\n\tput(1);\n}\n'
found 0 'main' 'int\nmain(void)\n{\n}\n' 'int\nmain(void)\n{\n}\n'
found 1 'a tag' 'struct range {\n' 'struct range {\n'
found 1 'a tag of another kind' 'enum range { A };\n' 'static const struct range {\n'
found 0 'a type that is used' 'struct range {\n' 'static struct range range = {\n'
mkdir "$sample/src/low/deep"
: >"$sample/src/low/deep/b.h"
found 1 'a source' '' ''
rm -r "$sample/src/low/deep"

functions=$(defined "$srcdir" | grep -c '^function ')
types=$(defined "$srcdir" | grep -c '^type ')
[ "$functions" -gt 1000 ] && [ "$types" -gt 100 ]
report $? "there are names to look at ($functions functions, $types types)"
twice "$srcdir" >"$sample/twice"
[ ! -s "$sample/twice" ]
report $? "each name stands for one thing"
sed 's/^/# /' "$sample/twice"
done_reporting
