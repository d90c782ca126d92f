#include "config.h"
#include "blame/code/python_places.h"

#define PLACE_NONE (~0U)
#define HITS_LEAST 16 /* before a frame without a name is believed */
#define OF_HUNDRED 90
#define DOUBT 2ULL /* rare findings prove little */
#define HITS_ENOUGH (1U << 20)

/* NULL: the table is full. */
static struct python_place *
python_place_of(struct python_places *places, uint64_t frame, unsigned number)
{
	for (size_t i = 0; i < places->count; i++)
		if (places->list[i].frame == frame && places->list[i].place == number)
			return &places->list[i];
	if (places->count == PLACES_MOST)
		return NULL;
	places->list[places->count] = (struct python_place){frame, number, 0, 0, 0};
	return &places->list[places->count++];
}

/* Did this place also lead to the same kind of instruction elsewhere in the machine code? */
static bool
instruction_is_strange(
    struct python_places *places, uint64_t pc, const struct python_candidate *candidate)
{
	uint64_t key = (uint64_t)candidate->place << 8 | candidate->opcode;
	struct python_met *met = &places->met[key * 0x9e3779b97f4a7c15ULL >> 32 & (PLACES_MET - 1)];

	if (!met->pc || met->key != key)
		*met = (struct python_met){pc, key};
	return met->pc != pc;
}

static void
place_counted(struct python_places *places, const struct python_candidates *candidates,
    const struct python_candidate *candidate, bool alone)
{
	struct python_place *place = python_place_of(places, candidates->frame, candidate->place);

	if (!place || place->hits >= HITS_ENOUGH)
		return;
	place->hits++;
	place->alone += alone;
	place->strange += instruction_is_strange(places, candidates->pc, candidate);
}

static bool
is_register(const struct python_candidate *candidate)
{
	return candidate->place < PLACE_SLOT;
}

/* Only slots hold stale values for long: registers keep what calls left. */
static size_t
registers_among(const struct python_candidates *candidates)
{
	size_t count = 0;

	for (size_t i = 0; i < candidates->count; i++)
		count += is_register(&candidates->list[i]);
	return count;
}

static void
places_learn(struct python_places *places, const struct python_candidates *candidates)
{
	size_t registers = registers_among(candidates);
	size_t considered = registers ? registers : candidates->count;
	struct python_place *all = python_place_of(places, candidates->frame, PLACE_NONE);

	if (all && all->hits < HITS_ENOUGH)
		all->hits++;
	for (size_t i = 0; i < candidates->count; i++)
		place_counted(places, candidates, &candidates->list[i],
		    considered == 1 && (!registers || is_register(&candidates->list[i])));
}

/* In a frame of an unknown function: is such an address nearly always there? */
static bool
place_is_sure(struct python_places *places, uint64_t frame, unsigned number)
{
	const struct python_place *all = python_place_of(places, frame, PLACE_NONE);
	const struct python_place *place = python_place_of(places, frame, number);

	return all && place && place->hits >= HITS_LEAST &&
	    (uint64_t)place->hits * 100 >= (uint64_t)all->hits * OF_HUNDRED;
}

/* Above 0: one is likelier than other. */
static int
likelier(struct python_places *places, uint64_t frame, const struct python_candidate *one,
    const struct python_candidate *other)
{
	const struct python_place *a = python_place_of(places, frame, one->place);
	const struct python_place *b = python_place_of(places, frame, other->place);

	if (!a || !b)
		return 0;
	uint64_t strange_a = (a->strange + DOUBT) * (b->hits + DOUBT);
	uint64_t strange_b = (b->strange + DOUBT) * (a->hits + DOUBT);

	if (strange_a * 2 < strange_b)
		return 1;
	if (strange_b * 2 < strange_a)
		return -1;
	if (a->alone != b->alone)
		return a->alone > b->alone ? 1 : -1;
	return a->hits > b->hits * 2ULL ? 1 : b->hits > a->hits * 2ULL ? -1 : 0;
}

static const struct python_candidate *
likeliest(struct python_places *places, const struct python_candidates *candidates, bool registers)
{
	const struct python_candidate *best = NULL;

	for (size_t i = 0; i < candidates->count; i++) {
		const struct python_candidate *candidate = &candidates->list[i];

		if (registers && !is_register(candidate))
			continue;
		if (!best || likelier(places, candidates->frame, candidate, best) > 0)
			best = candidate;
	}
	return best;
}

/* Among equally likely candidates, which differ from best: in the code object, or only in the
 * instruction. */
struct places_doubt {
	bool object, instruction;
};

static struct places_doubt
doubt_of(struct python_places *places, const struct python_candidates *candidates,
    const struct python_candidate *best, bool registers)
{
	struct places_doubt doubt = {false, false};

	for (size_t i = 0; i < candidates->count; i++) {
		const struct python_candidate *candidate = &candidates->list[i];

		if ((registers && !is_register(candidate)) ||
		    likelier(places, candidates->frame, best, candidate) > 0)
			continue;
		doubt.object |= candidate->object != best->object;
		doubt.instruction |= candidate->next != best->next;
	}
	return doubt;
}

const struct python_candidate *
python_places_choose(
    struct python_places *places, const struct python_candidates *candidates, bool *sure)
{
	bool registers = registers_among(candidates) > 0;
	const struct python_candidate *best;
	struct places_doubt doubt;

	places_learn(places, candidates);
	best = likeliest(places, candidates, registers);
	if (!best)
		return NULL;
	doubt = doubt_of(places, candidates, best, registers);
	*sure = !doubt.instruction;
	if (doubt.object ||
	    (!candidates->runs && !registers &&
		!place_is_sure(places, candidates->frame, best->place)))
		return NULL;
	return best;
}
