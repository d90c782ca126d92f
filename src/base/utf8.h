/*
 * Text as a terminal sees it: code points, cells, and the sanitiser that everything from outside
 * (file contents, paths, names, errors quoting them) passes through before it is drawn.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Decodes one code point; returns its bytes, at least 1 if length is. What isn't UTF-8 gives U+FFFD
 * and 1 byte. Stops at length. */
size_t utf8_decode(const char *text, size_t length, uint32_t *code);

/* As utf8_decode(), for a terminated text that isn't at its end; looks no further than this code
 * point. */
size_t utf8_next(const char *text, uint32_t *code);

/* Writes code as UTF-8, terminated; returns its bytes. */
size_t utf8_encode(uint32_t code, char out[5]);

/* Cells of one code point: 0 combining, 1, or 2 (East Asian wide). Not the locale's wcwidth, so
 * that a canvas is the same everywhere; -1 for what must never reach a terminal. */
int utf8_cells(uint32_t code);

/* Cells of a whole string. */
size_t utf8_width(const char *text);

/* Bytes of the longest prefix of text that fits into cells. */
size_t utf8_clip(const char *text, size_t cells);

/* Control characters, bidirectional and zero-width characters, private-use code points,
 * noncharacters and broken UTF-8 each become a '?' (U+FFFD if !ascii), and with ascii everything
 * above U+007E too; the rest is copied. */
void utf8_clean(struct buf *out, const char *text, size_t length, bool ascii);

#endif
