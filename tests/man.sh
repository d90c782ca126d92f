#!/bin/sh
# The manual pages' lists are those of the tables; UPDATE=1 writes them into the pages.
set -u
srcdir=${srcdir:-.}
pages="cowscope.1 cowscope-lesson.5 cowscope-json.5 cowscope-glossary.7 cowscope-blame.7"
tables=${top_builddir:-.}/tests/unit/man_tables
. "$srcdir/tests/report.sh"

# written PAGE PART: what the page has between the markers of that part.
written() {
	awk -v begin=".\\\\\" begin $2" -v end=".\\\\\" end $2" \
		'$0 == end { inside = 0 } inside { print } $0 == begin { inside = 1 }' "$1"
}

# replaced PAGE PART FILE: the page with the file's lines between the markers.
replaced() {
	awk -v begin=".\\\\\" begin $2" -v end=".\\\\\" end $2" -v file="$3" '
		$0 == end { inside = 0 }
		!inside { print }
		$0 == begin { inside = 1; while ((getline line < file) > 0) print line }' "$1"
}

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

for part in options keys commands arguments glossary; do
	case $part in
	glossary) page=$srcdir/man/cowscope-glossary.7 ;;
	*) page=$srcdir/man/cowscope.1 ;;
	esac
	if ! "$tables" "$part" >"$work/wanted" || [ ! -s "$work/wanted" ]; then
		report 1 "the tables print the $part"
		continue
	fi
	if [ -n "${UPDATE-}" ]; then
		replaced "$page" "$part" "$work/wanted" >"$work/page" && cat "$work/page" >"$page"
	fi
	written "$page" "$part" >"$work/got"
	difference=$(diff -u "$work/got" "$work/wanted")
	report $? "$part: the page agrees with the table (UPDATE=1 rewrites it)" "$difference"
	sed '1s/^/changed /' "$work/wanted" >"$work/other"
	replaced "$page" "$part" "$work/other" >"$work/page"
	written "$work/page" "$part" >"$work/got"
	! diff "$work/got" "$work/wanted" >/dev/null
	report $? "$part: a page that says something else is noticed"
done

# A field's name follows the writer in the source, or opens a row of a table; in the page it is a word in bold.
tr -cs 'a-z_' '\n' <"$srcdir/man/cowscope-json.5" | sort -u >"$work/documented"
grep -ohE '(^|[^a-z_])json, "[a-z_]+"|\{"[a-z_]+", |"[a-z_]+_change_kib"' "$srcdir"/src/out/*/*json*.c | sed 's/.*"\([a-z_]*\)".*/\1/' | sort -u >"$work/fields"
undocumented=$(comm -13 "$work/documented" "$work/fields")
[ "$(wc -l <"$work/fields")" -gt 90 ] && [ -z "$undocumented" ]
report $? "every field of the JSON is explained" "not explained: $undocumented"

# The words of needs= stand in bold, each as an entry of its own or in a row of entries.
sed 's/\\-/-/g' "$srcdir/man/cowscope-lesson.5" | tr -cs 'a-z-' '\n' | sort -u >"$work/documented"
"$tables" needs | sort >"$work/needs"
undocumented=$(comm -13 "$work/documented" "$work/needs")
[ "$(wc -l <"$work/needs")" -gt 9 ] && [ -z "$undocumented" ]
report $? "every need of a lesson's block is explained" "not explained: $undocumented"

"$tables" sections | sort -u >"$work/sections"
missing=$(while read -r title; do grep -qxF ".SH \"$title\"" "$srcdir/man/cowscope-blame.7" || echo "$title"; done <"$work/sections")
[ "$(wc -l <"$work/sections")" -gt 8 ] && [ -z "$missing" ]
report $? "every cause of a copy has its section" "missing: $missing"

for page in $pages; do
	grep -q "man/$page" "$srcdir/Makefile.am"
	report $? "$page is installed"
	if command -v mandoc >/dev/null 2>&1; then
		complaints=$(mandoc -T lint -W warning "$srcdir/man/$page")
		report $? "mandoc has no complaint about $page" "$complaints"
	elif command -v groff >/dev/null 2>&1 && [ -e "$(command -v man)" ]; then
		complaints=$(man --warnings -E UTF-8 -l -Tutf8 -Z "$srcdir/man/$page" 2>&1 >/dev/null)
		[ -z "$complaints" ]
		report $? "man has no complaint about $page" "$complaints"
	else
		skip "the markup of $page" "neither mandoc nor groff is installed"
	fi
done
done_reporting
