#include "config.h"
#include "tui/edit.h"
#include "tap.h"

static const struct vocabulary three = {.processes = 7, .pages = 10};

/* Keys divided by blanks. */
static enum edit_result
keys(struct edit *edit, const char *list)
{
	enum edit_result result = EDIT_GOES_ON;
	char key[32];
	int used;

	while (sscanf(list, " %31s%n", key, &used) == 1) {
		result = edit_key(edit, key, &three);
		list += used;
	}
	return result;
}

static void
state(const struct edit *edit, const char *text, size_t cursor, const char *what)
{
	is_text(edit_text(edit), text, "%s", what);
	is_number(edit_cursor(edit), cursor, "%s: the cursor", what);
}

static void
test_typing(void)
{
	struct edit *edit = edit_new();

	edit_start(edit, "");
	state(edit, "", 0, "an empty prompt");
	keys(edit, "r e d Left a Space");
	state(edit, "rea d", 4, "typing in the middle");
	keys(edit, "Backspace Right Backspace Home Delete End x Ctrl-A Ctrl-D");
	state(edit, "ax", 0, "taking away at both sides");
	edit_key(edit, " ", &three);
	keys(edit, "F5 PgUp Insert");
	state(edit, " ax", 1, "a blank by itself; other keys do nothing");
	edit_start(edit, "write a:2 hello");
	state(edit, "write a:2 hello", 15, "opened with a text");
	keys(edit, "Ctrl-W");
	state(edit, "write a:2 ", 10, "a word back");
	keys(edit, "Ctrl-W");
	state(edit, "write ", 6, "another, with its blank");
	keys(edit, "b Left Left Ctrl-K");
	state(edit, "write", 5, "the rest is gone");
	keys(edit, "Left Ctrl-U");
	state(edit, "e", 0, "the start is gone");
	keys(edit, "Left Backspace Right Right");
	state(edit, "e", 1, "the ends hold");
	edit_free(edit);
}

static void
paste(struct edit *edit, const char *text)
{
	char key[16];

	for (; *text; text++) {
		snprintf(key, sizeof(key),
		    *text == '\n'      ? "Paste Enter"
			: *text == ' ' ? "Paste Space"
				       : "Paste %c",
		    *text);
		is_number(edit_key(edit, key, &three), EDIT_GOES_ON, "what is pasted runs nothing");
	}
}

static void
test_paste(void)
{
	struct edit *edit = edit_new();

	edit_start(edit, "");
	paste(edit, "\nread a:1\n\nwrite a:2\n");
	state(edit, "read a:1; write a:2", 19, "lines become commands of one line");
	keys(edit, "Home Right");
	paste(edit, "x");
	state(
	    edit, "r; xead a:1; write a:2", 4, "as text does, at the cursor, behind a line's end");
	edit_start(edit, "");
	paste(edit, "# what it does\nread a:1 # and why\nwrite a:1 \"# 1\"\nwrite a:#\n");
	state(edit, "read a:1 ; write a:1 \"# 1\"; write a:#", 37,
	    "comments go, what only looks like one stays");
	edit_start(edit, "");
	keys(edit, "a");
	state(edit, "a", 1, "a new prompt remembers no line's end");
	ok(edit_pasted("Paste q") && !edit_pasted("q") && !edit_pasted("PgUp"),
	    "is told from keys");
	edit_free(edit);
}

static void
test_quotes(void)
{
	struct edit *edit = edit_new();

	edit_start(edit, "write a:2 \"");
	keys(edit, "h i Enter");
	is_text(edit_text(edit), "write a:2 \"hi\"", "Enter closes the quote that W opens");
	edit_start(edit, "write a:2 \"x\\\"y");
	keys(edit, "Enter");
	is_text(edit_text(edit), "write a:2 \"x\\\"y\"", "one that is escaped closes none");
	edit_start(edit, "write a:2 \"x\" # it's \" here");
	keys(edit, "Enter");
	is_text(edit_text(edit), "write a:2 \"x\" # it's \" here", "nor does a comment open one");
	edit_free(edit);
}

static void
test_utf8(void)
{
	struct edit *edit = edit_new();

	edit_start(edit, "");
	keys(edit, "a \303\251 \344\270\255 e \314\201");
	state(edit, "a\303\251\344\270\255e\314\201", 9, "characters of several bytes");
	keys(edit, "Left");
	is_number(edit_cursor(edit), 6, "a combining character goes with its base");
	keys(edit, "Left");
	is_number(edit_cursor(edit), 3, "a wide one is one");
	keys(edit, "Backspace");
	state(edit, "a\344\270\255e\314\201", 1, "one character back");
	keys(edit, "Right Delete");
	state(edit, "a\344\270\255", 4, "a character with its accent");
	edit_key(edit, "\033", &three);
	edit_key(edit, "\342\200\256", &three);
	edit_key(edit, "\377", &three);
	edit_key(edit, "", &three);
	state(edit, "a\344\270\255", 4, "what must not reach a terminal is not typed");
	edit_free(edit);
}

static void
test_ends(void)
{
	struct edit *edit = edit_new();

	edit_start(edit, "");
	is_number(keys(edit, "a Backspace"), EDIT_GOES_ON, "the last character back goes on");
	is_number(keys(edit, "Backspace"), EDIT_CANCELLED, "one more cancels");
	is_number(keys(edit, "a Esc"), EDIT_CANCELLED, "Esc cancels");
	is_number(keys(edit, "a Ctrl-C"), EDIT_CANCELLED, "Ctrl-C cancels");
	edit_start(edit, "quit");
	is_number(keys(edit, "Enter"), EDIT_DONE, "Enter is done");
	is_text(edit_text(edit), "quit", "and the line is there");
	edit_free(edit);
	edit_free(NULL);
}

static void
enter(struct edit *edit, const char *text)
{
	edit_start(edit, text);
	edit_key(edit, "Enter", &three);
}

static void
test_history(void)
{
	struct edit *edit = edit_new();

	edit_start(edit, "x");
	keys(edit, "Up Down");
	state(edit, "x", 1, "nothing to recall");
	enter(edit, "one");
	enter(edit, "two");
	enter(edit, "two");
	enter(edit, "  ");
	enter(edit, "three");
	edit_start(edit, "new");
	keys(edit, "Up");
	state(edit, "three", 5, "the last one");
	keys(edit, "Up");
	is_text(edit_text(edit), "two", "the one before");
	keys(edit, "Up Up Up");
	is_text(edit_text(edit), "one", "equal neighbours and blank lines are not kept");
	keys(edit, "Down Down");
	is_text(edit_text(edit), "three", "back down");
	keys(edit, "x Down Down");
	state(edit, "new", 3, "and to what was being typed");
	for (int i = 0; i < 300; i++) {
		char line[32];

		snprintf(line, sizeof(line), "line %d", i);
		enter(edit, line);
	}
	edit_start(edit, "");
	for (int i = 0; i < 300; i++)
		edit_key(edit, "Up", &three);
	is_text(edit_text(edit), "line 100", "two hundred lines are kept");
	edit_free(edit);
}

static void
test_completion(void)
{
	struct edit *edit = edit_new();

	edit_start(edit, "wr");
	keys(edit, "Tab");
	state(edit, "write ", 6, "the only word, and a blank");
	is_text(edit_hint(edit, &three), "@  a:  all  b:  c:", "what comes next");
	keys(edit, "b Tab");
	state(edit, "write b:", 8, "no blank where more follows");
	keys(edit, "2 Space");
	is_text(edit_hint(edit, &three), "[TEXT]", "what is expected where there is no list");

	edit_start(edit, "advise a do");
	keys(edit, "Tab");
	is_text(edit_text(edit), "advise a dofork", "with nothing in common, the first");
	keys(edit, "Tab");
	is_text(edit_text(edit), "advise a dontfork", "then the next");
	is_text(edit_hint(edit, &three), "dofork  dontfork  dontneed", "all of them beside it");
	keys(edit, "Tab Tab");
	is_text(edit_text(edit), "advise a dofork", "round to the first");
	keys(edit, "Shift-Tab");
	state(edit, "advise a dontneed", 17, "and backwards");
	keys(edit, "x");
	state(edit, "advise a dontneedx", 18, "typing goes on behind it");
	is_text(edit_hint(edit, &three), "ADVICE", "the list is closed");

	edit_start(edit, "advise a don");
	keys(edit, "Tab");
	is_text(edit_text(edit), "advise a dont", "the longest common start first");
	keys(edit, "Shift-Tab");
	is_text(edit_text(edit), "advise a dontneed", "backwards from the last");
	keys(edit, "Enter");

	edit_start(edit, "re a");
	keys(edit, "Left Left Tab");
	is_text(edit_text(edit), "read a", "in the middle of a line the rest stays");
	keys(edit, "Tab");
	is_text(edit_text(edit), "record a", "also while going through");

	edit_start(edit, "sel a");
	keys(edit, "Left Left Tab");
	state(edit, "select a", 6, "no blank before what is there");
	edit_start(edit, "zz");
	keys(edit, "Tab Shift-Tab");
	state(edit, "zz", 2, "nothing to complete");
	edit_start(edit, "file");
	keys(edit, "Tab");
	state(edit, "file ", 5, "two words");
	keys(edit, "w Tab");
	state(edit, "file write ", 11, "the second of them");
	edit_free(edit);
}

int
main(void)
{
	test_typing();
	test_paste();
	test_quotes();
	test_utf8();
	test_ends();
	test_history();
	test_completion();
	return done_testing();
}
