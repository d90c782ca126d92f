/*
 * Lining up: the mappings of several processes become regions of a family.
 *
 * Processes of one lineage come from one fork and did not exec since: mappings that overlap in
 * address and have the same backing are one region, however each process has split, grown or
 * protected them since. Regions of one file in different lineages are one if their offsets overlap.
 * A wrong alignment makes no statement wrong: it only decides what is compared.
 */
#ifndef MODEL_FAMILY_LINEUP_H
#define MODEL_FAMILY_LINEUP_H

#include "model/family/family.h"

/* One line of /proc/PID/maps. */
struct vma {
	uint64_t start, end, offset, device, inode;
	char perms[5];
	uint8_t kind;     /* enum region_kind */
	const char *path; /* never NULL; borrowed */
};

/* What one process maps. */
struct vmas {
	const struct vma *list; /* ascending addresses */
	size_t count;
	uint64_t lineage; /* equal in processes of one lineage */
};

/* Adds the regions to the family, with strips that are unread. of_member[i] is that of
 * family->member[i]; with count 0 where there is nothing to line up. Regions stand by address,
 * those of a file after the anonymous ones. */
void lineup(struct family *family, const struct vmas *of_member);

#endif
