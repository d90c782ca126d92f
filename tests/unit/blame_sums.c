/* The sums of an inquest: rows of writers and stacks, and what becomes of more than there is room
 * for. */
#include "config.h"
#include "blame/join/blame_sums.h"
#include "tap.h"

struct counted {
	struct names_pool names;
	struct blame_sums sums;
	struct member member;
	struct region region;
	struct fault_slot slot;
	char path[8];
};

static void
counted_init(struct counted *counted)
{
	memset(counted, 0, sizeof(*counted));
	names_pool_init(&counted->names);
	blame_sums_init(&counted->sums, &counted->names);
	strcpy(counted->member.name, "b");
	counted->member.pid = 12;
	counted->region.kind = REGION_HEAP;
	counted->region.path = counted->path;
	counted->slot.finding = (struct finding){
	    .found = true, .cause = CAUSE_OBJECT, .runtime = RUNTIME_CPYTHON, .offset = 64};
}

static struct blame *
counted_told(struct counted *counted)
{
	struct blame *blame = blame_new();

	blame_sums_tell(&counted->sums, blame);
	blame_finish(blame);
	return blame;
}

static void
counted_release(struct counted *counted)
{
	blame_sums_release(&counted->sums);
	names_pool_release(&counted->names);
}

static void
count_one(struct counted *counted)
{
	blame_sums_add(&counted->sums, &counted->member, &counted->region, &counted->slot);
}

static void
test_rows(void)
{
	struct counted counted;
	struct finding *finding = &counted.slot.finding;
	struct blame *blame;

	counted_init(&counted);
	finding->object = names_pool_number(&counted.names, "dict");
	finding->module = names_pool_number(&counted.names, "libpython");
	finding->function = names_pool_number(&counted.names, "f");
	count_one(&counted);
	count_one(&counted);
	blame = counted_told(&counted);
	is_number(blame->writer_count, 1, "two alike are one row");
	is_number(blame->writers[0].pages, 2, "of two pages");
	is_text(blame->writers[0].process, "b", "its process");
	is_number(blame->writers[0].pid, 12, "its PID");
	is_text(blame->writers[0].object, "dict", "its object");
	is_text(blame->writers[0].module, "libpython", "its module");
	is_text(blame->writers[0].function, "f", "its function");
	is_text(blame->writers[0].mapping, "heap", "a mapping without a path is told by its kind");
	is_number(blame->writers[0].cause, CAUSE_OBJECT, "its cause");
	is_number(blame->writers[0].runtime, RUNTIME_CPYTHON, "its runtime");
	is_number(blame->writers[0].offset, 64, "its offset");
	blame_free(blame);
	blame_sums_add(&counted.sums, &counted.member, &counted.region, NULL);
	blame = counted_told(&counted);
	is_number(blame->copies, 3, "a copy without an event is one");
	is_number(blame->attributed, 2, "that nothing is known of");
	is_number(blame->writer_count, 1, "and in no row");
	blame_free(blame);
	counted_release(&counted);
}

/* Rows, when each fact in turn is another one. */
static void
test_differences(void)
{
	struct counted counted;
	struct finding *finding = &counted.slot.finding;
	struct blame *blame;

	counted_init(&counted);
	count_one(&counted);
	finding->cause = CAUSE_DATA;
	count_one(&counted);
	finding->runtime = RUNTIME_RUBY;
	count_one(&counted);
	finding->offset = 65;
	count_one(&counted);
	finding->object = names_pool_number(&counted.names, "x");
	count_one(&counted);
	finding->module = finding->object;
	count_one(&counted);
	finding->function = finding->object;
	count_one(&counted);
	counted.member.pid++;
	count_one(&counted);
	strcpy(counted.member.name, "c");
	count_one(&counted);
	strcpy(counted.path, "[x]");
	count_one(&counted);
	blame = counted_told(&counted);
	is_number(blame->writer_count, 10, "each fact makes another row");
	blame_free(blame);
	counted_release(&counted);
}

static void
test_unfound(void)
{
	struct counted counted;
	struct blame *blame;

	counted_init(&counted);
	counted.slot.finding = (struct finding){.found = false};
	count_one(&counted);
	counted.slot.by_kernel = true;
	count_one(&counted);
	count_one(&counted);
	blame = counted_told(&counted);
	is_number(blame->writers[0].cause, CAUSE_KERNEL, "the kernel's, though nobody looked");
	is_number(blame->writers[1].cause, CAUSE_UNKNOWN, "else it is unknown");
	ok(blame->writers[1].offset == COUNT_UNKNOWN, "and where, too");
	blame_free(blame);
	counted_release(&counted);
}

static void
test_stacks(void)
{
	struct counted counted;
	struct finding *finding = &counted.slot.finding;
	struct blame *blame;

	counted_init(&counted);
	count_one(&counted);
	finding->has_stack = true;
	finding->stack = names_pool_number(&counted.names, "main;f");
	finding->line = names_pool_number(&counted.names, "python\nf\napp.py:6\nSET");
	count_one(&counted);
	count_one(&counted);
	finding->line = names_pool_number(&counted.names, "\nf\nlibx");
	count_one(&counted);
	finding->line = 0;
	count_one(&counted);
	finding->cause = CAUSE_STACK;
	count_one(&counted);
	finding->found = false;
	count_one(&counted);
	blame = counted_told(&counted);
	is_number(blame->copies, 7, "copies");
	is_number(blame->samples, 6, "those with a stack");
	is_number(blame->stack_count, 5, "stacks differ in line and cause");
	is_text(blame->stacks[0].frames, "main;f", "the frames");
	is_text(blame->stacks[0].process, "b", "the process");
	is_number(blame->stacks[0].samples, 2, "how often");
	is_number(blame->code_count, 2, "lines of code");
	is_text(blame->code[0].language, "python", "its language");
	is_text(blame->code[0].function, "f", "its function");
	is_text(blame->code[0].source, "app.py:6", "its line");
	is_text(blame->code[0].command, "SET", "its command");
	is_number(blame->code[0].samples, 2, "how often");
	ok(!blame->code[1].command && !*blame->code[1].language, "a function alone");
	blame_free(blame);
	counted_release(&counted);
}

static void
test_full_sums(void)
{
	struct counted counted;
	struct finding *finding = &counted.slot.finding;
	struct blame *blame;
	uint64_t pages = 0, wanted = BLAME_WRITERS_MOST * 2;
	size_t whole = 0, nameless = 0, wrong = 0;

	counted_init(&counted);
	finding->has_stack = true;
	finding->function = names_pool_number(&counted.names, "f");
	for (uint64_t i = 0; i < wanted; i++) {
		finding->offset = i;
		finding->stack = (uint32_t)i;
		counted.member.pid = (pid_t)(i + 1);
		count_one(&counted);
	}
	blame = counted_told(&counted);
	for (size_t i = 0; i < blame->writer_count; i++) {
		pages += blame->writers[i].pages;
		whole += *blame->writers[i].function != '\0';
		nameless += !*blame->writers[i].process;
		wrong += !*blame->writers[i].function && blame->writers[i].offset != COUNT_UNKNOWN;
	}
	is_number(wrong, 0, "a row without a function has no place");
	is_number(pages, wanted, "every copy is in a row");
	is_number(whole, BLAME_WRITERS_MOST / 2, "half of the rows name all");
	is_number(nameless, 1, "one names nobody");
	is_number(
	    blame->writer_count, BLAME_WRITERS_MOST * 3 / 4 + 1, "the others leave out the code");
	is_number(blame->samples, wanted, "each stack is counted");
	is_number(blame->stack_count, 8192, "and so many are kept");
	blame_free(blame);
	counted_release(&counted);
}

int
main(void)
{
	test_rows();
	test_differences();
	test_unfound();
	test_stacks();
	test_full_sums();
	return done_testing();
}
