#!/bin/sh
# failed.sh LOG...: which of these tests failed, and where: the end of make check, whose results stand in any order under -j.
# At most ten lines a test.
for log in "$@"; do
	results=${log%.log}.trs
	[ -e "$results" ] && ! grep -qE '^:test-result: (FAIL|XPASS|ERROR)' "$results" && continue
	if [ ! -e "$results" ]; then
		reason='has no result'
	elif ! lines=$(grep -E '^(not ok|Bail out!)' "$log"); then
		reason=$(grep -vE '^($|(PASS|SKIP|ERROR|ok)[: ])' "$log" | tail -n 1)
		reason=${reason:-$(grep -v '^$' "$log" | tail -n 1)}
	else
		reason=$(echo "$lines" | sed 's/^not ok //' | awk 'NR <= 10; END { if (NR > 10) printf "and %d more\n", NR - 10 }')
	fi
	echo "${log%.log}"
	echo "$reason" | sed 's/^/    /'
done
