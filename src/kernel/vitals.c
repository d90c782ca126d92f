#include "config.h"
#include "kernel/vitals.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define COUNTS_KEEP_NS UINT64_C(1000000000)

/* Field numbers after the state, counted from 0: proc(5). */
enum { STAT_PPID = 0, STAT_MINOR = 6, STAT_MAJOR = 8, STAT_RSS = 20, STAT_NEEDED };

static const char *
vitals_number(const char *at, const char *end, uint64_t *value)
{
	bool negative;

	while (at < end && *at == ' ')
		at++;
	negative = at < end && *at == '-';
	if (negative)
		at++;
	if (at == end || *at < '0' || *at > '9')
		return NULL;
	for (*value = 0; at < end && *at >= '0' && *at <= '9'; at++)
		*value = *value * 10 + (uint64_t)(*at - '0');
	if (negative)
		*value = 0;
	return at;
}

bool
stat_parse(struct stat_line *line, const char *text, size_t length)
{
	const char *at = memrchr(text, ')', length), *end = text + length;
	uint64_t values[STAT_NEEDED] = {0};

	if (!at || end - at < 4)
		return false;
	line->state = at[2];
	at += 3;
	for (size_t i = 0; i < STAT_NEEDED; i++) {
		at = vitals_number(at, end, &values[i]);
		if (!at)
			return false;
	}
	line->ppid = (pid_t)values[STAT_PPID];
	line->minor = values[STAT_MINOR];
	line->major = values[STAT_MAJOR];
	line->rss = values[STAT_RSS];
	return true;
}

void
vitals_init(struct vitals vitals[PROCESSES_MAX])
{
	memset(vitals, 0, PROCESSES_MAX * sizeof(vitals[0]));
	for (size_t i = 0; i < PROCESSES_MAX; i++)
		vitals[i].stat = -1;
}

static void
vitals_forget(struct vitals *vitals)
{
	if (vitals->stat >= 0)
		close(vitals->stat);
	memset(vitals, 0, sizeof(*vitals));
	vitals->stat = -1;
}

void
vitals_release(struct vitals vitals[PROCESSES_MAX])
{
	for (size_t i = 0; i < PROCESSES_MAX; i++)
		vitals_forget(&vitals[i]);
}

static void
vitals_begin(struct vitals *vitals, pid_t pid)
{
	char path[32];

	vitals_forget(vitals);
	if (pid <= 0)
		return;
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	vitals->pid = pid;
	vitals->stat = open(path, O_RDONLY | O_CLOEXEC);
}

static bool
vitals_read_stat(struct vitals *vitals)
{
	char text[1024];
	ssize_t got = vitals->stat < 0 ? -1 : pread(vitals->stat, text, sizeof(text), 0);

	return got > 0 && stat_parse(&vitals->now, text, (size_t)got);
}

static bool
pages_known(const struct process *process)
{
	return process->pages[0].pagemap_known;
}

static enum life
vitals_life_of(
    const struct vitals *vitals, const struct subject *subject, const struct process *process)
{
	if (!vitals->known) {
		if (!pages_known(process))
			return LIFE_DEAD;
	} else if (strchr("ZXx", vitals->now.state)) {
		return LIFE_DEAD;
	} else if (strchr("Tt", vitals->now.state)) {
		return LIFE_STOPPED;
	}
	return subject->busy ? LIFE_BUSY : LIFE_RUNNING;
}

void
vitals_life(struct vitals *vitals, const struct subject *subject, struct process *process)
{
	process->ppid = subject->ppid;
	process->exit_signal = subject->exit_signal;
	process->exit_status = subject->exit_status;
	process->life = LIFE_DEAD;
	if (subject->dead) {
		vitals_forget(vitals);
		return;
	}
	if (vitals->pid != subject->pid)
		vitals_begin(vitals, subject->pid);
	vitals->known = vitals_read_stat(vitals);
	if (!vitals->known) { /* it has ended; or the PID was reused */
		vitals_begin(vitals, subject->pid);
		vitals->known = vitals_read_stat(vitals);
	}
	process->life = vitals_life_of(vitals, subject, process);
	if (vitals->known)
		process->ppid = vitals->now.ppid;
	if (process->life == LIFE_DEAD) { /* its parent has not waited for it yet */
		process->exit_signal = 0;
		process->exit_status = -1;
	}
}

bool
vitals_is_stale(const struct vitals *vitals, bool moved, uint64_t now_ns)
{
	const struct stat_line *now = &vitals->now, *then = &vitals->counted_at;

	return moved || vitals->counted_ns == 0 || now_ns - vitals->counted_ns >= COUNTS_KEEP_NS ||
	    now->minor != then->minor || now->major != then->major || now->rss != then->rss;
}

void
vitals_counted(struct vitals *vitals, const struct counted *counted, uint64_t now_ns)
{
	vitals->counted = *counted;
	vitals->counted_at = vitals->now;
	vitals->counted_ns = now_ns;
}

void
vitals_copy(const struct vitals *vitals, struct process *process)
{
	if (process->life == LIFE_DEAD || vitals->counted_ns == 0)
		return;
	process->minor_faults = vitals->counted.minor_faults;
	process->major_faults = vitals->counted.major_faults;
	process->rss_anon_kib = vitals->counted.rss_anon_kib;
	process->rss_file_kib = vitals->counted.rss_file_kib;
	process->rss_shmem_kib = vitals->counted.rss_shmem_kib;
}
