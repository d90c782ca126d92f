/*
 * Reading ahead: while one window is processed, our threads read the entries of the next ones, so
 * that a whole sample takes its reading time divided by the number of cores.
 *
 * Windows are requested and taken in ascending order. Only requested windows are read; the caller
 * reads what is not ready when it takes a window. The threads start with the first request and end
 * in ahead_rest(); they take no signals and touch only the entries of their windows.
 */
#ifndef ATTACH_AHEAD_H
#define ATTACH_AHEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attach/reader.h"

struct ahead;

/* What one process has in a window. */
struct ahead_part {
	size_t line; /* the caller's own number for it */
	int pagemap; /* borrowed: open until ahead_rest() or ahead_drop() */
	uint64_t address;
	/* owned, room for a window; the caller may exchange it for a buffer of its own of that
	 * size */
	uint64_t *entries;
	bool good; /* false: the memory is gone, or errnum says what failed */
	int errnum;
};

/* With this many threads, including the caller's. NULL: there would be no other. reader is
 * borrowed. */
struct ahead *ahead_new(const struct reader *reader, size_t window, size_t threads);
void ahead_free(struct ahead *ahead); /* NULL does nothing */

/* How many more windows of this many parts may be requested. */
size_t ahead_room(const struct ahead *ahead, size_t parts);

/* Requests pages [page, page + count): ahead_add() for each process, then ahead_ask(). */
void ahead_add(struct ahead *ahead, size_t line, int pagemap, uint64_t address);
void ahead_ask(struct ahead *ahead, uint64_t page, size_t count);

/* The page after the last window requested; 0: none is. */
uint64_t ahead_end(const struct ahead *ahead);

/* That window, read; earlier windows are dropped. NULL: it was not requested. Borrowed until the
 * next call. */
struct ahead_part *ahead_take(struct ahead *ahead, uint64_t page, size_t count, size_t *part_count);

/* Does work(data, i) for each i below count, on the threads that read ahead as well; returns when
 * all of it is done. ahead NULL: on this thread alone. */
typedef void ahead_work(void *data, size_t i);
void ahead_share(struct ahead *ahead, ahead_work *work, void *data, size_t count);

/* Drops all requests. Returns how many entries were read in vain since the last call. */
uint64_t ahead_drop(struct ahead *ahead);

/* The same, and ends the threads. */
uint64_t ahead_rest(struct ahead *ahead);

#endif
