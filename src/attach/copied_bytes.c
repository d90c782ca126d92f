/*
 * Do copies hold the same bytes as the pages they were copied from? A side is one process's pages
 * of the window. Both sides are read in runs short enough that a page present at the start of a run
 * is still present at its turn.
 *
 * process_vm_readv(2) would pin what it reads, and a pin makes the kernel copy each shared page for
 * the process being read. /proc/PID/mem holds a page only while its bytes are fetched: if the
 * process writes at that very moment it gets a new frame, and we release the old one.
 */
#include "config.h"
#include "attach/attach_private.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/pagemap_bits.h"

#define RUN_BYTES ((size_t)64 << 10)

struct copied_bytes {
	size_t run; /* pages */
	uint64_t *entries;
	char *own, *parents;
};

struct side {
	struct line *line;
	const struct strip *strip;
	uint64_t address; /* of the window */
};

static struct copied_bytes *
contents_new(size_t page_size)
{
	struct copied_bytes *contents = mem_zero(1, sizeof(*contents));

	contents->run = page_size < RUN_BYTES ? RUN_BYTES / page_size : 1;
	contents->entries = mem_zero(contents->run, sizeof(*contents->entries));
	contents->own = mem_zero(contents->run, page_size);
	contents->parents = mem_zero(contents->run, page_size);
	return contents;
}

void
contents_free(struct copied_bytes *contents)
{
	if (!contents)
		return;
	free(contents->entries);
	free(contents->own);
	free(contents->parents);
	free(contents);
}

bool
contents_plain(const struct region *region, const struct strip *strip)
{
	bool memory = region->kind != REGION_DEVICE && region->kind != REGION_VDSO;

	return memory && strip->perms[0] == 'r' && strip->perms[3] == 'p';
}

static bool
has_contents(const struct side *side, size_t page)
{
	uint64_t entry = side->line->entries[page];

	return pm_present(entry) && !(entry & PM_UFFD_WP) &&
	    cell_state(side->line->cells[page]) != PAGE_ZERO;
}

static bool
is_wanted(const struct side *own, const struct side *parent, size_t page)
{
	enum page_state state = cell_state(own->line->cells[page]);

	return (state == PAGE_COPIED || state == PAGE_PARTED) && has_contents(own, page) &&
	    has_contents(parent, page);
}

static void
mark_same(uint8_t *cell)
{
	*cell |= CELL_SAME;
	if (*cell == PRIOR_NONE) /* which no cell is */
		*cell &= (uint8_t)~CELL_MOVED;
}

/* How many of count pages are still as they were when the window was read. */
static size_t
bytes_still_there(struct attach *attach, const struct side *side, size_t page, size_t count)
{
	const struct copied_bytes *contents = attach->contents;
	uint64_t address = side->address + page * attach->reader.page_size;
	size_t same = 0;

	attach->pages += count;
	if (!reader_entries(&attach->reader, side->line->subject->held.pagemap, address,
		contents->entries, count))
		return 0;
	while (same < count &&
	    !((contents->entries[same] ^ side->line->entries[page + same]) &
		(PM_MEANING | PM_UFFD_WP)))
		same++;
	return same;
}

/* Returns how many of count pages were read. */
static size_t
read_side(struct attach *attach, const struct side *side, size_t page, size_t count, char *bytes)
{
	size_t size = attach->reader.page_size;
	ssize_t got;

	count = bytes_still_there(attach, side, page, count);
	if (!count)
		return 0;
	got = pread(side->line->subject->held.contents, bytes, count * size,
	    (off_t)(side->address + page * size));
	return got > 0 ? (size_t)got / size : 0;
}

/* Returns how many pages are done, at least one: it can't be read, or has moved. */
static size_t
compare_run(struct attach *attach, const struct side *own, const struct side *parent, size_t page,
    size_t count)
{
	const struct copied_bytes *contents = attach->contents;
	size_t size = attach->reader.page_size;

	count = read_side(attach, own, page, count, contents->own);
	count = count ? read_side(attach, parent, page, count, contents->parents) : 0;
	for (size_t i = 0; i < count; i++)
		if (memcmp(contents->own + i * size, contents->parents + i * size, size) == 0)
			mark_same(&own->line->cells[page + i]);
	return count ? count : 1;
}

static size_t
run_from(const struct attach *attach, const struct side *own, const struct side *parent,
    size_t page, size_t count)
{
	size_t run = 0;

	while (
	    run < attach->contents->run && page + run < count && is_wanted(own, parent, page + run))
		run++;
	return run;
}

static struct side
side_of(const struct attach *attach, const struct region *region, size_t line)
{
	return (struct side){
	    &attach->lines[line], &region->strips[line], line_address(attach, region, line)};
}

/* The line of the process that this line's process was forked from; SIZE_MAX. */
static size_t
line_of_parent(const struct attach *attach, const struct region *region, size_t line)
{
	int parent = memory_parent(attach, region->strips[line].member);

	for (size_t i = 0; parent != MEMBER_NONE && i < region->strip_count; i++)
		if (region->strips[i].member == (size_t)parent && attach->lines[i].active)
			return i;
	return SIZE_MAX;
}

void
contents_compare(struct attach *attach, struct region *region, size_t line, size_t count)
{
	size_t parents = line_of_parent(attach, region, line), run;
	struct side own, parent;

	if (parents == SIZE_MAX)
		return;
	if (!attach->contents)
		attach->contents = contents_new(attach->reader.page_size);
	own = side_of(attach, region, line);
	parent = side_of(attach, region, parents);
	if (!contents_plain(region, own.strip) || !contents_plain(region, parent.strip))
		return;
	if (!held_open_contents(&own.line->subject->held) ||
	    !held_open_contents(&parent.line->subject->held))
		return;
	region->strips[line].compared_ns = clock_real_ns();
	for (size_t page = 0; page < count; page += run) {
		run = run_from(attach, &own, &parent, page, count);
		run = run ? compare_run(attach, &own, &parent, page, run) : 1;
	}
}
