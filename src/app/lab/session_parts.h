/*
 * What the parts of the session offer each other. Internal to src/app/lab. Each owns its part of
 * struct session.
 */
#ifndef APP_LAB_SESSION_PARTS_H
#define APP_LAB_SESSION_PARTS_H

#include "app/lab/session.h"

/* session.c: the moments */
void session_step(
    struct session *session, const char *command, const struct act *acts, size_t count);
bool session_refresh(struct session *session, const struct act *late, size_t count);
int session_new_lab(struct session *session, const struct lab_config *config, struct err *err);

/* since.c: what a worker reports, as soon as it is known; and the moment from which acts count. */
void since_hear(struct since *since, const struct act *acts, size_t count);
void since_begin(struct since *since, const struct snapshot *base); /* NULL: there is none yet */
void since_free(struct since *since);

/* The states of a snapshot that was just read. */
void since_classify(const struct since *since, struct snapshot *now);

/* Could a process have done something that was not reported yet? */
bool since_is_open(const struct session *session, const struct snapshot *now);

/* Doesn't wait for what is under way: acts count from here on. */
void since_settle(struct session *session);

/* acts.c: the acting command */
void job_start(struct session *session, const struct command *command);
bool job_pump(struct session *session);
void job_free(struct job *job);
int job_fd(const struct session *session); /* another descriptor to wait on; -1: none */

/* loop.c, replay.c: repeated commands; *_go() continues them when no job is left */
void loop_start(struct session *session, const struct command *command);
void loop_go(struct session *session);
void loop_free(struct loop *loop);
void replay_start(struct session *session, const struct command *command);
void replay_go(struct session *session);
void replay_free(struct replay *replay);

/* resident.c */
void resident_ask(struct session *session);
bool resident_take(
    struct session *session, struct lab_reply *reply); /* true: it was mincore's answer */
int resident_receive(
    struct session *session, struct lab_reply *reply); /* as lab_receive(), the stash first */
void resident_free(struct resident *resident); /* forgets the answer, and that anyone was asked */

/* lookers.c: commands that only look */
void look_start(struct session *session, const struct command *command);

/* Are the facts of an expect or await true now? why has the first that isn't. -1: the target
 * doesn't exist. */
int session_expect(struct session *session, const struct command *command, enum tri *holds,
    struct buf *why, struct err *err);

/* targets.c: processes and pages that a target names here and now. -1: a process or page that
 * doesn't exist. */
int target_processes(const struct session *session, const struct target *target,
    uint16_t *processes, struct err *err);
int target_pages(const struct session *session, const struct target *target,
    struct page_range ranges[RANGES_MAX], size_t *count, struct err *err);
char *command_resolved(const struct session *session, const struct command *command);

#endif
