/*
 * A decoder: what one runtime (an interpreter, an allocator) keeps in memory. Internal to
 * src/blame/data. The memory it reads may be hostile: reads and steps are limited.
 *
 * A runtime is recognized by a module of the program, a mapped ELF file. Its find() claims what it
 * knows from the memory alone, such as pages of its own; find_within() what it knows from the block
 * that another runtime's allocator handed out.
 */
#ifndef BLAME_DATA_DECODER_H
#define BLAME_DATA_DECODER_H

#include "blame/data/data.h"
#include "blame/elf_symbols.h"

/* An ELF file of a program, mapped at [start, end), .bss included. */
struct module {
	uint64_t start, end, bias;
	const struct elf_file *elf;        /* never NULL; its descriptor is closed */
	const struct elf_symbols *symbols; /* never NULL */
	char name[BLAME_NAME_MAX];         /* the file's base name, sanitised */
};

/* A block from an allocator: the bytes available to its user. */
struct data_block {
	uint64_t start, bytes;
	bool free;
};

/* Memory of an allocator that an object owns. */
struct data_owned {
	uint64_t start, bytes; /* bytes 0: the whole block that begins there */
	const char *type;      /* the object's */
};

#define OWNED_MOST 4

/* Where a write went. */
struct data_place {
	const struct memory_reader *memory;
	const struct memory_reader *before; /* see data_find(); NULL: none */
	uint64_t address;
	uint64_t start, end;         /* of its mapping */
	bool is_brk;                 /* the mapping is [heap] */
	uint64_t stack_end;          /* thread_stack_end(); 0: not a stack */
	const struct module *module; /* whose static data it is; NULL: none */
};

struct decoder {
	enum runtime runtime;
	/* Does this module contain the runtime, in a known layout? NULL: no. Takes symbols and
	 * versions from the file, and contents from memory. The caller owns the layout. */
	void *(*recognize)(const struct module *module, const struct memory_reader *memory);
	void (*forget)(void *layout);
	/* false: what lies there isn't this runtime's, or is unknown */
	bool (*find)(void *layout, const struct data_place *place, struct data_found *found);
	/* NULL: it never takes memory from another runtime */
	bool (*find_within)(void *layout, const struct data_place *place,
	    const struct data_block *block, struct data_found *found);
	/* of allocators: the block that contains the place, free or not; NULL: not an allocator */
	bool (*block)(void *layout, const struct data_place *place, struct data_block *block);
	/* Could an object that begins with these words own memory? A quick test. NULL: none does.
	 */
	bool (*may_own)(const void *layout, const uint64_t words[2]);
	/* what the object owns; 0: nothing, or it isn't an object */
	size_t (*owned)(const void *layout, const struct memory_reader *memory, uint64_t object,
	    struct data_owned owned[OWNED_MOST]);
};

/* Always true, so that a decoder can return it. object may come from outside: it is sanitised. */
bool data_claim(
    struct data_found *found, enum cause cause, enum runtime runtime, const char *object);

/* As much of an outside text as fits, sanitised. */
void data_clean(char to[BLAME_NAME_MAX], const char *text, size_t bytes);

/* A text of the target; "" if it isn't one: no control characters, ends within the buffer. */
bool data_text(const struct memory_reader *memory, uint64_t address, char *text, size_t room);

/* The address at which the symbol is mapped; 0: the module lacks it. */
uint64_t module_symbol(const struct module *module, const char *name);

#endif
