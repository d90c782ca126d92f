#include "config.h"
#include "view/family/family_report.h"

#include <stdio.h>

#include "base/err.h"
#include "base/i18n.h"
#include "view/family/costs_words.h"
#include "view/family/siblings_words.h"

#define MAPPINGS_TOLD 20

static void
add_kib(struct buf *out, uint64_t kib, int width)
{
	static const char units[] = "KMGT";
	double size = (double)kib;
	char text[32];
	int unit = 0;

	if (kib == COUNT_UNKNOWN) {
		buf_addf(out, " %*s", width, "?");
		return;
	}
	for (; size >= 9999.5 && unit < 3; unit++)
		size /= 1024;
	snprintf(text, sizeof(text), unit && size < 99.95 ? "%.1f%c" : "%.0f%c", size, units[unit]);
	buf_addf(out, " %*s", width, text);
}

static void
family_report_add_states(
    struct buf *out, const struct family *family, const struct tally *tally, bool known)
{
	for (size_t i = 0; i < FAMILY_STATES; i++)
		add_kib(out, known ? tally_kib(family, tally, states_told[i]) : COUNT_UNKNOWN, 8);
}

static void
family_report_add_head(struct buf *out)
{
	for (size_t i = 0; i < FAMILY_STATES; i++)
		buf_addf(out, " %8s", page_state_word(states_told[i]));
}

static void
family_report_add_member(struct buf *out, const struct family *family, const struct member *member)
{
	bool known = member->life != MEMBER_DENIED && !member->lost;

	buf_addf(out, "%-3s %7d %7d", member->name, (int)member->pid, (int)member->ppid);
	add_kib(out, known ? member_rss_kib(family, member) : COUNT_UNKNOWN, 8);
	add_kib(out, member->pss_kib, 8);
	add_kib(out, known ? member_uss_kib(family, member) : COUNT_UNKNOWN, 8);
	family_report_add_states(out, family, &member->tally, known);
	buf_addf(out, " %s", member->command);
	if (member->life != MEMBER_RUNNING)
		buf_addf(out, " (%s%s%s)", member_life_word(member->life),
		    member->errnum ? " " : "", member->errnum ? errno_name(member->errnum) : "");
	if (member->memory_of != MEMBER_NONE)
		buf_addf(out, _(" (the memory of %s)"), family->members[member->memory_of].name);
	buf_add(out, "\n");
}

static void
family_report_add_memory(struct buf *out, const struct family *family)
{
	struct buf sum = BUF_INIT, frames = BUF_INIT;

	add_kib(&sum, family->sum_rss_kib, 1);
	add_kib(&frames, family->frames_kib, 1);
	if (family->frames_kib == COUNT_UNKNOWN)
		buf_addf(out,
		    _("The sum of Rss is%s; how much of that is really used is not known here.\n"),
		    buf_text(&sum));
	else
		buf_addf(out,
		    _("The sum of Rss is%1$s; frames really used:%2$s, each counted once.\n"),
		    buf_text(&sum), buf_text(&frames));
	buf_free(&sum);
	buf_free(&frames);
}

/* "%s" of a sentence that names several sizes: a blank and the size. */
static const char *
size_of(struct buf *size, uint64_t kib)
{
	add_kib(size, kib, 1);
	return buf_text(size);
}

/* What became of what is no longer shared: the parts make up the whole. */
static void
add_sum(struct buf *out, const struct erosion_sum *sum)
{
	struct buf gone = BUF_INIT, copied = BUF_INIT, parted = BUF_INIT, alone = BUF_INIT,
		   let_go = BUF_INIT, left = BUF_INIT;

	if (sum->was_kib == sum->still_kib)
		return;
	buf_addf(out,
	    _("Of the%1$s that are not,%2$s were copied,%3$s are parted,%4$s were left alone,%5$s were let go and%6$s went with their process.\n"),
	    size_of(&gone, sum->was_kib - sum->still_kib), size_of(&copied, sum->copied_kib),
	    size_of(&parted, sum->parted_kib), size_of(&alone, sum->alone_kib),
	    size_of(&let_go, sum->let_go_kib), size_of(&left, sum->left_kib));
	buf_free(&gone);
	buf_free(&copied);
	buf_free(&parted);
	buf_free(&alone);
	buf_free(&let_go);
	buf_free(&left);
}

/* A rate says its time, and is none where that is short. */
static void
family_report_add_rate(struct buf *out, const struct erosion *erosion)
{
	uint64_t rate = erosion_rate(erosion, NULL), window = erosion_window_ns(erosion, NULL);
	struct buf ever = BUF_INIT, size = BUF_INIT;

	add_kib(&ever, erosion->whole.last.ever_kib, 1);
	add_kib(&size, rate, 1);
	if (rate == COUNT_UNKNOWN)
		buf_addf(out,
		    _("In all%1$s were copied since, also by processes that left; %2$.1f s are too short to give a rate.\n"),
		    buf_text(&ever), (double)window / 1e9);
	else
		buf_addf(out,
		    _("In all%1$s were copied since, also by processes that left;%2$s a minute over the last %3$.0f s.\n"),
		    buf_text(&ever), buf_text(&size), (double)window / 1e9);
	buf_free(&ever);
	buf_free(&size);
}

static void
add_erosion(struct buf *out, const struct erosion *erosion)
{
	struct buf was = BUF_INIT, still = BUF_INIT;
	struct erosion_sum sum;

	if (!erosion || !erosion->whole.until_ns || !(sum = erosion_sum(erosion)).was_kib)
		return;
	buf_addf(out,
	    _("Of%1$s that were shared in the baseline, or when a process was forked since,%2$s still are.\n"),
	    size_of(&was, sum.was_kib), size_of(&still, sum.still_kib));
	add_sum(out, &sum);
	family_report_add_rate(out, erosion);
	buf_free(&was);
	buf_free(&still);
}

/* What copying cost, and how sure it is of whom. */
static void
add_copies(struct buf *out, const struct family *family)
{
	struct buf copied = BUF_INIT, parted = BUF_INIT;

	if (family->copied_kib && family->copied_kib != COUNT_UNKNOWN)
		buf_addf(
		    out, _("Copying added%s in frames.\n"), size_of(&copied, family->copied_kib));
	if (family->tally.counts[PAGE_COPIED] &&
	    tally_basis(family, &family->tally) == BASIS_SAMPLE)
		buf_add(out,
		    _("What is copied is told from one sample, in which a page that was dropped and filled again looks the same.\n"));
	if (family->parted_kib && family->parted_kib != COUNT_UNKNOWN)
		buf_addf(out,
		    _("%s are parted: parent and child no longer share them, and which of them wrote isn't known.\n"),
		    size_of(&parted, family->parted_kib) + 1);
	buf_free(&copied);
	buf_free(&parted);
}

static void
add_unseen(struct buf *out, const struct family *family)
{
	uint64_t least = family->unseen_least;

	if (family->unseen != COUNT_UNKNOWN && least)
		buf_addf(out,
		    NP_("%llu process came and went between samples: what it copied is in no number.\n",
			"%llu processes came and went between samples: what they copied is in no number.\n",
			least),
		    (unsigned long long)least);
	else if (least)
		buf_addf(out,
		    NP_("%llu process at least came and went between samples: what it copied is in no number.\n",
			"%llu processes at least came and went between samples: what they copied is in no number.\n",
			least),
		    (unsigned long long)least);
}

static void
family_report_add_line(struct buf *out, const struct erosion *erosion,
    const struct erosion_line *line, const char *what)
{
	add_kib(out, line->last.still_kib, 12);
	add_kib(out, line->last.copied_kib, 8);
	add_kib(out, line->last.parted_kib, 8);
	add_kib(out, erosion_went_rate(erosion, line), 8);
	buf_addf(out, "  %s\n", what);
}

static void
add_mapping(struct buf *out, const struct erosion *erosion, const struct erosion_mapping *mapping)
{
	struct buf what = BUF_INIT;

	buf_addf(&what, "0x%llx %s", (unsigned long long)mapping->start,
	    *mapping->path ? mapping->path : region_kind_word(mapping->kind));
	family_report_add_line(out, erosion, &mapping->line, buf_text(&what));
	for (size_t i = 0; i < mapping->part_count; i++) {
		const struct erosion_line *part = mapping->parts[i];

		buf_clear(&what);
		buf_addf(&what, _("  in %s"), part->name);
		if (point_went_kib(&part->last) && erosion_is_there(erosion, part))
			family_report_add_line(out, erosion, part, buf_text(&what));
	}
	buf_free(&what);
}

/* Those of which something is copied, in the order of the family: most first. */
static void
family_report_add_mappings(
    struct buf *out, const struct family *family, const struct erosion *erosion)
{
	bool any = false;

	for (size_t i = 0; erosion && i < family->region_count; i++) {
		const struct erosion_mapping *mapping = erosion_mapping(erosion, family, i);

		if (!mapping || !point_went_kib(&mapping->line.last))
			continue;
		if (!any)
			buf_addf(out, "\n%13s %8s %8s %8s\n", _("still shared"),
			    page_state_word(PAGE_COPIED), page_state_word(PAGE_PARTED),
			    _("a minute"));
		any = true;
		add_mapping(out, erosion, mapping);
	}
	if (any && erosion->more_count) {
		struct buf size = BUF_INIT;

		add_kib(&size, erosion->more_kib, 1);
		buf_addf(out,
		    NP_("and %1$zu more mapping, of which%2$s are copied: it is not followed\n",
			"and %1$zu more mappings, of which%2$s are copied: they are not followed\n",
			erosion->more_count),
		    erosion->more_count, buf_text(&size));
		buf_free(&size);
	}
	if (any)
		buf_add(out, "\n");
}

static void
add_events(struct buf *out, const struct family *family, const struct erosion *erosion)
{
	for (size_t i = 0; erosion && i < erosion->event_count; i++) {
		const struct erosion_event *event = &erosion->events[i];
		struct buf size = BUF_INIT;

		if (event->time_ns < family->time_ns)
			continue;
		add_kib(&size, event->copied_kib, 1);
		buf_addf(out,
		    event->parted ? _("%1$s parted%2$s in %3$s, 0x%4$llx-0x%5$llx.\n")
				  : _("%1$s copied%2$s in %3$s, 0x%4$llx-0x%5$llx.\n"),
		    event->name, buf_text(&size), event->what, (unsigned long long)event->address,
		    (unsigned long long)(event->address + event->range_kib * 1024));
		buf_free(&size);
	}
}

static void
add_same(struct buf *out, const struct family *family)
{
	struct buf size = BUF_INIT;

	if (!family->tally.same)
		return;
	add_kib(&size, (uint64_t)family->tally.same * family->page_size / 1024, 1);
	buf_addf(out, _("Copied for nothing:%s hold the same bytes as the parent's pages.\n"),
	    buf_text(&size));
	buf_free(&size);
}

static void
add_moved(struct buf *out, const struct family *family)
{
	if (family->tally.moved)
		buf_addf(out,
		    NP_("%u page moved while it was read.\n",
			"%u pages moved while they were read.\n", family->tally.moved),
		    family->tally.moved);
}

static void
add_stillness(struct buf *out, const struct family *family)
{
	if (family->frozen)
		buf_add(out, _("The processes stood still while they were read.\n"));
	else if (family->restless)
		buf_add(out,
		    _("Not all of the processes stood still to the end: they were read one after the other, and moved meanwhile.\n"));
}

static void
family_report_add_region(struct buf *out, const struct family *family, const struct region *region)
{
	buf_addf(out, "0x%llx-0x%llx %s %s\n", (unsigned long long)region->start,
	    (unsigned long long)region->end, region->perms,
	    *region->path ? region->path : region_kind_word(region->kind));
	for (size_t i = 0; i < region->strip_count; i++) {
		const struct strip *strip = &region->strips[i];

		if (!tally_present(&strip->tally) && !strip->tally.counts[PAGE_SWAPPED] &&
		    !strip->tally.was_shared)
			continue;
		buf_addf(out, "%-46s", family->members[strip->member].name);
		family_report_add_states(out, family, &strip->tally, true);
		buf_add(out, "\n");
	}
}

static void
add_regions(struct buf *out, const struct family *family)
{
	size_t told = family->region_count < MAPPINGS_TOLD ? family->region_count : MAPPINGS_TOLD;

	while (told && !tally_present(&family->regions[told - 1].tally))
		told--;
	if (!told)
		return;
	buf_add(out, "\n");
	for (size_t i = 0; i < told; i++)
		family_report_add_region(out, family, &family->regions[i]);
	if (family->region_count > told)
		buf_addf(out,
		    NP_("and %zu more mapping\n", "and %zu more mappings\n",
			family->region_count - told),
		    family->region_count - told);
}

void
family_lacks_text(struct buf *out, const struct family *family)
{
	if (family->lacks & LACKS_PFN)
		buf_add(out,
		    _("Root would add: who wrote, the frames counted once, who shares huge pages, and what is unknown here.\n"));
	if (family->lacks & LACKS_KPAGECOUNT)
		buf_add(out,
		    _("Root would add, from /proc/kpagecount: whether processes outside the family share huge pages.\n"));
	if (family->lacks & LACKS_SCAN)
		buf_add(out,
		    _("Linux 6.7 would add, for ordinary users: the page of zeros told from shared pages.\n"));
	if (family->lacks & LACKS_PROCESS)
		buf_add(out, _("Not every process can be read: its owner or root could.\n"));
	if (family->lacks & LACKS_CONTENTS)
		buf_add(out,
		    _("Contents could not be compared: that needs ptrace access: root, or a lower kernel.yama.ptrace_scope.\n"));
	if (family->lacks & LACKS_READING)
		buf_add(out,
		    _("Not all of this sample could be read: what is unknown or missing in it may be there in the next one.\n"));
}

static void
add_happened(struct buf *out, const struct family *family, const struct erosion *erosion)
{
	add_events(out, family, erosion);
	add_same(out, family);
	add_stillness(out, family);
	add_moved(out, family);
}

void
family_sentences(struct buf *out, const struct family *family, const struct erosion *erosion)
{
	family_report_add_memory(out, family);
	add_copies(out, family);
	add_erosion(out, erosion);
	add_unseen(out, family);
	costs_text(out, family, erosion);
	add_happened(out, family, erosion);
	siblings_text(out, family);
}

void
family_report(struct buf *out, const struct family *family, const struct erosion *erosion)
{
	buf_addf(out, "%-3s %7s %7s %8s %8s %8s", "", "pid", "ppid", "Rss", "Pss", "Uss");
	family_report_add_head(out);
	buf_add(out, "\n");
	for (size_t i = 0; i < family->member_count; i++)
		family_report_add_member(out, family, &family->members[i]);
	buf_add(out, "\n");
	family_report_add_memory(out, family);
	add_copies(out, family);
	add_erosion(out, erosion);
	add_unseen(out, family);
	costs_text(out, family, erosion);
	family_report_add_mappings(out, family, erosion);
	add_happened(out, family, erosion);
	siblings_report(out, family);
	family_lacks_text(out, family);
	add_regions(out, family);
}
