/*
 * What --compare=siblings found, as JSON. Internal to src/out/family.
 */
#ifndef OUT_FAMILY_SIBLINGS_JSON_H
#define OUT_FAMILY_SIBLINGS_JSON_H

#include "model/family/family.h"
#include "out/json/json_write.h"

/* Member "siblings" of the object: of a region, or of all, &family->siblings, with how they were
 * compared. Nothing if it was not requested. */
void siblings_write(
    struct json *json, const struct family *family, const struct siblings *siblings);

#endif
