#!/usr/bin/env bash
# A disk as containers have it: runs a command with /var/tmp, TMPDIR within it, on an overlayfs, in a mount namespace of its
# own. Needs root, and a kernel that has overlayfs.
#
#   tests/fresh/overlay.sh disk|tmpfs COMMAND ARGUMENT...
#
# disk: what is written lies on the file system of the working directory; tmpfs: in memory. The tree that the command works in
# must be the working directory, or below it, and stays what it is, also where it lies below /var/tmp.
set -eu

if [ "${1-}" != --inside ]; then
	kept=$(mktemp -d "$PWD/overlay.XXXXXX")
	status=0
	unshare --mount --propagation private bash "$0" --inside "$kept" "$@" || status=$?
	rm -rf --one-file-system "$kept"
	exit "$status"
fi
kept=$2
upper=$3
shift 3
tree=$PWD

mount -t tmpfs -o mode=755 none /mnt
mkdir /mnt/tree /mnt/lower
mount --bind "$tree" /mnt/tree
case $upper in
disk) upper=/mnt/tree/${kept##*/} ;;
tmpfs) upper=/mnt ;;
*) echo "overlay.sh: $upper: not one of disk, tmpfs" >&2; exit 2 ;;
esac
mkdir "$upper/upper" "$upper/work"
chmod 1777 "$upper/upper"
mount -t overlay -o "lowerdir=/mnt/lower,upperdir=$upper/upper,workdir=$upper/work" overlay /var/tmp
case $tree/ in
/var/tmp/*)
	mkdir -p "$tree"
	mount --bind /mnt/tree "$tree"
	;;
esac
cd "$tree"
exec env TMPDIR=/var/tmp "$@"
