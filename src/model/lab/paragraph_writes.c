#include "config.h"
#include "model/lab/paragraph.h"

#include "base/i18n.h"
#include "model/pagemap_bits.h"

/* A store that found a page of the file or shared memory: it wrote the frame that all share. */
static bool
wrote_through(const struct act *act)
{
	return act->verb == ACT_WRITE && !act->signal && pm_present(act->after) &&
	    act->after & PM_FILE;
}

/* The frame that the act left in place, or NULL. */
static const struct frame *
frame_of_act(const struct snapshot *now, const struct act *act)
{
	const struct process *process = snapshot_process(now, act->process);
	uint32_t index =
	    process && act->page < now->page_count ? process->pages[act->page].frame : FRAME_NONE;

	return index < now->frame_count ? &now->frames[index] : NULL;
}

/* A store that found a frame of the process's own, which it still has. */
static bool
wrote_own(const struct act *act)
{
	return act->verb == ACT_WRITE && !act->signal && pm_anonymous(act->before) &&
	    pm_exclusive(act->before) && pm_anonymous(act->after) &&
	    pm_pfn(act->before) == pm_pfn(act->after);
}

static bool
wrote_in_place(const struct snapshot *now, const struct act *act)
{
	const struct frame *frame = frame_of_act(now, act);

	return wrote_own(act) && frame && act_is_sure(act, frame);
}

static bool
may_have_copied(const struct snapshot *now, const struct act *act)
{
	const struct frame *frame = frame_of_act(now, act);

	return wrote_own(act) && frame && !act_is_sure(act, frame);
}

static void
say_wrote_through(struct paragraph *paragraph, const struct act *act)
{
	const struct process *process = snapshot_process(paragraph->now, act->process);
	uint32_t index = process ? process->pages[act->page].frame : FRAME_NONE;
	char name[FRAME_NAME_MAX], writer[2] = {act->process, '\0'};
	struct buf others = BUF_INIT;
	uint16_t set;

	if (index == FRAME_NONE)
		return;
	set = (uint16_t)(paragraph->now->frames[index].processes & ~(1u << (act->process - 'a')));
	names_of(&others, set);
	snapshot_frame_name(paragraph->now, index, name);
	paragraph_next(paragraph);
	if (set)
		buf_addf(paragraph->out,
		    NP_("%1$s wrote into %2$s itself, which %3$s maps too and sees at once.",
			"%1$s wrote into %2$s itself, which %3$s map too and see at once.",
			__builtin_popcount(set)),
		    writer, name, buf_text(&others));
	else
		buf_addf(paragraph->out, _("%1$s wrote into %2$s itself: nothing was copied."),
		    writer, name);
	buf_free(&others);
}

static void
say_wrote_own(struct paragraph *paragraph, const struct act *act)
{
	const struct frame *frame = frame_of_act(paragraph->now, act);
	char name[FRAME_NAME_MAX], writer[2] = {act->process, '\0'};

	paragraph_next(paragraph);
	if (wrote_in_place(paragraph->now, act))
		buf_addf(paragraph->out,
		    paragraph->counts[EVENT_COPIED]
			? _("%1$s has %2$s alone: the write went there and needed no copy.")
			: _("%1$s has %2$s alone: the write went there, nothing was copied."),
		    writer, frame_name(frame, name));
	else
		buf_addf(paragraph->out,
		    _("%1$s has %2$s alone: the write went there, or into a copy of it. Without PFNs that cannot be told after such "
		      "an advice, or swap."),
		    writer, frame_name(frame, name));
}

/* What was done by writes that changed no page table entry. */
void
paragraph_say_writes(struct paragraph *paragraph)
{
	size_t through = 0, in_place = 0, doubtful = 0;

	for (size_t i = 0; i < paragraph->now->act_count; i++) {
		through += wrote_through(&paragraph->now->acts[i]);
		doubtful += may_have_copied(paragraph->now, &paragraph->now->acts[i]);
		in_place += wrote_in_place(paragraph->now, &paragraph->now->acts[i]);
	}
	if (through > SINGLY)
		paragraph_say(paragraph,
		    _("The writes went into the shared frames themselves: whoever maps them sees the bytes at once."));
	if (in_place > SINGLY)
		paragraph_say(paragraph,
		    paragraph->counts[EVENT_COPIED]
			? _("The other writes went into frames that nobody else maps: they needed no copy.")
			: _("The writes went into frames that nobody else maps: nothing was copied."));
	if (doubtful > SINGLY)
		paragraph_say(paragraph,
		    _("Other writes went into frames that nobody else maps, or into copies of them: without PFNs this cannot be told "
		      "after such advice, or after swap."));
	for (size_t i = 0; i < paragraph->now->act_count; i++) {
		const struct act *act = &paragraph->now->acts[i];

		if (through <= SINGLY && wrote_through(act))
			say_wrote_through(paragraph, act);
		if ((in_place <= SINGLY && wrote_in_place(paragraph->now, act)) ||
		    (doubtful <= SINGLY && may_have_copied(paragraph->now, act)))
			say_wrote_own(paragraph, act);
	}
}
