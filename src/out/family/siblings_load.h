/*
 * What siblings_json.h writes, back. Internal to src/out/family.
 */
#ifndef OUT_FAMILY_SIBLINGS_LOAD_H
#define OUT_FAMILY_SIBLINGS_LOAD_H

#include "model/family/family.h"
#include "out/json/json_reader.h"

/* Of a region, or of all: &family->siblings. Nothing where it is not there. */
void siblings_load(struct json_reader *reader, const json_t *object, struct family *family,
    struct siblings *siblings);

#endif
