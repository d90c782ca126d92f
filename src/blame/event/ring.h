/*
 * A perf ring: what the kernel writes on one CPU, read without a system call. The kernel writes at
 * the head, we read from the tail; what finds no room is lost and counted by a record of its own.
 */
#ifndef BLAME_EVENT_RING_H
#define BLAME_EVENT_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ring {
	struct perf_event_mmap_page *page; /* NULL: none */
	uint8_t *data;
	size_t bytes;        /* of data, a power of two */
	uint64_t tail, head; /* read up to here; written up to here, when that was looked at */
	uint8_t *whole;      /* a record that goes round the end, in one piece */
};

/* Maps the ring of a perf event, of at most so many bytes, a power of two; of fewer where the
 * kernel gives no more. -1: errno says why. */
int ring_map(struct ring *ring, int fd, size_t bytes);
void ring_unmap(struct ring *ring);

void ring_look(struct ring *ring); /* how far the kernel is by now */

/* The record at the tail, borrowed until ring_pass(); NULL: there is none, as of ring_look(). What
 * is no record ends what there is to be read. */
const void *ring_record(struct ring *ring, size_t *size);
void ring_pass(struct ring *ring, size_t size); /* its place is the kernel's again */

#endif
