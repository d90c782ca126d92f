/*
 * Samples one after the other, and the time they may take.
 */
#include "config.h"
#include "attach/attach_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/clock.h"
#include "base/mem.h"

#define WINDOW 2048
#define DEBT_NS 1e6 /* small enough not to stop a sample or to delay one */
#define RESERVE_NS \
	5e6 /* a step, which may end a sample: kept back from the start, so that no time sees more \
	       than the duty */
#define BETWEEN_MOST_NS \
	5000000 /* of what we do between two steps (wake, sum up, draw) counts too: not all, or \
		   keys would keep samples away */
#define SHORTEST_NS UINT64_C(200000000) /* between the beginnings of two samples */
#define PSS_STEPS 4                     /* Pss is read in one step of this many */
#define PSS_NS 500000                   /* and of further processes until this much time is used */
#define TRIES 4                         /* for a sample in which no process is lost */

struct attach *
attach_open(const struct attach_options *options, struct err *err)
{
	struct attach *attach = mem_zero(1, sizeof(*attach));
	struct rlimit files;

	attach->own_pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	if (reader_open(&attach->reader, err) < 0 ||
	    who_find(&attach->who, options->who, err) < 0) {
		attach_close(attach);
		return NULL;
	}
	if (options->baseline && options->baseline->page_size != attach->reader.page_size) {
		err_set(err, ERR_USAGE,
		    _("the baseline is of another machine: its pages have %1$u bytes, here they have %2$u"),
		    options->baseline->page_size, attach->reader.page_size);
		attach_close(attach);
		return NULL;
	}
	for (size_t i = 0; i < attach->who.pids.count; i++) {
		struct held held;
		bool there = held_open(&held, attach->who.pids.list[i]);

		held_close(&held);
		if (!there) {
			err_set(err, ERR_USAGE, _("there is no process %d"),
			    (int)attach->who.pids.list[i]);
			attach_close(attach);
			return NULL;
		}
	}
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) { /* two descriptors per process */
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	attach->unseen = unseen_open();
	attach->duty = options->duty > 0 ? options->duty : ATTACH_DUTY;
	attach->freeze = options->freeze;
	attach->compare = options->compare;
	if (options->siblings)
		attach->siblings = siblings_new(attach->reader.page_size, options->siblings_most);
	attach->now = family_hold(options->baseline);
	attach->rebase = options->baseline != NULL;
	attach->window = attach->reader.huge_pages > WINDOW ? attach->reader.huge_pages : WINDOW;
	attach->again = mem_zero(attach->window, sizeof(*attach->again));
	attach->writers = attach->reader.exclusive ? writers_new(attach->window) : NULL;
	attach->threads = options->threads ? options->threads : readers_count();
	attach->ahead = ahead_new(&attach->reader, attach->window, attach->threads);
	attach->debt_ns = RESERVE_NS;
	attach->debt_at_ns = clock_steady_ns();
	attach->cpu_at_ns = clock_cpu_ns();
	return attach;
}

void
attach_close(struct attach *attach)
{
	if (!attach)
		return;
	ahead_free(attach->ahead);
	unseen_close(attach->unseen);
	for (size_t i = 0; i < attach->subject_count; i++) {
		held_close(&attach->subjects[i].held);
		free(attach->subjects[i].twice);
	}
	for (size_t i = 0; i < attach->line_room; i++) {
		free(attach->lines[i].entries);
		free(attach->lines[i].facts);
		free(attach->lines[i].prior);
		free(attach->lines[i].cells);
	}
	free(attach->subjects);
	free(attach->lines);
	free(attach->cell_lines);
	free(attach->again);
	contents_free(attach->contents);
	siblings_free(attach->siblings);
	writers_free(attach->writers);
	pfns_release(&attach->frames);
	prior_release(&attach->prior);
	family_free(attach->work);
	family_free(attach->now);
	maps_release(&attach->own);
	if (attach->own_pagemap >= 0)
		close(attach->own_pagemap);
	who_release(&attach->who);
	reader_close(&attach->reader);
	free(attach);
}

static unsigned
lacking(const struct attach *attach)
{
	unsigned lacks = 0;

	if (!attach->reader.pfn)
		lacks |= LACKS_PFN;
	if (attach->reader.pfn && attach->reader.kpagecount < 0)
		lacks |= LACKS_KPAGECOUNT;
	if (!attach->reader.scan && !attach->reader.pfn)
		lacks |= LACKS_SCAN;
	for (size_t i = 0; i < attach->subject_count; i++)
		if (attach->subjects[i].held.life == MEMBER_DENIED ||
		    attach->subjects[i].held.lost_errnum)
			lacks |= LACKS_PROCESS;
	for (size_t i = 0; i < attach->subject_count; i++)
		if (attach->subjects[i].held.contents_errnum == EACCES ||
		    attach->subjects[i].held.contents_errnum == EPERM)
			lacks |= LACKS_CONTENTS;
	return attach->unread ? lacks | LACKS_READING : lacks;
}

static void
read_own(struct attach *attach)
{
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);

	attach->unread |= fd < 0 || !maps_read(&attach->own, fd);
	if (fd >= 0)
		close(fd);
}

static void
sample_begin(struct attach *attach)
{
	attach->unread = attach->unlisted = attach->copies_unsure = false;
	read_own(attach);
	if (attach->ahead)
		ahead_rest(attach->ahead); /* of a sample that was abandoned */
	attach->number++;
	attach->work = family_new();
	attach->work->page_size = attach->reader.page_size;
	attach->work->pfn = attach->reader.pfn ? TRI_YES : TRI_NO;
	attach->work->number = attach->number;
	attach->work->time_ns = attach->began_ns = clock_real_ns();
	attach->region = attach->page = attach->pages = attach->copies = attach->parted = 0;
	attach->region_open = attach->tainted = false;
	attach->cpu_ns = attach->reading_ns = 0;
	pfns_release(&attach->frames);
	siblings_begin(attach->siblings);
	reader_refresh(&attach->reader);
	refresh_all(attach);
}

/* Pages to KiB, if every process was found and read to the end. */
static uint64_t
kib_of_all(const struct attach *attach, uint64_t pages)
{
	for (size_t i = 0; i < attach->subject_count; i++)
		if (attach->subjects[i].held.life == MEMBER_DENIED)
			return COUNT_UNKNOWN;
	return attach->tainted || attach->unlisted ? COUNT_UNKNOWN
						   : pages * attach->reader.page_size / 1024;
}

/* Frames that the family maps: by PFN, or without PFNs only if no frame is shared. */
static uint64_t
sample_count_frames(const struct attach *attach)
{
	const struct tally *tally = &attach->work->tally;
	uint64_t pages = attach->reader.pfn ? attach->frames.count : tally->apart;

	if (attach->frames.full ||
	    (!attach->reader.pfn && (tally->counts[PAGE_SHARED] || tally->counts[PAGE_UNKNOWN])))
		return COUNT_UNKNOWN;
	return kib_of_all(attach, pages);
}

/* Forgets what was read of memories that went away meanwhile. */
static void
forget_lost(struct attach *attach)
{
	for (size_t i = 0; attach->tainted && i < attach->work->region_count; i++)
		for (size_t k = 0; k < attach->work->regions[i].strip_count; k++)
			if (attach->subjects[attach->work->regions[i].strips[k].member].held.lost)
				strip_clear(&attach->work->regions[i].strips[k]);
}

/* A lost process has unknown numbers in this sample, not zeros. */
static void
tell_lost(struct attach *attach)
{
	for (size_t i = 0; i < attach->subject_count; i++) {
		const struct held *held = &attach->subjects[i].held;
		struct member *member = &attach->work->members[i];

		member->lost = held->lost;
		if (!held->lost_errnum)
			continue;
		member->life = MEMBER_DENIED;
		member->errnum = held->lost_errnum;
	}
}

static void
sample_finish(struct attach *attach)
{
	struct family *work = attach->work;

	forget_lost(attach);
	tell_lost(attach);
	refresh_settle(attach);
	work->lacks = lacking(attach);
	family_finish(work);
	work->end_ns = clock_real_ns();
	work->pages = attach->pages;
	work->frames_kib = sample_count_frames(attach);
	work->copied_kib =
	    attach->copies_unsure ? COUNT_UNKNOWN : kib_of_all(attach, attach->copies);
	work->parted_kib =
	    attach->copies_unsure ? COUNT_UNKNOWN : kib_of_all(attach, attach->parted);
	work->interval_ns =
	    attach->now && attach->number > 1 && work->time_ns > attach->now->time_ns
	    ? work->time_ns - attach->now->time_ns
	    : 0;
	if (attach->rebase && attach->now)
		work->baseline_ns = attach->now->time_ns;
	else
		work->baseline_ns = attach->now ? attach->now->baseline_ns : work->time_ns;
	attach->rebase = false;
	attach->before = attach->refreshed;
	for (size_t i = 0; i < attach->subject_count; i++) {
		struct attach_subject *subject = &attach->subjects[i];

		subject->lineage = subject->held.lost ? 0 : subject->held.lineage;
		subject->seen |= subject->lineage != 0;
		subject->held.rss_kib = member_rss_kib(work, &work->members[i]);
	}
	prior_release(&attach->prior);
	family_free(attach->now);
	attach->now = attach->latest = work;
	attach->work = NULL;
}

static void
read_on(struct attach *attach, uint64_t until_cpu_ns)
{
	bool more = true;

	do
		for (int i = 0; i < 8 && more; i++)
			more = window_read(attach) || siblings_read(attach);
	while (more && clock_cpu_ns() < until_cpu_ns);
	if (more)
		return;
	if (attach->ahead)
		ahead_rest(attach->ahead);
	sample_finish(attach);
}

static void
read_some_pss(struct attach *attach, uint64_t until_cpu_ns)
{
	while (clock_cpu_ns() < until_cpu_ns && pss_read_one(attach))
		;
}

static void
tell_cost(const struct attach *attach, struct family *family)
{
	family->read_ms = (double)attach->reading_ns / 1e6;
	family->cpu_ms = (double)attach->cpu_ns / 1e6;
}

/* Reads until budget_ns of processor time is used; true: the sample is complete. */
static bool
sample_work_on(struct attach *attach, uint64_t budget_ns)
{
	uint64_t cpu_began = clock_cpu_ns(),
		 until = budget_ns < UINT64_MAX - cpu_began ? cpu_began + budget_ns : UINT64_MAX,
		 began, cpu_ns;

	if (!attach->work)
		sample_begin(attach);
	if (!attach->at_once && attach->steps++ % PSS_STEPS == 0)
		read_some_pss(attach, cpu_began + PSS_NS);
	began = clock_steady_ns();
	cpu_ns = clock_cpu_ns();
	read_on(attach, until);
	attach->reading_ns += clock_steady_ns() - began;
	attach->cpu_ns += clock_cpu_ns() - cpu_ns;
	if (!attach->work) {
		if (budget_ns == UINT64_MAX)
			pss_read_all(attach);
		else if (attach->at_once)
			read_some_pss(attach, until);
		pss_tell(attach, attach->latest);
		tell_cost(attach, attach->latest);
	}
	attach->cpu_at_ns = clock_cpu_ns();
	attach->debt_ns += (double)(attach->cpu_at_ns - cpu_began);
	return !attach->work;
}

/* With as many threads as there are cores. */
static bool
work_at_once(struct attach *attach, uint64_t budget_ns)
{
	bool whole;

	attach->at_once = true;
	whole = sample_work_on(attach, budget_ns);
	attach->at_once = false;
	return whole;
}

static void
abandon(struct attach *attach)
{
	family_free(attach->work);
	attach->number -= attach->work ? 1 : 0;
	attach->work = NULL;
}

struct freezing {
	struct freeze *list[FREEZES_MOST];
	size_t count;
	bool still;
};

/* The processes of the family that have memory to read and are not held yet. false: there are
 * none. */
static bool
hold_subjects(struct attach *attach, struct freezing *freezing)
{
	int *dirs = mem_zero(attach->subject_count + 1, sizeof(*dirs)), pagemap;
	bool still = true;
	size_t count = 0;

	for (size_t i = 0; i < attach->subject_count; i++) {
		struct attach_subject *subject = &attach->subjects[i];

		if (subject->held.pagemap < 0 || subject->still)
			continue;
		subject->still = true;
		subject->life = subject->held.life;
		if (subject->held.pid == getpid())
			freezing->still = false;
		else
			dirs[count++] = subject->held.dir;
	}
	if (count && freezing->count < FREEZES_MOST) {
		freezing->list[freezing->count] = freeze_begin(dirs, count, &still);
		pagemap = freeze_pagemap(freezing->list[freezing->count++]);
		if (pagemap >= 0)
			attach->guard_pagemaps[attach->guard_count++] = pagemap;
		freezing->still &= still;
	} else if (count) {
		freezing->still = false;
		count = 0;
	}
	free(dirs);
	return count > 0;
}

/* In reverse order of holding: each guard restores the signals as it found them. */
static bool
sample_let_go(struct attach *attach, struct freezing *freezing)
{
	while (attach->guard_count)
		close(attach->guard_pagemaps[--attach->guard_count]);
	while (freezing->count)
		freezing->still &= freeze_end(freezing->list[--freezing->count]);
	return freezing->still;
}

/* Being held by us doesn't count as its own state. */
static void
tell_lives(struct attach *attach)
{
	for (size_t i = 0; i < attach->subject_count; i++) {
		struct attach_subject *subject = &attach->subjects[i];

		if (subject->still && subject->held.life == MEMBER_STOPPED)
			attach->work->members[i].life = subject->held.life = subject->life;
	}
}

/* Finds and holds, in the next round, children that were forked before their parent stood still. */
static void
sample_frozen(struct attach *attach)
{
	struct freezing freezing = {.still = true};
	bool still;

	for (size_t i = 0; i < attach->subject_count; i++)
		attach->subjects[i].still = false;
	do {
		abandon(attach);
		sample_begin(attach);
	} while (hold_subjects(attach, &freezing));
	tell_lives(attach);
	work_at_once(attach, UINT64_MAX);
	still = sample_let_go(attach, &freezing);
	(attach->latest)->frozen = still;
	(attach->latest)->restless = !still;
}

/* Tries again if a process was lost. */
bool
attach_sample_on(struct attach *attach, uint64_t budget_ns)
{
	uint64_t began = clock_cpu_ns();

	do {
		if (attach->freeze)
			sample_frozen(attach);
		else if (!work_at_once(attach, budget_ns))
			return false;
		if (!attach->tainted || ++attach->tries == TRIES) {
			attach->tries = 0;
			return true;
		}
	} while (clock_cpu_ns() - began < budget_ns);
	return false;
}

void
attach_sample(struct attach *attach)
{
	abandon(attach);
	attach_sample_on(attach, UINT64_MAX);
}

const struct family *
attach_so_far(const struct attach *attach)
{
	const struct family *known = attach->work ? attach->work : attach_now(attach);
	struct family *family = family_new();

	family->whole = false;
	family->page_size = attach->reader.page_size;
	family->pfn = attach->reader.pfn ? TRI_YES : TRI_NO;
	family->time_ns = family->end_ns = clock_real_ns();
	family->pages = attach->pages;
	for (size_t i = 0; i < attach->subject_count; i++) {
		struct member *member = subject_enter(&attach->subjects[i], family);

		member->parent =
		    known && i < known->member_count ? known->members[i].parent : MEMBER_NONE;
	}
	family_finish(family);
	return family;
}

static void
pay_back(struct attach *attach)
{
	uint64_t now = clock_steady_ns(), between = clock_cpu_ns() - attach->cpu_at_ns;

	attach->debt_ns += (double)(between < BETWEEN_MOST_NS ? between : BETWEEN_MOST_NS);
	attach->debt_ns -= (double)(now - attach->debt_at_ns) * attach->duty;
	if (attach->debt_ns < 0)
		attach->debt_ns = 0;
	attach->debt_at_ns = now;
}

int
attach_timeout(const struct attach *attach)
{
	uint64_t now = clock_steady_ns(),
		 began = attach->now && attach->number ? attach->now->time_ns : 0,
		 real = clock_real_ns();
	double debt = attach->debt_ns - (double)(now - attach->debt_at_ns) * attach->duty;
	double wait = (debt - DEBT_NS) / attach->duty;

	if (!attach->work && began <= real && real - began < SHORTEST_NS &&
	    wait < (double)(SHORTEST_NS - (real - began)))
		wait = (double)(SHORTEST_NS - (real - began));
	return wait > 0 ? (int)(wait / 1e6) + 1 : 0;
}

bool
attach_step(struct attach *attach, uint64_t budget_ns)
{
	bool whole = false;

	if (attach_timeout(attach) > 0)
		return false;
	pay_back(attach);
	if (attach->freeze)
		attach_sample(attach);
	else
		whole = sample_work_on(attach, budget_ns);
	return whole || attach->freeze;
}

const struct family *
attach_now(const struct attach *attach)
{
	return attach->number ? attach->now : NULL;
}

size_t
attach_others(const struct attach *attach, const struct attach_match **matches)
{
	*matches = attach->who.others;
	return attach->who.other_count;
}

bool
attach_ended(const struct attach *attach)
{
	for (size_t i = 0; i < attach->subject_count; i++)
		if (attach->subjects[i].held.life != MEMBER_GONE &&
		    attach->subjects[i].held.life != MEMBER_ZOMBIE)
			return false;
	return attach->subject_count > 0;
}
