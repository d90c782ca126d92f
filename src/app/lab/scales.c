#include "config.h"
#include "app/lab/job.h"

#include <errno.h>

#include "base/clock.h"
#include "app/lab/burden.h"
#include "base/i18n.h"
#include "app/lab/able.h"

#define FILL_MS 120000

static unsigned long long
mib(uint64_t bytes)
{
	return (unsigned long long)(bytes >> 20);
}

/* ENOMEM: a person may take the memory anyway. */
static int
require_memory(const struct job *job, uint64_t burden, struct err *err)
{
	const struct memory *memory = &job->before;
	uint64_t needed = burden + ABLE_MARGIN;

	if (memory->available_kib != COUNT_UNKNOWN && memory->available_kib * 1024 >= needed)
		return 0;
	if (memory->available_kib == COUNT_UNKNOWN)
		err_set(err, ERR_MACHINE,
		    _("the available memory is not known: add anyway to take it all the same"));
	else
		err_set(err, ERR_MACHINE,
		    _("%1$llu MiB of %2$s need %3$llu MiB of memory, with a margin, and %4$llu MiB are available: take a smaller SIZE, or say anyway"),
		    mib(job->size), kind_word(job->kind), mib(needed),
		    mib(memory->available_kib * 1024));
	err->errnum = ENOMEM;
	return -1;
}

static int
require_disk(enum kind kind, uint64_t size, struct err *err)
{
	uint64_t disk = weigh_room(kind);

	if (disk != UINT64_MAX && disk < size + ABLE_MARGIN)
		return err_set(err, ERR_MACHINE,
		    _("a file of %1$llu MiB needs %2$llu MiB of disk, with a margin, and %3$llu MiB are free: take a smaller SIZE, or set TMPDIR"),
		    mib(size), mib(size + ABLE_MARGIN), mib(disk));
	return 0;
}

int
scales_start(
    struct session *session, struct job *job, const struct command *command, struct err *err)
{
	job->kind = (enum kind)command->choice;
	job->size = command->size ? command->size : BURDEN_USUAL;
	kernel_memory(session->kernel, &job->before);
	if (require_disk(job->kind, job->size, err) < 0)
		return -1;
	if (!command->anyway && !session->anyway &&
	    require_memory(job, burden_of_command(command), err) < 0)
		return -1;
	job->weigh = weigh_start(job->kind, job->size, err);
	if (!job->weigh)
		return -1;
	session->weighed = false;
	job->end = END_WEIGHT;
	job->deadline_ms = clock_ms() + FILL_MS;
	return 0;
}

static int64_t
change(uint64_t before, uint64_t after)
{
	return (int64_t)after - (int64_t)before;
}

static void
scales_weigh_again(struct session *session, const struct job *job)
{
	const struct memory *before = &job->before;
	struct memory after;

	kernel_memory(session->kernel, &after);
	session->change = (struct memory_change){
	    .used = change(before->used_kib, after.used_kib),
	    .cache = change(before->buff_cache_kib, after.buff_cache_kib),
	    .shared = change(before->shared_kib, after.shared_kib),
	    .available = change(before->available_kib, after.available_kib),
	    .dirty = change(before->dirty_kib, after.dirty_kib),
	    .anon = after.anon_kib == COUNT_UNKNOWN ? INT64_MIN
						    : change(before->anon_kib, after.anon_kib),
	};
	session->weighed = true;
}

void
scales_go(struct session *session, struct job *job)
{
	switch (weigh_pump(job->weigh)) {
	case WEIGH_FULL:
		scales_weigh_again(session, job);
		weigh_leave(job->weigh);
		break;
	case WEIGH_FAILED:
		err_sys(&job->failure, ERR_MACHINE, weigh_errnum(job->weigh),
		    _("%1$llu MiB of %2$s could not be filled"), mib(job->size),
		    kind_word(job->kind));
		job->ended = true;
		break;
	case WEIGH_GONE:
		job->ended = true;
		break;
	default:
		break;
	}
}

static long long
signed_mib(int64_t kib)
{
	return kib / 1024;
}

void
scales_answer(struct session *session, const struct job *job)
{
	const struct memory_change *is = &session->change;

	session->answer.type = ANSWER_TEXT;
	buf_addf(&session->answer.text,
	    _("%1$llu MiB of %2$s, all pages written, in MiB: used %3$+lld, buff/cache %4$+lld, shared %5$+lld, available %6$+lld, dirty %7$+lld"),
	    mib(job->size), kind_word(job->kind), signed_mib(is->used), signed_mib(is->cache),
	    signed_mib(is->shared), signed_mib(is->available), signed_mib(is->dirty));
	if (is->anon != INT64_MIN)
		buf_addf(&session->answer.text, _(", anonymous %+lld"), signed_mib(is->anon));
}
