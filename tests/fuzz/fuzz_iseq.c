/* Ruby's iseqs of every version that is known, in memory that may hold anything. */
#include "config.h"

#include "../unit/paper_iseq.h"
#include "base/mem.h"
#include "fuzz.h"

#define SEED_BYTES 2048
#define READS_MOST 64

/* The last byte says which version. */
static size_t
fuzz_seed(unsigned which, uint8_t *bytes, size_t room)
{
	struct paper paper = {mem_zero(PAPER_BYTES, 1), 0};
	struct ruby_code ruby;
	bool there = which < ISEQ_VERSIONS && room >= SEED_BYTES;

	if (there) {
		paper_iseq_ruby(&ruby, which);
		paper_iseq(&paper, &ruby, 120);
		paper_iseq_lines(&paper);
		memcpy(bytes, paper.bytes, SEED_BYTES);
		bytes[SEED_BYTES - 1] = (uint8_t)which;
	}
	free(paper.bytes);
	return there ? SEED_BYTES : 0;
}

static void
fuzz_line(const struct code_line *line)
{
	fuzz_expect(memchr(line->function, 0, sizeof(line->function)) &&
		memchr(line->source, 0, sizeof(line->source)),
	    "names that end");
	for (const char *at = line->function; *at; at++)
		fuzz_expect((unsigned char)*at >= ' ', "a name without controls");
}

static void
fuzz_bytes(const uint8_t *bytes, size_t size)
{
	static struct paper paper;
	struct memory_reader memory = paper_memory(&paper);
	struct bytecode code;
	struct ruby_code ruby;

	if (!paper.bytes)
		paper.bytes = mem_zero(PAPER_BYTES, 1);
	memset(paper.bytes, 0, PAPER_BYTES);
	memcpy(paper.bytes, bytes, size < PAPER_BYTES ? size : PAPER_BYTES);
	paper_iseq_ruby(&ruby, size ? bytes[size - 1] : 0);
	for (uint64_t object = PAPER_BASE; object < PAPER_BASE + SEED_BYTES; object += 8)
		for (uint64_t word = 0; word < 1024; word += 60) {
			struct code_line line = {.language = ""};

			paper.reads = 0;
			if (!iseq_read(&ruby, &memory, ISEQ_BIAS, object, &code) ||
			    !iseq_line(
				&ruby, &memory, ISEQ_BIAS, &code, code.from + word * 8, &line))
				break;
			fuzz_expect(paper.reads < READS_MOST, "few reads");
			fuzz_line(&line);
		}
}
