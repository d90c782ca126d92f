/* Mappings found again from sample to sample, and which of them have a line. */
#include "config.h"
#include "model/family/erosion_step.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define NOWHERE SIZE_MAX

void
mapping_free(struct erosion_mapping *mapping)
{
	for (size_t i = 0; i < mapping->part_count; i++)
		free(mapping->parts[i]);
	free(mapping->path);
	free(mapping);
}

static bool
is_counted(const struct region *region)
{
	return region->kind != REGION_DEVICE && region->tally.was_shared;
}

/* Where it is now, according to a process that had it before. */
static size_t
followed(const struct erosion_step *step, size_t index)
{
	const struct region *before = &step->last->regions[index], *region = NULL;

	for (size_t i = 0; i < before->strip_count && !region; i++) {
		const struct strip *strip = &before->strips[i];
		int member = step->member_now[strip->member];

		if (member != MEMBER_NONE)
			region = region_over(step->family, (size_t)member,
			    strip_start(step->last, strip), strip_stop(step->last, strip), index);
	}
	return region ? (size_t)(region - step->family->regions) : NOWHERE;
}

/* A file by the offset in it, anything else by its address. */
static bool
is_alike(const struct erosion_mapping *mapping, const struct region *region)
{
	if (mapping->kind != region->kind || mapping->inode != region->inode ||
	    mapping->device != region->device || strcmp(mapping->path, region->path) != 0)
		return false;
	return mapping->inode && mapping->start != region->start ? mapping->offset == region->offset
								 : mapping->start == region->start;
}

static size_t
mapping_found_again(const struct family *family, const struct erosion_mapping *mapping)
{
	for (size_t i = 0; i < family->region_count; i++)
		if (is_alike(mapping, &family->regions[i]))
			return i;
	return NOWHERE;
}

static struct erosion_mapping *
of_region(const struct erosion *erosion, size_t region)
{
	for (size_t i = 0; i < erosion->mapping_count; i++)
		if (erosion->mappings[i]->region == region)
			return erosion->mappings[i];
	return NULL;
}

static void
mapping_settle(struct erosion_mapping *mapping, const struct family *family, size_t index)
{
	const struct region *region = &family->regions[index];

	mapping->start = region->start;
	mapping->end = region->end;
	mapping->offset = region->offset;
	mapping->device = region->device;
	mapping->inode = region->inode;
	mapping->kind = region->kind;
	if (!mapping->path || strcmp(mapping->path, region->path) != 0) {
		free(mapping->path);
		mapping->path = mem_string(region->path);
	}
}

/* Two that became one continue as the one with more copies. */
static void
claim(struct erosion_mapping **taken, struct erosion_mapping *mapping, size_t index)
{
	mapping->region = NOWHERE;
	if (index == NOWHERE ||
	    (taken[index] &&
		point_went_kib(&taken[index]->line.last) >= point_went_kib(&mapping->line.last)))
		return;
	if (taken[index])
		taken[index]->region = NOWHERE;
	taken[index] = mapping;
	mapping->region = index;
}

static void
find_known(struct erosion_step *step)
{
	struct erosion *erosion = step->erosion;
	struct erosion_mapping **taken =
	    mem_zero(step->family->region_count + 1, sizeof(struct erosion_mapping *));

	for (size_t i = 0; i < erosion->mapping_count; i++) {
		struct erosion_mapping *mapping = erosion->mappings[i];
		size_t index =
		    mapping->region == NOWHERE ? NOWHERE : followed(step, mapping->region);

		claim(taken, mapping,
		    index == NOWHERE ? mapping_found_again(step->family, mapping) : index);
	}
	for (size_t i = 0; i < erosion->mapping_count; i++)
		if (erosion->mappings[i]->region != NOWHERE)
			mapping_settle(
			    erosion->mappings[i], step->family, erosion->mappings[i]->region);
	free(taken);
}

/* The one without a line with most copied, else with most shared. */
static size_t
best_without(const struct erosion_step *step)
{
	const struct family *family = step->family;
	size_t best = NOWHERE;

	for (size_t i = 0; i < family->region_count; i++) {
		const struct tally *tally = &family->regions[i].tally,
				   *most = best == NOWHERE ? NULL : &family->regions[best].tally;

		if (!is_counted(&family->regions[i]) ||
		    (most && tally_went(tally) < tally_went(most)))
			continue;
		if (most && tally_went(tally) == tally_went(most) &&
		    tally->was_shared <= most->was_shared)
			continue;
		if (!of_region(step->erosion, i))
			best = i;
	}
	return best;
}

/* KiB; the line of a new one doesn't know it yet. */
static uint64_t
mapping_copied_of(const struct erosion_step *step, const struct erosion_mapping *mapping)
{
	if (mapping->region == NOWHERE)
		return point_went_kib(&mapping->line.last);
	return tally_went(&step->family->regions[mapping->region].tally) * step->family->page_size /
	    1024;
}

/* The line that may be given up for it: the longest gone, else the one with least copied. NOWHERE:
 * none. */
static size_t
worst_with(const struct erosion_step *step, const struct tally *tally)
{
	const struct erosion *erosion = step->erosion;
	uint64_t kib = tally_went(tally) * step->family->page_size / 1024;
	size_t worst = 0;

	for (size_t i = 1; i < erosion->mapping_count; i++) {
		const struct erosion_mapping *mapping = erosion->mappings[i],
					     *least = erosion->mappings[worst];
		bool gone = mapping->region == NOWHERE, least_gone = least->region == NOWHERE;

		if (gone && least_gone ? mapping->line.until_ns < least->line.until_ns
			: gone != least_gone
			? gone
			: mapping_copied_of(step, mapping) < mapping_copied_of(step, least))
			worst = i;
	}
	if (!kib)
		return NOWHERE;
	return erosion->mappings[worst]->region == NOWHERE ||
		mapping_copied_of(step, erosion->mappings[worst]) < kib
	    ? worst
	    : NOWHERE;
}

/* Where a strip was in the sample before. */
static const struct region *
region_before(const struct erosion_step *step, const struct strip *strip)
{
	int member = step->member_last[strip->member];

	if (member == MEMBER_NONE)
		return NULL;
	return region_over(step->last, (size_t)member, strip_start(step->family, strip),
	    strip_stop(step->family, strip), SIZE_MAX);
}

static const struct tally *
tally_before(const struct erosion_step *step, const struct region *region)
{
	for (size_t i = 0; i < region->strip_count; i++) {
		const struct region *before = region_before(step, &region->strips[i]);

		if (before)
			return &before->tally;
	}
	return NULL;
}

static struct erosion_mapping *
new_mapping(const struct erosion_step *step, size_t index)
{
	struct erosion_mapping *mapping = mem_zero(1, sizeof(*mapping));

	mapping->region = index;
	mapping_settle(mapping, step->family, index);
	step_begin(step, &mapping->line, "", tally_before(step, &step->family->regions[index]));
	return mapping;
}

void
step_find_mappings(struct erosion_step *step)
{
	struct erosion *erosion = step->erosion;

	find_known(step);
	for (size_t i = 0; i < EROSION_MAPPINGS; i++) {
		size_t best = best_without(step), worst;

		if (best == NOWHERE)
			break;
		worst = erosion->mapping_count < EROSION_MAPPINGS
		    ? erosion->mapping_count
		    : worst_with(step, &step->family->regions[best].tally);
		if (worst == NOWHERE)
			break;
		if (worst == erosion->mapping_count)
			erosion->mapping_count++;
		else
			mapping_free(erosion->mappings[worst]);
		erosion->mappings[worst] = new_mapping(step, best);
	}
}

static struct erosion_line *
part_of(const struct erosion_mapping *mapping, const char *name)
{
	for (size_t i = 0; i < mapping->part_count; i++)
		if (strcmp(mapping->parts[i]->name, name) == 0)
			return mapping->parts[i];
	return NULL;
}

const struct erosion_line *
erosion_part(const struct erosion_mapping *mapping, const char *name)
{
	return part_of(mapping, name);
}

/* A slot among the parts: a free one, or that of the part with least copied, if that is less. NULL:
 * none. */
static struct erosion_line **
place_for(
    const struct erosion_step *step, struct erosion_mapping *mapping, const struct strip *strip)
{
	uint64_t kib = tally_went(&strip->tally) * step->family->page_size / 1024;
	size_t worst = 0;

	if (mapping->part_count < EROSION_PARTS)
		return &mapping->parts[mapping->part_count++];
	for (size_t i = 1; i < mapping->part_count; i++) {
		const struct erosion_line *part = mapping->parts[i], *least = mapping->parts[worst];
		bool gone = part->end <= step->erosion->count,
		     least_gone = least->end <= step->erosion->count;

		if (gone != least_gone ? gone
				       : point_went_kib(&part->last) < point_went_kib(&least->last))
			worst = i;
	}
	if (mapping->parts[worst]->end > step->erosion->count &&
	    point_went_kib(&mapping->parts[worst]->last) >= kib)
		return NULL;
	free(mapping->parts[worst]);
	return &mapping->parts[worst];
}

static void
sort_parts(struct erosion_mapping *mapping)
{
	for (size_t i = 1; i < mapping->part_count; i++)
		for (size_t k = i; k &&
		     point_went_kib(&mapping->parts[k]->last) >
			 point_went_kib(&mapping->parts[k - 1]->last);
		     k--) {
			struct erosion_line *part = mapping->parts[k];

			mapping->parts[k] = mapping->parts[k - 1];
			mapping->parts[k - 1] = part;
		}
}

static void
put_parts(struct erosion_step *step, struct erosion_mapping *mapping, const struct region *region)
{
	const struct family *family = step->family;

	for (int known = 1; known >= 0; known--)
		for (size_t i = 0; i < region->strip_count; i++) {
			const struct strip *strip = &region->strips[i];
			const struct region *before;
			struct erosion_line *part = part_of(
						mapping, family->members[strip->member].name),
					    **place;

			if (known && part)
				step_put(step, part, &strip->tally, &step->went[i]);
			if (known || part || !strip->tally.was_shared ||
			    !(place = place_for(step, mapping, strip)))
				continue;
			before = region_before(step, strip);
			part = *place = mem_zero(1, sizeof(*part));
			step_begin(step, part, family->members[strip->member].name,
			    before ? &region_strip(before, (size_t)step->member_last[strip->member])
					  ->tally
				   : NULL);
			step_put(step, part, &strip->tally, &step->went[i]);
		}
}

void
step_put_region(struct erosion_step *step, size_t index)
{
	const struct region *region = &step->family->regions[index];
	struct erosion *erosion = step->erosion;
	struct erosion_mapping *mapping = of_region(erosion, index);
	struct went sum = {0};

	if (!mapping) {
		erosion->more_count += is_counted(region) && tally_went(&region->tally);
		erosion->more_kib += is_counted(region)
		    ? tally_went(&region->tally) * step->family->page_size / 1024
		    : 0;
		return;
	}
	for (size_t i = 0; i < region->strip_count; i++)
		went_add(&sum, &step->went[i]);
	step_put(step, &mapping->line, &region->tally, &sum);
	put_parts(step, mapping, region);
	sort_parts(mapping);
}

const struct erosion_mapping *
erosion_mapping(const struct erosion *erosion, const struct family *family, size_t index)
{
	if (family == erosion->last)
		return of_region(erosion, index);
	for (size_t i = 0; i < erosion->mapping_count; i++)
		if (is_alike(erosion->mappings[i], &family->regions[index]))
			return erosion->mappings[i];
	return NULL;
}
