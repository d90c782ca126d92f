#include "config.h"
#include "lang/teach/lesson_make.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "lang/command.h"
#include "lang/teach/lesson_may.h"
#include "lang/word_lists.h"

struct checker {
	const struct lesson *lesson;
	struct lesson_faults *faults;
	bool expects, starts_lab;
};

const char *const lesson_needs[] = {"root", "pfn", "ksm", "swap", "thp", "cachestat", "disk",
    "page-sync", "page-cut", "linkat", "one-cache", "zero-page", "memory", NULL};

static void
check_line(struct checker *checker, const struct lesson_line *line)
{
	const char *at = line->text;
	struct command command;
	struct err err;
	int found;

	while ((found = command_parse(&command, &at, &err)) != 0) {
		if (found < 0) {
			lesson_fault(checker->faults, line->line, "%s", err.text);
			continue;
		}
		if (lesson_may(&command, &err) < 0)
			lesson_fault(checker->faults, line->line, "%s", err.text);
		checker->expects |= command.def->verb == VERB_EXPECT;
		checker->starts_lab |= command.def->group == GROUP_LAB;
		command_free(&command);
	}
}

static void
check_need(struct checker *checker, const char *need, int line)
{
	const char *near = nearest(lesson_needs, need);
	struct buf all = BUF_INIT;
	char room[QUOTED_MAX];

	if (word_index(lesson_needs, need) >= 0)
		return;
	join_words(&all, lesson_needs);
	if (near)
		lesson_fault(checker->faults, line, _("unknown needs=%1$s: did you mean %2$s?"),
		    quoted(room, need), near);
	else
		lesson_fault(checker->faults, line, _("unknown needs=%1$s: expected one of %2$s"),
		    quoted(room, need), buf_text(&all));
	buf_free(&all);
}

static void
check_needs(struct checker *checker, const struct lesson_part *part)
{
	const char *at = part->needs;

	while (at) {
		size_t length = strcspn(at, ",");
		char *need = mem_string_n(at, length);

		check_need(checker, need, part->line);
		free(need);
		at = at[length] ? at + length + 1 : NULL;
	}
}

static bool
asks(const struct lesson_part *prose)
{
	const struct lesson_block *last = &prose->blocks[prose->block_count - 1];
	size_t length = strlen(last->text);

	return last->type == BLOCK_PARAGRAPH && last->text[length - 1] == '?';
}

/* The preceding part; NULL: none. */
static const struct lesson_part *
before(const struct checker *checker, const struct lesson_part *part)
{
	return part > checker->lesson->parts ? part - 1 : NULL;
}

static void
check_commands(struct checker *checker, const struct lesson_part *part)
{
	const struct lesson_part *last = before(checker, part);

	if (last && last->type == LESSON_PROSE && asks(last))
		lesson_fault(checker->faults, last->blocks[last->block_count - 1].line,
		    _("a question without answers: put a list of them, [x] and [ ], between it and the block"));
	if (!part->command_count)
		lesson_fault(checker->faults, part->line, _("there is no command in this block"));
	checker->starts_lab = false;
	for (size_t i = 0; i < part->command_count; i++)
		check_line(checker, &part->commands[i]);
	if (checker->starts_lab && last && last->type == LESSON_QUESTION && last->points)
		lesson_fault(checker->faults, last->line,
		    _("the question is about a lab that ends in the next block: start the lab in a block before the question"));
	check_needs(checker, part);
}

static void
check_answers(struct checker *checker, const struct lesson_part *question)
{
	size_t right = 0;

	for (size_t i = 0; i < question->answer_count; i++) {
		const struct lesson_answer *answer = &question->answers[i];

		right += answer->right;
		if (strcmp(answer->text, "{pages}") == 0)
			lesson_fault(checker->faults, answer->line,
			    _("{pages} stands alone, as - [x] {pages}: the block after it is the answer"));
	}
	if (right == 0)
		lesson_fault(checker->faults, question->line,
		    _("no answer of this question is right: mark it with [x]"));
	else if (question->answer_count == 1)
		lesson_fault(checker->faults, question->line,
		    _("this question has one answer only: give it wrong ones, [ ], to choose from"));
	if (question->answer_count > LESSON_ANSWERS_MAX)
		lesson_fault(checker->faults, question->line,
		    _("this question has %1$zu answers: there are keys for %2$d"),
		    question->answer_count, LESSON_ANSWERS_MAX);
}

static void
check_question(struct checker *checker, const struct lesson_part *question, bool may_follow)
{
	const struct lesson_part *next = question + 1;

	if (!question->points)
		check_answers(checker, question);
	if (next < checker->lesson->parts + checker->lesson->part_count
		? next->type != LESSON_COMMANDS
		: !may_follow)
		lesson_fault(checker->faults, question->line,
		    _("nothing answers this question: a block of commands, ```cow, follows its answers directly"));
}

void
lesson_check(const struct lesson *lesson, bool whole, struct lesson_faults *faults)
{
	struct checker checker = {.lesson = lesson, .faults = faults};

	if (!lesson->title)
		lesson_fault(
		    faults, 1, _("the lesson has no title: it begins with # and its name"));
	else if (!lesson->summary && whole)
		lesson_fault(faults, 1,
		    _("the lesson has no summary: a paragraph after the title says what it is about"));
	for (size_t i = 0; i < lesson->part_count; i++) {
		const struct lesson_part *part = &lesson->parts[i];

		if (part->type == LESSON_QUESTION)
			check_question(&checker, part, !whole);
		else if (part->type == LESSON_COMMANDS && (whole || i + 1 < lesson->part_count))
			check_commands(&checker, part);
	}
	if (whole && !checker.expects)
		lesson_fault(faults, 1,
		    _("the lesson has no expect line: those say what must hold, and are played"));
}
