/*
 * What an inquest keeps: the table of faults, processes, names; also beyond their limits.
 */
#include "config.h"
#include "blame/join/fault_table.h"
#include "blame/join/kindred.h"
#include "blame/join/names_pool.h"
#include "tap.h"

#include <stdlib.h>

#define PAGE UINT64_C(4096)
#define MANY 5000 /* entries: the table grows twice */

static void
fault_at(struct fault_table *table, pid_t pid, uint64_t page, uint64_t number)
{
	const struct fault fault = {.time_ns = number,
	    .pid = pid,
	    .tid = pid + 1,
	    .address = page * PAGE + number,
	    .ip = 7000 + number,
	    .kind = FAULT_WRITE,
	    .by_kernel = number % 2};

	fault_table_add(table, &fault, page * PAGE);
}

static bool
keep_even(void *with, struct fault_entry *entry)
{
	++*(size_t *)with;
	return entry->page / PAGE % 2 == 0;
}

static void
test_slots(void)
{
	struct fault_table table = {0};
	const struct fault_entry *entry;

	ok(!fault_table_at(&table, 10, 0), "nothing is in an empty table");
	for (uint64_t i = 1; i <= 3; i++)
		fault_at(&table, 10, 5, i);
	entry = fault_table_at(&table, 10, 5 * PAGE);
	is_number(entry->last.time_ns, 3, "the last fault of a page");
	is_number(entry->before.time_ns, 2, "and the one before");
	ok(entry->last.by_kernel && !entry->before.by_kernel, "which of them is the kernel's");
	is_number(entry->last.kind, FAULT_WRITE, "its kind");
	is_number(entry->last.tid, 11, "its thread");
	ok(!fault_table_at(&table, 11, 5 * PAGE), "of another process nothing");
	ok(!fault_table_at(&table, 10, 4 * PAGE), "nor of another page");
	ok(fault_table_slot(&table, 10, 5 * PAGE, 5 * PAGE + 3, 7003) == &entry->last,
	    "the slot of the last");
	ok(fault_table_slot(&table, 10, 5 * PAGE, 5 * PAGE + 2, 7002) == &entry->before,
	    "and of the other");
	ok(!fault_table_slot(&table, 10, 5 * PAGE, 5 * PAGE + 1, 7001),
	    "the first is no longer there");
	ok(!fault_table_slot(&table, 10, 5 * PAGE, 5 * PAGE + 3, 7002), "another instruction");
	ok(!fault_table_slot(&table, 10, 5 * PAGE, 5 * PAGE + 2, 7003), "another address");
	ok(!fault_table_slot(&table, 10, 5 * PAGE, 5 * PAGE + 9, 7003),
	    "at the last one's instruction");
	ok(!fault_table_slot(&table, 10, 5 * PAGE, 5 * PAGE + 9, 7002), "at the other's");
	ok(!fault_table_slot(&table, 12, 5 * PAGE, 5 * PAGE + 3, 7003), "another process's slot");
	fault_table_release(&table);
	ok(!table.list && !table.count && !table.bucket_count, "given back, it is empty again");
}

static size_t
there(const struct fault_table *table, uint64_t step)
{
	size_t count = 0;

	for (uint64_t i = 0; i < MANY; i += step) {
		const struct fault_entry *entry =
		    fault_table_at(table, (pid_t)(10 + i % 3), i * PAGE);

		count += entry && entry->page == i * PAGE && entry->pid == (pid_t)(10 + i % 3);
	}
	return count;
}

static void
test_growth(void)
{
	struct fault_table table = {0};
	size_t asked = 0;

	fault_table_sift(&table, keep_even, &asked);
	is_number(asked, 0, "nothing to sift");
	for (uint64_t i = 0; i < MANY; i++)
		fault_at(&table, (pid_t)(10 + i % 3), i, 1);
	is_number(table.count, MANY, "each page has an entry");
	is_number(there(&table, 1), MANY, "each is found, after the table has grown");
	fault_table_sift(&table, keep_even, &asked);
	is_number(asked, MANY, "each is asked about once");
	is_number(table.count, MANY / 2, "half of them stay");
	is_number(there(&table, 2), MANY / 2, "and are found");
	is_number(there(&table, 1), MANY / 2, "the others are not");
	fault_at(&table, 10, 1, 1);
	is_number(table.count, MANY / 2 + 1, "there is room again");
	fault_table_release(&table);
}

static void
test_full_table(void)
{
	struct fault_table table = {0};

	for (uint64_t i = 0; i < FAULT_TABLE_MOST + 3; i++)
		fault_at(&table, 10, i, 1);
	is_number(table.count, FAULT_TABLE_MOST, "a table has its limit");
	is_number(table.left_out, 3, "what has no room is counted");
	fault_at(&table, 10, 5, 2);
	is_number(table.left_out, 3, "a page that is there has room");
	is_number(fault_table_at(&table, 10, 5 * PAGE)->last.time_ns, 2, "and takes it");
	fault_table_release(&table);
}

static void
test_kindred(void)
{
	struct kindred kindred = {.all = {.each = sizeof(struct kindred_one)}};
	const struct kindred_one *one;

	kindred_ended(&kindred, 5);
	is_number(kindred.all.count, 0, "the end of somebody unknown is nothing");
	kindred_forked(&kindred, 5, 4, 77);
	one = by_pid_find(&kindred.all, 5);
	ok(one->parent == 4 && one->born_ns == 77 && one->forked && !one->seen && !one->ended &&
		!one->assumed,
	    "forked by whom");
	ok(kindred_enter(&kindred, 5) == one, "it is entered once");
	kindred_enter(&kindred, 9)->seen = true;
	kindred_ended(&kindred, 5);
	kindred_forked(&kindred, 5, 3, 77);
	is_number(kindred.unseen, 1, "its number comes again: it went unseen");
	kindred_ended(&kindred, 9);
	kindred_forked(&kindred, 9, 3, 77);
	is_number(kindred.unseen, 1, "one that was seen did not");
	kindred_forked(&kindred, 8, 3, 77);
	kindred_forked(&kindred, 8, 3, 77);
	is_number(kindred.unseen, 1, "nor one whose end was not told");
	kindred_ended(&kindred, 5);
	kindred_settle(&kindred);
	is_number(kindred.unseen, 2, "who ended unseen");
	ok(!by_pid_find(&kindred.all, 5) && by_pid_find(&kindred.all, 9) &&
		by_pid_find(&kindred.all, 8),
	    "who ended is dropped, the others stay");
	is_number(kindred.all.count, 2, "two are left");
	ok(!kindred.missed, "there was room for all");
	kindred_settle(&kindred);
	is_number(kindred.unseen, 2, "and is counted once");
	free(kindred.all.list);
}

static void
test_many_kindred(void)
{
	struct kindred kindred = {.all = {.each = sizeof(struct kindred_one)}};

	for (pid_t pid = 1; pid <= KINDRED_MOST; pid++)
		kindred_enter(&kindred, pid);
	ok(!kindred.missed, "so many are kept");
	ok(kindred_enter(&kindred, 1) != NULL && !kindred.missed, "one of them is there");
	ok(!kindred_enter(&kindred, KINDRED_MOST + 1) && kindred.missed,
	    "one more is not, and that is known");
	kindred_forked(&kindred, KINDRED_MOST + 1, 1, 77);
	kindred_enter(&kindred, 1);
	ok(kindred.missed, "for good");
	free(kindred.all.list);
}

static void
test_names(void)
{
	struct names_pool pool;
	char name[16];
	uint32_t first, wrong = 0;

	names_pool_init(&pool);
	is_number(names_pool_number(&pool, ""), 0, "nothing is number 0");
	first = names_pool_number(&pool, "dict");
	ok(first != 0 && names_pool_number(&pool, "list") != first, "each name has its number");
	is_number(names_pool_number(&pool, "dict"), first, "one");
	is_text(names_pool_text(&pool, first), "dict", "and it stands for the name");
	is_text(names_pool_text(&pool, pool.count), "",
	    "a number that was not given stands for nothing");
	for (unsigned i = 0; i < NAMES_POOL_MOST; i++) {
		snprintf(name, sizeof(name), "n%u", i);
		wrong += strcmp(names_pool_text(&pool, names_pool_number(&pool, name)), name) != 0;
	}
	is_number(wrong, 3, "as many as there is room for: all but three");
	is_number(pool.count, NAMES_POOL_MOST, "that is the limit");
	is_number(names_pool_number(&pool, "one more"), 0, "more are nothing");
	is_number(names_pool_number(&pool, "dict"), first, "what is there stays");
	names_pool_release(&pool);
}

static void
test_long_names(void)
{
	struct names_pool pool;
	char *name = malloc((1 << 20) + 1);
	unsigned kept = 0;

	memset(name, 'x', 1 << 20);
	name[1 << 20] = '\0';
	names_pool_init(&pool);
	for (unsigned i = 0; i < 20; i++) {
		name[0] = (char)('a' + i);
		kept += names_pool_number(&pool, name) != 0;
	}
	is_number(kept, NAMES_POOL_BYTES >> 20, "names have so many bytes in all");
	ok(names_pool_number(&pool, "short") == 0, "then not even a short one");
	names_pool_release(&pool);
	free(name);
}

int
main(void)
{
	test_slots();
	test_growth();
	test_full_table();
	test_kindred();
	test_many_kindred();
	test_names();
	test_long_names();
	return done_testing();
}
