#include "config.h"
#include "lab/weigh.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "lab/file.h"
#include "lab/lifeline.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

struct weigh {
	enum weigh_stage stage;
	pid_t pid;
	/* answer: one int, the errno, then end of file once the process has ended */
	int answer, lifeline;
	int errnum;
};

uint64_t
weigh_room(enum kind kind)
{
	struct statvfs disk;

	if (kind != KIND_SHARED_FILE || statvfs(lab_file_directory(), &disk) < 0)
		return UINT64_MAX;
	return (uint64_t)disk.f_bavail * disk.f_frsize;
}

/* A hole of that size suffices if only copies of its pages are made. */
static int
open_for(enum kind kind, uint64_t bytes)
{
	int file;

	if (kind_is_anonymous(kind))
		return -1;
	file = kind == KIND_POSIX_SHM ? memfd_create("cowscope", MFD_CLOEXEC)
				      : lab_file_nameless(NULL);
	if (file < 0)
		return -1;
	errno = kind == KIND_PRIVATE_FILE ? (ftruncate(file, (off_t)bytes) < 0 ? errno : 0)
					  : posix_fallocate(file, 0, (off_t)bytes);
	return file;
}

static int
weigh_fill(enum kind kind, uint64_t bytes)
{
	long page = sysconf(_SC_PAGESIZE);
	int flags = kind_is_shared(kind) ? MAP_SHARED : MAP_PRIVATE, file;
	volatile char *at;

	errno = 0;
	file = open_for(kind, bytes);
	if (errno && !kind_is_anonymous(kind))
		return errno;
	at = mmap(
	    NULL, bytes, PROT_READ | PROT_WRITE, flags | (file < 0 ? MAP_ANONYMOUS : 0), file, 0);
	if (at == MAP_FAILED)
		return errno;
	for (uint64_t i = 0; i < bytes; i += (uint64_t)page)
		at[i] = 1;
	return 0;
}

/* If memory runs out, this process is killed, and no other. */
static void
die_first(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)!write(fd, "1000", 4);
	close(fd);
}

/* On a full disk the store is SIGBUS, which ends the process: no answer comes. */
static _Noreturn void
be_heavy(enum kind kind, uint64_t bytes, int answer, int lifeline)
{
	int *keep[] = {&answer, &lifeline};
	sigset_t none;
	int errnum;
	char byte;

	for (int signum = 1; signum < NSIG; signum++)
		signal(signum,
		    signum == SIGINT || signum == SIGQUIT || signum == SIGTSTP || signum == SIGHUP
			? SIG_IGN
			: SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_NAME, "cowscope-weigh");
	if (lifeline_close_others(keep, 2, &lifeline) < 0 || lifeline_arm(lifeline) < 0)
		_exit(1);
	die_first();
	errnum = weigh_fill(kind, bytes);
	if (write(answer, &errnum, sizeof(errnum)) != sizeof(errnum))
		_exit(1);
	while (read(lifeline, &byte, 1) < 0 && errno == EINTR)
		;
	_exit(0);
}

static pid_t
fork_heavy(enum kind kind, uint64_t bytes, const int answer[2], const int lifeline[2])
{
	pid_t pid = lifeline_fork();

	if (pid == 0)
		be_heavy(kind, bytes, answer[1], lifeline[0]);
	return pid;
}

struct weigh *
weigh_start(enum kind kind, uint64_t bytes, struct err *err)
{
	struct weigh *weigh;
	int answer[2], lifeline[2];

	if (pipe2(answer, O_CLOEXEC) < 0) {
		err_sys(err, ERR_MACHINE, errno, _("cannot reach a new process"));
		return NULL;
	}
	if (lifeline_open(lifeline) < 0) {
		err_sys(err, ERR_MACHINE, errno, _("cannot reach a new process"));
		close(answer[0]);
		close(answer[1]);
		return NULL;
	}
	weigh = mem_zero(1, sizeof(*weigh));
	weigh->answer = answer[0];
	weigh->lifeline = lifeline[1];
	weigh->pid = fork_heavy(kind, bytes, answer, lifeline);
	close(answer[1]);
	close(lifeline[0]);
	if (weigh->pid < 0) {
		err_sys(err, ERR_MACHINE, errno, _("cannot fork a new process"));
		weigh_free(weigh);
		return NULL;
	}
	return weigh;
}

int
weigh_fd(const struct weigh *weigh)
{
	return weigh->answer;
}

int
weigh_errnum(const struct weigh *weigh)
{
	return weigh->errnum;
}

/* A store without room is SIGBUS; a process that takes too much memory is killed. */
static int
why_it_ended(struct weigh *weigh)
{
	int status = 0;

	while (waitpid(weigh->pid, &status, 0) < 0 && errno == EINTR)
		;
	weigh->pid = 0;
	if (!WIFSIGNALED(status))
		return EIO;
	return WTERMSIG(status) == SIGBUS ? ENOSPC : ENOMEM;
}

static void
weigh_take_answer(struct weigh *weigh)
{
	bool whole =
	    read(weigh->answer, &weigh->errnum, sizeof(weigh->errnum)) == sizeof(weigh->errnum);

	if (!whole)
		weigh->errnum = why_it_ended(weigh);
	weigh->stage = weigh->errnum ? WEIGH_FAILED : WEIGH_FULL;
}

enum weigh_stage
weigh_pump(struct weigh *weigh)
{
	struct pollfd wait = {.fd = weigh->answer, .events = POLLIN};

	if (weigh->stage >= WEIGH_GONE || poll(&wait, 1, 0) != 1)
		return weigh->stage;
	if (weigh->stage == WEIGH_FILLS)
		weigh_take_answer(weigh);
	else if (weigh->stage == WEIGH_LEAVES)
		/* descriptors are closed after the memory was freed */
		weigh->stage = WEIGH_GONE;
	return weigh->stage;
}

void
weigh_leave(struct weigh *weigh)
{
	weigh->stage = WEIGH_LEAVES;
	if (weigh->pid > 0)
		kill(weigh->pid, SIGKILL);
}

void
weigh_free(struct weigh *weigh)
{
	if (!weigh)
		return;
	if (weigh->pid > 0) {
		kill(weigh->pid, SIGKILL);
		while (waitpid(weigh->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	close(weigh->answer);
	close(weigh->lifeline);
	free(weigh);
}
