/*
 * How events are collected: shared by events.c, which compares pages and lives, and
 * events_doings.c, which compares what no page shows. Internal to these two.
 */
#ifndef MODEL_LAB_EVENTS_COLLECT_H
#define MODEL_LAB_EVENTS_COLLECT_H

#include "model/lab/events.h"

/* How the processes see one page of the file. */
struct seen {
	bool mapped;
	int8_t dirty; /* enum tri */
};

struct collector {
	struct events *events;
	size_t room;
	const struct snapshot *before, *now;
	/* for each page of the file, the first act that wrote it, or NULL */
	const struct act **writers;
	const struct seen *saw, *sees; /* of before, of now */
};

/* In the collector's list, valid until the next is added. */
struct event *events_add(
    struct collector *collector, enum event_type type, char process, uint32_t page);

void events_of_doings(
    struct collector *collector, const struct process *old, const struct process *new);
void events_of_protection(struct collector *collector, const struct process *old,
    const struct process *new, uint32_t number);
void events_of_lock(struct collector *collector, const struct act *act);
void events_of_file(struct collector *collector);

#endif
