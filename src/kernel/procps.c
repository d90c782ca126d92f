#include "config.h"
#include "kernel/procps.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static void
memory_unknown(struct memory *memory)
{
	memory->used_kib = memory->buff_cache_kib = memory->shared_kib = COUNT_UNKNOWN;
	memory->available_kib = memory->dirty_kib = memory->anon_kib = COUNT_UNKNOWN;
}

static void
counted_unknown(struct counted *counted)
{
	counted->minor_faults = counted->major_faults = COUNT_UNKNOWN;
	counted->rss_anon_kib = counted->rss_file_kib = counted->rss_shmem_kib = COUNT_UNKNOWN;
}

static struct counted *
procps_find(struct counted *counted, size_t count, pid_t pid)
{
	for (size_t i = 0; i < count; i++)
		if (counted[i].pid == pid)
			return &counted[i];
	return NULL;
}

/* A living process has some memory: if all three are 0, status could not be read. */
static void
set_rss(struct counted *counted, uint64_t anon, uint64_t file, uint64_t shmem)
{
	if (anon + file + shmem == 0)
		return;
	counted->rss_anon_kib = anon;
	counted->rss_file_kib = file;
	counted->rss_shmem_kib = shmem;
}

#ifdef HAVE_LIBPROC2

#include <fcntl.h>
#include <libproc2/meminfo.h>
#include <libproc2/pids.h>
#include <sys/stat.h>
#include <unistd.h>

struct library {
	struct pids_info *pids;
	struct meminfo_info *memory;
};

/* The order of each list is that of its enum. The library's own accessor takes a different number
 * of arguments in each release. */
enum {
	MEMORY_USED,
	MEMORY_BUFFERS,
	MEMORY_CACHED,
	MEMORY_SHARED,
	MEMORY_AVAILABLE,
	MEMORY_DIRTY,
	MEMORY_ANON,
	MEMORY_COUNT
};
enum { PID, MINOR, MAJOR, RSS_ANON, RSS_FILE, RSS_SHMEM, PID_COUNT };

#define VALUE(stack, index, type) ((stack)->head[index].result.type)

struct library *
library_open(void)
{
	struct library *library = mem_zero(1, sizeof(*library));
	enum pids_item items[PID_COUNT] = {
	    [PID] = PIDS_ID_PID,
	    [MINOR] = PIDS_FLT_MIN,
	    [MAJOR] = PIDS_FLT_MAJ,
	    [RSS_ANON] = PIDS_VM_RSS_ANON,
	    [RSS_FILE] = PIDS_VM_RSS_FILE,
	    [RSS_SHMEM] = PIDS_VM_RSS_SHARED,
	};

	if (procps_pids_new(&library->pids, items, PID_COUNT) < 0)
		library->pids = NULL;
	if (procps_meminfo_new(&library->memory) < 0)
		library->memory = NULL;
	return library;
}

void
library_close(struct library *library)
{
	if (library && library->pids)
		procps_pids_unref(&library->pids);
	if (library && library->memory)
		procps_meminfo_unref(&library->memory);
	free(library);
}

void
library_memory(struct library *library, struct memory *memory)
{
	enum meminfo_item items[MEMORY_COUNT] = {
	    [MEMORY_USED] = MEMINFO_MEM_USED,
	    [MEMORY_BUFFERS] = MEMINFO_MEM_BUFFERS,
	    [MEMORY_CACHED] = MEMINFO_MEM_CACHED_ALL,
	    [MEMORY_SHARED] = MEMINFO_MEM_SHARED,
	    [MEMORY_AVAILABLE] = MEMINFO_MEM_AVAILABLE,
	    [MEMORY_DIRTY] = MEMINFO_MEM_DIRTY,
	    [MEMORY_ANON] = MEMINFO_MEM_ANON,
	};
	struct meminfo_stack *stack;

	memory_unknown(memory);
	if (!library->memory)
		return;
	stack = procps_meminfo_select(library->memory, items, MEMORY_COUNT);
	if (!stack)
		return;
	memory->used_kib = VALUE(stack, MEMORY_USED, ul_int);
	memory->anon_kib = VALUE(stack, MEMORY_ANON, ul_int);
	memory->buff_cache_kib =
	    VALUE(stack, MEMORY_BUFFERS, ul_int) + VALUE(stack, MEMORY_CACHED, ul_int);
	memory->shared_kib = VALUE(stack, MEMORY_SHARED, ul_int);
	memory->available_kib = VALUE(stack, MEMORY_AVAILABLE, ul_int);
	memory->dirty_kib = VALUE(stack, MEMORY_DIRTY, ul_int);
}

/* procps-ng 4.0.6 leaves a directory open for every pid that it looked up. Descriptors are handed
 * out lowest first: one that is open in this window after the call and was not before it was
 * leaked. */
struct window {
	int first;
	bool open[4 * COUNTED_MAX];
};

#define WINDOW_SIZE ((int)(sizeof(((struct window *)0)->open) / sizeof(bool)))

static int
lowest_free(void)
{
	int fd = open("/proc", O_PATH | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd;
}

static void
window_open(struct window *window)
{
	window->first = lowest_free();
	for (int i = 0; i < WINDOW_SIZE; i++)
		window->open[i] = fcntl(window->first + i, F_GETFD) >= 0;
}

static void
window_close(const struct window *window)
{
	struct stat status;

	if (window->first < 0 || lowest_free() == window->first)
		return;
	for (int i = 0; i < WINDOW_SIZE; i++) {
		int fd = window->first + i;

		if (!window->open[i] && fstat(fd, &status) == 0 && S_ISDIR(status.st_mode))
			close(fd);
	}
}

static void
count_stack(const struct pids_stack *stack, struct counted *counted, size_t count)
{
	struct counted *entry = procps_find(counted, count, VALUE(stack, PID, s_int));

	if (!entry)
		return;
	entry->minor_faults = VALUE(stack, MINOR, ul_int);
	entry->major_faults = VALUE(stack, MAJOR, ul_int);
	set_rss(entry, VALUE(stack, RSS_ANON, ul_int), VALUE(stack, RSS_FILE, ul_int),
	    VALUE(stack, RSS_SHMEM, ul_int));
}

void
library_count(struct library *library, struct counted *counted, size_t count)
{
	struct pids_fetch *fetched;
	struct window window;
	unsigned pids[COUNTED_MAX];

	for (size_t i = 0; i < count; i++) {
		counted_unknown(&counted[i]);
		pids[i] = (unsigned)counted[i].pid;
	}
	if (!library->pids || count == 0)
		return;
	window_open(&window);
	fetched = procps_pids_select(library->pids, pids, (int)count, PIDS_SELECT_PID);
	window_close(&window);
	for (int i = 0; fetched && i < fetched->counts->total; i++)
		count_stack(fetched->stacks[i], counted, count);
}

#elif defined(HAVE_LIBPROCPS)

#include <proc/readproc.h>
#include <proc/sysinfo.h>
#include <stdio.h>

struct library {
	pid_t pids[COUNTED_MAX + 1]; /* ends with a 0 */
};

struct library *
library_open(void)
{
	return mem_zero(1, sizeof(struct library));
}

void
library_close(struct library *library)
{
	free(library);
}

/* What the library doesn't export, though its header names some of it. */
static void
read_meminfo(struct memory *memory)
{
	FILE *file = fopen("/proc/meminfo", "re");
	unsigned long long kib;
	char line[128];

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "Dirty: %llu", &kib) == 1)
			memory->dirty_kib = kib;
		else if (sscanf(line, "AnonPages: %llu", &kib) == 1)
			memory->anon_kib = kib;
	}
	if (file)
		fclose(file);
}

void
library_memory(struct library *library, struct memory *memory)
{
	(void)library;
	memory_unknown(memory);
	read_meminfo(memory);
	meminfo();
	if (kb_main_total == 0)
		return;
	/* kb_main_used leaves out shared memory */
	memory->used_kib = kb_main_total - kb_main_available;
	memory->buff_cache_kib = kb_main_buffers + kb_main_cached;
	memory->shared_kib = kb_main_shared;
	memory->available_kib = kb_main_available;
}

static void
count_process(const proc_t *process, struct counted *counted, size_t count)
{
	struct counted *entry = procps_find(counted, count, process->tid);

	if (!entry)
		return;
	entry->minor_faults = process->min_flt;
	entry->major_faults = process->maj_flt;
	set_rss(entry, process->vm_rss_anon, process->vm_rss_file, process->vm_rss_shared);
}

void
library_count(struct library *library, struct counted *counted, size_t count)
{
	PROCTAB *table;
	proc_t *process;

	for (size_t i = 0; i < count; i++) {
		counted_unknown(&counted[i]);
		library->pids[i] = counted[i].pid;
	}
	library->pids[count] = 0;
	table = openproc(PROC_PID | PROC_FILLSTAT | PROC_FILLSTATUS, library->pids);
	if (!table)
		return;
	while ((process = readproc(table, NULL))) {
		count_process(process, counted, count);
		freeproc(process);
	}
	closeproc(table);
}

#else
#error "neither HAVE_LIBPROC2 nor HAVE_LIBPROCPS is defined"
#endif
