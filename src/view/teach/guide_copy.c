#include "config.h"
#include "view/teach/guide.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

#define OWN_TEXTS 5

/* Every text of a guide, one after the other; NULL after the last. */
static const char **
guide_text_at(struct guide *guide, size_t index)
{
	const char **const own[OWN_TEXTS] = {
	    &guide->title, &guide->text, &guide->warning, &guide->keys, &guide->observed};
	size_t answer = (index - OWN_TEXTS) / 2;

	if (index < OWN_TEXTS)
		return own[index];
	if (answer >= guide->answer_count)
		return NULL;
	return (index - OWN_TEXTS) % 2 ? &guide->answers[answer].reason
				       : &guide->answers[answer].text;
}

/* All texts stand in one piece of memory, each with its end. */
static void
copy_texts(struct guide_copy *copy)
{
	struct buf all = BUF_INIT;
	const char **text;
	size_t at = 0;

	for (size_t i = 0; (text = guide_text_at(&copy->guide, i)); i++)
		if (*text)
			buf_add_n(&all, *text, strlen(*text) + 1);
	copy->texts = buf_take(&all);
	for (size_t i = 0; (text = guide_text_at(&copy->guide, i)); i++)
		if (*text) {
			*text = copy->texts + at;
			at += strlen(*text) + 1;
		}
}

struct guide_copy *
guide_copy(const struct guide *guide)
{
	struct guide_copy *copy = mem_zero(1, sizeof(*copy));

	copy->guide = *guide;
	copy_texts(copy);
	if (guide->pointed)
		copy->guide.pointed = copy->pointed = mem_copy(guide->pointed, guide->flags);
	if (guide->changed)
		copy->guide.changed = copy->changed = mem_copy(guide->changed, guide->flags);
	return copy;
}

void
guide_copy_free(struct guide_copy *copy)
{
	if (!copy)
		return;
	free(copy->texts);
	free(copy->pointed);
	free(copy->changed);
	free(copy);
}
