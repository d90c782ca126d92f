/*
 * What it costs a process that its page faults are told, by copy: beside the same copies when
 * nobody looks, one after the other in the same run; and whether anything is lost when four
 * children fault as fast as they can.
 */
#include "config.h"
#include "bench.h"
#include "blame/event/fault_events.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGES 16384
#define ROUNDS 15
#define CHILDREN 4

static size_t page_size;
static volatile char *memory;
static int orders[2], answers[2];

static double
cpu_us(void)
{
	struct rusage used;

	getrusage(RUSAGE_SELF, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
	    (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

/* In a child: copies all pages, and says what that took. */
static void
copy_all(void)
{
	double began, took;

	for (size_t i = 0; i < PAGES; i++) /* present, so that nothing but the copy is counted */
		(void)memory[i * page_size];
	began = cpu_us();
	for (size_t i = 0; i < PAGES; i++)
		memory[i * page_size] = 1;
	took = cpu_us() - began;
	if (write(answers[1], &took, sizeof(took)) != sizeof(took))
		_exit(1);
	_exit(0);
}

/* The target: forks a child for each byte that it is given. */
static void
obey_orders(void)
{
	char count;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(orders[0], &count, 1) == 1) {
		for (char i = 0; i < count; i++)
			if (fork() == 0)
				copy_all();
		while (wait(NULL) > 0)
			;
	}
	_exit(0);
}

/* CPU time a copy, of so many children at once. */
static double
run_children(char count)
{
	double sum = 0, took;

	if (write(orders[1], &count, 1) != 1)
		fail("write");
	for (char i = 0; i < count; i++) {
		if (read(answers[0], &took, sizeof(took)) != sizeof(took))
			fail("read");
		sum += took;
	}
	return sum / count / PAGES;
}

struct taker {
	struct fault_events *events;
	atomic_bool over;
	uint64_t faults, lost;
};

static void
take_all(struct taker *taker)
{
	struct perf_record record;

	fault_events_look(taker->events);
	while (fault_events_next(taker->events, &record)) {
		taker->faults += record.type == RECORD_FAULT && !record.beside;
		taker->lost += record.type == RECORD_LOST ? record.lost : 0;
	}
}

static void *
take_events(void *data)
{
	struct taker *taker = data;

	while (!atomic_load(&taker->over)) {
		fault_events_wait(taker->events, 20);
		take_all(taker);
	}
	take_all(taker);
	return NULL;
}

/* The target is forked anew, so that nothing of an earlier watching is left in it. */
static pid_t
start_target(void)
{
	pid_t pid;

	if (pipe(orders) < 0 || pipe(answers) < 0)
		fail("pipe");
	pid = fork();
	if (pid == 0)
		obey_orders();
	if (pid < 0)
		fail("fork");
	return pid;
}

static void
end_target(pid_t pid)
{
	for (int i = 0; i < 2; i++) {
		close(orders[i]);
		close(answers[i]);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* CPU time a copy; taker is filled. */
static double
measure(bool watched, unsigned stack_every, char children, struct taker *taker)
{
	pid_t pid = start_target();
	pthread_t thread;
	struct err err;
	double took;

	*taker = (struct taker){.events = NULL};
	if (watched) {
		taker->events = fault_events_open(stack_every);
		if (fault_events_follow(taker->events, pid, &err) < 0) {
			printf("%s\n", err.text);
			exit(0);
		}
		pthread_create(&thread, NULL, take_events, taker);
	}
	took = run_children(children);
	if (watched) {
		atomic_store(&taker->over, true);
		pthread_join(thread, NULL);
		fault_events_close(taker->events);
	}
	end_target(pid);
	return took;
}

static void
compare_ways(void)
{
	static const struct {
		const char *what;
		bool watched;
		unsigned stack_every;
	} ways[] = {
	    {"bare", false, 0},
	    {"faults", true, 0},
	    {"and a stack of 1 in 10", true, 10},
	    {"and a stack of each", true, 1},
	};
	double values[4][ROUNDS], bare;
	struct taker taker;

	for (int round = 0; round < ROUNDS; round++)
		for (int way = 0; way < 4; way++)
			values[way][round] =
			    measure(ways[way].watched, ways[way].stack_every, 1, &taker);
	bare = median(values[0], ROUNDS);
	for (int way = 0; way < 4; way++)
		printf("a copy, %-24s %.2f us of CPU time, %.2f times bare\n", ways[way].what,
		    median(values[way], ROUNDS), median(values[way], ROUNDS) / bare);
}

static void
count_lost(void)
{
	struct taker taker;
	double began = now_ms(), took;

	measure(true, 10, CHILDREN, &taker);
	took = now_ms() - began;
	printf("%d children at once: %llu faults in %.0f ms, %.0f a second, %llu records lost\n",
	    CHILDREN, (unsigned long long)taker.faults, took, (double)taker.faults / took * 1e3,
	    (unsigned long long)taker.lost);
}

int
main(void)
{
	void *mapped;

	page_size = (size_t)sysconf(_SC_PAGESIZE);
	mapped = mmap(
	    NULL, PAGES * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	madvise(mapped, PAGES * page_size, MADV_NOHUGEPAGE);
	memset(mapped, 7, PAGES * page_size);
	memory = mapped;
	compare_ways();
	count_lost();
	return 0;
}
