#include "config.h"
#include "view/family/family_report.h"

#include <stdio.h>

#include "base/i18n.h"
#include "model/family/costs.h"
#include "view/canvas/wording.h"

#define MAPPINGS_TOLD 20

/* "+12K", "-3.4M", "=" for no change. */
static void
add_change(struct buf *out, int64_t kib, int width)
{
	static const char units[] = "KMGT";
	double size = (double)kib, magnitude = size < 0 ? -size : size;
	char text[32] = "=";
	int unit = 0;

	for (; magnitude >= 9999.5 && unit < 3; unit++)
		magnitude /= 1024;
	if (kib)
		snprintf(text, sizeof(text), unit && magnitude < 99.95 ? "%c%.1f%c" : "%c%.0f%c",
		    kib < 0 ? '-' : '+', magnitude, units[unit]);
	buf_addf(out, " %*s", width, text);
}

static void
add_known(struct buf *out, uint64_t before, uint64_t after, int width)
{
	if (before == COUNT_UNKNOWN || after == COUNT_UNKNOWN)
		buf_addf(out, " %*s", width, "?");
	else
		add_change(out, (int64_t)(after - before), width);
}

static void
diff_report_add_rate(struct buf *out, const struct family_diff *diff, int64_t kib)
{
	int64_t rate;

	if (diff_per_minute(diff, kib, &rate))
		add_change(out, rate, 8);
	else
		buf_addf(out, " %8s", "?");
}

static void
diff_report_add_member(
    struct buf *out, const struct family_diff *diff, const struct member_change *change)
{
	const struct member *was = change->before, *is = change->after, *member = is ? is : was;

	buf_addf(out, "%-3s %7d", member->name, (int)member->pid);
	add_known(out, was ? member_rss_kib(diff->before, was) : 0,
	    is ? member_rss_kib(diff->after, is) : 0, 8);
	for (size_t i = 0; i < FAMILY_STATES; i++)
		add_change(out,
		    tally_change_kib(diff->before, was ? &was->tally : NULL, diff->after,
			is ? &is->tally : NULL, states_told[i]),
		    8);
	diff_report_add_rate(out, diff,
	    tally_change_kib(diff->before, was ? &was->tally : NULL, diff->after,
		is ? &is->tally : NULL, PAGE_COPIED));
	buf_addf(out, " %s%s\n", member->command, !was ? _(" (joined)") : !is ? _(" (left)") : "");
}

static void
diff_report_add_region(
    struct buf *out, const struct family_diff *diff, const struct region_change *change)
{
	const struct region *region = change->after ? change->after : change->before;

	buf_addf(out, "%-20s", "");
	for (size_t i = 0; i < FAMILY_STATES; i++)
		add_change(out, change->kib[states_told[i]], 8);
	diff_report_add_rate(out, diff, change->kib[PAGE_COPIED]);
	buf_addf(out, " 0x%llx %s%s\n", (unsigned long long)region->start,
	    *region->path ? region->path : region_kind_word(region->kind),
	    !change->before      ? _(" (new)")
		: !change->after ? _(" (gone)")
				 : "");
}

static void
diff_report_add_memory(struct buf *out, const struct family_diff *diff)
{
	struct buf sum = BUF_INIT, frames = BUF_INIT;

	add_known(&sum, diff->before->sum_rss_kib, diff->after->sum_rss_kib, 1);
	add_known(&frames, diff->before->frames_kib, diff->after->frames_kib, 1);
	buf_addf(out, _("Sum of Rss:%1$s. Frames really used:%2$s.\n"), buf_text(&sum),
	    buf_text(&frames));
	buf_free(&sum);
	buf_free(&frames);
}

/* Of both, or nothing. */
static void
diff_report_add_worker(struct buf *out, const struct family_diff *diff)
{
	uint64_t before = costs_of(diff->before, NULL).worker_kib,
		 after = costs_of(diff->after, NULL).worker_kib;
	struct buf change = BUF_INIT, was = BUF_INIT, is = BUF_INIT;

	if (before == COUNT_UNKNOWN || after == COUNT_UNKNOWN)
		return;
	add_known(&change, before, after, 1);
	size_text(&was, before);
	size_text(&is, after);
	buf_addf(out, _("One more worker:%1$s (%2$s before, %3$s after).\n"), buf_text(&change),
	    buf_text(&was), buf_text(&is));
	buf_free(&change);
	buf_free(&was);
	buf_free(&is);
}

static void
diff_report_add_causes(struct buf *out, const struct family_diff *diff)
{
	if (diff->cause_count)
		buf_addf(out, "%s\n", _("What was copied, by why"));
	for (size_t i = 0; i < diff->cause_count; i++) {
		const struct cause_change *change = &diff->causes[i];

		add_known(out, change->before_kib, change->after_kib, 8);
		buf_addf(out, "  %s%s%s: %s\n", cause_word(change->cause),
		    change->runtime ? " " : "", runtime_word(change->runtime),
		    cause_meaning(change->cause));
	}
	if (diff->cause_count)
		buf_add(out, "\n");
}

void
diff_report(struct buf *out, const struct family_diff *diff)
{
	size_t told = diff->region_count < MAPPINGS_TOLD ? diff->region_count : MAPPINGS_TOLD;

	diff_report_add_causes(out, diff);
	buf_addf(out, "%-3s %7s %8s", "", "pid", "Rss");
	for (size_t i = 0; i < FAMILY_STATES; i++)
		buf_addf(out, " %8s", page_state_word(states_told[i]));
	buf_addf(out, " %8s\n", _("a minute"));
	for (size_t i = 0; i < diff->member_count; i++)
		diff_report_add_member(out, diff, &diff->members[i]);
	buf_add(out, "\n");
	diff_report_add_memory(out, diff);
	diff_report_add_worker(out, diff);
	buf_add(out, told ? "\n" : "");
	for (size_t i = 0; i < told; i++)
		diff_report_add_region(out, diff, &diff->regions[i]);
	if (diff->region_count > told)
		buf_addf(out,
		    NP_("and %zu more mapping\n", "and %zu more mappings\n",
			diff->region_count - told),
		    diff->region_count - told);
}
