#include "config.h"
#include "app/teach/guides.h"

#include <stdlib.h>

#include "app/teach/lessons.h"
#include "base/mem.h"
#include "app/lab/able.h"
#include "lang/options/options.h"

void
guides_init(struct guides *guides, struct session *session)
{
	*guides = (struct guides){.session = session};
	lead_init(&guides->lead, session);
}

void
guides_free(struct guides *guides)
{
	lead_free(&guides->lead);
	quizmaster_free(&guides->quizmaster);
	free(guides->rest);
}

static int
open_lesson(struct guides *guides, const char *word, struct err *err)
{
	struct lesson lesson;
	char *path;

	if (lesson_open(&lesson, &path, word, err) < 0)
		return -1;
	lead_begin(&guides->lead, path, &lesson, able);
	free(path);
	return 0;
}

int
guides_begin(struct guides *guides, const struct options *options, struct err *err)
{
	if (options->quiz)
		quizmaster_begin(&guides->quizmaster, guides->session, options->seed);
	return options->lesson ? open_lesson(guides, options->lesson, err) : 0;
}

void
guides_refresh(struct guides *guides)
{
	lead_refresh(&guides->lead);
	quizmaster_refresh(&guides->quizmaster);
}

bool
guides_act(const struct guides *guides)
{
	return lead_acts(&guides->lead) || quizmaster_acts(&guides->quizmaster);
}

char *
guides_line(struct guides *guides)
{
	char *rest = guides->rest;
	const char *line;

	guides->rest = NULL;
	if (rest)
		return rest;
	line = lead_line(&guides->lead);
	return line ? mem_string(line) : NULL;
}

void
guides_keep_rest(struct guides *guides, const char *rest)
{
	guides->rest = mem_string(rest);
}

int
guides_go(struct guides *guides, struct err *err)
{
	return quizmaster_acts(&guides->quizmaster) ? quizmaster_go(&guides->quizmaster, err) : 0;
}

int
guides_allow(const struct guides *guides, const struct command *command, struct err *err)
{
	return quizmaster_allows(&guides->quizmaster, command, err);
}

/* Another one, or none. */
static int
change_lesson(struct guides *guides, const char *word, struct err *err)
{
	quizmaster_end(&guides->quizmaster);
	if (*word)
		return open_lesson(guides, word, err);
	lead_end(&guides->lead);
	return 0;
}

int
guides_take(struct guides *guides, const char **says, struct err *err)
{
	const struct answer *answer = &guides->session->answer;

	*says = "";
	if (answer->verb == VERB_LESSON)
		return change_lesson(guides, buf_text(&answer->text), err);
	if ((guides->quizmaster.on ? quizmaster_take(&guides->quizmaster, err)
				   : lead_take(&guides->lead, err)) < 0)
		return -1;
	*says = buf_text(guides->quizmaster.on ? &guides->quizmaster.says : &guides->lead.says);
	return 0;
}

bool
guides_saw(struct guides *guides)
{
	return quizmaster_acts(&guides->quizmaster) ||
	    lead_saw(&guides->lead, &guides->session->answer);
}

const char *
guides_key(struct guides *guides, const char *key)
{
	return guides->quizmaster.on ? quizmaster_key(&guides->quizmaster, key)
				     : lead_key(&guides->lead, key);
}
