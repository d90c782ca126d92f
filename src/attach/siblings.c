/*
 * Do processes hold the same bytes in frames of their own, as when each loaded the same data after
 * it was forked? Once the windows of a sample have been read, its cells say where a process maps a
 * page alone; at those places all members' bytes are read and hashed, a run at a time.
 *
 * They are read as copied_bytes.c reads them, only present pages through /proc/PID/mem, so nothing
 * is changed. If more than the limit would be read, places are sampled by a hash of their address.
 * Pages count as equal if they have the same hash: 64 bits, mixed with a secret random number.
 */
#include "config.h"
#include "attach/attach_private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/family/equal_bytes.h"
#include "model/pagemap_bits.h"

#define BYTES_MOST ((uint64_t)1 << 30) /* read in one sample */
#define RUN_MOST 16                    /* pages read at a time */
#define RUN_BYTES ((size_t)64 << 10)

/* A page of a strip, in the run. */
struct glance {
	uint64_t hash, frame;
	bool known, zeros;
};

struct sibling_bytes {
	uint64_t most; /* pages read in one sample */
	uint64_t seed;
	size_t run;
	uint64_t entries[RUN_MOST];
	char *bytes;            /* of a run */
	struct glance *glances; /* run of each strip */
	struct equal_page *place;
	size_t strip_room;
	struct equal_frames frames;

	/* the sample under way: everything is counted first, then read */
	bool reading, done;
	bool everywhere;          /* also pages that nobody else has at that place */
	uint64_t in;              /* one place in this many */
	uint64_t alone, together; /* pages to read: at places of one process, and of several */
	uint64_t own;             /* frames numbered so far, where no PFN is known */
	size_t region;
	uint64_t page;
};

/* The run under way. */
struct sibling_run {
	struct region *region;
	uint64_t page;
	size_t count;
	bool wanted[RUN_MOST];
};

struct sibling_bytes *
siblings_new(size_t page_size, uint64_t pages_most)
{
	struct sibling_bytes *siblings = mem_zero(1, sizeof(*siblings));

	siblings->most = pages_most ? pages_most : BYTES_MOST / page_size;
	siblings->run = page_size * RUN_MOST > RUN_BYTES ? RUN_BYTES / page_size : RUN_MOST;
	siblings->run = siblings->run ? siblings->run : 1;
	siblings->bytes = mem_zero(siblings->run, page_size);
	if (getrandom(&siblings->seed, sizeof(siblings->seed), GRND_NONBLOCK) !=
	    sizeof(siblings->seed))
		siblings->seed = clock_real_ns() ^ clock_steady_ns();
	return siblings;
}

void
siblings_free(struct sibling_bytes *siblings)
{
	if (!siblings)
		return;
	equal_frames_release(&siblings->frames);
	free(siblings->bytes);
	free(siblings->glances);
	free(siblings->place);
	free(siblings);
}

void
siblings_begin(struct sibling_bytes *siblings)
{
	if (!siblings)
		return;
	equal_frames_release(&siblings->frames);
	siblings->reading = siblings->done = false;
	siblings->alone = siblings->together = siblings->own = 0;
	siblings->region = siblings->page = 0;
}

/* Each step is one to one, so two words give the same result only if they are equal. */
static uint64_t
hash_mix(uint64_t hash)
{
	hash ^= hash >> 32;
	hash *= UINT64_C(0xD6E8FEB86659FD93);
	hash ^= hash >> 29;
	hash *= UINT64_C(0x9E3779B97F4A7C15);
	return hash ^ hash >> 32;
}

/* Four lanes of a quarter of the words each. */
static void
hash_page(uint64_t seed, const char *bytes, size_t size, struct glance *page)
{
	uint64_t lanes[4] = {seed, ~seed, seed >> 17 | seed << 47, hash_mix(seed)}, any = 0;

	for (size_t at = 0; at < size; at += sizeof(lanes)) {
		uint64_t words[4];

		memcpy(words, bytes + at, sizeof(words));
		for (int i = 0; i < 4; i++) {
			any |= words[i];
			lanes[i] = (lanes[i] ^ words[i]) * UINT64_C(0x9FB21C651E98DF25);
			lanes[i] ^= lanes[i] >> 32;
		}
	}
	for (int i = 0; i < 4; i++)
		seed = hash_mix(seed ^ lanes[i]);
	page->hash = seed;
	page->zeros = !any;
	page->known = true;
}

/* An anonymous page that this process maps alone. */
static bool
is_own(uint8_t cell)
{
	enum page_state state = cell_state(cell);

	return state == PAGE_COPIED || state == PAGE_PARTED ||
	    (state == PAGE_PRIVATE && !cell_file(cell));
}

static bool
was_copied(uint8_t cell)
{
	return cell_state(cell) == PAGE_COPIED || cell_state(cell) == PAGE_PARTED;
}

static bool
is_memory(uint8_t cell)
{
	return cell_state(cell) == PAGE_SHARED || cell_state(cell) == PAGE_PRIVATE ||
	    was_copied(cell);
}

/* The cells of a strip from a run's first page on; a run never crosses a granule. */
static const uint8_t *
run_cells(const struct sibling_run *run, const struct strip *strip)
{
	static const uint8_t none[RUN_MOST];
	const struct granule *granule = strip_granule(strip, run->page / GRANULE_PAGES);

	return granule ? granule->cells + run->page % GRANULE_PAGES : none;
}

/* Where a process has a page alone: how many pages would be read at this place. 0: none. */
static uint64_t
place_count(uint32_t own, uint32_t others, bool pfn)
{
	if (!own)
		return 0;
	return own + (pfn && others ? 1 : others);
}

struct place_counts {
	uint32_t own[RUN_MOST], others[RUN_MOST];
};

static void
run_count(const struct sibling_run *run, struct place_counts *counts)
{
	memset(counts, 0, sizeof(*counts));
	for (size_t i = 0; i < run->region->strip_count; i++) {
		const uint8_t *cells = run_cells(run, &run->region->strips[i]);

		for (size_t k = 0; k < run->count; k++) {
			counts->own[k] += is_own(cells[k]);
			counts->others[k] += is_memory(cells[k]) && !is_own(cells[k]);
		}
	}
}

static void
siblings_count(struct attach *attach, const struct sibling_run *run)
{
	struct sibling_bytes *siblings = attach->siblings;
	struct place_counts counts;

	run_count(run, &counts);
	for (size_t k = 0; k < run->count; k++) {
		bool single = counts.own[k] + counts.others[k] < 2;

		*(single ? &siblings->alone : &siblings->together) +=
		    place_count(counts.own[k], counts.others[k], attach->reader.pfn);
	}
}

/* Decides how much of it can be read. */
static void
siblings_choose(struct sibling_bytes *siblings)
{
	siblings->everywhere = siblings->alone + siblings->together <= siblings->most;
	siblings->in =
	    siblings->together ? (siblings->together + siblings->most - 1) / siblings->most : 1;
	siblings->reading = true;
	siblings->region = siblings->page = 0;
}

/* false: no page of the run is wanted. */
static bool
run_want(const struct attach *attach, struct sibling_run *run)
{
	const struct sibling_bytes *siblings = attach->siblings;
	uint64_t number = run->region->start / attach->reader.page_size + run->page;
	struct place_counts counts;
	bool any = false;

	run_count(run, &counts);
	for (size_t k = 0; k < run->count; k++) {
		run->wanted[k] = counts.own[k] &&
		    (siblings->everywhere || counts.own[k] + counts.others[k] > 1) &&
		    (siblings->in == 1 ||
			hash_mix(siblings->seed ^ (number + k)) % siblings->in == 0);
		any |= run->wanted[k];
	}
	return any;
}

static bool
is_readable(const struct attach *attach, uint64_t entry, uint8_t cell)
{
	return pm_present(entry) && !(entry & PM_UFFD_WP) && is_memory(cell) &&
	    pm_anonymous(entry) == !cell_file(cell) &&
	    !(attach->reader.zero_pfn && pm_pfn(entry) == attach->reader.zero_pfn);
}

/* The same frame was already read in another process; NULL: it was not. */
static const struct glance *
glance_before(const struct sibling_bytes *siblings, size_t strip, size_t page, uint64_t frame)
{
	for (size_t i = 0; i < strip; i++) {
		const struct glance *glance = &siblings->glances[i * RUN_MOST + page];

		if (glance->known && glance->frame == frame)
			return glance;
	}
	return NULL;
}

/* Consecutive pages to read, from this one on. */
static size_t
glance_stretch(const bool *readable, size_t page, size_t count)
{
	size_t length = 0;

	while (page + length < count && readable[page + length])
		length++;
	return length;
}

/* Reads those pages, at most 64 KiB after their presence was checked. */
static void
glance_read(struct attach *attach, const struct held *held, uint64_t address, const bool *readable,
    size_t count, struct glance *glances)
{
	struct sibling_bytes *siblings = attach->siblings;
	size_t size = attach->reader.page_size;

	for (size_t k = 0; k < count;) {
		size_t wanted = glance_stretch(readable, k, count), done = 0;
		ssize_t got = wanted ? pread(held->contents, siblings->bytes, wanted * size,
					   (off_t)(address + k * size))
				     : 0;

		for (; got > 0 && done < (size_t)got / size; done++)
			hash_page(siblings->seed, siblings->bytes + done * size, size,
			    &glances[k + done]);
		k += done ? done : 1;
	}
}

/* A frame's number; where PFNs are hidden, a frame that one process maps counts as its own, and one
 * that several map counts once. */
static uint64_t
glance_frame(struct attach *attach, uint64_t entry, uint8_t cell)
{
	if (attach->reader.pfn)
		return pm_pfn(entry);
	return is_own(cell) ? ++attach->siblings->own : 0;
}

/* What to read of a strip as it is now; what was already read in another process is taken from
 * there. */
static void
glance_choose(struct attach *attach, const struct sibling_run *run, size_t number,
    const uint8_t *cells, bool readable[RUN_MOST])
{
	struct sibling_bytes *siblings = attach->siblings;
	struct glance *glances = &siblings->glances[number * RUN_MOST];

	for (size_t k = 0; k < run->count; k++) {
		uint64_t entry = siblings->entries[k];
		const struct glance *same = NULL;

		if (!run->wanted[k] || !is_readable(attach, entry, cells[k]))
			continue;
		glances[k].frame = glance_frame(attach, entry, cells[k]);
		if (attach->reader.pfn && !is_own(cells[k]))
			same = glance_before(siblings, number, k, glances[k].frame);
		if (same)
			glances[k] = *same;
		readable[k] = !same;
	}
}

static bool
glance_may(struct attach *attach, const struct sibling_run *run, const struct strip *strip)
{
	struct held *held = &attach->subjects[strip->member].held;

	return !held->lost && contents_plain(run->region, strip) && held_open_contents(held);
}

/* The run's pages of one strip. */
static void
glance_at(struct attach *attach, const struct sibling_run *run, size_t number)
{
	struct sibling_bytes *siblings = attach->siblings;
	const struct strip *strip = &run->region->strips[number];
	struct glance *glances = &siblings->glances[number * RUN_MOST];
	const struct held *held = &attach->subjects[strip->member].held;
	const uint8_t *cells = run_cells(run, strip);
	uint64_t address = strip->address + run->page * attach->reader.page_size;
	bool readable[RUN_MOST] = {false};
	size_t count = 0, known = 0;

	memset(glances, 0, RUN_MOST * sizeof(*glances));
	for (size_t k = 0; k < run->count; k++)
		count += run->wanted[k] && is_memory(cells[k]);
	if (!count)
		return;
	attach->pages += run->count;
	if (glance_may(attach, run, strip) &&
	    reader_entries(
		&attach->reader, held->pagemap, address, siblings->entries, run->count)) {
		glance_choose(attach, run, number, cells, readable);
		glance_read(attach, held, address, readable, run->count, glances);
	}
	for (size_t k = 0; k < run->count; k++)
		known += glances[k].known;
	run->region->siblings.compared += known;
	run->region->siblings.unread += count - known;
}

static void
run_compare_place(struct attach *attach, const struct sibling_run *run, size_t page)
{
	struct sibling_bytes *siblings = attach->siblings;
	struct siblings sum = {0};
	size_t count = 0;

	for (size_t i = 0; i < run->region->strip_count; i++) {
		const struct strip *strip = &run->region->strips[i];
		const struct glance *glance = &siblings->glances[i * RUN_MOST + page];
		uint8_t cell = run_cells(run, strip)[page];

		if (glance->known)
			siblings->place[count++] = (struct equal_page){
			    .lineage = attach->subjects[strip->member].held.lineage,
			    .hash = glance->hash,
			    .frame = glance->frame,
			    .copy = was_copied(cell),
			    .file = cell_file(cell),
			    .zeros = glance->zeros,
			};
	}
	count = equal_at_place(siblings->place, count, &sum);
	run->region->siblings.equal += sum.equal * siblings->in;
	run->region->siblings.copies += sum.copies * siblings->in;
	run->region->siblings.zeros += sum.zeros * siblings->in;
	if (siblings->everywhere)
		equal_frames_add(&siblings->frames, siblings->place, count);
}

static void
run_compare(struct attach *attach, struct sibling_run *run)
{
	struct sibling_bytes *siblings = attach->siblings;

	if (!run_want(attach, run))
		return;
	if (siblings->strip_room < run->region->strip_count) {
		siblings->strip_room = run->region->strip_count;
		siblings->glances = mem_resize(
		    siblings->glances, siblings->strip_room * RUN_MOST, sizeof(*siblings->glances));
		siblings->place =
		    mem_resize(siblings->place, siblings->strip_room, sizeof(*siblings->place));
	}
	for (size_t i = 0; i < run->region->strip_count; i++)
		glance_at(attach, run, i);
	for (size_t k = 0; k < run->count; k++)
		if (run->wanted[k])
			run_compare_place(attach, run, k);
}

static void
siblings_finish(struct attach *attach)
{
	struct sibling_bytes *siblings = attach->siblings;
	struct family *work = attach->work;

	for (size_t i = 0; i < work->region_count; i++) {
		const struct siblings *region = &work->regions[i].siblings;

		work->siblings.equal += region->equal;
		work->siblings.copies += region->copies;
		work->siblings.zeros += region->zeros;
		work->siblings.compared += region->compared;
		work->siblings.unread += region->unread;
	}
	work->siblings_ns = clock_real_ns();
	work->siblings_in = (uint32_t)siblings->in;
	work->equal_places = siblings->everywhere && siblings_known(&work->siblings)
	    ? equal_frames_count(&siblings->frames)
	    : COUNT_UNKNOWN;
	equal_frames_release(&siblings->frames);
	siblings->done = true;
}

/* The next run of the region with a known page; false: there is none. */
static bool
next_run(const struct sibling_bytes *siblings, struct sibling_run *run)
{
	uint64_t next = UINT64_MAX;

	for (size_t i = 0; i < run->region->strip_count; i++) {
		uint64_t page = strip_next(&run->region->strips[i], siblings->page);

		next = page < next ? page : next;
	}
	run->page = next - next % siblings->run;
	run->count = siblings->run;
	return next != UINT64_MAX;
}

bool
siblings_read(struct attach *attach)
{
	struct sibling_bytes *siblings = attach->siblings;
	struct sibling_run run = {0};

	if (!siblings || siblings->done)
		return false;
	if (siblings->region >= attach->work->region_count) {
		if (siblings->reading)
			siblings_finish(attach);
		else
			siblings_choose(siblings);
		return !siblings->done;
	}
	run.region = &attach->work->regions[siblings->region];
	if (!next_run(siblings, &run)) {
		siblings->region++;
		siblings->page = 0;
		return true;
	}
	siblings->page = run.page + run.count;
	if (siblings->reading)
		run_compare(attach, &run);
	else
		siblings_count(attach, &run);
	return true;
}
