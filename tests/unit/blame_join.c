/*
 * Faults beside samples, on paper: which fault made which copy.
 */
#include "config.h"
#include "join_fixture.h"

#define LINES_MOST 8

static const struct join_case {
	const char *what;
	const char *lines[LINES_MOST]; /* families and events, in the order in which they come */
	const char *wanted;
} join_cases[] = {
    {"nothing is copied", {"100 a:SS b:SS", "200 a:SS b:SS"}, "0:"},
    {"one page is copied", {"100 a:SS b:SS", "b1@150", "200 a:SS b:SC"}, "1: b1"},
    {"one by the kernel", {"100 a:SS b:SS", "b1k@150", "200 a:SS b:SC"}, "1: b1k"},
    {"no event came", {"100 a:SS b:SS", "200 a:SS b:SC"}, "1:"},
    {"another page's does not count", {"100 a:SS b:SS", "b0@150", "200 a:SS b:SC"}, "1:"},
    {"nor another process's", {"100 a:SS b:SS", "a1@150", "200 a:SS b:SC"}, "1:"},
    {"copied before counts once", {"100 a:SS b:SC", "b1@150", "200 a:SS b:SC"}, "0:"},
    {"nor does what the first sample saw", {"b1@50", "100 a:SS b:SC"}, "0:"},
    {"sums grow", {"100 a:SS b:SS", "b1@150", "200 a:SS b:SC", "b0@250", "300 a:SS b:CC"}, "2: b2"},
    {"and stay", {"100 a:SS b:SS", "b1@150", "200 a:SS b:SC", "300 a:SS b:SC"}, "1: b1"},
    {"each has its own", {"100 a:SS b:SS c:SS", "b1@150 c0k@151", "200 a:SS b:SC c:CS"},
	"2: b1 c1k"},
    /* which of several */
    {"the last before it was read", {"100 a:S b:S", "b0@150 b0k@160", "200 a:S b:C"}, "1: b1k"},
    {"the one before, if the last came later", {"100 a:S b:S", "b0k@150 b0@220", "200 a:S b:C"},
	"1: b1k"},
    {"one just before it was read", {"100 a:S b:S", "b0@150 b0k@209", "200 a:S b:C"}, "1: b1k"},
    {"the last alone, though it came later", {"100 a:S b:S", "b0k@220", "200 a:S b:C"}, "1: b1k"},
    {"of two that came later the last", {"100 a:S b:S", "b0@220 b0k@230", "200 a:S b:C"}, "1: b1k"},
    {"a read copies nothing", {"100 a:S b:S", "b0k@150 b0r@160", "200 a:S b:C"}, "1: b1k"},
    {"and alone explains nothing", {"100 a:S b:S", "b0r@160", "200 a:S b:C"}, "1:"},
    {"of three the two last are kept", {"100 a:S b:S", "b0k@150 b0@220 b0@230", "200 a:S b:C"},
	"1: b1"},
    {"a stack beside is no fault", {"100 a:S b:S", "b0+@150", "200 a:S b:C"}, "1:"},
    /* before the sample, and after it */
    {"what came before the sample began is settled", {"b0k@99", "100 a:S b:S", "200 a:S b:C"},
	"1:"},
    {"what came while it was read is kept", {"b0k@101", "100 a:S b:S", "200 a:S b:C"}, "1: b1k"},
    {"and for one sample only", {"b0k@105", "100 a:S b:S", "200 a:S b:S", "300 a:S b:C"}, "1:"},
    /* filled pages */
    {"a filled page is no copy", {"100 a:.S b:.S", "b0m@150", "200 a:.S b:CS"}, "0:"},
    {"a written one is", {"100 a:.S b:.S", "b0w@150", "200 a:.S b:CS"}, "1: b1"},
    {"of a file it is, if it was missing", {"100 a:S b:. !file", "b0m@150", "200 a:S b:C !file"},
	"1: b1"},
    {"a device's pages are nobody's", {"100 a:S b:S !device", "b0@150", "200 a:S b:C !device"},
	"0:"},
    /* another program */
    {"another program since: nothing is known before",
	{"100 a:S b:S", "b!@120 b0@150", "200 a:S b:C"}, "1: b1"},
    {"and faults of the former are not its", {"100 a:S b:S", "b0@110 b!@120", "200 a:S b:C"}, "1:"},
    {"those at that moment are", {"100 a:S b:S", "b0@120 b!@120", "200 a:S b:C"}, "1: b1"},
    {"copied before, copied again", {"100 a:S b:C", "b!@120 b0@150", "200 a:S b:C"}, "1: b1"},
    {"since long: it is known", {"b!@50", "100 a:S b:C", "b0@150", "200 a:S b:C"}, "0:"},
    {"since the sample began: it isn't", {"b!@101", "100 a:S b:C", "b0@150", "200 a:S b:C"},
	"1: b1"},
    /* new members */
    {"forked and seen: all of it is new", {"100 a:S", "a>b@110 b0@150", "200 a:S b:C"}, "1: b1"},
    {"new, and no event says since when", {"100 a:S", "b0@150", "200 a:S b:C"}, "0:"},
    {"new, and another program", {"100 a:S", "b!@110 b0@150", "200 a:S b:C"}, "1: b1"},
    {"a PID that comes again is somebody else",
	{"100 a:S b:S", "b!@120 b0@130 a>b@140 b0k@150", "200 a:S b:C"}, "1: b1k"},
    /* unseen ones */
    {"forked and ended between two samples", {"100 a:S", "a>b b0@120 b.", "200 a:S"},
	"0: unseen 1"},
    {"each counts once", {"100 a:S", "a>b b. a>c c. a>b b.", "200 a:S", "300 a:S"}, "0: unseen 3"},
    {"one that is seen does not", {"100 a:S", "a>b", "200 a:S b:S", "b.", "300 a:S"}, "0:"},
    {"nor one seen dead", {"100 a:S", "a>b b.", "200 a:S b~:"}, "0:"},
    {"a thread's end is not its process's", {"100 a:S", "a>b b,", "200 a:S"}, "0:"},
    {"who ended and is still in the sample counts", {"100 a:S b:S", "b0@150 b.", "200 a:S b:C"},
	"1: b1"},
    {"its faults go with it", {"100 a:S", "a>b b0@250 b.", "200 a:S", "a>b", "300 a:S b:C"},
	"1: unseen 1"},
    /* parted */
    {"of two that parted the first copied", {"100 a:S b:S", "b0k@150 a0@160", "200 a:P b:P"},
	"1: b1k"},
    {"and the other way round", {"100 a:S b:S", "a0k@150 b0@160", "200 a:P b:P"}, "1: a1k"},
    {"the known one, if one is", {"100 a:S b:S", "b0@150", "200 a:P b:P"}, "1: b1"},
    {"of three the two first", {"100 a:S b:S c:S", "c0@150 a0@160 b0k@155", "200 a:P b:P c:P"},
	"2: b1k c1"},
    {"one alone copied", {"100 a:S b:S", "b0@150", "200 a:S b:P"}, "1: b1"},
    {"parted before is not parted now", {"100 a:P b:P", "b0@150", "200 a:P b:P"}, "0:"},
    {"copied, then parted: once", {"100 a:S b:C", "a0@150", "200 a:P b:P"}, "1: a1"},
    {"each page by itself", {"100 a:SS b:SS", "b0@150 a0@160 a1k@150 b1@160", "200 a:PP b:PP"},
	"2: a1k b1"},
    {"each tree by itself",
	{"100 a:S b:S x/-:S y/x:S", "b0@150 a0@160 y0@170 x0@180", "200 a:P b:P x/-:P y/x:P"},
	"2: b1 y1"},
    {"grandchildren are of the tree",
	{"100 a:S b:S c/b:S", "c0@150 b0@160 a0@170", "200 a:P b:P c/b:P"}, "2: b1 c1"},
    {"of a filled page none", {"100 a:. b:.", "b0m@150 a0m@160", "200 a:P b:P"}, "0:"},
    /* one memory */
    {"by a process that shares the memory", {"100 a:S b:S c=b", "c0@150", "200 a:S b:C c=b"},
	"1: b1"},
    {"its own fault comes first", {"100 a:S b:S c=b", "c0@150 b0k@140", "200 a:S b:C c=b"},
	"1: b1k"},
    {"not by one that shares another's", {"100 a:S b:S c=a", "c0@150", "200 a:S b:C c=a"}, "1:"},
    {"the second of those that share it", {"100 a:S b:S c=b d=b", "d0k@150", "200 a:S b:C c=b d=b"},
	"1: b1k"},
    /* mappings that moved */
    {"a mapping that moved, pages and all", {"100 a:SS b:CC", "b9@150", "200 a:SS b+8:CC"},
	"2: b1"},
    {"one that lies elsewhere in a process", {"100 a:SS b+8:SC", "b8@150", "200 a:SS b+8:CC"},
	"1: b1"},
    {"the pages that stayed in place", {"100 a:SS b:CCCC", "b5@150", "200 a:SS b+2:CCCC"}, "2: b1"},
    {"a mapping that is new", {"100 a:SS b:S", "b4096@150", "200 a:SS b:S|CC"}, "2: b1"},
    {"two mappings, of which the order changed",
	{"100 a:SS|SS b:CS|SS", "b4096@150 b4097@151", "200 a:SS|SS b:CS|CC"}, "2: b2"},
    {"and changed back",
	{"100 a:2S|3S b:2C|3S", "b4096@150 b4097@150 b4098@150", "200 a:2S|3S b:2C|3C", "b4096@250",
	    "300 a:2S|3S b:2C|2C1S"},
	"3: b3"},
    /* granules */
    {"the second granule",
	{"100 a:600S b:600S", "b599@150 b512@151 b511@152", "200 a:600S b:511S2C86S1C"}, "3: b3"},
    {"a granule that stays",
	{"100 a:512S600S b:100C412S600S", "b599@150", "200 a:512S600S b:100C412S87S1C512S"},
	"1: b1"},
    {"a granule of copies stays", {"100 a:1024S b:1024C", "b0@150", "200 a:1024S b:1024C"}, "0:"},
    /* records that were lost */
    {"what is lost is told", {"100 a:S b:S", "*7 b0@150 *2", "200 a:S b:C"}, "1: b1 lost 9"},
    {"stacks are not", {"100 a:S b:S", "+7 b0@150", "200 a:S b:C"}, "1: b1"},
};

static void
play(const struct join_case *one)
{
	struct join join = join_open();
	struct buf said = BUF_INIT;

	for (size_t i = 0; i < LINES_MOST && one->lines[i]; i++)
		if (strchr("123456789", one->lines[i][0]))
			join_settle(&join, one->lines[i]);
		else
			join_take(&join, one->lines[i]);
	join_said(&join, &said);
	is_text(buf_text(&said), one->wanted, "%s", one->what);
	buf_free(&said);
	join_close(&join);
}

/* What is told beside the copies. */
static void
test_told(void)
{
	struct join join = join_open();

	inquest_close(NULL);
	join_settle(&join, "100 a:SS b:SS");
	is_number(join.blame->faults, 0, "no fault came");
	join_take(&join, "b0@150 b1@151 b0+@152");
	join_settle(&join, "200 a:SS b:CS");
	is_number(join.blame->faults, 2, "faults are counted, not the stacks beside them");
	is_number(join.blame->since_ns, join.real + 100 * MS, "since the first sample");
	is_number(join.blame->page_size, PAGE_BYTES, "the size of a page");
	is_number(join.blame->stack_every, INQUEST_STACK_EVERY, "a stack for one in so many");
	is_number(join.blame->left_out, 0, "nothing is left out");
	is_number(join.blame->attributed, 1, "the copy that has an event");
	join_close(&join);
}

/* More faults than are explained at once. */
static void
test_many(void)
{
	struct join join = join_open();
	struct buf words = BUF_INIT;

	join_settle(&join, "100 a:4000S b:4000S");
	for (int page = 0; page < 4000; page += 50) {
		buf_clear(&words);
		for (int i = 0; i < 50; i++)
			buf_addf(&words, "%sb%dk@150", i ? " " : "", page + i);
		join_take(&join, buf_text(&words));
	}
	join_settle(&join, "200 a:4000S b:4000C");
	is_number(join.blame->attributed, 4000, "each of many has its event");
	is_number(join.blame->faults, 4000, "and is counted once");
	buf_free(&words);
	join_close(&join);
}

int
main(void)
{
	test_told();
	test_many();
	for (size_t i = 0; i < sizeof(join_cases) / sizeof(join_cases[0]); i++)
		play(&join_cases[i]);
	return done_testing();
}
