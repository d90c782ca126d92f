#include "config.h"
#include "app/tell.h"

#include <errno.h>
#include <string.h>

#include "base/i18n.h"

static void
new_line(struct buf *out)
{
	if (out->length)
		buf_add(out, "\n");
}

static void
tell_allocation(struct session *session, struct job *job, const struct lab_reply *reply)
{
	struct lab_allocation *is = &session->allocated[reply->worker - 'a'];
	unsigned long long grown;

	if (reply->byte_count != sizeof(*is))
		return;
	memcpy(is, reply->bytes, sizeof(*is));
	grown = is->heap_after - is->heap_before;
	new_line(&job->text_out);
	if (is->block < is->heap_after && is->start < is->heap_after && grown)
		buf_addf(&job->text_out, _("malloc(%1$llu) of %2$c came from the heap, which brk made longer by %3$llu bytes."),
		    (unsigned long long)is->size, reply->worker, grown);
	else if (is->block < is->heap_after && is->start < is->heap_after)
		buf_addf(&job->text_out, _("malloc(%1$llu) of %2$c came from the heap, which had room: no system call."),
		    (unsigned long long)is->size, reply->worker);
	else
		buf_addf(&job->text_out, _("malloc(%1$llu) of %2$c came from mmap: private anonymous memory, %3$llu bytes at 0x%4$llx; "
		                           "the heap stayed as it was."),
		    (unsigned long long)is->size, reply->worker, (unsigned long long)(is->end - is->start),
		    (unsigned long long)is->start);
}

static void
tell_copy(struct job *job, const struct lab_reply *reply)
{
	unsigned long long calls = 0, copied = 0, minor = 0, major = 0;

	for (size_t i = 0; i < reply->act_count; i++) {
		calls += reply->acts[i].calls;
		copied += reply->acts[i].copied;
		minor += reply->acts[i].minor;
		major += reply->acts[i].major;
	}
	new_line(&job->text_out);
	buf_addf(&job->text_out, _("%1$c: %2$llu system calls copied %3$llu bytes between kernel and process; page faults: %4$llu minor, %5$llu major."),
	    reply->worker, calls, copied, minor, major);
}

static void
tell_locks(struct job *job, const struct lab_reply *reply)
{
	for (size_t i = 0; i < reply->act_count; i++) {
		const struct act *act = &reply->acts[i];

		if (act->signal || act->errnum)
			continue;
		new_line(&job->text_out);
		buf_addf(&job->text_out, reply->op == LAB_LOCK ? _("%1$c has the lock in page %2$u.") : _("%1$c gave the lock in page %2$u back."),
		    reply->worker, act->page);
	}
}

/* As a program gives it: shm_open(3) has its own place for names. */
static const char *
name_of(const struct session *session)
{
	const char *path = lab_name(session->lab), *slash = strrchr(path, '/');

	return session->config.kind == KIND_POSIX_SHM && slash ? slash : path;
}

static void
tell_name(const struct session *session, struct job *job)
{
	new_line(&job->text_out);
	if (session->config.kind == KIND_POSIX_SHM)
		buf_addf(&job->text_out, _("The object has the name %1$s, a file in %2$s."), name_of(session), "/dev/shm");
	else
		buf_addf(&job->text_out, _("The file has the name %s."), name_of(session));
}

void
tell_wait(struct job *job, const struct lab_reply *reply)
{
	new_line(&job->text_out);
	if (reply->holder)
		buf_addf(&job->text_out, _("%1$c waits: %2$c has the lock."), reply->worker, reply->holder);
	else
		buf_addf(&job->text_out, _("%c waits for the lock."), reply->worker);
}

void
tell_answer(struct session *session, struct job *job, const struct lab_reply *reply)
{
	switch (reply->op) {
	case LAB_ALLOC:
		tell_allocation(session, job, reply);
		break;
	case LAB_EXEC:
		new_line(&job->text_out);
		buf_addf(&job->text_out, _("%c called execve: the same process, another program, and nothing of the old memory."), reply->worker);
		break;
	case LAB_COPY:
		tell_copy(job, reply);
		break;
	case LAB_FILE_LINK:
		tell_name(session, job);
		break;
	case LAB_OPEN:
		new_line(&job->text_out);
		buf_addf(&job->text_out, session->config.kind == KIND_POSIX_SHM ? _("%1$c called shm_open(\"%2$s\").") : _("%1$c called open(\"%2$s\")."),
		    reply->worker, name_of(session));
		break;
	case LAB_LOCK:
	case LAB_UNLOCK:
		tell_locks(job, reply);
		break;
	default:
		break;
	}
}
