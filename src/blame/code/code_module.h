/*
 * Modules: the files from which code is mapped. Each is read once however many processes map it,
 * and known by its device, inode, size and build-id. At most MODULES_MOST are open; the least
 * recently used goes first.
 */
#ifndef BLAME_CODE_CODE_MODULE_H
#define BLAME_CODE_CODE_MODULE_H

#include <sys/types.h>

#include "blame/code/build.h"
#include "blame/code/python_object.h"
#include "blame/code/ruby_iseq.h"
#include "blame/elf_symbols.h"
#include "blame/suspect.h"

#define MODULES_MOST 96

struct unwind_table;

struct code_module {
	uint64_t id; /* unique, even among later ones */
	dev_t device;
	ino_t inode;
	struct timespec changed;
	struct elf_file image;
	struct build_id build;
	struct elf_file debug; /* size 0: none */
	struct elf_symbols symbols;
	bool symbols_read;
	struct unwind_table *unwind; /* NULL: not read yet, or none */
	bool unwind_read;
	struct python python; /* no layout: not a Python interpreter, or an unknown one */
	bool python_read;
	struct ruby_code ruby; /* likewise */
	bool ruby_read;
	uint64_t used;
};

/* A range of a process's addresses and its module: address - bias is the file's address. */
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

/* The module of a mapping of REGION_FILE or REGION_VDSO. Borrowed until the next call. NULL: the
 * file isn't available, or isn't ELF. */
struct code_module *code_module_open(
    struct code_modules *modules, struct suspect *suspect, const struct vma *vma);

/* The module with this id, if it still exists. */
struct code_module *code_module_again(struct code_modules *modules, uint64_t id);

void code_modules_release(struct code_modules *modules);

/* Of its file and its separate debug file; empty if other modules' symbols take too much memory. */
const struct elf_symbols *code_module_symbols(
    struct code_modules *modules, struct code_module *module);

/* The name of the function at an address of the file. false: none covers it. */
bool code_module_function(struct code_modules *modules, struct code_module *module,
    uint64_t address, char *name, size_t room);

#endif
