#include "config.h"
#include "model/family/blame.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

const char *
cause_word(enum cause cause)
{
#define X(constant, word, meaning) word,
	static const char *const words[] = {CAUSES(X)};
#undef X

	return words[cause];
}

const char *
cause_meaning(enum cause cause)
{
#define X(constant, word, meaning) meaning,
	static const char *const meanings[] = {CAUSES(X)};
#undef X

	return _(meanings[cause]);
}

const char *
runtime_word(enum runtime runtime)
{
#define X(constant, word) word,
	static const char *const words[] = {RUNTIMES(X)};
#undef X

	return words[runtime];
}

int
cause_from_word(const char *word)
{
	for (int i = 0; i < CAUSE_COUNT; i++)
		if (strcmp(cause_word((enum cause)i), word) == 0)
			return i;
	return -1;
}

int
runtime_from_word(const char *word)
{
	for (int i = 0; i < RUNTIME_COUNT; i++)
		if (strcmp(runtime_word((enum runtime)i), word) == 0)
			return i;
	return -1;
}

struct blame *
blame_new(void)
{
	struct blame *blame = mem_zero(1, sizeof(*blame));

	blame->self = blame;
	blame->holders = 1;
	blame->page_size = 4096;
	return blame;
}

static void *
blame_add_row(void *list, size_t *count, size_t *room, size_t size)
{
	if (*count == *room) {
		*room = *room ? *room * 2 : 16;
		list = mem_resize(list, *room, size);
	}
	(*count)++;
	return list;
}

static const char *
blame_text(struct blame *blame, const char *text)
{
	blame->texts = blame_add_row(
	    blame->texts, &blame->text_count, &blame->text_room, sizeof(*blame->texts));
	return blame->texts[blame->text_count - 1] = mem_string(text ? text : "");
}

struct blame_writer *
blame_add_writer(struct blame *blame, const struct blame_writer *writer)
{
	struct blame_writer *added;

	blame->writers = blame_add_row(
	    blame->writers, &blame->writer_count, &blame->writer_room, sizeof(*blame->writers));
	added = &blame->writers[blame->writer_count - 1];
	*added = *writer;
	added->process = blame_text(blame, writer->process);
	added->object = blame_text(blame, writer->object);
	added->module = blame_text(blame, writer->module);
	added->function = blame_text(blame, writer->function);
	added->mapping = blame_text(blame, writer->mapping);
	return added;
}

struct blame_code *
blame_add_code(struct blame *blame, const struct blame_code *code)
{
	struct blame_code *added;

	blame->code =
	    blame_add_row(blame->code, &blame->code_count, &blame->code_room, sizeof(*blame->code));
	added = &blame->code[blame->code_count - 1];
	*added = *code;
	added->language = blame_text(blame, code->language);
	added->function = blame_text(blame, code->function);
	added->source = blame_text(blame, code->source);
	added->command = code->command ? blame_text(blame, code->command) : NULL;
	return added;
}

void
blame_add_stack(struct blame *blame, const struct blame_stack *stack)
{
	struct blame_stack *added;

	blame->stacks = blame_add_row(
	    blame->stacks, &blame->stack_count, &blame->stack_room, sizeof(*blame->stacks));
	added = &blame->stacks[blame->stack_count - 1];
	*added = *stack;
	added->process = blame_text(blame, stack->process);
	added->frames = blame_text(blame, stack->frames);
}

static void
blame_add_cause(struct blame *blame, const struct blame_writer *writer)
{
	struct blame_cause *cause = blame->causes;

	for (; cause < blame->causes + blame->cause_count; cause++)
		if (cause->cause == writer->cause && cause->runtime == writer->runtime)
			break;
	if (cause == blame->causes + blame->cause_count)
		blame->causes[blame->cause_count++] =
		    (struct blame_cause){writer->cause, writer->runtime, 0};
	cause->pages += writer->pages;
}

static int
causes_order(const void *one, const void *other)
{
	const struct blame_cause *a = one, *b = other;

	if (a->pages != b->pages)
		return a->pages > b->pages ? -1 : 1;
	return a->cause != b->cause ? (int)a->cause - (int)b->cause
				    : (int)a->runtime - (int)b->runtime;
}

static int
writers_order(const void *one, const void *other)
{
	const struct blame_writer *a = one, *b = other;
	const char *texts[][2] = {{a->process, b->process}, {a->mapping, b->mapping},
	    {a->object, b->object}, {a->module, b->module}};

	if (a->pages != b->pages)
		return a->pages > b->pages ? -1 : 1;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strcmp(texts[i][0], texts[i][1]) != 0)
			return strcmp(texts[i][0], texts[i][1]);
	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	return (int)a->cause - (int)b->cause;
}

static int
code_order(const void *one, const void *other)
{
	const struct blame_code *a = one, *b = other;

	if (a->samples != b->samples)
		return a->samples > b->samples ? -1 : 1;
	return strcmp(a->source, b->source) != 0 ? strcmp(a->source, b->source)
						 : strcmp(a->function, b->function);
}

static int
stacks_order(const void *one, const void *other)
{
	const struct blame_stack *a = one, *b = other;

	if (a->samples != b->samples)
		return a->samples > b->samples ? -1 : 1;
	return strcmp(a->process, b->process) != 0 ? strcmp(a->process, b->process)
						   : strcmp(a->frames, b->frames);
}

static void
blame_sort(void *list, size_t count, size_t size, int (*order)(const void *, const void *))
{
	if (count)
		qsort(list, count, size, order);
}

void
blame_finish(struct blame *blame)
{
	blame->causes = mem_zero((size_t)CAUSE_COUNT * RUNTIME_COUNT, sizeof(*blame->causes));
	for (size_t i = 0; i < blame->writer_count; i++)
		blame_add_cause(blame, &blame->writers[i]);
	blame_sort(blame->causes, blame->cause_count, sizeof(*blame->causes), causes_order);
	blame_sort(blame->writers, blame->writer_count, sizeof(*blame->writers), writers_order);
	blame_sort(blame->code, blame->code_count, sizeof(*blame->code), code_order);
	blame_sort(blame->stacks, blame->stack_count, sizeof(*blame->stacks), stacks_order);
}

const struct blame *
blame_hold(const struct blame *blame)
{
	if (blame)
		blame->self->holders++;
	return blame;
}

void
blame_free(const struct blame *blame)
{
	struct blame *self = blame ? blame->self : NULL;

	if (!self || --self->holders)
		return;
	for (size_t i = 0; i < self->text_count; i++)
		free(self->texts[i]);
	free(self->texts);
	free(self->causes);
	free(self->writers);
	free(self->code);
	free(self->stacks);
	free(self);
}

unsigned
blame_percent(uint64_t part, uint64_t whole)
{
	unsigned percent = whole ? (unsigned)((part * 100 + whole / 2) / whole) : 0;

	return percent == 100 && part < whole ? 99 : percent;
}

uint64_t
blame_kib(const struct blame *blame, uint64_t pages)
{
	return pages == COUNT_UNKNOWN ? COUNT_UNKNOWN : pages * blame->page_size / 1024;
}
