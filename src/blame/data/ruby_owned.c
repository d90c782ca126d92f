#include "config.h"
#include "blame/data/ruby.h"

/* include/ruby/internal/core, internal/hash.h, st.c, vm_core.h */
#define OBJECT 0x01u
#define STRING 0x05u
#define ARRAY 0x07u
#define HASH 0x08u
#define IMEMO 0x1au
#define FLAG_1 (UINT64_C(1) << 13)
#define FLAG_3 (UINT64_C(1) << 15)
#define ISEQ_MASK UINT64_C(0xf01f)
#define ISEQ UINT64_C(0x701a)
#define LENGTH_MOST (UINT64_C(1) << 40)
#define POWER_MOST 40

/* Strings that are elsewhere have the flag, arrays and objects lack it. */
bool
ruby_may_own(const void *layout, const uint64_t words[2])
{
	uint64_t flags = words[0];

	(void)layout;
	if (words[1] % 8)
		return false;
	switch (flags & RUBY_TYPE_MASK) {
	case STRING:
		return flags & FLAG_1;
	case ARRAY:
	case OBJECT:
		return !(flags & FLAG_1);
	case HASH:
		return flags & FLAG_3;
	case IMEMO:
		return (flags & ISEQ_MASK) == ISEQ;
	}
	return false;
}

static size_t
owns(struct data_owned *owned, uint64_t start, uint64_t bytes, const char *type)
{
	*owned = (struct data_owned){start, bytes, type};
	return start && bytes < LENGTH_MOST;
}

/* struct st_table: bins are numbers of 1 to 8 bytes, entries three words. */
static size_t
hash_owned(const struct ruby_layout *layout, const struct memory_reader *memory, uint64_t object,
    struct data_owned owned[OWNED_MOST])
{
	struct {
		uint8_t entry_power, bin_power, bin_bytes_power, unused[5];
		uint64_t type, count, bins, first, end, entries;
	} table;
	uint64_t at = layout->tables_within ? object + 24 : memory_word(memory, object + 16);
	size_t count = 0;

	if (!memory_read(memory, at, &table, sizeof(table)) || table.entry_power > POWER_MOST ||
	    table.bin_power > POWER_MOST || table.bin_bytes_power > 3)
		return 0;
	count += owns(&owned[count], table.entries, UINT64_C(24) << table.entry_power, "Hash");
	count += owns(&owned[count], table.bins,
	    UINT64_C(1) << (table.bin_power + table.bin_bytes_power), "Hash");
	return count + (layout->tables_within ? 0 : owns(&owned[count], at, sizeof(table), "Hash"));
}

static size_t
ivars_owned(const struct ruby_layout *layout, const struct memory_reader *memory, uint64_t object,
    struct data_owned owned[OWNED_MOST])
{
	if (layout->counted_ivars)
		return owns(owned, memory_word(memory, object + 24),
		    (memory_word(memory, object + 16) & UINT32_MAX) * 8, "Object");
	return owns(owned, memory_word(memory, object + 16), 0, "Object");
}

static size_t
iseq_owned(const struct ruby_layout *layout, const struct memory_reader *memory, uint64_t object,
    struct data_owned owned[OWNED_MOST])
{
	uint64_t body = memory_word(memory, object + 16);
	size_t count = owns(owned, body, 0, "iseq");

	if (!count)
		return 0;
	count += owns(&owned[count], memory_word(memory, body + 8),
	    (memory_word(memory, body) >> 32) * 8, "iseq");
	return count +
	    owns(&owned[count], memory_word(memory, body + layout->call_data), 0, "iseq");
}

size_t
ruby_owned(const void *layout, const struct memory_reader *memory, uint64_t object,
    struct data_owned owned[OWNED_MOST])
{
	const uint64_t words[2] = {memory_word(memory, object), memory_word(memory, object + 8)};
	uint64_t length = memory_word(memory, object + 16);

	if (!ruby_may_own(layout, words) || !ruby_is_slot(layout, memory, object))
		return 0;
	switch (words[0] & RUBY_TYPE_MASK) {
	case STRING: /* with the byte that ends it */
		return owns(owned, memory_word(memory, object + 24), length + 1, "String");
	case ARRAY:
		return owns(owned, memory_word(memory, object + 32), length * 8, "Array");
	case HASH:
		return hash_owned(layout, memory, object, owned);
	case OBJECT:
		return ivars_owned(layout, memory, object, owned);
	}
	return iseq_owned(layout, memory, object, owned);
}
