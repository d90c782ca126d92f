/*
 * What a screen still has to do: command lines after the current one, and keys typed meanwhile. A
 * key's meaning depends on the commands before it, so keys are queued as keys.
 */
#ifndef APP_SCREEN_BACKLOG_H
#define APP_SCREEN_BACKLOG_H

#include <stdbool.h>
#include <stddef.h>

#define BACKLOG_LINES_MAX 64
#define BACKLOG_KEYS_MAX 512
#define BACKLOG_KEY_BYTES 16

struct backlog {
	char *lines[BACKLOG_LINES_MAX];
	size_t line_count;
	char keys[BACKLOG_KEYS_MAX][BACKLOG_KEY_BYTES];
	size_t key_count;
};

/* Copied; what exceeds the limit is dropped. */
void backlog_first(struct backlog *backlog, const char *line);
void backlog_last(struct backlog *backlog, const char *line);
void backlog_key(struct backlog *backlog, const char *key);

char *backlog_take_line(struct backlog *backlog); /* The caller frees it; NULL: there is none */
bool backlog_take_key(struct backlog *backlog, char key[BACKLOG_KEY_BYTES]);
void backlog_clear_lines(struct backlog *backlog);

#endif
