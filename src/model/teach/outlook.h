/*
 * The outlook on one page of the lab: where each process's page table entry leads, and what is
 * there.
 *
 * Made from a snapshot, or predicted (model/teach/guess.h). It holds no PID, PFN or time: to a
 * person two outlooks are the same if outlook_words() says the same of both. A value: nothing to
 * free.
 */
#ifndef MODEL_TEACH_OUTLOOK_H
#define MODEL_TEACH_OUTLOOK_H

#include "base/buf.h"
#include "model/lab/snapshot.h"

#define OUTLOOK_FRAMES (4 * PROCESSES_MAX)

/* Where a process's entry leads: an index into outlook.frames, or one of the negative values. */
enum {
	AT_NOBODY = -3, /* no process has that name */
	AT_ENDED = -2,
	AT_ABSENT = -1,
	AT_FILE = 0,  /* the page of the file, or of the memory object */
	AT_ZERO = 1,  /* the kernel's page of zeros */
	AT_FIRST = 2, /* anonymous frames */
};

struct outlook {
	enum kind kind;
	bool no_zeros;            /* a first read gets a frame, not the page of zeros */
	int8_t at[PROCESSES_MAX]; /* by name: 0 is a */
	struct {
		enum birth birth;
		struct content content; /* length 0: unknown */
	} frames[OUTLOOK_FRAMES];
	int8_t frame_count;
	bool dirty_by_map; /* as in the snapshot */
	/* whose entry for this page fork copies to the child, because their VMA was written; bit 0
	 * is a */
	uint16_t inherited;
	int8_t dirty; /* enum tri: the file's page; TRI_UNKNOWN also without a disk */
};

/* What is asked about an outlook. */
enum asks {
	ASKS_STATES,   /* "a: copied; b and c: shared x2" */
	ASKS_DIRTY,    /* as ASKS_STATES, and whether the file's page is dirty */
	ASKS_CONTENTS, /* what each process finds there, and what the file holds */
	ASKS_FRAMES,   /* how many frames the processes map */
};

const char *asks_word(enum asks asks); /* "states", ... */

/* false: something is unknown, or in swap. */
bool outlook_of(struct outlook *outlook, const struct snapshot *now, uint32_t page);

/* false: the answer is unknown. */
bool outlook_tells(const struct outlook *outlook, enum asks asks);
void outlook_words(struct buf *out, const struct outlook *outlook, enum asks asks);

/* Does a child begin with its parent's entry for this page? */
bool outlook_is_inherited(const struct outlook *outlook, char parent);

size_t outlook_mapped_by(const struct outlook *outlook, int at);
/* not for AT_NOBODY, AT_ENDED */
enum page_state outlook_state(const struct outlook *outlook, int process);

/* A frame that no process maps yet; its index. */
int8_t outlook_frame(struct outlook *outlook, enum birth birth, const struct content *content);

#endif
