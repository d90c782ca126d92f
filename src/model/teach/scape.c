#include "config.h"
#include "model/teach/scape.h"

#include <stdlib.h>
#include <string.h>

#define PROCESSES_ASKED 5 /* as many as a person can keep in mind */

static bool
scape_is_own(int at)
{
	return at >= AT_FIRST;
}

/* fork copies page tables by VMA: one that was written is entered whole. */
static void
find_inherited(struct scape *scape)
{
	uint16_t anywhere = 0;

	for (uint32_t page = 0; page < scape->count; page++)
		anywhere |= scape->owned[page];
	for (uint32_t page = 0; page < scape->count; page++)
		scape->pages[page].inherited = scape->one_vma ? anywhere : scape->owned[page];
}

bool
scape_observe(struct scape *scape, const struct snapshot *now)
{
	if (now->lab != scape->lab)
		memset(scape->owned, 0, sizeof(scape->owned));
	scape->lab = now->lab;
	scape->count = now->page_count;
	scape->one_vma = now->one_vma;
	if (scape->count > SCAPE_PAGES_MAX)
		return false;
	for (uint32_t page = 0; page < scape->count; page++) {
		if (!outlook_of(&scape->pages[page], now, page))
			return false;
		if (!scape->turns_clean)
			scape->pages[page].dirty = TRI_UNKNOWN;
		for (int i = 0; i < PROCESSES_MAX; i++)
			if (scape_is_own(scape->pages[page].at[i]))
				scape->owned[page] |= (uint16_t)BIT(i);
	}
	find_inherited(scape);
	return true;
}

void
scape_after(struct scape *scape, const struct deed *deed)
{
	for (uint32_t page = 0; page < scape->count; page++) {
		guess(&scape->pages[page], deed, page, GUESS_EXPECTED);
		if (deed->type == DEED_FORK && scape->owned[page] & BIT(deed->process - 'a'))
			scape->owned[page] |= (uint16_t)BIT(deed->child - 'a');
		if (deed->process && scape_is_own(scape->pages[page].at[deed->process - 'a']))
			scape->owned[page] |= (uint16_t)BIT(deed->process - 'a');
	}
	find_inherited(scape);
}

static char *
scape_words_of(const struct outlook *outlook, enum asks asks)
{
	struct buf words = BUF_INIT;

	outlook_words(&words, outlook, asks);
	return buf_take(&words);
}

bool
scape_tells_apart(
    const struct scape *before, const struct scape *now, uint32_t page, char **was, char **is)
{
	const struct outlook *one = &before->pages[page], *other = &now->pages[page];
	bool known = one->dirty != TRI_UNKNOWN && other->dirty != TRI_UNKNOWN;
	enum asks asks = known && one->dirty != other->dirty ? ASKS_DIRTY : ASKS_STATES;

	*was = scape_words_of(one, asks);
	*is = scape_words_of(other, asks);
	if (strcmp(*was, *is) != 0)
		return true;
	free(*was);
	free(*is);
	return false;
}

bool
scape_looks_same(const struct scape *one, const struct scape *other)
{
	for (uint32_t page = 0; page < one->count; page++) {
		char *was, *is;

		if (!scape_tells_apart(one, other, page, &was, &is))
			continue;
		free(was);
		free(is);
		return false;
	}
	return true;
}

size_t
scape_alive(const struct scape *scape)
{
	size_t count = 0;

	for (int i = 0; i < PROCESSES_MAX; i++)
		count += scape->pages[0].at[i] >= AT_ABSENT;
	return count;
}

static char
scape_free_name(const struct scape *scape)
{
	for (int i = 0; i < PROCESSES_MAX; i++)
		if (scape->pages[0].at[i] == AT_NOBODY)
			return (char)('a' + i);
	return 0;
}

/* Has the process a page there that fork enters in the child's table only because another page of
 * the same VMA was written? */
static bool
comes_along(const struct scape *scape, uint32_t page, int process)
{
	int at = scape->pages[page].at[process];

	return at == AT_FILE || at == AT_ZERO;
}

/* What fork does can be told from what is seen, and is what it does to an ordinary program, whose
 * pages are one VMA. */
static bool
can_fork(const struct scape *scape, int process)
{
	bool written = false, owns = false, along = false;

	if (scape_alive(scape) >= PROCESSES_ASKED || !scape_free_name(scape))
		return false;
	for (uint32_t page = 0; page < scape->count; page++) {
		written |= (scape->owned[page] & BIT(process)) != 0;
		owns |= scape_is_own(scape->pages[page].at[process]);
		along |= comes_along(scape, page, process);
	}
	return kind_is_shared(scape->pages[0].kind) || !written || !along ||
	    (scape->one_vma && owns);
}

static void
add_possible(struct possible *possible, struct deed deed)
{
	if (possible->count < DEEDS_POSSIBLE)
		possible->deeds[possible->count++] = deed;
	possible->types |= BIT(deed.type);
}

static void
possible_of_page(struct possible *possible, const struct scape *scape, char process, uint32_t page)
{
	static const enum deed_type types[] = {DEED_READ, DEED_WRITE, DEED_DROP, DEED_SYNC};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i] != DEED_SYNC || kind_has_disk(scape->pages[0].kind))
			add_possible(possible,
			    (struct deed){.type = types[i], .process = process, .page = page});
}

void
possible_find(struct possible *possible, const struct scape *scape)
{
	possible->count = 0;
	possible->types = 0;
	for (int i = 0; i < PROCESSES_MAX; i++) {
		char name = (char)('a' + i);

		if (scape->pages[0].at[i] < AT_ABSENT)
			continue;
		for (uint32_t page = 0; page < scape->count; page++)
			possible_of_page(possible, scape, name, page);
		if (can_fork(scape, i))
			add_possible(possible,
			    (struct deed){
				.type = DEED_FORK,
				.process = name,
				.child = scape_free_name(scape),
			    });
		if (scape_alive(scape) > 2)
			add_possible(possible, (struct deed){.type = DEED_KILL, .process = name});
	}
	for (uint32_t page = 0; page < scape->count && kind_has_disk(scape->pages[0].kind); page++)
		add_possible(possible, (struct deed){.type = DEED_FILE_WRITE, .page = page});
}
