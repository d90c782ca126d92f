#include "config.h"
#include "lab/lab_private.h"
#include "lab/lifeline.h"
#include "lab/worker.h"
#include "base/i18n.h"
#include "base/clock.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define END_WAIT_MS 2000

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
member_close(struct lab_member *member)
{
	close_fd(&member->sock);
	close_fd(&member->lifeline);
	close_fd(&member->pidfd);
	close_fd(&member->face.pagemap);
	close_fd(&member->face.smaps);
}

static void
note_status(struct lab_member *member, int status)
{
	member->reaped = true;
	if (WIFSIGNALED(status))
		member->face.exit_signal = WTERMSIG(status);
	else if (WIFEXITED(status))
		member->face.exit_status = WEXITSTATUS(status);
}

static void
reap(struct lab_member *member, int how)
{
	int status;
	pid_t got;

	if (member->face.pid <= 0 || member->reaped)
		return;
	do
		got = waitpid(member->face.pid, &status, how);
	while (got < 0 && errno == EINTR);
	if (got > 0)
		note_status(member, status);
	else if (member->killed)
		member->face.exit_signal = SIGKILL;
	if (got < 0)
		member->reaped = true; /* by its parent */
}

static void
member_begin(const struct lab *lab, struct lab_member *member, char name)
{
	uint32_t *objects = mem_zero(lab->config.pages, sizeof(*objects));

	reap(member, WNOHANG);
	lab_reply_free(&member->reply);
	free(member->objects);
	*member = (struct lab_member){
	    .stage = STAGE_AWAITED,
	    .hidden = true,
	    .sock = -1,
	    .lifeline = -1,
	    .pidfd = -1,
	    .objects = objects,
	};
	member->face = (struct lab_worker){
	    .name = name,
	    .exit_status = -1,
	    .pagemap = -1,
	    .smaps = -1,
	    .objects = objects,
	};
}

/* theirs[0] becomes the worker's socket, theirs[1] its end of the lifeline. */
static int
open_channel(struct lab_member *member, int theirs[2])
{
	int socks[2], pipes[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, socks) < 0)
		return -1;
	if (fcntl(socks[0], F_SETFL, O_NONBLOCK) < 0 || lifeline_open(pipes) < 0) {
		int errnum = errno;

		close(socks[0]);
		close(socks[1]);
		errno = errnum;
		return -1;
	}
	member->sock = socks[0];
	member->lifeline = pipes[1];
	theirs[0] = socks[1];
	theirs[1] = pipes[0];
	return 0;
}

static int
process_protection_of(const struct lab *lab)
{
	bool read_only = lab->config.kind == KIND_SHARED_FILE && !lab->file.writable;

	return read_only ? PROT_READ : PROT_READ | PROT_WRITE;
}

void
lab_go_on(int argc, char *argv[])
{
	if (argc == WORKER_WORDS && strcmp(argv[1], WORKER_GOES_ON) == 0)
		worker_go_on(argv);
}

static uintptr_t
wished_address(char name)
{
	uint64_t address = UINT64_C(0x10000000) * (10 + (uint64_t)(name - 'a'));

	return address <= UINTPTR_MAX / 2 ? (uintptr_t)address : 0;
}

static struct worker_start
start_of(const struct lab *lab, char name, const int theirs[2])
{
	struct worker_start start = {.name = name, .sock = theirs[0], .lifeline = theirs[1]};

	start.mapping = (struct mapping){
	    .kind = lab->config.kind,
	    .whole = lab->config.one_vma,
	    .pages = lab->config.pages,
	    .page_size = lab->page_size,
	    .protection = process_protection_of(lab),
	    .file = lab->file.fd,
	};
	start.wish = name == LAB_CLERK ? 0 : wished_address(name);
	start.cpu = name == LAB_CLERK ? -1 : lab->cpu;
	return start;
}

static int
process_open_pidfd(pid_t pid)
{
#ifdef SYS_pidfd_open
	return (int)syscall(SYS_pidfd_open, pid, 0);
#else
	(void)pid;
	return -1;
#endif
}

static pid_t
process_fork_worker(const struct worker_start *start)
{
	pid_t pid = lifeline_fork();

	if (pid == 0)
		worker_run(start);
	return pid;
}

/* All members have the same file. */
void
process_fresh_objects(struct lab *lab, struct lab_member *member, uint32_t first, uint64_t count)
{
	bool anonymous = kind_is_anonymous(lab->config.kind);

	for (uint32_t page = first; page < lab->config.pages && page - first < count; page++)
		member->objects[page] = anonymous ? ++lab->last_objects[page] : 1;
}

int
process_spawn(struct lab *lab, char name, struct err *err)
{
	struct lab_member *member = lab_member(lab, name);
	struct worker_start start;
	int theirs[2];

	member_begin(lab, member, name);
	if (open_channel(member, theirs) < 0) {
		member->stage = STAGE_NONE;
		return err_sys(err, ERR_MACHINE, errno, _("cannot reach a new process"));
	}
	start = start_of(lab, name, theirs);
	member->face.pid = process_fork_worker(&start);
	if (member->face.pid < 0)
		err_sys(err, ERR_MACHINE, errno, _("cannot fork a new process"));
	close(theirs[0]);
	close(theirs[1]);
	if (member->face.pid < 0) {
		member_close(member);
		member->stage = STAGE_NONE;
		return -1;
	}
	member->face.ppid = getpid();
	process_fresh_objects(lab, member, 0, lab->config.pages);
	member->pidfd = process_open_pidfd(member->face.pid);
	return 0;
}

int
process_fork(
    struct lab *lab, struct lab_member *parent, const struct wire_request *request, struct err *err)
{
	struct lab_member *child = lab_member(lab, request->child);
	struct wire_fds fds = {.count = 2};
	int sent;

	member_begin(lab, child, request->child);
	if (open_channel(child, fds.fd) < 0) {
		child->stage = STAGE_NONE;
		return err_sys(err, ERR_MACHINE, errno, _("cannot reach a new process"));
	}
	child->face.forked_from = parent->face.name;
	child->face.did.closed = parent->face.did.closed;
	memcpy(child->objects, parent->objects, lab->config.pages * sizeof(*child->objects));
	sent = wire_send(parent->sock, request, wire_request_size(request), &fds);
	if (sent < 0) {
		err_sys(err, ERR_MACHINE, errno, _("cannot reach process %c"), parent->face.name);
		member_close(child);
		child->stage = STAGE_NONE;
	}
	wire_fds_close(&fds);
	return sent;
}

int
process_signal(struct lab_member *member, int signum)
{
	long result = -1;

	if (member->face.pid <= 0)
		return ESRCH;
	errno = ENOSYS;
#ifdef SYS_pidfd_send_signal
	if (member->pidfd >= 0)
		result = syscall(SYS_pidfd_send_signal, member->pidfd, signum, NULL, 0);
#endif
	if (result < 0 && (errno == ENOSYS || errno == EPERM) && !member->reaped)
		result = kill(member->face.pid, signum);
	if (result == 0 && signum == SIGKILL)
		member->killed = true;
	return result < 0 ? errno : 0;
}

/* Without a pidfd the end of its connection must do: only its own end closes that. */
bool
process_ended(const struct lab_member *member)
{
	struct pollfd wait = {.fd = member->pidfd, .events = POLLIN};

	return member->pidfd >= 0 ? poll(&wait, 1, 0) == 1 : member->silent;
}

/* Orphans are reparented to us, the nearest subreaper. */
static void
adopt_children(struct lab *lab, pid_t parent)
{
	for (size_t i = 0; i < MEMBERS; i++) {
		struct lab_member *child = &lab->members[i];

		if (child->stage == STAGE_ALIVE && child->face.ppid == parent)
			child->face.ppid = getpid();
	}
}

void
process_bury(struct lab *lab, struct lab_member *member)
{
	if (member->pidfd < 0 && !member->face.forked_from)
		kill(member->face.pid, SIGKILL);
	reap(member, member->pidfd >= 0 ? WNOHANG : 0);
	member_close(member);
	member->stage = STAGE_DEAD;
	member->face.dead = true;
	adopt_children(lab, member->face.pid);
}

static bool
wait_end(const struct lab_member *member, int64_t deadline)
{
	struct pollfd wait = {.fd = member->pidfd, .events = POLLIN};
	int64_t left = deadline - clock_ms();

	return member->pidfd < 0 || poll(&wait, 1, left > 0 ? (int)left : 0) == 1;
}

static bool
process_is_there(const struct lab_member *member)
{
	return member->stage == STAGE_AWAITED || member->stage == STAGE_ALIVE;
}

/* It is reparented to us when the clerk has ended. */
static void
await_keeper(const struct lab_member *clerk, int64_t deadline)
{
	struct lab_member keeper = {
	    .pidfd = clerk->keeper > 0 ? process_open_pidfd(clerk->keeper) : -1,
	};

	if (clerk->keeper <= 0)
		return;
	wait_end(&keeper, deadline);
	close_fd(&keeper.pidfd);
	waitpid(clerk->keeper, NULL, WNOHANG);
}

/* A process that waits for a broken disk can't end: it is sent SIGKILL and not waited for. */
void
process_end_all(struct lab *lab)
{
	int64_t deadline = clock_ms() + END_WAIT_MS;

	for (size_t i = 0; i < MEMBERS; i++) {
		if (lab->members[i].stage == STAGE_NONE)
			continue; /* holds no descriptor */
		if (process_is_there(&lab->members[i]))
			process_signal(&lab->members[i], SIGKILL);
		close_fd(&lab->members[i].lifeline);
	}
	for (size_t i = 0; i < MEMBERS; i++) {
		struct lab_member *member = &lab->members[i];

		if (process_is_there(member) && wait_end(member, deadline))
			reap(member, member->pidfd >= 0 ? WNOHANG : 0);
		else
			reap(member, WNOHANG);
		if (member->stage != STAGE_NONE)
			member_close(member);
		lab_reply_free(&member->reply);
		free(member->objects);
	}
	await_keeper(&lab->members[MEMBERS - 1], deadline);
}
