#include "config.h"
#include "view/teach/guide_paper.h"

#include "base/buf.h"
#include "base/i18n.h"

/* Bytes of the flags that are pages of what is seen. */
static size_t
flag_count(const struct view *view)
{
	size_t count = view->now->process_count * view->now->page_count,
	       flags = view->scene->guide->flags;

	return flags < count ? flags : count;
}

bool
guide_flagged(const struct view *view, const bool *flags, size_t process, uint32_t page)
{
	size_t index = process * view->now->page_count + page;

	return flags && index < flag_count(view) && flags[index];
}

void
guide_name_pages(struct buf *out, const struct view *view, const bool *pages)
{
	const struct snapshot *now = view->now;

	for (size_t i = 0; i < now->process_count; i++)
		for (uint32_t page = 0; page < now->page_count; page++) {
			uint32_t last = page;

			if (!guide_flagged(view, pages, i, page))
				continue;
			while (
			    last + 1 < now->page_count && guide_flagged(view, pages, i, last + 1))
				last++;
			buf_addf(out, last > page ? "%s%c:%u-%u" : "%s%c:%u",
			    out->length ? "  " : "", now->processes[i].name, page, last);
			page = last;
		}
	if (!out->length)
		buf_add(out, _("none"));
}

struct guide_hits
guide_count_hits(const struct view *view, const struct guide *guide)
{
	size_t count = flag_count(view);
	struct guide_hits hits = {0};

	for (size_t i = 0; i < count && guide->pointed && guide->changed; i++) {
		hits.found += guide->pointed[i] && guide->changed[i];
		hits.missed += !guide->pointed[i] && guide->changed[i];
		hits.wrong += guide->pointed[i] && !guide->changed[i];
	}
	return hits;
}

void
guide_mark(const struct view *view, struct pen *pen, size_t process, uint32_t page)
{
	const struct guide *guide = view->scene->guide;
	bool changed = pen->marks & MARK_CHANGED,
	     judged = guide && guide->stage == GUIDE_SHOWS && guide->changed;
	uint8_t role = pen->role;

	if (!guide || !guide_flagged(view, guide->pointed, process, page) ||
	    (guide->stage != GUIDE_POINTS && !judged)) {
		pen_text(pen, changed ? "*" : " ");
		return;
	}
	pen->role = ROLE_FOCUS;
	pen_view_glyph(pen,
	    !judged                                                  ? GLYPH_POINTED
		: guide_flagged(view, guide->changed, process, page) ? GLYPH_HIT
								     : GLYPH_MISS);
	pen->role = role;
}

void
paper_pointed(struct paper *paper)
{
	struct buf text = BUF_INIT, pages = BUF_INIT;

	guide_name_pages(&pages, paper->view, paper->guide->pointed);
	buf_addf(&text, _("marked: %s"), buf_text(&pages));
	paper_add(paper, ROLE_EMPHASIS, buf_text(&text));
	buf_free(&text);
	buf_free(&pages);
}
