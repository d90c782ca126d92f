/* Which code, on paper: tables of lines, of functions, of code made at run time, and where an
 * interpreter keeps things. */
#include "config.h"

#include <elf.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "blame/code/code_module.h"
#include "blame/code/perf_map.h"
#include "blame/code/python_object.h"
#include "tap.h"

/* As Objects/locations.md of CPython has it: a first byte 1cccclll, then what form c needs. */
#define ENTRY(form, units) (uint8_t)(0x80 | (form) << 3 | ((units)-1))

static void
lines_of_each_form(void)
{
	static const uint8_t table[] = {
	    ENTRY(13, 1), 0x02 << 1,       /* one unit, the line goes on by 2 */
	    ENTRY(3, 2), 0x55,             /* two units of the same line */
	    ENTRY(10, 1), 4, 5,            /* of the same line */
	    ENTRY(11, 1), 4, 5,            /* the next line */
	    ENTRY(12, 8), 4, 5,            /* two on */
	    ENTRY(15, 1),                  /* no line */
	    ENTRY(14, 1), 0x05, 0, 1, 2,   /* back by 2 */
	    ENTRY(13, 1), 0x40 | 0x20, 33, /* forward by 1056 + 16 */
	};
	const int64_t wanted[] = {12, 12, 12, 12, 13, 15, 15, 15, 15, 15, 15, 15, 15, -1, 13, 1085};

	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		is_number(
		    python_table_line(table, sizeof(table), 10, i * 2), wanted[i], "unit %zu", i);
	is_number(python_table_line(table, sizeof(table), 10, 32), -1, "behind the last");
	is_number(python_table_line(table, sizeof(table), 10, 1), 12, "within a unit");
}

static void
lines_of_damaged_tables(void)
{
	static const uint8_t cut[] = {ENTRY(14, 1), 0x02};
	static const uint8_t endless[] = {
	    ENTRY(13, 1), 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0};
	static const uint8_t second[] = {0x00, ENTRY(13, 1), 0};
	static const uint8_t before[] = {ENTRY(13, 1), 0x3f};

	is_number(python_table_line(cut, sizeof(cut), 1, 0), -1, "a table that is cut");
	is_number(python_table_line(endless, sizeof(endless), 1, 0), -1, "a number without an end");
	is_number(python_table_line(second, sizeof(second), 1, 0), -1, "no entry begins here");
	is_number(python_table_line(before, sizeof(before), 1, 0), -1, "a line before the first");
	is_number(python_table_line(NULL, 0, 1, 0), -1, "an empty table");
}

/* A file with one table of symbols; names follow each other in the text. */
static uint8_t *
file_of_symbols(
    const Elf64_Sym *symbols, size_t count, const char *names, size_t names_size, size_t *size)
{
	size_t symbols_at = 64 + 3 * sizeof(Elf64_Shdr);
	size_t names_at = symbols_at + count * sizeof(*symbols);
	uint8_t *bytes = mem_zero(names_at + names_size, 1);
	const uint16_t one = 1;
	Elf64_Ehdr header = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64,
				 *(const uint8_t *)&one ? ELFDATA2LSB : ELFDATA2MSB},
	    .e_shoff = 64,
	    .e_shentsize = sizeof(Elf64_Shdr),
	    .e_shnum = 3,
	    .e_shstrndx = 2};
	Elf64_Shdr sections[] = {{0},
	    {.sh_type = SHT_DYNSYM,
		.sh_offset = symbols_at,
		.sh_size = count * sizeof(*symbols),
		.sh_link = 2},
	    {.sh_type = SHT_STRTAB, .sh_offset = names_at, .sh_size = names_size}};

	memcpy(bytes, &header, sizeof(header));
	memcpy(bytes + 64, sections, sizeof(sections));
	memcpy(bytes + symbols_at, symbols, count * sizeof(*symbols));
	memcpy(bytes + names_at, names, names_size);
	*size = names_at + names_size;
	return bytes;
}

#define GLOBAL ELF64_ST_INFO(STB_GLOBAL, STT_FUNC)
#define LOCAL ELF64_ST_INFO(STB_LOCAL, STT_FUNC)
#define WEAK ELF64_ST_INFO(STB_WEAK, STT_FUNC)

static void
functions_by_size(void)
{
	static const char names[] = "\0alias\0inner\0outer\0object\0none\0versioned@@V_2\0local";
	const Elf64_Sym symbols[] = {
	    {0}, {1, WEAK, 0, 1, 0x1000, 0x20}, {1, LOCAL, 0, 1, 0x1000, 0x20},
	    {13, GLOBAL, 0, 1, 0x1000, 0x100}, /* around the two above and inner */
	    {7, GLOBAL, 0, 1, 0x1040, 0x10},
	    {19, ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT), 0, 1, 0x2000, 0x10},
	    {26, GLOBAL, 0, SHN_UNDEF, 0x3000, 0x10}, {26, GLOBAL, 0, 1, 0x3000, 0},
	    {31, GLOBAL, 0, 1, 0x4000, 0x10},
	    {26, GLOBAL, 0, 1, UINT64_MAX - 4, 0x10}, /* beyond the last address */
	    {9999, GLOBAL, 0, 1, 0x5000, 0x10},       /* a name beyond the names */
	};
	static const struct {
		uint64_t address;
		const char *name;
	} wanted[] = {{0xfff, ""}, {0x1000, "alias"}, {0x101f, "alias"}, {0x1020, "outer"},
	    {0x1040, "inner"}, {0x104f, "inner"}, {0x1050, "outer"}, {0x10ff, "outer"},
	    {0x1100, ""}, {0x2000, ""}, {0x3000, ""}, {0x4008, "versioned"}, {0x5000, ""},
	    {UINT64_MAX - 2, ""}};
	struct code_modules modules = {0};
	struct code_module module = {.debug.fd = -1};
	size_t size;
	uint8_t *bytes = file_of_symbols(
	    symbols, sizeof(symbols) / sizeof(*symbols), names, sizeof(names), &size);

	ok(elf_file_of_bytes(&module.image, bytes, size), "the file is read");
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		char name[64];

		code_module_function(&modules, &module, wanted[i].address, name, sizeof(name));
		is_text(name, wanted[i].name, "at %#llx", (unsigned long long)wanted[i].address);
	}
	elf_symbols_release(&module.symbols);
	elf_file_close(&module.image);
}

/* A page of the file that ends one segment and begins the next: linkers other than GNU's do so. */
static void
bias_of_a_page_in_two_segments(void)
{
	struct elf_segment segments[] = {{PT_NOTE, PF_R | PF_X, 0, 64, 0, 64},
	    {PT_LOAD, PF_R, 0, 0x1800, 0, 0x1800},
	    {PT_LOAD, PF_R | PF_X, 0x12800, 0x1000, 0x1800, 0x1000}};
	const struct elf_file file = {.fd = -1, .segments = segments, .segment_count = 3};
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), offset = 0x1800 / page * page, bias = 0;

	ok(elf_bias(&file, 0x70000000, offset, false, &bias), "mapped to be read");
	is_number(bias, 0x70000000 - offset, "stands where the first segment says");
	ok(elf_bias(&file, 0x70000000, offset, true, &bias), "mapped to be run");
	is_number(bias, 0x70000000 - offset - 0x11000, "stands where the second says");
	ok(!elf_bias(&file, 0x70000000, 0x2800, true, &bias), "behind both");
}

static void
code_made_at_run_time(void)
{
	static const char text[] = "1000 20 py::first:app.py\n"
				   "not a line\n"
				   "2000 0 empty\n"
				   "3000 10 old\n"
				   "3000 10 new one\n"
				   "ffffffffffffffff 10 beyond\n"
				   "4000 10 cut";
	struct perf_map map = {0};

	perf_map_parse(&map, mem_copy(text, sizeof(text)), sizeof(text) - 1);
	is_number(map.count, 3, "what is a line, and no other");
	is_text(perf_map_find(&map, 0x101f), "py::first:app.py", "the last byte of a function");
	ok(!perf_map_find(&map, 0x1020), "the byte behind it");
	is_text(perf_map_find(&map, 0x3008), "new one", "of two the later holds");
	ok(!perf_map_find(&map, 0x4000), "a line that is still being written");
	perf_map_release(&map);
}

/* A frame as candidates: the true slot changes its instruction with the machine's place. */
static struct python_candidates
frame_at(uint64_t pc, uint8_t opcode, uint64_t stale_object)
{
	return (struct python_candidates){.list = {{PLACE_SLOT + 8, stale_object, 0x900, 55},
					      {PLACE_SLOT + 10, 0x100, 0x100 + opcode, opcode}},
	    .count = 2,
	    .frame = 352,
	    .pc = pc,
	    .runs = true};
}

static void
where_it_is_kept(void)
{
	static struct python_places places;
	struct python_candidates same = frame_at(0x10, 1, 0x100), other = frame_at(0x10, 1, 0x200);
	const struct python_candidate *chosen;
	struct python_candidates frame;
	bool sure = true;

	ok(!python_places_choose(&places, &other, &sure), "two objects, nothing learned: unknown");
	chosen = python_places_choose(&places, &same, &sure);
	ok(chosen && !sure, "one object: its line is not known");
	for (int i = 0; i < 16; i++) {
		frame = frame_at(0x10 + i % 4, 1 + i % 4, 0x200);
		chosen = python_places_choose(&places, &frame, &sure);
	}
	ok(chosen && sure && chosen->place == PLACE_SLOT + 10, "learned: the slot that follows");
	other.runs = false;
	other.frame = 96;
	ok(!python_places_choose(&places, &other, &sure),
	    "a frame of an unknown function: unknown");
}

int
main(void)
{
	lines_of_each_form();
	lines_of_damaged_tables();
	functions_by_size();
	bias_of_a_page_in_two_segments();
	code_made_at_run_time();
	where_it_is_kept();
	return done_testing();
}
