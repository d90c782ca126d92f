#include "config.h"
#include "app/lab/session_parts.h"
#include "app/lab/follow.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lang/teach/lesson_may.h"
#include "lab/sweep.h"
#include "model/lab/classify.h"
#include "out/lab/load.h"

#define PATIENCE_MS 1000
#define HISTORY_BYTES ((size_t)64 << 20)

static size_t
subjects_of(struct lab *lab, struct subject subjects[PROCESSES_MAX])
{
	const struct lab_worker *workers;
	size_t count = lab_workers(lab, &workers);

	for (size_t i = 0; i < count; i++)
		subjects[i] = (struct subject){
		    .name = workers[i].name,
		    .forked_from = workers[i].forked_from,
		    .pid = workers[i].pid,
		    .ppid = workers[i].ppid,
		    .dead = workers[i].dead,
		    .busy = workers[i].busy,
		    .waits = workers[i].waits,
		    .exit_signal = workers[i].exit_signal,
		    .exit_status = workers[i].exit_status,
		    .pagemap = workers[i].pagemap,
		    .smaps = workers[i].smaps,
		    .did = workers[i].did,
		    .address = workers[i].address,
		    .objects = workers[i].objects,
		};
	return count;
}

static char *
string_or_null(const char *text)
{
	return text ? mem_string(text) : NULL;
}

/* Samples the kernel; acts are the reported ones that belong to the sample. */
static struct snapshot *
session_sample(struct session *session, const struct act *acts, size_t count)
{
	struct subject subjects[PROCESSES_MAX];
	struct sample_request request = {
	    .subjects = subjects,
	    .subject_count = subjects_of(session->lab, subjects),
	    .kind = session->config.kind,
	    .page_count = session->config.pages,
	    .file = lab_file(session->lab),
	    .acts = acts,
	    .act_count = count,
	    .before =
		session->now && session->now->lab == session->lab_number ? session->now : NULL,
	};
	struct snapshot *now;

	resident_ask(session);
	request.resident = session->resident.pages;
	now = kernel_sample(session->kernel, &request);

	now->lab = session->lab_number;
	now->one_vma = session->config.one_vma;
	now->read_only = session->config.kind == KIND_SHARED_FILE && session->config.path &&
	    !session->config.allow_write;
	now->step = session->step;
	now->path = string_or_null(lab_path(session->lab));
	now->filesystem =
	    string_or_null(request.file >= 0 ? kernel_filesystem(request.file) : NULL);
	since_classify(&session->since, now);
	return now;
}

static size_t
moment_seen(const struct session *session)
{
	return session->seen == SEEN_LIVE ? history_count(session->history) - 1 : session->seen;
}

bool
session_is_live(const struct session *session)
{
	return !session->saved && session->seen == SEEN_LIVE;
}

const struct snapshot *
session_seen(const struct session *session)
{
	return history_at(session->history, moment_seen(session));
}

const struct snapshot *
session_seen_before(const struct session *session)
{
	return history_before(session->history, moment_seen(session));
}

enum life
session_life(struct session *session, char name)
{
	struct snapshot *now = session_sample(session, NULL, 0);
	const struct process *process = snapshot_process(now, name);
	enum life life = process ? process->life : LIFE_DEAD;

	snapshot_free(now);
	return life;
}

static void
keep_cursor_valid(struct session *session)
{
	const struct snapshot *now = session_seen(session);

	if (!snapshot_process(now, session->cursor.process))
		session->cursor.process = now->process_count ? now->processes[0].name : 0;
	if (session->cursor.page >= now->page_count)
		session->cursor.page = now->page_count - 1;
}

static void
find_events(struct session *session)
{
	events_free(&session->events);
	events_between(&session->events, session_seen_before(session), session_seen(session));
}

void
session_see(struct session *session, size_t index)
{
	session->seen =
	    index != SEEN_LIVE && index + 1 < history_count(session->history) ? index : SEEN_LIVE;
	find_events(session);
	keep_cursor_valid(session);
}

int
session_goto(struct session *session, uint32_t step, struct err *err)
{
	if (step > session->step)
		return err_set(err, ERR_USAGE, _("there is no step %1$u; the last is %2$u"), step,
		    session->step);
	session_see(session, history_find(session->history, step));
	return 0;
}

/* Nothing has been done in a new lab. */
static void
follow(struct session *session, const struct snapshot *now, const struct act *acts, size_t count)
{
	if (!session->follows)
		return;
	if (session->now && session->now->lab != now->lab)
		session->cursor = (struct cursor){0, 0};
	cursor_follow(&session->cursor, acts, count);
}

/* Only the machine's memory differs: that is shown, but not kept as a moment, so that an idle lab's
 * history doesn't grow. */
static void
session_replace(struct session *session, struct snapshot *now)
{
	bool was_base = session->since.base == session->now;

	now->time_ns = session->now->time_ns; /* when it became so */
	history_replace(session->history, now);
	snapshot_free(now);
	session->now = now;
	if (was_base || !since_is_open(session, now))
		since_begin(&session->since, now);
	if (session_is_live(session))
		find_events(session);
}

/* Makes the snapshot the newest moment. If thinning removes the moment shown, another of its step
 * is shown. */
static void
session_enter(struct session *session, struct snapshot *now)
{
	uint32_t step = session_is_live(session) ? 0 : session_seen(session)->step;

	session->moments++;
	history_add(session->history, now);
	snapshot_free(now);
	session->now = now;
	if (!since_is_open(session, now))
		since_begin(&session->since, now);
	if (!session_is_live(session))
		session->seen = history_find(session->history, step);
	find_events(session);
	keep_cursor_valid(session);
}

void
session_step(struct session *session, const char *command, const struct act *acts, size_t count)
{
	struct snapshot *now;

	session->step++;
	now = session_sample(session, acts, count);
	now->command = string_or_null(command);
	session->seen = SEEN_LIVE;
	past_add(&session->past, now, session->config.processes);
	follow(session, now, acts, count);
	session_enter(session, now);
}

/* The step keeps its acts, so that its words stay; late acts join them. */
static void
keep_acts(struct snapshot *now, const struct snapshot *before)
{
	struct act *acts = mem_zero(before->act_count + now->act_count, sizeof(*acts));

	if (before->act_count)
		memcpy(acts, before->acts, before->act_count * sizeof(*acts));
	if (now->act_count)
		memcpy(acts + before->act_count, now->acts, now->act_count * sizeof(*acts));
	free(now->acts);
	now->acts = acts;
	now->act_count += before->act_count;
}

bool
session_refresh(struct session *session, const struct act *late, size_t count)
{
	struct snapshot *now = session_sample(session, late, count);

	now->command = string_or_null(session->now->command);
	keep_acts(now, session->now);
	if (!snapshot_differs(session->now, now) && count == 0) {
		if (!since_is_open(session, now))
			since_begin(&session->since, session->now);
		snapshot_free(now);
		return false;
	}
	if (count == 0 && !snapshot_lab_differs(session->now, now))
		session_replace(session, now);
	else
		session_enter(session, now);
	past_look(&session->past, now);
	return true;
}

bool
session_look(struct session *session)
{
	return !session->saved && session_refresh(session, NULL, 0);
}

int
session_new_lab(struct session *session, const struct lab_config *config, struct err *err)
{
	struct lab *lab = lab_open(config, err);

	if (!lab)
		return -1;
	lab_close(session->lab);
	session->lab = lab;
	session->config = *config;
	session->lab_number++;
	resident_free(&session->resident);
	since_begin(&session->since, NULL);
	return 0;
}

int
session_open(struct session *session, const struct lab_config *config, struct err *err)
{
	*session = (struct session){.patience_ms = PATIENCE_MS, .seen = SEEN_LIVE};
	session->history = history_new(HISTORY_BYTES);
	session->path = string_or_null(config->path);
	session->config = *config;
	session->config.path = session->path;
	sweep();
	session->kernel = kernel_open(err);
	if (!session->kernel || session_new_lab(session, &session->config, err) < 0) {
		session_close(session);
		return -1;
	}
	session_enter(session, session_sample(session, NULL, 0));
	past_add(&session->past, session->now, session->config.processes);
	return 0;
}

/* If some commands were not saved, none is kept: a part of them leads nowhere. */
static void
enter_saved(struct session *session, const struct snapshot *moment)
{
	const struct past *past = &session->past;
	uint32_t next = past->count ? past->steps[past->count - 1].step + 1 : 0;

	history_add(session->history, moment);
	if (moment->step == next)
		past_add(&session->past, moment, (unsigned)moment->process_count);
	else if (moment->step > next)
		past_free(&session->past);
	else
		past_look(&session->past, moment);
}

int
session_open_saved(struct session *session, const char *path, struct err *err)
{
	struct loaded loaded;

	*session = (struct session){.seen = SEEN_LIVE, .saved = true};
	session->path = mem_string(path);
	session->history = history_new(HISTORY_BYTES);
	if (session_load(path, &loaded, err) < 0) {
		session_close(session);
		return -1;
	}
	for (size_t i = 0; i < loaded.count; i++)
		enter_saved(session, loaded.moments[i].snapshot);
	loaded_free(&loaded);
	session->now = history_at(session->history, history_count(session->history) - 1);
	session->step = session->now->step;
	session->config.kind = session->now->kind;
	session->config.pages = session->now->page_count;
	session->config.processes = (unsigned)session->now->process_count;
	session_see(session, SEEN_LIVE);
	return 0;
}

void
session_close(struct session *session)
{
	guide_copy_free(session->guide);
	job_free(session->job);
	replay_free(session->replay);
	past_free(&session->past);
	since_free(&session->since);
	history_free(session->history);
	events_free(&session->events);
	answer_free(&session->answer);
	resident_free(&session->resident);
	loop_free(session->loop);
	lab_close(session->lab);
	kernel_close(session->kernel);
	free(session->path);
	free(session->notes);
	free(session->topic);
}

void
session_begin_topic(struct session *session, const char *title)
{
	free(session->topic);
	session->topic = mem_string(title);
}

/* What only makes sense while watching running processes. */
static void
session_refuse(struct session *session, const struct command *command)
{
	struct err err;

	err_set(
	    &err, ERR_USAGE, _("%s is for running processes: cowscope -p PID"), command->def->name);
	answer_fail(&session->answer, &err);
}

/* A file that the user lets us change is the user's responsibility. */
static int
allow(const struct session *session, const struct command *command, struct err *err)
{
	if (!session->led)
		return 0;
	if (session->config.path && session->config.allow_write && command->def->group < GROUP_LOOK)
		return err_set(err, ERR_USAGE,
		    _("a lesson must not change %s: play it without --allow-write"),
		    session->config.path);
	return lesson_may(command, err);
}

void
session_start(struct session *session, const struct command *command)
{
	struct err err;

	answer_begin(&session->answer, command, command_resolved(session, command));
	if (session->follows && command->def->group == GROUP_FILE)
		cursor_aim(session, command);
	if (allow(session, command, &err) < 0)
		answer_fail(&session->answer, &err);
	else if (command->def->verb == VERB_REPLAY)
		replay_start(session, command);
	else if (command->def->verb == VERB_LOOP)
		loop_start(session, command);
	else if (command->def->group == GROUP_LOOK || command->def->group == GROUP_STEPS ||
	    command->def->group == GROUP_LESSON || command->def->group == GROUP_SCREEN)
		look_start(session, command);
	else if (command->def->group == GROUP_FAMILY)
		session_refuse(session, command);
	else
		job_start(session, command);
}

bool
session_busy(const struct session *session)
{
	return session->job || session->replay || session->loop;
}

const char *
session_waiting_for(const struct session *session)
{
	return session_busy(session) ? session->answer.command : NULL;
}

bool
session_pump(struct session *session)
{
	bool changed = !session->saved && job_pump(session);

	if (session->loop && !session->job) {
		loop_go(session);
		changed = true;
	}
	if (session->replay && !session->job) {
		replay_go(session);
		changed = true;
	}
	return changed;
}

size_t
session_poll(const struct session *session, struct pollfd fds[SESSION_POLL_MAX])
{
	size_t count = session->saved ? 0 : lab_poll(session->lab, fds, SESSION_POLL_MAX - 1);
	int more = job_fd(session);

	if (more >= 0)
		fds[count++] = (struct pollfd){.fd = more, .events = POLLIN};
	return count;
}

void
session_wait(struct session *session)
{
	struct pollfd fds[SESSION_POLL_MAX];

	while (session_busy(session)) {
		size_t count = session_poll(session, fds);

		poll(fds, count, session_timeout(session));
		session_pump(session);
	}
}

void
session_lead(struct session *session, const struct guide *guide)
{
	guide_copy_free(session->guide);
	session->guide = guide ? guide_copy(guide) : NULL;
	if (!guide && session->view == SCENE_GUIDE)
		session->view = SCENE_PANELS;
}

/* The one that it was started with: its own is none. */
static const char *
session_file(const struct session *session)
{
	const char *path = session->now ? session->now->path : NULL;

	if (!session->saved)
		return session->config.path;
	return path && strncmp(path, "/proc/", strlen("/proc/")) != 0 ? path : NULL;
}

struct scene
session_scene(const struct session *session)
{
	return (struct scene){
	    .now = session_seen(session),
	    .before = session_seen_before(session),
	    .recorded = !session_is_live(session),
	    .saved = session->saved,
	    .last_step = session->step,
	    .events = &session->events,
	    .view = session->view,
	    .past =
		{
		    .steps = session->past.steps,
		    .count = session->past.count,
		    .file = session_file(session),
		    .read_only = !session->config.allow_write,
		},
	    .process = session->cursor.process,
	    .page = session->cursor.page,
	    .guide = session->guide ? &session->guide->guide : NULL,
	};
}
