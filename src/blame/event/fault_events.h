/*
 * Page faults of processes as they happen, of their threads and, by inheritance, of every later
 * thread and child. In the rings of perf_event_open(2), one per CPU.
 *
 * A fault is reported once. For one in stack_every there is a second record with registers and
 * stack (record.beside); if stack_every is 1, one record has everything. Closing leaves nothing,
 * neither here nor in the processes.
 */
#ifndef BLAME_EVENT_FAULT_EVENTS_H
#define BLAME_EVENT_FAULT_EVENTS_H

#include "base/err.h"
#include "blame/event/perf_record.h"

#define EVENTS_STACK_BYTES 4096

struct fault_events;

struct fault_events_facts {
	bool kernel_writes; /* faults during the kernel's accesses, as in read(2), are reported */
	bool error_codes;   /* copies can be told from filled pages */
	size_t ring_bytes;  /* of each CPU */
	size_t descriptors;
};

/* Follows no process yet: see fault_events_follow(). */
struct fault_events *fault_events_open(unsigned stack_every);
void fault_events_close(struct fault_events *events); /* NULL does nothing */

/*
 * Follows all threads of a process, unless they are watched already. A process that has ended is no
 * error. -1: the kernel refuses (ERR_MACHINE), and err says what would help.
 */
int fault_events_follow(struct fault_events *events, pid_t pid, struct err *err);

/* Waits until there is something, for at most this long. */
void fault_events_wait(struct fault_events *events, int milliseconds);

/* Makes the faults so far available to fault_events_next(), the earliest first. Borrowed until the
 * next call. */
void fault_events_look(struct fault_events *events);
bool fault_events_next(struct fault_events *events, struct perf_record *record);

struct fault_events_facts fault_events_facts(const struct fault_events *events);

#endif
