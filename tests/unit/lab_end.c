#include "config.h"
#include "lab_live.h"

#include "lab/lifeline.h"

#include <sys/resource.h>
#include <sys/syscall.h>

struct crew {
	pid_t pids[8];
	int count;
};

static const struct rlimit no_core = {0, 0};

/* A program with a lab: forked grandchildren, stopped ones, one with a request under way, the
 * clerk. */
static _Noreturn void
program(enum kind kind, int report, int signum)
{
	struct lab *lab = live_open(kind, 10, 3);
	struct crew crew = {.count = 0};
	const struct lab_worker *workers;
	size_t count;

	setrlimit(RLIMIT_CORE, &no_core);
	live_errnum(lab, (struct lab_request){.worker = 'a', .op = LAB_FORK, .child = 'd'});
	live_errnum(lab, (struct lab_request){.worker = 'd', .op = LAB_FORK, .child = 'e'});
	lab_kill(lab, 'b', SIGSTOP, &live_err);
	lab_kill(lab, 'e', SIGSTOP, &live_err);
	live_send(lab, (struct lab_request){.worker = 'b', .op = LAB_FORK, .child = 'f'});
	count = lab_workers(lab, &workers);
	for (size_t i = 0; i < count; i++)
		crew.pids[crew.count++] = workers[i].pid;
	if (lab_worker(lab, LAB_CLERK))
		crew.pids[crew.count++] = lab_worker(lab, LAB_CLERK)->pid;
	if (write(report, &crew, sizeof(crew)) != sizeof(crew))
		_exit(9);
	signal(signum, SIG_DFL);
	if (signum == 0)
		exit(0);
	raise(signum);
	for (;;)
		pause();
}

/* Gone, or a zombie that we are to wait for. */
static bool
ends(pid_t pid)
{
	struct pollfd wait = {.fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN};
	bool ended;

	if (wait.fd < 0)
		return errno == ESRCH || waitpid(pid, NULL, 0) == pid;
	ended = poll(&wait, 1, PATIENCE_MS) == 1;
	close(wait.fd);
	return ended;
}

static int
wait_for_all(const struct crew *crew)
{
	int ended = 0;

	for (int i = 0; i < crew->count; i++)
		ended += ends(crew->pids[i]);
	for (int i = 0; i < crew->count; i++)
		waitpid(crew->pids[i], NULL, WNOHANG);
	return ended;
}

static bool
ended_by_kill(pid_t pid)
{
	int status;

	return waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) &&
	    WTERMSIG(status) == SIGKILL;
}

static void
nothing_is_left(enum kind kind, int signum, const char *directory)
{
	int pipes[2];
	struct crew crew;
	pid_t pid;

	if (pipe(pipes) < 0)
		return;
	pid = fork();
	if (pid == 0) {
		close(pipes[0]);
		program(kind, pipes[1], signum);
	}
	close(pipes[1]);
	if (!ok(read(pipes[0], &crew, sizeof(crew)) == sizeof(crew),
		"%s: a program has started its lab", kind_word(kind)))
		return;
	close(pipes[0]);
	waitpid(pid, NULL, 0);
	is_number(crew.count, 5 + kind_has_file(kind), "with grandchildren, stopped and busy ones");
	is_number(wait_for_all(&crew), crew.count, "%s ends it, and then all of them",
	    signum ? signal_name(signum) : "exit");
	ok(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD, "there were no others");
	is_number(names_in(directory), 0, "no file is left");
}

/* The mechanism alone, on a process that never sleeps. */
static void
spinning(void)
{
	int pipes[2], ready[2];
	char byte;
	pid_t pid;

	if (lifeline_open(pipes) < 0 || pipe(ready) < 0)
		return;
	pid = fork();
	if (pid == 0) {
		close(pipes[1]);
		byte = lifeline_arm(pipes[0]) == 0;
		if (write(ready[1], &byte, 1) != 1)
			_exit(1);
		for (;;)
			__asm__ volatile("");
	}
	close(pipes[0]);
	ok(read(ready[0], &byte, 1) == 1 && byte == 1, "a process that spins is armed");
	close(pipes[1]);
	ok(ended_by_kill(pid), "and ends with its lifeline");
	close(ready[0]);
	close(ready[1]);
}

static void
too_late(void)
{
	int pipes[2];

	if (lifeline_open(pipes) < 0)
		return;
	close(pipes[1]);
	ok(lifeline_arm(pipes[0]) < 0, "a lifeline that is cut already cannot be armed");
	close(pipes[0]);
}

static void
tests(const char *who)
{
	static const int signals[] = {SIGKILL, SIGTERM, SIGHUP, SIGSEGV, SIGABRT, 0};
	char directory[] = "/tmp/lab-end-XXXXXX";

	ok(mkdtemp(directory) != NULL && prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0,
	    "%s: a directory", who);
	setenv("TMPDIR", directory, 1);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		nothing_is_left(KIND_SHARED_FILE, signals[i], directory);
	nothing_is_left(KIND_PRIVATE_ANON, SIGKILL, directory);
	nothing_is_left(KIND_POSIX_SHM, SIGKILL, directory);
	spinning();
	too_late();
	rmdir(directory);
}

int
main(void)
{
	run_twice(tests);
	return done_testing();
}
