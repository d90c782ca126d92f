#include "config.h"
#include "lang/teach/lesson.h"
#include "tap.h"

#include <stdlib.h>

#define HEAD "# Title\n\nSummary.\n\n"
#define TAIL "\n```cow\nexpect a:0 absent\n```\n" /* begins with an empty line */

static const char whole[] =
    "# *One* `title` &amp; more\n" /* 1 */
    "\n"
    "The summary\nin two lines.\n" /* 3 */
    "\n"
    "Prose with a [link](https://example.org/x), an &eacute; and &#233;.\n" /* 6 */
    "<!-- hidden\n\nfrom all -->\n"
    "\n"
    "## Heading\n" /* 11 */
    "\n"
    "- item\n  goes on\n- second\n\n  with two paragraphs\n" /* 13 */
    "\n"
    "3. three\n4. four\n" /* 19 */
    "\n"
    "| a | b |\n|---|---|\n| c | d |\n" /* 22 */
    "\n"
    "```\ncode\n\n  here\n```\n" /* 26 */
    "\n"
    "What **happens**?\n" /* 32 */
    "\n"
    "- [ ] nothing {because\n  it does}\n- [x] `something`\n" /* 34 */
    "\n"
    "~~~cow needs=swap,root\n" /* 38 */
    "\n"
    "read a:2; write a:2 # both\n" /* 40 */
    "   expect a:2 copied\n"
    "~~~\n"
    "\n"
    "And which pages?\n" /* 44 */
    "\n"
    "* [X] {pages}\n" /* 46 */
    "\n"
    "```cow\nread b:*\n```"; /* 48 */

static void
test_blocks(const struct lesson_part *prose)
{
	static const struct {
		enum lesson_block_type type;
		const char *text;
		int line;
	} wanted[] = {
	    {BLOCK_PARAGRAPH,
		"Prose with a link (https://example.org/x), an &eacute; and \303\251.", 6},
	    {BLOCK_HEADING, "Heading", 11},
	    {BLOCK_ITEM, "item goes on", 13},
	    {BLOCK_ITEM, "second with two paragraphs", 15},
	    {BLOCK_PARAGRAPH, "3. three", 19},
	    {BLOCK_PARAGRAPH, "4. four", 20},
	    {BLOCK_ROW, "a\tb\t", 22},
	    {BLOCK_ROW, "c\td\t", 24},
	    {BLOCK_CODE, "code\n\n  here", 27},
	};

	is_number(prose->type, LESSON_PROSE, "prose first");
	is_number(prose->block_count, sizeof(wanted) / sizeof(*wanted), "all its blocks");
	for (size_t i = 0; i < prose->block_count && i < sizeof(wanted) / sizeof(*wanted); i++) {
		is_number(prose->blocks[i].type, wanted[i].type, "its type");
		is_text(prose->blocks[i].text, wanted[i].text, "block %zu", i);
		is_number(prose->blocks[i].line, wanted[i].line, "its line");
	}
}

static void
test_question(const struct lesson_part *part)
{
	is_number(part->type, LESSON_QUESTION, "a question");
	is_number(part->line, 32, "where it is asked");
	is_text(part->blocks[0].text, "What happens?", "what it asks");
	is_number(part->answer_count, 2, "two answers");
	ok(!part->points, "to choose from");
	is_text(part->answers[0].text, "nothing", "the first");
	is_text(part->answers[0].reason, "because it does", "why not");
	ok(!part->answers[0].right && part->answers[0].line == 34, "wrong, and its line");
	is_text(part->answers[1].text, "something", "the second");
	ok(part->answers[1].right && !part->answers[1].reason && part->answers[1].line == 36,
	    "right, and its line");
}

static void
test_whole(void)
{
	struct lesson lesson;
	struct lesson_faults faults;

	lesson_parse(&lesson, whole, sizeof(whole) - 1, &faults);
	for (size_t i = 0; i < faults.count; i++)
		printf("# %d: %s\n", faults.faults[i].line, faults.faults[i].text);
	is_number(faults.count, 0, "nothing is wrong");
	is_text(lesson.title, "One title & more", "the title without markup");
	is_text(lesson.summary, "The summary in two lines.", "the summary");
	if (ok(lesson.part_count == 5, "five parts")) {
		test_blocks(&lesson.parts[0]);
		test_question(&lesson.parts[1]);
		is_text(lesson.parts[2].needs, "swap,root", "what the block needs");
		is_number(lesson.parts[2].command_count, 2, "lines that hold something");
		is_text(lesson.parts[2].commands[0].text, "read a:2; write a:2 # both",
		    "as they stand");
		is_number(lesson.parts[2].commands[0].line, 40, "the first one's line");
		is_number(lesson.parts[2].commands[1].line, 41, "the second one's line");
		ok(lesson.parts[3].points && !lesson.parts[3].answer_count, "pages are pointed at");
		ok(!lesson.parts[4].needs && lesson.parts[4].command_count == 1,
		    "a block at the end of the file");
	}
	lesson_free(&lesson);
	lesson_faults_free(&faults);
}

/* Each text has this fault, alone. */
static const struct {
	const char *text;
	int line;
	const char *wanted;
} bad[] = {
    {"", 1, "the lesson has no title: it begins with # and its name"},
    {"Text." TAIL, 1, "the lesson has no title: it begins with # and its name"},
    {"# Title\n" TAIL, 1,
	"the lesson has no summary: a paragraph after the title says what it is about"},
    {HEAD "Text.\n", 1, "the lesson has no expect line: those say what must hold, and are played"},
    {HEAD "Text.\n\n```cow\nread a:2\n", 7, "this block is never closed: a line with ``` ends it"},
    {HEAD "~~~~cow\nread a:2\n\n\n~~~\n", 5, "this block is never closed: a line with ~~~ ends it"},
    {HEAD "```cow\nexpect a:0 absent\n```\n\n\n```\n", 10,
	"this block is never closed: a line with ``` ends it"},
    {HEAD "```cow\nexpect a:0 absent\n```\n\n```text\nsome\n", 9,
	"this block is never closed: a line with ``` ends it"},
    {HEAD "```cow\nexpect a:0 absent\n\nraed a:2\n```\n", 8,
	"there is no command raed: did you mean read?"},
    {HEAD "```cow\r\nexpect a:0 absent\r\n\r\nraed a:2\r\n```\r\n", 8,
	"there is no command raed: did you mean read?"},
    {"\357\273\277" HEAD "```cow\nraed a:2; expect a:0 absent\n```\n", 6,
	"there is no command raed: did you mean read?"},
    {HEAD "```cow\nexpect a:0 absent\nquit\n```\n", 7,
	"quit is not allowed in a lesson: only what acts on the lab or looks at it is"},
    {HEAD "```cow\nexpect a:0 absent; capture x.png\n```\n", 6,
	"capture is not allowed in a lesson: only what acts on the lab or looks at it is"},
    {HEAD "```cow\n\n```\n" TAIL, 5, "there is no command in this block"},
    {HEAD "```cow needs=swpa\nexpect a:0 absent\n```\n", 5,
	"unknown needs=swpa: did you mean swap?"},
    {HEAD "```cow needs=root,luck\nexpect a:0 absent\n```\n", 5,
	"unknown needs=luck: expected one of root, pfn, ksm, swap, thp, cachestat, disk, page-sync, page-cut, linkat, one-cache, zero-page, memory"},
    {HEAD "```cow need=root\nexpect a:0 absent\n```\n", 5,
	"after ```cow comes nothing, or needs= and words with commas between"},
    {HEAD "```cows\nexpect a:0 absent\n```\n" TAIL, 5,
	"a block of commands begins with ```cow and nothing else, or ```cow needs=WORD"},
    {HEAD "Text.\n\n    ```cow\n    read a:2\n    ```\n" TAIL, 7,
	"the fence is indented too far: three blanks at most"},
    {
	HEAD "What happens?\n" TAIL,
	5,
	"a question without answers: put a list of them, [x] and [ ], between it and the block",
    },
    {
	HEAD "What?\n\n- [ ] one\n- [ ] two\n" TAIL,
	5,
	"no answer of this question is right: mark it with [x]",
    },
    {
	HEAD "What?\n\n- [x] one\n" TAIL,
	5,
	"this question has one answer only: give it wrong ones, [ ], to choose from",
    },
    {
	HEAD "What?\n\n- [x] one\n- two\n" TAIL,
	7,
	"some answers have no box: each begins with [x] or [ ]",
    },
    {
	HEAD "Text.\n\n- [y] one\n" TAIL,
	7,
	"an answer begins with [x], if it is right, or [ ], and a blank",
    },
    {
	HEAD "What?\n\n- [x] one\n- [ ] two {no\n" TAIL,
	8,
	"the reason of this answer has no } at the end of the answer",
    },
    {
	HEAD "What?\n\n- [x] {pages}\n- [ ] two\n" TAIL,
	7,
	"{pages} stands alone, as - [x] {pages}: the block after it is the answer",
    },
    {
	HEAD "- [x] one\n- [ ] two\n" TAIL,
	5,
	"the question is missing: put a paragraph with it before its answers",
    },
    {
	HEAD "What?\n\n- [x] one\n- [ ] two\n\nText.\n" TAIL,
	5,
	"nothing answers this question: a block of commands, ```cow, follows its answers directly",
    },
    {
	HEAD "Text." TAIL "\nWhat?\n\n- [x] one\n- [ ] two\n",
	10,
	"nothing answers this question: a block of commands, ```cow, follows its answers directly",
    },
    {
	HEAD "Which?\n\n- [x] {pages}\n\n```cow\nreset; read a:2\nexpect a:0 absent\n```\n",
	5,
	"the question is about a lab that ends in the next block: start the lab in a block before the question",
    },
    {
	HEAD
	"What?\n\n- [x] 1\n- [ ] 2\n- [ ] 3\n- [ ] 4\n- [ ] 5\n- [ ] 6\n- [ ] 7\n- [ ] 8\n- [ ] 9\n- [ ] 10\n" TAIL,
	5,
	"this question has 10 answers: there are keys for 9",
    },
    {HEAD "Text \377 here.\n" TAIL, 5, "this is not UTF-8: save the file as UTF-8"},
};

static void
test_bad(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct lesson lesson;
		struct lesson_faults faults;

		lesson_parse(&lesson, bad[i].text, strlen(bad[i].text), &faults);
		for (size_t j = 1; j < faults.count; j++)
			printf("# %d: %s\n", faults.faults[j].line, faults.faults[j].text);
		if (ok(faults.count >= 1, "is wrong: %s", bad[i].wanted)) {
			is_text(faults.faults[0].text, bad[i].wanted, "says so");
			is_number(faults.faults[0].line, bad[i].line, "and where");
		}
		lesson_free(&lesson);
		lesson_faults_free(&faults);
	}
}

static void
test_bytes(void)
{
	static const char nul[] = HEAD "one\n\0two\n" TAIL;
	size_t size = LESSON_BYTES_MAX + 1;
	char *big = calloc(size, 1);
	struct lesson lesson;
	struct lesson_faults faults;

	lesson_parse(&lesson, nul, sizeof(nul) - 1, &faults);
	is_number(faults.count, 1, "a NUL byte, and nothing more is said");
	is_text(faults.faults[0].text, "there is a NUL byte: a lesson is text", "says so");
	is_number(faults.faults[0].line, 6, "and where");
	lesson_free(&lesson);
	lesson_faults_free(&faults);
	lesson_parse(&lesson, big, size, &faults);
	is_number(faults.count, 1, "a file too big, and nothing more is said");
	is_text(
	    faults.faults[0].text, "the file is too big for a lesson: 1024 KiB at most", "says so");
	lesson_free(&lesson);
	lesson_faults_free(&faults);
	free(big);
}

static void
test_order(void)
{
	static const char text[] =
	    "Text.\n\n```cow\nraed a:2\nwrte a:2\n```\n\nWhat?\n\n- [ ] a\n\n```\n";
	static const int lines[] = {1, 1, 4, 5, 8, 8, 12};
	struct lesson lesson;
	struct lesson_faults faults;

	lesson_parse(&lesson, text, sizeof(text) - 1, &faults);
	is_number(faults.count, 7, "everything that is wrong is said at once");
	for (size_t i = 0; i < faults.count; i++)
		is_number(faults.faults[i].line, i < 7 ? lines[i] : 0, "in the order of lines: %s",
		    faults.faults[i].text);
	lesson_free(&lesson);
	lesson_faults_free(&faults);
}

/* A lesson is the same, and its faults are in the same lines, whoever wrote the file. */
static void
test_line_ends(void)
{
	static const char text[] =
	    "\xef\xbb\xbf# T\n\nS.\n\n```cow\nread a:2\nraed a:2\n```\n\n```\none\ntwo\n```\n\nWhat?\n\n- [ ] a\n\n```\n";
	static const char *const ends[] = {"\n", "\r\n", "\r"};
	static const int lines[] = {1, 7, 15, 15, 19};

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		char file[2 * sizeof(text)], *at = file;
		struct lesson lesson;
		struct lesson_faults faults;

		for (const char *from = text; *from; from++)
			at = *from == '\n' ? stpcpy(at, ends[i]) : (*at = *from, at + 1);
		lesson_parse(&lesson, file, (size_t)(at - file), &faults);
		is_number(faults.count, 5, "faults with line end %zu", i);
		for (size_t j = 0; j < faults.count && j < 5; j++)
			is_number(faults.faults[j].line, lines[j], "%s", faults.faults[j].text);
		is_text(lesson.parts[1].blocks[0].text, "one\ntwo", "code keeps its lines");
		lesson_free(&lesson);
		lesson_faults_free(&faults);
	}
}

/* Whatever is cut off or changed in a lesson: it is read to its end. */
static void
test_damaged(void)
{
	unsigned seed = 7;
	size_t length = sizeof(whole) - 1, read = 0;
	char text[sizeof(whole)];

	for (size_t i = 0; i < 3000; i++) {
		struct lesson lesson;
		struct lesson_faults faults;

		memcpy(text, whole, sizeof(whole));
		for (int j = 0; j < 3; j++)
			text[rand_r(&seed) % length] =
			    "`~-[]{}#>|\\\n &x;*1\t<"[rand_r(&seed) % 20];
		lesson_parse(&lesson, text, i < length ? i : length, &faults);
		for (size_t j = 0; j < faults.count; j++)
			read += faults.faults[j].line < 1 || faults.faults[j].line > 60;
		lesson_free(&lesson);
		lesson_faults_free(&faults);
	}
	is_number(read, 0, "damaged lessons have faults only in lines that they have");
}

int
main(void)
{
	test_whole();
	test_bad();
	test_bytes();
	test_order();
	test_line_ends();
	test_damaged();
	return done_testing();
}
