/*
 * The guide's paper, as long as the guide is. The caller says which of its lines fit: the canvas
 * holds only those; lines above and below are only counted.
 *
 * Everything is borrowed for the call. Columns and rows are cells of the paper; a `limit` is the
 * column after the last one.
 */
#ifndef VIEW_TEACH_GUIDE_PAPER_H
#define VIEW_TEACH_GUIDE_PAPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/lab/snapshot.h"
#include "view/canvas/canvas.h"
#include "view/teach/guide.h"

struct buf;

#define PAPER_BESIDE_FROM 50 /* columns from which on two things stand side by side */
#define PAPER_GAP 2

struct paper {
	const struct guide *guide;
	const struct snapshot *now; /* whose processes and pages its flags are of */
	const char *story;     /* what happened; stands for guide->observed where that is NULL */
	bool tells;            /* the story is part of it, beside a text */
	struct canvas *canvas; /* rows from top on */
	int top;
	int row;                     /* the next one that is written */
	int focus_column, focus_row; /* where something is typed; row -1: nowhere */
};

/* Writes the whole guide on a paper whose row is 0 and whose focus_row is -1; row is then how many
 * lines it has. */
void paper_guide(struct paper *paper);

struct pen paper_pen(const struct paper *paper, int column, int row, enum role role);

/* Writes `text` (NULL: nothing) between two columns, from `row` on, and returns the rows used. */
int paper_write(
    const struct paper *paper, int row, int column, int limit, enum role role, const char *text);

/* These go on at paper->row, as wide as the paper is, and move it on. */
void paper_add(struct paper *paper, enum role role, const char *text);
void paper_answers(struct paper *paper); /* with the votes that each got */
void paper_pointed(struct paper *paper); /* the pages marked so far */
void paper_shows(struct paper *paper);   /* what was predicted beside what was observed */

int guide_votes_shown(const struct guide *guide);

/* The pages whose flag is set, of guide->pointed or guide->changed (NULL: none is). */
bool guide_flagged(const struct guide *guide, const struct snapshot *now, const bool *flags,
    size_t process, uint32_t page);
/* "a:2-4  b:0", or "none" */
void guide_name_pages(struct buf *out, const struct paper *paper, const bool *pages);

struct guide_hits {
	unsigned found, missed, wrong; /* pages */
};

struct guide_hits guide_count_hits(const struct paper *paper);

#endif
