#include "config.h"
#include "attach/held.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "kernel/pagemap.h"
#include "model/pagemap_bits.h"

#define TEXT_MOST ((size_t)128 * 1024)
#define FORKNOEXEC 0x00000040 /* PF_FORKNOEXEC: forked, and did not exec since */
#define KTHREAD 0x00200000    /* PF_KTHREAD of the kernel's sched.h, in the flags of stat */

/* Fields of stat after the state, counted from 0. */
enum {
	FIELD_PPID = 0,
	FIELD_FLAGS = 5,
	FIELD_CHILDREN_MINOR = 7,
	FIELD_CHILDREN_MAJOR = 9,
	FIELD_CHILDREN_USER = 12,
	FIELD_CHILDREN_SYSTEM,
	FIELD_THREADS = 16,
	FIELD_START = 18,
	FIELD_START_CODE = 22,
	FIELD_END_CODE,
	FIELD_START_STACK,
	FIELD_ARGS = 44,
	FIELD_ARGS_END,
	FIELD_COUNT
};

bool
stat_facts_parse(struct stat_facts *facts, const char *text, size_t length)
{
	const char *open = memchr(text, '(', length), *close = memrchr(text, ')', length), *at;
	uint64_t fields[FIELD_COUNT];
	size_t name;

	memset(facts, 0, sizeof(*facts));
	if (!open || !close || close < open || close + 4 > text + length)
		return false;
	name = (size_t)(close - open - 1);
	memcpy(facts->comm, open + 1, name < sizeof(facts->comm) ? name : sizeof(facts->comm) - 1);
	facts->state = close[2];
	at = close + 3;
	for (int i = 0; i < FIELD_COUNT; i++) {
		char *end;

		fields[i] = strtoull(at, &end, 10);
		if (end == at)
			return false;
		at = end;
	}
	facts->ppid = (pid_t)fields[FIELD_PPID];
	facts->kernel = fields[FIELD_FLAGS] & KTHREAD;
	facts->execed = !(fields[FIELD_FLAGS] & FORKNOEXEC);
	facts->waited = fields[FIELD_CHILDREN_MINOR] + fields[FIELD_CHILDREN_MAJOR] +
	    fields[FIELD_CHILDREN_USER] + fields[FIELD_CHILDREN_SYSTEM];
	facts->threads = fields[FIELD_THREADS];
	facts->start_ticks = fields[FIELD_START];
	facts->start_code = fields[FIELD_START_CODE];
	facts->end_code = fields[FIELD_END_CODE];
	facts->start_stack = fields[FIELD_START_STACK];
	facts->args = fields[FIELD_ARGS];
	facts->args_end = fields[FIELD_ARGS_END];
	return true;
}

/* A partial reading is an error: NULL and errno, which is 0 if there was nothing. */
static char *
text_of(int fd, size_t *length)
{
	char *text = mem_resize(NULL, TEXT_MOST + 1, 1);
	ssize_t got = 0;

	*length = 0;
	errno = 0;
	while (*length < TEXT_MOST &&
	    ((got = read(fd, text + *length, TEXT_MOST - *length)) > 0 ||
		(got < 0 && errno == EINTR)))
		*length += got > 0 ? (size_t)got : 0;
	text[*length] = '\0';
	if (got >= 0 && *length)
		return mem_resize(text, *length + 1, 1);
	if (got >= 0)
		errno = 0;
	free(text);
	return NULL;
}

static char *
text_at(int dir, const char *name, size_t *length)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC), errnum;
	char *text;

	if (fd < 0)
		return NULL;
	text = text_of(fd, length);
	errnum = errno;
	close(fd);
	errno = errnum;
	return text;
}

char *
held_text(const struct held *held, const char *name, size_t *length)
{
	errno = ENOENT;
	return held->dir < 0 ? NULL : text_at(held->dir, name, length);
}

bool
stat_facts_at(int dir, const char *name, struct stat_facts *facts)
{
	size_t length;
	char *text = text_at(dir, name, &length);
	bool good = text && stat_facts_parse(facts, text, length);

	if (text && !good)
		errno = EBADMSG;
	free(text);
	return good;
}

/* Of a file of a process that has ended. */
static bool
is_of_nobody(int errnum)
{
	return errnum == ESRCH || errnum == ENOENT || errnum == 0;
}

static bool
held_read_stat(int dir, struct stat_facts *facts)
{
	return stat_facts_at(dir, "stat", facts);
}

static int
open_directory(pid_t pid)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

bool
stat_facts_of(pid_t pid, struct stat_facts *facts)
{
	int dir = open_directory(pid);
	bool good = dir >= 0 && held_read_stat(dir, facts);

	if (dir >= 0)
		close(dir);
	return good;
}

static void
read_status(struct held *held)
{
	size_t length;
	char *text = held_text(held, "status", &length),
	     *uid = text ? strstr(text, "\nUid:\t") : NULL,
	     *ignored = text ? strstr(text, "\nSigIgn:\t") : NULL;

	if (uid)
		held->uid = (uid_t)strtoul(uid + 6, NULL, 10);
	held->forgets_children = !ignored || strtoull(ignored + 9, NULL, 16) >> (SIGCHLD - 1) & 1;
	free(text);
}

static bool
is_page_present(int pagemap, uint64_t address, uint64_t size)
{
	uint64_t entry;

	return pagemap_read(pagemap, address / size * size, (uint32_t)size, &entry, 1) == 1 &&
	    pm_present(entry);
}

static bool
is_address_mapped(const struct maps *maps, uint64_t address)
{
	for (size_t i = 0; i < maps->count; i++)
		if (address >= maps->list[i].start && address < maps->list[i].end)
			return true;
	return false;
}

/* The process chooses where its arguments end; the kernel looks at the last byte first. */
bool
stat_arguments_present(const struct stat_facts *facts, int pagemap, const struct maps *maps)
{
	uint64_t size = (uint64_t)sysconf(_SC_PAGESIZE), title = facts->args + size - 1;

	if (facts->args_end <= facts->args)
		return true;
	if (!is_page_present(pagemap, facts->args_end - 1, size) ||
	    (is_address_mapped(maps, title) && !is_page_present(pagemap, title, size)))
		return false;
	for (uint64_t at = facts->args / size * size;
	     at < facts->args_end && at < facts->args + TEXT_MOST; at += size)
		if (!is_page_present(pagemap, at, size))
			return false;
	return true;
}

static void
read_command_line(struct held *held)
{
	size_t length;
	char *text = held_text(held, "cmdline", &length);

	free(held->command_line);
	held->command_line = NULL;
	if (!text)
		return;
	while (length && text[length - 1] == '\0')
		length--;
	for (size_t i = 0; i < length; i++)
		text[i] = text[i] ? text[i] : ' ';
	held->command_line = mem_string_n(text, length < 4096 ? length : 4096);
	free(text);
}

/* kill(2) says that it exists, without sending anything: then it is hidden. */
static bool
is_hidden(pid_t pid)
{
	return kill(pid, 0) == 0 || errno == EPERM;
}

bool
held_open(struct held *held, pid_t pid)
{
	memset(held, 0, sizeof(*held));
	held->pid = held->thread = pid;
	held->pagemap = held->contents = -1;
	held->memory_of = MEMBER_NONE;
	held->pss_kib = held->tables_kib = COUNT_UNKNOWN;
	held->uid = (uid_t)-1;
	held->dir = open_directory(pid);
	if (held->dir >= 0 && (held_read_stat(held->dir, &held->stat) || !is_of_nobody(errno))) {
		read_status(held);
		return true;
	}
	held_close(held);
	held->dir = -1;
	held->life = MEMBER_DENIED;
	held->errnum = ENOENT;
	return is_hidden(pid);
}

static void
close_memory(struct held *held)
{
	if (held->pagemap >= 0)
		close(held->pagemap);
	if (held->contents >= 0)
		close(held->contents);
	held->pagemap = held->contents = -1;
	held->contents_errnum = 0;
}

void
held_close(struct held *held)
{
	close_memory(held);
	if (held->dir >= 0)
		close(held->dir);
	free(held->command_line);
	free(held->parent);
	maps_release(&held->maps);
	held->dir = -1;
	held->command_line = held->parent = NULL;
}

static void
without_memory(struct held *held, enum member_life life, int errnum)
{
	held->life = life;
	held->errnum = errnum;
	held->lineage = 0;
	held->pss_kib = held->tables_kib = COUNT_UNKNOWN;
	held->pss_ns = 0;
	close_memory(held);
	maps_release(&held->maps);
}

static bool
held_has_ended(const struct stat_facts *stat)
{
	return strchr("ZXx", stat->state);
}

/* If the first thread ended before the others, it looks like a zombie, and they still have the
 * memory. */
static void
find_thread(struct held *held)
{
	int fd = openat(held->dir, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *threads = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	while (threads && (entry = readdir(threads))) {
		char name[sizeof(entry->d_name) + 8];
		struct stat_facts facts;

		snprintf(name, sizeof(name), "%s/stat", entry->d_name);
		if (entry->d_name[0] == '.' || !stat_facts_at(fd, name, &facts) ||
		    held_has_ended(&facts))
			continue;
		held->thread = (pid_t)strtol(entry->d_name, NULL, 10);
		held->stat.state = facts.state;
		held->stat.start_code = facts.start_code;
		held->stat.end_code = facts.end_code;
		held->stat.start_stack = facts.start_stack;
		break;
	}
	if (threads)
		closedir(threads);
	else if (fd >= 0)
		close(fd);
}

static enum member_life
held_life_of(const struct stat_facts *stat)
{
	if (held_has_ended(stat))
		return MEMBER_ZOMBIE;
	if (stat->kernel)
		return MEMBER_KERNEL;
	return stat->state == 'T' || stat->state == 't' ? MEMBER_STOPPED : MEMBER_RUNNING;
}

#define HASH_FACTOR UINT64_C(0x9E3779B97F4A7C15)

static uint64_t
lineage_of(const struct stat_facts *stat, uint64_t origin)
{
	uint64_t hash = stat->start_code;

	hash = hash * HASH_FACTOR + stat->end_code;
	hash = hash * HASH_FACTOR + stat->start_stack;
	hash = hash * HASH_FACTOR + origin;
	return hash ? hash : 1;
}

static bool
is_placed_alike(const struct stat_facts *one, const struct stat_facts *other)
{
	return one->start_code == other->start_code && one->end_code == other->end_code &&
	    one->start_stack == other->start_stack;
}

/* exec gives it a new memory, and a descriptor of the old one's pagemap reads nothing any more. */
static bool
has_execed_since(const struct held *held)
{
	uint64_t entry;

	return held->lineage && held->pagemap >= 0 && held->stat.execed &&
	    pagemap_read(held->pagemap, held->stat.start_stack, (uint32_t)sysconf(_SC_PAGESIZE),
		&entry, 1) == 0;
}

/* Its origin, with the stat that it has now. */
static void
find_origin(struct held *held, const struct stat_facts *before)
{
	const struct stat_facts *stat = &held->stat;

	held->execs += has_execed_since(held);
	if (stat->execed)
		held->origin =
		    ((uint64_t)held->pid * HASH_FACTOR + stat->start_ticks) * HASH_FACTOR +
		    held->execs;
	else if (!held->lineage || !is_placed_alike(stat, before))
		held->origin = 0;
}

void
held_descend(struct held *held, const struct held *parent)
{
	if (held->stat.execed || held->origin || !held->lineage ||
	    !is_placed_alike(&held->stat, &parent->stat))
		return;
	held->origin = parent->origin;
	held->lineage = lineage_of(&held->stat, held->origin);
}

bool
held_is_unread(const struct held *held)
{
	return held->life == MEMBER_DENIED && held->errnum != EACCES && held->errnum != EPERM &&
	    held->errnum != ENOENT;
}

bool
held_is_there(const struct held *held)
{
	struct stat_facts facts;

	return held->dir >= 0 && (held_read_stat(held->dir, &facts) || !is_of_nobody(errno));
}

void
held_set_lost(struct held *held)
{
	held->lost = true;
	held->lost_errnum = errno;
}

#define NAME_MOST 40

static const char *
of_thread(char name[NAME_MOST], const struct held *held, const char *file)
{
	if (held->thread == held->pid)
		return file;
	snprintf(name, NAME_MOST, "task/%d/%s", (int)held->thread, file);
	return name;
}

static bool
open_memory(struct held *held)
{
	char name[NAME_MOST];
	int fd;

	close_memory(held);
	held->pagemap = openat(held->dir, of_thread(name, held, "pagemap"), O_RDONLY | O_CLOEXEC);
	fd = held->pagemap < 0
	    ? -1
	    : openat(held->dir, of_thread(name, held, "maps"), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (!maps_read(&held->maps, fd)) {
		int errnum = errno;

		close(fd);
		errno = errnum;
		return false;
	}
	close(fd);
	return true;
}

bool
held_open_contents(struct held *held)
{
	char name[NAME_MOST];

	if (held->contents >= 0 || held->contents_errnum)
		return held->contents >= 0;
	held->contents = openat(held->dir, of_thread(name, held, "mem"), O_RDONLY | O_CLOEXEC);
	held->contents_errnum = held->contents < 0 ? errno : 0;
	return held->contents >= 0;
}

static void
set_gone(struct held *held, uint64_t now_ns)
{
	without_memory(held, MEMBER_GONE, 0);
	if (held->dir >= 0)
		close(held->dir);
	held->dir = -1;
	held->left_ns = now_ns;
}

static void
read_tables(struct held *held)
{
	char name[NAME_MOST];
	size_t length;
	char *text = held_text(held, of_thread(name, held, "status"), &length),
	     *line = text ? strstr(text, "\nVmPTE:") : NULL;

	held->tables_kib = line ? strtoull(line + 7, NULL, 10) : COUNT_UNKNOWN;
	free(text);
}

void
held_refresh(struct held *held, uint64_t now_ns)
{
	struct stat_facts stat, before;
	uint64_t lineage;
	bool anew;

	held->lost = false;
	held->lost_errnum = 0;
	if (held->life == MEMBER_GONE)
		return;
	if (held->dir < 0) {
		if (!is_hidden(held->pid))
			set_gone(held, now_ns);
		return;
	}
	if (!held_read_stat(held->dir, &stat)) {
		if (is_of_nobody(errno))
			set_gone(held, now_ns);
		else
			without_memory(held, MEMBER_DENIED, errno);
		return;
	}
	before = held->stat;
	held->stat = stat;
	held->thread = held->pid;
	if (held->stat.state == 'Z')
		find_thread(held);
	find_origin(held, &before);
	held->life = held_life_of(&held->stat);
	held->errnum = 0;
	lineage = lineage_of(&held->stat, held->origin);
	anew = lineage != held->lineage || !held->command_line;
	if (held->life == MEMBER_ZOMBIE || held->life == MEMBER_KERNEL) {
		without_memory(held, held->life, 0);
	} else if (!open_memory(held)) {
		int errnum = errno;

		if (is_of_nobody(errnum)) /* it is ending: its memory is gone already */
			without_memory(held, MEMBER_ZOMBIE, 0);
		else
			without_memory(held, MEMBER_DENIED, errnum);
		if (anew)
			read_command_line(held); /* nothing else is shown of who is denied */
	} else {
		held->lineage = lineage;
		read_tables(held);
		if (anew && stat_arguments_present(&held->stat, held->pagemap, &held->maps))
			read_command_line(held);
	}
}

int
held_memory_order(const struct held *held, const struct held *other)
{
	long order = syscall(SYS_kcmp, held->thread, other->thread, KCMP_VM, 0, 0);

	return order == 0 ? 0 : order == 1 ? -1 : order == 2 ? 1 : HELD_NO_ORDER;
}

void
held_read_pss(struct held *held, uint64_t now_ns)
{
	uint64_t began = clock_steady_ns();
	char name[NAME_MOST];
	size_t length;
	char *text = held_text(held, of_thread(name, held, "smaps_rollup"), &length),
	     *line = text ? strstr(text, "\nPss:") : NULL;

	held->pss_kib = line ? strtoull(line + 5, NULL, 10) : COUNT_UNKNOWN;
	held->pss_ns = now_ns;
	held->pss_cost_ns = clock_steady_ns() - began;
	free(text);
}
