#include "config.h"
#include "blame/code/ruby_stack.h"

#include "blame/code/function_bounds.h"

#define FRAMES_LEAST 16 /* before a register is trusted */
#define OF_HUNDRED 95

/* A machine frame, and what is needed to examine it. */
struct ruby_frame {
	struct bytecodes *codes;
	struct bytecode_kind kind;
	struct ruby_code *ruby;
	uint64_t bias;
	struct memory_reader memory;
	const struct unwind_state *state;
	const struct bytecode
	    *held[UNWIND_REGISTERS]; /* by register; NULL: it isn't an instruction */
	unsigned count;
};

static bool
frame_iseq_read(
    const void *of, const struct memory_reader *memory, uint64_t object, struct bytecode *code)
{
	const struct ruby_frame *frame = of;

	return iseq_read(frame->ruby, memory, frame->bias, object, code);
}

/* The function that the first instruction of any iseq is an address in. */
static void
learn_what_runs(struct ruby_frame *frame, const struct code_mapping *mapping)
{
	struct ruby_code *ruby = frame->ruby;
	uint64_t first;

	if (!frame->codes->count)
		return;
	first = memory_word(&frame->memory, frame->codes->list[0].from) - frame->bias;
	if (first >= ruby->code && first < ruby->code_end)
		function_bounds(&mapping->module->image, first, &ruby->run, &ruby->run_end);
}

static void
frame_hold(struct ruby_frame *frame)
{
	frame->count = 0;
	for (unsigned i = 0; i < UNWIND_REGISTERS; i++) {
		frame->held[i] = frame->state->known[i] && unwind_is_kept(frame->state, i)
		    ? bytecode_at(
			  frame->codes, &frame->kind, &frame->memory, frame->state->value[i])
		    : NULL;
		frame->count += frame->held[i] != NULL;
	}
}

/* Learns from the frame. The register that held an instruction most often. */
static unsigned
learn_register(struct ruby_frame *frame)
{
	struct ruby_code *ruby = frame->ruby;
	unsigned best = 0;

	ruby->frames++;
	for (unsigned i = 0; i < UNWIND_REGISTERS; i++) {
		ruby->held[i] += frame->held[i] != NULL;
		if (ruby->held[i] > ruby->held[best])
			best = i;
	}
	return best;
}

/* The rule while the register is unknown: all hold the same instruction. */
static bool
all_agree(const struct ruby_frame *frame, unsigned best)
{
	for (unsigned i = 0; i < UNWIND_REGISTERS; i++)
		if (frame->held[i] && frame->state->value[i] != frame->state->value[best])
			return false;
	return true;
}

static bool
ruby_frame_line(struct ruby_frame *frame, struct code_line *line)
{
	const struct ruby_code *ruby = frame->ruby;
	unsigned best;

	if (!frame->count)
		return false;
	best = learn_register(frame);
	if (!frame->held[best])
		return false;
	if ((ruby->frames < FRAMES_LEAST || ruby->held[best] * 100 < ruby->frames * OF_HUNDRED) &&
	    !all_agree(frame, best))
		return false;
	return iseq_line(
	    ruby, &frame->memory, frame->bias, frame->held[best], frame->state->value[best], line);
}

/* New methods appear at run time. */
static void
frame_hold_again(struct ruby_frame *frame, struct suspect *suspect)
{
	frame_hold(frame);
	if (!frame->count && bytecodes_scan(frame->codes, &frame->kind, suspect))
		frame_hold(frame);
}

static bool
runs_at(const struct ruby_code *ruby, const struct code_stack *stack, size_t number, uint64_t bias)
{
	uint64_t pc = stack->ip[number] - (number ? 1 : 0) - bias;

	return pc >= ruby->run && pc < ruby->run_end;
}

/* vm_exec, which calls the function for every activation. If there are several callers, none is
 * known. */
static void
learn_what_calls(struct ruby_code *ruby, const struct code_mapping *mapping, uint64_t pc)
{
	if (!ruby->calls_end &&
	    !function_bounds(&mapping->module->image, pc, &ruby->calls, &ruby->calls_end))
		ruby->calls = ruby->calls_end = 1;
	if (pc < ruby->calls || pc >= ruby->calls_end)
		ruby->calls = ruby->calls_end = 1;
}

/* An activation without a frame that executes instructions: see the header. */
static bool
hides_method(struct ruby_code *ruby, const struct code_mapping *mapping,
    const struct code_stack *stack, uint64_t pc)
{
	bool ran = stack->count > 1 && runs_at(ruby, stack, stack->count - 2, mapping->bias);

	if (ran)
		learn_what_calls(ruby, mapping, pc);
	return !ran && pc >= ruby->calls && pc < ruby->calls_end;
}

bool
ruby_frame_told(struct code *code, struct suspect *suspect, const struct code_mapping *mapping,
    const struct unwind_state *state, struct code_stack *stack, bool told)
{
	struct ruby_code *ruby = &mapping->module->ruby;
	uint64_t pc = state->pc - (state->exact ? 0 : 1) - mapping->bias;
	struct ruby_frame frame = {
	    .ruby = ruby, .bias = mapping->bias, .memory = suspect_memory(suspect), .state = state};
	struct code_line line;

	frame.kind = (struct bytecode_kind){.mask = ISEQ_MASK,
	    .word = ISEQ_WORD,
	    .unit = ISEQ_UNIT,
	    .bounds = true,
	    .read = frame_iseq_read,
	    .of = &frame};
	frame.codes = bytecodes_of(&code->bytecode, ruby->version_at + mapping->bias);
	if (!ruby->run) {
		bytecodes_scan(frame.codes, &frame.kind, suspect);
		learn_what_runs(&frame, mapping);
	}
	if (!ruby->run)
		return false;
	if (pc < ruby->run || pc >= ruby->run_end)
		return told && !hides_method(ruby, mapping, stack, pc);
	frame_hold_again(&frame, suspect);
	if (!ruby_frame_line(&frame, &line))
		return false;
	if (told)
		code_stack_add(stack, &line);
	return told;
}
