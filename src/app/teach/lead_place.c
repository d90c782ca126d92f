#include "config.h"
#include "app/teach/lead.h"

#include <stdlib.h>
#include <string.h>

#include "app/lab/follow.h"
#include "base/mem.h"

/* What the lesson looks at: its first lab, and the page that its text speaks of. */

static const struct lesson_part *
first_block(const struct lesson *lesson)
{
	for (size_t i = 0; i < lesson->part_count; i++)
		if (lesson->parts[i].type == LESSON_COMMANDS)
			return &lesson->parts[i];
	return NULL;
}

void
lead_prepare(struct lead *lead)
{
	const struct lesson_part *block = first_block(&lead->lesson);
	const char *at = block && block->command_count ? block->commands[0].text : "";
	struct command command;
	struct err err;

	free(lead->lab);
	lead->lab = NULL;
	lead->preparing = LEAD_PREPARED;
	lead->first = NULL;
	if (command_parse(&command, &at, &err) <= 0)
		return;
	if (command.def->verb == VERB_LAB) {
		lead->lab = mem_string(command.source);
		lead->preparing = LEAD_PREPARES;
		lead->first = at[strspn(at, " ;")] ? NULL : &block->commands[0];
	}
	command_free(&command);
}

bool
lead_is_done(struct lead *lead, const struct lesson_line *line)
{
	bool done =
	    line == lead->first && !lead->explored && lead->session->lab_number == lead->lab_number;

	if (line == lead->first)
		lead->first = NULL;
	return done;
}

/* false: what follows is in another lab, of which nothing can be shown yet. */
static bool
look_in_line(struct lead *lead, const char *line, bool acts, bool *found)
{
	struct command command;
	struct err err;

	while (!*found && command_parse(&command, &line, &err) > 0) {
		enum command_group group = command.def->group;
		bool wanted = acts ? group == GROUP_PAGES || group == GROUP_FILE
				   : command.def->verb == VERB_EXPECT;

		*found = wanted && cursor_aim(lead->session, &command);
		command_free(&command);
		if (group == GROUP_LAB)
			return false;
	}
	return true;
}

static bool
look_in_block(struct lead *lead, const struct lesson_part *block, bool acts)
{
	bool found = false;

	for (size_t i = 0; i < block->command_count && !found; i++)
		if (!look_in_line(lead, block->commands[i].text, acts, &found))
			return true;
	return found;
}

void
lead_look_ahead(struct lead *lead)
{
	const struct lesson *lesson = &lead->lesson;
	size_t next = lead->player.part + 1;

	if (lead->player.stage != PLAYER_ASKS || next >= lesson->part_count)
		return;
	if (!look_in_block(lead, &lesson->parts[next], true))
		look_in_block(lead, &lesson->parts[next], false);
}
