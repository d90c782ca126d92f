/*
 * Ruby's heap: pages of slots, whose structs, with the bitmaps of the collector, lie in malloc's
 * chunks. Internal to src/blame/data.
 *
 * Tested on the interpreters 2.7, 3.1 and 3.3. Of 3.0, 3.2 and 3.4 the offsets in iseqs were
 * compared with vm_core.h; their pages are not verified: 3.0 is assumed to be as 2.7, 3.4 as 3.3.
 * 64 bits only.
 */
#ifndef BLAME_DATA_RUBY_H
#define BLAME_DATA_RUBY_H

#include "blame/data/decoder.h"

struct ruby_layout {
	unsigned major, minor;
	unsigned page_bytes; /* of slots, aligned to their size */
	bool sizes_differ; /* a page's struct begins with its slots' size; else all have 40 bytes */
	unsigned bits_at;  /* where the bitmaps begin in a page's struct */
	uint64_t age_bits; /* the collector's bits in an object's flags */
	unsigned call_data; /* where an iseq's body has its call caches */
	bool tables_within; /* a hash's table is in its slot; else the slot points to it */
	bool counted_ivars; /* an object has the number of its instance variables */
	bool ages_in_flags; /* else ages have bitmaps, and one bit of the flags follows them */
};

/* A page of slots. */
struct ruby_page {
	uint64_t body, page; /* the page, and its struct */
	uint64_t start, slot_bytes, slots;
};

/* may_own() and owned() of decoder.h: the memory that slots point to. */
bool ruby_may_own(const void *layout, const uint64_t words[2]);
size_t ruby_owned(const void *layout, const struct memory_reader *memory, uint64_t object,
    struct data_owned owned[OWNED_MOST]);

/* Does an object begin there, or a free slot? */
bool ruby_is_slot(
    const struct ruby_layout *layout, const struct memory_reader *memory, uint64_t object);

#define RUBY_TYPE_MASK 0x1fu
#define RUBY_TYPE_NONE 0u

/* The page that contains the address; false: none. */
bool ruby_page_read(const struct ruby_layout *layout, const struct memory_reader *memory,
    uint64_t address, struct ruby_page *page);

/* From the lower five bits of the flags; never NULL. */
const char *ruby_type_name(uint64_t flags);

/* What lies in that slot. */
bool ruby_slot_claim(const struct ruby_layout *layout, const struct data_place *place,
    uint64_t slot, struct data_found *found);

#endif
