/*
 * /proc/PID/maps: a process's text of it, and the mappings in it. See proc(5): in the path only
 * newlines are escaped.
 *
 * [vvar] and [vsyscall] are left out: they are kernel data, not memory of the process, and not in
 * its Rss.
 */
#ifndef KERNEL_MAPS_H
#define KERNEL_MAPS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/family/lineup.h"

struct maps {
	char *text; /* the paths point into it */
	struct vma *list;
	size_t count, room;
};

/* Reads all of it from a descriptor at its start. false: nothing could be read; errno says why, 0
 * if it was empty. */
bool maps_read(struct maps *maps, int fd);

/* Takes over text, which it cuts into lines. A line that isn't a mapping is left out. */
void maps_parse(struct maps *maps, char *text);
void maps_release(struct maps *maps);

#endif
