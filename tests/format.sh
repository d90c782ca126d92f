#!/bin/sh
# Every source is as clang-format 14 writes it by .clang-format, and one that is not is found. UPDATE=1 rewrites them. Other versions
# write other things, so that without this one nothing is said.
set -u
cd "${srcdir:-.}" || exit 1
for format in clang-format-14 clang-format ''; do
	case $($format --version 2>/dev/null) in
	*' version 14.'*) break ;;
	esac
done
if [ -z "$format" ]; then
	echo "1..0 # SKIP there is no clang-format 14 here"
	exit 0
fi

sources() {
	find src tests -name '*.[ch]' | LC_ALL=C sort
}

if [ -n "${UPDATE-}" ]; then
	sources | xargs "$format" -i
fi
failed=0
if printf 'int  ill_set( void );\n' | "$format" --assume-filename=src/ill.c --dry-run -Werror >/dev/null 2>&1; then
	echo "not ok 1 - what is ill set is found"
	failed=1
else
	echo "ok 1 - what is ill set is found"
fi
if said=$(sources | xargs "$format" --dry-run -Werror 2>&1); then
	echo "ok 2 - every source is set as .clang-format says"
else
	echo "not ok 2 - every source is set as .clang-format says (UPDATE=1 sets them)"
	echo "$said" | grep 'error:' | cut -d: -f1 | sort | uniq -c | sed 's/^/# /'
	failed=1
fi
echo "1..2"
exit $failed
