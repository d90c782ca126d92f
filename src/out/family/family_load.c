#include "config.h"
#include "base/list.h"
#include "base/i18n.h"
#include "base/io.h"
#include "base/mem.h"
#include "out/family/blame_load.h"
#include "out/family/family_json.h"
#include "out/family/siblings_load.h"
#include "out/json/lines.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CELLS_MOST (UINT64_C(1) << 30) /* pages of one family: 4 TiB of 4 KiB */
#define MEMBER_MOST 65535
#define PAGES_MOST (UINT64_C(1) << 52)

struct family_loading {
	struct family **list;
	size_t count;
};

/* One family. */
struct building {
	struct json_reader *reader;
	struct family *family;
	uint64_t cells; /* filled so far */
	bool has_cells;
};

static const char *const life_words[] = {MEMBER_LIVES(WORD_OF) NULL};

static const char *const kind_words[] = {REGION_KINDS(WORD_OF) NULL};

static const char *const pfn_words[] = {"unknown", "known", NULL};

static uint32_t
family_load_pages_of(struct building *b, const json_t *object, const char *key)
{
	uint64_t kib = read_count(b->reader, object, key);

	return kib == COUNT_UNKNOWN ? 0 : (uint32_t)(kib * 1024 / b->family->page_size);
}

/* For fields that older files lack. */
static uint64_t
count_if_any(struct building *b, const json_t *object, const char *key)
{
	return json_object_get(object, key) ? read_count(b->reader, object, key) : COUNT_UNKNOWN;
}

static uint32_t
pages_if_any(struct building *b, const json_t *object, const char *key)
{
	return json_object_get(object, key) ? family_load_pages_of(b, object, key) : 0;
}

static void
load_tally(struct building *b, const json_t *object, struct tally *tally)
{
	for (size_t i = 0; i < FAMILY_STATES; i++) {
		enum page_state state = states_told[i];

		/* older files have none */
		tally->counts[state] = state == PAGE_PARTED
		    ? pages_if_any(b, object, json_state_keys[state].kib)
		    : family_load_pages_of(b, object, json_state_keys[state].kib);
	}
	tally->was_shared = family_load_pages_of(b, object, "was_shared_kib");
	tally->still_shared = family_load_pages_of(b, object, "still_shared_kib");
	tally->went_copied = family_load_pages_of(b, object, "went_copied_kib");
	tally->went_parted = pages_if_any(b, object, "went_parted_kib");
	tally->counted = pages_if_any(b, object, "counted_kib");
	tally->left_alone = pages_if_any(b, object, "left_alone_kib");
	tally->same = family_load_pages_of(b, object, "same_kib");
	tally->huge = family_load_pages_of(b, object, "huge_kib");
	tally->moved = family_load_pages_of(b, object, "moved_kib");
	tally->apart = tally->counts[PAGE_PRIVATE] + (uint32_t)tally_copies(tally);
}

static int
member_index(struct building *b, const json_t *object, const char *key)
{
	const char *name = read_text_or_null(b->reader, object, key);

	if (!name)
		return MEMBER_NONE;
	for (size_t i = 0; i < b->family->member_count; i++)
		if (strcmp(b->family->members[i].name, name) == 0)
			return (int)i;
	reader_fail(b->reader, key, _("not a process of this family"));
	return MEMBER_NONE;
}

static uint64_t
read_age(struct building *b, const json_t *object, const char *key)
{
	const json_t *age = json_object_get(object, key);
	double ns = json_number_value(age) * 1e6;

	return json_is_number(age) && ns >= 0 && ns < (double)b->family->end_ns
	    ? b->family->end_ns - (uint64_t)ns
	    : 0;
}

static void
read_perms(struct building *b, const json_t *object, char perms[5])
{
	read_short(b->reader, object, "perms", perms, 5);
	if (perms[strspn(perms, "rwxsp-")])
		reader_fail(b->reader, "perms", _("not the permissions of a mapping"));
}

/* Addresses are those of pages. */
static void
family_load_check_page(struct building *b, const char *key, uint64_t address)
{
	if (address % b->family->page_size)
		reader_fail(b->reader, key, _("not the start of a page"));
}

static void
load_member(struct building *b, const json_t *object)
{
	char name[MEMBER_NAME_MAX] = "";
	struct member *member;

	read_short(b->reader, object, "name", name, sizeof(name));
	if (!*name || name[strspn(name, "abcdefghijklmnopqrstuvwxyz")])
		reader_fail(b->reader, "name", _("not a process name: expected letters a to z"));
	if (family_member(b->family, name))
		reader_fail(b->reader, "name", _("another process has this name"));
	member = family_add_member(b->family, name,
	    (pid_t)read_number(b->reader, object, "pid", INT32_MAX),
	    read_text(b->reader, object, "command"));
	member_set_command_line(member, read_text(b->reader, object, "command_line"));
	member->ppid = (pid_t)read_number(b->reader, object, "ppid", INT32_MAX);
	member->start_ticks = read_number(b->reader, object, "start_ticks", UINT64_MAX);
	member->uid = (uid_t)read_count(b->reader, object, "uid");
	member->life = (enum member_life)read_word(b->reader, object, "life", life_words);
	member->errnum = read_name(b->reader, object, "reason", errno_name);
	member->lost =
	    member->life != MEMBER_DENIED && json_is_null(json_object_get(object, "rss_kib"));
	member->pss_kib = read_count(b->reader, object, "pss_kib");
	member->pss_ns = read_age(b, object, "pss_age_ms");
	member->tables_kib = count_if_any(b, object, "page_tables_kib");
	member->read_ns = read_age(b, object, "age_ms");
	load_tally(b, object, &member->tally);
}

static void
load_members(struct building *b, const json_t *root)
{
	const json_t *list = reader_enter(b->reader, root, "processes", JSON_ARRAY);
	size_t count = json_array_size(list);

	if (count > MEMBER_MOST)
		reader_fail(b->reader, NULL, _("too many"));
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < count && !b->reader->failed; i++) {
			const json_t *object = reader_element(b->reader, list, i, JSON_OBJECT);

			if (object && pass == 0) {
				load_member(b, object);
			} else if (object) {
				b->family->members[i].parent = member_index(b, object, "parent");
				b->family->members[i].memory_of =
				    member_index(b, object, "memory_of");
			}
			reader_leave(b->reader);
		}
	if (list)
		reader_leave(b->reader);
}

static uint8_t
flag_of(const char *word)
{
	static const struct {
		const char *word;
		uint8_t flag;
	} flags[] = {
	    {"was_shared", CELL_WAS_SHARED},
	    {"moved", CELL_MOVED},
	    {"huge", CELL_HUGE},
	    {"same", CELL_SAME},
	    {"filled", CELL_FILLED},
	    {"file", CELL_FILE},
	    {"counted", CELL_COUNTED},
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (strcmp(word, flags[i].word) == 0)
			return flags[i].flag;
	return 0;
}

/* [first, count, state, flags...] */
static void
load_run(struct building *b, const json_t *run, uint64_t pages, uint64_t *next, struct strip *strip)
{
	uint64_t first = (uint64_t)json_integer_value(json_array_get(run, 0)),
		 count = (uint64_t)json_integer_value(json_array_get(run, 1));
	const char *word = json_string_value(json_array_get(run, 2));
	int state = word ? page_state_from_word(word) : -1;

	if (state < 0 || first < *next || count == 0 || count > pages || first > pages - count ||
	    b->cells + count > CELLS_MOST) {
		reader_fail(b->reader, "cells", _("not a run of pages of this mapping"));
		return;
	}
	for (size_t i = 3; i < json_array_size(run); i++)
		state |= flag_of(json_string_value(json_array_get(run, i))
			? json_string_value(json_array_get(run, i))
			: "");
	strip_fill(strip, first, count, (uint8_t)state);
	*next = first + count;
	b->cells += count;
}

static void
load_cells(struct building *b, const json_t *object, uint64_t pages, struct strip *strip)
{
	const json_t *list = json_object_get(object, "cells"), *run;
	uint64_t next = 0;
	size_t i;

	if (!json_is_array(list))
		return;
	b->has_cells = true;
	json_array_foreach(list, i, run) if (!b->reader->failed)
	    load_run(b, run, pages, &next, strip);
}

static void
load_strip(struct building *b, const json_t *object, struct region *region)
{
	uint64_t start = read_bits(b->reader, object, "start"),
		 end = read_bits(b->reader, object, "end"), address = start;
	uint64_t pages = region_pages(b->family, region);
	int member = member_index(b, object, "name");
	struct strip *strip;

	if (json_object_get(object, "address"))
		address = read_bits(b->reader, object, "address");
	if (member == MEMBER_NONE ||
	    (region->strip_count && region->strips[region->strip_count - 1].member >= member))
		reader_fail(b->reader, "name", _("this process is out of order"));
	family_load_check_page(b, "address", address);
	family_load_check_page(b, "start", start);
	family_load_check_page(b, "end", end);
	if (address > start || start > end || (end - address) / b->family->page_size > pages)
		reader_fail(b->reader, "start", _("not within the mapping"));
	if (b->reader->failed)
		return;
	strip = region_add_strip(region, (size_t)member);
	strip->address = address;
	strip->first = (start - address) / b->family->page_size;
	strip->end = (end - address) / b->family->page_size;
	read_perms(b, object, strip->perms);
	strip->read_ns = read_age(b, object, "age_ms");
	strip->compared_ns = read_age(b, object, "compared_age_ms");
	strip->unread = !strip->read_ns;
	load_tally(b, object, &strip->tally);
	tally_add(&region->tally, &strip->tally);
	load_cells(b, object, pages, strip);
}

static void
load_strips(struct building *b, const json_t *object, struct region *region)
{
	const json_t *list = reader_enter(b->reader, object, "processes", JSON_ARRAY);

	for (size_t i = 0; list && i < json_array_size(list) && !b->reader->failed; i++) {
		const json_t *strip = reader_element(b->reader, list, i, JSON_OBJECT);

		if (strip)
			load_strip(b, strip, region);
		reader_leave(b->reader);
	}
	if (list)
		reader_leave(b->reader);
}

static void
load_region(struct building *b, const json_t *object)
{
	uint64_t start = read_bits(b->reader, object, "start"),
		 end = read_bits(b->reader, object, "end");
	unsigned kind = read_word(b->reader, object, "kind", kind_words), major = 0, minor = 0;
	struct region *region;

	family_load_check_page(b, "start", start);
	family_load_check_page(b, "end", end);
	if (end < start || (end - start) / b->family->page_size > PAGES_MOST)
		reader_fail(b->reader, "end", _("it ends before it starts"));
	if (b->reader->failed)
		return;
	region = family_add_region(
	    b->family, start, end, (enum region_kind)kind, read_text(b->reader, object, "path"));
	read_perms(b, object, region->perms);
	region->offset = read_number(b->reader, object, "offset", UINT64_MAX);
	region->inode = read_number(b->reader, object, "inode", UINT64_MAX);
	if (sscanf(read_text(b->reader, object, "device"), "%x:%x", &major, &minor) == 2)
		region->device = (uint64_t)major << 32 | minor;
	siblings_load(b->reader, object, b->family, &region->siblings);
	load_strips(b, object, region);
	if (region->kind != REGION_DEVICE)
		tally_add(&b->family->tally, &region->tally);
}

static void
load_regions(struct building *b, const json_t *root)
{
	const json_t *list = reader_enter(b->reader, root, "mappings", JSON_ARRAY);

	for (size_t i = 0; list && i < json_array_size(list) && !b->reader->failed; i++) {
		const json_t *object = reader_element(b->reader, list, i, JSON_OBJECT);

		if (object)
			load_region(b, object);
		reader_leave(b->reader);
	}
	if (list)
		reader_leave(b->reader);
}

static void
family_load_load_memory(struct building *b, const json_t *root)
{
	const json_t *memory = reader_enter(b->reader, root, "memory", JSON_OBJECT);
	const json_t *cost = json_object_get(root, "cost");

	if (!memory)
		return;
	b->family->sum_rss_kib = read_number(b->reader, memory, "sum_rss_kib", UINT64_MAX);
	b->family->frames_kib = read_count(b->reader, memory, "frames_kib");
	b->family->copied_kib = count_if_any(b, memory, "copied_kib");
	b->family->parted_kib = count_if_any(b, memory, "parted_kib");
	reader_leave(b->reader);
	b->family->read_ms = json_number_value(json_object_get(cost, "read_ms"));
	b->family->cpu_ms = json_number_value(json_object_get(cost, "cpu_ms"));
	b->family->pages = (uint64_t)json_integer_value(json_object_get(cost, "pages"));
}

static void
load_head(struct building *b, const json_t *root)
{
	struct family *family = b->family;
	uint64_t page_size = read_number(b->reader, root, "page_size", 1 << 30), baseline;

	if (page_size < 1024 || (page_size & (page_size - 1)))
		reader_fail(b->reader, "page_size", _("not a page size"));
	if (b->reader->failed)
		return;
	family->page_size = (uint32_t)page_size;
	family->pfn = read_word(b->reader, root, "pfn", pfn_words) ? TRI_YES : TRI_NO;
	family->number = read_number(b->reader, root, "sample", UINT64_MAX);
	family->time_ns = read_number(b->reader, root, "time_ns", UINT64_MAX);
	family->end_ns = read_number(b->reader, root, "end_ns", UINT64_MAX);
	baseline = read_count(b->reader, root, "baseline_ns");
	family->baseline_ns = baseline == COUNT_UNKNOWN ? 0 : baseline;
	family->frozen = read_bool(b->reader, root, "frozen");
}

/* Older files lack this too, */
static void
load_left_out(struct building *b, const json_t *root)
{
	const json_t *left = json_object_get(root, "mappings_left_out")
	    ? reader_enter(b->reader, root, "mappings_left_out", JSON_OBJECT)
	    : NULL;

	if (!left)
		return;
	b->family->left_out = (size_t)read_number(b->reader, left, "mappings", UINT32_MAX);
	load_tally(b, left, &b->family->left_tally);
	tally_add(&b->family->tally, &b->family->left_tally);
	reader_leave(b->reader);
}

/* nor this. */
static void
load_unseen(struct building *b, const json_t *root)
{
	const json_t *unseen = json_object_get(root, "unseen")
	    ? reader_enter(b->reader, root, "unseen", JSON_OBJECT)
	    : NULL;

	if (!unseen)
		return;
	b->family->unseen = read_count(b->reader, unseen, "processes");
	b->family->unseen_least = read_number(b->reader, unseen, "at_least", UINT64_MAX);
	reader_leave(b->reader);
}

static void
load_blamed(struct building *b, const json_t *root)
{
	const json_t *blame = json_is_object(json_object_get(root, "blame"))
	    ? reader_enter(b->reader, root, "blame", JSON_OBJECT)
	    : NULL;

	if (!blame)
		return;
	family_take_blame(b->family, blame_load(b->reader, blame, b->family->page_size));
	reader_leave(b->reader);
}

static void
load_lacks(struct building *b, const json_t *root)
{
	const json_t *word;
	size_t i;

	json_array_foreach(
	    json_object_get(root, "lacks"), i, word) for (unsigned bit = 0; family_lack_words[bit];
							  bit++) if (json_string_value(word) &&
	    strcmp(json_string_value(word), family_lack_words[bit]) == 0) b->family->lacks |= 1u
	    << bit;
}

static void
take_family(struct json_reader *reader, const json_t *root, void *with)
{
	struct building b = {.reader = reader, .family = family_new()};
	struct family_loading *loading = with;
	uint64_t sum, frames;

	if (strcmp(read_text(reader, root, "type"), "family") == 0) {
		load_head(&b, root);
		load_lacks(&b, root);
		if (!reader->failed)
			load_members(&b, root);
		if (!reader->failed)
			load_regions(&b, root);
		if (!reader->failed)
			load_left_out(&b, root);
		if (!reader->failed)
			family_load_load_memory(&b, root);
		if (!reader->failed)
			load_unseen(&b, root);
		if (!reader->failed)
			load_blamed(&b, root);
		if (!reader->failed)
			siblings_load(reader, root, b.family, &b.family->siblings);
		if (!reader->failed) {
			sum = b.family->sum_rss_kib;
			frames = b.family->frames_kib;
			if (b.has_cells)
				family_finish(b.family);
			b.family->sum_rss_kib = sum;
			b.family->frames_kib = frames;
			loading->list =
			    mem_resize(loading->list, loading->count + 1, sizeof(struct family *));
			loading->list[loading->count++] = b.family;
			return;
		}
	}
	family_free(b.family);
}

int
family_load(const char *path, struct family ***families, size_t *count, struct err *err)
{
	struct family_loading loading = {NULL, 0};
	int result = lines_load(path, take_family, &loading, err);

	if (result == 0 && !loading.count)
		result =
		    err_set(err, ERR_USAGE, _("%s holds no sample of running processes"), path);
	for (size_t i = 0; result < 0 && i < loading.count; i++)
		family_free(loading.list[i]);
	if (result < 0) {
		free(loading.list);
		loading = (struct family_loading){NULL, 0};
	}
	*families = loading.list;
	*count = loading.count;
	return result;
}

bool
family_has_cells(const struct family *family)
{
	for (size_t i = 0; i < family->region_count; i++)
		for (size_t k = 0; k < family->regions[i].strip_count; k++)
			if (family->regions[i].strips[k].part_count)
				return true;
	return false;
}

bool
family_file(const char *path)
{
	static const char start[] = "{\"schema\":\"cowscope/1\",\"type\":\"family\"";
	char text[IO_MARK_BYTES + sizeof(start)] = "";
	FILE *file = fopen(path, "re");

	if (file && fread(text, 1, sizeof(text) - 1, file) == 0)
		*text = '\0';
	if (file)
		fclose(file);
	return strncmp(io_text_start(text), start, strlen(start)) == 0;
}
