#include "config.h"
#include "app/capture/record.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "out/lab/c_program.h"
#include "out/lab/recorded.h"
#include "out/save.h"

/* The first moment of a step, or its last: as its command left it, and as the next command found
 * it. */
static const struct snapshot *
moment(const struct session *session, uint32_t step, bool last)
{
	const struct history *history = session->history;
	size_t at = history_find(history, step);

	if (history_at(history, at)->step != step)
		return NULL;
	while (!last && at > 0 && history_at(history, at - 1)->step == step)
		at--;
	return history_at(history, at);
}

static void
record_fill(
    struct recorded_step *recorded, const struct session *session, const struct past_step *step)
{
	const struct snapshot *before = moment(session, step->step - 1, true);

	*recorded = (struct recorded_step){
	    .command = step->command ? step->command : "",
	    .now = moment(session, step->step, false),
	    .before = before && before->lab == step->lab ? before : NULL,
	};
}

static bool
record_ends_in(const char *path, const char *ending)
{
	size_t length = strlen(path), end = strlen(ending);

	return length > end && strcmp(path + length - end, ending) == 0;
}

static int
record_check_name(const char *path, struct err *err)
{
	if (!record_ends_in(path, ".md") && !record_ends_in(path, ".c"))
		return err_set(err, ERR_USAGE,
		    _("invalid name: expected one that ends in .md for a lesson, or in .c for a program"));
	return 0;
}

static int
record_check(const struct session *session, struct err *err)
{
	if (!past_at(&session->past, 0))
		return err_set(
		    err, ERR_USAGE, _("the first commands of this session are no longer kept"));
	if (session->past.count == 1)
		return err_set(err, ERR_USAGE, _("there is nothing to record yet"));
	for (size_t i = 1; i < session->past.count; i++)
		if (!session->past.steps[i].command)
			return err_set(
			    err, ERR_USAGE, _("the command of step %zu is not known"), i);
	return 0;
}

static int
record_lesson(struct buf *out, const struct session *session, struct err *err)
{
	const struct past *past = &session->past;
	struct recorded_step *steps;
	struct buf kernel = BUF_INIT;

	if (record_check(session, err) < 0)
		return -1;
	steps = mem_zero(past->count, sizeof(*steps));
	buf_addf(&kernel, "Linux %s", session->now->machine.release);
	for (size_t i = 1; i < past->count; i++)
		record_fill(&steps[i - 1], session, &past->steps[i]);
	recorded_lesson(out,
	    &(struct recorded){
		.kind = past->steps[0].kind,
		.pages = past->steps[0].pages,
		.processes = past->steps[0].processes,
		.software = PACKAGE_STRING,
		.kernel = buf_text(&kernel),
		.steps = steps,
		.count = past->count - 1,
	    });
	buf_free(&kernel);
	free(steps);
	return 0;
}

int
record_program(struct buf *out, const struct session *session, const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	struct scene scene = session_scene(session);
	struct buf kernel = BUF_INIT;

	if (record_check(session, err) < 0)
		return -1;
	buf_addf(&kernel, "Linux %s", session->now->machine.release);
	c_program_write(out,
	    &(struct c_program){
		.steps = session->past.steps,
		.count = session->past.count,
		.name = slash ? slash + 1 : path,
		.software = PACKAGE_STRING,
		.kernel = buf_text(&kernel),
		.file = scene.past.file,
		.read_only = scene.past.read_only,
	    });
	buf_free(&kernel);
	return 0;
}

int
record_save(const struct session *session, const char *path, char **written, struct err *err)
{
	struct buf text = BUF_INIT;
	int result;

	if (record_check_name(path, err) < 0)
		return -1;
	result = record_ends_in(path, ".c") ? record_program(&text, session, path, err)
					    : record_lesson(&text, session, err);
	if (result == 0)
		result = save_new(path, text.data, text.length, written, err);
	buf_free(&text);
	return result;
}
