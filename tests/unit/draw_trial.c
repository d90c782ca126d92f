/* A file that is made in a child process: whole, or failed, or the child died of it. */
#include "config.h"

#include "draw/trial.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LARGE 1000000 /* bytes: more than a pipe holds */

static int
makes(struct buf *out, const struct drawing *drawing, struct err *err)
{
	(void)drawing;
	(void)err;
	for (int i = 0; i < LARGE; i++)
		buf_add_n(out, i == LARGE - 1 ? "\n" : "\0", 1);
	return 0;
}

static int
fails(struct buf *out, const struct drawing *drawing, struct err *err)
{
	(void)drawing;
	buf_add(out, "half");
	return err_set(err, ERR_MACHINE, "no font");
}

static int
dies(struct buf *out, const struct drawing *drawing, struct err *err)
{
	(void)drawing;
	(void)err;
	buf_add(out, "half");
	abort();
}

static int
leaves(struct buf *out, const struct drawing *drawing, struct err *err)
{
	(void)out;
	(void)drawing;
	(void)err;
	_exit(1);
}

int
main(void)
{
	struct buf out = BUF_INIT;
	struct err err = {0};
	bool died = true;

	buf_add(&out, "x");
	is_number(trial(makes, &out, NULL, &died, &err), 0, "a file is made");
	ok(!died && out.length == LARGE + 1 && out.data[0] == 'x' && out.data[LARGE] == '\n',
	    "it arrives whole, behind what was there");
	is_number(trial(fails, &out, NULL, &died, &err), -1, "who makes it may fail");
	ok(!died && err.kind == ERR_MACHINE, "and that is no death");
	is_text(err.text, "no font", "the reason arrives");
	err = (struct err){0};
	is_number(trial(dies, &out, NULL, &died, &err), -1, "who makes it may die");
	ok(died && err.kind == 0, "and that is no error");
	is_number(out.length, LARGE + 1, "nothing is appended by either");
	is_number(trial(leaves, &out, NULL, &died, &err), -1, "an end without a word is a failure");
	ok(!died && err.text[0], "with a reason");
	buf_free(&out);
	return done_testing();
}
