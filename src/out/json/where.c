#include "config.h"
#include "out/json/json_reader.h"

#include <string.h>

/* The text is JSON that a parser has accepted: only its end is checked. */
struct json_cursor {
	const char *text;
	size_t length, at;
};

static void
where_skip_blanks(struct json_cursor *cursor)
{
	while (cursor->at < cursor->length && strchr(" \t\r\n", cursor->text[cursor->at]))
		cursor->at++;
}

static char
peek(const struct json_cursor *cursor)
{
	return cursor->at < cursor->length ? cursor->text[cursor->at] : '\0';
}

static void
skip_string(struct json_cursor *cursor)
{
	for (cursor->at++; cursor->at < cursor->length && peek(cursor) != '"'; cursor->at++)
		if (peek(cursor) == '\\')
			cursor->at++;
	cursor->at++;
}

static void
skip_value(struct json_cursor *cursor)
{
	size_t depth = 0;

	do {
		where_skip_blanks(cursor);
		switch (peek(cursor)) {
		case '"':
			skip_string(cursor);
			break;
		case '{':
		case '[':
			depth++;
			cursor->at++;
			break;
		case '}':
		case ']':
			depth--;
			cursor->at++;
			break;
		case ',':
		case ':':
			cursor->at++;
			break;
		default:
			while (cursor->at < cursor->length && !strchr(" \t\r\n,:]}", peek(cursor)))
				cursor->at++;
		}
	} while (depth > 0 && cursor->at < cursor->length);
}

/* On the first character of a key: moves to its value. Is it this key? */
static bool
pass_key(struct json_cursor *cursor, const char *key)
{
	size_t start = cursor->at + 1, length;

	skip_string(cursor);
	length = cursor->at > start ? cursor->at - 1 - start : 0;
	where_skip_blanks(cursor);
	cursor->at++; /* the colon */
	where_skip_blanks(cursor);
	return length == strlen(key) && memcmp(cursor->text + start, key, length) == 0;
}

static bool
go(struct json_cursor *cursor, const struct reader_step *step)
{
	size_t index = 0;

	for (cursor->at++;; cursor->at++) {
		where_skip_blanks(cursor);
		if (cursor->at >= cursor->length || strchr("]}", peek(cursor)))
			return false;
		if (step->key ? pass_key(cursor, step->key) : index++ == step->index)
			return true;
		skip_value(cursor);
		where_skip_blanks(cursor);
		if (peek(cursor) != ',')
			return false;
	}
}

size_t
json_where(const char *text, size_t length, const struct reader_step *steps, size_t count)
{
	struct json_cursor cursor = {text, length, 0};
	size_t found;

	where_skip_blanks(&cursor);
	found = cursor.at;
	for (size_t i = 0; i < count && go(&cursor, &steps[i]); i++)
		found = cursor.at;
	return found;
}
