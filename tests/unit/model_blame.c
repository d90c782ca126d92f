#include "config.h"
#include "model/family/blame.h"
#include "model/family/family_diff.h"
#include "tap.h"

#include <stdlib.h>

static void
add(struct blame *blame, const char *process, enum cause cause, enum runtime runtime,
    uint64_t pages)
{
	struct blame_writer writer = {.cause = cause, .runtime = runtime, .pages = pages};

	writer.process = process;
	blame_add_writer(blame, &writer);
	blame->copies += pages;
	blame->attributed += pages;
}

static void
is_said(const struct blame *blame, const char *wanted)
{
	char *said = blame_head(blame);

	is_text(said, wanted, "%s", wanted);
	free(said);
}

static void
test_head(void)
{
	struct blame *blame = blame_new();

	blame_finish(blame);
	is_said(blame, "Nothing was copied since watching began.");
	blame_free(blame);
	blame = blame_new();
	add(blame, "b", CAUSE_UNKNOWN, RUNTIME_NONE, 3);
	blame_finish(blame);
	is_said(blame, "3 pages were copied, and nobody could tell why.");
	blame_free(blame);
	blame = blame_new();
	add(blame, "b", CAUSE_REFCOUNT, RUNTIME_CPYTHON, 200);
	add(blame, "b", CAUSE_GC_MARK, RUNTIME_CPYTHON, 4000);
	add(blame, "c", CAUSE_GC_MARK, RUNTIME_CPYTHON, 5800);
	blame_finish(blame);
	is_said(blame,
	    "98 % of what was copied: marks of Python's garbage collector, 38M. gc.freeze() before the fork keeps them shared.");
	is_number(blame->cause_count, 2, "rows of one cause are added up");
	is_number(blame->causes[0].pages, 9800, "the greatest first");
	is_text(blame->writers[0].process, "c", "who wrote most, first");
	is_number(blame_kib(blame, 3), 12, "pages in KiB");
	ok(blame_kib(blame, COUNT_UNKNOWN) == COUNT_UNKNOWN, "what is not known stays so");
	blame_free(blame);
}

static void
test_words(void)
{
	for (int i = 0; i < CAUSE_COUNT; i++)
		is_number(
		    cause_from_word(cause_word((enum cause)i)), i, "%s", cause_word((enum cause)i));
	for (int i = 0; i < RUNTIME_COUNT; i++)
		is_number(runtime_from_word(runtime_word((enum runtime)i)), i, "runtime %d", i);
	is_number(cause_from_word("because"), -1, "no cause");
	is_number(runtime_from_word("basic"), -1, "no runtime");
	ok(!blame_advice(CAUSE_STACK, RUNTIME_NONE), "nothing helps against stacks");
	ok(blame_advice(CAUSE_GC_MARK, RUNTIME_CPYTHON) != NULL, "against marks it does");
}

static void
test_rows(void)
{
	struct blame *blame = blame_new();
	struct blame_code code = {.samples = 3};
	struct blame_stack stack = {.samples = 2};
	const struct blame *held;

	code.source = "app.py:6";
	blame_add_code(blame, &code);
	code.samples = 9;
	code.source = "app.py:7";
	blame_add_code(blame, &code);
	blame_add_stack(blame, &stack);
	stack.samples = 5;
	stack.frames = "main;f";
	blame_add_stack(blame, &stack);
	blame_finish(blame);
	is_text(blame->code[0].source, "app.py:7", "the line with most samples first");
	is_text(blame->stacks[0].frames, "main;f", "and the stack");
	ok(!blame->code[0].command, "no command");
	held = blame_hold(blame);
	blame_free(blame);
	is_number(held->code_count, 2, "it is there as long as somebody holds it");
	blame_free(held);
	blame_free(NULL);
	ok(!blame_hold(NULL), "nothing to hold");
}

static struct family *
blamed_family(uint64_t marks, uint64_t counts)
{
	struct family *family = family_new();
	struct blame *blame = blame_new();

	add(blame, "b", CAUSE_GC_MARK, RUNTIME_CPYTHON, marks);
	if (counts)
		add(blame, "b", CAUSE_REFCOUNT, RUNTIME_CPYTHON, counts);
	blame_finish(blame);
	family_take_blame(family, blame);
	family_finish(family);
	return family;
}

static void
test_diff(void)
{
	struct family *before = blamed_family(1000, 10), *after = blamed_family(20, 0),
		      *plain = family_new();
	struct family_diff diff;

	family_diff(&diff, before, after);
	is_number(diff.cause_count, 2, "each cause of either");
	is_number(diff.causes[0].cause, CAUSE_GC_MARK, "what changed most first");
	is_number(diff.causes[0].before_kib, 4000, "what it was");
	is_number(diff.causes[0].after_kib, 80, "and what it is");
	is_number(diff.causes[1].after_kib, 0, "one that is gone is nothing");
	family_diff_release(&diff);
	family_diff(&diff, plain, after);
	is_number(diff.cause_count, 0, "where one was not blamed, there is nothing to compare");
	family_diff_release(&diff);
	family_free(before);
	family_free(after);
	family_free(plain);
}

static void
test_shares(void)
{
	is_number(blame_percent(0, 0), 0, "a share of nothing is nothing");
	is_number(blame_percent(1, 3), 33, "a share in percent, to the nearest");
	is_number(blame_percent(9999, 10000), 99, "100 is only said of all");
	is_number(blame_percent(7, 7), 100, "and then it is");
}

int
main(void)
{
	test_diff();
	test_head();
	test_words();
	test_rows();
	test_shares();
	return done_testing();
}
