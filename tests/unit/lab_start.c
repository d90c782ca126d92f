#include "config.h"
#include "lab_live.h"

#include "lab/wire.h"

#include <sys/resource.h>

static void
three_workers(const char *who)
{
	struct lab *lab = live_open(KIND_PRIVATE_FILE, 10, 3);
	const struct lab_worker *workers;
	size_t count;

	if (!ok(lab != NULL, "%s: three workers are ready", who))
		return;
	count = lab_workers(lab, &workers);
	is_number(count, 3, "three of them");
	for (size_t i = 0; i < count; i++) {
		ok(workers[i].name == (char)('a' + (int)i), "%c has its name", workers[i].name);
		ok(kill(workers[i].pid, 0) == 0 && workers[i].ppid == getpid(),
		    "%c is a child of ours", workers[i].name);
		ok(!workers[i].dead && !workers[i].busy && !workers[i].forked_from, "%c is idle",
		    workers[i].name);
		ok(workers[i].pagemap >= 0 && workers[i].smaps >= 0,
		    "%c handed its descriptors over", workers[i].name);
		is_number(workers[i].objects[0], 1, "%c maps the one file", workers[i].name);
		is_text(live_present(lab, workers[i].name, 10), "0000000000",
		    "nothing is mapped in %c", workers[i].name);
	}
	ok(workers[0].address != workers[1].address && workers[1].address != workers[2].address &&
		workers[0].address != workers[2].address,
	    "each at an address of its own");
	ok(lab_worker(lab, 'd') == NULL, "there is no d");
	ok(lab_free_name(lab) == 'd', "d is the first free name");
	lab_close(lab);
}

/* Every page a VMA of its own: smaps lists one entry for each. */
static void
one_vma_a_page(void)
{
	struct lab *lab = live_open(KIND_SHARED_FILE, 5, 1);
	const struct lab_worker *a = lab_worker(lab, 'a');
	unsigned long start, end;
	long size = sysconf(_SC_PAGESIZE);
	int single = 0;
	FILE *smaps = fdopen(dup(a->smaps), "r");
	char line[512];

	while (fgets(line, sizeof(line), smaps))
		if (sscanf(line, "%lx-%lx ", &start, &end) == 2 && start >= a->address &&
		    start < a->address + 5 * (unsigned long)size)
			single += end - start == (unsigned long)size;
	fclose(smaps);
	is_number(single, 5, "each page is a VMA of its own");
	lab_close(lab);
}

static bool
all_acted(const struct lab_reply *reply, uint32_t pages)
{
	for (size_t i = 0; i < reply->act_count; i++)
		if (reply->acts[i].page != i || reply->acts[i].errnum || reply->acts[i].signal)
			return false;
	return reply->act_count == pages;
}

static void
largest_lab(enum kind kind)
{
	struct lab *lab = live_open(kind, PAGES_MAX, PROCESSES_MAX);
	struct lab_reply reply;

	if (!ok(lab != NULL, "%s: %d pages and %d processes", kind_word(kind), PAGES_MAX,
		PROCESSES_MAX))
		return;
	ok(lab_free_name(lab) == 0, "no name is free");
	ok(lab_spawn(lab, 0, &live_err) == -1 && live_err.kind == ERR_USAGE, "no tenth process: %s",
	    live_err.text);
	reply = live_do(lab,
	    (struct lab_request){.worker = 'i', .op = LAB_WRITE, .count = PAGES_MAX, .text = "i"});
	ok(reply.worker == 'i' && reply.op == LAB_WRITE && all_acted(&reply, PAGES_MAX),
	    "i writes every page");
	lab_reply_free(&reply);
	is_number(live_byte(lab, 'i', PAGES_MAX - 1), 'i', "and the last one has its byte");
	lab_close(lab);
}

static void
smallest_lab(void)
{
	for (int kind = 0; kind < KIND_COUNT; kind++) {
		struct lab *lab = live_open((enum kind)kind, 1, 1);

		ok(lab && live_act(lab, 'a', LAB_READ, 0, 0, NULL).signal == 0,
		    "%s: one page, one process", kind_word((enum kind)kind));
		ok((lab_file(lab) >= 0) == kind_has_file((enum kind)kind),
		    "a file where the kind has one");
		ok(!!lab_path(lab) == kind_has_file((enum kind)kind), "and a path");
		lab_close(lab);
	}
}

static void
refused(struct lab_config config, const char *what)
{
	struct lab *lab = lab_open(&config, &live_err);

	ok(lab == NULL && live_err.kind == ERR_USAGE, "%s: %s", what, live_err.text);
	lab_close(lab);
}

static void
impossible_labs(void)
{
	refused((struct lab_config){.pages = 0, .processes = 3}, "no pages");
	refused((struct lab_config){.pages = PAGES_MAX + 1, .processes = 3}, "too many pages");
	refused((struct lab_config){.pages = 1, .processes = 0}, "no processes");
	refused((struct lab_config){.pages = 1, .processes = 10}, "too many processes");
	refused(
	    (struct lab_config){
		.kind = KIND_PRIVATE_ANON,
		.pages = 1,
		.processes = 1,
		.path = "/etc/passwd",
	    },
	    "a file where none is mapped");
}

static void
bad_request(struct lab *lab, struct lab_request request, const char *what)
{
	ok(lab_send(lab, &request, &live_err) == -1 && live_err.kind == ERR_USAGE, "%s: %s", what,
	    live_err.text);
}

static void
impossible_requests(void)
{
	struct lab *lab = live_open(KIND_PRIVATE_FILE, 10, 2);
	static char large[WIRE_TEXT_MAX + 1];

	bad_request(lab, (struct lab_request){.worker = 'c', .op = LAB_READ, .count = 1},
	    "no such process");
	bad_request(
	    lab, (struct lab_request){.worker = '?', .op = LAB_READ, .count = 1}, "no such name");
	bad_request(lab,
	    (struct lab_request){.worker = 'a', .op = LAB_READ, .first = 10, .count = 1},
	    "no such page");
	bad_request(lab,
	    (struct lab_request){.worker = 'a', .op = LAB_READ, .first = 5, .count = 6},
	    "past the end");
	bad_request(lab,
	    (struct lab_request){.worker = 'a', .op = LAB_READ, .first = UINT32_MAX, .count = 2},
	    "overflow");
	bad_request(lab, (struct lab_request){.worker = 'a', .op = LAB_READ}, "no pages");
	bad_request(
	    lab, (struct lab_request){.worker = 'a', .op = LAB_WRITE, .count = 1}, "no text");
	bad_request(lab,
	    (struct lab_request){
		.worker = 'a',
		.op = LAB_WRITE,
		.count = 1,
		.text = large,
		.length = sizeof(large),
	    },
	    "a text longer than a page");
	bad_request(lab, (struct lab_request){.worker = 'a', .op = LAB_FORK, .child = 'b'},
	    "a child's name in use");
	bad_request(lab, (struct lab_request){.worker = 'a', .op = LAB_FORK, .child = 'z'},
	    "a child's name that cannot be");
	bad_request(
	    lab, (struct lab_request){.worker = 'a', .op = LAB_FILE_SYNC}, "the clerk's work");
	bad_request(lab, (struct lab_request){.worker = LAB_CLERK, .op = LAB_READ, .count = 1},
	    "a worker's work");
	bad_request(lab, (struct lab_request){.worker = 'a', .op = LAB_BORN}, "only reported");
	bad_request(lab,
	    (struct lab_request){
		.worker = LAB_CLERK,
		.op = LAB_FILE_RESIZE,
		.first = PAGES_MAX + 1,
	    },
	    "too large");
	ok(lab_kill(lab, 'x', SIGTERM, &live_err) == -1, "a signal for nobody: %s", live_err.text);
	ok(lab_spawn(lab, 'a', &live_err) == -1, "a second a: %s", live_err.text);
	is_number(live_act(lab, 'a', LAB_READ, 9, 0, NULL).signal, 0, "and a still obeys");
	lab_close(lab);
}

/* mmap's own errors come back. */
static void
no_memory(void)
{
	struct lab_config config = {.kind = KIND_PRIVATE_ANON, .pages = PAGES_MAX, .processes = 2};
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		char text[64];
		unsigned long have = 0;
		FILE *statm = fopen("/proc/self/statm", "r");

		if (!statm || !fgets(text, sizeof(text), statm) || sscanf(text, "%lu", &have) != 1)
			_exit(2);
		struct rlimit limit = {
		    (have + 512) * (unsigned long)sysconf(_SC_PAGESIZE), RLIM_INFINITY};
		if (setrlimit(RLIMIT_AS, &limit) < 0 || lab_open(&config, &live_err))
			_exit(3);
		printf("# %s\n", live_err.text);
		_exit(live_err.errnum == ENOMEM && live_err.kind == ERR_MACHINE ? 0 : 4);
	}
	waitpid(pid, &status, 0);
	is_number(status, 0, "no memory for the pages is ENOMEM");
}

static void
tests(const char *who)
{
	three_workers(who);
	one_vma_a_page();
	largest_lab(KIND_PRIVATE_FILE);
	largest_lab(KIND_SHARED_ANON);
	smallest_lab();
	impossible_labs();
	impossible_requests();
	no_memory();
}

int
main(void)
{
	run_twice(tests);
	return done_testing();
}
