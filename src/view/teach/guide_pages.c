#include "config.h"
#include "view/teach/guide_paper.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "view/canvas/glyph.h"

/* Bytes of the flags that are pages of what is seen. */
static size_t
flag_count(const struct guide *guide, const struct snapshot *now)
{
	size_t count = now->process_count * now->page_count;

	return guide->flags < count ? guide->flags : count;
}

bool
guide_flagged(const struct guide *guide, const struct snapshot *now, const bool *flags,
    size_t process, uint32_t page)
{
	size_t index = process * now->page_count + page;

	return flags && index < flag_count(guide, now) && flags[index];
}

static bool
paper_flagged(const struct paper *paper, const bool *flags, size_t process, uint32_t page)
{
	return guide_flagged(paper->guide, paper->now, flags, process, page);
}

void
guide_name_pages(struct buf *out, const struct paper *paper, const bool *pages)
{
	const struct snapshot *now = paper->now;

	for (size_t i = 0; i < now->process_count; i++)
		for (uint32_t page = 0; page < now->page_count; page++) {
			uint32_t last = page;

			if (!paper_flagged(paper, pages, i, page))
				continue;
			while (
			    last + 1 < now->page_count && paper_flagged(paper, pages, i, last + 1))
				last++;
			buf_addf(out, last > page ? "%s%c:%u-%u" : "%s%c:%u",
			    out->length ? "  " : "", now->processes[i].name, page, last);
			page = last;
		}
	if (!out->length)
		buf_add(out, _("none"));
}

struct guide_hits
guide_count_hits(const struct paper *paper)
{
	const struct guide *guide = paper->guide;
	size_t count = flag_count(guide, paper->now);
	struct guide_hits hits = {0};

	for (size_t i = 0; i < count && guide->pointed && guide->changed; i++) {
		hits.found += guide->pointed[i] && guide->changed[i];
		hits.missed += !guide->pointed[i] && guide->changed[i];
		hits.wrong += guide->pointed[i] && !guide->changed[i];
	}
	return hits;
}

void
guide_mark(const struct guide *guide, const struct snapshot *now, struct pen *pen, size_t process,
    uint32_t page)
{
	bool changed = pen->marks & MARK_CHANGED,
	     judged = guide && guide->stage == GUIDE_SHOWS && guide->changed;
	uint8_t role = pen->role;

	if (!guide || !guide_flagged(guide, now, guide->pointed, process, page) ||
	    (guide->stage != GUIDE_POINTS && !judged)) {
		pen_text(pen, changed ? "*" : " ");
		return;
	}
	pen->role = ROLE_FOCUS;
	glyph_draw(pen,
	    !judged                                                        ? GLYPH_POINTED
		: guide_flagged(guide, now, guide->changed, process, page) ? GLYPH_HIT
									   : GLYPH_MISS);
	pen->role = role;
}

void
paper_pointed(struct paper *paper)
{
	struct buf text = BUF_INIT, pages = BUF_INIT;

	guide_name_pages(&pages, paper, paper->guide->pointed);
	buf_addf(&text, _("marked: %s"), buf_text(&pages));
	paper_add(paper, ROLE_EMPHASIS, buf_text(&text));
	buf_free(&text);
	buf_free(&pages);
}
