/*
 * Code that was made at run time, by the map that its maker writes: /tmp/perf-PID.map, one function
 * a line, "START SIZE NAME" in hexadecimal. PID is the process's own, in its namespace; the file
 * must be its user's or root's, and is read up to a bound.
 */
#ifndef BLAME_CODE_PERF_MAP_H
#define BLAME_CODE_PERF_MAP_H

#include "blame/suspect.h"

struct perf_map {
	struct perf_map_entry {
		uint64_t start, end;
		uint32_t name;  /* in names */
		uint32_t order; /* of two that overlap the later holds */
	} * list;
	size_t count, room;
	char *names; /* the text, each name terminated */
	uint64_t size, looked_ns;
	int64_t changed_ns;
};

/* Takes text over, which it cuts into lines. A line that is none is left out. */
void perf_map_parse(struct perf_map *map, char *text, size_t size);

/* The process's, where it changed since; asked at most once a second. */
void perf_map_refresh(struct perf_map *map, const struct suspect *suspect);

/* Borrowed, not cleaned. NULL: none covers it. */
const char *perf_map_find(const struct perf_map *map, uint64_t address);

void perf_map_release(struct perf_map *map);

#endif
