#include "config.h"
#include "blame/code/code_module.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "blame/code/debug_file.h"
#include "blame/code/unwind_table.h"
#include "kernel/maps.h"

#define VDSO_MOST ((size_t)64 * 1024) /* bytes */
#define VDSO_BEGIN 512

static void
code_module_free(struct code_module *module)
{
	unwind_table_free(module->unwind);
	elf_symbols_release(&module->symbols);
	elf_file_close(&module->debug);
	elf_file_close(&module->image);
	free(module);
}

static size_t
oldest_module(const struct code_modules *modules)
{
	size_t oldest = 0;

	for (size_t i = 1; i < modules->count; i++)
		if (modules->list[i]->used < modules->list[oldest]->used)
			oldest = i;
	return oldest;
}

static struct code_module *
module_used(struct code_modules *modules, struct code_module *module)
{
	module->used = ++modules->clock;
	return module;
}

static struct code_module *
module_kept(struct code_modules *modules, struct code_module *module)
{
	size_t at = modules->count;

	if (at == MODULES_MOST) {
		at = oldest_module(modules);
		modules->symbol_bytes -= modules->list[at]->symbols.bytes;
		code_module_free(modules->list[at]);
	} else {
		modules->count++;
	}
	module->id = ++modules->ids;
	modules->list[at] = module;
	return module_used(modules, module);
}

static bool
modules_are_one(const struct code_module *one, const struct code_module *other)
{
	return one->device == other->device && one->inode == other->inode &&
	    one->image.size == other->image.size && one->changed.tv_sec == other->changed.tv_sec &&
	    one->changed.tv_nsec == other->changed.tv_nsec &&
	    (one->build.size == 0 || build_ids_are_one(&one->build, &other->build));
}

/* Takes over module: returns it, or the same module if it is already known. */
static struct code_module *
module_shared(struct code_modules *modules, const struct suspect *suspect,
    struct code_module *module, const char *path)
{
	for (size_t i = 0; i < modules->count; i++)
		if (modules_are_one(modules->list[i], module)) {
			code_module_free(module);
			return module_used(modules, modules->list[i]);
		}
	debug_file_open(&module->debug, suspect, &module->image, &module->build, path);
	return module_kept(modules, module);
}

static struct code_module *
module_of_file(const struct suspect *suspect, const struct vma *vma)
{
	struct code_module *module = mem_zero(1, sizeof(*module));
	int fd = suspect_open_file(suspect, vma);
	struct stat stat;

	module->debug.fd = -1;
	if (!elf_file_open(&module->image, fd) || fstat(module->image.fd, &stat) != 0) {
		code_module_free(module);
		return NULL;
	}
	build_id_read(&module->build, &module->image);
	module->device = stat.st_dev;
	module->inode = stat.st_ino;
	module->changed = stat.st_ctim;
	return module;
}

/* The size of ours, from our mappings. 0: there is none. */
static size_t
vdso_size(void)
{
	struct maps maps = {0};
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	size_t size = 0;

	if (fd >= 0 && maps_read(&maps, fd))
		for (size_t i = 0; i < maps.count; i++)
			if (maps.list[i].kind == REGION_VDSO)
				size = maps.list[i].end - maps.list[i].start;
	if (fd >= 0)
		close(fd);
	maps_release(&maps);
	return size;
}

/* The vDSO, which is in no file and only partly present. It is the same in every process of a word
 * size, so ours is read if it begins as the process's does. */
static uint8_t *
vdso_bytes(struct suspect *suspect, const struct vma *vma, size_t *size)
{
	struct memory_reader memory = suspect_memory(suspect);
	const uint8_t *ours = (const uint8_t *)(uintptr_t)getauxval(AT_SYSINFO_EHDR);
	uint8_t begin[VDSO_BEGIN];

	*size = vma->end - vma->start;
	if (!ours || suspect->word != sizeof(void *) || *size > VDSO_MOST || *size != vdso_size() ||
	    !memory_read(&memory, vma->start, begin, sizeof(begin)) ||
	    memcmp(begin, ours, sizeof(begin)) != 0)
		return NULL;
	return mem_copy(ours, *size);
}

static struct code_module *
module_of_memory(struct suspect *suspect, const struct vma *vma)
{
	struct code_module *module;
	size_t size;
	uint8_t *bytes = vdso_bytes(suspect, vma, &size);

	if (!bytes)
		return NULL;
	module = mem_zero(1, sizeof(*module));
	module->debug.fd = -1;
	if (!elf_file_of_bytes(&module->image, bytes, size)) {
		code_module_free(module);
		return NULL;
	}
	build_id_read(&module->build, &module->image);
	return module;
}

struct code_module *
code_module_open(struct code_modules *modules, struct suspect *suspect, const struct vma *vma)
{
	struct code_module *module = vma->kind == REGION_VDSO ? module_of_memory(suspect, vma)
							      : module_of_file(suspect, vma);

	return module ? module_shared(modules, suspect, module, vma->path) : NULL;
}

struct code_module *
code_module_again(struct code_modules *modules, uint64_t id)
{
	for (size_t i = 0; i < modules->count; i++)
		if (modules->list[i]->id == id)
			return module_used(modules, modules->list[i]);
	return NULL;
}

void
code_modules_release(struct code_modules *modules)
{
	for (size_t i = 0; i < modules->count; i++)
		code_module_free(modules->list[i]);
	memset(modules, 0, sizeof(*modules));
}

const struct elf_symbols *
code_module_symbols(struct code_modules *modules, struct code_module *module)
{
	if (!module->symbols_read && modules->symbol_bytes <= ELF_SYMBOLS_KEPT) {
		elf_symbols_read(
		    &module->symbols, &module->image, module->debug.size ? &module->debug : NULL);
		modules->symbol_bytes += module->symbols.bytes;
		module->symbols_read = true;
	}
	return &module->symbols;
}

bool
code_module_function(struct code_modules *modules, struct code_module *module, uint64_t address,
    char *name, size_t room)
{
	const struct elf_symbol *symbol =
	    elf_symbol_at(code_module_symbols(modules, module), address, ELF_CODE);
	size_t length = symbol ? strnlen(symbol->name, room - 1) : 0;

	if (symbol)
		memcpy(name, symbol->name, length);
	name[length] = '\0';
	name[strcspn(name, "@")] = '\0'; /* without its version: __libc_start_main@GLIBC_2.34 */
	return name[0] != '\0';
}
