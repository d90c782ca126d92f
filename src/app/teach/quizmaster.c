#include "config.h"
#include "app/teach/quizmaster.h"

#include "app/teach/lead.h"
#include "base/i18n.h"
#include "lang/keys.h"

void
quizmaster_begin(struct quizmaster *master, struct session *session, uint64_t seed)
{
	quizmaster_free(master);
	*master = (struct quizmaster){.on = true, .top_of = STEP_LIVE};
	quiz_run_init(&master->run, session, seed);
}

void
quizmaster_end(struct quizmaster *master)
{
	if (!master->on)
		return;
	master->on = false;
	session_lead(master->run.session, NULL);
	quiz_run_free(&master->run);
}

void
quizmaster_free(struct quizmaster *master)
{
	quizmaster_end(master);
	buf_free(&master->title);
	buf_free(&master->text);
	buf_free(&master->keys);
	buf_free(&master->observed);
	buf_free(&master->line);
	buf_free(&master->says);
}

bool
quizmaster_acts(const struct quizmaster *master)
{
	return master->on &&
	    (master->run.moment == QUIZ_PREPARING || master->run.moment == QUIZ_ACTING);
}

/* The panels show the page that is asked for. Backward the process is not shown: that it acted is
 * the answer. */
static void
turn_to_page(struct quizmaster *master)
{
	const struct question *question = &master->run.quiz.question;
	struct session *session = master->run.session;

	session->cursor.page = question->page;
	if (question->way == WAY_FORWARD && question->deeds[0].process)
		session->cursor.process = question->deeds[0].process;
}

int
quizmaster_go(struct quizmaster *master, struct err *err)
{
	if (!quizmaster_acts(master))
		return 0;
	quiz_run_go(&master->run);
	if (!quizmaster_acts(master))
		master->top = 0;
	if (master->run.moment == QUIZ_ASKING) {
		turn_to_page(master);
		ballot_begin(&master->ballot, master->run.quiz.question.choice_count);
	}
	if (master->run.moment != QUIZ_FAILED)
		return 0;
	*err = master->run.failure;
	quizmaster_end(master);
	return -1;
}

int
quizmaster_allows(const struct quizmaster *master, const struct command *command, struct err *err)
{
	enum command_group group = command->def->group;

	if (!master->on ||
	    (group != GROUP_PAGES && group != GROUP_PROCESSES && group != GROUP_FILE &&
		group != GROUP_LAB && command->def->verb != VERB_REPLAY))
		return 0;
	return err_set(
	    err, ERR_USAGE, _("only the quiz acts in this lab; lesson alone leaves the quiz"));
}

static int
quizmaster_go_on(struct quizmaster *master)
{
	struct quiz_run *run = &master->run;

	if (run->moment == QUIZ_ASKING && !master->skipping) {
		master->skipping = true;
		buf_add(&master->says, _("Space again skips the question"));
		return 0;
	}
	master->skipping = false;
	session_see(run->session, SEEN_LIVE);
	run->session->view = SCENE_PANELS;
	if (run->moment == QUIZ_ASKING)
		quiz_run_answer(run, -1);
	else if (run->moment == QUIZ_JUDGED)
		quiz_run_next(run);
	return 0;
}

int
quizmaster_take(struct quizmaster *master, struct err *err)
{
	const struct answer *said = &master->run.session->answer;
	size_t choices = master->run.quiz.question.choice_count;
	enum verb verb = said->verb;
	uint32_t number = verb == VERB_ANSWER ? said->numbers[0] : 0;

	buf_clear(&master->says);
	if (verb == VERB_NEXT)
		return quizmaster_go_on(master);
	master->skipping = false;
	if (verb == VERB_VOTE)
		return ballot_vote(&master->ballot, said->numbers, said->number_count, err);
	if (verb != VERB_ANSWER)
		return err_set(err, ERR_USAGE, _("answer the quiz with a number"));
	if (master->run.moment != QUIZ_ASKING)
		return err_set(err, ERR_USAGE, _("no open question is answered by a number"));
	if (number < 1 || number > choices)
		return err_set(err, ERR_USAGE, _("the answers are 1 to %zu"), choices);
	session_see(master->run.session, SEEN_LIVE);
	quiz_run_answer(&master->run, (int)number - 1);
	return 0;
}

const char *
quizmaster_key(struct quizmaster *master, const char *key)
{
	if (!master->on)
		return NULL;
	if (!session_is_live(master->run.session))
		return guide_scroll(&master->top, master->run.session, key) ? "" : NULL;
	buf_clear(&master->line);
	if (master->ballot.typing)
		return ballot_key(&master->ballot, key, &master->line) == BALLOT_IGNORES
		    ? NULL
		    : buf_text(&master->line);
	if (guide_scroll(&master->top, master->run.session, key))
		return "";
	return lesson_key_command(key, master->run.moment == QUIZ_ASKING ? KEY_ASKS : KEY_SHOWS);
}

static void
quizmaster_fill_answers(const struct quizmaster *master, struct guide *guide)
{
	const struct question *question = &master->run.quiz.question;

	guide->answer_count = question->choice_count;
	for (size_t i = 0; i < question->choice_count; i++)
		guide->answers[i] = (struct guide_answer){
		    .text = question->choices[i],
		    .reason = (int)i == question->right ? NULL : question->mistakes[i],
		    .right = (int)i == question->right,
		    .chosen = (int)i == master->run.chosen,
		};
	ballot_show(&master->ballot, guide);
}

static void
fill_words(struct quizmaster *master)
{
	const struct quiz_run *run = &master->run;

	buf_clear(&master->title);
	buf_addf(&master->title, _("quiz %1$llu, question %2$u"), (unsigned long long)run->seed,
	    run->quiz.question.number);
	buf_clear(&master->keys);
	if (master->ballot.typing)
		buf_add(&master->keys, _("0-9 count  Enter next  Esc give up"));
	else if (!session_is_live(run->session))
		buf_add(&master->keys, _("Space forward  PgUp back  > live"));
	else if (run->moment == QUIZ_ASKING)
		buf_addf(&master->keys, _("1-%zu answer  Space skip  V vote"),
		    run->quiz.question.choice_count);
	else
		buf_add(&master->keys, _("Space next  PgUp back"));
	buf_clear(&master->observed);
	buf_addf(&master->observed, "%s -> %s", buf_text(&run->commands), buf_text(&run->reason));
}

/* What the panels beside this guide have no room for is said. */
static void
fill_question(struct quizmaster *master, struct guide *guide)
{
	const struct session *session = master->run.session;
	const struct question *question = &master->run.quiz.question;
	struct scene scene = session_scene(session);

	guide->text = question->text;
	scene.guide = guide;
	buf_clear(&master->text);
	if (question->situation &&
	    !scene_shows_all(&scene, session->appearance.columns, session->appearance.rows))
		buf_addf(&master->text, "%s\n", question->situation);
	buf_add(&master->text, question->text ? question->text : "");
	guide->text = buf_text(&master->text);
}

/* Who steps back from what came of it is asked again: the text is about the picture. */
static bool
looks_before_act(const struct quiz_run *run)
{
	return run->quiz.question.way == WAY_FORWARD && !session_is_live(run->session) &&
	    session_seen(run->session)->step <= run->before->step;
}

void
quizmaster_refresh(struct quizmaster *master)
{
	const struct quiz_run *run = &master->run;
	bool shows = run->moment == QUIZ_JUDGED && !looks_before_act(run);
	struct guide guide = {.stage = shows ? GUIDE_SHOWS : GUIDE_ASKS};

	if (!master->on || quizmaster_acts(master))
		return;
	guide_turn(&master->top, &master->top_of, run->session);
	guide.top = master->top;
	fill_words(master);
	quizmaster_fill_answers(master, &guide);
	guide.title = buf_text(&master->title);
	guide.keys = buf_text(&master->keys);
	guide.observed = shows ? buf_text(&master->observed) : NULL;
	guide.warning =
	    shows && run->quiz.question.right < 0 ? question_uncounted(&run->quiz.question) : NULL;
	guide.score = (int)run->quiz.score;
	guide.asked = (int)run->quiz.answered;
	fill_question(master, &guide);
	session_lead(run->session, &guide);
}
