/*
 * Why a guess of model/teach/guess.h is a mistake: one sentence of mistake.def.
 */
#ifndef MODEL_TEACH_MISTAKE_H
#define MODEL_TEACH_MISTAKE_H

#include "base/buf.h"
#include "model/teach/guess.h"

enum mistake {
	MISTAKE_NONE,
#define MISTAKE(name, sentence) MISTAKE_##name,
#include "model/teach/mistake.def"
#undef MISTAKE
	MISTAKE_COUNT
};

/* Appends its sentence. before: the outlook that the guess was made from. */
void mistake_text(
    struct buf *out, enum mistake mistake, const struct outlook *before, const struct deed *deed);

#endif
