#include "config.h"
#include "app/lab/session_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

/*
 * Where cachestat(2) isn't available, mincore(2) in a worker tells which pages of the file or
 * shared memory are in the page cache. An idle worker answers at once; one that doesn't answer
 * within a tenth of the session's patience leaves the row unknown.
 */
#define PATIENCE_SHARE 10

/* Are all its pages of the object with which the lab began? */
static bool
has_first_object(const struct session *session, const struct lab_worker *worker)
{
	for (uint32_t page = 0; page < session->config.pages; page++)
		if (worker->objects[page] != 1)
			return false;
	return true;
}

static bool
can_answer(const struct session *session, const struct lab_worker *worker)
{
	const struct process *process =
	    session->now ? snapshot_process(session->now, worker->name) : NULL;

	return !worker->dead && !worker->busy && !(process && process->life == LIFE_STOPPED) &&
	    has_first_object(session, worker);
}

/* The worker to ask; 0: none needs to be, or can be. */
static char
whom_to_ask(const struct session *session)
{
	const struct lab_worker *workers;
	size_t count = lab_workers(session->lab, &workers);

	if (session->config.kind == KIND_PRIVATE_ANON)
		return 0;
	if (kind_has_file(session->config.kind))
		return kernel_has_cachestat(session->kernel, lab_file(session->lab)) ? 0
										     : LAB_CLERK;
	for (size_t i = 0; i < count; i++)
		if (can_answer(session, &workers[i]))
			return workers[i].name;
	return 0;
}

bool
resident_take(struct session *session, struct lab_reply *reply)
{
	if (reply->op != LAB_FILE_CACHED)
		return false;
	session->resident.asked = 0;
	if (!reply->died && !reply->errnum && reply->byte_count == session->config.pages) {
		session->resident.pages = reply->bytes;
		reply->bytes = NULL;
	}
	return true;
}

static void
stash(struct session *session, const struct lab_reply *reply)
{
	session->resident.stash = mem_resize(session->resident.stash, session->resident.stashed + 1,
	    sizeof(*session->resident.stash));
	session->resident.stash[session->resident.stashed++] = *reply;
}

int
resident_receive(struct session *session, struct lab_reply *reply)
{
	if (!session->resident.stashed)
		return lab_receive(session->lab, reply);
	*reply = session->resident.stash[0];
	memmove(session->resident.stash, session->resident.stash + 1,
	    --session->resident.stashed * sizeof(*session->resident.stash));
	return 1;
}

void
resident_ask(struct session *session)
{
	struct lab_request request = {.op = LAB_FILE_CACHED, .count = session->config.pages};
	int64_t deadline = clock_ms() + session->patience_ms / PATIENCE_SHARE;
	struct pollfd fds[SESSION_POLL_MAX];
	struct lab_reply reply;
	struct err ignored;

	free(session->resident.pages);
	session->resident.pages = NULL;
	request.worker = session->resident.asked ? 0 : whom_to_ask(session);
	if (!request.worker || lab_send(session->lab, &request, &ignored) < 0)
		return;
	session->resident.asked = request.worker;
	while (session->resident.asked && clock_ms() < deadline) {
		poll(fds, lab_poll(session->lab, fds, SESSION_POLL_MAX),
		    (int)(deadline - clock_ms()));
		while (session->resident.asked && lab_receive(session->lab, &reply) == 1) {
			if (!resident_take(session, &reply))
				stash(session, &reply);
			else
				lab_reply_free(&reply);
		}
	}
}

void
resident_free(struct resident *resident)
{
	for (size_t i = 0; i < resident->stashed; i++)
		lab_reply_free(&resident->stash[i]);
	free(resident->stash);
	free(resident->pages);
	*resident = (struct resident){NULL, 0, NULL, 0};
}
