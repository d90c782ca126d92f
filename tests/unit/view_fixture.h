/*
 * A small pretended kernel for tests of what is drawn: processes, frames with contents, a page
 * cache. It makes raw readings and acts; classify() and events_between() do the rest.
 */
#ifndef TESTS_VIEW_FIXTURE_H
#define TESTS_VIEW_FIXTURE_H

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/lab/classify.h"
#include "model/lab/events.h"
#include "model/pagemap_bits.h"

#define STAGE_PAGES 64
#define STAGE_FRAMES 1024
#define STAGE_PFN UINT64_C(0x103400)
#define STAGE_ZERO 1 /* frames by number; 0: none; file pages from STAGE_FILE on */
#define STAGE_FILE 2

struct stage_process {
	bool there;
	char forked_from;
	enum life life;
	int exit_signal;
	uint16_t frame[STAGE_PAGES];
	bool unmapped[STAGE_PAGES];
	const char *perms[STAGE_PAGES]; /* "r--"; NULL: as at first */
};

struct stage {
	enum kind kind;
	uint32_t pages, file_pages;
	bool shows_pfn, hides_file;
	const char *path, *filesystem;
	uint32_t step;
	uint16_t next_frame;
	struct stage_process processes[PROCESSES_MAX];
	char content[STAGE_FRAMES][CONTENT_MAX];
	bool cached[STAGE_PAGES], dirty[STAGE_PAGES];
	struct act acts[256];
	size_t act_count;
};

static struct stage *
stage_new(enum kind kind, uint32_t pages, int processes, bool shows_pfn)
{
	struct stage *stage = mem_zero(1, sizeof(*stage));

	stage->kind = kind;
	stage->pages = stage->file_pages = pages;
	stage->shows_pfn = shows_pfn;
	stage->next_frame = STAGE_FILE + STAGE_PAGES;
	if (kind_has_file(kind)) {
		stage->path =
		    kind == KIND_POSIX_SHM ? "/dev/shm/cowscope-4241" : "/var/tmp/cow.dat";
		stage->filesystem = kind == KIND_POSIX_SHM ? "tmpfs" : "ext4";
	}
	for (int i = 0; i < processes; i++)
		stage->processes[i].there = true;
	for (uint32_t page = 0; page < pages; page++) {
		stage->cached[page] = kind_has_file(kind);
		if (kind_has_file(kind))
			memset(stage->content[STAGE_FILE + page],
			    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-"
				[page],
			    CONTENT_MAX);
	}
	return stage;
}

static int
stage_mappers(const struct stage *stage, uint16_t frame)
{
	int count = 0;

	for (int i = 0; i < PROCESSES_MAX; i++)
		for (uint32_t page = 0; page < stage->pages; page++)
			count += stage->processes[i].there &&
			    stage->processes[i].life != LIFE_DEAD &&
			    stage->processes[i].frame[page] == frame;
	return count;
}

static bool
stage_is_file(uint16_t frame)
{
	return frame >= STAGE_FILE && frame < STAGE_FILE + STAGE_PAGES;
}

static uint64_t
stage_entry(const struct stage *stage, int process, uint32_t page)
{
	uint16_t frame = stage->processes[process].frame[page];
	uint64_t entry = PM_PRESENT;

	if (!frame)
		return 0;
	entry |= stage_is_file(frame) ? PM_FILE : 0;
	entry |= frame != STAGE_ZERO && stage_mappers(stage, frame) == 1 ? PM_EXCLUSIVE : 0;
	return stage->shows_pfn ? entry | (STAGE_PFN + frame) : entry;
}

static struct act *
stage_act(struct stage *stage, char process, uint32_t page, enum act_verb verb)
{
	struct act *act = &stage->acts[stage->act_count++];

	*act = (struct act){
	    .process = process,
	    .page = page,
	    .verb = (uint8_t)verb,
	    .before = stage_entry(stage, process - 'a', page),
	};
	return act;
}

static void
stage_done(const struct stage *stage, struct act *act)
{
	act->after = stage_entry(stage, act->process - 'a', act->page);
	act->minor = (uint16_t)(act->before != act->after);
}

static void
stage_read(struct stage *stage, char process, uint32_t page)
{
	uint16_t *frame = &stage->processes[process - 'a'].frame[page];
	struct act *act = stage_act(stage, process, page, ACT_READ);

	if (!*frame)
		*frame =
		    stage->kind == KIND_PRIVATE_ANON ? STAGE_ZERO : (uint16_t)(STAGE_FILE + page);
	stage->cached[page] = stage->cached[page] || stage_is_file(*frame);
	stage_done(stage, act);
}

static void
stage_write(struct stage *stage, char process, uint32_t page, const char *text)
{
	uint16_t *frame = &stage->processes[process - 'a'].frame[page], old = *frame;
	struct act *act = stage_act(stage, process, page, ACT_WRITE);

	if (kind_is_shared(stage->kind)) {
		*frame = (uint16_t)(STAGE_FILE + page);
		stage->cached[page] = stage->dirty[page] = true;
	} else if (!old || old == STAGE_ZERO || stage_is_file(old) ||
	    stage_mappers(stage, old) > 1) {
		*frame = stage->next_frame++;
		if (!old && kind_has_file(stage->kind))
			old = (uint16_t)(STAGE_FILE + page);
		memcpy(stage->content[*frame], stage->content[old], CONTENT_MAX);
	}
	memcpy(stage->content[*frame], text, strnlen(text, CONTENT_MAX));
	stage_done(stage, act);
}

static void
stage_fault(struct stage *stage, char process, uint32_t page, int signum, int code)
{
	struct act *act = stage_act(stage, process, page, ACT_WRITE);

	stage_done(stage, act);
	act->signal = signum;
	act->code = code;
	act->address = 0xa0000000u + page * 4096;
}

static void
stage_fork(struct stage *stage, char parent, char child)
{
	struct stage_process *new = &stage->processes[child - 'a'];

	*new = stage->processes[parent - 'a'];
	new->forked_from = parent;
	for (uint32_t page = 0; page < stage->pages; page++)
		if (stage_is_file(new->frame[page]) || new->frame[page] == STAGE_ZERO)
			new->frame[page] = 0;
}

static void
stage_kill(struct stage *stage, char process, int signum)
{
	struct stage_process *killed = &stage->processes[process - 'a'];

	killed->life = LIFE_DEAD;
	killed->exit_signal = signum;
	memset(killed->frame, 0, sizeof(killed->frame));
}

static void
stage_smaps(const struct stage *stage, int index, struct process *process)
{
	process->vmas = mem_zero(stage->pages, sizeof(*process->vmas));
	process->rss_kib = process->pss_kib = 0;
	for (uint32_t page = 0; page < stage->pages; page++) {
		uint16_t frame = stage->processes[index].frame[page];
		uint32_t size = frame > STAGE_ZERO ? 4 : 0;
		bool dirty = stage_is_file(frame) ? stage->dirty[page] : frame > STAGE_ZERO;
		bool shared = stage_mappers(stage, frame) > 1;
		struct smaps *smaps = &process->vmas[process->vma_count];

		if (stage->processes[index].unmapped[page])
			continue;
		*smaps = (struct smaps){
		    .start = process->address + page * 4096,
		    .end = process->address + page * 4096 + 4096,
		    .offset = (stage_is_file(frame) ? (uint32_t)frame - STAGE_FILE : page) * 4096u,
		    .rss = size,
		    .pss = size ? size / (uint32_t)stage_mappers(stage, frame) : 0,
		    .referenced = size,
		    .anonymous = stage_is_file(frame) ? 0 : size,
		};
		strcpy(smaps->perms, kind_is_shared(stage->kind) ? "rw-s" : "rw-p");
		if (stage->processes[index].perms[page])
			memcpy(smaps->perms, stage->processes[index].perms[page], 3);
		*(dirty          ? shared ? &smaps->shared_dirty : &smaps->private_dirty
			: shared ? &smaps->shared_clean
				 : &smaps->private_clean) = size;
		process->pages[page].vma = (int32_t)process->vma_count++;
		process->rss_kib += smaps->rss;
		process->pss_kib += smaps->pss;
	}
}

static void
stage_process(const struct stage *stage, int index, struct process *process)
{
	const struct stage_process *from = &stage->processes[index];

	process->name = (char)('a' + index);
	process->forked_from = from->forked_from;
	process->pid = 4242 + index;
	process->ppid = 4241;
	process->life = from->life;
	process->exit_signal = from->exit_signal;
	process->address = UINT64_C(0xa0000000) + UINT64_C(0x10000000) * (unsigned)index;
	if (from->life == LIFE_DEAD)
		return;
	process->minor_faults = 120;
	process->major_faults = 0;
	for (uint32_t page = 0; page < stage->pages; page++) {
		struct page *read = &process->pages[page];

		read->object =
		    kind_is_anonymous(stage->kind) && stage->kind != KIND_SHARED_ANON ? 0 : 1;
		read->pagemap_known = true;
		read->pagemap = stage_entry(stage, index, page);
		read->zero = from->frame[page] == STAGE_ZERO ? TRI_YES : TRI_NO;
		if (stage->shows_pfn && from->frame[page])
			read->kpageflags = stage_is_file(from->frame[page])
			    ? KPF_BIT(2) | KPF_BIT(3) | KPF_BIT(5)
			    : KPF_ANON | KPF_BIT(3);
		if (from->frame[page]) {
			read->content.length = CONTENT_MAX;
			memcpy(read->content.bytes, stage->content[from->frame[page]], CONTENT_MAX);
		}
	}
	stage_smaps(stage, index, process);
}

static void
stage_file(const struct stage *stage, struct snapshot *now)
{
	now->file_pages = mem_zero(stage->pages, sizeof(*now->file_pages));
	for (uint32_t page = 0; page < stage->pages; page++) {
		struct file_page *file = &now->file_pages[page];

		*file = (struct file_page){TRI_UNKNOWN, TRI_UNKNOWN, TRI_UNKNOWN, {0}};
		if (stage->hides_file)
			continue;
		*file = (struct file_page){stage->cached[page], stage->dirty[page], TRI_NO, {0}};
		if (stage->cached[page]) {
			file->content.length = CONTENT_MAX;
			memcpy(file->content.bytes, stage->content[STAGE_FILE + page], CONTENT_MAX);
		}
	}
}

/* A classified snapshot; the acts since the last one are used up. */
static struct snapshot *
stage_snapshot(struct stage *stage, const char *command, const struct snapshot *before)
{
	size_t count = 0, index = 0;
	struct snapshot *now;

	for (int i = 0; i < PROCESSES_MAX; i++)
		count += stage->processes[i].there;
	now = snapshot_new(stage->pages, count);
	now->kind = stage->kind;
	now->step = stage->step++;
	now->lab = 1;
	now->time_ns = UINT64_C(1700000000000000000) + now->step;
	now->command = command ? mem_string(command) : NULL;
	now->path = stage->path ? mem_string(stage->path) : NULL;
	now->filesystem = stage->filesystem ? mem_string(stage->filesystem) : NULL;
	now->file_bytes = kind_has_file(stage->kind) ? stage->file_pages * 4096 : COUNT_UNKNOWN;
	strcpy(now->machine.release, "6.18.0");
	now->machine.page_size = 4096;
	now->machine.pfn = stage->shows_pfn ? TRI_YES : TRI_NO;
	now->memory = (struct memory){
	    .used_kib = 1258291,
	    .buff_cache_kib = 3565158,
	    .shared_kib = 12288,
	    .available_kib = 5368709,
	    .dirty_kib = 4,
	};
	for (int i = 0; i < PROCESSES_MAX; i++)
		if (stage->processes[i].there)
			stage_process(stage, i, &now->processes[index++]);
	if (stage->kind != KIND_PRIVATE_ANON)
		stage_file(stage, now);
	now->acts = mem_copy(stage->acts, stage->act_count * sizeof(*stage->acts));
	now->act_count = stage->act_count;
	stage->act_count = 0;
	classify(now, before);
	return now;
}

#endif
