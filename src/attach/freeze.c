#include "config.h"
#include "attach/freeze.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>

#include "base/mem.h"

#define PATIENCE_SECONDS 1

/* A thread that is held, and the signal that it was about to get when it stopped; 0: none. */
struct still {
	pid_t tid;
	int signal;
};

struct freeze {
	const pid_t *pids; /* until ready */
	size_t pid_count;
	struct still *threads;
	size_t count, room;
	bool good, in_time;
	sem_t ready, over;
	pthread_t tracer;
	sigset_t before;
};

static bool
is_held(const struct freeze *freeze, pid_t tid)
{
	for (size_t i = 0; i < freeze->count; i++)
		if (freeze->threads[i].tid == tid)
			return true;
	return false;
}

/* Has it stopped? WNOWAIT: what is not waited for, the kernel gives back by itself should we die, the signal too. */
static bool
has_stopped(struct still *still, bool *ended)
{
	siginfo_t info = {0};

	*ended = waitid(P_PID, (id_t)still->tid, &info, WSTOPPED | WEXITED | WNOHANG | WNOWAIT | __WALL) < 0;
	if (*ended || !info.si_pid)
		return false;
	*ended = info.si_code != CLD_TRAPPED && info.si_code != CLD_STOPPED;
	still->signal = *ended || info.si_status >> 8 ? 0 : info.si_status; /* above: PTRACE_EVENT_STOP, no signal */
	return !*ended;
}

/* Waits for the thread's stop, as long as patience lasts. */
static bool
stands_still(struct still *still, const struct timespec *until)
{
	const struct timespec pause = {0, 200000};
	struct timespec now;
	bool ended;

	for (;;) {
		if (has_stopped(still, &ended) || ended)
			return true;
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec > until->tv_sec || (now.tv_sec == until->tv_sec && now.tv_nsec > until->tv_nsec))
			return false;
		nanosleep(&pause, NULL);
	}
}

static bool
hold_thread(struct freeze *freeze, pid_t tid, const struct timespec *until)
{
	struct still still = {tid, 0};
	bool good;

	if (ptrace(PTRACE_SEIZE, tid, NULL, NULL) < 0)
		return errno == ESRCH;
	good = ptrace(PTRACE_INTERRUPT, tid, NULL, NULL) == 0 && stands_still(&still, until);
	if (freeze->count == freeze->room) {
		freeze->room = freeze->room ? freeze->room * 2 : 16;
		freeze->threads = mem_resize(freeze->threads, freeze->room, sizeof(*freeze->threads));
	}
	freeze->threads[freeze->count++] = still;
	return good;
}

/* One pass over its threads; *found: some were new. */
static bool
hold_threads(struct freeze *freeze, pid_t pid, const struct timespec *until, bool *found)
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

		if (tid <= 0 || is_held(freeze, tid))
			continue;
		*found = true;
		good = hold_thread(freeze, tid, until);
	}
	if (dir)
		closedir(dir);
	return good;
}

static bool
hold_process(struct freeze *freeze, pid_t pid)
{
	struct timespec until;
	bool good, found;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += PATIENCE_SECONDS;
	do
		good = hold_threads(freeze, pid, &until, &found);
	while (good && found); /* a thread may have started others before it stood still */
	return good;
}

/* A thread can be let go only while it stands still; of the others the kernel lets go as the tracer ends. */
static void
let_go(struct still *still)
{
	bool ended;

	if (ptrace(PTRACE_DETACH, still->tid, NULL, (void *)(uintptr_t)still->signal) < 0 && has_stopped(still, &ended))
		ptrace(PTRACE_DETACH, still->tid, NULL, (void *)(uintptr_t)still->signal);
}

static void *
trace(void *data)
{
	struct freeze *freeze = data;
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += FREEZE_MOST_SECONDS;
	freeze->good = true;
	for (size_t i = 0; i < freeze->pid_count; i++)
		freeze->good &= hold_process(freeze, freeze->pids[i]);
	sem_post(&freeze->ready);
	while (!(freeze->in_time = sem_timedwait(&freeze->over, &until) == 0) && errno == EINTR)
		;
	for (size_t i = 0; i < freeze->count; i++)
		let_go(&freeze->threads[i]);
	return NULL;
}

/* Signals are for the thread that began; Ctrl-Z waits until everybody goes on. */
static bool
start_tracer(struct freeze *freeze)
{
	sigset_t all, ours;
	bool good;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &freeze->before);
	good = pthread_create(&freeze->tracer, NULL, trace, freeze) == 0;
	ours = freeze->before;
	if (good)
		sigaddset(&ours, SIGTSTP);
	pthread_sigmask(SIG_SETMASK, &ours, NULL);
	return good;
}

static void
release(struct freeze *freeze)
{
	sem_destroy(&freeze->ready);
	sem_destroy(&freeze->over);
	free(freeze->threads);
	free(freeze);
}

struct freeze *
freeze_begin(const pid_t *pids, size_t count, bool *still)
{
	struct freeze *freeze = mem_zero(1, sizeof(*freeze));

	freeze->pids = pids;
	freeze->pid_count = count;
	sem_init(&freeze->ready, 0, 0);
	sem_init(&freeze->over, 0, 0);
	if (!start_tracer(freeze)) {
		release(freeze);
		*still = false;
		return NULL;
	}
	while (sem_wait(&freeze->ready) < 0 && errno == EINTR)
		;
	*still = freeze->good;
	return freeze;
}

bool
freeze_end(struct freeze *freeze)
{
	bool in_time;

	if (!freeze)
		return false;
	sem_post(&freeze->over);
	pthread_join(freeze->tracer, NULL);
	pthread_sigmask(SIG_SETMASK, &freeze->before, NULL);
	in_time = freeze->in_time;
	release(freeze);
	return in_time;
}
