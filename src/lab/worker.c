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
#include <stdlib.h>
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

/* None of our own handlers may run here; signals that the terminal sends to its foreground group
 * are for main to handle. */
static void
set_signals(void)
{
	static const int ignored[] = {
	    SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE, SIGHUP, SIGXFSZ};
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

/* A fresh page waits in a per-CPU list, which holds a reference: a write on another CPU would copy
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
worker_open_pidfd(void)
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

/* The pagemap stays open, because it is read around every act. */
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
	hand_over(
	    open("/proc/self/smaps", O_RDONLY | O_CLOEXEC), HELLO_SMAPS, &answer->u.hello, &fds);
	hand_over(worker_open_pidfd(), HELLO_PIDFD, &answer->u.hello, &fds);
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

	evidence_rehearse(&worker->actor, false);
	evidence_prepare(&worker->actor, request);
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
	evidence_rehearse(&worker->actor, true);
	say_hello(worker, 0);
}

static void
worker_fork_worker(struct worker *worker, struct wire_fds *fds)
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

static void
keep_open(int fd, bool keep)
{
	if (fd >= 0 && fd != MAPPING_CLOSED)
		fcntl(fd, F_SETFD, keep ? 0 : FD_CLOEXEC);
}

static void
keep_all_open(const struct worker *worker, bool keep)
{
	keep_open(worker->writer.sock, keep);
	keep_open(worker->lifeline, keep);
	keep_open(worker->actor.mapping.file, keep);
}

/* The same program once more: it knows nothing but what it is told. */
static void
exec_self(struct worker *worker)
{
	const struct mapping *mapping = &worker->actor.mapping;
	unsigned long long told[] = {(unsigned char)worker->actor.name,
	    (unsigned)worker->writer.sock, (unsigned)worker->lifeline, (unsigned)mapping->file,
	    mapping->kind, mapping->pages, mapping->page_size, (unsigned)mapping->protection,
	    (uintptr_t)mapping->base, mapping->whole};
	static char texts[WORKER_WORDS - 2][24];
	char *words[WORKER_WORDS + 1] = {"cowscope", WORKER_GOES_ON};

	for (size_t i = 0; i < WORKER_WORDS - 2; i++) {
		snprintf(texts[i], sizeof(texts[i]), "%llu", told[i]);
		words[i + 2] = texts[i];
	}
	keep_all_open(worker, true);
	execv("/proc/self/exe", words);
	wire_put_done(&worker->writer, errno, 0);
	keep_all_open(worker, false);
}

static void
find_mapping(uintptr_t at, struct allocation *found)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned long long start, end;
	char rest[4096];

	while (maps && fgets(rest, sizeof(rest), maps))
		if (sscanf(rest, "%llx-%llx", &start, &end) == 2 && start <= at && at < end) {
			found->start = start;
			found->end = end;
		}
	if (maps)
		fclose(maps);
}

/* The block is kept, so that it can be looked at. */
static void
allocate(struct worker *worker)
{
	struct allocation is = {.size = worker->request.mapping.length};
	void *block;

	is.heap_before = (uintptr_t)sbrk(0);
	block = malloc(is.size);
	is.heap_after = (uintptr_t)sbrk(0);
	is.block = (uintptr_t)block;
	if (block)
		find_mapping((uintptr_t)block, &is);
	if (block)
		wire_put_bytes(&worker->writer, &is, sizeof(is));
	wire_put_done(&worker->writer, block ? 0 : ENOMEM, 0);
}

static void
close_file(struct worker *worker)
{
	int *file = &worker->actor.mapping.file;
	int result = *file == MAPPING_CLOSED ? (errno = EBADF, -1) : close(*file);

	if (*file >= 0)
		*file = MAPPING_CLOSED;
	wire_put_done(&worker->writer, result < 0 ? errno : 0, 0);
}

static int
open_by_name(const struct mapping *mapping, const char *path, int access)
{
	const char *slash = strrchr(path, '/');

	return mapping->kind == KIND_POSIX_SHM && slash ? shm_open(slash, access | O_CLOEXEC, 0)
							: open(path, access | O_CLOEXEC);
}

/* In place of the descriptor that it was given, if it still has that. */
static void
open_file(struct worker *worker)
{
	struct mapping *mapping = &worker->actor.mapping;
	int file =
	    open_by_name(mapping, (const char *)worker->request.text, worker->request.argument);
	int errnum = file < 0 ? errno : 0;

	if (file >= 0 && mapping->file >= 0 && mapping->file != MAPPING_CLOSED)
		close(mapping->file);
	if (file >= 0)
		mapping->file = file;
	wire_put_done(&worker->writer, errnum, 0);
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

	clerk_put_resident(mapping_page(mapping, request->first), request->count,
	    mapping->page_size, &worker->writer);
	wire_put_done(&worker->writer, 0, 0);
}

static void
obey(struct worker *worker, struct wire_fds *fds)
{
	const struct wire_request *request = &worker->request;

	if (request->op == LAB_FORK)
		worker_fork_worker(worker, fds);
	else if (request->op == LAB_EXEC)
		exec_self(worker);
	else if (request->op == LAB_EXIT)
		_exit(request->argument);
	else if (request->op == LAB_ALLOC)
		allocate(worker);
	else if (request->op == LAB_OPEN)
		open_file(worker);
	else if (request->op == LAB_CLOSE)
		close_file(worker);
	else if (request->op != LAB_FILE_RESIZE && request->op != LAB_FILE_LINK &&
	    request->op != LAB_FILE_UNLINK && !in_range(worker))
		wire_put_done(&worker->writer, EINVAL, 0);
	else if (worker->actor.name == LAB_CLERK)
		clerk_answer(&worker->actor.mapping, request, worker->lifeline, &worker->writer);
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
		if ((size_t)got < offsetof(struct wire_request, text) ||
		    (size_t)got != wire_request_size(request))
			_exit(1);
		obey(worker, &fds);
	}
}

static void
tell_of_wait(void *whom, char holder)
{
	wire_put_waits(whom, holder);
}

static int
begin_to_act(struct worker *worker)
{
	int errnum;

	worker->actor.waits = tell_of_wait;
	worker->actor.whom = &worker->writer;
	errnum = evidence_begin(&worker->actor);
	if (!errnum)
		evidence_rehearse(&worker->actor, true);
	return errnum;
}

void
worker_go_on(char *words[WORKER_WORDS])
{
	static struct worker worker;
	unsigned long long told[WORKER_WORDS - 2];

	for (size_t i = 0; i < WORKER_WORDS - 2; i++)
		told[i] = strtoull(words[i + 2], NULL, 10);
	worker.actor.name = (char)told[0];
	worker.writer.sock = (int)told[1];
	worker.lifeline = (int)told[2];
	worker.actor.mapping = (struct mapping){
	    .file = (int)(unsigned)told[3],
	    .kind = (enum kind)told[4],
	    .pages = (uint32_t)told[5],
	    .page_size = told[6],
	    .protection = (int)told[7],
	    .base = (char *)(uintptr_t)told[8],
	    .whole = told[9],
	};
	be_born(&worker);
	keep_all_open(&worker, false);
	set_signals();
	mapping_forget(&worker.actor.mapping);
	say_hello(&worker, begin_to_act(&worker));
	wire_put_done(&worker.writer, 0, 0);
	serve(&worker);
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
			errnum = begin_to_act(&worker);
	}
	say_hello(&worker, errnum);
	serve(&worker);
}
