#include "config.h"
#include "app/batch/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/batch/batch_page.h"
#include "app/batch/complain.h"
#include "app/teach/table.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "app/lab/able.h"
#include "out/teach/json_lesson.h"
#include "view/canvas/wrap.h"

static size_t
width_of(const struct batch *batch)
{
	return (size_t)batch->session->appearance.columns;
}

/* One line of text wrapped to the screen's width; continuation lines are indented. */
static void
add_wrapped(struct buf *out, const char *text, size_t width, size_t indent)
{
	size_t next, cells = width;

	do {
		size_t bytes = wrap_line(text, cells, &next);

		buf_add_n(out, text, bytes);
		buf_add_char(out, '\n');
		text += next;
		cells = width > indent ? width - indent : 1;
		if (*text)
			buf_addf(out, "%*s", (int)indent, "");
	} while (*text);
}

void
batch_fit(const struct batch *batch, struct buf *text)
{
	size_t width = width_of(batch);
	struct buf narrow = BUF_INIT;
	const char *line = buf_text(text);

	while (*line) {
		size_t length = strcspn(line, "\n");
		char *copy = mem_string_n(line, length);

		if (utf8_width(copy) <= width)
			buf_addf(&narrow, "%s\n", copy);
		else
			add_wrapped(&narrow, copy, width, strspn(copy, " "));
		free(copy);
		line += length + (line[length] == '\n');
	}
	buf_free(text);
	*text = narrow;
}

static void
play_print_text(struct batch *batch, struct buf *text)
{
	clean_lines(text);
	batch_fit(batch, text);
	batch_print(batch, text);
}

static bool
tells(const struct batch *batch)
{
	return !batch->at_end && batch->format == FORMAT_TEXT;
}

static void
tell_begin(struct batch *batch, const struct lesson *lesson, const char *path)
{
	struct buf text = BUF_INIT;

	if (batch->at_end)
		return;
	if (batch->format == FORMAT_JSON) {
		json_lesson(&text, lesson, path);
		batch_print(batch, &text);
		return;
	}
	buf_addf(&text, "%s\n", lesson->title);
	for (size_t i = utf8_width(lesson->title); i > 0; i--)
		buf_add_char(&text, '=');
	buf_addf(&text, "\n\n%s\n", lesson->summary);
	play_print_text(batch, &text);
}

static void
play_add_block(
    struct buf *out, const struct table *table, const struct lesson_block *block, size_t width)
{
	if (block->type == BLOCK_ITEM) {
		struct buf item = BUF_INIT;

		buf_addf(&item, "- %s", block->text);
		add_wrapped(out, buf_text(&item), width, 2);
		buf_free(&item);
	} else if (block->type == BLOCK_ROW) {
		buf_add(out, "  ");
		table_add_row(out, table, block->text);
		buf_add_char(out, '\n');
	} else if (block->type == BLOCK_CODE) {
		for (const char *at = block->text; *at;
		     at += strcspn(at, "\n") + (at[strcspn(at, "\n")] == '\n'))
			buf_addf(out, "    %.*s\n", (int)strcspn(at, "\n"), at);
	} else {
		add_wrapped(out, block->text, width, 0);
	}
}

static bool
stands_together(const struct lesson_part *part, size_t i)
{
	enum lesson_block_type type = part->blocks[i].type;

	return i > 0 && type == part->blocks[i - 1].type &&
	    (type == BLOCK_ITEM || type == BLOCK_ROW);
}

static void
tell_prose(struct batch *batch, const struct lesson_part *part)
{
	struct buf text = BUF_INIT;
	struct table table;

	if (batch->format == FORMAT_JSON) {
		json_prose(&text, part);
		batch_print(batch, &text);
		return;
	}
	table_measure(&table, part);
	for (size_t i = 0; i < part->block_count; i++) {
		if (!stands_together(part, i))
			buf_add_char(&text, '\n');
		play_add_block(&text, &table, &part->blocks[i], width_of(batch));
	}
	table_free(&table);
	play_print_text(batch, &text);
}

static void
add_item(struct buf *out, const char *head, const char *text, size_t width)
{
	struct buf line = BUF_INIT;

	buf_addf(&line, "%s%s", head, text);
	add_wrapped(out, buf_text(&line), width, utf8_width(head));
	buf_free(&line);
}

static void
play_tell_question(struct batch *batch, const struct lesson_part *question)
{
	struct buf text = BUF_INIT;
	char head[32];

	if (batch->format == FORMAT_JSON) {
		json_asked(&text, question);
		batch_print(batch, &text);
		return;
	}
	buf_add_char(&text, '\n');
	for (size_t i = 0; i < question->block_count; i++)
		add_wrapped(&text, question->blocks[i].text, width_of(batch), 0);
	for (size_t i = 0; i < question->answer_count; i++) {
		snprintf(head, sizeof(head), "  %zu  ", i + 1);
		add_item(&text, head, question->answers[i].text, width_of(batch));
	}
	play_print_text(batch, &text);
}

/* "a:2" each, process by process. */
static size_t
play_changed_pages(const struct player *player, char ***pages)
{
	size_t count = 0;

	*pages = NULL;
	for (int process = 0; process < PROCESSES_MAX; process++)
		for (uint32_t page = 0; page < PAGES_MAX; page++) {
			struct buf name = BUF_INIT;

			if (!(player->changed->processes[page] >> process & 1))
				continue;
			buf_addf(&name, "%c:%u", 'a' + process, page);
			*pages = mem_resize(*pages, count + 1, sizeof(**pages));
			(*pages)[count++] = buf_take(&name);
		}
	return count;
}

static void
add_answers(struct buf *out, const struct lesson_part *question, size_t width)
{
	struct buf line = BUF_INIT;

	buf_add_char(out, '\n');
	for (int right = 1; right >= 0; right--)
		for (size_t i = 0; i < question->answer_count; i++) {
			const struct lesson_answer *answer = &question->answers[i];

			if (answer->right != right || (!right && !answer->reason))
				continue;
			if (right)
				buf_addf(&line, _("  It is %1$zu: %2$s"), i + 1, answer->text);
			else
				buf_addf(&line, _("  Not %1$zu: %2$s"), i + 1, answer->reason);
			if (right && answer->reason)
				buf_addf(&line, ". %s", answer->reason);
			add_wrapped(out, buf_text(&line), width, 4);
			buf_clear(&line);
		}
	buf_free(&line);
}

static void
add_changed(struct buf *out, const struct page_set *pages, size_t width)
{
	struct buf names = BUF_INIT, line = BUF_INIT;

	buf_add_char(out, '\n');
	page_set_ranges(&names, pages);
	if (names.length)
		buf_addf(&line, _("  These pages changed: %s."), buf_text(&names));
	else
		buf_add(&line, _("  No page changed."));
	add_wrapped(out, buf_text(&line), width, 4);
	buf_free(&names);
	buf_free(&line);
}

static void
play_tell_answer(struct batch *batch, const struct player *player)
{
	const struct lesson_part *question = player->question;
	struct buf text = BUF_INIT;
	char **pages = NULL;
	size_t count = question->points ? play_changed_pages(player, &pages) : 0;

	if (batch->format == FORMAT_JSON)
		json_answer(&text, question, (const char *const *)pages, count);
	else if (question->points)
		add_changed(&text, player->changed, width_of(batch));
	else
		add_answers(&text, question, width_of(batch));
	for (size_t i = 0; i < count; i++)
		free(pages[i]);
	free(pages);
	if (tells(batch))
		play_print_text(batch, &text);
	else
		batch_print(batch, &text);
}

static const char *
needs_of(const struct player *player)
{
	const struct lesson_part *part = player_part(player);

	const char *needs = part->type == LESSON_QUESTION ? part[1].needs : part->needs;

	return player->stage == PLAYER_SHORT && (!needs || !strstr(needs, "memory")) ? "memory"
										     : needs;
}

static void
tell_lacks(struct batch *batch, const struct player *player)
{
	struct buf text = BUF_INIT;

	if (batch->format == FORMAT_JSON) {
		json_lacks(&text, player_part(player), needs_of(player), buf_text(&player->lacks));
		batch_print(batch, &text);
		return;
	}
	if (player->question)
		play_tell_question(batch, player->question);
	buf_addf(&text, _("\nLeft out, for this machine lacks what it takes (%1$s): %2$s\n"),
	    needs_of(player), buf_text(&player->lacks));
	play_print_text(batch, &text);
}

static void
play_stop(struct batch *batch, const char *path, int line)
{
	struct buf text = BUF_INIT, clean = BUF_INIT;

	buf_addf(&text, "cowscope: %s:%d: %s", path, line, buf_text(&batch->failure));
	utf8_clean(&clean, buf_text(&text), text.length, false);
	buf_add_char(&clean, '\n');
	say_aside(&clean);
	buf_free(&text);
	buf_free(&clean);
}

static void
play_block(struct batch *batch, const char *path)
{
	const struct lesson_line *line;
	struct buf blank = BUF_INIT;

	if (tells(batch)) {
		buf_add_char(&blank, '\n');
		batch_print(batch, &blank);
	}
	while (!batch->over && (line = player_line(batch->player))) {
		batch_line(batch, line->text);
		if (batch->failure.length) {
			play_stop(batch, path, line->line);
			batch->over = true;
		}
	}
}

static void
play_part(struct batch *batch, const char *path)
{
	struct player *player = batch->player;

	if (player->stage == PLAYER_ACTS) {
		play_block(batch, path);
		return;
	}
	if (batch->played && player_leaves_out(player))
		lesson_page_leave_out(batch, needs_of(player));
	if (batch->at_end)
		;
	else if (player->stage == PLAYER_TELLS)
		tell_prose(batch, player_part(player));
	else if (player->stage == PLAYER_ASKS)
		play_tell_question(batch, player->question);
	else if (player->stage == PLAYER_SHOWS)
		play_tell_answer(batch, player);
	else
		tell_lacks(batch, player);
	player_next(player);
}

void
batch_lesson(struct batch *batch, const struct lesson *lesson, const char *path)
{
	struct player player;

	player_begin(&player, lesson, able);
	batch->player = &player;
	batch->session->led = true;
	session_begin_topic(batch->session, lesson->title);
	tell_begin(batch, lesson, path);
	while (!batch->over && player.stage != PLAYER_OVER)
		play_part(batch, path);
	batch->player = NULL;
	batch->session->led = false;
	buf_free(&batch->failure);
	player_free(&player);
}
