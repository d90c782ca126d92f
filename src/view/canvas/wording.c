#include "config.h"
#include "view/canvas/wording.h"

#include "base/i18n.h"
#include "model/pagemap_bits.h"
#include "model/words.h"

void
size_text(struct buf *out, uint64_t kib)
{
	static const char units[] = "KMGTPE";
	double size = (double)kib;
	int unit = 0;

	if (kib == COUNT_UNKNOWN) {
		buf_add(out, "?");
		return;
	}
	while (size >= 1000 && units[unit + 1]) {
		size /= 1024;
		unit++;
	}
	buf_addf(out, unit > 0 && size < 9.95 ? "%.1f%c" : "%.0f%c", size, units[unit]);
}

struct bit_name {
	int bit;
	const char *name;
};

static void
wording_add_bits(struct buf *out, uint64_t bits, const struct bit_name *names, size_t count)
{
	size_t start = out->length;

	for (size_t i = 0; i < count; i++)
		if (bits & UINT64_C(1) << names[i].bit)
			buf_addf(out, "%s%d %s", out->length > start ? ", " : "", names[i].bit,
			    _(names[i].name));
}

void
pagemap_bits_text(struct buf *out, uint64_t entry)
{
	static const struct bit_name names[] = {
	    {63, N_("present")},
	    {62, N_("swapped")},
	    {61, N_("page of a file or shared anonymous")},
	    {58, N_("guard region")},
	    {57, N_("write-protected by userfaultfd")},
	    {56, N_("mapped exactly once")},
	    {55, N_("soft-dirty")},
	};

	wording_add_bits(out, entry, names, sizeof(names) / sizeof(names[0]));
}

void
kpageflags_text(struct buf *out, uint64_t flags)
{
	static const struct bit_name names[] = {
	    {0, "LOCKED"},
	    {1, "ERROR"},
	    {2, "REFERENCED"},
	    {3, "UPTODATE"},
	    {4, "DIRTY"},
	    {5, "LRU"},
	    {6, "ACTIVE"},
	    {7, "SLAB"},
	    {8, "WRITEBACK"},
	    {9, "RECLAIM"},
	    {10, "BUDDY"},
	    {11, "MMAP"},
	    {12, "ANON"},
	    {13, "SWAPCACHE"},
	    {14, "SWAPBACKED"},
	    {15, "COMPOUND_HEAD"},
	    {16, "COMPOUND_TAIL"},
	    {17, "HUGE"},
	    {18, "UNEVICTABLE"},
	    {19, "HWPOISON"},
	    {20, "NOPAGE"},
	    {21, "KSM"},
	    {22, "THP"},
	    {23, "OFFLINE"},
	    {24, "ZERO_PAGE"},
	    {25, "IDLE"},
	    {26, "PGTABLE"},
	};
	size_t start = out->length;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (flags & UINT64_C(1) << names[i].bit)
			buf_addf(out, "%s%s", out->length > start ? " " : "", names[i].name);
}

void
explain_entry(struct buf *out, bool known, uint64_t entry)
{
	if (!known) {
		buf_addf(out, "pagemap\t%s\n", _("not known"));
		return;
	}
	buf_addf(out, "pagemap\t0x%016llx  ", (unsigned long long)entry);
	if (entry & ~PM_PFN_MASK)
		pagemap_bits_text(out, entry);
	else
		buf_add(out, _("no bit is set"));
	buf_add(out, "\n\t");
	for (int bit = 63; bit >= 0; bit--) {
		buf_add_char(out, entry >> bit & 1 ? '1' : '0');
		if (bit % 8 == 0 && bit)
			buf_add_char(out, ' ');
	}
	buf_add(out, "\n");
}

void
explain_flags(struct buf *out, uint64_t flags)
{
	if (!flags)
		return;
	buf_add(out, "flags\t");
	kpageflags_text(out, flags);
	buf_add(out, "\n");
}
