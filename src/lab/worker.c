#include "config.h"
#include "lab/worker.h"
#include "lab/clerk.h"
#include "lab/evidence.h"
#include "lab/lifeline.h"
#include "lab/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

struct worker {
	struct actor actor;
	int lifeline;
	struct wire_writer writer;
	struct wire_request request;
};

static void
name_self(char name)
{
	char title[16];

	snprintf(title, sizeof(title), name == LAB_CLERK ? "cowscope-file" : "cowscope-%c", name);
	prctl(PR_SET_NAME, title);
}

/* Of our own handlers none may run here; what the terminal sends to its foreground group is for main to decide. */
static void
set_signals(void)
{
	static const int ignored[] = {SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE, SIGHUP, SIGXFSZ};
	struct sigaction children = {.sa_handler = SIG_IGN, .sa_flags = SA_NOCLDWAIT};
	sigset_t none;

	for (int signum = 1; signum < NSIG; signum++)
		signal(signum, SIG_DFL);
	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], SIG_IGN);
	sigaction(SIGCHLD, &children, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* A fresh page waits in a list of its CPU, which holds a reference: a write on another CPU would copy
 * the page instead of reusing it. */
static void
stay_on_cpu(int cpu)
{
	cpu_set_t only;

	if (cpu < 0 || cpu >= CPU_SETSIZE)
		return;
	CPU_ZERO(&only);
	CPU_SET(cpu, &only);
	sched_setaffinity(0, sizeof(only), &only);
}

static void
leave_no_core(void)
{
	struct rlimit limit = {0, 0};

	setrlimit(RLIMIT_CORE, &limit);
}

static int
keep_only_ours(struct worker *worker)
{
	int *keep[] = {&worker->writer.sock, &worker->lifeline, &worker->actor.mapping.file};

	worker->actor.pagemap = -1;
	if (lifeline_close_others(keep, sizeof(keep) / sizeof(keep[0]), &worker->lifeline) < 0)
		return -1;
	return lifeline_arm(worker->lifeline);
}

static int
open_pidfd(void)
{
#ifdef SYS_pidfd_open
	return (int)syscall(SYS_pidfd_open, getpid(), 0);
#else
	return -1;
#endif
}

static void
hand_over(int fd, int which, struct wire_hello *hello, struct wire_fds *fds)
{
	if (fd < 0)
		return;
	fds->fd[fds->count++] = fd;
	hello->handed |= 1u << which;
}

/* The pagemap stays open: it is read around every act. */
static void
say_hello(struct worker *worker, int errnum)
{
	struct wire_answer *answer = &worker->writer.answer;
	struct wire_fds fds = {.count = 0};

	memset(answer, 0, sizeof(*answer));
	answer->type = WIRE_HELLO;
	answer->errnum = errnum;
	answer->u.hello.pid = getpid();
	answer->u.hello.ppid = getppid();
	answer->u.hello.address = (uintptr_t)worker->actor.mapping.base;
	hand_over(worker->actor.pagemap, HELLO_PAGEMAP, &answer->u.hello, &fds);
	hand_over(open("/proc/self/smaps", O_RDONLY | O_CLOEXEC), HELLO_SMAPS, &answer->u.hello, &fds);
	hand_over(open_pidfd(), HELLO_PIDFD, &answer->u.hello, &fds);
	if (wire_send(worker->writer.sock, answer, wire_answer_size(answer), &fds) < 0 || errnum)
		_exit(1);
	for (size_t i = 0; i < fds.count; i++)
		if (fds.fd[i] != worker->actor.pagemap)
			close(fds.fd[i]);
	memset(answer, 0, sizeof(*answer));
}

static void
be_born(struct worker *worker)
{
	name_self(worker->actor.name);
	if (keep_only_ours(worker) < 0)
		_exit(1);
	worker->actor.pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
}

static void
act_on_pages(struct worker *worker)
{
	const struct wire_request *request = &worker->request;

	evidence_rehearse(&worker->actor);
	for (uint32_t i = 0; i < request->count; i++) {
		struct act act;

		evidence_act(&worker->actor, request, request->first + i, &act);
		wire_put_act(&worker->writer, &act);
	}
	wire_put_done(&worker->writer, 0, 0);
}

static void
become(struct worker *worker, char name, const struct wire_fds *fds)
{
	worker->actor.name = name;
	worker->writer.sock = fds->fd[0];
	worker->lifeline = fds->fd[1];
	be_born(worker);
	say_hello(worker, 0);
}

static void
fork_worker(struct worker *worker, struct wire_fds *fds)
{
	pid_t pid = -1;
	int errnum = EINVAL;

	if (fds->count == 2) {
		pid = fork();
		errnum = pid < 0 ? errno : 0;
	}
	if (pid == 0) {
		become(worker, worker->request.child, fds);
		return;
	}
	wire_fds_close(fds);
	wire_put_done(&worker->writer, errnum, pid);
}

static bool
in_range(const struct worker *worker)
{
	const struct wire_request *request = &worker->request;
	uint32_t pages = worker->actor.mapping.pages;

	return request->count <= pages && request->first <= pages - request->count;
}

static void
resident(struct worker *worker)
{
	const struct mapping *mapping = &worker->actor.mapping;
	const struct wire_request *request = &worker->request;

	clerk_put_resident(mapping_page(mapping, request->first), request->count, mapping->page_size,
	    &worker->writer);
	wire_put_done(&worker->writer, 0, 0);
}

static void
obey(struct worker *worker, struct wire_fds *fds)
{
	const struct wire_request *request = &worker->request;

	if (request->op == LAB_FORK)
		fork_worker(worker, fds);
	else if (request->op != LAB_FILE_RESIZE && !in_range(worker))
		wire_put_done(&worker->writer, EINVAL, 0);
	else if (worker->actor.name == LAB_CLERK)
		clerk_answer(&worker->actor.mapping, request, &worker->writer);
	else if (request->op == LAB_FILE_CACHED)
		resident(worker);
	else
		act_on_pages(worker);
}

static _Noreturn void
serve(struct worker *worker)
{
	struct wire_request *request = &worker->request;

	for (;;) {
		struct wire_fds fds;
		ssize_t got = wire_receive(worker->writer.sock, request, sizeof(*request), &fds);

		if (got <= 0)
			_exit(got < 0);
		if ((size_t)got < offsetof(struct wire_request, text) || (size_t)got != wire_request_size(request))
			_exit(1);
		obey(worker, &fds);
	}
}

void
worker_run(const struct worker_start *start)
{
	static struct worker worker;
	int errnum = 0;

	worker.actor.name = start->name;
	worker.actor.mapping = start->mapping;
	worker.writer.sock = start->sock;
	worker.lifeline = start->lifeline;
	stay_on_cpu(start->cpu);
	be_born(&worker);
	set_signals();
	leave_no_core();
	if (start->name != LAB_CLERK) {
		errnum = mapping_make(&worker.actor.mapping, start->wish);
		if (!errnum)
			errnum = evidence_begin(&worker.actor);
	}
	say_hello(&worker, errnum);
	serve(&worker);
}
