#include "config.h"
#include "lab_live.h"

#include <sched.h>
#include <sched.h>
#include <sys/resource.h>

static struct lab_reply
fork_it(struct lab *lab, char parent, char child)
{
	return live_do(lab, (struct lab_request){.worker = parent, .op = LAB_FORK, .child = child});
}

static void
kill_it(struct lab *lab, char name)
{
	struct lab_reply reply;

	lab_kill(lab, name, SIGKILL, &live_err);
	reply = live_wait(lab);
	ok(reply.worker == name && reply.op == LAB_DIED && reply.died,
	    "the death of %c is reported", name);
}

static void
a_chain(const char *who)
{
	struct lab *lab = live_open(KIND_PRIVATE_FILE, 10, 1);
	const struct lab_worker *a = lab_worker(lab, 'a'), *d, *e;
	struct lab_reply reply;

	live_act(lab, 'a', LAB_WRITE, 2, 0, "from a");
	reply = fork_it(lab, 'a', 'd');
	ok(reply.worker == 'a' && reply.op == LAB_FORK && !reply.errnum && !reply.died,
	    "%s: a forks d", who);
	d = lab_worker(lab, 'd');
	if (!ok(d && d->ppid == a->pid && d->forked_from == 'a',
		"d is a's child, ready when the answer comes"))
		return;
	ok(d->address == a->address, "at its parent's address");
	ok(d->pagemap >= 0 && d->smaps >= 0, "it handed descriptors of its own over");
	ok(pm_present(live_pagemap(lab, 'd', 2)) && !pm_exclusive(live_pagemap(lab, 'd', 2)),
	    "a's copy is shared by d");
	fork_it(lab, 'd', 'e');
	e = lab_worker(lab, 'e');
	ok(e && e->ppid == d->pid && e->forked_from == 'd', "d forks e");
	is_number(live_byte(lab, 'e', 2), 'f', "e sees what a wrote");
	live_act(lab, 'd', LAB_WRITE, 2, 0, "D");
	ok(live_byte(lab, 'a', 2) == 'f' && live_byte(lab, 'd', 2) == 'D' &&
		live_byte(lab, 'e', 2) == 'f',
	    "what d writes only d sees");

	kill_it(lab, 'a');
	ok(a->dead && a->exit_signal == SIGKILL && a->pagemap == -1, "killed by SIGKILL");
	is_number(d->ppid, getpid(), "its orphan is ours");
	is_number(live_act(lab, 'd', LAB_READ, 4, 0, NULL).signal, 0, "d lives on");
	ok(lab_send(lab, &(struct lab_request){.worker = 'a', .op = LAB_READ, .count = 1},
	       &live_err) == -1,
	    "a can do nothing more: %s", live_err.text);
	kill(d->pid, SIGTERM);
	reply = live_wait(lab);
	ok(reply.worker == 'd' && reply.op == LAB_DIED, "somebody ends it");
	is_number(d->exit_signal, SIGTERM, "an orphan's end is known too");
	ok(waitpid(d->pid, NULL, WNOHANG) == -1 && errno == ECHILD, "and it was waited for");
	is_number(live_act(lab, 'e', LAB_READ, 4, 0, NULL).signal, 0, "e lives on");
	lab_close(lab);
	ok(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD, "no child is left");
}

/* A zombie would stay for ever: its parent waits for nobody. */
static bool
vanishes(pid_t pid)
{
	for (int i = 0; i < 1000000; i++) {
		if (kill(pid, 0) < 0)
			return errno == ESRCH;
		sched_yield();
	}
	return false;
}

static void
a_child_before_its_parent(void)
{
	struct lab *lab = live_open(KIND_PRIVATE_FILE, 4, 1);
	const struct lab_worker *d;
	struct lab_reply reply;

	fork_it(lab, 'a', 'd');
	d = lab_worker(lab, 'd');
	kill_it(lab, 'd');
	is_number(d->exit_signal, SIGKILL, "our own SIGKILL is known");
	ok(vanishes(d->pid), "nothing is left of d while a lives");
	fork_it(lab, 'a', 'd');
	kill(d->pid, SIGTERM);
	reply = live_wait(lab);
	ok(reply.worker == 'd' && d->dead && d->exit_signal == 0 && d->exit_status == -1,
	    "somebody else's signal is not");
	lab_close(lab);
}

static void
by_descent(enum kind kind)
{
	struct lab *lab = live_open(kind, 4, 3);
	const struct lab_worker *a = lab_worker(lab, 'a'), *c = lab_worker(lab, 'c');
	struct lab_reply reply;
	uint32_t object;
	char name;

	ok(c->forked_from == 'a' && c->ppid == a->pid && c->objects[1] == a->objects[1],
	    "%s: a is the parent of c", kind_word(kind));
	live_act(lab, 'c', LAB_WRITE, 1, 0, "c");
	is_number(live_byte(lab, 'a', 1), kind == KIND_SHARED_ANON ? 'c' : 0, "what c writes");
	object = a->objects[1];
	name = (char)lab_spawn(lab, 0, &live_err);
	is_number(name, 'd', "a process of its own is d");
	ok(lab_worker(lab, 'd') == NULL, "not there before it is ready");
	ok(lab_spawn(lab, 'd', &live_err) == -1, "but its name is taken: %s", live_err.text);
	reply = live_wait(lab);
	ok(reply.op == LAB_BORN && reply.worker == 'd' && !reply.errnum && !reply.died,
	    "then LAB_BORN");
	ok(lab_worker(lab, 'd')->objects[1] != object && !lab_worker(lab, 'd')->forked_from,
	    "with memory of its own");
	is_number(live_byte(lab, 'd', 1), 0, "that nobody wrote to");
	fork_it(lab, 'd', 'e');
	is_number(lab_worker(lab, 'e')->objects[1], lab_worker(lab, 'd')->objects[1],
	    "its child has the same");
	lab_close(lab);
}

static void
names_again(void)
{
	struct lab *lab = live_open(KIND_SHARED_FILE, 4, 3);
	const struct lab_worker *workers;
	struct lab_reply reply;

	kill_it(lab, 'b');
	is_number(lab_workers(lab, &workers), 3, "a dead process stays in the list");
	ok(workers[1].name == 'b' && workers[1].dead, "as dead");
	ok(lab_free_name(lab) == 'b', "its name is free");
	ok(lab_kill(lab, 'b', SIGTERM, &live_err) == -1, "no signal for the dead: %s",
	    live_err.text);
	ok(lab_spawn(lab, 'b', &live_err) == 'b', "another b");
	reply = live_wait(lab);
	ok(reply.op == LAB_BORN && !lab_worker(lab, 'b')->dead, "lives");
	is_number(lab_workers(lab, &workers), 3, "in the place of the old one");
	kill_it(lab, 'c');
	reply = fork_it(lab, 'b', 'c');
	ok(!reply.errnum && lab_worker(lab, 'c')->ppid == lab_worker(lab, 'b')->pid,
	    "and a forked c");
	lab_close(lab);
}

static cpu_set_t
cpus_of(pid_t pid)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	sched_getaffinity(pid, sizeof(set), &set);
	return set;
}

static void
one_cpu(enum kind kind)
{
	cpu_set_t ours = cpus_of(0), first, set;
	struct lab *lab = live_open(kind, 4, 2);
	const struct lab_worker *workers;
	size_t count;
	int alike = 0;

	fork_it(lab, 'b', 'c');
	lab_spawn(lab, 'd', &live_err);
	live_wait(lab);
	first = cpus_of(lab_worker(lab, 'a')->pid);
	is_number(CPU_COUNT(&first), 1, "%s: a runs on one CPU", kind_word(kind));
	count = lab_workers(lab, &workers);
	for (size_t i = 0; i < count; i++) {
		set = cpus_of(workers[i].pid);
		alike += CPU_EQUAL(&set, &first);
	}
	is_number(alike, 4, "and so do b, forked c and spawned d");
	set = cpus_of(0);
	ok(CPU_EQUAL(&set, &ours), "we run where we ran");
	set = cpus_of(lab_worker(lab, LAB_CLERK) ? lab_worker(lab, LAB_CLERK)->pid : 0);
	ok(CPU_EQUAL(&set, &ours), "and so does the file's process");
	lab_close(lab);
}

/* Who has a frame alone writes into it in place, on a fresh page each time. */
static void
reuse(void)
{
	enum { ROUNDS = 40 };
	struct lab *lab = live_open(KIND_PRIVATE_ANON, ROUNDS, 1);
	int moved = 0;

	if (!pm_pfn(live_act(lab, 'a', LAB_WRITE, 0, 0, "x").after)) {
		ok(true, "the last sharer keeps its frame # SKIP the kernel shows no PFN to us");
		lab_close(lab);
		return;
	}
	for (uint32_t page = 0; page < ROUNDS; page++) {
		uint64_t had = live_act(lab, 'a', LAB_WRITE, page, 0, "one").after;
		struct act act;
		struct lab_reply died;

		fork_it(lab, 'a', 'd');
		live_act(lab, 'd', LAB_WRITE, page, 0, "two");
		act = live_act(lab, 'a', LAB_WRITE, page, 0, "three");
		moved += pm_pfn(act.after) != pm_pfn(had);
		lab_kill(lab, 'd', SIGKILL, &live_err);
		died = live_wait(lab);
		lab_reply_free(&died);
	}
	is_number(moved, 0, "the last sharer keeps its frame, %d times", ROUNDS);
	lab_close(lab);
}

/* A child that cannot be: fork's errno comes back, and nothing stays of the name. */
static void
no_more_processes(void)
{
	pid_t pid;
	int status;

	if (geteuid() == 0) {
		ok(true, "fork fails with EAGAIN # SKIP root has no limit of processes");
		return;
	}
	pid = fork();
	if (pid == 0) {
		struct rlimit one = {1, 1};
		struct lab *lab = live_open(KIND_PRIVATE_FILE, 4, 1);

		if (prlimit(lab_worker(lab, 'a')->pid, RLIMIT_NPROC, &one, NULL) < 0)
			_exit(77);
		if (live_errnum(
			lab, (struct lab_request){.worker = 'a', .op = LAB_FORK, .child = 'b'}) !=
		    EAGAIN)
			_exit(1);
		if (lab_worker(lab, 'b') || lab_free_name(lab) != 'b')
			_exit(2);
		if (live_act(lab, 'a', LAB_READ, 0, 0, NULL).minor != 1)
			_exit(3);
		lab_close(lab);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	is_number(status, 0, "fork fails with EAGAIN, a lives on, b is free");
}

static void
dies_while_it_forks(void)
{
	struct lab *lab = live_open(KIND_PRIVATE_FILE, 4, 1);
	struct lab_reply reply;

	lab_kill(lab, 'a', SIGSTOP, &live_err);
	live_send(lab, (struct lab_request){.worker = 'a', .op = LAB_FORK, .child = 'd'});
	ok(lab_free_name(lab) == 'b' && lab_spawn(lab, 'd', &live_err) == -1,
	    "the child's name is taken: %s", live_err.text);
	lab_kill(lab, 'a', SIGKILL, &live_err);
	reply = live_wait(lab);
	ok(reply.op == LAB_FORK && reply.worker == 'a' && reply.died, "a died instead of forking");
	ok(lab_worker(lab, 'd') == NULL, "there never was a d");
	ok(!lab_receive(lab, &reply), "and that is all");
	lab_close(lab);
}

static void
tests(const char *who)
{
	a_chain(who);
	a_child_before_its_parent();
	by_descent(KIND_PRIVATE_ANON);
	by_descent(KIND_SHARED_ANON);
	names_again();
	one_cpu(KIND_PRIVATE_FILE);
	one_cpu(KIND_SHARED_ANON);
	reuse();
	no_more_processes();
	dies_while_it_forks();
}

int
main(void)
{
	run_twice(tests);
	return done_testing();
}
