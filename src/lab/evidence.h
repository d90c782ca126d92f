/*
 * One act on one page, with its evidence: the page's pagemap entry before and after, the page
 * faults, the signal or errno, and what the page holds afterwards.
 */
#ifndef LAB_EVIDENCE_H
#define LAB_EVIDENCE_H

#include "lab/mapping.h"
#include "lab/wire.h"

struct actor {
	struct mapping mapping;
	struct mapping scratch; /* one page to rehearse on */
	int pagemap;            /* its own, or -1 */
	char name;
	void (*waits)(void *whom, char holder); /* called when it must wait for a lock */
	void *whom;
};

/* Catches SIGSEGV and SIGBUS of this process, but only those caused by an act. */
int evidence_begin(struct actor *actor);

/* Brings in what the acts themselves need (code, stack), so that any fault counted later is the
 * page's. With locks it must hold none: a robust mutex is linked into its thread's list, so locking
 * the next one would write to its page. */
void evidence_rehearse(const struct actor *actor, bool locks);

/* Before the first page of a request. */
void evidence_prepare(const struct actor *actor, const struct wire_request *request);

/* LAB_READ to LAB_PAGES_LAST on one page of the actor's mapping. */
void evidence_act(
    const struct actor *actor, const struct wire_request *request, uint32_t page, struct act *act);

#endif
