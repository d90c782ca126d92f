#include "config.h"
#include "blame/event/tracepoint.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const places[] = {
    "/sys/kernel/tracing/events/exceptions/page_fault_user",
    "/sys/kernel/debug/tracing/events/exceptions/page_fault_user",
};

static bool
read_trace_file(const char *place, const char *name, char *text, size_t room)
{
	char path[128];
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", place, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	got = read(fd, text, room - 1);
	close(fd);
	text[got > 0 ? got : 0] = '\0';
	return got > 0;
}

/* "field:unsigned long NAME;	offset:8;	size:8;" */
static bool
find_trace_field(const char *text, const char *name, uint16_t *offset)
{
	char wanted[32];
	unsigned at, size;
	const char *found;

	snprintf(wanted, sizeof(wanted), " %s;", name);
	found = strstr(text, wanted);
	if (!found || sscanf(found + strlen(wanted), " offset:%u; size:%u;", &at, &size) != 2 ||
	    size != sizeof(unsigned long) || at > UINT16_MAX)
		return false;
	*offset = (uint16_t)at;
	return true;
}

bool
tracepoint_parse_format(const char *text, struct trace_fields *fields)
{
	return find_trace_field(text, "address", &fields->address) &&
	    find_trace_field(text, "ip", &fields->ip) &&
	    find_trace_field(text, "error_code", &fields->error_code);
}

/* The meaning of the error code's bits is known for one processor. */
bool
tracepoint_find(uint64_t *config, struct trace_fields *fields)
{
#if defined(__x86_64__) || defined(__i386__)
	char number[32], format[2048];

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (read_trace_file(places[i], "id", number, sizeof(number)) &&
		    read_trace_file(places[i], "format", format, sizeof(format)) &&
		    tracepoint_parse_format(format, fields)) {
			*config = strtoull(number, NULL, 10);
			return true;
		}
#else
	(void)config;
	(void)fields;
	(void)read_trace_file;
	(void)places;
#endif
	return false;
}
