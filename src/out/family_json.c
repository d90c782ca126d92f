#include "config.h"
#include "out/family_json.h"

#include <string.h>

#include "out/json.h"

static void
add_text(struct buf *out, const char *key, const char *text)
{
	buf_add(out, key);
	json_quote(out, text, strlen(text));
}

static void
add_name(struct buf *out, const char *key, const struct family *family, int kin)
{
	if (kin == KIN_NONE)
		buf_addf(out, "%snull", key);
	else
		buf_addf(out, "%s\"%s\"", key, family->kin[kin].name);
}

/* Milliseconds before the sample's end; null for never. */
static void
add_age(struct buf *out, const char *key, const struct family *family, uint64_t time_ns)
{
	uint64_t end = family->end_ns > time_ns ? family->end_ns : time_ns;

	if (time_ns)
		buf_addf(out, "%s%.1f", key, (double)(end - time_ns) / 1e6);
	else
		buf_addf(out, "%snull", key);
}

static uint64_t
kib(const struct family *family, uint64_t pages)
{
	return pages * family->page_size / 1024;
}

static void
add_states(struct buf *out, const struct family *family, const struct tally *tally, bool known)
{
	const struct {
		const char *key;
		enum page_state state;
	} states[] = {
	    {",\"shared_kib\":", PAGE_SHARED},
	    {",\"private_kib\":", PAGE_PRIVATE},
	    {",\"copied_kib\":", PAGE_COPIED},
	    {",\"zero_kib\":", PAGE_ZERO},
	    {",\"swapped_kib\":", PAGE_SWAPPED},
	    {",\"unknown_kib\":", PAGE_UNKNOWN},
	};

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		json_add_count(out, states[i].key, known ? tally_kib(family, tally, states[i].state) : COUNT_UNKNOWN);
}

static void
add_facts(struct buf *out, const struct family *family, const struct tally *tally)
{
	json_add_count(out, ",\"was_shared_kib\":", kib(family, tally->was_shared));
	json_add_count(out, ",\"still_shared_kib\":", kib(family, tally->still_shared));
	json_add_count(out, ",\"went_copied_kib\":", kib(family, tally->went_copied));
	json_add_count(out, ",\"same_kib\":", kib(family, tally->same));
	json_add_count(out, ",\"huge_kib\":", kib(family, tally->huge));
	json_add_count(out, ",\"moved_kib\":", kib(family, tally->moved));
}

/* line NULL: it is not followed. */
static void
add_erosion(struct buf *out, const struct erosion *erosion, const struct erosion_line *line)
{
	json_add_count(out, ",\"ever_copied_kib\":", line && line->until_ns ? line->last.ever_kib : COUNT_UNKNOWN);
	json_add_count(out, ",\"copied_kib_per_minute\":", line ? erosion_rate(erosion, line) : COUNT_UNKNOWN);
}

static void
add_who(struct buf *out, const struct family *family, const struct kin *kin)
{
	buf_addf(out, "{\"name\":\"%s\",\"pid\":%d,\"ppid\":%d", kin->name, (int)kin->pid, (int)kin->ppid);
	add_text(out, ",\"command\":", kin->command);
	add_text(out, ",\"command_line\":", kin->command_line);
	json_add_count(out, ",\"uid\":", kin->uid == (uid_t)-1 ? COUNT_UNKNOWN : kin->uid);
	buf_addf(out, ",\"start_ticks\":%llu,\"life\":\"%s\",\"reason\":", (unsigned long long)kin->start_ticks, kin_life_word(kin->life));
	if (kin->errnum)
		buf_addf(out, "\"%s\"", errno_name(kin->errnum));
	else
		buf_add(out, "null");
	add_name(out, ",\"parent\":", family, kin->parent);
	add_name(out, ",\"memory_of\":", family, kin->memory_of);
}

static void
add_kin(struct buf *out, const struct family *family, const struct kin *kin, const struct erosion *erosion)
{
	bool known = kin->life != KIN_DENIED;

	add_who(out, family, kin);
	json_add_count(out, ",\"rss_kib\":", known ? kin_rss_kib(family, kin) : COUNT_UNKNOWN);
	json_add_count(out, ",\"pss_kib\":", kin->pss_kib);
	add_age(out, ",\"pss_age_ms\":", family, kin->pss_ns);
	json_add_count(out, ",\"uss_kib\":", known ? kin_uss_kib(family, kin) : COUNT_UNKNOWN);
	add_states(out, family, &kin->tally, known);
	add_facts(out, family, &kin->tally);
	add_erosion(out, erosion, erosion ? erosion_line(erosion, kin->name) : NULL);
	add_age(out, ",\"age_ms\":", family, kin->read_ns);
	buf_add(out, "}");
}

static void
add_run(struct buf *out, uint64_t first, uint64_t count, uint8_t cell)
{
	static const struct {
		uint8_t flag;
		const char *word;
	} flags[] = {
	    {CELL_WAS_SHARED, "was_shared"}, {CELL_MOVED, "moved"}, {CELL_HUGE, "huge"}, {CELL_SAME, "same"}, {CELL_FILE, "file"},
	};

	buf_addf(out, "[%llu,%llu,\"%s\"", (unsigned long long)first, (unsigned long long)count, page_state_word(cell_state(cell)));
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (cell & flags[i].flag)
			buf_addf(out, ",\"%s\"", flags[i].word);
	buf_add(out, "]");
}

/* Runs of equal cells; absent pages of which nothing is known are left out. */
static void
add_cells(struct buf *out, const struct strip *strip)
{
	uint64_t first = 0, count = 0;
	uint8_t cell = 0;
	const char *separator = "";

	buf_add(out, ",\"cells\":[");
	for (size_t i = 0; i <= strip->part_count; i++)
		for (size_t k = 0; k < (i < strip->part_count ? GRANULE_PAGES : 1); k++) {
			uint64_t page = i < strip->part_count ? strip->parts[i].index * GRANULE_PAGES + k : UINT64_MAX;
			uint8_t next = i < strip->part_count ? strip->parts[i].granule->cells[k] : 0;

			if (count && next == cell && page == first + count) {
				count++;
				continue;
			}
			if (count && cell) {
				buf_add(out, separator);
				add_run(out, first, count, cell);
				separator = ",";
			}
			first = page;
			count = 1;
			cell = next;
		}
	buf_add(out, "]");
}

static void
add_strip(struct buf *out, const struct family *family, const struct strip *strip, const struct erosion *erosion,
    const struct erosion_mapping *mapping, bool cells)
{
	uint64_t size = family->page_size;
	const char *name = family->kin[strip->kin].name;

	buf_addf(out, "{\"name\":\"%s\",\"start\":\"0x%llx\",\"end\":\"0x%llx\",\"perms\":\"%s\"", name,
	    (unsigned long long)(strip->address + strip->first * size), (unsigned long long)(strip->address + strip->end * size), strip->perms);
	json_add_count(out, ",\"present_kib\":", kib(family, tally_present(&strip->tally)));
	add_states(out, family, &strip->tally, true);
	add_facts(out, family, &strip->tally);
	add_erosion(out, erosion, mapping ? erosion_part(mapping, name) : NULL);
	add_age(out, ",\"age_ms\":", family, strip->unread ? 0 : strip->read_ns);
	add_age(out, ",\"compared_age_ms\":", family, strip->compared_ns);
	if (cells) {
		buf_addf(out, ",\"address\":\"0x%llx\"", (unsigned long long)strip->address);
		add_cells(out, strip);
	}
	buf_add(out, "}");
}

static void
add_region(struct buf *out, const struct family *family, size_t index, const struct erosion *erosion, bool cells)
{
	const struct region *region = &family->regions[index];
	const struct erosion_mapping *mapping = erosion ? erosion_mapping(erosion, family, index) : NULL;

	buf_addf(out, "{\"start\":\"0x%llx\",\"end\":\"0x%llx\",\"perms\":\"%s\",\"offset\":%llu", (unsigned long long)region->start,
	    (unsigned long long)region->end, region->perms, (unsigned long long)region->offset);
	add_text(out, ",\"path\":", region->path);
	buf_addf(out, ",\"kind\":\"%s\",\"device\":\"%llx:%llx\",\"inode\":%llu", region_kind_word(region->kind),
	    (unsigned long long)(region->device >> 32), (unsigned long long)(region->device & UINT32_MAX), (unsigned long long)region->inode);
	json_add_count(out, ",\"was_shared_kib\":", kib(family, region->tally.was_shared));
	json_add_count(out, ",\"still_shared_kib\":", kib(family, region->tally.still_shared));
	json_add_count(out, ",\"went_copied_kib\":", kib(family, region->tally.went_copied));
	add_erosion(out, erosion, mapping ? &mapping->line : NULL);
	buf_add(out, ",\"processes\":[");
	for (size_t i = 0; i < region->strip_count; i++) {
		buf_add(out, i ? "," : "");
		add_strip(out, family, &region->strips[i], erosion, mapping, cells);
	}
	buf_add(out, "]}");
}

const char *const family_lack_words[] = {"cap_sys_admin", "kpagecount", "pagemap_scan", "process", NULL};

static void
add_lacks(struct buf *out, unsigned lacks)
{
	const char *separator = "";

	buf_add(out, ",\"lacks\":[");
	for (unsigned i = 0; family_lack_words[i]; i++)
		if (lacks & 1u << i) {
			buf_addf(out, "%s\"%s\"", separator, family_lack_words[i]);
			separator = ",";
		}
	buf_add(out, "]");
}

/* Those since the sample before. */
static void
add_events(struct buf *out, const struct family *family, const struct erosion *erosion)
{
	const char *separator = "";

	buf_add(out, ",\"events\":[");
	for (size_t i = 0; erosion && i < erosion->event_count; i++) {
		const struct erosion_event *event = &erosion->events[i];

		if (event->time_ns < family->time_ns)
			continue;
		buf_addf(out, "%s{\"type\":\"copied\",\"process\":\"%s\"", separator, event->name);
		add_text(out, ",\"path\":", event->what);
		buf_addf(out, ",\"address\":\"0x%llx\",\"copied_kib\":%llu,\"range_kib\":%llu}", (unsigned long long)event->address,
		    (unsigned long long)event->copied_kib, (unsigned long long)event->range_kib);
		separator = ",";
	}
	buf_add(out, "]");
}

static void
add_head(struct buf *out, const struct family *family)
{
	buf_addf(out, "{\"schema\":\"cowscope/1\",\"type\":\"family\",\"page_size\":%u,\"pfn\":\"%s\"", family->page_size,
	    family->pfn == TRI_YES ? "known" : "unknown");
	buf_addf(out, ",\"sample\":%llu,\"time_ns\":%llu,\"end_ns\":%llu", (unsigned long long)family->number,
	    (unsigned long long)family->time_ns, (unsigned long long)family->end_ns);
	json_add_count(out, ",\"baseline_ns\":", family->baseline_ns ? family->baseline_ns : COUNT_UNKNOWN);
	buf_addf(out, ",\"frozen\":%s", family->frozen ? "true" : "false");
	add_lacks(out, family->lacks);
}

void
json_family(struct buf *out, const struct family *family, const struct erosion *erosion, bool cells)
{
	add_head(out, family);
	buf_add(out, ",\"processes\":[");
	for (size_t i = 0; i < family->kin_count; i++) {
		buf_add(out, i ? "," : "");
		add_kin(out, family, &family->kin[i], erosion);
	}
	buf_addf(out, "],\"memory\":{\"sum_rss_kib\":%llu", (unsigned long long)family->sum_rss_kib);
	json_add_count(out, ",\"frames_kib\":", family->frames_kib);
	add_facts(out, family, &family->tally);
	add_erosion(out, erosion, erosion ? &erosion->whole : NULL);
	buf_add(out, "},\"mappings\":[");
	for (size_t i = 0; i < family->region_count; i++) {
		buf_add(out, i ? "," : "");
		add_region(out, family, i, erosion, cells);
	}
	buf_add(out, "]");
	add_events(out, family, erosion);
	buf_addf(out, ",\"cost\":{\"read_ms\":%.3f,\"cpu_ms\":%.3f,\"pages\":%llu}}\n", family->read_ms, family->cpu_ms,
	    (unsigned long long)family->pages);
}
