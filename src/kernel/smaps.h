/*
 * The entries of /proc/PID/smaps for one range of addresses.
 *
 * The kernel writes it VMA by VMA in address order while it is read, about a page of text per read
 * call, so what comes after the range is never requested. Unknown fields are skipped. A truncated
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
	bool done;   /* nothing that follows can overlap the range */
	char *text;  /* what was read but not parsed yet */
};

/* The steps, for text from anywhere: begin, then parse until it is done, then finish. */
void smaps_begin(struct smaps_list *list, uint64_t start, uint64_t end);

/* Takes whole lines and returns the bytes taken. Prepend the rest to the text that follows. */
size_t smaps_parse(struct smaps_list *list, const char *text, size_t length);

/* whole: the text ended where it should, so the last entry is complete too. */
void smaps_finish(struct smaps_list *list, bool whole);

/* All these steps for a descriptor. *expected: the bytes that it took last time (0: never yet); it
 * is updated. With it the kernel isn't asked for an entry too many. false: nothing could be
 * read. */
bool smaps_read(struct smaps_list *list, int fd, uint64_t start, uint64_t end, size_t *expected);

void smaps_release(struct smaps_list *list);

#endif
