#include "config.h"
#include "blame/join/settling.h"

#include <stdlib.h>

#include "base/mem.h"

uint64_t
settling_steady(const struct settling *settling, uint64_t real_ns)
{
	return real_ns > settling->real_ahead_ns ? real_ns - settling->real_ahead_ns : 0;
}

static enum copies_past
past_of(const void *with, const struct member *member)
{
	const struct settling *settling = with;
	const struct kindred_one *one = by_pid_find(&settling->kindred->all, member->pid);
	bool was = family_member(settling->before, member->name) != NULL;

	if (was && (!one || one->exec_ns < settling_steady(settling, settling->before->time_ns)))
		return COPIES_KNOWN;
	return one && (one->forked || one->exec_ns) ? COPIES_BORN : COPIES_SKIP;
}

/* The latest that can have made what was read at that time, and isn't a mere read. */
static const struct fault_slot *
slot_until(const struct fault_entry *entry, uint64_t since_ns, uint64_t read_ns)
{
	const struct fault_slot *const slots[] = {&entry->last, &entry->before};
	const struct fault_slot *newest = NULL;

	for (size_t i = 0; i < 2; i++) {
		if (!slots[i]->time_ns || slots[i]->time_ns < since_ns ||
		    slots[i]->kind == FAULT_READ)
			continue;
		if (slots[i]->time_ns <= read_ns)
			return slots[i];
		newest = newest ? newest : slots[i];
	}
	return newest;
}

static const struct fault_slot *
slot_of_process(const struct settling *settling, pid_t pid, uint64_t address, uint64_t since_ns,
    uint64_t read_ns)
{
	const struct fault_entry *entry =
	    fault_table_at(settling->table, pid, address & ~(settling->page_bytes - 1));
	uint64_t program_ns = kindred_program_since(settling->kindred, pid);

	return entry ? slot_until(entry, program_ns > since_ns ? program_ns : since_ns, read_ns)
		     : NULL;
}

/* When the first of a party's children was forked from which another party descends: what it wrote
 * before, none of them shared. 0: unknown, or it has none. */
static uint64_t
shared_since(const struct settling *settling, const struct copy_party *party)
{
	const struct member *members = settling->after->members;
	uint64_t first_ns = 0;

	for (size_t i = 0; i < settling->party_count; i++) {
		int child = (int)settling->parties[i].member;
		const struct kindred_one *one;

		while (child != MEMBER_NONE && members[child].parent != (int)party->member)
			child = members[child].parent;
		one = child == MEMBER_NONE
		    ? NULL
		    : by_pid_find(&settling->kindred->all, members[child].pid);
		if (one && (!first_ns || one->born_ns < first_ns))
			first_ns = one->born_ns;
	}
	return first_ns;
}

/* By the process, or by one that shares its memory. */
static const struct fault_slot *
slot_of_party(const struct settling *settling, const struct copy_party *party)
{
	const struct family *family = settling->after;
	uint64_t read_ns = settling_steady(settling, party->read_ns);
	uint64_t since_ns = shared_since(settling, party);
	const struct fault_slot *slot = slot_of_process(
	    settling, family->members[party->member].pid, party->address, since_ns, read_ns);

	for (size_t i = 0; !slot && i < family->member_count; i++)
		if (family->members[i].memory_of == (int)party->member)
			slot = slot_of_process(
			    settling, family->members[i].pid, party->address, since_ns, read_ns);
	return slot;
}

/* The error code says that an anonymous page was filled, not copied. */
static bool
is_refill(const struct region *region, const struct fault_slot *slot)
{
	return slot && slot->kind == FAULT_MISSING && region->kind != REGION_FILE;
}

struct suspicion {
	const struct copy_party *party;
	const struct fault_slot *slot; /* NULL: no event */
};

/* Known faults first, the earliest first. */
static int
suspicions_order(const void *one, const void *other)
{
	const struct suspicion *a = one, *b = other;

	if (!a->slot || !b->slot)
		return !a->slot - !b->slot;
	return a->slot->time_ns < b->slot->time_ns ? -1 : a->slot->time_ns > b->slot->time_ns;
}

/* A parted page of which every party's part is known: the first writers copied it, the others kept
 * what was there. */
static void
tell_partings_of(const struct settling *settling, const struct region *region,
    const struct suspicion *suspicions, size_t count, size_t copies)
{
	size_t index = (size_t)(region - settling->after->regions);

	for (size_t i = 0; i < copies; i++)
		if (!suspicions[i].slot || is_refill(region, suspicions[i].slot))
			return;
	for (size_t i = 0; i < count; i++) {
		const struct copy_party *party = suspicions[i].party;
		const struct strip *strip = region_strip(region, party->member);

		partings_add(settling->partings,
		    &(struct parting_told){
			.region = index,
			.page = (party->address - strip->address) / settling->after->page_size,
			.member = party->member,
			.copied = i < copies,
		    });
	}
}

/* The first writers made the copies; the last one had the frame to itself. */
static void
take_copies(void *with, const struct region *region, const struct copy_party *parties, size_t count,
    size_t copies)
{
	struct settling *settling = with;
	struct suspicion *suspicions = mem_zero(count, sizeof(*suspicions));

	settling->parties = parties;
	settling->party_count = count;
	for (size_t i = 0; i < count; i++)
		suspicions[i] =
		    (struct suspicion){&parties[i], slot_of_party(settling, &parties[i])};
	qsort(suspicions, count, sizeof(*suspicions), suspicions_order);
	for (size_t i = 0; i < copies; i++)
		if (!is_refill(region, suspicions[i].slot))
			blame_sums_add(settling->sums,
			    &settling->after->members[suspicions[i].party->member], region,
			    suspicions[i].slot);
	tell_partings_of(settling, region, suspicions, count, copies);
	free(suspicions);
}

void
settling_find(struct settling *settling)
{
	const struct copies_between between = {
	    settling->before, settling->after, past_of, take_copies, settling};

	copies_between_find(&between);
}
