/*
 * A family on paper: a server and its workers, as a sample half a minute after watching began.
 */
#ifndef TESTS_FAMILY_FIXTURE_H
#define TESTS_FAMILY_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/family/erosion.h"
#include "model/family/family.h"
#include "view/family/family_scene.h"

#define SECOND UINT64_C(1000000000)
#define BEGAN (UINT64_C(1700000000) * SECOND)
#define MIB 256 /* pages */

#define SHARED (PAGE_SHARED | CELL_WAS_SHARED)
#define WENT (PAGE_COPIED | CELL_WAS_SHARED)
#define FILED (PAGE_SHARED | CELL_FILE)

struct paper {
	size_t workers;
	double seconds; /* since watching began */
	bool root;
};

static void
paper_member(struct family *family, size_t workers)
{
	for (size_t i = 0; i <= workers; i++) {
		char name[MEMBER_NAME_MAX];
		struct member *member;

		member_name(name, i);
		member = family_add_member(family, name, (pid_t)(4242 + i), "python3");
		free(member->command_line);
		member->command_line =
		    mem_string(i ? "python3 app.py --worker" : "python3 app.py --serve");
		member->ppid = i ? 4242 : 1;
		member->parent = i ? 0 : MEMBER_NONE;
		member->pss_kib = 150000 + 1000 * i;
		member->tables_kib = 2600 + 40 * i;
	}
}

/* The list that all inherited: the first worker has written to most of it, the second to every
 * eighth page. */
static void
paper_objects(struct family *family, const struct paper *paper)
{
	struct region *region = family_add_region(
	    family, 0x7f0c40000000, 0x7f0c40000000 + UINT64_C(384) * MIB * 4096, REGION_ANON, "");
	uint64_t gone = (uint64_t)(paper->seconds * 6) * MIB;

	for (size_t i = 0; i <= paper->workers; i++) {
		struct strip *strip = region_add_strip(region, i);

		strip_fill(strip, 0, 256 * MIB, SHARED);
		strip_fill(strip, 320 * MIB, 4 * MIB, i ? PAGE_PRIVATE : SHARED);
		if (i == 1)
			strip_fill(
			    strip, 8 * MIB, gone < 240 * MIB ? gone : 240 * MIB, WENT | CELL_SAME);
		for (uint64_t page = 0; i == 2 && page < gone; page += 8)
			strip_fill(strip, page, 1, WENT);
		strip->compared_ns = BEGAN + SECOND;
	}
}

static void
paper_others(struct family *family, const struct paper *paper)
{
	struct region *heap = family_add_region(
	    family, 0x55d0c3a00000, 0x55d0c3a00000 + 40 * 4096, REGION_HEAP, "[heap]");
	struct region *library = family_add_region(family, 0x7f0c60000000,
	    0x7f0c60000000 + 4 * MIB * 4096, REGION_FILE, "/usr/lib/libpython3.11.so.1.0");
	struct region *arena = family_add_region(family, 0x100000000000,
	    0x100000000000 + (UINT64_C(1) << 40), REGION_ANON, "[anon:arena]");

	for (size_t i = 0; i <= paper->workers; i++) {
		struct strip *strip = region_add_strip(heap, i);

		strip_fill(strip, 0, 40, SHARED);
		if (i)
			strip_fill(strip, 10, i, WENT | (i == 1 ? CELL_MOVED : 0));
		strip = region_add_strip(library, i);
		memcpy(strip->perms, "r-xp", 5);
		strip_fill(strip, 0, 3 * MIB, FILED);
	}
	memcpy(library->perms, "r-xp", 5);
	strip_fill(region_add_strip(arena, 0), UINT64_C(100) << 18, 600, PAGE_PRIVATE);
	strip_fill(&arena->strips[0], UINT64_C(900) << 10, 3, PAGE_ZERO);
	strip_fill(&arena->strips[0], 0, 2, PAGE_SWAPPED);
}

/* To be given back with family_free(). */
static const struct family *
paper_family(const struct paper *paper)
{
	struct family *family = family_new();

	family->number = 1 + (uint64_t)paper->seconds;
	family->time_ns = BEGAN + (uint64_t)(paper->seconds * 1e9);
	family->baseline_ns = BEGAN;
	family->pfn = paper->root ? TRI_YES : TRI_NO;
	family->lacks = paper->root ? 0 : LACKS_PFN;
	paper_member(family, paper->workers);
	paper_objects(family, paper);
	paper_others(family, paper);
	for (size_t i = 0; i < family->region_count; i++)
		for (size_t strip = 0; strip < family->regions[i].strip_count; strip++)
			family->regions[i].strips[strip].read_ns = family->time_ns;
	family_finish(family);
	family->frames_kib = paper->root ? 700000 : COUNT_UNKNOWN;
	return family;
}

__attribute__((unused)) static struct erosion *
paper_erosion(const struct paper *paper)
{
	struct erosion *erosion = erosion_new();

	for (int i = 0; i <= 10; i++) {
		struct paper then = *paper;
		const struct family *family;

		then.seconds = paper->seconds * i / 10;
		family = paper_family(&then);
		erosion_add(erosion, family);
		family_free(family);
	}
	return erosion;
}

#endif
