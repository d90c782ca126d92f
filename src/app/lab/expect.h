/*
 * Expectations: whether the facts of an expect command are true in a snapshot: yes, no, or unknown
 * on this machine.
 */
#ifndef APP_LAB_EXPECT_H
#define APP_LAB_EXPECT_H

#include "base/buf.h"
#include "lab/lab.h"
#include "lang/command.h"
#include "model/lab/snapshot.h"

/* The change of the system's memory, in KiB. */
struct memory_change {
	/* anon: INT64_MIN if unknown */
	int64_t used, cache, shared, available, dirty, anon;
};

/* What was measured beside the snapshots. */
struct measured {
	const struct memory_change *weighed; /* by the last weigh; NULL: none */
};

/*
 * Checks every fact on every page of every named process (of the file for WHO_FILE). TRI_NO: one is
 * false; TRI_UNKNOWN: none is, but the kernel doesn't tell about one. Appends the first such fact
 * to why. A fact that can't be asked there, such as what an absent page holds, is false, negated or
 * not.
 */
enum tri expect_holds(const struct snapshot *now, const struct measured *measured,
    const struct command *command, uint16_t processes, const struct page_range *ranges,
    size_t range_count, struct buf *why);

#endif
