/*
 * Costs as JSON: the object "costs" of a family. Units are in the names, null is "not known".
 */
#ifndef OUT_FAMILY_COSTS_JSON_H
#define OUT_FAMILY_COSTS_JSON_H

#include "model/family/costs.h"
#include "out/json/json_write.h"

/* erosion NULL: no forecast. */
void costs_write(struct json *json, const struct family *family, const struct erosion *erosion);

#endif
