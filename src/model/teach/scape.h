/*
 * The outlook on every page of a small lab, and what could be done there next.
 */
#ifndef MODEL_TEACH_SCAPE_H
#define MODEL_TEACH_SCAPE_H

#include "model/teach/guess.h"
#include "model/teach/outlook.h"

#define SCAPE_PAGES_MAX 4
#define DEEDS_POSSIBLE 160

#define BIT(n) (1u << (n))

struct scape {
	uint32_t lab; /* of the snapshot */
	uint32_t count;
	bool one_vma;
	bool turns_clean; /* set by whoever begins: else pages are not called dirty or clean */
	struct outlook pages[SCAPE_PAGES_MAX];
	uint16_t owned[SCAPE_PAGES_MAX]; /* processes that ever had an anonymous frame there: fork
					  * then copies the entry, whatever it is. Bit 0 is a */
};

/* Goes on from what it was before the snapshot. false: something is not known, or the lab is too
 * big. */
bool scape_observe(struct scape *scape, const struct snapshot *now);

/* Goes on to what is expected of the act. */
void scape_after(struct scape *scape, const struct deed *deed);

/* What a page was before and is now, as far as it tells them apart, for the caller to free; false,
 * and nothing: it looks the same. */
bool scape_tells_apart(
    const struct scape *before, const struct scape *now, uint32_t page, char **was, char **is);
bool scape_looks_same(const struct scape *one, const struct scape *other);
size_t scape_alive(const struct scape *scape); /* processes */

/* Acts whose outcome can be told from what is seen. */
struct possible {
	struct deed deeds[DEEDS_POSSIBLE];
	size_t count;
	unsigned types; /* bits of enum deed_type */
};

void possible_find(struct possible *possible, const struct scape *scape);

#endif
