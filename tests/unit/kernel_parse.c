#include "config.h"
#include "kernel/smaps.h"
#include "kernel/vitals.h"
#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

#define START 0xa0000000
#define END 0xa0003000

#define ENTRY(header, rss) \
	header "\nSize:                  4 kB\nKernelPageSize:        4 kB\nMMUPageSize:         " \
	       "  4 kB\n" \
	       "Rss:                   " rss \
	       " kB\nPss:                   1 kB\nPss_Dirty:             9 kB\n" \
	       "Shared_Clean:          2 kB\nShared_Dirty:          3 kB\nPrivate_Clean:         " \
	       "5 kB\nPrivate_Dirty:         6 kB\n" \
	       "Referenced:            7 kB\nAnonymous:             8 kB\nKSM:                  " \
	       "10 kB\nLazyFree:              9 kB\n" \
	       "Swap:                 11 kB\nSwapPss:               9 kB\nTHPeligible:           " \
	       "0\nProtectionKey:         0\n" \
	       "VmFlags: rd wr mr mw me dd \n"

#define BELOW \
	ENTRY("00400000-00401000 r-xp 00000000 fe:00 77                           /usr/bin/a", \
	    "6" \
	    "4")
#define MANY_BELOW \
	BELOW BELOW BELOW BELOW BELOW BELOW BELOW BELOW BELOW BELOW BELOW \
	    BELOW /* more than one read */
#define PAGE_0 \
	ENTRY( \
	    "a0000000-a0001000 rw-p 00000000 fe:00 12                           /var/tmp/cow.dat", \
	    "4")
#define PAGE_1 \
	ENTRY( \
	    "a0001000-a0002000 r--s 00001000 fe:00 12                           /var/tmp/cow.dat", \
	    "0")
#define PAGE_2 \
	ENTRY( \
	    "a0002000-a0003000 rw-p 00002000 fe:00 12                           /var/tmp/cow.dat", \
	    "12")
#define BEYOND ENTRY("7f0000000000-7f0000001000 rw-p 00000000 00:00 0 ", "4")

/* Feeds text in pieces of so many bytes, as a reader does that keeps what was not taken. */
static void
feed(struct smaps_list *list, const char *text, size_t piece)
{
	size_t length = strlen(text), have = 0, at = 0;

	smaps_begin(list, START, END);
	while (have < length && !list->done) {
		have = have + piece < length ? have + piece : length;
		at += smaps_parse(list, text + at, have - at);
	}
	smaps_finish(list, at == length);
}

static void
whole(struct smaps_list *list, const char *text)
{
	feed(list, text, strlen(text));
}

static void
test_fields(void)
{
	struct smaps_list list = {0};
	const struct smaps *entry;

	whole(&list, BELOW PAGE_0 PAGE_1 PAGE_2 BEYOND);
	if (!ok(list.count == 3, "entries below and beyond the range are left out"))
		goto out;
	ok(list.done, "and it knows that nothing else can follow");
	entry = &list.list[0];
	ok(entry->start == 0xa0000000 && entry->end == 0xa0001000, "addresses");
	is_text(entry->perms, "rw-p", "permissions");
	is_text(list.list[1].perms, "r--s", "permissions of another");
	ok(entry->offset == 0 && list.list[1].offset == 0x1000 && list.list[2].offset == 0x2000,
	    "offsets into the file");
	ok(entry->rss == 4 && entry->pss == 1, "Rss and Pss, not Pss_Dirty");
	ok(entry->shared_clean == 2 && entry->shared_dirty == 3, "Shared_");
	ok(entry->private_clean == 5 && entry->private_dirty == 6, "Private_");
	ok(entry->referenced == 7 && entry->anonymous == 8 && entry->ksm == 10,
	    "Referenced, Anonymous, KSM");
	is_number(entry->swap, 11, "Swap, not SwapPss");
	is_number(list.list[1].rss, 0, "each entry has its own numbers");
	is_number(list.list[2].rss, 12, "also the last");
out:
	smaps_release(&list);
}

static void
test_pieces(void)
{
	static const char text[] = BELOW PAGE_0 PAGE_1 PAGE_2 BEYOND;
	struct smaps_list once = {0}, list = {0};
	size_t wrong = 0;

	whole(&once, text);
	for (size_t piece = 1; piece < 100; piece++) {
		feed(&list, text, piece);
		if (list.count != once.count ||
		    memcmp(list.list, once.list, once.count * sizeof(*once.list)) != 0)
			wrong++;
	}
	is_number(wrong, 0, "text in pieces of 1 to 99 bytes reads the same");
	smaps_release(&once);
	smaps_release(&list);
}

static void
test_end(void)
{
	struct smaps_list list = {0};
	size_t taken;

	smaps_begin(&list, START, END);
	taken =
	    smaps_parse(&list, PAGE_0 PAGE_1 PAGE_2 BEYOND, strlen(PAGE_0 PAGE_1 PAGE_2 BEYOND));
	is_number(taken, strlen(PAGE_0 PAGE_1 PAGE_2), "stops behind the last entry of the range");
	smaps_begin(&list, START, END);
	taken = smaps_parse(&list, PAGE_0 BEYOND BEYOND, strlen(PAGE_0 BEYOND BEYOND));
	ok(list.done && list.count == 1, "stops at the first entry beyond");
	ok(taken < strlen(PAGE_0 BEYOND), "without reading it");
	whole(&list, BEYOND);
	ok(list.count == 0, "nothing mapped in the range");
	whole(&list, ENTRY("9ffff000-a0001000 rw-p 00000000 00:00 0", "8") BEYOND);
	is_number(list.count, 1, "an entry that only reaches into the range counts");
	whole(&list, "");
	is_number(list.count, 0, "no text, no entries");
	smaps_release(&list);
}

static void
test_odd(void)
{
	struct smaps_list list = {0};

	whole(&list, "a0000000-a0001000 rw-p\nRss: 4 kB\n" BEYOND);
	ok(list.count == 1 && list.list[0].offset == 0, "a header without an offset");
	whole(&list, "a0000000-a0001000 rw-p 123456789a000 fe:00 12\nRss: 4 kB\n" BEYOND);
	ok(list.count == 1 && list.list[0].offset == 0x123456789a000, "one with a long offset");
	whole(&list,
	    "a0000000-a0001000 rw-p 00000000 00:00 0\nRss: 4 kB\nWeird_New: 99 kB\nodd: "
	    "5\nno colon here\nabc-: 7\n\nPss: 3 kB\n" BEYOND);
	ok(list.count == 1 && list.list[0].rss == 4 && list.list[0].pss == 3,
	    "unknown fields and odd lines are skipped");
	whole(&list,
	    ENTRY("a0000000-a0001000 rw-p 00000000 00:00 0", "99999999999999999999999999") BEYOND);
	ok(list.count == 1 && list.list[0].rss == UINT32_MAX && list.list[0].pss == 1,
	    "a huge number becomes the greatest");
	whole(
	    &list, ENTRY("a0000000-a0001000 rw-p 00000000 00:00 0", "18446744073709551620") BEYOND);
	ok(list.count == 1 && list.list[0].rss == UINT32_MAX, "one beyond 64 bits too");
	whole(&list,
	    ENTRY("a0000000-a0001000 rw-p 00000000 fe:00 12   /tmp/a\\012Rss: 77 kB\\012b", "4")
		BEYOND);
	ok(list.count == 1 && list.list[0].rss == 4, "a newline in a name does not make a field");
	whole(&list, PAGE_0 "a0001000-a0002000 rw-p 00000000 00:00 0\nRss: 4 kB\nPs");
	is_number(list.count, 1, "an entry that was cut off is dropped");
	whole(&list, PAGE_0 "a0001000-a0002000 rw-p 00000000 00:00 0\nRss: 4 kB\nPss: 2 kB\n");
	is_number(list.count, 2, "an entry without VmFlags ends with the text");
	smaps_release(&list);
}

/* Each expected size makes a read end there. */
static size_t
edges_wrong(int fd)
{
	struct smaps_list list = {0};
	size_t wrong = 0;

	for (size_t edge = strlen(MANY_BELOW); edge < strlen(MANY_BELOW PAGE_0 PAGE_1 PAGE_2);
	     edge++) {
		size_t expected = edge;

		if (!smaps_read(&list, fd, START, END, &expected) || list.count != 3 ||
		    list.list[0].swap != 11 || list.list[1].pss != 1 ||
		    list.list[2].start != 0xa0002000 || list.list[2].rss != 12)
			wrong++;
	}
	smaps_release(&list);
	return wrong;
}

static void
test_file(void)
{
	char path[] = "/tmp/kernel_parse_XXXXXX";
	struct smaps_list list = {0};
	size_t expected = 0;
	int fd = mkstemp(path);
	static const char text[] = MANY_BELOW PAGE_0 PAGE_1 PAGE_2 BEYOND BEYOND BEYOND;

	unlink(path);
	ok(!smaps_read(&list, fd, START, END, &expected),
	    "an empty file, as of a dead process, could not be read");
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		printf("# short write\n");
	ok(smaps_read(&list, fd, START, END, &expected) && list.count == 3,
	    "reads from a descriptor");
	is_number(edges_wrong(fd), 0, "wherever its reads end");
	is_number(
	    expected, strlen(MANY_BELOW PAGE_0 PAGE_1 PAGE_2), "and knows how much it needed");
	ok(smaps_read(&list, fd, START, END, &expected) && list.count == 3,
	    "reads the same once more");
	expected = 100;
	ok(smaps_read(&list, fd, START, END, &expected) && list.count == 3,
	    "also where it expects less than it needs");
	ok(!smaps_read(&list, -1, START, END, &expected) && list.count == 0,
	    "no descriptor, no entries");
	close(fd);
	smaps_release(&list);
}

static bool
parse_stat(struct stat_line *line, const char *text)
{
	return stat_parse(line, text, strlen(text));
}

static void
test_stat(void)
{
	struct stat_line line;

	ok(parse_stat(&line,
	       "42 (a) T 41 1 1 -1 -1 64 123 1 7 2 5 6 7 8 20 0 1 0 9999 1000000 250 "
	       "18446744073709551615 1"),
	    "a line of stat");
	ok(line.state == 'T' && line.ppid == 41, "state and parent");
	ok(line.minor == 123 && line.major == 7 && line.rss == 250, "faults and rss");
	ok(parse_stat(
	       &line, "42 (a) Z 9 (\n) S 3 1 1 0 -1 64 1 1 2 2 5 6 7 8 20 0 1 0 99 100 3 1 1") &&
		line.state == 'S' && line.ppid == 3,
	    "a name with parentheses and a newline");
	ok(!parse_stat(&line, "42 (a) S 3 1 1"), "a line cut short is none");
	ok(!parse_stat(&line, "42 (a)") && !parse_stat(&line, ""), "nor is less");
}

int
main(void)
{
	test_fields();
	test_pieces();
	test_end();
	test_odd();
	test_file();
	test_stat();
	return done_testing();
}
