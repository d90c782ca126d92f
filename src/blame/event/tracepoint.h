/*
 * The tracepoint exceptions:page_fault_user, which gives the processor's error code: if a tracefs
 * is mounted and readable. Mounts nothing.
 */
#ifndef BLAME_EVENT_TRACEPOINT_H
#define BLAME_EVENT_TRACEPOINT_H

#include "blame/event/perf_record.h"

/* Its number for perf_event_open(2), and where its fields are. false: it isn't available. */
bool tracepoint_find(uint64_t *config, struct trace_fields *fields);

/* From the text of a format file. false: it lacks what is needed. */
bool tracepoint_parse_format(const char *text, struct trace_fields *fields);

#endif
