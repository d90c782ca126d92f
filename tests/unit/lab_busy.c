#include "config.h"
#include "lab_live.h"

static bool
silent(struct lab *lab)
{
	struct lab_reply reply;

	return !lab_receive(lab, &reply);
}

static void
stopped(const char *who)
{
	struct lab *lab = live_open(KIND_SHARED_FILE, 10, 3);
	struct lab_request again = {.worker = 'a', .op = LAB_READ, .count = 1};
	struct lab_reply reply;

	lab_kill(lab, 'a', SIGSTOP, &live_err);
	ok(live_send(lab,
	       (struct lab_request){.worker = 'a', .op = LAB_WRITE, .count = 10, .text = "late"}),
	    "%s: a stopped process can be asked", who);
	ok(lab_worker(lab, 'a')->busy, "it is busy");
	ok(lab_send(lab, &again, &live_err) == -1 && live_err.kind == ERR_USAGE,
	    "but not twice: %s", live_err.text);
	for (int i = 0; i < 20; i++) {
		struct act b = live_act(lab, 'b', LAB_READ, (uint32_t)i % 10, 0, NULL);
		struct act c = live_act(lab, 'c', LAB_READ, (uint32_t)i % 10, 0, NULL);

		if (b.errnum || c.errnum)
			ok(false, "b and c answer");
	}
	ok(silent(lab) && lab_worker(lab, 'a')->busy, "b and c answer, a does not");
	is_number(live_byte(lab, 'b', 0), '0', "and has done nothing");
	lab_kill(lab, 'a', SIGCONT, &live_err);
	reply = live_wait(lab);
	ok(reply.worker == 'a' && reply.op == LAB_WRITE && reply.act_count == 10,
	    "continued, it answers");
	lab_reply_free(&reply);
	ok(!lab_worker(lab, 'a')->busy && live_byte(lab, 'b', 0) == 'l', "what it was told");
	lab_close(lab);
}

/* More than a socket holds: the worker waits for us, we never wait for it. */
static void
all_at_once(void)
{
	struct lab *lab = live_open(KIND_PRIVATE_ANON, PAGES_MAX, 4);
	unsigned answered = 0;

	for (char name = 'a'; name <= 'd'; name++)
		live_send(
		    lab, (struct lab_request){.worker = name, .op = LAB_READ, .count = PAGES_MAX});
	for (int i = 0; i < 4; i++) {
		struct lab_reply reply = live_wait(lab);

		if (reply.op == LAB_READ && reply.act_count == PAGES_MAX)
			answered |= 1u << (reply.worker - 'a');
		lab_reply_free(&reply);
	}
	is_number(answered, 15, "four processes answer for all their pages side by side");
	lab_close(lab);
}

static void
deaths(void)
{
	static const int signals[] = {SIGTERM, SIGKILL, SIGUSR1, SIGSEGV, SIGBUS, SIGABRT};
	struct lab *lab = live_open(KIND_PRIVATE_FILE, 10, 6);

	for (int i = 0; i < 6; i++) {
		char name = (char)('a' + i);
		struct lab_reply reply;

		lab_kill(lab, name, signals[i], &live_err);
		reply = live_wait(lab);
		ok(reply.op == LAB_DIED && reply.worker == name, "%s ends a process",
		    signal_name(signals[i]));
		is_number(lab_worker(lab, name)->exit_signal, signals[i], "which is known");
		is_number(lab_worker(lab, name)->exit_status, -1, "an exit status is not");
	}
	ok(silent(lab), "each death is reported once");
	lab_close(lab);
}

static void
harmless_signals(void)
{
	static const int signals[] = {
	    SIGINT, SIGQUIT, SIGHUP, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE, SIGXFSZ, SIGCHLD};
	struct lab *lab = live_open(KIND_PRIVATE_FILE, 10, 1);

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		lab_kill(lab, 'a', signals[i], &live_err);
	is_number(live_act(lab, 'a', LAB_READ, 0, 0, NULL).minor, 1,
	    "what a terminal sends to its group does nothing");
	lab_close(lab);
}

static void
dies_with_a_request(void)
{
	struct lab *lab = live_open(KIND_PRIVATE_FILE, 10, 2);
	struct lab_reply reply;

	lab_kill(lab, 'a', SIGSTOP, &live_err);
	live_send(lab, (struct lab_request){.worker = 'a', .op = LAB_READ, .count = 10});
	lab_kill(lab, 'a', SIGKILL, &live_err);
	reply = live_wait(lab);
	ok(reply.worker == 'a' && reply.op == LAB_READ && reply.died,
	    "the request ends with the process");
	ok(lab_worker(lab, 'a')->dead && !lab_worker(lab, 'a')->busy, "which is dead and not busy");
	lab_reply_free(&reply);
	ok(silent(lab), "and that is all");
	lab_close(lab);
}

/* The answer was given before the death: both come. */
static void
dies_after_its_answer(void)
{
	struct lab *lab = live_open(KIND_PRIVATE_FILE, 10, 1);
	struct lab_reply reply;
	struct pollfd fds[20];

	live_send(lab, (struct lab_request){.worker = 'a', .op = LAB_READ, .count = 1});
	poll(fds, lab_poll(lab, fds, 20), PATIENCE_MS);
	lab_kill(lab, 'a', SIGKILL, &live_err);
	reply = live_wait(lab);
	ok(reply.op == LAB_READ, "the request is answered or ended");
	lab_reply_free(&reply);
	if (!reply.died)
		reply = live_wait(lab);
	ok(reply.died && silent(lab), "and the death reported");
	lab_close(lab);
}

static void
spawned_and_killed(void)
{
	struct lab *lab = live_open(KIND_PRIVATE_FILE, 10, 1);

	for (int i = 0; i < 20; i++)
		if (lab_spawn(lab, 0, &live_err) == -1)
			printf("# %s\n", live_err.text);
	is_number(lab_free_name(lab), 0, "eight more are spawned at once, no more");
	lab_close(lab);
	ok(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD,
	    "and none is left when the lab is closed on them");
}

static void
closed_on_stopped(void)
{
	struct lab *lab = live_open(KIND_SHARED_ANON, 10, 3);

	for (char name = 'a'; name <= 'c'; name++)
		lab_kill(lab, name, SIGSTOP, &live_err);
	live_send(lab, (struct lab_request){.worker = 'a', .op = LAB_FORK, .child = 'd'});
	lab_close(lab);
	ok(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD,
	    "stopped processes end with the lab");
}

static int
open_fds(void)
{
	int count = 0;

	for (int fd = 0; fd < 1024; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

static void
no_leak(void)
{
	int before = open_fds();
	struct lab *lab = live_open(KIND_POSIX_SHM, 10, 2);
	struct lab_reply reply;

	for (int i = 0; i < 5; i++) {
		live_errnum(lab, (struct lab_request){.worker = 'a', .op = LAB_FORK, .child = 'c'});
		lab_kill(lab, 'c', SIGKILL, &live_err);
		reply = live_wait(lab);
		lab_spawn(lab, 'c', &live_err);
		reply = live_wait(lab);
		lab_kill(lab, 'c', SIGKILL, &live_err);
		reply = live_wait(lab);
	}
	ok(reply.op == LAB_DIED, "five times forked, killed, spawned, killed");
	lab_close(lab);
	is_number(open_fds(), before, "no descriptor stays open");
}

static void
tests(const char *who)
{
	stopped(who);
	all_at_once();
	deaths();
	harmless_signals();
	dies_with_a_request();
	dies_after_its_answer();
	spawned_and_killed();
	closed_on_stopped();
	no_leak();
}

int
main(void)
{
	run_twice(tests);
	return done_testing();
}
