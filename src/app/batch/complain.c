#include "config.h"
#include "app/batch/complain.h"

#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/utf8.h"

void
say_aside(const struct buf *text)
{
	if (io_write(STDERR_FILENO, buf_text(text), text->length) < 0)
		return; /* there is nowhere to report it */
}

int
complain(const struct err *err)
{
	struct buf clean = BUF_INIT;

	buf_add(&clean, "cowscope: ");
	utf8_clean(&clean, err->text, strlen(err->text), false);
	buf_add_char(&clean, '\n');
	say_aside(&clean);
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
