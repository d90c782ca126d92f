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

/* Title, description and command line stand: the kernel of that release, the time, and the origin that borrows them all. */
void provenance_finish(struct provenance *provenance, const char *release, uint64_t time_ns);

void provenance_free(struct provenance *provenance);

void origin_add_word(struct buf *out, const char *text); /* as a word of the shell */

#endif
