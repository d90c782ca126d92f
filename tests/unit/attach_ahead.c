/*
 * A sample that several threads read is the one that one thread reads, and what was read agrees
 * with bare pagemap: where windows follow one another, where there are holes, and where something
 * was written since.
 */
#include "config.h"
#include "attach/ahead.h"
#include "attach/attach.h"
#include "model/pagemap_bits.h"
#include "tap.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define WINDOW 2048
#define WINDOWS 42
#define PAGES ((size_t)WINDOW * WINDOWS)

static size_t page_size;
static volatile char *memory;
static int orders[2], answers[2]; /* to and from the child */
static int fds[2];

static bool
filled(size_t page)
{
	size_t window = page / WINDOW;

	if (window < 10 || (window >= 18 && window < 28))
		return true;
	return (window >= 14 && window < 18 && page % 700 == 0) || page == PAGES - 1;
}

static void
answer(void)
{
	if (write(answers[1], "", 1) != 1)
		_exit(1);
}

static void
await_answer(void)
{
	char byte;

	if (read(answers[0], &byte, 1) != 1)
		exit(1);
}

static void
order(void)
{
	if (write(orders[1], "", 1) != 1)
		exit(1);
	await_answer();
}

/* The child writes every third page of windows 18 to 27; then, at an order, every fifth of windows
 * 0 to 9. */
static void
child(void)
{
	char byte;

	for (size_t page = 18 * WINDOW; page < 28 * WINDOW; page += 3)
		memory[page * page_size] = 2;
	answer();
	if (read(orders[0], &byte, 1) != 1)
		_exit(1);
	for (size_t page = 0; page < 10 * WINDOW; page += 5)
		memory[page * page_size] = 3;
	answer();
	for (;;)
		pause();
}

static pid_t
start_child(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		child();
	}
	return pid;
}

static struct attach *
attach_with(pid_t pid, unsigned threads)
{
	char who[32];
	struct attach_options options = {.who = who, .threads = threads};
	struct attach *attach;
	struct err err;

	snprintf(who, sizeof(who), "%d,%d", (int)getpid(), (int)pid);
	attach = attach_open(&options, &err);
	if (!attach) {
		printf("Bail out! %s\n", err.text);
		exit(1);
	}
	return attach;
}

static const struct region *
region_of(const struct attach *attach)
{
	return family_region_at(attach_now(attach), 0, (uintptr_t)memory);
}

static size_t
differences(const struct attach *one, const struct attach *other)
{
	const struct region *a = region_of(one), *b = region_of(other);
	size_t count = 0;

	for (size_t member = 0; member < 2; member++)
		for (size_t page = 0; page < PAGES; page++)
			count += (strip_cell(&a->strips[member], page) ^
				     strip_cell(&b->strips[member], page)) != 0;
	return count;
}

/* Cells that a bare reading contradicts. */
static size_t
contradictions(const struct attach *attach)
{
	const struct region *region = region_of(attach);
	uint64_t *entries = calloc(PAGES, sizeof(*entries));
	size_t count = 0;

	for (size_t member = 0; member < 2; member++) {
		uint64_t start = (uintptr_t)memory / page_size;

		if (pread(fds[member], entries, PAGES * sizeof(*entries),
			(off_t)(start * sizeof(*entries))) != (ssize_t)(PAGES * sizeof(*entries)))
			count++;
		for (size_t page = 0; page < PAGES; page++) {
			enum page_state state = cell_state(strip_cell(&region->strips[member],
			    ((uintptr_t)memory - region->start) / page_size + page));

			if (pm_present(entries[page]) != (state != PAGE_ABSENT) ||
			    filled(page) != (state != PAGE_ABSENT))
				count++;
			else if (pm_present(entries[page]) &&
			    pm_exclusive(entries[page]) !=
				(state == PAGE_PRIVATE || state == PAGE_COPIED ||
				    state == PAGE_PARTED))
				count++;
		}
	}
	free(entries);
	return count;
}

static void
both_agree(struct attach *one, struct attach *many, size_t copied, const char *when)
{
	const struct tally *child;

	attach_sample(one);
	attach_sample(many);
	child = &region_of(many)->strips[1].tally;
	is_number(differences(one, many), 0, "%s: four threads find what one finds", when);
	is_number(contradictions(many), 0, "%s: and what pagemap says", when);
	is_number(child->counts[PAGE_COPIED] + child->counts[PAGE_PARTED], copied,
	    "%s: and what the child no longer shares", when);
}

/* Windows that are passed over may have been read by then: sooner or later one is, and it is
 * counted. */
static void
in_vain(void)
{
	struct err err;
	struct reader reader;
	struct ahead *ahead = reader_open(&reader, &err) < 0 ? NULL : ahead_new(&reader, WINDOW, 2);
	struct ahead_part *parts = NULL;
	uint64_t vain = 0, most = 0;
	size_t count;
	bool right = ahead != NULL;

	for (int i = 0; right && vain == 0 && i < 10000; i++) {
		for (uint64_t window = 0; window < 4; window++) {
			ahead_add(
			    ahead, 7, fds[0], (uintptr_t)memory + window * WINDOW * page_size);
			ahead_ask(ahead, window * WINDOW, WINDOW);
		}
		right = ahead_end(ahead) == 4 * WINDOW;
		parts = ahead_take(ahead, 3 * WINDOW, WINDOW, &count);
		right = right && parts && count == 1 && parts->line == 7 && parts->good &&
		    pm_present(parts->entries[WINDOW - 1]);
		vain = ahead_drop(ahead);
		most = vain > most ? vain : most;
	}
	ok(right, "a window further on is taken");
	ok(vain > 0 && vain % WINDOW == 0 && most <= 3 * WINDOW,
	    "what was read in vain is counted: %llu", (unsigned long long)vain);
	right = right && !ahead_take(ahead, 0, WINDOW, &count) && count == 0;
	ok(right, "nobody asked for this one");
	ahead_free(ahead);
	reader_close(&reader);
}

/* A sample in pieces: until it is complete nothing is told but who is there. */
#define SHARES 1000

struct share {
	unsigned char done[SHARES];
};

static void
do_once(void *data, size_t i)
{
	((struct share *)data)->done[i]++;
}

static void
shared_once(struct ahead *ahead, const char *who)
{
	struct share share = {{0}};
	size_t wrong = 0;

	ahead_share(ahead, do_once, &share, SHARES);
	for (size_t i = 0; i < SHARES; i++)
		wrong += share.done[i] != 1;
	is_number(wrong, 0, "shared work is done once, all of it: %s", who);
	ahead_share(ahead, do_once, &share, 0);
}

/* What all do together, between windows that are read ahead. */
static void
shared_work(void)
{
	struct reader reader;
	struct ahead *ahead;
	size_t parts;
	struct err err;

	reader_open(&reader, &err);
	ahead = ahead_new(&reader, WINDOW, 4);
	shared_once(NULL, "alone");
	shared_once(ahead, "before anything is read ahead");
	ahead_add(ahead, 0, fds[0], (uintptr_t)memory);
	ahead_ask(ahead, 0, WINDOW);
	for (int round = 0; round < 50; round++)
		shared_once(ahead, "with threads");
	ok(ahead_take(ahead, 0, WINDOW, &parts) && parts == 1,
	    "and what was asked for is read all the same");
	ahead_free(ahead);
	reader_close(&reader);
}

static void
in_pieces(pid_t pid)
{
	struct attach *attach = attach_with(pid, 4), *whole = attach_with(pid, 1);
	uint64_t pages = 0;
	int pieces = 0, silent = 0, growing = 0;

	attach_sample(whole);
	while (!attach_sample_on(attach, 1)) {
		const struct family *so_far = attach_so_far(attach);

		silent += !attach_now(attach) && !so_far->whole && so_far->member_count == 2 &&
		    so_far->members[1].pid == pid && so_far->region_count == 0 &&
		    so_far->frames_kib == COUNT_UNKNOWN;
		growing += so_far->pages >= pages;
		pages = so_far->pages;
		family_free(so_far);
		pieces++;
	}
	ok(pieces > 1, "in pieces: %d of them", pieces);
	is_number(silent, pieces, "in pieces: no number before the last");
	is_number(growing, pieces, "in pieces: but how far it is");
	ok(attach_now(attach)->whole && attach_now(attach)->pages >= pages,
	    "in pieces: then it is whole");
	is_number(differences(attach, whole), 0, "in pieces: and the one that is read at once");
	attach_close(whole);
	attach_close(attach);
	attach = attach_with(pid, 4);
	ok(attach_sample_on(attach, UINT64_MAX - 1), "with time for more it is complete, and ends");
	ok(attach_now(attach)->members[0].pss_kib != COUNT_UNKNOWN, "with Pss");
	attach_close(attach);
}

/* Children of this memory that end at once, for ever. */
static pid_t
start_churn(void)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGCHLD, SIG_IGN);
	for (;;)
		if (fork() == 0)
			_exit(0);
}

/* Whoever is lost meanwhile: a sample that may take its time is there. */
static void
with_losses(void)
{
	pid_t pid = start_churn();
	char who[16];
	struct attach_options options = {.who = who, .threads = 2};
	struct attach *attach;
	struct err err;
	int whole = 0;

	snprintf(who, sizeof(who), "%d", (int)pid);
	attach = attach_open(&options, &err);
	for (int i = 0; attach && i < 20; i++)
		whole += attach_sample_on(attach, UINT64_MAX) && attach_now(attach)->whole;
	is_number(whole, 20, "with losses: each sample is there");
	attach_close(attach);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static int
pagemap_of(pid_t pid)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/pagemap", (int)pid);
	return open(path, O_RDONLY | O_CLOEXEC);
}

int
main(void)
{
	struct attach *one, *many;
	size_t copied = (10 * WINDOW + 2) / 3;
	pid_t pid;

	page_size = (size_t)sysconf(_SC_PAGESIZE);
	memory = mmap(NULL, PAGES * page_size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED || pipe(orders) < 0 || pipe(answers) < 0) {
		printf("Bail out! no memory\n");
		return 1;
	}
	madvise((void *)(uintptr_t)memory, PAGES * page_size, MADV_NOHUGEPAGE);
	for (size_t page = 0; page < PAGES; page++)
		if (filled(page))
			memory[page * page_size] = 1;
	pid = start_child();
	await_answer();
	fds[0] = pagemap_of(getpid());
	fds[1] = pagemap_of(pid);
	one = attach_with(pid, 1);
	many = attach_with(pid, 4);
	both_agree(one, many, copied, "at first");
	both_agree(one, many, copied, "once more");
	order();
	both_agree(one, many, copied + 2 * WINDOW, "after more was written");
	in_vain();
	shared_work();
	in_pieces(pid);
	with_losses();
	munmap((void *)(uintptr_t)(memory + 4 * WINDOW * page_size), 4 * WINDOW * page_size);
	attach_sample(many);
	ok(attach_now(many)->member_count == 2, "a part of it can go");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	attach_sample(many);
	ok(attach_now(many)->members[1].life == MEMBER_GONE, "and a process");
	attach_close(one);
	attach_close(many);
	return done_testing();
}
