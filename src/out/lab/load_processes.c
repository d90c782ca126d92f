#include "config.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "model/pagemap_bits.h"
#include "out/json/json.h"
#include "out/lab/load_snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PID_MOST INT32_MAX

/* "F2", "a2'", "Z" to owner and page. */
static bool
frame_from_name(const char *name, struct frame *frame)
{
	char again[FRAME_NAME_MAX];
	const char *rest;
	char *end;

	*frame = (struct frame){.owner = name[0]};
	if (strcmp(name, "Z") == 0) {
		frame->birth = BIRTH_ZERO;
		return true;
	}
	if (name[0] != 'F' && !is_process_name(name[0]))
		return false;
	frame->birth = name[0] == 'F' ? BIRTH_FILE : BIRTH_FILLED;
	frame->page = (uint32_t)strtoul(name + 1, &end, 10);
	rest = end;
	if (rest[0] == '\'' && rest[1] && rest[1] != '\'')
		frame->generation = (uint8_t)strtoul(rest + 1, NULL, 10);
	else
		frame->generation = (uint8_t)strlen(rest);
	return strcmp(frame_name(frame, again), name) == 0;
}

static void
load_frame(struct json_reader *reader, const json_t *object, const struct snapshot *now,
    struct frame *frame)
{
	unsigned birth = read_word(reader, object, "birth", json_birth_words);

	if (!frame_from_name(read_text(reader, object, "frame"), frame) ||
	    (frame->page >= now->page_count && frame->owner != 'F')) {
		reader_fail(reader, "frame", _("not a frame's name"));
		return;
	}
	if ((frame->birth == BIRTH_FILE || frame->birth == BIRTH_ZERO) !=
		(birth == BIRTH_FILE || birth == BIRTH_ZERO) ||
	    (birth != BIRTH_COPIED && birth != BIRTH_UNKNOWN && birth != frame->birth))
		reader_fail(reader, "birth", _("a frame of this name cannot have this birth"));
	frame->birth = (uint8_t)birth;
	frame->loose = json_is_true(json_object_get(object, "loose"));
	frame->object = (uint32_t)read_number(reader, object, "object", UINT32_MAX);
}

/* Ascending pages, each frame once, the page of zeros last, as snapshot_find_frame() requires. */
static bool
in_order(const struct frame *frames, size_t count)
{
	const struct frame *last = &frames[count];

	if (count && frames[count - 1].birth == BIRTH_ZERO)
		return false;
	if (last->birth != BIRTH_ZERO && count && frames[count - 1].page > last->page)
		return false;
	for (size_t i = count; i-- > 0 && frames[i].page == last->page;)
		if (frame_same(&frames[i], last))
			return false;
	return true;
}

void
load_frames(struct json_reader *reader, const json_t *root, struct snapshot *now)
{
	const json_t *list = reader_enter(reader, root, "frames", JSON_ARRAY);
	size_t count = json_array_size(list);

	if (!list)
		return;
	if (count > (size_t)now->page_count * now->process_count + 1)
		reader_fail(reader, NULL, _("more frames than pages that could map them"));
	now->frames = mem_zero(reader->failed ? 1 : count + 1, sizeof(*now->frames));
	for (size_t i = 0; i < count && !reader->failed; i++) {
		const json_t *frame = reader_element(reader, list, i, JSON_OBJECT);

		if (!frame)
			return;
		load_frame(reader, frame, now, &now->frames[i]);
		if (!reader->failed && !in_order(now->frames, i))
			reader_fail(reader, NULL, _("this frame is out of order"));
		now->frame_count = i + 1;
		reader_leave(reader);
	}
	reader_leave(reader);
}

static uint32_t
read_frame(struct json_reader *reader, const json_t *object, const struct snapshot *now,
    uint32_t page_object)
{
	const char *name = read_text_or_null(reader, object, "frame");
	const struct frame *found;
	struct frame frame;

	if (!name)
		return FRAME_NONE;
	if (frame_from_name(name, &frame)) {
		frame.object = frame.owner == 'F' ? page_object : 0;
		found = snapshot_find_frame(now, &frame);
		if (found)
			return (uint32_t)(found - now->frames);
	}
	reader_fail(reader, "frame", _("none of the frames of the snapshot"));
	return FRAME_NONE;
}

static uint8_t
read_state(struct json_reader *reader, const json_t *object)
{
	int state = lab_state_from_word(read_text(reader, object, "state"));

	if (state >= 0)
		return (uint8_t)state;
	reader_fail(reader, "state", _("not a word that is known here"));
	return PAGE_UNKNOWN;
}

/* A present page has a frame, unless the frame is unknown. */
static void
load_check_page(struct json_reader *reader, const struct page *page)
{
	bool present = pm_present(page->pagemap);
	bool needs = page->state == PAGE_SHARED || page->state == PAGE_PRIVATE ||
	    page->state == PAGE_COPIED || page->state == PAGE_ZERO;

	if (needs && (!present || page->frame == FRAME_NONE))
		reader_fail(reader, "state", _("a page without a frame cannot be in this state"));
}

static void
load_page(struct json_reader *reader, const json_t *object, const struct snapshot *now,
    const struct process *process, uint32_t number)
{
	static const char *const bases[] = {"exact", "inferred", NULL};
	struct page *page = &process->pages[number];

	if (read_number(reader, object, "page", UINT32_MAX) != number)
		reader_fail(reader, "page", _("expected page %u"), number);
	page->state = read_state(reader, object);
	page->dirty = (int8_t)read_tri(reader, object, "dirty");
	page->pagemap_known = !reader_is_null(reader, object, "pagemap");
	page->pagemap = read_bits(reader, object, "pagemap");
	page->object = (uint32_t)read_number(reader, object, "object", UINT32_MAX);
	page->frame = read_frame(reader, object, now, page->object);
	if (!reader_is_null(reader, object, "mapped_by"))
		page->mapped_by = (uint8_t)read_number(reader, object, "mapped_by", UINT8_MAX);
	page->inferred = read_word(reader, object, "basis", bases) == 1;
	page->disagrees =
	    json_object_get(object, "disagrees") && read_bool(reader, object, "disagrees");
	page->content = read_content(reader, object, "content_hex");
	page->zero = (int8_t)read_tri(reader, object, "zero");
	page->kpageflags = read_bits(reader, object, "kpageflags");
	load_check_page(reader, page);
}

static void
load_pages(struct json_reader *reader, const json_t *object, const struct snapshot *now,
    struct process *process)
{
	const json_t *pages = reader_enter(reader, object, "pages", JSON_ARRAY);

	for (uint32_t i = 0; pages && i < now->page_count && !reader->failed; i++) {
		const json_t *page = reader_element(reader, pages, i, JSON_OBJECT);

		if (!page)
			break;
		load_page(reader, page, now, process, i);
		reader_leave(reader);
	}
	if (pages)
		reader_leave(reader);
}

static void
load_entry(struct json_reader *reader, const json_t *object, struct smaps *smaps)
{
	const struct {
		const char *key;
		uint32_t *kib;
	} sizes[] = {
	    {"rss_kib", &smaps->rss},
	    {"pss_kib", &smaps->pss},
	    {"shared_clean_kib", &smaps->shared_clean},
	    {"shared_dirty_kib", &smaps->shared_dirty},
	    {"private_clean_kib", &smaps->private_clean},
	    {"private_dirty_kib", &smaps->private_dirty},
	    {"referenced_kib", &smaps->referenced},
	    {"anonymous_kib", &smaps->anonymous},
	    {"ksm_kib", &smaps->ksm},
	    {"swap_kib", &smaps->swap},
	};

	smaps->start = read_bits(reader, object, "start");
	smaps->end = read_bits(reader, object, "end");
	smaps->offset = read_bits(reader, object, "offset");
	read_short(reader, object, "perms", smaps->perms, sizeof(smaps->perms));
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		*sizes[i].kib = (uint32_t)read_number(reader, object, sizes[i].key, UINT32_MAX);
}

/* Which entry each page lies in, by addresses, as when it was read. */
static void
find_entries(const struct snapshot *now, struct process *process)
{
	size_t vma = 0;

	for (uint32_t i = 0; i < now->page_count; i++) {
		uint64_t at = process->address + (uint64_t)i * now->machine.page_size;

		while (vma < process->vma_count && process->vmas[vma].end <= at)
			vma++;
		if (vma < process->vma_count && process->vmas[vma].start <= at)
			process->pages[i].vma = (int32_t)vma;
	}
}

static void
load_smaps(struct json_reader *reader, const json_t *object, const struct snapshot *now,
    struct process *process)
{
	const json_t *list = reader_enter(reader, object, "smaps", JSON_ARRAY);
	uint64_t end = 0;

	if (!list)
		return;
	process->vma_count = json_array_size(list);
	process->vmas =
	    process->vma_count ? mem_zero(process->vma_count, sizeof(*process->vmas)) : NULL;
	for (size_t i = 0; i < process->vma_count && !reader->failed; i++) {
		const json_t *entry = reader_element(reader, list, i, JSON_OBJECT);
		struct smaps *smaps = &process->vmas[i];

		if (!entry)
			return;
		load_entry(reader, entry, smaps);
		if (smaps->start < end || smaps->end <= smaps->start)
			reader_fail(reader, "start", _("the addresses do not ascend"));
		end = smaps->end;
		reader_leave(reader);
	}
	find_entries(now, process);
	reader_leave(reader);
}

static void
load_life(struct json_reader *reader, const json_t *object, struct process *process)
{
	process->life = (enum life)read_word(reader, object, "life", json_life_words);
	process->exit_signal = read_name(reader, object, "exit_signal", signal_name);
	if (!reader_is_null(reader, object, "exit_status"))
		process->exit_status = (int)read_number(reader, object, "exit_status", INT32_MAX);
	if (read_bool(reader, object, "alive") != (process->life != LIFE_DEAD))
		reader_fail(reader, "alive", _("contradicts the field \"life\""));
}

static void
load_block(struct json_reader *reader, const json_t *object, struct allocation *block)
{
	block->size = read_number(reader, object, "block_bytes", INT64_MAX);
	block->block = read_bits(reader, object, "block");
	block->start = read_bits(reader, object, "block_start");
	block->end = read_bits(reader, object, "block_end");
	block->heap_before = read_bits(reader, object, "heap_before");
	block->heap_after = read_bits(reader, object, "heap_after");
}

/* Sessions saved before these existed have none. */
static void
load_doings(struct json_reader *reader, const json_t *object, struct process *process)
{
	struct doings *did = &process->did;

	if (!json_object_get(object, "opens"))
		return;
	process->waits = read_bool(reader, object, "waits");
	did->closed = read_bool(reader, object, "file_closed");
	did->opens = (uint32_t)read_number(reader, object, "opens", UINT32_MAX);
	did->programs = (uint32_t)read_number(reader, object, "programs", UINT32_MAX);
	did->blocks = (uint32_t)read_number(reader, object, "blocks", UINT32_MAX);
	if (did->blocks)
		load_block(reader, object, &did->block);
}

static void
load_process(struct json_reader *reader, const json_t *object, const struct snapshot *now,
    struct process *process)
{
	process->name = read_letter(reader, object, "name");
	process->pid = (pid_t)read_number(reader, object, "pid", PID_MOST);
	process->ppid = (pid_t)read_number(reader, object, "ppid", PID_MOST);
	process->address = read_bits(reader, object, "address");
	process->minor_faults = read_count(reader, object, "minor_faults");
	process->major_faults = read_count(reader, object, "major_faults");
	process->rss_kib = read_count(reader, object, "rss_kib");
	process->pss_kib = read_count(reader, object, "pss_kib");
	process->forked_from = read_letter(reader, object, "forked_from");
	load_life(reader, object, process);
	load_doings(reader, object, process);
	process->rss_anon_kib = read_count(reader, object, "rss_anon_kib");
	process->rss_file_kib = read_count(reader, object, "rss_file_kib");
	process->rss_shmem_kib = read_count(reader, object, "rss_shmem_kib");
	load_pages(reader, object, now, process);
	load_smaps(reader, object, now, process);
}

/* Which processes map a frame follows from the pages. */
static void
load_count_mappers(struct snapshot *now)
{
	for (size_t i = 0; i < now->process_count; i++)
		for (uint32_t number = 0; number < now->page_count; number++) {
			const struct process *process = &now->processes[i];
			const struct page *page = &process->pages[number];

			if (page->frame == FRAME_NONE || !pm_present(page->pagemap))
				continue;
			now->frames[page->frame].processes |=
			    (uint16_t)(1u << (process->name - 'a'));
			now->frames[page->frame].pfn = pm_pfn(page->pagemap);
		}
	for (size_t i = 0; i < now->frame_count; i++)
		now->frames[i].mapped_by = (uint8_t)__builtin_popcount(now->frames[i].processes);
}

/* The file doesn't say how many processes map a page of an unknown state. */
static void
count_unknown(struct snapshot *now)
{
	for (size_t i = 0; i < now->process_count; i++)
		for (uint32_t number = 0; number < now->page_count; number++) {
			struct page *page = &now->processes[i].pages[number];

			if (page->state == PAGE_UNKNOWN && page->frame != FRAME_NONE &&
			    pm_present(page->pagemap))
				page->mapped_by = now->frames[page->frame].mapped_by;
		}
}

void
load_processes(struct json_reader *reader, const json_t *root, struct snapshot *now)
{
	const json_t *list = reader_enter(reader, root, "processes", JSON_ARRAY);
	char last = 0;

	for (size_t i = 0; list && i < now->process_count && !reader->failed; i++) {
		const json_t *object = reader_element(reader, list, i, JSON_OBJECT);
		struct process *process = &now->processes[i];

		if (!object)
			return;
		load_process(reader, object, now, process);
		if (process->name <= last)
			reader_fail(reader, "name", _("the names do not ascend"));
		last = process->name;
		reader_leave(reader);
	}
	if (reader->failed)
		return;
	reader_leave(reader);
	load_count_mappers(now);
	count_unknown(now);
}
