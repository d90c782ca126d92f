#include "config.h"
#include "attach/freeze.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>

#include "base/mem.h"

#define PATIENCE_NS 1000000000

static bool
is_held(const struct frozen *frozen, pid_t tid)
{
	for (size_t i = 0; i < frozen->count; i++)
		if (frozen->threads[i] == tid)
			return true;
	return false;
}

/* Waits for the thread's stop, as long as patience lasts. */
static bool
stands_still(pid_t tid, const struct timespec *until)
{
	sigset_t child;
	int status;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	for (;;) {
		pid_t got = waitpid(tid, &status, __WALL | WNOHANG);
		struct timespec now, left = {0, 1000000};

		if (got == tid)
			return WIFSTOPPED(status);
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (got < 0 || now.tv_sec > until->tv_sec || (now.tv_sec == until->tv_sec && now.tv_nsec > until->tv_nsec))
			return false;
		sigtimedwait(&child, NULL, &left); /* a stop is told by SIGCHLD; threads share it, hence the look every millisecond */
	}
}

static bool
hold_thread(struct frozen *frozen, pid_t tid, const struct timespec *until)
{
	if (ptrace(PTRACE_SEIZE, tid, NULL, NULL) < 0)
		return errno == ESRCH;
	if (frozen->count == frozen->room) {
		frozen->room = frozen->room ? frozen->room * 2 : 16;
		frozen->threads = mem_resize(frozen->threads, frozen->room, sizeof(*frozen->threads));
	}
	frozen->threads[frozen->count++] = tid;
	return ptrace(PTRACE_INTERRUPT, tid, NULL, NULL) == 0 && stands_still(tid, until);
}

/* One pass over its threads; *found: some were new. */
static bool
hold_threads(struct frozen *frozen, pid_t pid, const struct timespec *until, bool *found)
{
	char path[32];
	struct dirent *entry;
	bool good = true;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	dir = opendir(path);
	*found = false;
	while (dir && good && (entry = readdir(dir))) {
		pid_t tid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (tid <= 0 || is_held(frozen, tid))
			continue;
		*found = true;
		good = hold_thread(frozen, tid, until);
	}
	if (dir)
		closedir(dir);
	return good;
}

bool
freeze_process(struct frozen *frozen, pid_t pid)
{
	sigset_t child, before;
	struct timespec until;
	bool good, found;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, &before);
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += PATIENCE_NS / 1000000000;
	do
		good = hold_threads(frozen, pid, &until, &found);
	while (good && found); /* a thread may have started others before it stood still */
	sigprocmask(SIG_SETMASK, &before, NULL);
	return good;
}

/* A thread can be let go only while it stands still. */
static bool
let_go(pid_t tid)
{
	if (ptrace(PTRACE_DETACH, tid, NULL, NULL) == 0)
		return true;
	if (waitpid(tid, NULL, __WALL | WNOHANG) < 0) /* it ended */
		return true;
	return ptrace(PTRACE_DETACH, tid, NULL, NULL) == 0;
}

void
freeze_end(struct frozen *frozen)
{
	size_t kept = 0;

	for (size_t i = 0; i < frozen->count; i++)
		if (!let_go(frozen->threads[i]))
			frozen->threads[kept++] = frozen->threads[i];
	frozen->count = kept;
	if (kept)
		return;
	free(frozen->threads);
	memset(frozen, 0, sizeof(*frozen));
}
