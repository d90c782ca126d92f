/*
 * Memory of a target on paper: bytes at an address, read as a decoder reads; how many reads it took
 * is counted, and what a read may not have (beyond the bytes) fails.
 */
#ifndef TESTS_PAPER_H
#define TESTS_PAPER_H

#include <stdlib.h>

#include "blame/data/decoder.h"

#define PAPER_BASE UINT64_C(0x7f0010000000) /* as every kind of heap is aligned */
#define PAPER_BYTES (256u * 1024)

struct paper {
	uint8_t *bytes; /* PAPER_BYTES */
	uint64_t reads;
};

static bool
paper_read(void *of, uint64_t address, void *bytes, size_t size)
{
	struct paper *paper = of;

	paper->reads++;
	if (address < PAPER_BASE || address - PAPER_BASE > PAPER_BYTES ||
	    size > PAPER_BYTES - (address - PAPER_BASE))
		return false;
	memcpy(bytes, paper->bytes + (address - PAPER_BASE), size);
	return true;
}

__attribute__((unused)) static struct memory_reader
paper_memory(struct paper *paper)
{
	return (struct memory_reader){paper_read, paper, 8};
}

__attribute__((unused)) static void
paper_put(struct paper *paper, uint64_t address, const void *bytes, size_t size)
{
	memcpy(paper->bytes + (address - PAPER_BASE), bytes, size);
}

__attribute__((unused)) static void
paper_word(struct paper *paper, uint64_t address, uint64_t word)
{
	paper_put(paper, address, &word, sizeof(word));
}

__attribute__((unused)) static void
paper_text(struct paper *paper, uint64_t address, const char *text)
{
	paper_put(paper, address, text, strlen(text) + 1);
}

/* An ELF file of these symbols, name and address, that is mapped where the symbols say. */
struct paper_module {
	struct module module;
	struct elf_file elf;
	struct elf_symbols symbols;
	struct elf_symbol list[8];
};

__attribute__((unused)) static void
paper_symbol(struct paper_module *paper, const char *name, uint64_t address)
{
	paper->module.elf = &paper->elf;
	paper->elf.word = 8;
	paper->module.symbols = &paper->symbols;
	paper->symbols.list = paper->list;
	paper->list[paper->symbols.count++] =
	    (struct elf_symbol){.name = name, .address = address, .bytes = 8, .kind = ELF_OBJECT};
}

__attribute__((unused)) static struct data_place
paper_place(const struct memory_reader *memory, uint64_t address)
{
	return (struct data_place){.memory = memory,
	    .address = address,
	    .start = PAPER_BASE,
	    .end = PAPER_BASE + PAPER_BYTES};
}

#endif
