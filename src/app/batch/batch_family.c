#include "config.h"
#include "app/batch/batch_family.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "app/family/blaming.h"
#include "app/family/family_options.h"
#include "base/clock.h"
#include "app/batch/complain.h"
#include "app/batch/output.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "model/family/erosion.h"
#include "out/family/blame_json.h"
#include "out/family/family_json.h"
#include "out/family/metrics.h"
#include "out/save.h"
#include "view/family/blame_report.h"
#include "view/family/family_report.h"

#define SILENT_MS 1000 /* between samples of --blame that are not reported one by one */

struct samples {
	const struct options *options;
	struct attach *attach;
	struct erosion *erosion;
	struct inquest *inquest; /* of --blame; NULL: none */
	struct output out;
	bool replaces; /* each sample replaces the whole file of -o */
	int signals;   /* descriptor: INT and TERM end it between two samples */
	int status;
	struct buf label; /* of metrics, once it is known */
};

/* In a series, samples report only the mappings that matter. */
static void
format_json(const struct options *options, const struct family *family,
    const struct erosion *erosion, struct buf *text)
{
	const struct family_extent extent = {
	    .cells = options->cells,
	    .summary = options->summary,
	    .mappings = options->every_ms && !options->all_mappings ? FAMILY_MAPPINGS_TOP : 0,
	};

	json_family(text, family, erosion, &extent);
}

/*
 * The label `family` in metrics: what was asked for, which stays the same when a family of that
 * name restarts; for a PID, with its command. Determined once for all samples, or it would change
 * when the first process leaves.
 */
static const char *
label_of(struct samples *batch, const struct family *family)
{
	const struct options *options = batch->options;
	const char *wanted = options->label ? options->label : options->pid ? options->pid : "";
	bool named = options->label || wanted[strspn(wanted, "0123456789,")];

	if (batch->label.length)
		return buf_text(&batch->label);
	if (named)
		utf8_clean(&batch->label, wanted, strlen(wanted), true);
	else if (family->member_count)
		buf_addf(&batch->label, "%s:%d", family->members[0].command,
		    (int)family->members[0].pid);
	return buf_text(&batch->label);
}

static void
format_folded(struct buf *text, const struct family *family)
{
	if (family->blame)
		blame_folded(text, family->blame);
}

static void
format_family(struct samples *batch, const struct family *family, const struct erosion *erosion,
    struct buf *text)
{
	const struct options *options = batch->options;

	if (options->format == FORMAT_TEXT && family->blame) {
		blame_report(text, family->blame);
		buf_add(text, "\n");
	}
	if (options->format == FORMAT_FOLDED)
		format_folded(text, family);
	else if (options->format == FORMAT_JSON)
		format_json(options, family, erosion, text);
	else if (options->format == FORMAT_OPENMETRICS)
		metrics_family(text, family, erosion, label_of(batch, family), options->summary);
	else if (options->summary)
		family_sentences(text, family, erosion);
	else
		family_report(text, family, erosion);
	if (options->format == FORMAT_TEXT)
		clean_lines(text);
}

/* false: nobody reads it. */
static bool
samples_write(struct samples *batch, struct buf *text)
{
	struct err err;

	if (!batch->replaces)
		batch->status = output_write(&batch->out, text);
	else if (save_over(batch->options->output, text->data, text->length, &err) < 0)
		batch->status = complain(&err);
	buf_free(text);
	return batch->status == 0;
}

static bool
all_denied(const struct family *family)
{
	for (size_t i = 0; i < family->member_count; i++)
		if (family->members[i].life != MEMBER_DENIED)
			return false;
	return family->member_count > 0;
}

static int
samples_refuse(const struct family *family)
{
	const struct member *member = &family->members[0];
	struct err err;

	if (member->errnum == ENOENT)
		err_set(&err, ERR_MACHINE,
		    _("cannot read process %d: /proc is mounted with hidepid"), (int)member->pid);
	else
		err_set(&err, ERR_MACHINE,
		    _("cannot read process %1$d: %2$s (%3$s); run as its owner or root"),
		    (int)member->pid, strerror(member->errnum), errno_name(member->errnum));
	return complain(&err);
}

static void
samples_tell_others(const struct samples *batch, const struct family *family)
{
	struct buf text = BUF_INIT;
	struct err err;

	if (batch->options->format == FORMAT_TEXT &&
	    others_text(&text, batch->attach, batch->options->pid, family->members[0].pid)) {
		err_set(&err, ERR_NONE, "%s", buf_text(&text));
		complain(&err);
	}
	buf_free(&text);
}

/* Is each sample reported, or only the total at the end? */
static bool
samples_are_told(const struct options *options)
{
	return !options->blame || (options->every_ms && options->format != FORMAT_FOLDED);
}

/* Faults are watched first; the sample after that says what had been copied before. NULL:
 * refused. */
static const struct family *
samples_begin_blame(struct samples *batch)
{
	struct err err;

	batch->inquest = blaming_begin(attach_now(batch->attach), batch->options, &err);
	if (!batch->inquest) {
		batch->status = complain(&err);
		return NULL;
	}
	attach_sample(batch->attach);
	return attach_now(batch->attach);
}

static bool
samples_take(struct samples *batch, unsigned number)
{
	struct buf text = BUF_INIT;
	const struct family *family;

	attach_sample(batch->attach);
	family = attach_now(batch->attach);
	if (number == 0 && all_denied(family)) {
		batch->status = samples_refuse(family);
		return false;
	}
	if (number == 0 && batch->options->blame && !(family = samples_begin_blame(batch)))
		return false;
	blaming_settle(batch->inquest, family);
	erosion_add(batch->erosion, family);
	if (!samples_are_told(batch->options))
		return true;
	if (number == 0)
		samples_tell_others(batch, family);
	else if (batch->options->format == FORMAT_TEXT)
		buf_add(&text, "\n");
	format_family(batch, family,
	    batch->options->every_ms || batch->options->baseline ? batch->erosion : NULL, &text);
	return samples_write(batch, &text);
}

/* false: a signal came, our output's reader left, or every process ended. */
static bool
wait_on(struct samples *batch, int64_t until_ms)
{
	struct pollfd fds[] = {
	    {batch->signals, POLLIN, 0},
	    {batch->replaces ? -1 : batch->out.fd, 0, 0},
	};
	int64_t left = until_ms - clock_ms();

	if (attach_ended(batch->attach))
		return false;
	for (; left > 0; left = until_ms - clock_ms())
		if (poll(fds, 2, (int)(left < 60000 ? left : 60000)) > 0)
			break;
	if (poll(fds, 2, 0) <= 0)
		return true;
	if (fds[1].revents && !fds[0].revents)
		batch->status = output_left(&batch->out);
	return false;
}

static void
sample_on(struct samples *batch)
{
	uint32_t every = batch->options->every_ms;
	int64_t next = clock_ms();

	if (!every && batch->options->blame)
		every = SILENT_MS;
	for (unsigned i = 0; samples_take(batch, i); i++) {
		int64_t now = clock_ms();

		if (!every || i + 1 == batch->options->count)
			return;
		next += every;
		if (next <
		    now + attach_timeout(batch->attach)) /* the duty stretches the interval */
			next = now + attach_timeout(batch->attach);
		if (!wait_on(batch, next))
			return;
	}
}

/* The total, if samples were not reported one by one: one more report, as it is now. */
static void
samples_tell_end(struct samples *batch)
{
	struct buf text = BUF_INIT;
	const struct family *family;

	if (samples_are_told(batch->options) || batch->status || !batch->inquest)
		return;
	if (!attach_ended(batch->attach)) {
		attach_sample(batch->attach);
		blaming_settle(batch->inquest, attach_now(batch->attach));
		erosion_add(batch->erosion, attach_now(batch->attach));
	}
	family = attach_now(batch->attach);
	format_family(batch, family, batch->erosion, &text);
	samples_write(batch, &text);
}

static int
listen_to_signals(void)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	return signalfd(-1, &ends, SFD_CLOEXEC);
}

static int
samples_open_output(struct samples *batch, struct err *err)
{
	batch->replaces = batch->options->output && batch->options->format == FORMAT_OPENMETRICS;
	if (output_open(&batch->out, batch->replaces ? NULL : batch->options->output, err) < 0)
		return -1;
	batch->out.in_wholes = true;
	return 0;
}

static int
bad_format(const struct options *options, struct err *err)
{
	if (options->command_count)
		return err_set(err, ERR_USAGE,
		    _("commands choose what a picture shows: json and openmetrics take none"));
	if (options->format == FORMAT_TEXT || options->format == FORMAT_JSON ||
	    options->format == FORMAT_OPENMETRICS || options->format == FORMAT_FOLDED)
		return 0;
	return err_set(err, ERR_USAGE, _("samples of processes come as text, json or openmetrics"));
}

int
attach_batch_run(const struct options *options)
{
	struct samples batch = {.options = options, .signals = -1};
	struct attach_options wanted;
	const struct family *baseline = NULL;
	struct err err;

	if (bad_format(options, &err) < 0 || attach_wanted(options, &wanted, &baseline, &err) < 0)
		return complain(&err);
	batch.attach = attach_open(&wanted, &err);
	batch.erosion = erosion_new();
	erosion_base(batch.erosion, baseline);
	family_free(baseline);
	if (!batch.attach || samples_open_output(&batch, &err) < 0) {
		erosion_free(batch.erosion);
		attach_close(batch.attach);
		return complain(&err);
	}
	batch.signals = options->every_ms || options->blame ? listen_to_signals() : -1;
	sample_on(&batch);
	samples_tell_end(&batch);
	inquest_close(batch.inquest);
	if (output_close(&batch.out))
		batch.status = batch.out.status;
	if (batch.signals >= 0)
		close(batch.signals);
	erosion_free(batch.erosion);
	attach_close(batch.attach);
	buf_free(&batch.label);
	return batch.status;
}

static void
free_all(struct family **list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		family_free(list[i]);
	free(list);
}

int
attach_batch_saved(const struct options *options)
{
	struct samples batch = {.options = options, .erosion = erosion_new()};
	struct family **list = NULL;
	size_t count = 0;
	struct err err;

	if (bad_format(options, &err) < 0 || family_load(options->open, &list, &count, &err) < 0 ||
	    samples_open_output(&batch, &err) < 0) {
		free_all(list, count);
		erosion_free(batch.erosion);
		return complain(&err);
	}
	for (size_t i = 0; i < count; i++) {
		struct buf text = BUF_INIT;

		erosion_add(batch.erosion, list[i]);
		if (options->format == FORMAT_OPENMETRICS && i + 1 < count)
			continue; /* a single moment: the last */
		if (i && options->format == FORMAT_TEXT)
			buf_add(&text, "\n");
		format_family(&batch, list[i], count > 1 ? batch.erosion : NULL, &text);
		if (!samples_write(&batch, &text))
			break;
	}
	if (output_close(&batch.out))
		batch.status = batch.out.status;
	free_all(list, count);
	erosion_free(batch.erosion);
	buf_free(&batch.label);
	return batch.status;
}
