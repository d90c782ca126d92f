/* Siblings that loaded the same, where less is read than they hold. */
#include "config.h"
#include "attach/attach.h"
#include "base/buf.h"
#include "base/mem.h"
#include "tap.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIBLINGS 3
#define LOADED 2048 /* pages of each: three of four of the same bytes in all, the others zeros */
#define SAVED (LOADED / 4 * 3 * (SIBLINGS - 1))
#define ZEROS (LOADED / 4 * SIBLINGS)
#define FEW 512

static size_t page_size;

static unsigned char *
loaded(void)
{
	unsigned char *memory = mmap(
	    NULL, LOADED * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		exit(1);
	madvise(memory, LOADED * page_size, MADV_NOHUGEPAGE);
	for (size_t page = 0; page < LOADED; page++)
		memory[page * page_size + page % page_size] = page % 4 ? 1 + page % 250 : 0;
	return memory;
}

static pid_t
start_sibling(uint64_t *address)
{
	int ends[2];
	pid_t pid = pipe(ends) == 0 ? fork() : -1;

	if (pid == 0) {
		uint64_t mine;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		mine = (uint64_t)(uintptr_t)loaded();
		if (write(ends[1], &mine, sizeof(mine)) == sizeof(mine))
			pause();
		_exit(0);
	}
	close(ends[1]);
	if (pid < 0 || read(ends[0], address, sizeof(*address)) != sizeof(*address))
		exit(1);
	close(ends[0]);
	return pid;
}

static const struct siblings *
siblings_at(const struct family *family, uint64_t address)
{
	const struct region *region = family_region_at(family, 0, address);

	return region ? &region->siblings : NULL;
}

static struct attach *
attach_reading(const char *who, uint64_t pages_most)
{
	struct attach_options options = {.who = who, .siblings = true, .siblings_most = pages_most};
	struct err err;
	struct attach *attach = attach_open(&options, &err);

	if (!attach)
		exit(1);
	attach_sample(attach);
	return attach;
}

static void
test_all(const char *who, uint64_t address)
{
	struct attach *attach = attach_reading(who, 0);
	const struct family *family = attach_now(attach);
	const struct siblings *siblings = siblings_at(family, address);

	is_number(family->siblings_in, 1, "all: each place was read");
	is_number(siblings->equal, SAVED, "all: what one frame would save");
	is_number(siblings->zeros, ZEROS, "all: zeros");
	is_number(siblings->copies, 0, "all: no copies");
	is_number(siblings->unread, 0, "all: nothing is left out");
	ok(family->equal_places != COUNT_UNKNOWN && family->equal_places >= SAVED,
	    "all: anywhere, at least as much");
	attach_close(attach);
}

/* Within five times the deviation that a sample of so many places has. */
static void
test_some(const char *who, uint64_t address)
{
	struct attach *attach = attach_reading(who, FEW);
	const struct family *family = attach_now(attach);
	const struct siblings *siblings = siblings_at(family, address);

	ok(family->siblings_in >= LOADED * SIBLINGS / FEW, "some: one place in %u was read",
	    family->siblings_in);
	ok(family->siblings.compared < 2 * FEW, "some: %llu pages were read",
	    (unsigned long long)family->siblings.compared);
	ok(siblings->equal > SAVED / 2 && siblings->equal < SAVED * 3 / 2,
	    "some: %llu of %d would be saved", (unsigned long long)siblings->equal, SAVED);
	ok(siblings->zeros > ZEROS / 4 && siblings->zeros < ZEROS * 2, "some: %llu of %d are zeros",
	    (unsigned long long)siblings->zeros, ZEROS);
	is_number(family->equal_places, COUNT_UNKNOWN, "some: anywhere is not known");
	attach_sample(attach);
	siblings = siblings_at(attach_now(attach), address);
	ok(siblings->equal > SAVED / 2 && siblings->equal < SAVED * 3 / 2,
	    "some: and in the next sample");
	attach_close(attach);
}

int
main(void)
{
	uint64_t address = 0;
	pid_t pids[SIBLINGS];
	struct buf who = BUF_INIT;

	page_size = (size_t)sysconf(_SC_PAGESIZE);
	for (int i = 0; i < SIBLINGS; i++) {
		pids[i] = start_sibling(&address);
		buf_addf(&who, "%s%d", i ? "," : "", (int)pids[i]);
	}
	test_all(buf_text(&who), address);
	test_some(buf_text(&who), address);
	for (int i = 0; i < SIBLINGS; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	buf_free(&who);
	return done_testing();
}
