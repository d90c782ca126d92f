#include "config.h"
#include "lab_live.h"

#include <linux/magic.h>
#include <sys/vfs.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

/* Minor faults counted for an access that ends in SIGSEGV. */
#ifdef __powerpc__
#define REFUSED_MINOR 1
#else
#define REFUSED_MINOR 0
#endif

static uint64_t
address_of(const struct lab *lab, char name, uint32_t page)
{
	return lab_worker(lab, name)->address + page * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void
private_file(const char *who)
{
	struct lab *lab = live_open(KIND_PRIVATE_FILE, 10, 2);
	struct act act = live_act(lab, 'a', LAB_READ, 0, 0, NULL);

	ok(!act.errnum && !act.signal && act.verb == ACT_READ && act.process == 'a',
	    "%s: a reads page 0", who);
	is_number(act.minor, 1, "with one minor fault");
	is_number(act.major, 0, "and no major one");
	is_text(live_present(lab, 'a', 10), "1000000000", "page 0 is present and no other");
	is_text(live_present(lab, 'b', 10), "0000000000", "none is in b");
	ok(!pm_present(act.before) && act.after == live_pagemap(lab, 'a', 0),
	    "its own pagemap was read around it");
	act = live_act(lab, 'a', LAB_READ, 0, 0, NULL);
	is_number(act.minor, 0, "a second time there is no fault");

	act = live_act(lab, 'a', LAB_WRITE, 2, 0, "hello");
	is_number(act.minor, 1, "a writes page 2 with one fault");
	ok(pm_anonymous(act.after) && pm_exclusive(act.after), "which copied the page");
	is_number(live_byte(lab, 'a', 2), 'h', "a sees its write");
	is_number(live_byte(lab, 'b', 2), '2', "b sees the file");
	is_number(live_byte(lab, 'b', 9), '9', "each page is full of its digit");
	act = live_act(lab, 'a', LAB_ADVISE, 2, MADV_DONTNEED, NULL);
	ok(pm_present(act.before) && (act.after & ~PM_SOFT_DIRTY) == 0, "dontneed drops the copy");
	is_number(live_byte(lab, 'a', 2), '2', "and the write is lost");
	is_number(live_act(lab, 'a', LAB_ADVISE, 2, 12345, NULL).errnum, EINVAL,
	    "advice that is none: EINVAL");
	lab_close(lab);
}

static void
shared(enum kind kind)
{
	struct lab *lab = live_open(kind, 10, 3);

	is_number(live_act(lab, 'a', LAB_WRITE, 2, 0, "hello").errnum, 0, "%s: a writes page 2",
	    kind_word(kind));
	is_number(live_byte(lab, 'b', 2), 'h', "b sees it");
	is_number(live_byte(lab, 'c', 2), 'h', "c sees it");
	is_number(live_act(lab, 'a', LAB_SYNC, 2, MS_SYNC, NULL).errnum, 0, "msync");
	lab_close(lab);
}

/* Kilobytes that smaps counts as dirty in a's mapping. */
static long
dirty_kib(const struct lab *lab, uint32_t pages)
{
	const struct lab_worker *a = lab_worker(lab, 'a');
	FILE *smaps = fdopen(dup(a->smaps), "r");
	unsigned long start, end, first = (unsigned long)a->address;
	long kib, sum = 0;
	bool ours = false;
	char line[512];

	rewind(smaps);
	while (fgets(line, sizeof(line), smaps)) {
		if (sscanf(line, "%lx-%lx ", &start, &end) == 2)
			ours = start >= first &&
			    start < first + pages * (unsigned long)sysconf(_SC_PAGESIZE);
		if (ours &&
		    (sscanf(line, "Shared_Dirty: %ld", &kib) == 1 ||
			sscanf(line, "Private_Dirty: %ld", &kib) == 1))
			sum += kib;
	}
	fclose(smaps);
	return sum;
}

static void
one_dirty_page(void)
{
	struct lab *lab = live_open(KIND_SHARED_FILE, 10, 1);
	struct statfs disk;

	fstatfs(lab_file(lab), &disk);
	if (disk.f_type == TMPFS_MAGIC) {
		ok(true, "dirty pages # SKIP the file is on a tmpfs, which is always dirty");
		lab_close(lab);
		return;
	}
	for (uint32_t page = 0; page < 10; page++)
		live_act(lab, 'a', LAB_READ, page, 0, NULL);
	is_number(dirty_kib(lab, 10), 0, "all pages of a new file are clean");
	live_act(lab, 'a', LAB_WRITE, 2, 0, "x");
	is_number(dirty_kib(lab, 10), sysconf(_SC_PAGESIZE) / 1024,
	    "a write makes one page dirty and no other");
	live_act(lab, 'a', LAB_SYNC, 2, MS_SYNC, NULL);
	is_number(dirty_kib(lab, 10), 0, "msync cleans it");
	lab_close(lab);
}

static void
protection(void)
{
	struct lab *lab = live_open(KIND_PRIVATE_FILE, 10, 1);
	struct act act;

	live_act(lab, 'a', LAB_PROTECT, 3, PROT_NONE, NULL);
	act = live_act(lab, 'a', LAB_READ, 3, 0, NULL);
	is_number(act.signal, SIGSEGV, "a page that nobody may read: SIGSEGV");
	is_number(act.code, SEGV_ACCERR, "SEGV_ACCERR");
	is_number(act.address, address_of(lab, 'a', 3), "at its address");
	is_number(act.minor, REFUSED_MINOR, "which the kernel counts as a fault on powerpc only");
	act = live_act(lab, 'a', LAB_READ, 4, 0, NULL);
	ok(act.signal == 0 && act.minor == 1, "a lives on and reads page 4");
	live_act(lab, 'a', LAB_PROTECT, 3, PROT_READ, NULL);
	is_number(live_act(lab, 'a', LAB_READ, 3, 0, NULL).signal, 0, "readable again");
	is_number(live_act(lab, 'a', LAB_WRITE, 3, 0, "x").signal, SIGSEGV, "but not writable");
	lab_close(lab);
}

static void
mapping_and_unmapping(enum kind kind)
{
	struct lab *lab = live_open(kind, 10, 2);
	uint32_t before = lab_worker(lab, 'a')->objects[5];
	struct act act;
	int after;

	live_act(lab, 'a', LAB_WRITE, 5, 0, "x");
	is_number(live_act(lab, 'a', LAB_MAP, 5, 0, NULL).errnum, EEXIST,
	    "%s: what is mapped is not mapped over", kind_word(kind));
	is_number(lab_worker(lab, 'a')->objects[5], before, "and the object is the same");
	is_number(live_act(lab, 'a', LAB_UNMAP, 5, 0, NULL).errnum, 0, "unmap");
	is_number(lab_worker(lab, 'a')->objects[5], 0, "no object is there");
	act = live_act(lab, 'a', LAB_WRITE, 5, 0, "x");
	ok(act.signal == SIGSEGV && act.code == SEGV_MAPERR, "nothing there: SEGV_MAPERR");
	is_number(live_act(lab, 'a', LAB_MAP, 5, 0, NULL).errnum, 0, "map");
	act = live_act(lab, 'a', LAB_READ, 5, 0, NULL);
	ok(act.signal == 0 && act.minor == 1, "page 5 is there again, and only that");
	after = kind == KIND_SHARED_FILE ? 'x' : kind_has_file(kind) ? '5' : 0;
	is_number(live_byte(lab, 'a', 5), after, "with the content of what was mapped");
	ok((lab_worker(lab, 'a')->objects[5] != before) == kind_is_anonymous(kind),
	    "fresh memory is another object");
	is_number(
	    lab_worker(lab, 'a')->objects[4], before, "but that of the page beside it is the same");
	lab_close(lab);
}

static int
map_as(struct lab *lab, uint32_t page, uint32_t count, struct lab_mapping mapping)
{
	struct lab_reply reply = live_do(lab,
	    (struct lab_request){
		.worker = 'a',
		.op = LAB_MAP,
		.first = page,
		.count = count,
		.mapping = mapping,
	    });
	int errnum = reply.act_count == count ? reply.acts[count - 1].errnum : -1;

	lab_reply_free(&reply);
	return errnum;
}

/* Of the VMA that holds a's page; 0: there is none. */
static unsigned long
pages_of_vma(const struct lab *lab, uint32_t page)
{
	unsigned long start, end, at = (unsigned long)address_of(lab, 'a', page), size = 0;
	FILE *smaps = fdopen(dup(lab_worker(lab, 'a')->smaps), "r");
	char line[512];

	rewind(smaps);
	while (fgets(line, sizeof(line), smaps))
		if (sscanf(line, "%lx-%lx ", &start, &end) == 2 && start <= at && at < end)
			size = end - start;
	fclose(smaps);
	return size / (unsigned long)sysconf(_SC_PAGESIZE);
}

static void
told_mappings(enum kind kind)
{
	struct lab *lab = live_open(kind, 5, 2);
	uint64_t size = (uint64_t)sysconf(_SC_PAGESIZE);

	for (uint32_t page = 2; page < 5; page++)
		live_act(lab, 'a', LAB_UNMAP, page, 0, NULL);
	is_number(map_as(lab, 2, 1, (struct lab_mapping){.has_length = true}), EINVAL,
	    "%s: length 0: EINVAL", kind_word(kind));
	is_number(map_as(lab, 2, 1, (struct lab_mapping){.has_offset = true, .offset = 100}),
	    EINVAL, "offset 100: EINVAL");
	is_number(map_as(lab, 1, 1, (struct lab_mapping){.has_offset = true}), EEXIST,
	    "something is there: EEXIST");
	is_number(map_as(lab, 2, 1, (struct lab_mapping){.has_protection = true}), 0, "PROT_NONE");
	is_number(live_act(lab, 'a', LAB_READ, 2, 0, NULL).signal, SIGSEGV, "a read is SIGSEGV");
	live_act(lab, 'a', LAB_UNMAP, 2, 0, NULL);
	is_number(map_as(lab, 2, 2, (struct lab_mapping){.has_offset = true, .offset = 0}), 0,
	    "two pages from offset 0 on");
	is_number(live_byte(lab, 'a', 2), kind_has_file(kind) ? '0' : 0,
	    "the first is page 0 of the file");
	is_number(live_byte(lab, 'a', 3), kind_has_file(kind) ? '1' : 0, "the second page 1");
	live_act(lab, 'a', LAB_UNMAP, 2, 0, NULL);
	live_act(lab, 'a', LAB_UNMAP, 3, 0, NULL);
	is_number(map_as(lab, 2, 1,
		      (struct lab_mapping){
			  .has_length = true,
			  .length = 7 * size - 1,
			  .sharing = kind_is_shared(kind) ? MAP_PRIVATE : MAP_SHARED,
		      }),
	    0, "seven pages, of which three are the lab's");
	for (uint32_t page = 2; page < 5; page++)
		is_number(pages_of_vma(lab, page), 1, "page %u has a VMA of its own", page);
	is_number(live_act(lab, 'a', LAB_WRITE, 2, 0, "x").signal, 0, "a write to it");
	ok(pm_anonymous(live_pagemap(lab, 'a', 2)) == kind_is_shared(kind),
	    "is private where the kind is shared");
	ok((lab_worker(lab, 'a')->objects[4] != 1) == kind_is_anonymous(kind),
	    "page 4 is of another object too");
	lab_close(lab);
}

static void
beyond_the_end(enum kind kind)
{
	struct lab *lab = live_open(kind, 10, 1);
	struct act act;

	live_act(lab, 'a', LAB_WRITE, 8, 0, "x");
	is_number(live_errnum(lab,
		      (struct lab_request){.worker = LAB_CLERK, .op = LAB_FILE_RESIZE, .first = 4}),
	    0, "%s: the file is cut to 4 pages", kind_word(kind));
	act = live_act(lab, 'a', LAB_READ, 8, 0, NULL);
	is_number(act.signal, SIGBUS, "a read beyond its end: SIGBUS");
	is_number(act.code, BUS_ADRERR, "BUS_ADRERR");
	is_number(act.address, address_of(lab, 'a', 8), "at its address");
	is_number(live_act(lab, 'a', LAB_WRITE, 4, 0, "x").signal, SIGBUS, "a write too");
	is_number(
	    live_act(lab, 'a', LAB_READ, 3, 0, NULL).signal, 0, "a lives on and reads page 3");
	is_number(
	    live_errnum(
		lab, (struct lab_request){.worker = LAB_CLERK, .op = LAB_FILE_RESIZE, .first = 10}),
	    0, "grown again");
	is_number(live_act(lab, 'a', LAB_READ, 8, 0, NULL).signal, 0, "no SIGBUS");
	is_number(live_byte(lab, 'a', 8), 0, "but zeros");
	lab_close(lab);
}

static void
many_acts(void)
{
	struct lab *lab = live_open(KIND_PRIVATE_ANON, 1000, 1);
	struct lab_reply reply;
	bool in_order = true;

	live_act(lab, 'a', LAB_UNMAP, 700, 0, NULL);
	reply = live_do(
	    lab, (struct lab_request){.worker = 'a', .op = LAB_READ, .first = 100, .count = 900});
	is_number(reply.act_count, 900, "one act for each page");
	for (size_t i = 0; i < reply.act_count; i++)
		in_order &= reply.acts[i].page == 100 + i &&
		    reply.acts[i].minor == (reply.acts[i].page == 700 ? REFUSED_MINOR : 1) &&
		    (reply.acts[i].signal != 0) == (reply.acts[i].page == 700);
	ok(in_order, "in order, one fault each, and one SIGSEGV in the middle");
	lab_reply_free(&reply);
	lab_close(lab);
}

static void
long_text(void)
{
	struct lab *lab = live_open(KIND_SHARED_FILE, 3, 2);
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	char *text = calloc(1, size + 1);

	memset(text, 'q', size);
	is_number(
	    live_act(lab, 'a', LAB_WRITE, 1, 0, text).errnum, 0, "a text as long as the page");
	is_number(live_byte(lab, 'b', 1), 'q', "arrives");
	is_number(live_byte(lab, 'b', 2), '2', "and does not run over");
	free(text);
	lab_close(lab);
}

/* What a's own code needs after a fork (its stack is shared with the child) must not count as the
 * page's faults. */
static void
faults_after_fork(void)
{
	struct lab *lab = live_open(KIND_PRIVATE_ANON, 10, 2);

	live_act(lab, 'a', LAB_WRITE, 1, 0, "x");
	is_number(
	    live_errnum(lab, (struct lab_request){.worker = 'a', .op = LAB_FORK, .child = 'c'}), 0,
	    "a forks c");
	is_number(
	    live_act(lab, 'c', LAB_WRITE, 1, 0, "y").minor, 1, "c's first write is one fault");
	is_number(live_act(lab, 'c', LAB_WRITE, 1, 0, "y").minor, 0, "its second none");
	is_number(
	    live_act(lab, 'a', LAB_READ, 1, 0, NULL).minor, 0, "a's read of its own page none");
	live_errnum(lab, (struct lab_request){.worker = 'a', .op = LAB_FORK, .child = 'd'});
	is_number(live_act(lab, 'd', LAB_ADVISE, 2, MADV_DONTNEED, NULL).minor, 0, "madvise none");
	is_number(live_act(lab, 'a', LAB_PROTECT, 2, PROT_READ, NULL).minor, 0, "mprotect none");
	lab_close(lab);
}

static bool
saw(const struct act *act, const char *text)
{
	unsigned char wanted[CONTENT_MAX] = "";

	memcpy(wanted, text, strlen(text));
	return act->content.length == CONTENT_MAX &&
	    memcmp(act->content.bytes, wanted, CONTENT_MAX) == 0;
}

static bool
saw_nothing(struct act act)
{
	return act.errnum != -1 && act.content.length == 0;
}

static void
contents(enum kind kind)
{
	struct lab *lab = live_open(kind, 10, 2);
	char start[CONTENT_MAX + 1] = "", written[CONTENT_MAX + 1] = "";
	struct act act = live_act(lab, 'a', LAB_READ, 3, 0, NULL);

	memset(start, kind_is_anonymous(kind) ? 0 : '3', CONTENT_MAX);
	memcpy(written, start, CONTENT_MAX);
	memcpy(written, "hello", 5);
	ok(saw(&act, start), "%s: who reads sees what is there", kind_word(kind));
	act = live_act(lab, 'a', LAB_WRITE, 3, 0, "hello");
	ok(saw(&act, written), "who writes sees its text and what it left");
	act = live_act(lab, 'b', LAB_READ, 3, 0, NULL);
	ok(saw(&act, kind_is_shared(kind) ? written : start), "b sees %s",
	    kind_is_shared(kind) ? "it too" : "nothing of it");
	ok(saw_nothing(live_act(lab, 'a', LAB_SYNC, 3, MS_ASYNC, NULL)), "msync does not look");
	if (kind_is_anonymous(kind)) {
		act = live_act(lab, 'a', LAB_ADVISE, 4, MADV_POPULATE_WRITE, NULL);
		ok(act.errnum ? act.content.length == 0 : saw(&act, ""), "populating shows zeros");
	}
	ok(saw_nothing(live_act(lab, 'a', LAB_PROTECT, 3, PROT_NONE, NULL)), "nor does mprotect");
	act = live_act(lab, 'a', LAB_WRITE, 3, 0, "x");
	ok(act.signal == SIGSEGV && act.content.length == 0, "after a SIGSEGV nothing is known");
	live_act(lab, 'a', LAB_PROTECT, 3, PROT_READ, NULL);
	act = live_act(lab, 'a', LAB_READ, 3, 0, NULL);
	ok(saw(&act, written) && act.before == act.after, "what was written is still there");
	lab_close(lab);
}

static void
resident(void)
{
	struct lab *lab = live_open(KIND_SHARED_ANON, 3, 1);
	struct lab_reply reply;

	live_act(lab, 'a', LAB_WRITE, 1, 0, "x");
	live_act(lab, 'a', LAB_UNMAP, 2, 0, NULL);
	reply =
	    live_do(lab, (struct lab_request){.worker = 'a', .op = LAB_FILE_CACHED, .count = 3});
	ok(reply.byte_count == 3 && !(reply.bytes[0] & 1) && (reply.bytes[1] & 1) &&
		!(reply.bytes[2] & 1),
	    "mincore of a worker's own mapping");
	lab_reply_free(&reply);
	lab_close(lab);
}

static void
tests(const char *who)
{
	private_file(who);
	shared(KIND_SHARED_FILE);
	shared(KIND_SHARED_ANON);
	shared(KIND_POSIX_SHM);
	one_dirty_page();
	protection();
	mapping_and_unmapping(KIND_PRIVATE_FILE);
	mapping_and_unmapping(KIND_SHARED_FILE);
	mapping_and_unmapping(KIND_SHARED_ANON);
	mapping_and_unmapping(KIND_PRIVATE_ANON);
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		told_mappings(kind);
	beyond_the_end(KIND_PRIVATE_FILE);
	beyond_the_end(KIND_SHARED_FILE);
	beyond_the_end(KIND_POSIX_SHM);
	many_acts();
	long_text();
	faults_after_fork();
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		contents(kind);
	resident();
}

int
main(void)
{
	run_twice(tests);
	return done_testing();
}
