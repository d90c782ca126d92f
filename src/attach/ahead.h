/*
 * Reading ahead: while one window is processed, our threads read the entries of the next ones, so
 * that a whole sample takes the time of its reading divided by the number of cores.
 *
 * Windows are requested and taken in ascending order. Only requested windows are read; what was not
 * read in time is read by the caller that takes it. The threads begin with the first window that is
 * asked for and end in ahead_rest(); they get no signals and touch nothing but the entries of their
 * windows.
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
	size_t line; /* the asker's number of it */
	int pagemap; /* borrowed: open until ahead_rest() or ahead_drop() */
	uint64_t address;
	/* owned, room for a window; who takes it may exchange it for such a buffer of its own */
	uint64_t *entries;
	bool good; /* false: the memory is gone, or errnum says what failed */
	int errnum;
};

/* By so many threads, the caller's among them. NULL: there would be none beside it. reader is
 * borrowed. */
struct ahead *ahead_new(const struct reader *reader, size_t window, size_t threads);
void ahead_free(struct ahead *ahead); /* NULL does nothing */

/* How many more windows of so many parts may be asked for. */
size_t ahead_room(const struct ahead *ahead, size_t parts);

/* Pages [page, page + count) are asked for: ahead_add() for each process, then ahead_ask(). */
void ahead_add(struct ahead *ahead, size_t line, int pagemap, uint64_t address);
void ahead_ask(struct ahead *ahead, uint64_t page, size_t count);

/* The page after the last window asked for; 0: none is. */
uint64_t ahead_end(const struct ahead *ahead);

/* That window, read; windows before it are dropped. NULL: nobody asked for it. Borrowed until the
 * next call. */
struct ahead_part *ahead_take(struct ahead *ahead, uint64_t page, size_t count, size_t *part_count);

/* Does work(data, i) for each i below count, where threads read ahead also by those; returns when
 * all of it is done. ahead NULL: alone. */
typedef void ahead_work(void *data, size_t i);
void ahead_share(struct ahead *ahead, ahead_work *work, void *data, size_t count);

/* Drops what was asked for. Returns how many entries were read in vain since it was last called. */
uint64_t ahead_drop(struct ahead *ahead);

/* The same, and ends the threads. */
uint64_t ahead_rest(struct ahead *ahead);

#endif
