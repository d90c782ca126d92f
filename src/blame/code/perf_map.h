/*
 * Code generated at run time, from the map that its generator writes: /tmp/perf-PID.map, one
 * function per line, "START SIZE NAME" in hexadecimal. PID is the process's own, in its namespace;
 * the file must belong to its user or to root, and is read up to a limit.
 */
#ifndef BLAME_CODE_PERF_MAP_H
#define BLAME_CODE_PERF_MAP_H

#include "blame/suspect.h"

struct perf_map {
	struct perf_map_entry {
		uint64_t start, end;
		uint32_t name;  /* in names */
		uint32_t order; /* if two overlap, the later one is valid */
	} * list;
	size_t count, room;
	char *names; /* the text, each name terminated */
	uint64_t size, looked_ns;
	int64_t changed_ns;
};

/* Takes over text, which it cuts into lines. A malformed line is left out. */
void perf_map_parse(struct perf_map *map, char *text, size_t size);

/* Reads the process's map again if it changed; checks at most once a second. */
void perf_map_refresh(struct perf_map *map, const struct suspect *suspect);

/* Borrowed, not sanitised. NULL: none covers it. */
const char *perf_map_find(const struct perf_map *map, uint64_t address);

void perf_map_release(struct perf_map *map);

#endif
