/*
 * A family to attach to: processes that fork, write known pages, drop, exec and exit as they are
 * told.
 *
 * Each line of standard input is "PROCESS VERB ARGUMENT...", done and answered with one line before
 * the next is read: "ok", "ok NUMBER" or "error TEXT". PROCESS is a digit; 0 is there from the
 * start.
 *
 *   map NAME anon|shared|huge|file|shared-file PAGES [PATH]   answers with the address
 *   write NAME FIRST COUNT [BYTE]    without BYTE what is there is written again
 *   read|drop NAME FIRST COUNT
 *   receive NAME FIRST COUNT         the kernel writes there: read(2)
 *   unmap NAME
 *   fork PROCESS                     answers with the pid
 *   share PROCESS                    the same, and its memory is this one's: CLONE_VM
 *   vfork PROCESS                    the same, and this one waits until it execs or exits
 *   ready                            does nothing
 *   thread                           another thread does what follows, and the first one ends
 *   exec                             afterwards nothing is mapped
 *   rename TEXT                      prctl(PR_SET_NAME): bytes as \xHH
 *   dumpable 0|1                     0: an ordinary user may not look into it any more
 *   exit                             is waited for by its parent's next command, so it is a zombie
 * until then reap PID                         waits until this child has ended sparse NAME GIB a
 * mapping of so many GiB without a page burst COUNT [NAME PAGES]         so many children, one
 * after the other, each of which writes so many pages and ends at once many COUNT so many mappings
 * of one page
 */
#define _GNU_SOURCE /* clone(2) */

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROCESSES 10
#define WORDS 8
#define AREAS 16
#define LINE 512
#define STACK_BYTES ((size_t)64 << 10)
#define HUGE_BYTES ((size_t)2 << 20)

struct area {
	char name[16];
	unsigned char *start;
	size_t length;
};

static int commands[PROCESSES][2], answers[2]; /* pipes */
static struct area areas[AREAS];
static size_t page_size;
static const char *program;

static int serve(int number);

static void
answer(const char *format, uintmax_t number)
{
	dprintf(answers[1], format, number);
}

static void
fail(void)
{
	dprintf(answers[1], "error %s\n", strerror(errno));
}

static struct area *
area_named(const char *name)
{
	for (size_t i = 0; i < AREAS; i++)
		if (strcmp(areas[i].name, name) == 0)
			return &areas[i];
	return NULL;
}

static unsigned char *
huge(size_t length)
{
	unsigned char *start = mmap(NULL, length + HUGE_BYTES, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
		      *aligned;

	if (start == MAP_FAILED)
		return start;
	aligned =
	    (unsigned char *)(((uintptr_t)start + HUGE_BYTES - 1) & ~(uintptr_t)(HUGE_BYTES - 1));
	if (aligned > start)
		munmap(start, (size_t)(aligned - start));
	munmap(aligned + length, HUGE_BYTES - (size_t)(aligned - start));
	madvise(aligned, length, MADV_HUGEPAGE);
	return aligned;
}

static unsigned char *
sparse(size_t length)
{
	unsigned char *start = mmap(NULL, length, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (start != MAP_FAILED)
		madvise(start, length, MADV_NOHUGEPAGE);
	return start;
}

static unsigned char *
map_kind(const char *kind, size_t length, const char *path)
{
	bool shared = strncmp(kind, "shared", 6) == 0, file = strstr(kind, "file") != NULL;
	int fd = -1, flags = (shared ? MAP_SHARED : MAP_PRIVATE) | (file ? 0 : MAP_ANONYMOUS);
	unsigned char *start;

	if (strcmp(kind, "huge") == 0)
		return huge(length);
	if (file && (fd = open(path, (shared ? O_RDWR : O_RDONLY) | O_CLOEXEC)) < 0)
		return MAP_FAILED;
	start = mmap(NULL, length, PROT_READ | PROT_WRITE, flags, fd, 0);
	if (start != MAP_FAILED && !file)
		madvise(start, length, MADV_NOHUGEPAGE);
	if (fd >= 0)
		close(fd);
	return start;
}

static void
put_area(const char *name, unsigned char *start, size_t length)
{
	struct area *area = area_named("");

	if (start == MAP_FAILED || !area) {
		fail();
		return;
	}
	snprintf(area->name, sizeof(area->name), "%s", name);
	area->start = start;
	area->length = length;
	answer("ok %ju\n", (uintptr_t)start);
}

static void
map_many(unsigned long count)
{
	for (unsigned long i = 0; i < count; i++) {
		/* Neighbours of different protection are mappings of their own. */
		int protection = i % 2 ? PROT_READ : PROT_READ | PROT_WRITE;

		if (mmap(NULL, page_size, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
		    MAP_FAILED) {
			fail();
			return;
		}
	}
	answer("ok\n", 0);
}

static ssize_t
receive_byte(unsigned char *byte)
{
	int zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	ssize_t got = zero < 0 ? -1 : read(zero, byte, 1);

	if (zero >= 0)
		close(zero);
	return got;
}

static void
touch(const char *verb, char *const words[])
{
	struct area *area = area_named(words[0]);
	size_t first, count;

	if (!area || !words[1] || !words[2]) {
		answer("error no such pages\n", 0);
		return;
	}
	first = strtoul(words[1], NULL, 0);
	count = strtoul(words[2], NULL, 0);
	for (size_t i = first; i < first + count && (i + 1) * page_size <= area->length; i++) {
		volatile unsigned char *byte = area->start + i * page_size;

		if (strcmp(verb, "write") == 0)
			*byte = words[3] ? (unsigned char)strtoul(words[3], NULL, 0) : *byte;
		else if (strcmp(verb, "read") == 0)
			(void)*byte;
		else if (strcmp(verb, "receive") == 0 &&
		    receive_byte(area->start + i * page_size) < 0)
			fail();
		else if (strcmp(verb, "drop") == 0 &&
		    madvise(area->start + i * page_size, page_size, MADV_DONTNEED) < 0)
			fail();
	}
	answer("ok\n", 0);
}

static void
unmap(const char *name)
{
	struct area *area = area_named(name);

	if (!area || munmap(area->start, area->length) < 0) {
		fail();
		return;
	}
	memset(area, 0, sizeof(*area));
	answer("ok\n", 0);
}

static void
rename_self(const char *text)
{
	char name[16] = "";

	for (size_t at = 0; *text && at + 1 < sizeof(name); at++) {
		if (text[0] == '\\' && text[1] == 'x' && strlen(text) >= 4) {
			char digits[3] = {text[2], text[3], '\0'};

			name[at] = (char)strtoul(digits, NULL, 16);
			text += 4;
		} else {
			name[at] = *text++;
		}
	}
	prctl(PR_SET_NAME, name);
	answer("ok\n", 0);
}

static void
exec_self(int number)
{
	char digits[12];

	snprintf(digits, sizeof(digits), "%d", number);
	setenv("TARGET_PROCESS", digits, 1);
	execl("/proc/self/exe", program, (char *)NULL);
	fail();
}

static int
split(char *line, char *words[WORDS])
{
	int count = 0;

	memset(words, 0, WORDS * sizeof(*words));
	for (char *word = strtok(line, " \n"); word && count < WORDS - 1;
	     word = strtok(NULL, " \n"))
		words[count++] = word;
	return count;
}

/* Returns the number that this process has from now on: the child's, in a child. */
static int
do_fork(int number, const char *wanted)
{
	int child = atoi(wanted);
	pid_t pid;

	if (child < 0 || child >= PROCESSES) {
		answer("error no such process\n", 0);
		return number;
	}
	pid = fork();
	if (pid == 0)
		return child;
	if (pid < 0)
		fail();
	else
		answer("ok %ju\n", (uintmax_t)pid);
	return number;
}

static int
serve_shared(void *number)
{
	return serve((int)(intptr_t)number);
}

/* Who made it cannot answer. */
static int
serve_waited_for(void *number)
{
	answer("ok %ju\n", (uintmax_t)getpid());
	return serve_shared(number);
}

static void
share(const char *wanted, bool waits)
{
	unsigned char *stack = mmap(NULL, STACK_BYTES + page_size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void *number = (void *)(intptr_t)atoi(wanted);
	pid_t pid;

	/* What cannot be read is no part of the mapping above it. */
	if (stack == MAP_FAILED || mprotect(stack + STACK_BYTES, page_size, PROT_NONE) < 0) {
		fail();
		return;
	}
	pid = waits
	    ? clone(serve_waited_for, stack + STACK_BYTES, CLONE_VM | CLONE_VFORK | SIGCHLD, number)
	    : clone(serve_shared, stack + STACK_BYTES, CLONE_VM | SIGCHLD, number);
	if (pid < 0)
		fail();
	else if (!waits)
		answer("ok %ju\n", (uintmax_t)pid);
}

static int
serve_as_thread(void *number)
{
	answer("ok\n", 0);
	return serve_shared(number);
}

/* Ends this thread alone: no pthread_exit(3), which would wait for what it knows nothing of. */
static void
hand_over(int number)
{
	unsigned char *stack =
	    mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;

	if (stack == MAP_FAILED ||
	    clone(serve_as_thread, stack + STACK_BYTES, flags, (void *)(intptr_t)number) < 0)
		fail();
	else
		syscall(SYS_exit, 0);
}

static void
reap(const char *pid)
{
	if (waitpid(atoi(pid), NULL, 0) < 0)
		fail();
	else
		answer("ok\n", 0);
}

static void
burst(unsigned long count, const struct area *area, size_t pages)
{
	for (; count; count--) {
		pid_t pid = fork();

		if (pid == 0) {
			for (size_t i = 0; i < pages && area; i++)
				area->start[i * page_size] = 1;
			_exit(0);
		}
		if (pid < 0 || waitpid(pid, NULL, 0) < 0) {
			fail();
			return;
		}
	}
	answer("ok\n", 0);
}

static int
obey(int number, char *words[WORDS], int count)
{
	const char *verb = words[0];

	if (count == 0)
		answer("error nothing said\n", 0);
	else if (strcmp(verb, "map") == 0 && count >= 4)
		put_area(words[1],
		    map_kind(words[2], strtoul(words[3], NULL, 0) * page_size, words[4]),
		    strtoul(words[3], NULL, 0) * page_size);
	else if (strcmp(verb, "sparse") == 0 && count == 3)
		put_area(words[1], sparse(strtoul(words[2], NULL, 0) << 30),
		    strtoul(words[2], NULL, 0) << 30);
	else if (strcmp(verb, "burst") == 0 && (count == 2 || count == 4))
		burst(strtoul(words[1], NULL, 0), count == 4 ? area_named(words[2]) : NULL,
		    count == 4 ? strtoul(words[3], NULL, 0) : 0);
	else if (strcmp(verb, "many") == 0 && count == 2)
		map_many(strtoul(words[1], NULL, 0));
	else if (strcmp(verb, "write") == 0 || strcmp(verb, "read") == 0 ||
	    strcmp(verb, "receive") == 0 || strcmp(verb, "drop") == 0)
		touch(verb, words + 1);
	else if (strcmp(verb, "unmap") == 0 && count == 2)
		unmap(words[1]);
	else if (strcmp(verb, "fork") == 0 && count == 2)
		return do_fork(number, words[1]);
	else if ((strcmp(verb, "share") == 0 || strcmp(verb, "vfork") == 0) && count == 2)
		share(words[1], *verb == 'v');
	else if (strcmp(verb, "ready") == 0)
		answer("ok\n", 0);
	else if (strcmp(verb, "thread") == 0)
		hand_over(number);
	else if (strcmp(verb, "exec") == 0)
		exec_self(number);
	else if (strcmp(verb, "rename") == 0 && count == 2)
		rename_self(words[1]);
	else if (strcmp(verb, "dumpable") == 0 && count == 2)
		answer(prctl(PR_SET_DUMPABLE, atoi(words[1])) < 0 ? "error\n" : "ok\n", 0);
	else if (strcmp(verb, "reap") == 0 && count == 2)
		reap(words[1]);
	else if (strcmp(verb, "exit") == 0) {
		answer("ok\n", 0);
		_exit(0);
	} else {
		answer("error no such command\n", 0);
	}
	return number;
}

/* A pipe hands over no more than was asked for: byte by byte, so that nothing of the next line is
 * lost in an exec. */
static bool
read_line(int fd, char line[LINE])
{
	size_t length = 0;

	while (length + 1 < LINE && read(fd, line + length, 1) == 1)
		if (line[length++] == '\n')
			break;
	line[length] = '\0';
	return length > 0;
}

static int
serve(int number)
{
	char line[LINE], *words[WORDS];

	while (read_line(commands[number][0], line))
		number = obey(number, words, split(line, words));
	return 0;
}

/* Descriptors have fixed numbers, so that they can be found after an exec. */
static void
open_pipes(bool there)
{
	for (int i = 0; i <= PROCESSES; i++) {
		int *ends = i < PROCESSES ? commands[i] : answers, made[2];

		ends[0] = 100 + 2 * i;
		ends[1] = 101 + 2 * i;
		if (there)
			continue;
		if (pipe(made) < 0 || dup2(made[0], ends[0]) < 0 || dup2(made[1], ends[1]) < 0) {
			perror("target");
			exit(2);
		}
		close(made[0]);
		close(made[1]);
	}
}

/* Whoever serves must see the end of its commands when the one who gives them is gone. */
static void
keep(bool serves)
{
	for (int i = 0; i < PROCESSES; i++)
		close(commands[i][serves]);
	close(answers[!serves]);
}

static int
lead(void)
{
	char line[LINE], reply[LINE];

	while (fgets(line, sizeof(line), stdin)) {
		int number = line[0] - '0';

		if (number < 0 || number >= PROCESSES || line[1] != ' ') {
			puts("error whose command?");
		} else {
			dprintf(commands[number][1], "%s", line + 2);
			if (!read_line(answers[0], reply))
				return 1;
			fputs(reply, stdout);
		}
		fflush(stdout);
	}
	return 0;
}

int
main(int argc, char *argv[])
{
	const char *again = getenv("TARGET_PROCESS");
	pid_t pid;

	(void)argc;
	program = argv[0];
	page_size = (size_t)sysconf(_SC_PAGESIZE);
	open_pipes(again != NULL);
	if (again) {
		answer("ok\n", 0);
		return serve(atoi(again));
	}
	pid = fork();
	if (pid < 0) {
		perror("target");
		return 2;
	}
	keep(pid == 0);
	if (pid == 0)
		return serve(0);
	printf("ok %jd\n", (intmax_t)pid);
	fflush(stdout);
	return lead();
}
