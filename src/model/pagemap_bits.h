/*
 * The 64 bits of one /proc/PID/pagemap entry and of one /proc/kpageflags entry. Source: proc(5),
 * Documentation/admin-guide/mm/pagemap.rst. New kernels use bits 57 and 58, so the PFN is masked
 * with 55 bits.
 */
#ifndef MODEL_PAGEMAP_BITS_H
#define MODEL_PAGEMAP_BITS_H

#include <stdbool.h>
#include <stdint.h>

#define PM_PRESENT (UINT64_C(1) << 63)
#define PM_SWAPPED (UINT64_C(1) << 62)
#define PM_FILE (UINT64_C(1) << 61)      /* a page of a file or of shared anonymous memory */
#define PM_GUARD (UINT64_C(1) << 58)     /* guard region, Linux 6.15 */
#define PM_UFFD_WP (UINT64_C(1) << 57)   /* write-protected through userfaultfd, Linux 5.13 */
#define PM_EXCLUSIVE (UINT64_C(1) << 56) /* mapped exactly once, Linux 4.2 */
#define PM_SOFT_DIRTY (UINT64_C(1) << 55)
#define PM_PFN_MASK ((UINT64_C(1) << 55) - 1)

#define KPF_BIT(n) (UINT64_C(1) << (n))
#define KPF_DIRTY KPF_BIT(4)
#define KPF_WRITEBACK KPF_BIT(8)
#define KPF_ANON KPF_BIT(12)
#define KPF_KSM KPF_BIT(21)
#define KPF_THP KPF_BIT(22)
#define KPF_ZERO_PAGE KPF_BIT(24)
#define KPF_ANON_EXCLUSIVE \
	KPF_BIT(34) /* of an anonymous frame: its only owner has written since the last fork; of a \
		       file's MAPPEDTODISK */

static inline bool
pm_present(uint64_t entry)
{
	return entry & PM_PRESENT;
}

/* 0: not present, or the kernel hides PFNs from us. */
static inline uint64_t
pm_pfn(uint64_t entry)
{
	return pm_present(entry) ? entry & PM_PFN_MASK : 0;
}

/* Present and not a file's: an anonymous frame, or the page of zeros. */
static inline bool
pm_anonymous(uint64_t entry)
{
	return (entry & (PM_PRESENT | PM_FILE)) == PM_PRESENT;
}

static inline bool
pm_exclusive(uint64_t entry)
{
	return (entry & (PM_PRESENT | PM_EXCLUSIVE)) == (PM_PRESENT | PM_EXCLUSIVE);
}

/* The bits that tell something about sharing: entries that agree in these mean the same to us. */
#define PM_MEANING (PM_PRESENT | PM_SWAPPED | PM_FILE | PM_EXCLUSIVE | PM_PFN_MASK)

#endif
