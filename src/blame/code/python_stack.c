#include "config.h"
#include "blame/code/python_stack.h"

#include <string.h>

#define SLOTS_MOST 512

/* One machine frame, and what is needed to examine it. */
struct python_frame {
	struct bytecodes *codes;
	struct bytecode_kind kind;
	struct python *python;
	uint64_t bias;
	struct memory_reader memory;
	const struct unwind_state *state;
	uint64_t above; /* where its part of the stack ends */
	struct python_candidates found;
};

static bool
frame_code_read(
    const void *of, const struct memory_reader *memory, uint64_t object, struct bytecode *code)
{
	const struct python_frame *frame = of;

	return python_code_read(frame->python, memory, frame->bias, object, code);
}

static void
frame_candidate(struct python_frame *frame, unsigned place, uint64_t value)
{
	const struct bytecode *code;
	uint8_t opcode;

	if (frame->found.count == CANDIDATES_MOST)
		return;
	code = bytecode_at(frame->codes, &frame->kind, &frame->memory, value);
	if (code && memory_read(&frame->memory, value - 2, &opcode, sizeof(opcode)))
		frame->found.list[frame->found.count++] =
		    (struct python_candidate){place, code->object, value, opcode};
}

/* Registers that a call preserves; if the instruction itself faulted, all. */
static void
frame_registers(struct python_frame *frame)
{
	const struct unwind_state *state = frame->state;

	for (unsigned i = 0; i < UNWIND_REGISTERS; i++)
		if (state->known[i] && (state->exact || unwind_is_kept(state, i)))
			frame_candidate(frame, i, state->value[i]);
}

static void
frame_slots(struct python_frame *frame)
{
	uint64_t begin = unwind_stack(frame->state), value;

	for (unsigned i = 0; i < SLOTS_MOST; i++) {
		uint64_t address = begin + i * sizeof(value);

		if (address + sizeof(value) > frame->above)
			return;
		if (unwind_kept_bytes(frame->state, address, &value, sizeof(value)))
			frame_candidate(frame, PLACE_SLOT + i, value);
	}
}

static void
frame_look(struct python_frame *frame)
{
	frame->found.count = 0;
	frame_registers(frame);
	frame_slots(frame);
}

/* Code objects are created while it runs. */
static void
frame_look_again(struct python_frame *frame, struct suspect *suspect)
{
	frame_look(frame);
	if (!frame->found.count && (frame->found.runs || !frame->codes->complete) &&
	    bytecodes_scan(frame->codes, &frame->kind, suspect))
		frame_look(frame);
}

static bool
candidate_line(struct python_frame *frame, uint64_t object, uint64_t next, struct code_line *line)
{
	struct bytecode code;

	return python_code_read(frame->python, &frame->memory, frame->bias, object, &code) &&
	    python_code_line(frame->python, &frame->memory, frame->bias, &code, next, line);
}

/* Several instructions are possible, all in one function: the line is known if they have the
 * same. */
static bool
common_line(struct python_frame *frame, uint64_t object, struct code_line *line)
{
	struct code_line other;

	for (size_t i = 0; i < frame->found.count; i++) {
		const struct python_candidate *candidate = &frame->found.list[i];

		if (candidate->object == object &&
		    candidate_line(frame, object, candidate->next, &other) &&
		    strcmp(other.source, line->source) != 0)
			return candidate_line(frame, object, 0, line);
	}
	return true;
}

static bool
frame_line(struct python_frame *frame, struct code_line *line)
{
	bool sure;
	const struct python_candidate *next =
	    python_places_choose(&frame->python->places, &frame->found, &sure);

	return next && candidate_line(frame, next->object, next->next, line) &&
	    (sure || common_line(frame, next->object, line));
}

/* Parts that the compiler split off have a name of their own, or none. */
static bool
may_run_bytecode(const char *function)
{
	return !function[0] || strncmp(function, "_TAIL_CALL_", 11) == 0 ||
	    strncmp(function, "_PyEval_EvalFrameDefault.", 25) == 0;
}

bool
python_frame_told(struct code *code, struct suspect *suspect, const struct code_mapping *mapping,
    const struct unwind_state *state, uint64_t above, struct code_stack *stack, bool told)
{
	struct python *python = &mapping->module->python;
	struct python_frame frame = {.python = python,
	    .bias = mapping->bias,
	    .memory = suspect_memory(suspect),
	    .state = state,
	    .above = above};
	struct code_line line;

	frame.found.pc = state->pc - (state->exact ? 0 : 1) - mapping->bias;
	frame.found.frame = above - unwind_stack(state);
	frame.found.runs = frame.found.pc >= python->eval && frame.found.pc < python->eval_end;
	if (!frame.found.runs && !may_run_bytecode(stack->frames[stack->count - 1].function))
		return told;
	frame.kind = (struct bytecode_kind){.mask = ~0ULL,
	    .word = python->code_type + mapping->bias,
	    .word_at = 8,
	    .unit = 2,
	    .read = frame_code_read,
	    .of = &frame};
	frame.codes = bytecodes_of(&code->bytecode, frame.kind.word);
	frame_look_again(&frame, suspect);
	if (!frame_line(&frame, &line))
		return told && !frame.found.runs;
	if (told)
		code_stack_add(stack, &line);
	return told;
}
