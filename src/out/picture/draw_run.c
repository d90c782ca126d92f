#include "config.h"
#include "out/picture/draw.h"
#include "base/i18n.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { IN, OUT, COMPLAINT, ENDS };

/* A socket each, so that a helper that stops reading causes no SIGPIPE. */
struct helper_run {
	pid_t pid;
	int ours[ENDS], theirs[ENDS];
	const struct buf *input;
	size_t sent;
	struct buf *output;
	struct buf complaint;
};

static void
close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int
run_open(struct helper_run *run)
{
	for (int end = 0; end < ENDS; end++)
		run->ours[end] = run->theirs[end] = -1;
	for (int end = 0; end < ENDS; end++) {
		int pair[2];

		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
			return -1;
		run->ours[end] = pair[0];
		run->theirs[end] = pair[1];
	}
	return 0;
}

static void
run_close(struct helper_run *run)
{
	for (int end = 0; end < ENDS; end++) {
		close_end(&run->ours[end]);
		close_end(&run->theirs[end]);
	}
	buf_free(&run->complaint);
}

/* posix_spawn's dup2 of a descriptor onto itself would leave it close-on-exec: theirs are never 0
 * to 2. */
static int
above_standard(struct helper_run *run)
{
	for (int end = 0; end < ENDS; end++) {
		int old = run->theirs[end];

		if (old > STDERR_FILENO)
			continue;
		run->theirs[end] = fcntl(old, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
		close(old);
		if (run->theirs[end] < 0)
			return errno;
	}
	return 0;
}

static int
run_start(struct helper_run *run, const char *helper)
{
	char *arguments[] = {NULL, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	int errnum = above_standard(run);

	if (errnum)
		return errnum;
	arguments[0] = mem_string(helper);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	for (int end = 0; end < ENDS; end++)
		posix_spawn_file_actions_adddup2(&actions, run->theirs[end], end);
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setflags(
	    &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
	errnum = posix_spawn(&run->pid, helper, &actions, &attributes, arguments, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	for (int end = 0; end < ENDS; end++)
		close_end(&run->theirs[end]);
	free(arguments[0]);
	return errnum;
}

static bool
again(ssize_t count)
{
	return count < 0 && (errno == EINTR || errno == EAGAIN);
}

static void
give(struct helper_run *run)
{
	ssize_t count = send(run->ours[IN], run->input->data + run->sent,
	    run->input->length - run->sent, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (count > 0)
		run->sent += (size_t)count;
	if ((count < 0 && !again(count)) || run->sent == run->input->length)
		close_end(&run->ours[IN]);
}

static void
get(struct helper_run *run, int end, struct buf *into)
{
	char chunk[65536];
	ssize_t count = recv(run->ours[end], chunk, sizeof(chunk), MSG_DONTWAIT);

	if (count > 0)
		buf_add_n(into, chunk, (size_t)count);
	else if (!again(count))
		close_end(&run->ours[end]);
}

/* Until the helper has closed its side. 0, or -1: it took too long. */
static int
converse(struct helper_run *run, int seconds)
{
	long long deadline = clock_ms() + seconds * 1000LL, left = seconds * 1000LL;

	if (run->input->length == 0)
		close_end(&run->ours[IN]);
	while ((run->ours[OUT] >= 0 || run->ours[COMPLAINT] >= 0) && left > 0) {
		struct pollfd polled[ENDS] = {
		    {run->ours[IN], POLLOUT, 0},
		    {run->ours[OUT], POLLIN, 0},
		    {run->ours[COMPLAINT], POLLIN, 0},
		};

		if (poll(polled, ENDS, (int)left) > 0) {
			if (polled[IN].revents)
				give(run);
			if (polled[OUT].revents)
				get(run, OUT, run->output);
			if (polled[COMPLAINT].revents)
				get(run, COMPLAINT, &run->complaint);
		}
		left = deadline - clock_ms();
	}
	return left > 0 ? 0 : -1;
}

/* The first line, sanitised. */
static void
complaint_of(struct buf *out, const struct helper_run *run)
{
	const char *text = buf_text(&run->complaint);

	utf8_clean(out, text, strcspn(text, "\n"), false);
}

static int
ended_badly(const struct helper_run *run, int status, const char *helper, struct err *err)
{
	struct buf why = BUF_INIT;

	complaint_of(&why, run);
	if (WIFSIGNALED(status))
		err_set(err, ERR_MACHINE, _("%1$s was ended by %2$s before the picture was drawn"),
		    helper, signal_name(WTERMSIG(status)));
	else if (why.length)
		err_set(err, ERR_MACHINE, _("%1$s cannot draw the picture: %2$s"), helper,
		    buf_text(&why));
	else
		err_set(err, ERR_MACHINE,
		    _("%1$s cannot draw the picture: it ended with status %2$d"), helper,
		    WEXITSTATUS(status));
	buf_free(&why);
	return -1;
}

static int
draw_run_end(struct helper_run *run, int late, int seconds, const char *helper, struct err *err)
{
	int status = 0;
	pid_t ended;

	if (late)
		kill(run->pid, SIGKILL);
	do {
		ended = waitpid(run->pid, &status, 0);
	} while (ended < 0 && errno == EINTR);
	if (late)
		return err_set(err, ERR_MACHINE, _("%1$s did not draw the picture in %2$d seconds"),
		    helper, seconds);
	if (ended < 0)
		return err_sys(err, ERR_MACHINE, errno, _("cannot wait for %s"), helper);
	return status ? ended_badly(run, status, helper, err) : 0;
}

int
draw_run(const char *helper, struct buf *out, const struct buf *input, int seconds, struct err *err)
{
	struct helper_run run = {.input = input, .output = out};
	int errnum, result;

	errnum = run_open(&run) ? errno : run_start(&run, helper);
	if (errnum)
		result = err_sys(err, ERR_MACHINE, errnum, _("cannot run %s"), helper);
	else
		result = draw_run_end(&run, converse(&run, seconds), seconds, helper, err);
	run_close(&run);
	return result;
}
