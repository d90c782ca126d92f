#include "config.h"
#include "out/picture/markdown.h"
#include "base/utf8.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static bool
markdown_is_special(char c)
{
	return c && strchr("\\`*_[]|~$", c);
}

/* Characters that have a meaning only at the start of a line; "1." too. */
static const char *
start_of_line(struct buf *out, const char *text)
{
	size_t digits;

	text += strspn(text, " \t");
	digits = strspn(text, "0123456789");
	if (digits && (text[digits] == '.' || text[digits] == ')'))
		buf_add_n(out, text, digits);
	else
		digits = 0;
	text += digits;
	if (*text && (digits || strchr("#+-=>:", *text))) {
		buf_add_char(out, '\\');
		buf_add_char(out, *text++);
	}
	return text;
}

static void
markdown_add_text(struct buf *out, const char *text)
{
	for (text = start_of_line(out, text); *text; text++) {
		if (*text == '<')
			buf_add(out, "&lt;");
		else if (*text == '&')
			buf_add(out, "&amp;");
		else if (markdown_is_special(*text))
			buf_addf(out, "\\%c", *text);
		else
			buf_add_char(out, *text);
	}
}

/* Up to the end of the line, without control characters; returns what follows. */
static const char *
clean_line(struct buf *out, const char *text)
{
	size_t length = strcspn(text, "\n");

	utf8_clean(out, text, length, false);
	return text[length] ? text + length + 1 : text + length;
}

static void
one_line(struct buf *out, const char *text)
{
	while (*text) {
		text = clean_line(out, text);
		if (*text)
			buf_add_char(out, ' ');
	}
}

void
markdown_line(struct buf *out, const char *text)
{
	struct buf line = BUF_INIT;

	one_line(&line, text);
	markdown_add_text(out, buf_text(&line));
	buf_free(&line);
}

void
markdown_paragraphs(struct buf *out, const char *text)
{
	struct buf line = BUF_INIT;

	while (*text) {
		buf_clear(&line);
		text = clean_line(&line, text);
		markdown_add_text(out, buf_text(&line));
		buf_add_char(out, '\n');
	}
	buf_free(&line);
}

static size_t
longest_run(const char *text)
{
	size_t longest = 0;

	while ((text = strchr(text, '`'))) {
		size_t run = strspn(text, "`");

		longest = run > longest ? run : longest;
		text += run;
	}
	return longest;
}

static void
add_run(struct buf *out, size_t count)
{
	while (count--)
		buf_add_char(out, '`');
}

/* The blanks are part of the format: they separate a backtick at either end. */
void
markdown_code(struct buf *out, const char *text)
{
	struct buf line = BUF_INIT;
	size_t run = longest_run(text);

	one_line(&line, text);
	add_run(out, run + 1);
	buf_addf(out, run ? " %s " : "%s", buf_text(&line));
	add_run(out, run + 1);
	buf_free(&line);
}

void
markdown_fenced(struct buf *out, const char *text)
{
	size_t run = longest_run(text), fence = run < 3 ? 3 : run + 1;

	add_run(out, fence);
	buf_add(out, "text\n");
	while (*text) {
		text = clean_line(out, text);
		buf_add_char(out, '\n');
	}
	add_run(out, fence);
	buf_add_char(out, '\n');
}

void
markdown_path(struct buf *out, const char *path)
{
	for (; *path; path++)
		if (isascii((unsigned char)*path) &&
		    (isalnum((unsigned char)*path) || strchr("-._~/", *path)))
			buf_add_char(out, *path);
		else
			buf_addf(out, "%%%02X", (unsigned char)*path);
}
