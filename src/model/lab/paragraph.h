/*
 * A paragraph under construction: shared by paragraph.c, which describes events, and
 * paragraph_writes.c and paragraph_deeds.c, which describe acts that changed no page table entry.
 */
#ifndef MODEL_LAB_PARAGRAPH_H
#define MODEL_LAB_PARAGRAPH_H

#include "model/lab/events.h"

#define SINGLY 3 /* up to this many events of one type get a sentence each */

struct paragraph {
	struct buf *out;
	const struct events *events;
	const struct snapshot *now;
	size_t counts[EVENT_TYPE_COUNT];
};

/* Before each sentence. */
void paragraph_next(struct paragraph *paragraph);
void paragraph_say(struct paragraph *paragraph, const char *sentence);

void paragraph_say_writes(struct paragraph *paragraph);
void paragraph_say_deeds(struct paragraph *paragraph);

#endif
