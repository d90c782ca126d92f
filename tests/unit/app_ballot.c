/*
 * The votes of a class, typed key by key.
 */
#include "config.h"
#include "app/teach/ballot.h"
#include "tap.h"

static enum ballot_result
keys(struct ballot *ballot, struct buf *line, const char *const *list)
{
	enum ballot_result result = BALLOT_GOES_ON;

	buf_clear(line);
	for (; *list; list++)
		result = ballot_key(ballot, *list, line);
	return result;
}

#define KEYS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void
typing(void)
{
	struct ballot ballot;
	struct buf line = BUF_INIT;

	ballot_begin(&ballot, 3);
	ballot_type(&ballot);
	ok(keys(&ballot, &line, KEYS("1", "4", "Enter", "7", "Down", "3", "Enter")) == BALLOT_DONE,
	    "three counts are a vote");
	is_text(buf_text(&line), "vote 14 7 3", "which is a command");
	ok(!ballot.typing, "and typing is over");
	ballot_type(&ballot);
	ok(keys(&ballot, &line,
	       KEYS("1", "2", "Backspace", "5", "Enter", "Up", "Backspace", "Backspace", "Enter",
		   "Enter", "Enter")) == BALLOT_DONE,
	    "counts are corrected");
	is_text(buf_text(&line), "vote 0 0 0", "what is not typed is 0");
	ballot_type(&ballot);
	ok(keys(&ballot, &line,
	       KEYS("9", "9", "9", "9", "9", "9", "x", "Enter", "Enter", "Enter")) == BALLOT_DONE,
	    "keys that mean nothing do nothing");
	is_text(buf_text(&line), "vote 99999 0 0", "no class is larger");
	ballot_type(&ballot);
	ok(keys(&ballot, &line, KEYS("5", "Esc")) == BALLOT_GIVEN_UP && !ballot.typing,
	    "Esc gives up");
	ballot_type(&ballot);
	ok(keys(&ballot, &line, KEYS("Ctrl-C")) == BALLOT_IGNORES && ballot.typing,
	    "whoever wants to leave can");
	buf_free(&line);
}

static void
counting(void)
{
	static const uint32_t first[] = {14, 7, 3}, second[] = {2, 22}, third[] = {1, 1, 1},
			      many[] = {1, 1, 1, 1};
	struct guide guide = {.answer_count = 3, .stage = GUIDE_ASKS};
	struct ballot ballot;

	ballot_begin(&ballot, 3);
	ballot_show(&ballot, &guide);
	ok(guide.votes == 0 && guide.stage == GUIDE_ASKS, "no vote at first");
	ok(ballot_take(&ballot, first, 3) && ballot_take(&ballot, second, 2), "two votes");
	ballot_show(&ballot, &guide);
	ok(guide.votes == 2 && guide.answers[0].votes[0] == 14 && guide.answers[1].votes[1] == 22,
	    "stand side by side");
	ok(guide.answers[2].votes[1] == 0, "a count that is missing is 0");
	ok(ballot_take(&ballot, third, 3), "a third");
	ballot_show(&ballot, &guide);
	ok(guide.votes == 2 && guide.answers[0].votes[0] == 14 && guide.answers[1].votes[1] == 1,
	    "replaces the second");
	ok(!ballot_take(&ballot, many, 4), "more counts than answers are none");
	ballot_begin(&ballot, 2);
	ballot_show(&ballot, &guide);
	ok(guide.votes == 0, "another question has no votes yet");
}

static void
showing(void)
{
	struct guide guide = {.answer_count = 2, .stage = GUIDE_ASKS};
	static const uint32_t first[] = {4, 5};
	struct buf line = BUF_INIT;
	struct ballot ballot;

	ballot_begin(&ballot, 2);
	ballot_take(&ballot, first, 2);
	ballot_type(&ballot);
	keys(&ballot, &line, KEYS("8", "Enter"));
	ballot_show(&ballot, &guide);
	ok(guide.stage == GUIDE_VOTES_TYPED && guide.voting == 1 && guide.votes == 1,
	    "what is typed is the second vote");
	ok(guide.answers[0].votes[1] == 8 && guide.answers[0].votes[0] == 4, "beside the first");
	buf_free(&line);
}

int
main(void)
{
	typing();
	counting();
	showing();
	return done_testing();
}
