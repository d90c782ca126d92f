#include "config.h"
#include "model/family/pfns.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define LEAVES_MAX (UINT64_C(1) << 24) /* 256 TiB of 4 KiB frames */

bool
pfns_add_slowly(struct pfns *pfns, uint64_t pfn)
{
	uint64_t index = pfn / PFNS_LEAF;

	if (pfn == 0)
		return false;
	if (index >= LEAVES_MAX) {
		pfns->full = true;
		return false;
	}
	if (index >= pfns->room) {
		size_t room = pfns->room ? pfns->room : 1024;

		while (room <= index)
			room *= 2;
		pfns->leaves = mem_resize(pfns->leaves, room, sizeof(*pfns->leaves));
		memset(pfns->leaves + pfns->room, 0, (room - pfns->room) * sizeof(*pfns->leaves));
		pfns->room = room;
	}
	if (!pfns->leaves[index])
		pfns->leaves[index] = mem_zero(PFNS_LEAF / 64, sizeof(uint64_t));
	return pfns_add(pfns, pfn);
}

void
pfns_release(struct pfns *pfns)
{
	for (size_t i = 0; i < pfns->room; i++)
		free(pfns->leaves[i]);
	free(pfns->leaves);
	memset(pfns, 0, sizeof(*pfns));
}
