#include "config.h"
#include "view/family/blame_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

#define ROWS_TOLD 20

static void
add_blamed_size(struct buf *out, uint64_t kib, int width)
{
	char text[32];

	if (kib < 10240)
		snprintf(text, sizeof(text), "%lluK", (unsigned long long)kib);
	else
		snprintf(text, sizeof(text), "%lluM", (unsigned long long)((kib + 512) / 1024));
	buf_addf(out, "%*s", width, text);
}

/* By the function, or by the offset in its module. */
static void
function_text(struct buf *out, const struct blame_writer *writer)
{
	if (*writer->function)
		buf_addf(out, "%s (%s)", writer->function, *writer->module ? writer->module : "?");
	else if (*writer->module && writer->offset != COUNT_UNKNOWN)
		buf_addf(out, "%s+0x%llx", writer->module, (unsigned long long)writer->offset);
	else
		buf_add(out, *writer->module ? writer->module : "?");
}

static void
row_text(struct buf *out, const struct blame_writer *writer, enum blame_by by)
{
	switch (by) {
	case BLAME_BY_OBJECT:
		buf_add(out, *writer->object ? writer->object : "?");
		break;
	case BLAME_BY_FUNCTION:
		function_text(out, writer);
		break;
	case BLAME_BY_MAPPING:
		buf_add(out, *writer->mapping ? writer->mapping : "?");
		break;
	case BLAME_BY_PROCESS:
		if (*writer->process)
			buf_addf(out, "%s (%d)", writer->process, (int)writer->pid);
		else
			buf_add(out, "?");
		break;
	}
}

static int
rows_by_text(const void *one, const void *other)
{
	const struct blame_row *a = one, *b = other;

	return strcmp(a->text, b->text);
}

static int
rows_by_pages(const void *one, const void *other)
{
	const struct blame_row *a = one, *b = other;

	if (a->pages != b->pages)
		return a->pages > b->pages ? -1 : 1;
	return strcmp(a->text, b->text);
}

struct blame_row *
blame_rows(const struct blame *blame, enum blame_by by, size_t *count)
{
	struct blame_row *rows = mem_zero(blame->writer_count + 1, sizeof(*rows));
	size_t kept = 0;

	for (size_t i = 0; i < blame->writer_count; i++) {
		struct buf text = BUF_INIT;

		row_text(&text, &blame->writers[i], by);
		rows[i] = (struct blame_row){buf_take(&text), blame->writers[i].pages};
	}
	qsort(rows, blame->writer_count, sizeof(*rows), rows_by_text);
	for (size_t i = 0; i < blame->writer_count; i++)
		if (kept && strcmp(rows[kept - 1].text, rows[i].text) == 0) {
			rows[kept - 1].pages += rows[i].pages;
			free(rows[i].text);
		} else {
			rows[kept++] = rows[i];
		}
	qsort(rows, kept, sizeof(*rows), rows_by_pages);
	*count = kept;
	return rows;
}

void
blame_rows_free(struct blame_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(rows[i].text);
	free(rows);
}

void
blame_gaps_text(struct buf *out, const struct blame *blame)
{
	uint64_t missing = blame->copies - blame->attributed;

	if (missing && !blame->kernel_writes)
		buf_addf(out,
		    NP_("%llu page was copied without an event: what the kernel writes for a process, as in read(2), is shown to root.\n",
			"%llu pages were copied without an event: what the kernel writes for a process, as in read(2), is shown to root.\n",
			missing),
		    (unsigned long long)missing);
	else if (missing)
		buf_addf(out,
		    NP_("%llu page was copied without an event.\n",
			"%llu pages were copied without an event.\n", missing),
		    (unsigned long long)missing);
	if (blame->lost)
		buf_addf(out,
		    NP_("%llu event was lost: it found no room.\n",
			"%llu events were lost: they found no room.\n", blame->lost),
		    (unsigned long long)blame->lost);
	if (blame->left_out)
		buf_addf(out,
		    NP_("%llu event came too fast to be explained.\n",
			"%llu events came too fast to be explained.\n", blame->left_out),
		    (unsigned long long)blame->left_out);
}

static void
report_unseen(struct buf *out, const struct blame *blame)
{
	struct buf size = BUF_INIT;

	if (!blame->unseen || blame->unseen == COUNT_UNKNOWN)
		return;
	if (blame->unseen_pages == COUNT_UNKNOWN) {
		buf_addf(out,
		    NP_("%llu process came and went between samples; what it copied is not known here.\n",
			"%llu processes came and went between samples; what they copied is not known here.\n",
			blame->unseen),
		    (unsigned long long)blame->unseen);
		return;
	}
	add_blamed_size(&size, blame_kib(blame, blame->unseen_pages), 1);
	buf_addf(out,
	    NP_("%1$llu process came and went between samples and copied %2$s.\n",
		"%1$llu processes came and went between samples and copied %2$s.\n", blame->unseen),
	    (unsigned long long)blame->unseen, buf_text(&size));
	buf_free(&size);
}

static void
report_causes(struct buf *out, const struct blame *blame)
{
	for (size_t i = 0; i < blame->cause_count; i++) {
		const struct blame_cause *cause = &blame->causes[i];

		add_blamed_size(out, blame_kib(blame, cause->pages), 8);
		buf_addf(out, "  %s%s%s: %s\n", cause_word(cause->cause), cause->runtime ? " " : "",
		    runtime_word(cause->runtime), cause_meaning(cause->cause));
	}
}

static void
report_rows(struct buf *out, const struct blame *blame, enum blame_by by, const char *title)
{
	size_t count, told;
	struct blame_row *rows = blame_rows(blame, by, &count);

	told = count < ROWS_TOLD ? count : ROWS_TOLD;
	if (count)
		buf_addf(out, "\n%s\n", title);
	for (size_t i = 0; i < told; i++) {
		add_blamed_size(out, blame_kib(blame, rows[i].pages), 8);
		buf_addf(out, "  %s\n", rows[i].text);
	}
	if (count > told)
		buf_addf(out, NP_("and %zu more\n", "and %zu more\n", count - told), count - told);
	blame_rows_free(rows, count);
}

void
blame_share_text(struct buf *out, uint64_t part, uint64_t whole)
{
	double percent = whole ? 100.0 * (double)part / (double)whole : 0;

	if (part && percent < 0.05)
		buf_add(out, "<0.1 %");
	else
		buf_addf(out, "%.1f %%", part < whole && percent > 99.9 ? 99.9 : percent);
}

static void
report_code(struct buf *out, const struct blame *blame)
{
	size_t told = blame->code_count < ROWS_TOLD ? blame->code_count : ROWS_TOLD;
	struct buf share = BUF_INIT;

	if (told)
		buf_addf(out, "\n%s\n", _("Lines of code, by the copies whose stack was taken"));
	for (size_t i = 0; i < told; i++) {
		const struct blame_code *code = &blame->code[i];

		buf_clear(&share);
		blame_share_text(&share, code->samples, blame->samples);
		buf_addf(out, "%8s  %s  %s\n", buf_text(&share),
		    *code->function ? code->function : "?", code->source);
	}
	buf_free(&share);
}

void
blame_report(struct buf *out, const struct blame *blame)
{
	char *head = blame_head(blame), *more = blame_head_more(blame);

	buf_addf(out, "%s\n", head);
	if (more)
		buf_addf(out, "%s\n", more);
	free(head);
	free(more);
	blame_gaps_text(out, blame);
	report_unseen(out, blame);
	if (!blame->cause_count)
		return;
	buf_addf(out, "\n%s\n", _("Why pages were copied"));
	report_causes(out, blame);
	report_rows(out, blame, BLAME_BY_OBJECT, _("What lay there"));
	report_rows(out, blame, BLAME_BY_FUNCTION, _("Which code wrote"));
	report_code(out, blame);
	report_rows(out, blame, BLAME_BY_MAPPING, _("In which mapping"));
	report_rows(out, blame, BLAME_BY_PROCESS, _("Which process"));
}
