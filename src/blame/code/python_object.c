#include "config.h"
#include "blame/code/python_object.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "blame/code/code_names.h"

#define TYPE 8   /* of any object */
#define SIZE 16  /* of an object of variable size; the length of a text */
#define STATE 32 /* of a text */
#define BYTES 32 /* the header of a bytes object */
#define UNITS_MOST (8U << 20)
#define TABLE_MOST (4U << 20)
#define TEXT_MOST 1024 /* characters examined, from the end */
#define VARINT_PARTS 6

/* 3.8 to 3.10 keep lines and frames differently. 3.11: Include/cpython/code.h, unicodeobject.h. */
static const struct python_layout python_layouts[] = {
    {0x030b, 72, 112, 120, 128, 136, 184, 48, 72},
    {0x030c, 68, 112, 120, 128, 136, 192, 40, 56},
    {0x030d, 68, 112, 120, 128, 136, 200, 40, 56},
    {0x030e, 68, 112, 120, 128, 136, 208, 40, 56},
};

const struct python_layout *
python_layout_of(uint64_t version)
{
	for (size_t i = 0; i < sizeof(python_layouts) / sizeof(*python_layouts); i++)
		if (python_layouts[i].version == version)
			return &python_layouts[i];
	return NULL;
}

static uint64_t
python_version(const struct elf_file *image, uint64_t address)
{
	const struct elf_segment *segment = elf_segment_at(image, address, PT_LOAD);
	uint64_t version;

	return segment && address - segment->address < segment->file_bytes &&
		elf_file_read(image, segment->offset + (address - segment->address), &version,
		    sizeof(version))
	    ? version
	    : 0;
}

void
python_recognize(
    struct python *python, const struct elf_file *image, const struct elf_symbols *symbols)
{
	const struct elf_symbol *version = elf_symbol_named(symbols, "Py_Version"),
				*code = elf_symbol_named(symbols, "PyCode_Type"),
				*text = elf_symbol_named(symbols, "PyUnicode_Type"),
				*bytes = elf_symbol_named(symbols, "PyBytes_Type"),
				*eval = elf_symbol_named(symbols, "_PyEval_EvalFrameDefault");

	memset(python, 0, sizeof(*python));
	/* only free-threaded builds have the last one */
	if (image->word != 8 || !version || !code || !text || !bytes || !eval ||
	    elf_symbol_named(symbols, "_Py_MergeZeroLocalRefcount"))
		return;
	*python = (struct python){
	    .layout = python_layout_of(python_version(image, version->address) >> 16),
	    .code_type = code->address,
	    .text_type = text->address,
	    .bytes_type = bytes->address,
	    .eval = eval->address,
	    .eval_end = eval->address + eval->bytes};
}

bool
python_code_read(const struct python *python, const struct memory_reader *memory, uint64_t bias,
    uint64_t object, struct bytecode *code)
{
	uint64_t units = memory_word(memory, object + SIZE);

	if (memory_word(memory, object + TYPE) != python->code_type + bias || !units ||
	    units > UNITS_MOST)
		return false;
	*code = (struct bytecode){object, object + python->layout->bytecode,
	    object + python->layout->bytecode + units * 2};
	return true;
}

/* One character of a text whose characters have 1, 2 or 4 bytes. */
static uint32_t
text_character(const uint8_t *bytes, unsigned width, size_t number)
{
	uint16_t two;
	uint32_t four;

	if (width == 1)
		return bytes[number];
	if (width == 2) {
		memcpy(&two, bytes + number * 2, sizeof(two));
		return two;
	}
	memcpy(&four, bytes + number * 4, sizeof(four));
	return four;
}

static void
text_decoded(struct buf *text, const uint8_t *bytes, unsigned width, size_t count)
{
	char encoded[5];

	for (size_t i = 0; i < count; i++) {
		uint32_t character = text_character(bytes, width, i);

		buf_add_n(
		    text, encoded, utf8_encode(character < 0x110000 ? character : 0xfffd, encoded));
	}
}

/* The width of its characters: interned (2 bits), kind (3), compact, ascii. */
static bool
text_form(const struct python_layout *layout, uint32_t state, unsigned *width, unsigned *header)
{
	unsigned kind = state >> 2 & 7;
	bool compact = state >> 5 & 1, ascii = state >> 6 & 1;

	*width = kind;
	*header = ascii ? layout->ascii : layout->other;
	return compact && (kind == 1 || kind == 2 || kind == 4);
}

/* The last TEXT_MOST characters of a text at most. */
static bool
text_read(const struct python *python, const struct memory_reader *memory, uint64_t bias,
    uint64_t object, struct buf *text)
{
	uint8_t bytes[TEXT_MOST * 4];
	uint64_t length = memory_word(memory, object + SIZE), skip;
	unsigned width, header;
	uint32_t state;

	if (memory_word(memory, object + TYPE) != python->text_type + bias || length > INT32_MAX ||
	    !memory_read(memory, object + STATE, &state, sizeof(state)) ||
	    !text_form(python->layout, state, &width, &header))
		return false;
	skip = length > TEXT_MOST ? length - TEXT_MOST : 0;
	if (!memory_read(memory, object + header + skip * width, bytes, (length - skip) * width))
		return false;
	text_decoded(text, bytes, width, length - skip);
	return true;
}

/* Six bits per byte, the lowest first; bit 6: more follow. */
static bool
table_varint(const uint8_t *table, size_t size, size_t *at, uint64_t *value)
{
	*value = 0;
	for (unsigned part = 0; part < VARINT_PARTS && *at < size; part++) {
		uint8_t byte = table[(*at)++];

		*value |= (uint64_t)(byte & 63) << (6 * part);
		if (!(byte & 64))
			return true;
	}
	return false;
}

static bool
table_signed(const uint8_t *table, size_t size, size_t *at, int64_t *value)
{
	uint64_t read;

	if (!table_varint(table, size, at, &read))
		return false;
	*value = read & 1 ? -(int64_t)(read >> 1) : (int64_t)(read >> 1);
	return true;
}

enum table_form { FORM_ONE_LINE = 10, FORM_NO_COLUMNS = 13, FORM_LONG, FORM_NONE };

/* Takes what follows an entry's first byte, and the line's increment. */
static bool
table_entry(const uint8_t *table, size_t size, size_t *at, unsigned form, int64_t *on)
{
	uint64_t ignored;

	*on = 0;
	switch (form) {
	case FORM_NONE:
		return true;
	case FORM_NO_COLUMNS:
		return table_signed(table, size, at, on);
	case FORM_LONG:
		return table_signed(table, size, at, on) &&
		    table_varint(table, size, at, &ignored) &&
		    table_varint(table, size, at, &ignored) &&
		    table_varint(table, size, at, &ignored);
	}
	if (form >= FORM_ONE_LINE) {
		*on = form - FORM_ONE_LINE;
		*at += 2;
	} else {
		*at += 1;
	}
	return *at <= size;
}

int64_t
python_table_line(const uint8_t *table, size_t size, int64_t first_line, uint64_t offset)
{
	int64_t line = first_line, on;
	uint64_t covered = 0;

	for (size_t at = 0; at < size;) {
		uint8_t first = table[at++];
		unsigned form = first >> 3 & 15;

		if (!(first & 128) || !table_entry(table, size, &at, form, &on))
			return -1;
		line += on;
		covered += ((uint64_t)(first & 7) + 1) * 2;
		if (offset < covered)
			return form == FORM_NONE || line < 0 || line > INT32_MAX ? -1 : line;
	}
	return -1;
}

static int64_t
code_object_line(const struct python *python, const struct memory_reader *memory, uint64_t bias,
    const struct bytecode *code, uint64_t offset)
{
	uint64_t bytes = memory_word(memory, code->object + python->layout->line_table);
	uint64_t size = memory_word(memory, bytes + SIZE);
	int32_t first;
	uint8_t *table;
	int64_t line = -1;

	if (memory_word(memory, bytes + TYPE) != python->bytes_type + bias || size > TABLE_MOST ||
	    !memory_read(memory, code->object + python->layout->first_line, &first, sizeof(first)))
		return -1;
	table = mem_zero(size + 1, 1);
	if (memory_read(memory, bytes + BYTES, table, size))
		line = python_table_line(table, size, first, offset);
	free(table);
	return line;
}

bool
python_code_line(const struct python *python, const struct memory_reader *memory, uint64_t bias,
    const struct bytecode *code, uint64_t next, struct code_line *line)
{
	struct buf function = BUF_INIT, file = BUF_INIT;
	struct bytecode now;
	bool read = python_code_read(python, memory, bias, code->object, &now) &&
	    now.to == code->to &&
	    text_read(python, memory, bias,
		memory_word(memory, code->object + python->layout->qualified_name), &function) &&
	    text_read(python, memory, bias,
		memory_word(memory, code->object + python->layout->file), &file);

	if (read) {
		strcpy(line->language, "python");
		code_line_names(line, buf_text(&function), buf_text(&file),
		    next ? code_object_line(python, memory, bias, code, next - code->from - 2)
			 : -1);
	}
	buf_free(&function);
	buf_free(&file);
	return read;
}
