#include "config.h"
#include "app/lab/past.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void
past_forget(struct past *past, size_t count)
{
	if (!count)
		return;
	for (size_t i = 0; i < count; i++)
		free(past->steps[i].command);
	past->count -= count;
	memmove(past->steps, past->steps + count, past->count * sizeof(*past->steps));
}

static void
past_note_lives(struct past_step *step, const struct snapshot *now)
{
	step->alive = step->stopped = step->waiting = 0;
	for (size_t i = 0; i < now->process_count; i++) {
		const struct process *process = &now->processes[i];
		uint16_t bit = (uint16_t)(1u << (process->name - 'a'));

		step->alive |= process->life != LIFE_DEAD ? bit : 0;
		step->stopped |= process->life == LIFE_STOPPED ? bit : 0;
		step->waiting |= process->waits ? bit : 0;
	}
}

void
past_add(struct past *past, const struct snapshot *now, unsigned processes)
{
	if (past->count == PAST_MAX)
		past_forget(past, PAST_MAX / 2);
	if ((past->count & (past->count - 1)) == 0)
		past->steps = mem_resize(
		    past->steps, past->count ? past->count * 2 : 1, sizeof(*past->steps));
	past->steps[past->count++] = (struct past_step){
	    .command = now->command ? mem_string(now->command) : NULL,
	    .step = now->step,
	    .lab = now->lab,
	    .kind = now->kind,
	    .pages = now->page_count,
	    .page_size = now->machine.page_size,
	    .one_vma = now->one_vma,
	    .processes = processes,
	};
	past_note_lives(&past->steps[past->count - 1], now);
}

void
past_look(struct past *past, const struct snapshot *now)
{
	if (past->count && past->steps[past->count - 1].step == now->step)
		past_note_lives(&past->steps[past->count - 1], now);
}

void
past_free(struct past *past)
{
	past_forget(past, past->count);
	free(past->steps);
	*past = (struct past){NULL, 0};
}

const struct past_step *
past_at(const struct past *past, uint32_t step)
{
	size_t index;

	if (!past->count || step < past->steps[0].step)
		return NULL;
	index = step - past->steps[0].step;
	return index < past->count ? &past->steps[index] : NULL;
}

const struct past_step *
past_lab(const struct past *past, uint32_t step)
{
	const struct past_step *first = past_at(past, step);

	while (first && first > past->steps && first[-1].lab == first->lab)
		first--;
	return first && (first > past->steps || first->step == 0) ? first : NULL;
}
