#include "config.h"
#include "view/family/family_draw.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* The rows of the erosion, and moving among them. */

static struct erosion_row *
process_rows(const struct family_scene *scene, size_t *count)
{
	const struct erosion *erosion = scene->erosion;
	struct erosion_row *rows =
	    mem_zero(erosion->line_count + scene->now->member_count + 1, sizeof(*rows));

	*count = 0;
	for (int there = 1; there >= 0; there--)
		for (size_t i = 0; i < scene->now->member_count; i++) {
			const struct erosion_line *line =
			    erosion_line(erosion, scene->now->members[i].name);

			if (line && erosion_is_there(erosion, line) == there)
				rows[(*count)++] = (struct erosion_row){line, NULL, i};
		}
	for (size_t i = erosion->line_count; i-- > 0;)
		if (!family_member(scene->now, erosion->lines[i]->name))
			rows[(*count)++] = (struct erosion_row){erosion->lines[i], NULL, SIZE_MAX};
	return rows;
}

static size_t
region_of(const struct family_scene *scene, const struct erosion_mapping *mapping)
{
	if (scene->now == scene->erosion->last)
		return mapping->region;
	for (size_t i = 0; i < scene->now->region_count; i++)
		if (erosion_mapping(scene->erosion, scene->now, i) == mapping)
			return i;
	return SIZE_MAX;
}

static uint64_t
rows_copied_of(const struct erosion_row *row)
{
	return row->line ? point_went_kib(&row->line->last) : 0;
}

/* Existing ones first; then most copied, then most shared in the baseline, then by address. */
static int
most_first(const void *one, const void *other)
{
	const struct erosion_row *a = one, *b = other;
	uint64_t a_was = a->line ? a->line->last.was_kib : 0,
		 b_was = b->line ? b->line->last.was_kib : 0;

	if ((a->at == SIZE_MAX) != (b->at == SIZE_MAX))
		return a->at == SIZE_MAX ? 1 : -1;
	if (rows_copied_of(a) != rows_copied_of(b))
		return rows_copied_of(a) > rows_copied_of(b) ? -1 : 1;
	if (a_was != b_was)
		return a_was > b_was ? -1 : 1;
	return a->mapping->start < b->mapping->start ? -1 : a->mapping->start > b->mapping->start;
}

static struct erosion_row *
mapping_rows(const struct family_scene *scene, size_t *count)
{
	const struct erosion *erosion = scene->erosion;
	const struct member *member =
	    scene->cursor.erosion == EROSION_OF_ONE ? family_selected(scene) : NULL;
	struct erosion_row *rows = mem_zero(erosion->mapping_count + 1, sizeof(*rows));

	*count = 0;
	for (size_t i = 0; i < erosion->mapping_count; i++) {
		const struct erosion_mapping *mapping = erosion->mappings[i];
		struct erosion_row row = {&mapping->line, mapping, region_of(scene, mapping)};
		const struct strip *strip = member && row.at != SIZE_MAX
		    ? region_strip(
			  &scene->now->regions[row.at], (size_t)(member - scene->now->members))
		    : NULL;

		if (member)
			row.line = erosion_part(mapping, member->name);
		if (row.line || (strip && strip->tally.was_shared))
			rows[(*count)++] = row;
	}
	qsort(rows, *count, sizeof(*rows), most_first);
	return rows;
}

struct erosion_row *
erosion_rows(const struct family_scene *scene, size_t *count, size_t *at)
{
	const struct family_cursor *cursor = &scene->cursor;
	bool processes = cursor->erosion == EROSION_OF_PROCESSES;
	struct erosion_row *rows =
	    processes ? process_rows(scene, count) : mapping_rows(scene, count);

	*at = 0;
	for (size_t i = 0; i < *count; i++)
		if (rows[i].at == (processes ? cursor->member : cursor->region))
			*at = i;
	return rows;
}

/* Whose mappings: of all, of the first process, of the second ... */
static void
move_between(struct family_cursor *cursor, const struct family *family, bool on)
{
	size_t count = family->member_count,
	       place = cursor->erosion == EROSION_OF_ALL ? 0 : cursor->member + 1;

	place = (place + (on ? 1 : count)) % (count + 1);
	cursor->erosion = place ? EROSION_OF_ONE : EROSION_OF_ALL;
	cursor->member = place ? place - 1 : cursor->member;
}

void
erosion_move(
    struct family_cursor *cursor, const struct family_scene *scene, enum place place, int64_t by)
{
	bool processes = cursor->erosion == EROSION_OF_PROCESSES,
	     on = place == PLACE_NEXT || place == PLACE_RIGHT;
	struct erosion_row *rows;
	size_t count, at, *index = processes ? &cursor->member : &cursor->region;
	int64_t to;

	if (!by && !processes) {
		move_between(cursor, scene->now, on);
		return;
	}
	rows = erosion_rows(scene, &count, &at);
	while (count && rows[count - 1].at == SIZE_MAX)
		count--;
	to = by ? (int64_t)at + by : (int64_t)((at + (on ? 1 : count - 1)) % (count ? count : 1));
	to = to < 0 ? 0 : to;
	if (count)
		*index = rows[to < (int64_t)count ? to : (int64_t)count - 1].at;
	if (count && !processes)
		cursor->page = 0;
	free(rows);
}

void
family_settle_erosion(struct family_cursor *cursor, const struct family_scene *scene)
{
	struct erosion_row *rows;
	size_t count, at;

	if (!scene->erosion || cursor->erosion == EROSION_OF_PROCESSES)
		return;
	rows = erosion_rows(scene, &count, &at);
	if (count && rows[at].at != SIZE_MAX && rows[at].at != cursor->region) {
		cursor->region = rows[at].at;
		cursor->page = 0;
	}
	free(rows);
}
