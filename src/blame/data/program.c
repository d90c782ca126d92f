#include "config.h"
#include "blame/data/program.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "blame/data/decoders.h"
#include "blame/data/owners.h"

#define MODULES_MAX 2048

static const struct decoder *const decoders[] = {
    &decoder_cpython,
    &decoder_ruby,
    &decoder_glibc,
};

static uint64_t
key_mix(uint64_t key, uint64_t value)
{
	return (key ^ value) * UINT64_C(0x9e3779b97f4a7c15) ^ key >> 29;
}

static bool
vma_is_code(const struct vma *vma)
{
	return vma->kind == REGION_FILE && vma->perms[2] == 'x';
}

uint64_t
program_key(const struct suspect *suspect)
{
	uint64_t key = suspect->word;

	for (size_t i = 0; i < suspect->maps.count; i++) {
		const struct vma *vma = &suspect->maps.list[i];

		if (vma_is_code(vma))
			key = key_mix(key_mix(key_mix(key, vma->start), vma->device), vma->inode);
	}
	return key;
}

static struct elf_stored *
elf_store_add(struct elf_store *store, const struct vma *vma)
{
	struct elf_stored *stored = mem_zero(1, sizeof(*stored));

	stored->device = vma->device;
	stored->inode = vma->inode;
	store->files = mem_resize(store->files, store->count + 1, sizeof(struct elf_stored *));
	return store->files[store->count++] = stored;
}

/* NULL: not an ELF file, or too many are stored. */
static const struct elf_stored *
elf_store_find(struct elf_store *store, const struct suspect *suspect, const struct vma *vma)
{
	struct elf_stored *stored;
	int fd;

	for (size_t i = 0; i < store->count; i++)
		if (store->files[i]->device == vma->device && store->files[i]->inode == vma->inode)
			return store->files[i]->valid ? store->files[i] : NULL;
	if (store->symbol_bytes > ELF_SYMBOLS_KEPT || store->count >= MODULES_MAX)
		return NULL;
	fd = suspect_open_file(suspect, vma);
	if (fd < 0)
		return NULL;
	stored = elf_store_add(store, vma);
	stored->valid = elf_file_open(&stored->elf, fd);
	if (!stored->valid)
		return NULL;
	elf_symbols_read(&stored->symbols, &stored->elf, NULL);
	elf_file_shut(&stored->elf);
	store->symbol_bytes += stored->symbols.bytes;
	return stored;
}

void
elf_store_release(struct elf_store *store)
{
	for (size_t i = 0; i < store->count; i++) {
		elf_symbols_release(&store->files[i]->symbols);
		elf_file_close(&store->files[i]->elf);
		free(store->files[i]);
	}
	free(store->files);
	memset(store, 0, sizeof(*store));
}

static void
module_set_name(struct module *module, const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	const char *gone = strstr(name, " (deleted)");

	data_clean(module->name, name, gone ? (size_t)(gone - name) : strlen(name));
}

static void
program_add_module(struct program *program, struct suspect *suspect, struct elf_store *store,
    const struct vma *vma)
{
	const struct elf_stored *stored = elf_store_find(store, suspect, vma);
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), from, to;
	struct module *module;

	if (!stored || stored->elf.word != suspect->word || !elf_extent(&stored->elf, &from, &to))
		return;
	module = &program->modules[program->module_count];
	if (!elf_bias(&stored->elf, vma->start, vma->offset, true, &module->bias))
		return;
	module->start = module->bias + from;
	module->end = (module->bias + to + page - 1) / page * page;
	module->elf = &stored->elf;
	module->symbols = &stored->symbols;
	module_set_name(module, vma->path);
	program->module_count++;
}

/* A file is a module if it is mapped executable; its other mappings follow from its segments. */
static void
program_add_modules(struct program *program, struct suspect *suspect, struct elf_store *store)
{
	program->modules = mem_zero(MODULES_MAX, sizeof(*program->modules));
	for (size_t i = 0; i < suspect->maps.count && program->module_count < MODULES_MAX; i++) {
		const struct vma *vma = &suspect->maps.list[i];

		if (vma_is_code(vma) && !program_module(program, vma->start))
			program_add_module(program, suspect, store, vma);
	}
	program->modules =
	    mem_resize(program->modules, program->module_count + 1, sizeof(*program->modules));
}

static void
program_recognize(
    struct program *program, const struct decoder *decoder, const struct memory_reader *memory)
{
	for (size_t i = 0; i < program->module_count; i++) {
		struct program_runtime *runtime = &program->runtimes[program->runtime_count];

		if (program->runtime_count == PROGRAM_RUNTIMES)
			return;
		runtime->layout = decoder->recognize(&program->modules[i], memory);
		runtime->decoder = decoder;
		program->runtime_count += runtime->layout != NULL;
	}
}

void
program_read(struct program *program, struct suspect *suspect, struct elf_store *store)
{
	struct memory_reader memory = suspect_memory(suspect);

	memset(program, 0, sizeof(*program));
	program->key = program_key(suspect);
	program_add_modules(program, suspect, store);
	for (size_t i = 0; i < sizeof(decoders) / sizeof(decoders[0]); i++)
		program_recognize(program, decoders[i], &memory);
}

void
program_release(struct program *program)
{
	for (size_t i = 0; i < program->runtime_count; i++)
		program->runtimes[i].decoder->forget(program->runtimes[i].layout);
	owners_release(&program->owners);
	free(program->modules);
	memset(program, 0, sizeof(*program));
}

const struct module *
program_module(const struct program *program, uint64_t address)
{
	for (size_t i = 0; i < program->module_count; i++)
		if (address >= program->modules[i].start && address < program->modules[i].end)
			return &program->modules[i];
	return NULL;
}

uint64_t
module_symbol(const struct module *module, const char *name)
{
	const struct elf_symbol *symbol = elf_symbol_named(module->symbols, name);

	return symbol ? module->bias + symbol->address : 0;
}
