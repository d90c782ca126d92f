#include "config.h"
#include "model/teach/quiz.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

#define PER_LAB 5
#define CANDIDATES 32
#define TRIES 60

/* Each lab is harder than the one before. */
static const struct level {
	unsigned kinds, deeds, asks;
	unsigned backward; /* in ten */
	unsigned twice;    /* of ten questions, how many ask about two acts */
	unsigned warm, choices;
} levels[] = {
    {BIT(KIND_PRIVATE_FILE), BIT(DEED_READ) | BIT(DEED_WRITE) | BIT(DEED_KILL) | BIT(DEED_DROP),
	BIT(ASKS_STATES) | BIT(ASKS_FRAMES) | BIT(ASKS_CONTENTS), 0, 0, 0, 3},
    {BIT(KIND_PRIVATE_FILE) | BIT(KIND_SHARED_FILE),
	BIT(DEED_READ) | BIT(DEED_WRITE) | BIT(DEED_KILL) | BIT(DEED_DROP),
	BIT(ASKS_STATES) | BIT(ASKS_FRAMES) | BIT(ASKS_DIRTY), 3, 0, 0, 3},
    {BIT(KIND_PRIVATE_FILE) | BIT(KIND_PRIVATE_ANON) | BIT(KIND_SHARED_ANON),
	BIT(DEED_READ) | BIT(DEED_WRITE) | BIT(DEED_FORK) | BIT(DEED_KILL) | BIT(DEED_DROP),
	BIT(ASKS_STATES) | BIT(ASKS_FRAMES) | BIT(ASKS_CONTENTS), 4, 0, 1, 4},
    {BIT(KIND_PRIVATE_FILE) | BIT(KIND_SHARED_FILE) | BIT(KIND_PRIVATE_ANON) |
	    BIT(KIND_SHARED_ANON),
	BIT(DEED_TYPE_COUNT) - 1, BIT(ASKS_STATES) | BIT(ASKS_DIRTY) | BIT(ASKS_CONTENTS), 4, 0, 3,
	4},
    {BIT(KIND_PRIVATE_FILE) | BIT(KIND_SHARED_FILE) | BIT(KIND_PRIVATE_ANON) |
	    BIT(KIND_SHARED_ANON),
	BIT(DEED_TYPE_COUNT) - 1,
	BIT(ASKS_STATES) | BIT(ASKS_DIRTY) | BIT(ASKS_CONTENTS) | BIT(ASKS_FRAMES), 3, 5, 4, 4},
};

#define LEVELS (sizeof(levels) / sizeof(levels[0]))

static const struct level *
level_of(const struct quiz *quiz)
{
	size_t index = quiz->asked / PER_LAB;

	return &levels[index < LEVELS ? index : LEVELS - 1];
}

/* One of the bits of set, at random. */
static unsigned
pick(struct quiz *quiz, unsigned set)
{
	unsigned left = dice_below(&quiz->dice, (unsigned)__builtin_popcount(set));

	while (left--)
		set &= set - 1;
	return (unsigned)__builtin_ctz(set);
}

static void
question_free(struct question *question)
{
	free(question->situation);
	free(question->text);
	for (size_t i = 0; i < question->choice_count; i++)
		free(question->choices[i]), free(question->mistakes[i]);
	*question = (struct question){.right = -1};
}

void
quiz_init(struct quiz *quiz, uint64_t seed, bool turns_clean)
{
	*quiz = (struct quiz){
	    .dice = {.state = seed},
	    .scape = {.turns_clean = turns_clean},
	    .question = {.right = -1},
	};
}

void
quiz_free(struct quiz *quiz)
{
	question_free(&quiz->question);
}

static struct deed
pick_deed(struct quiz *quiz, const struct scape *scape)
{
	enum deed_type type;
	struct possible possible;
	struct deed deed;

	possible_find(&possible, scape);
	type = (enum deed_type)pick(quiz, possible.types & level_of(quiz)->deeds);
	do
		deed = possible.deeds[dice_below(&quiz->dice, (uint32_t)possible.count)];
	while (deed.type != type);
	deed.text[0] = (char)('A' + dice_below(&quiz->dice, 26));
	deed.text[1] = (char)('0' + dice_below(&quiz->dice, 10));
	return deed;
}

/* The stage */

static void
new_lab(struct quiz *quiz, struct buf *commands)
{
	static const char *const openings[] = {
	    "read all:*", "read all:0; read ab:1", "read ab:*; write a:0"};
	const struct level *level = level_of(quiz);
	enum kind kind = (enum kind)pick(quiz, level->kinds);
	unsigned pages = 3 + (level->choices == CHOICES_MAX && dice_below(&quiz->dice, 2));

	if (kind ==
	    KIND_PRIVATE_ANON) /* one VMA, so that fork treats it as an ordinary program's */
		buf_addf(
		    commands, "lab %s pages=%u processes=1 vmas=one; ", kind_word(kind), pages);
	else
		buf_addf(commands, "lab %s pages=%u processes=3; ", kind_word(kind), pages);
	buf_add(commands,
	    kind == KIND_PRIVATE_ANON
		? "write a:0-1; fork a b"
		: openings[dice_below(&quiz->dice, sizeof(openings) / sizeof(openings[0]))]);
	quiz->left = PER_LAB;
	quiz->warm = level->warm;
}

bool
quiz_stage(struct quiz *quiz, const struct snapshot *now, struct buf *commands)
{
	struct deed deed;

	if (!quiz->left || !scape_observe(&quiz->scape, now) || scape_alive(&quiz->scape) < 2) {
		new_lab(quiz, commands);
		return true;
	}
	if (!quiz->warm)
		return false;
	quiz->warm--;
	deed = pick_deed(quiz, &quiz->scape);
	scape_after(&quiz->scape, &deed);
	deed_command(commands, &deed);
	return true;
}

/* Questions */

static char *
quiz_words_of(const struct outlook *outlook, enum asks asks)
{
	struct buf words = BUF_INIT;

	outlook_words(&words, outlook, asks);
	return buf_take(&words);
}

/* The effect of the acts on the dirty mark is certain: it doesn't change by itself meanwhile. */
static bool
dirty_is_settled(const struct question *question, const struct outlook *before)
{
	for (size_t i = 0; i < question->deed_count; i++) {
		enum deed_type type = question->deeds[i].type;

		if (type == DEED_FILE_WRITE)
			return true;
		if (type != DEED_WRITE && type != DEED_SYNC)
			continue;
		if (before->kind == KIND_SHARED_FILE || before->dirty == TRI_NO)
			return true;
	}
	return false;
}

/* If only a process that maps a page tells whether it is dirty, some process must map it afterwards
 * too. */
static bool
tells_after(const struct question *question, const struct outlook *before, enum asks asks)
{
	struct outlook after = *before;

	for (size_t i = 0; i < question->deed_count; i++)
		guess(&after, &question->deeds[i], question->page, GUESS_EXPECTED);
	return asks != ASKS_DIRTY || !after.dirty_by_map || outlook_mapped_by(&after, AT_FILE) > 0;
}

static enum asks
pick_asks(struct quiz *quiz, const struct question *question, const struct outlook *before)
{
	enum asks asks = (enum asks)pick(quiz, level_of(quiz)->asks);

	if (!outlook_tells(before, asks) || !tells_after(question, before, asks))
		return ASKS_STATES;
	if (asks == ASKS_DIRTY && !dirty_is_settled(question, before))
		return ASKS_STATES;
	return asks;
}

struct candidates {
	char *words[CANDIDATES];
	char *mistakes[CANDIDATES]; /* NULL: there is none to tell */
	size_t count;
};

static void
candidates_free(struct candidates *candidates)
{
	while (candidates->count) {
		free(candidates->words[--candidates->count]);
		free(candidates->mistakes[candidates->count]);
	}
}

/* Takes both over. */
static void
add_candidate(struct candidates *candidates, char *words, char *mistake)
{
	bool known = candidates->count == CANDIDATES;

	for (size_t i = 0; i < candidates->count; i++)
		known = known || strcmp(candidates->words[i], words) == 0;
	if (known) {
		free(words);
		free(mistake);
		return;
	}
	candidates->mistakes[candidates->count] = mistake;
	candidates->words[candidates->count++] = words;
}

/* The mistaken act goes as the guess has it, the others as expected. */
static void
add_guess(struct candidates *candidates, const struct question *question,
    const struct outlook *before, size_t mistaken, size_t which)
{
	struct outlook after = *before;
	struct buf why = BUF_INIT;

	for (size_t i = 0; i < question->deed_count; i++) {
		if (i == mistaken)
			guess_why_not(&why, &after, &question->deeds[i], which);
		guess(&after, &question->deeds[i], question->page,
		    i == mistaken ? which : GUESS_EXPECTED);
	}
	if (outlook_tells(&after, question->asks))
		add_candidate(candidates, quiz_words_of(&after, question->asks),
		    why.length ? buf_take(&why) : NULL);
	buf_free(&why);
}

static void
quiz_add_numbers(struct candidates *candidates)
{
	unsigned right = (unsigned)strtoul(candidates->words[0], NULL, 10);

	for (unsigned count = right > 2 ? right - 2 : 0; count <= right + 2; count++) {
		struct buf words = BUF_INIT;

		buf_addf(&words, NP_("%u frame", "%u frames", count), count);
		add_candidate(candidates, buf_take(&words), NULL);
	}
}

/* The first is what to expect. */
static void
find_candidates(
    struct candidates *candidates, const struct question *question, const struct outlook *before)
{
	add_guess(candidates, question, before, 0, GUESS_EXPECTED);
	if (candidates->count && question->asks == ASKS_FRAMES)
		quiz_add_numbers(candidates);
	for (size_t i = 0; i < question->deed_count && question->asks != ASKS_FRAMES; i++)
		for (size_t which = 1; which < guess_count(question->deeds[i].type); which++)
			add_guess(candidates, question, before, i, which);
}

/* Some of the candidates, including the first, in random order. */
static void
quiz_choose(struct quiz *quiz, struct candidates *candidates)
{
	struct question *question = &quiz->question;
	size_t wanted = level_of(quiz)->choices, order[CANDIDATES], places[CHOICES_MAX];

	question->choice_count = candidates->count < wanted ? candidates->count : wanted;
	dice_order(&quiz->dice, order, candidates->count - 1);
	dice_order(&quiz->dice, places, question->choice_count);
	question->expected = (int)places[0];
	for (size_t i = 0; i < question->choice_count; i++) {
		size_t from = i ? order[i - 1] + 1 : 0;

		question->choices[places[i]] = mem_string(candidates->words[from]);
		question->mistakes[places[i]] =
		    candidates->mistakes[from] ? mem_string(candidates->mistakes[from]) : NULL;
	}
}

static void
add_deeds(struct buf *out, const struct question *question)
{
	struct buf first = BUF_INIT, second = BUF_INIT;
	bool with_text = question->asks == ASKS_CONTENTS;

	deed_words(&first, &question->deeds[0], with_text);
	if (question->deed_count > 1) {
		deed_words(&second, &question->deeds[1], with_text);
		buf_addf(out, _("%1$s, then %2$s."), buf_text(&first), buf_text(&second));
	} else {
		buf_addf(out, "%s.", buf_text(&first));
	}
	buf_free(&first);
	buf_free(&second);
}

static char *
forward_text(const struct question *question)
{
	struct buf text = BUF_INIT;

	add_deeds(&text, question);
	buf_add_char(&text, ' ');
	if (question->asks == ASKS_CONTENTS)
		buf_addf(&text, _("What does page %u hold then?"), question->page);
	else if (question->asks == ASKS_FRAMES)
		buf_addf(&text, _("How many page frames do the processes map at page %u then?"),
		    question->page);
	else
		buf_addf(&text, _("What does page %u look like then?"), question->page);
	return buf_take(&text);
}

/* If it asks what the processes hold, it must also tell who holds what. */
static char *
forward_situation(const struct question *question, const struct outlook *before)
{
	struct buf text = BUF_INIT;
	char *words =
		 quiz_words_of(before, question->asks == ASKS_DIRTY ? ASKS_DIRTY : ASKS_STATES),
	     *contents;

	buf_addf(&text, _("Page %1$u of a %2$s mapping now: %3$s."), question->page,
	    kind_word(before->kind), words);
	if (question->asks == ASKS_CONTENTS) {
		contents = quiz_words_of(before, ASKS_CONTENTS);
		buf_addf(&text, _(" It holds: %s."), contents);
		free(contents);
	}
	free(words);
	return buf_take(&text);
}

static bool
ask_forward(struct quiz *quiz)
{
	struct question *question = &quiz->question;
	struct candidates candidates = {.count = 0};
	const struct outlook *before;
	char *unchanged;
	bool good;

	question->page = deed_is_of_page(&question->deeds[0])
	    ? question->deeds[0].page
	    : dice_below(&quiz->dice, quiz->scape.count);
	for (size_t i = 0; i < question->deed_count; i++)
		if (!deed_touches(&question->deeds[i], question->page))
			return false;
	before = &quiz->scape.pages[question->page];
	question->asks = pick_asks(quiz, question, before);
	find_candidates(&candidates, question, before);
	unchanged = quiz_words_of(before, question->asks);
	good = candidates.count > 2 &&
	    (strcmp(unchanged, candidates.words[0]) != 0 || dice_below(&quiz->dice, 4) == 0);
	free(unchanged);
	if (good) {
		quiz_choose(quiz, &candidates);
		question->text = forward_text(question);
		question->situation = forward_situation(question, before);
	}
	candidates_free(&candidates);
	return good;
}

/* What makes a question different from the last one. */
static uint8_t
kind_of_question(const struct question *question)
{
	return (uint8_t)(question->way << 6 | question->deeds[0].type << 3 | question->asks);
}

static bool
is_new_kind(const struct quiz *quiz)
{
	const struct question *question = &quiz->question;
	size_t same_deed = 0;

	if (question->number > FIRST_KINDS)
		return true;
	for (size_t i = 0; i < quiz->kind_count; i++) {
		if (quiz->kinds[i] == kind_of_question(question))
			return false;
		same_deed += (quiz->kinds[i] >> 3 & 7) == question->deeds[0].type;
	}
	return same_deed < 2;
}

static bool
try_to_ask(struct quiz *quiz)
{
	const struct level *level = level_of(quiz);
	struct question *question = &quiz->question;
	struct scape later = quiz->scape;

	question_free(question);
	question->number = quiz->asked + 1;
	question->way = dice_below(&quiz->dice, 10) < level->backward ? WAY_BACKWARD : WAY_FORWARD;
	question->deed_count =
	    question->way == WAY_FORWARD && dice_below(&quiz->dice, 10) < level->twice ? 2 : 1;
	for (size_t i = 0; i < question->deed_count; i++) {
		question->deeds[i] = pick_deed(quiz, &later);
		scape_after(&later, &question->deeds[i]);
	}
	if (question->way == WAY_FORWARD && !ask_forward(quiz))
		return false;
	if (!is_new_kind(quiz))
		return false;
	if (question->way == WAY_BACKWARD && question->deeds[0].type == DEED_KILL)
		return false;
	if (question->way == WAY_BACKWARD && scape_looks_same(&quiz->scape, &later) &&
	    dice_below(&quiz->dice, 4))
		return false;
	memcpy(quiz->scape.owned, later.owned, sizeof(later.owned));
	return true;
}

bool
quiz_ask(struct quiz *quiz, const struct snapshot *now)
{
	bool asked = false;

	for (int i = 0; i < TRIES && !asked && scape_observe(&quiz->scape, now); i++)
		asked = try_to_ask(quiz);
	quiz->left = asked ? quiz->left - 1 : 0;
	return asked;
}

static bool
is_mapped(const struct outlook *outlook)
{
	for (int at = 0; at < outlook->frame_count; at++)
		if (outlook_mapped_by(outlook, at))
			return true;
	return false;
}

/* A number of frames comes from no guess: the picture shows what is wrong with it. */
static void
explain_frames(struct question *question, const struct outlook *after)
{
	char *words = quiz_words_of(after, ASKS_STATES);

	for (size_t i = 0; i < question->choice_count; i++) {
		struct buf why = BUF_INIT;

		buf_addf(&why,
		    is_mapped(after) ? _("Count frames, not processes. Now: %s.")
				     : _("No process maps a frame there. Now: %s."),
		    words);
		free(question->mistakes[i]);
		question->mistakes[i] = buf_take(&why);
	}
	free(words);
}

static bool
judge_forward(struct question *question, const struct snapshot *now)
{
	struct outlook after;
	char *words;

	question->untold =
	    !outlook_of(&after, now, question->page) || !outlook_tells(&after, question->asks);
	if (question->untold)
		return false;
	words = quiz_words_of(&after, question->asks);
	if (strcmp(words, question->choices[question->expected]) == 0)
		question->right = question->expected;
	free(words);
	if (question->asks == ASKS_FRAMES)
		explain_frames(question, &after);
	return question->right >= 0;
}

static char *
backward_text(const struct scape *before, const struct scape *after, uint32_t *first)
{
	struct buf text = BUF_INIT;

	*first = 0;
	for (uint32_t page = 0; page < before->count; page++) {
		char *was, *is;

		if (!scape_tells_apart(before, after, page, &was, &is))
			continue;
		if (!text.length)
			*first = page;
		buf_addf(&text, _("Page %1$u was: %2$s. Now: %3$s.\n"), page, was, is);
		free(was);
		free(is);
	}
	if (!text.length)
		buf_add(&text, _("No page looks different from before.\n"));
	buf_add(&text, _("What was done?"));
	return buf_take(&text);
}

/* What did not change tells as much about what was done. */
static char *
backward_situation(const struct scape *before, const struct scape *after)
{
	struct buf text = BUF_INIT;

	buf_addf(&text, _("A %s mapping."), kind_word(before->pages[0].kind));
	for (uint32_t page = 0; page < before->count; page++) {
		char *was, *is;

		if (scape_tells_apart(before, after, page, &was, &is)) {
			free(was);
			free(is);
			continue;
		}
		was = quiz_words_of(&before->pages[page],
		    outlook_tells(&before->pages[page], ASKS_DIRTY) ? ASKS_DIRTY : ASKS_STATES);
		buf_addf(&text, _("\nPage %1$u was, and is: %2$s."), page, was);
		free(was);
	}
	return buf_take(&text);
}

/* What would be seen if that had been done: for the first page that shows a difference. */
static char *
other_looks(const struct scape *other, const struct scape *after)
{
	struct buf text = BUF_INIT;

	for (uint32_t page = 0; page < after->count && !text.length; page++) {
		char *would, *is;

		if (!scape_tells_apart(other, after, page, &would, &is))
			continue;
		buf_addf(&text, _("Then page %1$u would look like this: %2$s."), page, would);
		free(would);
		free(is);
	}
	return buf_take(&text);
}

static char *
deed_text(const struct deed *deed)
{
	struct buf words = BUF_INIT;

	deed_words(&words, deed, false);
	return buf_take(&words);
}

/* Is it no more absurd than what was done? */
static bool
could_be(const struct deed *deed, const struct deed *done)
{
	if (!deed_is_of_page(done))
		return deed->type == done->type;
	return deed_is_of_page(deed) && deed->page == done->page;
}

/* Other deeds that people might think of, but that would look different. */
static void
find_other_deeds(struct quiz *quiz, const struct scape *before, const struct scape *after,
    struct candidates *candidates)
{
	const struct deed *done = &quiz->question.deeds[0];
	size_t order[DEEDS_POSSIBLE];
	struct possible possible;

	possible_find(&possible, before);
	dice_order(&quiz->dice, order, possible.count);
	for (size_t i = 0; i < possible.count && candidates->count < CANDIDATES; i++) {
		struct deed *deed = &possible.deeds[order[i]];
		struct scape other = *before;

		if (!(level_of(quiz)->deeds & BIT(deed->type)) || !could_be(deed, done))
			continue;
		memcpy(deed->text, done->text, sizeof(deed->text));
		scape_after(&other, deed);
		if (!scape_looks_same(&other, after))
			add_candidate(candidates, deed_text(deed), other_looks(&other, after));
	}
}

static bool
judge_backward(struct quiz *quiz, const struct snapshot *now)
{
	struct question *question = &quiz->question;
	struct scape before = quiz->scape, expected = before;
	struct candidates candidates = {.count = 0};
	bool good;

	scape_after(&expected, &question->deeds[0]);
	if (!scape_observe(&quiz->scape, now) || !scape_looks_same(&expected, &quiz->scape))
		return false;
	add_candidate(&candidates, deed_text(&question->deeds[0]), NULL);
	find_other_deeds(quiz, &before, &quiz->scape, &candidates);
	good = candidates.count > 2;
	if (good) {
		question->text = backward_text(&before, &quiz->scape, &question->page);
		question->situation = backward_situation(&before, &quiz->scape);
		quiz_choose(quiz, &candidates);
		for (size_t i = 0; i < question->choice_count; i++)
			if (strcmp(candidates.words[0], question->choices[i]) == 0)
				question->right = (int)i;
	}
	candidates_free(&candidates);
	return good;
}

bool
quiz_judge(struct quiz *quiz, const struct snapshot *now)
{
	bool good = quiz->question.way == WAY_FORWARD ? judge_forward(&quiz->question, now)
						      : judge_backward(quiz, now);

	if (good && quiz->kind_count < FIRST_KINDS)
		quiz->kinds[quiz->kind_count++] = kind_of_question(&quiz->question);
	quiz->asked += good;
	return good;
}

const char *
question_uncounted(const struct question *question)
{
	return question->untold
	    ? _("This machine does not tell what became of the page: this question does not count.")
	    : _("The kernel did something else: this question does not count.");
}

void
quiz_answer(struct quiz *quiz, int choice)
{
	if (choice < 0 || quiz->question.right < 0)
		return;
	quiz->answered++;
	quiz->score += choice == quiz->question.right;
}
