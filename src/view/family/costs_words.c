#include "config.h"
#include "view/family/costs_words.h"

#include "base/i18n.h"
#include "view/canvas/wording.h"

#define BRIEFEST 2
#define WORDING_OTHERS OUTCOME_COUNT /* going-on, and others share on */
#define WORDINGS (OUTCOME_COUNT + 1)

/* Sizes and times of a sentence. */
struct costs_sizes {
	struct buf worker, least, most, tables, first, all;
};

static struct costs_sizes
costs_sizes_of(const struct costs *costs)
{
	struct costs_sizes sizes = {BUF_INIT, BUF_INIT, BUF_INIT, BUF_INIT, BUF_INIT, BUF_INIT};

	size_text(&sizes.worker, costs->worker_kib);
	size_text(&sizes.least, costs->worker_least_kib);
	size_text(&sizes.most, costs->worker_most_kib);
	size_text(&sizes.tables, costs->worker_tables_kib);
	size_text(&sizes.first, costs->storm_tables_kib);
	size_text(&sizes.all, costs->storm_kib);
	return sizes;
}

static void
costs_sizes_free(struct costs_sizes *sizes)
{
	buf_free(&sizes->worker);
	buf_free(&sizes->least);
	buf_free(&sizes->most);
	buf_free(&sizes->tables);
	buf_free(&sizes->first);
	buf_free(&sizes->all);
}

static void
costs_add_worker(struct buf *out, const struct family *family, const struct costs *costs,
    const struct costs_sizes *sizes)
{
	const char *parent = family->members[costs->parent].name;

	if (!costs->counted) {
		buf_addf(out,
		    _("What one more worker of %s costs is not known: none can be counted yet.\n"),
		    parent);
		return;
	}
	if (costs->counted == 1)
		buf_addf(out,
		    _("One more worker of %1$s costs %2$s: what its one worker alone maps.\n"),
		    parent, buf_text(&sizes->worker));
	else
		buf_addf(out,
		    _("One more worker of %1$s costs %2$s: what a worker alone maps, the median of %3$zu (%4$s to %5$s).\n"),
		    parent, buf_text(&sizes->worker), costs->counted, buf_text(&sizes->least),
		    buf_text(&sizes->most));
	if (costs->worker_tables_kib != COUNT_UNKNOWN)
		buf_addf(out, _("Its page tables take %s more.\n"), buf_text(&sizes->tables));
}

static void
costs_add_left_out(struct buf *out, const struct costs *costs)
{
	if (costs->fresh)
		buf_addf(out,
		    NP_("%zu worker is too young to be counted.\n",
			"%zu workers are too young to be counted.\n", costs->fresh),
		    costs->fresh);
	if (costs->unread)
		buf_addf(out,
		    NP_("%zu worker is not counted: something of it is unknown.\n",
			"%zu workers are not counted: something of them is unknown.\n",
			costs->unread),
		    costs->unread);
}

static void
costs_add_storm(struct buf *out, const struct costs *costs, const struct costs_sizes *sizes)
{
	if (costs->storm_kib != COUNT_UNKNOWN && costs->storm_tables_kib != COUNT_UNKNOWN)
		buf_addf(out,
		    NP_("If the %1$zu worker is forked anew: up to %2$s of page tables at first (the parent's), %3$s once it has as much of its own, on top of the old one until that ends.\n",
			"If all %1$zu workers are forked anew at once: up to %2$s of page tables at first (the parent's for each), %3$s once they have as much of their own as these on average, on top of the old ones until those end.\n",
			costs->workers),
		    costs->workers, buf_text(&sizes->first), buf_text(&sizes->all));
}

/* Sizes and times of a forecast. */
struct forecast_sizes {
	struct buf copied, rate, shared, in, late, window, losing, sharing;
};

static struct forecast_sizes
forecast_sizes_of(const struct forecast *forecast)
{
	struct forecast_sizes sizes = {
	    BUF_INIT, BUF_INIT, BUF_INIT, BUF_INIT, BUF_INIT, BUF_INIT, BUF_INIT, BUF_INIT};

	size_text(&sizes.copied, forecast->copied_kib);
	size_text(&sizes.rate, forecast->rate_kib);
	size_text(&sizes.shared, forecast->shared_kib);
	if (forecast->lost_in_ns == COUNT_UNKNOWN)
		buf_add(&sizes.in, "?");
	else
		age_text(&sizes.in, 1, 1 + forecast->lost_in_ns);
	buf_addf(&sizes.losing, "%zu", forecast->losing);
	buf_addf(&sizes.sharing, "%zu", forecast->sharing);
	age_text(&sizes.late, 1, 1 + forecast->late_ns);
	age_text(&sizes.window, 1, 1 + forecast->window_ns);
	return sizes;
}

static void
forecast_sizes_free(struct forecast_sizes *sizes)
{
	buf_free(&sizes->copied);
	buf_free(&sizes->rate);
	buf_free(&sizes->shared);
	buf_free(&sizes->in);
	buf_free(&sizes->late);
	buf_free(&sizes->window);
	buf_free(&sizes->losing);
	buf_free(&sizes->sharing);
}

/* For each outcome from the longest wording to the briefest; forecast_words() has its numbers. None
 * of these may be left out before the last that a wording has: musl takes no such format. */
static const char *const forecast_wordings[WORDINGS][BRIEFEST + 1] = {
    [OUTCOME_UNKNOWN] = {N_("No forecast yet: it takes 10 s and 6 samples."),
	N_("No forecast before 10 s and 6 samples"), N_("no forecast yet")},
    [OUTCOME_NOTHING] = {N_("Nothing was copied since watching began: no forecast."),
	N_("Nothing was copied so far"), N_("nothing copied")},
    [OUTCOME_LEVELLED] =
	{N_("Levelled off at %1$s: in the last %2$s under 1/20 of the fastest rate."),
	    N_("Levelled off at %1$s, for %2$s now"), N_("levelled off at %1$s")},
    [OUTCOME_BURST] = {N_("Most of the last %1$s was copied in one burst: no forecast from that."),
	N_("Copied in one burst: no forecast"), N_("one burst: no forecast")},
    [OUTCOME_SLOWING] = {N_("Copying slows down: where it ends cannot be told yet."),
	N_("Copying slows down: no forecast yet"), N_("slowing down")},
    [OUTCOME_CHANGING] = {N_("Processes came or went in the last %1$s: no forecast."),
	N_("Processes came or went: no forecast"), N_("no forecast")},
    [OUTCOME_GOING_ON] =
	{N_("All private in about %1$s: %3$s can be copied, at %2$s a minute (last %4$s)."),
	    N_("All private in about %1$s at %2$s a minute"), N_("all private in %1$s")},
    [WORDING_OTHERS] =
	{N_("%1$s of %2$s processes are all private in about %3$s, at the rate of the last %4$s."),
	    N_("%1$s of %2$s processes are all private in about %3$s"),
	    N_("%1$s of %2$s private in %3$s")},
};

static void
forecast_words(struct buf *out, const struct forecast *forecast, int brevity)
{
	struct forecast_sizes sizes = forecast_sizes_of(forecast);
	bool others =
	    forecast->outcome == OUTCOME_GOING_ON && forecast->private_in_ns == COUNT_UNKNOWN;
	int wording = others ? WORDING_OTHERS : (int)forecast->outcome;
	const char *format = _(forecast_wordings[wording][brevity]);

	if (others)
		buf_addf(out, format, buf_text(&sizes.losing), buf_text(&sizes.sharing),
		    buf_text(&sizes.in), buf_text(&sizes.late));
	else if (wording == OUTCOME_GOING_ON)
		buf_addf(out, format, buf_text(&sizes.in), buf_text(&sizes.rate),
		    buf_text(&sizes.shared), buf_text(&sizes.late));
	else if (wording == OUTCOME_LEVELLED)
		buf_addf(out, format, buf_text(&sizes.copied), buf_text(&sizes.late));
	else
		buf_addf(out, format, buf_text(&sizes.window));
	forecast_sizes_free(&sizes);
}

void
costs_text(struct buf *out, const struct family *family, const struct erosion *erosion)
{
	const struct costs costs = costs_of(family, erosion);
	struct costs_sizes sizes = costs_sizes_of(&costs);

	if (costs.parent != MEMBER_NONE) {
		costs_add_worker(out, family, &costs, &sizes);
		costs_add_left_out(out, &costs);
		costs_add_storm(out, &costs, &sizes);
	}
	if (erosion && costs.forecast.outcome != OUTCOME_UNKNOWN) {
		forecast_words(out, &costs.forecast, 0);
		buf_add(out, "\n");
	}
	costs_sizes_free(&sizes);
}

static void
worker_words(struct buf *out, const struct costs *costs, int brevity)
{
	struct costs_sizes sizes = costs_sizes_of(costs);
	bool storm = costs->storm_kib != COUNT_UNKNOWN;
	const char *const formats[BRIEFEST + 1] = {
	    storm
		? _("One more worker: %1$s (%2$s to %3$s, of %4$zu), page tables %5$s; all anew: %6$s")
		: _("One more worker: %1$s (median; %2$s to %3$s, of %4$zu)"),
	    _("One more worker: %1$s (%2$s to %3$s, of %4$zu)"),
	    _("one more: %1$s"),
	};

	if (costs->counted)
		buf_addf(out, formats[brevity], buf_text(&sizes.worker), buf_text(&sizes.least),
		    buf_text(&sizes.most), costs->counted, buf_text(&sizes.tables),
		    buf_text(&sizes.all));
	else
		buf_add(out, _("One more worker: ?"));
	costs_sizes_free(&sizes);
}

/* In one row: what fits of both. */
static void
costs_draw_both(const struct family_draw *draw, const struct costs *costs, int row)
{
	struct pen pen = family_pen(draw, draw->margin, row, ROLE_TEXT);
	struct buf text = BUF_INIT;

	if (costs->parent != MEMBER_NONE) {
		worker_words(&text, costs, BRIEFEST);
		buf_add(&text, "; ");
	}
	forecast_words(&text, &costs->forecast, BRIEFEST);
	pen_text(&pen, buf_text(&text));
	buf_free(&text);
}

/* The longest wording that fits. */
static void
costs_draw_row(const struct family_draw *draw, const struct costs *costs, int row, bool worker)
{
	struct pen pen = family_pen(draw, draw->margin, row, ROLE_TEXT);
	struct buf text = BUF_INIT;

	for (int brevity = 0; brevity <= BRIEFEST; brevity++) {
		buf_clear(&text);
		if (worker)
			worker_words(&text, costs, brevity);
		else
			forecast_words(&text, &costs->forecast, brevity);
		if (canvas_width(draw->canvas, buf_text(&text)) <= draw->right - draw->margin)
			break;
	}
	pen_text(&pen, buf_text(&text));
	buf_free(&text);
}

void
costs_draw(const struct family_draw *draw, int row, int rows)
{
	const struct costs costs = costs_of(draw->now, draw->scene->erosion);

	if (rows == 1) {
		costs_draw_both(draw, &costs, row);
	} else if (rows > 1) {
		costs_draw_row(draw, &costs, row++, costs.parent != MEMBER_NONE);
		if (costs.parent != MEMBER_NONE)
			costs_draw_row(draw, &costs, row, false);
	}
}
