#!/bin/sh
# failed.sh LOG...: which of these tests failed, and where: the end of make check, whose results stand in any order under -j.
# At most ten lines a test. Who died says why, wherever that stands: errors come sooner into the log than results.
for log in "$@"; do
	results=${log%.log}.trs
	[ -e "$results" ] && ! grep -qE '^:test-result: (FAIL|XPASS|ERROR)' "$results" && continue
	reason='has no result'
	if [ -e "$results" ]; then
		reason=$(awk '
			/^(not ok|Bail out!)/ { sub(/^not ok /, ""); if (++count <= 10) print }
			/^Traceback/ { inside = 1; next }
			inside && /^[^ ]/ { died = $0; inside = 0 }
			END { if (count > 10) printf "and %d more\n", count - 10; if (died) print died }' "$log")
		reason=${reason:-$(grep -vE '^($|# |(PASS|SKIP|ERROR|ok)[: ])' "$log" | tail -n 1)}
		reason=${reason:-$(grep -v '^$' "$log" | tail -n 1)}
	fi
	echo "${log%.log}"
	echo "$reason" | sed 's/^/    /'
done
