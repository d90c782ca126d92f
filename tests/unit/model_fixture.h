/*
 * A paper kernel for tests of the model: processes with page tables of PFNs, just
 * enough to make the raw part of snapshots, with PFNs or without, and to know the truth beside
 * them.
 */
#ifndef TESTS_MODEL_FIXTURE_H
#define TESTS_MODEL_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/lab/classify.h"
#include "model/lab/events.h"
#include "model/pagemap_bits.h"

#define PAPER_PAGES 4
#define PAPER_ZERO 1
#define PAPER_FILE 100
#define PAPER_PAGE_SIZE 4096

struct paper_process {
	bool alive;
	char forked_from;
	pid_t pid;
	uint32_t object;
	uint64_t pfn[PAPER_PAGES];
	bool has_smaps;
	int file_page[PAPER_PAGES]; /* that mmap was told to put there; with has_smaps */
	bool shared[PAPER_PAGES];   /* MAP_SHARED; with has_smaps */
};

struct paper {
	enum kind kind;
	bool shows_pfn;
	uint32_t step;
	uint64_t next_pfn;
	pid_t next_pid;
	bool copied[100000];   /* by PFN: was it born by a copy? */
	uint32_t text[100000]; /* by PFN: the number of the last write to it; 0: zeros */
	uint32_t writes;
	struct paper_process processes[PROCESSES_MAX];
	struct act acts[64];
	size_t act_count;
};

__attribute__((unused)) static struct paper *
paper_new(enum kind kind, bool shows_pfn, int processes)
{
	struct paper *paper = mem_zero(1, sizeof(*paper));

	paper->kind = kind;
	paper->shows_pfn = shows_pfn;
	paper->next_pfn = 1000;
	paper->next_pid = 100;
	for (uint32_t i = 0; i < 10 * PAPER_PAGES && kind_has_file(kind); i++)
		paper->text[PAPER_FILE + i] = 900000 + i;
	for (int i = 0; i < processes; i++)
		paper->processes[i] =
		    (struct paper_process){.alive = true, .pid = paper->next_pid++, .object = 1};
	return paper;
}

static bool
paper_is_file(uint64_t pfn)
{
	return pfn >= PAPER_FILE && pfn < PAPER_FILE + 10 * PAPER_PAGES;
}

static int
paper_mappers(const struct paper *paper, uint64_t pfn)
{
	int count = 0;

	for (int i = 0; i < PROCESSES_MAX; i++)
		for (int page = 0; page < PAPER_PAGES; page++)
			count += paper->processes[i].alive && paper->processes[i].pfn[page] == pfn;
	return count;
}

static uint64_t
paper_entry(const struct paper *paper, int process, int page)
{
	uint64_t pfn = paper->processes[process].pfn[page], entry = PM_PRESENT;

	if (!pfn)
		return 0;
	if (paper_is_file(pfn))
		entry |= PM_FILE;
	if (pfn != PAPER_ZERO && paper_mappers(paper, pfn) == 1)
		entry |= PM_EXCLUSIVE;
	return paper->shows_pfn ? entry | pfn : entry;
}

static uint64_t
paper_file_pfn(const struct paper *paper, int process, int page)
{
	const struct paper_process *from = &paper->processes[process];

	return PAPER_FILE + (from->object - 1) * PAPER_PAGES +
	    (uint64_t)(from->has_smaps ? from->file_page[page] : page);
}

static bool
paper_is_shared(const struct paper *paper, int process, int page)
{
	const struct paper_process *from = &paper->processes[process];

	return from->has_smaps ? from->shared[page] : kind_is_shared(paper->kind);
}

/* mmap of one page, which nobody has touched since. */
__attribute__((unused)) static void
paper_map(struct paper *paper, int process, int page, int file_page, bool shared)
{
	struct paper_process *mapper = &paper->processes[process];

	for (int i = 0; i < PAPER_PAGES && !mapper->has_smaps; i++) {
		mapper->file_page[i] = i;
		mapper->shared[i] = kind_is_shared(paper->kind);
	}
	mapper->has_smaps = true;
	mapper->file_page[page] = file_page;
	mapper->shared[page] = shared;
	mapper->pfn[page] = 0;
}

/* What the frame holds. */
static struct content
paper_content(const struct paper *paper, uint64_t pfn)
{
	struct content content = {.length = CONTENT_MAX};

	if (paper->text[pfn])
		snprintf((char *)content.bytes, CONTENT_MAX, "%u", paper->text[pfn]);
	return content;
}

__attribute__((unused)) static void
paper_touch(struct paper *paper, int process, int page, bool write)
{
	uint64_t *pfn = &paper->processes[process].pfn[page];
	struct act act = {
	    .process = (char)('a' + process),
	    .verb = write ? ACT_WRITE : ACT_READ,
	    .page = (uint32_t)page,
	    .before = paper_entry(paper, process, page),
	};
	bool anon_private = paper->kind == KIND_PRIVATE_ANON;

	if (paper_is_shared(paper, process, page)) {
		*pfn = *pfn ? *pfn : paper_file_pfn(paper, process, page);
	} else if (!write) {
		*pfn = *pfn        ? *pfn
		    : anon_private ? PAPER_ZERO
				   : paper_file_pfn(paper, process, page);
	} else if (!*pfn || *pfn == PAPER_ZERO || paper_is_file(*pfn) ||
	    paper_mappers(paper, *pfn) > 1) {
		paper->copied[paper->next_pfn] = !anon_private || (*pfn && *pfn != PAPER_ZERO);
		*pfn = paper->next_pfn++;
	}
	if (write)
		paper->text[*pfn] = ++paper->writes;
	act.content = paper_content(paper, *pfn);
	act.minor = (uint16_t)(act.before != paper_entry(paper, process, page));
	act.after = paper_entry(paper, process, page);
	paper->acts[paper->act_count++] = act;
}

__attribute__((unused)) static void
paper_drop(struct paper *paper, int process, int page)
{
	struct act act = {
	    .process = (char)('a' + process),
	    .verb = ACT_ADVISE,
	    .page = (uint32_t)page,
	    .before = paper_entry(paper, process, page),
	};

	paper->processes[process].pfn[page] = 0;
	paper->acts[paper->act_count++] = act;
}

__attribute__((unused)) static void
paper_fork(struct paper *paper, int parent, int child)
{
	struct paper_process *new = &paper->processes[child];

	*new = paper->processes[parent];
	new->pid = paper->next_pid++;
	new->forked_from = (char)('a' + parent);
	for (int page = 0; page < PAPER_PAGES; page++)
		if (paper_is_file(new->pfn[page]) || new->pfn[page] == PAPER_ZERO)
			new->pfn[page] = 0;
}

__attribute__((unused)) static void
paper_spawn(struct paper *paper, int process)
{
	paper->processes[process] =
	    (struct paper_process){.alive = true, .pid = paper->next_pid++, .object = 1};
}

/* As paper_touch(), but nobody tells of it. */
__attribute__((unused)) static void
paper_intrude(struct paper *paper, int process, int page)
{
	paper_touch(paper, process, page, true);
	paper->act_count--;
}

/* The state by the truth. */
__attribute__((unused)) static enum page_state
paper_state(const struct paper *paper, int process, int page)
{
	uint64_t pfn = paper->processes[process].pfn[page];

	if (!pfn)
		return PAGE_ABSENT;
	if (pfn == PAPER_ZERO)
		return PAGE_ZERO;
	if (paper_mappers(paper, pfn) > 1)
		return PAGE_SHARED;
	return !paper_is_file(pfn) && paper->copied[pfn] ? PAGE_COPIED : PAGE_PRIVATE;
}

static uint32_t random_state = 12345;

__attribute__((unused)) static uint32_t
random_below(uint32_t limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state % limit;
}

__attribute__((unused)) static void
random_touch(struct paper *paper)
{
	int process = (int)random_below(6);

	if (paper->processes[process].alive)
		paper_touch(paper, process, (int)random_below(PAPER_PAGES), random_below(2));
}

/* One command: an act, or, as with all:*, several touches. */
__attribute__((unused)) static void
random_act(struct paper *paper)
{
	int process = (int)random_below(6), other = (int)random_below(6),
	    page = (int)random_below(PAPER_PAGES);
	uint32_t what = random_below(10);

	if (!paper->processes[process].alive) {
		if (paper->processes[other].alive && what < 7)
			paper_fork(paper, other, process);
		else if (paper->kind != KIND_PRIVATE_ANON)
			paper_spawn(paper, process);
	} else if (what < 4) {
		paper_touch(paper, process, page, true);
	} else if (what < 7) {
		paper_touch(paper, process, page, false);
	} else if (what < 9) {
		paper_drop(paper, process, page);
	} else if (process != 0) {
		paper->processes[process].alive = false;
	}
}

/* One command of the random walk. */
__attribute__((unused)) static void
random_step(struct paper *paper)
{
	if (random_below(4) != 0)
		random_act(paper);
	else
		for (int touches = 0; touches < 4; touches++)
			random_touch(paper);
}

static uint32_t
paper_dirty_kib(const struct paper *paper, uint64_t pfn)
{
	return paper_is_file(pfn) ? paper->text[pfn] < 900000 ? 4 : 0 : pfn > PAPER_ZERO ? 4 : 0;
}

/* Each page a VMA of its own. */
static void
paper_smaps(const struct paper *paper, int index, struct process *process)
{
	process->vmas = mem_zero(PAPER_PAGES, sizeof(*process->vmas));
	process->vma_count = PAPER_PAGES;
	for (int page = 0; page < PAPER_PAGES; page++) {
		uint64_t start = process->address + (uint64_t)page * PAPER_PAGE_SIZE,
			 pfn = paper->processes[index].pfn[page];
		struct smaps *smaps = &process->vmas[page];

		*smaps = (struct smaps){
		    .start = start,
		    .end = start + PAPER_PAGE_SIZE,
		    .offset = (uint64_t)paper->processes[index].file_page[page] * PAPER_PAGE_SIZE,
		    .perms = {'r', 'w', '-', paper->processes[index].shared[page] ? 's' : 'p',
			'\0'},
		};
		if (pfn > PAPER_ZERO) {
			smaps->rss = 4;
			smaps->pss = 4 / (uint32_t)paper_mappers(paper, pfn);
			smaps->shared_dirty = paper_dirty_kib(paper, pfn);
		}
		process->pages[page].vma = page;
	}
}

/* A classified snapshot of the paper kernel; the acts since the last one are used up. */
__attribute__((unused)) static struct snapshot *
paper_snapshot(struct paper *paper, const struct snapshot *before)
{
	size_t alive = 0, index = 0;
	struct snapshot *now;

	for (int i = 0; i < PROCESSES_MAX; i++)
		alive += paper->processes[i].alive;
	now = snapshot_new(PAPER_PAGES, alive);
	now->kind = paper->kind;
	now->step = paper->step++;
	now->lab = 1;
	now->machine.page_size = PAPER_PAGE_SIZE;
	now->machine.pfn = paper->shows_pfn ? TRI_YES : TRI_NO;
	for (int i = 0; i < PROCESSES_MAX; i++) {
		struct process *process = &now->processes[index];

		if (!paper->processes[i].alive)
			continue;
		index++;
		process->name = (char)('a' + i);
		process->pid = paper->processes[i].pid;
		process->forked_from = paper->processes[i].forked_from;
		process->address = UINT64_C(0xa0000000) + UINT64_C(0x10000000) * (unsigned)i;
		if (paper->processes[i].has_smaps)
			paper_smaps(paper, i, process);
		for (int page = 0; page < PAPER_PAGES; page++) {
			process->pages[page].object = paper->processes[i].object;
			process->pages[page].pagemap_known = true;
			process->pages[page].pagemap = paper_entry(paper, i, page);
			process->pages[page].zero =
			    paper->processes[i].pfn[page] == PAPER_ZERO ? TRI_YES : TRI_NO;
			if (kind_has_file(paper->kind) &&
			    paper_is_file(paper->processes[i].pfn[page]))
				process->pages[page].content =
				    paper_content(paper, paper->processes[i].pfn[page]);
		}
	}
	now->acts = mem_copy(paper->acts, paper->act_count * sizeof(*paper->acts));
	now->act_count = paper->act_count;
	paper->act_count = 0;
	classify(now, before);
	return now;
}

#endif
