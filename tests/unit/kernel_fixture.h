/*
 * Readings of a real process, compared with what a test knows it did and reads by itself: as
 * whoever runs it and, when that is root, as an ordinary user too.
 */
#ifndef KERNEL_FIXTURE_H
#define KERNEL_FIXTURE_H

#include "kernel/kernel.h"
#include "kernel/state.h"
#include "model/pagemap_bits.h"
#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGES 4
#define NOBODY 65534

static size_t page_size;
static struct kernel *kernel;

/* One VMA a page, as the lab has it. */
static inline char *
map_pages(int flags, int file, size_t count)
{
	char *base = mmap(NULL, count * page_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (size_t i = 0; i < count; i++) {
		char *page = mmap(base + i * page_size, page_size, PROT_READ | PROT_WRITE,
		    flags | MAP_FIXED, file, file < 0 ? 0 : (off_t)(i * page_size));

		madvise(page, page_size, i % 2 ? MADV_DONTDUMP : MADV_NOHUGEPAGE);
	}
	return base;
}

static inline int
new_file(void)
{
	char path[] = "/var/tmp/kernel_live_XXXXXX";
	int fd = mkstemp(path);
	char *page = calloc(1, page_size);

	unlink(path);
	for (int i = 0; i < PAGES; i++) {
		snprintf(page, page_size, "file page %d", i);
		if (pwrite(fd, page, page_size, (off_t)((size_t)i * page_size)) !=
		    (ssize_t)page_size)
			printf("# cannot write %s\n", path);
	}
	fsync(fd);
	free(page);
	return fd;
}

static inline int
open_of(pid_t pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static inline struct subject
subject_of(pid_t pid, const void *address)
{
	struct subject subject = {
	    .name = 'a',
	    .pid = pid,
	    .ppid = 1,
	    .exit_status = -1,
	    .address = (uintptr_t)address,
	    .pagemap = open_of(pid, "pagemap"),
	    .smaps = open_of(pid, "smaps"),
	};

	return subject;
}

static inline void
close_subject(struct subject *subject)
{
	close(subject->pagemap);
	close(subject->smaps);
	subject->pagemap = subject->smaps = -1;
}

static inline struct sample_request
request_for(const struct subject *subject, enum kind kind, int file)
{
	struct sample_request request = {
	    .subjects = subject,
	    .subject_count = 1,
	    .kind = kind,
	    .page_count = PAGES,
	    .file = file,
	};

	return request;
}

static inline uint64_t
entry_of(int pagemap, const char *address)
{
	uint64_t entry = 0;

	if (pread(pagemap, &entry, sizeof(entry),
		(off_t)((uintptr_t)address / page_size * sizeof(entry))) != sizeof(entry))
		printf("# cannot read pagemap\n");
	return entry;
}

static inline bool
has_content(const struct content *content, const char *text)
{
	return content->length == CONTENT_MAX &&
	    strncmp((const char *)content->bytes, text, CONTENT_MAX) == 0;
}

static inline bool
entries_equal(
    const struct snapshot *snapshot, const struct subject *subject, const char *base, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct page *page = &snapshot->processes[0].pages[i];
		uint64_t entry = entry_of(subject->pagemap, base + i * page_size);

		if (!page->pagemap_known || (page->pagemap & PM_MEANING) != (entry & PM_MEANING)) {
			printf("# page %zu: %#llx, by itself %#llx\n", i,
			    (unsigned long long)page->pagemap, (unsigned long long)entry);
			return false;
		}
	}
	return true;
}

static inline void
fixture_run(void (*test)(bool root), bool root)
{
	struct err err;

	kernel = kernel_open(&err);
	if (!ok(kernel != NULL, "opened, as %s", root ? "root" : "an ordinary user")) {
		printf("# %s\n", err.text);
		return;
	}
	test(root);
	kernel_close(kernel);
	kernel_close(NULL);
}

/* In a child, whose counts of tests come back by a pipe. */
static inline void
fixture_run_as_nobody(void (*test)(bool root))
{
	int counts[2] = {tap_run, 1}, wire[2];
	pid_t pid;

	fflush(stdout);
	if (pipe(wire) < 0)
		return;
	pid = fork();
	if (pid == 0) {
		tap_failed = 0;
		if (setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
		    setresuid(NOBODY, NOBODY, NOBODY) < 0 || prctl(PR_SET_DUMPABLE, 1) < 0)
			printf("# cannot become an ordinary user\n");
		fixture_run(test, false);
		fflush(stdout);
		counts[0] = tap_run;
		counts[1] = tap_failed;
		_exit(write(wire[1], counts, sizeof(counts)) != sizeof(counts));
	}
	close(wire[1]);
	if (read(wire[0], counts, sizeof(counts)) != sizeof(counts))
		printf("# the ordinary user's tests did not end\n");
	close(wire[0]);
	waitpid(pid, NULL, 0);
	tap_run = counts[0];
	tap_failed += counts[1];
}

static inline int
fixture_main(void (*test)(bool root))
{
	page_size = (size_t)sysconf(_SC_PAGESIZE);
	fixture_run(test, geteuid() == 0);
	if (geteuid() == 0)
		fixture_run_as_nobody(test);
	else
		printf(
		    "ok %d - # SKIP the other user's view needs root to start with\n", ++tap_run);
	return done_testing();
}

#endif
