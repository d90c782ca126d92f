#include "config.h"
#include "out/family/family_json.h"

#include "out/family/blame_json.h"
#include "out/family/costs_json.h"
#include "out/family/siblings_json.h"
#include "out/json/json_write.h"

/* Milliseconds before the sample's end; null for never. */
static void
write_age(struct json *json, const char *key, const struct family *family, uint64_t time_ns)
{
	uint64_t end = family->end_ns > time_ns ? family->end_ns : time_ns;

	if (time_ns)
		json_decimal(json, key, (double)(end - time_ns) / 1e6, 1);
	else
		json_null(json, key);
}

static void
write_member_name(struct json *json, const char *key, const struct family *family, int member)
{
	json_string(json, key, member == MEMBER_NONE ? NULL : family->members[member].name);
}

const struct state_keys json_state_keys[PAGE_STATE_COUNT] = {
    [PAGE_SHARED] = {"shared_kib", "shared_change_kib"},
    [PAGE_PRIVATE] = {"private_kib", "private_change_kib"},
    [PAGE_COPIED] = {"copied_kib", "copied_change_kib"},
    [PAGE_PARTED] = {"parted_kib", "parted_change_kib"},
    [PAGE_ZERO] = {"zero_kib", "zero_change_kib"},
    [PAGE_SWAPPED] = {"swapped_kib", "swapped_change_kib"},
    [PAGE_UNKNOWN] = {"unknown_kib", "unknown_change_kib"},
};

static uint64_t
kib(const struct family *family, uint64_t pages)
{
	return pages * family->page_size / 1024;
}

static void
write_states(struct json *json, const struct family *family, const struct tally *tally, bool known)
{
	for (size_t i = 0; i < FAMILY_STATES; i++)
		json_count(json, json_state_keys[states_told[i]].kib,
		    known ? tally_kib(family, tally, states_told[i]) : COUNT_UNKNOWN);
}

/* tally NULL: it was never read. */
static void
write_since_baseline(struct json *json, const struct family *family, const struct tally *tally)
{
	static const char *const keys[] = {"was_shared_kib", "still_shared_kib", "went_copied_kib",
	    "went_parted_kib", "counted_kib", "left_alone_kib", "let_go_kib"};

	for (size_t i = 0; !tally && i < sizeof(keys) / sizeof(keys[0]); i++)
		json_count(json, keys[i], COUNT_UNKNOWN);
	if (!tally)
		return;
	json_u64(json, "was_shared_kib", kib(family, tally->was_shared));
	json_u64(json, "still_shared_kib", kib(family, tally->still_shared));
	json_u64(json, "went_copied_kib", kib(family, tally->went_copied));
	json_u64(json, "went_parted_kib", kib(family, tally->went_parted));
	json_u64(json, "counted_kib", kib(family, tally->counted));
	json_u64(json, "left_alone_kib", kib(family, tally->left_alone));
	json_u64(json, "let_go_kib", kib(family, tally_let_go(tally)));
}

static void
write_facts(struct json *json, const struct family *family, const struct tally *tally)
{
	write_since_baseline(json, family, tally);
	json_count(json, "same_kib", tally ? kib(family, tally->same) : COUNT_UNKNOWN);
	json_count(json, "huge_kib", tally ? kib(family, tally->huge) : COUNT_UNKNOWN);
	json_count(json, "moved_kib", tally ? kib(family, tally->moved) : COUNT_UNKNOWN);
}

static void
write_basis(struct json *json, const struct family *family, const struct tally *tally)
{
	json_string(json, "basis", tally ? basis_word(tally_basis(family, tally)) : NULL);
}

/* line NULL: not followed. */
static void
write_erosion(struct json *json, const struct erosion *erosion, const struct erosion_line *line)
{
	uint64_t window = line ? erosion_window_ns(erosion, line) : 0;

	json_count(
	    json, "ever_copied_kib", line && line->until_ns ? line->last.ever_kib : COUNT_UNKNOWN);
	json_count(json, "ever_parted_kib",
	    line && line->until_ns ? line->last.ever_parted_kib : COUNT_UNKNOWN);
	json_count(
	    json, "copied_kib_per_minute", line ? erosion_rate(erosion, line) : COUNT_UNKNOWN);
	json_count(json, "parted_kib_per_minute",
	    line ? erosion_parted_rate(erosion, line) : COUNT_UNKNOWN);
	json_count(json, "rate_window_ms", window ? window / 1000000 : COUNT_UNKNOWN);
}

static void
write_who(struct json *json, const struct family *family, const struct member *member)
{
	json_string(json, "name", member->name);
	json_i64(json, "pid", member->pid);
	json_i64(json, "ppid", member->ppid);
	json_string(json, "command", member->command);
	json_string(json, "command_line", member->command_line);
	json_count(json, "uid", member->uid == (uid_t)-1 ? COUNT_UNKNOWN : member->uid);
	json_u64(json, "start_ticks", member->start_ticks);
	json_string(json, "life", member_life_word(member->life));
	json_string(json, "reason", member->errnum ? errno_name(member->errnum) : NULL);
	write_member_name(json, "parent", family, member->parent);
	write_member_name(json, "memory_of", family, member->memory_of);
}

static void
family_json_write_member(struct json *json, const struct family *family,
    const struct member *member, const struct erosion *erosion)
{
	bool known = member->life != MEMBER_DENIED && !member->lost;

	json_object(json, NULL);
	write_who(json, family, member);
	json_count(json, "rss_kib", known ? member_rss_kib(family, member) : COUNT_UNKNOWN);
	json_count(json, "pss_kib", member->pss_kib);
	write_age(json, "pss_age_ms", family, member->pss_ns);
	json_count(json, "page_tables_kib", member->tables_kib);
	json_count(json, "uss_kib", known ? member_uss_kib(family, member) : COUNT_UNKNOWN);
	write_states(json, family, &member->tally, known);
	write_facts(json, family, known ? &member->tally : NULL);
	write_basis(json, family, known ? &member->tally : NULL);
	write_erosion(json, erosion, erosion ? erosion_line(erosion, member->name) : NULL);
	write_age(json, "age_ms", family, member->read_ns);
	json_end(json);
}

static void
write_run(struct json *json, uint64_t first, uint64_t count, uint8_t cell)
{
	const struct {
		bool is_so;
		const char *word;
	} flags[] = {
	    {cell & CELL_WAS_SHARED, "was_shared"},
	    {cell & CELL_MOVED, "moved"},
	    {cell & CELL_HUGE, "huge"},
	    {cell_same(cell), "same"},
	    {cell_filled(cell), "filled"},
	    {cell_file(cell), "file"},
	    {cell_counted(cell), "counted"},
	};

	json_array(json, NULL);
	json_u64(json, NULL, first);
	json_u64(json, NULL, count);
	json_string(json, NULL, page_state_word(cell_state(cell)));
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (flags[i].is_so)
			json_string(json, NULL, flags[i].word);
	json_end(json);
}

/* Runs of equal cells; absent pages about which nothing is known are left out. */
static void
family_json_write_cells(struct json *json, const struct strip *strip)
{
	uint64_t first = 0, count = 0;
	uint8_t cell = 0;

	json_array(json, "cells");
	for (size_t i = 0; i <= strip->part_count; i++)
		for (size_t k = 0; k < (i < strip->part_count ? GRANULE_PAGES : 1); k++) {
			uint64_t page = i < strip->part_count
			    ? strip->parts[i].index * GRANULE_PAGES + k
			    : UINT64_MAX;
			uint8_t next =
			    i < strip->part_count ? strip->parts[i].granule->cells[k] : 0;

			if (count && next == cell && page == first + count) {
				count++;
				continue;
			}
			if (count && cell)
				write_run(json, first, count, cell);
			first = page;
			count = 1;
			cell = next;
		}
	json_end(json);
}

static void
write_strip(struct json *json, const struct family *family, const struct strip *strip,
    const struct erosion *erosion, const struct erosion_mapping *mapping, bool cells)
{
	uint64_t size = family->page_size;
	const char *name = family->members[strip->member].name;

	json_object(json, NULL);
	json_string(json, "name", name);
	json_hex(json, "start", strip->address + strip->first * size);
	json_hex(json, "end", strip->address + strip->end * size);
	json_string(json, "perms", strip->perms);
	json_u64(json, "present_kib", kib(family, tally_present(&strip->tally)));
	write_states(json, family, &strip->tally, true);
	write_facts(json, family, &strip->tally);
	write_erosion(json, erosion, mapping ? erosion_part(mapping, name) : NULL);
	write_age(json, "age_ms", family, strip->unread ? 0 : strip->read_ns);
	write_age(json, "compared_age_ms", family, strip->compared_ns);
	if (cells) {
		json_hex(json, "address", strip->address);
		family_json_write_cells(json, strip);
	}
	json_end(json);
}

static void
write_region_head(struct json *json, const struct region *region)
{
	json_hex(json, "start", region->start);
	json_hex(json, "end", region->end);
	json_string(json, "perms", region->perms);
	json_u64(json, "offset", region->offset);
	json_string(json, "path", region->path);
	json_string(json, "kind", region_kind_word(region->kind));
	json_word(json, "device", "%llx:%llx", (unsigned long long)(region->device >> 32),
	    (unsigned long long)(region->device & UINT32_MAX));
	json_u64(json, "inode", region->inode);
}

static void
family_json_write_region(struct json *json, const struct family *family, size_t index,
    const struct erosion *erosion, bool cells)
{
	const struct region *region = &family->regions[index];
	const struct erosion_mapping *mapping =
	    erosion ? erosion_mapping(erosion, family, index) : NULL;

	json_object(json, NULL);
	write_region_head(json, region);
	write_since_baseline(json, family, &region->tally);
	write_basis(json, family, &region->tally);
	write_erosion(json, erosion, mapping ? &mapping->line : NULL);
	siblings_write(json, family, &region->siblings);
	json_array(json, "processes");
	for (size_t i = 0; i < region->strip_count; i++)
		write_strip(json, family, &region->strips[i], erosion, mapping, cells);
	json_end(json);
	json_end(json);
}

const char *const family_lack_words[] = {
    "cap_sys_admin", "kpagecount", "pagemap_scan", "process", "contents", "reading", NULL};

static void
write_lacks(struct json *json, unsigned lacks)
{
	json_array(json, "lacks");
	for (unsigned i = 0; family_lack_words[i]; i++)
		if (lacks & 1u << i)
			json_string(json, NULL, family_lack_words[i]);
	json_end(json);
}

static void
write_went(struct json *json, const struct erosion_event *event)
{
	json_object(json, NULL);
	json_string(json, "type", event->parted ? "parted" : "copied");
	json_string(json, "process", event->name);
	json_string(json, "path", event->what);
	json_hex(json, "address", event->address);
	json_u64(json, "copied_kib", event->copied_kib);
	json_u64(json, "range_kib", event->range_kib);
	json_end(json);
}

/* Events since the sample before. */
static void
write_events(struct json *json, const struct family *family, const struct erosion *erosion)
{
	json_array(json, "events");
	for (size_t i = 0; erosion && i < erosion->event_count; i++)
		if (erosion->events[i].time_ns >= family->time_ns)
			write_went(json, &erosion->events[i]);
	json_end(json);
}

static void
family_json_write_head(struct json *json, const struct family *family)
{
	json_u64(json, "page_size", family->page_size);
	json_string(json, "pfn", family->pfn == TRI_YES ? "known" : "unknown");
	json_u64(json, "sample", family->number);
	json_u64(json, "time_ns", family->time_ns);
	json_u64(json, "end_ns", family->end_ns);
	json_count(json, "baseline_ns", family->baseline_ns ? family->baseline_ns : COUNT_UNKNOWN);
	json_bool(json, "frozen", family->frozen);
	write_lacks(json, family->lacks);
}

/* What was shared and no longer is, and how much of it went with its process. */
static void
write_sum(struct json *json, const struct erosion *erosion)
{
	bool known = erosion && erosion->whole.until_ns;
	struct erosion_sum sum = known ? erosion_sum(erosion) : (struct erosion_sum){0};

	json_count(
	    json, "no_longer_shared_kib", known ? sum.was_kib - sum.still_kib : COUNT_UNKNOWN);
	json_count(json, "gone_with_process_kib", known ? sum.left_kib : COUNT_UNKNOWN);
}

static void
family_json_write_memory(
    struct json *json, const struct family *family, const struct erosion *erosion)
{
	json_object(json, "memory");
	json_u64(json, "sum_rss_kib", family->sum_rss_kib);
	json_count(json, "frames_kib", family->frames_kib);
	json_count(json, "copied_kib", family->copied_kib);
	json_count(json, "parted_kib", family->parted_kib);
	write_facts(json, family, &family->tally);
	write_basis(json, family, &family->tally);
	write_erosion(json, erosion, erosion ? &erosion->whole : NULL);
	write_sum(json, erosion);
	json_end(json);
}

static void
write_unseen(struct json *json, const struct family *family)
{
	json_object(json, "unseen");
	json_count(json, "processes", family->unseen);
	json_u64(json, "at_least", family->unseen_least);
	json_end(json);
}

static void
write_cost(struct json *json, const struct family *family)
{
	json_object(json, "cost");
	json_decimal(json, "read_ms", family->read_ms, 3);
	json_decimal(json, "cpu_ms", family->cpu_ms, 3);
	json_u64(json, "pages", family->pages);
	json_end(json);
}

/* Sums over the mappings from this one on: the numbers of the processes and of the family include
 * them. */
static void
write_left_out(struct json *json, const struct family *family, size_t from)
{
	struct tally sum = family->left_tally;

	for (size_t i = from; i < family->region_count; i++)
		if (family->regions[i].kind != REGION_DEVICE)
			tally_add(&sum, &family->regions[i].tally);
	json_object(json, "mappings_left_out");
	json_u64(json, "mappings", family->region_count - from + family->left_out);
	json_u64(json, "present_kib", kib(family, tally_present(&sum)));
	write_states(json, family, &sum, true);
	write_facts(json, family, &sum);
	json_end(json);
}

void
json_family(struct buf *out, const struct family *family, const struct erosion *erosion,
    const struct family_extent *extent)
{
	size_t members = extent->summary ? 0 : family->member_count,
	       regions = extent->summary ? 0 : family->region_count;
	struct json json;

	if (extent->mappings && !extent->cells && regions > extent->mappings)
		regions = extent->mappings;
	json_begin(&json, out, "family");
	family_json_write_head(&json, family);
	json_array(&json, "processes");
	for (size_t i = 0; i < members; i++)
		family_json_write_member(&json, family, &family->members[i], erosion);
	json_end(&json);
	json_u64(&json, "processes_left_out", family->member_count - members);
	family_json_write_memory(&json, family, erosion);
	json_array(&json, "mappings");
	for (size_t i = 0; i < regions; i++)
		family_json_write_region(&json, family, i, erosion, extent->cells);
	json_end(&json);
	write_left_out(&json, family, regions);
	write_events(&json, family, erosion);
	write_unseen(&json, family);
	costs_write(&json, family, erosion);
	if (family->blame)
		json_blame(&json, family->blame);
	siblings_write(&json, family, &family->siblings);
	write_cost(&json, family);
	json_finish(&json);
}
