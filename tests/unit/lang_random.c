/*
 * Twenty thousand lines of random tokens, the same in every run.
 */
#include "config.h"
#include "base/buf.h"
#include "lang/command.h"
#include "tap.h"

static const char *const tokens[] = {"read", "write", "sync", "advise", "protect", "fork", "spawn",
    "kill", "file", "file write", "lab", "show", "expect", "capture", "select", "view", "prompt",
    "help", "quit", "a", "b:2", "a:", ":", "@", "@:7", "@:@", "all", "all:*", "file:2", "abc:0-4",
    "a:5-2", "a:4096", "a:1,2,3", ",", "-", "*", "*:*", "a:*,1", "a:99999999999999999999", "0", "4",
    "4096", "4097", "dontneed", "dontnead", "none", "read+write", "read+", "+", "async", "KILL",
    "SIGSTOP", "99", "private-file", "pages=3", "pages=", "processes=99", "=", "state", "frames",
    "next", "page-up", "not", "copied", "mapped_by=2", "frame=F2", "content=\"x\"",
    "content=", "faulted=SIGBUS", "\"", "\"\"", "\"a b\"", "\"\\x00\"", "\"\\x4", "\\", "\"\\\"",
    "#", ";", ";;", "\n", "\t", " ", "\303\251", "\377", "\342\202", "\033[31m", "\xe2\x80\xae",
    "%s%n", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"};

static uint32_t
next_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*state >> 33);
}

static void
random_line(struct buf *line, uint64_t *state)
{
	uint32_t count = next_random(state) % 10;

	buf_clear(line);
	while (count--) {
		buf_add(line, tokens[next_random(state) % (sizeof(tokens) / sizeof(tokens[0]))]);
		if (next_random(state) % 4)
			buf_add_char(line, ' ');
	}
}

static bool
one_line(const char *text)
{
	if (!text[0])
		return false;
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7F)
			return false;
	return true;
}

static bool
parses_or_says_why(const char *line)
{
	const char *at = line;

	for (;;) {
		struct command command;
		struct err err = {0};
		const char *before = at;
		int result = command_parse(&command, &at, &err);

		if (result == 0)
			return true;
		if (at <= before || at > line + strlen(line))
			return false;
		if (result == -1 && (!one_line(err.text) || err.kind != ERR_USAGE))
			return false;
		if (result == 1) {
			bool whole = command.def && command.source && command.source[0];

			command_free(&command);
			if (!whole)
				return false;
		}
	}
}

static bool
completes(const char *line)
{
	static const struct vocabulary vocabulary = {.processes = 7, .pages = 10};
	struct completion completion;
	bool sound;

	complete(&completion, line, &vocabulary);
	sound = completion.start <= strlen(line) && completion.hint && completion.words &&
	    !completion.words[completion.count];
	for (size_t i = 1; i < completion.count; i++)
		sound = sound && strcmp(completion.words[i - 1], completion.words[i]) < 0;
	completion_free(&completion);
	return sound;
}

int
main(void)
{
	struct buf line = BUF_INIT;
	uint64_t state = 2026;
	int wrong = 0;

	for (int i = 0; i < 20000; i++) {
		random_line(&line, &state);
		if (!parses_or_says_why(buf_text(&line)) || !completes(buf_text(&line))) {
			printf("# %s\n", buf_text(&line));
			wrong++;
		}
	}
	is_number(wrong, 0, "20000 random lines parse or say in one line why not");
	buf_free(&line);
	return done_testing();
}
