#include "config.h"
#include "blame/event/ring.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "blame/event/perf_record.h"

#define RING_PAGES_LEAST 8

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
	ring->whole = mem_zero(1, RECORD_BYTES_MAX);
	return 0;
}

void
ring_unmap(struct ring *ring)
{
	if (ring->page)
		munmap(ring->page, (size_t)sysconf(_SC_PAGESIZE) + ring->bytes);
	free(ring->whole);
	memset(ring, 0, sizeof(*ring));
}

void
ring_look(struct ring *ring)
{
	ring->head = __atomic_load_n(&ring->page->data_head, __ATOMIC_ACQUIRE);
}

const void *
ring_record(struct ring *ring, size_t *size)
{
	uint64_t there = ring->head - ring->tail;
	size_t at = ring->tail & (ring->bytes - 1), first = ring->bytes - at;
	const struct perf_event_header *header = (const void *)(ring->data + at);

	if (there < sizeof(*header))
		return NULL;
	*size = header->size;
	if (*size < sizeof(*header) || *size > there || *size % 8) { /* it cannot be read on */
		ring_pass(ring, there);
		return NULL;
	}
	if (*size <= first)
		return header;
	memcpy(ring->whole, header, first);
	memcpy(ring->whole + first, ring->data, *size - first);
	return ring->whole;
}

void
ring_pass(struct ring *ring, size_t size)
{
	ring->tail += size;
	__atomic_store_n(&ring->page->data_tail, ring->tail, __ATOMIC_RELEASE);
}
