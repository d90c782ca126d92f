#include "config.h"
#include "app/grade/ward.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"

#define WARD_NOBODY 65534
#define WARD_USER 0x3f000000 /* with our PID: a user that nobody is */
#define WARD_PASSES 1000     /* of killing; each waits WARD_PAUSE_US for the kernel */
#define WARD_PAUSE_US 5000
#define STATUS_NOT_FOUND 127
#define STATUS_NOT_RUN 126

/* All processes there are. */

struct ward_census {
	struct {
		pid_t pid, parent;
		unsigned threads;
	} * list;
	size_t count;
};

static bool
census_read(const char *pid, pid_t *parent, unsigned *threads)
{
	char path[64], text[1024], *at;
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	got = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[got > 0 ? got : 0] = '\0';
	at = strrchr(text, ')');
	return at &&
	    sscanf(at, ") %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %u",
		parent, threads) == 2;
}

static struct ward_census
census_take(void)
{
	struct ward_census census = {0};
	DIR *directory = opendir("/proc");
	struct dirent *entry;
	pid_t parent;
	unsigned threads;

	while (directory && (entry = readdir(directory))) {
		if (!isdigit((unsigned char)entry->d_name[0]) ||
		    !census_read(entry->d_name, &parent, &threads))
			continue;
		census.list = mem_resize(census.list, census.count + 1, sizeof(*census.list));
		census.list[census.count].pid = (pid_t)atoi(entry->d_name);
		census.list[census.count].threads = threads;
		census.list[census.count++].parent = parent;
	}
	if (directory)
		closedir(directory);
	return census;
}

/* Is it below us? Each step leads to another process: a circle ends with the count. */
static bool
census_is_ours(const struct ward_census *census, size_t index, pid_t us)
{
	pid_t parent = census->list[index].parent;

	for (size_t steps = 0; steps < census->count && parent > 1; steps++) {
		size_t i = 0;

		if (parent == us)
			return true;
		while (i < census->count && census->list[i].pid != parent)
			i++;
		if (i == census->count)
			return false;
		parent = census->list[i].parent;
	}
	return false;
}

/* Threads of our user, which RLIMIT_NPROC counts. */
static unsigned
census_of_user(void)
{
	struct ward_census census = census_take();
	unsigned count = 0;
	char path[32];
	struct stat status;

	for (size_t i = 0; i < census.count; i++) {
		snprintf(path, sizeof(path), "/proc/%d", (int)census.list[i].pid);
		if (stat(path, &status) == 0 && status.st_uid == getuid())
			count += census.list[i].threads;
	}
	free(census.list);
	return count;
}

static void
census_signal(int signum)
{
	struct ward_census census = census_take();
	pid_t us = getpid();

	for (size_t i = 0; i < census.count; i++)
		if (census_is_ours(&census, i, us))
			kill(census.list[i].pid, signum);
	free(census.list);
}

/* In the child. */

static void
ward_limit(int which, unsigned long most)
{
	struct rlimit limit = {most, most}, now;

	if (getrlimit(which, &now) == 0 && now.rlim_max < most)
		limit.rlim_cur = limit.rlim_max = now.rlim_max;
	setrlimit(which, &limit);
}

static uid_t
ward_user(void)
{
	return WARD_USER + (uid_t)getppid();
}

/* Root: a user of its own, or nobody where there is none. */
static int
ward_become(void)
{
	uid_t user = ward_user();

	if (getuid() != 0 && geteuid() != 0)
		return 0;
	if (setgroups(0, NULL) < 0)
		return -1;
	if (setresgid(user, user, user) == 0 && setresuid(user, user, user) == 0)
		return 0;
	if (setresgid(WARD_NOBODY, WARD_NOBODY, WARD_NOBODY) < 0)
		return -1;
	return setresuid(WARD_NOBODY, WARD_NOBODY, WARD_NOBODY);
}

static void
ward_silence(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
}

static int
ward_confine(int cpu_seconds, unsigned processes)
{
	sigset_t none;

	setsid();
	ward_silence();
	ward_limit(RLIMIT_CPU, (unsigned long)cpu_seconds);
	ward_limit(RLIMIT_AS, WARD_BYTES);
	ward_limit(RLIMIT_NPROC, processes);
	ward_limit(RLIMIT_FSIZE, WARD_FILE_BYTES);
	ward_limit(RLIMIT_CORE, 0);
	if (ward_become() < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* a change of the user clears it */
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	return 0;
}

static void
ward_become_program(char *const *argv, int go, int failed, int cpu_seconds, unsigned processes)
{
	char byte;
	int errnum;

	if (read(go, &byte, 1) != 1)
		_exit(STATUS_NOT_RUN);
	if (ward_confine(cpu_seconds, processes) == 0)
		execvp(argv[0], argv);
	errnum = errno;
	if (write(failed, &errnum, sizeof(errnum)) != sizeof(errnum))
		_exit(STATUS_NOT_RUN);
	_exit(errnum == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_RUN);
}

int
ward_start(struct ward *ward, char *const *argv, int cpu_seconds, struct err *err)
{
	unsigned processes = WARD_PROCESSES + (getuid() ? census_of_user() : 0);
	int go[2], failed[2];

	*ward = (struct ward){.go = -1, .failed = -1};
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (pipe2(go, O_CLOEXEC) < 0 || pipe2(failed, O_CLOEXEC) < 0)
		return err_sys(err, ERR_MACHINE, errno, "pipe");
	ward->pid = fork();
	if (ward->pid == 0) {
		close(go[1]);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		ward_become_program(argv, go[0], failed[1], cpu_seconds, processes);
	}
	close(go[0]);
	close(failed[1]);
	ward->go = go[1];
	ward->failed = failed[0];
	return ward->pid < 0 ? err_sys(err, ERR_MACHINE, errno, "fork") : 0;
}

int
ward_begin(struct ward *ward, const char *name, struct err *err)
{
	int errnum = 0;

	if (write(ward->go, "", 1) != 1)
		errnum = errno;
	close(ward->go);
	ward->go = -1;
	if (!errnum && read(ward->failed, &errnum, sizeof(errnum)) != sizeof(errnum))
		return 0;
	if (getuid() == 0)
		return err_sys(
		    err, ERR_USAGE, errnum, _("cannot run %s as an ordinary user"), name);
	return err_sys(err, ERR_USAGE, errnum, _("cannot run %s"), name);
}

void
ward_reap(struct ward *ward)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != ward->pid)
			continue;
		ward->ended = true;
		ward->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	}
}

/* Everything of its user at once, from that user: no fork is quicker. */
static void
ward_kill_user(void)
{
	pid_t killer;

	if (getuid() != 0)
		return;
	killer = fork();
	if (killer == 0) {
		uid_t user = ward_user();

		if (setresuid(user, user, user) == 0)
			kill(-1, SIGKILL);
		_exit(0);
	}
	if (killer > 0)
		waitpid(killer, NULL, 0);
}

/* Stopped first: what is stopped does not fork, and keeps its place below the limit. */
void
ward_end(struct ward *ward)
{
	if (ward->go >= 0)
		close(ward->go);
	if (ward->failed >= 0)
		close(ward->failed);
	for (int i = 0; i < WARD_PASSES; i++) {
		ward_kill_user();
		census_signal(SIGSTOP);
		census_signal(SIGSTOP);
		census_signal(SIGKILL);
		ward_reap(ward);
		if (waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD)
			return;
		usleep(WARD_PAUSE_US);
	}
}
