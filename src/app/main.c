#include "config.h"

#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/batch/batch.h"
#include "app/batch/batch_family.h"
#include "app/batch/batch_picture.h"
#include "app/batch/batch_program.h"
#include "app/batch/batch_quiz.h"
#include "app/batch/complain.h"
#include "app/batch/output.h"
#include "app/grade/grade_run.h"
#include "app/lab/session.h"
#include "app/screen/family_screen.h"
#include "app/screen/lab_screen.h"
#include "app/teach/lessons.h"
#include "base/i18n.h"
#include "base/io.h"
#include "base/parts.h"
#include "lang/options/options.h"
#include "out/family/family_json.h"
#include "tui/tui.h"

#define DEFAULT_PAGES 10
#define DEFAULT_PROCESSES 3
#define PATIENCE_NS 300000000 /* for the first sample; after that the screen shows its progress */

static void
set_language(const struct options *options)
{
	if (options->lang)
		setenv("LANGUAGE", options->lang, 1);
	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
#ifdef ENABLE_NLS
	char *directory = part_find(PART_TRANSLATIONS, NULL);

	bindtextdomain(PACKAGE, directory);
	free(directory);
	bind_textdomain_codeset(PACKAGE, "UTF-8");
	textdomain(PACKAGE);
#endif
}

/* English requires no translation. */
static bool
has_messages(const char *lang)
{
	if (strncmp(lang, "en", 2) == 0 || strcmp(lang, "C") == 0 || strcmp(lang, "POSIX") == 0)
		return true;
	return *_("") != '\0'; /* a catalogue's description of itself */
}

static void
tell_language(const char *lang)
{
	struct err err;

	if (!lang || has_messages(lang))
		return;
	err_set(&err, ERR_USAGE, _("no translation for %s: using English"), lang);
	complain(&err);
}

static bool
wants_color(const struct options *options)
{
	const char *no_color = getenv("NO_COLOR"), *force = getenv("FORCE_COLOR"),
		   *term = getenv("TERM");

	if (options->color != COLOR_AUTO)
		return options->color == COLOR_ALWAYS;
	if (force && *force)
		return strcmp(force, "0") != 0;
	if (no_color && *no_color)
		return false;
	return !term || strcmp(term, "dumb") != 0;
}

/* A named file shorter than the lab's ten pages gives as many as it has. */
static uint32_t
default_pages(const char *file)
{
	long page_size = sysconf(_SC_PAGESIZE);
	struct stat status;

	if (!file || stat(file, &status) < 0 || !S_ISREG(status.st_mode) || status.st_size == 0 ||
	    status.st_size >= DEFAULT_PAGES * page_size)
		return DEFAULT_PAGES;
	return (uint32_t)((status.st_size + page_size - 1) / page_size);
}

static struct lab_config
lab_config_of(const struct options *options)
{
	return (struct lab_config){
	    .kind = options->kind,
	    .pages = options->pages ? options->pages : default_pages(options->file),
	    .processes = options->processes ? options->processes : DEFAULT_PROCESSES,
	    .path = options->file,
	    .allow_write = options->allow_write,
	};
}

static int
main_print_text(void (*make)(struct buf *out))
{
	struct buf out = BUF_INIT;
	int status;

	make(&out);
	status = output_print(&out);
	buf_free(&out);
	return status;
}

static void
version_text(struct buf *out)
{
	buf_add(out, PACKAGE_STRING "\n");
}

static const struct theme *
theme_of(const struct options *options, struct err *err)
{
	const struct theme *theme = theme_find(options->theme);
	struct buf names = BUF_INIT;

	if (theme)
		return theme;
	for (const char *const *name = theme_names(); *name; name++)
		buf_addf(&names, "%s%s", names.length ? ", " : "", *name);
	err_set(err, ERR_USAGE, _("there is no theme %1$s: themes are %2$s"), options->theme,
	    buf_text(&names));
	buf_free(&names);
	return NULL;
}

static int
main_open_saved(struct session *session, const struct options *options, struct err *err)
{
	if (session_open_saved(session, options->open, err) < 0)
		return -1;
	if (!options->has_step || session_goto(session, options->step, err) == 0)
		return 0;
	session_close(session);
	return -1;
}

static int
open_session(struct session *session, const struct options *options, struct err *err)
{
	struct lab_config config = lab_config_of(options);

	if (options->open)
		return main_open_saved(session, options, err);
	return session_open(session, &config, err);
}

static int
run_batch(const struct options *options, const struct theme *theme)
{
	struct session session;
	struct err err;
	int status;

	if (open_session(&session, options, &err) < 0)
		return complain(&err);
	session.appearance = appearance_of_batch(options, theme);
	status = options->quiz ? quiz_batch_run(&session, options) : batch_run(&session, options);
	session_close(&session);
	return status;
}

/* Errors are reported before the terminal is taken. */
static int
check_lesson(const char *word, struct err *err)
{
	struct lesson lesson;
	char *path;

	if (lesson_open(&lesson, &path, word, err) < 0)
		return -1;
	lesson_free(&lesson);
	free(path);
	return 0;
}

/* The signal that ended the screen ends the program too. */
static int
ended(int status, int end_signal)
{
	if (end_signal) {
		signal(end_signal, SIG_DFL);
		raise(end_signal);
	}
	return status;
}

static int
watch_picture_run(const struct options *options, const struct theme *theme)
{
	struct watch watch;
	struct err err;
	int status;

	if (watch_open(&watch, options, UINT64_MAX, &err) < 0)
		return complain(&err);
	watch.appearance = appearance_of_batch(options, theme);
	status = attach_picture_run(&watch, options);
	watch_close(&watch);
	return status;
}

static int
watch_interactive(const struct options *options, const struct theme *theme)
{
	struct tui_options tui = {.theme = theme, .color = wants_color(options)};
	struct watch watch;
	struct err err;
	int status, end_signal = 0;

	if (watch_open(&watch, options, PATIENCE_NS, &err) < 0)
		return complain(&err);
	if (tui_open(&tui, &err) < 0) {
		watch_close(&watch);
		return complain(&err);
	}
	watch.appearance = appearance_of_screen(options, tui_ascii());
	status = family_screen_run(&watch, options, &end_signal);
	tui_close();
	watch_close(&watch);
	return ended(status, end_signal);
}

/* Running processes, or saved samples of them. */
static int
run_watch(const struct options *options, const struct theme *theme)
{
	bool samples = options->format == FORMAT_JSON || options->format == FORMAT_OPENMETRICS ||
	    options->format == FORMAT_FOLDED ||
	    (options->format == FORMAT_TEXT && !options->command_count && !options->columns);

	if (!options->batch)
		return watch_interactive(options, theme);
	if (!samples)
		return watch_picture_run(options, theme);
	return options->pid ? attach_batch_run(options) : attach_batch_saved(options);
}

static int
run_interactive(const struct options *options, const struct theme *theme)
{
	struct tui_options tui = {.theme = theme, .color = wants_color(options)};
	struct session session;
	struct err err;
	int status, end_signal = 0;

	if (options->lesson && check_lesson(options->lesson, &err) < 0)
		return complain(&err);
	if (open_session(&session, options, &err) < 0)
		return complain(&err);
	if (tui_open(&tui, &err) < 0) {
		session_close(&session);
		return complain(&err);
	}
	session.appearance = appearance_of_screen(options, tui_ascii());
	status = lab_screen_run(&session, options, &end_signal);
	tui_close();
	session_close(&session);
	return ended(status, end_signal);
}

static int
check_lessons(const struct options *options)
{
	struct buf out = BUF_INIT;
	int failed, status = lessons_check(&out, options->words, options->word_count);

	clean_lines(&out);
	failed = output_print(&out);
	buf_free(&out);
	return failed ? failed : status;
}

static void
list_text(struct buf *out)
{
	lessons_list(out);
	clean_lines(out);
}

static int
run_grade(const struct options *options)
{
	struct lab_config config = lab_config_of(options);

	return grade_run(options, &config);
}

static int
run_answers(const struct options *options)
{
	struct lab_config config = lab_config_of(options);

	return grade_answers_run(options, &config);
}

static int
run(const struct options *options)
{
	const struct theme *theme;
	struct err err;

	if (options->help)
		return main_print_text(options_help);
	if (options->version)
		return main_print_text(version_text);
	if (options->list)
		return main_print_text(list_text);
	if (options->check)
		return check_lessons(options);
	if (options->grade)
		return run_grade(options);
	if (options->answers)
		return run_answers(options);
	theme = theme_of(options, &err);
	if (!theme)
		return complain(&err);
	if (options->program)
		return program_blame_run(options);
	if (options->diff)
		return attach_diff_run(options);
	if (options->pid || (options->open && family_file(options->open)))
		return run_watch(options, theme);
	return options->batch ? run_batch(options, theme) : run_interactive(options, theme);
}

int
main(int argc, char *argv[])
{
	struct options options;
	struct err err;
	int status;

	io_claim_standard();
	lab_go_on(argc, argv);
	signal(SIGPIPE, SIG_IGN); /* the failed write tells */
	signal(SIGXFSZ, SIG_IGN);
	setlocale(LC_ALL, "");
	if (options_parse(&options, argc, argv, &err) < 0)
		return complain(&err);
	set_language(&options);
	tell_language(options.lang);
	status = run(&options);
	options_free(&options);
	return output_end(status);
}
