/*
 * A suspect: a process whose copies are explained. Its memory, mappings and files, opened once
 * through its /proc directory, which never becomes another process's. Nothing is changed: contents
 * come from /proc/PID/mem, and only where pagemap says that they are present, so that nothing is
 * faulted in. Pages of a file that it maps and never touched are read from the file: after a fork
 * that is most of what it only reads. Absent pages of mappings that another process may answer for
 * (FUSE, userfaultfd) are not read.
 */
#ifndef BLAME_SUSPECT_H
#define BLAME_SUSPECT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "blame/memory.h"
#include "kernel/maps.h"

#define SUSPECT_CACHE 64 /* pages */
#define SUSPECT_FILES 2

struct suspect {
	pid_t pid;
	int dir, pagemap, contents; /* -1: not to be had */
	unsigned word;              /* bytes of a pointer, from its program's ELF class */
	struct maps maps;
	bool maps_outdated;    /* a page is present that maps doesn't have */
	uint64_t maps_reading; /* number of this reading of its mappings: unique */
	/* pages read since suspect_forget(): most reads of an object touch few pages */
	struct suspect_page {
		uint64_t address;
		bool present;
		bool filled;
		uint8_t *bytes;
	} cache[SUSPECT_CACHE];
	/* files read since the mappings were */
	struct suspect_file {
		uint64_t device, inode;
		int fd; /* -1: not to be had */
		bool looked_for;
	} files[SUSPECT_FILES];
	unsigned next_file;
	uint64_t reads; /* pages read so far: the cost of looking */
};

/* false: it has ended, or may not be read; errno says why. */
bool suspect_open(struct suspect *suspect, pid_t pid);
void suspect_close(struct suspect *suspect);

/* Reads its mappings again. false: it has ended. */
bool suspect_refresh_maps(struct suspect *suspect);

/* Memory that was read may have changed. */
void suspect_forget(struct suspect *suspect);

/* Borrowed until the mappings are read again; NULL: nothing is mapped there. */
const struct vma *suspect_vma(const struct suspect *suspect, uint64_t address);

/* The end of the last guard page (MADV_GUARD_INSTALL) of [from, to); 0: there is none, or the
 * kernel shows none (before Linux 6.15). */
uint64_t suspect_guard_before(const struct suspect *suspect, uint64_t from, uint64_t to);

/*
 * The file that is mapped there, open for reading, even if it was deleted or replaced, or is in
 * another mount namespace. -1: none, not a regular file, on a file system that another process
 * answers for (FUSE), or unavailable. The caller closes it.
 */
int suspect_open_file(const struct suspect *suspect, const struct vma *vma);

/* Holds the suspect; valid as long as that is open. */
struct memory_reader suspect_memory(struct suspect *suspect);

#endif
