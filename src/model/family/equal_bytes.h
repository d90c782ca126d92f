/*
 * Pages with equal bytes in separate frames, by a hash of their bytes. Pure.
 *
 * What a single frame would do for is counted twice: at one place of one lineage, where loading it
 * before the fork, or not writing to it, would have kept it shared; and anywhere, as KSM merges.
 */
#ifndef MODEL_FAMILY_EQUAL_BYTES_H
#define MODEL_FAMILY_EQUAL_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/family/family.h"

/* A page of one process, read. */
struct equal_page {
	uint64_t lineage; /* as in lineup.h: its addresses mean the same */
	uint64_t hash;    /* of its bytes */
	uint64_t frame;   /* equal if it is, or may be, the same */
	bool copy;        /* copied or parted */
	bool file;        /* a file's, not a process's own */
	bool zeros;       /* all its bytes are 0 */
};

/* The pages at one place of a region in all its processes, which it sorts: adds to equal, copies
 * and zeros. Returns how many are left: each frame once, none of zeros. */
size_t equal_at_place(struct equal_page *pages, size_t count, struct siblings *sum);

/* Frames of their own, at any place. */
struct equal_frames {
	struct equal_frame {
		uint64_t hash, frame;
	} * list;
	size_t count, room;
};

/* Adds those pages that aren't a file's. */
void equal_frames_add(struct equal_frames *frames, const struct equal_page *pages, size_t count);
/* Sorts them. Returns how many would not be needed. */
uint64_t equal_frames_count(struct equal_frames *frames);
void equal_frames_release(struct equal_frames *frames);

#endif
