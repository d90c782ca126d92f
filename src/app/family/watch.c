#include "config.h"
#include "app/family/watch.h"

#include <stdlib.h>
#include <string.h>

#include "app/family/blaming.h"
#include "app/family/family_options.h"
#include "base/clock.h"
#include "base/mem.h"
#include "out/family/family_json.h"

#define FIRST_STEP_NS 50000000 /* waits for the first sample this long at a time */

/* The process that it was, by its name, which is never reused. */
static void
keep_member(struct watch *watch, const struct family *old)
{
	const struct member *member = watch->cursor.member < old->member_count
	    ? family_member(watch->now, old->members[watch->cursor.member].name)
	    : NULL;

	watch->cursor.member = member ? (size_t)(member - watch->now->members) : 0;
}

/* The mapping that contains the address of the cursor's page. */
static void
keep_region(struct watch *watch, const struct family *old, size_t old_member)
{
	const struct region *was = watch->cursor.region < old->region_count
	    ? &old->regions[watch->cursor.region]
	    : NULL,
			    *is = NULL;
	const struct strip *strip = was ? region_strip(was, old_member) : NULL;

	if (!was)
		return;
	for (size_t i = 0; i < watch->now->region_count && !is; i++)
		if (watch->now->regions[i].start == was->start &&
		    strcmp(watch->now->regions[i].path, was->path) == 0)
			is = &watch->now->regions[i];
	if (!is && strip)
		is = family_region_at(watch->now, watch->cursor.member,
		    strip->address + watch->cursor.page * old->page_size);
	watch->cursor.region = is ? (size_t)(is - watch->now->regions) : SIZE_MAX;
}

static void
watch_take_sample(struct watch *watch, const struct family *family)
{
	const struct family *old = watch->now;
	size_t old_member = watch->cursor.member;

	watch->now = family_hold(family);
	if (old) {
		keep_member(watch, old);
		keep_region(watch, old, old_member);
	}
	family_settle(&watch->cursor, watch->now);
	free(watch->looks);
	watch->looks = NULL;
	family_free(old);
}

static void
watch_start_live(struct watch *watch)
{
	*watch = (struct watch){.erosion = erosion_new(), .reel = reel_new(REEL_BYTES)};
	watch->cursor.order = ORDER_COPIED;
	watch->cursor.filter = FILTER_ALL;
}

/* true: there is a first sample. */
static bool
read_first(struct watch *watch, uint64_t budget_ns)
{
	const struct family *so_far;

	watch->reading = !attach_sample_on(watch->attach, budget_ns);
	if (watch->reading) {
		so_far = attach_so_far(watch->attach);
		watch_take_sample(watch, so_far);
		family_free(so_far);
	} else {
		watch_take_sample(watch, attach_now(watch->attach));
		erosion_add(watch->erosion, watch->now);
	}
	return !watch->reading;
}

/* Begins once a sample says who is watched. -1: refused. */
static int
watch_begin_blame(struct watch *watch, struct err *err)
{
	if (!watch->options->blame || watch->reading || watch->inquest)
		return 0;
	watch->inquest = blaming_begin(watch->now, watch->options, err);
	return watch->inquest ? 0 : -1;
}

static int
open_live(struct watch *watch, const struct options *options, uint64_t patience_ns, struct err *err)
{
	const struct family *baseline;
	struct attach_options wanted;

	if (attach_wanted(options, &wanted, &baseline, err) < 0)
		return -1;
	watch->attach = attach_open(&wanted, err);
	erosion_base(watch->erosion, baseline);
	family_free(baseline);
	if (!watch->attach)
		return -1;
	read_first(watch, patience_ns);
	return watch_begin_blame(watch, err);
}

static int
watch_open_saved(struct watch *watch, const char *path, struct err *err)
{
	if (family_load(path, &watch->saved, &watch->saved_count, err) < 0)
		return -1;
	for (size_t i = 0; i < watch->saved_count; i++)
		erosion_add(watch->erosion, watch->saved[i]);
	watch_see(watch, watch->saved_count - 1);
	return 0;
}

int
watch_open(
    struct watch *watch, const struct options *options, uint64_t patience_ns, struct err *err)
{
	int result;

	watch_start_live(watch);
	watch->copies = options->copies;
	watch->siblings = options->siblings;
	watch->who = options->pid ? options->pid : options->open;
	watch->compares = options->compare;
	watch->options = options;
	if (options->blame)
		watch->view = FAMILY_BLAME;
	watch->baseline = options->baseline;
	result = options->pid ? open_live(watch, options, patience_ns, err)
			      : watch_open_saved(watch, options->open, err);
	if (result < 0)
		watch_close(watch);
	return result;
}

void
watch_see(struct watch *watch, size_t index)
{
	watch->seen = index < watch->saved_count ? index : watch->saved_count - 1;
	watch_take_sample(watch, watch->saved[watch->seen]);
}

void
watch_close(struct watch *watch)
{
	family_free(watch->now);
	inquest_close(watch->inquest);
	erosion_free(watch->erosion);
	reel_free(watch->reel);
	attach_close(watch->attach);
	for (size_t i = 0; i < watch->saved_count; i++)
		family_free(watch->saved[i]);
	free(watch->saved);
	free(watch->looks);
	answer_free(&watch->answer);
}

bool
watch_step(struct watch *watch, uint64_t budget_ns)
{
	if (watch->reading) {
		struct err err;

		if (!read_first(watch, FIRST_STEP_NS))
			return false;
		if (watch_begin_blame(watch, &err) < 0)
			answer_fail(&watch->answer, &err);
	} else {
		if (!watch->attach || !attach_step(watch->attach, budget_ns))
			return false;
		blaming_settle(watch->inquest, attach_now(watch->attach));
		watch_take_sample(watch, attach_now(watch->attach));
		erosion_add(watch->erosion, watch->now);
	}
	watch_keep(watch);
	return true;
}

int
watch_timeout(const struct watch *watch)
{
	if (!watch->attach)
		return -1;
	return watch->reading ? 0 : attach_timeout(watch->attach);
}

void
watch_look(struct watch *watch)
{
	if (!watch->attach || watch->view != FAMILY_PAGE || !watch->now->member_count ||
	    watch->now != attach_now(watch->attach))
		return;
	if (!watch->looks)
		watch->looks = mem_zero(watch->now->member_count, sizeof(*watch->looks));
	if (!attach_look(watch->attach, watch->cursor.region, watch->cursor.page, watch->looks)) {
		free(watch->looks);
		watch->looks = NULL;
	}
}

struct family_scene
watch_scene(const struct watch *watch)
{
	return (struct family_scene){
	    .now = watch->now,
	    .erosion = watch->erosion,
	    .clock_ns = watch->attach ? clock_real_ns() : watch->now->end_ns,
	    .saved = !watch->attach,
	    .compares = watch->compares,
	    .blames = watch->options->blame,
	    .view = watch->view,
	    .cursor = watch->cursor,
	    .looks = watch->looks,
	};
}
