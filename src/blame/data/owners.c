#include "config.h"
#include "blame/data/owners.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define OWNERS_MOST (4U << 20) /* of 16 bytes */
#define RUNTIME_BITS UINT64_C(7)
_Static_assert(PROGRAM_RUNTIMES <= RUNTIME_BITS + 1, "a runtime's number fits");
#define REST_TIMES 50
#define SEARCHES_AT_ONCE 4 /* of a program, with hardly a rest */
#define OVERLAP 8          /* objects that share memory, or did */

struct owners_search {
	struct program *program;
	struct memory_reader memory;
};

static void
owners_add(struct owners *owners, uint64_t start, uint64_t object, size_t runtime)
{
	if (owners->count == OWNERS_MOST)
		return;
	if (owners->count == owners->room) {
		owners->room = owners->room ? owners->room * 2 : 1024;
		owners->list = mem_resize(owners->list, owners->room, sizeof(*owners->list));
	}
	owners->list[owners->count++] = (struct owner){start, object | runtime};
}

static void
search_object(struct owners_search *search, uint64_t object, const uint64_t words[2])
{
	const struct program *program = search->program;
	struct data_owned owned[OWNED_MOST];

	for (size_t i = 0; i < program->runtime_count; i++) {
		const struct program_runtime *runtime = &program->runtimes[i];
		size_t count;

		if (!runtime->decoder->may_own ||
		    !runtime->decoder->may_own(runtime->layout, words))
			continue;
		count = runtime->decoder->owned(runtime->layout, &search->memory, object, owned);
		for (size_t n = 0; n < count; n++)
			owners_add(&search->program->owners, owned[n].start, object, i);
	}
}

static void
search_run(void *of, uint64_t address, const uint8_t *bytes, size_t size)
{
	uint64_t words[2];

	for (size_t at = 0; at + sizeof(words) <= size; at += sizeof(words[0])) {
		memcpy(words, bytes + at, sizeof(words));
		if (words[0])
			search_object(of, address + at, words);
	}
}

static int
owner_order(const void *one, const void *other)
{
	const struct owner *a = one, *b = other;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->object < b->object ? -1 : a->object > b->object;
}

static void
owners_sort(struct owners *owners)
{
	size_t kept = 0;

	if (owners->count)
		qsort(owners->list, owners->count, sizeof(*owners->list), owner_order);
	for (size_t i = 0; i < owners->count; i++)
		if (!kept || owner_order(&owners->list[kept - 1], &owners->list[i]) != 0)
			owners->list[kept++] = owners->list[i];
	owners->count = kept;
}

/* Does any runtime of the program have owners? */
static bool
program_may_own(const struct program *program)
{
	for (size_t i = 0; i < program->runtime_count; i++)
		if (program->runtimes[i].decoder->may_own)
			return true;
	return false;
}

static bool
owners_search(struct program *program, struct suspect *suspect)
{
	struct owners_search search = {program, suspect_memory(suspect)};
	struct owners *owners = &program->owners;

	if (!program_may_own(program) || !memory_sweep_due(&owners->sweep))
		return false;
	if (owners->count == OWNERS_MOST)
		owners->count = 0;
	owners->searches += memory_sweep(&owners->sweep, suspect,
	    owners->searches < SEARCHES_AT_ONCE ? 1 : REST_TIMES, search_run, &search);
	owners_sort(owners);
	return true;
}

/* Does the object still own memory that begins there and contains the place? */
static bool
owner_claim(const struct program *program, const struct owner *owner,
    const struct data_place *place, const struct data_block *block, struct data_found *found)
{
	const struct program_runtime *runtime = &program->runtimes[owner->object & RUNTIME_BITS];
	struct data_owned owned[OWNED_MOST];
	size_t count = runtime->decoder->owned(
	    runtime->layout, place->memory, owner->object & ~RUNTIME_BITS, owned);

	for (size_t i = 0; i < count; i++) {
		uint64_t bytes = owned[i].bytes;

		if (block && block->start == owned[i].start && block->bytes > bytes)
			bytes = block->bytes;
		if (owned[i].start == owner->start && place->address - owner->start < bytes)
			return data_claim(
			    found, CAUSE_OBJECT, runtime->decoder->runtime, owned[i].type);
	}
	return false;
}

static bool
owners_known(const struct program *program, const struct data_place *place,
    const struct data_block *block, struct data_found *found)
{
	const struct owners *owners = &program->owners;
	size_t low = 0, high = owners->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (owners->list[middle].start <= place->address)
			low = middle + 1;
		else
			high = middle;
	}
	for (unsigned i = 0; i < OVERLAP && low; i++, low--)
		if (owner_claim(program, &owners->list[low - 1], place, block, found))
			return true;
	return false;
}

/* Searches take turns: what the process was forked from, which has what was there before, and the
 * process itself, which has what is new. */
static bool
is_its_turn(const struct owners *owners, const struct data_place *place)
{
	return !place->before || owners->searches % 2;
}

bool
owners_find(struct program *program, struct suspect *suspect, const struct data_place *place,
    const struct data_block *block, struct data_found *found)
{
	return owners_known(program, place, block, found) ||
	    (is_its_turn(&program->owners, place) && owners_search(program, suspect) &&
		owners_known(program, place, block, found));
}

void
owners_release(struct owners *owners)
{
	free(owners->list);
	memset(owners, 0, sizeof(*owners));
}
