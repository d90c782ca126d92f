/* What is said of Ruby's iseqs on paper, in each version's layout. */
#include "config.h"

#include "base/mem.h"
#include "paper_iseq.h"
#include "tap.h"

static struct paper paper;
static struct memory_reader memory;
static struct ruby_code ruby;

static const char *
line_at(uint64_t word)
{
	static char text[BLAME_NAME_MAX * 3];
	struct code_line line;
	struct bytecode code;

	if (!iseq_read(&ruby, &memory, ISEQ_BIAS, ISEQ_AT, &code) ||
	    !iseq_line(&ruby, &memory, ISEQ_BIAS, &code, code.from + word * ISEQ_UNIT, &line))
		return "nothing";
	snprintf(text, sizeof(text), "%s %s %s", line.language, line.function, line.source);
	return text;
}

static void
test_lines(void)
{
	is_text(line_at(1), "ruby fill app.rb:10", "the first instruction is done");
	is_text(line_at(3), "ruby fill app.rb:10", "the last of the first line");
	is_text(line_at(4), "ruby fill app.rb:20", "the first of the second");
	is_text(line_at(60), "ruby fill app.rb:20", "in the first block of bits");
	is_text(line_at(61), "ruby fill app.rb:30", "where a bit is set");
	is_text(line_at(100), "ruby fill app.rb:30", "in its second word");
	is_text(line_at(0), "ruby fill app.rb", "nothing is done yet: the file alone");
}

static void
test_strings(void)
{
	uint64_t length_at = ISEQ_LABEL_AT + (ruby.layout->long_strings ? 16 : 0);
	uint64_t length = memory_word(&memory, length_at), flags;

	flags = memory_word(&memory, ISEQ_LABEL_AT);
	paper_word(&paper, ISEQ_LABEL_AT, flags | 1 << 13);
	paper_word(&paper, ISEQ_LABEL_AT + 16, 5);
	paper_word(&paper, ISEQ_LABEL_AT + 24, PAPER_BASE + 8192);
	paper_text(&paper, PAPER_BASE + 8192, "where");
	is_text(line_at(1), "ruby where app.rb:10", "a name whose bytes are elsewhere");
	paper_word(&paper, ISEQ_LABEL_AT + 16, UINT64_MAX);
	is_text(line_at(1), "nothing", "a name without an end");
	paper_word(&paper, ISEQ_LABEL_AT, flags);
	paper_word(&paper, length_at, length);
	paper_ruby_string(&paper, &ruby, ISEQ_LABEL_AT, "fill");
	paper_word(&paper, ISEQ_BODY_AT + 64, ISEQ_PATH_AT);
	is_text(line_at(1), "ruby fill app.rb:10", "a path that is no pair");
	paper_word(&paper, ISEQ_BODY_AT + 64, ISEQ_PAIR_AT);
}

/* What a word is while it is a lie, and that nothing is said then. */
static void
test_lie(uint64_t at, uint64_t lie, const char *what)
{
	uint64_t truth = memory_word(&memory, at);

	paper_word(&paper, at, lie);
	is_text(line_at(1), "nothing", "%s", what);
	paper_word(&paper, at, truth);
}

static void
test_lies(void)
{
	uint64_t lines = ISEQ_BODY_AT + ruby.layout->lines;

	test_lie(ISEQ_AT, 0x601a, "another kind of imemo");
	test_lie(ISEQ_AT, 0x7005, "a string");
	test_lie(ISEQ_AT + 16, 0, "no body");
	test_lie(ISEQ_BODY_AT, UINT64_C(1) << 32 | 9, "a type that there isn't");
	test_lie(ISEQ_BODY_AT, 1, "no instructions");
	test_lie(ISEQ_BODY_AT, UINT64_MAX << 32 | 1, "too many");
	test_lie(ISEQ_BODY_AT + 80, ISEQ_PAIR_AT, "a name that is no string");
	test_lie(ISEQ_CODE_AT, ISEQ_BIAS + 0x2000, "instructions that lead elsewhere");
	test_lie(ISEQ_BODY_AT + 64, ISEQ_AT, "a path that is an iseq");
	paper_word(&paper, lines + 16, 0);
	is_text(line_at(1), "ruby fill app.rb", "no lines");
	paper_word(&paper, lines + 16, 3);
}

int
main(void)
{
	paper.bytes = mem_zero(PAPER_BYTES, 1);
	memory = paper_memory(&paper);
	ok(!iseq_layout_of(0x0206) && !iseq_layout_of(0x0305), "versions that are not known");
	for (unsigned which = 0; which < ISEQ_VERSIONS; which++) {
		memset(paper.bytes, 0, PAPER_BYTES);
		paper_iseq_ruby(&ruby, which);
		paper_iseq(&paper, &ruby, 120);
		paper_iseq_lines(&paper);
		printf("# %x\n", iseq_versions[which]);
		test_lines();
		test_strings();
		test_lies();
	}
	free(paper.bytes);
	return done_testing();
}
