#include "config.h"
#include "blame/data/mapped.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"

static bool
section_is_relocation(const char *name)
{
	static const char *const sections[] = {".got", ".got.plt", ".data.rel.ro", ".init_array",
	    ".fini_array", ".preinit_array", ".dynamic", ".ctors", ".dtors", ".jcr"};

	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++)
		if (strcmp(name, sections[i]) == 0)
			return true;
	return false;
}

/* "libc.so.6 .got" */
static bool
module_claim(
    const struct module *module, enum cause cause, const char *part, struct data_found *found)
{
	struct buf buf = BUF_INIT;

	buf_addf(&buf, "%s %s", module->name, part);
	data_claim(found, cause, RUNTIME_NONE, buf_text(&buf));
	buf_free(&buf);
	return true;
}

static bool
module_relocates(const struct data_place *place, struct data_found *found)
{
	uint64_t address = place->address - place->module->bias;
	const struct elf_section *section = elf_section_at(place->module->elf, address);
	bool sealed = elf_segment_at(place->module->elf, address, PT_GNU_RELRO);

	if (!sealed && !(section && section_is_relocation(section->name)))
		return false;
	return module_claim(place->module, CAUSE_RELOCATION,
	    section && section->name[0] ? section->name : "RELRO", found);
}

bool
mapped_decides(const struct vma *vma, const struct data_place *place, struct data_found *found)
{
	if (vma->kind == REGION_STACK)
		return data_claim(found, CAUSE_STACK, RUNTIME_NONE, "[stack]");
	if (place->module)
		return module_relocates(place, found);
	if (vma->kind == REGION_ANON && place->address < place->stack_end)
		return data_claim(found, CAUSE_STACK, RUNTIME_NONE, "thread stack");
	return false;
}

/* An allocator's words in its own static data are its own. */
static void
module_set_allocator(const struct module *module, struct data_found *found)
{
	data_written_by(module->name, found);
}

static bool
module_says(const struct data_place *place, struct data_found *found)
{
	const struct module *module = place->module;
	uint64_t address = place->address - module->bias;
	const struct elf_symbol *symbol = elf_symbol_at(module->symbols, address, ELF_OBJECT);
	const struct elf_section *section = elf_section_at(module->elf, address);

	if (symbol)
		data_claim(found, CAUSE_DATA, RUNTIME_NONE, symbol->name);
	else if (section && section->name[0])
		module_claim(module, CAUSE_DATA, section->name, found);
	else if (elf_segment_at(module->elf, address, PT_LOAD))
		module_claim(module, CAUSE_DATA, "data", found);
	else /* the rest of its last page, or a hole between segments */
		return false;
	module_set_allocator(module, found);
	return true;
}

static bool
mapping_named(const struct vma *vma, struct data_found *found)
{
	char name[BLAME_NAME_MAX];
	const char *from = vma->path + strlen("[anon:");
	size_t length = strcspn(from, "]");

	if (length >= sizeof(name))
		length = sizeof(name) - 1;
	memcpy(name, from, length);
	name[length] = '\0';
	return data_claim(found, CAUSE_OBJECT, RUNTIME_NONE, name);
}

static bool
mapping_of_file(const struct vma *vma, struct data_found *found)
{
	const char *slash = strrchr(vma->path, '/');

	return data_claim(found, CAUSE_DATA, RUNTIME_NONE, slash ? slash + 1 : vma->path);
}

bool
mapped_says(const struct vma *vma, const struct data_place *place, struct data_found *found)
{
	if (place->module && module_says(place, found))
		return true;
	if (strncmp(vma->path, "[anon:", strlen("[anon:")) == 0)
		return mapping_named(vma, found);
	return vma->kind == REGION_FILE && mapping_of_file(vma, found);
}
