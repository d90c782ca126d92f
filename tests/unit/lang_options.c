#include "config.h"
#include "base/utf8.h"
#include "lang/command.h"
#include "lang/options/options.h"
#include "tap.h"

#include <stdlib.h>

#define WORDS_MAX 16

/* Parses the words of line, split at blanks; a word "''" is empty. */
static int
parse(struct options *options, const char *line, struct err *err)
{
	static char room[512];
	static char name[] = "cowscope";
	static char *argv[WORDS_MAX + 1]; /* options.program is a part of it */
	int argc = 1;

	memset(argv, 0, sizeof(argv));
	argv[0] = name;
	snprintf(room, sizeof(room), "%s", line);
	for (char *word = strtok(room, " "); word && argc < WORDS_MAX; word = strtok(NULL, " "))
		argv[argc++] = strcmp(word, "''") == 0 ? word + 2 : word;
	return options_parse(options, argc, argv, err);
}

static const struct {
	const char *line, *wanted;
} bad[] = {
    {"--bogus", "there is no option --bogus: --help lists them all"},
    {"--pagse=3", "there is no option --pagse: did you mean --pages?"},
    {"--p=3", "--p is the start of more than one option: --help lists them"},
    {"-z", "there is no option -z: --help lists them all"},
    {"--batch -hz", "there is no option -z: --help lists them all"},
    {"-\377", "there is no option -\357\277\275: --help lists them all"},
    {"--pages", "--pages needs a value: it is --pages=N"},
    {"-c", "--command needs a value: it is --command=CMD"},
    {"--batch -o", "--output needs a value: it is --output=FILE"},
    {"--batch=3", "--batch takes no value: write --batch alone"},
    {"--asc=x", "--ascii takes no value: write --ascii alone"},
    {"--pages=0", "invalid value 0 for --pages: expected 1 to 4096"},
    {"--pages=4097", "invalid value 4097 for --pages: expected 1 to 4096"},
    {"--pages=1x", "invalid value 1x for --pages: expected 1 to 4096"},
    {"--pages=-1", "invalid value -1 for --pages: expected 1 to 4096"},
    {"--pages=4294967297", "invalid value 4294967297 for --pages: expected 1 to 4096"},
    {"--pages=", "invalid value \"\" for --pages: expected 1 to 4096"},
    {"--processes=10", "invalid value 10 for --processes: expected 1 to 9"},
    {"--color=blue", "invalid value blue for --color: expected auto|always|never"},
    {"--kind=shred-file", "--kind: shred-file is not a KIND: did you mean shared-file?"},
    {"--kind=x",
	"--kind: x is not a KIND: it is one of private-file, shared-file, private-anon, shared-anon, posix-shm"},
    {"--batch --size=80",
	"invalid value 80 for --size: expected 10 to 1000 columns, x, 4 to 500 rows, such as 80x24"},
    {"--batch --size=9x24",
	"invalid value 9x24 for --size: expected 10 to 1000 columns, x, 4 to 500 rows, such as 80x24"},
    {"--batch --size=80x3",
	"invalid value 80x3 for --size: expected 10 to 1000 columns, x, 4 to 500 rows, such as 80x24"},
    {"--batch --size=1001x24",
	"invalid value 1001x24 for --size: expected 10 to 1000 columns, x, 4 to 500 rows, such as 80x24"},
    {"--batch --size=80x501",
	"invalid value 80x501 for --size: expected 10 to 1000 columns, x, 4 to 500 rows, such as 80x24"},
    {"--batch --size=80x24x",
	"invalid value 80x24x for --size: expected 10 to 1000 columns, x, 4 to 500 rows, such as 80x24"},
    {"--grade=c.cow",
	"--grade needs what it grades: cowscope --grade=CHECK.cow STUDENT.cow, or -- PROGRAM"},
    {"--grade=c.cow s.cow t.cow", "unexpected argument t.cow: --grade takes one student's file"},
    {"--grade=c.cow s.cow -- prog",
	"unexpected argument s.cow: --grade takes a student's file or a program after --"},
    {"--grade=c.cow s.cow --batch", "--batch does not go with --grade"},
    {"--grade=c.cow s.cow -p 1", "--pid does not go with --grade"},
    {"--grade=c.cow s.cow --format=png", "--grade reports as text, json, tap or junit"},
    {"--grade=c.cow s.cow --time-limit=0", "invalid value 0 for --time-limit: expected 1 to 3600"},
    {"cow --time-limit=3", "--time-limit needs --grade: give both"},
    {"cow --batch --format=tap", "--format=tap and junit need --grade or --answers"},
    {"--answers=a.txt", "--answers needs a lesson or quiz: cowscope cow --answers=FILE"},
    {"cow fork --answers=a.txt",
	"unexpected argument fork: --answers answers one lesson, or the quiz"},
    {"--theme=", "--theme needs a value: it is --theme=NAME"},
    {"--file ''", "--file needs a value: it is --file=PATH"},
    {"--lang=", "--lang needs a value: it is --lang=LANG"},
    {"--batch --output=", "--output needs a value: it is --output=FILE"},
    {"one two", "unexpected argument two: one lesson at a time, here one"},
    {"-- -c -c", "unexpected argument -c: one lesson at a time, here -c"},
    {"one ''", "unexpected argument \"\": one lesson at a time, here one"},
    {"cow --open=x.json",
	"unexpected argument cow: --open looks at a saved session, where nothing can be done"},
    {"--check", "--check needs lessons to look at: name them after it"},
    {"--batch one two", "unexpected argument two: --batch reads one FILE, here one"},
    {"one --batch -- two", "unexpected argument two: --batch reads one FILE, here one"},
    {"--format=json", "--format needs --batch: give both"},
    {
	"--batch -o x.gif",
	"x.gif: unknown format: expected .txt, .json, .ans, .svg, .html, .png, .pdf, .md, .c, .cast",
    },
    {
	"--batch -o x.svg.gz",
	"x.svg.gz: unknown format: expected .txt, .json, .ans, .svg, .html, .png, .pdf, .md, .c, .cast",
    },
    {
	"--batch -o .d/x.1",
	".d/x.1: unknown format: expected .txt, .json, .ans, .svg, .html, .png, .pdf, .md, .c, .cast",
    },
    {"quiz --batch -o quiz.md",
	"quiz makes its own commands and answers in text or json: --command, --open, --history and pictures do not go with it"},
    {"--list extra", "unexpected argument extra: --list names every lesson"},
    {"cow -o cow.svg", "--output needs --batch: give both"},
    {"-o x", "--output needs --batch: give both"},
    {"--size=80x24", "--size needs --batch: give both"},
    {"--seed=3", "--seed needs quiz: give both"},
    {"--batch --questions=3", "--questions needs quiz: give both"},
    {"quiz --questions=3", "--questions needs --batch: give both"},
    {"quiz --seed=0", "invalid value 0 for --seed: expected 1 to 999999999"},
    {"quiz one", "unexpected argument one: quiz reads no FILE"},
    {"-p 1 --open=x.json",
	"--open looks at saved samples and --pid at running processes: give one of them"},
    {"-p 1 --summary", "--summary needs --batch: give both"},
    {"--batch --label=x -p 1", "--label needs --format=openmetrics: give both"},
    {"-p 1 --batch --cells --summary", "--summary leaves out what --cells adds: give one of them"},
    {"quiz -c read",
	"quiz makes its own commands and answers in text or json: --command, --open, --history and pictures do not "
	"go with it"},
    {"--seconds=0", "invalid value 0 for --seconds: expected 0.001 to 3600"},
    {"--batch --goto=x", "invalid value x for --goto: expected a number, 0 for the start"},
    {"--goto=3", "--goto needs --open or --batch: give one of them"},
    {"--blame", "--blame needs --pid, or a program after it: cowscope --blame -- PROGRAM"},
    {"-p 1 --blame=some", "invalid value some for --blame: expected all, or none"},
    {"-p 1 --batch --format=folded", "--format=folded needs --blame: give both"},
    {"--blame cow -- ls",
	"--blame with a program reads no lesson, script or saved sample: its report comes when it has ended"},
    {"--blame --format=svg -- ls", "--blame with a program reports as text, json or folded"},
    {"-p 1 --compare=all", "invalid value all for --compare: expected copies or siblings"},
    {"--allow-write", "--allow-write needs --file: give both"},
};

static void
test_bad(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct options options;
		struct err err = {0};

		if (!ok(parse(&options, bad[i].line, &err) == -1, "is refused: %s", bad[i].line))
			options_free(&options);
		is_text(err.text, bad[i].wanted, "says: %s", bad[i].wanted);
		is_number(err.kind, ERR_USAGE, "as a mistake of usage");
	}
}

static void
test_defaults(void)
{
	struct options options;
	struct err err;

	is_number(parse(&options, "", &err), 0, "nothing given");
	ok(!options.batch && !options.ascii && !options.allow_write && !options.help &&
		!options.version,
	    "nothing is on");
	ok(!options.command_count && !options.script && !options.output && !options.file &&
		!options.theme && !options.lang,
	    "nothing is named");
	ok(options.format == FORMAT_TEXT && options.color == COLOR_AUTO &&
		options.kind == KIND_PRIVATE_FILE,
	    "text, colours by themselves, a private file");
	ok(!options.pages && !options.processes && !options.columns && !options.rows,
	    "no number is given");
	options_free(&options);
}

static void
test_everything(void)
{
	struct options options;
	struct err err = {0};

	is_number(
	    parse(&options,
		"script.cow --batch -c one -ctwo --command=-three --format json -oout --kind=posix-shm "
		"--pages=4096 --processes 9 --size=10x4",
		&err),
	    0, "most of it given");
	ok(options.batch, "batch");
	is_number(options.command_count, 3, "three commands");
	is_text(options.commands[0], "one", "in order");
	is_text(options.commands[1], "two", "in order");
	is_text(options.commands[2], "-three", "in order");
	is_text(options.script, "script.cow", "the script");
	is_text(options.output, "out", "the output");
	is_number(options.format, FORMAT_JSON, "json");
	is_number(options.kind, KIND_POSIX_SHM, "posix-shm");
	is_number(options.pages, 4096, "pages");
	is_number(options.processes, 9, "processes");
	ok(options.columns == 10 && options.rows == 4, "size");
	options_free(&options);
}

static void
test_endings(void)
{
	struct options options;
	struct err err = {0};

	is_number(parse(&options, "--batch -o a.b/out.PNG", &err), 0, "an ending");
	is_number(options.format, FORMAT_PNG, "chooses the format");
	options_free(&options);
	is_number(parse(&options, "--batch --format=text -o out.png", &err), 0,
	    "an ending beside --format");
	is_number(options.format, FORMAT_TEXT, "does not");
	options_free(&options);
	is_number(parse(&options, "--batch -o a.png/out", &err), 0, "the ending of a folder");
	is_number(options.format, FORMAT_TEXT, "neither");
	options_free(&options);
	is_number(parse(&options, "quiz --batch -o quiz.json", &err), 0, "a quiz");
	is_number(options.format, FORMAT_JSON, "goes by it too");
	options_free(&options);
	is_number(parse(&options, "cow -o cow.html", &err), 0, "the page of a lesson");
	ok(options.batch && options.format == FORMAT_HTML, "needs no terminal");
	is_text(options.lesson, "cow", "and names the lesson");
	options_free(&options);
	is_number(parse(&options, "--batch -o -", &err), 0, "a file that is standard output");
	ok(!options.output, "is none");
	options_free(&options);
	is_number(
	    parse(&options, "--batch --format=text -o x.gif", &err), 0, "any name beside --format");
	is_text(options.output, "x.gif", "is a file");
	options_free(&options);
}

static void
test_the_rest(void)
{
	struct options options;
	struct err err = {0};

	is_number(
	    parse(&options,
		"--file=x --allow-write --color=never --ascii --theme=print --lang=de --pages=3 --pages=4",
		&err),
	    0, "the rest");
	is_text(options.file, "x", "the file");
	is_text(options.theme, "print", "the theme");
	is_text(options.lang, "de", "the language");
	ok(options.allow_write && options.ascii, "switches");
	is_number(options.color, COLOR_NEVER, "no colour");
	is_number(options.pages, 4, "the last of two counts");
	options_free(&options);

	is_number(
	    parse(&options, "--open=x.json --goto=0 --seconds=1.5", &err), 0, "a saved session");
	ok(options.has_step && options.step == 0, "at its start");
	is_number(options.pace_ms, 1500, "at its pace");
	options_free(&options);
}

static void
test_words(void)
{
	char *program[] = {"cowscope", "--blame=all", "-o", "x", "--", "ls", "-l", "--color", NULL};
	struct options options;
	struct err err = {0};

	is_number(parse(&options, "--batch -- -x", &err), 0, "a script after --");
	is_text(options.script, "-x", "that looks like an option");
	options_free(&options);

	is_number(parse(&options, "-p 1 --batch --blame --format=folded", &err), 0, "blame");
	ok(options.blame && !options.blame_all && options.format == FORMAT_FOLDED &&
		!options.program,
	    "of processes that run");
	options_free(&options);
	is_number(options_parse(&options, 8, program, &err), 0, "of a program");
	ok(options.blame_all && strcmp(options.program[0], "ls") == 0 &&
		strcmp(options.program[2], "--color") == 0 && !options.program[3] &&
		!options.lesson,
	    "what stands after -- is the program's");
	options_free(&options);
	is_number(parse(&options, "-p 1 --compare=siblings", &err), 0, "compare");
	ok(options.siblings && options.compare && !options.copies, "siblings alone");
	options_free(&options);
	is_number(parse(&options, "-p 1 --compare --compare=siblings", &err), 0, "compare");
	ok(options.siblings && options.copies, "copies and siblings");
	options_free(&options);
	is_number(parse(&options, "./mine.md --pages=3", &err), 0, "a lesson");
	is_text(options.lesson, "./mine.md", "by its file");
	ok(!options.script, "is no script");
	options_free(&options);

	is_number(parse(&options, "one.md --check two.md three", &err), 0, "lessons to check");
	ok(options.check && options.word_count == 3, "as many as are named");
	is_text(options.words[2], "three", "in order");
	options_free(&options);

	is_number(parse(&options, "-hV", &err), 0, "letters together");
	ok(options.help && options.version, "both are on");
	options_free(&options);

	is_number(
	    parse(&options, "--help --format=json more", &err), 0, "who asks for help gets it");
	options_free(&options);
}

static void
test_order_of_argv(void)
{
	char one[] = "cowscope", two[] = "x", three[] = "--batch";
	char *argv[] = {one, two, three, NULL};
	struct options options;
	struct err err;

	setenv("POSIXLY_CORRECT", "1", 1);
	is_number(options_parse(&options, 3, argv, &err), 0, "an option behind the script");
	ok(options.batch, "counts, whatever the environment says");
	ok(argv[1] == two && argv[2] == three, "argv stays in order");
	options_free(&options);
}

static size_t
widest_line(const char *text)
{
	size_t widest = 0;

	while (*text) {
		size_t length = strcspn(text, "\n"), width;
		char *line = strndup(text, length);

		width = utf8_width(line);
		widest = width > widest ? width : widest;
		free(line);
		text += length + (text[length] == '\n');
	}
	return widest;
}

static void
test_help(void)
{
	struct buf help = BUF_INIT, name = BUF_INIT;

	options_help(&help);
	ok(widest_line(buf_text(&help)) <= 80, "--help fits into 80 columns");
	ok(!strstr(buf_text(&help), " \n"), "no line ends in a blank");
#define OPTION(constant, long_name, letter, argument, value, text) \
	ok(strstr(buf_text(&help), "--" long_name) != NULL, "--help names --" long_name);
#include "lang/options/options.def"
#undef OPTION
	for (int i = 0; i < VERB_COUNT; i++) {
		buf_clear(&name);
		buf_addf(&name, "\n  %s%s%s", command_defs[i].name,
		    command_defs[i].arguments[0] ? " " : "", command_defs[i].arguments);
		ok(strstr(buf_text(&help), buf_text(&name)) != NULL, "--help has %s",
		    command_defs[i].name);
	}
	ok(strstr(buf_text(&help), "\n  3 ") != NULL, "--help has the exit statuses");
	buf_free(&help);
	buf_free(&name);
}

static void
bad_format(const char *value, const char *quoted, const char *names)
{
	struct options options;
	char line[64], wanted[256];
	struct err err;

	snprintf(line, sizeof(line), "--batch --format=%s", value);
	snprintf(wanted, sizeof(wanted),
	    "invalid value %s for --format: expected %s|openmetrics|folded|tap|junit", quoted,
	    names);
	is_number(parse(&options, line, &err), -1, "--format=%s is refused", value);
	is_text(err.text, wanted, "and those that there are are named");
}

/* The option's list of words and the table of formats are one. */
static void
test_formats(void)
{
	static const char *const names[] = {
#define FORMAT(constant, name, ending, help) name,
#include "lang/options/formats.def"
#undef FORMAT
	};
	struct buf list = BUF_INIT;

	for (int i = 0; i < FORMAT_COUNT; i++)
		buf_addf(&list, "%s%s", i ? "|" : "", names[i]);
	bad_format("xml", "xml", buf_text(&list));
	bad_format("tex", "tex", buf_text(&list));
	bad_format("", "\"\"", buf_text(&list));
	buf_free(&list);
	for (int i = 0; i < FORMAT_COUNT; i++) {
		char option[32];
		char *argv[] = {"cowscope", "--batch", option, NULL};
		struct options options;
		struct err err;

		snprintf(option, sizeof(option), "--format=%s", names[i]);
		ok(options_parse(&options, 3, argv, &err) == 0 && options.format == (enum format)i,
		    "%s is its format", option);
		options_free(&options);
	}
}

int
main(void)
{
	test_defaults();
	test_everything();
	test_endings();
	test_the_rest();
	test_words();
	test_bad();
	test_order_of_argv();
	test_help();
	test_formats();
	return done_testing();
}
