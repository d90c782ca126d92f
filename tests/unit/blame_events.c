/*
 * Page faults of processes of our own: every one is told, with its address, also of children and of
 * many threads, and afterwards nothing is left.
 */
#include "config.h"
#include "blame/event/fault_events.h"
#include "blame/event/registers.h"
#include "tap.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGES 512
#define THREADS 64
#define CHILDREN 20
#define BURSTS 4
#define BURST_PAGES 16384

static size_t page_size;
static volatile char *memory;
static int orders[2], answers[2];

static void
say(int fd)
{
	if (write(fd, "", 1) != 1)
		_exit(1);
}

static void
hear(int fd)
{
	char byte;

	if (read(fd, &byte, 1) != 1)
		_exit(1);
}

static void
write_pages(size_t first, size_t count)
{
	for (size_t i = 0; i < count; i++)
		memory[(first + i) * page_size + 8 * i % page_size] = 1;
}

static void *
write_by_thread(void *data)
{
	hear(orders[0]);
	write_pages((size_t)data * 4, 4);
	say(answers[1]);
	return NULL;
}

static void
fork_writers(void)
{
	for (size_t i = 0; i < CHILDREN; i++) {
		pid_t child = fork();

		if (child == 0) {
			write_pages(0, 16);
			_exit(0);
		}
		waitpid(child, NULL, 0);
	}
}

/* More faults than the kernel's rings have room for. */
static void
fill_much(void)
{
	for (int i = 0; i < BURSTS; i++) {
		size_t bytes = BURST_PAGES * page_size;
		char *much =
		    mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		madvise(much, bytes, MADV_NOHUGEPAGE);
		for (size_t at = 0; at < bytes; at += page_size)
			((volatile char *)much)[at] = 1;
		munmap(much, bytes);
	}
}

/* The target, told by bytes what to do next. */
static void
act(void)
{
	static const struct {
		size_t first, count;
	} steps[] = {{0, 100}, {100, 28}};
	pthread_t threads[THREADS];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, write_by_thread, (void *)(i + 64)))
			_exit(1);
	say(answers[1]);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		hear(orders[0]);
		write_pages(steps[i].first, steps[i].count);
		say(answers[1]);
	}
	hear(orders[0]);
	fork_writers();
	say(answers[1]);
	hear(orders[0]);
	fill_much();
	say(answers[1]);
	hear(orders[0]);
	_exit(0);
}

struct seen {
	uint64_t all, faults, exact, stacks, forks, exits, lost;
	bool pages[PAGES];
};

static bool
take(struct fault_events *events, struct seen *seen, pid_t pid)
{
	uint64_t start = (uint64_t)(uintptr_t)memory;
	struct perf_record record;
	bool any = false;

	for (fault_events_look(events); fault_events_next(events, &record); any = true) {
		uint64_t page = (record.fault.address - start) / page_size;

		seen->forks += record.type == RECORD_FORK && record.parent == pid;
		seen->exits += record.type == RECORD_EXIT;
		seen->lost += record.type == RECORD_LOST && !record.beside ? record.lost : 0;
		seen->all += record.type == RECORD_FAULT && !record.beside;
		if (record.type != RECORD_FAULT || page >= PAGES)
			continue;
		if (record.beside) {
			seen->stacks += record.fault.stack && record.fault.registers;
			continue;
		}
		seen->faults += pid == 0 || record.pid == pid;
		seen->pages[page] = true;
		seen->exact += record.fault.ip != 0;
	}
	return any;
}

static void
go_on(struct fault_events *events, struct seen *seen, pid_t pid, int times)
{
	memset(seen, 0, sizeof(*seen));
	for (int i = 0; i < times; i++)
		say(orders[1]);
	for (int i = 0; i < times; i++)
		hear(answers[0]);
	take(events, seen, pid);
}

static size_t
descriptors(void)
{
	DIR *list = opendir("/proc/self/fd");
	size_t count = 0;

	while (list && readdir(list))
		count++;
	closedir(list);
	return count;
}

static size_t
rings_mapped(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512];
	size_t count = 0;

	while (maps && fgets(line, sizeof(line), maps))
		count += strstr(line, "[perf_event]") != NULL;
	if (maps)
		fclose(maps);
	return count;
}

static size_t
distinct(const struct seen *seen)
{
	size_t count = 0;

	for (size_t i = 0; i < PAGES; i++)
		count += seen->pages[i];
	return count;
}

#define FAULT_BYTES 56 /* header, identifier, instruction, pid and tid, time, address */

static uint64_t
faults_in_rings(const struct fault_events *events)
{
	return fault_events_facts(events).ring_bytes / FAULT_BYTES *
	    (uint64_t)sysconf(_SC_NPROCESSORS_CONF);
}

static void
test_target(struct fault_events *events, pid_t target)
{
	struct seen seen;

	go_on(events, &seen, target, THREADS);
	is_number(distinct(&seen), THREADS * 4, "all pages of %d threads are told", THREADS);
	is_number(seen.faults, THREADS * 4, "each once");
	is_number(seen.lost, 0, "nothing is lost");
	go_on(events, &seen, target, 1);
	is_number(seen.faults, 100, "of the first thread too");
	is_number(seen.exact, seen.faults, "each has its instruction");
	ok(!registers_mask() || seen.stacks >= 8, "one in ten has its stack: %llu",
	    (unsigned long long)seen.stacks);
	go_on(events, &seen, target, 1);
	is_number(seen.faults, 28, "and what comes later");
	go_on(events, &seen, 0, 1);
	is_number(seen.faults, CHILDREN * 16, "children that are gone at once are told too");
	is_number(seen.exits, CHILDREN, "each has its end");
	is_number(seen.lost, 0, "and nothing is lost");
	go_on(events, &seen, 0, 1);
	ok(seen.all + seen.lost >= BURSTS * BURST_PAGES,
	    "of many faults each is told, or counted as lost: %llu and %llu of %d",
	    (unsigned long long)seen.all, (unsigned long long)seen.lost, BURSTS * BURST_PAGES);
	ok(seen.all > faults_in_rings(events), "more are told than the rings hold: %llu of %llu",
	    (unsigned long long)seen.all, (unsigned long long)faults_in_rings(events));
}

int
main(void)
{
	void *mapped;
	size_t before = descriptors();
	struct fault_events *events;
	struct err err;
	pid_t target;

	page_size = (size_t)sysconf(_SC_PAGESIZE);
	mapped = mmap(
	    NULL, PAGES * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	madvise(mapped, PAGES * page_size, MADV_NOHUGEPAGE);
	memset(mapped, 7, PAGES * page_size);
	memory = mapped;
	if (pipe(orders) < 0 || pipe(answers) < 0)
		return 1;
	target = fork();
	if (target == 0)
		act();
	hear(answers[0]);
	events = fault_events_open(10);
	if (fault_events_follow(events, target, &err) < 0) {
		printf("1..0 # SKIP %s\n", err.text);
		fault_events_close(events);
		kill(target, SIGKILL);
		return 0;
	}
	ok(fault_events_follow(events, target, &err) == 0 &&
		fault_events_facts(events).descriptors <=
		    (THREADS + 1) * 3 * (size_t)sysconf(_SC_NPROCESSORS_CONF),
	    "who is followed is not followed twice");
	ok(rings_mapped() > 0, "rings are mapped");
	test_target(events, target);
	say(orders[1]);
	waitpid(target, NULL, 0);
	ok(fault_events_follow(events, target, &err) == 0, "a process that has gone is nothing");
	fault_events_close(events);
	fault_events_close(NULL);
	for (int i = 0; i < 2; i++) {
		close(orders[i]);
		close(answers[i]);
	}
	is_number(descriptors(), before, "no descriptor is left");
	is_number(rings_mapped(), 0, "nor a ring");
	return done_testing();
}
