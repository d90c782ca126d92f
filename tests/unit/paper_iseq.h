/* An iseq of Ruby on paper: the method "fill" of "app.rb". */
#ifndef TESTS_PAPER_ISEQ_H
#define TESTS_PAPER_ISEQ_H

#include "blame/code/ruby_iseq.h"
#include "paper.h"

#define ISEQ_BIAS (PAPER_BASE - 0x100000)
#define ISEQ_AT (PAPER_BASE + 40)
#define ISEQ_BODY_AT (PAPER_BASE + 80)
#define ISEQ_LABEL_AT (PAPER_BASE + 240)
#define ISEQ_PATH_AT (PAPER_BASE + 280)
#define ISEQ_PAIR_AT (PAPER_BASE + 320)
#define ISEQ_TABLE_AT (PAPER_BASE + 368)
#define ISEQ_LINES_AT (PAPER_BASE + 640)
#define ISEQ_CODE_AT (PAPER_BASE + 1024)

static const uint32_t iseq_versions[] = {0x0207, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304};
#define ISEQ_VERSIONS (sizeof(iseq_versions) / sizeof(*iseq_versions))

/* An interpreter whose code is at ISEQ_BIAS + 0x1000. */
static void
paper_iseq_ruby(struct ruby_code *ruby, unsigned which)
{
	memset(ruby, 0, sizeof(*ruby));
	ruby->layout = iseq_layout_of(iseq_versions[which % ISEQ_VERSIONS]);
	ruby->code = 0x1000;
	ruby->code_end = 0x2000;
}

static void
paper_ruby_string(struct paper *paper, const struct ruby_code *ruby, uint64_t at, const char *text)
{
	uint64_t length = strlen(text);

	if (ruby->layout->long_strings) {
		paper_word(paper, at, 0x05);
		paper_word(paper, at + 16, length);
		paper_text(paper, at + 24, text);
	} else {
		paper_word(paper, at, 0x05 | length << 14);
		paper_text(paper, at + 16, text);
	}
}

static void
paper_iseq(struct paper *paper, const struct ruby_code *ruby, uint32_t words)
{
	uint64_t lines = ISEQ_BODY_AT + ruby->layout->lines;

	paper_word(paper, ISEQ_AT, 0x701a | 1 << 5);
	paper_word(paper, ISEQ_AT + 16, ISEQ_BODY_AT);
	paper_word(paper, ISEQ_BODY_AT, (uint64_t)words << 32 | 1);
	paper_word(paper, ISEQ_BODY_AT + 8, ISEQ_CODE_AT);
	paper_word(paper, ISEQ_BODY_AT + 64, ISEQ_PAIR_AT);
	paper_word(paper, ISEQ_BODY_AT + 80, ISEQ_LABEL_AT);
	paper_ruby_string(paper, ruby, ISEQ_LABEL_AT, "fill");
	paper_ruby_string(paper, ruby, ISEQ_PATH_AT, "app.rb");
	paper_word(paper, ISEQ_PAIR_AT, 0x07 | 1 << 13);
	paper_word(paper, ISEQ_PAIR_AT + 16, ISEQ_PATH_AT);
	paper_word(paper, lines, ISEQ_LINES_AT);
	paper_word(paper, lines + 16, 3);
	paper_word(paper, lines + 24, ISEQ_TABLE_AT);
	for (uint32_t i = 0; i < 3; i++)
		paper_word(
		    paper, ISEQ_LINES_AT + (uint64_t)i * ruby->layout->entry_bytes, 10 * (i + 1));
	paper_word(paper, ISEQ_CODE_AT, ISEQ_BIAS + 0x1800);
}

/* Entries of lines begin at words 0, 3 and 60: the third one in the first block. */
static void
paper_iseq_lines(struct paper *paper)
{
	uint64_t ones = 0, twos = 0;

	for (unsigned i = 0; i < 9; i++) {
		ones |= (i < 3 ? UINT64_C(1) : UINT64_C(2)) << i * 7;
		twos |= UINT64_C(2) << i * 7;
	}
	paper_word(paper, ISEQ_TABLE_AT, ones);
	for (unsigned i = 1; i < 6; i++)
		paper_word(paper, ISEQ_TABLE_AT + (uint64_t)i * 8, twos);
	paper_word(paper, ISEQ_TABLE_AT + 48, 2);
	paper_word(paper, ISEQ_TABLE_AT + 64, UINT64_C(1) << (60 - 54));
}

#endif
