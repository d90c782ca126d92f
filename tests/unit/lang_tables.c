#include "config.h"
#include "base/buf.h"
#include "lang/command.h"
#include "lang/grammar.h"
#include "tap.h"

#include <ctype.h>

static const struct {
	const char *type, *word;
} examples[] = {
    {"TARGET", "a:2"},
    {"PROCESS", "a"},
    {"NAME", "d"},
    {"PAGES", "0-4"},
    {"TEXT", "hello"},
    {"COUNT", "4"},
    {"TIMES", "4"},
    {"LINE", "read a"},
    {"HOW", "load"},
    {"STATUS", "3"},
    {"SIZE", "256K"},
    {"ANYWAY", "anyway"},
    {"STEP", "3"},
    {"SCOPE", "history"},
    {"PACE", "seconds=2"},
    {"SYNC", "async"},
    {"ADVICE", "dontneed"},
    {"PROTECTION", "read+write"},
    {"MAPPING", "offset=8192"},
    {"SIGNAL", "STOP"},
    {"KIND", "shared-file"},
    {"SETTING", "pages=3"},
    {"WHAT", "frames"},
    {"FACT", "copied"},
    {"FILENAME", "x.txt"},
    {"PLACE", "next"},
    {"VIEW", "page"},
    {"ZOOM", "out"},
    {"ORDER", "size"},
    {"FILTER", "heap"},
    {"PAGE", "a:2"},
    {"TERM", "Pss"},
    {"LESSON", "cow"},
    {"NUMBER", "2"},
    {"COMMAND", "write"},
};

static const char *
example_of(const char *type, size_t length)
{
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++)
		if (strlen(examples[i].type) == length &&
		    memcmp(examples[i].type, type, length) == 0)
			return examples[i].word;
	return NULL;
}

/* Checks every type of the command and writes an example of it. */
static void
build(const struct command_def *def, bool optional_too, struct buf *out)
{
	const char *at = def->arguments;

	buf_add(out, def->name);
	while (*at) {
		bool optional = *at == '[';
		size_t length = 0;

		at += optional;
		while (isupper((unsigned char)at[length]))
			length++;
		ok(argument_type(at, length) != NULL, "%s: %.*s is a type", def->name, (int)length,
		    at);
		ok(example_of(at, length) != NULL, "which has an example here");
		if (!optional || optional_too)
			buf_addf(out, " %s", example_of(at, length));
		at += length + strspn(at + length, "]. ");
	}
}

static void
test_example(const struct command_def *def, bool optional_too)
{
	struct buf line = BUF_INIT;
	struct command command;
	struct err err = {0};
	const char *at;

	build(def, optional_too, &line);
	at = buf_text(&line);
	if (ok(command_parse(&command, &at, &err) == 1, "parses: %s", buf_text(&line))) {
		ok(command.def == def, "as itself");
		is_text(command.source, buf_text(&line), "its source is what was typed");
		command_free(&command);
	} else {
		printf("# %s\n", err.text);
	}
	buf_free(&line);
}

static void
test_command(const struct command_def *def, enum verb verb)
{
	ok(def->verb == verb, "%s stands at its verb", def->name);
	ok(def->help && def->help[0], "%s has help", def->name);
	ok(def->group < GROUP_COUNT && command_group_title(def->group)[0], "%s has a group",
	    def->name);
	ok(command_find(def->name) == def, "%s is found by its name", def->name);
	test_example(def, false);
	test_example(def, true);
}

static void
test_words(void)
{
	static const char *const listed[] = {"SYNC", "ADVICE", "PROTECTION", "MAPPING", "SIGNAL",
	    "KIND", "SETTING", "WHAT", "FACT", "PLACE", "VIEW", "COMMAND"};

	for (size_t i = 0; i < sizeof(listed) / sizeof(listed[0]); i++)
		ok(argument_words(listed[i]) && argument_words(listed[i])[0], "%s has words",
		    listed[i]);
	ok(!argument_words("TARGET"), "TARGET has none");
	ok(!argument_words("BOGUS"), "BOGUS is no type");
	is_text(argument_words("ADVICE")[4], "dontneed", "dontneed is an advice");
}

/* Every word of a list parses where its type is asked for. */
static void
test_list(const char *format, const char *type)
{
	const char *const *words = argument_words(type);

	for (; *words; words++) {
		struct buf line = BUF_INIT;
		struct command command;
		struct err err;
		const char *at;

		buf_addf(&line, "%s %s", format, *words);
		at = buf_text(&line);
		if (ok(command_parse(&command, &at, &err) == 1, "parses: %s", buf_text(&line)))
			command_free(&command);
		buf_free(&line);
	}
}

int
main(void)
{
	for (int verb = 0; verb < VERB_COUNT; verb++)
		test_command(&command_defs[verb], (enum verb)verb);
	ok(!command_find("file"), "file alone is no command");
	ok(!command_find(""), "nor is nothing");
	test_words();
	test_list("sync a", "SYNC");
	test_list("advise a", "ADVICE");
	test_list("protect a", "PROTECTION");
	test_list("kill a", "SIGNAL");
	test_list("lab", "KIND");
	test_list("show", "WHAT");
	test_list("select", "PLACE");
	test_list("view", "VIEW");
	test_list("zoom", "ZOOM");
	test_list("sort", "ORDER");
	test_list("filter", "FILTER");
	test_list("help", "COMMAND");
	return done_testing();
}
