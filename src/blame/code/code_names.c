#include "config.h"
#include "blame/code/code_names.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

#define NUMBER_ROOM 16

void
code_clean(char to[BLAME_NAME_MAX], const char *raw, size_t length, size_t room)
{
	struct buf clean = BUF_INIT;
	size_t size;

	utf8_clean(&clean, raw, length, false);
	size = strlen(buf_text(&clean));
	if (size > room)
		for (size = room; size && (buf_text(&clean)[size] & 0xc0) == 0x80;)
			size--;
	memcpy(to, buf_text(&clean), size);
	to[size] = '\0';
	buf_free(&clean);
}

/* Its base name; with the directory if every package has a file of that name. */
static const char *
short_path(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash && strncmp(slash + 1, "__", 2) == 0)
		while (slash > path && *--slash != '/')
			;
	return slash && *slash == '/' ? slash + 1 : path;
}

void
code_line_names(struct code_line *line, const char *function, const char *path, int64_t number)
{
	const char *name = short_path(path);
	size_t used;

	code_clean(line->function, function, strlen(function), BLAME_NAME_MAX - 1);
	code_clean(line->source, name, strlen(name), BLAME_NAME_MAX - NUMBER_ROOM);
	used = strlen(line->source);
	if (number > 0)
		snprintf(line->source + used, sizeof(line->source) - used, ":%d", (int)number);
}
