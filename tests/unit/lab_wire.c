#include "config.h"
#include "lab_live.h"

#include "lab/lab_private.h"
#include "lab/lifeline.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/syscall.h>

static void
sizes(void)
{
	struct wire_answer answer = {.type = WIRE_ACTS, .count = WIRE_ACTS_MAX};

	is_number(wire_answer_size(&answer),
	    offsetof(struct wire_answer, u) + sizeof(answer.u.acts), "as many acts as fit");
	answer.count++;
	is_number(wire_answer_size(&answer), 0, "one more cannot be");
	answer = (struct wire_answer){.type = WIRE_BYTES, .count = WIRE_BYTES_MAX + 1};
	is_number(wire_answer_size(&answer), 0, "nor a byte too many");
	answer.type = 77;
	is_number(wire_answer_size(&answer), 0, "nor another type");
	ok(sizeof(struct wire_answer) < 8192, "an answer is small");
}

static void
packets(void)
{
	struct wire_fds sent = {.count = 2}, got;
	char text[8];
	int socks[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, socks) < 0 || pipe(sent.fd) < 0)
		return;
	ok(wire_send(socks[0], "abc", 3, &sent) == 0 &&
		wire_receive(socks[1], text, sizeof(text), &got) == 3 &&
		memcmp(text, "abc", 3) == 0,
	    "a packet arrives");
	ok(got.count == 2 && got.fd[0] != sent.fd[0] && write(got.fd[1], "x", 1) == 1 &&
		read(sent.fd[0], text, 1) == 1,
	    "with its descriptors");
	ok(fcntl(got.fd[0], F_GETFD) & FD_CLOEXEC, "which no exec keeps");
	wire_fds_close(&got);
	wire_send(socks[0], "0123456789", 10, &sent);
	ok(wire_receive(socks[1], text, sizeof(text), &got) < 0 && errno == EMSGSIZE &&
		got.count == 0,
	    "one that is too long is an error");
	close(socks[0]);
	is_number(wire_receive(socks[1], text, sizeof(text), &got), 0, "the end is 0");
	ok(wire_send(socks[1], "abc", 3, NULL) < 0 && errno == EPIPE,
	    "and sending EPIPE, without a signal");
	close(socks[1]);
	wire_fds_close(&sent);
}

static void
writer(void)
{
	struct wire_writer *writing = calloc(1, sizeof(*writing));
	struct wire_answer answer;
	struct wire_fds fds;
	struct act act = {.page = 0};
	int socks[2], acts = 0, messages = 0;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, socks) < 0)
		return;
	writing->sock = socks[0];
	for (act.page = 0; act.page < WIRE_ACTS_MAX + 1; act.page++)
		wire_put_act(writing, &act);
	wire_put_done(writing, EIO, 0);
	do {
		ssize_t got = wire_receive(socks[1], &answer, sizeof(answer), &fds);

		ok(got > 0 && (size_t)got == wire_answer_size(&answer), "message %d has its size",
		    ++messages);
		if (answer.type == WIRE_ACTS)
			acts += (int)answer.count;
	} while (answer.type != WIRE_DONE && messages < 9);
	ok(messages == 3 && acts == WIRE_ACTS_MAX + 1 && answer.errnum == EIO,
	    "acts in full messages, then the end");
	close(socks[0]);
	close(socks[1]);
	free(writing);
}

#ifdef SYS_close_range
/* As on a kernel before 5.9. */
static bool
forbid_close_range(void)
{
	struct sock_filter code[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_close_range, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = sizeof(code) / sizeof(code[0]), .filter = code};

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}
#else
static bool
forbid_close_range(void)
{
	return true;
}
#endif

static bool
is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static int
close_others(bool old_kernel)
{
	int pipes[2], more[2], none = -1;
	int *keep[] = {&pipes[0], &none};

	if (old_kernel && !forbid_close_range())
		return 77;
	close(0);
	if (pipe(pipes) < 0 || pipe(more) < 0 || pipes[0] != 0)
		return 1;
	if (lifeline_close_others(keep, 2, &pipes[0]) < 0)
		return 2;
	if (pipes[0] < 3 || !is_open(pipes[0]) || none != -1)
		return 3;
	for (int fd = 3; fd < 100; fd++)
		if (fd != pipes[0] && is_open(fd))
			return 4;
	return is_open(0) && write(1, "not on the screen\n", 1) < 0 && errno == EBADF ? 0 : 5;
}

static void
others_closed(bool old_kernel)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(close_others(old_kernel));
	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		ok(true,
		    "descriptors are closed on an older kernel # SKIP seccomp is not to be had");
	else
		is_number(status, 0, "all descriptors but the kept ones are closed%s",
		    old_kernel ? " on an older kernel" : "");
}

/* Gives a stopped worker something to say that no worker of ours says. */
static void
rogue(const struct wire_answer *answer, size_t size, const char *what)
{
	struct lab *lab = live_open(KIND_PRIVATE_FILE, 4, 2);
	struct lab_reply reply;
	int socks[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, socks) < 0)
		return;
	lab_kill(lab, 'a', SIGSTOP, &live_err);
	live_send(lab, (struct lab_request){.worker = 'a', .op = LAB_READ, .first = 1, .count = 2});
	dup2(socks[0], lab_member(lab, 'a')->sock);
	wire_send(socks[1], answer, size, NULL);
	reply = live_wait(lab);
	ok(reply.worker == 'a' && reply.died && lab_worker(lab, 'a')->exit_signal == SIGKILL,
	    "%s ends the worker", what);
	lab_reply_free(&reply);
	close(socks[0]);
	close(socks[1]);
	is_number(live_act(lab, 'b', LAB_READ, 0, 0, NULL).signal, 0, "and no other");
	lab_close(lab);
}

static void
rogues(void)
{
	struct wire_answer answer = {.type = WIRE_ACTS, .count = 1};
	size_t head = offsetof(struct wire_answer, u), act = sizeof(struct act);

	rogue(&answer, head - 1, "a message cut short");
	rogue(&answer, head, "an act that is missing");
	rogue(&answer, head + act, "an act on a page not asked for");
	answer.u.acts[0].page = 3;
	rogue(&answer, head + act, "one on the page behind");
	answer.u.acts[0].page = 1;
	answer.u.acts[0].verb = ACT_WRITE;
	rogue(&answer, head + act, "an act of another kind");
	answer.u.acts[0].verb = ACT_READ;
	answer.u.acts[0].content.length = CONTENT_MAX + 1;
	rogue(&answer, head + act, "an act that saw more than there is room for");
	answer.u.acts[0] = answer.u.acts[1] = answer.u.acts[2] = (struct act){.page = 1};
	answer.count = 3;
	rogue(&answer, head + 3 * act, "more acts than asked for");
	answer = (struct wire_answer){.type = WIRE_DONE};
	rogue(&answer, head, "an end without acts");
	answer = (struct wire_answer){.type = WIRE_BYTES, .count = 1};
	rogue(&answer, head + 1, "bytes that nobody asked for");
	answer = (struct wire_answer){.type = WIRE_HELLO};
	rogue(&answer, head + sizeof(answer.u.hello), "a second hello");
	answer = (struct wire_answer){.type = 99};
	rogue(&answer, head, "an unknown message");
}

int
main(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	sizes();
	packets();
	writer();
	rogues();
	others_closed(false);
	others_closed(true);
	return done_testing();
}
