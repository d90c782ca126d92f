/*
 * An inquest on paper: families and events as lines of text, and what it says of them.
 *
 * A family: "100 a:4S b:2S1C. c/b:SP !file", a sample at 100 ms. Each process has its cells, one
 * letter a page, with how often before it: S shared, C copied, P parted, p private, . absent; "|"
 * begins a second mapping, "b+8:" lies 8 pages higher than the others', "c/b:" was forked by b
 * (without: by the first; "c/-:" by nobody here), "d=b" shares b's memory, "b~:" has ended but was
 * not waited for; "!" and a word: what kind of mapping it is.
 *
 * Events: "b2@150" a fault of b at page 2, after 150 ms; "b2w" a write, "b2m" missing, "b2r" a
 * read, by its error code; "b2k" by the kernel; "b2+" a stack beside another record. "a>c" a forked
 * c, "b!@120" b executes another program, "b." b ended, "b," only a thread of it did, "*7" 7 were
 * lost,
 * "+7" 7 stacks were.
 */
#ifndef TESTS_JOIN_FIXTURE_H
#define TESTS_JOIN_FIXTURE_H

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "blame/join/inquest.h"
#include "tap.h"

#define NOBODY 5000000 /* PIDs that no process can have: they are above the kernel's limit */
#define FIRST_ADDRESS UINT64_C(0x7f0000000000)
#define SECOND_MAPPING 4096 /* pages above the first */
#define PAGE_BYTES ((uint64_t)sysconf(_SC_PAGESIZE))
#define MS UINT64_C(1000000)
#define READ_AFTER 10 /* ms from a sample's begin until cells are read */
#define RECORDS_MOST 64

struct join {
	struct inquest *inquest;
	uint64_t real, steady; /* of 0 ms */
	const struct blame *blame;
};

static pid_t
paper_pid(char name)
{
	return NOBODY + name - 'a';
}

static uint8_t
paper_cell(char letter)
{
	static const char letters[] = ".SCPp";
	static const uint8_t cells[] = {0, PAGE_SHARED | CELL_WAS_SHARED,
	    PAGE_COPIED | CELL_WAS_SHARED, PAGE_PARTED, PAGE_PRIVATE};

	return cells[strchr(letters, letter) - letters];
}

/* A process's cells in one mapping; returns what follows. */
static const char *
paper_strip(
    struct region *region, size_t member, uint64_t above, const char *text, uint64_t read_ns)
{
	struct strip *strip = region_add_strip(region, member);
	uint64_t page = 0;

	strip->address += above * PAGE_BYTES;
	strip->read_ns = read_ns;
	while (*text && !strchr(" |", *text)) {
		char *end;
		uint64_t count = strtoull(text, &end, 10);

		count = end == text ? 1 : count;
		strip_fill(strip, page, count, paper_cell(*end));
		page += count;
		text = end + 1;
	}
	strip->end = page;
	return text;
}

static int
paper_member_index(const struct family *family, char name)
{
	const char text[] = {name, '\0'};

	return name == '-' ? MEMBER_NONE : (int)(family_member(family, text) - family->members);
}

/* One word: a process and its cells. */
static void
paper_process(struct family *family, const char *word)
{
	const char name[] = {*word++, '\0'};
	size_t index = family->member_count;
	struct member *member = family_add_member(family, name, paper_pid(*name), "paper");
	uint64_t above = 0;

	member->parent = index ? 0 : MEMBER_NONE;
	member->memory_of = MEMBER_NONE;
	for (; *word && *word != ':'; word++)
		if (*word == '/')
			member->parent = paper_member_index(family, *++word);
		else if (*word == '=')
			member->memory_of = paper_member_index(family, *++word);
		else if (*word == '~')
			member->life = MEMBER_ZOMBIE;
		else if (*word == '+')
			above = strtoull(word + 1, NULL, 10);
	for (size_t i = 0; *word && *word != ' '; i++)
		word = paper_strip(
		    &family->regions[i], index, above, word + 1, family->time_ns + READ_AFTER * MS);
}

static enum region_kind
paper_kind(const char *text)
{
	const char *word = strchr(text, '!');

	for (int i = 0; word && i < REGION_KIND_COUNT; i++)
		if (strcmp(word + 1, region_kind_word((enum region_kind)i)) == 0)
			return (enum region_kind)i;
	return REGION_ANON;
}

/* To be given back with family_free(). */
static struct family *
paper_family_of(const struct join *join, const char *text)
{
	struct family *family = family_new();
	uint64_t pages = SECOND_MAPPING;
	enum region_kind kind = paper_kind(text);

	family->page_size = (uint32_t)PAGE_BYTES;
	family->time_ns = join->real + strtoull(text, NULL, 10) * MS;
	for (uint64_t i = 0; i < 2; i++)
		family_add_region(family, FIRST_ADDRESS + i * pages * PAGE_BYTES,
		    FIRST_ADDRESS + (i + 1) * pages * PAGE_BYTES, kind, i ? "[anon:second]" : "");
	while ((text = strchr(text, ' ')) && text[1] != '!')
		paper_process(family, ++text);
	family_finish(family);
	return family;
}

static struct perf_record
paper_fault(const struct join *join, const char *word)
{
	char *rest;
	uint64_t page = strtoull(word + 1, &rest, 10);
	struct perf_record record = {.type = RECORD_FAULT};
	struct fault *fault = &record.fault;

	fault->pid = fault->tid = paper_pid(*word);
	fault->address = FIRST_ADDRESS + page * PAGE_BYTES + 24;
	for (; *rest && !strchr(" @", *rest); rest++) {
		fault->kind = *rest == 'w' ? FAULT_WRITE
		    : *rest == 'm'         ? FAULT_MISSING
		    : *rest == 'r'         ? FAULT_READ
					   : fault->kind;
		fault->by_kernel |= *rest == 'k';
		record.beside |= *rest == '+';
	}
	/* each has an instruction of its own */
	fault->ip = 0x1000 + strtoull(*rest == '@' ? rest + 1 : "0", NULL, 10);
	fault->time_ns = join->steady + (fault->ip - 0x1000) * MS;
	return record;
}

static struct perf_record
paper_record(const struct join *join, const char *word)
{
	const char *at = strchr(word, '@');
	struct perf_record record = {.type = RECORD_EXIT};

	record.time_ns = join->steady + (at ? strtoull(at + 1, NULL, 10) : 0) * MS;
	record.pid = record.tid = paper_pid(*word);
	if (strchr("*+", *word)) {
		record.type = RECORD_LOST;
		record.lost = strtoull(word + 1, NULL, 10);
		record.beside = *word == '+';
	} else if (word[1] == '>') {
		record.type = RECORD_FORK;
		record.parent = record.pid;
		record.pid = record.tid = paper_pid(word[2]);
	} else if (word[1] == '!') {
		record.type = RECORD_EXEC;
	} else if (word[1] == ',') {
		record.tid++;
	} else if (word[1] != '.') {
		return paper_fault(join, word);
	}
	return record;
}

static void
join_take(const struct join *join, const char *text)
{
	struct perf_record records[RECORDS_MOST];
	size_t count = 0;

	for (const char *word = text; word && count < RECORDS_MOST;
	     word = strchr(word, ' ') ? strchr(word, ' ') + 1 : NULL)
		records[count++] = paper_record(join, word);
	inquest_take(join->inquest, records, count);
}

static void
join_settle(struct join *join, const char *text)
{
	struct family *family = paper_family_of(join, text);

	blame_free(join->blame);
	join->blame = inquest_settle(join->inquest, family);
	family_free(family);
}

/* A minute ago. */
static struct join
join_open(void)
{
	struct err err;

	return (struct join){
	    .inquest = inquest_open(NULL, 0, INQUEST_STACK_EVERY, &err),
	    .real = clock_real_ns() - 60000 * MS,
	    .steady = clock_steady_ns() - 60000 * MS,
	};
}

static void
join_close(struct join *join)
{
	blame_free(join->blame);
	inquest_close(join->inquest);
}

static void
add_said(struct buf *out, const struct blame *blame, const char *process, enum cause cause)
{
	uint64_t pages = 0;

	for (size_t i = 0; i < blame->writer_count; i++)
		if (strcmp(blame->writers[i].process, process) == 0 &&
		    blame->writers[i].cause == cause)
			pages += blame->writers[i].pages;
	if (pages)
		buf_addf(out, " %s%llu%s", process, (unsigned long long)pages,
		    cause == CAUSE_KERNEL ? "k" : "");
}

/* "3: b1 b1k lost 7 unseen 1": 3 copies, one by b, one by the kernel for b, one without an event.
 */
static void
join_said(const struct join *join, struct buf *out)
{
	const struct blame *blame = join->blame;

	buf_addf(out, "%llu:", (unsigned long long)blame->copies);
	for (char name = 'a'; name <= 'z'; name++) {
		const char process[] = {name, '\0'};

		add_said(out, blame, process, CAUSE_UNKNOWN);
		add_said(out, blame, process, CAUSE_KERNEL);
	}
	if (blame->lost)
		buf_addf(out, " lost %llu", (unsigned long long)blame->lost);
	if (blame->unseen)
		buf_addf(out, " unseen %llu", (unsigned long long)blame->unseen);
}

#endif
