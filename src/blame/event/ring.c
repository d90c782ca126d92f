#include "config.h"
#include "blame/event/ring.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "blame/event/perf_record.h"

#define RING_PAGES_LEAST 8
#define STORE_TIMES 16 /* the ring */

int
ring_map(struct ring *ring, int fd, size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *base = MAP_FAILED;

	memset(ring, 0, sizeof(*ring));
	for (; bytes >= RING_PAGES_LEAST * page; bytes /= 2) {
		base = mmap(NULL, page + bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (base != MAP_FAILED || (errno != EPERM && errno != ENOMEM))
			break;
	}
	if (base == MAP_FAILED)
		return -1;
	ring->page = base;
	ring->data = (uint8_t *)base + page;
	ring->bytes = bytes;
	ring->store = mem_zero(1, sizeof(*ring->store));
	ring->store_bytes = bytes * STORE_TIMES;
	ring->store->bytes = mem_resize(NULL, ring->store_bytes, 1);
	ring->whole = mem_zero(1, RECORD_BYTES_MAX);
	return 0;
}

void
ring_unmap(struct ring *ring)
{
	if (ring->page)
		munmap(ring->page, (size_t)sysconf(_SC_PAGESIZE) + ring->bytes);
	if (ring->store)
		free(ring->store->bytes);
	free(ring->store);
	free(ring->whole);
	memset(ring, 0, sizeof(*ring));
}

/* Copies from one ring of bytes to another, each from its own position. */
static void
bytes_round(uint8_t *to, size_t to_bytes, uint64_t to_at, const uint8_t *from, size_t from_bytes,
    uint64_t from_at, size_t size)
{
	while (size) {
		size_t in = to_at & (to_bytes - 1), out = from_at & (from_bytes - 1), part = size;

		part = part < to_bytes - in ? part : to_bytes - in;
		part = part < from_bytes - out ? part : from_bytes - out;
		memcpy(to + in, from + out, part);
		to_at += part;
		from_at += part;
		size -= part;
	}
}

bool
ring_empty(struct ring *ring)
{
	struct ring_store *store = ring->store;
	uint64_t tail = ring->page->data_tail;
	uint64_t there = __atomic_load_n(&ring->page->data_head, __ATOMIC_ACQUIRE) - tail;
	uint64_t room = ring->store_bytes -
	    (store->head - atomic_load_explicit(&store->tail, memory_order_acquire));
	size_t size = there < room ? there : room;

	bytes_round(
	    store->bytes, ring->store_bytes, store->head, ring->data, ring->bytes, tail, size);
	__atomic_store_n(&ring->page->data_tail, tail + size, __ATOMIC_RELEASE);
	store->head += size;
	return size > 0;
}

/* A store that was read to its end starts afresh, so that it takes no more memory than needed. */
void
ring_look(struct ring *ring)
{
	struct ring_store *store = ring->store;

	if (store->head == ring->tail) {
		store->head = ring->tail = 0;
		atomic_store(&store->tail, 0);
	}
	ring->head = store->head;
}

const void *
ring_record(struct ring *ring, size_t *size)
{
	uint64_t there = ring->head - ring->tail;
	size_t at = ring->tail & (ring->store_bytes - 1), first = ring->store_bytes - at;
	const struct perf_event_header *header = (const void *)(ring->store->bytes + at);

	if (there < sizeof(*header))
		return NULL;
	*size = header->size;
	if (*size < sizeof(*header) || *size % 8) { /* it can't be read any further */
		ring_pass(ring, there);
		return NULL;
	}
	if (*size > there) /* the store had no room for the rest yet */
		return NULL;
	if (*size <= first)
		return header;
	memcpy(ring->whole, header, first);
	memcpy(ring->whole + first, ring->store->bytes, *size - first);
	return ring->whole;
}

void
ring_pass(struct ring *ring, size_t size)
{
	ring->tail += size;
	atomic_store_explicit(&ring->store->tail, ring->tail, memory_order_release);
}
