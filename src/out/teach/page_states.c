#include "config.h"
#include "out/teach/page_states.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "out/picture/markup.h"
#include "out/teach/page_frame.h"
#include "view/canvas/wording.h"
#include "view/lab/explain.h"

#define STATE_CELLS 12
#define CONTENT_BYTES 8

/* Rows [first, last] say the same. */
struct states_row {
	const struct snapshot *now;
	const struct page_set *changed;
	uint32_t first, last;
};

static bool
states_is_dirty(const struct page *page)
{
	return page->dirty == TRI_YES && page_is_of_file(page);
}

/* Do they differ only by counting on? */
static bool
states_frames_follow(const struct snapshot *now, const struct page *one, const struct page *next)
{
	const struct frame *frame, *other;

	if (one->frame == FRAME_NONE || next->frame == FRAME_NONE)
		return one->frame == next->frame;
	frame = &now->frames[one->frame];
	other = &now->frames[next->frame];
	return frame->owner == other->owner && frame->generation == other->generation &&
	    frame->object == other->object &&
	    (other->page == frame->page + 1 || frame->owner == 'Z');
}

static bool
states_pages_follow(const struct states_row *row, const struct process *process, uint32_t number)
{
	const struct page *one = &process->pages[number], *next = one + 1;
	const struct snapshot *now = row->now;

	return one->state == next->state && one->mapped_by == next->mapped_by &&
	    one->disagrees == next->disagrees && (one->vma < 0) == (next->vma < 0) &&
	    states_is_dirty(one) == states_is_dirty(next) &&
	    page_is_protected(now, process, number) ==
	    page_is_protected(now, process, number + 1) &&
	    page_set_has(row->changed, process->name, number) ==
	    page_set_has(row->changed, process->name, number + 1) &&
	    states_frames_follow(now, one, next);
}

static bool
states_file_follows(const struct snapshot *now, uint32_t number)
{
	const struct file_page *one, *next;

	if (!now->file_pages)
		return true;
	one = &now->file_pages[number];
	next = one + 1;
	return one->cached == next->cached && one->dirty == next->dirty &&
	    one->writeback == next->writeback;
}

static bool
states_row_goes_on(const struct states_row *row)
{
	const struct snapshot *now = row->now;

	if (now->page_count <= PAGE_STATES_EACH || row->last + 1 >= now->page_count ||
	    !states_file_follows(now, row->last))
		return false;
	for (size_t i = 0; i < now->process_count; i++)
		if (now->processes[i].life != LIFE_DEAD &&
		    !states_pages_follow(row, &now->processes[i], row->last))
			return false;
	return true;
}

static void
states_add_word(struct buf *out, const char *tag, const char *word)
{
	buf_addf(out, " <%s>", tag);
	markup_text(out, word);
	buf_addf(out, "</%s>", tag);
}

static void
states_add_frame(struct buf *out, const struct states_row *row, const struct process *process)
{
	const struct page *page = &process->pages[row->first];
	char name[FRAME_NAME_MAX];

	if (page->frame == FRAME_NONE) {
		if (page->state == PAGE_ABSENT && page->pagemap_known && page->vma < 0)
			states_add_word(out, "i", _("unmapped"));
		return;
	}
	buf_addf(out, " <code>%s", snapshot_frame_name(row->now, page->frame, name));
	if (row->last > row->first && row->now->frames[page->frame].owner != 'Z')
		buf_addf(out, "–%s",
		    snapshot_frame_name(row->now, process->pages[row->last].frame, name));
	buf_add(out, "</code>");
}

/* Of a page alone. */
static void
states_add_content(struct buf *out, const struct states_row *row, const struct process *process)
{
	struct content content = process->pages[row->first].content;
	struct buf text = BUF_INIT;

	if (row->last > row->first || !content.length)
		return;
	content.length = content.length < CONTENT_BYTES ? content.length : CONTENT_BYTES;
	content_text(&text, &content, false);
	buf_add(out, " <samp>");
	markup_text(out, buf_text(&text));
	buf_add(out, "</samp>");
	buf_free(&text);
}

static void
states_add_marks(struct buf *out, const struct states_row *row, const struct process *process)
{
	const struct page *page = &process->pages[row->first];
	const struct smaps *smaps = page_smaps(process, row->first);

	if (states_is_dirty(page))
		states_add_word(out, "em", _("dirty"));
	if (smaps && page_is_protected(row->now, process, row->first)) {
		struct buf perms = BUF_INIT;

		buf_addf(&perms, "%.3s", smaps->perms);
		states_add_word(out, "i", buf_text(&perms));
		buf_free(&perms);
	}
	if (page->disagrees)
		buf_add(out, " ?!");
	if (page_set_has(row->changed, process->name, row->first))
		states_add_word(out, "small", _("changed"));
}

static void
states_add_cell(struct buf *out, const struct states_row *row, const struct process *process)
{
	const struct page *page = &process->pages[row->first];
	struct buf state = BUF_INIT;

	if (process->life == LIFE_DEAD) {
		buf_add(out, "<td class=\"gone\">\n");
		return;
	}
	state_text(&state, process, row->first, STATE_CELLS);
	buf_addf(out, "<td class=\"%s%s\"><b>", page_state_word(page->state),
	    page_set_has(row->changed, process->name, row->first) ? " c" : "");
	markup_text(out, buf_text(&state));
	buf_add(out, "</b>");
	states_add_frame(out, row, process);
	states_add_content(out, row, process);
	states_add_marks(out, row, process);
	buf_add(out, "\n");
	buf_free(&state);
}

static void
states_add_row(struct buf *out, const struct states_row *row)
{
	const struct snapshot *now = row->now;

	buf_addf(out, "<tr><th scope=\"row\">%u", row->first);
	if (row->last > row->first)
		buf_addf(out, "–%u", row->last);
	buf_add(out, "\n");
	for (size_t i = 0; i < now->process_count; i++)
		states_add_cell(out, row, &now->processes[i]);
	if (now->file_pages)
		page_element(
		    out, "td", " class=\"file\"", file_page_word(&now->file_pages[row->first]));
}

static void
states_add_head(struct buf *out, const struct snapshot *now)
{
	buf_add(out, "<thead><tr>");
	page_element(out, "th", " scope=\"col\"", _("page"));
	for (size_t i = 0; i < now->process_count; i++) {
		const struct process *process = &now->processes[i];
		struct buf life = BUF_INIT;

		life_text(&life, process);
		if (!life.length && process->forked_from)
			buf_addf(&life, _("child of %c"), process->forked_from);
		buf_addf(out, "<th scope=\"col\"><b>%c</b> ", process->name);
		markup_text(out, buf_text(&life));
		buf_add(out, "\n");
		buf_free(&life);
	}
	if (now->file_pages)
		page_element(out, "th", " scope=\"col\"",
		    now->kind == KIND_SHARED_ANON ? _("object") : _("file"));
	buf_add(out, "</thead>\n");
}

/* Of the reads and writes: what a system call adds is the worker's own, and is another each time.
 */
static unsigned
states_faults(const struct snapshot *now, char process)
{
	unsigned faults = 0;

	for (size_t i = 0; i < now->act_count; i++) {
		const struct act *act = &now->acts[i];

		if (act->process == process && (act->verb == ACT_READ || act->verb == ACT_WRITE))
			faults += (unsigned)act->minor + act->major;
	}
	return faults;
}

enum states_number { STATES_RSS, STATES_PSS, STATES_FAULTS };

static void
states_number_text(
    struct buf *out, const struct snapshot *now, const struct process *process, int which)
{
	if (process->life == LIFE_DEAD)
		return;
	if (which == STATES_FAULTS)
		buf_addf(out, "+%u", states_faults(now, process->name));
	else
		size_text(out, which == STATES_RSS ? process->rss_kib : process->pss_kib);
}

static void
states_add_foot(struct buf *out, const struct snapshot *now)
{
	const char *const names[] = {"rss", "pss", "flt"};

	buf_add(out, "<tfoot>");
	for (int which = STATES_RSS; which <= STATES_FAULTS; which++) {
		buf_add(out, "<tr>");
		page_element(out, "th", " scope=\"row\"", names[which]);
		for (size_t i = 0; i < now->process_count; i++) {
			struct buf text = BUF_INIT;

			states_number_text(&text, now, &now->processes[i], which);
			page_element(out, "td", "", buf_text(&text));
			buf_free(&text);
		}
		if (now->file_pages)
			buf_add(out, "<td>\n");
	}
	buf_add(out, "</tfoot>\n");
}

static void
states_add_caption(struct buf *out, const struct snapshot *now)
{
	struct buf text = BUF_INIT;

	buf_addf(&text,
	    NP_("%1$s, %2$u page of %3$u KiB, step %4$u", "%1$s, %2$u pages of %3$u KiB, step %4$u",
		now->page_count),
	    kind_word(now->kind), now->page_count, now->machine.page_size >> 10, now->step);
	page_element(out, "caption", "", buf_text(&text));
	buf_free(&text);
}

void
page_states(struct buf *out, const struct snapshot *now, const struct page_set *changed)
{
	struct states_row row = {now, changed, 0, 0};

	buf_addf(out, "<table data-processes=\"%zu\">", now->process_count);
	states_add_caption(out, now);
	states_add_head(out, now);
	buf_add(out, "<tbody>\n");
	for (; row.first < now->page_count; row.first = ++row.last) {
		while (states_row_goes_on(&row))
			row.last++;
		states_add_row(out, &row);
	}
	buf_add(out, "</tbody>\n");
	states_add_foot(out, now);
	buf_add(out, "</table>\n");
}

static void
legend_add(struct buf *out, const char *word, const char *meaning)
{
	buf_addf(out, "<dt class=\"%s\"><b>%s</b></dt>", word, word);
	page_element(out, "dd", "", meaning);
}

void
page_states_legend(struct buf *out)
{
	buf_add(out, "<details class=\"legend\">");
	page_element(out, "summary", "", _("What the words in the picture mean"));
	buf_add(out, "<dl>\n");
#define X(constant, word, meaning) legend_add(out, word, page_state_meaning(PAGE_##constant));
	PAGE_STATES(X)
#undef X
	page_element(out, "dt", "", "x3");
	page_element(out, "dd", "", _("so many processes map the frame"));
	page_element(out, "dt", "", "F2, a2, Z");
	page_element(out, "dd", "",
	    _("the frame: page 2 of the file; one that process a was given for its page 2; the page of zeros"));
	page_element(out, "dt", "", _("dirty"));
	page_element(
	    out, "dd", "", _("the file's page was changed in memory, and is not written back yet"));
	page_element(out, "dt", "", "flt");
	page_element(out, "dd", "", _("page faults of its reads and writes in this step"));
	page_element(out, "dt", "", "rss, pss");
	page_element(out, "dd", "",
	    _("memory that the process has mapped; and the same with each frame divided among those that map it"));
	buf_add(out, "</dl></details>\n");
}
