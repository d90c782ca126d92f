/*
 * Sessions as programs: each command that has C is done by one, and only what its steps need is in
 * it. That they compile and do the same is tests/live/program.py's to show.
 */
#include "config.h"
#include "base/buf.h"
#include "lang/in_c/in_c.h"
#include "out/lab/c_program.h"
#include "command_list.h"
#include "tap.h"

#include <stdlib.h>

/* One for each command that changes a lab; the lab begins with a and b. */
static char *const commands[] = {"read a:2", "write a:2 \"*/ \\\"x\\\"\"", "sync a:1",
    "advise a:1 free", "protect a:1 read", "unmap a:1", "map a:1 of=pipe offset=4096",
    "copy a:1 load", "lock a:1", "unlock a:1", "alloc a 1M", "exec a", "exit a 2", "fork a",
    "spawn", "kill a", "file read 1", "file write 1 x", "file truncate 1 7", "file grow 3",
    "file sync", "file drop", "file link", "file open", "file close", "file unlink"};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
write_program(struct buf *out, struct past_step *steps, size_t count)
{
	c_program_write(out,
	    &(struct c_program){
		.steps = steps,
		.count = count,
		.name = "x*/.c",
		.software = "cowscope 0",
		.kernel = "Linux 0",
	    });
}

static void
fill_step(struct past_step *step, char *command, uint32_t number)
{
	*step = (struct past_step){
	    .command = command,
	    .step = number,
	    .kind = KIND_SHARED_FILE,
	    .pages = 10,
	    .page_size = 4096,
	    .processes = 2,
	    .alive = 3,
	};
}

static size_t
count_of(const char *text, const char *part)
{
	size_t count = 0;

	for (; (text = strstr(text, part)) != NULL; text++)
		count++;
	return count;
}

/* The step alone: the smallest program that has it. */
static void
test_command(char *command)
{
	struct past_step steps[2];
	struct buf out = BUF_INIT;
	const char *main_at;

	fill_step(&steps[0], NULL, 0);
	fill_step(&steps[1], command, 1);
	if (strncmp(command, "fork", 4) == 0 || strcmp(command, "spawn") == 0)
		steps[1].alive = 7;
	else if (strncmp(command, "kill", 4) == 0 || strncmp(command, "exit", 4) == 0)
		steps[1].alive = 2;
	write_program(&out, steps, 2);
	main_at = strstr(buf_text(&out), "\tstep(1, ");
	if (!ok(main_at != NULL, "%s: is a step", command))
		return;
	is_number(count_of(main_at, "\n"),
	    strcmp(command, "exit a 2") == 0 || strcmp(command, "kill a") == 0 ? 7 : 6,
	    "%s: its step is the command, the act, and what is shown", command);
	ok(strstr(main_at, "/*") == NULL || strstr(command, "*/") != NULL ||
		strcmp(command, "file unlink") == 0,
	    "%s: is done, not told to have no C", command);
	ok(strstr(buf_text(&out), "\n@ ") == NULL, "%s: no condition is left in it", command);
	buf_free(&out);
}

static bool
has_row(enum verb verb)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (line_has_verb(commands[i], verb))
			return true;
	return false;
}

static void
test_complete(void)
{
	for (int verb = 0; verb < VERB_COUNT; verb++)
		if (verb != VERB_LAB && verb != VERB_RESET && verb != VERB_WEIGH)
			ok(has_row((enum verb)verb) == !why_not_in_c((enum verb)verb),
			    "%s has a row here if it has C", command_defs[verb].name);
}

static void
test_whole(void)
{
	struct past_step steps[COMMANDS + 1];
	struct buf out = BUF_INIT;
	const char *end;

	for (size_t i = 0; i < COMMANDS + 1; i++)
		fill_step(&steps[i], i ? commands[i - 1] : NULL, (uint32_t)i);
	write_program(&out, steps, COMMANDS + 1);
	end = strstr(buf_text(&out), "*/");
	ok(end && end[2] == '\n', "nothing that a name holds ends the first comment");
	ok(strstr(buf_text(&out), "\tstep(2, \"write a:2 \\\"*/ \\\\\\\"x\\\\\\\"\\\"\");") != NULL,
	    "a command is a string of C");
	is_number(count_of(buf_text(&out), "\tshow();\n"), COMMANDS + 1,
	    "every step shows its pages, and the start");
	buf_free(&out);
}

/* What the second lab has is not written into the first; a lab without an act is left out. */
static void
test_labs(void)
{
	struct past_step steps[4];
	struct buf out = BUF_INIT;

	fill_step(&steps[0], NULL, 0);
	for (uint32_t i = 1; i < 4; i++) {
		fill_step(&steps[i], i == 3 ? "read a" : "lab private-anon", i);
		steps[i].kind = KIND_PRIVATE_ANON;
		steps[i].lab = i == 3 ? 2 : i;
	}
	write_program(&out, steps, 4);
	is_number(count_of(buf_text(&out), "lab.pages = "), 1, "only the last lab is started");
	is_number(count_of(buf_text(&out), "end_lab();"), 1, "and ended once");
	ok(strstr(buf_text(&out), "fork_off('a', 'b');") != NULL,
	    "anonymous memory is inherited by all but the first");
	ok(strstr(buf_text(&out), "make_file") == NULL, "no file is made for it");
	buf_free(&out);
}

int
main(void)
{
	for (size_t i = 0; i < COMMANDS; i++)
		test_command(commands[i]);
	test_complete();
	test_whole();
	test_labs();
	return done_testing();
}
