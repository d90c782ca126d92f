#include "config.h"
#include "lab/file.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static int
no_file_in(const char *directory, int errnum, struct err *err)
{
	err_set(err, ERR_MACHINE,
	    _("cannot make the lab's file in %1$s: %2$s (%3$s); set TMPDIR to a writable directory or name a file with --file"),
	    directory, strerror(errnum), errno_name(errnum));
	err->errnum = errnum;
	return -1;
}

const char *
lab_file_directory(void)
{
	const char *directory = secure_getenv("TMPDIR");

	return directory && *directory ? directory : "/var/tmp";
}

static char *
random_name(const char *prefix)
{
	struct buf name = BUF_INIT;
	uint64_t bits[2];

	if (getrandom(bits, sizeof(bits), 0) != sizeof(bits))
		abort();
	buf_addf(&name, "%s%016llx%016llx", prefix, (unsigned long long)bits[0],
	    (unsigned long long)bits[1]);
	return buf_take(&name);
}

static char *
name_in(const char *directory)
{
	struct buf prefix = BUF_INIT;
	char *path;

	buf_addf(&prefix, "%s/" LAB_FILE_PREFIX, directory);
	path = random_name(buf_text(&prefix));
	buf_free(&prefix);
	return path;
}

char *
lab_file_new_name(enum kind kind)
{
	return name_in(kind == KIND_POSIX_SHM ? LAB_SHM_DIRECTORY : lab_file_directory());
}

static int
open_and_unlink(const char *directory)
{
	char *path = name_in(directory);
	int fd;

	fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd >= 0)
		unlink(path);
	free(path);
	return fd;
}

/* If the file system lacks O_TMPFILE, the name is removed, and none can be given again. */
static int
open_nameless(const char *directory, bool *nameless)
{
	int fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	*nameless = fd >= 0;
	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))
		return open_and_unlink(directory);
	return fd;
}

int
lab_file_nameless(bool *nameless)
{
	bool ignored;

	return open_nameless(lab_file_directory(), nameless ? nameless : &ignored);
}

/* A full disk is reported here, not as SIGBUS later. */
static int
file_reserve(int fd, off_t size)
{
	int errnum = posix_fallocate(fd, 0, size);

	return errnum == EOPNOTSUPP || errnum == EINVAL ? 0 : errnum;
}

static int
open_own(struct lab_file *file, off_t size, struct err *err)
{
	const char *directory = lab_file_directory();
	int errnum;

	file->fd = open_nameless(directory, &file->nameless);
	if (file->fd < 0)
		return no_file_in(directory, errno, err);
	errnum = file_reserve(file->fd, size);
	return errnum ? no_file_in(directory, errnum, err) : 0;
}

static int
shm_open_and_unlink(void)
{
	char *name = random_name("/" LAB_FILE_PREFIX);
	int fd = shm_open(name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0)
		shm_unlink(name);
	free(name);
	return fd;
}

/* As shm_open(3) makes them, but without a name: one can be given later. */
static int
open_shm(struct lab_file *file, off_t size, struct err *err)
{
	int errnum;

	file->fd = open(LAB_SHM_DIRECTORY, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	file->nameless = file->fd >= 0;
	if (file->fd < 0)
		file->fd = shm_open_and_unlink();
	errnum = file->fd < 0 ? errno : file_reserve(file->fd, size);
	if (errnum)
		return err_sys(err, ERR_MACHINE, errnum, _("cannot make a shared memory object"));
	return 0;
}

static int
wrong_type(const char *path, const struct stat *stat, struct err *err)
{
	if (S_ISDIR(stat->st_mode))
		return err_set(err, ERR_USAGE, _("%s is a directory: name a regular file"), path);
	if (S_ISFIFO(stat->st_mode))
		return err_set(err, ERR_USAGE,
		    _("%s is a FIFO, which cannot be mapped: name a regular file"), path);
	if (S_ISSOCK(stat->st_mode))
		return err_set(err, ERR_USAGE,
		    _("%s is a socket, which cannot be mapped: name a regular file"), path);
	if (!S_ISREG(stat->st_mode))
		return err_set(err, ERR_USAGE, _("%s is a device: name a regular file"), path);
	if (stat->st_size == 0)
		return err_set(err, ERR_USAGE,
		    _("%s is empty, there is nothing to map: name a file with content"), path);
	return 0;
}

/* Through O_PATH, so that only a regular file is ever opened: opening a device can have side
 * effects. */
static int
reopen(int place, const char *path, bool writable, struct err *err)
{
	int fd;
	struct buf link = BUF_INIT;

	buf_addf(&link, "/proc/self/fd/%d", place);
	fd = open(
	    buf_text(&link), (writable ? O_RDWR : O_RDONLY) | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	buf_free(&link);
	if (fd < 0 && writable)
		return err_sys(err, ERR_USAGE, errno, _("cannot open %s for writing"), path);
	if (fd < 0)
		return err_sys(err, ERR_USAGE, errno, _("cannot open %s for reading"), path);
	return fd;
}

static int
open_named(const char *path, bool writable, struct err *err)
{
	int fd, place = open(path, O_PATH | O_CLOEXEC);
	struct stat stat;

	if (place < 0)
		return err_sys(err, ERR_USAGE, errno, _("cannot open %s"), path);
	if (fstat(place, &stat) < 0)
		fd = err_sys(err, ERR_USAGE, errno, _("cannot open %s"), path);
	else if (wrong_type(path, &stat, err) < 0)
		fd = -1;
	else
		fd = reopen(place, path, writable, err);
	close(place);
	return fd;
}

static char *
file_path_of(int fd)
{
	struct buf path = BUF_INIT;

	buf_addf(&path, "/proc/%d/fd/%d", (int)getpid(), fd);
	return buf_take(&path);
}

static int
open_some(struct lab_file *file, const struct lab_config *config, size_t page_size, struct err *err)
{
	off_t size = (off_t)config->pages * (off_t)page_size;

	if (config->path) {
		file->fd = open_named(config->path, config->allow_write, err);
		return file->fd < 0 ? -1 : 0;
	}
	return config->kind == KIND_POSIX_SHM ? open_shm(file, size, err)
					      : open_own(file, size, err);
}

int
lab_file_open(
    struct lab_file *file, const struct lab_config *config, size_t page_size, struct err *err)
{
	*file = (struct lab_file){
	    .fd = -1,
	    .own = !config->path,
	    .writable = !config->path || config->allow_write,
	};
	if (config->path && config->kind != KIND_PRIVATE_FILE && config->kind != KIND_SHARED_FILE)
		return err_set(err, ERR_USAGE,
		    _("%s maps no file: --file goes with private-file or shared-file"),
		    kind_word(config->kind));
	if (kind_is_anonymous(config->kind))
		return 0;
	signal(SIGXFSZ, SIG_IGN);
	if (open_some(file, config, page_size, err) < 0) {
		lab_file_close(file);
		return -1;
	}
	file->path = config->path ? mem_string(config->path) : file_path_of(file->fd);
	return 0;
}

static int
file_fill(int fd, uint32_t pages, size_t page_size)
{
	char *content = mem_zero(page_size, 1);
	int errnum = 0;

	for (uint32_t page = 0; page < pages && !errnum; page++) {
		ssize_t done;

		memset(content, '0' + (int)(page % 10), page_size);
		done = pwrite(fd, content, page_size, (off_t)page * (off_t)page_size);
		if (done != (ssize_t)page_size)
			errnum = done < 0 ? errno : ENOSPC;
	}
	free(content);
	return errnum;
}

int
lab_file_fill(const struct lab_file *file, uint32_t pages, size_t page_size, struct err *err)
{
	int errnum;

	if (file->fd < 0 || !file->own)
		return 0;
	errnum = file_fill(file->fd, pages, page_size);
	if (!errnum && fsync(file->fd) < 0)
		errnum = errno;
	return errnum ? no_file_in(lab_file_directory(), errnum, err) : 0;
}

void
lab_file_close(struct lab_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	free(file->path);
	file->fd = -1;
	file->path = NULL;
}
