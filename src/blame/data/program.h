/*
 * A program: what processes that were forked from one another have in common, the ELF files that
 * they map and the runtimes in these. Internal to src/blame/data.
 */
#ifndef BLAME_DATA_PROGRAM_H
#define BLAME_DATA_PROGRAM_H

#include "blame/data/decoder.h"
#include "blame/memory_sweep.h"

#define PROGRAM_RUNTIMES 8
#define PROGRAM_STACKS 64

/* See owners.h. */
struct owners {
	struct owner {
		uint64_t start;
		uint64_t object; /* aligned to 8; the lowest bits are the number of its runtime */
	} * list;                /* by start */
	size_t count, room;
	struct memory_sweep sweep;
	uint64_t searches; /* complete ones */
};

struct program {
	uint64_t key; /* of the executable mappings */
	uint64_t used;
	struct module *modules; /* ascending addresses */
	size_t module_count;
	struct program_runtime {
		const struct decoder *decoder;
		void *layout;
	} runtimes[PROGRAM_RUNTIMES];
	size_t runtime_count;
	struct owners owners;
	struct program_stack {
		uint64_t start, end, stack_end;
	} stacks[PROGRAM_STACKS]; /* mappings that were checked: can they be stacks? */
};

/* ELF files that were read, shared by all programs. */
struct elf_store {
	struct elf_stored {
		uint64_t device, inode;
		bool valid;
		struct elf_file elf;
		struct elf_symbols symbols;
	} * *files;
	size_t count;
	size_t symbol_bytes; /* of memory */
};

void elf_store_release(struct elf_store *store);

uint64_t program_key(const struct suspect *suspect);
void program_read(struct program *program, struct suspect *suspect, struct elf_store *store);
void program_release(struct program *program);

/* NULL: no module contains the address. */
const struct module *program_module(const struct program *program, uint64_t address);

#endif
