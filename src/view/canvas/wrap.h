/*
 * Text broken into lines of a width, between words; between any two characters if one is wide.
 */
#ifndef VIEW_CANVAS_WRAP_H
#define VIEW_CANVAS_WRAP_H

#include <stddef.h>

/* Bytes of the first line of text (clean, no \n) that fits into cells; *next is where the line
 * after it starts, blanks skipped. At least one character goes into a line, whatever cells is. */
size_t wrap_line(const char *text, size_t cells, size_t *next);

#endif
