/*
 * From page table entries to cells: one window of a region, all its processes in lockstep.
 *
 * Pure. The rules:
 *   - bit 56 says whether anyone else maps the frame, but not in a huge page, nor where a process
 *     maps a file's page twice: there FACT_ALONE or FACT_SHARED must be given, else the page is
 *     unknown;
 *   - an anonymous page that only this process maps is `copied` if it wrote while a relative had
 *     the original, `parted` if it is not known which of them wrote, else `private` (copies.h);
 *     it stays so when the relative's page goes;
 *   - an anonymous page that others map too is unknown if it may be the page of zeros.
 */
#ifndef MODEL_FAMILY_CELLS_H
#define MODEL_FAMILY_CELLS_H

#include "model/family/family.h"
#include "model/family/pfns.h"

/* What is known of a page beside its entry. */
#define FACT_ZERO 0x01   /* the page of zeros */
#define FACT_HUGE 0x02   /* mapped as part of a huge page */
#define FACT_ALONE 0x04  /* no other process maps it, whatever bit 56 says */
#define FACT_SHARED 0x08 /* another process does */
#define FACT_UNSURE 0x10 /* bit 56 is wrong, and nothing else could be asked */
#define FACT_MOVED 0x20  /* read twice, with different results */

#define PRIOR_NONE 0xFF /* the page was not read before; never a cell's value */

/* Has the process written to its page since it was forked and since it last forked? */
enum wrote {
	WROTE_OLD, /* the page isn't new: not asked */
	WROTE_NEW, /* not asked yet */
	WROTE_NO,
	WROTE_YES,
	WROTE_MAYBE, /* unknown: no permission, or a huge page's frame */
};

/* A process in the window. */
struct cell_line {
	const uint64_t *entries; /* 0 where nothing is mapped */
	const uint8_t *facts;    /* of each page; NULL: none */
	const uint8_t *prior;    /* its cells in the sample before */
	int parent;              /* the line of the process it was forked from; -1 */
	/* times, as increasing numbers: when it was forked; 0: before all others */
	uint64_t born;
	/* since then, for certain, neither it nor a process that shares its memory has forked; 0:
	 * it never has. Like born if the last forked child is known */
	uint64_t forked_last;
	/* equal in processes that come from one fork, even if the parent has ended; 0: unknown */
	uint64_t lineage;
	/* FACT_ZERO is set wherever it is true; otherwise only the PFN can tell */
	bool zeros_known;
	/* an anonymous page is a copy of the file's, even if nothing was there before */
	bool private_file;
	/* this sample is the process's first: what is shared now is its baseline */
	bool joined;
	/* joined, and forked since the sample before: what its parent had is its baseline */
	bool forked;
	uint8_t *cells; /* to be filled */
};

/* Sets wrote[i] to WROTE_NO, WROTE_YES or WROTE_MAYBE for each of count pages i, ascending, of a
 * line. */
typedef void cells_ask(
    void *with, size_t line, const uint16_t *pages, size_t count, uint8_t *wrote);

struct cell_window {
	size_t pages;
	struct cell_line *lines;
	size_t line_count;
	uint64_t zero_pfn;   /* 0: not known */
	struct pfns *frames; /* receives what the lines map; NULL: PFNs are hidden */
	/* since the sample before no process joined or left the family, nor could have done so
	 * unseen */
	bool settled;
	uint64_t before; /* when the sample before began, in the units of born; 0: there was none */
	cells_ask *ask;  /* NULL: bit 34 can't be read */
	void *with;
	uint64_t copies; /* results: frames that copying added, */
	uint64_t parted; /* and pages that are parted in some process; */
	bool unsure; /* what a relative has is not known, or how many frames: copies and parted are
			less */
};

void cells_find(struct cell_window *window);

/* Is this entry a present frame of memory other than the page of zeros? */
bool cells_zero(const struct cell_window *window, const struct cell_line *line, size_t page);

#endif
