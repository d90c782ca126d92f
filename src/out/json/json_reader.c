#include "config.h"
#include "out/json/json_reader.h"
#include "base/buf.h"
#include "base/i18n.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void
reader_add_path(struct buf *out, const struct json_reader *reader, const char *key)
{
	for (size_t i = 0; i < reader->depth; i++) {
		const struct reader_step *step = &reader->steps[i];

		if (step->key)
			buf_addf(out, "%s%s", out->length ? "." : "", step->key);
		else
			buf_addf(out, "[%zu]", step->index);
	}
	if (key)
		buf_addf(out, "%s%s", out->length ? "." : "", key);
	if (out->length)
		buf_add(out, ": ");
}

static size_t
fault_byte(const struct json_reader *reader, const char *key)
{
	struct reader_step steps[READER_DEPTH + 1];

	memcpy(steps, reader->steps, sizeof(reader->steps));
	steps[reader->depth] = (struct reader_step){key, 0};
	return reader->start + 1 +
	    json_where(reader->text, reader->length, steps, reader->depth + (key != NULL));
}

void
reader_fail(struct json_reader *reader, const char *key, const char *format, ...)
{
	struct buf text = BUF_INIT;
	va_list ap;

	if (reader->failed)
		return;
	reader->failed = true;
	reader_add_path(&text, reader, key);
	va_start(ap, format);
	buf_addv(&text, format, ap);
	va_end(ap);
	err_set(reader->err, ERR_USAGE, _("%1$s: byte %2$zu (line %3$lu): %4$s"), reader->name,
	    fault_byte(reader, key), reader->line, buf_text(&text));
	buf_free(&text);
}

static const char *
type_text(json_type type)
{
	switch (type) {
	case JSON_OBJECT:
		return _("expected an object");
	case JSON_ARRAY:
		return _("expected a list");
	case JSON_STRING:
		return _("expected a text");
	default:
		return _("expected a whole number");
	}
}

static json_t *
member(struct json_reader *reader, const json_t *object, const char *key)
{
	json_t *value = reader->failed ? NULL : json_object_get(object, key);

	if (!value)
		reader_fail(reader, NULL, _("the field \"%s\" is missing"), key);
	return value;
}

static json_t *
member_of_type(struct json_reader *reader, const json_t *object, const char *key, json_type type)
{
	json_t *value = member(reader, object, key);

	if (value && json_typeof(value) != type) {
		reader_fail(reader, key, "%s", type_text(type));
		return NULL;
	}
	return value;
}

json_t *
reader_enter(struct json_reader *reader, const json_t *object, const char *key, json_type type)
{
	json_t *value = member_of_type(reader, object, key, type);

	if (value)
		reader->steps[reader->depth++] = (struct reader_step){key, 0};
	return value;
}

json_t *
reader_element(struct json_reader *reader, const json_t *array, size_t index, json_type type)
{
	json_t *value = reader->failed ? NULL : json_array_get(array, index);

	if (!value)
		return NULL;
	reader->steps[reader->depth++] = (struct reader_step){NULL, index};
	if (json_typeof(value) == type)
		return value;
	reader_fail(reader, NULL, "%s", type_text(type));
	reader->depth--;
	return NULL;
}

void
reader_leave(struct json_reader *reader)
{
	reader->depth--;
}

bool
reader_is_null(struct json_reader *reader, const json_t *object, const char *key)
{
	return json_is_null(member(reader, object, key));
}

uint64_t
read_number(struct json_reader *reader, const json_t *object, const char *key, uint64_t limit)
{
	json_t *value = member_of_type(reader, object, key, JSON_INTEGER);
	json_int_t number = value ? json_integer_value(value) : 0;

	if (number >= 0 && (uint64_t)number <= limit)
		return (uint64_t)number;
	reader_fail(reader, key, _("%1$lld is not between 0 and %2$llu"), (long long)number,
	    (unsigned long long)limit);
	return 0;
}

uint64_t
read_count(struct json_reader *reader, const json_t *object, const char *key)
{
	return reader_is_null(reader, object, key) ? COUNT_UNKNOWN
						   : read_number(reader, object, key, INT64_MAX);
}

enum tri
read_tri(struct json_reader *reader, const json_t *object, const char *key)
{
	json_t *value = member(reader, object, key);

	if (!value || json_is_null(value))
		return TRI_UNKNOWN;
	if (!json_is_boolean(value))
		reader_fail(reader, key, _("expected true, false or null"));
	return json_is_true(value) ? TRI_YES : TRI_NO;
}

bool
read_bool(struct json_reader *reader, const json_t *object, const char *key)
{
	json_t *value = member(reader, object, key);

	if (value && !json_is_boolean(value))
		reader_fail(reader, key, _("expected true or false"));
	return json_is_true(value);
}

const char *
read_text_or_null(struct json_reader *reader, const json_t *object, const char *key)
{
	if (reader_is_null(reader, object, key))
		return NULL;
	return json_string_value(member_of_type(reader, object, key, JSON_STRING));
}

const char *
read_text(struct json_reader *reader, const json_t *object, const char *key)
{
	json_t *value = member_of_type(reader, object, key, JSON_STRING);

	return value ? json_string_value(value) : "";
}

void
read_short(
    struct json_reader *reader, const json_t *object, const char *key, char *out, size_t room)
{
	const char *text = read_text_or_null(reader, object, key);

	if (text && strlen(text) >= room)
		reader_fail(reader, key, _("expected at most %zu bytes"), room - 1);
	else if (text)
		strcpy(out, text);
}

char
read_letter(struct json_reader *reader, const json_t *object, const char *key)
{
	const char *text = read_text_or_null(reader, object, key);

	if (!text)
		return 0;
	if (is_process_name(text[0]) && !text[1])
		return text[0];
	reader_fail(reader, key, _("expected a process name, a to %c"), PROCESS_NAME_END - 1);
	return 0;
}

static int
digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

uint64_t
read_bits(struct json_reader *reader, const json_t *object, const char *key)
{
	const char *text = read_text_or_null(reader, object, key);
	uint64_t bits = 0;
	size_t at = 2;

	if (!text)
		return 0;
	for (; strncmp(text, "0x", 2) == 0 && at < 18 && digit_of(text[at]) >= 0; at++)
		bits = bits << 4 | (unsigned)digit_of(text[at]);
	if (at == 2 || text[at])
		reader_fail(reader, key, _("expected a hexadecimal number such as \"0x1f\""));
	return bits;
}

unsigned
read_word(
    struct json_reader *reader, const json_t *object, const char *key, const char *const *words)
{
	const char *text = read_text(reader, object, key);

	for (unsigned i = 0; words[i]; i++)
		if (strcmp(words[i], text) == 0)
			return i;
	reader_fail(reader, key, _("not a word that is known here"));
	return 0;
}

/* Values without a name end in their number: "signal 42". */
static bool
number_behind(const char *text, int *number)
{
	const char *blank = strrchr(text, ' ');
	char rest;

	return blank && sscanf(blank, " %7d%c", number, &rest) == 1;
}

int
read_name(
    struct json_reader *reader, const json_t *object, const char *key, const char *(*name_of)(int))
{
	const char *text = read_text_or_null(reader, object, key);
	int number;

	if (!text)
		return 0;
	for (number = 1; number < 256; number++)
		if (strcmp(name_of(number), text) == 0)
			return number;
	if (number_behind(text, &number) && strcmp(name_of(number), text) == 0)
		return number;
	reader_fail(reader, key, _("not a name that this system knows"));
	return 0;
}

struct content
read_content(struct json_reader *reader, const json_t *object, const char *key)
{
	const char *text = read_text_or_null(reader, object, key);
	struct content content = {0};
	size_t length = text ? strlen(text) : 0, at = 0;

	for (; at < length && at < (size_t)2 * CONTENT_MAX && digit_of(text[at]) >= 0; at++)
		content.bytes[at / 2] =
		    (unsigned char)(content.bytes[at / 2] << 4 | digit_of(text[at]));
	if (at < length || length % 2)
		reader_fail(reader, key, _("expected 1 to %d bytes, two hexadecimal digits each"),
		    CONTENT_MAX);
	content.length = (uint8_t)(at / 2);
	return content;
}
