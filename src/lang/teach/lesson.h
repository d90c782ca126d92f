/*
 * A lesson: a Markdown file that reads well on any web page, parsed into prose, commands and
 * questions.
 *
 * The first heading is the title, the paragraph after it the summary. A fenced block whose info
 * string begins with "cow" holds commands, one per line; "cow needs=swap" applies only where the
 * machine has what is named. A task list is a question: "- [x] right", "- [ ] wrong {why it is
 * wrong}"; the paragraph before it asks. A question precedes the block that answers it. A task list
 * whose only item is "- [x] {pages}" is answered by pointing at the pages that will change: the
 * pages that the block changes are right. Everything else is prose.
 *
 * Pure. Lines count from 1. Everything is owned by the lesson: lesson_free().
 */
#ifndef LANG_TEACH_LESSON_H
#define LANG_TEACH_LESSON_H

#include <stdbool.h>
#include <stddef.h>

#define LESSON_ANSWERS_MAX 9 /* a key each */
#define LESSON_BYTES_MAX ((size_t)1 << 20)

enum lesson_part_type { LESSON_PROSE, LESSON_COMMANDS, LESSON_QUESTION };

/* How prose is shown: one struct lesson_block for each paragraph, item, heading or row of a table.
 */
enum lesson_block_type { BLOCK_PARAGRAPH, BLOCK_HEADING, BLOCK_ITEM, BLOCK_CODE, BLOCK_ROW };

/* What Markdown marked: a letter for each byte of a text. */
#define LESSON_MARK_NONE ' '
#define LESSON_MARK_CODE 'c'
#define LESSON_MARK_EMPHASIS 'e'
#define LESSON_MARK_STRONG 's'

struct lesson_block {
	enum lesson_block_type type;
	/* UTF-8 without markup; BLOCK_CODE keeps its line breaks, a cell of BLOCK_ROW ends with
	 * \t */
	char *text;
	char *marks; /* of text; NULL: nothing is marked */
	int line;
};

struct lesson_line {
	char *text; /* one line of commands */
	int line;
};

struct lesson_answer {
	bool right;
	char *text;
	char *reason;               /* NULL: none given */
	char *marks, *reason_marks; /* as those of a block */
	int line;
};

struct lesson_part {
	enum lesson_part_type type;
	int line;
	struct lesson_block *blocks; /* LESSON_PROSE; of LESSON_QUESTION: the paragraph that asks */
	size_t block_count;
	struct lesson_line *commands; /* LESSON_COMMANDS */
	size_t command_count;
	char *needs;                   /* LESSON_COMMANDS: words with commas; NULL: none */
	struct lesson_answer *answers; /* LESSON_QUESTION; none where pages are pointed at */
	size_t answer_count;
	bool points; /* LESSON_QUESTION: answered by pointing at pages */
};

struct lesson {
	char *title, *summary;
	struct lesson_part *parts;
	size_t part_count;
};

/* What is wrong in a file, in order of lines. */
struct lesson_fault {
	int line;
	char *text; /* one sentence, translated */
};

struct lesson_faults {
	struct lesson_fault *faults;
	size_t count;
};

/* The words of needs=, NULL-terminated: what src/app/lab/able.h can tell about a machine. */
extern const char *const lesson_needs[];

/* Takes the text apart; never fails: what is wrong is in faults, what could be understood in the
 * lesson. */
void lesson_parse(
    struct lesson *lesson, const char *text, size_t length, struct lesson_faults *faults);
void lesson_free(struct lesson *lesson);
void lesson_faults_free(struct lesson_faults *faults);

#endif
