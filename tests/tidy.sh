#!/bin/sh
# clang-tidy 14 has nothing to say of the sources by .clang-tidy, and says so of one that has a fault. After `make compile_commands.json`.
set -u
for tidy in clang-tidy-14 clang-tidy ''; do
	case $($tidy --version 2>/dev/null) in
	*' version 14.'*) break ;;
	esac
done
if [ -z "$tidy" ]; then
	echo "1..0 # SKIP there is no clang-tidy 14 here"
	exit 0
fi
if [ ! -f compile_commands.json ]; then
	echo "Bail out! make compile_commands.json first"
	exit 1
fi
failed=0
sample=$(mktemp -d) || exit 1
trap 'rm -rf "$sample"' EXIT
printf 'int same(int a);\nint\nsame(int a)\n{\n\treturn a == a;\n}\n' >"$sample/fault.c"
if "$tidy" --quiet --config-file=.clang-tidy "$sample/fault.c" -- -std=gnu11 >/dev/null 2>&1; then
	echo "not ok 1 - a fault is found"
	failed=1
else
	echo "ok 1 - a fault is found"
fi
if sed -n 's/.*"file": "\(src[^"]*\)".*/\1/p' compile_commands.json |
	xargs -n 8 -P "$(getconf _NPROCESSORS_ONLN)" "$tidy" --quiet -p . --extra-arg=-Wno-error >"$sample/said" 2>/dev/null; then
	echo "ok 2 - clang-tidy has nothing to say"
else
	echo "not ok 2 - clang-tidy has nothing to say"
	grep -E '(warning|error):' "$sample/said" | sort -u | sed 's/^/# /'
	failed=1
fi
echo "1..2"
exit $failed
