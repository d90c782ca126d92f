#include "config.h"
#include "app/lab/session_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

struct loop {
	char *line;       /* as it was typed */
	char *round;      /* of this round, with the count filled in */
	const char *next; /* the rest of it */
	uint32_t times, at;
};

void
loop_free(struct loop *loop)
{
	if (!loop)
		return;
	free(loop->line);
	free(loop->round);
	free(loop);
}

static void
begin_round(struct loop *loop)
{
	struct buf round = BUF_INIT;

	for (const char *at = loop->line; *at; at++)
		if (*at == '%')
			buf_addf(&round, "%u", loop->at);
		else
			buf_add_char(&round, *at);
	free(loop->round);
	loop->round = buf_take(&round);
	loop->next = loop->round;
}

static int
loop_refuse(const struct command *command, struct err *err)
{
	enum command_group group = command->def->group;
	enum verb verb = command->def->verb;

	if (verb == VERB_EXPECT || verb == VERB_AWAIT)
		return 0;
	if (verb == VERB_LOOP || group > GROUP_LOOK || group == GROUP_LOOK)
		return err_set(err, ERR_USAGE,
		    _("%s is not allowed in a loop: only what processes do, expect and await are"),
		    command->def->name);
	return 0;
}

/* false: the loop is over. */
static bool
loop_start_next(struct session *session, struct loop *loop)
{
	struct command command;
	struct err err;
	int found;

	while ((found = command_parse(&command, &loop->next, &err)) == 0) {
		if (++loop->at == loop->times)
			return false;
		begin_round(loop);
	}
	if (found > 0 && loop_refuse(&command, &err) == 0) {
		session_start(session, &command);
		command_free(&command);
		return true;
	}
	if (found > 0)
		command_free(&command);
	answer_fail(&session->answer, &err);
	return false;
}

static bool
went_well(const struct answer *answer)
{
	return answer->type != ANSWER_ERROR &&
	    (answer->type != ANSWER_EXPECT || answer->holds == TRI_YES);
}

void
loop_go(struct session *session)
{
	struct loop *loop = session->loop;

	while (!session->job)
		if (!went_well(&session->answer) || !loop_start_next(session, loop)) {
			session->loop = NULL;
			loop_free(loop);
			return;
		}
}

void
loop_start(struct session *session, const struct command *command)
{
	struct loop *loop;
	struct err err;

	if (!command->text || strspn(command->text, " ;") == strlen(command->text)) {
		err_set(&err, ERR_USAGE, _("there is nothing to do in this loop"));
		answer_fail(&session->answer, &err);
		return;
	}
	loop = mem_zero(1, sizeof(*loop));
	loop->line = mem_string(command->text);
	loop->times = command->count;
	begin_round(loop);
	session->loop = loop;
	loop_go(session);
}
