/*
 * The session: a lab, what the kernel says about it, and the commands that act on it.
 *
 * Nothing here blocks on a worker: session_start() begins a command, session_pump() continues it
 * whenever a descriptor of session_poll() is readable, until session_busy() is false. After
 * session.patience_ms, a worker that does not answer is left with its request; its late answer
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
	char process; /* 0 when there is none */
	uint32_t page;
};

/* All acts since a moment; the states of pages follow from them: since.c. */
struct since {
	const struct snapshot *base; /* the newest at which nothing was under way; held */
	struct act *acts;
	size_t count;
};

/* Which pages are in the page cache, without cachestat(2): resident.c. */
struct resident {
	unsigned char *pages;    /* mincore's word; NULL: not known */
	char asked;              /* the worker that has not answered; else 0 */
	struct lab_reply *stash; /* came while its answer was waited for */
	size_t stashed;
};

struct job;    /* the acting command under way */
struct loop;   /* the commands that are done again and again */
struct replay; /* the steps that are done again */

struct session {
	struct kernel *kernel;
	struct lab *lab;
	struct lab_config config;
	char *path; /* config.path is this; saved: the session's file */
	uint32_t lab_number, step;
	const struct snapshot *now; /* the newest; history holds it too */
	struct since since;
	struct history *history;
	uint32_t moments; /* that came so far: of what the lab is, not of the memory around it */
	bool saved;       /* a session from a file: no lab, no kernel, nothing is live */
	size_t seen;      /* the moment looked at; SEEN_LIVE: always the newest */
	struct events events; /* of the moment looked at: since the step before it */
	struct cursor cursor;
	bool follows; /* the cursor goes where commands act: src/app/lab/follow.h */
	enum scene_view view;
	char *topic; /* title of the lesson that led last; NULL: none did */
	/* what leads through the lab, as it was told last; NULL: nothing does */
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
	bool anyway;          /* weigh takes what is not available too: whoever leads has asked */
	struct answer answer; /* of the last command; valid once session_busy() is false */
};

/* -1: the lab could not be started. */
int session_open(struct session *session, const struct lab_config *config, struct err *err);

/* A session that was saved as JSON: its history, to be looked at. -1: damaged, or not there. */
int session_open_saved(struct session *session, const char *path, struct err *err);
void session_close(struct session *session);

/* Begins a command; session_busy() says whether it goes on. */
void session_start(struct session *session, const struct command *command);
bool session_busy(const struct session *session);
/* the command's text; NULL when not busy */
const char *session_waiting_for(const struct session *session);

/* Continues the command and takes late answers. true: something visible changed. */
bool session_pump(struct session *session);

/* Samples the kernel once more. true: something visible changed. */
bool session_look(struct session *session);

size_t session_poll(const struct session *session, struct pollfd fds[SESSION_POLL_MAX]);

/* Until the command is done. */
void session_wait(struct session *session);

/* Milliseconds until session_pump() should run even if no descriptor is ready; -1: never. */
int session_timeout(const struct session *session);

/* The snapshot that is looked at, and the one before its step (NULL: none): live, or recorded. */
const struct snapshot *session_seen(const struct session *session);
const struct snapshot *session_seen_before(const struct session *session);
bool session_is_live(const struct session *session);
void session_begin_topic(struct session *session, const char *title);
/* -1: there is no such step */
int session_goto(struct session *session, uint32_t step, struct err *err);
void session_see(struct session *session, size_t index); /* of the history, or SEEN_LIVE */

/* The screen as it stands, to be freed with canvas_free(). The scene's message, prompt and help are
 * the caller's to add. */
struct scene session_scene(const struct session *session);

/* What leads through the lab from now on, copied: keys and captures come at any time, also when
 * what it was made of is gone. NULL: nothing does; a view of it is left. */
void session_lead(struct session *session, const struct guide *guide);

/* How a process is at this moment, by a reading that enters no history. */
enum life session_life(struct session *session, char name);

#endif
