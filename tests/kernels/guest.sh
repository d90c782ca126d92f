#!/bin/busybox sh
# Runs in the guest, as its first process: every test prints TAP, which goes to the console with "TAP " before it.
PATH=/bin:/usr/bin:/sbin:/usr/sbin
export PATH PYTHONDONTWRITEBYTECODE=1 COWSCOPE=/cowscope/cowscope LC_ALL=C.UTF-8 TERM=linux HOME=/tmp
busybox mkdir -p /dev/shm /dev/pts
busybox mount -t proc proc /proc
busybox mount -t sysfs sys /sys
busybox mount -t tmpfs shm /dev/shm
busybox mount -t devpts pts /dev/pts
busybox ln -sf /proc/self/fd /dev/fd
busybox chmod 1777 /tmp /var/tmp /dev/shm
busybox ip link set lo up 2>/dev/null

. /cowscope/settings
export STEPS SEED PAGE_SIZE

tell() {
	while read -r line; do
		echo "TAP $line"
	done
}

# tap NAME COMMAND...: a test that ends without its plan has crashed.
tap() {
	name=$1
	shift
	echo "TAP $name"
	"$@" >/tmp/out 2>&1
	status=$?
	busybox awk -v name="$name" '/^(not )?ok / { sub(/ - /, " - " name ": ") } { print }' /tmp/out | tell
	busybox grep -q '^1\.\.' /tmp/out || echo "TAP not ok 0 - $name: ended early, status $status: $(busybox tail -n 1 /tmp/out)"
}

# expectations FILE COMMAND...: a script or a lesson, by cowscope's own "expect".
expectations() {
	file=$1
	shift
	echo "1..1"
	if "$@" /cowscope/cowscope --batch "$file" >/tmp/table 2>&1; then
		echo "ok 1 - every expectation holds"
	else
		echo "not ok 1 - every expectation holds: $(busybox grep -E '^false|^error|^cowscope: ' /tmp/table | busybox tail -n 1)"
		busybox grep -v '^true' /tmp/table | busybox tail -n 12 | busybox sed 's/^/# /'
	fi
}

as_user() {
	/usr/bin/python3 -c '
import os, sys
os.setgroups([]); os.setresgid(65534, 65534, 65534); os.setresuid(65534, 65534, 65534)
os.execv(sys.argv[1], sys.argv[1:])' "$@"
}

cd /cowscope
tap "the kernel" /usr/bin/python3 /cowscope/guest.py
for file in /cowscope/table.cow /cowscope/lessons/*.md; do
	name=$(busybox basename "$file")
	tap "$name, root" expectations "$file"
	tap "$name, uid 65534" expectations "$file" as_user
done
for test in table states errors; do
	tap "$test.py" /usr/bin/python3 "/cowscope/live/$test.py"
done
for test in family edges; do
	tap "attach/$test.py" /usr/bin/python3 "/cowscope/attach/$test.py"
done
for test in kernel_mappings kernel_processes kernel_readings lab_start lab_pages lab_fork lab_file lab_end lab_busy lab_wire; do
	tap "$test" "/cowscope/$test"
done
echo "TAP end"
busybox sync
busybox poweroff -f
