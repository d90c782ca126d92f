#include "config.h"

#include "model_fixture.h"
#include "base/mem.h"
#include "tap.h"

#include <errno.h>
#include <signal.h>

/* What happened between two snapshots, as "copied a:2 F2>a2, ..." */
static char *
list_of(const struct events *events)
{
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < events->count; i++) {
		const struct event *event = &events->list[i];

		buf_addf(&out, "%s%s %c", i ? ", " : "", event_word(event->type),
		    event->process ? event->process : '-');
		if (event->page != EVENT_NO_PAGE)
			buf_addf(&out, ":%u", event->page);
		if (event->from[0] || event->to[0])
			buf_addf(&out, " %s>%s", event->from, event->to);
	}
	return buf_take(&out);
}

static void
happened(const struct snapshot *before, const struct snapshot *now, const char *events_wanted,
    const char *text_wanted, const char *what)
{
	struct events events;
	struct buf text = BUF_INIT;
	char *list;

	events_between(&events, before, now);
	list = list_of(&events);
	is_text(list, events_wanted, "%s: events", what);
	events_paragraph(&text, &events, now);
	if (text_wanted)
		is_text(buf_text(&text), text_wanted, "%s: words", what);
	free(list);
	buf_free(&text);
	events_free(&events);
}

static void
private_file(void)
{
	struct paper *paper = paper_new(KIND_PRIVATE_FILE, false, 3);
	struct snapshot *now[6];

	now[0] = paper_snapshot(paper, NULL);
	for (int process = 0; process < 3; process++)
		for (int page = 0; page < PAPER_PAGES; page++)
			paper_touch(paper, process, page, false);
	now[1] = paper_snapshot(paper, now[0]);
	happened(now[0], now[1],
	    "mapped a:0 >F0, mapped a:1 >F1, mapped a:2 >F2, mapped a:3 >F3, mapped b:0 >F0, mapped b:1 >F1, "
	    "mapped b:2 >F2, mapped b:3 >F3, mapped c:0 >F0, mapped c:1 >F1, mapped c:2 >F2, mapped c:3 >F3",
	    "Page faults (minor +12). a, b and c map pages 0-3 now.", "all read everything");
	paper_touch(paper, 0, 2, true);
	now[2] = paper_snapshot(paper, now[1]);
	happened(now[1], now[2], "copied a:2 F2>a2",
	    "Page fault (minor +1). The kernel copied F2 into a new frame, a2; a's page 2 points there now. "
	    "b and c still share F2: they don't see the write.",
	    "a writes page 2");
	paper_touch(paper, 1, 2, true);
	now[3] = paper_snapshot(paper, now[2]);
	happened(now[2], now[3], "copied b:2 F2>b2, became private c:2 >F2",
	    "Page fault (minor +1). The kernel copied F2 into a new frame, b2; b's page 2 points there now. "
	    "Only c still maps F2 and doesn't see the write.",
	    "b writes page 2");
	paper_drop(paper, 0, 2);
	now[4] = paper_snapshot(paper, now[3]);
	happened(now[3], now[4], "dropped a:2 a2>",
	    "a's page 2 points nowhere now: its frame a2 is gone, and what was written there.",
	    "a drops its copy");
	paper_touch(paper, 0, 2, false);
	now[5] = paper_snapshot(paper, now[4]);
	happened(now[4], now[5], "mapped a:2 >F2, shared c:2 >F2",
	    "Page fault (minor +1). a's page 2 points to F2 now, the frame that c maps too.",
	    "a reads it again");
	for (int i = 0; i < 6; i++)
		snapshot_free(now[i]);
	free(paper);
}

static void
processes(void)
{
	struct paper *paper = paper_new(KIND_PRIVATE_ANON, false, 1);
	struct snapshot *now[5];

	paper_touch(paper, 0, 1, true);
	now[0] = paper_snapshot(paper, NULL);
	paper_fork(paper, 0, 3);
	now[1] = paper_snapshot(paper, now[0]);
	happened(now[0], now[1], "shared a:1 >a1, started d",
	    "a forked d. Parent and child share the frames that were copied or filled so far: the first of them "
	    "to write a page gets a copy.",
	    "a forks d");
	now[2] = paper_snapshot(paper, now[1]);
	now[2]->processes[1].life = LIFE_DEAD;
	now[2]->processes[1].exit_signal = SIGKILL;
	for (int page = 0; page < PAPER_PAGES; page++)
		now[2]->processes[1].pages[page].pagemap_known = false;
	now[2]->processes[0].pages[1].pagemap |= PM_EXCLUSIVE;
	classify(now[2], now[1]);
	happened(now[1], now[2], "became private a:1 >a1, exited d",
	    "d was ended by SIGKILL; its page table is gone with it. a is alone on a1 now: d left it.",
	    "d is killed");
	paper->processes[3].alive = false;
	paper_touch(paper, 0, 1, true);
	now[3] = paper_snapshot(paper, now[2]);
	happened(now[2], now[3], "",
	    "No page fault: the page table entry was there and allowed it. "
	    "a has a1 alone: the write went there, nothing was copied.",
	    "a writes what it has alone");
	paper->acts[paper->act_count++] = (struct act){
	    .process = 'a',
	    .verb = ACT_WRITE,
	    .page = 2,
	    .signal = SIGSEGV,
	    .code = SEGV_ACCERR,
	    .address = 0xa0002000,
	};
	now[4] = paper_snapshot(paper, now[3]);
	happened(now[3], now[4], "faulted a:2",
	    "a got SIGSEGV (SEGV_ACCERR) at 0xa0002000, page 2: the page's protection does not allow it. "
	    "It caught the signal and lives on.",
	    "a write that is not allowed");
	for (int i = 0; i < 5; i++)
		snapshot_free(now[i]);
	free(paper);
}

static void
frame_not_known(void)
{
	struct paper *paper = paper_new(KIND_PRIVATE_ANON, false, 1);
	struct snapshot *before, *now;

	paper_touch(paper, 0, 1, true);
	before = paper_snapshot(paper, NULL);
	before->processes[0].pages[1].frame = FRAME_NONE;
	before->processes[0].pages[1].state = PAGE_UNKNOWN;
	paper_drop(paper, 0, 1);
	now = paper_snapshot(paper, before);
	happened(before, now, "dropped a:1", NULL, "a drops a page whose frame was not known");
	snapshot_free(before);
	snapshot_free(now);
	free(paper);
}

static void
shared_file(void)
{
	struct paper *paper = paper_new(KIND_SHARED_FILE, false, 2);
	struct snapshot *now[4];

	for (int process = 0; process < 2; process++)
		paper_touch(paper, process, 2, false);
	now[0] = paper_snapshot(paper, NULL);
	paper_touch(paper, 0, 2, true);
	now[1] = paper_snapshot(paper, now[0]);
	for (int i = 0; i < 2; i++) {
		now[i]->file_pages = mem_zero(PAPER_PAGES, sizeof(struct file_page));
		now[i]->file_pages[2] = (struct file_page){
		    .cached = TRI_YES,
		    .dirty = i ? TRI_YES : TRI_NO,
		    .content = {.length = 1, .bytes = {i ? 'W' : '2'}},
		};
	}
	happened(now[0], now[1], "dirtied a:2",
	    "No page fault: the page table entry was there and allowed it. "
	    "a wrote into F2 itself, which b maps too and sees at once. "
	    "Page 2 of the file is dirty: changed in memory, not yet written back.",
	    "a writes a shared page");
	now[2] = paper_snapshot(paper, now[1]);
	now[2]->file_pages = mem_copy(now[1]->file_pages, PAPER_PAGES * sizeof(struct file_page));
	now[2]->file_pages[2].dirty = TRI_NO;
	happened(now[1], now[2], "cleaned -:2",
	    "Page 2 of the file is clean: memory and disk hold the same.", "written back");
	now[3] = paper_snapshot(paper, now[2]);
	now[3]->file_pages = mem_copy(now[2]->file_pages, PAPER_PAGES * sizeof(struct file_page));
	now[3]->file_pages[2].content.bytes[0] = 'Z';
	now[3]->file_pages[1].cached = TRI_YES;
	happened(now[2], now[3], "cached -:1, changed -:2",
	    "Page 2 of the file holds other bytes now. Page 1 of the file is in the page cache now.",
	    "another program writes");
	for (int i = 0; i < 4; i++)
		snapshot_free(now[i]);
	free(paper);
}

static void
give_file_page(struct snapshot *now, const struct file_page *file_page)
{
	now->file_pages = mem_zero(PAPER_PAGES, sizeof(*now->file_pages));
	now->file_pages[0] = *file_page;
}

static void
another_page_of_the_file(void)
{
	struct paper *paper = paper_new(KIND_PRIVATE_FILE, false, 2);
	struct snapshot *now[4];

	paper_map(paper, 0, 2, 0, false);
	paper_map(paper, 0, 3, 0, true);
	paper_touch(paper, 1, 0, false);
	now[0] = paper_snapshot(paper, NULL);
	give_file_page(now[0], &(struct file_page){.cached = TRI_NO});
	paper_touch(paper, 0, 2, false);
	now[1] = paper_snapshot(paper, now[0]);
	give_file_page(
	    now[1], &(struct file_page){.cached = TRI_YES, .content = {.length = 1, .bytes = "0"}});
	happened(now[0], now[1], "mapped a:2 >F0, shared b:0 >F0",
	    "Page fault (minor +1). a's page 2 points to F0 now, the frame that b maps too.",
	    "a reads page 0 of the file at its page 2");
	paper_touch(paper, 0, 2, true);
	now[2] = paper_snapshot(paper, now[1]);
	give_file_page(now[2], &now[1]->file_pages[0]);
	happened(now[1], now[2], "copied a:2 F0>a2, became private b:0 >F0",
	    "Page fault (minor +1). The kernel copied F0 into a new frame, a2; a's page 2 points there now. "
	    "Only b still maps F0 and doesn't see the write.",
	    "and writes it");
	paper_touch(paper, 0, 3, true);
	now[3] = paper_snapshot(paper, now[2]);
	give_file_page(now[3],
	    &(struct file_page){
		.cached = TRI_YES,
		.dirty = TRI_YES,
		.content = {.length = 1, .bytes = "W"},
	    });
	happened(now[2], now[3], "mapped a:3 >F0, shared b:0 >F0, dirtied a:0", NULL,
	    "a writes it where it is mapped shared");
	for (int i = 0; i < 4; i++)
		snapshot_free(now[i]);
	free(paper);
}

static void
add_map_act(struct paper *paper, uint32_t page, int errnum)
{
	paper->acts[paper->act_count++] =
	    (struct act){.process = 'a', .verb = ACT_MAP, .page = page, .errnum = errnum};
}

static void
mapping(void)
{
	struct paper *paper = paper_new(KIND_PRIVATE_FILE, false, 1);
	struct snapshot *now[4];

	now[0] = paper_snapshot(paper, NULL);
	happened(now[0], now[0], "", "", "no command");
	now[0]->command = mem_string("lab private-file");
	happened(now[0], now[0], "",
	    "The mapping is there; a page table entry comes with the first touch. Each page is a VMA of its own: a touch maps it alone. "
	    "In an ordinary program fault-around may map its neighbours.",
	    "a new lab");
	add_map_act(paper, 2, 0);
	now[1] = paper_snapshot(paper, now[0]);
	happened(now[0], now[1], "",
	    "The mapping is there; a page table entry comes with the first touch.", "mmap");
	for (uint32_t page = 0; page < 4; page++)
		add_map_act(paper, page, EEXIST);
	now[2] = paper_snapshot(paper, now[1]);
	happened(now[1], now[2], "refused a:0, refused a:1, refused a:2, refused a:3",
	    "The kernel refused mmap for pages 0-3 of a: File exists (EEXIST).", "four refused");
	for (uint32_t page = 0; page < 4; page++)
		add_map_act(paper, page, page ? EEXIST : ENOMEM);
	now[3] = paper_snapshot(paper, now[2]);
	happened(now[2], now[3], "refused a:0, refused a:1, refused a:2, refused a:3",
	    "The kernel refused the call for pages 0-3 of a.", "for two reasons");
	for (int i = 0; i < 4; i++)
		snapshot_free(now[i]);
	free(paper);
}

/* One more maps what two map already. */
static void
plural(void)
{
	struct paper *paper = paper_new(KIND_PRIVATE_FILE, false, 3);
	struct snapshot *now[2];

	paper_touch(paper, 1, 0, false);
	paper_touch(paper, 2, 0, false);
	now[0] = paper_snapshot(paper, NULL);
	paper_touch(paper, 0, 0, false);
	now[1] = paper_snapshot(paper, now[0]);
	happened(now[0], now[1], "mapped a:0 >F0",
	    "Page fault (minor +1). a's page 0 points to F0 now, the frame that b and c map too.",
	    "a joins b and c");
	snapshot_free(now[0]);
	snapshot_free(now[1]);
	free(paper);
}

static void
swap(void)
{
	struct paper *paper = paper_new(KIND_PRIVATE_ANON, false, 1);
	struct snapshot *now[3];
	struct page *page;

	paper_touch(paper, 0, 1, true);
	now[0] = paper_snapshot(paper, NULL);
	now[1] = paper_snapshot(paper, now[0]);
	page = &now[1]->processes[0].pages[1];
	page->pagemap = PM_SWAPPED;
	classify(now[1], now[0]);
	happened(now[0], now[1], "swapped a:1 a1>", "a's page 1 was swapped out.", "swapped out");
	now[2] = paper_snapshot(paper, now[1]);
	happened(now[1], now[2], "swapped in a:1 >a1",
	    "a's page 1 came back from swap, into a frame of its own, a1.", "swapped in");
	for (int i = 0; i < 3; i++)
		snapshot_free(now[i]);
	free(paper);
}

static void
lists(void)
{
	struct buf out = BUF_INIT;
	uint32_t pages[] = {0, 1, 2, 7, 9, 10};

	pages_of(&out, pages, 6);
	is_text(buf_text(&out), "0-2, 7 and 9-10", "page numbers in ranges");
	buf_clear(&out);
	names_of(&out, 1 | 4 | 8 | 256);
	is_text(buf_text(&out), "a, c, d and i", "names in a list");
	buf_free(&out);
}

/* Where one page was copied, nothing says that nothing was. */
static void
copied_and_in_place(void)
{
	struct paper *paper = paper_new(KIND_PRIVATE_FILE, false, 1);
	struct snapshot *now[4];

	paper_touch(paper, 0, 1, true);
	now[0] = paper_snapshot(paper, NULL);
	paper_touch(paper, 0, 1, true);
	paper_touch(paper, 0, 2, true);
	now[1] = paper_snapshot(paper, now[0]);
	happened(now[0], now[1], "copied a:2 F2>a2",
	    "Page fault (minor +1). The kernel copied F2 into a new frame, a2; a's page 2 points there now. "
	    "No process maps F2 now; the file's page in the page cache stays as it was. "
	    "a has a1 alone: the write went there and needed no copy.",
	    "one copied, one written in place");
	for (int i = 0; i < 4; i++) {
		paper_touch(paper, 0, 1, true);
		paper_touch(paper, 0, 3, i == 3);
	}
	now[2] = paper_snapshot(paper, now[1]);
	happened(now[1], now[2], "copied a:3 F3>a3", NULL, "one copied, four written in place");
	now[3] = paper_snapshot(paper, now[2]);
	for (int i = 0; i < 4; i++)
		snapshot_free(now[i]);
	free(paper);
}

/* One event of each type for each of some pages of some processes, said together. */
static char *
group_text(enum event_type type, int processes, uint32_t pages)
{
	struct paper *paper = paper_new(KIND_PRIVATE_FILE, false, 1);
	struct snapshot *now = paper_snapshot(paper, NULL);
	struct event list[9 * 10] = {0};
	struct events events = {.list = list};
	struct buf out = BUF_INIT;

	for (int process = 0; process < processes; process++)
		for (uint32_t page = 0; page < pages; page++)
			list[events.count++] = (struct event){
			    .type = type,
			    .process = (char)('a' + process),
			    .page = page,
			    .code = ACT_MAP,
			    .errnum = EEXIST,
			};
	events_paragraph(&out, &events, now);
	snapshot_free(now);
	free(paper);
	return buf_take(&out);
}

/* "page" and "pages", verbs and their subjects. */
static bool
agrees(const char *text, int processes, uint32_t pages)
{
	static const char *const of_one[] = {
	    " maps ", " lives ", " shares ", " has the ", " is alone "};
	static const char *const of_many[] = {
	    " map ", " live ", " share ", " have the ", " are each alone "};
	static const char *const of_page[] = {" points ", " has another ", " was swapped "};
	static const char *const of_pages[] = {
	    " point nowhere ", " have another ", " were swapped "};
	bool fine = !strstr(text, pages == 1 ? "ages " : "age 0");

	for (size_t i = 0; i < 5; i++)
		fine = fine && !strstr(text, processes == 1 ? of_many[i] : of_one[i]);
	for (size_t i = 0; i < 3 && !strstr(text, "copied"); i++)
		fine = fine && !strstr(text, pages == 1 ? of_pages[i] : of_page[i]);
	return fine;
}

static void
groups(void)
{
	static const enum event_type types[] = {EVENT_REFUSED, EVENT_FAULTED, EVENT_COPIED,
	    EVENT_FILLED, EVENT_MAPPED, EVENT_DROPPED, EVENT_SWAPPED, EVENT_SWAPPED_IN,
	    EVENT_SHARED, EVENT_PROTECTED, EVENT_LOCKED, EVENT_UNLOCKED, EVENT_BECAME_PRIVATE,
	    EVENT_DIRTIED};
	static const int processes[] = {1, 2, 9};
	static const uint32_t pages[] = {1, 2, 10};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		for (int j = 0; j < 9; j++) {
			int who = processes[j / 3];
			uint32_t what = pages[j % 3];
			char *text;

			if ((uint32_t)who * what <= 3 || (types[i] == EVENT_DIRTIED && who > 1))
				continue;
			text = group_text(types[i], who, what);
			ok(text[0] && agrees(text, types[i] == EVENT_DIRTIED ? 2 : who, what),
			    "%s, %d processes, %u pages: %s", event_word(types[i]), who, what,
			    text);
			free(text);
		}
}

static void
group_words(void)
{
	static const struct {
		enum event_type type;
		int processes;
		uint32_t pages;
		const char *text;
	} rows[] = {
	    {EVENT_DROPPED, 1, 4, "Pages 0-3 of a point nowhere now."},
	    {EVENT_DROPPED, 4, 1, "Page 0 of a, b, c and d points nowhere now."},
	    {EVENT_MAPPED, 4, 1, "a, b, c and d map page 0 now."},
	    {EVENT_COPIED, 4, 1,
		"The kernel copied page 0 for each of a, b, c and d: each has a new frame now."},
	    {EVENT_FILLED, 4, 1,
		"a, b, c and d each got a fresh frame for page 0: there was nothing to copy."},
	    {EVENT_FILLED, 2, 2,
		"a and b each got a fresh frame for every one of pages 0-1: there was nothing to copy."},
	    {EVENT_REFUSED, 4, 1,
		"The kernel refused mmap for page 0 of a, b, c and d: File exists (EEXIST)."},
	    {EVENT_DIRTIED, 1, 9, "Pages 0-8 of the file are dirty: not yet written back."},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = group_text(rows[i].type, rows[i].processes, rows[i].pages);

		is_text(
		    text, rows[i].text, "%s of %d", event_word(rows[i].type), rows[i].processes);
		free(text);
	}
}

int
main(void)
{
	private_file();
	processes();
	frame_not_known();
	shared_file();
	another_page_of_the_file();
	mapping();
	plural();
	swap();
	lists();
	copied_and_in_place();
	groups();
	group_words();
	return done_testing();
}
