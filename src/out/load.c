#include "config.h"
#include "out/load.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "out/load_snapshot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX ((size_t)512 << 20)
#define SCHEMA "cowscope/1"

struct loading {
	struct loaded *loaded;
	size_t room;
	struct reader reader;
};

void
loaded_free(struct loaded *loaded)
{
	for (size_t i = 0; i < loaded->count; i++) {
		snapshot_free(loaded->moments[i].snapshot);
		events_free(&loaded->moments[i].events);
	}
	free(loaded->moments);
	*loaded = (struct loaded){NULL, 0};
}

static bool
is_same_reading(const struct snapshot *one, const struct snapshot *other)
{
	return one->step == other->step && one->lab == other->lab && one->time_ns == other->time_ns;
}

static bool
is_there(const struct loaded *loaded, const struct snapshot *snapshot)
{
	for (size_t i = loaded->count; i-- > 0;) {
		const struct snapshot *old = loaded->moments[i].snapshot;

		if (is_same_reading(old, snapshot))
			return true;
		if (old->step < snapshot->step)
			break;
	}
	return false;
}

static void
enter(struct loading *loading, struct moment *moment)
{
	struct loaded *loaded = loading->loaded;
	const struct snapshot *snapshot = moment->snapshot,
			      *last = loaded->count ? loaded->moments[loaded->count - 1].snapshot
						    : NULL;
	bool there = is_there(loaded, snapshot);

	if (!there && last && snapshot->step < last->step)
		reader_fail(&loading->reader, "step", _("step %1$u stands behind step %2$u"),
		    snapshot->step, last->step);
	if (there || loading->reader.failed) {
		moment_free(moment);
		return;
	}
	if (loaded->count == loading->room) {
		loading->room = loading->room ? loading->room * 2 : 16;
		loaded->moments =
		    mem_resize(loaded->moments, loading->room, sizeof(*loaded->moments));
	}
	loaded->moments[loaded->count++] = *moment;
}

static void
load_value(struct loading *loading, const json_t *root)
{
	struct reader *reader = &loading->reader;
	struct moment moment;

	if (!json_is_object(root))
		reader_fail(reader, NULL, _("an object should stand here"));
	if (strcmp(read_text(reader, root, "schema"), SCHEMA) != 0)
		reader_fail(reader, "schema",
		    _("another schema than %s, the one that is known here"), SCHEMA);
	if (strcmp(read_text(reader, root, "type"), "snapshot") == 0 && !reader->failed &&
	    load_snapshot(reader, root, &moment) == 0)
		enter(loading, &moment);
}

/* The first byte that is not UTF-8, counted from 1; 0: there is none. */
static size_t
broken_byte(const char *text, size_t length)
{
	for (size_t at = 0; at < length;) {
		uint32_t code;
		size_t bytes = utf8_decode(text + at, length - at, &code);

		if (bytes == 1 && code > 0x7F)
			return at + 1;
		at += bytes;
	}
	return 0;
}

static void
not_json(struct loading *loading, const json_error_t *fault)
{
	struct reader *reader = &loading->reader;
	size_t byte = broken_byte(reader->text, reader->length);
	struct buf why = BUF_INIT;

	if (!byte || json_error_code(fault) != json_error_invalid_utf8)
		byte = fault->position > 0 ? (size_t)fault->position : 1;
	utf8_clean(&why, fault->text, strlen(fault->text), false);
	reader->failed = true;
	err_set(reader->err, ERR_USAGE, _("%1$s: byte %2$zu (line %3$lu): no JSON: %4$s"),
	    reader->name, reader->start + byte, reader->line, buf_text(&why));
	buf_free(&why);
}

static void
load_line(struct loading *loading)
{
	struct reader *reader = &loading->reader;
	json_error_t fault;
	json_t *root;

	if (strspn(reader->text, " \t\r") >= reader->length)
		return;
	root = json_loadb(
	    reader->text, reader->length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &fault);
	if (root)
		load_value(loading, root);
	else
		not_json(loading, &fault);
	json_decref(root);
}

int
session_parse(
    const char *name, const char *text, size_t length, struct loaded *loaded, struct err *err)
{
	struct loading loading = {.loaded = loaded, .reader = {.name = name, .err = err}};
	struct reader *reader = &loading.reader;

	*loaded = (struct loaded){NULL, 0};
	for (size_t at = 0; at < length && !reader->failed; at += reader->length + 1) {
		const char *end = memchr(text + at, '\n', length - at);

		reader->text = text + at;
		reader->length = end ? (size_t)(end - reader->text) : length - at;
		reader->start = at;
		reader->line++;
		load_line(&loading);
	}
	if (!reader->failed && !loaded->count) {
		reader->failed = true;
		err_set(err, ERR_USAGE, _("%s holds no snapshot"), name);
	}
	if (reader->failed)
		loaded_free(loaded);
	return reader->failed ? -1 : 0;
}

static int
cannot_read(const char *path, int errnum, struct err *err)
{
	return err_sys(err, ERR_USAGE, errnum, _("cannot read %s"), path);
}

static int
read_all(FILE *file, const char *path, struct buf *out, struct err *err)
{
	char chunk[65536];
	size_t count;

	while ((count = fread(chunk, 1, sizeof(chunk), file)) > 0) {
		buf_add_n(out, chunk, count);
		if (out->length > FILE_MAX)
			return err_set(err, ERR_USAGE, _("%1$s is too large: more than %2$zu MiB"),
			    path, FILE_MAX >> 20);
	}
	return ferror(file) ? cannot_read(path, errno, err) : 0;
}

int
session_load(const char *path, struct loaded *loaded, struct err *err)
{
	FILE *file = fopen(path, "re");
	struct buf text = BUF_INIT;
	int result;

	*loaded = (struct loaded){NULL, 0};
	if (!file)
		return cannot_read(path, errno, err);
	result = read_all(file, path, &text, err);
	fclose(file);
	if (result == 0)
		result = session_parse(path, buf_text(&text), text.length, loaded, err);
	buf_free(&text);
	return result;
}
