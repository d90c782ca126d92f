#include "config.h"
#include "out/picture/areas.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stdlib.h>

void
areas_add(struct areas *areas, struct area area)
{
	if (areas->count == areas->room) {
		areas->room = areas->room ? areas->room * 2 : 32;
		areas->list = mem_resize(areas->list, areas->room, sizeof(*areas->list));
	}
	areas->list[areas->count++] = area;
}

static int
areas_order(int one, int other)
{
	return (one > other) - (one < other);
}

static int
by_row(const void *one, const void *other)
{
	const struct area *a = one, *b = other;
	int rows = areas_order(a->y, b->y), heights = areas_order(a->height, b->height);

	return rows ? rows : heights ? heights : areas_order(a->x, b->x);
}

static int
by_column(const void *one, const void *other)
{
	const struct area *a = one, *b = other;
	int columns = areas_order(a->x, b->x), widths = areas_order(a->width, b->width);

	return columns ? columns : widths ? widths : areas_order(a->y, b->y);
}

/* Does the second, which starts no earlier, touch the first? Then the first covers both. */
static bool
grows(int *start, int *length, int next, int next_length)
{
	if (next > *start + *length)
		return false;
	if (next + next_length > *start + *length)
		*length = next + next_length - *start;
	return true;
}

static bool
joins_row(struct area *area, const struct area *next)
{
	return area->y == next->y && area->height == next->height &&
	    grows(&area->x, &area->width, next->x, next->width);
}

static bool
joins_column(struct area *area, const struct area *next)
{
	return area->x == next->x && area->width == next->width &&
	    grows(&area->y, &area->height, next->y, next->height);
}

static void
areas_merge(struct areas *areas, int (*compare)(const void *, const void *),
    bool (*joins)(struct area *, const struct area *))
{
	size_t used = 0;

	if (areas->count == 0)
		return;
	qsort(areas->list, areas->count, sizeof(*areas->list), compare);
	for (size_t i = 1; i < areas->count; i++)
		if (!joins(&areas->list[used], &areas->list[i]))
			areas->list[++used] = areas->list[i];
	areas->count = used + 1;
}

void
areas_path(struct buf *out, struct areas *areas)
{
	areas_merge(areas, by_row, joins_row);
	areas_merge(areas, by_column, joins_column);
	for (size_t i = 0; i < areas->count; i++) {
		const struct area *area = &areas->list[i];

		buf_addf(out, "M%d %dh%dv%dh-%dz", area->x, area->y, area->width, area->height,
		    area->width);
	}
}

void
areas_free(struct areas *areas)
{
	free(areas->list);
	*areas = (struct areas){NULL, 0, 0};
}
