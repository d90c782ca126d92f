#!/usr/bin/env bash
# Fresh systems: the README's two commands, typed in a terminal as a newcomer would, on a minimal Debian that has nothing of
# what cowscope needs. Run by hand before a release, no part of make check.
#
#   tests/fresh/run.sh SUITE [root|user]...
#
# Both by default: root, and an ordinary user with sudo. Speaks TAP. Needs root, debootstrap and git. The suite is bootstrapped
# once and kept in $FRESH_DIR (/var/tmp/cowscope-fresh), each run works on a copy of its own, in namespaces of its own: nothing
# is mounted, and no process is left, outside. Environment: FRESH_DIR, MIRROR, LIMIT (seconds a command may take), MAKEFLAGS.
# KEEP=1 leaves the copy.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
work=${FRESH_DIR:-/var/tmp/cowscope-fresh}
mirror=${MIRROR:-http://deb.debian.org/debian}
limit=${LIMIT:-3600}
run=0
failed=0

die() {
	echo "Bail out! $*"
	exit 1
}

result() {
	run=$((run + 1))
	[ "$1" = ok ] || failed=$((failed + 1))
	echo "$1 $run - $2"
}

bootstrapped() {
	[ -e "$work/base-$1/.complete" ] && return
	rm -rf "$work/base-$1"
	debootstrap --variant=minbase "$1" "$work/base-$1" "$mirror" >"$work/debootstrap-$1.log" 2>&1 ||
		die "debootstrap $1: $work/debootstrap-$1.log"
	: >"$work/base-$1/.complete"
}

# copy SUITE WHO ROOT: the suite, the source as git has it, and who types.
copy() {
	local home=/root
	mkdir -p "$work/archives-$1/partial"
	cp -a "$work/base-$1" "$3"
	cp /etc/resolv.conf "$3/etc/resolv.conf"
	echo fresh >"$3/etc/hostname"
	echo '127.0.0.1 localhost fresh' >"$3/etc/hosts"
	if [ "$2" = user ]; then
		home=/home/newcomer
		chroot "$3" useradd --create-home --shell /bin/bash --uid 1000 newcomer
		mkdir -p "$3/etc/sudoers.d"
		echo 'newcomer ALL=(ALL) NOPASSWD: ALL' >"$3/etc/sudoers.d/newcomer"
	fi
	mkdir "$3$home/cowscope"
	git -C "$top" ls-files -z | tar -C "$top" --null -T - -c | tar -C "$3$home/cowscope" -x --no-same-owner
	[ "$2" = root ] || chown -R 1000:1000 "$3$home/cowscope"
}

# Within namespaces of our own: what a system has mounted. /sys is read only, as it belongs to the machine.
furnish() {
	mount --bind "$1" "$1"
	mount -t proc proc "$1/proc"
	mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$1/sys"
	mount -t tmpfs -o mode=755,nosuid none "$1/dev"
	mkdir "$1/dev/pts" "$1/dev/shm"
	mknod -m 666 "$1/dev/null" c 1 3
	mknod -m 666 "$1/dev/zero" c 1 5
	mknod -m 666 "$1/dev/full" c 1 7
	mknod -m 666 "$1/dev/random" c 1 8
	mknod -m 666 "$1/dev/urandom" c 1 9
	mknod -m 666 "$1/dev/tty" c 5 0
	mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$1/dev/pts"
	mount -t tmpfs -o mode=1777,nosuid,nodev none "$1/dev/shm"
	mount -t tmpfs -o mode=755,nosuid,nodev none "$1/run"
	ln -s pts/ptmx "$1/dev/ptmx"
	ln -s /proc/self/fd "$1/dev/fd"
	ln -s fd/0 "$1/dev/stdin"
	ln -s fd/1 "$1/dev/stdout"
	ln -s fd/2 "$1/dev/stderr"
	mount --bind "$2" "$1/var/cache/apt/archives"
}

# typed LINE LOG: in a terminal of 80x24. Where the lab's screen appears, q is pressed. Returns the line's status.
typed() {
	local as=(env -i HOME=/root USER=root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin) status=0
	[ "$who_types" = root ] || as=(setpriv --reuid=1000 --regid=1000 --init-groups env -i HOME=/home/newcomer USER=newcomer
		PATH=/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games)
	: >"$2"
	chmod 666 "$2"
	"${as[@]}" TERM=xterm-256color ${MAKEFLAGS:+MAKEFLAGS="$MAKEFLAGS"} \
		timeout --foreground --kill-after=10 "$limit" \
		script -qefc "stty cols 80 rows 24; cd ~/cowscope && $1" "$2" <&3 >/dev/null 2>&1 &
	while kill -0 $! 2>/dev/null; do
		if grep -qa 'quit' "$2" && grep -qa '1049h' "$2"; then
			sleep 1
			printf q >&3
			break
		fi
		sleep 1
	done
	wait $! || status=$?
	return "$status"
}

# The rest of this script, as the first process of the copy.
inside() {
	local root=$1 archives=$2 status=0
	who_types=$3
	furnish "$root" "$archives"
	cd "$root"
	pivot_root . mnt
	cd /
	umount -l /mnt
	hash -r
	export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
	if [ "$who_types" = user ]; then
		# A mirror may lag behind: that its lists are too old is no fault of what is tried here.
		{ apt-get -q -o Acquire::Check-Valid-Until=false update && DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends sudo -o Dpkg::Options::=--force-confold; } \
			>/sudo.log 2>&1 </dev/null || { echo "# no sudo: $(tail -n 1 /sudo.log)"; return 1; }
	fi
	mkfifo /keys
	exec 3<>/keys
	typed './bootstrap && src/cowscope' /lab.log || status=$?
	echo "$status" >/lab.status
	status=0
	typed './bootstrap && make check' /check.log || status=$?
	echo "$status" >/check.status
}

plain() {
	sed 's/\x1b\[[0-9;]*m//g; s/\r$//' "$1"
}

totals() {
	plain "$1" | awk '
		/^# PASS: / { passed += $3 }
		/^# (FAIL|XPASS|ERROR): / { failed += $3 }
		/^# (SKIP|XFAIL): / { skipped += $3 }
		END { printf "%d passed, %d failed, %d skipped", passed, failed, skipped }'
}

# judge STATUS WHAT LOG
judge() {
	if [ "$1" = 0 ]; then
		result ok "$2"
	else
		result 'not ok' "$2: status $1, $3"
	fi
}

fresh() {
	local suite=$1 who=$2 root=$work/run-$1-$2 begun=$SECONDS lab check
	rm -rf --one-file-system "$root"
	copy "$suite" "$who" "$root"
	unshare --mount --pid --fork --kill-child --propagation private \
		bash "$here/run.sh" --inside "$root" "$work/archives-$suite" "$who" || true
	lab=$(cat "$root/lab.status" 2>/dev/null || echo none)
	check=$(cat "$root/check.status" 2>/dev/null || echo none)
	cp "$root/lab.log" "$work/$suite-$who-lab.log" 2>/dev/null || true
	cp "$root/check.log" "$work/$suite-$who-check.log" 2>/dev/null || true
	judge "$lab" "$suite, $who: ./bootstrap && src/cowscope" "$work/$suite-$who-lab.log"
	judge "$check" "$suite, $who: ./bootstrap && make check" "$work/$suite-$who-check.log"
	if [ -e "$root/check.log" ]; then
		echo "# $(date +%F), $suite, $who: $(totals "$root/check.log"), $(((SECONDS - begun + 30) / 60)) minutes"
		plain "$root/check.log" | awk '/^Failed, each with/ { failed = 1 } failed && /^$/ { exit } failed { print "# " $0 }'
		find "$root/root" "$root/home" -maxdepth 3 -path '*/cowscope/test-suite.log' -exec cp {} "$work/$suite-$who-failed.log" ';'
	fi
	[ -n "${KEEP-}" ] || rm -rf --one-file-system "$root"
}

if [ "${1-}" = --inside ]; then
	shift
	inside "$@"
	exit
fi
[ $# -gt 0 ] || die "usage: tests/fresh/run.sh SUITE [root|user]..."
[ "$(id -u)" -eq 0 ] || die "needs root, for the chroot"
for tool in debootstrap flock git unshare pivot_root; do
	command -v "$tool" >/dev/null || die "needs $tool"
done
suite=$1
shift
[ $# -gt 0 ] || set -- root user
mkdir -p "$work"
exec 9>"$work/lock-$suite"
flock -n 9 || die "$work/lock-$suite: it runs already"
bootstrapped "$suite"
for who in "$@"; do
	fresh "$suite" "$who"
done
echo "1..$run"
[ "$failed" -eq 0 ]
