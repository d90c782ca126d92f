#include "config.h"
#include "app/screen/backlog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void
insert(struct backlog *backlog, size_t at, const char *line)
{
	if (backlog->line_count == BACKLOG_LINES_MAX)
		return;
	memmove(backlog->lines + at + 1, backlog->lines + at,
	    (backlog->line_count - at) * sizeof(*backlog->lines));
	backlog->lines[at] = mem_string(line);
	backlog->line_count++;
}

void
backlog_first(struct backlog *backlog, const char *line)
{
	insert(backlog, 0, line);
}

void
backlog_last(struct backlog *backlog, const char *line)
{
	insert(backlog, backlog->line_count, line);
}

void
backlog_key(struct backlog *backlog, const char *key)
{
	if (backlog->key_count < BACKLOG_KEYS_MAX)
		snprintf(backlog->keys[backlog->key_count++], BACKLOG_KEY_BYTES, "%s", key);
}

char *
backlog_take_line(struct backlog *backlog)
{
	char *line = backlog->line_count ? backlog->lines[0] : NULL;

	if (!line)
		return NULL;
	backlog->line_count--;
	memmove(backlog->lines, backlog->lines + 1, backlog->line_count * sizeof(*backlog->lines));
	return line;
}

bool
backlog_take_key(struct backlog *backlog, char key[BACKLOG_KEY_BYTES])
{
	if (!backlog->key_count)
		return false;
	memcpy(key, backlog->keys[0], BACKLOG_KEY_BYTES);
	backlog->key_count--;
	memmove(backlog->keys, backlog->keys + 1, backlog->key_count * sizeof(backlog->keys[0]));
	return true;
}

void
backlog_clear_lines(struct backlog *backlog)
{
	while (backlog->line_count)
		free(backlog->lines[--backlog->line_count]);
}
