#include "config.h"
#include "model/lab/events_collect.h"

#include <errno.h>
#include <string.h>

void
events_of_doings(struct collector *collector, const struct process *old, const struct process *new)
{
	const struct doings *did = &old->did, *does = &new->did;

	if (new->waits && !old->waits)
		events_add(collector, EVENT_WAITING, new->name, EVENT_NO_PAGE);
	if (does->programs != did->programs)
		events_add(collector, EVENT_EXECUTED, new->name, EVENT_NO_PAGE);
	if (does->opens != did->opens)
		events_add(collector, EVENT_OPENED, new->name, EVENT_NO_PAGE);
	if (does->closed && !did->closed)
		events_add(collector, EVENT_CLOSED, new->name, EVENT_NO_PAGE);
	if (does->blocks != did->blocks)
		events_add(collector, EVENT_ALLOCATED, new->name, EVENT_NO_PAGE);
}

/* The letters r, w and x; a mapping that appears or goes is not a change of protection. */
void
events_of_protection(struct collector *collector, const struct process *old,
    const struct process *new, uint32_t number)
{
	const struct smaps *was = page_smaps(old, number), *is = page_smaps(new, number);
	struct event *event;

	if (!was || !is || strncmp(was->perms, is->perms, 3) == 0)
		return;
	event = events_add(collector, EVENT_PROTECTED, new->name, number);
	memcpy(event->old_perms, was->perms, sizeof(event->old_perms));
	memcpy(event->new_perms, is->perms, sizeof(event->new_perms));
}

void
events_of_lock(struct collector *collector, const struct act *act)
{
	if (act->signal || (act->errnum && act->errnum != EOWNERDEAD))
		return;
	if (act->verb == ACT_LOCK)
		events_add(collector, EVENT_LOCKED, act->process, act->page);
	if (act->verb == ACT_UNLOCK)
		events_add(collector, EVENT_UNLOCKED, act->process, act->page);
}

static void
events_doings_add_numbers(
    struct collector *collector, enum event_type type, uint64_t was, uint64_t is)
{
	struct event *event;

	if (was == is || was == COUNT_UNKNOWN || is == COUNT_UNKNOWN)
		return;
	event = events_add(collector, type, 0, EVENT_NO_PAGE);
	event->was = was;
	event->is = is;
}

void
events_of_file(struct collector *collector)
{
	events_doings_add_numbers(
	    collector, EVENT_RESIZED, collector->before->file_bytes, collector->now->file_bytes);
	events_doings_add_numbers(
	    collector, EVENT_NAMED, collector->before->file_links, collector->now->file_links);
}
