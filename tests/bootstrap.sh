#!/bin/sh
# ./bootstrap, with a package manager and a pkg-config that only write down that they were called.
set -u
srcdir=${srcdir:-.}
. "$srcdir/tests/report.sh"
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
unset MAKEFLAGS MFLAGS MAKELEVEL

script() { # script FILE LINE: an executable
	printf '#!/bin/sh\n%s\n' "$2" >"$1"
	chmod +x "$1"
}

# The tree is what bootstrap believes to be one that is generated; its configure tells its arguments.
prepare() {
	cp "$srcdir/bootstrap" "$place/bootstrap"
	mkdir "$place/bin" "$place/po" "$place/build-aux"
	for name in Makefile.in config.h.in po/Makefile.in.in build-aux/tap-driver.sh build-aux/config.rpath; do
		: >"$place/$name"
	done
	script "$place/configure" 'printf "argument <%s>\n" "$@"; : >Makefile'
	script "$place/bin/apt-get" "echo \"apt-get \$*\" >>$place/installed"
	script "$place/bin/apt-cache" 'echo "$2"'
	script "$place/bin/sudo" 'exec "$@"'
	script "$place/bin/make" ':'
	for name in autoreconf automake autopoint xgettext; do
		script "$place/bin/$name" ':'
	done
}

# bootstrap THERE ARGUMENT...: whether libraries are there.
bootstrap() {
	script "$place/bin/pkg-config" "exit $1"
	shift
	rm -f "$place/installed" "$place/Makefile"
	(cd "$place" && PATH=$place/bin:$PATH ./bootstrap "$@" >said 2>&1)
}

prepare
bootstrap 1 --prefix=/opt/two
grep -q '^apt-get .*install.*libjansson-dev' "$place/installed"
report $? "what is missing is installed" "$(cat "$place/said")"
for place_of_it in '--no-install' '--no-install --without-cairo' '--without-cairo --no-install' '--prefix=/x --no-install --disable-nls'; do
	# shellcheck disable=SC2086 # words
	bootstrap 1 $place_of_it
	[ ! -e "$place/installed" ] && grep -q 'cannot build without: .*jansson' "$place/said"
	report $? "nothing is: $place_of_it" "$(cat "$place/said")"
done
bootstrap 0 --without-cairo --no-install "CFLAGS=-O0 -g"
printf 'argument <%s>\n' --without-cairo "CFLAGS=-O0 -g" | cmp -s - "$place/said"
report $? "the other arguments go to configure, as they are" "$(cat "$place/said")"
for without in 'cairo libpango1.0-dev libdw-dev' 'libdw libdw-dev libpango1.0-dev'; do
	# shellcheck disable=SC2086 # words
	set -- $without
	bootstrap 1 "--without-$1"
	grep -q "$3" "$place/installed" && ! grep -q "$2" "$place/installed"
	report $? "--without-$1 leaves out $2, and not $3" "$(cat "$place/said")"
done
CC="env LC_ALL=C ${CC:-cc}" bootstrap 1 --no-install
[ $? -eq 1 ] && ! grep -qE 'cannot build without:.* cc( |$)' "$place/said"
report $? "a compiler of several words is one" "$(cat "$place/said")"
CC=no-such-compiler bootstrap 1 --no-install
grep -qE 'cannot build without: cc ' "$place/said"
report $? "one that is not there is none" "$(cat "$place/said")"
done_reporting
