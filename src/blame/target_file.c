#include "config.h"
#include "blame/target_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* linux/openat2.h, Linux 5.6 */
#define NO_MAGIC_LINKS 0x02
#define NO_SYMLINKS 0x04
#define IN_ROOT 0x10

struct open_how_as_in_linux {
	uint64_t flags, mode, resolve;
};

/* The mounts of a process for which another process answers. */
struct answered_mounts {
	bool any;    /* there is one */
	bool device; /* it has the requested device */
	bool path;   /* it is on the requested path */
};

static bool
path_is_below(const char *path, const char *point)
{
	size_t length = strcspn(point, " ");

	if (length == 1)
		return true;
	return strncmp(path, point, length) == 0 && (path[length] == '/' || !path[length]);
}

/* "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw": see proc(5). */
static void
answered_mount(struct answered_mounts *mounts, const char *line, uint64_t device, const char *path)
{
	const char *type = strstr(line, " - ");
	unsigned major, minor;
	int point = 0;

	if (!type || strncmp(type + 3, "fuse", 4) != 0)
		return;
	mounts->any = true;
	if (sscanf(line, "%*d %*d %u:%u %*s %n", &major, &minor, &point) < 2 || !point)
		return;
	mounts->device |= device == ((uint64_t)major << 32 | minor);
	mounts->path |= path && path_is_below(path, line + point);
}

/* A file system that a process answers for can make a caller wait for ever: the mounts are read
 * first, which involves no other process. */
static struct answered_mounts
answered_mounts(const struct suspect *suspect, uint64_t device, const char *path)
{
	struct answered_mounts mounts = {false, false, false};
	int fd = openat(suspect->dir, "mountinfo", O_RDONLY | O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	char line[4096];

	if (fd >= 0 && !file)
		close(fd);
	while (file && fgets(line, sizeof(line), file))
		answered_mount(&mounts, line, device, path);
	if (file)
		fclose(file);
	return mounts;
}

/* Opening a device or a pipe has side effects; O_PATH has none, and tells what it is. Takes over
 * path_fd. */
static int
regular_opened(int path_fd)
{
	char name[32];
	struct stat stat;
	int fd = -1;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", path_fd);
	if (path_fd >= 0 && fstat(path_fd, &stat) == 0 && S_ISREG(stat.st_mode))
		fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (path_fd >= 0)
		close(path_fd);
	return fd;
}

static bool
roots_are_one(int root)
{
	struct stat ours, theirs;

	return stat("/", &ours) == 0 && fstat(root, &theirs) == 0 && ours.st_dev == theirs.st_dev &&
	    ours.st_ino == theirs.st_ino;
}

static int
open_below(int root, const char *path, uint64_t resolve)
{
	struct open_how_as_in_linux how = {
	    O_PATH | O_CLOEXEC, 0, resolve | IN_ROOT | NO_MAGIC_LINKS};
	int fd = -1;

#ifdef SYS_openat2
	fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
	if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
		return fd;
#endif
	/* an older kernel would follow links out of another root */
	return (how.resolve & NO_SYMLINKS) == 0 && roots_are_one(root)
	    ? open(path, O_PATH | O_CLOEXEC)
	    : fd;
}

int
target_open_path(const struct suspect *suspect, const char *path)
{
	struct answered_mounts mounts = answered_mounts(suspect, 0, path);
	int root, fd;

	if (mounts.path)
		return -1;
	root = openat(suspect->dir, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return -1;
	fd = regular_opened(open_below(root, path, mounts.any ? NO_SYMLINKS : 0));
	close(root);
	return fd;
}

int
target_open_ours(const char *path)
{
	return regular_opened(open(path, O_PATH | O_CLOEXEC));
}

/* On some file systems (btrfs, overlay) maps and fstat differ in the device: a caller that compares
 * contents too, by the build-id, passes the inode alone. */
static bool
shows_inode(int fd, const struct vma *vma)
{
	struct stat stat;

	return fd >= 0 && fstat(fd, &stat) == 0 && stat.st_ino == vma->inode;
}

static int
kept_if_mapped(int fd, const struct vma *vma)
{
	if (fd < 0 || shows_inode(fd, vma))
		return fd;
	close(fd);
	return -1;
}

int
suspect_open_file(const struct suspect *suspect, const struct vma *vma)
{
	char name[64];
	int fd;

	if (vma->kind != REGION_FILE || answered_mounts(suspect, vma->device, NULL).device)
		return -1;
	snprintf(name, sizeof(name), "map_files/%llx-%llx", (unsigned long long)vma->start,
	    (unsigned long long)vma->end);
	fd = regular_opened(openat(suspect->dir, name, O_PATH | O_CLOEXEC));
	if (fd < 0)
		fd = kept_if_mapped(
		    regular_opened(openat(suspect->dir, "exe", O_PATH | O_CLOEXEC)), vma);
	if (fd < 0 && vma->path[0] == '/')
		fd = kept_if_mapped(target_open_path(suspect, vma->path), vma);
	return fd;
}
