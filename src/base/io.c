#include "config.h"
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define CHUNK 65536
#define MARK "\xEF\xBB\xBF"

static bool
is_missing(int fd)
{
	return fcntl(fd, F_GETFD) < 0 && errno == EBADF;
}

void
io_claim_standard(void)
{
	/* Opened the wrong way round, so that using them is an error. */
	static const int modes[] = {O_WRONLY, O_RDONLY, O_RDWR};

	for (int fd = 0; fd <= 2; fd++)
		if (is_missing(fd) && open("/dev/null", modes[fd]) < 0)
			(void)!open("/", O_RDONLY | O_DIRECTORY);
}

/* Did it fail only because the descriptor is non-blocking or a signal came? Then waits for it. */
static bool
try_again(int fd, short events)
{
	struct pollfd polled = {fd, events, 0};

	if (errno == EINTR)
		return true;
	if (errno != EAGAIN && errno != EWOULDBLOCK)
		return false;
	return poll(&polled, 1, -1) >= 0 || errno == EINTR;
}

int
io_write(int fd, const void *data, size_t length)
{
	const char *at = data;

	while (length) {
		ssize_t written = write(fd, at, length);

		if (written < 0 && !try_again(fd, POLLOUT))
			return -1;
		if (written > 0) {
			at += written;
			length -= (size_t)written;
		}
	}
	return 0;
}

const char *
io_text_start(const char *text)
{
	return strncmp(text, MARK, IO_MARK_BYTES) == 0 ? text + IO_MARK_BYTES : text;
}

/* Drops the lines that were returned. */
static void
forget_given(struct io_lines *lines)
{
	struct buf *text = &lines->text;

	if (!lines->given)
		return;
	memmove(text->data, text->data + lines->given, text->length - lines->given);
	text->length -= lines->given;
	text->data[text->length] = '\0';
	lines->given = 0;
}

/* 0: something was read, or the end was reached; -1: an error. */
static int
read_more(struct io_lines *lines)
{
	char chunk[CHUNK];
	ssize_t count;

	do
		count = read(lines->fd, chunk, sizeof(chunk));
	while (count < 0 && try_again(lines->fd, POLLIN));
	if (count > 0)
		buf_add_n(&lines->text, chunk, (size_t)count);
	lines->ended = count == 0;
	return count < 0 ? -1 : 0;
}

static void
give_line(struct io_lines *lines, size_t end, char **line, size_t *length)
{
	bool first = !lines->begun;

	lines->begun = 1;
	*line = lines->text.data;
	*length = end;
	lines->given = end + (end < lines->text.length);
	lines->text.data[end] = '\0';
	if (first && io_text_start(*line) != *line) {
		*line += IO_MARK_BYTES;
		*length -= IO_MARK_BYTES;
	}
}

int
io_line(struct io_lines *lines, char **line, size_t *length)
{
	size_t searched = 0;

	forget_given(lines);
	for (;;) {
		char *end = lines->text.length > searched
		    ? memchr(lines->text.data + searched, '\n', lines->text.length - searched)
		    : NULL;

		if (end || (lines->ended && lines->text.length)) {
			give_line(lines,
			    end ? (size_t)(end - lines->text.data) : lines->text.length, line,
			    length);
			return 1;
		}
		if (lines->ended)
			return 0;
		searched = lines->text.length;
		if (read_more(lines) < 0)
			return -1;
	}
}

void
io_lines_free(struct io_lines *lines)
{
	buf_free(&lines->text);
}
