#include "config.h"
#include "lang/answer.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"

void
answer_begin(struct answer *answer, const struct command *command, char *understood)
{
	answer_free(answer);
	*answer = (struct answer){
	    .verb = command->def->verb,
	    .choice = command->choice,
	    .command = understood,
	};
}

void
answer_fail(struct answer *answer, const struct err *err)
{
	answer->type = ANSWER_ERROR;
	answer->error = *err;
}

void
answer_save(struct answer *answer, const struct command *command)
{
	answer->type = ANSWER_SAVE;
	answer->path = command->text ? mem_string(command->text) : NULL;
	answer->pace_ms = command->pace_ms;
}

void
answer_saved(struct answer *answer, char *written)
{
	answer->type = ANSWER_TEXT;
	buf_addf(&answer->text, _("saved as %s"), written);
	free(written);
}

void
answer_free(struct answer *answer)
{
	buf_free(&answer->text);
	free(answer->path);
	free(answer->command);
}
