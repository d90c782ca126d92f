/* Files that code is mapped from, and how their frames are undone: the kernel's own small one, and
 * what comes of it. */
#include "config.h"

#include <sys/auxv.h>

#include "base/mem.h"
#include "blame/code/build.h"
#include "blame/code/perf_map.h"
#include "blame/code/python_object.h"
#include "blame/code/unwind_table.h"
#include "blame/elf_symbols.h"
#include "fuzz.h"

#define SEED_BYTES 8192
#define STEPS 64

static size_t
fuzz_seed(unsigned which, uint8_t *bytes, size_t room)
{
	static const char map[] = "1000 20 first\n1010 20 second\nffffffffffff0000 ffff last\n";
	const uint8_t *image = (const uint8_t *)(uintptr_t)getauxval(AT_SYSINFO_EHDR);

	if (which == 0 && room >= sizeof(map))
		return (size_t)(memcpy(bytes, map, sizeof(map)) ? sizeof(map) - 1 : 0);
	if (which != 1 || !image || room < SEED_BYTES)
		return 0;
	memcpy(bytes, image, SEED_BYTES);
	return SEED_BYTES;
}

static void
fuzz_steps(const struct unwind_table *table, const struct elf_file *image, uint64_t pc,
    const uint8_t *bytes, size_t size)
{
	struct unwind_state state = {.machine = image->machine,
	    .pc = pc,
	    .exact = pc & 1,
	    .word = image->word,
	    .kept_start = 0x7000,
	    .kept = bytes,
	    .kept_bytes = size};

	for (unsigned i = 0; i < UNWIND_REGISTERS; i++) {
		state.value[i] = 0x7000 + i * 8;
		state.known[i] = true;
	}
	for (int i = 0; i < STEPS && unwind_caller(&state, table, 0) == UNWIND_CALLER; i++)
		;
}

static void
fuzz_image(struct elf_file *image, const uint8_t *bytes, size_t size)
{
	struct elf_symbols symbols;
	struct unwind_table *table = unwind_table_new(image);
	struct python python;
	struct build_id id;
	struct debug_link link;
	uint64_t bias;

	elf_symbols_read(&symbols, image, image);
	python_recognize(&python, image, &symbols);
	build_id_read(&id, image);
	fuzz_expect(id.size <= sizeof(id.bytes), "an id that has room");
	debug_link_read(&link, image);
	fuzz_expect(strlen(link.name) < sizeof(link.name), "a link that ends");
	elf_file_crc(image);
	for (uint64_t address = 0; address < SEED_BYTES; address += 37) {
		elf_symbol_at(&symbols, address, ELF_CODE);
		elf_bias(image, 0x10000, address, address & 1, &bias);
		if (table)
			fuzz_steps(table, image, address, bytes, size);
	}
	unwind_table_free(table);
	elf_symbols_release(&symbols);
}

static void
fuzz_map(const uint8_t *bytes, size_t size)
{
	struct perf_map map = {0};
	char *text = mem_zero(size + 1, 1);

	memcpy(text, bytes, size);
	perf_map_parse(&map, text, size);
	for (size_t i = 0; i < map.count && i < 64; i++)
		fuzz_expect(perf_map_find(&map, map.list[i].start), "what covers its own start");
	perf_map_release(&map);
}

static void
fuzz_bytes(const uint8_t *bytes, size_t size)
{
	struct elf_file image;

	if (elf_file_of_bytes(&image, mem_copy(bytes, size), size)) {
		fuzz_image(&image, bytes, size);
		elf_file_close(&image);
	}
	fuzz_map(bytes, size);
	for (uint64_t offset = 0; offset < 64; offset += 7)
		fuzz_expect(python_table_line(bytes, size, 1, offset) >= -1, "a line, or none");
}
