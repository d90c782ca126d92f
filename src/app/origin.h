/*
 * Where a capture comes from, for its metadata: the state in words, and the command line that recreates it.
 */
#ifndef APP_ORIGIN_H
#define APP_ORIGIN_H

#include "app/capture.h"
#include "app/session.h"
#include "out/picture.h"

/* The texts that a struct origin borrows. */
struct provenance {
	struct buf title, description, command_line, kernel;
	struct origin origin;
};

void provenance_of(struct provenance *provenance, const struct session *session, const struct capture *capture);
void provenance_free(struct provenance *provenance);

void origin_add_word(struct buf *out, const char *text); /* as a word of the shell */
uint64_t origin_time_s(uint64_t time_ns); /* SOURCE_DATE_EPOCH, where that is set */

#endif
