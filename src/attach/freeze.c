#include "config.h"
#include "attach/freeze.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "attach/held.h"
#include "attach/reader.h"
#include "base/clock.h"
#include "base/mem.h"

#define SECOND_NS UINT64_C(1000000000)
#define PATIENCE_NS SECOND_NS
#define LOOK_MS 100 /* how often we check whether we are stopped */

enum { GOOD = 'y', BAD = 'n' };

/* A held thread, and the signal it was about to receive when it stopped; 0: none. */
struct still {
	pid_t tid;
	int signal;
};

/* In the guard. */
struct hold {
	struct still *threads;
	size_t count, room;
	uint64_t until_ns; /* CLOCK_MONOTONIC */
};

struct freeze {
	pid_t guard;
	int link;
	sigset_t before;
};

static bool
is_held(const struct hold *hold, pid_t tid)
{
	for (size_t i = 0; i < hold->count; i++)
		if (hold->threads[i].tid == tid)
			return true;
	return false;
}

/* Has it stopped? WNOWAIT leaves the status unwaited for: if we die, the kernel restores it, signal
 * included. */
static bool
has_stopped(struct still *still, bool *ended)
{
	siginfo_t info = {0};

	*ended = waitid(P_PID, (id_t)still->tid, &info,
		     WSTOPPED | WEXITED | WNOHANG | WNOWAIT | __WALL) < 0;
	if (*ended || !info.si_pid)
		return false;
	*ended = info.si_code != CLD_TRAPPED && info.si_code != CLD_STOPPED;
	/* above: PTRACE_EVENT_STOP, no signal */
	still->signal = *ended || info.si_status >> 8 ? 0 : info.si_status;
	return !*ended;
}

/* Waits for the thread to stop, as long as patience lasts. */
static bool
stands_still(struct still *still, uint64_t until_ns)
{
	const struct timespec pause = {0, 200000};
	bool ended;

	for (;;) {
		if (has_stopped(still, &ended) || ended)
			return true;
		if (clock_steady_ns() > until_ns)
			return false;
		nanosleep(&pause, NULL);
	}
}

/* A thread can be let go only while it stands still; of the others the kernel lets go as the guard
 * ends. */
static void
freeze_let_go(struct still *still)
{
	bool ended;

	if (ptrace(PTRACE_DETACH, still->tid, NULL, (void *)(uintptr_t)still->signal) < 0 &&
	    has_stopped(still, &ended))
		ptrace(PTRACE_DETACH, still->tid, NULL, (void *)(uintptr_t)still->signal);
}

/* A thread that cannot be traced because it has ended, as the first thread may before the
 * others, does not move. */
static bool
freeze_is_over(int tasks, const char *name)
{
	char path[32];
	struct stat_facts facts;

	snprintf(path, sizeof(path), "%.16s/stat", name);
	return !stat_facts_at(tasks, path, &facts) || facts.state == 'Z' || facts.state == 'X';
}

static bool
hold_thread(struct hold *hold, int tasks, const char *name)
{
	struct still still = {(pid_t)strtol(name, NULL, 10), 0};
	struct stat there;
	bool good;

	if (ptrace(PTRACE_SEIZE, still.tid, NULL, NULL) < 0)
		return errno == ESRCH || freeze_is_over(tasks, name);
	good = ptrace(PTRACE_INTERRUPT, still.tid, NULL, NULL) == 0 &&
	    stands_still(&still, hold->until_ns);
	if (fstatat(tasks, name, &there, 0) <
	    0) { /* it ended, and its number may be another one's */
		freeze_let_go(&still);
		return true;
	}
	if (hold->count == hold->room) {
		hold->room = hold->room ? hold->room * 2 : 16;
		hold->threads = mem_resize(hold->threads, hold->room, sizeof(*hold->threads));
	}
	hold->threads[hold->count++] = still;
	return good;
}

/* One pass over the threads of a process; *found: some were new. */
static bool
hold_threads(struct hold *hold, int process, bool *found)
{
	int fd = openat(process, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *tasks = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	bool good = true;

	*found = false;
	while (tasks && good && (entry = readdir(tasks))) {
		pid_t tid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (tid <= 0 || is_held(hold, tid) || freeze_is_over(fd, entry->d_name))
			continue;
		*found = true;
		good = hold_thread(hold, fd, entry->d_name);
	}
	if (tasks)
		closedir(tasks);
	else if (fd >= 0)
		close(fd);
	return good;
}

static bool
hold_process(struct hold *hold, int process)
{
	bool good, found;

	do
		good = hold_threads(hold, process, &found);
	while (good && found); /* a thread may have started others before it stood still */
	return good;
}

static void
say(int link, bool good)
{
	char word = good ? GOOD : BAD;

	if (send(link, &word, 1, MSG_NOSIGNAL) < 0)
		return; /* nobody is there to be told */
}

static bool
is_stopped(pid_t pid)
{
	struct stat_facts facts;

	return stat_facts_of(pid, &facts) && facts.state == 'T';
}

/* Until it is over. false: that came from nobody. */
static bool
wait_for_end(int link, pid_t ward, uint64_t until_ns)
{
	struct pollfd fd = {link, POLLIN, 0};
	char word;

	while (clock_steady_ns() < until_ns && !is_stopped(ward))
		if (poll(&fd, 1, LOOK_MS) > 0)
			return recv(link, &word, 1, MSG_DONTWAIT) == 1;
	return false;
}

_Noreturn static void
guard(int link, pid_t ward, const int *dirs, size_t count)
{
	struct hold hold = {.until_ns = clock_steady_ns() + PATIENCE_NS};
	uint64_t until_ns = clock_steady_ns() + FREEZE_MOST_SECONDS * SECOND_NS;
	bool good = true;

	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* should it be stopped itself */
	if (getppid() != ward)
		_exit(1);
	for (size_t i = 0; i < count; i++)
		good &= hold_process(&hold, dirs[i]);
	say(link, good);
	good = wait_for_end(link, ward, until_ns);
	for (size_t i = 0; i < hold.count; i++)
		freeze_let_go(&hold.threads[i]);
	say(link, good);
	_exit(0);
}

/* Signals are not for the guard; Ctrl-Z waits until everybody goes on. */
static bool
start_guard(struct freeze *freeze, const int *dirs, size_t count)
{
	pid_t ward = getpid();
	sigset_t all, ours;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return false;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &freeze->before);
	freeze->guard = fork();
	if (freeze->guard == 0) {
		close(ends[0]);
		guard(ends[1], ward, dirs, count);
	}
	ours = freeze->before;
	if (freeze->guard > 0)
		sigaddset(&ours, SIGTSTP);
	sigprocmask(SIG_SETMASK, &ours, NULL);
	close(ends[1]);
	freeze->link = ends[0];
	if (freeze->guard < 0)
		close(freeze->link);
	return freeze->guard > 0;
}

/* What the guard says. Should somebody have stopped it, it is ended, and holds nobody any more. */
static bool
freeze_hear(const struct freeze *freeze)
{
	struct pollfd fd = {freeze->link, POLLIN, 0};
	uint64_t until_ns = clock_steady_ns() + FREEZE_MOST_SECONDS * SECOND_NS;
	char word = BAD;
	int found;

	while ((found = poll(&fd, 1, LOOK_MS)) <= 0 && clock_steady_ns() < until_ns)
		;
	if (found <= 0)
		kill(freeze->guard, SIGKILL);
	else if (recv(freeze->link, &word, 1, MSG_DONTWAIT) != 1)
		word = BAD;
	return word == GOOD;
}

struct freeze *
freeze_begin(const int *dirs, size_t count, bool *still)
{
	struct freeze *freeze = mem_zero(1, sizeof(*freeze));

	*still = false;
	if (!start_guard(freeze, dirs, count)) {
		free(freeze);
		return NULL;
	}
	*still = freeze_hear(freeze);
	return freeze;
}

int
freeze_pagemap(const struct freeze *freeze)
{
	char path[32];

	if (!freeze)
		return -1;
	snprintf(path, sizeof(path), "/proc/%d/pagemap", (int)freeze->guard);
	return open(path, O_RDONLY | O_CLOEXEC);
}

bool
freeze_end(struct freeze *freeze)
{
	bool in_time;

	if (!freeze)
		return false;
	say(freeze->link, true);
	in_time = freeze_hear(freeze);
	close(freeze->link);
	while (waitpid(freeze->guard, NULL, 0) < 0 && errno == EINTR)
		;
	sigprocmask(SIG_SETMASK, &freeze->before, NULL);
	free(freeze);
	return in_time;
}
