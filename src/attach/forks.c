/*
 * When each process last forked. fork clears bit 34 of every page that it shares, so a missing bit
 * proves that a frame was not written only since the last fork.
 *
 * Living children tell when they were forked. Whether there were others the kernel reports exactly,
 * as long as it reports each fork (unseen.h); otherwise stat shows that some were waited for,
 * because it adds up their time. A process that ignores SIGCHLD leaves no trace of them.
 */
#include "config.h"
#include "attach/attach_private.h"

#include <time.h>
#include <unistd.h>

#define PID_BITS 22 /* PID_MAX_LIMIT in the kernel */

/* A time as cells.h has it: ticks since boot, then the PID among those forked in one tick. */
static uint64_t
fork_time(uint64_t ticks, pid_t pid)
{
	return ticks << PID_BITS | (uint64_t)pid;
}

/* The end of the tick in which the time lies. */
static uint64_t
fork_time_now(void)
{
	long hz = sysconf(_SC_CLK_TCK);
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return fork_time((uint64_t)(now.tv_sec * hz + now.tv_nsec * hz / 1000000000) + 1, 0) - 1;
}

/* A process that was not in the sample before was forked after it, even within the same tick. */
static uint64_t
fork_time_of_new(const struct attach *attach, uint64_t start_ticks, pid_t pid)
{
	uint64_t time = fork_time(start_ticks, pid);

	return time > attach->before ? time : fork_time((attach->before >> PID_BITS) + 1, pid);
}

static void
see_child(struct attach_subject *parent, pid_t child, uint64_t born)
{
	parent->forks.last_lives |= parent->forks.told.child == child;
	if (born > parent->forks.seen)
		parent->forks.seen = born;
}

void
forks_see_stranger(const struct attach *attach, struct attach_subject *parent, pid_t child)
{
	struct stat_facts facts;
	uint64_t born;

	if (!stat_facts_of(child, &facts) || facts.ppid != parent->held.pid)
		return;
	born = fork_time(facts.start_ticks, child);
	if (parent->forks.begun && born > parent->forks.seen)
		born = fork_time_of_new(attach, facts.start_ticks, child);
	see_child(parent, child, born);
}

static bool
has_same_memory(const struct attach *attach, size_t one, size_t other)
{
	int its = attach->subjects[one].held.memory_of,
	    others = attach->subjects[other].held.memory_of;

	return its == (int)other || others == (int)one || (its != MEMBER_NONE && its == others);
}

static void
see_members(struct attach *attach)
{
	for (size_t i = 0; i < attach->subject_count; i++) {
		struct attach_subject *subject = &attach->subjects[i];
		struct attach_subject *parent = subject_of_pid(attach, subject->held.stat.ppid);

		if (subject->held.life == MEMBER_GONE || subject->held.dir < 0)
			continue;
		if (!subject->born)
			subject->born = fork_time_of_new(
			    attach, subject->held.stat.start_ticks, subject->held.pid);
		if (parent && !has_same_memory(attach, i, (size_t)(parent - attach->subjects)))
			see_child(parent, subject->held.pid, subject->born);
	}
}

/* Did it fork others since the sample before, or since it appeared? */
static bool
has_forked_others(const struct attach_subject *subject)
{
	const struct fork_past *forks = &subject->forks;
	const struct held *held = &subject->held;

	if (forks->told_since == UNSEEN_BIRTH || (forks->begun && forks->told_since))
		return forks->told.count != forks->told_before && !forks->last_lives;
	return held->forgets_children || !forks->listed ||
	    held->stat.waited != (forks->begun ? forks->waited : 0);
}

static void
settle_forks(struct attach_subject *subject, uint64_t now)
{
	struct fork_past *forks = &subject->forks;

	if (has_forked_others(subject))
		forks->unknown = now;
	forks->begun = true;
	forks->waited = subject->held.stat.waited;
	forks->told_before = forks->told.count;
	forks->last = forks->unknown > forks->seen ? forks->unknown : forks->seen;
}

/* A fork by any of the processes that share a memory clears its bits for all of them. */
static void
share_forks(struct attach *attach)
{
	for (size_t i = 0; i < attach->subject_count; i++) {
		int owner = attach->subjects[i].held.memory_of;
		struct fork_past *one = &attach->subjects[i].forks, *other;

		if (owner == MEMBER_NONE)
			continue;
		other = &attach->subjects[owner].forks;
		if (one->last > other->last)
			other->last = other->seen = one->last;
		else
			one->last = one->seen = other->last;
	}
}

void
forks_ask(const struct attach *attach, struct attach_subject *subject)
{
	subject->forks.last_lives = false;
	subject->forks.listed = true;
	subject->forks.told_since =
	    unseen_last_fork(attach->unseen, subject->held.pid, &subject->forks.told);
}

void
forks_find(struct attach *attach)
{
	see_members(attach);
	attach->refreshed = fork_time_now();
	for (size_t i = 0; i < attach->subject_count; i++)
		if (attach->subjects[i].held.life != MEMBER_GONE)
			settle_forks(&attach->subjects[i], attach->refreshed);
	share_forks(attach);
}
