#include "config.h"
#include "app/batch/batch_program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/batch/complain.h"
#include "app/batch/output.h"
#include "app/family/blaming.h"
#include "attach/attach.h"
#include "base/i18n.h"
#include "out/family/blame_json.h"
#include "out/family/family_json.h"
#include "view/family/blame_report.h"

#define FIRST_MS 20  /* until the second sample; then twice as long each time, */
#define LAST_MS 1000 /* up to this */

#define STATUS_NOT_FOUND 127 /* as in a shell */
#define STATUS_NOT_RUN 126

struct watched_program {
	const struct options *options;
	pid_t pid;
	int go;     /* written to, to start it */
	int failed; /* yields an errno if the program can't be started, else end of file */
	int signals;
	sigset_t before; /* our signal mask at the start */
	struct attach *attach;
	struct inquest *inquest;
	const struct family *family; /* the newest with a living process; held */
	struct erosion *erosion;
};

/* In the child: waits until it is watched, then executes the program. */
static void
become_program(const struct watched_program *program, int go, int failed)
{
	char *const *argv = program->options->program;
	int errnum;
	char byte;

	if (read(go, &byte, 1) != 1)
		_exit(STATUS_NOT_RUN);
	close(go);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	sigprocmask(SIG_SETMASK, &program->before, NULL);
	execvp(argv[0], argv);
	errnum = errno;
	if (write(failed, &errnum, sizeof(errnum)) != sizeof(errnum))
		_exit(STATUS_NOT_RUN);
	_exit(errnum == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_RUN);
}

static int
start_program(struct watched_program *program, struct err *err)
{
	int go[2], failed[2];

	if (pipe2(go, O_CLOEXEC) < 0 || pipe2(failed, O_CLOEXEC) < 0)
		return err_sys(err, ERR_MACHINE, errno, "pipe");
	program->pid = fork();
	if (program->pid == 0) {
		close(go[1]);
		become_program(program, go[0], failed[1]);
	}
	close(go[0]);
	close(failed[1]);
	program->go = go[1];
	program->failed = failed[0];
	if (program->pid < 0)
		return err_sys(err, ERR_MACHINE, errno, "fork");
	return 0;
}

static void
program_sample(struct watched_program *program)
{
	const struct family *family;

	attach_sample(program->attach);
	family = attach_now(program->attach);
	blaming_settle(program->inquest, family);
	if (attach_ended(program->attach) && program->family)
		return;
	family_free(program->family);
	program->family = family_hold(family);
}

static int
watch_program(struct watched_program *program, struct err *err)
{
	struct attach_options wanted = {.duty = program->options->duty / 100.0};
	char who[16];

	snprintf(who, sizeof(who), "%d", (int)program->pid);
	wanted.who = who;
	program->attach = attach_open(&wanted, err);
	if (!program->attach)
		return -1;
	attach_sample(program->attach);
	program->inquest = blaming_begin(attach_now(program->attach), program->options, err);
	if (!program->inquest)
		return -1;
	program_sample(program);
	return 0;
}

/* The program starts. -1: it can't be started, and why. */
static int
let_begin(struct watched_program *program, struct err *err)
{
	int errnum = 0;

	if (write(program->go, "", 1) != 1)
		errnum = errno;
	close(program->go);
	program->go = -1;
	if (!errnum && read(program->failed, &errnum, sizeof(errnum)) != sizeof(errnum))
		return 0;
	return err_sys(err, ERR_USAGE, errnum, _("cannot run %s"), program->options->program[0]);
}

/* Passes a signal for us on to the program, except those from the terminal, which reach it
 * anyway. */
static void
pass_on(struct watched_program *program)
{
	struct signalfd_siginfo info;

	while (read(program->signals, &info, sizeof(info)) == sizeof(info))
		if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGHUP)
			kill(program->pid, (int)info.ssi_signo);
}

static int
follow_to_end(struct watched_program *program)
{
	struct pollfd fd = {program->signals, POLLIN, 0};
	int pause = FIRST_MS, status;

	while (waitpid(program->pid, &status, WNOHANG) == 0) {
		if (poll(&fd, 1, pause) > 0) {
			pass_on(program);
			continue;
		}
		program_sample(program);
		pause = pause * 2 < LAST_MS ? pause * 2 : LAST_MS;
		if (pause < attach_timeout(program->attach))
			pause = attach_timeout(program->attach);
	}
	program_sample(program);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Children may outlive it: reports them as they are now. */
static void
format_report(const struct watched_program *program, struct buf *text)
{
	const struct family_extent extent = {.summary = program->options->summary};

	if (program->options->format == FORMAT_JSON)
		json_family(text, program->family, NULL, &extent);
	else if (program->options->format == FORMAT_FOLDED)
		blame_folded(text, program->family->blame);
	else
		blame_report(text, program->family->blame);
	if (program->options->format == FORMAT_TEXT)
		clean_lines(text);
}

static int
write_report(const struct watched_program *program)
{
	struct output out;
	struct buf text = BUF_INIT;
	struct err err;
	int status = 0;

	format_report(program, &text);
	if (!program->options->output) {
		say_aside(&text);
	} else if (output_open(&out, program->options->output, &err) < 0) {
		status = complain(&err);
	} else {
		output_write(&out, &text);
		status = output_close(&out);
	}
	buf_free(&text);
	return status;
}

static void
listen_for_program(struct watched_program *program)
{
	static const int heard[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGCHLD};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(heard) / sizeof(heard[0]); i++)
		sigaddset(&set, heard[i]);
	sigprocmask(SIG_BLOCK, &set, &program->before);
	program->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void
close_program(struct watched_program *program)
{
	int *const fds[] = {&program->go, &program->failed, &program->signals};

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (*fds[i] >= 0)
			close(*fds[i]);
	inquest_close(program->inquest);
	attach_close(program->attach);
	family_free(program->family);
}

int
program_blame_run(const struct options *options)
{
	struct watched_program program = {
	    .options = options, .go = -1, .failed = -1, .signals = -1};
	struct err err;
	int status, told;

	listen_for_program(&program);
	if (start_program(&program, &err) < 0 || watch_program(&program, &err) < 0 ||
	    let_begin(&program, &err) < 0) {
		status = complain(&err);
		close_program(&program); /* one that waits to start reads end of file, and ends */
		if (program.pid > 0)
			waitpid(program.pid, NULL, 0);
		return status;
	}
	status = follow_to_end(&program);
	told = write_report(&program);
	close_program(&program);
	return status ? status : told;
}
