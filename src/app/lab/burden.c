#include "config.h"
#include "app/lab/burden.h"

#include "model/words.h"

static uint64_t
burden_most(uint64_t one, uint64_t other)
{
	return one > other ? one : other;
}

/* A loop can't contain a loop. */
static uint64_t
burden_of_line(const char *line, bool in_loop)
{
	struct command command;
	struct err err;
	uint64_t greatest = 0;
	int found;

	while ((found = command_parse(&command, &line, &err)) != 0) {
		if (found < 0)
			continue;
		if (command.def->verb == VERB_LOOP && !in_loop && command.text)
			greatest = burden_most(greatest, burden_of_line(command.text, true));
		greatest = burden_most(greatest, burden_of_command(&command));
		command_free(&command);
	}
	return greatest;
}

/* A private file mapping costs the file's page and the copy. */
uint64_t
burden_of_command(const struct command *command)
{
	uint64_t size = command->size ? command->size : BURDEN_USUAL;

	if (command->def->verb != VERB_WEIGH)
		return 0;
	return command->choice == KIND_PRIVATE_FILE ? 2 * size : size;
}

uint64_t
burden_of_block(const struct lesson_part *block)
{
	uint64_t greatest = 0;

	for (size_t i = 0; i < block->command_count; i++)
		greatest = burden_most(greatest, burden_of_line(block->commands[i].text, false));
	return greatest;
}
