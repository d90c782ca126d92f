#include "config.h"
#include "model/family/equal_bytes.h"

#include <stdlib.h>

#include "base/mem.h"

static int
order_of(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int
order_equal_pages(const void *one, const void *other)
{
	const struct equal_page *a = one, *b = other;

	if (a->zeros != b->zeros)
		return a->zeros ? 1 : -1;
	if (a->lineage != b->lineage)
		return order_of(a->lineage, b->lineage);
	if (a->hash != b->hash)
		return order_of(a->hash, b->hash);
	return order_of(a->frame, b->frame);
}

static bool
same_bytes(const struct equal_page *a, const struct equal_page *b)
{
	return a->zeros == b->zeros && a->lineage == b->lineage && a->hash == b->hash;
}

/* Each frame once; a copy's frame belongs to one process. */
static size_t
keep_each_frame(struct equal_page *pages, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (!kept || !same_bytes(&pages[kept - 1], &pages[i]) ||
		    pages[kept - 1].frame != pages[i].frame)
			pages[kept++] = pages[i];
	return kept;
}

/* The group that begins here; returns where the next one begins. */
static size_t
equal_count_same(const struct equal_page *pages, size_t from, size_t count, struct siblings *sum)
{
	size_t end = from, copies = 0, own = 0;

	for (; end < count && same_bytes(&pages[from], &pages[end]); end++) {
		copies += pages[end].copy;
		own += !pages[end].file;
	}
	if (pages[from].zeros) {
		sum->zeros += own;
		return end;
	}
	sum->equal += end - from - 1;
	sum->copies += copies < end - from ? copies : end - from - 1;
	return end;
}

size_t
equal_at_place(struct equal_page *pages, size_t count, struct siblings *sum)
{
	size_t kept;

	if (count > 1)
		qsort(pages, count, sizeof(*pages), order_equal_pages);
	kept = keep_each_frame(pages, count);
	for (size_t i = 0; i < kept;)
		i = equal_count_same(pages, i, kept, sum);
	while (kept && pages[kept - 1].zeros)
		kept--;
	return kept;
}

void
equal_frames_add(struct equal_frames *frames, const struct equal_page *pages, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (pages[i].file)
			continue;
		if (frames->count == frames->room) {
			frames->room = frames->room ? 2 * frames->room : 64;
			frames->list =
			    mem_resize(frames->list, frames->room, sizeof(*frames->list));
		}
		frames->list[frames->count++] = (struct equal_frame){pages[i].hash, pages[i].frame};
	}
}

static int
order_equal_frames(const void *one, const void *other)
{
	const struct equal_frame *a = one, *b = other;

	return a->hash != b->hash ? order_of(a->hash, b->hash) : order_of(a->frame, b->frame);
}

uint64_t
equal_frames_count(struct equal_frames *frames)
{
	uint64_t own = 0, contents = 0;

	if (frames->count)
		qsort(frames->list, frames->count, sizeof(*frames->list), order_equal_frames);
	for (size_t i = 0; i < frames->count; i++) {
		bool known = i > 0 && frames->list[i].hash == frames->list[i - 1].hash;

		contents += !known;
		own += !known || frames->list[i].frame != frames->list[i - 1].frame;
	}
	return own - contents;
}

void
equal_frames_release(struct equal_frames *frames)
{
	free(frames->list);
	*frames = (struct equal_frames){0};
}
