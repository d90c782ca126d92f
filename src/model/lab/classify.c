#include "config.h"
#include "model/lab/classify.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/lab/contents.h"
#include "model/lab/frames.h"
#include "model/lab/shares.h"
#include "model/pagemap_bits.h"

/*
 * Frames are found page by page. For one page number, every process makes a claim: the frame that,
 * by the evidence, it maps. Claims to anonymous frames follow a chain: what the process (or, right
 * after a fork, its parent) mapped before, changed by what its own acts saw in its pagemap entry.
 * PFNs, where shown, then correct the claims; bit 56 contradicts impossible ones.
 */

struct claim {
	struct frame frame;
	bool made;     /* the page has a frame */
	bool zero;     /* it was the page of zeros, or a read found that it is */
	bool fresh;    /* it has no generation yet */
	bool doubtful; /* bit 56 contradicts it and no PFN helps */
	uint64_t pfn;
};

struct page_work {
	struct snapshot *now;
	const struct snapshot *before;
	uint32_t page;
	/* in before: itself or its parent at the fork */
	const struct process *ancestors[PROCESSES_MAX];
	const struct act *const *acts; /* on this page, in order */
	size_t act_count;
	struct claim claims[PROCESSES_MAX];
};

/* This page's frame in before; NULL if it had none, or no anonymous one. */
static const struct frame *
inherited_frame(const struct page_work *work, size_t index)
{
	const struct process *ancestor = work->ancestors[index];
	const struct frame *frame;

	if (!ancestor || ancestor->pages[work->page].frame >= work->before->frame_count)
		return NULL;
	frame = &work->before->frames[ancestor->pages[work->page].frame];
	return frame_is_anonymous(frame) ? frame : NULL;
}

static void
claim_fresh(struct claim *claim, char owner, uint32_t page, enum birth birth)
{
	claim->frame = (struct frame){.page = page, .owner = owner, .birth = (uint8_t)birth};
	claim->made = claim->fresh = true;
}

/* If there is a file, an anonymous frame is a copy of one of its pages. */
static enum birth
birth_of_fresh(const struct page_work *work)
{
	return kind_has_file(work->now->kind) ? BIRTH_COPIED : BIRTH_FILLED;
}

/* Did the act leave the process with a different anonymous frame? */
static bool
act_replaced(const struct act *act)
{
	if (pm_pfn(act->before) && pm_pfn(act->after))
		return pm_pfn(act->before) != pm_pfn(act->after);
	return !pm_exclusive(act->before) && pm_exclusive(act->after);
}

/* No other process mapped the frame, and yet it may have been copied: act_is_sure(). */
static void
claim_doubt(struct claim *claim, const struct act *act)
{
	claim->frame.loose = claim->frame.loose || act->loosens;
	if (claim->frame.birth == BIRTH_FILLED && act->verb != ACT_ADVISE &&
	    !act_is_sure(act, &claim->frame))
		claim->frame.birth = BIRTH_UNKNOWN;
}

static void
claim_follow_act(struct page_work *work, size_t index, const struct act *act)
{
	struct claim *claim = &work->claims[index];
	char owner = work->now->processes[index].name;

	claim->zero = pm_anonymous(act->after) && !pm_exclusive(act->after) && !claim->made &&
	    (claim->zero || !pm_present(act->before));
	if (!pm_anonymous(act->after) || (!claim->made && !pm_exclusive(act->after)))
		/* nothing, a page of the file, or the page of zeros: a fresh frame is exclusive */
		claim->made = false;
	else if (!pm_anonymous(act->before) || !claim->made)
		claim_fresh(claim, owner, work->page, birth_of_fresh(work));
	else if (act_replaced(act))
		claim_fresh(claim, owner, work->page, BIRTH_COPIED);
	else
		claim_doubt(claim, act);
}

static void
claim_zero(struct claim *claim)
{
	claim->frame = (struct frame){.owner = 'Z', .birth = BIRTH_ZERO};
	claim->made = true;
}

static bool
was_zero(const struct page_work *work, size_t index)
{
	const struct process *ancestor = work->ancestors[index];

	return ancestor && ancestor->pages[work->page].state == PAGE_ZERO;
}

/* `before` was read while a request was under way in the process: it may show the act's result
 * already. */
static bool
was_seen(const struct page_work *work, size_t index, size_t which)
{
	const struct act *act = work->acts[which];
	const struct process *process = work->ancestors[index];
	uint64_t entry = process ? process->pages[work->page].pagemap & PM_MEANING : 0;

	if (!process || !process->asked || process->name != act->process)
		return false;
	for (size_t i = 0; i < which; i++)
		if (work->acts[i]->process == act->process)
			return false;
	return entry == (act->after & PM_MEANING) && entry != (act->before & PM_MEANING);
}

static void
claim_anonymous(struct page_work *work, size_t index)
{
	struct claim *claim = &work->claims[index];
	const struct frame *old = inherited_frame(work, index);
	const struct page *page = &work->now->processes[index].pages[work->page];
	char name = work->now->processes[index].name;

	claim->zero = was_zero(work, index);
	if (old) {
		claim->frame = *old;
		claim->made = true;
	}
	for (size_t i = 0; i < work->act_count; i++)
		if (work->acts[i]->process == name &&
		    (work->acts[i]->before || work->acts[i]->after) && !was_seen(work, index, i))
			claim_follow_act(work, index, work->acts[i]);
	if (claim->made)
		return;
	if (page->zero == TRI_UNKNOWN && claim->zero)
		claim_zero(claim);
	else if (page->zero == TRI_NO)
		claim_fresh(claim, name, work->page, birth_of_fresh(work));
}

static void
claim_page(struct page_work *work, size_t index)
{
	struct claim *claim = &work->claims[index];
	const struct process *process = &work->now->processes[index];
	const struct page *page = &process->pages[work->page];
	const struct frame *old;

	*claim = (struct claim){.pfn = pm_pfn(page->pagemap)};
	if (!page->pagemap_known)
		return;
	if (pm_present(page->pagemap) && page->zero == TRI_YES) {
		claim_zero(claim);
	} else if (page_is_of_file(page)) {
		claim->frame = page_file_frame(work->now, process, work->page);
		claim->made = true;
	} else if (pm_present(page->pagemap)) {
		claim_anonymous(work, index);
	} else if (page->pagemap & PM_SWAPPED && (old = inherited_frame(work, index))) {
		claim->frame = *old;
		claim->frame.loose = true; /* its swap slot may be shared */
		claim->made = true;
	}
}

static bool
claim_is_anonymous(const struct claim *claim)
{
	return claim->made && frame_is_anonymous(&claim->frame);
}

static bool
claims_agree(const struct claim *one, const struct claim *other)
{
	return one->made && other->made && !one->fresh && !other->fresh &&
	    frame_same(&one->frame, &other->frame);
}

/* The claim that keeps the frame: the one whose PFN did not change, else the first. */
static size_t
keeper(const struct page_work *work, size_t first)
{
	for (size_t i = first; i < work->now->process_count; i++)
		if (claims_agree(&work->claims[first], &work->claims[i]) && work->claims[i].pfn &&
		    work->claims[i].pfn == work->claims[first].frame.pfn)
			return i;
	return first;
}

/* Claims to one frame with different PFNs: a process copied without being told to. */
static void
split_by_pfn(struct page_work *work)
{
	for (size_t i = 0; i < work->now->process_count; i++) {
		size_t keeps;

		if (!claim_is_anonymous(&work->claims[i]) || !work->claims[i].pfn ||
		    work->claims[i].fresh)
			continue;
		keeps = keeper(work, i);
		for (size_t j = i; j < work->now->process_count; j++)
			if (j != keeps && claims_agree(&work->claims[keeps], &work->claims[j]) &&
			    work->claims[j].pfn && work->claims[j].pfn != work->claims[keeps].pfn)
				claim_fresh(&work->claims[j], work->now->processes[j].name,
				    work->page, BIRTH_COPIED);
	}
}

/* Claims to different frames with one PFN: they are one frame, the older. */
static void
merge_by_pfn(struct page_work *work)
{
	for (size_t i = 0; i < work->now->process_count; i++)
		for (size_t j = 0; j < work->now->process_count; j++) {
			struct claim *one = &work->claims[i], *other = &work->claims[j];

			if (i != j && claim_is_anonymous(one) && claim_is_anonymous(other) &&
			    one->pfn && one->pfn == other->pfn && !one->fresh &&
			    !claims_agree(one, other) && (other->fresh || i < j)) {
				other->frame = one->frame;
				other->fresh = false;
			}
		}
}

/* Without PFNs: a frame that two processes claim, though bit 56 says that one has it alone. Either
 * copy may keep the name; for a frame that was filled, it isn't known who has the copy. */
static void
doubt_by_exclusive_bit(struct page_work *work)
{
	for (size_t i = 0; i < work->now->process_count; i++)
		for (size_t j = 0; j < work->now->process_count; j++) {
			struct claim *one = &work->claims[i];
			const struct process *process = &work->now->processes[i];

			if (i == j || !claim_is_anonymous(one) || one->pfn ||
			    !claims_agree(one, &work->claims[j]) ||
			    !pm_present(work->now->processes[j].pages[work->page].pagemap) ||
			    !pm_exclusive(process->pages[work->page].pagemap))
				continue;
			if (one->frame.birth == BIRTH_FILLED)
				one->doubtful = true;
			else if (j < i)
				claim_fresh(one, process->name, work->page, BIRTH_COPIED);
		}
}

static bool
generation_taken(const struct page_work *work, const struct frame *wanted)
{
	for (size_t i = 0; i < work->now->process_count; i++)
		if (work->claims[i].made && !work->claims[i].fresh &&
		    frame_same(&work->claims[i].frame, wanted))
			return true;
	for (size_t i = 0; work->before && i < work->before->process_count; i++) {
		uint32_t frame = work->before->processes[i].pages[work->page].frame;

		if (frame < work->before->frame_count &&
		    frame_same(&work->before->frames[frame], wanted))
			return true;
	}
	return false;
}

/* Fresh frames get the first name that is free now and was free before; equal PFNs get one name. */
static void
name_fresh(struct page_work *work)
{
	for (size_t i = 0; i < work->now->process_count; i++) {
		struct claim *claim = &work->claims[i];

		if (!claim->made || !claim->fresh)
			continue;
		while (generation_taken(work, &claim->frame))
			claim->frame.generation++;
		claim->fresh = false;
		for (size_t j = i + 1; j < work->now->process_count; j++)
			if (work->claims[j].made && work->claims[j].fresh && claim->pfn &&
			    work->claims[j].pfn == claim->pfn) {
				work->claims[j].frame = claim->frame;
				work->claims[j].fresh = false;
			}
	}
}

/* In a huge page bit 56 covers all its pages, or is wrong: only PFNs tell who has which. */
static enum tri
classify_is_alone(const struct page_work *work, size_t index)
{
	const struct process *process = &work->now->processes[index];
	const struct smaps *smaps = page_smaps(process, work->page);
	uint64_t entry = process->pages[work->page].pagemap;

	if (!smaps || !smaps->huge || !pm_anonymous(entry))
		return pm_exclusive(entry) ? TRI_YES : TRI_NO;
	if (!work->claims[index].pfn)
		return TRI_UNKNOWN;
	for (size_t i = 0; i < work->now->process_count; i++)
		if (i != index && work->claims[i].pfn == work->claims[index].pfn)
			return TRI_NO;
	return TRI_YES;
}

static enum page_state
classify_state_of(const struct page_work *work, size_t index)
{
	const struct page *page = &work->now->processes[index].pages[work->page];
	const struct claim *claim = &work->claims[index];
	enum tri alone = classify_is_alone(work, index);

	if (!page->pagemap_known)
		return PAGE_UNKNOWN;
	if (!pm_present(page->pagemap))
		return page->pagemap & PM_SWAPPED ? PAGE_SWAPPED : PAGE_ABSENT;
	if (claim->frame.birth == BIRTH_ZERO)
		return PAGE_ZERO;
	if (claim->doubtful || alone == TRI_UNKNOWN)
		return PAGE_UNKNOWN;
	if (page->zero == TRI_UNKNOWN && !claim->made)
		return PAGE_UNKNOWN;
	if (alone == TRI_NO)
		return PAGE_SHARED;
	if (claim->frame.birth == BIRTH_UNKNOWN)
		return PAGE_UNKNOWN;
	return claim->frame.birth == BIRTH_COPIED ? PAGE_COPIED : PAGE_PRIVATE;
}

/* For several pages in one entry that lies within the lab: everything resident is dirty, or nothing
 * is. */
static enum tri
dirty_by_all(const struct snapshot *now, const struct process *process, const struct smaps *smaps)
{
	uint64_t end = process->address + (uint64_t)now->page_count * now->machine.page_size;
	uint32_t dirty = smaps->shared_dirty + smaps->private_dirty;

	if (smaps->start < process->address || smaps->end > end || (dirty && dirty != smaps->rss))
		return TRI_UNKNOWN;
	return dirty ? TRI_YES : TRI_NO;
}

static enum tri
dirty_of(const struct snapshot *now, const struct process *process, uint32_t number)
{
	const struct page *page = &process->pages[number];
	const struct smaps *smaps = page_smaps(process, number);
	uint32_t file_page = page_file_page(now, process, number);

	if (!page->pagemap_known)
		return TRI_UNKNOWN;
	if (!pm_present(page->pagemap) || page->zero == TRI_YES)
		return TRI_NO;
	if (smaps && smaps_is_single(smaps, now->machine.page_size))
		return smaps->shared_dirty + smaps->private_dirty > 0 ? TRI_YES : TRI_NO;
	if (!(page->pagemap & PM_FILE))
		return smaps ? dirty_by_all(now, process, smaps) : TRI_UNKNOWN;
	if (page->kpageflags)
		return page->kpageflags & KPF_DIRTY ? TRI_YES : TRI_NO;
	if (!now->file_pages || file_page >= now->page_count)
		return TRI_UNKNOWN;
	return (enum tri)now->file_pages[file_page].dirty;
}

/* Enters one page's claims into the table of frames. */
static void
enter_claims(struct page_work *work)
{
	struct snapshot *now = work->now;
	size_t first = now->frame_count;

	for (size_t i = 0; i < now->process_count; i++) {
		struct process *process = &now->processes[i];
		struct page *page = &process->pages[work->page];
		struct claim *claim = &work->claims[i];

		page->state = (uint8_t)classify_state_of(work, i);
		page->dirty = (int8_t)dirty_of(now, process, work->page);
		page->inferred =
		    pm_present(page->pagemap) && !claim->pfn && page->state != PAGE_ZERO;
		page->frame = FRAME_NONE;
		if (!claim->made || claim->frame.birth == BIRTH_ZERO)
			continue;
		page->frame = frames_enter(now, &claim->frame, first);
		if (pm_present(page->pagemap)) {
			now->frames[page->frame].processes |=
			    (uint16_t)(1u << (process->name - 'a'));
			now->frames[page->frame].pfn = claim->pfn;
		}
	}
}

static const struct process *
ancestor_of(const struct process *process, const struct snapshot *before)
{
	const struct process *ancestor = before ? snapshot_process(before, process->name) : NULL;

	if (ancestor && ancestor->pid == process->pid)
		return ancestor;
	return before && process->forked_from ? snapshot_process(before, process->forked_from)
					      : NULL;
}

/* The acts sorted by page and kept in order within a page: *starts[page] to starts[page + 1]. */
static const struct act **
acts_by_page(const struct snapshot *now, size_t *starts)
{
	const struct act **sorted = mem_zero(now->act_count, sizeof(struct act *));
	size_t *next;

	memset(starts, 0, (now->page_count + 1) * sizeof(*starts));
	for (size_t i = 0; i < now->act_count; i++)
		if (now->acts[i].page < now->page_count)
			starts[now->acts[i].page + 1]++;
	for (uint32_t page = 0; page < now->page_count; page++)
		starts[page + 1] += starts[page];
	next = mem_copy(starts, now->page_count * sizeof(*next));
	for (size_t i = 0; i < now->act_count; i++)
		if (now->acts[i].page < now->page_count)
			sorted[next[now->acts[i].page]++] = &now->acts[i];
	free(next);
	return sorted;
}

static void
classify_page(struct page_work *work)
{
	for (size_t i = 0; i < work->now->process_count; i++)
		claim_page(work, i);
	split_by_pfn(work);
	merge_by_pfn(work);
	doubt_by_exclusive_bit(work);
	name_fresh(work);
	enter_claims(work);
	contents_follow(&(struct contents){
	    .now = work->now,
	    .before = work->before,
	    .ancestors = work->ancestors,
	    .page = work->page,
	    .acts = work->acts,
	    .act_count = work->act_count,
	});
}

void
classify(struct snapshot *now, const struct snapshot *before)
{
	struct page_work work = {
	    .now = now,
	    .before = before && before->lab == now->lab ? before : NULL,
	};
	size_t *starts = mem_zero(now->page_count + 1, sizeof(*starts));
	const struct act **sorted = acts_by_page(now, starts);

	free(now->frames);
	now->frames = mem_zero(now->page_count * now->process_count + 1, sizeof(*now->frames));
	now->frame_count = 0;
	for (size_t i = 0; i < now->process_count; i++)
		work.ancestors[i] = ancestor_of(&now->processes[i], work.before);
	for (work.page = 0; work.page < now->page_count; work.page++) {
		work.acts = sorted + starts[work.page];
		work.act_count = starts[work.page + 1] - starts[work.page];
		classify_page(&work);
	}
	frames_finish(now);
	shares_find(now);
	free(sorted);
	free(starts);
}
