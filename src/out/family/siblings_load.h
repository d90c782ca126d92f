/*
 * Reads back what siblings_json.h writes. Internal to src/out/family.
 */
#ifndef OUT_FAMILY_SIBLINGS_LOAD_H
#define OUT_FAMILY_SIBLINGS_LOAD_H

#include "model/family/family.h"
#include "out/json/json_reader.h"

/* Of a region, or of all: &family->siblings. Does nothing if it isn't there. */
void siblings_load(struct json_reader *reader, const json_t *object, struct family *family,
    struct siblings *siblings);

#endif
