/*
 * Attaching: reads running processes that are not ours, sample after sample, and never writes to
 * them.
 *
 * Nothing here blocks, and nothing fails because a process ends. attach_step() reads for a given
 * time; when a sample is complete, attach_now() is a new family. Between steps attach_timeout()
 * says how long to leave the processes alone, so that reading takes at most the duty (a share of
 * one core) on average.
 *
 * A process is held by a descriptor of its /proc directory, so a reused PID is never mistaken for
 * it. A process that can't be read is data (MEMBER_DENIED and the reason), not an error.
 */
#ifndef ATTACH_ATTACH_H
#define ATTACH_ATTACH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "model/family/family.h"

#define ATTACH_DUTY 0.02

struct attach;

struct attach_options {
	/* "PID": it and its descendants; "PID,PID": only those; a name: the newest process of that
	 * name and its descendants */
	const char *who;
	unsigned threads; /* that read a whole sample; 0: one per core */
	double duty;      /* share of one core; 0: ATTACH_DUTY */
	/* hold the processes still for each sample: ptrace, undone even if we die or are stopped */
	bool freeze;
	bool compare; /* read the contents of copied pages */
	/* read the contents of pages that one process maps alone, to find equal ones; */
	bool siblings;
	uint64_t siblings_most; /* at most this many pages a sample; 0: 1 GiB of them */
	/* a saved family with its cells, or NULL: the first sample; borrowed */
	const struct family *baseline;
};

/* Another process with the requested name. */
struct attach_match {
	pid_t pid;
	char command[16]; /* cleaned */
};

/* NULL: no process has that number or name (ERR_USAGE), or /proc is missing (ERR_MACHINE). */
struct attach *attach_open(const struct attach_options *options, struct err *err);
void attach_close(struct attach *attach); /* NULL does nothing */

/* Reads for about budget_ns if it is time. true: attach_now() is a new family. */
bool attach_step(struct attach *attach, uint64_t budget_ns);

/* One whole sample at once, regardless of the duty; only a freeze makes it wait, for at most a
 * second. */
void attach_sample(struct attach *attach);

/*
 * The same for about budget_ns at a time, so that keys are still heard before the first sample.
 * true: it is complete. A freeze can't be interrupted: the sample is then completed in one call.
 */
bool attach_sample_on(struct attach *attach, uint64_t budget_ns);

/* The sample that attach_sample_on() has begun: its processes, without any numbers (whole: false),
 * and how many entries have been read so far. The caller frees it with family_free(). */
const struct family *attach_so_far(const struct attach *attach);

/* The newest family; NULL before the first. Borrowed until the next call that changes attach; to
 * keep it, call family_hold(). */
const struct family *attach_now(const struct attach *attach);

/* Milliseconds until attach_step() has work to do: 0 while a sample is under way. */
int attach_timeout(const struct attach *attach);

/* The others of that name; borrowed. */
size_t attach_others(const struct attach *attach, const struct attach_match **matches);

/* Have all its processes ended? */
bool attach_ended(const struct attach *attach);

/* Reads one page of a region of attach_now() in every process, now: looks[i] is member i, of
 * member_count. false: there is no such page. */
bool attach_look(struct attach *attach, size_t region, uint64_t page, struct page_look *looks);

#endif
