/*
 * The frames of a snapshot, each once, with all processes that map it. Internal to src/view.
 */
#ifndef VIEW_LAB_FRAME_ENTRIES_H
#define VIEW_LAB_FRAME_ENTRIES_H

#include <stdbool.h>

#include "base/buf.h"
#include "model/lab/snapshot.h"

struct frame_entry {
	uint32_t page;  /* of the row it was asked for; page_count for the page of zeros */
	uint32_t frame; /* FRAME_NONE: a page of the file that is only in the page cache */
	char name[FRAME_NAME_MAX];
	uint64_t pfn;
	uint16_t mappers;              /* a set, bit 0 is a */
	uint8_t role;                  /* of its state in the processes that map it */
	const struct content *content; /* NULL: not known */
};

/* Zeroed at first; end it with frames_free(). */
struct frame_entries {
	struct frame_entry *list;
	size_t count, room;
};

/* Adds the frames of one page, the file's first. all: also those mapped there that aren't this
 * page's: the page of zeros and other pages of the file. */
void frames_of_page(
    struct frame_entries *entries, const struct snapshot *now, uint32_t page, bool all);

/* Ascending pages, the page of zeros last. */
void frames_of_all(struct frame_entries *entries, const struct snapshot *now);
void frames_free(struct frame_entries *entries);

void mappers_text(struct buf *out, uint16_t mappers); /* "b c"; "nobody" */

#endif
