#include "config.h"
#include "view/canvas/bottom.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"

static int
keybar_cells(const struct key_label *key)
{
	return (int)utf8_width(key->key) + 1 + (int)utf8_width(_(key->label)) + 2;
}

void
keybar_key(struct pen *pen, const struct key_label *key)
{
	pen->role = ROLE_KEY;
	pen_text(pen, key->key);
	pen->role = ROLE_KEY_LABEL;
	if (*key->label)
		pen_printf(pen, " %s ", _(key->label));
	pen_text(pen, " ");
}

int
keybar_least(const struct key_label *keys, size_t count)
{
	return keybar_cells(&keys[count - 2]) + keybar_cells(&keys[count - 1]) - 2;
}

/* Without the label of the last item but one. */
static int
keybar_briefly(const struct key_label *keys, size_t count)
{
	return keybar_least(keys, count) - (int)utf8_width(_(keys[count - 2].label)) - 1;
}

static size_t
keybar_item_bytes(const char *items)
{
	const char *gap = strstr(items, "  ");

	return gap ? (size_t)(gap - items) : strlen(items);
}

static int
keybar_item_cells(const struct pen *pen, const char *item)
{
	char *text = mem_string_n(item, keybar_item_bytes(item));
	int cells = canvas_width(pen->canvas, text) + 2;

	free(text);
	return cells;
}

static void
keybar_item(struct pen *pen, const char *item)
{
	char *text = mem_string_n(item, keybar_item_bytes(item));
	size_t key = strcspn(text, " ");

	pen->role = ROLE_KEY;
	pen_printf(pen, "%.*s", (int)key, text);
	pen->role = ROLE_KEY_LABEL;
	pen_printf(pen, "%s  ", text + key);
	free(text);
}

/* How many of the items fit before the reserved columns, with Space's first, because it leads on.
 * drawn: marks them. */
static int
keybar_items(struct pen *pen, const char *items, int reserved, bool drawn)
{
	const char *lead = strstr(items, "Space ");
	int column = pen->column, space = lead ? keybar_item_cells(pen, lead) : 0, fit = 0;
	bool full = false;

	for (; *items; items += strspn(items, " ")) {
		bool leads = items == lead;
		int cells = keybar_item_cells(pen, items);

		space = leads ? 0 : space;
		full |= column + cells + space + reserved > pen->limit;
		if (!full || (leads && column + cells + reserved <= pen->limit)) {
			column += cells;
			fit++;
			if (drawn)
				keybar_item(pen, items);
		}
		items += keybar_item_bytes(items);
	}
	return fit;
}

bool
keybar_text(struct pen *pen, const char *items, const struct key_label *keys, size_t count)
{
	int least = keybar_least(keys, count), brief = keybar_briefly(keys, count);
	bool briefly =
	    keybar_items(pen, items, brief, false) > keybar_items(pen, items, least, false);

	keybar_items(pen, items, briefly ? brief : least, true);
	return briefly;
}

void
keybar_draw(struct pen *pen, const struct key_label *keys, size_t count, bool briefly)
{
	int reserved = briefly ? keybar_briefly(keys, count) : keybar_least(keys, count);

	for (size_t i = 0; i < count - 2; i++)
		if (pen->column + keybar_cells(&keys[i]) + reserved <= pen->limit)
			keybar_key(pen, &keys[i]);
	if (briefly)
		keybar_item(pen, keys[count - 2].key);
	else
		keybar_key(pen, &keys[count - 2]);
	keybar_key(pen, &keys[count - 1]);
}

/* Bytes to cut at the left so that the cursor stays in sight. */
static size_t
prompt_start(const struct canvas *canvas, const char *text, size_t cursor, int cells)
{
	char *before = mem_string_n(text, cursor);
	size_t start = 0;

	while (start < cursor && canvas_width(canvas, before + start) >= cells) {
		uint32_t code;

		start += utf8_decode(before + start, cursor - start, &code);
	}
	free(before);
	return start;
}

static void
draw_hint(struct canvas *canvas, int margin, const struct pen *after, const char *hint)
{
	struct pen pen = *after;

	pen.role = ROLE_DIM;
	if (pen.column + 3 + canvas_width(canvas, hint) > canvas->columns && pen.row > 0) {
		pen = pen_at(canvas, margin, pen.row - 1, canvas->columns, ROLE_DIM);
		pen_text(&pen, hint);
		pen_fill(&pen);
	} else {
		pen_printf(&pen, "   %s", hint);
	}
}

void
prompt_draw(
    struct canvas *canvas, int margin, int row, const char *text, size_t cursor, const char *hint)
{
	size_t length = strlen(text), at = cursor < length ? cursor : length, start;
	struct pen pen = pen_at(canvas, margin, row, canvas->columns, ROLE_PROMPT), blank = pen;
	char *before;

	pen_fill(&blank);
	pen_text(&pen, ":");
	start = prompt_start(canvas, text, at, canvas->columns - pen.column);
	before = mem_string_n(text + start, at - start);
	pen_text(&pen, before);
	canvas->cursor_column = pen.column < canvas->columns ? pen.column : canvas->columns - 1;
	canvas->cursor_row = row;
	pen_text(&pen, text + at);
	if (hint && *hint)
		draw_hint(canvas, margin, &pen, hint);
	free(before);
}
