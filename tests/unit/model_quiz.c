#include "config.h"
#include "model/quiz.h"
#include "model_fixture.h"
#include "tap.h"

static void
test_score(void)
{
	struct quiz quiz;

	quiz_init(&quiz, 7);
	quiz_answer(&quiz, 0);
	ok(quiz.answered == 0 && quiz.score == 0, "what no choice says counts for nobody");
	quiz.question.right = 1;
	quiz_answer(&quiz, 1);
	ok(quiz.answered == 1 && quiz.score == 1, "a right answer");
	quiz_answer(&quiz, 0);
	ok(quiz.answered == 2 && quiz.score == 1, "a wrong one");
	quiz_answer(&quiz, -1);
	ok(quiz.answered == 2 && quiz.score == 1, "and none");
	quiz_free(&quiz);
}

/* The choices of a question of page 2; words: what is right. */
static void
put(struct question *question, const char *words)
{
	const char *const choices[] = {"a: nothing", "b: nothing", words};

	question->way = WAY_FORWARD;
	question->asks = ASKS_STATES;
	question->page = 2;
	question->choice_count = 3;
	for (size_t i = 0; i < 3; i++)
		question->choices[i] = mem_string(choices[i]);
}

static void
test_judged(void)
{
	struct paper *paper = paper_new(KIND_PRIVATE_FILE, true, 2);
	struct snapshot *now;
	struct outlook outlook;
	struct buf words = BUF_INIT;
	struct quiz quiz;

	paper_touch(paper, 0, 2, true);
	paper_touch(paper, 1, 2, false);
	now = paper_snapshot(paper, NULL);
	ok(outlook_of(&outlook, now, 2), "the page can be told");
	outlook_words(&words, &outlook, ASKS_STATES);
	quiz_init(&quiz, 7);
	put(&quiz.question, "c: nothing");
	ok(!quiz_judge(&quiz, now) && quiz.question.right < 0 && quiz.asked == 0, "where the kernel does what no choice says, none is right");
	quiz_free(&quiz);
	put(&quiz.question, buf_text(&words));
	ok(quiz_judge(&quiz, now) && quiz.question.right == 2 && quiz.asked == 1, "else the one that says so: %s", buf_text(&words));
	quiz_free(&quiz);
	buf_free(&words);
	snapshot_free(now);
	free(paper);
}

/* What is expected of reading an untouched anonymous page: the page of zeros, where the kernel lends it. */
static void
test_first_read(void)
{
	const struct deed deed = {.type = DEED_READ, .process = 'a', .page = 2};

	for (int lends = 0; lends < 2; lends++) {
		struct paper *paper = paper_new(KIND_PRIVATE_ANON, true, 2);
		struct snapshot *now = paper_snapshot(paper, NULL);
		struct buf words = BUF_INIT;
		struct outlook outlook;

		now->machine.zero_page = lends ? TRI_YES : TRI_NO;
		ok(outlook_of(&outlook, now, 2), "an untouched page can be told");
		guess(&outlook, &deed, 2, GUESS_EXPECTED);
		guess(&outlook, &deed, 2, GUESS_EXPECTED);
		is_number(outlook_state(&outlook, 0), lends ? PAGE_ZERO : PAGE_PRIVATE, "who reads it gets %s", lends ? "the page of zeros" : "a frame");
		outlook_words(&words, &outlook, ASKS_CONTENTS);
		ok(strstr(buf_text(&words), "zeros") != NULL, "and finds zeros: %s", buf_text(&words));
		buf_free(&words);
		snapshot_free(now);
		free(paper);
	}
}

int
main(void)
{
	test_score();
	test_first_read();
	test_judged();
	return done_testing();
}
