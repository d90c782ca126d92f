#include "config.h"

#include <string.h>

#include "blame/code/code_private.h"
#include "blame/code/python_stack.h"
#include "blame/code/ruby_stack.h"
#include "blame/code/unwind_table.h"

static const struct unwind_table *
table_of_module(struct code_module *module)
{
	if (!module->unwind_read)
		module->unwind = unwind_table_new(&module->image);
	module->unwind_read = true;
	return module->unwind;
}

static bool
module_is_python(struct code *code, struct code_module *module)
{
	if (!module->python_read)
		python_recognize(
		    &module->python, &module->image, code_module_symbols(&code->modules, module));
	module->python_read = true;
	return module->python.layout != NULL;
}

static bool
module_is_ruby(struct code *code, struct code_module *module)
{
	if (!module->ruby_read)
		ruby_code_recognize(
		    &module->ruby, &module->image, code_module_symbols(&code->modules, module));
	module->ruby_read = true;
	return module->ruby.layout != NULL;
}

void
code_stack_add(struct code_stack *stack, const struct code_line *line)
{
	const struct code_line *last =
	    stack->line_count ? &stack->lines[stack->line_count - 1] : NULL;

	if (stack->line_count < STACK_FRAMES &&
	    (!last || strcmp(last->function, line->function) != 0 ||
		strcmp(last->source, line->source) != 0))
		stack->lines[stack->line_count++] = *line;
}

static enum unwind_step
stack_step(struct code *code, struct suspect *suspect, struct unwind_state *state,
    struct code_stack *stack, bool *lines)
{
	const struct code_mapping *mapping =
	    code_mapping_of(code, suspect, state->pc - (state->exact ? 0 : 1));
	const struct unwind_table *table = mapping ? table_of_module(mapping->module) : NULL;
	struct unwind_state frame = *state;
	enum unwind_step step = table ? unwind_caller(state, table, mapping->bias) : UNWIND_LOST;

	if (mapping && module_is_python(code, mapping->module))
		*lines = python_frame_told(code, suspect, mapping, &frame,
		    step == UNWIND_CALLER ? unwind_stack(state) : unwind_stack(&frame), stack,
		    *lines);
	if (mapping && module_is_ruby(code, mapping->module))
		*lines = ruby_frame_told(code, suspect, mapping, &frame, stack, *lines);
	return step;
}

bool
code_unwind(
    struct code *code, struct suspect *suspect, const struct fault *fault, struct code_stack *stack)
{
	struct unwind_state state;
	enum unwind_step step = UNWIND_CALLER;
	bool lines = true; /* none is missing so far */

	stack->count = stack->line_count = 0;
	stack->whole = false;
	if (!unwind_begin(&state, fault))
		return false;
	while (step == UNWIND_CALLER && stack->count < STACK_FRAMES) {
		stack->ip[stack->count] = state.pc;
		code_place_at(code, suspect, state.pc, !state.exact, &stack->frames[stack->count]);
		stack->count++;
		step = stack_step(code, suspect, &state, stack, &lines);
	}
	stack->whole = step == UNWIND_BEGIN;
	return true;
}
