/*
 * What --compare=siblings found, in words.
 */
#ifndef VIEW_FAMILY_SIBLINGS_WORDS_H
#define VIEW_FAMILY_SIBLINGS_WORDS_H

#include "base/buf.h"
#include "model/family/family.h"

#define SIBLINGS_TOLD 8

/* Whole sentences, one a line; nothing where nobody asked. */
void siblings_text(struct buf *out, const struct family *family);

/* The regions in which one frame would do for most, most first; returns how many, at most
 * SIBLINGS_TOLD. */
size_t siblings_largest(const struct family *family, size_t regions[SIBLINGS_TOLD]);

/* The same as lines of the report. */
void siblings_report(struct buf *out, const struct family *family);

#endif
