#include "config.h"
#include "blame/join/blame_sums.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"

#define STACKS_MOST 8192
#define PLACES 32768 /* of either hash, a power of two above twice the rows */

void
blame_sums_init(struct blame_sums *sums, struct names_pool *names)
{
	memset(sums, 0, sizeof(*sums));
	sums->names = names;
	sums->writers = mem_zero(BLAME_WRITERS_MOST, sizeof(*sums->writers));
	sums->writer_places = mem_zero(PLACES, sizeof(*sums->writer_places));
	sums->stacks = mem_zero(STACKS_MOST, sizeof(*sums->stacks));
	sums->stack_places = mem_zero(PLACES, sizeof(*sums->stack_places));
}

void
blame_sums_release(struct blame_sums *sums)
{
	free(sums->writers);
	free(sums->writer_places);
	free(sums->stacks);
	free(sums->stack_places);
	memset(sums, 0, sizeof(*sums));
}

static size_t
mixed(const uint64_t *words, size_t count)
{
	uint64_t hash = 14695981039346656037u;

	for (size_t i = 0; i < count; i++)
		hash = (hash ^ words[i]) * 1099511628211u ^ hash >> 29;
	return (size_t)(hash ^ hash >> 32) & (PLACES - 1);
}

static bool
writers_are_one(const struct writer_sum *a, const struct writer_sum *b)
{
	return a->process == b->process && a->pid == b->pid && a->cause == b->cause &&
	    a->runtime == b->runtime && a->object == b->object && a->module == b->module &&
	    a->function == b->function && a->mapping == b->mapping && a->offset == b->offset;
}

/* The row, created if there is room; NULL: there is none. */
static struct writer_sum *
writer_row(struct blame_sums *sums, const struct writer_sum *wanted, size_t most)
{
	const uint64_t words[] = {wanted->process, (uint64_t)wanted->pid, wanted->cause,
	    wanted->runtime, wanted->object, wanted->module, wanted->function, wanted->mapping,
	    wanted->offset};
	size_t place = mixed(words, sizeof(words) / sizeof(words[0]));

	for (; sums->writer_places[place]; place = (place + 1) & (PLACES - 1)) {
		struct writer_sum *row = &sums->writers[sums->writer_places[place] - 1];

		if (writers_are_one(row, wanted))
			return row;
	}
	if (sums->writer_count >= most)
		return NULL;
	sums->writers[sums->writer_count] = *wanted;
	sums->writers[sums->writer_count].pages = 0;
	sums->writer_places[place] = (uint32_t)++sums->writer_count;
	return &sums->writers[sums->writer_count - 1];
}

/* Rows that name less have room reserved for them. */
static void
add_writer(struct blame_sums *sums, struct writer_sum wanted)
{
	struct writer_sum *row = writer_row(sums, &wanted, BLAME_WRITERS_MOST / 2);

	if (!row) {
		wanted.function = wanted.object = 0;
		wanted.offset = COUNT_UNKNOWN;
		row = writer_row(sums, &wanted, BLAME_WRITERS_MOST * 3 / 4);
	}
	if (!row) {
		wanted.process = wanted.mapping = wanted.module = 0;
		wanted.pid = 0;
		row = writer_row(sums, &wanted, BLAME_WRITERS_MOST);
	}
	if (row)
		row->pages++;
}

static void
add_stack(struct blame_sums *sums, const struct stack_sum *wanted)
{
	const uint64_t words[] = {wanted->process, wanted->frames, wanted->line, wanted->cause};
	size_t place = mixed(words, sizeof(words) / sizeof(words[0]));

	sums->samples++;
	for (; sums->stack_places[place]; place = (place + 1) & (PLACES - 1)) {
		struct stack_sum *row = &sums->stacks[sums->stack_places[place] - 1];

		if (row->process == wanted->process && row->frames == wanted->frames &&
		    row->line == wanted->line && row->cause == wanted->cause) {
			row->samples++;
			return;
		}
	}
	if (sums->stack_count == STACKS_MOST)
		return;
	sums->stacks[sums->stack_count] = *wanted;
	sums->stacks[sums->stack_count].samples = 1;
	sums->stack_places[place] = (uint32_t)++sums->stack_count;
}

void
blame_sums_add(struct blame_sums *sums, const struct member *member, const struct region *region,
    const struct fault_slot *slot)
{
	const struct finding *finding = slot ? &slot->finding : NULL;
	uint32_t process = names_pool_number(sums->names, member->name);

	sums->copies++;
	if (!slot)
		return;
	sums->attributed++;
	add_writer(sums,
	    (struct writer_sum){
		.process = process,
		.pid = member->pid,
		.cause = finding->found ? finding->cause
		    : slot->by_kernel   ? CAUSE_KERNEL
					: CAUSE_UNKNOWN,
		.runtime = finding->runtime,
		.object = finding->object,
		.module = finding->module,
		.function = finding->function,
		.offset = finding->found ? finding->offset : COUNT_UNKNOWN,
		.mapping = names_pool_number(
		    sums->names, *region->path ? region->path : region_kind_word(region->kind)),
	    });
	if (finding->has_stack)
		add_stack(sums,
		    &(struct stack_sum){.process = process,
			.frames = finding->stack,
			.line = finding->line,
			.cause = finding->found ? finding->cause : CAUSE_UNKNOWN});
}

static void
tell_writer(const struct blame_sums *sums, const struct writer_sum *sum, struct blame *blame)
{
	struct blame_writer writer = {
	    .pid = sum->pid,
	    .cause = (enum cause)sum->cause,
	    .runtime = (enum runtime)sum->runtime,
	    .offset = sum->offset,
	    .pages = sum->pages,
	};

	writer.process = names_pool_text(sums->names, sum->process);
	writer.object = names_pool_text(sums->names, sum->object);
	writer.module = names_pool_text(sums->names, sum->module);
	writer.function = names_pool_text(sums->names, sum->function);
	writer.mapping = names_pool_text(sums->names, sum->mapping);
	blame_add_writer(blame, &writer);
}

/* "language\nfunction\nsource", and "\ncommand" where there is one */
static void
tell_code(const char *line, uint64_t samples, struct blame *blame)
{
	char *text = mem_string(line), *function = strchr(text, '\n'),
	     *source = function ? strchr(function + 1, '\n') : NULL, *command;
	struct blame_code code = {.samples = samples};

	if (source) {
		*function++ = '\0';
		*source++ = '\0';
		command = strchr(source, '\n');
		if (command)
			*command++ = '\0';
		code.command = command;
		code.language = text;
		code.function = function;
		code.source = source;
		blame_add_code(blame, &code);
	}
	free(text);
}

static void
tell_lines(const struct blame_sums *sums, struct blame *blame)
{
	uint64_t *samples = mem_zero(sums->names->count, sizeof(*samples));

	for (size_t i = 0; i < sums->stack_count; i++)
		samples[sums->stacks[i].line] += sums->stacks[i].samples;
	for (uint32_t i = 1; i < sums->names->count; i++)
		if (samples[i])
			tell_code(names_pool_text(sums->names, i), samples[i], blame);
	free(samples);
}

void
blame_sums_tell(const struct blame_sums *sums, struct blame *blame)
{
	blame->copies = sums->copies;
	blame->attributed = sums->attributed;
	blame->samples = sums->samples;
	for (size_t i = 0; i < sums->writer_count; i++)
		tell_writer(sums, &sums->writers[i], blame);
	for (size_t i = 0; i < sums->stack_count; i++) {
		struct blame_stack stack = {
		    .cause = (enum cause)sums->stacks[i].cause, .samples = sums->stacks[i].samples};

		stack.process = names_pool_text(sums->names, sums->stacks[i].process);
		stack.frames = names_pool_text(sums->names, sums->stacks[i].frames);
		blame_add_stack(blame, &stack);
	}
	tell_lines(sums, blame);
}
