/*
 * A decoder: what one runtime (an interpreter, an allocator) keeps in memory. Internal to
 * src/blame/data. It reads memory that may be hostile: bounded in reads, and in steps.
 */
#ifndef BLAME_DATA_DECODER_H
#define BLAME_DATA_DECODER_H

#include "blame/data/data.h"

struct decoder {
	enum runtime runtime;
	/* Is this runtime in the process, in a layout that is known? NULL: no. It takes symbols and
	 * versions from the files that are mapped. What it returns belongs to the caller. */
	void *(*recognize)(struct suspect *suspect);
	void (*forget)(void *layout);
	/* false: what lies there is not this runtime's, or not known */
	bool (*find)(void *layout, const struct memory_reader *memory, uint64_t address,
	    struct data_found *found);
};

#endif
