#include "config.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "lang/options/option_parsing.h"
#include "lang/word_lists.h"

#include <string.h>
#include <strings.h>

#define QUIZ_WORD "quiz"

static int
only_with(struct parsing *parsing, enum option_id id, enum option_id needed)
{
	if (!parsing->given[id] || parsing->given[needed])
		return 0;
	return err_set(parsing->err, ERR_USAGE, _("--%1$s needs --%2$s: give both"),
	    option_defs[id].name, option_defs[needed].name);
}

static const char *
ending_of(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	const char *dot = strrchr(name, '.');

	return dot && dot > name ? dot + 1 : "";
}

int
format_of_ending(const char *path, struct err *err)
{
	static const char *const endings[FORMAT_COUNT] = {
#define FORMAT(constant, name, ending, help) ending,
#include "lang/options/formats.def"
#undef FORMAT
	};
	struct buf names = BUF_INIT;

	for (int i = 0; i < FORMAT_COUNT; i++)
		if (strcasecmp(ending_of(path), endings[i]) == 0)
			return i;
	for (int i = 0; i < FORMAT_COUNT; i++)
		buf_addf(&names, "%s.%s", i ? ", " : "", endings[i]);
	err_set(err, ERR_USAGE, _("%1$s: unknown format: expected %2$s"), path, buf_text(&names));
	buf_free(&names);
	return -1;
}

/* Without --format the ending of -o FILE decides; a name without an ending means text. A FILE - is
 * standard output, as elsewhere. */
static int
take_output(struct parsing *parsing)
{
	struct options *options = parsing->options;
	int format;

	if (options->output && strcmp(options->output, "-") == 0)
		options->output = NULL;
	if (!options->output || parsing->given[OPT_FORMAT] || !*ending_of(options->output))
		return 0;
	format = format_of_ending(options->output, parsing->err);
	if (format < 0)
		return -1;
	options->format = (enum format)format;
	return 0;
}

bool
options_own_word(const char *word)
{
	return word[0] == '-' || strcmp(word, QUIZ_WORD) == 0;
}

static void
take_quiz(struct parsing *parsing)
{
	if (!parsing->positional || strcmp(parsing->positional, QUIZ_WORD) != 0)
		return;
	parsing->options->quiz = true;
	parsing->positional = parsing->second;
	parsing->second = NULL;
}

static int
check_quiz(struct parsing *parsing)
{
	const struct options *options = parsing->options;
	char room[QUOTED_MAX];

	if (!options->quiz && (parsing->given[OPT_SEED] || parsing->given[OPT_QUESTIONS]))
		return err_set(parsing->err, ERR_USAGE, _("--%1$s needs quiz: give both"),
		    option_defs[parsing->given[OPT_SEED] ? OPT_SEED : OPT_QUESTIONS].name);
	if (!options->quiz)
		return 0;
	if (parsing->positional)
		return err_set(parsing->err, ERR_USAGE,
		    _("unexpected argument %s: quiz reads no FILE"),
		    quoted(room, parsing->positional));
	if (options->command_count || options->open || options->history || options->pid ||
	    options->diff || (options->format != FORMAT_TEXT && options->format != FORMAT_JSON))
		return err_set(parsing->err, ERR_USAGE,
		    _("quiz makes its own commands and answers in text or json: --command, --open, --history and pictures do not go with it"));
	return only_with(parsing, OPT_QUESTIONS, OPT_BATCH);
}

/* For running processes, or for a program that it starts, which is then the only word. */
static int
check_blame(struct parsing *parsing)
{
	const struct options *options = parsing->options;

	if (options->blame && !options->pid && !options->program)
		return err_set(parsing->err, ERR_USAGE,
		    _("--blame needs --pid, or a program after it: cowscope --blame -- PROGRAM"));
	if (options->format == FORMAT_FOLDED && !options->blame && !options->open)
		return err_set(
		    parsing->err, ERR_USAGE, _("--format=folded needs --blame: give both"));
	if (options->program && (parsing->positional || options->batch || options->open))
		return err_set(parsing->err, ERR_USAGE,
		    _("--blame with a program reads no lesson, script or saved sample: its report comes when it has ended"));
	if (options->program && options->format != FORMAT_TEXT && options->format != FORMAT_JSON &&
	    options->format != FORMAT_FOLDED)
		return err_set(parsing->err, ERR_USAGE,
		    _("--blame with a program reports as text, json or folded"));
	return 0;
}

/* -p and --diff: no option of the lab goes with them. */
static int
check_attach(struct parsing *parsing)
{
	static const enum option_id lab[] = {OPT_KIND, OPT_PAGES, OPT_PROCESSES, OPT_FILE,
	    OPT_ALLOW_WRITE, OPT_HISTORY, OPT_SEED, OPT_QUESTIONS};
	static const enum option_id attached[] = {
	    OPT_EVERY, OPT_BASELINE, OPT_COMPARE, OPT_FREEZE, OPT_DUTY};
	const struct options *options = parsing->options;
	enum option_id which = options->pid ? OPT_PID : OPT_DIFF;

	for (size_t i = 0; i < sizeof(attached) / sizeof(attached[0]); i++)
		if (only_with(parsing, attached[i], OPT_PID) == -1)
			return -1;
	if (!options->open && only_with(parsing, OPT_CELLS, OPT_PID) == -1)
		return -1;
	if (options->pid && options->open)
		return err_set(parsing->err, ERR_USAGE,
		    _("--open looks at saved samples and --pid at running processes: give one of them"));
	if ((!options->open && only_with(parsing, OPT_SUMMARY, OPT_PID) == -1) ||
	    only_with(parsing, OPT_SUMMARY, OPT_BATCH) == -1 ||
	    only_with(parsing, OPT_ALL_MAPPINGS, OPT_EVERY) == -1)
		return -1;
	if (check_blame(parsing) == -1)
		return -1;
	if (options->label && options->format != FORMAT_OPENMETRICS)
		return err_set(
		    parsing->err, ERR_USAGE, _("--label needs --format=openmetrics: give both"));
	if (options->summary && options->cells)
		return err_set(parsing->err, ERR_USAGE,
		    _("--summary leaves out what --cells adds: give one of them"));
	if (options->format == FORMAT_OPENMETRICS && !options->pid && !options->open)
		return err_set(
		    parsing->err, ERR_USAGE, _("--format=openmetrics needs --pid: give both"));
	for (size_t i = 0; (options->pid || options->diff) && i < sizeof(lab) / sizeof(lab[0]); i++)
		if (parsing->given[lab[i]])
			return err_set(parsing->err, ERR_USAGE,
			    _("--%1$s is for the lab: it does not go with --%2$s"),
			    option_defs[lab[i]].name, option_defs[which].name);
	if (options->pid && options->batch && parsing->positional)
		return err_set(parsing->err, ERR_USAGE,
		    _("--batch with --pid reads no script: commands come with -c"));
	return only_with(parsing, OPT_COUNT, OPT_EVERY);
}

static int
take_diff(struct parsing *parsing)
{
	struct options *options = parsing->options;

	if (!options->diff)
		return 0;
	options->diff_to = parsing->positional;
	parsing->positional = parsing->second;
	parsing->second = NULL;
	if (options->diff_to && !options->pid && !options->open && !parsing->positional)
		return 0;
	return err_set(parsing->err, ERR_USAGE,
	    _("--diff compares two saved samples: cowscope --diff A.json B.json"));
}

static int
check_check(struct parsing *parsing)
{
	if (parsing->options->word_count)
		return 0;
	return err_set(parsing->err, ERR_USAGE,
	    _("--%s needs lessons to look at: name them after it"), option_defs[OPT_CHECK].name);
}

static int
check_list(struct parsing *parsing)
{
	char room[QUOTED_MAX];

	if (!parsing->positional)
		return 0;
	return err_set(parsing->err, ERR_USAGE,
	    _("unexpected argument %1$s: --%2$s names every lesson"),
	    quoted(room, parsing->positional), option_defs[OPT_LIST].name);
}

/* cowscope LESSON -o x.html: there is nothing to be asked on a screen. */
static void
take_lesson_page(struct parsing *parsing)
{
	struct options *options = parsing->options;

	if (options->batch || options->quiz || options->open || options->pid || options->diff ||
	    options->program || !parsing->positional || options->format != FORMAT_HTML)
		return;
	options->lesson = parsing->positional;
	options->batch = parsing->given[OPT_BATCH] = true;
}

/* The one lesson, or script. */
static int
rules_take_words(struct parsing *parsing)
{
	struct options *options = parsing->options;
	char room[QUOTED_MAX], first[QUOTED_MAX];

	if (parsing->second && options->batch)
		return err_set(parsing->err, ERR_USAGE,
		    _("unexpected argument %1$s: --batch reads one FILE, here %2$s"),
		    quoted(room, parsing->second), quoted(first, parsing->positional));
	if (parsing->second)
		return err_set(parsing->err, ERR_USAGE,
		    _("unexpected argument %1$s: one lesson at a time, here %2$s"),
		    quoted(room, parsing->second), quoted(first, parsing->positional));
	if (parsing->positional && options->open && !options->batch)
		return err_set(parsing->err, ERR_USAGE,
		    _("unexpected argument %s: --open looks at a saved session, where nothing can be done"),
		    quoted(room, parsing->positional));
	if (options->lesson)
		return 0;
	if (options->batch)
		options->script = parsing->positional;
	else if (!options->quiz)
		options->lesson = parsing->positional;
	return 0;
}

static bool
is_graded_format(enum format format)
{
	return format == FORMAT_TEXT || format == FORMAT_JSON || format == FORMAT_TAP ||
	    format == FORMAT_JUNIT;
}

/* What neither a grader nor a score has anything to do with. */
static int
rules_graded(struct parsing *parsing, enum option_id which)
{
	static const enum option_id others[] = {OPT_COMMAND, OPT_HISTORY, OPT_SCALE, OPT_SECONDS,
	    OPT_OPEN, OPT_GOTO, OPT_PID, OPT_EVERY, OPT_COUNT, OPT_CELLS, OPT_SUMMARY,
	    OPT_ALL_MAPPINGS, OPT_LABEL, OPT_BASELINE, OPT_COMPARE, OPT_FREEZE, OPT_BLAME, OPT_DUTY,
	    OPT_DIFF};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (parsing->given[others[i]])
			return err_set(parsing->err, ERR_USAGE, _("--%1$s does not go with --%2$s"),
			    option_defs[others[i]].name, option_defs[which].name);
	if (!is_graded_format(parsing->options->format))
		return err_set(parsing->err, ERR_USAGE,
		    _("--%s reports as text, json, tap or junit"), option_defs[which].name);
	return 0;
}

/* One student's file, or a program after --. */
static int
check_grade(struct parsing *parsing)
{
	static const enum option_id others[] = {
	    OPT_BATCH, OPT_ANSWERS, OPT_ALLOW_WRITE, OPT_SEED, OPT_QUESTIONS};
	struct options *options = parsing->options;
	char room[QUOTED_MAX];

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (parsing->given[others[i]])
			return err_set(parsing->err, ERR_USAGE, _("--%1$s does not go with --%2$s"),
			    option_defs[others[i]].name, option_defs[OPT_GRADE].name);
	if (rules_graded(parsing, OPT_GRADE) == -1)
		return -1;
	options->student = parsing->positional;
	if (options->student && options->program)
		return err_set(parsing->err, ERR_USAGE,
		    _("unexpected argument %s: --grade takes a student's file or a program after --"),
		    quoted(room, options->student));
	if (parsing->second)
		return err_set(parsing->err, ERR_USAGE,
		    _("unexpected argument %s: --grade takes one student's file"),
		    quoted(room, parsing->second));
	if (!options->student && !options->program)
		return err_set(parsing->err, ERR_USAGE,
		    _("--grade needs what it grades: cowscope --grade=CHECK.cow STUDENT.cow, or -- PROGRAM"));
	return 0;
}

/* A lesson, or the quiz. */
static int
rules_answers(struct parsing *parsing)
{
	struct options *options = parsing->options;
	char room[QUOTED_MAX];

	if (rules_graded(parsing, OPT_ANSWERS) == -1)
		return -1;
	if (parsing->given[OPT_TIME_LIMIT])
		return only_with(parsing, OPT_TIME_LIMIT, OPT_GRADE);
	if (options->quiz ? parsing->positional != NULL : parsing->second != NULL)
		return err_set(parsing->err, ERR_USAGE,
		    _("unexpected argument %s: --answers answers one lesson, or the quiz"),
		    quoted(room, options->quiz ? parsing->positional : parsing->second));
	options->lesson = parsing->positional;
	if (!options->quiz && !options->lesson)
		return err_set(parsing->err, ERR_USAGE,
		    _("--answers needs a lesson or quiz: cowscope cow --answers=FILE"));
	return 0;
}

/* *done: nothing else has to be looked at. */
static int
check_graded(struct parsing *parsing, bool *done)
{
	const struct options *options = parsing->options;

	*done = true;
	if (options->grade)
		return check_grade(parsing);
	if (options->answers)
		return rules_answers(parsing);
	*done = false;
	if (options->format == FORMAT_TAP || options->format == FORMAT_JUNIT)
		return err_set(
		    parsing->err, ERR_USAGE, _("--format=tap and junit need --grade or --answers"));
	return only_with(parsing, OPT_TIME_LIMIT, OPT_GRADE);
}

int
options_check(struct parsing *parsing)
{
	const struct options *options = parsing->options;
	bool done;

	if (options->check)
		return check_check(parsing);
	if (options->list)
		return check_list(parsing);
	take_quiz(parsing);
	if (take_output(parsing) == -1 || check_graded(parsing, &done) == -1)
		return -1;
	if (done)
		return 0;
	take_lesson_page(parsing);
	if (take_diff(parsing) == -1 || check_attach(parsing) == -1)
		return -1;
	if (rules_take_words(parsing) == -1)
		return -1;
	if (parsing->given[OPT_GOTO] && !options->open && !options->batch)
		return err_set(
		    parsing->err, ERR_USAGE, _("--goto needs --open or --batch: give one of them"));
	if ((!options->diff && !options->program &&
		only_with(parsing, OPT_FORMAT, OPT_BATCH) == -1) ||
	    only_with(parsing, OPT_HISTORY, OPT_BATCH) == -1 ||
	    only_with(parsing, OPT_SCALE, OPT_BATCH) == -1 ||
	    (!options->diff && !options->program &&
		only_with(parsing, OPT_OUTPUT, OPT_BATCH) == -1) ||
	    only_with(parsing, OPT_SIZE, OPT_BATCH) == -1)
		return -1;
	if (check_quiz(parsing) == -1)
		return -1;
	return only_with(parsing, OPT_ALLOW_WRITE, OPT_FILE);
}
