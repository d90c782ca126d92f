#include "config.h"
#include "model/teach/mistake.h"

#include "base/i18n.h"

static int
place_before(const struct outlook *before, const struct deed *deed)
{
	return before->at[deed->process - 'a'];
}

static bool
is_shared(const struct outlook *before, const struct deed *deed)
{
	return outlook_mapped_by(before, place_before(before, deed)) > 1;
}

/* An anonymous frame that the process alone maps. */
static bool
is_its_own(const struct outlook *before, const struct deed *deed)
{
	return place_before(before, deed) >= AT_FIRST && !is_shared(before, deed);
}

static bool
is_inherited(const struct outlook *before, const struct deed *deed)
{
	return place_before(before, deed) >= AT_FILE && outlook_is_inherited(before, deed->process);
}

static enum mistake
of_write(enum mistake mistake, const struct outlook *before, const struct deed *deed)
{
	if (kind_is_shared(before->kind))
		return MISTAKE_ONE_FRAME_FOR_ALL;
	return is_its_own(before, deed) ? MISTAKE_WRITTEN_IN_PLACE : mistake;
}

/* What the write would have meant for the others. */
static enum mistake
of_write_beside_others(enum mistake mistake, const struct outlook *before, const struct deed *deed)
{
	if (is_shared(before, deed))
		return mistake;
	return mistake == MISTAKE_COPIES_FOR_ALL
	    ? of_write(MISTAKE_WRITE_ALWAYS_COPIES, before, deed)
	    : MISTAKE_WRITE_THROUGH;
}

static enum mistake
of_fork(enum mistake mistake, const struct outlook *before, const struct deed *deed)
{
	if (mistake == MISTAKE_FORK_MAPS_THE_FILE && is_inherited(before, deed))
		return mistake;
	if (place_before(before, deed) < 0)
		return MISTAKE_NO_ENTRY;
	return kind_is_shared(before->kind) ? MISTAKE_FORK_SHARES_OBJECT : MISTAKE_FORK_SHARES_ALL;
}

static enum mistake
of_sync(enum mistake mistake, const struct outlook *before, const struct deed *deed)
{
	int place = place_before(before, deed);

	if (mistake == MISTAKE_SYNC_MERGES && place != AT_FILE)
		return place >= AT_FIRST ? mistake : MISTAKE_SYNC_OF_ABSENT;
	return kind_is_shared(before->kind) ? MISTAKE_SYNC_LEAVES_DIRTY : MISTAKE_SYNC_OF_PRIVATE;
}

/* The mistake whose sentence holds, given what was there before. */
static enum mistake
mistake_there(enum mistake mistake, const struct outlook *before, const struct deed *deed)
{
	bool shared = kind_is_shared(before->kind);

	switch (mistake) {
	case MISTAKE_READ_FILLS:
		return place_before(before, deed) >= 0 ? MISTAKE_READ_MAPPED : mistake;
	case MISTAKE_WRITE_ALWAYS_COPIES:
	case MISTAKE_WRITE_FILLS:
		return of_write(mistake, before, deed);
	case MISTAKE_COPIES_FOR_THE_OTHERS:
	case MISTAKE_COPIES_FOR_ALL:
		return shared ? MISTAKE_ONE_FRAME_FOR_ALL
			      : of_write_beside_others(mistake, before, deed);
	case MISTAKE_TAKES_FROM_THE_OTHERS:
		return shared ? MISTAKE_OTHERS_STAY : of_write_beside_others(mistake, before, deed);
	case MISTAKE_REACHES_THE_FILE:
		return before->kind == KIND_PRIVATE_FILE
		    ? mistake
		    : of_write(MISTAKE_WRITE_ALWAYS_COPIES, before, deed);
	case MISTAKE_WRITE_NOTHING:
		return shared ? MISTAKE_WROTE_IN_ONE_FRAME : mistake;
	case MISTAKE_FORK_SHARES_ALL:
	case MISTAKE_FORK_MAPS_THE_FILE:
		return of_fork(mistake, before, deed);
	case MISTAKE_SYNC_LEAVES_DIRTY:
	case MISTAKE_SYNC_MERGES:
		return of_sync(mistake, before, deed);
	default:
		return mistake;
	}
}

void
mistake_text(
    struct buf *out, enum mistake mistake, const struct outlook *before, const struct deed *deed)
{
	static const char *const sentences[MISTAKE_COUNT] = {
#define MISTAKE(name, sentence) [MISTAKE_##name] = (sentence),
#include "model/teach/mistake.def"
#undef MISTAKE
	};

	if (mistake != MISTAKE_NONE)
		buf_addf(out, _(sentences[mistake_there(mistake, before, deed)]), deed->process,
		    deed->child);
}
