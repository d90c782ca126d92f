#include "config.h"
#include "out/lab/load_snapshot.h"
#include "base/i18n.h"
#include "base/mem.h"

#include <string.h>

#define PAGE_SIZE_LEAST 1024
#define PAGE_SIZE_MOST (16u << 20)

static char *
copy_or_null(const char *text)
{
	return text ? mem_string(text) : NULL;
}

static void
load_kernel(struct json_reader *reader, const json_t *root, struct machine *machine)
{
	static const char *const pfn_words[] = {"unknown", "known", NULL};
	const json_t *kernel = reader_enter(reader, root, "kernel", JSON_OBJECT);

	if (!kernel)
		return;
	read_short(reader, kernel, "release", machine->release, sizeof(machine->release));
	machine->page_size = (uint32_t)read_number(reader, kernel, "page_size", PAGE_SIZE_MOST);
	if (machine->page_size < PAGE_SIZE_LEAST || machine->page_size & (machine->page_size - 1))
		reader_fail(reader, "page_size", _("no machine has pages of this size"));
	machine->pfn = read_word(reader, kernel, "pfn", pfn_words) ? TRI_YES : TRI_NO;
	reader_leave(reader);
}

static enum kind
read_kind(struct json_reader *reader, const json_t *lab)
{
	int kind = kind_from_word(read_text(reader, lab, "kind"));

	if (kind >= 0)
		return (enum kind)kind;
	reader_fail(reader, "kind", _("not a word that is known here"));
	return KIND_PRIVATE_FILE;
}

/* The numbers of pages and processes that the line states: the lists must have as many. */
static struct snapshot *
sized(struct json_reader *reader, const json_t *root)
{
	const json_t *lab = reader_enter(reader, root, "lab", JSON_OBJECT), *processes;
	uint32_t pages = lab ? (uint32_t)read_number(reader, lab, "pages", PAGES_MAX) : 0;
	size_t count, most;

	if (lab && !pages)
		reader_fail(reader, "pages", _("a lab has at least one page"));
	if (lab)
		reader_leave(reader);
	processes = reader_enter(reader, root, "processes", JSON_ARRAY);
	if (!processes)
		return NULL;
	count = json_array_size(processes);
	most = PROCESSES_MAX;
	if (count > most)
		reader_fail(reader, NULL, _("too many processes: %1$zu, expected at most %2$zu"),
		    count, most);
	for (size_t i = 0; i < count && i < most; i++) {
		const json_t *list = json_object_get(json_array_get(processes, i), "pages");

		if (list && json_array_size(list) != pages)
			reader_fail(reader, NULL, _("expected %u pages each"), pages);
	}
	reader_leave(reader);
	return reader->failed ? NULL : snapshot_new(pages, count);
}

static void
load_lab(struct json_reader *reader, const json_t *root, struct snapshot *now)
{
	const json_t *lab = reader_enter(reader, root, "lab", JSON_OBJECT);

	if (!lab)
		return;
	now->kind = read_kind(reader, lab);
	now->path = copy_or_null(read_text_or_null(reader, lab, "path"));
	now->filesystem = copy_or_null(read_text_or_null(reader, lab, "filesystem"));
	now->lab = (uint32_t)read_number(reader, lab, "number", UINT32_MAX);
	now->file_bytes = read_count(reader, lab, "file_bytes");
	if (json_object_get(lab, "file_links"))
		now->file_links = read_count(reader, lab, "file_links");
	now->one_vma =
	    json_object_get(lab, "vmas") && strcmp(read_text(reader, lab, "vmas"), "one") == 0;
	now->read_only = json_is_true(json_object_get(lab, "read_only"));
	reader_leave(reader);
}

static void
load_file_page(
    struct json_reader *reader, const json_t *page, uint32_t number, struct file_page *out)
{
	if (read_number(reader, page, "page", UINT32_MAX) != number)
		reader_fail(reader, "page", _("expected page %u"), number);
	out->cached = (int8_t)read_tri(reader, page, "cached");
	out->dirty = (int8_t)read_tri(reader, page, "dirty");
	out->writeback = (int8_t)read_tri(reader, page, "writeback");
	out->content = read_content(reader, page, "content_hex");
}

static void
load_file(struct json_reader *reader, const json_t *root, struct snapshot *now)
{
	const json_t *file, *pages;

	if (reader_is_null(reader, root, "file"))
		return;
	file = reader_enter(reader, root, "file", JSON_OBJECT);
	pages = file ? reader_enter(reader, file, "pages", JSON_ARRAY) : NULL;
	if (pages && json_array_size(pages) != now->page_count)
		reader_fail(reader, NULL, _("expected %u pages"), now->page_count);
	if (reader->failed)
		return;
	now->file_pages = mem_zero(now->page_count, sizeof(*now->file_pages));
	for (uint32_t i = 0; i < now->page_count && !reader->failed; i++) {
		const json_t *page = reader_element(reader, pages, i, JSON_OBJECT);

		if (!page)
			return;
		load_file_page(reader, page, i, &now->file_pages[i]);
		reader_leave(reader);
	}
	reader_leave(reader);
	reader_leave(reader);
}

static void
load_load_memory(struct json_reader *reader, const json_t *root, struct memory *memory)
{
	const json_t *object = reader_enter(reader, root, "memory", JSON_OBJECT);

	if (!object)
		return;
	memory->used_kib = read_count(reader, object, "used_kib");
	memory->buff_cache_kib = read_count(reader, object, "buff_cache_kib");
	memory->shared_kib = read_count(reader, object, "shared_kib");
	memory->available_kib = read_count(reader, object, "available_kib");
	memory->dirty_kib = read_count(reader, object, "dirty_kib");
	reader_leave(reader);
}

void
moment_free(struct moment *moment)
{
	snapshot_free(moment->snapshot);
	events_free(&moment->events);
	moment->snapshot = NULL;
}

int
load_snapshot(struct json_reader *reader, const json_t *root, struct moment *moment)
{
	struct snapshot *now = sized(reader, root);

	*moment = (struct moment){.snapshot = now};
	if (!now)
		return -1;
	now->step = (uint32_t)read_number(reader, root, "step", UINT32_MAX);
	now->command = copy_or_null(read_text_or_null(reader, root, "step_command"));
	now->time_ns = read_number(reader, root, "time_ns", INT64_MAX);
	load_kernel(reader, root, &now->machine);
	load_lab(reader, root, now);
	load_file(reader, root, now);
	load_load_memory(reader, root, &now->memory);
	load_frames(reader, root, now);
	load_processes(reader, root, now);
	load_acts(reader, root, now);
	load_events(reader, root, now, &moment->events);
	if (reader->failed)
		moment_free(moment);
	return reader->failed ? -1 : 0;
}
