#!/usr/bin/env bash
# The Debian package: built, checked by lintian, the same bytes in another place, installed on a minimal Debian, tried there by an
# ordinary user, and removed. No part of make check; .ci/run has it.
#
#   tests/package/run.sh [SUITE]
#
# Speaks TAP. Needs root, git, dpkg-dev, debhelper and what debian/control builds with, lintian, debootstrap.
# Environment: MIRROR.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
suite=${1:-bookworm}
mirror=${MIRROR:-http://deb.debian.org/debian}
work=$(mktemp -d /var/tmp/cowscope-package.XXXXXX)
trap 'rm -rf "$work"' EXIT
run=0
failed=0

result() { # result STATUS WHAT LOG
	run=$((run + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $run - $2"
	else
		failed=$((failed + 1))
		echo "not ok $run - $2"
		tail -n 20 "$3" | sed 's/^/# /'
	fi
}

# built DIRECTORY COMMAND...: the packages, from the source as git has it, beside the directory.
built() {
	local directory=$1
	shift
	mkdir -p "$directory"
	if [ -e "$top/.git" ]; then
		git -C "$top" ls-files -z
	else
		(cd "$top" && find . -type f -print0)
	fi | tar -C "$top" --null -T - -c | tar -x -C "$directory"
	(cd "$directory" && "$@" dpkg-buildpackage -us -uc -b)
}

in_root() {
	chroot "$work/root" env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"
}

status=0
built "$work/one/cowscope" env TZ=UTC >"$work/log" 2>&1 || status=$?
result $status "the packages are built" "$work/log"
status=0
lintian --allow-root --pedantic --fail-on pedantic,info,warning,error "$work"/one/*.changes >"$work/log" 2>&1 || status=$?
result $status "lintian finds nothing" "$work/log"
status=0
built "$work/elsewhere/another-name" env TZ=Asia/Shanghai DEB_BUILD_OPTIONS=nocheck >"$work/log" 2>&1 || status=$?
for package in "$work"/one/*.deb; do
	cmp "$package" "$work/elsewhere/$(basename "$package")" >>"$work/log" 2>&1 || status=1
done
result $status "built elsewhere, in another time zone, they are the same bytes" "$work/log"

status=0
debootstrap --variant=minbase "$suite" "$work/root" "$mirror" >"$work/log" 2>&1 || status=$?
mount --bind /proc "$work/root/proc"
mount -t tmpfs shm "$work/root/dev/shm"
trap 'umount "$work/root/proc" "$work/root/dev/shm"; rm -rf "$work"' EXIT
cp /etc/resolv.conf "$work/root/etc/"
mkdir "$work/root/packages"
cp "$work"/one/cowscope_*.deb "$work"/one/cowscope-draw_*.deb "$work/root/packages/"
cp "$top/debian/tests/lessons" "$work/root/packages/"
in_root sh -c 'apt-get -q update && apt-get -q install -y --no-install-recommends /packages/cowscope_*.deb' >>"$work/log" 2>&1 || status=$?
result $status "cowscope installs on a minimal $suite" "$work/log"
status=0
in_root cowscope --batch -c 'read a:0' -o /tmp/x.png >"$work/log" 2>&1 && status=1
grep -q cowscope-draw "$work/log" || status=1
result $status "without its helper it says which package draws" "$work/log"
status=0
in_root sh -c 'apt-get -q install -y --no-install-recommends /packages/cowscope-draw_*.deb && /packages/lessons' >"$work/log" 2>&1 || status=$?
result $status "three lessons and a picture, as an ordinary user" "$work/log"
status=0
in_root dpkg -P cowscope-draw cowscope >"$work/log" 2>&1 || status=$?
! find "$work/root/usr" "$work/root/etc" "$work/root/var/lib" -name '*cowscope*' | grep -v /dpkg/ >>"$work/log" || status=1
result $status "purged, nothing of it is left" "$work/log"
echo "1..$run"
[ "$failed" -eq 0 ]
