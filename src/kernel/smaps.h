/*
 * The entries of /proc/PID/smaps for one range of addresses.
 *
 * The kernel writes it VMA by VMA in address order while it is read, about a page of text per read
 * call, so what lies after the range is never asked for. Unknown fields are skipped. A truncated
 * entry is dropped.
 */
#ifndef KERNEL_SMAPS_H
#define KERNEL_SMAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/lab/snapshot.h"

/* Start from zeroed memory, end with smaps_release(). */
struct smaps_list {
	struct smaps *list; /* entries that overlap [start, end), ascending */
	size_t count, room;
	uint64_t start, end;
	bool inside; /* the last entry is still being read */
	bool done;   /* nothing after can overlap the range */
	char *text;  /* what was read and not yet parsed */
};

/* The pieces, for text from anywhere: begin, then parse as long as it is not done, then end. */
void smaps_begin(struct smaps_list *list, uint64_t start, uint64_t end);

/* Takes whole lines and returns the bytes taken. The rest of the text belongs in front of what
 * comes next. */
size_t smaps_parse(struct smaps_list *list, const char *text, size_t length);

/* whole: the text ended where it should, so the last entry is complete too. */
void smaps_finish(struct smaps_list *list, bool whole);

/* All of that for a descriptor. *expected is the number of bytes that this took the last time (0:
 * never yet) and is set: with it the kernel is asked for not one entry too many. false: nothing
 * could be read. */
bool smaps_read(struct smaps_list *list, int fd, uint64_t start, uint64_t end, size_t *expected);

void smaps_release(struct smaps_list *list);

#endif
