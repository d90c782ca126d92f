#include "config.h"
#include "lang/teach/lesson_make.h"

#include <md4c.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"

#define DEPTH_MAX 8

struct fenced_code {
	bool open, commands, fenced;
	char mark; /* of the fence */
	int fence; /* its line; 0: unknown so far */
	int lines; /* lines of code so far */
};

struct maker {
	struct lesson *lesson;
	struct lesson_faults *faults;
	const char *text, *end;
	const char **lines; /* where each begins */
	size_t line_count;
	const char *counted; /* of lesson_line_of(): where it has counted to */
	int counted_line;
	int last_line;    /* of the last text */
	struct buf words; /* of the block being read */
	struct buf marks; /* of its words, up to the last span */
	char mark;        /* of what follows */
	int words_line;   /* where they begin; 0: unknown */
	struct fenced_code code;
	int lists;                     /* that stand open */
	unsigned numbers[DEPTH_MAX];   /* of each list's next item; 0: unnumbered */
	struct lesson_answer *answers; /* of the outermost list */
	size_t answer_count;
	bool plain_items; /* some of its items have no box */
	bool in_answer, answer_right;
	int answer_line, list_line;
	int html;      /* open blocks of HTML */
	bool unclosed; /* a block of commands has no end */
};

/* md4c passes pointers into the text that it was given, and a few of its own. */
static bool
is_inside(const struct maker *maker, const char *at)
{
	return (uintptr_t)at >= (uintptr_t)maker->text && (uintptr_t)at < (uintptr_t)maker->end;
}

static int
lesson_line_of(struct maker *maker, const char *at)
{
	if (at < maker->counted) {
		maker->counted = maker->text;
		maker->counted_line = 1;
	}
	for (; maker->counted < at; maker->counted++)
		maker->counted_line += *maker->counted == '\n';
	return maker->counted_line;
}

static void
index_lines(struct maker *maker)
{
	size_t count = 1;

	for (const char *at = maker->text; at < maker->end; at++)
		count += *at == '\n';
	maker->lines = mem_zero(count, sizeof(*maker->lines));
	maker->lines[maker->line_count++] = maker->text;
	for (const char *at = maker->text; at < maker->end; at++)
		if (*at == '\n')
			maker->lines[maker->line_count++] = at + 1;
}

static const char *
line_start(const struct maker *maker, int line)
{
	if (line < 1)
		return maker->text;
	return (size_t)line <= maker->line_count ? maker->lines[line - 1] : maker->end;
}

/* Does the line consist of a fence, however indented or quoted? mark 0: of either kind. */
static bool
is_fence(const struct maker *maker, int line, char mark)
{
	const char *at = line_start(maker, line);
	size_t count = 0;

	while (at < maker->end && strchr(" \t>-*+", *at))
		at++;
	if (at == maker->end || (mark ? *at != mark : *at != '`' && *at != '~'))
		return false;
	for (const char *first = at; at < maker->end && *at == *first; at++)
		count++;
	return count >= 3;
}

static struct lesson_part *
lesson_add_part(struct lesson *lesson, enum lesson_part_type type, int line)
{
	lesson->parts = mem_resize(lesson->parts, lesson->part_count + 1, sizeof(*lesson->parts));
	lesson->parts[lesson->part_count] = (struct lesson_part){.type = type, .line = line};
	return &lesson->parts[lesson->part_count++];
}

static struct lesson_part *
last_part(const struct lesson *lesson)
{
	return lesson->part_count ? &lesson->parts[lesson->part_count - 1] : NULL;
}

static void
lesson_add_block(struct lesson *lesson, const struct lesson_block *block)
{
	struct lesson_part *part = last_part(lesson);

	if (!part || part->type != LESSON_PROSE)
		part = lesson_add_part(lesson, LESSON_PROSE, block->line);
	part->blocks = mem_resize(part->blocks, part->block_count + 1, sizeof(*part->blocks));
	part->blocks[part->block_count++] = *block;
}

/* Up to the end of the words so far. */
static void
marks_reach(struct maker *maker)
{
	while (maker->marks.length < maker->words.length)
		buf_add_char(&maker->marks, maker->mark);
}

/* Before the words are taken. NULL: nothing is marked. */
static char *
lesson_take_marks(struct maker *maker)
{
	marks_reach(maker);
	if (strspn(buf_text(&maker->marks), " ") < maker->marks.length)
		return buf_take(&maker->marks);
	buf_clear(&maker->marks);
	return NULL;
}

static char *
lesson_take_words(struct maker *maker)
{
	while (maker->words.length && strchr(" \n", maker->words.data[maker->words.length - 1]))
		maker->words.data[--maker->words.length] = '\0';
	return maker->words.length ? buf_take(&maker->words) : NULL;
}

static int
words_line(const struct maker *maker)
{
	return maker->words_line ? maker->words_line : maker->last_line;
}

static void
prose_ends(struct maker *maker, enum lesson_block_type type)
{
	struct lesson *lesson = maker->lesson;
	struct lesson_block block = {.type = type, .line = words_line(maker)};

	block.marks = lesson_take_marks(maker);
	block.text = lesson_take_words(maker);
	maker->words_line = 0;
	if (block.text && type == BLOCK_HEADING && !lesson->title) {
		lesson->title = block.text;
	} else if (block.text && type == BLOCK_PARAGRAPH && lesson->title && !lesson->summary &&
	    !lesson->part_count) {
		lesson->summary = block.text;
	} else if (block.text) {
		lesson_add_block(lesson, &block);
		return;
	}
	free(block.marks);
}

/* "text {reason}" */
static void
split_reason(struct maker *maker, struct lesson_answer *answer)
{
	size_t length = strlen(answer->text);
	char *brace = strstr(answer->text, " {");

	if (!brace)
		return;
	if (answer->text[length - 1] != '}') {
		lesson_fault(maker->faults, answer->line,
		    _("the reason of this answer has no } at the end of the answer"));
		return;
	}
	answer->reason = mem_string_n(brace + 2, length - (size_t)(brace + 2 - answer->text) - 1);
	if (answer->marks)
		answer->reason_marks = mem_string(answer->marks + (brace + 2 - answer->text));
	*brace = '\0';
}

static void
answer_ends(struct maker *maker)
{
	struct lesson_answer answer = {.right = maker->answer_right, .line = maker->answer_line};

	answer.marks = lesson_take_marks(maker);
	answer.text = lesson_take_words(maker);
	maker->words_line = 0;
	maker->in_answer = false;
	if (!answer.text) {
		lesson_fault(
		    maker->faults, answer.line, _("there is no text after the box of this answer"));
		answer.text = mem_string("");
	}
	split_reason(maker, &answer);
	maker->answers = mem_resize(maker->answers, maker->answer_count + 1, sizeof(answer));
	maker->answers[maker->answer_count++] = answer;
}

static bool
looks_like_box(const char *text)
{
	return text[0] == '[' && (text[1] == ']' || (text[1] && text[2] == ']'));
}

static unsigned *
number_of_list(struct maker *maker)
{
	return &maker->numbers[maker->lists > DEPTH_MAX ? DEPTH_MAX - 1 : maker->lists - 1];
}

static void
put_number(struct maker *maker)
{
	struct buf numbered = BUF_INIT, marks = BUF_INIT;

	marks_reach(maker);
	buf_addf(&numbered, "%u. ", (*number_of_list(maker))++);
	for (size_t i = numbered.length; i > 0; i--)
		buf_add_char(&marks, LESSON_MARK_NONE);
	buf_add(&numbered, buf_text(&maker->words));
	buf_add(&marks, buf_text(&maker->marks));
	buf_free(&maker->words);
	buf_free(&maker->marks);
	maker->words = numbered;
	maker->marks = marks;
}

static void
item_ends(struct maker *maker)
{
	bool counts = *number_of_list(maker) != 0;

	if (maker->in_answer) {
		answer_ends(maker);
		return;
	}
	if (!maker->words.length)
		return;
	if (looks_like_box(buf_text(&maker->words)))
		lesson_fault(maker->faults, words_line(maker),
		    _("an answer begins with [x], if it is right, or [ ], and a blank"));
	if (counts)
		put_number(maker);
	if (maker->lists == 1)
		maker->plain_items = true;
	prose_ends(maker, counts ? BLOCK_PARAGRAPH : BLOCK_ITEM);
}

/* Text that precedes a block inside an item. */
static void
interrupt(struct maker *maker)
{
	if (maker->lists)
		item_ends(maker);
}

/* Moves the paragraph that asks from the prose into the question. */
static void
take_asking(struct maker *maker, struct lesson_part *question)
{
	struct lesson *lesson = maker->lesson;
	struct lesson_part *prose = last_part(lesson);

	if (!prose || prose->type != LESSON_PROSE ||
	    prose->blocks[prose->block_count - 1].type != BLOCK_PARAGRAPH) {
		lesson_fault(maker->faults, question->line,
		    _("the question is missing: put a paragraph with it before its answers"));
		return;
	}
	question->blocks =
	    mem_copy(&prose->blocks[--prose->block_count], sizeof(*question->blocks));
	question->block_count = 1;
	question->line = question->blocks[0].line;
	if (!prose->block_count) {
		free(prose->blocks);
		lesson->part_count--;
	}
}

static void
question_ends(struct maker *maker)
{
	struct lesson_part question = {.type = LESSON_QUESTION, .line = maker->list_line};

	if (maker->plain_items)
		lesson_fault(maker->faults, maker->list_line,
		    _("some answers have no box: each begins with [x] or [ ]"));
	take_asking(maker, &question);
	question.answers = maker->answers;
	question.answer_count = maker->answer_count;
	maker->answers = NULL;
	maker->answer_count = 0;
	if (question.answer_count == 1 && question.answers[0].right &&
	    strcmp(question.answers[0].text, "{pages}") == 0) {
		free(question.answers[0].text);
		free(question.answers);
		question.answers = NULL;
		question.answer_count = 0;
		question.points = true;
	}
	*lesson_add_part(maker->lesson, LESSON_QUESTION, question.line) = question;
}

static void
list_ends(struct maker *maker)
{
	if (--maker->lists == 0 && maker->answer_count)
		question_ends(maker);
}

static void
list_begins(struct maker *maker, unsigned number)
{
	interrupt(maker);
	maker->lists++;
	*number_of_list(maker) = number;
	if (maker->lists > 1)
		return;
	maker->plain_items = false;
	maker->list_line = 0;
}

static void
item_begins(struct maker *maker, const MD_BLOCK_LI_DETAIL *item)
{
	if (!item->is_task)
		return;
	maker->in_answer = true;
	maker->answer_right = item->task_mark != ' ';
	maker->answer_line = lesson_line_of(maker, maker->text + item->task_mark_offset);
	maker->last_line = maker->answer_line;
	if (!maker->list_line)
		maker->list_line = maker->answer_line;
}

/* "cow", "cow needs=swap,root" */
static void
take_info(struct maker *maker, const char *info, int line)
{
	size_t word = strcspn(info, " \t");
	const char *rest = info + word + strspn(info + word, " \t");
	struct lesson_part *part;

	part = lesson_add_part(maker->lesson, LESSON_COMMANDS, line);
	maker->code.commands = true;
	if (strncmp(rest, "needs=", 6) == 0 && rest[6] && !strpbrk(rest, " \t"))
		part->needs = mem_string(rest + 6);
	else if (*rest)
		lesson_fault(maker->faults, line,
		    _("after ```cow comes nothing, or needs= and words with commas between"));
}

static void
code_begins(struct maker *maker, const MD_BLOCK_CODE_DETAIL *detail)
{
	char *info = mem_string_n(detail->info.text ? detail->info.text : "", detail->info.size);
	size_t word = strcspn(info, " \t");

	interrupt(maker);
	maker->code = (struct fenced_code){
	    .open = true,
	    .fenced = detail->fence_char != 0,
	    .mark = detail->fence_char,
	};
	if (detail->info.size && is_inside(maker, detail->info.text))
		maker->code.fence = lesson_line_of(maker, detail->info.text);
	if (word == 3 && strncmp(info, "cow", 3) == 0)
		take_info(
		    maker, info, maker->code.fence ? maker->code.fence : maker->last_line + 1);
	else if ((word >= 3 && strncasecmp(info, "cow", 3) == 0 && word <= 5))
		lesson_fault(maker->faults, maker->code.fence,
		    _("a block of commands begins with ```cow and nothing else, or ```cow needs=WORD"));
	free(info);
}

/* If the block has neither words on its fence nor lines inside: the next fence from here on. */
static int
next_fence(const struct maker *maker)
{
	int line = maker->last_line;

	do
		line++;
	while (line_start(maker, line) < maker->end && !is_fence(maker, line, 0));
	return line;
}

static void
code_ends(struct maker *maker)
{
	struct fenced_code *code = &maker->code;

	code->open = false;
	if (code->fenced && !code->fence)
		code->fence = next_fence(maker);
	if (!code->commands) {
		if (!code->fenced && strncmp(buf_text(&maker->words), "```", 3) == 0)
			lesson_fault(maker->faults, words_line(maker),
			    _("the fence is indented too far: three blanks at most"));
		prose_ends(maker, BLOCK_CODE);
	}
	buf_clear(&maker->words);
	maker->words_line = 0;
	if (!code->fenced)
		return;
	maker->last_line = code->fence + code->lines + 1;
	if (is_fence(maker, maker->last_line, code->mark))
		return;
	lesson_fault(maker->faults, code->fence,
	    _("this block is never closed: a line with %c%c%c ends it"), code->mark, code->mark,
	    code->mark);
	if (code->commands)
		maker->unclosed = true;
}

static void
command_ends(struct maker *maker)
{
	struct lesson_part *part = last_part(maker->lesson);
	const char *text = buf_text(&maker->words);

	if (text[strspn(text, " \t")]) {
		part->commands =
		    mem_resize(part->commands, part->command_count + 1, sizeof(*part->commands));
		part->commands[part->command_count++] = (struct lesson_line){
		    mem_string(text), maker->code.fence + maker->code.lines + 1};
	}
	buf_clear(&maker->words);
}

static void
take_code(struct maker *maker, const char *text, size_t size)
{
	struct fenced_code *code = &maker->code;

	if (is_inside(maker, text)) {
		code->fence = code->fenced ? lesson_line_of(maker, text) - code->lines - 1 : 0;
		if (!maker->words_line)
			maker->words_line = lesson_line_of(maker, text);
	}
	for (size_t i = 0; i < size; i++) {
		if (text[i] == '\n' && code->commands)
			command_ends(maker);
		else
			buf_add_char(&maker->words, text[i]);
		code->lines += text[i] == '\n';
	}
}

static void
add_entity(struct buf *out, const char *text, size_t size)
{
	static const struct {
		const char *name, *text;
	} named[] = {
	    {"&amp;", "&"},
	    {"&lt;", "<"},
	    {"&gt;", ">"},
	    {"&quot;", "\""},
	    {"&nbsp;", " "},
	    {"&apos;", "'"},
	};
	char utf8[5];

	for (size_t i = 0; i < sizeof(named) / sizeof(*named); i++)
		if (strlen(named[i].name) == size && memcmp(named[i].name, text, size) == 0) {
			buf_add(out, named[i].text);
			return;
		}
	if (text[1] == '#') {
		bool hex = text[2] == 'x' || text[2] == 'X';
		unsigned long code = strtoul(text + (hex ? 3 : 2), NULL, hex ? 16 : 10);

		utf8_encode(
		    code && code < 0x110000 && code - 0xd800 > 0x7ff ? (uint32_t)code : 0xfffd,
		    utf8);
		buf_add(out, utf8);
		return;
	}
	buf_add_n(out, text, size);
}

static int
lesson_take_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *data)
{
	struct maker *maker = data;

	if (maker->html || type == MD_TEXT_HTML)
		return 0;
	if (is_inside(maker, text)) {
		maker->last_line = lesson_line_of(maker, text);
		if (!maker->words_line && !maker->code.open)
			maker->words_line = maker->last_line;
	}
	if (maker->code.open)
		take_code(maker, text, size);
	else if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR)
		buf_add_char(&maker->words, ' ');
	else if (type == MD_TEXT_ENTITY)
		add_entity(&maker->words, text, size);
	else
		buf_add_n(&maker->words, text, size);
	return 0;
}

static int
enter_block(MD_BLOCKTYPE type, void *detail, void *data)
{
	struct maker *maker = data;

	switch (type) {
	case MD_BLOCK_UL:
		list_begins(maker, 0);
		break;
	case MD_BLOCK_OL:
		list_begins(maker, ((const MD_BLOCK_OL_DETAIL *)detail)->start);
		break;
	case MD_BLOCK_LI:
		item_begins(maker, detail);
		break;
	case MD_BLOCK_CODE:
		code_begins(maker, detail);
		break;
	case MD_BLOCK_H:
	case MD_BLOCK_TABLE:
		interrupt(maker);
		break;
	case MD_BLOCK_HTML:
		maker->html++;
		break;
	default:
		break;
	}
	return 0;
}

static int
leave_block(MD_BLOCKTYPE type, void *detail, void *data)
{
	struct maker *maker = data;

	(void)detail;
	switch (type) {
	case MD_BLOCK_UL:
	case MD_BLOCK_OL:
		list_ends(maker);
		break;
	case MD_BLOCK_LI:
		item_ends(maker);
		break;
	case MD_BLOCK_CODE:
		code_ends(maker);
		break;
	case MD_BLOCK_H:
		prose_ends(maker, BLOCK_HEADING);
		break;
	case MD_BLOCK_P:
		if (maker->lists)
			buf_add_char(&maker->words, ' ');
		else
			prose_ends(maker, BLOCK_PARAGRAPH);
		break;
	case MD_BLOCK_TR:
		prose_ends(maker, BLOCK_ROW);
		break;
	case MD_BLOCK_TH:
	case MD_BLOCK_TD:
		buf_add_char(&maker->words, '\t');
		break;
	case MD_BLOCK_HTML:
		maker->html--;
		break;
	default:
		break;
	}
	return 0;
}

static int
enter_span(MD_SPANTYPE type, void *detail, void *data)
{
	struct maker *maker = data;

	(void)detail;
	marks_reach(maker);
	if (type == MD_SPAN_CODE)
		maker->mark = LESSON_MARK_CODE;
	else if (type == MD_SPAN_EM)
		maker->mark = LESSON_MARK_EMPHASIS;
	else if (type == MD_SPAN_STRONG)
		maker->mark = LESSON_MARK_STRONG;
	return 0;
}

/* What a reader without a browser would miss. */
static int
leave_span(MD_SPANTYPE type, void *detail, void *data)
{
	struct maker *maker = data;
	const MD_SPAN_A_DETAIL *link = detail;

	marks_reach(maker);
	maker->mark = LESSON_MARK_NONE;
	if (type != MD_SPAN_A || !memmem(link->href.text, link->href.size, "://", 3))
		return 0;
	if (maker->words.length >= link->href.size &&
	    memcmp(maker->words.data + maker->words.length - link->href.size, link->href.text,
		link->href.size) == 0)
		return 0;
	buf_add(&maker->words, " (");
	buf_add_n(&maker->words, link->href.text, link->href.size);
	buf_add_char(&maker->words, ')');
	return 0;
}

bool
lesson_make(struct lesson *lesson, const char *text, size_t length, struct lesson_faults *faults)
{
	static const MD_PARSER parser = {
	    .flags = MD_FLAG_TABLES | MD_FLAG_TASKLISTS,
	    .enter_block = enter_block,
	    .leave_block = leave_block,
	    .enter_span = enter_span,
	    .leave_span = leave_span,
	    .text = lesson_take_text,
	};
	struct maker maker = {
	    .lesson = lesson,
	    .faults = faults,
	    .text = text,
	    .end = text + length,
	    .counted = text,
	    .counted_line = 1,
	    .mark = LESSON_MARK_NONE,
	};

	index_lines(&maker);
	if (md_parse(text, (MD_SIZE)length, &parser, &maker) != 0)
		lesson_fault(faults, maker.last_line ? maker.last_line : 1,
		    _("the Markdown parser gave up here"));
	buf_free(&maker.words);
	buf_free(&maker.marks);
	free(maker.lines);
	return !maker.unclosed;
}
