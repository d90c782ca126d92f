/*
 * A separate process that maps a size of one kind and writes every page of it, so that the memory
 * of the whole system can be read before and after. It stands beside the lab and has none of its
 * pages.
 *
 * Nothing waits: call weigh_pump() when weigh_fd() is readable. The process never outlives us.
 */
#ifndef LAB_WEIGH_H
#define LAB_WEIGH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "model/words.h"

enum weigh_stage {
	WEIGH_FILLS,  /* it maps and writes */
	WEIGH_FULL,   /* all pages are written: the time to look */
	WEIGH_LEAVES, /* it was told to end */
	WEIGH_GONE,   /* and its memory is free again */
	WEIGH_FAILED, /* weigh_errnum() says why */
};

struct weigh;

/* Bytes free on the disk that would hold a file of a kind; UINT64_MAX if the kind needs none, or if
 * unknown. */
uint64_t weigh_room(enum kind kind);

struct weigh *weigh_start(enum kind kind, uint64_t bytes, struct err *err); /* NULL on error */
int weigh_fd(const struct weigh *weigh);
enum weigh_stage weigh_pump(struct weigh *weigh);
void weigh_leave(struct weigh *weigh); /* after WEIGH_FULL */
int weigh_errnum(const struct weigh *weigh);
void weigh_free(struct weigh *weigh); /* ends the process if it is still there. NULL does nothing */

#endif
