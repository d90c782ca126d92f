#include "config.h"
#include "view/lab/report.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "model/pagemap_bits.h"
#include "view/canvas/wording.h"
#include "view/canvas/wrap.h"
#include "view/lab/explain.h"
#include "view/lab/frame_entries.h"

#include <stdlib.h>
#include <string.h>

#define CELL_CELLS 20 /* of a process in the table */
#define CONTENT_CELLS 4

static void
add_paragraph(struct buf *out, const char *text, const char *indent, size_t cells)
{
	size_t next, indented = strlen(indent);

	while (*text) {
		size_t bytes = wrap_line(text, cells > indented ? cells - indented : 1, &next);

		buf_add(out, indent);
		buf_add_n(out, text, bytes);
		buf_add(out, "\n");
		text += next;
	}
}

void
report_paragraph(struct buf *out, const char *text, const char *indent)
{
	add_paragraph(out, text, indent, REPORT_CELLS);
}

static void
add_clean(struct buf *out, const char *text)
{
	utf8_clean(out, text, strlen(text), false);
}

void
report_step(struct buf *out, const struct snapshot *now, const struct events *events, size_t cells)
{
	struct buf paragraph = BUF_INIT;

	buf_addf(out, _("step %u"), now->step);
	if (now->command) {
		buf_add(out, "  ");
		add_clean(out, now->command);
	}
	buf_add(out, "\n");
	if (events)
		events_paragraph(&paragraph, events, now);
	if (!paragraph.length && now->command)
		buf_add(&paragraph, _("Nothing changed."));
	add_paragraph(out, buf_text(&paragraph), "  ", cells);
	buf_free(&paragraph);
}

static void
pad(struct buf *out, size_t start, size_t cells)
{
	size_t used = utf8_width(buf_text(out) + start);

	while (used++ < cells)
		buf_add_char(out, ' ');
}

static void
report_trim(struct buf *out)
{
	while (out->length && out->data[out->length - 1] == ' ')
		out->data[--out->length] = '\0';
}

static bool
report_is_dirty(const struct page *page)
{
	return page->dirty == TRI_YES && page_is_of_file(page);
}

static void
report_add_cell(
    struct buf *out, const struct snapshot *now, const struct process *process, uint32_t number)
{
	const struct page *page = &process->pages[number];
	struct buf content = BUF_INIT;
	char name[FRAME_NAME_MAX];
	size_t start = out->length;
	int room;

	if (process->life == LIFE_DEAD) {
		pad(out, start, CELL_CELLS);
		return;
	}
	state_text(out, process, number, 10);
	if (page->frame != FRAME_NONE)
		buf_addf(out, " %s", snapshot_frame_name(now, page->frame, name));
	else if (page->state == PAGE_ABSENT && page->pagemap_known && page->vma < 0)
		buf_add(out, _(" unmapped"));
	if (report_is_dirty(page))
		buf_add(out, "!");
	if (page_is_protected(now, process, number))
		buf_addf(out, " %.3s", page_smaps(process, number)->perms);
	if (page->disagrees)
		buf_add(out, " ?!");
	content_text(&content, &page->content, true);
	room = CELL_CELLS - 3 - (int)utf8_width(buf_text(out) + start);
	if (content.length && room > 0)
		buf_addf(out, " \"%.*s\"", room < CONTENT_CELLS ? room : CONTENT_CELLS,
		    buf_text(&content));
	pad(out, start, CELL_CELLS);
	buf_free(&content);
}

static void
report_add_head(struct buf *out, const struct snapshot *now)
{
	size_t start;

	buf_addf(out, "%-6s", _("page"));
	for (size_t i = 0; i < now->process_count; i++) {
		const struct process *process = &now->processes[i];

		start = out->length;
		buf_add_char(out, process->name);
		if (process->life == LIFE_DEAD)
			buf_addf(out, "  %s", _("gone"));
		else if (process->life == LIFE_STOPPED)
			buf_addf(out, "  %s", _("stopped"));
		else if (process->life == LIFE_BUSY)
			buf_addf(out, "  %s",
			    process->waits ? _("waits for a lock") : _("no answer yet"));
		else
			buf_addf(out, "  pid %d", (int)process->pid);
		pad(out, start, CELL_CELLS + 1);
	}
	if (now->file_pages)
		buf_add(out, now->kind == KIND_SHARED_ANON ? _("object") : _("file"));
	report_trim(out);
	buf_add(out, "\n");
}

static void
add_sizes(struct buf *out, const char *label, const struct snapshot *now, bool pss)
{
	buf_addf(out, "%-6s", label);
	for (size_t i = 0; i < now->process_count; i++) {
		size_t start = out->length;

		if (now->processes[i].life != LIFE_DEAD)
			size_text(out, pss ? now->processes[i].pss_kib : now->processes[i].rss_kib);
		pad(out, start, CELL_CELLS + 1);
	}
	report_trim(out);
	buf_add(out, "\n");
}

static bool
any_dirty(const struct snapshot *now)
{
	for (size_t i = 0; i < now->process_count; i++)
		for (uint32_t page = 0; page < now->page_count; page++)
			if (report_is_dirty(&now->processes[i].pages[page]))
				return true;
	return false;
}

void
report_state(struct buf *out, const struct snapshot *now)
{
	report_add_head(out, now);
	for (uint32_t page = 0; page < now->page_count; page++) {
		buf_addf(out, "%4u  ", page);
		for (size_t i = 0; i < now->process_count; i++) {
			report_add_cell(out, now, &now->processes[i], page);
			buf_add(out, " ");
		}
		if (now->file_pages)
			buf_add(out, file_page_word(&now->file_pages[page]));
		report_trim(out);
		buf_add(out, "\n");
	}
	add_sizes(out, "rss", now, false);
	add_sizes(out, "pss", now, true);
	if (any_dirty(now))
		buf_addf(
		    out, "%s\n", _("! dirty: changes of the file's page are not written back yet"));
}

void
report_frames(struct buf *out, const struct snapshot *now)
{
	struct frame_entries entries = {0};

	frames_of_all(&entries, now);
	for (size_t i = 0; i < entries.count; i++) {
		const struct frame_entry *entry = &entries.list[i];

		buf_addf(out, "%-4s <- ", entry->name);
		mappers_text(out, entry->mappers);
		if (entry->pfn)
			buf_addf(out, "  (PFN 0x%llx)", (unsigned long long)entry->pfn);
		buf_add(out, "\n");
	}
	if (!entries.count)
		buf_addf(out, "%s\n", _("no frame is mapped"));
	frames_free(&entries);
}

void
report_file(struct buf *out, const struct snapshot *now)
{
	if (now->path) {
		add_clean(out, now->path);
		if (now->filesystem)
			buf_addf(out, " (%s)", now->filesystem);
		if (now->file_bytes != COUNT_UNKNOWN)
			buf_addf(out,
			    NP_(", %llu byte", ", %llu bytes", (unsigned long)now->file_bytes),
			    (unsigned long long)now->file_bytes);
		buf_add(out, "\n");
	}
	if (!now->file_pages) {
		buf_addf(out, "%s\n",
		    now->kind == KIND_PRIVATE_ANON ? _("this memory has no file") : _("not known"));
		return;
	}
	for (uint32_t i = 0; i < now->page_count; i++) {
		struct buf content = BUF_INIT;

		content_text(&content, &now->file_pages[i].content, true);
		buf_addf(out, "%4u  %-9s", i, file_page_word(&now->file_pages[i]));
		if (content.length)
			buf_addf(out, " \"%s\"", buf_text(&content));
		report_trim(out);
		buf_add(out, "\n");
		buf_free(&content);
	}
	file_summary(out, now, false);
	buf_add(out, "\n");
}

void
report_memory(struct buf *out, const struct snapshot *now)
{
	memory_text(out, &now->memory, "   ", 1000);
	buf_add(out, "\n");
}

static void
report_add_fact(struct buf *out, const char *label, size_t label_length, const char *text)
{
	static const char blank[] = "           ";
	struct buf label_text = BUF_INIT, rest = BUF_INIT;
	size_t start;

	buf_add_n(&label_text, label, label_length);
	pad(&label_text, 0, sizeof(blank) - 1);
	report_paragraph(&rest, text, blank);
	start = rest.length < sizeof(blank) - 1 ? rest.length : sizeof(blank) - 1;
	buf_add(out, buf_text(&label_text));
	buf_add(out, buf_text(&rest) + start);
	buf_free(&label_text);
	buf_free(&rest);
}

void
report_page(struct buf *out, const struct snapshot *now, char name, uint32_t page)
{
	const struct process *process = snapshot_process(now, name);
	struct buf facts = BUF_INIT;
	const char *line;

	if (!process || page >= now->page_count) {
		buf_addf(out, "%s\n", _("there is no such page"));
		return;
	}
	buf_addf(out, _("page %1$u of %2$c\n"), page, name);
	explain_page(&facts, now, process, page);
	for (line = buf_text(&facts); *line;) {
		size_t length = strcspn(line, "\n"), label = strcspn(line, "\t");
		struct buf text = BUF_INIT;

		buf_add_n(&text, line + label + 1, length - label - 1);
		report_add_fact(out, line, label, buf_text(&text));
		buf_free(&text);
		line += length + (line[length] == '\n');
	}
	buf_free(&facts);
}
