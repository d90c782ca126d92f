#include "config.h"
#include "draw/trial.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Ends with the process that waits for it; prints nothing itself and leaves no core. */
static void
keep_quiet(pid_t parent)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
	signal(SIGABRT, SIG_DFL);
	if (null >= 0)
		dup2(null, STDERR_FILENO);
}

static bool
trial_write_all(int fd, const void *data, size_t length)
{
	for (const char *at = data; length > 0;) {
		ssize_t count = write(fd, at, length);

		if (count < 0 && errno != EINTR)
			return false;
		if (count > 0) {
			at += count;
			length -= (size_t)count;
		}
	}
	return true;
}

/* The file with status 0, or the error with status 1. */
static _Noreturn void
make_and_end(file_maker *make, const struct drawing *drawing, int fd)
{
	struct buf file = BUF_INIT;
	struct err err = {0};
	int failed = make(&file, drawing, &err) != 0;
	bool told = failed ? trial_write_all(fd, &err, sizeof(err))
			   : trial_write_all(fd, buf_text(&file), file.length);

	buf_free(&file);
	_exit(told ? failed : 2);
}

static void
trial_read_all(int fd, struct buf *into)
{
	char chunk[65536];
	ssize_t count;

	while ((count = read(fd, chunk, sizeof(chunk))) > 0 || (count < 0 && errno == EINTR))
		if (count > 0)
			buf_add_n(into, chunk, (size_t)count);
}

static int
trial_wait_for(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return status;
}

static int
trial_take(struct buf *out, const struct buf *told, int status, bool *died, struct err *err)
{
	*died = WIFSIGNALED(status);
	if (*died)
		return -1;
	if (status == 0) {
		buf_add_n(out, buf_text(told), told->length);
		return 0;
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 1 && told->length == sizeof(*err))
		memcpy(err, buf_text(told), sizeof(*err));
	else
		err_set(err, ERR_MACHINE, "the drawing was lost on its way");
	return -1;
}

int
trial(file_maker *make, struct buf *out, const struct drawing *drawing, bool *died, struct err *err)
{
	struct buf told = BUF_INIT;
	pid_t parent = getpid(), pid;
	int ends[2], result;

	*died = false;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return err_sys(err, ERR_MACHINE, errno, "cannot make a pipe");
	pid = fork();
	if (pid == 0) {
		keep_quiet(parent);
		make_and_end(make, drawing, ends[1]);
	}
	result = errno;
	close(ends[1]);
	if (pid > 0) {
		trial_read_all(ends[0], &told);
		result = trial_take(out, &told, trial_wait_for(pid), died, err);
	} else {
		result = err_sys(err, ERR_MACHINE, result, "cannot fork");
	}
	close(ends[0]);
	buf_free(&told);
	return result;
}
