#include "config.h"
#include "model/family/costs.h"

#include <stdlib.h>

#include "base/mem.h"

#define FORECAST_MINUTE 60e9
#define LEVEL_SHARE \
	20 /* levelled off: under one part in so many of the fastest rate; alike of a process */

/* The points that are looked at: [from, to], of which [late, to] are the late part, and the newest
 * third. */
struct forecast_window {
	const struct erosion *erosion;
	size_t from, late, third, to;
};

static uint64_t
forecast_between(const struct forecast_window *window, size_t from, size_t to)
{
	return window->erosion->times_ns[to] - window->erosion->times_ns[from];
}

static uint64_t
forecast_ever(const struct forecast_window *window, size_t point)
{
	return window->erosion->whole.points[point].ever_kib;
}

/* KiB a nanosecond. */
static double
forecast_rate(const struct forecast_window *window, size_t from, size_t to)
{
	uint64_t ns = forecast_between(window, from, to);

	return ns ? (double)(forecast_ever(window, to) - forecast_ever(window, from)) / (double)ns
		  : 0;
}

/* The last point at least so long before another; `first` if there is none. */
static size_t
forecast_before(const struct forecast_window *window, size_t first, size_t point, uint64_t ns)
{
	size_t at = point;

	while (at > first && forecast_between(window, at, point) < ns)
		at--;
	return at;
}

/* false: too little was seen. */
static bool
forecast_look(struct forecast_window *window, const struct erosion *erosion)
{
	const struct erosion_line *whole = &erosion->whole;
	uint64_t ns;

	*window = (struct forecast_window){.erosion = erosion};
	if (!erosion_is_there(erosion, whole))
		return false;
	window->from = whole->first;
	window->to = erosion->count - 1;
	while (window->to - window->from + 1 > COSTS_POINTS_MOST &&
	    forecast_between(window, window->from, window->to) > COSTS_WINDOW_NS)
		window->from++;
	ns = forecast_between(window, window->from, window->to);
	if (ns < RATE_LEAST_NS || window->to - window->from + 1 < COSTS_POINTS_LEAST)
		return false;
	window->third = forecast_before(window, window->from, window->to, ns / 3);
	window->late = forecast_before(
	    window, window->from, window->to, ns / 3 > RATE_LEAST_NS ? ns / 3 : RATE_LEAST_NS);
	return true;
}

/* Over any RATE_LEAST_NS since watching began. */
static double
forecast_fastest(const struct forecast_window *window)
{
	size_t first = window->erosion->whole.first;
	double fastest = 0;

	for (size_t to = first + 1; to <= window->to; to++) {
		size_t from = forecast_before(window, first, to, RATE_LEAST_NS);
		double rate = forecast_rate(window, from, to);

		if (forecast_between(window, from, to) >= RATE_LEAST_NS && rate > fastest)
			fastest = rate;
	}
	return fastest;
}

/* Has a quarter of the window, or two steps, most of its growth? */
static bool
forecast_is_burst(const struct forecast_window *window)
{
	uint64_t grown = forecast_ever(window, window->to) - forecast_ever(window, window->from);
	uint64_t quarter = forecast_between(window, window->from, window->to) / 4;

	for (size_t from = window->from; from < window->to; from++)
		for (size_t to = from + 1; to <= window->to &&
		     (to <= from + 2 || forecast_between(window, from, to) <= quarter);
		     to++)
			if ((forecast_ever(window, to) - forecast_ever(window, from)) * 5 >
			    grown * 3)
				return true;
	return false;
}

static bool
forecast_is_changing(const struct forecast_window *window)
{
	const struct erosion *erosion = window->erosion;

	for (size_t i = 0; i < erosion->line_count; i++) {
		const struct erosion_line *line = erosion->lines[i];

		if (line->first > window->from && line->until_ns > erosion->times_ns[window->from])
			return true;
		if (!erosion_is_there(erosion, line) &&
		    line->until_ns >= erosion->times_ns[window->from])
			return true;
	}
	return false;
}

static enum outcome
forecast_outcome(const struct forecast_window *window)
{
	double late = forecast_rate(window, window->late, window->to);

	if (!forecast_ever(window, window->to))
		return OUTCOME_NOTHING;
	if (late * LEVEL_SHARE < forecast_fastest(window))
		return OUTCOME_LEVELLED;
	if (forecast_is_burst(window))
		return OUTCOME_BURST;
	if (forecast_rate(window, window->third, window->to) * 2 <
	    forecast_rate(window, window->from, window->to))
		return OUTCOME_SLOWING;
	return forecast_is_changing(window) ? OUTCOME_CHANGING : OUTCOME_GOING_ON;
}

/* No longer shared, of the processes at that point. */
static uint64_t
forecast_lost(const struct erosion_point *point)
{
	return point_went_kib(point) + point->alone_kib;
}

/* What can be copied, and is shared: pages of each process, if asked for, and the sum in KiB. */
static uint64_t
forecast_shared_kib(const struct family *family, uint64_t *of_member)
{
	uint64_t pages = 0;

	for (size_t i = 0; i < family->region_count; i++)
		for (size_t k = 0; k < family->regions[i].strip_count; k++) {
			const struct strip *strip = &family->regions[i].strips[k];

			if (family->regions[i].kind == REGION_DEVICE || strip->perms[1] != 'w' ||
			    strip->perms[3] != 'p')
				continue;
			pages += strip->tally.still_shared;
			if (of_member)
				of_member[strip->member] += strip->tally.still_shared;
		}
	return pages * (family->page_size / 1024);
}

/* What it lost: KiB. */
static uint64_t
forecast_lost_in(const struct forecast_window *window, const char *name)
{
	const struct erosion_line *line = erosion_line(window->erosion, name);
	uint64_t now, then;

	if (!line || line->first > window->late || line->end <= window->to)
		return 0;
	now = forecast_lost(&line->points[window->to]);
	then = forecast_lost(&line->points[window->late]);
	return now > then ? now - then : 0;
}

/* Of a process, in the late part. */
struct forecast_loss {
	uint64_t shared_kib, lost_kib;
};

static struct forecast_loss *
forecast_losses(const struct family *family, const struct forecast_window *window)
{
	size_t count = family->member_count + 1;
	struct forecast_loss *losses = mem_zero(count, sizeof(*losses));
	uint64_t *pages = mem_zero(count, sizeof(*pages));

	forecast_shared_kib(family, pages);
	for (size_t i = 0; i < family->member_count; i++)
		if (family->members[i].memory_of == MEMBER_NONE)
			losses[i] = (struct forecast_loss){
			    .shared_kib = pages[i] * (family->page_size / 1024),
			    .lost_kib = forecast_lost_in(window, family->members[i].name),
			};
	free(pages);
	return losses;
}

/* Of those that lose, the one that takes longest; and how many they are. */
static double
forecast_longest(
    struct forecast *forecast, const struct forecast_loss *losses, size_t count, uint64_t most)
{
	double longest = 0;

	for (size_t i = 0; most && i < count; i++) {
		double parts = (double)losses[i].shared_kib / (double)losses[i].lost_kib;

		if (!losses[i].shared_kib || losses[i].lost_kib * LEVEL_SHARE < most)
			continue;
		forecast->losing++;
		longest = parts > longest ? parts : longest;
	}
	return longest;
}

static void
forecast_time(
    struct forecast *forecast, const struct family *family, const struct forecast_window *window)
{
	struct forecast_loss *losses = forecast_losses(family, window);
	uint64_t most = 0, sum = 0;
	double longest;

	for (size_t i = 0; i < family->member_count; i++) {
		most = losses[i].lost_kib > most ? losses[i].lost_kib : most;
		sum += losses[i].lost_kib;
		forecast->sharing += losses[i].shared_kib > 0;
	}
	longest = forecast_longest(forecast, losses, family->member_count, most);
	free(losses);
	forecast->rate_kib = (uint64_t)((double)sum * FORECAST_MINUTE / (double)forecast->late_ns);
	if (!forecast->losing)
		return;
	forecast->lost_in_ns = (uint64_t)(longest * (double)forecast->late_ns);
	if (forecast->sharing <= forecast->losing + 1)
		forecast->private_in_ns = forecast->lost_in_ns;
}

struct forecast
forecast_of(const struct family *family, const struct erosion *erosion)
{
	struct forecast forecast = {
	    .copied_kib = COUNT_UNKNOWN,
	    .rate_kib = COUNT_UNKNOWN,
	    .shared_kib = family->region_count && !family->left_out
		? forecast_shared_kib(family, NULL)
		: COUNT_UNKNOWN,
	    .lost_in_ns = COUNT_UNKNOWN,
	    .private_in_ns = COUNT_UNKNOWN,
	};
	struct forecast_window window;

	if (!erosion || !forecast_look(&window, erosion))
		return forecast;
	forecast.outcome = forecast_outcome(&window);
	forecast.window_ns = forecast_between(&window, window.from, window.to);
	forecast.late_ns = forecast_between(&window, window.late, window.to);
	forecast.points = window.to - window.from + 1;
	forecast.copied_kib = forecast_ever(&window, window.to);
	if (forecast.outcome == OUTCOME_GOING_ON && forecast.shared_kib != COUNT_UNKNOWN)
		forecast_time(&forecast, family, &window);
	return forecast;
}

const char *
outcome_word(enum outcome outcome)
{
#define X(constant, word) word,
	static const char *const words[] = {OUTCOMES(X)};
#undef X

	return words[outcome];
}
