#include "config.h"
#include "blame/event/fault_events.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "blame/event/refusal.h"
#include "blame/event/registers.h"
#include "blame/event/rings.h"
#include "blame/event/threads.h"
#include "blame/event/tracepoint.h"

#define ROUNDS_MOST 16 /* of searching for new threads */

/* What is opened for each thread on each CPU, in this order: only the first reports forks. */
#define EVENTS_MOST 3
struct event_plan {
	struct perf_event_attr attr;
	struct record_kind kind;
};

struct event_id {
	uint64_t id;
	unsigned plan;
};

struct fault_events {
	struct event_plan plans[EVENTS_MOST];
	unsigned plan_count;
	struct trace_fields trace;
	struct fault_events_facts facts;
	struct rings rings;
	size_t cpu_count;
	int *fds; /* all of them */
	size_t fd_count, fd_room;
	struct event_id *ids; /* ascending once sorted */
	size_t id_count, id_room;
	bool sorted;
	struct by_pid threads;  /* that are watched, also by inheritance */
	struct cpu_ring *given; /* whose record was returned last */
};

static enum ring_use
plan_use(const struct event_plan *plan)
{
	return plan->kind.beside ? RING_STACKS : RING_FAULTS;
}

static int
perf_open(struct perf_event_attr *attr, pid_t tid, int cpu)
{
	return (int)syscall(SYS_perf_event_open, attr, tid, cpu, -1, PERF_FLAG_FD_CLOEXEC);
}

static struct event_plan *
plan_add(struct fault_events *events, uint32_t type, uint64_t config, uint64_t period)
{
	struct event_plan *plan = &events->plans[events->plan_count++];
	bool first = events->plan_count == 1;

	plan->attr = (struct perf_event_attr){
	    .size = sizeof(plan->attr),
	    .type = type,
	    .config = config,
	    .sample_period = period,
	    .sample_type = RECORD_SAMPLES,
	    .inherit = 1,
	    .exclude_hv = 1,
	    .watermark = 1,
	    .sample_id_all = 1,
	    .use_clockid = 1,
	    .clockid = CLOCK_MONOTONIC,
	    .task = first,
	    .comm = first,
	    .comm_exec = first,
	};
	return plan;
}

static void
plan_take_stacks(struct event_plan *plan)
{
	plan->attr.sample_type |= PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER;
	plan->attr.sample_regs_user = registers_mask();
	plan->attr.sample_stack_user = EVENTS_STACK_BYTES;
}

static struct event_plan *
plan_faults(struct fault_events *events, uint64_t count_of, uint64_t period)
{
	return plan_add(events, PERF_TYPE_SOFTWARE, count_of, period);
}

/* The tracepoint for the processes' own faults, with a plain event for the kernel's; or a plain
 * event for all. */
static void
plan_all(struct fault_events *events, unsigned stack_every)
{
	uint64_t config;
	struct event_plan *first;

	events->plan_count = 0;
	if (events->facts.error_codes && tracepoint_find(&config, &events->trace)) {
		first = plan_add(events, PERF_TYPE_TRACEPOINT, config, 1);
		first->attr.sample_type |= PERF_SAMPLE_RAW;
		if (stack_every == 1)
			plan_take_stacks(first);
		plan_faults(events, PERF_COUNT_SW_PAGE_FAULTS, 1)->attr.exclude_user = 1;
	} else {
		events->facts.error_codes = false;
		first = plan_faults(events, PERF_COUNT_SW_PAGE_FAULTS, 1);
		first->attr.exclude_kernel = !events->facts.kernel_writes;
		if (stack_every == 1)
			plan_take_stacks(first);
	}
	if (stack_every > 1 && registers_mask()) {
		/* not the same event twice: the kernel gives the records of both the same number */
		struct event_plan *stacks =
		    plan_faults(events, PERF_COUNT_SW_PAGE_FAULTS_MIN, stack_every);

		plan_take_stacks(stacks);
		stacks->attr.exclude_kernel = 1;
		stacks->kind.beside = true;
	}
	for (unsigned i = 0; i < events->plan_count; i++) {
		events->plans[i].kind.sample_type = events->plans[i].attr.sample_type;
		events->plans[i].kind.registers = events->plans[i].attr.sample_regs_user;
	}
}

/* What the kernel allows, tried on ourselves: the most privileged first. */
static void
plan_what_is_allowed(struct fault_events *events, unsigned stack_every)
{
	static const struct {
		bool error_codes, kernel_writes;
	} tries[] = {{true, true}, {false, true}, {false, false}};

	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		int fd;

		events->facts.error_codes = tries[i].error_codes;
		events->facts.kernel_writes = tries[i].kernel_writes;
		plan_all(events, stack_every);
		fd = perf_open(&events->plans[0].attr, 0, -1);
		if (fd < 0)
			continue;
		close(fd);
		return;
	}
}

struct fault_events *
fault_events_open(unsigned stack_every)
{
	struct fault_events *events = mem_zero(1, sizeof(*events));
	long cpus = sysconf(_SC_NPROCESSORS_CONF);

	events->threads.each = sizeof(pid_t);
	plan_what_is_allowed(events, stack_every);
	events->cpu_count = cpus > 0 ? (size_t)cpus : 1;
	rings_init(&events->rings, events->cpu_count);
	return events;
}

void
fault_events_close(struct fault_events *events)
{
	if (!events)
		return;
	rings_release(&events->rings);
	for (size_t i = 0; i < events->fd_count; i++)
		close(events->fds[i]);
	free(events->threads.list);
	free(events->fds);
	free(events->ids);
	free(events);
}

static void
remember_event(struct fault_events *events, int fd, unsigned plan)
{
	uint64_t id = 0;

	if (events->fd_count == events->fd_room) {
		events->fd_room = events->fd_room ? events->fd_room * 2 : 64;
		events->fds = mem_resize(events->fds, events->fd_room, sizeof(*events->fds));
	}
	events->fds[events->fd_count++] = fd;
	if (ioctl(fd, PERF_EVENT_IOC_ID, &id) < 0)
		return;
	if (events->id_count == events->id_room) {
		events->id_room = events->id_room ? events->id_room * 2 : 64;
		events->ids = mem_resize(events->ids, events->id_room, sizeof(*events->ids));
	}
	events->ids[events->id_count++] = (struct event_id){id, plan};
	events->sorted = false;
}

/* -1: errno says why. A thread that has ended and a CPU that is off are not failures. */
static int
open_one(struct fault_events *events, pid_t tid, size_t cpu, unsigned plan)
{
	struct perf_event_attr attr = events->plans[plan].attr;
	enum ring_use use = plan_use(&events->plans[plan]);
	struct cpu_ring *ring = ring_of_cpu(&events->rings, cpu, use);
	int fd, errnum;

	if (ring->off)
		return 0;
	attr.wakeup_watermark = (uint32_t)(rings_bytes(&events->rings, ring, use) / 4);
	fd = perf_open(&attr, tid, (int)cpu);
	if (fd < 0) {
		ring->off = errno == ENODEV;
		return errno == ESRCH || errno == ENODEV ? 0 : -1;
	}
	if (rings_join(&events->rings, ring, use, fd) == 0) {
		remember_event(events, fd, plan);
		return 0;
	}
	errnum = errno;
	close(fd);
	errno = errnum;
	return -1;
}

static int
open_thread(struct fault_events *events, pid_t tid)
{
	for (size_t cpu = 0; cpu < events->cpu_count; cpu++)
		for (unsigned plan = 0; plan < events->plan_count; plan++)
			if (open_one(events, tid, cpu, plan) < 0)
				return -1;
	return 0;
}

static int
by_id(const void *one, const void *other)
{
	const struct event_id *a = one, *b = other;

	return a->id < b->id ? -1 : a->id > b->id;
}

static const struct record_kind *
kind_of_id(const void *of, uint64_t id)
{
	const struct fault_events *events = of;
	const struct event_id wanted = {.id = id},
			      *found = bsearch(&wanted, events->ids, events->id_count,
				  sizeof(*events->ids), by_id);

	return found ? &events->plans[found->plan].kind : NULL;
}

static bool
parse_at(const struct fault_events *events, struct cpu_ring *cpu, struct perf_record *record)
{
	const struct record_kinds kinds = {events->trace, kind_of_id, events};
	const void *bytes = ring_record(&cpu->ring, &cpu->size);

	return bytes && record_parse(record, &kinds, bytes, cpu->size);
}

/* Threads forked by a watched thread are watched too. */
static void
keep_threads(struct fault_events *events, const struct perf_record *record)
{
	if (record->type == RECORD_FORK)
		by_pid_add(&events->threads, record->tid);
	else if (record->type == RECORD_EXIT)
		by_pid_drop(&events->threads, record->tid);
}

/* Which threads came by inheritance, before their records are returned: looks without taking
 * any. */
static void
hear_of_forks(struct fault_events *events)
{
	rings_take_stock(&events->rings);
	for (size_t i = 0; i < events->rings.count; i++) {
		struct cpu_ring ahead = events->rings.list[i];
		struct perf_record record;

		if (!ahead.ring.page)
			continue;
		while (parse_at(events, &ahead, &record)) {
			if (record.type == RECORD_FORK)
				by_pid_add(&events->threads, record.tid);
			ahead.ring.tail += ahead.size;
		}
	}
}

static void
sort_ids(struct fault_events *events)
{
	if (!events->sorted && events->id_count)
		qsort(events->ids, events->id_count, sizeof(*events->ids), by_id);
	events->sorted = true;
}

/* One round over the existing threads: how many were new; -1: refused. A watched thread's child is
 * listed a moment before its fork is reported, so those of a later round are checked twice. */
static int
follow_round(struct fault_events *events, pid_t pid, bool first)
{
	const struct timespec moment = {.tv_nsec = 1000000};
	struct by_pid threads = {.each = sizeof(pid_t)};
	const pid_t *list;
	int news = 0;

	threads_of(pid, &threads);
	list = threads.list;
	if (!first)
		nanosleep(&moment, NULL);
	sort_ids(events);
	hear_of_forks(events);
	for (size_t i = 0; news >= 0 && i < threads.count; i++) {
		if (by_pid_find(&events->threads, list[i]))
			continue;
		news++;
		if (open_thread(events, list[i]) < 0)
			news = -1;
		else
			by_pid_add(&events->threads, list[i]);
	}
	free(threads.list);
	return news;
}

int
fault_events_follow(struct fault_events *events, pid_t pid, struct err *err)
{
	int news = 1;

	for (int round = 0; news > 0 && round < ROUNDS_MOST; round++)
		news = follow_round(events, pid, round == 0);
	sort_ids(events);
	events->facts.descriptors = events->fd_count;
	events->facts.ring_bytes = rings_bytes(&events->rings, &events->rings.list[0], RING_FAULTS);
	return news < 0 ? refusal_of(errno, pid, err) : 0;
}

void
fault_events_wait(struct fault_events *events, int milliseconds)
{
	rings_wait(&events->rings, milliseconds);
}

/* What is at its tail, without removing it. */
static void
ready_ring(const struct fault_events *events, struct cpu_ring *cpu)
{
	struct perf_record record;

	cpu->ready = false;
	while (cpu->ring.page) {
		const void *bytes = ring_record(&cpu->ring, &cpu->size);

		if (!bytes)
			return;
		if (parse_at(events, cpu, &record)) {
			cpu->time_ns = record.time_ns;
			cpu->ready = true;
			return;
		}
		ring_pass(&cpu->ring, cpu->size);
	}
}

static void
pass_given(struct fault_events *events)
{
	struct cpu_ring *cpu = events->given;

	events->given = NULL;
	if (!cpu)
		return;
	ring_pass(&cpu->ring, cpu->size);
	ready_ring(events, cpu);
}

void
fault_events_look(struct fault_events *events)
{
	pass_given(events);
	sort_ids(events);
	rings_take_stock(&events->rings);
	for (size_t i = 0; i < events->rings.count; i++)
		ready_ring(events, &events->rings.list[i]);
}

bool
fault_events_next(struct fault_events *events, struct perf_record *record)
{
	struct cpu_ring *first = NULL;

	pass_given(events);
	for (size_t i = 0; i < events->rings.count; i++)
		if (events->rings.list[i].ready &&
		    (!first || events->rings.list[i].time_ns < first->time_ns))
			first = &events->rings.list[i];
	if (!first)
		return false;
	events->given = first;
	first->ready = false;
	parse_at(events, first, record);
	keep_threads(events, record);
	return true;
}

struct fault_events_facts
fault_events_facts(const struct fault_events *events)
{
	return events->facts;
}
