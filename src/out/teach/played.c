#include "config.h"
#include "out/teach/played.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define HEX "0123456789abcdef"
#define LOW_ADDRESS 8    /* digits of the addresses at which the lab maps its pages */
#define OWN_FILE "-lab-" /* before the digits that make its name unique */

void
played_begin(struct played *played, const struct lesson *lesson)
{
	*played = (struct played){
	    .lesson = lesson,
	    .parts = mem_zero(lesson->part_count + 1, sizeof(*played->parts)),
	};
}

static void
played_part_free(struct played_part *part)
{
	for (size_t i = 0; i < part->count; i++) {
		free(part->commands[i].command);
		free(part->commands[i].text);
		snapshot_free(part->commands[i].before);
		snapshot_free(part->commands[i].now);
	}
	free(part->commands);
	free(part->needs);
	free(part->lacks);
}

void
played_free(struct played *played)
{
	for (size_t i = 0; i < played->lesson->part_count; i++)
		played_part_free(&played->parts[i]);
	free(played->parts);
}

void
played_add(
    struct played *played, size_t index, const struct played_command *command, const char *text)
{
	struct played_part *part = &played->parts[index];
	struct buf words = BUF_INIT;

	played_words(&words, text);
	part->commands = mem_resize(part->commands, part->count + 1, sizeof(*part->commands));
	part->commands[part->count++] = (struct played_command){
	    .type = command->type,
	    .command = mem_string(command->command),
	    .text = buf_take(&words),
	    .before = command->before ? snapshot_hold(command->before) : NULL,
	    .now = command->now ? snapshot_hold(command->now) : NULL,
	};
}

void
played_renew(struct played *played, size_t index, const struct snapshot *now)
{
	struct played_part *part = &played->parts[index];
	struct played_command *last = NULL;

	for (size_t i = 0; i < part->count; i++)
		if (part->commands[i].type == PLAYED_STEP)
			last = &part->commands[i];
	if (!last || last->now == now || last->now->lab != now->lab || last->now->step != now->step)
		return;
	snapshot_free(last->now);
	last->now = snapshot_hold(now);
}

void
played_leave_out(struct played *played, size_t index, const char *needs, const char *lacks)
{
	played->parts[index].needs = mem_string(needs);
	played->parts[index].lacks = mem_string(lacks);
}

/* Digits at this place that are another at each run. */
static size_t
played_chance(const char *start, const char *at)
{
	size_t digits = strspn(at, HEX), own = strlen(OWN_FILE);

	if (at - start >= 2 && strncmp(at - 2, "0x", 2) == 0 && digits > LOW_ADDRESS)
		return digits;
	if ((size_t)(at - start) >= own && strncmp(at - own, OWN_FILE, own) == 0)
		return digits;
	return 0;
}

void
played_words(struct buf *out, const char *text)
{
	for (const char *at = text; *at;) {
		size_t chance = played_chance(text, at);

		if (chance)
			buf_add(out, "…");
		else
			buf_add_char(out, *at);
		at += chance ? chance : 1;
	}
}

static void
played_add_changed(struct page_set *set, const struct played_command *step)
{
	struct events events;

	events_between(&events, step->before, step->now);
	page_set_add_changed(set, step->now, &events);
	events_free(&events);
}

void
played_step_changed(struct page_set *set, const struct played_command *step)
{
	page_set_clear(set);
	played_add_changed(set, step);
}

void
played_part_changed(struct page_set *set, const struct played_part *part)
{
	page_set_clear(set);
	for (size_t i = 0; i < part->count; i++)
		if (part->commands[i].type == PLAYED_STEP)
			played_add_changed(set, &part->commands[i]);
}
