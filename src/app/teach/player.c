#include "config.h"
#include "app/teach/player.h"

#include <stdlib.h>
#include <string.h>

#include "app/lab/burden.h"
#include "app/teach/table.h"
#include "base/mem.h"

const struct lesson_part *
player_part(const struct player *player)
{
	return player->part < player->lesson->part_count ? &player->lesson->parts[player->part]
							 : NULL;
}

/* The block that answers the question, or the part itself. */
static const struct lesson_part *
block_of(const struct player *player, const struct lesson_part *part)
{
	size_t next = player->part + 1;

	if (part->type != LESSON_QUESTION)
		return part;
	return next < player->lesson->part_count ? &player->lesson->parts[next] : NULL;
}

static bool
is_able(struct player *player, const char *need, uint64_t bytes)
{
	struct buf reason = BUF_INIT;
	bool yes = player->able(need, bytes, &reason);

	if (!yes) {
		buf_add(&player->lacks, player->lacks.length ? " " : "");
		buf_add(&player->lacks, reason.length ? buf_text(&reason) : need);
	}
	buf_free(&reason);
	return yes;
}

/* Memory is another matter: it can be taken all the same. */
static bool
has_needs(struct player *player, const char *needs, bool *memory)
{
	bool all = true;

	for (const char *at = needs; at && *at; at += *at == ',') {
		size_t length = strcspn(at, ",");
		char *need = mem_string_n(at, length);

		if (strcmp(need, "memory") == 0)
			*memory = true;
		else if (length && !is_able(player, need, 0))
			all = false;
		free(need);
		at += length;
	}
	return all;
}

/* What weighs needs memory, whether needs= says so or not. */
static enum player_stage
stage_of_block(struct player *player, const struct lesson_part *block, enum player_stage stage)
{
	uint64_t bytes;
	bool memory, all;

	buf_clear(&player->lacks);
	if (!player->able || !block || block->type != LESSON_COMMANDS)
		return stage;
	bytes = burden_of_block(block);
	memory = bytes > 0;
	all = has_needs(player, block->needs, &memory);
	if (memory && block != player->taker && !is_able(player, "memory", bytes))
		return all ? PLAYER_SHORT : PLAYER_LACKS;
	return all ? stage : PLAYER_LACKS;
}

static void
begin_question(struct player *player, const struct lesson_part *part)
{
	player->question = part;
	memset(player->chosen, 0, sizeof(player->chosen));
	player->nothing = false;
	page_set_clear(player->pointed);
	page_set_clear(player->changed);
}

static enum player_stage
stage_of(struct player *player, const struct lesson_part *part)
{
	if (part->type == LESSON_PROSE)
		return PLAYER_TELLS;
	return stage_of_block(player, block_of(player, part),
	    part->type == LESSON_QUESTION ? PLAYER_ASKS : PLAYER_ACTS);
}

static void
player_go_to(struct player *player, size_t index)
{
	const struct lesson_part *part;

	player->part = index;
	player->line = 0;
	part = player_part(player);
	if (part && part->type == LESSON_QUESTION)
		begin_question(player, part);
	else if (!part || part->type == LESSON_PROSE)
		player->question = NULL;
	player->stage = part ? stage_of(player, part) : PLAYER_OVER;
}

static void
player_judge(struct player *player)
{
	player->stage = PLAYER_SHOWS;
	if (!player_answered(player))
		return;
	player->asked++;
	player->right += player_is_right(player);
}

void
player_begin(struct player *player, const struct lesson *lesson, able_fn *able)
{
	*player = (struct player){.lesson = lesson, .able = able};
	player->pointed = mem_zero(1, sizeof(*player->pointed));
	player->changed = mem_zero(1, sizeof(*player->changed));
	player_go_to(player, 0);
}

void
player_free(struct player *player)
{
	free(player->pointed);
	free(player->changed);
	buf_free(&player->lacks);
}

/* A question and the block that answers it are left out together. */
static size_t
behind(const struct player *player)
{
	bool pair = player_leaves_out(player) && player_part(player)->type == LESSON_QUESTION;

	return player->part + (pair ? 2 : 1);
}

void
player_next(struct player *player)
{
	if (player->stage == PLAYER_ACTS || player->stage == PLAYER_OVER)
		return;
	if (player->stage != PLAYER_ASKS)
		player->question = NULL;
	player_go_to(player, behind(player));
}

bool
player_leaves_out(const struct player *player)
{
	return player->stage == PLAYER_LACKS || player->stage == PLAYER_SHORT;
}

void
player_take(struct player *player)
{
	const struct lesson_part *part = player_part(player);

	if (player->stage != PLAYER_SHORT)
		return;
	player->taker = block_of(player, part);
	player->stage = stage_of(player, part);
}

bool
player_takes(const struct player *player)
{
	return player->stage == PLAYER_ACTS && player->taker == player_part(player);
}

static size_t
right_count(const struct lesson_part *question)
{
	size_t count = 0;

	for (size_t i = 0; i < question->answer_count; i++)
		count += question->answers[i].right;
	return count;
}

void
player_choose(struct player *player, size_t answer)
{
	bool was;

	if (player->stage != PLAYER_ASKS || answer >= player->question->answer_count)
		return;
	was = player->chosen[answer];
	if (right_count(player->question) == 1)
		memset(player->chosen, 0, sizeof(player->chosen));
	player->chosen[answer] = !was;
}

void
player_point(struct player *player, char process, uint32_t page)
{
	if (player->stage != PLAYER_ASKS || !is_process_name(process) || page >= PAGES_MAX)
		return;
	player->nothing = false;
	player->pointed->processes[page] ^= (uint16_t)(1u << (process - 'a'));
}

void
player_point_nowhere(struct player *player)
{
	if (player->stage != PLAYER_ASKS || !player->question->points)
		return;
	page_set_clear(player->pointed);
	player->nothing = true;
}

bool
player_answered(const struct player *player)
{
	static const struct page_set nothing;

	if (!player->question)
		return false;
	for (size_t i = 0; i < LESSON_ANSWERS_MAX; i++)
		if (player->chosen[i])
			return true;
	return player->nothing || memcmp(player->pointed, &nothing, sizeof(nothing)) != 0;
}

bool
player_is_right(const struct player *player)
{
	const struct lesson_part *question = player->question;

	if (!question)
		return false;
	for (size_t i = 0; i < question->answer_count; i++)
		if (player->chosen[i] != question->answers[i].right)
			return false;
	return !question->points ||
	    memcmp(player->pointed, player->changed, sizeof(*player->pointed)) == 0;
}

const struct lesson_line *
player_line(struct player *player)
{
	const struct lesson_part *part = player_part(player);

	if (player->stage != PLAYER_ACTS)
		return NULL;
	if (player->line < part->command_count)
		return &part->commands[player->line++];
	if (player->question)
		player_judge(player);
	else
		player_go_to(player, player->part + 1);
	return NULL;
}

void
player_saw(struct player *player, const struct snapshot *now, const struct events *events)
{
	if (player->stage == PLAYER_ACTS)
		page_set_add_changed(player->changed, now, events);
}

void
player_text(struct buf *out, const struct lesson_part *part)
{
	struct table table;

	table_measure(&table, part);
	for (size_t i = 0; i < part->block_count; i++) {
		const struct lesson_block *block = &part->blocks[i];

		if (i)
			buf_add_char(out, '\n');
		if (block->type == BLOCK_ROW)
			table_add_row(out, &table, block->text);
		else
			buf_addf(out, "%s%s", block->type == BLOCK_ITEM ? "- " : "", block->text);
	}
	table_free(&table);
}
