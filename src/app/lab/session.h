/*
 * The session: a lab, what the kernel says about it, and the commands that act on it.
 *
 * Nothing here blocks on a worker: session_start() begins a command, session_pump() continues it
 * whenever a descriptor of session_poll() is readable, until session_busy() is false. After
 * session.patience_ms, a worker that doesn't answer is left with its request; its late answer
 * becomes a live change.
 */
#ifndef APP_LAB_SESSION_H
#define APP_LAB_SESSION_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lang/answer.h"
#include "view/canvas/appearance.h"
#include "app/lab/past.h"
#include "app/lab/expect.h"
#include "base/buf.h"
#include "base/err.h"
#include "kernel/kernel.h"
#include "lab/lab.h"
#include "lang/command.h"
#include "lang/options/options.h"
#include "model/lab/events.h"
#include "model/lab/history.h"
#include "model/lab/snapshot.h"
#include "view/lab/scene.h"

#define SEEN_LIVE SIZE_MAX
#define SESSION_POLL_MAX (2 * PROCESSES_MAX + 4)

struct cursor {
	char process; /* 0: there is none */
	uint32_t page;
};

/* All acts since a moment; the states of pages follow from them: since.c. */
struct since {
	const struct snapshot *base; /* the newest with nothing under way; held */
	struct act *acts;
	size_t count;
};

/* Which pages are in the page cache, without cachestat(2): resident.c. */
struct resident {
	unsigned char *pages;    /* mincore's answer; NULL: unknown */
	char asked;              /* the worker that has not answered yet; 0 */
	struct lab_reply *stash; /* arrived while that answer was awaited */
	size_t stashed;
};

struct job;    /* the acting command under way */
struct loop;   /* the commands being repeated */
struct replay; /* the steps being replayed */

struct session {
	struct kernel *kernel;
	struct lab *lab;
	struct lab_config config;
	char *path; /* what config.path points to; saved: the session's file */
	uint32_t lab_number, step;
	const struct snapshot *now; /* the newest; history holds it too */
	struct since since;
	struct history *history;
	uint32_t moments;     /* moments so far: of the lab itself, not of the memory around it */
	bool saved;           /* a session from a file: no lab, no kernel, nothing live */
	size_t seen;          /* the moment shown; SEEN_LIVE: always the newest */
	struct events events; /* of the moment shown: since the step before it */
	struct cursor cursor;
	bool follows; /* the cursor follows the commands: src/app/lab/follow.h */
	enum scene_view view;
	char *topic; /* title of the last lesson; NULL: there was none */
	/* a copy of the current guide; NULL: there is none */
	struct guide_copy *guide;
	struct appearance appearance;
	int patience_ms;
	char *notes;      /* the notebook that captures are added to; NULL: none */
	struct past past; /* of the steps */
	struct job *job;
	struct replay *replay;
	struct loop *loop;
	struct resident resident;
	struct memory_change change; /* by the last weigh */
	bool weighed;
	/* commands come from a lesson, which may not do everything: lang/teach/lesson_may.h */
	bool led;
	bool anyway;          /* weigh takes memory that isn't available too: the guide has asked */
	struct answer answer; /* to the last command; valid once session_busy() is false */
};

/* -1: the lab could not be started. */
int session_open(struct session *session, const struct lab_config *config, struct err *err);

/* A session saved as JSON, to look at its history. -1: damaged, or missing. */
int session_open_saved(struct session *session, const char *path, struct err *err);
void session_close(struct session *session);

/* Begins a command; session_busy() says whether it continues. */
void session_start(struct session *session, const struct command *command);
bool session_busy(const struct session *session);
/* the command's text; NULL when not busy */
const char *session_waiting_for(const struct session *session);

/* Continues the command and takes late answers. true: something visible changed. */
bool session_pump(struct session *session);

/* Samples the kernel again. true: something visible changed. */
bool session_look(struct session *session);

size_t session_poll(const struct session *session, struct pollfd fds[SESSION_POLL_MAX]);

/* Until the command is done. */
void session_wait(struct session *session);

/* Milliseconds until session_pump() should run even if no descriptor is ready; -1: never. */
int session_timeout(const struct session *session);

/* The snapshot shown, and the one before its step (NULL: none): live, or recorded. */
const struct snapshot *session_seen(const struct session *session);
const struct snapshot *session_seen_before(const struct session *session);
bool session_is_live(const struct session *session);
void session_begin_topic(struct session *session, const char *title);
/* -1: there is no such step */
int session_goto(struct session *session, uint32_t step, struct err *err);
void session_see(struct session *session, size_t index); /* of the history, or SEEN_LIVE */

/* The screen as it is; free its canvas with canvas_free(). The caller adds message, prompt and
 * help. */
struct scene session_scene(const struct session *session);

/* Copies what leads through the lab from now on: keys and captures may come after its source is
 * gone. NULL: nothing leads, and a view of the guide is left. */
void session_lead(struct session *session, const struct guide *guide);

/* A process's life at this moment, from a reading that doesn't enter the history. */
enum life session_life(struct session *session, char name);

#endif
