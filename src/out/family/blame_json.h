/*
 * A blame as the field "blame" of a family's JSON; and as folded stacks, which flame graph tools
 * read.
 */
#ifndef OUT_FAMILY_BLAME_JSON_H
#define OUT_FAMILY_BLAME_JSON_H

#include "base/buf.h"
#include "model/family/blame.h"
#include "out/json/json_write.h"

void json_blame(struct json *json, const struct blame *blame);

/* "process;outermost;...;innermost;cause N", one line per stack; without stacks
 * "process;module;function;cause N". */
void blame_folded(struct buf *out, const struct blame *blame);

#endif
