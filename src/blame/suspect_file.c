#include "config.h"
#include "blame/suspect.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_OPENED (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

/* One line of mountinfo: is it the device's, and of a file system that a program answers for? */
static bool
mount_is_foreign(const char *line, const char *device)
{
	const char *at = line, *type = strstr(line, " - ");

	for (int skip = 0; skip < 2; skip++)
		at = at ? strchr(at + 1, ' ') : NULL;
	return at && type && strncmp(at + 1, device, strlen(device)) == 0 &&
	    strncmp(type + 3, "fuse", 4) == 0;
}

static bool
file_is_foreign(const struct suspect *suspect, const struct vma *vma)
{
	char device[32], *line = NULL;
	size_t room = 0;
	bool foreign = false;
	int fd = openat(suspect->dir, "mountinfo", O_RDONLY | O_CLOEXEC);
	FILE *mounts = fd >= 0 ? fdopen(fd, "r") : NULL;

	if (!mounts) {
		if (fd >= 0)
			close(fd);
		return true;
	}
	snprintf(
	    device, sizeof(device), "%u:%u ", (unsigned)(vma->device >> 32), (unsigned)vma->device);
	while (!foreign && getline(&line, &room, mounts) > 0)
		foreign = mount_is_foreign(line, device);
	free(line);
	fclose(mounts);
	return foreign;
}

/* Devices differ between stat and maps on some file systems: by inode alone. */
static int
file_checked(int fd, const struct vma *vma)
{
	struct stat status;

	if (fd < 0 ||
	    (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_ino == vma->inode))
		return fd;
	close(fd);
	return -1;
}

int
suspect_open_file(const struct suspect *suspect, const struct vma *vma)
{
	char name[PATH_MAX];
	int fd;

	if (vma->kind != REGION_FILE || file_is_foreign(suspect, vma))
		return -1;
	snprintf(name, sizeof(name), "map_files/%" PRIx64 "-%" PRIx64, vma->start, vma->end);
	fd = file_checked(openat(suspect->dir, name, FILE_OPENED), vma);
	if (fd >= 0 || vma->path[0] != '/')
		return fd;
	snprintf(name, sizeof(name), "root%s", vma->path);
	return file_checked(openat(suspect->dir, name, FILE_OPENED), vma);
}
