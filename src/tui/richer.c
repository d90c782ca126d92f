#include "config.h"
#include "tui/richer.h"
#include "base/io.h"

#include <curses.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define ENOUGH 256
#define PATIENCE_MS 200
/* The last of 256 colours (xterm's OSC 4), the number of colours (XTGETTCAP), and a request that
 * every terminal answers, so its answer comes last. */
#define QUESTIONS \
	"\033]4;255;?\033\\" \
	"\033P+q436f\033\\" \
	"\033[c"
#define LAST_COLOR "\033]4;255;rgb:"
#define NUMBER "\033P1+r436f="
#define NUMBER_256 "323536"

static int
colors_of(const char *term)
{
	int found = 0, colors = -1;

	if (setupterm(term, STDOUT_FILENO, &found) != OK)
		return -1;
	colors = tigetnum("colors");
	del_curterm(cur_term);
	return colors;
}

static long
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The length of an answer that begins here: ESC ] or ESC P and their terminators, or ESC [ ? to c.
 * 0: there is none, or it is incomplete. */
static size_t
answer_length(const char *at)
{
	const char *end = NULL;

	if (strncmp(at, "\033]4;", 4) == 0 ||
	    (strncmp(at, "\033P", 2) == 0 && at[2] && strncmp(at + 3, "+r", 2) == 0)) {
		const char *ring = strchr(at, '\a');

		end = strstr(at, "\033\\");
		if (end)
			end++;
		if (ring && (!end || ring < end))
			end = ring;
	} else if (strncmp(at, "\033[?", 3) == 0) {
		end = at + 3 + strspn(at + 3, "0123456789;");
		end = *end == 'c' ? end : NULL;
	}
	return end ? (size_t)(end - at) + 1 : 0;
}

static bool
is_last(const char *answers)
{
	for (const char *at = strstr(answers, "\033[?"); at; at = strstr(at + 1, "\033[?"))
		if (answer_length(at))
			return true;
	return false;
}

static void
read_answers(char *answers, size_t room)
{
	long until = now_ms() + PATIENCE_MS, left;
	size_t length = 0;

	answers[0] = '\0';
	while (!is_last(answers) && length + 1 < room && (left = until - now_ms()) > 0) {
		struct pollfd fd = {STDIN_FILENO, POLLIN, 0};
		ssize_t count;

		if (poll(&fd, 1, (int)left) <= 0)
			continue;
		count = read(STDIN_FILENO, answers + length, room - 1 - length);
		if (count <= 0)
			return;
		length += (size_t)count;
		answers[length] = '\0';
	}
}

/* Whatever isn't an answer was typed. */
static void
keep_typed(struct richer_typed *typed, const char *answers)
{
	while (*answers) {
		size_t length = answer_length(answers);

		if (!length && typed->length < sizeof(typed->bytes))
			typed->bytes[typed->length++] = *answers;
		answers += length ? length : 1;
	}
}

static bool
asked_has_more(struct richer_typed *typed)
{
	struct termios before, raw;
	char answers[1024];

	if (tcgetattr(STDIN_FILENO, &before) < 0)
		return false;
	raw = before;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	raw.c_iflag &= ~(tcflag_t)(ICRNL | IXON);
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	if (io_write(STDOUT_FILENO, QUESTIONS, strlen(QUESTIONS)) == 0)
		read_answers(answers, sizeof(answers));
	else
		answers[0] = '\0';
	tcsetattr(STDIN_FILENO, TCSANOW, &before);
	keep_typed(typed, answers);
	return strstr(answers, LAST_COLOR) || strstr(answers, NUMBER NUMBER_256);
}

static bool
richer_has_more(const char *term, struct richer_typed *typed)
{
	const char *colorterm = getenv("COLORTERM");

	if (colorterm && *colorterm)
		return true;
	return strncmp(term, "xterm", 5) == 0 && asked_has_more(typed);
}

const char *
richer_term(const char *term, struct richer_typed *typed)
{
	static char richer[64];
	int colors = colors_of(term);

	typed->length = 0;
	if (colors < 8 || colors >= ENOUGH ||
	    (size_t)snprintf(richer, sizeof(richer), "%s-256color", term) >= sizeof(richer))
		return term;
	return colors_of(richer) >= ENOUGH && richer_has_more(term, typed) ? richer : term;
}
