/*
 * The tracepoint exceptions:page_fault_user, which tells the processor's error code: where a
 * tracefs is mounted and may be read. Nothing is mounted for it.
 */
#ifndef BLAME_EVENT_TRACEPOINT_H
#define BLAME_EVENT_TRACEPOINT_H

#include "blame/event/perf_record.h"

/* Its number for perf_event_open(2), and where its fields are. false: it is not to be had. */
bool tracepoint_find(uint64_t *config, struct trace_fields *fields);

/* Of the text of a format file. false: it does not have what is needed. */
bool tracepoint_parse_format(const char *text, struct trace_fields *fields);

#endif
