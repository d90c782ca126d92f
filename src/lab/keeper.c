#include "config.h"
#include "lab/keeper.h"
#include "lab/lifeline.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

int
keeper_take_name(int file, const char *path)
{
	struct stat named, ours;

	if (lstat(path, &named) < 0 || fstat(file, &ours) < 0)
		return errno;
	if (named.st_dev != ours.st_dev || named.st_ino != ours.st_ino)
		return ESTALE;
	return unlink(path) < 0 ? errno : 0;
}

/* Locked before it has the name, so that a sweep sees that it is in use: the lock ends with the
 * last of our processes. */
static int
give_name(int file, const char *path)
{
	char link[32];

	flock(file, LOCK_SH);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", file);
	return linkat(AT_FDCWD, link, AT_FDCWD, path, AT_SYMLINK_FOLLOW) < 0 ? errno : 0;
}

/* In a session of its own, so that signals to the others' process group don't reach it. */
static _Noreturn void
keeper_keep(int file, const char *path, int lifeline, int answer)
{
	int *kept[] = {&file, &lifeline, &answer};
	sigset_t all;
	int errnum;
	char byte;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	setsid();
	prctl(PR_SET_NAME, "cowscope-name");
	if (lifeline_close_others(kept, 3, &lifeline) < 0)
		_exit(1);
	errnum = give_name(file, path);
	if (write(answer, &errnum, sizeof(errnum)) == sizeof(errnum) && errnum)
		_exit(0);
	close(answer);
	while (read(lifeline, &byte, 1) < 0 && errno == EINTR)
		;
	keeper_take_name(file, path);
	_exit(0);
}

static int
keeper_hear(int answer)
{
	int errnum;
	ssize_t got;

	do
		got = read(answer, &errnum, sizeof(errnum));
	while (got < 0 && errno == EINTR);
	return got == sizeof(errnum) ? errnum : EIO;
}

int
keeper_start(int file, const char *path, int lifeline, pid_t *pid)
{
	int answer[2], errnum;

	if (pipe2(answer, O_CLOEXEC) < 0)
		return errno;
	*pid = fork();
	errnum = errno;
	if (*pid == 0)
		keeper_keep(file, path, lifeline, answer[1]);
	close(answer[1]);
	if (*pid > 0)
		errnum = keeper_hear(answer[0]);
	close(answer[0]);
	return errnum;
}
