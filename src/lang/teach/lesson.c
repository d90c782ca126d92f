#include "config.h"
#include "lang/teach/lesson.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "lang/teach/lesson_make.h"

static void
free_blocks(struct lesson_block *blocks, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(blocks[i].text);
		free(blocks[i].marks);
	}
	free(blocks);
}

static void
free_part(struct lesson_part *part)
{
	free_blocks(part->blocks, part->block_count);
	for (size_t i = 0; i < part->command_count; i++)
		free(part->commands[i].text);
	free(part->commands);
	free(part->needs);
	for (size_t i = 0; i < part->answer_count; i++) {
		free(part->answers[i].text);
		free(part->answers[i].reason);
		free(part->answers[i].marks);
		free(part->answers[i].reason_marks);
	}
	free(part->answers);
}

void
lesson_free(struct lesson *lesson)
{
	for (size_t i = 0; i < lesson->part_count; i++)
		free_part(&lesson->parts[i]);
	free(lesson->parts);
	free(lesson->title);
	free(lesson->summary);
	*lesson = (struct lesson){0};
}

void
lesson_faults_free(struct lesson_faults *faults)
{
	for (size_t i = 0; i < faults->count; i++)
		free(faults->faults[i].text);
	free(faults->faults);
	*faults = (struct lesson_faults){0};
}

void
lesson_fault(struct lesson_faults *faults, int line, const char *format, ...)
{
	struct buf text = BUF_INIT;
	size_t at = faults->count;
	va_list ap;

	va_start(ap, format);
	buf_addv(&text, format, ap);
	va_end(ap);
	faults->faults = mem_resize(faults->faults, faults->count + 1, sizeof(*faults->faults));
	for (; at > 0 && faults->faults[at - 1].line > line; at--)
		faults->faults[at] = faults->faults[at - 1];
	faults->faults[at] = (struct lesson_fault){line, buf_take(&text)};
	faults->count++;
}

/* To be freed: without a byte order mark, each line ended by \n alone, whoever wrote the file. */
static char *
plain_lines(const char *text, size_t *length)
{
	size_t from = *length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0, end = 0;
	char *lines = mem_string_n(text + from, *length - from), *at = lines;

	for (size_t count = *length - from; count; count--, at++) {
		if (*at == '\r' && count > 1 && at[1] == '\n')
			continue;
		lines[end++] = (char)(*at == '\r' ? '\n' : *at);
	}
	lines[end] = '\0'; /* md4c may read the byte after the last one */
	*length = end;
	return lines;
}

static int
lesson_line_at(const char *text, size_t at)
{
	int line = 1;

	for (size_t i = 0; i < at; i++)
		line += text[i] == '\n';
	return line;
}

/* The first byte that isn't UTF-8; length: there is none. */
static size_t
not_utf8(const char *text, size_t length)
{
	size_t at = 0;

	while (at < length) {
		uint32_t code;
		size_t bytes = utf8_decode(text + at, length - at, &code);

		if (code == 0xfffd && bytes == 1)
			break;
		at += bytes;
	}
	return at;
}

/* Is it a text at all? */
static bool
is_text(const char *text, size_t length, struct lesson_faults *faults)
{
	const char *nul = length ? memchr(text, '\0', length) : NULL;
	size_t bad;

	if (nul) {
		lesson_fault(faults, lesson_line_at(text, (size_t)(nul - text)),
		    _("there is a NUL byte: a lesson is text"));
		return false;
	}
	bad = not_utf8(text, length);
	if (bad < length) {
		lesson_fault(faults, lesson_line_at(text, bad),
		    _("this is not UTF-8: save the file as UTF-8"));
		return false;
	}
	return true;
}

void
lesson_parse(struct lesson *lesson, const char *text, size_t length, struct lesson_faults *faults)
{
	char *lines;

	*lesson = (struct lesson){0};
	*faults = (struct lesson_faults){0};
	if (length > LESSON_BYTES_MAX) {
		lesson_fault(faults, 1, _("the file is too big for a lesson: %u KiB at most"),
		    (unsigned)(LESSON_BYTES_MAX >> 10));
		return;
	}
	lines = plain_lines(text, &length);
	if (is_text(lines, length, faults))
		lesson_check(lesson, lesson_make(lesson, lines, length, faults), faults);
	free(lines);
}
