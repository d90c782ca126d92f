/*
 * The lab's file: one of our own without a name in any directory, one that the user names, or a
 * POSIX shared memory object.
 *
 * Page k of our own is filled with the digit k mod 10, written page by page so that the page cache
 * holds it in one-page folios. A named file is never created, and written to only if
 * config->allow_write is set.
 */
#ifndef LAB_FILE_H
#define LAB_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "lab/lab.h"

struct lab_file {
	int fd;        /* -1 for the anonymous kinds */
	char *path;    /* by which another program can open it; NULL */
	bool own;      /* and to be filled */
	bool nameless; /* made without a name, so that it can be given one */
	bool writable;
};

/* The names of our own files begin so; 32 hexadecimal digits follow. */
#define LAB_FILE_PREFIX "cowscope-lab-"

/* Where shm_open(3) keeps its names. */
#define LAB_SHM_DIRECTORY "/dev/shm"

/* Where files of our own are made: $TMPDIR, or /var/tmp. */
const char *lab_file_directory(void);

/* A file like the lab's own, without a name. *nameless (unless NULL): can it be given one? -1 with
 * errno. */
int lab_file_nameless(bool *nameless);

/* An unused name, where a file of the kind can be given one. The caller frees it. */
char *lab_file_new_name(enum kind kind);

/* Opens or creates what the config asks for; our own file gets its blocks, but no content yet.
 * Ignores SIGXFSZ from then on. */
int lab_file_open(
    struct lab_file *file, const struct lab_config *config, size_t page_size, struct err *err);

/* Fills our own file and waits until it is clean. */
int lab_file_fill(const struct lab_file *file, uint32_t pages, size_t page_size, struct err *err);

void lab_file_close(struct lab_file *file);

#endif
