/*
 * How samples of running processes looked: pictures of every view, packed, within a memory limit.
 *
 * A sample is large if its processes are; its pictures take some KiB. Beyond the limit, every
 * second sample of the older half is dropped, never the first, as in the history; reel_thinned()
 * says how many.
 */
#ifndef APP_FAMILY_REEL_H
#define APP_FAMILY_REEL_H

#include <stddef.h>
#include <stdint.h>

#include "view/canvas/canvas.h"

#define REEL_VIEWS 7
#define REEL_BYTES ((size_t)8 << 20)

struct reel_sample {
	uint64_t number;                        /* of the sample */
	uint64_t time_ns;                       /* CLOCK_REALTIME of its reading */
	const char *text;                       /* its description in words; copied */
	const struct canvas *views[REEL_VIEWS]; /* NULL: not drawn; all of one size; copied */
};

struct reel;

/* The limit covers the samples, and one picture of each when they are all drawn again. */
struct reel *reel_new(size_t bytes_at_most);
void reel_free(struct reel *reel); /* NULL does nothing */

void reel_add(struct reel *reel, const struct reel_sample *sample);

size_t reel_count(const struct reel *reel);
size_t reel_thinned(const struct reel *reel);
size_t reel_bytes(const struct reel *reel); /* towards the bound */

/* Text borrowed, no views. */
struct reel_sample reel_at(const struct reel *reel, size_t index);

/* A new canvas of this size: a larger picture is cut off, a missing one is blank. */
struct canvas *reel_picture(
    const struct reel *reel, size_t index, size_t view, int columns, int rows);

#endif
