#include "config.h"
#include "lang/teach/lesson_may.h"

#include <stdbool.h>

#include "base/buf.h"
#include "base/i18n.h"

static const bool let_in[VERB_COUNT] = {
    [VERB_READ] = true,
    [VERB_WRITE] = true,
    [VERB_SYNC] = true,
    [VERB_ADVISE] = true,
    [VERB_PROTECT] = true,
    [VERB_UNMAP] = true,
    [VERB_MAP] = true,
    [VERB_COPY] = true,
    [VERB_LOCK] = true,
    [VERB_UNLOCK] = true,
    [VERB_ALLOC] = true,
    [VERB_EXEC] = true,
    [VERB_EXIT] = true,
    [VERB_FORK] = true,
    [VERB_SPAWN] = true,
    [VERB_KILL] = true,
    [VERB_FILE_READ] = true,
    [VERB_FILE_WRITE] = true,
    [VERB_FILE_TRUNCATE] = true,
    [VERB_FILE_GROW] = true,
    [VERB_FILE_SYNC] = true,
    [VERB_FILE_DROP] = true,
    [VERB_FILE_LINK] = true,
    [VERB_FILE_OPEN] = true,
    [VERB_FILE_CLOSE] = true,
    [VERB_FILE_UNLINK] = true,
    [VERB_WEIGH] = true,
    [VERB_LOOP] = true,
    [VERB_LAB] = true,
    [VERB_RESET] = true,
    [VERB_SHOW] = true,
    [VERB_EXPECT] = true,
    [VERB_AWAIT] = true,
    [VERB_EXPLAIN] = true,
    [VERB_GLOSSARY] = true,
    [VERB_SELECT] = true,
    [VERB_VIEW] = true,
};

/* The count of a round is a number: any value will do to see which commands there are. */
static int
may_loop(
    const struct command *loop, int (*may)(const struct command *, struct err *), struct err *err)
{
	struct buf round = BUF_INIT;
	struct command command;
	const char *line;
	int found, result = 0;

	for (const char *at = loop->text ? loop->text : ""; *at; at++)
		buf_add_char(&round, *at == '%' ? '0' : *at);
	line = buf_text(&round);
	while (result == 0 && (found = command_parse(&command, &line, err)) != 0) {
		result = found < 0 ? -1 : may(&command, err);
		if (found > 0)
			command_free(&command);
	}
	buf_free(&round);
	return result;
}

static int
may_weigh(const struct command *command, struct err *err)
{
	if (command->anyway)
		return err_set(err, ERR_USAGE,
		    _("weigh ... anyway is not allowed in a lesson: the person at the keyboard is asked instead"));
	if (command->size > LESSON_WEIGH_MAX)
		return err_set(err, ERR_USAGE, _("a lesson weighs 1G at most"));
	return 0;
}

int
lesson_may(const struct command *command, struct err *err)
{
	if (!let_in[command->def->verb])
		return err_set(err, ERR_USAGE,
		    _("%s is not allowed in a lesson: only what acts on the lab or looks at it is"),
		    command->def->name);
	if (command->def->verb == VERB_LOOP)
		return may_loop(command, lesson_may, err);
	return command->def->verb == VERB_WEIGH ? may_weigh(command, err) : 0;
}

int
student_may(const struct command *command, struct err *err)
{
	enum verb verb = command->def->verb;

	if (!let_in[verb] || verb == VERB_LAB || verb == VERB_RESET || verb == VERB_WEIGH)
		return err_set(err, ERR_USAGE,
		    _("%s is not allowed in a student's file: only what acts on the lab's pages, processes and file, or looks at them, is"),
		    command->def->name);
	return verb == VERB_LOOP ? may_loop(command, student_may, err) : 0;
}
