#include "config.h"
#include "app/lab/session_parts.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "app/lab/expect.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "lang/glossary.h"
#include "out/picture/text.h"
#include "view/canvas/help_text.h"
#include "view/lab/report.h"

typedef void looker(struct session *session, const struct command *command);

static void
draw_screen(const struct session *session, struct buf *out)
{
	struct canvas *canvas = canvas_new(
	    session->appearance.columns, session->appearance.rows, session->appearance.ascii);
	struct scene scene = session_scene(session);

	scene_draw(canvas, &scene);
	text_canvas(out, canvas);
	canvas_free(canvas);
}

static void
show_page(struct session *session, const struct command *command)
{
	struct page_range ranges[RANGES_MAX];
	uint16_t processes;
	size_t count;
	struct err err;

	if (target_processes(session, &command->target, &processes, &err) < 0 ||
	    target_pages(session, &command->target, ranges, &count, &err) < 0)
		answer_fail(&session->answer, &err);
	else
		report_page(&session->answer.text, session_seen(session),
		    (char)('a' + __builtin_ctz(processes)), ranges[0].first);
}

static void
look_show(struct session *session, const struct command *command)
{
	struct buf *out = &session->answer.text;

	session->answer.type = ANSWER_STATE;
	session_look(session);
	switch ((enum what)command->choice) {
	case WHAT_STATE:
		report_state(out, session_seen(session));
		break;
	case WHAT_FRAMES:
		report_frames(out, session_seen(session));
		break;
	case WHAT_FILE:
		report_file(out, session_seen(session));
		break;
	case WHAT_MEMORY:
		report_memory(out, session_seen(session));
		break;
	case WHAT_SCREEN:
		draw_screen(session, out);
		break;
	case WHAT_PAGE:
		show_page(session, command);
		break;
	}
}

static void
look_explain(struct session *session, const struct command *command)
{
	struct page_range ranges[RANGES_MAX] = {{session->cursor.page, session->cursor.page}};
	uint16_t processes =
	    session->cursor.process ? (uint16_t)(1u << (session->cursor.process - 'a')) : 0;
	const struct target *target = &command->target;
	size_t count;
	struct err err;

	session_look(session);
	if (target->who != WHO_NONE &&
	    (target_processes(session, target, &processes, &err) < 0 ||
		target_pages(session, target, ranges, &count, &err) < 0)) {
		answer_fail(&session->answer, &err);
		return;
	}
	session->answer.type = ANSWER_TEXT;
	report_explain(&session->answer.text, session_seen(session),
	    processes ? (char)('a' + __builtin_ctz(processes)) : 0, ranges[0].first);
}

static void
look_glossary(struct session *session, const struct command *command)
{
	session->answer.type = ANSWER_TEXT;
	glossary_text(&session->answer.text, command->choice < 0 ? NULL : &terms[command->choice]);
}

int
session_expect(struct session *session, const struct command *command, enum tri *holds,
    struct buf *why, struct err *err)
{
	struct page_range ranges[RANGES_MAX];
	struct measured measured = {.weighed = session->weighed ? &session->change : NULL};
	uint16_t processes = 0;
	size_t count;

	if ((command->target.who < WHO_FILE &&
		target_processes(session, &command->target, &processes, err) < 0) ||
	    target_pages(session, &command->target, ranges, &count, err) < 0)
		return -1;
	session_look(session);
	*holds =
	    expect_holds(session_seen(session), &measured, command, processes, ranges, count, why);
	return 0;
}

static void
look_expect(struct session *session, const struct command *command)
{
	struct answer *answer = &session->answer;
	struct err err;

	if (session_expect(session, command, &answer->holds, &answer->text, &err) < 0)
		answer_fail(&session->answer, &err);
	else
		answer->type = ANSWER_EXPECT;
}

/* capture, record: whatever shows the session saves it */
static void
look_save(struct session *session, const struct command *command)
{
	answer_save(&session->answer, command);
}

static void
look_notes(struct session *session, const struct command *command)
{
	session->answer.type = ANSWER_TEXT;
	free(session->notes);
	session->notes = command->text ? mem_string(command->text) : NULL;
	if (session->notes)
		buf_addf(&session->answer.text, _("captures are added to %s"), session->notes);
	else
		buf_add(&session->answer.text, _("captures are added to no notebook"));
}

/* The moment of the step before or after the current one. */
static void
step_by(struct session *session, bool forward)
{
	const struct history *history = session->history;
	uint32_t step = session_seen(session)->step;
	size_t index = history_find(history, forward ? step + 1 : step - 1);

	if (!forward && (step == 0 || history_at(history, index)->step >= step))
		return;
	while (forward && history_at(history, index)->step <= step &&
	    index + 1 < history_count(history))
		index++;
	session_see(session, history_find(history, history_at(history, index)->step));
}

/* The history is limited: marks of change may belong to several steps. */
static void
say_gap(struct session *session)
{
	const struct snapshot *now = session_seen(session), *before = session_seen_before(session);

	if (before && before->step + 1 < now->step)
		buf_addf(&session->answer.text,
		    _("the steps between %1$u and %2$u are no longer kept: what is marked changed since step %1$u"),
		    before->step, now->step);
}

static void
look_steps(struct session *session, const struct command *command)
{
	struct err err;

	session->answer.type = ANSWER_STEP;
	if (command->def->verb == VERB_GOTO) {
		if (session_goto(session, command->count, &err) < 0)
			answer_fail(&session->answer, &err);
	} else if (command->def->verb == VERB_FIRST || command->def->verb == VERB_LAST) {
		session_see(session, command->def->verb == VERB_FIRST ? 0 : SEEN_LIVE);
	} else {
		step_by(session, command->def->verb == VERB_FORWARD);
	}
	if (session->answer.type == ANSWER_STEP)
		say_gap(session);
}

static size_t
look_cursor_index(const struct session *session)
{
	const struct snapshot *now = session_seen(session);

	for (size_t i = 0; i < now->process_count; i++)
		if (now->processes[i].name == session->cursor.process)
			return i;
	return 0;
}

static void
move_process(struct session *session, bool forward, bool around)
{
	size_t count = session_seen(session)->process_count, at = look_cursor_index(session);

	if (!count)
		return;
	if (around)
		at = (at + (forward ? 1 : count - 1)) % count;
	else if (forward)
		at = at + 1 < count ? at + 1 : at;
	else
		at = at ? at - 1 : 0;
	session->cursor.process = session_seen(session)->processes[at].name;
}

static void
look_move_page(struct session *session, int64_t by)
{
	int64_t page = (int64_t)session->cursor.page + by,
		last = session_seen(session)->page_count - 1;

	session->cursor.page = (uint32_t)(page < 0 ? 0 : page > last ? last : page);
}

static void
look_select_target(struct session *session, const struct target *target)
{
	struct page_range ranges[RANGES_MAX];
	uint16_t processes;
	size_t count;
	struct err err;

	if (target_processes(session, target, &processes, &err) < 0 ||
	    target_pages(session, target, ranges, &count, &err) < 0) {
		answer_fail(&session->answer, &err);
		return;
	}
	session->cursor.process = (char)('a' + __builtin_ctz(processes));
	if (target->which == PAGES_RANGES)
		session->cursor.page = ranges[0].first;
}

static void
look_select(struct session *session, const struct command *command)
{
	struct scene scene = session_scene(session);
	int64_t screenful =
	    scene_pages_shown(&scene, session->appearance.columns, session->appearance.rows);

	session->answer.type = ANSWER_SCREEN;
	switch ((enum place)command->choice) {
	case PLACE_TARGET:
		look_select_target(session, &command->target);
		break;
	case PLACE_NEXT:
	case PLACE_PREVIOUS:
		move_process(session, command->choice == PLACE_NEXT, true);
		break;
	case PLACE_LEFT:
	case PLACE_RIGHT:
		move_process(session, command->choice == PLACE_RIGHT, false);
		break;
	case PLACE_UP:
	case PLACE_DOWN:
		look_move_page(session, command->choice == PLACE_DOWN ? 1 : -1);
		break;
	case PLACE_FIRST:
	case PLACE_LAST:
		look_move_page(session, command->choice == PLACE_LAST ? PAGES_MAX : -PAGES_MAX);
		break;
	case PLACE_PAGE_UP:
	case PLACE_PAGE_DOWN:
		look_move_page(
		    session, command->choice == PLACE_PAGE_DOWN ? screenful : -screenful);
		break;
	}
}

static void
look_view(struct session *session, const struct command *command)
{
	static const enum scene_view next[] = {
	    [SCENE_PANELS] = SCENE_GUIDE,
	    [SCENE_GUIDE] = SCENE_FRAMES,
	    [SCENE_FRAMES] = SCENE_PAGE,
	    [SCENE_PAGE] = SCENE_CODE,
	    [SCENE_CODE] = SCENE_PANELS,
	    [SCENE_HELP] = SCENE_PANELS,
	};
	/* from 1 on; 0: not in the lab */
	static const int chosen[VIEW_COUNT] = {
	    [VIEW_NEXT] = SCENE_PANELS + 1,
	    [VIEW_PANELS] = SCENE_PANELS + 1,
	    [VIEW_GUIDE] = SCENE_GUIDE + 1,
	    [VIEW_FRAMES] = SCENE_FRAMES + 1,
	    [VIEW_PAGE] = SCENE_PAGE + 1,
	    [VIEW_CODE] = SCENE_CODE + 1,
	};
	struct err err;

	if (!chosen[command->choice]) {
		err_set(&err, ERR_USAGE, _("that view is of running processes: cowscope -p PID"));
		answer_fail(&session->answer, &err);
		return;
	}
	session->answer.type = ANSWER_SCREEN;
	session->view = command->choice == VIEW_NEXT
	    ? next[session->view]
	    : (enum scene_view)(chosen[command->choice] - 1);
	if (session->view != SCENE_GUIDE || session->guide)
		return;
	session->view = command->choice == VIEW_NEXT ? SCENE_FRAMES : SCENE_PANELS;
	if (command->choice == VIEW_NEXT)
		return;
	err_set(&err, ERR_USAGE, _("no lesson is running: lesson cow begins one"));
	answer_fail(&session->answer, &err);
}

static void
look_help(struct session *session, const struct command *command)
{
	session->answer.type = ANSWER_TEXT;
	if (command->topic)
		help_command(&session->answer.text, command->topic->name);
	else
		help_lab(&session->answer.text);
}

/* prompt, redraw, mouse: for whatever has a terminal */
static void
look_screen(struct session *session, const struct command *command)
{
	session->answer.type = ANSWER_SCREEN;
	if (command->text)
		buf_add_n(&session->answer.text, command->text, command->text_length);
}

/* lesson, next, answer, point, vote: for whatever leads through one */
static void
look_lesson(struct session *session, const struct command *command)
{
	struct answer *answer = &session->answer;
	struct err err;

	look_screen(session, command);
	if (command->def->verb == VERB_POINT &&
	    (target_processes(session, &command->target, &answer->processes, &err) < 0 ||
		target_pages(
		    session, &command->target, answer->ranges, &answer->range_count, &err) < 0)) {
		answer_fail(&session->answer, &err);
		return;
	}
	memcpy(answer->numbers, command->numbers, sizeof(command->numbers));
	answer->number_count = command->number_count;
}

static void
look_quit(struct session *session, const struct command *command)
{
	(void)command;
	session->answer.type = ANSWER_QUIT;
}

static looker *const lookers[VERB_COUNT] = {
    [VERB_SHOW] = look_show,
    [VERB_EXPLAIN] = look_explain,
    [VERB_GLOSSARY] = look_glossary,
    [VERB_EXPECT] = look_expect,
    [VERB_AWAIT] = job_start,
    [VERB_CAPTURE] = look_save,
    [VERB_NOTES] = look_notes,
    [VERB_RECORD] = look_save,
    [VERB_BACK] = look_steps,
    [VERB_FORWARD] = look_steps,
    [VERB_FIRST] = look_steps,
    [VERB_LAST] = look_steps,
    [VERB_GOTO] = look_steps,
    [VERB_LESSON] = look_lesson,
    [VERB_NEXT] = look_lesson,
    [VERB_ANSWER] = look_lesson,
    [VERB_POINT] = look_lesson,
    [VERB_VOTE] = look_lesson,
    [VERB_ANYWAY] = look_lesson,
    [VERB_SELECT] = look_select,
    [VERB_VIEW] = look_view,
    [VERB_PROMPT] = look_screen,
    [VERB_REDRAW] = look_screen,
    [VERB_MOUSE] = look_screen,
    [VERB_HELP] = look_help,
    [VERB_QUIT] = look_quit,
};

void
look_start(struct session *session, const struct command *command)
{
	lookers[command->def->verb](session, command);
}
