#include "config.h"
#include "model/teach/quiz.h"
#include "model_fixture.h"
#include "tap.h"

static void
test_score(void)
{
	struct quiz quiz;

	quiz_init(&quiz, 7, true);
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
	question->expected = 2;
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
	quiz_init(&quiz, 7, true);
	put(&quiz.question, "c: nothing");
	ok(!quiz_judge(&quiz, now) && quiz.question.right < 0 && quiz.asked == 0,
	    "where the kernel does what no choice says, none is right");
	quiz_free(&quiz);
	put(&quiz.question, buf_text(&words));
	ok(quiz_judge(&quiz, now) && quiz.question.right == 2 && quiz.asked == 1,
	    "else the one that says so: %s", buf_text(&words));
	quiz_free(&quiz);
	put(&quiz.question, buf_text(&words));
	quiz.question.expected = 0;
	ok(!quiz_judge(&quiz, now) && quiz.question.right < 0,
	    "nor is a mistake right that somebody else made true");
	quiz_free(&quiz);
	buf_free(&words);
	snapshot_free(now);
	free(paper);
}

/* The paper's file, with one page that is dirty, or none. */
static struct snapshot *
shared_file(struct paper *paper, const struct snapshot *before, bool dirty)
{
	struct snapshot *now = paper_snapshot(paper, before);

	now->page_count = SCAPE_PAGES_MAX;
	now->file_pages = mem_zero(SCAPE_PAGES_MAX, sizeof(*now->file_pages));
	for (uint32_t page = 0; page < SCAPE_PAGES_MAX; page++)
		now->file_pages[page].dirty = dirty && page == 0 ? TRI_YES : TRI_NO;
	return now;
}

/* Backward: a page that became clean because of somebody else has no place in the question. */
static void
test_backward(bool synced)
{
	struct paper *paper = paper_new(KIND_SHARED_FILE, true, 2);
	struct snapshot *before, *now;
	struct quiz quiz;

	paper_touch(paper, 1, 2, false);
	before = shared_file(paper, NULL, true);
	paper_touch(paper, 0, 2, false);
	now = shared_file(paper, before, !synced);
	quiz_init(&quiz, 7, true);
	quiz.asked = 20; /* every act may be thought of */
	ok(scape_observe(&quiz.scape, before), "the pages can be told");
	quiz.question.way = WAY_BACKWARD;
	quiz.question.deeds[0] = (struct deed){.type = DEED_READ, .process = 'a', .page = 2};
	quiz.question.deed_count = 1;
	is_number(quiz_judge(&quiz, now), !synced, synced ? "it is not asked then" : "it is asked");
	quiz_free(&quiz);
	snapshot_free(before);
	snapshot_free(now);
	free(paper);
}

/* What is expected of reading an untouched anonymous page: the page of zeros, where the kernel
 * lends it. */
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
		is_number(outlook_state(&outlook, 0), lends ? PAGE_ZERO : PAGE_PRIVATE,
		    "who reads it gets %s", lends ? "the page of zeros" : "a frame");
		outlook_words(&words, &outlook, ASKS_CONTENTS);
		ok(strstr(buf_text(&words), "zeros") != NULL, "and finds zeros: %s",
		    buf_text(&words));
		buf_free(&words);
		snapshot_free(now);
		free(paper);
	}
}

/* What nobody maps is said in words: an answer is never empty. */
static void
test_nobody(void)
{
	static const enum kind kinds[] = {
	    KIND_PRIVATE_FILE, KIND_SHARED_FILE, KIND_PRIVATE_ANON, KIND_SHARED_ANON};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct paper *paper = paper_new(kinds[i], true, 2);
		struct snapshot *now = paper_snapshot(paper, NULL);
		struct outlook outlook;

		ok(outlook_of(&outlook, now, 2), "an untouched page");
		for (int asks = ASKS_STATES; asks <= ASKS_FRAMES; asks++) {
			struct buf words = BUF_INIT;

			if (!outlook_tells(&outlook, (enum asks)asks))
				continue;
			outlook_words(&words, &outlook, (enum asks)asks);
			ok(words.length > 0, "%s, %s: %s", kind_word(kinds[i]),
			    asks_word((enum asks)asks), buf_text(&words));
			if (asks == ASKS_CONTENTS && !kind_has_disk(kinds[i]))
				is_text(buf_text(&words), "nobody maps it", "nobody holds it");
			buf_free(&words);
		}
		snapshot_free(now);
		free(paper);
	}
}

/* An outlook of three processes on a page, as acts lead to it. */
static struct outlook
any_outlook(struct dice *dice, enum kind kind)
{
	struct paper *paper = paper_new(kind, true, 3);
	struct snapshot *now = paper_snapshot(paper, NULL);
	struct outlook outlook;

	outlook_of(&outlook, now, 2);
	if (kind_has_disk(kind)) {
		outlook.dirty = dice_below(dice, 2) ? TRI_YES : TRI_NO;
		outlook.frames[AT_FILE].content = (struct content){.bytes = "2222", .length = 4};
	}
	for (int i = 0; i < 4; i++) {
		struct deed deed = {
		    .type = dice_below(dice, 2) ? DEED_WRITE : DEED_READ,
		    .process = (char)('a' + dice_below(dice, 3)),
		    .text = "x",
		};

		deed.page = 2;
		guess(&outlook, &deed, 2, GUESS_EXPECTED);
	}
	snapshot_free(now);
	free(paper);
	return outlook;
}

/* Whatever is wrong about a page, it is said why. */
static void
test_mistakes(void)
{
	struct dice dice = {.state = 11};
	unsigned told = 0, silent = 0;

	for (int i = 0; i < 4000; i++) {
		enum kind kind = (enum kind)(i % 4);
		struct outlook before = any_outlook(&dice, kind);
		enum deed_type type = (enum deed_type)dice_below(
		    &dice, kind_has_disk(kind) ? DEED_TYPE_COUNT : DEED_SYNC);
		struct deed deed = {
		    .type = type,
		    .process = type == DEED_FILE_WRITE ? 0 : 'a',
		    .child = 'd',
		    .page = 2,
		    .text = "y",
		};

		for (size_t which = 1; which < guess_count(type); which++) {
			struct outlook right = before, wrong = before;
			struct buf one = BUF_INIT, other = BUF_INIT, why = BUF_INIT;

			guess(&right, &deed, 2, GUESS_EXPECTED);
			guess(&wrong, &deed, 2, which);
			outlook_words(&one, &right, ASKS_CONTENTS);
			outlook_words(&one, &right, kind_has_disk(kind) ? ASKS_DIRTY : ASKS_STATES);
			outlook_words(&other, &wrong, ASKS_CONTENTS);
			outlook_words(
			    &other, &wrong, kind_has_disk(kind) ? ASKS_DIRTY : ASKS_STATES);
			guess_why_not(&why, &before, &deed, which);
			told += strcmp(buf_text(&one), buf_text(&other)) != 0;
			silent += strcmp(buf_text(&one), buf_text(&other)) != 0 &&
			    (!why.length || why.data[why.length - 1] != '.');
			buf_free(&one);
			buf_free(&other);
			buf_free(&why);
		}
	}
	ok(told > 2000 && silent == 0, "why it is wrong is said of %u mistakes, not of %u", told,
	    silent);
}

int
main(void)
{
	test_score();
	test_first_read();
	test_judged();
	test_backward(false);
	test_backward(true);
	test_nobody();
	test_mistakes();
	return done_testing();
}
