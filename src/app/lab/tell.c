#include "config.h"
#include "app/lab/tell.h"

#include <errno.h>
#include <string.h>

#include "base/i18n.h"

static void
new_line(struct buf *out)
{
	if (out->length)
		buf_add(out, "\n");
}

/* As a program would give it: shm_open(3) has its own place for names. */
static const char *
tell_name_of(const struct session *session)
{
	const char *path = lab_name(session->lab), *slash = strrchr(path, '/');

	return session->config.kind == KIND_POSIX_SHM && slash ? slash : path;
}

static void
tell_name(const struct session *session, struct job *job)
{
	new_line(&job->text_out);
	if (session->config.kind == KIND_POSIX_SHM)
		buf_addf(&job->text_out, _("The object has the name %1$s, a file in %2$s."),
		    tell_name_of(session), "/dev/shm");
	else
		buf_addf(&job->text_out, _("The file has the name %s."), tell_name_of(session));
}

void
tell_wait(struct job *job, const struct lab_reply *reply)
{
	new_line(&job->text_out);
	if (reply->holder)
		buf_addf(&job->text_out, _("%1$c waits: %2$c has the lock."), reply->worker,
		    reply->holder);
	else
		buf_addf(&job->text_out, _("%c waits for the lock."), reply->worker);
}

void
tell_answer(struct session *session, struct job *job, const struct lab_reply *reply)
{
	switch (reply->op) {
	case LAB_FILE_LINK:
		tell_name(session, job);
		break;
	case LAB_OPEN:
		new_line(&job->text_out);
		buf_addf(&job->text_out,
		    session->config.kind == KIND_POSIX_SHM ? _("%1$c called shm_open(\"%2$s\").")
							   : _("%1$c called open(\"%2$s\")."),
		    reply->worker, tell_name_of(session));
		break;
	default:
		break;
	}
}
