/*
 * A suspect: a process whose copies are explained. Its memory, its mappings and its files, opened
 * once through its /proc directory, which is never another process's. Nothing of it is changed:
 * contents come from /proc/PID/mem, and only where pagemap says that they are present, so that
 * nothing is faulted in. What it maps of a file and never touched is read from the file: after a
 * fork that is most of what it only reads. Mappings that a file system of someone else may answer
 * for (FUSE, userfaultfd) are not read where they are not present.
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
	unsigned word;              /* bytes of a pointer, by its program's ELF class */
	struct maps maps;
	uint64_t maps_reading; /* which reading of mappings this is: no other one has the number */
	/* pages that were read since suspect_forget(): most reads of an object meet few pages */
	struct suspect_page {
		uint64_t address;
		bool present;
		bool filled;
		uint8_t *bytes;
	} cache[SUSPECT_CACHE];
	/* files that were read since the mappings were */
	struct suspect_file {
		uint64_t device, inode;
		int fd; /* -1: not to be had */
		bool looked_for;
	} files[SUSPECT_FILES];
	unsigned next_file;
	uint64_t reads; /* pages read, ever: what looking costs */
};

/* false: it is gone, or may not be read; errno says why. */
bool suspect_open(struct suspect *suspect, pid_t pid);
void suspect_close(struct suspect *suspect);

/* Its mappings, read anew. false: it is gone. */
bool suspect_refresh_maps(struct suspect *suspect);

/* What was read of its memory may have changed. */
void suspect_forget(struct suspect *suspect);

/* Borrowed, until the mappings are read anew; NULL: nothing is mapped there. */
const struct vma *suspect_vma(const struct suspect *suspect, uint64_t address);

/*
 * The file that is mapped there, open for reading: also one that was deleted or replaced, and of
 * another mount namespace. -1: none, not a regular file, another's file system that may not answer
 * (FUSE), or not to be had. The caller closes it.
 */
int suspect_open_file(const struct suspect *suspect, const struct vma *vma);

/* Holds the suspect; valid as long as that is open. */
struct memory_reader suspect_memory(struct suspect *suspect);

#endif
