/*
 * What the kernel says: every reading of /proc, kpageflags, cachestat(2) and libproc2 is made in
 * this room and ends up in a snapshot.
 *
 * Sampling doesn't change what it samples: only contents of the file are read, with RWF_NOWAIT and
 * only cached pages. A process's memory is never read, because that leaves a reference on the
 * frame, and the last sharer would then copy it instead of reusing it (classify() derives what
 * anonymous pages hold). We never map a file of the lab. What the kernel hides is data
 * (TRI_UNKNOWN, COUNT_UNKNOWN, pagemap_known false), not an error.
 *
 * No call here blocks on a process of the lab.
 */
#ifndef KERNEL_KERNEL_H
#define KERNEL_KERNEL_H

#include "base/err.h"
#include "model/lab/snapshot.h"

struct kernel; /* open handles, probed capabilities, reusable buffers */

/* One process to be read. The descriptors are its own /proc/self/pagemap and smaps, which it opened
 * and handed over; the caller keeps owning them. -1: there is none. */
struct subject {
	char name, forked_from;
	pid_t pid, ppid;
	bool dead, busy, waits; /* waits: busy, waiting for a lock */
	int exit_signal, exit_status;
	int pagemap, smaps;
	struct doings did;
	uint64_t address;
	const uint32_t *objects; /* of each page, see struct page; NULL: one for all */
};

/* What to read besides the processes. */
struct sample_request {
	const struct subject *subjects; /* ascending names */
	size_t subject_count;
	enum kind kind;
	uint32_t page_count;
	int file; /* the lab's file, or -1; borrowed */
	/* page_count bytes from mincore(2), bit 0; NULL if it was not asked */
	const unsigned char *resident;
	const struct act *acts; /* since before; copied */
	size_t act_count;
	/* the last snapshot of this lab, or NULL: shows what changed */
	const struct snapshot *before;
};

struct kernel *kernel_open(struct err *err); /* NULL on error */
void kernel_close(struct kernel *kernel);    /* NULL does nothing */

const struct machine *kernel_machine(const struct kernel *kernel);

/* false before Linux 6.5, where cachestat is refused, and on an overlay file system: the caller
 * then asks a worker for mincore. */
bool kernel_has_cachestat(const struct kernel *kernel, int file);

/* Reads everything once; if pagemap and smaps of a process contradict each other, reads that
 * process again. If smaps of a large lab takes over 10 ms, it is read for at most a tenth of the
 * time: a process that looks unchanged in pagemap keeps its previous entries, unless acts are
 * given. Returns a snapshot that classify() has not seen (the caller sets step, lab, command, path
 * and filesystem). Never NULL. */
struct snapshot *kernel_sample(struct kernel *kernel, const struct sample_request *request);

/* System memory as it is now. */
void kernel_memory(struct kernel *kernel, struct memory *memory);

/* "ext4", "tmpfs": the file system of an open file, from statfs(2). NULL: unknown. Static
 * storage. */
const char *kernel_filesystem(int file);

#endif
