#include "config.h"
#include "tui/signals.h"
#include "base/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define BIT(signum) (UINT64_C(1) << ((signum)-1))
#define STACK_BYTES 65536 /* SIGSTKSZ is no longer a constant */

/* How a signal is handled here. One that would end us is recorded, so that the terminal is restored
 * first. */
enum care {
	CARE_NOTED,
	CARE_DEADLY,  /* the program can't go on */
	CARE_IGNORED, /* the failed call tells: EPIPE, EFBIG */
	CARE_NONE,    /* can't be caught, stops us, or does nothing by default */
};

static enum care
care_of(int signum)
{
	switch (signum) {
	case SIGSEGV:
	case SIGBUS:
	case SIGABRT:
	case SIGFPE:
	case SIGILL:
		return CARE_DEADLY;
	case SIGPIPE:
	case SIGXFSZ:
		return CARE_IGNORED;
	case SIGKILL:
	case SIGSTOP:
	case SIGTTIN:
	case SIGTTOU:
	case SIGCHLD:
	case SIGURG:
		return CARE_NONE;
	default:
		return CARE_NOTED;
	}
}

static pid_t owner; /* 0: not open */
static int wake[2] = {-1, -1};
static struct sigaction before[NSIG];
static stack_t stack_before;
static _Alignas(16) char stack[STACK_BYTES];
static struct rescue rescue;
static volatile sig_atomic_t rescue_is_set;
static atomic_uint_fast64_t pending;

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
		return; /* in the background the terminal isn't ours */
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

/* Signals that the C library reserves have no visible action. */
static bool
is_ours(int signum)
{
	return care_of(signum) != CARE_NONE && sigaction(signum, NULL, &before[signum]) == 0;
}

static void
take_over(int signum)
{
	enum care care = care_of(signum);
	struct sigaction action = {.sa_handler = SIG_IGN};

	if (!is_ours(signum))
		return;
	if (care == CARE_NOTED)
		action = (struct sigaction){.sa_handler = note, .sa_flags = SA_RESTART};
	else if (care == CARE_DEADLY)
		action = (struct sigaction){
		    .sa_handler = die,
		    .sa_flags = SA_ONSTACK | SA_NODEFER | SA_RESETHAND,
		};
	sigemptyset(&action.sa_mask);
	if (care != CARE_NOTED || signum == SIGWINCH || signum == SIGCONT ||
	    before[signum].sa_handler != SIG_IGN)
		sigaction(signum, &action, NULL);
}

static void
signals_put_back(int signum)
{
	if (care_of(signum) != CARE_NONE)
		sigaction(signum, &before[signum], NULL);
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
	for (int signum = 1; signum < NSIG; signum++)
		take_over(signum);
	return 0;
}

void
signals_close(void)
{
	if (getpid() != owner)
		return;
	for (int signum = 1; signum < NSIG; signum++)
		signals_put_back(signum);
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

/* Those that end us come before the others. */
static int
most_urgent(uint64_t signals)
{
	const uint64_t last = BIT(SIGTSTP) | BIT(SIGCONT) | BIT(SIGWINCH);

	if (signals & ~last)
		return __builtin_ctzll(signals & ~last) + 1;
	return signals & BIT(SIGTSTP) ? SIGTSTP
	    : signals & BIT(SIGCONT)  ? SIGCONT
	    : signals                 ? SIGWINCH
				      : 0;
}

int
signals_take(void)
{
	char bytes[64];
	int taken;

	while (read(wake[0], bytes, sizeof(bytes)) > 0)
		;
	taken = most_urgent(atomic_load(&pending));
	if (taken)
		atomic_fetch_and(&pending, ~BIT(taken));
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
