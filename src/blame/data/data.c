#include "config.h"
#include "blame/data/data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "blame/data/mapped.h"
#include "blame/data/owners.h"

#define PROGRAMS 32
#define READINGS 64
#define VMAS_MAX 256 /* side by side */

struct data {
	struct elf_store store;
	struct program *programs[PROGRAMS];
	uint64_t clock; /* finds: the least recently used program goes first */
	/* the program that a reading of mappings belongs to */
	struct data_reading {
		uint64_t reading;
		struct program *program;
	} readings[READINGS];
};

struct data *
data_new(void)
{
	return mem_zero(1, sizeof(struct data));
}

static void
data_drop_program(struct data *data, size_t i)
{
	if (!data->programs[i])
		return;
	for (size_t at = 0; at < READINGS; at++)
		if (data->readings[at].program == data->programs[i])
			data->readings[at] = (struct data_reading){0};
	program_release(data->programs[i]);
	free(data->programs[i]);
	data->programs[i] = NULL;
}

void
data_free(struct data *data)
{
	if (!data)
		return;
	for (size_t i = 0; i < PROGRAMS; i++)
		data_drop_program(data, i);
	elf_store_release(&data->store);
	free(data);
}

static size_t
data_oldest_program(const struct data *data)
{
	size_t oldest = 0;

	for (size_t i = 0; i < PROGRAMS; i++) {
		if (!data->programs[i])
			return i;
		if (data->programs[i]->used < data->programs[oldest]->used)
			oldest = i;
	}
	return oldest;
}

static struct program *
data_known_program(struct data *data, struct suspect *suspect)
{
	uint64_t key = program_key(suspect);
	size_t i;

	for (i = 0; i < PROGRAMS; i++)
		if (data->programs[i] && data->programs[i]->key == key)
			return data->programs[i];
	i = data_oldest_program(data);
	data_drop_program(data, i);
	data->programs[i] = mem_zero(1, sizeof(struct program));
	program_read(data->programs[i], suspect, &data->store);
	return data->programs[i];
}

static struct program *
data_program(struct data *data, struct suspect *suspect)
{
	struct data_reading *reading = &data->readings[suspect->maps_reading % READINGS];

	if (!reading->program || reading->reading != suspect->maps_reading) {
		reading->program = data_known_program(data, suspect);
		reading->reading = suspect->maps_reading;
	}
	reading->program->used = ++data->clock;
	return reading->program;
}

void
data_clean(char to[BLAME_NAME_MAX], const char *text, size_t bytes)
{
	struct buf buf = BUF_INIT;
	size_t length;

	utf8_clean(&buf, text, bytes, false);
	length = buf.length < BLAME_NAME_MAX ? buf.length : BLAME_NAME_MAX - 1;
	while (length < buf.length && length && (buf_text(&buf)[length] & 0xc0) == 0x80)
		length--;
	memcpy(to, buf_text(&buf), length);
	to[length] = '\0';
	buf_free(&buf);
}

bool
data_claim(struct data_found *found, enum cause cause, enum runtime runtime, const char *object)
{
	found->cause = cause;
	found->runtime = runtime;
	data_clean(found->object, object, strlen(object));
	return true;
}

static bool
text_is_printable(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

bool
data_text(const struct memory_reader *memory, uint64_t address, char *text, size_t room)
{
	size_t length = 0;

	while (length < room && memory_read(memory, address + length, text + length, 1))
		if (!text[length++])
			return text_is_printable(text);
	text[0] = '\0';
	return false;
}

static bool
vma_is_guarded(const struct suspect *suspect, const struct vma *vma)
{
	const struct vma *guard = vma > suspect->maps.list ? vma - 1 : NULL;

	return guard && guard->end == vma->start && guard->perms[0] == '-' &&
	    guard->perms[1] == '-' && guard->kind == REGION_ANON;
}

#define STACK_MOST ((uint64_t)8 << 20) /* above its guard page; glibc's own default */

/* Where a stack that holds the address begins: above a guard page, which is a mapping of its own
 * or, from glibc 2.42 on, within the stack's. 0: none. */
static uint64_t
stack_start(const struct suspect *suspect, const struct vma *vma, uint64_t address)
{
	uint64_t from = address > vma->start + STACK_MOST ? address - STACK_MOST : vma->start;
	uint64_t start = suspect_guard_before(suspect, from, address);

	return start ? start : vma_is_guarded(suspect, vma) ? vma->start : 0;
}

static uint64_t
program_stack_end(
    struct program *program, const struct memory_reader *memory, uint64_t start, uint64_t end)
{
	struct program_stack *stack = &program->stacks[start / 4096 % PROGRAM_STACKS];

	if (stack->start != start || stack->end != end)
		*stack = (struct program_stack){start, end, thread_stack_end(memory, start, end)};
	return stack->stack_end;
}

static bool
runtimes_find(
    const struct program *program, const struct data_place *place, struct data_found *found)
{
	for (size_t i = 0; i < program->runtime_count; i++)
		if (program->runtimes[i].decoder->find(program->runtimes[i].layout, place, found))
			return true;
	return false;
}

static bool
runtimes_find_within(const struct program *program, const struct data_place *place,
    const struct data_block *block, struct data_found *found)
{
	for (size_t i = 0; i < program->runtime_count; i++) {
		const struct program_runtime *runtime = &program->runtimes[i];

		if (runtime->decoder->find_within &&
		    runtime->decoder->find_within(runtime->layout, place, block, found))
			return true;
	}
	return false;
}

/* Similar sizes share a name: there are many sizes. */
static void
block_set_name(const struct data_block *block, char name[BLAME_NAME_MAX])
{
	static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
	uint64_t most = block->bytes;
	size_t unit = 0;

	if (most > 512)
		for (most = 1024; most < block->bytes && most <= UINT64_MAX / 2;)
			most *= 2;
	for (; most >= 1024 && unit + 1 < sizeof(units) / sizeof(*units); unit++)
		most /= 1024;
	snprintf(name, BLAME_NAME_MAX, "%schunk of %s%llu %s", block->free ? "freed " : "",
	    block->bytes > 512 ? "up to " : "", (unsigned long long)most, units[unit]);
}

/* Nobody claimed a block: what wrote its contents is unknown. */
static bool
block_claim(const struct program_runtime *allocator, const struct data_block *block,
    struct data_found *found)
{
	char name[BLAME_NAME_MAX];

	block_set_name(block, name);
	return data_claim(found, CAUSE_UNKNOWN, allocator->decoder->runtime, name);
}

static bool
blocks_find(struct program *program, struct suspect *suspect, const struct data_place *place,
    struct data_found *found)
{
	for (size_t i = 0; i < program->runtime_count; i++) {
		const struct program_runtime *runtime = &program->runtimes[i];
		struct data_block block;

		if (runtime->decoder->block &&
		    runtime->decoder->block(runtime->layout, place, &block))
			return runtimes_find_within(program, place, &block, found) ||
			    (!block.free && owners_find(program, suspect, place, &block, found)) ||
			    block_claim(runtime, &block, found);
	}
	return owners_find(program, suspect, place, NULL, found);
}

static bool
vmas_are_one(const struct vma *low, const struct vma *high)
{
	return low->end == high->start && low->kind == high->kind && low->kind != REGION_FILE &&
	    strcmp(low->perms, high->perms) == 0 && strcmp(low->path, high->path) == 0;
}

/* A heap that has grown since a fork is two adjacent mappings. */
static void
place_set_bounds(struct data_place *place, const struct maps *maps, const struct vma *vma)
{
	const struct vma *first = vma, *last = vma;

	for (unsigned i = 0; i < VMAS_MAX && first > maps->list && vmas_are_one(first - 1, first);
	     i++)
		first--;
	for (unsigned i = 0;
	     i < VMAS_MAX && last + 1 < maps->list + maps->count && vmas_are_one(last, last + 1);
	     i++)
		last++;
	place->start = first->start;
	place->end = last->end;
	place->is_brk = vma->kind == REGION_HEAP;
}

static bool
data_find_in(struct data *data, struct suspect *suspect, const struct memory_reader *before,
    uint64_t address, struct data_found *found)
{
	struct program *program = data_program(data, suspect);
	struct memory_reader memory = suspect_memory(suspect);
	const struct vma *vma = suspect_vma(suspect, address);
	struct data_place place = {.memory = &memory, .before = before, .address = address};
	uint64_t start;

	if (!vma)
		return false;
	place_set_bounds(&place, &suspect->maps, vma);
	place.module = program_module(program, address);
	if (vma->kind == REGION_ANON && !place.module &&
	    (start = stack_start(suspect, vma, address)))
		place.stack_end = program_stack_end(program, &memory, start, vma->end);
	if (mapped_decides(vma, &place, found))
		return true;
	if (runtimes_find(program, &place, found) ||
	    (!place.module && blocks_find(program, suspect, &place, found))) {
		if (found->cause == CAUSE_UNKNOWN && !place.module)
			owners_find(program, suspect, &place, NULL, found);
		return true;
	}
	return mapped_says(vma, &place, found);
}

void
data_find(struct data *data, struct suspect *suspect, struct suspect *before, uint64_t address,
    struct data_found *found)
{
	struct memory_reader memory;

	memset(found, 0, sizeof(*found));
	found->cause = CAUSE_UNKNOWN;
	if (before)
		memory = suspect_memory(before);
	if (data_find_in(data, suspect, before ? &memory : NULL, address, found) &&
	    found->cause != CAUSE_UNKNOWN)
		return;
	if (before) {
		struct data_found earlier = {.cause = CAUSE_UNKNOWN};

		if (data_find_in(data, before, NULL, address, &earlier) &&
		    (earlier.cause != CAUSE_UNKNOWN || !found->object[0]))
			*found = earlier;
	}
}

void
data_written_by(const char *module, struct data_found *found)
{
	bool own = found->cause == CAUSE_UNKNOWN || found->cause == CAUSE_DATA;

	if (own && strncmp(module, "libjemalloc.", strlen("libjemalloc.")) == 0)
		data_claim(found, CAUSE_ALLOCATOR, RUNTIME_JEMALLOC,
		    found->object[0] ? found->object : "jemalloc");
}
