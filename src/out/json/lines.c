#include "config.h"
#include "out/json/lines.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "base/io.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define FILE_MAX ((size_t)512 << 20)
#define SCHEMA "cowscope/1"

/* The first byte that isn't UTF-8, counted from 1; 0: there is none. */
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
not_json(struct json_reader *reader, const json_error_t *fault)
{
	size_t byte = broken_byte(reader->text, reader->length);
	struct buf why = BUF_INIT;

	if (!byte || json_error_code(fault) != json_error_invalid_utf8)
		byte = fault->position > 0 ? (size_t)fault->position : 1;
	utf8_clean(&why, fault->text, strlen(fault->text), false);
	reader->failed = true;
	err_set(reader->err, ERR_USAGE, _("%1$s: byte %2$zu (line %3$lu): not JSON: %4$s"),
	    reader->name, reader->start + byte, reader->line, buf_text(&why));
	buf_free(&why);
}

static void
take_value(struct json_reader *reader, const json_t *root, lines_take *take, void *with)
{
	if (!json_is_object(root))
		reader_fail(reader, NULL, _("expected an object"));
	if (strcmp(read_text(reader, root, "schema"), SCHEMA) != 0)
		reader_fail(reader, "schema", _("unknown schema: expected %s"), SCHEMA);
	if (!reader->failed)
		take(reader, root, with);
}

static void
lines_take_line(struct json_reader *reader, lines_take *take, void *with)
{
	json_error_t fault;
	json_t *root;

	if (strspn(reader->text, " \t\r") >= reader->length)
		return;
	root = json_loadb(
	    reader->text, reader->length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &fault);
	if (root)
		take_value(reader, root, take, with);
	else
		not_json(reader, &fault);
	json_decref(root);
}

int
lines_parse(const char *name, const char *text, size_t length, lines_take *take, void *with,
    struct err *err)
{
	struct json_reader reader = {.name = name, .err = err};
	size_t start = length >= IO_MARK_BYTES ? (size_t)(io_text_start(text) - text) : 0;

	for (size_t at = start; at < length && !reader.failed; at += reader.length + 1) {
		const char *end = memchr(text + at, '\n', length - at);

		reader.text = text + at;
		reader.length = end ? (size_t)(end - reader.text) : length - at;
		reader.start = at;
		reader.line++;
		lines_take_line(&reader, take, with);
	}
	return reader.failed ? -1 : 0;
}

static int
cannot_read(const char *path, int errnum, struct err *err)
{
	return err_sys(err, ERR_USAGE, errnum, _("cannot read %s"), path);
}

static int
lines_read_all(FILE *file, const char *path, struct buf *out, struct err *err)
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
lines_load(const char *path, lines_take *take, void *with, struct err *err)
{
	FILE *file = fopen(path, "re");
	struct buf text = BUF_INIT;
	int result;

	if (!file)
		return cannot_read(path, errno, err);
	result = lines_read_all(file, path, &text, err);
	fclose(file);
	if (result == 0)
		result = lines_parse(path, buf_text(&text), text.length, take, with, err);
	buf_free(&text);
	return result;
}
