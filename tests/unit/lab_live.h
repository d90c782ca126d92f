/*
 * For tests of a live lab: open one, ask it, look at it from outside.
 */
#ifndef TESTS_LAB_LIVE_H
#define TESTS_LAB_LIVE_H

#include "config.h"
#include "base/err.h"
#include "lab/lab.h"
#include "model/pagemap_bits.h"
#include "tap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define UNUSED __attribute__((unused))
#define PATIENCE_MS 60000 /* to give up, never to pass */

static struct err live_err;

UNUSED static struct lab *
live_open(enum kind kind, uint32_t pages, unsigned processes)
{
	struct lab_config config = {.kind = kind, .pages = pages, .processes = processes};
	struct lab *lab = lab_open(&config, &live_err);

	if (!lab)
		printf("# %s\n", live_err.text);
	return lab;
}

/* The next report. A lab that stays silent ends the test. */
UNUSED static struct lab_reply
live_wait(struct lab *lab)
{
	struct lab_reply reply;

	while (!lab_receive(lab, &reply)) {
		struct pollfd fds[2 * PROCESSES_MAX + 2];
		size_t count = lab_poll(lab, fds, 2 * PROCESSES_MAX + 2);

		if (poll(fds, count, PATIENCE_MS) == 0) {
			printf("Bail out! no report\n");
			exit(1);
		}
	}
	return reply;
}

UNUSED static bool
live_send(struct lab *lab, struct lab_request request)
{
	if (request.text)
		request.length = strlen(request.text);
	if (lab_send(lab, &request, &live_err) == 0)
		return true;
	printf("# %s\n", live_err.text);
	return false;
}

UNUSED static struct lab_reply
live_do(struct lab *lab, struct lab_request request)
{
	struct lab_reply none = {.errnum = -1};

	return live_send(lab, request) ? live_wait(lab) : none;
}

/* For an act on one page. */
UNUSED static struct act
live_act(
    struct lab *lab, char worker, enum lab_op op, uint32_t page, int argument, const char *text)
{
	struct lab_reply reply = live_do(lab,
	    (struct lab_request){
		.worker = worker,
		.op = op,
		.first = page,
		.count = 1,
		.argument = argument,
		.text = text,
	    });
	struct act act = {.errnum = -1, .signal = -1};

	if (reply.act_count == 1 && reply.worker == worker && reply.op == op)
		act = reply.acts[0];
	lab_reply_free(&reply);
	return act;
}

UNUSED static int
live_errnum(struct lab *lab, struct lab_request request)
{
	struct lab_reply reply = live_do(lab, request);
	int errnum = reply.errnum;

	lab_reply_free(&reply);
	return errnum;
}

UNUSED static uint64_t
live_pagemap(const struct lab *lab, char name, uint32_t page)
{
	const struct lab_worker *worker = lab_worker(lab, name);
	long size = sysconf(_SC_PAGESIZE);
	uint64_t entry = 0;

	if (pread(worker->pagemap, &entry, sizeof(entry),
		(off_t)((worker->address / (uint64_t)size + page) * 8)) != 8)
		printf("# the pagemap of %c cannot be read: %s\n", name, strerror(errno));
	return entry;
}

/* A bit string of the pages that are present: "1000". */
UNUSED static const char *
live_present(const struct lab *lab, char name, uint32_t pages)
{
	static char text[PAGES_MAX + 1];

	for (uint32_t page = 0; page < pages; page++)
		text[page] = pm_present(live_pagemap(lab, name, page)) ? '1' : '0';
	text[pages] = '\0';
	return text;
}

/* The first byte of the page as the worker sees it; faults the page in, and leaves a reference on
 * its frame. */
UNUSED static int
live_byte(const struct lab *lab, char name, uint32_t page)
{
	const struct lab_worker *worker = lab_worker(lab, name);
	off_t at = (off_t)(worker->address + page * (uint64_t)sysconf(_SC_PAGESIZE));
	unsigned char byte;
	char path[64];
	ssize_t got;
	int mem;

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)worker->pid);
	mem = open(path, O_RDONLY | O_CLOEXEC);
	got = mem < 0 ? -1 : pread(mem, &byte, 1, at);
	if (mem >= 0)
		close(mem);
	return got == 1 ? byte : -1;
}

UNUSED static bool
become_ordinary(void)
{
	if (setgroups(0, NULL) < 0 || setresgid(65534, 65534, 65534) < 0 ||
	    setresuid(65534, 65534, 65534) < 0)
		return false;
	return prctl(PR_SET_DUMPABLE, 1) == 0; /* as after an exec */
}

/* Runs the tests; as root, a second time in a process that has become an ordinary user. */
UNUSED static void
run_twice(void (*tests)(const char *who))
{
	int ends[2], counts[2] = {tap_run, tap_failed + 1}, status;
	pid_t pid;

	setvbuf(stdout, NULL, _IONBF, 0);
	tests(geteuid() == 0 ? "root" : "an ordinary user");
	if (geteuid() != 0 || pipe(ends) < 0)
		return;
	pid = fork();
	if (pid == 0) {
		if (!become_ordinary()) {
			ok(true, "as an ordinary user # SKIP cannot drop privileges: %s",
			    strerror(errno));
		} else {
			tests("an ordinary user");
		}
		counts[0] = tap_run;
		counts[1] = tap_failed;
		_exit(write(ends[1], counts, sizeof(counts)) != sizeof(counts));
	}
	close(ends[1]);
	if (read(ends[0], counts, sizeof(counts)) == sizeof(counts)) {
		tap_run = counts[0];
		tap_failed = counts[1];
	} else {
		ok(false, "as an ordinary user the tests come to their end");
	}
	close(ends[0]);
	waitpid(pid, &status, 0);
}

/* How many files there are. */
__attribute__((unused)) static int
names_in(const char *directory)
{
	DIR *list = opendir(directory);
	int count = 0;

	while (list && readdir(list))
		count++;
	if (list)
		closedir(list);
	return count - 2;
}

#endif
