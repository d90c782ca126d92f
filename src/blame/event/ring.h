/*
 * A perf ring: what the kernel writes on one CPU. The kernel's ring is small, and records for which
 * it has no room are lost (a record of its own counts them). So it is emptied often, by any thread
 * with a moment to spare, into a larger store from which records are read.
 *
 * ring_empty() and ring_look() are called by one thread at a time; everything else is the reader's.
 */
#ifndef BLAME_EVENT_RING_H
#define BLAME_EVENT_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ring_store {
	uint8_t *bytes;
	uint64_t head;         /* filled up to here */
	_Atomic uint64_t tail; /* read up to here */
};

struct ring {
	struct perf_event_mmap_page *page; /* NULL: none */
	uint8_t *data;
	size_t bytes; /* of data, a power of two */
	struct ring_store *store;
	size_t store_bytes;  /* a power of two */
	uint64_t tail, head; /* of the store: read up to here; filled, when that was looked at */
	uint8_t *whole;      /* a record that wraps around the end, in one piece */
};

/* Maps the ring of a perf event, of at most this many bytes, a power of two; fewer if the kernel
 * refuses that. -1: errno says why. */
int ring_map(struct ring *ring, int fd, size_t bytes);
void ring_unmap(struct ring *ring);

/* Moves what the kernel wrote into the store, as far as there is room. false: there was nothing. */
bool ring_empty(struct ring *ring);
void ring_look(struct ring *ring); /* updates how far the store is filled */

/* The record at the tail, borrowed until ring_pass(); NULL: there is none, as of ring_look().
 * Anything malformed ends what can be read. */
const void *ring_record(struct ring *ring, size_t *size);
void ring_pass(struct ring *ring, size_t size); /* frees its space */

#endif
