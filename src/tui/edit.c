#include "config.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "lang/lexer.h"
#include "tui/edit.h"

#include <stdlib.h>
#include <string.h>

#define HISTORY_MAX 200
#define LINE_BYTES_MAX ((size_t)128 * 1024)
#define HINT_BYTES_MAX 400
#define PASTE "Paste " /* before the name of a key: it was pasted, not pressed */

struct edit {
	struct buf line;
	size_t cursor;              /* byte, at the start of a character */
	char *history[HISTORY_MAX]; /* oldest first */
	size_t history_count;
	size_t recalled;         /* index into history; history_count: the line being typed */
	char *typed;             /* the line being typed, while an older one is displayed */
	struct completion cycle; /* the completions that Tab cycles through */
	size_t chosen;           /* of cycle */
	bool cycling;
	bool line_ended; /* while pasting: the next word begins another command */
	bool commented;  /* while pasting: the rest of the line is a comment */
	struct buf hint;
};

struct edit *
edit_new(void)
{
	return mem_zero(1, sizeof(struct edit));
}

static void
stop_cycle(struct edit *edit)
{
	if (edit->cycling)
		completion_free(&edit->cycle);
	edit->cycling = false;
}

void
edit_free(struct edit *edit)
{
	if (!edit)
		return;
	stop_cycle(edit);
	for (size_t i = 0; i < edit->history_count; i++)
		free(edit->history[i]);
	free(edit->typed);
	buf_free(&edit->line);
	buf_free(&edit->hint);
	free(edit);
}

static void
set_line(struct edit *edit, const char *text)
{
	buf_clear(&edit->line);
	buf_add(&edit->line, text);
	edit->cursor = edit->line.length;
}

void
edit_start(struct edit *edit, const char *text)
{
	stop_cycle(edit);
	free(edit->typed);
	edit->typed = NULL;
	edit->recalled = edit->history_count;
	edit->line_ended = edit->commented = false;
	set_line(edit, text ? text : "");
}

/* Replaces the bytes [start, end) of the line; the cursor goes after the new text. */
static void
edit_replace(struct edit *edit, size_t start, size_t end, const char *text, size_t length)
{
	struct buf *line = &edit->line;
	char *rest;
	size_t rest_length = line->length - end;

	if (start + length + rest_length > LINE_BYTES_MAX)
		return;
	rest = mem_string_n(buf_text(line) + end, rest_length);
	line->length = start;
	buf_add_n(line, text, length);
	buf_add_n(line, rest, rest_length);
	edit->cursor = start + length;
	free(rest);
}

static size_t
behind_one(const struct edit *edit, size_t at, int *cells)
{
	uint32_t code = 0;
	size_t bytes = utf8_decode(buf_text(&edit->line) + at, edit->line.length - at, &code);

	*cells = bytes ? utf8_cells(code) : 1;
	return at + bytes;
}

/* A character includes the combining ones after it. */
static size_t
next_character(const struct edit *edit, size_t at)
{
	size_t behind;
	int cells;

	at = behind_one(edit, at, &cells);
	while ((behind = behind_one(edit, at, &cells)) > at && cells == 0)
		at = behind;
	return at;
}

static size_t
previous_character(const struct edit *edit, size_t before)
{
	size_t at = 0, next;

	while (at < before && (next = next_character(edit, at)) < before)
		at = next;
	return at;
}

static void
go_left(struct edit *edit)
{
	edit->cursor = previous_character(edit, edit->cursor);
}

static void
go_right(struct edit *edit)
{
	edit->cursor = next_character(edit, edit->cursor);
}

static void
go_home(struct edit *edit)
{
	edit->cursor = 0;
}

static void
go_end(struct edit *edit)
{
	edit->cursor = edit->line.length;
}

static void
delete_before(struct edit *edit)
{
	edit_replace(edit, previous_character(edit, edit->cursor), edit->cursor, "", 0);
}

static void
delete_here(struct edit *edit)
{
	edit_replace(edit, edit->cursor, next_character(edit, edit->cursor), "", 0);
}

static void
delete_to_start(struct edit *edit)
{
	edit_replace(edit, 0, edit->cursor, "", 0);
}

static void
delete_to_end(struct edit *edit)
{
	edit_replace(edit, edit->cursor, edit->line.length, "", 0);
}

static void
delete_word(struct edit *edit)
{
	const char *text = buf_text(&edit->line);
	size_t start = edit->cursor;

	while (start > 0 && text[start - 1] == ' ')
		start--;
	while (start > 0 && text[start - 1] != ' ')
		start--;
	edit_replace(edit, start, edit->cursor, "", 0);
}

static void
show_recalled(struct edit *edit)
{
	bool older = edit->recalled < edit->history_count;

	set_line(edit, older ? edit->history[edit->recalled] : edit->typed ? edit->typed : "");
}

static void
go_older(struct edit *edit)
{
	if (edit->recalled == 0)
		return;
	if (edit->recalled == edit->history_count) {
		free(edit->typed);
		edit->typed = mem_string(buf_text(&edit->line));
	}
	edit->recalled--;
	show_recalled(edit);
}

static void
go_newer(struct edit *edit)
{
	if (edit->recalled == edit->history_count)
		return;
	edit->recalled++;
	show_recalled(edit);
}

static void
edit_remember(struct edit *edit)
{
	const char *text = buf_text(&edit->line);
	size_t count = edit->history_count;

	if (text[strspn(text, " ")] == '\0' ||
	    (count && strcmp(edit->history[count - 1], text) == 0))
		return;
	if (count == HISTORY_MAX) {
		free(edit->history[0]);
		memmove(
		    edit->history, edit->history + 1, (HISTORY_MAX - 1) * sizeof(*edit->history));
		edit->history_count--;
	}
	edit->history[edit->history_count++] = mem_string(text);
}

static void
complete_head(
    const struct edit *edit, struct completion *completion, const struct vocabulary *vocabulary)
{
	char *head = mem_string_n(buf_text(&edit->line), edit->cursor);

	complete(completion, head, vocabulary);
	free(head);
}

static size_t
common_start(const struct completion *completion)
{
	size_t length = strlen(completion->words[0]);

	for (size_t i = 1; i < completion->count; i++) {
		size_t same = 0;

		while (same < length && completion->words[i][same] == completion->words[0][same])
			same++;
		length = same;
	}
	return length;
}

static void
put_chosen(struct edit *edit)
{
	const char *word = edit->cycle.words[edit->chosen];

	edit_replace(edit, edit->cycle.start, edit->cursor, word, strlen(word));
}

static void
go_on_cycling(struct edit *edit, bool backwards)
{
	size_t count = edit->cycle.count;

	edit->chosen = (edit->chosen + (backwards ? count - 1 : 1)) % count;
	put_chosen(edit);
}

/* A word that can be continued directly gets no blank. */
static void
put_only(struct edit *edit, const struct completion *completion)
{
	const char *word = completion->words[0];
	size_t length = strlen(word);
	bool blank = !strchr(":=", word[length - 1]) && edit->cursor == edit->line.length;

	edit_replace(edit, completion->start, edit->cursor, word, length);
	if (blank)
		edit_replace(edit, edit->cursor, edit->cursor, " ", 1);
}

static void
complete_key(struct edit *edit, const struct vocabulary *vocabulary, bool backwards)
{
	struct completion found;
	size_t common;

	if (edit->cycling) {
		go_on_cycling(edit, backwards);
		return;
	}
	complete_head(edit, &found, vocabulary);
	common = found.count ? common_start(&found) : 0;
	if (found.count == 1) {
		put_only(edit, &found);
	} else if (common > edit->cursor - found.start) {
		edit_replace(edit, found.start, edit->cursor, found.words[0], common);
	} else if (found.count) {
		edit->cycle = found;
		edit->cycling = true;
		edit->chosen = backwards ? found.count - 1 : 0;
		put_chosen(edit);
		return;
	}
	completion_free(&found);
}

static void
type_character(struct edit *edit, const char *key)
{
	uint32_t code = 0;
	size_t length = strlen(key);
	bool broken = length == 1 && (unsigned char)key[0] >= 0x80;

	if (length && !broken && utf8_decode(key, length, &code) == length && utf8_cells(code) >= 0)
		edit_replace(edit, edit->cursor, edit->cursor, key, length);
}

static const struct edit_binding {
	const char *key;
	void (*act)(struct edit *edit);
} bindings[] = {
    {"Left", go_left},
    {"Right", go_right},
    {"Home", go_home},
    {"End", go_end},
    {"Up", go_older},
    {"Down", go_newer},
    {"Backspace", delete_before},
    {"Delete", delete_here},
    {"Ctrl-A", go_home},
    {"Ctrl-B", go_left},
    {"Ctrl-D", delete_here},
    {"Ctrl-E", go_end},
    {"Ctrl-F", go_right},
    {"Ctrl-H", delete_before},
    {"Ctrl-K", delete_to_end},
    {"Ctrl-N", go_newer},
    {"Ctrl-P", go_older},
    {"Ctrl-U", delete_to_start},
    {"Ctrl-W", delete_word},
};

static void
act_or_type(struct edit *edit, const char *key)
{
	for (size_t i = 0; i < sizeof(bindings) / sizeof(bindings[0]); i++)
		if (strcmp(bindings[i].key, key) == 0) {
			bindings[i].act(edit);
			return;
		}
	type_character(edit, strcmp(key, "Space") == 0 ? " " : key);
}

bool
edit_pasted(const char *key)
{
	return strncmp(key, PASTE, strlen(PASTE)) == 0;
}

/* Would a # here begin a comment? It must be where a word could begin, outside quotes. */
static bool
begins_comment(const struct edit *edit)
{
	const char *text = buf_text(&edit->line);

	return !lex_in_quotes(text, edit->cursor) &&
	    (!edit->cursor || edit->line_ended || strchr(" ;", text[edit->cursor - 1]));
}

/* Only a typed Enter runs a line: pasted lines become one, which can be read before it is run. */
static void
paste(struct edit *edit, const char *key)
{
	if (strcmp(key, "Enter") == 0) {
		edit->line_ended = edit->line.length > 0;
		edit->commented = false;
		return;
	}
	if (strcmp(key, "#") == 0 && begins_comment(edit))
		edit->commented = true;
	if (edit->commented)
		return;
	if (edit->line_ended)
		edit_replace(edit, edit->cursor, edit->cursor, "; ", 2);
	edit->line_ended = false;
	type_character(edit, strcmp(key, "Space") == 0 ? " " : key);
}

static bool
cancels(const struct edit *edit, const char *key)
{
	return strcmp(key, "Esc") == 0 || strcmp(key, "Ctrl-C") == 0 ||
	    (strcmp(key, "Backspace") == 0 && edit->line.length == 0);
}

enum edit_result
edit_key(struct edit *edit, const char *key, const struct vocabulary *vocabulary)
{
	bool backwards = strcmp(key, "Shift-Tab") == 0;

	if (backwards || strcmp(key, "Tab") == 0) {
		complete_key(edit, vocabulary, backwards);
		return EDIT_GOES_ON;
	}
	stop_cycle(edit);
	if (cancels(edit, key))
		return EDIT_CANCELLED;
	if (strcmp(key, "Enter") == 0) {
		if (lex_in_quotes(buf_text(&edit->line), edit->line.length))
			buf_add_char(&edit->line, '"'); /* the end of a line ends its quotes */
		edit_remember(edit);
		return EDIT_DONE;
	}
	if (edit_pasted(key))
		paste(edit, key + strlen(PASTE));
	else
		act_or_type(edit, key);
	return EDIT_GOES_ON;
}

const char *
edit_text(const struct edit *edit)
{
	return buf_text(&edit->line);
}

size_t
edit_cursor(const struct edit *edit)
{
	return edit->cursor;
}

static void
list_words(struct buf *out, const struct completion *completion)
{
	for (size_t i = 0; i < completion->count; i++) {
		if (out->length + strlen(completion->words[i]) > HINT_BYTES_MAX) {
			buf_add(out, " ...");
			return;
		}
		if (i)
			buf_add(out, "  ");
		buf_add(out, completion->words[i]);
	}
}

static bool
says_something(const struct edit *edit, const struct completion *completion)
{
	const char *typed = buf_text(&edit->line) + completion->start;
	size_t length = edit->cursor - completion->start;

	return completion->count > 1 ||
	    (completion->count == 1 &&
		(strlen(completion->words[0]) != length ||
		    strncmp(completion->words[0], typed, length) != 0));
}

const char *
edit_hint(struct edit *edit, const struct vocabulary *vocabulary)
{
	struct completion found;

	buf_clear(&edit->hint);
	if (edit->cycling) {
		list_words(&edit->hint, &edit->cycle);
		return buf_text(&edit->hint);
	}
	complete_head(edit, &found, vocabulary);
	if (says_something(edit, &found))
		list_words(&edit->hint, &found);
	else
		buf_add(&edit->hint, found.hint);
	completion_free(&found);
	return buf_text(&edit->hint);
}
