#include "config.h"
#include "app/grade/grade_check.h"

#include <stdlib.h>

#include "app/grade/grade_script.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "lang/teach/lesson_may.h"

bool
grade_check_expects(const struct grade_command *command)
{
	enum verb verb = command->command.def->verb;

	return verb == VERB_EXPECT || verb == VERB_AWAIT;
}

static void
check_add(struct grade_check *check, const struct command *command, int line)
{
	check->commands = mem_resize(check->commands, check->count + 1, sizeof(*check->commands));
	check->commands[check->count++] = (struct grade_command){line, *command};
}

static int
check_take_line(
    struct grade_check *check, const struct grade_script *script, const char *line, struct err *err)
{
	struct command command;
	struct err why;
	int found;

	while ((found = command_parse(&command, &line, &why)) != 0) {
		if (found < 0)
			return grade_script_fault(script, script->line, why.text, err);
		if (lesson_may(&command, &why) < 0) {
			command_free(&command);
			return grade_script_fault(script, script->line, why.text, err);
		}
		check_add(check, &command, script->line);
	}
	return 0;
}

static int
check_read(struct grade_check *check, struct grade_script *script, struct err *err)
{
	bool whole;
	char *line;

	if (script->too_large)
		return err_set(err, ERR_USAGE, _("%1$s is too large: at most %2$zu bytes"),
		    script->path, GRADE_SCRIPT_MOST);
	while ((line = grade_script_line(script, &whole))) {
		if (!whole)
			return grade_script_fault(
			    script, script->line, _("the line holds a NUL byte"), err);
		if (check_take_line(check, script, line, err) < 0)
			return -1;
	}
	while (check->setup < check->count && !grade_check_expects(&check->commands[check->setup]))
		check->setup++;
	if (check->setup == check->count)
		return err_set(err, ERR_USAGE,
		    _("%s has no expect: there is nothing to be checked"), script->path);
	return 0;
}

int
grade_check_open(struct grade_check *check, const char *path, struct err *err)
{
	struct grade_script script;
	int result;

	*check = (struct grade_check){.path = path};
	if (grade_script_open(&script, path, err) < 0)
		return -1;
	result = check_read(check, &script, err);
	grade_script_close(&script);
	if (result < 0)
		grade_check_close(check);
	return result;
}

void
grade_check_close(struct grade_check *check)
{
	for (size_t i = 0; i < check->count; i++)
		command_free(&check->commands[i].command);
	free(check->commands);
	check->commands = NULL;
	check->count = 0;
}
