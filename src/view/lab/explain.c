#include "config.h"
#include "view/lab/explain.h"
#include "base/err.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "model/lab/events.h"
#include "model/pagemap_bits.h"
#include "view/canvas/wording.h"

#include <string.h>

void
content_text(struct buf *out, const struct content *content, bool ascii)
{
	const char *bytes = (const char *)content->bytes;
	size_t at = 0, length = content->length < CONTENT_MAX ? content->length : CONTENT_MAX;

	while (at < length) {
		uint32_t code;
		size_t count = utf8_decode(bytes + at, length - at, &code);
		bool broken = count == 1 && code > 0x7E;

		if (broken || utf8_cells(code) <= 0 || (ascii && code > 0x7E))
			for (size_t i = 0; i < count; i++)
				buf_add_char(out, '.');
		else
			buf_add_n(out, bytes + at, count);
		at += count;
	}
}

void
state_text(struct buf *out, const struct process *process, uint32_t number, int cells)
{
	const struct page *page = &process->pages[number];
	const char *word = page_state_word(page->state);
	int room = cells - (int)strlen(word);

	buf_add(out, word);
	if (page->mapped_by > 1 && room >= 3)
		buf_addf(out, " x%u", page->mapped_by);
	else if (page->mapped_by > 1 && room >= 2)
		buf_addf(out, "x%u", page->mapped_by);
	else if (page->state == PAGE_SHARED && page->mapped_by == 1 && room >= 4)
		buf_add(out, "+out");
	else if (page->state == PAGE_SHARED && page->mapped_by == 1 && room >= 1)
		buf_add(out, "+");
}

void
memory_text(struct buf *out, const struct memory *memory, const char *separator, size_t cells)
{
	const struct {
		const char *label;
		uint64_t kib;
	} parts[] = {
	    {_("used"), memory->used_kib},
	    {_("buff/cache"), memory->buff_cache_kib},
	    {_("shared"), memory->shared_kib},
	    {_("dirty"), memory->dirty_kib},
	    {_("available"), memory->available_kib},
	};
	struct buf part = BUF_INIT;
	size_t start = out->length;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		buf_clear(&part);
		buf_addf(&part, "%s%s ", i ? separator : "", parts[i].label);
		size_text(&part, parts[i].kib);
		if (utf8_width(buf_text(out) + start) + utf8_width(buf_text(&part)) > cells)
			break;
		buf_add(out, buf_text(&part));
	}
	buf_free(&part);
}

struct file_counts {
	unsigned cached, dirty, writeback, unknown, dirty_unknown;
};

static struct file_counts
count_file_pages(const struct snapshot *now)
{
	struct file_counts counts = {0};

	for (uint32_t i = 0; i < now->page_count; i++) {
		const struct file_page *page = &now->file_pages[i];

		counts.cached += page->cached == TRI_YES;
		counts.unknown += page->cached == TRI_UNKNOWN;
		counts.dirty += page->dirty == TRI_YES;
		counts.dirty_unknown += page->cached == TRI_YES && page->dirty == TRI_UNKNOWN;
		counts.writeback += page->writeback == TRI_YES;
	}
	return counts;
}

bool
file_lacks_disk(const struct snapshot *now)
{
	return !kind_has_disk(now->kind) ||
	    (now->filesystem && strcmp(now->filesystem, "tmpfs") == 0);
}

void
file_summary(struct buf *out, const struct snapshot *now, bool brief)
{
	struct file_counts counts = count_file_pages(now);

	if (counts.unknown == now->page_count) {
		buf_add(out, _("not known"));
		return;
	}
	if (brief) {
		if (counts.dirty_unknown || file_lacks_disk(now))
			buf_addf(out, _("%u cached"), counts.cached);
		else
			buf_addf(out, _("%u dirty"), counts.dirty);
		return;
	}
	buf_addf(out, _("%u cached"), counts.cached);
	if (file_lacks_disk(now))
		buf_add(out, _(", no disk"));
	else if (counts.dirty_unknown)
		buf_add(out, _(", dirty not known"));
	else
		buf_addf(out, _(", %u dirty"), counts.dirty);
	if (counts.writeback)
		buf_addf(out, _(", %u under writeback"), counts.writeback);
	if (counts.unknown)
		buf_addf(out, _(", %u not known"), counts.unknown);
}

uint16_t
page_mappers(const struct snapshot *now, const struct process *process, uint32_t page)
{
	uint32_t frame = process->pages[page].frame;
	uint16_t mappers = 0;

	if (frame < now->frame_count && now->frames[frame].birth == BIRTH_FILE)
		mappers = now->frames[frame].processes;
	for (size_t i = 0; i < now->process_count && frame != FRAME_NONE; i++)
		if (now->processes[i].pages[page].frame == frame)
			mappers |= (uint16_t)(1u << (now->processes[i].name - 'a'));
	return mappers;
}

static void
explain_frame(
    struct buf *out, const struct snapshot *now, const struct process *process, uint32_t number)
{
	static const char *const births[] = {
	    [BIRTH_FILE] = N_("page %u of the file in the page cache"),
	    [BIRTH_FILLED] = N_("filled with zeros where page %u had nothing"),
	    [BIRTH_COPIED] = N_("made by copy-on-write for page %u"),
	    [BIRTH_ZERO] = N_("the kernel's one page of zeros"),
	    [BIRTH_UNKNOWN] = N_("of page %u: filled with zeros, or a copy of what was"),
	};
	const struct page *page = &process->pages[number];
	char name[FRAME_NAME_MAX];
	const struct frame *frame;

	if (page->frame == FRAME_NONE)
		return;
	frame = &now->frames[page->frame];
	buf_addf(out, "%s\t%s: ", _("frame"), frame_name(frame, name));
	if (frame->birth == BIRTH_FILE && !kind_has_file(now->kind))
		buf_addf(out, _("page %u of the shared memory"), frame->page);
	else if (frame->birth == BIRTH_ZERO)
		buf_add(out, _(births[BIRTH_ZERO]));
	else
		buf_addf(out, _(births[frame->birth]), frame->page);
	if (pm_pfn(page->pagemap))
		buf_addf(out, ", PFN 0x%llx\n", (unsigned long long)pm_pfn(page->pagemap));
	else
		buf_addf(out, ", %s\n", _("PFN hidden"));
}

static void
explain_mappers(
    struct buf *out, const struct snapshot *now, const struct process *process, uint32_t number)
{
	uint16_t mappers = page_mappers(now, process, number);

	if (!mappers)
		return;
	buf_addf(out, "%s\t", _("mapped by"));
	names_of(out, mappers);
	if (process->pages[number].state == PAGE_SHARED && !(mappers & (mappers - 1)))
		buf_addf(out, " %s", _("and a process outside the lab"));
	buf_add(out, "\n");
}

static void
explain_smaps(
    struct buf *out, const struct snapshot *now, const struct process *process, uint32_t number)
{
	const struct smaps *smaps = page_smaps(process, number);
	const struct {
		const char *name;
		uint32_t kib;
	} sizes[] = {
	    {"Rss", smaps ? smaps->rss : 0},
	    {"Pss", smaps ? smaps->pss : 0},
	    {"Shared_Clean", smaps ? smaps->shared_clean : 0},
	    {"Shared_Dirty", smaps ? smaps->shared_dirty : 0},
	    {"Private_Clean", smaps ? smaps->private_clean : 0},
	    {"Private_Dirty", smaps ? smaps->private_dirty : 0},
	    {"Referenced", smaps ? smaps->referenced : 0},
	    {"Anonymous", smaps ? smaps->anonymous : 0},
	    {"KSM", smaps ? smaps->ksm : 0},
	    {"Swap", smaps ? smaps->swap : 0},
	};

	if (!smaps) {
		if (process->pages[number].pagemap_known)
			buf_addf(out, "smaps\t%s\n", _("no mapping at this address"));
		return;
	}
	buf_addf(out, "smaps\t%llx-%llx %s ", (unsigned long long)smaps->start,
	    (unsigned long long)smaps->end, smaps->perms);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		if (i < 2 || sizes[i].kib)
			buf_addf(out, " %s %u", sizes[i].name, sizes[i].kib);
	buf_add(out, " KiB");
	if (!smaps_is_single(smaps, now->machine.page_size))
		buf_addf(out, " (%s)", _("of several pages"));
	buf_add(out, "\n");
}

static void
explain_content(struct buf *out, const struct page *page)
{
	if (!page->content.length)
		return;
	buf_addf(out, "%s\t", _("content"));
	for (size_t i = 0; i < page->content.length && i < CONTENT_MAX; i++)
		buf_addf(out, "%02x ", page->content.bytes[i]);
	buf_add(out, " \"");
	content_text(out, &page->content, false);
	buf_add(out, "\"\n");
}

static void
explain_file_page(
    struct buf *out, const struct snapshot *now, const struct process *process, uint32_t number)
{
	uint32_t file_page = page_file_page(now, process, number);
	const struct file_page *page;

	if (file_page != number) {
		buf_addf(out, "%s\t", _("maps"));
		buf_addf(out, _("page %u of the file"), file_page);
		buf_add(out, "\n");
	}
	if (!now->file_pages || file_page >= now->page_count)
		return;
	page = &now->file_pages[file_page];
	buf_addf(out, "%s\t", now->kind == KIND_SHARED_ANON ? _("object") : _("file"));
	if (page->cached != TRI_YES)
		buf_add(out,
		    page->cached == TRI_NO ? _("its page is not in the page cache")
					   : _("not known"));
	else if (page->writeback == TRI_YES)
		buf_add(out, _("its page is cached and being written back"));
	else if (page->dirty == TRI_YES)
		buf_add(out, _("its page is cached and dirty: changes are not written back yet"));
	else
		buf_add(out,
		    page->dirty == TRI_NO && !file_lacks_disk(now)
			? _("its page is cached and clean")
			: _("its page is cached"));
	buf_add(out, "\n");
}

void
life_text(struct buf *out, const struct process *process)
{
	switch (process->life) {
	case LIFE_RUNNING:
		break;
	case LIFE_STOPPED:
		buf_add(out, _("stopped"));
		break;
	case LIFE_BUSY:
		buf_add(out, process->waits ? _("waits for a lock") : _("no answer yet"));
		break;
	case LIFE_DEAD:
		if (process->exit_signal)
			buf_addf(out, _("killed by %s"), signal_name(process->exit_signal));
		else if (process->exit_status >= 0)
			buf_addf(out, _("exited with %d"), process->exit_status);
		else
			buf_add(out, _("gone"));
		break;
	}
}

const char *
file_page_word(const struct file_page *page)
{
	if (page->cached == TRI_UNKNOWN)
		return "?";
	if (page->cached == TRI_NO)
		return "-";
	if (page->writeback == TRI_YES)
		return _("writeback");
	return page->dirty == TRI_YES ? _("dirty") : _("cached");
}

void
explain_page(
    struct buf *out, const struct snapshot *now, const struct process *process, uint32_t number)
{
	const struct page *page = &process->pages[number];

	if (process->life == LIFE_DEAD) {
		buf_addf(out, "%s\t%s\n", _("state"),
		    _("the process is gone, and its page table with it"));
		return;
	}
	buf_addf(out, "%s\t%s: %s\n", _("state"), page_state_word(page->state),
	    page_state_meaning(page->state));
	explain_frame(out, now, process, number);
	explain_mappers(out, now, process, number);
	explain_entry(out, page->pagemap_known, page->pagemap);
	explain_smaps(out, now, process, number);
	if (page->disagrees)
		buf_addf(out, "?!\t%s\n",
		    _("pagemap and smaps contradict each other, also on a second reading"));
	explain_content(out, page);
	explain_file_page(out, now, process, number);
	buf_addf(out, "%s\t0x%llx\n", _("address"),
	    (unsigned long long)(process->address + (uint64_t)number * now->machine.page_size));
	explain_flags(out, page->kpageflags);
	buf_addf(out, "%s\t%s\n", _("basis"),
	    page->inferred ? _("inferred: follows from what was read, without the PFN")
			   : _("exact: read from the kernel"));
}
