#include "config.h"
#include "blame/data/cpython.h"

/* Include/cpython/listobject.h, setobject.h; the same from 3.8 to 3.14. */
#define LIST_ITEMS 24
#define LIST_ALLOCATED 32
#define SET_MASK 32
#define SET_TABLE 40
#define SET_ENTRY_BYTES 16
#define ITEMS_MOST (UINT64_C(1) << 40)

bool
cpython_may_own(const void *layout, const uint64_t words[2])
{
	const struct cpython *python = layout;

	return !python->free_threaded && words[1] &&
	    (words[1] == python->list_type || words[1] == python->set_type ||
		words[1] == python->frozen_type);
}

size_t
cpython_owned(const void *layout, const struct memory_reader *memory, uint64_t object,
    struct data_owned owned[OWNED_MOST])
{
	const struct cpython *python = layout;
	uint64_t type = memory_word(memory, object + 8), count;

	if (!type || python->free_threaded)
		return 0;
	if (type == python->list_type) {
		count = memory_word(memory, object + LIST_ALLOCATED);
		*owned = (struct data_owned){
		    memory_word(memory, object + LIST_ITEMS), count * 8, "list"};
	} else if (type == python->set_type || type == python->frozen_type) {
		count = memory_word(memory, object + SET_MASK) + 1;
		*owned = (struct data_owned){memory_word(memory, object + SET_TABLE),
		    count * SET_ENTRY_BYTES, type == python->set_type ? "set" : "frozenset"};
	} else {
		return 0;
	}
	return owned->start && count && count < ITEMS_MOST;
}
