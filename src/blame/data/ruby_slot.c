#include "config.h"
#include "blame/data/ruby.h"

#include <stdio.h>
#include <string.h>

const char *
ruby_type_name(uint64_t flags)
{
	static const char *const names[RUBY_TYPE_MASK + 1] = {
	    [0x01] = "Object",
	    [0x02] = "Class",
	    [0x03] = "Module",
	    [0x04] = "Float",
	    [0x05] = "String",
	    [0x06] = "Regexp",
	    [0x07] = "Array",
	    [0x08] = "Hash",
	    [0x09] = "Struct",
	    [0x0a] = "Integer",
	    [0x0b] = "IO",
	    [0x0c] = "Data",
	    [0x0d] = "MatchData",
	    [0x0e] = "Complex",
	    [0x0f] = "Rational",
	    [0x14] = "Symbol",
	    [0x1a] = "imemo",
	    [0x1b] = "node",
	    [0x1c] = "iclass",
	    [0x1d] = "zombie",
	    [0x1e] = "moved",
	};
	const char *name = names[flags & RUBY_TYPE_MASK];

	return name ? name : "free slot";
}

static unsigned
ruby_type(uint64_t flags)
{
	return flags & RUBY_TYPE_MASK;
}

static bool
ruby_swept_claim(uint64_t was, struct data_found *found)
{
	char name[32];

	snprintf(name, sizeof(name), "swept %s", ruby_type_name(was));
	return data_claim(found, CAUSE_GC_MARK, RUNTIME_RUBY, name);
}

#define STRING_TYPE 0x05u
#define STRING_WORDS 5 /* flags, class, length, and a pointer to its bytes or the first of them */

/* The same length at the same place, as far as the slot says. */
static bool
ruby_string_is_same(const struct data_place *place, uint64_t slot)
{
	uint64_t now[STRING_WORDS], was[STRING_WORDS];

	return memory_read(place->memory, slot, now, sizeof(now)) &&
	    memory_read(place->before, slot, was, sizeof(was)) &&
	    memcmp(now, was, sizeof(now)) == 0;
}

/*
 * The flags' word: the collector's ages, or the object's own bits. If it was written without a
 * change it is the collector's, which also resets ages that aren't set; but appending to a string
 * resets its code range too, and where ages are in the flags the collector changes them.
 */
static bool
ruby_flags_claim(const struct ruby_layout *layout, const struct data_place *place, uint64_t slot,
    uint64_t now, uint64_t was, struct data_found *found)
{
	enum cause cause = (now ^ was) & ~layout->age_bits ? CAUSE_OBJECT : CAUSE_GC_MARK;

	if (now == was && ruby_type(now) == STRING_TYPE) {
		if (!ruby_string_is_same(place, slot))
			cause = CAUSE_OBJECT;
		else if (layout->ages_in_flags)
			cause = CAUSE_UNKNOWN;
	}
	return data_claim(found, cause, RUNTIME_RUBY, ruby_type_name(now));
}

static bool
ruby_slot_changed(const struct ruby_layout *layout, const struct data_place *place, uint64_t slot,
    uint64_t now, uint64_t was, struct data_found *found)
{
	if (ruby_type(was) && ruby_type(now) != ruby_type(was))
		return ruby_swept_claim(was, found);
	if (!ruby_type(now))
		return data_claim(found, CAUSE_ALLOCATOR, RUNTIME_RUBY, "free slot");
	if (!ruby_type(was) || place->address >= slot + 8)
		return data_claim(found, CAUSE_OBJECT, RUNTIME_RUBY, ruby_type_name(now));
	return ruby_flags_claim(layout, place, slot, now, was, found);
}

bool
ruby_slot_claim(const struct ruby_layout *layout, const struct data_place *place, uint64_t slot,
    struct data_found *found)
{
	uint64_t now, was;

	if (!memory_read(place->memory, slot, &now, sizeof(now)))
		return false;
	if (place->before && memory_read(place->before, slot, &was, sizeof(was)))
		return ruby_slot_changed(layout, place, slot, now, was, found);
	if (!ruby_type(now))
		return data_claim(found, CAUSE_ALLOCATOR, RUNTIME_RUBY, "free slot");
	return data_claim(found, place->address < slot + 8 ? CAUSE_UNKNOWN : CAUSE_OBJECT,
	    RUNTIME_RUBY, ruby_type_name(now));
}
