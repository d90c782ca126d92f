#include "config.h"
#include "model/family/erosion_step.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define MINUTE_NS UINT64_C(60000000000)

struct erosion *
erosion_new(void)
{
	return mem_zero(1, sizeof(struct erosion));
}

void
erosion_free(struct erosion *erosion)
{
	if (!erosion)
		return;
	for (size_t i = 0; i < erosion->line_count; i++)
		free(erosion->lines[i]);
	for (size_t i = 0; i < erosion->mapping_count; i++)
		mapping_free(erosion->mappings[i]);
	for (size_t i = 0; i < erosion->event_count; i++)
		free(erosion->events[i].what);
	free(erosion->lines);
	family_free(erosion->last);
	free(erosion);
}

void
erosion_base(struct erosion *erosion, const struct family *baseline)
{
	if (!baseline || erosion->count)
		return;
	family_free(erosion->last);
	erosion->last = family_hold(baseline);
	erosion->based = true;
}

/* Drops every second point; the newest becomes the last one kept. */
static size_t
from_of(size_t point)
{
	return point + 1 < EROSION_POINTS / 2 ? 2 * point : EROSION_POINTS - 1;
}

static void
thin_line(struct erosion_line *line)
{
	size_t half = EROSION_POINTS / 2, end = 0;

	for (size_t i = 0; i < half; i++) {
		line->points[i] = line->points[from_of(i)];
		end += from_of(i) < line->end;
	}
	memset(&line->points[half], 0, (EROSION_POINTS - half) * sizeof(*line->points));
	line->first = line->first + 1 < EROSION_POINTS ? (line->first + 1) / 2 : half - 1;
	line->end = end > line->first ? end : line->first;
}

static void
erosion_thin(struct erosion *erosion)
{
	thin_line(&erosion->whole);
	for (size_t i = 0; i < erosion->line_count; i++)
		thin_line(erosion->lines[i]);
	for (size_t i = 0; i < erosion->mapping_count; i++) {
		thin_line(&erosion->mappings[i]->line);
		for (size_t k = 0; k < erosion->mappings[i]->part_count; k++)
			thin_line(erosion->mappings[i]->parts[k]);
	}
	erosion->count = EROSION_POINTS / 2;
	for (size_t i = 0; i < erosion->count; i++)
		erosion->times_ns[i] = erosion->times_ns[from_of(i)];
}

static struct erosion_point
point_of(const struct family *family, const struct tally *tally)
{
	uint64_t kib = family->page_size / 1024;

	return (struct erosion_point){
	    .was_kib = tally->was_shared * kib,
	    .still_kib = tally->still_shared * kib,
	    .copied_kib = tally->went_copied * kib,
	    .parted_kib = tally->went_parted * kib,
	    .alone_kib = tally->left_alone * kib,
	    .ever_kib = tally->went_copied * kib,
	};
}

/* In a saved baseline, what is shared is what was. */
static struct erosion_point
base_point(const struct family *family, const struct tally *tally)
{
	uint64_t kib = tally_kib(family, tally, PAGE_SHARED);

	return (struct erosion_point){.was_kib = kib, .still_kib = kib};
}

static void
erosion_put_point(const struct erosion *erosion, struct erosion_line *line, size_t at,
    const struct erosion_point *point)
{
	for (; line->end < at; line->end++)
		line->points[line->end] = (struct erosion_point){
		    .ever_kib = line->last.ever_kib,
		    .ever_parted_kib = line->last.ever_parted_kib,
		};
	line->points[at] = line->last = *point;
	line->end = at + 1;
	line->until_ns = erosion->times_ns[at];
}

void
step_begin(const struct erosion_step *step, struct erosion_line *line, const char *name,
    const struct tally *before)
{
	const struct erosion *erosion = step->erosion;
	struct erosion_point point;

	strncpy(line->name, name, sizeof(line->name) - 1);
	line->first = line->end = erosion->count;
	if (!before || !erosion->count)
		return;
	point = erosion->based ? base_point(step->last, before) : point_of(step->last, before);
	line->first = line->end = erosion->count - 1;
	erosion_put_point(erosion, line, line->first, &point);
}

void
step_put(const struct erosion_step *step, struct erosion_line *line, const struct tally *tally,
    const struct went *went)
{
	struct erosion_point point = point_of(step->family, tally);
	bool of_one = *line->name != '\0';

	point.ever_kib = line->last.ever_kib + went->copied + (of_one ? 0 : went->counted);
	point.ever_parted_kib =
	    line->last.ever_parted_kib + (of_one ? went->parted : went->counted);
	erosion_put_point(step->erosion, line, step->erosion->count, &point);
}

/* A process that is ending has given back its memory before it is a zombie. */
static bool
erosion_has_memory(const struct member *member)
{
	return (member->life == MEMBER_RUNNING || member->life == MEMBER_STOPPED) &&
	    tally_present(&member->tally) > 0;
}

/* The index of its line, or where it belongs; lines are in the order of members. */
static size_t
erosion_line_at(const struct erosion *erosion, const char *name, size_t from)
{
	for (size_t i = 0; i < erosion->line_count; i++) {
		size_t at = (from + i) % erosion->line_count;

		if (strcmp(erosion->lines[at]->name, name) == 0)
			return at;
	}
	return erosion->line_count;
}

static struct erosion_line *
erosion_line_of(const struct erosion_step *step, size_t index, size_t *from)
{
	struct erosion *erosion = step->erosion;
	const struct member *member = &step->family->members[index];
	const struct member *before = step->member_last[index] == MEMBER_NONE
	    ? NULL
	    : &step->last->members[step->member_last[index]];
	size_t at = erosion_line_at(erosion, member->name, *from);

	*from = at + 1;
	if (at < erosion->line_count)
		return erosion->lines[at];
	erosion->lines =
	    mem_resize(erosion->lines, erosion->line_count + 1, sizeof(struct erosion_line *));
	erosion->lines[erosion->line_count++] = mem_zero(1, sizeof(struct erosion_line));
	step_begin(step, erosion->lines[at], member->name,
	    before && erosion_has_memory(before) ? &before->tally : NULL);
	return erosion->lines[at];
}

static void
put_lines(struct erosion_step *step)
{
	const struct family *family = step->family;
	size_t from = 0;

	for (size_t i = 0; i < family->member_count; i++) {
		const struct member *member = &family->members[i];
		size_t memory = member->memory_of == MEMBER_NONE ? i : (size_t)member->memory_of;

		if (erosion_has_memory(member))
			step_put(step, erosion_line_of(step, i, &from), &member->tally,
			    &step->member_went[memory]);
	}
}

void
went_add(struct went *to, const struct went *from)
{
	to->copied += from->copied;
	to->parted += from->parted;
	to->counted += from->counted;
}

static void
put_whole(struct erosion_step *step)
{
	struct tally before = {.moved = 0};
	struct went went = {0};
	bool known = false;

	for (size_t i = 0; i < step->family->member_count; i++) {
		known |= erosion_has_memory(&step->family->members[i]);
		if (step->member_last[i] != MEMBER_NONE &&
		    step->last->members[step->member_last[i]].memory_of == MEMBER_NONE)
			before.counts[PAGE_SHARED] +=
			    step->last->members[step->member_last[i]].tally.counts[PAGE_SHARED];
		went_add(&went, &step->member_went[i]);
	}
	if (!known)
		return;
	if (!step->erosion->whole.end)
		step_begin(step, &step->erosion->whole, "", step->erosion->based ? &before : NULL);
	step_put(step, &step->erosion->whole, &step->family->tally, &went);
}

/* Does another process now have this one's memory? */
static bool
has_heir(const struct erosion_step *step, size_t owner)
{
	for (size_t i = 0; i < step->last->member_count; i++)
		if (step->last->members[i].memory_of == (int)owner &&
		    step->member_now[i] != MEMBER_NONE &&
		    erosion_has_memory(&step->family->members[step->member_now[i]]))
			return true;
	return false;
}

static void
put_gone(struct erosion_step *step)
{
	for (size_t i = 0; step->last && i < step->last->member_count; i++) {
		const struct member *member = &step->last->members[i];
		int now = step->member_now[i];

		if (member->memory_of == MEMBER_NONE && erosion_has_memory(member) &&
		    (now == MEMBER_NONE || !erosion_has_memory(&step->family->members[now])) &&
		    !has_heir(step, i))
			step->erosion->gone_kib +=
			    (step->erosion->based ? base_point(step->last, &member->tally)
						  : point_of(step->last, &member->tally))
				.was_kib;
	}
}

static bool
is_same(const struct member *one, const struct member *other)
{
	return one->pid == other->pid && one->start_ticks == other->start_ticks;
}

static void
erosion_match_member(struct erosion_step *step)
{
	size_t last_count = step->last ? step->last->member_count : 0, at = 0;

	step->member_last = mem_zero(step->family->member_count + 1, sizeof(*step->member_last));
	step->member_now = mem_zero(last_count + 1, sizeof(*step->member_now));
	for (size_t i = 0; i < last_count; i++)
		step->member_now[i] = MEMBER_NONE;
	for (size_t i = 0; i < step->family->member_count; i++) {
		step->member_last[i] = MEMBER_NONE;
		for (size_t tried = 0; tried < last_count && step->member_last[i] == MEMBER_NONE;
		     tried++, at = (at + 1) % last_count)
			if (is_same(&step->family->members[i], &step->last->members[at])) {
				step->member_last[i] = (int)at;
				step->member_now[at] = (int)i;
			}
	}
}

/* Drops all but the latest of those that left. */
static void
drop_left(struct erosion *erosion)
{
	size_t left = 0, oldest;

	for (size_t i = 0; i < erosion->line_count; i++)
		left += !erosion_is_there(erosion, erosion->lines[i]);
	for (; left > EROSION_LEFT; left--) {
		oldest = erosion->line_count;
		for (size_t i = 0; i < erosion->line_count; i++)
			if (!erosion_is_there(erosion, erosion->lines[i]) &&
			    (oldest == erosion->line_count ||
				erosion->lines[i]->until_ns < erosion->lines[oldest]->until_ns))
				oldest = i;
		free(erosion->lines[oldest]);
		memmove(&erosion->lines[oldest], &erosion->lines[oldest + 1],
		    (--erosion->line_count - oldest) * sizeof(struct erosion_line *));
	}
}

static void
put_regions(struct erosion_step *step)
{
	struct erosion_ranges ranges = {.count = 0};

	step->erosion->more_count = step->erosion->more_kib = 0;
	for (size_t i = 0; i < step->family->region_count; i++) {
		step_compare(step, &step->family->regions[i], &ranges);
		step_put_region(step, i);
	}
	step_tell(step, &ranges);
}

void
erosion_add(struct erosion *erosion, const struct family *family)
{
	struct erosion_step step = {.erosion = erosion, .last = erosion->last, .family = family};

	if (!family->whole || !family->baseline_ns)
		return;
	if (erosion->count == EROSION_POINTS)
		erosion_thin(erosion);
	if (erosion->based && step.last->time_ns < family->time_ns) {
		erosion->times_ns[erosion->count++] = step.last->time_ns;
		erosion->saved_base = true;
	}
	erosion->times_ns[erosion->count] = family->time_ns;
	erosion_match_member(&step);
	step.member_went = mem_zero(family->member_count + 1, sizeof(*step.member_went));
	step.went = mem_zero(family->member_count + 1, sizeof(*step.went));
	step_find_mappings(&step);
	put_regions(&step);
	put_lines(&step);
	put_whole(&step);
	put_gone(&step);
	erosion->count++;
	erosion->based = false;
	drop_left(erosion);
	free(step.member_last);
	free(step.member_now);
	free(step.member_went);
	free(step.went);
	family_free(erosion->last);
	erosion->last = family_hold(family);
}

const struct erosion_line *
erosion_line(const struct erosion *erosion, const char *name)
{
	size_t at = erosion_line_at(erosion, name, 0);

	return at < erosion->line_count ? erosion->lines[at] : NULL;
}

bool
erosion_is_there(const struct erosion *erosion, const struct erosion_line *line)
{
	return erosion->count && line->end == erosion->count && line->end > line->first;
}

/* The first of the points that a rate is based on; the last is the newest of all. */
static size_t
window_from(const struct erosion *erosion, const struct erosion_line *line)
{
	size_t from = line->first, to = erosion->count;

	while (from + 2 < to && erosion->times_ns[to - 1] - erosion->times_ns[from] > MINUTE_NS)
		from++;
	return from;
}

uint64_t
erosion_window_ns(const struct erosion *erosion, const struct erosion_line *line)
{
	size_t from, to = erosion->count;

	line = line ? line : &erosion->whole;
	if (!erosion_is_there(erosion, line))
		return 0;
	from = window_from(erosion, line);
	return from + 1 >= to || erosion->times_ns[to - 1] <= erosion->times_ns[from]
	    ? 0
	    : erosion->times_ns[to - 1] - erosion->times_ns[from];
}

static uint64_t
rate_of(const struct erosion *erosion, const struct erosion_line *line, bool parted)
{
	uint64_t ns = erosion_window_ns(erosion, line), grown;
	const struct erosion_point *from, *to;

	if (ns < RATE_LEAST_NS)
		return COUNT_UNKNOWN;
	line = line ? line : &erosion->whole;
	from = &line->points[window_from(erosion, line)];
	to = &line->points[erosion->count - 1];
	grown =
	    parted ? to->ever_parted_kib - from->ever_parted_kib : to->ever_kib - from->ever_kib;
	return (uint64_t)((double)grown * (double)MINUTE_NS / (double)ns);
}

uint64_t
erosion_rate(const struct erosion *erosion, const struct erosion_line *line)
{
	return rate_of(erosion, line, false);
}

uint64_t
erosion_parted_rate(const struct erosion *erosion, const struct erosion_line *line)
{
	return rate_of(erosion, line, true);
}

uint64_t
point_went_kib(const struct erosion_point *point)
{
	return point->copied_kib + point->parted_kib;
}

uint64_t
erosion_went_rate(const struct erosion *erosion, const struct erosion_line *line)
{
	uint64_t rate = rate_of(erosion, line, false);

	return line && *line->name && rate != COUNT_UNKNOWN ? rate + rate_of(erosion, line, true)
							    : rate;
}

struct erosion_sum
erosion_sum(const struct erosion *erosion)
{
	const struct erosion_point *last = &erosion->whole.last;
	uint64_t told = last->still_kib + last->copied_kib + last->parted_kib + last->alone_kib;

	return (struct erosion_sum){
	    .was_kib = last->was_kib + erosion->gone_kib,
	    .still_kib = last->still_kib,
	    .copied_kib = last->copied_kib,
	    .parted_kib = last->parted_kib,
	    .alone_kib = last->alone_kib,
	    .let_go_kib = last->was_kib > told ? last->was_kib - told : 0,
	    .left_kib = erosion->gone_kib,
	};
}
