#include "config.h"
#include "app/complain.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

int
complain(const struct err *err)
{
	struct buf clean = BUF_INIT;

	utf8_clean(&clean, err->text, strlen(err->text), false);
	fprintf(stderr, "cowscope: %s\n", buf_text(&clean));
	buf_free(&clean);
	return err->kind;
}

void
clean_lines(struct buf *text)
{
	struct buf clean = BUF_INIT;
	const char *line = buf_text(text), *end;

	for (; (end = strchr(line, '\n')); line = end + 1) {
		utf8_clean(&clean, line, (size_t)(end - line), false);
		buf_add_char(&clean, '\n');
	}
	utf8_clean(&clean, line, strlen(line), false);
	buf_free(text);
	*text = clean;
}
