/*
 * A decoder: what one runtime (an interpreter, an allocator) keeps in memory. Internal to
 * src/blame/data. It reads memory that may be hostile: bounded in reads, and in steps.
 *
 * A runtime is recognized by a module of the program, an ELF file that is mapped. Its find() claims
 * what it knows by the memory alone, such as pages of its own; find_within() what it knows by the
 * block that another's allocator handed out.
 */
#ifndef BLAME_DATA_DECODER_H
#define BLAME_DATA_DECODER_H

#include "blame/data/data.h"
#include "blame/elf_symbols.h"

/* An ELF file of a program, as it is mapped: [start, end), with its .bss. */
struct module {
	uint64_t start, end, bias;
	const struct elf_file *elf;        /* never NULL, its descriptor closed */
	const struct elf_symbols *symbols; /* never NULL */
	char name[BLAME_NAME_MAX];         /* the file's last name, cleaned */
};

/* What an allocator handed out: the bytes of its user. */
struct data_block {
	uint64_t start, bytes;
	bool free;
};

/* Where a write went. */
struct data_place {
	const struct memory_reader *memory;
	const struct memory_reader *before; /* NULL: none; data_find() */
	uint64_t address;
	uint64_t start, end;         /* of its mapping */
	bool is_brk;                 /* the mapping is [heap] */
	uint64_t stack_end;          /* thread_stack_end(), 0: no stack */
	const struct module *module; /* whose static data it is; NULL: nobody's */
};

struct decoder {
	enum runtime runtime;
	/* Is this the module that the runtime is in, in a layout that is known? NULL: no. It takes
	 * symbols and versions from the file, and what its memory says. The layout belongs to the
	 * caller. */
	void *(*recognize)(const struct module *module, const struct memory_reader *memory);
	void (*forget)(void *layout);
	/* false: what lies there is not this runtime's, or not known */
	bool (*find)(void *layout, const struct data_place *place, struct data_found *found);
	/* NULL: it never asks others for memory */
	bool (*find_within)(void *layout, const struct data_place *place,
	    const struct data_block *block, struct data_found *found);
	/* of allocators: the block that holds the place, free or not; NULL: is none */
	bool (*block)(void *layout, const struct data_place *place, struct data_block *block);
};

/* Always true, so that a decoder ends with it. object may be from outside: it is cleaned. */
bool data_claim(
    struct data_found *found, enum cause cause, enum runtime runtime, const char *object);

/* What of an outside text fits, cleaned. */
void data_clean(char to[BLAME_NAME_MAX], const char *text, size_t bytes);

/* A text of the target, "" where it isn't one: no control characters, ends within the buffer. */
bool data_text(const struct memory_reader *memory, uint64_t address, char *text, size_t room);

/* The address where the symbol is mapped; 0: the module has none. */
uint64_t module_symbol(const struct module *module, const char *name);

#endif
