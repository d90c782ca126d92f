/*
 * The rings of all CPUs, and a thread that does nothing but empty them into their stores, so that
 * nothing that takes long can make it late. Users get less memory for them than root:
 * perf_event_mlock_kb for each CPU.
 *
 * Joining, taking stock and what is read of a store are one thread's, the reader's.
 */
#ifndef BLAME_EVENT_RINGS_H
#define BLAME_EVENT_RINGS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "blame/event/ring.h"

/* A CPU has two, so that stacks, which are large, take no room from the faults. */
enum ring_use { RING_FAULTS, RING_STACKS, RING_USES };

struct cpu_ring {
	struct ring ring;
	int fd; /* of the event whose ring it is; -1: none yet, or the CPU is off */
	bool off;
	size_t size; /* of the record that was given last */
	uint64_t time_ns;
	bool ready; /* a record stands at its tail, of that time */
};

struct rings {
	struct cpu_ring *list; /* of CPU 0, of CPU 1.. */
	size_t count;
	size_t bytes[RING_USES]; /* that are asked for */
	pthread_mutex_t emptying;
	pthread_cond_t emptied;
	pthread_t thread;
	bool running, over, news; /* news: something was moved since stock was taken */
};

void rings_init(struct rings *rings, size_t cpus);
void rings_release(struct rings *rings);

struct cpu_ring *ring_of_cpu(struct rings *rings, size_t cpu, enum ring_use use);

/* Of the kernel's ring, or what will be asked for. */
size_t rings_bytes(const struct rings *rings, const struct cpu_ring *ring, enum ring_use use);

/* The event's records go into that ring, which the first event makes. -1: errno says why. */
int rings_join(struct rings *rings, struct cpu_ring *ring, enum ring_use use, int fd);

/* What the kernel wrote by now can be read. */
void rings_take_stock(struct rings *rings);

/* Waits until there is something, for at most so long. */
void rings_wait(struct rings *rings, int milliseconds);

#endif
