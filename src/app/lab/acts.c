#include "config.h"
#include "app/lab/job.h"
#include "app/lab/session_parts.h"
#include "app/lab/tell.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/clock.h"
#include "base/mem.h"

#define DEATH_MS 1000
#define LOOK_AGAIN_MS 20 /* of await */

void
job_free(struct job *job)
{
	if (!job)
		return;
	free(job->requests);
	weigh_free(job->weigh);
	free(job->text);
	free(job->acts);
	buf_free(&job->text_out);
	free(job);
}

static void
job_add_acts(struct act **acts, size_t *count, const struct act *more, size_t more_count)
{
	if (!more_count)
		return;
	*acts = mem_resize(*acts, *count + more_count, sizeof(**acts));
	memcpy(*acts + *count, more, more_count * sizeof(**acts));
	*count += more_count;
}

/* A worker known to be stopped gets its request but isn't waited for. */
static int
patience_with(const struct session *session, char name)
{
	const struct process *process = snapshot_process(session->now, name);

	return process && process->life == LIFE_STOPPED ? 0 : session->patience_ms;
}

/* Does the worker still owe us an answer to mincore? It comes before the deadline, or this request
 * fails. */
static bool
job_must_wait(const struct session *session, const struct job *job)
{
	return session->resident.asked &&
	    session->resident.asked == job->requests[job->next].worker &&
	    clock_ms() < job->deadline_ms;
}

/* Sends the next request; a request that cannot be sent fails for that worker only. */
static void
send_next(struct session *session, struct job *job)
{
	while (!job->asked && job->next < job->count && !job_must_wait(session, job)) {
		const struct lab_request *request = &job->requests[job->next++];

		if (lab_send(session->lab, request, &job->failure) == 0) {
			job->asked = true;
			job->deadline_ms = clock_ms() + patience_with(session, request->worker);
		}
	}
}

static const char *
call_name(enum lab_op op)
{
	switch (op) {
	case LAB_FORK:
		return "fork";
	case LAB_EXEC:
		return "execve";
	case LAB_ALLOC:
		return "malloc";
	case LAB_CLOSE:
		return "close";
	case LAB_OPEN:
		return "open";
	case LAB_FILE_LINK:
		return "linkat";
	case LAB_FILE_UNLINK:
		return "unlink";
	case LAB_FILE_READ:
		return "pread";
	case LAB_FILE_WRITE:
		return "pwrite";
	case LAB_FILE_RESIZE:
		return "ftruncate";
	case LAB_FILE_SYNC:
	case LAB_FILE_DROP:
		return "fsync";
	default:
		return "mmap";
	}
}

static void
take_file_bytes(struct job *job, const struct lab_reply *reply)
{
	const struct lab_request *request = &job->requests[job->next - 1];
	size_t each = request->count ? reply->byte_count / request->count : 0;

	for (uint32_t i = 0; each && i < request->count; i++) {
		buf_addf(
		    &job->text_out, "%s%u: ", job->text_out.length ? "\n" : "", request->first + i);
		for (size_t j = 0; j < each; j++) {
			unsigned char byte = reply->bytes[i * each + j];

			buf_add_char(
			    &job->text_out, byte >= 0x20 && byte < 0x7f ? (char)byte : '.');
		}
	}
}

/* An answer to the request that the job waits for. */
static void
job_take_answer(struct session *session, struct job *job, const struct lab_reply *reply)
{
	job->asked = false;
	if (reply->op == LAB_WAITS) {
		job->answered++;
		tell_wait(job, reply);
		return;
	}
	if (reply->died) {
		job->died = reply->worker;
		if (reply->worker == LAB_CLERK)
			err_set(&job->failure, ERR_MACHINE,
			    _("the process that holds the file died before it answered"));
		else
			err_set(&job->failure, ERR_USAGE, _("%c died before it answered"),
			    reply->worker);
		return;
	}
	if (reply->errnum) {
		err_sys(&job->failure, ERR_USAGE, reply->errnum, "%s", call_name(reply->op));
		return;
	}
	job->answered++;
	since_hear(&session->since, reply->acts, reply->act_count);
	job_add_acts(&job->acts, &job->act_count, reply->acts, reply->act_count);
	tell_answer(session, job, reply);
	if (reply->op == LAB_FILE_READ)
		take_file_bytes(job, reply);
}

static bool
job_is_awaited(const struct job *job, const struct lab_reply *reply)
{
	return job && job->asked && job->requests[job->next - 1].worker == reply->worker &&
	    (job->requests[job->next - 1].op == reply->op || reply->died || reply->op == LAB_WAITS);
}

/* Takes one reply. true: it came from outside the job and may have changed what is seen. */
static bool
take_reply(struct session *session, struct lab_reply *reply, struct act **late, size_t *late_count)
{
	struct job *job = session->job;

	if (job_is_awaited(job, reply)) {
		job_take_answer(session, job, reply);
		return false;
	}
	if (resident_take(session, reply))
		return false;
	if (job && job->awaited == reply->worker &&
	    (reply->op == LAB_BORN || reply->op == LAB_DIED || reply->died)) {
		job->ended = true;
		return false;
	}
	since_hear(&session->since, reply->acts, reply->act_count);
	job_add_acts(late, late_count, reply->acts, reply->act_count);
	return true;
}

static bool
job_has_ended(struct session *session, struct job *job)
{
	enum life life;

	if (job->end == END_ANSWERS)
		return !job->asked && job->next == job->count;
	if (job->end == END_FACTS)
		return job->holds == TRI_YES || job->ended;
	if (job->end == END_WEIGHT)
		return job->ended;
	if (job->end == END_BIRTH || job->end == END_DEATH)
		return job->ended;
	life = session_life(session, job->awaited);
	return life == LIFE_DEAD || (life == LIFE_STOPPED) == (job->end == END_STOP);
}

/* The worker keeps its request; the job goes on without it. */
static void
give_up(struct session *session, struct job *job)
{
	char name = job->asked ? job->requests[job->next - 1].worker : job->awaited;

	if (job->asked && name == LAB_CLERK)
		err_set(&job->failure, ERR_USAGE,
		    _("the file has not answered yet; its answer will be shown when it comes"));
	else if (job->asked && session_life(session, name) == LIFE_STOPPED)
		err_set(&job->failure, ERR_USAGE,
		    _("%1$c has not answered: it is stopped; kill %1$c CONT lets it go on"), name);
	else if (job->asked)
		err_set(&job->failure, ERR_USAGE,
		    _("%c has not answered yet; its answer will be shown when it comes"), name);
	else if (job->end == END_WEIGHT)
		err_set(&job->failure, ERR_MACHINE, _("the memory could not be filled in time"));
	else if (job->end == END_BIRTH)
		err_set(&job->failure, ERR_MACHINE, _("%c has not started yet"), name);
	job->asked = false;
	job->ended = true;
	if (job->end == END_STOP || job->end == END_CONTINUE)
		job->end = END_DEATH;
}

static void
answer_await(struct session *session, const struct job *job)
{
	session->answer.type = ANSWER_EXPECT;
	session->answer.holds = job->holds;
	if (job->holds != TRI_YES)
		buf_addf(&session->answer.text, _("still after %1$d seconds: %2$s"),
		    AWAIT_MS / 1000, buf_text(&job->text_out));
}

/* If the process has ended, the fact is false. */
static void
look_for_facts(struct session *session, struct job *job)
{
	struct err err;

	buf_clear(&job->text_out);
	if (session_expect(session, &job->facts, &job->holds, &job->text_out, &err) < 0) {
		job->holds = TRI_NO;
		buf_add(&job->text_out, err.text);
	}
}

static void
job_finish(struct session *session)
{
	struct job *job = session->job;

	if (job->failure.kind && !job->answered && !job->died) {
		if (job->act_count)
			session_refresh(session, job->acts, job->act_count);
		answer_fail(&session->answer, &job->failure);
	} else if (job->end == END_WEIGHT) {
		scales_answer(session, job);
	} else if (job->end == END_FACTS) {
		answer_await(session, job);
	} else {
		session_step(session, session->answer.command, job->acts, job->act_count);
		session->answer.type = ANSWER_STEP;
		if (job->failure.kind)
			buf_add(&session->answer.text, job->failure.text);
		buf_add_n(&session->answer.text, job->text_out.data, job->text_out.length);
	}
	session->job = NULL;
	job_free(job);
}

void
job_start(struct session *session, const struct command *command)
{
	struct job *job;
	struct err err;

	if (session->saved) {
		err_set(&err, ERR_USAGE,
		    _("this is a saved session: its steps can be looked at, not acted on"));
		answer_fail(&session->answer, &err);
		return;
	}
	job = mem_zero(1, sizeof(*job));
	session_see(session, SEEN_LIVE);
	job->verb = command->def->verb;
	job->deadline_ms = clock_ms() + DEATH_MS;
	if (job_begin(session, job, command, &err) < 0) {
		answer_fail(&session->answer, &err);
		job_free(job);
		return;
	}
	session->job = job;
	send_next(session, job);
	if (job_has_ended(session, job))
		job_finish(session);
}

bool
job_pump(struct session *session)
{
	struct lab_reply reply;
	struct act *late = NULL;
	size_t late_count = 0;
	bool changed = false, look = false;

	while (resident_receive(session, &reply) == 1) {
		look |= take_reply(session, &reply, &late, &late_count);
		lab_reply_free(&reply);
		if (session->job)
			send_next(session, session->job);
	}
	if (look && session->job && session->job->end != END_FACTS)
		job_add_acts(&session->job->acts, &session->job->act_count, late, late_count);
	else if (look)
		changed = session_refresh(session, late, late_count);
	free(late);
	if (session->job && session->job->end == END_WEIGHT)
		scales_go(session, session->job);
	if (session->job && session->job->end == END_FACTS)
		look_for_facts(session, session->job);
	if (session->job && clock_ms() >= session->job->deadline_ms)
		give_up(session, session->job);
	if (session->job)
		send_next(session, session->job);
	if (session->job && job_has_ended(session, session->job)) {
		job_finish(session);
		changed = true;
	}
	return changed;
}

int
job_fd(const struct session *session)
{
	return session->job && session->job->weigh ? weigh_fd(session->job->weigh) : -1;
}

int
session_timeout(const struct session *session)
{
	int64_t left;

	if (!session->job)
		return -1;
	if (session->job->end == END_STOP || session->job->end == END_CONTINUE)
		return 1;
	left = session->job->deadline_ms - clock_ms();
	if (session->job->end == END_FACTS && left > LOOK_AGAIN_MS)
		return LOOK_AGAIN_MS;
	return left > 0 ? (int)left : 0;
}
