#include "config.h"
#include "blame/code/code.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "blame/code/code_names.h"
#include "blame/code/code_private.h"

struct code *
code_new(void)
{
	return mem_zero(1, sizeof(struct code));
}

void
code_free(struct code *code)
{
	if (!code)
		return;
	for (size_t i = 0; i < CODE_PERF_MAPS; i++)
		perf_map_release(&code->perf_map[i].map);
	bytecode_lists_release(&code->bytecode);
	code_modules_release(&code->modules);
	free(code);
}

static struct code_process *
code_process_of(struct code *code, pid_t pid)
{
	struct code_process *process = &code->process[(unsigned)pid % CODE_PROCESSES];

	if (process->pid != pid) {
		memset(process, 0, sizeof(*process));
		process->pid = pid;
	}
	return process;
}

void
code_forget(struct code *code, pid_t pid)
{
	struct code_process *process = &code->process[(unsigned)pid % CODE_PROCESSES];

	if (process->pid == pid)
		memset(process, 0, sizeof(*process));
	for (size_t i = 0; i < CODE_PERF_MAPS; i++)
		if (code->perf_map[i].pid == pid)
			code->perf_map[i].map.looked_ns = 0;
}

static bool
mapping_is_of(const struct code_mapping *mapping, const struct vma *vma)
{
	return mapping->start == vma->start && mapping->end == vma->end &&
	    mapping->offset == vma->offset && mapping->device == vma->device &&
	    mapping->inode == vma->inode;
}

static void
mapping_open(
    struct code *code, struct suspect *suspect, const struct vma *vma, struct code_mapping *mapping)
{
	*mapping = (struct code_mapping){
	    vma->start, vma->end, vma->offset, vma->device, vma->inode, 0, 0, NULL};
	mapping->module = code_module_open(&code->modules, suspect, vma);
	if (mapping->module &&
	    !elf_bias(&mapping->module->image, vma->start, vma->offset, vma->perms[2] == 'x',
		&mapping->bias))
		mapping->module = NULL;
	mapping->module_id = mapping->module ? mapping->module->id : 0;
}

static struct code_mapping *
mapping_kept(struct code_process *process, const struct vma *vma)
{
	for (size_t i = 0; i < CODE_MAPPINGS; i++)
		if (mapping_is_of(&process->mapping[i], vma))
			return &process->mapping[i];
	return NULL;
}

const struct code_mapping *
code_mapping_of(struct code *code, struct suspect *suspect, uint64_t address)
{
	const struct vma *vma = suspect_vma(suspect, address);
	struct code_process *process = code_process_of(code, suspect->pid);
	struct code_mapping *mapping;

	if (!vma || (vma->kind != REGION_FILE && vma->kind != REGION_VDSO))
		return NULL;
	mapping = mapping_kept(process, vma);
	if (mapping && !mapping->module_id)
		return NULL;
	if (mapping)
		mapping->module = code_module_again(&code->modules, mapping->module_id);
	else
		mapping = &process->mapping[process->next++ % CODE_MAPPINGS];
	if (!mapping->module || !mapping_is_of(mapping, vma))
		mapping_open(code, suspect, vma, mapping);
	return mapping->module ? mapping : NULL;
}

static void
place_module(struct code_place *place, const struct vma *vma)
{
	static const char deleted[] = " (deleted)";
	const char *slash = strrchr(vma->path, '/');
	const char *name = vma->path[0] == '/' && slash ? slash + 1 : vma->path;
	size_t length = strlen(name), end = sizeof(deleted) - 1;

	if (length > end && strcmp(name + length - end, deleted) == 0)
		length -= end;
	code_clean(place->module, name, length, BLAME_NAME_MAX - 1);
}

static void
place_in_file(struct code *code, const struct code_mapping *mapping, uint64_t address,
    bool after_call, struct code_place *place)
{
	char name[BLAME_NAME_MAX * 2];
	uint64_t offset = address - mapping->bias;

	place->offset = offset;
	if (code_module_function(
		&code->modules, mapping->module, offset - (after_call ? 1 : 0), name, sizeof(name)))
		code_clean(place->function, name, strlen(name), BLAME_NAME_MAX - 1);
}

static struct perf_map *
perf_map_of(struct code *code, const struct suspect *suspect)
{
	struct code_perf_map *kept = NULL;

	for (size_t i = 0; i < CODE_PERF_MAPS; i++)
		if (code->perf_map[i].pid == suspect->pid)
			kept = &code->perf_map[i];
	if (!kept) {
		kept = &code->perf_map[code->next_perf_map++ % CODE_PERF_MAPS];
		perf_map_release(&kept->map);
		kept->pid = suspect->pid;
	}
	perf_map_refresh(&kept->map, suspect);
	return &kept->map;
}

static void
place_made_at_run_time(
    struct code *code, const struct suspect *suspect, uint64_t address, struct code_place *place)
{
	const char *name = perf_map_find(perf_map_of(code, suspect), address);

	if (!name)
		return;
	if (!place->module[0])
		strcpy(place->module, "[jit]");
	code_clean(place->function, name, strlen(name), BLAME_NAME_MAX - 1);
}

void
code_place_at(struct code *code, struct suspect *suspect, uint64_t address, bool after_call,
    struct code_place *place)
{
	uint64_t inside = address - (after_call ? 1 : 0);
	const struct vma *vma = suspect_vma(suspect, inside);
	const struct code_mapping *mapping;

	memset(place, 0, sizeof(*place));
	place->offset = address;
	if (!vma)
		return;
	place_module(place, vma);
	place->offset = address - vma->start + vma->offset;
	mapping = code_mapping_of(code, suspect, inside);
	if (mapping)
		place_in_file(code, mapping, address, after_call, place);
	else if (vma->perms[2] == 'x' && vma->kind != REGION_FILE)
		place_made_at_run_time(code, suspect, inside, place);
}

void
code_place(struct code *code, struct suspect *suspect, uint64_t address, struct code_place *place)
{
	code_place_at(code, suspect, address, false, place);
}
