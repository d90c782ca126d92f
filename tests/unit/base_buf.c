#include "config.h"
#include "base/buf.h"

#include <stdlib.h>

#include "tap.h"

static void
starts_empty(void)
{
	struct buf buf = BUF_INIT;
	char *taken;

	is_text(buf_text(&buf), "", "an untouched buffer is an empty string");
	taken = buf_take(&buf);
	is_text(taken, "", "taking it gives an empty string that can be freed");
	free(taken);
	buf_clear(&buf);
	is_text(buf_text(&buf), "", "clearing it is allowed");
	buf_free(&buf);
}

static void
grows(void)
{
	struct buf buf = BUF_INIT;

	buf_add(&buf, "one");
	buf_add_char(&buf, ' ');
	buf_addf(&buf, "%s %d", "two", 3);
	is_text(buf_text(&buf), "one two 3", "pieces follow each other");
	is_number(buf.length, 9, "length does not count the terminator");
	buf_clear(&buf);
	for (int i = 0; i < 1000; i++)
		buf_addf(&buf, "%04d", i);
	is_number(buf.length, 4000, "a thousand pieces");
	ok(memcmp(buf_text(&buf) + 3996, "0999", 5) == 0, "the last one is whole and terminated");
	buf_free(&buf);
	is_text(buf_text(&buf), "", "empty again after buf_free");
}

static void
long_format(void)
{
	struct buf buf = BUF_INIT;

	buf_add(&buf, "x");
	buf_addf(&buf, "%500s", "y");
	is_number(buf.length, 501, "a formatted piece longer than the room left");
	is_number(buf_text(&buf)[500], 'y', "arrives whole");
	buf_addf(&buf, "%s", "");
	is_number(buf.length, 501, "an empty one adds nothing");
	buf_free(&buf);
}

static void
holds_any_byte(void)
{
	struct buf buf = BUF_INIT;
	char *taken;

	buf_add_n(&buf, "a\0b", 3);
	is_number(buf.length, 3, "zero bytes count");
	ok(memcmp(buf_text(&buf), "a\0b", 4) == 0, "and are kept, with a terminator behind");
	buf_add_n(&buf, NULL, 0);
	is_number(buf.length, 3, "nothing may be added from nowhere");
	taken = buf_take(&buf);
	ok(memcmp(taken, "a\0b", 4) == 0, "taken as it was");
	is_number(buf.length, 0, "nothing is left behind");
	buf_add(&buf, "new");
	is_text(buf_text(&buf), "new", "the buffer can be used again");
	is_number(taken[2], 'b', "without touching what was taken");
	free(taken);
	buf_free(&buf);
}

int
main(void)
{
	starts_empty();
	grows();
	long_format();
	holds_any_byte();
	return done_testing();
}
