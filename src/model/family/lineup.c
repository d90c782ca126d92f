#include "config.h"
#include "model/family/lineup.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct item {
	const struct vma *vma;
	/* delta: address minus offset, equal for overlapping parts */
	uint64_t lineage, delta;
	size_t member;
};

#define ORDER(a, b) \
	if ((a) != (b)) \
	return (a) < (b) ? -1 : 1

static int
compare_backing(const struct item *a, const struct item *b)
{
	ORDER(a->lineage, b->lineage);
	ORDER(a->vma->device, b->vma->device);
	ORDER(a->vma->inode, b->vma->inode);
	ORDER(a->delta, b->delta);
	return 0;
}

static int
by_backing(const void *one, const void *other)
{
	const struct item *a = one, *b = other;
	int order = compare_backing(a, b);

	if (order)
		return order;
	ORDER(a->vma->start, b->vma->start);
	ORDER(a->member, b->member);
	return 0;
}

static int
by_member(const void *one, const void *other)
{
	const struct item *a = one, *b = other;

	ORDER(a->member, b->member);
	ORDER(a->vma->start, b->vma->start);
	return 0;
}

static struct item *
collect(const struct family *family, const struct vmas *of_member, size_t *count)
{
	struct item *items;

	*count = 0;
	for (size_t member = 0; member < family->member_count; member++)
		*count += of_member[member].count;
	items = mem_zero(*count + 1, sizeof(*items));
	*count = 0;
	for (size_t member = 0; member < family->member_count; member++)
		for (size_t i = 0; i < of_member[member].count; i++) {
			const struct vma *vma = &of_member[member].list[i];

			items[(*count)++] = (struct item){vma, of_member[member].lineage,
			    vma->inode ? vma->start - vma->offset : 0, member};
		}
	qsort(items, *count, sizeof(*items), by_backing);
	return items;
}

static void
add_span(struct strip *strip, uint64_t first, uint64_t end)
{
	struct span *last = strip->span_count ? &strip->spans[strip->span_count - 1] : NULL;

	if (last && last->end == first) {
		last->end = end;
		return;
	}
	strip->spans = mem_resize(strip->spans, strip->span_count + 1, sizeof(*strip->spans));
	strip->spans[strip->span_count++] = (struct span){first, end};
}

/* Everything that one process has of the region: count items, ascending. */
static void
make_strip(
    const struct family *family, struct region *region, const struct item *items, size_t count)
{
	struct strip *strip = region_add_strip(region, items[0].member);
	uint64_t most = 0;

	strip->unread = true;
	for (size_t i = 0; i < count; i++) {
		const struct vma *vma = items[i].vma;
		uint64_t first = (vma->start - region->start) / family->page_size;
		uint64_t end = (vma->end - region->start) / family->page_size;

		add_span(strip, first, end);
		if (end - first > most) {
			most = end - first;
			memcpy(strip->perms, vma->perms, sizeof(strip->perms));
		}
	}
	strip->first = strip->spans[0].first;
	strip->end = strip->spans[strip->span_count - 1].end;
}

static void
make_region(struct family *family, struct item *items, size_t count, uint64_t start, uint64_t end)
{
	const struct vma *vma;
	struct region *region;

	qsort(items, count, sizeof(*items), by_member);
	vma = items[0].vma;
	region = family_add_region(family, start, end, vma->kind, vma->path);
	region->device = vma->device;
	region->inode = vma->inode;
	region->offset = vma->inode ? start - items[0].delta : 0;
	for (size_t i = 0, next; i < count; i = next) {
		for (next = i + 1; next < count && items[next].member == items[i].member;)
			next++;
		make_strip(family, region, items + i, next - i);
	}
	memcpy(region->perms, region->strips[0].perms, sizeof(region->perms));
}

static size_t
line_up_addresses(struct family *family, struct item *items, size_t count, uint64_t **lineages)
{
	size_t made = 0;

	*lineages = mem_zero(count + 1, sizeof(**lineages));
	for (size_t i = 0, next; i < count; i = next) {
		uint64_t end = items[i].vma->end;

		for (next = i + 1; next < count && compare_backing(&items[i], &items[next]) == 0 &&
		     items[next].vma->start < end;
		     next++)
			if (items[next].vma->end > end)
				end = items[next].vma->end;
		(*lineages)[made++] = items[i].lineage;
		make_region(family, items + i, next - i, items[i].vma->start, end);
	}
	return made;
}

static void
move_strips(struct region *region, uint64_t pages, uint32_t page_size)
{
	for (size_t i = 0; i < region->strip_count; i++) {
		struct strip *strip = &region->strips[i];

		strip->address -= pages * page_size;
		strip->first += pages;
		strip->end += pages;
		for (size_t span = 0; span < strip->span_count; span++) {
			strip->spans[span].first += pages;
			strip->spans[span].end += pages;
		}
	}
	region->start -= pages * page_size;
	region->offset -= pages * page_size;
}

static int
strips_by_member(const void *one, const void *other)
{
	ORDER(((const struct strip *)one)->member, ((const struct strip *)other)->member);
	return 0;
}

static bool
joinable(const struct region *into, const struct region *from)
{
	uint64_t into_end = into->offset + (into->end - into->start),
		 from_end = from->offset + (from->end - from->start);

	if (from->offset >= into_end || into->offset >= from_end ||
	    strcmp(into->perms, from->perms) != 0)
		return false;
	for (size_t i = 0; i < from->strip_count; i++)
		if (region_strip(into, from->strips[i].member))
			return false;
	return true;
}

/* Moves the strips of one region to the other, which then lies at or before it in the file. */
static void
lineup_join(struct region *into, struct region *from, uint32_t page_size)
{
	uint64_t base = into->offset < from->offset ? into->offset : from->offset;
	uint64_t bytes;

	move_strips(into, (into->offset - base) / page_size, page_size);
	move_strips(from, (from->offset - base) / page_size, page_size);
	bytes = into->end - into->start;
	if (from->end - from->start > bytes)
		bytes = from->end - from->start;
	into->strips =
	    mem_resize(into->strips, into->strip_count + from->strip_count, sizeof(*into->strips));
	memcpy(into->strips + into->strip_count, from->strips,
	    from->strip_count * sizeof(*into->strips));
	into->strip_count += from->strip_count;
	into->strip_room = into->strip_count;
	qsort(into->strips, into->strip_count, sizeof(*into->strips), strips_by_member);
	into->start = into->strips[0].address;
	into->end = into->start + bytes;
	free(from->strips);
	free(from->path);
	from->strips = NULL;
	from->path = NULL;
	from->strip_count = 0;
}

struct file_region {
	struct region *region;
	uint64_t lineage;
};

static int
lineup_by_file(const void *one, const void *other)
{
	const struct file_region *a = one, *b = other;

	ORDER(a->region->device, b->region->device);
	ORDER(a->region->inode, b->region->inode);
	ORDER(a->region->offset, b->region->offset);
	ORDER(a->region->start, b->region->start);
	return 0;
}

static void
join_files(struct file_region *files, size_t count, uint32_t page_size)
{
	for (size_t i = 1; i < count; i++)
		for (size_t k = i; k-- > 0;) {
			struct region *into = files[k].region, *from = files[i].region;

			if (into->path &&
			    (into->device != from->device || into->inode != from->inode))
				break;
			if (into->path && files[k].lineage != files[i].lineage &&
			    joinable(into, from)) {
				lineup_join(into, from, page_size);
				break;
			}
		}
}

static void
line_up_files(struct family *family, const uint64_t *lineages)
{
	struct file_region *files = mem_zero(family->region_count + 1, sizeof(*files));
	size_t count = 0, kept = 0;

	for (size_t i = 0; i < family->region_count; i++)
		if (family->regions[i].inode)
			files[count++] = (struct file_region){&family->regions[i], lineages[i]};
	qsort(files, count, sizeof(*files), lineup_by_file);
	join_files(files, count, family->page_size);
	for (size_t i = 0; i < family->region_count; i++)
		if (family->regions[i].path)
			family->regions[kept++] = family->regions[i];
	family->region_count = kept;
	free(files);
}

void
lineup(struct family *family, const struct vmas *of_member)
{
	uint64_t *lineages;
	size_t count, made;
	struct item *items = collect(family, of_member, &count);
	bool several = false;

	made = line_up_addresses(family, items, count, &lineages);
	for (size_t i = 1; i < made; i++)
		several = several || lineages[i] != lineages[0];
	if (several)
		line_up_files(family, lineages);
	free(lineages);
	free(items);
}
