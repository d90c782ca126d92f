/*
 * Reads a blame from the field "blame" of a family's JSON.
 */
#ifndef OUT_FAMILY_BLAME_LOAD_H
#define OUT_FAMILY_BLAME_LOAD_H

#include "model/family/blame.h"
#include "out/json/json_reader.h"

/* One holder; NULL: the reader failed. */
struct blame *blame_load(struct json_reader *reader, const json_t *object, uint32_t page_size);

#endif
