#include "config.h"
#include "tui/signals.h"
#include "base/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define BIT(signum) (1u << (signum))
#define STACK_BYTES 65536 /* SIGSTKSZ is no constant any more */

/* The most urgent first. */
static const int noted[] = {SIGHUP, SIGTERM, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH};
static const int deadly[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};

static pid_t owner; /* 0: not open */
static int wake[2] = {-1, -1};
static struct sigaction before[32];
static stack_t stack_before;
static _Alignas(16) char stack[STACK_BYTES];
static struct rescue rescue;
static volatile sig_atomic_t rescue_is_set;
static atomic_uint pending;

static void
poke(void)
{
	if (write(wake[1], "", 1) < 0)
		return; /* full: readable all the same */
}

static void
by_default(int signum)
{
	signal(signum, SIG_DFL);
	raise(signum);
}

static void
note(int signum)
{
	int errnum = errno;

	if (getpid() != owner) {
		by_default(signum);
		errno = errnum;
		return;
	}
	/* As in the kernel, stop and continue cancel each other. */
	if (signum == SIGCONT)
		atomic_fetch_and(&pending, ~BIT(SIGTSTP));
	if (signum == SIGTSTP)
		atomic_fetch_and(&pending, ~BIT(SIGCONT));
	atomic_fetch_or(&pending, BIT(signum));
	poke();
	errno = errnum;
}

static void
rescue_terminal(void)
{
	pid_t group = tcgetpgrp(rescue.fd);

	rescue_is_set = 0;
	if (group > 0 && group != getpgrp())
		return; /* in the background the terminal is another's */
	if (write(rescue.fd, rescue.bytes, rescue.length) >= 0)
		tcsetattr(rescue.fd, TCSANOW, &rescue.cooked);
}

static void
die(int signum)
{
	if (getpid() == owner && rescue_is_set)
		rescue_terminal();
	by_default(signum);
}

static void
take_over(const int *signums, size_t count, void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < count; i++) {
		sigaction(signums[i], NULL, &before[signums[i]]);
		if (handler == die || signums[i] == SIGWINCH || signums[i] == SIGCONT ||
		    before[signums[i]].sa_handler != SIG_IGN)
			sigaction(signums[i], &action, NULL);
	}
}

static void
put_back(const int *signums, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sigaction(signums[i], &before[signums[i]], NULL);
}

int
signals_open(struct err *err)
{
	stack_t ours = {.ss_sp = stack, .ss_size = sizeof(stack)};

	if (pipe2(wake, O_CLOEXEC | O_NONBLOCK) < 0)
		return err_sys(err, ERR_MACHINE, errno, _("cannot make a pipe"));
	owner = getpid();
	atomic_store(&pending, 0);
	sigaltstack(&ours, &stack_before);
	take_over(noted, COUNT(noted), note, SA_RESTART);
	take_over(deadly, COUNT(deadly), die, SA_ONSTACK | SA_NODEFER | SA_RESETHAND);
	return 0;
}

void
signals_close(void)
{
	if (getpid() != owner)
		return;
	put_back(noted, COUNT(noted));
	put_back(deadly, COUNT(deadly));
	sigaltstack(&stack_before, NULL);
	owner = 0;
	for (size_t i = 0; i < COUNT(wake); i++) {
		close(wake[i]);
		wake[i] = -1;
	}
}

int
signals_fd(void)
{
	return wake[0];
}

int
signals_take(void)
{
	char bytes[64];
	int taken = 0;

	while (read(wake[0], bytes, sizeof(bytes)) > 0)
		;
	for (size_t i = 0; i < COUNT(noted) && !taken; i++)
		if (atomic_fetch_and(&pending, ~BIT(noted[i])) & BIT(noted[i]))
			taken = noted[i];
	if (atomic_load(&pending))
		poke();
	return taken;
}

void
signals_stop(void)
{
	struct sigaction plain = {.sa_handler = SIG_DFL}, ours;

	sigaction(SIGTSTP, &plain, &ours);
	raise(SIGTSTP);
	atomic_fetch_and(&pending, ~BIT(SIGCONT));
	sigaction(SIGTSTP, &ours, NULL);
}

void
signals_rescue(const struct rescue *what)
{
	rescue_is_set = 0;
	if (!what)
		return;
	rescue = *what;
	atomic_signal_fence(memory_order_seq_cst);
	rescue_is_set = 1;
}
