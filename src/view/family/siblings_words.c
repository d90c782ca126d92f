#include "config.h"
#include "view/family/siblings_words.h"

#include "base/i18n.h"
#include "view/family/family_draw.h"

static void
siblings_add_equal(struct buf *out, const struct family *family)
{
	const struct siblings *siblings = &family->siblings;
	struct buf equal = BUF_INIT, preload = BUF_INIT, copies = BUF_INIT;

	pages_text(&equal, family, siblings->equal);
	pages_text(&preload, family, siblings->equal - siblings->copies);
	pages_text(&copies, family, siblings->copies);
	if (siblings->equal)
		buf_addf(out,
		    _("Siblings hold the same bytes at the same place in frames of their own; one frame each would save %1$s: %2$s if it were loaded before the fork, %3$s if copies that are still the same had not been written to.\n"),
		    buf_text(&equal), buf_text(&preload), buf_text(&copies));
	else
		buf_add(out,
		    _("No siblings hold the same bytes at the same place in frames of their own.\n"));
	buf_free(&equal);
	buf_free(&preload);
	buf_free(&copies);
}

/* A sentence with one size in it, where that is known and not 0. */
static void
siblings_add(struct buf *out, const struct family *family, const char *sentence, uint64_t pages)
{
	struct buf size = BUF_INIT;

	if (pages == 0 || pages == COUNT_UNKNOWN)
		return;
	pages_text(&size, family, pages);
	buf_addf(out, sentence, buf_text(&size));
	buf_free(&size);
}

void
siblings_text(struct buf *out, const struct family *family)
{
	const struct siblings *siblings = &family->siblings;

	if (!family->siblings_ns)
		return;
	if (!siblings_known(siblings)) {
		buf_add(out,
		    _("Whether siblings hold the same bytes is not known: nothing of them could be read.\n"));
		return;
	}
	siblings_add_equal(out, family);
	siblings_add(out, family,
	    _("One frame for the same bytes at any place, as KSM merges them, would save %s.\n"),
	    family->equal_places);
	siblings_add(out, family,
	    _("%s more hold nothing but zeros, each in a frame of its own.\n"), siblings->zeros);
	if (siblings->compared && family->siblings_in > 1)
		buf_addf(out, _("One place in %u was read, and stands for the others.\n"),
		    family->siblings_in);
	siblings_add(out, family,
	    _("%s could not be read, or moved meanwhile: they are in none of these numbers.\n"),
	    siblings->unread);
}

size_t
siblings_largest(const struct family *family, size_t regions[SIBLINGS_TOLD])
{
	size_t count = 0;

	for (size_t i = 0; i < family->region_count; i++) {
		uint64_t equal = family->regions[i].siblings.equal;
		size_t at = count;

		while (at && family->regions[regions[at - 1]].siblings.equal < equal)
			at--;
		if (!equal || at == SIBLINGS_TOLD)
			continue;
		count += count < SIBLINGS_TOLD;
		for (size_t k = count - 1; k > at; k--)
			regions[k] = regions[k - 1];
		regions[at] = i;
	}
	return count;
}

void
siblings_report(struct buf *out, const struct family *family)
{
	size_t regions[SIBLINGS_TOLD], count;

	siblings_text(out, family);
	count = siblings_largest(family, regions);
	for (size_t i = 0; i < count; i++) {
		const struct region *region = &family->regions[regions[i]];
		struct buf size = BUF_INIT;

		pages_text(&size, family, region->siblings.equal);
		buf_addf(out, "%8s  0x%llx-0x%llx %s\n", buf_text(&size),
		    (unsigned long long)region->start, (unsigned long long)region->end,
		    *region->path ? region->path : region_kind_word(region->kind));
		buf_free(&size);
	}
}
