/* Code objects of every version that is known, in memory that may hold anything. */
#include "config.h"

#include "../unit/paper.h"
#include "base/mem.h"
#include "blame/code/python_object.h"
#include "fuzz.h"

#define CODE_TYPE 0x1000
#define TEXT_TYPE 0x2000
#define BYTES_TYPE 0x3000
#define READS_MOST 64
#define NAME_AT 512
#define TABLE_AT 640

static const uint16_t versions[] = {0x030b, 0x030c, 0x030d, 0x030e};

static void
fuzz_word(uint8_t *bytes, size_t at, uint64_t value)
{
	memcpy(bytes + at, &value, sizeof(value));
}

/* The last byte says which version. */
static void
fuzz_python(struct python *python, unsigned which)
{
	memset(python, 0, sizeof(*python));
	python->layout = python_layout_of(versions[which % 4]);
	python->code_type = CODE_TYPE;
	python->text_type = TEXT_TYPE;
	python->bytes_type = BYTES_TYPE;
}

static size_t
fuzz_seed(unsigned which, uint8_t *bytes, size_t room)
{
	struct python python;

	if (which > 3 || room < PAPER_BYTES)
		return 0;
	fuzz_python(&python, which);
	memset(bytes, 0, 1024);
	fuzz_word(bytes, 8, CODE_TYPE);
	fuzz_word(bytes, 16, 8);
	fuzz_word(bytes, python.layout->first_line / 8 * 8, 5ULL << 32 | 5);
	fuzz_word(bytes, python.layout->file, PAPER_BASE + NAME_AT);
	fuzz_word(bytes, python.layout->qualified_name, PAPER_BASE + NAME_AT);
	fuzz_word(bytes, python.layout->line_table, PAPER_BASE + TABLE_AT);
	fuzz_word(bytes, NAME_AT + 8, TEXT_TYPE);
	fuzz_word(bytes, NAME_AT + 16, 6);
	fuzz_word(bytes, NAME_AT + 32, 1 << 2 | 1 << 5 | 1 << 6);
	memcpy(bytes + NAME_AT + python.layout->ascii, "app.py", 6);
	fuzz_word(bytes, TABLE_AT + 8, BYTES_TYPE);
	fuzz_word(bytes, TABLE_AT + 16, 3);
	memcpy(bytes + TABLE_AT + 32, "\xef\x02\x00", 3);
	bytes[1023] = (uint8_t)which;
	return 1024;
}

static void
fuzz_bytes(const uint8_t *bytes, size_t size)
{
	static struct paper paper;
	struct memory_reader memory = paper_memory(&paper);
	struct bytecode code;
	struct python python;

	if (!paper.bytes)
		paper.bytes = mem_zero(PAPER_BYTES, 1);
	memset(paper.bytes, 0, PAPER_BYTES);
	memcpy(paper.bytes, bytes, size < PAPER_BYTES ? size : PAPER_BYTES);
	fuzz_python(&python, size ? bytes[size - 1] : 0);
	for (uint64_t object = PAPER_BASE; object < PAPER_BASE + 1024; object += 8) {
		struct code_line line = {.language = ""};

		paper.reads = 0;
		if (!python_code_read(&python, &memory, 0, object, &code) ||
		    !python_code_line(&python, &memory, 0, &code, code.from + 4, &line))
			continue;
		fuzz_expect(paper.reads < READS_MOST, "few reads");
		fuzz_expect(memchr(line.function, 0, sizeof(line.function)) &&
			memchr(line.source, 0, sizeof(line.source)),
		    "names that end");
		for (const char *at = line.function; *at; at++)
			fuzz_expect((unsigned char)*at >= ' ', "a name without controls");
	}
}
