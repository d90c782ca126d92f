#include "config.h"
#include "out/save.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "base/io.h"
#include "base/libc.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAMES_MAX 9999

/* The file while it is written: without a name, or with one that only we use. */
struct draft {
	int fd;
	char *name; /* NULL: without one (O_TMPFILE) */
};

static char *
save_directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return mem_string(".");
	return slash == path ? mem_string("/") : mem_string_n(path, (size_t)(slash - path));
}

/* path, or for the second and further tries path with -2, -3 ... before its ending. */
static char *
numbered(const char *path, int number)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path,
		   *dot = strrchr(name, '.');
	struct buf out = BUF_INIT;
	size_t stem = dot && dot > name ? (size_t)(dot - path) : strlen(path);

	buf_add_n(&out, path, stem);
	if (number > 1)
		buf_addf(&out, "-%d", number);
	buf_add(&out, path + stem);
	return buf_take(&out);
}

static int
draft_named(struct draft *draft, const char *directory)
{
	for (int i = 0; i < NAMES_MAX; i++) {
		struct buf name = BUF_INIT;

		buf_addf(&name, "%s/.cowscope-%ld-%d", directory, (long)getpid(), i);
		draft->fd = open(
		    buf_text(&name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
		draft->name = buf_take(&name);
		if (draft->fd >= 0)
			return 0;
		free(draft->name);
		draft->name = NULL;
		if (errno != EEXIST)
			return -1;
	}
	return -1;
}

static int
draft_open(struct draft *draft, const char *directory)
{
	draft->name = NULL;
	draft->fd = open(directory, O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666);
	if (draft->fd >= 0)
		return 0;
	if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)
		return -1;
	return draft_named(draft, directory);
}

static void
draft_close(struct draft *draft)
{
	if (draft->fd >= 0)
		close(draft->fd);
	if (draft->name)
		unlink(draft->name);
	free(draft->name);
}

/* Neither replaces an existing file. On a file system without hard links it is renamed. */
static int
draft_place(struct draft *draft, const char *path)
{
	char self[64];

	if (!draft->name) {
		snprintf(self, sizeof(self), "/proc/self/fd/%d", draft->fd);
		return linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
	}
	if (link(draft->name, path) == 0)
		return 0;
	if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS)
		return -1;
	if (renameat2(AT_FDCWD, draft->name, AT_FDCWD, path, RENAME_NOREPLACE) != 0)
		return -1;
	free(draft->name);
	draft->name = NULL;
	return 0;
}

int
save_error(struct err *err, int errnum, const char *path)
{
	bool machine = errnum == ENOSPC || errnum == EDQUOT || errnum == EIO || errnum == EROFS ||
	    errnum == EMFILE || errnum == ENFILE || errnum == EFBIG;

	return err_sys(err, machine ? ERR_MACHINE : ERR_USAGE, errnum, _("cannot save %s"), path);
}

static int
place_somewhere(struct draft *draft, const char *path, char **written, struct err *err)
{
	for (int number = 1; number <= NAMES_MAX; number++) {
		char *name = numbered(path, number);

		int errnum;

		if (draft_place(draft, name) == 0) {
			*written = name;
			return 0;
		}
		errnum = errno;
		free(name);
		if (errnum != EEXIST)
			return save_error(err, errnum, path);
	}
	return save_error(err, EEXIST, path);
}

char *
save_name(const char *path)
{
	for (int number = 1; number < NAMES_MAX; number++) {
		char *name = numbered(path, number);
		struct stat status;

		if (lstat(name, &status) != 0)
			return name;
		free(name);
	}
	return mem_string(path);
}

static int
check_name(const char *path, struct err *err)
{
	if (*path && path[strlen(path) - 1] != '/')
		return 0;
	return err_set(err, ERR_USAGE, _("a file to save needs a name: \"%s\" has none"), path);
}

int
save_new(const char *path, const void *data, size_t length, char **written, struct err *err)
{
	char *directory;
	struct draft draft;
	int errnum, result;

	*written = NULL;
	if (check_name(path, err) < 0)
		return -1;
	directory = save_directory_of(path);
	result = draft_open(&draft, directory);
	errnum = errno;
	free(directory);
	if (result)
		return save_error(err, errnum, path);
	result = io_write(draft.fd, data, length) ? save_error(err, errno, path)
						  : place_somewhere(&draft, path, written, err);
	draft_close(&draft);
	return result;
}

/* A device or pipe can't be replaced, only written to. */
static bool
save_is_special(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

static int
save_into(const char *path, const void *data, size_t length, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), result = 0;

	if (fd < 0 || io_write(fd, data, length) < 0)
		result = save_error(err, errno, path);
	if (fd >= 0)
		close(fd);
	return result;
}

int
save_over(const char *path, const void *data, size_t length, struct err *err)
{
	struct draft draft;
	char *directory;
	int result;

	if (check_name(path, err) < 0)
		return -1;
	if (save_is_special(path))
		return save_into(path, data, length, err);
	directory = save_directory_of(path);
	result = draft_named(&draft, directory);
	free(directory);
	if (result < 0)
		return save_error(err, errno, path);
	if (io_write(draft.fd, data, length) < 0 || rename(draft.name, path) < 0) {
		result = save_error(err, errno, path);
	} else {
		free(draft.name);
		draft.name = NULL;
	}
	draft_close(&draft);
	return result;
}
