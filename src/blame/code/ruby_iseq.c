#include "config.h"
#include "blame/code/ruby_iseq.h"

#include <elf.h>
#include <string.h>

#include "base/buf.h"
#include "blame/code/code_names.h"

/* vm_core.h: rb_iseq_t, rb_iseq_constant_body, rb_iseq_location_t */
#define ISEQ_BODY 16
#define BODY_PATH 64
#define BODY_LABEL 80
#define TYPES 9 /* iseq_type: top to plain */
#define WORDS_MOST (1U << 20)
/* include/ruby/internal/core/rstring.h, rarray.h */
#define TYPE_MASK 0x1f
#define STRING 0x05
#define ARRAY 0x07
#define ELSEWHERE (1U << 13) /* of a string: its bytes are not in the object */
#define WITHIN (1U << 13)    /* of an array: its elements are in the object */
#define TEXT_MOST 1024       /* bytes read of a string, from the end */

/* vm_core.h and iseq.h. first_lineno was a word before 3.2; entries have a node_id since 3.1. */
static const struct iseq_layout iseq_layouts[] = {
    {0x0207, 120, 8, false},
    {0x0300, 120, 8, false},
    {0x0301, 120, 12, false},
    {0x0302, 112, 12, true},
    {0x0303, 112, 12, true},
    {0x0304, 112, 12, true},
};

const struct iseq_layout *
iseq_layout_of(uint32_t version)
{
	for (size_t i = 0; i < sizeof(iseq_layouts) / sizeof(*iseq_layouts); i++)
		if (iseq_layouts[i].version == version)
			return &iseq_layouts[i];
	return NULL;
}

/* The first two numbers of ruby_api_version. 0: the file doesn't have them. */
static uint32_t
ruby_code_version(const struct elf_file *image, uint64_t address)
{
	const struct elf_segment *segment = elf_segment_at(image, address, PT_LOAD);
	uint32_t version[2];

	return segment && address - segment->address < segment->file_bytes &&
		elf_file_read(image, segment->offset + (address - segment->address), version,
		    sizeof(version)) &&
		version[0] < 256 && version[1] < 256
	    ? version[0] << 8 | version[1]
	    : 0;
}

void
ruby_code_recognize(
    struct ruby_code *ruby, const struct elf_file *image, const struct elf_symbols *symbols)
{
	const struct elf_symbol *version = elf_symbol_named(symbols, "ruby_api_version");

	memset(ruby, 0, sizeof(*ruby));
	if (image->word != 8 || !version)
		return;
	ruby->version_at = version->address;
	for (size_t i = 0; i < image->segment_count; i++)
		if (image->segments[i].type == PT_LOAD && image->segments[i].flags & PF_X) {
			ruby->code = image->segments[i].address;
			ruby->code_end = ruby->code + image->segments[i].memory_bytes;
			ruby->layout = iseq_layout_of(ruby_code_version(image, version->address));
		}
}

static bool
is_string(const struct memory_reader *memory, uint64_t object)
{
	return object && object % 8 == 0 && (memory_word(memory, object) & TYPE_MASK) == STRING;
}

bool
iseq_read(const struct ruby_code *ruby, const struct memory_reader *memory, uint64_t bias,
    uint64_t object, struct bytecode *code)
{
	uint64_t body = memory_word(memory, object + ISEQ_BODY), first;
	struct {
		uint32_t type, words;
		uint64_t encoded;
	} begin;

	if ((memory_word(memory, object) & ISEQ_MASK) != ISEQ_WORD || !body || body % 8 ||
	    !memory_read(memory, body, &begin, sizeof(begin)) || begin.type >= TYPES ||
	    !begin.words || begin.words > WORDS_MOST || begin.encoded % ISEQ_UNIT)
		return false;
	first = memory_word(memory, begin.encoded) - bias;
	if (first < ruby->code || first >= ruby->code_end ||
	    !is_string(memory, memory_word(memory, body + BODY_LABEL)))
		return false;
	*code = (struct bytecode){
	    object, begin.encoded, begin.encoded + (uint64_t)begin.words * ISEQ_UNIT};
	return true;
}

/* Address and number of a string's bytes. */
static bool
string_bytes(const struct iseq_layout *layout, const struct memory_reader *memory, uint64_t object,
    uint64_t *bytes, uint64_t *length)
{
	uint64_t flags = memory_word(memory, object);

	if (!is_string(memory, object))
		return false;
	*length = memory_word(memory, object + 16);
	*bytes = object + 24;
	if (flags & ELSEWHERE) {
		*bytes = memory_word(memory, object + 24);
	} else if (!layout->long_strings) {
		*length = flags >> 14 & 31;
		*bytes = object + 16;
	}
	return *length <= INT32_MAX;
}

/* The end of a string, at most TEXT_MOST bytes of it. */
static bool
string_read(const struct iseq_layout *layout, const struct memory_reader *memory, uint64_t object,
    struct buf *text)
{
	char bytes[TEXT_MOST];
	uint64_t from, length, skip;

	if (!string_bytes(layout, memory, object, &from, &length))
		return false;
	skip = length > TEXT_MOST ? length - TEXT_MOST : 0;
	if (!memory_read(memory, from + skip, bytes, length - skip))
		return false;
	buf_add_n(text, bytes, length - skip);
	return true;
}

/* A string, or an array of the path and the real path. */
static bool
path_read(const struct iseq_layout *layout, const struct memory_reader *memory, uint64_t object,
    struct buf *text)
{
	uint64_t flags = memory_word(memory, object);

	if ((flags & TYPE_MASK) == ARRAY)
		object = memory_word(
		    memory, flags & WITHIN ? object + 16 : memory_word(memory, object + 32));
	return string_read(layout, memory, object, text);
}

/* struct succ_index_table of iseq.c: nine sums of seven bits in each of the first words, then
 * blocks of 512 bits. */
#define SUMS_COVER 54
#define SUMS_OF_WORD 9
#define SUM_BITS 7
#define SUMS_BYTES (SUMS_COVER / SUMS_OF_WORD * sizeof(uint64_t))
#define BLOCK_COVER 512
#define SMALL_COVER 64
#define SMALL_BITS 9

struct lines_block {
	uint32_t before;
	uint64_t small_before; /* sums of the second to the last 64 bits, nine bits each */
	uint64_t bits[BLOCK_COVER / SMALL_COVER];
};

/* How many entries begin at the word or before it. */
static uint64_t
lines_begun(const struct memory_reader *memory, uint64_t table, uint64_t word)
{
	struct lines_block block;
	uint64_t within, small;

	if (word < SUMS_COVER)
		return memory_word(memory, table + word / SUMS_OF_WORD * 8) >>
		    word % SUMS_OF_WORD * SUM_BITS &
		    ((1U << SUM_BITS) - 1);
	word -= SUMS_COVER;
	if (!memory_read(memory, table + SUMS_BYTES + word / BLOCK_COVER * sizeof(block), &block,
		sizeof(block)))
		return 0;
	within = word % BLOCK_COVER;
	small = within / SMALL_COVER;
	return block.before +
	    (small ? block.small_before >> (small - 1) * SMALL_BITS & ((1U << SMALL_BITS) - 1)
		   : 0) +
	    (uint64_t)__builtin_popcountll(
		block.bits[small] << (SMALL_COVER - 1 - within % SMALL_COVER));
}

/* -1: unknown. */
static int64_t
iseq_line_number(const struct iseq_layout *layout, const struct memory_reader *memory,
    uint64_t body, uint64_t word)
{
	struct {
		uint64_t entries, positions;
		uint32_t count, unused;
		uint64_t table;
	} lines;
	uint64_t begun;
	int32_t line;

	if (!memory_read(memory, body + layout->lines, &lines, sizeof(lines)))
		return -1;
	begun = lines.count == 1 ? 1 : lines.table ? lines_begun(memory, lines.table, word) : 0;
	return begun && begun <= lines.count &&
		memory_read(memory, lines.entries + (begun - 1) * layout->entry_bytes, &line,
		    sizeof(line)) &&
		line > 0
	    ? line
	    : -1;
}

bool
iseq_line(const struct ruby_code *ruby, const struct memory_reader *memory, uint64_t bias,
    const struct bytecode *code, uint64_t next, struct code_line *line)
{
	struct buf label = BUF_INIT, path = BUF_INIT;
	uint64_t body = memory_word(memory, code->object + ISEQ_BODY);
	struct bytecode now;
	bool read = iseq_read(ruby, memory, bias, code->object, &now) && now.to == code->to &&
	    now.from == code->from &&
	    string_read(ruby->layout, memory, memory_word(memory, body + BODY_LABEL), &label) &&
	    path_read(ruby->layout, memory, memory_word(memory, body + BODY_PATH), &path);

	if (read) {
		strcpy(line->language, "ruby");
		code_line_names(line, buf_text(&label), buf_text(&path),
		    next > code->from ? iseq_line_number(ruby->layout, memory, body,
					    (next - code->from) / ISEQ_UNIT - 1)
				      : -1);
	}
	buf_free(&label);
	buf_free(&path);
	return read;
}
