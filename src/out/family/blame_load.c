#include "config.h"
#include "out/family/blame_load.h"

#include <string.h>

#include "base/i18n.h"

#define ROWS_MOST 65536

/* Reads a row into a blame. */
typedef void blame_row(struct json_reader *reader, const json_t *object, struct blame *blame);

static void
load_rows(struct json_reader *reader, const json_t *root, const char *key, struct blame *blame,
    blame_row *load)
{
	const json_t *list =
	    json_object_get(root, key) ? reader_enter(reader, root, key, JSON_ARRAY) : NULL;

	if (!list)
		return;
	if (json_array_size(list) > ROWS_MOST)
		reader_fail(reader, NULL, _("too many"));
	for (size_t i = 0; i < json_array_size(list) && !reader->failed; i++) {
		const json_t *object = reader_element(reader, list, i, JSON_OBJECT);

		if (object)
			load(reader, object, blame);
		reader_leave(reader);
	}
	reader_leave(reader);
}

/* "" for null. */
static const char *
text_or_none(struct json_reader *reader, const json_t *object, const char *key)
{
	const char *text = read_text_or_null(reader, object, key);

	return text ? text : "";
}

static enum cause
load_cause(struct json_reader *reader, const json_t *object)
{
	int cause = cause_from_word(read_text(reader, object, "cause"));

	if (cause < 0)
		reader_fail(reader, "cause", _("no cause of a copy"));
	return cause < 0 ? CAUSE_UNKNOWN : (enum cause)cause;
}

static void
load_writer(struct json_reader *reader, const json_t *object, struct blame *blame)
{
	uint64_t pid = read_count(reader, object, "pid");
	int runtime = runtime_from_word(text_or_none(reader, object, "runtime"));
	struct blame_writer writer = {
	    .process = text_or_none(reader, object, "process"),
	    .pid = pid > INT32_MAX ? 0 : (pid_t)pid,
	    .cause = load_cause(reader, object),
	    .runtime = runtime < 0 ? RUNTIME_NONE : (enum runtime)runtime,
	    .object = text_or_none(reader, object, "object"),
	    .module = text_or_none(reader, object, "module"),
	    .function = text_or_none(reader, object, "function"),
	    .mapping = text_or_none(reader, object, "mapping"),
	    .offset = json_is_null(json_object_get(object, "offset"))
		? COUNT_UNKNOWN
		: read_bits(reader, object, "offset"),
	    .pages = read_number(reader, object, "pages", UINT64_MAX),
	};

	if (!reader->failed)
		blame_add_writer(blame, &writer);
}

static void
load_code(struct json_reader *reader, const json_t *object, struct blame *blame)
{
	struct blame_code code = {
	    .language = text_or_none(reader, object, "language"),
	    .function = text_or_none(reader, object, "function"),
	    .source = text_or_none(reader, object, "source"),
	    .command = read_text_or_null(reader, object, "command"),
	    .samples = read_number(reader, object, "samples", UINT64_MAX),
	};

	if (!reader->failed)
		blame_add_code(blame, &code);
}

static void
load_stack(struct json_reader *reader, const json_t *object, struct blame *blame)
{
	struct blame_stack stack = {
	    .process = text_or_none(reader, object, "process"),
	    .cause = load_cause(reader, object),
	    .frames = text_or_none(reader, object, "frames"),
	    .samples = read_number(reader, object, "samples", UINT64_MAX),
	};

	if (!reader->failed)
		blame_add_stack(blame, &stack);
}

static void
load_blame_unseen(struct json_reader *reader, const json_t *root, struct blame *blame)
{
	const json_t *unseen = reader_enter(reader, root, "unseen", JSON_OBJECT);
	uint64_t kib;

	if (!unseen)
		return;
	blame->unseen = read_count(reader, unseen, "processes");
	kib = read_count(reader, unseen, "copied_kib");
	blame->unseen_pages = kib == COUNT_UNKNOWN ? kib : kib * 1024 / blame->page_size;
	reader_leave(reader);
}

static void
load_numbers(struct json_reader *reader, const json_t *root, struct blame *blame)
{
	uint64_t every = read_count(reader, root, "stack_every");

	blame->since_ns = read_number(reader, root, "since_ns", UINT64_MAX);
	blame->faults = read_number(reader, root, "faults", UINT64_MAX);
	blame->copies = read_number(reader, root, "copies", UINT64_MAX);
	blame->attributed = read_number(reader, root, "attributed", UINT64_MAX);
	blame->lost = read_number(reader, root, "lost", UINT64_MAX);
	blame->left_out = read_number(reader, root, "left_out", UINT64_MAX);
	blame->samples = read_number(reader, root, "samples", UINT64_MAX);
	blame->kernel_writes = strcmp(read_text(reader, root, "kernel_writes"), "known") == 0;
	blame->stack_every = every > UINT32_MAX ? 0 : (unsigned)every;
}

struct blame *
blame_load(struct json_reader *reader, const json_t *object, uint32_t page_size)
{
	struct blame *blame = blame_new();

	blame->page_size = page_size;
	load_numbers(reader, object, blame);
	load_rows(reader, object, "writers", blame, load_writer);
	load_rows(reader, object, "code", blame, load_code);
	load_rows(reader, object, "stacks", blame, load_stack);
	if (!reader->failed)
		load_blame_unseen(reader, object, blame);
	blame_finish(blame);
	if (!reader->failed)
		return blame;
	blame_free(blame);
	return NULL;
}
