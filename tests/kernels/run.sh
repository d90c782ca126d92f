#!/usr/bin/env bash
# Other kernels: boots Debian's kernels under QEMU and runs the live tests there. Run by hand, no part of make check.
#
#   tests/kernels/run.sh [ARCHITECTURE:SUITE]...
#
# Speaks TAP. Needs Debian or Ubuntu (apt), the tools that ./bootstrap installs and those of `needs` below; neither root
# nor KVM. Packages are downloaded and unpacked under $KERNELS_DIR (/var/tmp/cowscope-kernels), never installed; what is
# there already is used again. Environment: KERNELS_DIR, MIRROR, KEYRING, STEPS and SEED of tests/live/states.py,
# LIMIT (seconds a guest may take).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
work=${KERNELS_DIR:-/var/tmp/cowscope-kernels}
mirror=${MIRROR:-http://deb.debian.org/debian}
keyring=${KEYRING:-/usr/share/keyrings/debian-archive-keyring.gpg}
release=bookworm # whose programs the guests run; the kernels may be of a later one
guest_packages='busybox-static libc-bin libc6-dev libncurses-dev libproc2-dev libjansson-dev libmd4c-dev python3-minimal libpython3-stdlib'
run=0
failed=0

[ $# -gt 0 ] || set -- amd64:bookworm amd64:bookworm-backports amd64:trixie-backports \
	arm64:bookworm-backports ppc64el:bookworm

# Architecture: triplet, kernel package, page size.
about() {
	case $1 in
	amd64) echo x86_64-linux-gnu linux-image-cloud-amd64 4096 ;;
	arm64) echo aarch64-linux-gnu linux-image-arm64-16k 16384 ;;
	ppc64el) echo powerpc64le-linux-gnu linux-image-powerpc64le 65536 ;;
	*) die "$1: not one of amd64, arm64, ppc64el" ;;
	esac
}

needs() {
	echo apt-get dpkg-deb cpio xz depmod modprobe mke2fs timeout
	for target in "$@"; do
		case $target in
		amd64:*) echo qemu-system-x86_64 x86_64-linux-gnu-gcc ;;
		arm64:*) echo qemu-system-aarch64 aarch64-linux-gnu-gcc ;;
		ppc64el:*) echo qemu-system-ppc64 powerpc64le-linux-gnu-gcc ;;
		esac
	done
}

die() {
	echo "Bail out! $*"
	exit 1
}

note() {
	echo "# $*"
}

result() {
	run=$((run + 1))
	[ "$1" = ok ] || failed=$((failed + 1))
	echo "$1 $run - $2"
}

# apt ARCHITECTURE TOOL ARGUMENT...: with lists, cache and status of its own, and of that architecture.
apt() {
	local arch=$1 tool=$2
	shift 2
	APT_CONFIG=$work/$arch/apt/apt.conf "$tool" "$@"
}

prepare_apt() {
	local dir=$work/$1/apt suite
	mkdir -p "$dir"/etc/preferences.d "$dir"/etc/apt.conf.d "$dir"/state/lists/partial "$dir"/cache/archives/partial
	: >"$dir/status"
	for suite in "$release" "$2"; do
		echo "deb [signed-by=$keyring] $mirror $suite main"
	done | sort -u >"$dir/etc/sources.list"
	cat >"$dir/apt.conf" <<-CONF
		APT::Architecture "$1";
		APT::Architectures { "$1"; };
		APT::Default-Release "$release";
		APT::Install-Recommends "false";
		APT::Sandbox::User "$(id -un)";
		Dir::Etc "$dir/etc";
		Dir::State "$dir/state";
		Dir::State::status "$dir/status";
		Dir::Cache "$dir/cache";
		Debug::NoLocking "true";
	CONF
	apt "$1" apt-get -q update >"$dir/update.log" 2>&1 || die "apt-get update: see $dir/update.log"
}

# What the guest's programs need, and what is compiled against: packages unpacked, none configured.
prepare_root() {
	local arch=$1 root=$work/$1/root package
	[ "$(cat "$root.done" 2>/dev/null)" != "$guest_packages" ] || return 0
	rm -rf "$root"
	mkdir -p "$root"
	# shellcheck disable=SC2086 # names
	apt "$arch" apt-get -q -y install --download-only $guest_packages >"$work/$arch/root.log" 2>&1 ||
		die "apt-get install: see $work/$arch/root.log"
	for package in "$work/$arch"/apt/cache/archives/*.deb; do
		dpkg-deb -x "$package" "$root"
	done
	# Absolute links would lead the linker out of it.
	find "$root" -type l -lname '/*' | while read -r link; do
		ln -sfr "$root$(readlink "$link")" "$link"
	done
	echo "$guest_packages" >"$root.done"
}

# prepare_kernel ARCHITECTURE SUITE PACKAGE: the newest kernel of the suite, into .../kernel-SUITE.
prepare_kernel() {
	local arch=$1 suite=$2 dir=$work/$1/kernel-$2 package
	[ ! -e "$dir.done" ] || return 0
	rm -rf "$dir"
	mkdir -p "$dir"
	package=$(apt "$arch" apt-cache -t "$suite" show --no-all-versions "$3" | sed -n 's/^Depends: \(linux-image-[^ ,]*\).*/\1/p')
	[ -n "$package" ] || die "$suite has no $3 for $arch"
	(cd "$work/$arch" && apt "$arch" apt-get -q -t "$suite" download "$package" >"$dir.log" 2>&1) ||
		die "apt-get download: see $dir.log"
	dpkg-deb -x "$work/$arch/$package"_*.deb "$dir"
	rm "$work/$arch/$package"_*.deb
	[ -e "$dir/lib" ] || ln -s usr/lib "$dir/lib"
	find "$dir/lib/modules/" -name '*.ko.xz' -exec xz -d {} +
	depmod -b "$dir" "$(release_of "$dir")"
	touch "$dir.done"
}

release_of() {
	basename "$1"/lib/modules/*
}

# The first steps in the guest: busybox, /init, and the modules of a disk with ext4, in the order of their loading.
initramfs() {
	local dir=$2 ram=$2/initramfs module
	rm -rf "$ram"
	mkdir -p "$ram"/{bin,modules,proc,sys,dev,root}
	cp "$work/$1/root/bin/busybox" "$ram/bin/busybox"
	cp "$here/init" "$ram/init"
	for module in virtio_pci virtio_blk crc32c_generic ext4; do
		modprobe -d "$dir" -S "$(release_of "$dir")" --show-depends "$module" 2>/dev/null || true
	done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | awk '!seen[$0]++' | while read -r module; do
		cp "$module" "$ram/modules/"
		basename "$module"
	done >"$ram/modules/order"
	(cd "$ram" && find . | cpio -o -H newc --quiet) | gzip -1 >"$dir/initrd"
}

# A copy of the tree, so that nothing is built in it.
prepare_source() {
	mkdir -p "$work/source"
	(cd "$top" && tar -c --exclude=.git --exclude='*.o' --exclude='*.a' --exclude=./config.status --exclude=./config.h \
		--exclude=./Makefile --exclude=.deps --exclude=./stamp-h1 --exclude=./src/cowscope --exclude=./po/Makefile .) |
		tar -x -C "$work/source"
	(cd "$work/source" && autoreconf -fi) >"$work/source.log" 2>&1 || die "autoreconf: see $work/source.log"
}

live_tests() {
	sed -n 's|^tests_unit_\([a-z_]*\)_SOURCES.*|tests/unit/\1|p' "$top/src/kernel/room.mk" "$top/src/lab/room.mk"
}

# build ARCHITECTURE TRIPLET
build() {
	local build=$work/$1/build root=$work/$1/root
	rm -rf "$build"
	mkdir -p "$build"
	(
		cd "$build"
		export PKG_CONFIG_SYSROOT_DIR=$root PKG_CONFIG=pkg-config
		export PKG_CONFIG_LIBDIR=$root/usr/lib/$2/pkgconfig:$root/usr/share/pkgconfig
		# As the guest sees it: an absolute rpath-link keeps the linker off the libraries of this machine.
		../../source/configure -q --host="$2" --disable-nls --without-cairo CC="$2-gcc --sysroot=$root" \
			LDFLAGS="-Wl,-rpath-link,$root/lib/$2:$root/usr/lib/$2"
		make -s -j"$(nproc)" src/cowscope tests/attach/target $(live_tests)
	) >"$build.log" 2>&1 || die "the build for $1: see $build.log"
}

disk() {
	local root=$work/$1/root build=$work/$1/build image=$work/$1/disk
	rm -rf "$root/cowscope"
	mkdir -p "$root"/{proc,sys,dev,tmp,var/tmp} "$root/cowscope/tests/attach"
	cp "$build/tests/attach/target" "$root/cowscope/tests/attach/"
	cp -r "$top/lessons" "$top/tests/attach" "$top/tests/live" "$here/guest.sh" "$here/guest.py" "$here/table.cow" "$root/cowscope/"
	cp "$build/src/cowscope" "$build"/tests/unit/kernel_* "$build"/tests/unit/lab_* "$root/cowscope/"
	rm -f "$root"/cowscope/*.o "$image"
	printf 'STEPS=%s\nSEED=%s\nPAGE_SIZE=%s\n' "${STEPS:-8}" "${SEED:-1}" "$2" >"$root/cowscope/settings"
	mke2fs -q -F -t ext4 -b 4096 -O ^has_journal -E root_owner=0:0 -d "$root" "$image" 1G >/dev/null 2>&1 || die "no disk $image"
}

# Without KVM: slower, and the same on every machine.
# QEMU 7.2 emulates cmpxchg16b so that 6.12 crashes: the guest is not offered it.
emulator() {
	case $1 in
	amd64) echo qemu-system-x86_64 -accel tcg -cpu qemu64,-cx16 -append console=ttyS0 ;;
	arm64) echo qemu-system-aarch64 -machine virt -accel tcg -cpu max,pauth-impdef=on -append console=ttyAMA0 ;;
	ppc64el) echo qemu-system-ppc64 -machine pseries,x-vof=on,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken \
		-accel tcg -cpu power9 -append console=hvc0 ;;
	esac
}

# boot ARCHITECTURE DIRECTORY_OF_KERNEL: the guest's console on standard output.
boot() {
	local command
	read -ra command <<<"$(emulator "$1")"
	command[-1]+=" quiet loglevel=1 panic=-1"
	timeout "${LIMIT:-1200}" "${command[@]}" -m 1G -smp 2 -nographic -no-reboot -nic none \
		-kernel "$(echo "$2"/boot/vmlinu[xz]-*)" -initrd "$2/initrd" \
		-drive "file=$work/$1/disk,format=raw,if=none,id=disk,snapshot=on" -device virtio-blk-pci,drive=disk </dev/null 2>&1
}

# The guest's TAP, numbered anew; every line of its own begins with "TAP ".
report() {
	local name=$1 line ended=no
	while read -r line; do
		line=${line%$'\r'}
		case $line in
		TAP\ ok\ *) result ok "$name: ${line#TAP ok * - }" ;;
		TAP\ not\ ok\ *) result "not ok" "$name: ${line#TAP not ok * - }" ;;
		TAP\ end) ended=yes ;;
		TAP\ *) note "${line#TAP }" ;;
		esac
	done
	[ "$ended" = yes ] && line=ok || line="not ok"
	result "$line" "$name: the guest came to its end"
}

main() {
	local target arch suite about name dir started missing
	for target in "$@"; do
		about "${target%:*}" >/dev/null
	done
	missing=$(for tool in $(needs "$@"); do command -v "$tool" >/dev/null || [ -x "/usr/sbin/$tool" ] || echo "$tool"; done)
	# shellcheck disable=SC2086 # one word each
	[ -z "$missing" ] || die "not installed:" $missing
	PATH=$PATH:/usr/sbin:/sbin
	mkdir -p "$work"
	prepare_source
	for target in "$@"; do
		arch=${target%:*}
		suite=${target#*:}
		read -ra about <<<"$(about "$arch")"
		prepare_apt "$arch" "$suite"
		prepare_root "$arch"
		prepare_kernel "$arch" "$suite" "${about[1]}"
		build "$arch" "${about[0]}"
		dir=$work/$arch/kernel-$suite
		initramfs "$arch" "$dir"
		disk "$arch" "${about[2]}"
		name="$(release_of "$dir") $arch"
		started=$SECONDS
		report "$name" < <(boot "$arch" "$dir" | tee "$dir.console")
		note "$name: $((SECONDS - started)) s; its console is in $dir.console"
	done
	echo "1..$run"
	[ "$failed" -eq 0 ]
}

main "$@"
