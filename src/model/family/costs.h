/*
 * Costs: what one more worker costs, what erosion will come to, and what a fork storm costs. From a
 * family and its erosion, by arithmetic alone.
 *
 * Workers are the living children of one process, forked from it and not another program since: of
 * the process with most of them. It is their parent and counts as no worker. A worker costs the
 * frames that only it maps, in whatever state (private, copied, parted): they are free again when
 * it ends. Not counted are workers of which something is unknown, and those that were forked while
 * watching and are younger than COSTS_SETTLED_NS.
 *
 * The forecast looks at the last COSTS_WINDOW_NS, or the last COSTS_POINTS_MOST points if those
 * take longer; over less than RATE_LEAST_NS or COSTS_POINTS_LEAST points it is unknown. The newest
 * third of that, at least RATE_LEAST_NS, is the late part. By what was ever copied, the first that
 * holds:
 *   nothing       nothing was copied since watching began
 *   levelled-off  the late part has less than 1/20 of the fastest rate over any RATE_LEAST_NS
 *   burst         one quarter of the window has more than 3/5 of its growth
 *   slowing       the newest third, however short, has less than half of the window's rate
 *   changing      processes came or went in the window
 *   going-on      else; only then are times told
 *
 * A time is that of a process: what it shares and can still be copied (in private mappings that may
 * be written to) at the rate at which it lost sharing in the late part, by whomever. Processes that
 * lose less than 1/20 of the fastest lose nothing. All is private when the slowest of those that
 * lose has nothing left, if no more than one loses nothing: that one is then left alone.
 *
 * Units: KiB, nanoseconds; COUNT_UNKNOWN: unknown.
 */
#ifndef MODEL_FAMILY_COSTS_H
#define MODEL_FAMILY_COSTS_H

#include <stddef.h>
#include <stdint.h>

#include "model/family/erosion.h"
#include "model/family/family.h"

#define COSTS_SETTLED_NS RATE_LEAST_NS
#define COSTS_WINDOW_NS UINT64_C(60000000000)
#define COSTS_POINTS_LEAST 6
#define COSTS_POINTS_MOST 9

/* What becomes of the copying: constant, word; "": unknown. */
#define OUTCOMES(X) \
	X(UNKNOWN, "") \
	X(NOTHING, "nothing") \
	X(LEVELLED, "levelled-off") \
	X(BURST, "burst") \
	X(SLOWING, "slowing") \
	X(CHANGING, "changing") \
	X(GOING_ON, "going-on")

#define X(constant, word) OUTCOME_##constant,
enum outcome { OUTCOMES(X) OUTCOME_COUNT };
#undef X

struct forecast {
	enum outcome outcome;
	uint64_t window_ns;  /* looked at; 0: none */
	uint64_t late_ns;    /* of this: the late part */
	size_t points;       /* of the window */
	uint64_t copied_kib; /* since watching began, also by processes that left */
	uint64_t rate_kib;   /* sharing lost per minute in the late part; going-on only */
	uint64_t shared_kib; /* can still be copied, added up over the processes */
	/* going-on only: */
	size_t losing;          /* processes that lose what they share, */
	size_t sharing;         /* of so many that share something */
	uint64_t lost_in_ns;    /* until those that lose have nothing left */
	uint64_t private_in_ns; /* until all is private; unknown: others share on */
};

struct costs {
	int parent;     /* index of the process; MEMBER_NONE: nobody has workers */
	size_t workers; /* = counted + fresh + unread */
	size_t counted;
	size_t fresh;        /* too young */
	size_t unread;       /* something of them is unknown */
	uint64_t worker_kib; /* median; for an even number the mean of the middle two */
	uint64_t worker_least_kib;
	uint64_t worker_most_kib;
	uint64_t worker_tables_kib; /* page tables of a worker, median */
	/* A fork copies at most the parent's page tables, */
	uint64_t fork_tables_kib;
	/* and all workers replaced at once as many times that. */
	uint64_t storm_tables_kib;
	/* What that comes to, with page tables, once the new ones have as much of their own as
	 * these: the mean of those counted, times the workers. As long as the old ones live it
	 * comes on top.
	 */
	uint64_t storm_kib;
	struct forecast forecast;
};

/* erosion may be NULL: then there is no forecast, and nobody is known to be young. */
struct costs costs_of(const struct family *family, const struct erosion *erosion);

/* Only what it says of the future. */
struct forecast forecast_of(const struct family *family, const struct erosion *erosion);

const char *outcome_word(enum outcome outcome); /* static; "": unknown */

#endif
