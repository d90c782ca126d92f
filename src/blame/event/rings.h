/*
 * The rings of all CPUs, and a thread that does nothing but empty them into their stores, so that
 * no long work can delay it. Users get less memory for them than root: perf_event_mlock_kb per CPU.
 *
 * One thread, the reader, joins events, takes stock and reads the stores.
 */
#ifndef BLAME_EVENT_RINGS_H
#define BLAME_EVENT_RINGS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "blame/event/ring.h"

/* Each CPU has two, so that stacks, which are large, take no room from the faults. */
enum ring_use { RING_FAULTS, RING_STACKS, RING_USES };

struct cpu_ring {
	struct ring ring;
	int fd; /* of the event that owns the ring; -1: none yet, or the CPU is off */
	bool off;
	size_t size; /* of the last record returned */
	uint64_t time_ns;
	bool ready; /* a record with that time is at its tail */
};

struct rings {
	struct cpu_ring *list; /* for CPU 0, CPU 1 ... */
	size_t count;
	size_t bytes[RING_USES]; /* requested sizes */
	pthread_mutex_t emptying;
	pthread_cond_t emptied;
	pthread_t thread;
	bool running, over, news; /* news: something was moved since stock was taken */
};

void rings_init(struct rings *rings, size_t cpus);
void rings_release(struct rings *rings);

struct cpu_ring *ring_of_cpu(struct rings *rings, size_t cpu, enum ring_use use);

/* The size of the kernel's ring, or the size that will be requested. */
size_t rings_bytes(const struct rings *rings, const struct cpu_ring *ring, enum ring_use use);

/* Directs the event's records into that ring, which the first event creates. -1: errno says why. */
int rings_join(struct rings *rings, struct cpu_ring *ring, enum ring_use use, int fd);

/* Makes what the kernel wrote so far readable. */
void rings_take_stock(struct rings *rings);

/* Waits until there is something, for at most this long. */
void rings_wait(struct rings *rings, int milliseconds);

#endif
