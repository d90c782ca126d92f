#include "config.h"
#include "blame/code/unwind_table.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

bool
unwind_kept_bytes(const struct unwind_state *state, uint64_t address, void *bytes, size_t size)
{
	uint64_t offset = address - state->kept_start;

	if (address < state->kept_start || offset > state->kept_bytes ||
	    size > state->kept_bytes - offset)
		return false;
	memcpy(bytes, state->kept + offset, size);
	return true;
}

#ifdef HAVE_LIBDW

#include <elfutils/libdw.h>

#include "blame/code/dwarf_value.h"

#define NONE 0xff
#define ENTRY_CODE 64 /* bytes: _start is shorter */

/* A machine's registers: for each DWARF number that of asm/perf_regs.h. */
struct unwind_machine {
	uint16_t machine;
	unsigned registers, stack, pc; /* pc: of asm/perf_regs.h */
	uint64_t kept;                 /* a bit for each that a call preserves */
	uint64_t code_bits;            /* of a code address; the others may be a signature */
	uint8_t of_perf[UNWIND_REGISTERS];
};

static const struct unwind_machine unwind_machines[] = {
    {EM_X86_64, 17, 7, 8, 1 << 3 | 1 << 6 | 0xf << 12, ~0ULL,
	{0, 3, 2, 1, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23, 8}},
    {EM_386, 9, 4, 8, 1 << 3 | 7 << 5, 0xffffffffULL, {0, 2, 3, 1, 7, 6, 4, 5, 8}},
    {EM_AARCH64, 32, 31, 32, 0x3ffULL << 19 | 1ULL << 29, (1ULL << 48) - 1,
	{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
	    25, 26, 27, 28, 29, 30, 31}},
};

static const struct unwind_machine *
unwind_machine(uint16_t machine)
{
	for (size_t i = 0; i < sizeof(unwind_machines) / sizeof(*unwind_machines); i++)
		if (unwind_machines[i].machine == machine)
			return &unwind_machines[i];
	return NULL;
}

static uint16_t
machine_of_fault(const struct fault *fault)
{
#if defined(__x86_64__)
	return fault->register_word == 4 ? EM_386 : EM_X86_64;
#elif defined(__i386__)
	(void)fault;
	return EM_386;
#elif defined(__aarch64__)
	return fault->register_word == 4 ? EM_NONE : EM_AARCH64;
#else
	(void)fault;
	return EM_NONE;
#endif
}

/* A fault's registers are consecutive, without those that were not requested. */
static bool
sampled_register(const struct fault *fault, unsigned number, uint64_t *value)
{
	uint64_t bit = 1ULL << number;

	if (!(fault->register_mask & bit))
		return false;
	*value = fault->registers[__builtin_popcountll(fault->register_mask & (bit - 1))];
	return true;
}

bool
unwind_begin(struct unwind_state *state, const struct fault *fault)
{
	const struct unwind_machine *machine;

	memset(state, 0, sizeof(*state));
	if (!fault->registers)
		return false;
	machine = unwind_machine(machine_of_fault(fault));
	if (!machine || !sampled_register(fault, machine->pc, &state->pc))
		return false;
	state->machine = machine->machine;
	state->exact = true;
	for (unsigned i = 0; i < machine->registers; i++)
		state->known[i] = sampled_register(fault, machine->of_perf[i], &state->value[i]);
	state->word = fault->register_word == 4 ? 4 : 8;
	state->kept_start = state->value[machine->stack];
	state->kept = fault->stack;
	state->kept_bytes = fault->stack_bytes;
	return state->known[machine->stack];
}

uint64_t
unwind_stack(const struct unwind_state *state)
{
	const struct unwind_machine *machine = unwind_machine(state->machine);

	return machine ? state->value[machine->stack] : 0;
}

bool
unwind_is_kept(const struct unwind_state *state, unsigned number)
{
	const struct unwind_machine *machine = unwind_machine(state->machine);

	return machine && number < UNWIND_REGISTERS && machine->kept >> number & 1;
}

struct unwind_table {
	const struct elf_file *image;
	Elf *elf;
	Dwarf_CFI *cfi;
};

/* Read, not mapped: the file may be truncated while it is used. */
struct unwind_table *
unwind_table_new(const struct elf_file *image)
{
	struct unwind_table table = {image, NULL, NULL};

	elf_version(EV_CURRENT);
	table.elf = image->fd < 0 ? elf_memory((char *)image->bytes, image->size)
				  : elf_begin(image->fd, ELF_C_READ, NULL);
	if (table.elf)
		table.cfi = dwarf_getcfi_elf(table.elf);
	if (table.cfi)
		return mem_copy(&table, sizeof(table));
	elf_end(table.elf);
	return NULL;
}

void
unwind_table_free(struct unwind_table *table)
{
	if (!table)
		return;
	dwarf_cfi_end(table->cfi);
	elf_end(table->elf);
	free(table);
}

static bool
frame_address(Dwarf_Frame *frame, const struct dwarf_place *place, uint64_t *cfa)
{
	Dwarf_Op *ops;
	size_t count;

	return dwarf_frame_cfa(frame, &ops, &count) == 0 && count &&
	    dwarf_compute(ops, count, place, cfa);
}

/* Of the caller. false: it is lost; *undefined if the frame says that there is none. */
static bool
caller_register(Dwarf_Frame *frame, unsigned number, const struct dwarf_place *place,
    uint64_t *value, bool *undefined)
{
	Dwarf_Op memory[3], *ops;
	size_t count;

	*undefined = false;
	if (dwarf_frame_register(frame, (int)number, memory, &ops, &count) != 0)
		return false;
	if (count)
		return dwarf_value_of(ops, count, place, value);
	*undefined = ops == memory;
	*value = place->state->value[number];
	return !*undefined && place->state->known[number];
}

/* A program's entry point has no caller, and mostly no frame that says so. */
static enum unwind_step
unwind_without_frame(const struct unwind_table *table, uint64_t address)
{
	return address >= table->image->entry && address - table->image->entry < ENTRY_CODE
	    ? UNWIND_BEGIN
	    : UNWIND_LOST;
}

static enum unwind_step
caller_state(Dwarf_Frame *frame, const struct unwind_machine *machine,
    const struct dwarf_place *place, unsigned returns, struct unwind_state *state)
{
	struct unwind_state caller = *state;
	bool undefined, ends = false;

	for (unsigned i = 0; i < machine->registers; i++) {
		caller.known[i] = caller_register(frame, i, place, &caller.value[i], &undefined);
		ends |= i == returns && undefined;
	}
	if (ends)
		return UNWIND_BEGIN;
	if (returns >= machine->registers || !caller.known[returns])
		return UNWIND_LOST;
	if (!caller.known[machine->stack])
		caller.value[machine->stack] = place->cfa;
	caller.known[machine->stack] = true;
	caller.pc = caller.value[returns] & machine->code_bits;
	*state = caller;
	return caller.pc ? UNWIND_CALLER : UNWIND_BEGIN;
}

enum unwind_step
unwind_caller(struct unwind_state *state, const struct unwind_table *table, uint64_t bias)
{
	const struct unwind_machine *machine = unwind_machine(state->machine);
	struct dwarf_place place = {state, 0, false};
	uint64_t address = state->pc - (state->exact ? 0 : 1) - bias;
	uint64_t stack = unwind_stack(state);
	enum unwind_step step = UNWIND_LOST;
	Dwarf_Frame *frame;
	bool signal = false;
	int returns;

	if (!machine || table->image->machine != machine->machine)
		return UNWIND_LOST;
	if (dwarf_cfi_addrframe(table->cfi, address, &frame) != 0)
		return unwind_without_frame(table, address);
	returns = dwarf_frame_info(frame, NULL, NULL, &signal);
	if (returns >= 0 && frame_address(frame, &place, &place.cfa)) {
		place.cfa_known = true;
		/* a stack grows down, but a signal's may be another one */
		if (signal || place.cfa > stack || (place.cfa == stack && state->exact))
			step = caller_state(frame, machine, &place, (unsigned)returns, state);
	}
	free(frame);
	state->exact = signal;
	return step;
}

#else

struct unwind_table *
unwind_table_new(const struct elf_file *image)
{
	(void)image;
	return NULL;
}

void
unwind_table_free(struct unwind_table *table)
{
	(void)table;
}

bool
unwind_begin(struct unwind_state *state, const struct fault *fault)
{
	(void)fault;
	memset(state, 0, sizeof(*state));
	return false;
}

enum unwind_step
unwind_caller(struct unwind_state *state, const struct unwind_table *table, uint64_t bias)
{
	(void)state;
	(void)table;
	(void)bias;
	return UNWIND_LOST;
}

uint64_t
unwind_stack(const struct unwind_state *state)
{
	(void)state;
	return 0;
}

bool
unwind_is_kept(const struct unwind_state *state, unsigned number)
{
	(void)state;
	(void)number;
	return false;
}

#endif
