/*
 * Attaching: running processes that are not ours, read only, sample after sample.
 *
 * Nothing here blocks, and nothing fails because a process ends. attach_step() reads for a given
 * time; when a sample is complete, attach_now() is a new family. Between steps attach_timeout()
 * says how long to leave the processes alone, so that reading takes at most the duty (a share of
 * one core) on average.
 *
 * A process is held by a descriptor of its /proc directory: a reused number is never taken for it.
 * A process that cannot be read is data (MEMBER_DENIED and the reason), not an error.
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
	/* "PID": it and its descendants; "PID,PID": just those; a name: the newest that has it,
	 * and its descendants */
	const char *who;
	unsigned threads; /* that read a whole sample; 0: one a core */
	double duty;      /* share of one core; 0: ATTACH_DUTY */
	/* hold the processes still for each sample: ptrace, undone also when we die or are
	 * stopped */
	bool freeze;
	bool compare; /* read the contents of copied pages */
	/* read the contents of pages that somebody has alone, to find those of the same bytes; */
	bool siblings;
	uint64_t siblings_most; /* at most so many pages a sample; 0: 1 GiB of them */
	/* a saved family with its cells, or NULL: the first sample; borrowed */
	const struct family *baseline;
};

/* Another process with the name that was asked for. */
struct attach_match {
	pid_t pid;
	char command[16]; /* cleaned */
};

/* NULL: nobody is there by that number or name (ERR_USAGE), or /proc is missing (ERR_MACHINE). */
struct attach *attach_open(const struct attach_options *options, struct err *err);
void attach_close(struct attach *attach); /* NULL does nothing */

/* Reads for about budget_ns, if it is time. true: attach_now() is another family than before. */
bool attach_step(struct attach *attach, uint64_t budget_ns);

/* One whole sample, at once and whatever the duty; only a freeze makes it wait, for at most a
 * second. */
void attach_sample(struct attach *attach);

/*
 * The same, for about budget_ns at a time, so that somebody who waits for the first sample can
 * still be heard. true: it is complete. A freeze cannot be interrupted: then it is complete at
 * once.
 */
bool attach_sample_on(struct attach *attach, uint64_t budget_ns);

/* Of a sample that attach_sample_on() has begun: who is in it, without any number (whole: false),
 * and how many entries were read so far. The caller's, to be freed with family_free(). */
const struct family *attach_so_far(const struct attach *attach);

/* The newest family; NULL before the first. Borrowed until the next call that changes attach:
 * family_hold() it to keep it. */
const struct family *attach_now(const struct attach *attach);

/* Milliseconds until attach_step() has something to do: 0 while a sample is under way. */
int attach_timeout(const struct attach *attach);

/* The others with that name; borrowed. */
size_t attach_others(const struct attach *attach, const struct attach_match **matches);

/* Are all its processes gone? */
bool attach_ended(const struct attach *attach);

/* One page of a region of attach_now(), read now in every process: looks[i] is member i,
 * member_count of them. false: no such page. */
bool attach_look(struct attach *attach, size_t region, uint64_t page, struct page_look *looks);

#endif
