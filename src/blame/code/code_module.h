/*
 * Modules: the files that code was mapped from, each read once however many processes map it, and
 * known by its device, inode, size and build-id. At most MODULES_MOST are open; what was not asked
 * for longest goes first.
 */
#ifndef BLAME_CODE_CODE_MODULE_H
#define BLAME_CODE_CODE_MODULE_H

#include <sys/types.h>

#include "blame/code/build.h"
#include "blame/code/python_object.h"
#include "blame/elf_symbols.h"
#include "blame/suspect.h"

#define MODULES_MOST 96

struct unwind_table;

struct code_module {
	uint64_t id; /* no other one's, also of later ones */
	dev_t device;
	ino_t inode;
	struct timespec changed;
	struct elf_file image;
	struct build_id build;
	struct elf_file debug; /* size 0: there is none */
	struct elf_symbols symbols;
	bool symbols_read;
	struct unwind_table *unwind; /* NULL: not read yet, or there is none */
	bool unwind_read;
	struct python python; /* no layout: none of its interpreters, or not known */
	bool python_read;
	uint64_t used;
};

/* A part of a process's addresses, and what it shows: address - bias stands in the file. */
struct code_mapping {
	uint64_t start, end, offset, device, inode;
	uint64_t bias;
	uint64_t module_id;
	struct code_module *module; /* NULL: none */
};

struct code_modules {
	struct code_module *list[MODULES_MOST];
	size_t count;
	uint64_t clock, ids;
	size_t symbol_bytes; /* of memory */
};

/* The module of a mapping of REGION_FILE or REGION_VDSO. Borrowed until the next call. NULL: no
 * file is to be had, or it is no ELF file. */
struct code_module *code_module_open(
    struct code_modules *modules, struct suspect *suspect, const struct vma *vma);

/* That one, if it is still there. */
struct code_module *code_module_again(struct code_modules *modules, uint64_t id);

void code_modules_release(struct code_modules *modules);

/* Of its file and its separate debug file; none where those of others take too much. */
const struct elf_symbols *code_module_symbols(
    struct code_modules *modules, struct code_module *module);

/* The name of the function at an address of the file. false: none covers it. */
bool code_module_function(struct code_modules *modules, struct code_module *module,
    uint64_t address, char *name, size_t room);

#endif
