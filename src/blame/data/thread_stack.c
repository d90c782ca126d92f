#include "config.h"
#include "blame/data/mapped.h"

/*
 * glibc puts a thread's descriptor on top of its stack, above the thread's static TLS. On x86 the
 * descriptor begins with a pointer to itself, and its third word is another. The kernel may have
 * merged an adjacent mapping with the stack, so it is searched for from below, not only at the
 * mapping's end.
 */
#define DESCRIPTOR_ALIGNED 64
#define DESCRIPTOR_BYTES 2304 /* glibc 2.36; after it comes the rest of the page */
#define STACK_PAGE 4096
#define STACK_PAGES (1u << 14) /* 64 MiB */

static uint64_t
page_descriptor(const struct memory_reader *memory, uint64_t page)
{
	uint8_t bytes[STACK_PAGE];

	if (!memory_read(memory, page, bytes, sizeof(bytes)))
		return 0;
	for (unsigned at = 0; at + 3 * memory->word <= sizeof(bytes); at += DESCRIPTOR_ALIGNED) {
		uint64_t self = page + at, words[3] = {0};

		for (unsigned i = 0; i < 3; i++)
			memcpy(&words[i], bytes + at + (size_t)i * memory->word, memory->word);
		if (words[0] == self && words[2] == self)
			return self;
	}
	return 0;
}

uint64_t
thread_stack_end(const struct memory_reader *memory, uint64_t start, uint64_t end)
{
	for (unsigned i = 0; i < STACK_PAGES && start < end; i++, start += STACK_PAGE) {
		uint64_t descriptor = page_descriptor(memory, start);

		if (descriptor)
			return (descriptor + DESCRIPTOR_BYTES + STACK_PAGE - 1) / STACK_PAGE *
			    STACK_PAGE;
	}
	return 0;
}
