#include "config.h"
#include "attach/who.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach/held.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"

#define COMM_MAX 15

struct found {
	pid_t pid, ppid;
	uint64_t start_ticks;
	char comm[64];
};

void
pids_add(struct pids *pids, pid_t pid)
{
	for (size_t i = 0; i < pids->count; i++)
		if (pids->list[i] == pid)
			return;
	if (pids->count == pids->room) {
		pids->room = pids->room ? pids->room * 2 : 16;
		pids->list = mem_resize(pids->list, pids->room, sizeof(*pids->list));
	}
	pids->list[pids->count++] = pid;
}

void
pids_free(struct pids *pids)
{
	free(pids->list);
	memset(pids, 0, sizeof(*pids));
}

/* The numeric names in a directory. */
static bool
numbers_in(const char *path, struct pids *numbers)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	if (!dir)
		return false;
	while ((entry = readdir(dir))) {
		char *end;
		long number = strtol(entry->d_name, &end, 10);

		if (*end == '\0' && number > 0)
			pids_add(numbers, (pid_t)number);
	}
	closedir(dir);
	return true;
}

/* true: the kernel keeps such a list. *failed: it could not be read to its end. */
static bool
children_of_thread(pid_t pid, pid_t tid, struct pids *children, bool *failed)
{
	char path[64];
	FILE *file;
	int child;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid, (int)tid);
	file = fopen(path, "re");
	if (!file) {
		*failed |= errno == EMFILE || errno == ENFILE;
		return false;
	}
	while (fscanf(file, "%d", &child) == 1)
		pids_add(children, (pid_t)child);
	*failed |= ferror(file) != 0;
	fclose(file);
	return true;
}

/* If the kernel keeps no list of children, every process is asked for its parent. */
static void
children_by_parent(pid_t pid, struct pids *children)
{
	struct pids all = {0};
	struct stat_facts facts;

	numbers_in("/proc", &all);
	for (size_t i = 0; i < all.count; i++)
		if (stat_facts_of(all.list[i], &facts) && facts.ppid == pid)
			pids_add(children, all.list[i]);
	pids_free(&all);
}

bool
who_children(pid_t pid, struct pids *children)
{
	struct pids threads = {0};
	char path[32];
	bool listed = false, failed = false;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	if (!numbers_in(path, &threads)) {
		pids_free(&threads);
		return false;
	}
	for (size_t i = 0; i < threads.count; i++)
		listed |= children_of_thread(pid, threads.list[i], children, &failed);
	if (!listed && !failed && access("/proc/self/task", F_OK) == 0 &&
	    access("/proc/thread-self/children", F_OK) < 0)
		children_by_parent(pid, children);
	pids_free(&threads);
	return !failed;
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* A process whose pagemap we may not read is read as far as anybody may. */
static bool
may_read_arguments(pid_t pid, const struct stat_facts *facts)
{
	struct maps maps = {0};
	char path[32];
	bool present;
	int pagemap, fd;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", (int)pid);
	pagemap = open(path, O_RDONLY | O_CLOEXEC);
	if (pagemap < 0)
		return true;
	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	present = fd >= 0 && maps_read(&maps, fd) && stat_arguments_present(facts, pagemap, &maps);
	if (fd >= 0)
		close(fd);
	close(pagemap);
	maps_release(&maps);
	return present;
}

static bool
has_name(pid_t pid, const struct stat_facts *facts, const char *name)
{
	const char *comm = facts->comm;
	char path[32], line[4096];
	size_t got;
	FILE *file;

	if (strncmp(comm, name, COMM_MAX) == 0 &&
	    (strlen(comm) >= COMM_MAX || strlen(comm) == strlen(name)))
		if (strlen(name) <= COMM_MAX)
			return true;
	if (!may_read_arguments(pid, facts))
		return false;
	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	got = fread(line, 1, sizeof(line) - 1, file);
	line[got] = '\0';
	fclose(file);
	return strcmp(base_name(line), name) == 0;
}

static struct found *
who_find_named(const char *name, size_t *count)
{
	struct pids all = {0};
	struct found *found;

	numbers_in("/proc", &all);
	found = mem_zero(all.count + 1, sizeof(*found));
	*count = 0;
	for (size_t i = 0; i < all.count; i++) {
		struct stat_facts facts;

		if (all.list[i] == getpid() || !stat_facts_of(all.list[i], &facts) ||
		    facts.state == 'Z' || !has_name(all.list[i], &facts, name))
			continue;
		found[*count] = (struct found){
		    .pid = all.list[i],
		    .ppid = facts.ppid,
		    .start_ticks = facts.start_ticks,
		};
		memcpy(found[(*count)++].comm, facts.comm, sizeof(facts.comm));
	}
	pids_free(&all);
	return found;
}

static bool
has_parent_in(const struct found *found, size_t count, size_t i)
{
	for (size_t k = 0; k < count; k++)
		if (found[k].pid == found[i].ppid)
			return true;
	return false;
}

/* The newest one that no other process of that name started: its workers of the same name come with
 * it. */
static size_t
newest(const struct found *found, size_t count)
{
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < count; i++) {
		if (has_parent_in(found, count, i))
			continue;
		if (best == SIZE_MAX || found[i].start_ticks > found[best].start_ticks ||
		    (found[i].start_ticks == found[best].start_ticks &&
			found[i].pid > found[best].pid))
			best = i;
	}
	return best == SIZE_MAX ? 0 : best;
}

static void
add_other(struct meant *who, const struct found *found)
{
	struct attach_match *match;
	struct buf clean = BUF_INIT;

	who->others = mem_resize(who->others, who->other_count + 1, sizeof(*who->others));
	match = &who->others[who->other_count++];
	memset(match, 0, sizeof(*match));
	match->pid = found->pid;
	utf8_clean(&clean, found->comm, strlen(found->comm), true);
	strncpy(match->command, buf_text(&clean), sizeof(match->command) - 1);
	buf_free(&clean);
}

static int
find_by_name(struct meant *who, const char *name, struct err *err)
{
	size_t count, best;
	struct found *found = who_find_named(name, &count);

	if (count == 0) {
		free(found);
		return err_set(
		    err, ERR_USAGE, _("no process that can be seen has the name %s"), name);
	}
	best = newest(found, count);
	pids_add(&who->pids, found[best].pid);
	for (size_t i = 0; i < count; i++)
		if (i != best && !has_parent_in(found, count, i))
			add_other(who, &found[i]);
	free(found);
	return 0;
}

static int
find_by_numbers(struct meant *who, const char *text, struct err *err)
{
	const char *at = text;

	for (;;) {
		char *end;
		long pid;

		errno = 0;
		pid = strtol(at, &end, 10);
		if (end == at || pid < 1 || pid > 0x7FFFFFFF || errno ||
		    (*end != ',' && *end != '\0'))
			return err_set(err, ERR_USAGE,
			    _("invalid value %s for --pid: expected PID, PID,PID... or a name"),
			    text);
		pids_add(&who->pids, (pid_t)pid);
		if (*end == '\0')
			return 0;
		at = end + 1;
	}
}

int
who_find(struct meant *who, const char *text, struct err *err)
{
	memset(who, 0, sizeof(*who));
	if (text[0] == '\0')
		return err_set(err, ERR_USAGE,
		    _("invalid value %s for --pid: expected PID, PID,PID... or a name"), "\"\"");
	who->descendants = !strchr(text, ',');
	if (strspn(text, "0123456789,") == strlen(text))
		return find_by_numbers(who, text, err);
	who->descendants = true;
	return find_by_name(who, text, err);
}

void
who_release(struct meant *who)
{
	pids_free(&who->pids);
	free(who->others);
	memset(who, 0, sizeof(*who));
}
