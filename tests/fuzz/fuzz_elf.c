/* ELF files, of either word size. */
#include "config.h"

#include <elf.h>
#include <sys/mman.h>
#include <unistd.h>

#include "blame/elf_symbols.h"
#include "fuzz.h"

#define NAMES_AT 512
#define SECTIONS_AT 1024
#define SYMBOLS_AT 2048

static size_t
fuzz_seed_wide(uint8_t *bytes)
{
	Elf64_Ehdr head = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB},
	    .e_type = ET_DYN,
	    .e_phoff = sizeof(head),
	    .e_phentsize = sizeof(Elf64_Phdr),
	    .e_phnum = 2,
	    .e_shoff = SECTIONS_AT,
	    .e_shentsize = sizeof(Elf64_Shdr),
	    .e_shnum = 4,
	    .e_shstrndx = 1};
	Elf64_Phdr segments[] = {{PT_LOAD, PF_R | PF_W, 0, 0, 0, 4096, 8192, 4096},
	    {PT_GNU_RELRO, PF_R, 1024, 1024, 0, 512, 512, 1}};
	Elf64_Shdr sections[] = {{0}, {1, SHT_STRTAB, 0, 0, NAMES_AT, 64, 0, 0, 1, 0},
	    {9, SHT_DYNSYM, SHF_ALLOC, SYMBOLS_AT, SYMBOLS_AT, 3 * sizeof(Elf64_Sym), 1, 0, 8, 0},
	    {17, SHT_NOBITS, SHF_ALLOC | SHF_WRITE, 4096, 4096, 4096, 0, 0, 8, 0}};
	Elf64_Sym symbols[] = {{0}, {22, STT_OBJECT, 0, 3, 4096, 64}, {27, STT_FUNC, 0, 2, 64, 32}};

	memcpy(bytes, &head, sizeof(head));
	memcpy(bytes + sizeof(head), segments, sizeof(segments));
	memcpy(bytes + NAMES_AT, "\0.names\0\0.dynsy\0\0.bss\0data\0func", 32);
	memcpy(bytes + SECTIONS_AT, sections, sizeof(sections));
	memcpy(bytes + SYMBOLS_AT, symbols, sizeof(symbols));
	return 4096;
}

static size_t
fuzz_seed_narrow(uint8_t *bytes)
{
	Elf32_Ehdr head = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB},
	    .e_type = ET_EXEC,
	    .e_phoff = sizeof(head),
	    .e_phentsize = sizeof(Elf32_Phdr),
	    .e_phnum = 1,
	    .e_shoff = SECTIONS_AT,
	    .e_shentsize = sizeof(Elf32_Shdr),
	    .e_shnum = 3,
	    .e_shstrndx = 1};
	Elf32_Phdr segment = {PT_LOAD, 0, 4096, 4096, 4096, 8192, PF_R | PF_W, 4096};
	Elf32_Shdr sections[] = {{0}, {1, SHT_STRTAB, 0, 0, NAMES_AT, 64, 0, 0, 1, 0},
	    {9, SHT_SYMTAB, SHF_ALLOC, SYMBOLS_AT, SYMBOLS_AT, 2 * sizeof(Elf32_Sym), 1, 0, 4, 0}};
	Elf32_Sym symbols[] = {{0}, {22, 4096, 64, STT_OBJECT, 0, 2}};

	memcpy(bytes, &head, sizeof(head));
	memcpy(bytes + sizeof(head), &segment, sizeof(segment));
	memcpy(bytes + NAMES_AT, "\0.names\0\0.symta\0\0.bss\0data\0func", 32);
	memcpy(bytes + SECTIONS_AT, sections, sizeof(sections));
	memcpy(bytes + SYMBOLS_AT, symbols, sizeof(symbols));
	return 4096;
}

static size_t
fuzz_seed(unsigned which, uint8_t *bytes, size_t room)
{
	if (which > 1 || room < 4096)
		return 0;
	memset(bytes, 0, 4096);
	return which ? fuzz_seed_narrow(bytes) : fuzz_seed_wide(bytes);
}

static void
fuzz_look(const struct elf_file *elf, const struct elf_symbols *symbols, uint64_t address)
{
	const struct elf_symbol *symbol = elf_symbol_at(symbols, address, ELF_OBJECT);
	const struct elf_section *section = elf_section_at(elf, address);
	uint64_t bias;

	if (symbol)
		fuzz_expect(strlen(symbol->name) && address - symbol->address < symbol->bytes,
		    "a symbol that holds the address");
	if (section)
		fuzz_expect(strlen(section->name) < FUZZ_ROOM, "a name that ends");
	elf_segment_at(elf, address, PT_LOAD);
	elf_bias(elf, 0x10000, address, address & 1, &bias);
}

static void
fuzz_bytes(const uint8_t *bytes, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct elf_symbols symbols;
	struct elf_file elf;
	uint64_t from, to;

	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
		abort();
	if (elf_file_open(&elf, fd)) {
		elf_symbols_read(&symbols, &elf, NULL);
		elf_file_shut(&elf);
		for (uint64_t address = 0; address < 12288; address += 509)
			fuzz_look(&elf, &symbols, address);
		for (size_t i = 0; i < symbols.count; i++)
			fuzz_expect(elf_symbol_named(&symbols, symbols.list[i].name), "a symbol");
		if (elf_extent(&elf, &from, &to))
			fuzz_expect(from < to, "an extent");
		elf_symbols_release(&symbols);
		elf_file_close(&elf);
	}
}
