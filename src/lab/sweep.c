#include "config.h"
#include "lab/sweep.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab/file.h"

#define DIGITS 32

static bool
is_our_name(const char *name)
{
	size_t prefix = strlen(LAB_FILE_PREFIX);

	return strncmp(name, LAB_FILE_PREFIX, prefix) == 0 && strlen(name + prefix) == DIGITS &&
	    strspn(name + prefix, "0123456789abcdef") == DIGITS;
}

static bool
is_our_file(const struct stat *status)
{
	return S_ISREG(status->st_mode) && status->st_uid == geteuid();
}

/* Is it still the file that is locked, and not another of that name? */
static bool
names_it(int directory, const char *name, const struct stat *locked)
{
	struct stat now;

	return fstatat(directory, name, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
	    now.st_dev == locked->st_dev && now.st_ino == locked->st_ino;
}

static void
sweep_name(int directory, const char *name)
{
	struct stat status;
	int file;

	if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) < 0 || !is_our_file(&status))
		return;
	file = openat(directory, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (file < 0)
		return;
	if (fstat(file, &status) == 0 && is_our_file(&status) &&
	    flock(file, LOCK_EX | LOCK_NB) == 0 && names_it(directory, name, &status))
		unlinkat(directory, name, 0);
	close(file);
}

static void
sweep_directory(const char *path)
{
	DIR *list = opendir(path);
	struct dirent *entry;

	while (list && (entry = readdir(list)))
		if (is_our_name(entry->d_name))
			sweep_name(dirfd(list), entry->d_name);
	if (list)
		closedir(list);
}

void
sweep(void)
{
	sweep_directory(lab_file_directory());
	sweep_directory(LAB_SHM_DIRECTORY);
}
