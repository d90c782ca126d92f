#include "config.h"
#include "app/answer.h"

#include <stdlib.h>

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
answer_free(struct answer *answer)
{
	buf_free(&answer->text);
	free(answer->command);
}
