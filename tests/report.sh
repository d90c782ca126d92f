# Of shell tests, which source it: number and failed are what they have said so far.
number=0
failed=0

report() { # report STATUS WHAT [OUTPUT]: OUTPUT is shown where it failed
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - $2"
	else
		echo "not ok $number - $2"
		[ -z "${3-}" ] || echo "$3" | sed 's/^/# /'
		failed=1
	fi
}

skip() { # skip WHAT REASON
	number=$((number + 1))
	echo "ok $number - $1 # SKIP $2"
}

done_reporting() {
	echo "1..$number"
	exit $failed
}
