#include "config.h"
#include "blame/data/ruby.h"

#include <string.h>

#define SLOT_BYTES 40
#define SLOT_BYTES_MAX 640
#define PAGE_STRUCT_WORDS 8
#define PAGE_HEAD_MAX 1024 /* bytes before the first slot */

static bool
slot_bytes_known(uint64_t bytes)
{
	for (uint64_t size = SLOT_BYTES; size <= SLOT_BYTES_MAX; size *= 2)
		if (bytes == size)
			return true;
	return false;
}

/* The slots fill the page as far as they fit. */
static bool
page_is_filled(const struct ruby_page *page, uint64_t page_bytes)
{
	uint64_t end = page->start - page->body + page->slots * page->slot_bytes;

	return page->start - page->body < PAGE_HEAD_MAX && end <= page_bytes &&
	    page_bytes - end < 2 * page->slot_bytes + PAGE_HEAD_MAX;
}

bool
ruby_page_read(const struct ruby_layout *layout, const struct memory_reader *memory,
    uint64_t address, struct ruby_page *page)
{
	uint64_t words[PAGE_STRUCT_WORDS];
	uint16_t counts[2];

	page->body = address & ~((uint64_t)layout->page_bytes - 1);
	page->page = memory_word(memory, page->body);
	if (!page->page || page->page % 8 || !memory_read(memory, page->page, words, sizeof(words)))
		return false;
	memcpy(counts, words, sizeof(counts));
	page->slot_bytes = layout->sizes_differ ? counts[0] : SLOT_BYTES;
	page->slots = layout->sizes_differ ? counts[1] : counts[0];
	if (!slot_bytes_known(page->slot_bytes))
		return false;
	for (size_t i = 2; i < PAGE_STRUCT_WORDS; i++) {
		page->start = words[i];
		if (page->start > page->body && page_is_filled(page, layout->page_bytes))
			return true;
	}
	return false;
}

bool
ruby_is_slot(const struct ruby_layout *layout, const struct memory_reader *memory, uint64_t object)
{
	struct ruby_page page;

	return ruby_page_read(layout, memory, object, &page) && object >= page.start &&
	    (object - page.start) % page.slot_bytes == 0;
}
