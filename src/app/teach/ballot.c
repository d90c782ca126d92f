#include "config.h"
#include "app/teach/ballot.h"

#include <string.h>

#include "base/i18n.h"
#include "lang/word_lists.h"

void
ballot_begin(struct ballot *ballot, size_t answers)
{
	*ballot =
	    (struct ballot){.answers = answers < GUIDE_ANSWERS_MAX ? answers : GUIDE_ANSWERS_MAX};
}

void
ballot_type(struct ballot *ballot)
{
	ballot->typing = ballot->answers > 0;
	ballot->at = 0;
	memset(ballot->typed, 0, sizeof(ballot->typed));
}

static enum ballot_result
ballot_finish(struct ballot *ballot, struct buf *line)
{
	ballot->typing = false;
	buf_add(line, "vote");
	for (size_t i = 0; i < ballot->answers; i++)
		buf_addf(line, " %u", ballot->typed[i]);
	return BALLOT_DONE;
}

static void
type_digit(struct ballot *ballot, char digit)
{
	uint32_t typed = ballot->typed[ballot->at] * 10 + (uint32_t)(digit - '0');

	if (typed <= BALLOT_MOST)
		ballot->typed[ballot->at] = typed;
}

enum ballot_result
ballot_key(struct ballot *ballot, const char *key, struct buf *line)
{
	static const char *const on[] = {"Enter", "Tab", "Down", "Space", "PgDn", NULL};
	static const char *const back[] = {"Up", "Shift-Tab", "PgUp", NULL};
	static const char *const others[] = {"Ctrl-C", "F10", "Ctrl-L", "?", "F1", NULL};

	if (key[0] >= '0' && key[0] <= '9' && !key[1]) {
		type_digit(ballot, key[0]);
	} else if (strcmp(key, "Backspace") == 0) {
		ballot->typed[ballot->at] /= 10;
	} else if (word_index(on, key) >= 0) {
		if (ballot->at + 1 == ballot->answers)
			return ballot_finish(ballot, line);
		ballot->at++;
	} else if (word_index(back, key) >= 0) {
		ballot->at -= ballot->at > 0;
	} else if (strcmp(key, "Esc") == 0) {
		ballot->typing = false;
		return BALLOT_GIVEN_UP;
	} else if (word_index(others, key) >= 0) {
		return BALLOT_IGNORES;
	}
	return BALLOT_GOES_ON;
}

bool
ballot_take(struct ballot *ballot, const uint32_t *counts, size_t count)
{
	int vote = ballot->taken < GUIDE_VOTES ? ballot->taken : GUIDE_VOTES - 1;

	if (count > ballot->answers)
		return false;
	for (size_t i = 0; i < ballot->answers; i++)
		ballot->counts[vote][i] = i >= count ? 0
		    : counts[i] < BALLOT_MOST        ? counts[i]
						     : BALLOT_MOST;
	ballot->taken = vote + 1;
	return true;
}

int
ballot_vote(struct ballot *ballot, const uint32_t *counts, size_t count, struct err *err)
{
	if (!count)
		ballot_type(ballot);
	else if (!ballot_take(ballot, counts, count))
		return err_set(err, ERR_USAGE, _("too many counts: the question has %zu answers"),
		    ballot->answers);
	return 0;
}

void
ballot_show(const struct ballot *ballot, struct guide *guide)
{
	int vote = ballot->taken < GUIDE_VOTES ? ballot->taken : GUIDE_VOTES - 1;

	guide->votes = ballot->taken;
	for (size_t i = 0; i < ballot->answers; i++)
		for (int j = 0; j < GUIDE_VOTES; j++)
			guide->answers[i].votes[j] = ballot->counts[j][i];
	if (!ballot->typing)
		return;
	guide->stage = GUIDE_VOTES_TYPED;
	guide->votes = vote;
	guide->voting = (int)ballot->at;
	for (size_t i = 0; i < ballot->answers; i++)
		guide->answers[i].votes[vote] = ballot->typed[i];
}
