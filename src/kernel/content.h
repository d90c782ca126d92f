/*
 * The first bytes of pages, read so that nothing is faulted in and no disk is asked.
 */
#ifndef KERNEL_CONTENT_H
#define KERNEL_CONTENT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/snapshot.h"

/* Contents of the file's pages that are known to be cached. */
void content_of_file(int file, uint32_t page_size, struct file_page *pages, uint32_t count);

/* What content_of_process() needs beside the process. */
struct content_source {
	int mem; /* the process's own /proc/self/mem, or -1 */
	uint32_t page_size, page_count;
	bool has_file; /* a page of a file is read from file_pages where that knows it */
	const struct file_page *file_pages; /* or NULL */
	const struct process *before; /* the same process in the last snapshot, or NULL */
	const bool *touched; /* page_count pages that were acted on since before; NULL: none */
	bool changing; /* acts are under way: nothing may be taken from before */
};

void content_of_process(struct process *process, const struct content_source *source);

#endif
