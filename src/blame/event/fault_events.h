/*
 * Page faults of processes as they happen, of their threads and, by inheritance, of every later
 * thread and child. In the rings of perf_event_open(2), one a CPU.
 *
 * A fault is told once. Of one in stack_every there is a second record with registers and stack
 * (record.beside); where stack_every is 1, there is one record with everything. When it is closed
 * nothing is left, neither here nor in the processes.
 */
#ifndef BLAME_EVENT_FAULT_EVENTS_H
#define BLAME_EVENT_FAULT_EVENTS_H

#include "base/err.h"
#include "blame/event/perf_record.h"

#define EVENTS_STACK_BYTES 4096

struct fault_events;

struct fault_events_facts {
	bool kernel_writes; /* faults that the kernel meets, as in read(2), are told */
	bool error_codes;   /* a copy is told from a page that was filled */
	size_t ring_bytes;  /* of each CPU */
	size_t descriptors;
};

/* Of no process yet. -1 of one that is followed: see fault_events_follow(). */
struct fault_events *fault_events_open(unsigned stack_every);
void fault_events_close(struct fault_events *events); /* NULL does nothing */

/*
 * All threads that a process has, unless they are watched already. A process that has gone is
 * nothing. -1: the kernel refuses (ERR_MACHINE), and what would help is said.
 */
int fault_events_follow(struct fault_events *events, pid_t pid, struct err *err);

/* Waits until there is something, for at most so long. */
void fault_events_wait(struct fault_events *events, int milliseconds);

/* Those that are there by now are what fault_events_next() gives, the earliest first. Borrowed
 * until the next call. */
void fault_events_look(struct fault_events *events);
bool fault_events_next(struct fault_events *events, struct perf_record *record);

struct fault_events_facts fault_events_facts(const struct fault_events *events);

#endif
