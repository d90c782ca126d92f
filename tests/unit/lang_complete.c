#include "config.h"
#include "base/buf.h"
#include "lang/command.h"
#include "tap.h"

/* line, then "start|hint|words". */
static const struct {
	const char *line, *wanted;
} cases[] = {
    {"wr", "0|TARGET [TEXT]|write"},
    {"  re", "2|COMMAND|read record redraw replay reset"},
    {"read", "0|TARGET|read"},
    {"zz", "0|COMMAND|"},
    {"fil",
	"0|COMMAND|file close file drop file grow file link file open file read file sync file truncate file unlink file write filter"},
    {"file ", "5|COMMAND|close drop grow link open read sync truncate unlink write"},
    {"file w", "5|PAGES [TEXT]|write"},
    {"read a; sy", "8|TARGET [SYNC]|sync"},
    {"prompt read;\nqu", "13||quit"},
    {"write ", "6|TARGET [TEXT]|@ a: all b: c:"},
    {"write al", "6|TARGET [TEXT]|all"},
    {"write ab", "6|TARGET [TEXT]|ab:"},
    {"write a:", "6|TARGET [TEXT]|a:* a:0 a:1 a:2 a:3 a:4 a:5 a:6 a:7 a:8 a:9 a:@"},
    {"write @:", "6|TARGET [TEXT]|@:* @:0 @:1 @:2 @:3 @:4 @:5 @:6 @:7 @:8 @:9"},
    {"write a:1", "6|TARGET [TEXT]|a:1 a:10 a:11"},
    {"write a:7-", "6|TARGET [TEXT]|a:7-7 a:7-8 a:7-9"},
    {"write a:0,2-1", "6|TARGET [TEXT]|a:0,2-10 a:0,2-11"},
    {"write a:12", "6|TARGET [TEXT]|"},
    {"write a:99999999999", "6|TARGET [TEXT]|"},
    {"write a:2 ", "10|[TEXT]|"},
    {"write a:2 x ", "12||"},
    {"write zz ", "9||"},
    {"expect ", "7|TARGET FACT...|@ a: all b: c: file:"},
    {"expect a di", "9|FACT...|dirty dirty="},
    {"expect a dirty n", "15|FACT...|not"},
    {"expect a not s", "13|FACT...|shared shared= size= status= stopped swapped"},
    {"expect a not n", "13|FACT...|"},
    {"expect a faulted=", "9|FACT...|faulted=SIGBUS faulted=SIGSEGV"},
    {"advise a dont", "9|ADVICE|dontfork dontneed"},
    {"protect a r", "10|PROTECTION|read"},
    {"protect a read+", "10|PROTECTION|read+exec read+write"},
    {"map a ",
	"6|[MAPPING]...|exec fixed length= none noreplace of= offset= private read shared write"},
    {"map a shared r", "13|[MAPPING]...|read"},
    {"map a read+", "6|[MAPPING]...|read+exec read+write"},
    {"map a offset=4", "6|[MAPPING]...|"},
    {"kill ", "5|PROCESS [SIGNAL]|@ a b c"},
    {"kill a ST", "7|[SIGNAL]|STOP"},
    {"kill a SIGT", "7|[SIGNAL]|SIGTERM"},
    {"fork a ", "7|[NAME]|d e f g h i"},
    {"lab p", "4|[KIND] [SETTING]...|pages= posix-shm private-anon private-file processes="},
    {"lab posix-shm p", "14|[SETTING]...|pages= processes="},
    {"lab pages=3 p", "12|[SETTING]...|pages= processes="},
    {"show f", "5|[WHAT]|file frames"},
    {"show b:1", "5|[WHAT]|b:1 b:10 b:11"},
    {"show b:1,", "5|[WHAT]|"},
    {"select p", "7|PLACE|page-down page-up previous"},
    {"select c:", "7|PLACE|c:0 c:1 c:2 c:3 c:4 c:5 c:6 c:7 c:8 c:9 c:@"},
    {"file read ", "10|PAGES|* 0 1 2 3 4 5 6 7 8 9 @"},
    {"file truncate ", "14|COUNT [SIZE]|"},
    {"help file w", "10|[COMMAND]|write"},
    {"help wr", "5|[COMMAND]|write"},
    {"prompt wr", "9|[TEXT]...|"},
    {"reset ", "6||"},
    {"# rea", "5||"},
    {"read a # wr", "11||"},
    {"read a # wr\nwr", "12|TARGET [TEXT]|write"},
    {"write a \"hel", "8|[TEXT]|"},
    {"write a \"x\"", "8|[TEXT]|"},
    {"read \"a; wr", "5|TARGET|"},
};

/* Put in its place, does the word parse? More may be missing behind it. */
static bool
may_stand(const char *line, const struct completion *completion, const char *word)
{
	struct buf whole = BUF_INIT;
	struct command command;
	struct err err;
	const char *at;
	int result;

	buf_add_n(&whole, line, completion->start);
	buf_add(&whole, word);
	at = buf_text(&whole);
	while ((result = command_parse(&command, &at, &err)) == 1)
		command_free(&command);
	buf_free(&whole);
	if (result == -1 && strchr(":=", word[strlen(word) - 1]))
		return true;
	return result == 0 || strstr(err.text, " needs ") || strstr(err.text, "not comes before");
}

static void
test_case(const char *line, const char *wanted, const struct vocabulary *vocabulary)
{
	struct completion completion;
	struct buf out = BUF_INIT;

	complete(&completion, line, vocabulary);
	buf_addf(&out, "%zu|%s|", completion.start, completion.hint);
	for (size_t i = 0; i < completion.count; i++)
		buf_addf(&out, "%s%s", i ? " " : "", completion.words[i]);
	is_text(buf_text(&out), wanted, "behind '%s'", line);
	ok(!completion.words[completion.count], "the list ends");
	for (size_t i = 0; i < completion.count; i++)
		ok(may_stand(line, &completion, completion.words[i]), "%s may stand there",
		    completion.words[i]);
	completion_free(&completion);
	buf_free(&out);
}

static bool
is_offered(const struct completion *completion, const char *word)
{
	for (size_t i = 0; i < completion->count; i++)
		if (strcmp(completion->words[i], word) == 0)
			return true;
	return false;
}

static void
test_all_commands(void)
{
	struct completion completion;

	complete(&completion, "", NULL);
	is_number((long long)completion.count, VERB_COUNT,
	    "as many words as there are commands begin a line");
	for (int verb = 0; verb < VERB_COUNT; verb++)
		ok(is_offered(&completion, command_defs[verb].name), "%s begins one",
		    command_defs[verb].name);
	completion_free(&completion);
}

int
main(void)
{
	const struct vocabulary three = {.processes = 7, .pages = 12}, none = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		test_case(cases[i].line, cases[i].wanted, &three);
	test_all_commands();
	test_case("read ", "5|TARGET|@ all", &none);
	test_case("read ", "5|TARGET|@ all", NULL);
	test_case("read a:", "5|TARGET|a:* a:@", &none);
	return done_testing();
}
