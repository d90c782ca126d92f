#include "config.h"
#include "view/canvas/glyph.h"
#include "view/canvas/wording.h"
#include "view/family/family_draw.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/i18n.h"
#include "base/utf8.h"

/* A row (or two) for each process, and what they use together. */

enum number {
	NUMBER_COPIED,
	NUMBER_PARTED,
	NUMBER_SHARED,
	NUMBER_RSS,
	NUMBER_PSS,
	NUMBER_PRIVATE,
	NUMBER_USS,
	NUMBER_UNKNOWN,
	NUMBER_SWAPPED,
	NUMBER_ZERO,
	NUMBER_AGE,
	NUMBER_COUNT
};

/* In the order of the screen, which is not the order of their weight: that is the enum's. */
static const struct {
	enum number number;
	int state; /* -1: none */
	const char *head;
} numbers[NUMBER_COUNT] = {
    {NUMBER_SHARED, PAGE_SHARED, NULL},
    {NUMBER_COPIED, PAGE_COPIED, NULL},
    {NUMBER_PARTED, PAGE_PARTED, NULL},
    {NUMBER_PRIVATE, PAGE_PRIVATE, NULL},
    {NUMBER_ZERO, PAGE_ZERO, NULL},
    {NUMBER_SWAPPED, PAGE_SWAPPED, NULL},
    {NUMBER_UNKNOWN, PAGE_UNKNOWN, NULL},
    {NUMBER_RSS, -1, "Rss"},
    {NUMBER_PSS, -1, "Pss"},
    {NUMBER_USS, -1, "Uss"},
    {NUMBER_AGE, -1, N_("read")},
};

struct processes_table {
	int pid, parent, command; /* cells; 0: not shown */
	int width[NUMBER_COUNT];  /* by enum number */
	int tall;                 /* rows a process */
};

static void
head_text(struct buf *out, size_t i, bool words, bool ascii)
{
	if (numbers[i].state < 0)
		buf_add(out, _(numbers[i].head));
	else
		buf_addf(out, "%s%s", state_glyph((enum page_state)numbers[i].state, ascii),
		    words ? page_state_word((enum page_state)numbers[i].state) : "");
}

static bool
is_of_use(const struct family *family, enum number number)
{
	switch (number) {
	case NUMBER_PARTED:
		return family->tally.counts[PAGE_PARTED] > 0;
	case NUMBER_UNKNOWN:
		return family->tally.counts[PAGE_UNKNOWN] > 0;
	case NUMBER_SWAPPED:
		return family->tally.counts[PAGE_SWAPPED] > 0;
	case NUMBER_ZERO:
		return family->tally.counts[PAGE_ZERO] > 0;
	default:
		return true;
	}
}

/* The numbers by their weight, as many as leave room for a command. */
static struct processes_table
processes_table_of(const struct family_draw *draw, int footer)
{
	int room = draw->right - draw->margin - 3;
	bool words = draw->right >= 56;
	struct processes_table table = {.tall = 1};

	table.pid = room >= 30 ? 8 : 0;
	table.parent = room >= 70 ? 3 : 0;
	room -= table.pid + table.parent;
	for (int number = 0; number < NUMBER_COUNT; number++)
		for (size_t i = 0; i < NUMBER_COUNT; i++) {
			struct buf head = BUF_INIT;
			int width;

			head_text(&head, i, words, draw->canvas->ascii);
			width = canvas_width(draw->canvas, buf_text(&head)) + 1;
			width = width < 6 ? 6 : width;
			buf_free(&head);
			if ((int)numbers[i].number != number ||
			    !is_of_use(draw->now, numbers[i].number) ||
			    room - width < (number < NUMBER_USS ? 9 : 16))
				continue;
			table.width[number] = width;
			room -= width;
		}
	table.command = room;
	if ((int)draw->now->member_count * 2 + 1 + footer <= draw->rows)
		table.tall = 2;
	if ((int)draw->now->member_count * 3 + 1 + footer <= draw->rows)
		table.tall = 3;
	return table;
}

/* position: which of them are in sight, where that has no row of its own; "": it has, or all are.
 */
static void
processes_draw_heads(
    const struct family_draw *draw, const struct processes_table *table, const char *position)
{
	int column = draw->right;
	struct pen pen = family_pen(draw, draw->margin + 3, draw->body, ROLE_DIM);

	if (table->pid)
		pen_text(&pen, "pid");
	pen.column = draw->margin + 3 + table->pid;
	pen_text(&pen, table->parent ? "<-" : "");
	pen.column = draw->margin + 3 + table->pid + table->parent;
	pen.limit = pen.column + table->command;
	if (*position)
		pen_part(&pen, "%s", position);
	else
		pen_part(&pen, "%s", _("command"));
	for (int i = NUMBER_COUNT - 1; i >= 0; i--) {
		int width = table->width[numbers[i].number];
		struct buf head = BUF_INIT;

		if (!width)
			continue;
		head_text(&head, (size_t)i, draw->right >= 56, draw->canvas->ascii);
		draw_right(draw, column - width, column, draw->body,
		    numbers[i].state < 0 ? ROLE_DIM : state_role((enum page_state)numbers[i].state),
		    buf_text(&head));
		buf_free(&head);
		column -= width;
	}
}

static void
number_text(struct buf *out, const struct family_draw *draw, const struct member *member, size_t i)
{
	const struct family *family = draw->now;

	switch (numbers[i].number) {
	case NUMBER_RSS:
		size_text(out, member_rss_kib(family, member));
		break;
	case NUMBER_PSS:
		size_text(out, member->pss_kib);
		break;
	case NUMBER_USS:
		size_text(out, member_uss_kib(family, member));
		break;
	case NUMBER_AGE:
		age_text(out, member->read_ns, draw->scene->clock_ns);
		break;
	default:
		pages_text(out, family, member->tally.counts[numbers[i].state]);
	}
}

/* Why there are no numbers; NULL: there are. */
static const char *
no_numbers(const struct member *member)
{
	if (member->life == MEMBER_DENIED)
		return errno_name(member->errnum);
	if (member->life == MEMBER_ZOMBIE || member->life == MEMBER_KERNEL ||
	    member->life == MEMBER_GONE)
		return member_life_word(member->life);
	return member->read_ns || member->tally.counts[PAGE_SHARED] || tally_present(&member->tally)
	    ? NULL
	    : _("reading");
}

static enum role
number_role(const struct member *member, enum number number)
{
	if (number == NUMBER_COPIED && member->tally.counts[PAGE_COPIED])
		return ROLE_COPIED;
	if (number == NUMBER_PARTED && member->tally.counts[PAGE_PARTED])
		return ROLE_PARTED;
	return number == NUMBER_AGE ? ROLE_DIM : ROLE_PLAIN;
}

static void
processes_draw_numbers(const struct family_draw *draw, const struct processes_table *table,
    const struct member *member, int row)
{
	int column = draw->right;

	if (no_numbers(member)) {
		draw_right(draw, draw->margin, draw->right, row, ROLE_DIM, no_numbers(member));
		return;
	}
	for (int i = NUMBER_COUNT - 1; i >= 0; i--) {
		int width = table->width[numbers[i].number];
		struct buf text = BUF_INIT;

		if (!width)
			continue;
		number_text(&text, draw, member, (size_t)i);
		draw_right(draw, column - width + 1, column, row,
		    number_role(member, numbers[i].number), buf_text(&text));
		buf_free(&text);
		column -= width;
	}
}

static void
draw_who(const struct family_draw *draw, const struct processes_table *table,
    const struct member *member, int row, bool selected)
{
	struct pen pen = family_pen(draw, draw->margin, row, selected ? ROLE_EMPHASIS : ROLE_TITLE);
	int command = draw->margin + 3 + table->pid + table->parent;

	pen_printf(&pen, "%s%s", selected ? ">" : " ", member->name);
	pen.role = member->life == MEMBER_RUNNING ? ROLE_PLAIN : ROLE_DIM;
	pen.column = draw->margin + 3;
	pen.limit = pen.column + table->pid - 1;
	if (table->pid)
		pen_printf(&pen, "%d", (int)member->pid);
	pen.column = command - table->parent;
	pen.limit = command;
	if (table->parent && member->parent != MEMBER_NONE)
		pen_text(&pen, draw->now->members[member->parent].name);
	pen.column = command;
	pen.limit = command + table->command;
	if (member->memory_of != MEMBER_NONE)
		pen_printf(&pen, _("(memory of %s) "), draw->now->members[member->memory_of].name);
	if (member->life == MEMBER_STOPPED)
		pen_printf(&pen, "(%s) ", member_life_word(member->life));
	pen_clip(&pen, member_text(member));
}

static uint64_t
most_pages(const struct family *family)
{
	uint64_t most = 1;

	for (size_t i = 0; i < family->member_count; i++) {
		uint64_t pages = tally_present(&family->members[i].tally) +
		    family->members[i].tally.counts[PAGE_SWAPPED];

		most = pages > most ? pages : most;
	}
	return most;
}

static void
draw_member(const struct family_draw *draw, const struct processes_table *table, size_t index,
    int row, int row_limit)
{
	const struct member *member = &draw->now->members[index];
	bool selected = member == family_selected(draw->scene);
	int width = draw->right - draw->margin - 3;
	uint64_t pages = tally_present(&member->tally) + member->tally.counts[PAGE_SWAPPED];
	struct pen pen = family_pen(draw, draw->margin + 3, row + 1, ROLE_PLAIN);

	draw_who(draw, table, member, row, selected);
	processes_draw_numbers(draw, table, member, row);
	if (selected) {
		draw->canvas->cursor_column = draw->margin;
		draw->canvas->cursor_row = row;
	}
	if (table->tall > 1 && row + 1 < row_limit && !no_numbers(member))
		draw_bar(&pen, &member->tally,
		    (int)((double)pages / (double)most_pages(draw->now) * width + 0.5));
}

/* "sum of Rss  1.6G ####": both with the same scale. */
static void
draw_total(const struct family_draw *draw, int row, const char *label, uint64_t kib,
    const char *behind, enum role role)
{
	struct pen pen = family_pen(draw, draw->margin, row, ROLE_PLAIN);
	struct buf size = BUF_INIT;
	int label_cells = draw->right >= 36 ? 19 : 11, start = draw->margin + label_cells + 7;
	int room = draw->right - start - (draw->right >= 56 ? 25 : 0);
	int cells = room > 4 && kib != COUNT_UNKNOWN && draw->now->sum_rss_kib
	    ? (int)((double)kib / (double)draw->now->sum_rss_kib * room + 0.5)
	    : 0;

	size_text(&size, kib);
	pen_text(&pen, label);
	draw_right(
	    draw, draw->margin + label_cells, start - 1, row, ROLE_EMPHASIS, buf_text(&size));
	pen.column = start;
	pen.role = role;
	for (int i = 0; i < cells; i++)
		pen_glyph(&pen, "█", "=");
	pen.role = ROLE_DIM;
	pen_part(&pen, "%s%s", cells ? " " : "", behind);
	buf_free(&size);
}

#define HOLDERS 3

/* Those who hold most copies, the most first; NULL after the last. */
static void
holders_of(const struct family *family, const struct member *holders[HOLDERS + 1])
{
	size_t count = 0;

	memset(holders, 0, (HOLDERS + 1) * sizeof(struct member *));
	for (size_t i = 0; i < family->member_count; i++) {
		const struct member *member = &family->members[i];
		size_t at = count;

		if (!member->tally.counts[PAGE_COPIED] || member->life == MEMBER_GONE ||
		    member->memory_of != MEMBER_NONE)
			continue;
		for (; at &&
		     holders[at - 1]->tally.counts[PAGE_COPIED] < member->tally.counts[PAGE_COPIED];
		     at--)
			holders[at] = at < HOLDERS ? holders[at - 1] : NULL;
		if (at < HOLDERS)
			holders[at] = member;
		count += count < HOLDERS;
	}
	holders[HOLDERS] = NULL;
}

static void
list_size(struct buf *out, const struct family *family, const char *name, uint64_t pages)
{
	buf_addf(out, "%s%s ", out->length ? ", " : "", name);
	pages_text(out, family, pages);
}

/* "anonymous 30M, heap 1.4M": copies by the kind of mapping, those that matter. */
static void
list_kinds(struct buf *out, const struct family *family)
{
	uint64_t pages[REGION_KIND_COUNT] = {0}, all = family->tally.counts[PAGE_COPIED];

	for (size_t i = 0; i < family->region_count; i++)
		pages[family->regions[i].kind] += family->regions[i].tally.counts[PAGE_COPIED];
	for (int listed = 0; listed < REGION_KIND_COUNT; listed++) {
		int most = 0;

		for (int kind = 1; kind < REGION_KIND_COUNT; kind++)
			most = pages[kind] > pages[most] ? kind : most;
		if (!pages[most] || pages[most] * 50 < all)
			return;
		list_size(out, family, region_kind_word((enum region_kind)most), pages[most]);
		pages[most] = 0;
	}
}

/* Who copied what. */
static void
processes_copied_text(struct buf *out, const struct family *family)
{
	const struct member *holders[HOLDERS + 1];
	struct buf who = BUF_INIT, what = BUF_INIT;

	holders_of(family, holders);
	for (size_t i = 0; holders[i]; i++)
		list_size(&who, family, holders[i]->name, holders[i]->tally.counts[PAGE_COPIED]);
	list_kinds(&what, family);
	if (holders[0] && out->length)
		buf_add(out, " ");
	if (holders[0])
		buf_addf(out, _("Most copied: %1$s; of it %2$s."), buf_text(&who), buf_text(&what));
	buf_free(&who);
	buf_free(&what);
}

static void
parted_sentence(struct buf *out, const struct family *family)
{
	struct buf size = BUF_INIT;

	size_text(&size, family->parted_kib);
	if (family->tally.counts[PAGE_PARTED])
		buf_addf(out, _("%1$sParted: %2$s, and who wrote is not known."),
		    out->length ? " " : "", buf_text(&size));
	buf_free(&size);
}

/* From one sample, a copy is no surer than that. */
static void
refilled_sentence(struct buf *out, const struct family *family)
{
	if (family->tally.counts[PAGE_COPIED] &&
	    tally_basis(family, &family->tally) == BASIS_SAMPLE)
		buf_addf(out, _("%sA page dropped and filled again looks like a copy."),
		    out->length ? " " : "");
}

/* How much is left of what was shared when watching began. */
static void
erosion_sentence(struct buf *out, const struct family *family)
{
	const struct tally *tally = &family->tally;
	struct buf age = BUF_INIT;

	age_text(&age, family->baseline_ns, family->time_ns);
	if (tally->was_shared && family->baseline_ns && family->time_ns > family->baseline_ns)
		buf_addf(out, _("%1$s%2$.0f %% of what was shared %3$s ago still is."),
		    out->length ? " " : "", 100.0 * tally->still_shared / tally->was_shared,
		    buf_text(&age));
	buf_free(&age);
}

/* What is in no number: those that no sample read. */
static void
unseen_sentence(struct buf *out, const struct family *family)
{
	unsigned long long least = family->unseen_least;

	if (least && family->unseen == COUNT_UNKNOWN)
		buf_addf(out,
		    NP_("%llu process at least came and went unseen.",
			"%llu processes at least came and went unseen.", least),
		    least);
	else if (least)
		buf_addf(out,
		    NP_("%llu process came and went unseen.",
			"%llu processes came and went unseen.", least),
		    least);
}

/* A sum without those that may not be read would be a wrong one. */
static bool
all_read(const struct family *family)
{
	for (size_t i = 0; i < family->member_count; i++)
		if (family->members[i].life == MEMBER_DENIED || family->members[i].lost)
			return false;
	return family->whole;
}

static int
footer_rows(const struct family_draw *draw)
{
	return draw->rows >= 18 ? 5 : draw->rows >= 12 ? 3 : draw->rows >= 5 ? 2 : 0;
}

static void
draw_footer(const struct family_draw *draw, int row, int row_limit)
{
	const struct family *family = draw->now;
	bool known = family->frames_kib != COUNT_UNKNOWN && all_read(family);
	struct buf text = BUF_INIT;

	draw_total(draw, row++, _("sum of Rss"),
	    all_read(family) ? family->sum_rss_kib : COUNT_UNKNOWN,
	    draw->right >= 56 ? _("what adding up top gives") : "", ROLE_DIM);
	if (row < row_limit)
		draw_total(draw, row++, draw->right >= 36 ? _("frames really used") : _("frames"),
		    known ? family->frames_kib : COUNT_UNKNOWN,
		    !known                  ? _("not known")
			: draw->right >= 56 ? _("each counted once")
					    : "",
		    ROLE_LIVE);
	unseen_sentence(&text, family);
	processes_copied_text(&text, family);
	parted_sentence(&text, family);
	erosion_sentence(&text, family);
	refilled_sentence(&text, family);
	if (row < row_limit)
		canvas_wrap(draw->canvas, draw->margin, row, draw->right, row_limit, ROLE_TEXT,
		    buf_text(&text));
	buf_free(&text);
}

void
family_draw_processes(const struct family_draw *draw)
{
	int footer = footer_rows(draw), gap = footer == 5, end = draw->body + draw->rows,
	    row = draw->body + 1, limit;
	struct processes_table table = processes_table_of(draw, footer);
	size_t count = draw->now->member_count, shown, first;
	struct buf position = BUF_INIT;

	limit = end - footer;
	row -= draw->rows <= 1;
	shown = limit > row ? (size_t)((limit - row + table.tall - 1) / table.tall) : 0;
	first = family_first(count, draw->scene->cursor.member, shown);
	if (draw->rows > 1 && shown < count && !gap)
		family_position(&position, first, shown, count);
	if (draw->rows > 1)
		processes_draw_heads(draw, &table, buf_text(&position));
	buf_free(&position);
	for (size_t i = first; i < count && i < first + shown; i++, row += table.tall)
		draw_member(draw, &table, i, row, limit);
	if (shown < count && gap)
		family_draw_position(draw, draw->margin, limit, first, shown, count);
	if (footer)
		draw_footer(draw, limit + gap, end);
}
