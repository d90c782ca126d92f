/*
 * What looking at running processes costs, beside bare reads of the same pagemap bytes in the same
 * run; and what the processes notice of it. The targets are forked here: memory of which most is
 * shared.
 */
#include "config.h"
#include "bench.h"
#include "attach/attach.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define GIB (UINT64_C(1) << 30)
#define ROUNDS 15
#define CHUNK (64 * 1024)
#define MANY 64

struct target {
	pid_t pids[MANY];
	size_t count;
	char *memory;
	uint64_t bytes;
};

static long page_size;

/* From here on VmHWM is that of now on: proc(5), of ourselves only. */
static void
forget_peak(void)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "5", 1) != 1)
		perror("/proc/self/clear_refs");
	if (fd >= 0)
		close(fd);
}

/* KiB of a line of our own /proc/self/status. */
static long
status_kib(const char *name)
{
	char line[256];
	FILE *file = fopen("/proc/self/status", "re");
	long kib = 0;

	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, name, strlen(name)) == 0)
			kib = strtol(line + strlen(name) + 1, NULL, 10);
	if (file)
		fclose(file);
	return kib;
}

static void
touch(char *memory, uint64_t bytes, uint64_t step)
{
	for (uint64_t at = 0; at < bytes; at += step)
		memory[at] = (char)(at >> 12 | 1);
}

static void
wait_for_end(void)
{
	for (;;)
		pause();
}

static pid_t
start(void (*work)(void *), void *with)
{
	int ready[2];
	char byte;
	pid_t pid = -1;

	if (pipe(ready) < 0 || (pid = fork()) < 0)
		fail("fork");
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		work(with);
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		wait_for_end();
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		fail("a target");
	close(ready[0]);
	return pid;
}

/* Every sixteenth page written again, other ones in each. */
static void
write_some(void *with)
{
	const struct target *target = with;

	if (target->count)
		touch(target->memory + target->count % 16 * (uint64_t)page_size,
		    target->bytes - 16 * (uint64_t)page_size, 16 * (uint64_t)page_size);
}

static void
nothing(void *with)
{
	(void)with;
}

/* count processes that share this memory, filled by us and given up by us. */
static void
start_family(struct target *target, size_t count, uint64_t bytes, bool writes)
{
	target->bytes = bytes;
	target->memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (target->memory == MAP_FAILED)
		fail("mmap");
	madvise(target->memory, bytes, MADV_NOHUGEPAGE);
	touch(target->memory, bytes, (uint64_t)page_size);
	for (target->count = 0; target->count < count; target->count++)
		target->pids[target->count] = start(writes ? write_some : nothing, target);
	munmap(target->memory, bytes);
}

static void
end_family(struct target *target)
{
	for (size_t i = 0; i < target->count; i++)
		kill(target->pids[i], SIGKILL);
	for (size_t i = 0; i < target->count; i++)
		waitpid(target->pids[i], NULL, 0);
}

static struct attach *
attach_with(const struct target *target, struct attach_options options)
{
	char who[MANY * 12] = "";
	struct attach *attach;
	struct err err;
	size_t at = 0;

	for (size_t i = 0; i < target->count; i++)
		at += (size_t)snprintf(
		    who + at, sizeof(who) - at, "%s%d", i ? "," : "", (int)target->pids[i]);
	if (target->count == 1)
		snprintf(who + at, sizeof(who) - at, ",%d", (int)target->pids[0]);
	options.who = who;
	attach = attach_open(&options, &err);
	if (attach)
		return attach;
	fprintf(stderr, "%s\n", err.text);
	exit(3);
}

static double
cpu_s(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	    (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static struct attach *
attach_to(const struct target *target, unsigned threads)
{
	return attach_with(target, (struct attach_options){.threads = threads});
}

/* One thread, one pread after another over the same bytes of pagemap. */
static double
bare(const struct target *target)
{
	static char buffer[CHUNK];
	double began = now_ms();

	for (size_t i = 0; i < target->count; i++) {
		char path[32];
		off_t from = (off_t)((uintptr_t)target->memory / (uintptr_t)page_size * 8);
		off_t end = from + (off_t)(target->bytes / (uint64_t)page_size * 8);
		int fd;

		snprintf(path, sizeof(path), "/proc/%d/pagemap", (int)target->pids[i]);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		while (from < end) {
			ssize_t got = pread(
			    fd, buffer, CHUNK < end - from ? CHUNK : (size_t)(end - from), from);

			if (got <= 0)
				fail(path);
			from += got;
		}
		close(fd);
	}
	return now_ms() - began;
}

static double
timed_sample(struct attach *attach)
{
	double began = now_ms();

	attach_sample(attach);
	return now_ms() - began;
}

/* Each sample beside a bare reading just before it: what else the machine does meets both. */
static void
by_pairs(const struct target *target, unsigned threads)
{
	double bares[ROUNDS], all[ROUNDS], first[ROUNDS], next[ROUNDS], cpu[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		double ms = bare(target);
		struct attach *attach = attach_to(target, threads);

		all[i] = timed_sample(attach) / ms;
		first[i] = attach_now(attach)->read_ms / ms;
		bares[i] = bare(target);
		timed_sample(attach);
		next[i] = attach_now(attach)->read_ms / bares[i];
		cpu[i] = attach_now(attach)->cpu_ms / bares[i];
		attach_close(attach);
	}
	printf(
	    "  %s: ratio %.2f for the first sample, %.2f for the next (allowed 1.5); %.2f with smaps_rollup; processor time %.2f (bare pread %.1f ms)\n",
	    threads == 1 ? "one reader" : "a reader a core", median(first, ROUNDS),
	    median(next, ROUNDS), median(all, ROUNDS), median(cpu, ROUNDS), median(bares, ROUNDS));
}

static void
whole_sample(size_t count)
{
	struct target target;
	struct attach *attach;
	long before;
	double watched;

	start_family(&target, count, GIB, true);
	watched = (double)target.count * (double)target.bytes / (double)page_size / 1048576;
	printf(
	    "%zu x 1 GiB, %.0f entries, medians of %d pairs:\n", count, watched * 1048576, ROUNDS);
	forget_peak();
	before = status_kib("VmRSS:");
	attach = attach_to(&target, 0);
	attach_sample(attach);
	attach_sample(attach);
	printf("  memory: %.1f MiB at most, %.1f before; allowed 32 + %.1f MiB: ratio %.2f\n",
	    (double)status_kib("VmHWM:") / 1024, (double)before / 1024, watched,
	    (double)status_kib("VmHWM:") / 1024 / (32 + watched));
	attach_close(attach);
	by_pairs(&target, 0);
	by_pairs(&target, 1);
	end_family(&target);
}

static void
map_sparse(void *with)
{
	struct target *target = with;
	char *memory = mmap(NULL, 1024 * GIB, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED)
		_exit(1);
	for (uint64_t i = 0; i < 100; i++)
		memory[i * 10 * GIB] = 1;
	(void)target;
}

static void
sparse(void)
{
	struct target target = {.count = 1};
	struct attach *attach;
	double samples[ROUNDS];

	target.pids[0] = start(map_sparse, &target);
	attach = attach_to(&target, 0);
	for (int i = 0; i < ROUNDS; i++)
		samples[i] = timed_sample(attach);
	printf("1 TiB with 100 pages: sample %.2f ms, %llu entries read of %llu\n",
	    median(samples, ROUNDS), (unsigned long long)attach_now(attach)->pages,
	    (unsigned long long)(1024 * GIB / (uint64_t)page_size));
	attach_close(attach);
	end_family(&target);
}

static unsigned
watch_for(struct attach *attach, double seconds)
{
	double end = now_ms() + seconds * 1e3;
	unsigned samples = 0;

	while (now_ms() < end) {
		int wait = attach_timeout(attach);
		struct timespec pause = {wait / 1000, wait % 1000 * 1000000};

		nanosleep(&pause, NULL);
		samples += attach_step(attach, 2000000);
	}
	return samples;
}

/* In the target: maps and unmaps for so long; the longest that took. */
static void
stalls(double seconds, int out)
{
	double end = now_ms() + seconds * 1e3, longest = 0;

	while (now_ms() < end) {
		double began = now_ms();
		void *page = mmap(NULL, (size_t)page_size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		munmap(page, (size_t)page_size);
		if (now_ms() - began > longest)
			longest = now_ms() - began;
	}
	if (write(out, &longest, sizeof(longest)) != sizeof(longest))
		_exit(1);
}

struct stalling {
	int out;
	double seconds;
	char *memory;
};

static void
stall_twice(void *with)
{
	const struct stalling *stalling = with;

	if (fork() == 0) {
		stalls(stalling->seconds, stalling->out);
		stalls(stalling->seconds, stalling->out);
		_exit(0);
	}
}

static double
get(int fd)
{
	double value;

	if (read(fd, &value, sizeof(value)) != sizeof(value))
		fail("pipe");
	return value;
}

static void
duty(void)
{
	struct target target = {.count = 1};
	struct attach_options options = {0};
	struct attach *attach;
	struct stalling stalling = {.seconds = 5};
	char who[16];
	struct err err;
	double cpu, idle, watched;
	unsigned samples;
	int ends[2];

	if (pipe(ends) < 0)
		fail("pipe");
	stalling.out = ends[1];
	stalling.memory = mmap(NULL, 3 * GIB, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	madvise(stalling.memory, 3 * GIB, MADV_NOHUGEPAGE);
	touch(stalling.memory, 3 * GIB, (uint64_t)page_size);
	target.pids[0] = start(stall_twice, &stalling);
	munmap(stalling.memory, 3 * GIB);
	idle = get(ends[0]);
	options.who = who;
	snprintf(who, sizeof(who), "%d", (int)target.pids[0]);
	attach = attach_open(&options, &err);
	if (!attach)
		fail(err.text);
	cpu = cpu_s();
	samples = watch_for(attach, stalling.seconds - 0.5);
	cpu = cpu_s() - cpu;
	watched = get(ends[0]);
	printf("watching 2 x 3 GiB for %.1f s: %u samples, %.1f %% of one core (allowed 2)\n",
	    stalling.seconds - 0.5, samples, cpu / (stalling.seconds - 0.5) * 100);
	printf("  the target's longest mmap and munmap: %.2f ms, with nobody looking %.2f ms\n",
	    watched, idle);
	attach_close(attach);
	end_family(&target);
}

/* A parent and children that each write all of its memory: every page came apart. */
#define APART (256 * (UINT64_C(1) << 20))

struct writers {
	struct target *target; /* in memory that all share */
	size_t children;
};

static void
rewrite(void *with)
{
	const struct target *target = with;

	for (uint64_t at = 0; at < target->bytes; at += (uint64_t)page_size)
		target->memory[at]++;
}

static void
fork_writers(void *with)
{
	const struct writers *writers = with;

	for (size_t i = 1; i <= writers->children; i++)
		writers->target->pids[i] = start(rewrite, writers->target);
}

static void
start_apart(struct target *target, size_t count)
{
	struct writers writers = {.target = target, .children = count - 1};

	target->bytes = APART;
	target->memory =
	    mmap(NULL, APART, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (target->memory == MAP_FAILED)
		fail("mmap");
	madvise(target->memory, APART, MADV_NOHUGEPAGE);
	touch(target->memory, APART, (uint64_t)page_size);
	target->count = count;
	target->pids[0] = start(fork_writers, &writers);
	munmap(target->memory, APART);
}

static void
end_apart(struct target *target)
{
	for (size_t i = 1; i < target->count; i++)
		kill(target->pids[i], SIGKILL);
	target->count = 1;
	end_family(target);
	munmap(target, sizeof(*target));
}

/* The first sample asks who wrote; the next one knows. */
static void
came_apart(size_t count, double allowed)
{
	struct target *target =
	    mmap(NULL, sizeof(*target), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	double first[ROUNDS], next[ROUNDS], cpu[ROUNDS], next_cpu[ROUNDS];
	uint64_t copied = 0;

	start_apart(target, count);
	for (int i = 0; i < ROUNDS; i++) {
		double began = cpu_s(), ms = bare(target), bare_cpu_ms = (cpu_s() - began) * 1e3;
		struct attach *attach = attach_to(target, 0);

		attach_sample(attach);
		first[i] = attach_now(attach)->read_ms / ms;
		cpu[i] = attach_now(attach)->cpu_ms / bare_cpu_ms;
		copied = attach_now(attach)->tally.counts[PAGE_COPIED];
		ms = bare(target);
		attach_sample(attach);
		next[i] = attach_now(attach)->read_ms / ms;
		next_cpu[i] = attach_now(attach)->cpu_ms / bare_cpu_ms;
		attach_close(attach);
	}
	printf(
	    "%zu x 256 MiB, of which all was copied (%.0f MiB): ratio %.2f for the first sample (allowed %.1f), %.2f for the next; "
	    "processor time %.2f and %.2f\n",
	    count, (double)copied * (double)page_size / 1048576, median(first, ROUNDS), allowed,
	    median(next, ROUNDS), median(cpu, ROUNDS), median(next_cpu, ROUNDS));
	end_apart(target);
}

/* A parent with so many children, of which each has written some pages. */
struct crowd {
	char *memory;
	size_t children;
};

#define CROWD_PAGES 32

static void
write_pages(void *with)
{
	const struct crowd *crowd = with;

	touch(crowd->memory, CROWD_PAGES * (uint64_t)page_size, (uint64_t)page_size);
}

static void
fork_crowd(void *with)
{
	for (size_t i = 0; i < ((const struct crowd *)with)->children; i++)
		start(write_pages, with);
}

/* Processor time of the first sample and of the next one, in ms. */
static void
sample_crowd(size_t children, double *first, double *next)
{
	size_t bytes = 2 * CROWD_PAGES * (size_t)page_size;
	struct crowd crowd = {.children = children};
	struct attach_options options = {0};
	struct attach *attach;
	char who[16];
	struct err err;
	double began;
	pid_t pid;

	crowd.memory =
	    mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (crowd.memory == MAP_FAILED)
		fail("mmap");
	touch(crowd.memory, bytes, (uint64_t)page_size);
	pid = start(fork_crowd, &crowd);
	munmap(crowd.memory, bytes);
	snprintf(who, sizeof(who), "%d", (int)pid);
	options.who = who;
	began = cpu_s();
	attach = attach_open(&options, &err);
	if (!attach)
		fail(err.text);
	attach_sample(attach);
	*first = (cpu_s() - began) * 1e3;
	began = cpu_s();
	attach_sample(attach);
	*next = (cpu_s() - began) * 1e3;
	attach_close(attach);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void
crowds(void)
{
	double few[2], many[2];

	sample_crowd(250, &few[0], &few[1]);
	sample_crowd(1000, &many[0], &many[1]);
	printf(
	    "250 and 1000 children: processor time %.0f and %.0f ms for the first sample, %.0f and %.0f for the next; "
	    "ratio %.2f and %.2f of what four times as many may take\n",
	    few[0], many[0], few[1], many[1], many[0] / few[0] / 4, many[1] / few[1] / 4);
}

static double
sample_of_copies(const struct target *target, bool compare)
{
	struct attach *attach =
	    attach_with(target, (struct attach_options){.threads = 1, .compare = compare});
	double samples[ROUNDS];

	for (int i = 0; i < ROUNDS; i++)
		samples[i] = timed_sample(attach);
	attach_close(attach);
	return median(samples, ROUNDS);
}

static void
compared(void)
{
	struct target *target =
	    mmap(NULL, sizeof(*target), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	double plain, ms;

	start_apart(target, 2);
	plain = sample_of_copies(target, false);
	ms = sample_of_copies(target, true);
	printf("256 MiB copied: sample %.1f ms, with --compare %.1f ms: %.2f us a copied page\n",
	    plain, ms, (ms - plain) * 1e3 * (double)page_size / (double)APART);
	end_apart(target);
}

int
main(void)
{
	page_size = sysconf(_SC_PAGESIZE);
	setvbuf(stdout, NULL, _IOLBF, 0);
	came_apart(2, 5);
	came_apart(3, 3.5);
	came_apart(8, 2.5);
	whole_sample(3);
	if (getenv("SHORT"))
		return 0;
	crowds();
	sparse();
	compared();
	duty();
	whole_sample(MANY);
	return 0;
}
