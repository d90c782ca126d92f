#include "config.h"
#include "view/canvas/wording.h"
#include "view/lab/report.h"
#include "view/canvas/help_text.h"
#include "base/i18n.h"
#include "model/lab/events.h"
#include "model/pagemap_bits.h"
#include "view/lab/explain.h"

#include <string.h>

#define COLUMN 18

static const struct {
	int bit;
	const char *name, *one, *zero;
} bits[] = {
    {63, N_("present"), N_("the page is in memory: the entry points to a frame"),
	N_("the entry points to no frame")},
    {62, N_("swapped"), N_("the page is in swap"), N_("the page is not in swap")},
    {61, N_("file or shared"), N_("the frame is a page of a file, or of shared memory"),
	N_("no page of a file: anonymous, or nothing")},
    {58, N_("guard region"), N_("to touch the page is SIGSEGV, by MADV_GUARD_INSTALL"),
	N_("not a guard region")},
    {57, N_("uffd-wp"), N_("userfaultfd keeps watch over writes"),
	N_("userfaultfd does not keep watch over it")},
    {56, N_("mapped once"), N_("no other page table entry points to the frame"),
	N_("other entries point to the frame too, or there is none")},
    {55, N_("soft-dirty"), N_("written since soft-dirty was cleared, on a kernel that has it"),
	N_("not set; some kernels do not have it")},
};

static void
report_add_bits(struct buf *out, const struct page *page)
{
	struct buf first = BUF_INIT;

	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		bool set = page->pagemap >> bits[i].bit & 1;

		buf_clear(&first);
		buf_addf(&first, "%d=%d %s", bits[i].bit, set, _(bits[i].name));
		help_row(out, buf_text(&first), set ? _(bits[i].one) : _(bits[i].zero), COLUMN + 6);
	}
	buf_clear(&first);
	if (pm_pfn(page->pagemap))
		buf_addf(&first, _("0x%llx: the number of the frame"),
		    (unsigned long long)pm_pfn(page->pagemap));
	else if (page->pagemap & PM_PRESENT)
		buf_add(&first, _("hidden: the number of the frame is shown to root alone"));
	else if (page->pagemap & PM_SWAPPED)
		buf_add(&first, _("where in swap, for root"));
	else
		buf_add(&first, _("nothing"));
	help_row(out, "54-0 PFN", buf_text(&first), COLUMN + 6);
	buf_free(&first);
}

static void
report_add_entry(struct buf *out, const struct page *page)
{
	buf_addf(out, "%s\n", _("Its page table entry, from pagemap"));
	if (!page->pagemap_known) {
		help_row(out, "?", _("not known: the kernel would not say"), 6);
		return;
	}
	buf_addf(out, "  0x%016llx\n  ", (unsigned long long)page->pagemap);
	for (int bit = 63; bit >= 0; bit--)
		buf_addf(out, "%d%s", (int)(page->pagemap >> bit & 1), bit % 8 || !bit ? "" : " ");
	buf_add(out, "\n");
	report_add_bits(out, page);
}

static const char *
copied_because(const struct page *page)
{
	return page->pagemap & PM_FILE
	    ? _("no other process maps the frame, and a copy made it")
	    : _("bit 61 is 0: the frame is not a page of a file. It replaced what was there when the process wrote: a copy");
}

/* Derived from the facts alone. */
static const char *
state_why(const struct process *process, const struct page *page)
{
	switch ((enum page_state)page->state) {
	case PAGE_ABSENT:
		return page->vma < 0 && process->vmas
		    ? _("nothing is mapped at this address")
		    : _("bits 63 and 62 are 0: the entry is empty");
	case PAGE_SHARED:
		return page->mapped_by > 1
		    ? _("more than one process of the lab has an entry that points to this frame")
		    : _("bit 56 is 0: a process outside the lab maps the frame too");
	case PAGE_PRIVATE:
		return _("no other process maps the frame, and no copy made it");
	case PAGE_COPIED:
		return copied_because(page);
	case PAGE_ZERO:
		return _("the frame is the kernel's page of zeros, which Rss does not count");
	case PAGE_SWAPPED:
		return _("bit 62 is 1");
	case PAGE_UNKNOWN:
	case PAGE_PARTED:
	case PAGE_STATE_COUNT:
		break;
	}
	return _("the sources do not say enough");
}

static void
report_add_state(struct buf *out, const struct process *process, const struct page *page)
{
	help_row(out, page_state_word((enum page_state)page->state),
	    page_state_meaning((enum page_state)page->state), COLUMN);
	help_row(out, _("why"), state_why(process, page), COLUMN);
	help_row(out, _("basis"),
	    page->inferred ? _("inferred: follows from what was read, without the PFN")
			   : _("exact: read from the kernel"),
	    COLUMN);
	if (page->disagrees)
		help_row(out, "?!",
		    _("pagemap and smaps contradict each other, also on a second reading"), COLUMN);
}

static void
add_size(struct buf *out, const char *name, uint32_t kib, const char *meaning)
{
	struct buf first = BUF_INIT;

	buf_addf(&first, "%s %u", name, kib);
	help_row(out, buf_text(&first), meaning, COLUMN + 6);
	buf_free(&first);
}

static void
add_smaps(
    struct buf *out, const struct snapshot *now, const struct process *process, uint32_t number)
{
	const struct smaps *smaps = page_smaps(process, number);

	buf_addf(out, "%s\n", _("Its entry in smaps, in KiB"));
	if (!smaps) {
		help_row(out, "-",
		    process->pages[number].pagemap_known ? _("no mapping at this address")
							 : _("not known"),
		    6);
		return;
	}
	buf_addf(out, "  %llx-%llx %s%s\n", (unsigned long long)smaps->start,
	    (unsigned long long)smaps->end, smaps->perms,
	    smaps_is_single(smaps, now->machine.page_size) ? "" : _("  (of several pages)"));
	add_size(out, "Rss", smaps->rss, _("mapped and in memory"));
	add_size(out, "Pss", smaps->pss, _("the same, a frame that n processes map counts 1/n"));
	add_size(out, "Shared_Clean", smaps->shared_clean,
	    _("others map it too; nothing to write back"));
	add_size(out, "Shared_Dirty", smaps->shared_dirty, _("others map it too; written"));
	add_size(out, "Private_Clean", smaps->private_clean,
	    _("this process alone; nothing to write back"));
	add_size(out, "Private_Dirty", smaps->private_dirty, _("this process alone; written"));
	add_size(out, "Referenced", smaps->referenced, _("accessed since the kernel last looked"));
	add_size(out, "Anonymous", smaps->anonymous,
	    _("not a page of a file: a copy, or memory without a file"));
	add_size(out, "KSM", smaps->ksm, _("merged with equal pages"));
	add_size(out, "Swap", smaps->swap, _("in swap"));
}

static void
birth_text(struct buf *out, const struct snapshot *now, const struct frame *frame)
{
	if (frame->birth == BIRTH_ZERO)
		buf_add(out, _("the kernel's one page of zeros"));
	else if (frame->birth == BIRTH_FILE)
		buf_addf(out,
		    kind_has_file(now->kind) ? _("page %u of the file in the page cache")
					     : _("page %u of the shared memory"),
		    frame->page);
	else if (frame->birth == BIRTH_UNKNOWN)
		buf_addf(
		    out, _("of page %u: filled with zeros, or a copy of what was"), frame->page);
	else
		buf_addf(out,
		    frame->birth == BIRTH_COPIED ? _("made by copy-on-write for page %u")
						 : _("filled with zeros where page %u had nothing"),
		    frame->page);
}

/* "a:2  b:2": every page that maps the frame. */
static void
report_mappers_text(struct buf *out, const struct snapshot *now, uint32_t frame)
{
	for (size_t i = 0; i < now->process_count; i++)
		for (uint32_t page = 0; page < now->page_count; page++)
			if (now->processes[i].pages[page].frame == frame)
				buf_addf(out, "%s%c:%u", out->length ? "  " : "",
				    now->processes[i].name, page);
}

static void
add_frame(struct buf *out, const struct snapshot *now, const struct page *page)
{
	struct buf text = BUF_INIT;
	char name[FRAME_NAME_MAX];

	buf_addf(out, "%s\n", _("Its frame"));
	if (page->frame == FRAME_NONE) {
		help_row(out, "-", _("none, or not known"), 6);
		return;
	}
	birth_text(&text, now, &now->frames[page->frame]);
	help_row(out, frame_name(&now->frames[page->frame], name), buf_text(&text), COLUMN);
	buf_clear(&text);
	report_mappers_text(&text, now, page->frame);
	if (page->state == PAGE_SHARED && page->mapped_by == 1)
		buf_addf(&text, " %s", _("and a process outside the lab"));
	help_row(out, _("mapped by"), buf_text(&text), COLUMN);
	buf_clear(&text);
	kpageflags_text(&text, page->kpageflags);
	help_row(out, "kpageflags",
	    page->kpageflags ? buf_text(&text) : _("not known: shown to root alone"), COLUMN);
	buf_free(&text);
}

static void
add_content(struct buf *out, const struct page *page)
{
	struct buf text = BUF_INIT;

	buf_addf(out, "%s\n", _("Its first bytes"));
	for (size_t i = 0; i < page->content.length && i < CONTENT_MAX; i++)
		buf_addf(&text, "%02x ", page->content.bytes[i]);
	buf_add(&text, page->content.length ? " \"" : _("not known, or not there"));
	content_text(&text, &page->content, false);
	buf_addf(out, "  %s%s\n", buf_text(&text), page->content.length ? "\"" : "");
	buf_free(&text);
}

static void
add_file_page(
    struct buf *out, const struct snapshot *now, const struct process *process, uint32_t number)
{
	uint32_t file_page = page_file_page(now, process, number);
	const struct file_page *page;
	struct buf first = BUF_INIT;

	if (!now->file_pages || file_page >= now->page_count)
		return;
	page = &now->file_pages[file_page];
	buf_addf(
	    out, "%s\n", kind_has_file(now->kind) ? _("The file's page") : _("The object's page"));
	buf_addf(&first, "F%u", file_page);
	help_row(out, buf_text(&first),
	    page->cached == TRI_UNKNOWN      ? _("not known")
		: page->cached == TRI_NO     ? _("its page is not in the page cache")
		: page->writeback == TRI_YES ? _("its page is cached and being written back")
		: page->dirty == TRI_YES
		? _("its page is cached and dirty: changes are not written back yet")
		: page->dirty == TRI_NO && !file_lacks_disk(now) ? _("its page is cached and clean")
								 : _("its page is cached"),
	    COLUMN);
	buf_free(&first);
}

void
report_explain(struct buf *out, const struct snapshot *now, char name, uint32_t number)
{
	const struct process *process = snapshot_process(now, name);
	const struct page *page;

	if (!process || number >= now->page_count) {
		buf_addf(out, "%s\n", _("there is no such page"));
		return;
	}
	page = &process->pages[number];
	buf_addf(out, _("Page %1$u of %2$c, pid %3$d, at address 0x%4$llx\n"), number, name,
	    (int)process->pid,
	    (unsigned long long)(process->address + (uint64_t)number * now->machine.page_size));
	if (process->life == LIFE_DEAD) {
		help_row(out, "-", _("the process is gone, and its page table with it"), 6);
		return;
	}
	report_add_state(out, process, page);
	add_frame(out, now, page);
	add_content(out, page);
	report_add_entry(out, page);
	add_smaps(out, now, process, number);
	add_file_page(out, now, process, number);
}
