#include "config.h"
#include "kernel/vitals.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define COUNTS_KEEP_NS UINT64_C(1000000000)

/* Numbers behind the state, counted from 0: proc(5). */
enum { STAT_PPID = 0, STAT_MINOR = 6, STAT_MAJOR = 8, STAT_RSS = 20, STAT_NEEDED };

static const char *
number(const char *at, const char *end, uint64_t *value)
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
		at = number(at, end, &values[i]);
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
watch_init(struct watch watch[PROCESSES_MAX])
{
	memset(watch, 0, PROCESSES_MAX * sizeof(watch[0]));
	for (size_t i = 0; i < PROCESSES_MAX; i++)
		watch[i].stat = -1;
}

static void
forget(struct watch *watch)
{
	if (watch->stat >= 0)
		close(watch->stat);
	memset(watch, 0, sizeof(*watch));
	watch->stat = -1;
}

void
watch_release(struct watch watch[PROCESSES_MAX])
{
	for (size_t i = 0; i < PROCESSES_MAX; i++)
		forget(&watch[i]);
}

static void
begin(struct watch *watch, pid_t pid)
{
	char path[32];

	forget(watch);
	if (pid <= 0)
		return;
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	watch->pid = pid;
	watch->stat = open(path, O_RDONLY | O_CLOEXEC);
}

static bool
read_stat(struct watch *watch)
{
	char text[1024];
	ssize_t got = watch->stat < 0 ? -1 : pread(watch->stat, text, sizeof(text), 0);

	return got > 0 && stat_parse(&watch->now, text, (size_t)got);
}

static bool
pages_known(const struct process *process)
{
	return process->pages[0].pagemap_known;
}

static enum life
life_of(const struct watch *watch, const struct subject *subject, const struct process *process)
{
	if (!watch->known) {
		if (!pages_known(process))
			return LIFE_DEAD;
	} else if (strchr("ZXx", watch->now.state)) {
		return LIFE_DEAD;
	} else if (strchr("Tt", watch->now.state)) {
		return LIFE_STOPPED;
	}
	return subject->busy ? LIFE_BUSY : LIFE_RUNNING;
}

void
watch_life(struct watch *watch, const struct subject *subject, struct process *process)
{
	process->ppid = subject->ppid;
	process->exit_signal = subject->exit_signal;
	process->exit_status = subject->exit_status;
	process->life = LIFE_DEAD;
	if (subject->dead) {
		forget(watch);
		return;
	}
	if (watch->pid != subject->pid)
		begin(watch, subject->pid);
	watch->known = read_stat(watch);
	if (!watch->known) { /* gone; or the pid belongs to someone new */
		begin(watch, subject->pid);
		watch->known = read_stat(watch);
	}
	process->life = life_of(watch, subject, process);
	if (watch->known)
		process->ppid = watch->now.ppid;
	if (process->life == LIFE_DEAD) { /* nobody has waited for it yet */
		process->exit_signal = 0;
		process->exit_status = -1;
	}
}

bool
watch_is_stale(const struct watch *watch, bool moved, uint64_t now_ns)
{
	const struct stat_line *now = &watch->now, *then = &watch->counted_at;

	return moved || watch->counted_ns == 0 || now_ns - watch->counted_ns >= COUNTS_KEEP_NS ||
	       now->minor != then->minor || now->major != then->major || now->rss != then->rss;
}

void
watch_counted(struct watch *watch, const struct counted *counted, uint64_t now_ns)
{
	watch->counted = *counted;
	watch->counted_at = watch->now;
	watch->counted_ns = now_ns;
}

void
watch_copy(const struct watch *watch, struct process *process)
{
	if (process->life == LIFE_DEAD || watch->counted_ns == 0)
		return;
	process->minor_faults = watch->counted.minor_faults;
	process->major_faults = watch->counted.major_faults;
	process->rss_anon_kib = watch->counted.rss_anon_kib;
	process->rss_file_kib = watch->counted.rss_file_kib;
	process->rss_shmem_kib = watch->counted.rss_shmem_kib;
}
