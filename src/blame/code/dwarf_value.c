#include "config.h"
#include "blame/code/dwarf_value.h"

#ifdef HAVE_LIBDW

#include <dwarf.h>
#include <string.h>

#define DEPTH 32

struct dwarf_stack {
	const struct dwarf_place *place;
	uint64_t value[DEPTH];
	size_t count;
};

/* Only memory that was recorded with the fault. */
static bool
dwarf_memory(const struct dwarf_place *place, uint64_t address, size_t size, uint64_t *value)
{
	union {
		uint8_t bytes[8];
		uint16_t half;
		uint32_t word;
		uint64_t whole;
	} read = {{0}};

	if (size > sizeof(read) || !unwind_kept_bytes(place->state, address, &read, size))
		return false;
	*value = size == 1 ? read.bytes[0]
	    : size == 2    ? read.half
	    : size == 4    ? read.word
			   : read.whole;
	return size == 1 || size == 2 || size == 4 || size == 8;
}

static bool
dwarf_register(const struct dwarf_place *place, uint64_t number, uint64_t *value)
{
	if (number >= UNWIND_REGISTERS || !place->state->known[number])
		return false;
	*value = place->state->value[number];
	return true;
}

static bool
dwarf_push(struct dwarf_stack *stack, uint64_t value)
{
	if (stack->count == DEPTH)
		return false;
	stack->value[stack->count++] = stack->place->state->word == 4 ? (uint32_t)value : value;
	return true;
}

static bool
dwarf_copy(struct dwarf_stack *stack, uint64_t from_top)
{
	return from_top < stack->count &&
	    dwarf_push(stack, stack->value[stack->count - 1 - from_top]);
}

static bool
dwarf_push_register(struct dwarf_stack *stack, uint64_t number, uint64_t offset)
{
	uint64_t value;

	return dwarf_register(stack->place, number, &value) && dwarf_push(stack, value + offset);
}

static bool
dwarf_one(struct dwarf_stack *stack, const Dwarf_Op *op)
{
	uint64_t *top, read;

	if (!stack->count)
		return false;
	top = &stack->value[stack->count - 1];
	switch (op->atom) {
	case DW_OP_deref:
		if (!dwarf_memory(stack->place, *top, stack->place->state->word, &read))
			return false;
		*top = read;
		return true;
	case DW_OP_deref_size:
		if (!dwarf_memory(stack->place, *top, op->number, &read))
			return false;
		*top = read;
		return true;
	case DW_OP_plus_uconst:
		*top += op->number;
		return true;
	case DW_OP_neg:
		*top = -*top;
		return true;
	case DW_OP_not:
		*top = ~*top;
		return true;
	case DW_OP_drop:
		stack->count--;
		return true;
	}
	return false;
}

static bool
dwarf_compare(unsigned atom, int64_t a, int64_t b, uint64_t *value)
{
	switch (atom) {
	case DW_OP_eq:
		*value = a == b;
		return true;
	case DW_OP_ne:
		*value = a != b;
		return true;
	case DW_OP_ge:
		*value = a >= b;
		return true;
	case DW_OP_gt:
		*value = a > b;
		return true;
	case DW_OP_le:
		*value = a <= b;
		return true;
	case DW_OP_lt:
		*value = a < b;
		return true;
	}
	return false;
}

static bool
dwarf_reckon(unsigned atom, uint64_t a, uint64_t b, uint64_t *value)
{
	switch (atom) {
	case DW_OP_and:
		*value = a & b;
		return true;
	case DW_OP_or:
		*value = a | b;
		return true;
	case DW_OP_xor:
		*value = a ^ b;
		return true;
	case DW_OP_plus:
		*value = a + b;
		return true;
	case DW_OP_minus:
		*value = a - b;
		return true;
	case DW_OP_mul:
		*value = a * b;
		return true;
	case DW_OP_shl:
		*value = b < 64 ? a << b : 0;
		return true;
	case DW_OP_shr:
		*value = b < 64 ? a >> b : 0;
		return true;
	}
	return dwarf_compare(atom, (int64_t)a, (int64_t)b, value);
}

static bool
dwarf_two(struct dwarf_stack *stack, unsigned atom)
{
	uint64_t value;

	if (stack->count < 2 ||
	    !dwarf_reckon(
		atom, stack->value[stack->count - 2], stack->value[stack->count - 1], &value))
		return false;
	stack->count -= 2;
	return dwarf_push(stack, value);
}

static bool
dwarf_constant(struct dwarf_stack *stack, const Dwarf_Op *op)
{
	switch (op->atom) {
	case DW_OP_const1u:
	case DW_OP_const1s:
	case DW_OP_const2u:
	case DW_OP_const2s:
	case DW_OP_const4u:
	case DW_OP_const4s:
	case DW_OP_const8u:
	case DW_OP_const8s:
	case DW_OP_constu:
	case DW_OP_consts:
		return dwarf_push(stack, op->number);
	case DW_OP_dup:
		return dwarf_copy(stack, 0);
	case DW_OP_over:
		return dwarf_copy(stack, 1);
	case DW_OP_pick:
		return dwarf_copy(stack, op->number);
	case DW_OP_bregx:
		return dwarf_push_register(stack, op->number, op->number2);
	case DW_OP_call_frame_cfa:
		return stack->place->cfa_known && dwarf_push(stack, stack->place->cfa);
	}
	return false;
}

static bool
dwarf_operation(struct dwarf_stack *stack, const Dwarf_Op *op)
{
	if (op->atom >= DW_OP_lit0 && op->atom <= DW_OP_lit31)
		return dwarf_push(stack, op->atom - DW_OP_lit0);
	if (op->atom >= DW_OP_breg0 && op->atom <= DW_OP_breg31)
		return dwarf_push_register(stack, op->atom - DW_OP_breg0, op->number);
	return dwarf_constant(stack, op) || dwarf_one(stack, op) || dwarf_two(stack, op->atom);
}

bool
dwarf_compute(const Dwarf_Op *ops, size_t count, const struct dwarf_place *place, uint64_t *value)
{
	struct dwarf_stack stack = {.place = place};

	for (size_t i = 0; i < count; i++)
		if (!dwarf_operation(&stack, &ops[i]))
			return false;
	if (!stack.count)
		return false;
	*value = stack.value[stack.count - 1];
	return true;
}

bool
dwarf_value_of(const Dwarf_Op *ops, size_t count, const struct dwarf_place *place, uint64_t *value)
{
	uint64_t address;

	if (count == 1 && ops->atom >= DW_OP_reg0 && ops->atom <= DW_OP_reg31)
		return dwarf_register(place, ops->atom - DW_OP_reg0, value);
	if (count == 1 && ops->atom == DW_OP_regx)
		return dwarf_register(place, ops->number, value);
	if (ops[count - 1].atom == DW_OP_stack_value)
		return dwarf_compute(ops, count - 1, place, value);
	return dwarf_compute(ops, count, place, &address) &&
	    dwarf_memory(place, address, place->state->word, value);
}

#endif
