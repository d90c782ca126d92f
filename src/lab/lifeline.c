#include "config.h"
#include "lab/lifeline.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int
lifeline_open(int ends[2])
{
	return pipe2(ends, O_CLOEXEC);
}

pid_t
lifeline_fork(void)
{
	sigset_t all, old;
	pid_t pid;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	pid = fork();
	if (pid != 0)
		sigprocmask(SIG_SETMASK, &old, NULL);
	return pid;
}

static bool
cut(int end)
{
	struct pollfd wait = {.fd = end, .events = POLLIN};

	return poll(&wait, 1, 0) != 0;
}

int
lifeline_arm(int end)
{
	if (fcntl(end, F_SETOWN, getpid()) < 0 || fcntl(end, F_SETSIG, SIGKILL) < 0)
		return -1;
	if (fcntl(end, F_SETFL, O_ASYNC) < 0)
		return -1;
	return cut(end) ? -1 : 0; /* it closed before we armed: no signal would have come */
}

static bool
lifeline_is_kept(int *keep[], size_t count, int fd)
{
	for (size_t i = 0; i < count; i++)
		if (*keep[i] == fd)
			return true;
	return false;
}

static int
lowest_kept_from(int *keep[], size_t count, int from)
{
	int lowest = INT_MAX;

	for (size_t i = 0; i < count; i++)
		if (*keep[i] >= from && *keep[i] < lowest)
			lowest = *keep[i];
	return lowest;
}

static int
close_between(int first, int last)
{
#ifdef SYS_close_range
	return first > last ? 0 : (int)syscall(SYS_close_range, first, last, 0);
#else
	(void)first, (void)last;
	errno = ENOSYS;
	return -1;
#endif
}

static int
close_gaps(int *keep[], size_t count)
{
	int from = 3;

	while (from < INT_MAX) {
		int kept = lowest_kept_from(keep, count, from);

		if (close_between(from, kept == INT_MAX ? INT_MAX : kept - 1) < 0)
			return -1;
		from = kept == INT_MAX ? INT_MAX : kept + 1;
	}
	return 0;
}

static int
close_listed(int *keep[], size_t count)
{
	DIR *list = opendir("/proc/self/fd");
	struct dirent *entry;

	if (!list)
		return -1;
	while ((entry = readdir(list))) {
		int fd = atoi(entry->d_name);

		if (fd > 2 && fd != dirfd(list) && !lifeline_is_kept(keep, count, fd))
			close(fd);
	}
	closedir(list);
	return 0;
}

static int
move_up(int *fd)
{
	if (*fd < 0 || *fd > 2)
		return 0;
	*fd = fcntl(*fd, F_DUPFD_CLOEXEC, 3);
	return *fd < 0 ? -1 : 0;
}

int
lifeline_close_others(int *keep[], size_t count, int *dead_end)
{
	for (size_t i = 0; i < count; i++)
		if (move_up(keep[i]) < 0)
			return -1;
	if (close_gaps(keep, count) < 0 && close_listed(keep, count) < 0)
		return -1;
	for (int fd = 0; fd < 3; fd++)
		if (dup2(*dead_end, fd) < 0)
			return -1;
	return 0;
}
