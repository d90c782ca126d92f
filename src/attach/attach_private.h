/*
 * A sample under construction: shared by refresh.c (processes and mappings), window.c (a range of
 * pages of one region in all its processes), sharing.c (what entries do not tell) and sample.c,
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

#define FREEZES_MOST 4 /* rounds in which new processes are held, and guards */

/* A file's pages that a process maps twice: those at [start, end) also at + delta. */
struct twice {
	uint64_t start, end, delta;
};

/* What is known of the forks of a process. Times are as in struct cell_line: see forks.c. */
struct fork_past {
	bool begun;       /* in a sample before it was looked at */
	bool listed;      /* its children could be listed in this one */
	uint64_t waited;  /* of its stat, in the sample before */
	uint64_t unknown; /* until then it may have forked others than those seen; 0: none */
	uint64_t seen;    /* the last one that was seen was forked then; 0: none */
	uint64_t last;    /* the later of both */
	struct unseen_fork told;
	uint64_t told_before; /* told.count in the sample before */
	enum unseen_since told_since;
	bool last_lives; /* told.child is among its children */
};

struct attach_subject {
	struct held held;
	uint64_t lineage; /* that its cells in attach.now are of; 0: none */
	uint64_t born;    /* when it was forked; as in struct cell_line */
	struct fork_past forks;
	size_t memory_rank;    /* of memories.c */
	bool fresh;            /* this sample is the first of this memory */
	bool seen;             /* some memory of it was in a sample */
	bool forked;           /* fresh, and forked since the sample before by one that was in it */
	bool still;            /* a guard holds it */
	enum member_life life; /* before it was held */
	struct twice *twice;
	size_t twice_count;
};

/* A strip under way. */
struct line {
	struct attach_subject *subject;
	size_t member;
	uint64_t skip; /* before this page nothing is present */
	bool active;   /* takes part in this window */
	bool has_facts, has_prior;
	uint64_t *entries; /* attach.window of each */
	uint8_t *facts, *prior, *cells;
	struct ahead_part *ahead; /* its entries of this window, read already; NULL */
	uint64_t pen_index;       /* the granule that is being written */
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
	int guard_pagemaps[FREEZES_MOST]; /* the guards of a freeze map the same */
	size_t guard_count;
	/* NULL: the kernel does not tell */
	struct unseen *unseen;
	const struct family *now; /* never changed once attach_now() gave it away */
	/* the same, until then: what it cost, and whether it stood still */
	struct family *latest;
	struct prior prior;
	struct ahead *ahead; /* NULL: one core */
	size_t threads;      /* that read a whole sample, ours among them */
	bool at_once;        /* a whole sample: the duty does not count */
	int tries;           /* for it, so far */

	/* the sample under way */
	struct family *work; /* NULL: none */
	struct pfns frames;
	struct writers *writers; /* NULL: nobody can tell who wrote */
	uint64_t copies, parted; /* frames that copying added, pages that are parted */
	bool settled;            /* nobody joined or left since the sample before */
	uint64_t refreshed;      /* when it was known who is there; as in struct cell_line, */
	uint64_t before;         /* and of the sample before; 0: there was none */
	uint64_t began_ns, cpu_ns, reading_ns, number, pages;
	bool tainted;       /* somebody was lost while it was read */
	bool unread;        /* a reading failed, and something is unknown for that */
	bool copies_unsure; /* more than copies, maybe */
	bool any_unread;    /* somebody's memory could not be opened, though it may be read */
	bool unlisted;      /* of these: of somebody's children, who are not in the sample then */
	size_t pss_next;    /* whose turn it is for Pss */
	unsigned steps;
	size_t region;
	uint64_t page, run; /* run: windows that followed one another */
	bool region_open;
	size_t window;      /* pages read at once */
	struct line *lines; /* of the region's strips */
	size_t line_room;
	struct cell_line *cell_lines;
	uint64_t *again;                /* a window's entries, read once more */
	struct copied_bytes *contents;  /* of --compare; NULL: nothing was read yet */
	struct sibling_bytes *siblings; /* of --compare=siblings; NULL: nobody asked */

	/* what reading cost, less what time has paid back */
	double debt_ns;
	uint64_t debt_at_ns; /* CLOCK_MONOTONIC */
	uint64_t cpu_at_ns;  /* processor time as the last step ended */
};

/* refresh.c */
void refresh_all(struct attach *attach);
void refresh_settle(struct attach *attach); /* the sample is complete: who came and went unseen */
void subject_find_twice(struct attach_subject *subject);
/* a process that is there; NULL */
struct attach_subject *subject_of_pid(struct attach *attach, pid_t pid);
/* who it is, without numbers of pages */
struct member *subject_enter(const struct attach_subject *subject, struct family *family);

/* memories.c: held.memory_of of all */
void memories_settle(struct attach *attach);

/* forks.c: before children are listed; a child that is not in the family; when all have been
 * refreshed: subject.born and subject.forks */
void forks_ask(const struct attach *attach, struct attach_subject *subject);
void forks_see_stranger(const struct attach *attach, struct attach_subject *parent, pid_t child);
void forks_find(struct attach *attach);

/* window.c: the next window of the sample; false: there is none. */
bool window_read(struct attach *attach);
/* whose pages a process was forked from; MEMBER_NONE */
int memory_parent(const struct attach *attach, size_t member);

/*
 * copied_bytes.c: CELL_SAME of a line's copies in the window. Nothing is changed by it: what lies
 * in memory is read through /proc/PID/mem, which pins nothing, and only where the page is present
 * as it is read: anything else would be faulted in.
 */
void contents_compare(struct attach *attach, struct region *region, size_t line, size_t count);
void contents_free(struct copied_bytes *contents); /* NULL does nothing */
/* Where reading what is present reads memory, and nothing else: no device, no memory that is not to
 * be read. */
bool contents_plain(const struct region *region, const struct strip *strip);

/*
 * siblings.c: pages of the same bytes in frames of their own, once all windows of a sample were
 * read. A piece of it at a time; false: there is no more, or nobody asked.
 */
struct sibling_bytes *siblings_new(size_t page_size, uint64_t pages_most);
void siblings_free(struct sibling_bytes *siblings);  /* NULL does nothing */
void siblings_begin(struct sibling_bytes *siblings); /* a sample; NULL does nothing */
bool siblings_read(struct attach *attach);

/* sharing.c: facts of the active lines; count pages from attach->page on. */
void sharing_find(struct attach *attach, const struct region *region, size_t count);

/* writers.c: who wrote of at most so many pages of a cell line; a cells_ask whose `with` is the
 * struct attach. */
struct writers *writers_new(size_t pages);
void writers_free(struct writers *writers); /* NULL does nothing */
void writers_ask(void *with, size_t line, const uint16_t *pages, size_t count, uint8_t *wrote);

/* pss.c: of those for which it is time, all; or the next one in turn, false: there is nobody. Then
 * what was read last, into the family. */
void pss_read_all(struct attach *attach);
bool pss_read_one(struct attach *attach);
void pss_tell(const struct attach *attach, struct family *family);

/* sample.c */
uint64_t line_address(const struct attach *attach, const struct region *region, size_t line);

#endif
