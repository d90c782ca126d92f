#include "config.h"
#include "lab_live.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

static char place[64]; /* a directory of our own */

static const char *
in_place(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", place, name);
	return path;
}

static void
make_file(const char *path, size_t size, mode_t mode)
{
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY, mode);

	for (size_t i = 0; i < size; i++)
		if (write(fd, &"named"[i % 5], 1) != 1)
			printf("# cannot write %s\n", path);
	close(fd);
}

static void
refused(const char *path, bool allow_write, const char *what, const char *says)
{
	struct lab_config config = {
	    .kind = KIND_PRIVATE_FILE,
	    .pages = 4,
	    .processes = 1,
	    .path = path,
	    .allow_write = allow_write,
	};
	struct lab *lab = lab_open(&config, &live_err);

	ok(!lab && live_err.kind == ERR_USAGE && strstr(live_err.text, path) &&
		strstr(live_err.text, says),
	    "%s: %s", what, lab ? "opened" : live_err.text);
	lab_close(lab);
}

static void
make_socket(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memcpy(address.sun_path, path, strlen(path) + 1);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		printf("# bind: %s\n", strerror(errno));
	close(fd);
}

static void
refusals(void)
{
	refused(in_place("missing"), false, "missing", "ENOENT");
	refused(in_place("missing"), true, "missing, to be written", "ENOENT");
	ok(access(in_place("missing"), F_OK) < 0, "and it was not created");
	refused(place, false, "a directory", "is a directory");
	mkfifo(in_place("fifo"), 0600);
	refused(in_place("fifo"), false, "a FIFO that nobody writes to", "is a FIFO");
	make_socket(in_place("socket"));
	refused(in_place("socket"), false, "a socket", "is a socket");
	refused("/dev/null", false, "a device", "is a device");
	make_file(in_place("empty"), 0, 0600);
	refused(in_place("empty"), true, "an empty file", "is empty");
	make_file(in_place("secret"), 10, 0000);
	make_file(in_place("readonly"), 10, 0400);
	if (geteuid() == 0) {
		ok(true, "unreadable # SKIP root may read everything");
		ok(true, "not writable # SKIP root may write everything");
	} else {
		refused(in_place("secret"), false, "unreadable", "EACCES");
		refused(in_place("readonly"), true, "not writable", "EACCES");
	}
}

static bool
unchanged(const char *path, size_t size, const struct stat *before)
{
	struct stat now;
	char *content = calloc(1, size);
	int fd = open(path, O_RDONLY);
	bool same = fstat(fd, &now) == 0 && (size_t)now.st_size == size &&
	    read(fd, content, size) == (ssize_t)size;

	for (size_t i = 0; i < size; i++)
		same &= content[i] == "named"[i % 5];
	close(fd);
	free(content);
	return same && now.st_mtim.tv_sec == before->st_mtim.tv_sec &&
	    now.st_mtim.tv_nsec == before->st_mtim.tv_nsec;
}

/* Whatever is asked for, without allow_write the file stays as it is. */
static void protected(enum kind kind)
{
	size_t size = 3 * (size_t)sysconf(_SC_PAGESIZE) + 100;
	const char *path = in_place(kind_word(kind));
	struct lab_config config = {.kind = kind, .pages = 6, .processes = 2, .path = path};
	struct lab_request clerk = {.worker = LAB_CLERK, .count = 1, .text = "clerk"};
	struct stat before;
	struct lab *lab;
	struct act act;

	make_file(path, size, 0600);
	stat(path, &before);
	lab = lab_open(&config, &live_err);
	if (!ok(lab != NULL, "a named file as %s", kind_word(kind)))
		return;
	is_text(lab_path(lab), path, "its path");
	is_number(live_byte(lab, 'b', 0), 'n', "its content");
	act = live_act(lab, 'a', LAB_WRITE, 1, 0, "x");
	if (kind == KIND_SHARED_FILE) {
		ok(act.signal == SIGSEGV && act.code == SEGV_ACCERR, "a write is SIGSEGV");
		is_number(live_act(lab, 'a', LAB_PROTECT, 1, PROT_READ | PROT_WRITE, NULL).errnum,
		    EACCES, "mprotect EACCES");
	} else {
		is_number(act.signal, 0, "a write copies");
	}
	is_number(
	    live_act(lab, 'a', LAB_READ, 5, 0, NULL).signal, SIGBUS, "beyond its end: SIGBUS");
	clerk.op = LAB_FILE_WRITE;
	ok(live_errnum(lab, clerk) > 0, "the clerk cannot write it");
	clerk.op = LAB_FILE_RESIZE;
	ok(live_errnum(lab, clerk) > 0, "nor cut it");
	clerk.op = LAB_FILE_DROP;
	is_number(live_errnum(lab, clerk), 0, "but drop it from the page cache");
	lab_close(lab);
	ok(unchanged(path, size, &before), "the file is as it was");
}

static void
allowed(void)
{
	const char *path = in_place("allowed");
	struct lab_config config = {
	    .kind = KIND_SHARED_FILE,
	    .pages = 2,
	    .processes = 1,
	    .path = path,
	    .allow_write = true,
	};
	struct lab *lab;
	char byte = 0;
	int fd;

	make_file(path, 100, 0600);
	lab = lab_open(&config, &live_err);
	is_number(live_act(lab, 'a', LAB_WRITE, 0, 0, "W").signal, 0,
	    "where writing is allowed, a writes");
	lab_close(lab);
	fd = open(path, O_RDONLY);
	ok(read(fd, &byte, 1) == 1 && byte == 'W', "and the file has it");
	close(fd);
}

static struct lab_reply
clerk(struct lab *lab, enum lab_op op, uint32_t first, uint32_t count, const char *text)
{
	return live_do(lab,
	    (struct lab_request){
		.worker = LAB_CLERK,
		.op = op,
		.first = first,
		.count = count,
		.text = text,
	    });
}

static void
clerks_work(enum kind kind)
{
	struct lab *lab = live_open(kind, 300, 1);
	struct lab_reply reply = clerk(lab, LAB_FILE_READ, 0, 300, NULL);
	size_t good = 0;
	struct stat stat;

	for (size_t i = 0; i < reply.byte_count; i++)
		good += reply.bytes[i] == '0' + i / CONTENT_MAX % 10;
	ok(reply.worker == LAB_CLERK && good == 300 * CONTENT_MAX,
	    "%s: page k is full of the digit k", kind_word(kind));
	lab_reply_free(&reply);
	reply = clerk(lab, LAB_FILE_WRITE, 3, 2, "clerk");
	ok(!reply.errnum && live_byte(lab, 'a', 4) == 'c', "a write of the clerk's is seen");
	reply = clerk(lab, LAB_FILE_CACHED, 0, 300, NULL);
	ok(reply.byte_count == 300 && (reply.bytes[299] & 1), "all pages are cached");
	lab_reply_free(&reply);
	is_text(live_present(lab, 'a', 3), "000", "and asking mapped none");
	reply = clerk(lab, LAB_FILE_RESIZE, 2, 0, NULL);
	fstat(lab_file(lab), &stat);
	is_number(stat.st_size, 2 * sysconf(_SC_PAGESIZE), "cut to two pages");
	reply = clerk(lab, LAB_FILE_READ, 0, 10, NULL);
	is_number(reply.byte_count, 2 * CONTENT_MAX, "reading stops at the end");
	lab_reply_free(&reply);
	ok(clerk(lab, LAB_FILE_SYNC, 0, 0, NULL).errnum == 0 &&
		clerk(lab, LAB_FILE_DROP, 0, 0, NULL).errnum == 0,
	    "sync and drop");
	lab_close(lab);
}

static void
found_by_path(enum kind kind)
{
	struct lab *lab = live_open(kind, 4, 1);
	int fd = open(lab_path(lab), O_RDWR);
	struct stat stat;

	ok(fd >= 0 && pwrite(fd, "outside", 7, 0) == 7, "%s: another program opens %s",
	    kind_word(kind), lab_path(lab));
	is_number(live_byte(lab, 'a', 0), 'o', "and its write is seen");
	fstat(fd, &stat);
	is_number(stat.st_mode & 07777, 0600, "0600");
	is_number(stat.st_nlink, 0, "without a name");
	close(fd);
	lab_close(lab);
}

static void
no_name(void)
{
	struct lab *lab;

	mkdir(in_place("tmp"), 0700);
	setenv("TMPDIR", in_place("tmp"), 1);
	lab = live_open(KIND_SHARED_FILE, 4, 2);
	is_number(names_in(in_place("tmp")), 0, "the open lab's file has no name in TMPDIR");
	lab_close(lab);
	is_number(names_in(in_place("tmp")), 0, "nor the closed one's");
	unsetenv("TMPDIR");
}

static void
no_place(const char *directory, uint32_t pages, int errnum, const char *what)
{
	struct lab_config config = {.kind = KIND_PRIVATE_FILE, .pages = pages, .processes = 2};
	struct lab *lab;

	setenv("TMPDIR", directory, 1);
	lab = lab_open(&config, &live_err);
	ok(!lab && live_err.kind == ERR_MACHINE && live_err.errnum == errnum &&
		strstr(live_err.text, directory) && strstr(live_err.text, "TMPDIR") &&
		strstr(live_err.text, "--file"),
	    "%s: %s", what, lab ? "opened" : live_err.text);
	lab_close(lab);
	unsetenv("TMPDIR");
}

static void
no_place_to_be(void)
{
	no_place(in_place("nowhere"), 4, ENOENT, "no such directory");
	make_file(in_place("afile"), 10, 0600);
	no_place(in_place("afile"), 4, ENOTDIR, "not a directory");
	if (geteuid() == 0)
		ok(true, "not writable # SKIP root may write everywhere");
	else
		no_place("/", 4, EACCES, "not writable");
}

/* In a process with mounts of its own; it counts on from here and hands the count back. */
static void
on_small_disks(int end)
{
	int counts[2];

	mkdir(in_place("small"), 0700);
	if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("none", in_place("small"), "tmpfs", 0, "size=64k") < 0) {
		ok(true, "a full disk # SKIP no mounts of our own: %s", strerror(errno));
	} else {
		no_place(in_place("small"), 4096, ENOSPC, "a full disk");
		is_number(names_in(in_place("small")), 0, "nothing is left on it");
		mount("none", in_place("small"), "tmpfs", MS_REMOUNT | MS_RDONLY, NULL);
		no_place(in_place("small"), 4, EROFS, "a read-only disk");
	}
	counts[0] = tap_run;
	counts[1] = tap_failed;
	_exit(write(end, counts, sizeof(counts)) != sizeof(counts));
}

static void
small_disks(void)
{
	int ends[2], counts[2] = {tap_run, tap_failed + 1};
	pid_t pid;

	if (geteuid() != 0) {
		ok(true, "a full disk # SKIP only root can mount one");
		return;
	}
	if (pipe(ends) < 0)
		return;
	pid = fork();
	if (pid == 0)
		on_small_disks(ends[1]);
	close(ends[1]);
	if (read(ends[0], counts, sizeof(counts)) != sizeof(counts))
		ok(false, "the test of full disks ends");
	close(ends[0]);
	waitpid(pid, NULL, 0);
	tap_run = counts[0];
	tap_failed = counts[1];
}

/* The limit of a file's size would be a signal. */
static void
file_size_limit(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct rlimit limit = {4096, RLIM_INFINITY};
		struct lab_config config = {.kind = KIND_PRIVATE_FILE, .pages = 10, .processes = 1};

		setrlimit(RLIMIT_FSIZE, &limit);
		_exit(!lab_open(&config, &live_err) && live_err.errnum == EFBIG ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	is_number(status, 0, "a limit of file sizes is EFBIG");
}

static void
clear_place(void)
{
	static const char *const names[] = {"fifo", "socket", "empty", "secret", "readonly",
	    "private-file", "shared-file", "allowed", "afile"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(in_place(names[i]));
	rmdir(in_place("tmp"));
	rmdir(in_place("small"));
	is_number(rmdir(place), 0, "nothing else is left in the directory");
}

static void
tests(const char *who)
{
	strcpy(place, "/tmp/lab-file-XXXXXX");
	if (!ok(mkdtemp(place) != NULL, "%s: a directory", who))
		return;
	refusals();
	protected(KIND_PRIVATE_FILE);
	protected(KIND_SHARED_FILE);
	allowed();
	clerks_work(KIND_PRIVATE_FILE);
	clerks_work(KIND_POSIX_SHM);
	found_by_path(KIND_SHARED_FILE);
	found_by_path(KIND_POSIX_SHM);
	no_name();
	no_place_to_be();
	small_disks();
	file_size_limit();
	clear_place();
}

int
main(void)
{
	unsetenv("TMPDIR");
	run_twice(tests);
	return done_testing();
}
