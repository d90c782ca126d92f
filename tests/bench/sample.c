/*
 * What a sample costs beside bare reads of the same bytes: three processes, ten VMAs of one page
 * each. Both are measured in turn, in one run, and the medians compared.
 */
#include "config.h"
#include "bench.h"
#include "kernel/kernel.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORKERS 3
#define PAGES 10
#define ADDRESS UINT64_C(0xa0000000)
#define ROUNDS 1000
#define CHUNK 4096

struct bench {
	struct subject subjects[WORKERS];
	size_t smaps_bytes[WORKERS]; /* up to the end of the last of the ten entries */
	struct sample_request request;
	long page_size;
	int file;
};

static int
new_file(long page_size)
{
	char path[] = "/var/tmp/cowscope-bench-XXXXXX";
	int fd = mkstemp(path);
	char *page = calloc(1, (size_t)page_size);

	if (fd < 0 || !page)
		fail(path);
	unlink(path);
	for (int i = 0; i < PAGES; i++) {
		snprintf(page, 16, "page %d", i);
		if (pwrite(fd, page, (size_t)page_size, i * page_size) != page_size)
			fail("pwrite");
	}
	fsync(fd);
	free(page);
	return fd;
}

/* In the child: maps, touches, writes every third page, says so and waits for its end. */
static void
work(const struct bench *bench, int ready)
{
	for (int i = 0; i < PAGES; i++) {
		void *at = (void *)(uintptr_t)(ADDRESS + (uint64_t)i * (uint64_t)bench->page_size);
		volatile char *page = mmap(at, (size_t)bench->page_size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_FIXED_NOREPLACE, bench->file, i * bench->page_size);

		if (page != at)
			_exit(1);
		if (i % 2)
			madvise(at, (size_t)bench->page_size, MADV_DONTDUMP);
		(void)page[0];
		if (i % 3 == 0)
			page[0] = 'w';
	}
	if (write(ready, "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

static int
open_of(pid_t pid, const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail(path);
	return fd;
}

static void
start(struct bench *bench, int i)
{
	struct subject *subject = &bench->subjects[i];
	int ready[2];
	char byte;

	if (pipe(ready) < 0)
		fail("pipe");
	subject->pid = fork();
	if (subject->pid < 0)
		fail("fork");
	if (subject->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		work(bench, ready[1]);
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		fail("a worker could not map its pages");
	close(ready[0]);
	subject->name = (char)('a' + i);
	subject->ppid = getpid();
	subject->exit_status = -1;
	subject->address = ADDRESS;
	subject->pagemap = open_of(subject->pid, "pagemap");
	subject->smaps = open_of(subject->pid, "smaps");
}

static size_t
bytes_of_lab(const struct bench *bench, int i)
{
	static char text[1 << 20];
	char header[64];
	size_t have = 0;
	ssize_t got;
	char *last, *flags;

	while ((got = pread(bench->subjects[i].smaps, text + have, sizeof(text) - 1 - have,
		    (off_t)have)) > 0)
		have += (size_t)got;
	text[have] = '\0';
	snprintf(header, sizeof(header), "%llx-",
	    (unsigned long long)(ADDRESS + (PAGES - 1) * (uint64_t)bench->page_size));
	last = strstr(text, header);
	flags = last ? strstr(last, "VmFlags:") : NULL;
	return flags ? (size_t)(strchr(flags, '\n') + 1 - text) : have;
}

static void
bare_pagemap(const struct bench *bench, int i)
{
	uint64_t entries[PAGES];

	if (pread(bench->subjects[i].pagemap, entries, sizeof(entries),
		(off_t)(ADDRESS / (uint64_t)bench->page_size * 8)) <= 0)
		fail("pagemap");
}

static void
bare_smaps(const struct bench *bench, int i)
{
	char text[CHUNK];
	size_t have = 0, need = bench->smaps_bytes[i];

	while (have < need) {
		ssize_t got = pread(bench->subjects[i].smaps, text,
		    need - have < CHUNK ? need - have : CHUNK, (off_t)have);

		if (got <= 0)
			fail("smaps");
		have += (size_t)got;
	}
}

static double
bare(const struct bench *bench)
{
	double began = now_us();

	for (int i = 0; i < WORKERS; i++) {
		bare_pagemap(bench, i);
		bare_smaps(bench, i);
	}
	return now_us() - began;
}

static double
sampled(struct kernel *kernel, struct bench *bench, struct snapshot **before)
{
	struct snapshot *snapshot;
	double began = now_us();

	bench->request.before = *before;
	snapshot = kernel_sample(kernel, &bench->request);
	snapshot_free(*before);
	*before = snapshot;
	return now_us() - began;
}

/* Ways to sample; what a part costs is the difference between two of them. */
enum way { ALL, NO_SMAPS, NO_CONTENT, AFRESH, WAYS };

static void
prepare(const struct bench *bench, struct bench ways[WAYS])
{
	for (int way = 0; way < WAYS; way++) {
		ways[way] = *bench;
		ways[way].request.subjects = ways[way].subjects;
		for (int i = 0; i < WORKERS; i++) {
			if (way == NO_SMAPS)
				ways[way].subjects[i].smaps = -1;
		}
		if (way == NO_CONTENT)
			ways[way].request.file = -1;
	}
}

static void
compare(struct kernel *kernel, const struct bench *bench)
{
	static double times[WAYS][ROUNDS], bares[ROUNDS];
	struct snapshot *before[WAYS] = {NULL};
	struct bench ways[WAYS];
	double middle[WAYS], reads;

	prepare(bench, ways);
	for (int round = 0; round < ROUNDS; round++) {
		for (int way = 0; way < WAYS; way++) {
			if (way == AFRESH) {
				snapshot_free(before[way]);
				before[way] = NULL;
			}
			times[way][round] = sampled(kernel, &ways[way], &before[way]);
		}
		bares[round] = bare(bench);
	}
	for (int way = 0; way < WAYS; way++) {
		snapshot_free(before[way]);
		middle[way] = median(times[way], ROUNDS);
	}
	reads = median(bares, ROUNDS);
	printf("sample %dx%d pages: %.1f us, bare reads %.1f us, ratio %.2f\n", WORKERS, PAGES,
	    middle[ALL], reads, middle[ALL] / reads);
	printf("  of that smaps %.1f us, the file and contents %.1f us; when something changed "
	       "(libproc2 asked): %.1f us\n",
	    middle[ALL] - middle[NO_SMAPS], middle[ALL] - middle[NO_CONTENT], middle[AFRESH]);
}

int
main(void)
{
	struct bench bench = {.page_size = sysconf(_SC_PAGESIZE)};
	struct kernel *kernel;
	struct err err;

	bench.file = new_file(bench.page_size);
	for (int i = 0; i < WORKERS; i++) {
		start(&bench, i);
		bench.smaps_bytes[i] = bytes_of_lab(&bench, i);
	}
	kernel = kernel_open(&err);
	if (!kernel) {
		fprintf(stderr, "%s\n", err.text);
		return 3;
	}
	bench.request = (struct sample_request){
	    .subjects = bench.subjects,
	    .subject_count = WORKERS,
	    .kind = KIND_PRIVATE_FILE,
	    .page_count = PAGES,
	    .file = bench.file,
	};
	compare(kernel, &bench);
	kernel_close(kernel);
	for (int i = 0; i < WORKERS; i++) {
		kill(bench.subjects[i].pid, SIGKILL);
		waitpid(bench.subjects[i].pid, NULL, 0);
	}
	return 0;
}
