/*
 * A window: the same pages of a region in all its processes, read one after the other with nothing
 * in between. What is read within microseconds can be compared.
 */
#include "config.h"
#include "attach/attach_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/pagemap_bits.h"

#define SPARSE 4096 /* from this many pages on, present pages are searched for first */
#define DENSE 2     /* after this many windows in a row, the next ones are read ahead */

uint64_t
line_address(const struct attach *attach, const struct region *region, size_t line)
{
	return region->strips[line].address + attach->page * attach->reader.page_size;
}

static uint64_t
next_present(
    const struct attach *attach, const struct strip *strip, const struct line *line, uint64_t page)
{
	uint32_t size = attach->reader.page_size;
	uint64_t address;

	if (page >= strip->end || line->subject->held.lost)
		return UINT64_MAX;
	if (!attach->reader.scan || strip->end - page < SPARSE)
		return page < strip->first ? strip->first : page;
	page = page < strip->first ? strip->first : page;
	address = reader_next(&attach->reader, line->subject->held.pagemap,
	    strip->address + page * size, strip->address + strip->end * size);
	page = (address - strip->address) / size;
	return page >= strip->end ? UINT64_MAX : page;
}

static void
window_make_room(struct attach *attach, size_t lines)
{
	size_t window = attach->window;

	if (lines <= attach->line_room)
		return;
	attach->lines = mem_resize(attach->lines, lines, sizeof(*attach->lines));
	attach->cell_lines = mem_resize(attach->cell_lines, lines, sizeof(*attach->cell_lines));
	for (size_t i = attach->line_room; i < lines; i++) {
		struct line *line = &attach->lines[i];

		memset(line, 0, sizeof(*line));
		line->entries = mem_zero(window, sizeof(*line->entries));
		line->facts = mem_zero(window, 1);
		line->prior = mem_zero(window, 1);
		line->cells = mem_zero(window, 1);
	}
	attach->line_room = lines;
}

static void
open_region(struct attach *attach, struct region *region)
{
	window_make_room(attach, region->strip_count);
	for (size_t i = 0; i < region->strip_count; i++) {
		struct line *line = &attach->lines[i];
		struct strip *strip = &region->strips[i];

		line->member = strip->member;
		line->subject = &attach->subjects[strip->member];
		line->pen_used = false;
		line->skip = next_present(attach, strip, line, strip->first);
		strip->read_ns = clock_real_ns();
	}
	attach->page = attach->run = 0;
	attach->region_open = true;
}

static void
window_flush(struct attach *attach, struct strip *strip, struct line *line)
{
	uint64_t address =
	    strip->address + line->pen_index * GRANULE_PAGES * attach->reader.page_size;
	const struct granule *old;

	if (!line->pen_used)
		return;
	old = prior_granule(&attach->prior, line->member, address);
	if (old && memcmp(old->cells, line->pen, GRANULE_PAGES) == 0)
		strip_keep_granule(strip, line->pen_index, old);
	else
		strip_add_granule(strip, line->pen_index, line->pen);
	line->pen_used = false;
}

static void
window_write_cells(struct attach *attach, struct strip *strip, struct line *line, size_t count)
{
	for (size_t done = 0; done < count;) {
		uint64_t page = attach->page + done, index = page / GRANULE_PAGES;
		size_t at = page % GRANULE_PAGES,
		       n = GRANULE_PAGES - at < count - done ? GRANULE_PAGES - at : count - done;

		if (line->pen_used && line->pen_index != index)
			window_flush(attach, strip, line);
		if (!line->pen_used) {
			memset(line->pen, 0, sizeof(line->pen));
			line->pen_index = index;
			line->pen_used = true;
		}
		memcpy(line->pen + at, line->cells + done, n);
		done += n;
	}
}

/* The next page of the region that holds anything; UINT64_MAX. */
static uint64_t
next_page(const struct attach *attach, const struct region *region)
{
	uint64_t next = UINT64_MAX;

	for (size_t i = 0; i < region->strip_count; i++) {
		const struct strip *strip = &region->strips[i];
		const struct line *line = &attach->lines[i];
		uint64_t from = strip->address +
		    (attach->page > strip->first ? attach->page : strip->first) *
			attach->reader.page_size;
		uint64_t end = strip->address + strip->end * attach->reader.page_size, before;

		if (line->subject->held.lost)
			continue;
		if (line->skip < next)
			next = line->skip > attach->page ? line->skip : attach->page;
		before = from < end ? prior_next(&attach->prior, line->member, from, end) : end;
		if (before < end && (before - strip->address) / attach->reader.page_size < next)
			next = (before - strip->address) / attach->reader.page_size;
	}
	return next;
}

static void
blank_holes(const struct strip *strip, uint64_t page, size_t count, uint64_t *entries)
{
	uint64_t from = page, end = page + count;

	for (size_t i = 0; i < strip->span_count && from < end; i++) {
		const struct span *span = &strip->spans[i];

		if (span->end <= from)
			continue;
		if (span->first > from)
			memset(entries + (from - page), 0,
			    ((span->first < end ? span->first : end) - from) * sizeof(*entries));
		from = span->end;
	}
	if (from < end)
		memset(entries + (from - page), 0, (end - from) * sizeof(*entries));
}

static bool
read_line(
    struct attach *attach, const struct region *region, size_t i, size_t count, uint64_t *entries)
{
	const struct strip *strip = &region->strips[i];
	struct line *line = &attach->lines[i];

	if (line->skip >= attach->page + count) {
		memset(entries, 0, count * sizeof(*entries));
		return true;
	}
	if (line->ahead) {
		errno = line->ahead->errnum;
		if (!line->ahead->good)
			return false;
		line->entries = line->ahead->entries;
		line->ahead->entries = entries;
		entries = line->entries;
		line->ahead = NULL;
	} else {
		attach->pages += count;
		if (!reader_entries(&attach->reader, line->subject->held.pagemap,
			line_address(attach, region, i), entries, count))
			return false;
	}
	if (strip->span_count > 1 || strip->first > attach->page ||
	    strip->end < attach->page + count)
		blank_holes(strip, attach->page, count, entries);
	return true;
}

static bool
take_part(struct attach *attach, const struct region *region, size_t i, size_t count)
{
	const struct strip *strip = &region->strips[i];
	struct line *line = &attach->lines[i];

	if (line->subject->held.lost || strip->first >= attach->page + count ||
	    strip->end <= attach->page)
		return false;
	line->has_prior = prior_cells(
	    &attach->prior, line->member, line_address(attach, region, i), count, line->prior);
	if (line->skip >= attach->page + count && !line->has_prior)
		return false;
	if (line->has_facts)
		memset(line->facts, 0, attach->window);
	line->has_facts = false;
	if (read_line(attach, region, i, count, line->entries))
		return true;
	held_set_lost(&line->subject->held);
	attach->tainted = true;
	return false;
}

int
memory_parent(const struct attach *attach, size_t member)
{
	int parent = attach->work->members[member].parent;

	while (parent != MEMBER_NONE && attach->work->members[parent].memory_of != MEMBER_NONE)
		parent = attach->work->members[parent].memory_of;
	return parent;
}

static int
parent_line(const struct attach *attach, const struct region *region, size_t i, const int *places)
{
	int parent = memory_parent(attach, region->strips[i].member);
	const struct strip *strip =
	    parent == MEMBER_NONE ? NULL : region_strip(region, (size_t)parent);

	return strip && attach->lines[strip - region->strips].active
	    ? places[strip - region->strips]
	    : -1;
}

static size_t
fill_lines(struct attach *attach, const struct region *region)
{
	int *places = mem_zero(region->strip_count + 1, sizeof(*places));
	size_t used = 0;

	for (size_t i = 0; i < region->strip_count; i++)
		if (attach->lines[i].active)
			places[i] = (int)used++;
	for (size_t i = 0; i < region->strip_count; i++) {
		struct line *line = &attach->lines[i];

		if (line->active)
			attach->cell_lines[places[i]] = (struct cell_line){
			    .entries = line->entries,
			    .facts = line->has_facts ? line->facts : NULL,
			    .prior = line->prior,
			    .parent = parent_line(attach, region, i, places),
			    .born = line->subject->born,
			    .forked_last = line->subject->forks.last,
			    .zeros_known = attach->reader.scan || attach->reader.pfn,
			    .private_file = region->inode && region->strips[i].perms[3] == 'p',
			    .lineage = line->subject->held.lineage,
			    .joined = line->subject->fresh,
			    .forked = line->subject->forked,
			    .cells = line->cells,
			};
	}
	free(places);
	return used;
}

static bool
looks_changed(const struct line *line, size_t count)
{
	for (size_t i = 0; line->has_prior && i < count; i++)
		if (line->prior[i] != PRIOR_NONE && (line->prior[i] ^ line->cells[i]) & CELL_STATE)
			return true;
	return false;
}

/* A page that differs from the previous sample may still be changing: it is read once more. */
static void
read_again(struct attach *attach, const struct region *region, size_t i, size_t count)
{
	struct line *line = &attach->lines[i];

	if (!looks_changed(line, count) || !read_line(attach, region, i, count, attach->again))
		return;
	for (size_t page = 0; page < count; page++)
		if ((attach->again[page] ^ line->entries[page]) & PM_MEANING)
			line->cells[page] |= CELL_MOVED;
}

static bool
has_unread_parent(const struct attach *attach, const struct held *held)
{
	for (size_t i = 0; attach->any_unread && i < attach->subject_count; i++)
		if (attach->subjects[i].held.pid == held->stat.ppid &&
		    held_is_unread(&attach->subjects[i].held))
			return true;
	return false;
}

/* Is a process unread that has the mapping, and of whom or by whom a page may have been copied? */
static bool
lost_relative(const struct attach *attach, const struct region *region, size_t line)
{
	size_t member = region->strips[line].member;

	if (has_unread_parent(attach, &attach->subjects[member].held))
		return true;
	for (size_t i = 0; attach->tainted && i < region->strip_count; i++) {
		size_t other = region->strips[i].member;
		const struct held *held = &attach->subjects[other].held;

		if (held->lost &&
		    (memory_parent(attach, member) == (int)other ||
			(held->lost_errnum && memory_parent(attach, other) == (int)member)))
			return true;
	}
	return false;
}

/* A page new in this sample, in memory that only this process maps, may or may not be a copy. */
static void
doubt_copies(struct line *line, size_t count)
{
	for (size_t page = 0; page < count; page++) {
		enum page_state state = cell_state(line->cells[page]);
		bool before =
		    line->prior[page] != PRIOR_NONE && cell_state(line->prior[page]) == state;

		if (pm_anonymous(line->entries[page]) &&
		    (state == PAGE_PRIVATE || state == PAGE_COPIED || state == PAGE_PARTED) &&
		    !before)
			line->cells[page] =
			    (uint8_t)((line->cells[page] &
					  (CELL_WAS_SHARED | CELL_MOVED | CELL_HUGE)) |
				PAGE_UNKNOWN);
	}
}

static void
window_settle(struct attach *attach, struct region *region, size_t count)
{
	struct cell_window window = {
	    .pages = count,
	    .lines = attach->cell_lines,
	    .zero_pfn = attach->reader.zero_pfn,
	    .frames = attach->reader.pfn ? &attach->frames : NULL,
	    .settled = attach->settled,
	    .before = attach->before,
	    .ask = attach->writers ? writers_ask : NULL,
	    .with = attach,
	};

	sharing_find(attach, region, count);
	window.line_count = fill_lines(attach, region);
	cells_find(&window);
	attach->copies += window.copies;
	attach->parted += window.parted;
	attach->copies_unsure |= window.unsure;
	for (size_t i = 0; i < region->strip_count; i++) {
		if (!attach->lines[i].active)
			continue;
		if (lost_relative(attach, region, i))
			doubt_copies(&attach->lines[i], count);
		read_again(attach, region, i, count);
		if (attach->compare)
			contents_compare(attach, region, i, count);
		window_write_cells(attach, &region->strips[i], &attach->lines[i], count);
	}
}

static void
close_region(struct attach *attach, struct region *region)
{
	for (size_t i = 0; i < region->strip_count; i++) {
		struct strip *strip = &region->strips[i];

		window_flush(attach, strip, &attach->lines[i]);
		strip->unread = false;
	}
	if (attach->ahead)
		attach->pages += ahead_drop(attach->ahead);
	attach->region_open = false;
	attach->region++;
}

/* Windows end at multiples of their size in the address space, so that a huge page lies within
 * one. */
static size_t
window_size(const struct attach *attach, const struct region *region, uint64_t page)
{
	uint64_t number = region->strips[0].address / attach->reader.page_size + page;
	uint64_t left = region_pages(attach->work, region) - page,
		 size = attach->window - number % attach->window;

	return (size_t)(size < left ? size : left);
}

/* If the end of the window was empty, searches for the next present page. */
static void
skip_on(struct attach *attach, const struct region *region, size_t count)
{
	uint64_t next = attach->page + count;

	for (size_t i = 0; i < region->strip_count; i++) {
		struct line *line = &attach->lines[i];

		if (line->skip >= next || !line->active)
			continue;
		if (line->entries[count - 1] == 0 && line->entries[count / 2] == 0)
			line->skip = next_present(attach, &region->strips[i], line, next);
		else
			line->skip = next < region->strips[i].end ? next : UINT64_MAX;
	}
}

static void
take_ahead(struct attach *attach, const struct region *region, size_t count)
{
	size_t part_count = 0;
	struct ahead_part *parts =
	    attach->ahead ? ahead_take(attach->ahead, attach->page, count, &part_count) : NULL;

	for (size_t i = 0; i < region->strip_count; i++)
		attach->lines[i].ahead = NULL;
	for (size_t i = 0; i < part_count; i++)
		attach->lines[parts[i].line].ahead = &parts[i];
	attach->pages += part_count * count;
}

/* If one window followed the other, the next ones will too: processes with pages in this one are
 * expected to go on. */
static void
ask_ahead(struct attach *attach, const struct region *region)
{
	uint64_t end = region_pages(attach->work, region), page;

	if (!attach->ahead || !attach->at_once || attach->run < DENSE)
		return;
	page = ahead_end(attach->ahead);
	page = page > attach->page ? page : attach->page;
	for (size_t room = ahead_room(attach->ahead, region->strip_count); room && page < end;
	     room--) {
		size_t count = window_size(attach, region, page);

		for (size_t i = 0; i < region->strip_count; i++) {
			const struct strip *strip = &region->strips[i];
			const struct line *line = &attach->lines[i];

			if (line->active && !line->subject->held.lost &&
			    line->skip <= attach->page && strip->first < page + count &&
			    strip->end > page)
				ahead_add(attach->ahead, i, line->subject->held.pagemap,
				    strip->address + page * attach->reader.page_size);
		}
		ahead_ask(attach->ahead, page, count);
		page += count;
	}
}

bool
window_read(struct attach *attach)
{
	struct region *region;
	uint64_t expected;
	size_t count;

	if (attach->region >= attach->work->region_count)
		return false;
	region = &attach->work->regions[attach->region];
	if (!attach->region_open)
		open_region(attach, region);
	expected = attach->page;
	attach->page = region->kind == REGION_DEVICE ? UINT64_MAX : next_page(attach, region);
	attach->run = attach->page == expected ? attach->run + 1 : 0;
	if (attach->page >= region_pages(attach->work, region)) {
		close_region(attach, region);
		return true;
	}
	count = window_size(attach, region, attach->page);
	take_ahead(attach, region, count);
	for (size_t i = 0; i < region->strip_count; i++)
		attach->lines[i].active = take_part(attach, region, i, count);
	window_settle(attach, region, count);
	skip_on(attach, region, count);
	attach->page += count;
	ask_ahead(attach, region);
	return true;
}
