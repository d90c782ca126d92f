/*
 * The last row: the prompt, or the keys that are useful here.
 */
#ifndef VIEW_CANVAS_BOTTOM_H
#define VIEW_CANVAS_BOTTOM_H

#include <stdbool.h>
#include <stddef.h>

#include "view/canvas/canvas.h"

/* cursor is a byte of text; hint: completions or arguments, NULL: none. The hardware cursor marks
 * where one types. */
void prompt_draw(
    struct canvas *canvas, int margin, int row, const char *text, size_t cursor, const char *hint);

struct key_label {
	const char *key, *label; /* label untranslated; "": none */
};

void keybar_key(struct pen *pen, const struct key_label *key);

/* Text like "Space next  PgUp back", two blanks apart: as many items as fit before the last two of
 * keys, Space's first. true: one more fits if the last but one drops its label.
 */
bool keybar_text(struct pen *pen, const char *items, const struct key_label *keys, size_t count);

/* Columns that the last two of keys take. */
int keybar_least(const struct key_label *keys, size_t count);

/* The most important first, as many as fit; the last two are always there. briefly: as in
 * keybar_text(). */
void keybar_draw(struct pen *pen, const struct key_label *keys, size_t count, bool briefly);

#endif
