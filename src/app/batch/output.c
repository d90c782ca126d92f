#include "config.h"
#include "app/batch/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/batch/complain.h"
#include "base/i18n.h"
#include "base/io.h"

int
output_open(struct output *output, const char *path, struct err *err)
{
	*output = (struct output){.path = path, .fd = STDOUT_FILENO};
	if (!path)
		return 0;
	output->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	return output->fd < 0 ? err_sys(err, ERR_USAGE, errno, _("cannot write to %s"), path) : 0;
}

/* Half of the answers would mislead: removes the file, or what is half in it. */
static void
leave_no_half(const struct output *output)
{
	struct stat status;

	if (!output->path || fstat(output->fd, &status) < 0 || !S_ISREG(status.st_mode))
		return;
	if (!output->in_wholes || !output->written)
		unlink(output->path);
	else if (ftruncate(output->fd, (off_t)output->written) < 0)
		unlink(output->path);
}

static int
fail_output(struct output *output, int errnum)
{
	struct err err;

	leave_no_half(output);
	if (errnum == EPIPE && !output->path)
		return output_left(output);
	err_sys(&err, ERR_MACHINE, errnum, _("cannot write to %s"),
	    output->path ? output->path : _("standard output"));
	output->status = complain(&err);
	return output->status;
}

int
output_write(struct output *output, const struct buf *text)
{
	if (output->status)
		return output->status;
	if (io_write(output->fd, buf_text(text), text->length) < 0)
		return fail_output(output, errno);
	output->written += text->length;
	return 0;
}

int
output_left(struct output *output)
{
	output->status = STATUS_PIPE;
	return output->status;
}

int
output_close(struct output *output)
{
	if (output->path && close(output->fd) < 0 && !output->status) {
		output->fd = -1;
		unlink(output->path);
		return fail_output(output, errno);
	}
	return output->status;
}

int
output_print(const struct buf *text)
{
	struct output output = {.fd = STDOUT_FILENO};

	return output_write(&output, text);
}

int
output_end(int status)
{
	sigset_t pipe;

	if (status != STATUS_PIPE)
		return status;
	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &pipe, NULL);
	raise(SIGPIPE);
	return status;
}
