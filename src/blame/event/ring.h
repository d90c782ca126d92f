/*
 * A perf ring: what the kernel writes on one CPU. The kernel's ring is small, and what finds no
 * room there is lost (a record of its own counts it). So it is emptied often, by whoever has a
 * moment, into a store that is larger; what is read comes from there.
 *
 * ring_empty() and ring_look() are called by one thread at a time; the rest is the reader's.
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
	uint8_t *whole;      /* a record that goes round the end, in one piece */
};

/* Maps the ring of a perf event, of at most so many bytes, a power of two; of fewer where the
 * kernel gives no more. -1: errno says why. */
int ring_map(struct ring *ring, int fd, size_t bytes);
void ring_unmap(struct ring *ring);

/* Moves what the kernel wrote into the store, as much as there is room for. false: nothing. */
bool ring_empty(struct ring *ring);
void ring_look(struct ring *ring); /* how far the store is filled by now */

/* The record at the tail, borrowed until ring_pass(); NULL: there is none, as of ring_look(). What
 * is no record ends what there is to be read. */
const void *ring_record(struct ring *ring, size_t *size);
void ring_pass(struct ring *ring, size_t size); /* its place is free again */

#endif
