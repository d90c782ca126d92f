/*
 * A sample under construction, shared by refresh.c (processes and mappings), window.c (a range of
 * pages of one region in all its processes), sharing.c (what entries don't tell) and sample.c,
 * which joins them.
 */
#ifndef ATTACH_ATTACH_PRIVATE_H
#define ATTACH_ATTACH_PRIVATE_H

#include "attach/ahead.h"
#include "attach/attach.h"
#include "attach/freeze.h"
#include "attach/held.h"
#include "attach/prior.h"
#include "attach/reader.h"
#include "attach/readers.h"
#include "attach/unseen.h"
#include "attach/who.h"
#include "model/family/cells.h"

#define FREEZES_MOST 4 /* rounds in which new processes are held, and so guards */

/* Pages of a file that a process maps twice: those at [start, end) also at + delta. */
struct twice {
	uint64_t start, end, delta;
};

/* What is known about a process's forks. Times are as in struct cell_line: see forks.c. */
struct fork_past {
	bool begun;       /* in a sample before its forks were looked at */
	bool listed;      /* its children could be listed in this sample */
	uint64_t waited;  /* from its stat, in the sample before */
	uint64_t unknown; /* until then it may have forked others than those seen; 0: never */
	uint64_t seen;    /* when the last fork that was seen took place; 0: none */
	uint64_t last;    /* the later of both */
	struct unseen_fork told;
	uint64_t told_before; /* told.count as of the sample before */
	enum unseen_since told_since;
	bool last_lives; /* told.child is still among its children */
};

struct attach_subject {
	struct held held;
	uint64_t lineage; /* of its cells in attach.now; 0: none */
	uint64_t born;    /* when it was forked, as in struct cell_line */
	struct fork_past forks;
	size_t memory_rank; /* of memories.c */
	bool fresh;         /* this is the first sample of this memory */
	bool seen;          /* some memory of it was in an earlier sample */
	bool forked; /* fresh, and forked since the sample before by a process that was in it */
	bool still;  /* a guard holds it */
	enum member_life life; /* before it was held */
	struct twice *twice;
	size_t twice_count;
};

/* A strip under way. */
struct line {
	struct attach_subject *subject;
	size_t member;
	uint64_t skip; /* nothing is present before this page */
	bool active;   /* takes part in this window */
	bool has_facts, has_prior;
	uint64_t *entries; /* of this window, in attach.window */
	uint8_t *facts, *prior, *cells;
	struct ahead_part *ahead; /* its entries of this window, already read; NULL */
	uint64_t pen_index;       /* the granule being written */
	bool pen_used;
	uint8_t pen[GRANULE_PAGES];
};

struct attach {
	struct reader reader;
	struct meant who;
	struct attach_subject *subjects;
	size_t subject_count, names;
	double duty;
	bool freeze, compare, rebase;
	struct maps own; /* what we map ourselves */
	int own_pagemap;
	int guard_pagemaps[FREEZES_MOST]; /* the guards of a freeze, which map the same */
	size_t guard_count;
	/* NULL: the kernel doesn't report forks */
	struct unseen *unseen;
	const struct family *now; /* never changes once attach_now() has returned it */
	/* the same family, until it is returned: its cost, and whether it stood still */
	struct family *latest;
	struct prior prior;
	struct ahead *ahead; /* NULL: one core */
	size_t threads;      /* that read a whole sample, including ours */
	bool at_once;        /* a whole sample: the duty doesn't apply */
	int tries;           /* for it, so far */

	/* the sample under way */
	struct family *work; /* NULL: none */
	struct pfns frames;
	struct writers *writers; /* NULL: bit 34 can't be read */
	uint64_t copies, parted; /* frames that copying added; pages that are parted */
	bool settled;            /* nobody joined or left since the sample before */
	uint64_t refreshed;      /* when the processes were listed, as in struct cell_line, */
	uint64_t before;         /* and in the sample before; 0: there was none */
	uint64_t began_ns, cpu_ns, reading_ns, number, pages;
	bool tainted;       /* a process was lost while it was read */
	bool unread;        /* a reading failed, so something is unknown */
	bool copies_unsure; /* there may be more copies than that */
	bool any_unread;    /* a memory that may be read could not be opened */
	bool unlisted; /* some children could not be listed, so they are missing from the sample */
	size_t pss_next; /* whose Pss is read next */
	unsigned steps;
	size_t region;
	uint64_t page, run; /* run: consecutive windows */
	bool region_open;
	size_t window;      /* pages read at a time */
	struct line *lines; /* of the region's strips */
	size_t line_room;
	struct cell_line *cell_lines;
	uint64_t *again;                /* a window's entries, read a second time */
	struct copied_bytes *contents;  /* of --compare; NULL: nothing was read yet */
	struct sibling_bytes *siblings; /* of --compare=siblings; NULL: nobody asked */

	/* what reading cost, less what has since been paid back in time */
	double debt_ns;
	uint64_t debt_at_ns; /* CLOCK_MONOTONIC */
	uint64_t cpu_at_ns;  /* processor time at the end of the last step */
};

/* refresh.c */
void refresh_all(struct attach *attach);
void refresh_settle(struct attach *attach); /* the sample is complete: who came and went unseen */
void subject_find_twice(struct attach_subject *subject);
/* a process that exists; NULL */
struct attach_subject *subject_of_pid(struct attach *attach, pid_t pid);
/* its identity, without page counts */
struct member *subject_enter(const struct attach_subject *subject, struct family *family);

/* memories.c: held.memory_of of all subjects */
void memories_settle(struct attach *attach);

/* forks.c: before children are listed; for each child outside the family; once all have been
 * refreshed: subject.born and subject.forks */
void forks_ask(const struct attach *attach, struct attach_subject *subject);
void forks_see_stranger(const struct attach *attach, struct attach_subject *parent, pid_t child);
void forks_find(struct attach *attach);

/* window.c: reads the next window of the sample; false: there is none. */
bool window_read(struct attach *attach);
/* the process whose pages it inherited by fork; MEMBER_NONE */
int memory_parent(const struct attach *attach, size_t member);

/*
 * copied_bytes.c: CELL_SAME of a line's copies in the window. Reading changes nothing:
 * /proc/PID/mem pins no page, and only pages that are present are read, since any other would be
 * faulted in.
 */
void contents_compare(struct attach *attach, struct region *region, size_t line, size_t count);
void contents_free(struct copied_bytes *contents); /* NULL does nothing */
/* Does reading a present page read memory and nothing else: no device, nothing unreadable? */
bool contents_plain(const struct region *region, const struct strip *strip);

/*
 * siblings.c: pages of equal bytes in separate frames, once all windows of a sample have been read.
 * Works piece by piece; false: there is no more, or it was not requested.
 */
struct sibling_bytes *siblings_new(size_t page_size, uint64_t pages_most);
void siblings_free(struct sibling_bytes *siblings);  /* NULL does nothing */
void siblings_begin(struct sibling_bytes *siblings); /* NULL does nothing */
bool siblings_read(struct attach *attach);

/* sharing.c: facts about the active lines, for count pages from attach->page on. */
void sharing_find(struct attach *attach, const struct region *region, size_t count);

/* writers.c: who wrote, for at most this many pages of a cell line; a cells_ask whose `with` is the
 * struct attach. */
struct writers *writers_new(size_t pages);
void writers_free(struct writers *writers); /* NULL does nothing */
void writers_ask(void *with, size_t line, const uint16_t *pages, size_t count, uint8_t *wrote);

/* pss.c: Pss of all processes that are due; or of the next one in turn, false: none is due. Then
 * what was last read, into the family. */
void pss_read_all(struct attach *attach);
bool pss_read_one(struct attach *attach);
void pss_tell(const struct attach *attach, struct family *family);

/* sample.c */
uint64_t line_address(const struct attach *attach, const struct region *region, size_t line);

#endif
