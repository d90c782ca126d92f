#include "config.h"

#include "base/utf8.h"
#include "lang/command.h"
#include "tap.h"
#include "view/canvas/wording.h"
#include "view/lab/explain.h"
#include "view/lab/frame_entries.h"
#include "view_stories.h"

static bool
lines_fit(const char *text, size_t cells)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		struct buf line = BUF_INIT;
		bool fits;

		buf_add_n(&line, text, length);
		fits = utf8_width(buf_text(&line)) <= cells && (!length || text[length - 1] != ' ');
		if (!fits)
			printf("# %s\n", buf_text(&line));
		buf_free(&line);
		if (!fits)
			return false;
		text += length + (text[length] == '\n');
	}
	return true;
}

static void
has(const struct buf *text, const char *part)
{
	ok(strstr(buf_text(text), part) != NULL, "says %.*s", (int)strcspn(part, "\n"), part);
}

static void
state_table(void)
{
	struct story story = story_copied(), dirty = story_dirty();
	struct buf out = BUF_INIT;

	report_state(&out, story.now);
	ok(lines_fit(buf_text(&out), 80), "three processes fit into 80 columns");
	has(&out,
	    "   2  copied a2 \"W222\"     shared x2 F2 \"2222\"  shared x2 F2 \"2222\"  cached\n");
	has(&out, "rss   40K");
	buf_clear(&out);
	report_state(&out, dirty.now);
	ok(lines_fit(buf_text(&out), 80), "also with dirt");
	has(&out, "shared x3 F3! \"W333\"");
	has(&out, "! dirty");
	buf_free(&out);
	story_free(&story);
	story_free(&dirty);
}

static void
lives_in_the_table(void)
{
	struct story story = story_lives();
	struct buf out = BUF_INIT;

	report_state(&out, story.now);
	has(&out,
	    "page  a  pid 4242          b  gone              c  stopped           d  no answer yet");
	has(&out, "   4  shared x3 F4 \"4444\"                       shared x3 F4");
	has(&out, "?!");
	buf_clear(&out);
	report_page(&out, story.now, 'b', 4);
	has(&out, "the process is gone");
	buf_free(&out);
	story_free(&story);
}

static void
other_answers(void)
{
	struct story story = story_both();
	struct buf out = BUF_INIT;

	report_step(&out, story.now, &story.events, REPORT_CELLS);
	has(&out, "step 3  write b:2 \"hello\"\n  ");
	has(&out, "F2");
	ok(lines_fit(buf_text(&out), 80), "words are wrapped");
	buf_clear(&out);
	report_frames(&out, story.now);
	has(&out, "F2   <- c  (PFN 0x103404)\n");
	has(&out, "a2   <- a");
	has(&out, "b2   <- b");
	has(&out, "F3   <- a b c");
	buf_clear(&out);
	report_file(&out, story.now);
	has(&out, "/var/tmp/cow.dat (ext4), 40960 bytes\n");
	has(&out, "10 cached, 0 dirty");
	buf_clear(&out);
	report_memory(&out, story.now);
	has(&out, "used 1.2G   buff/cache 3.4G");
	buf_free(&out);
	story_free(&story);
}

static void
one_page(void)
{
	struct story story = story_copied(), hidden = story_hidden();
	struct buf out = BUF_INIT;

	report_page(&out, story.now, 'a', 2);
	has(&out, "copied: only this process maps the frame");
	has(&out, "0x8100000000103442");
	has(&out, "63 present, 56 mapped exactly once");
	has(&out, "PFN 0x103442");
	has(&out, "Private_Dirty 4");
	has(&out, "57 32 32");
	has(&out, "exact");
	buf_clear(&out);
	report_page(&out, hidden.now, 'a', 2);
	has(&out, "PFN hidden");
	has(&out, "inferred");
	buf_clear(&out);
	report_page(&out, hidden.now, 'b', 7);
	has(&out, "the kernel would not say");
	buf_clear(&out);
	report_page(&out, story.now, 'z', 99);
	has(&out, "no such page");
	buf_free(&out);
	story_free(&story);
	story_free(&hidden);
}

static void
explained(void)
{
	struct story story = story_copied(), hidden = story_hidden(), lives = story_lives();
	struct buf out = BUF_INIT;

	report_explain(&out, story.now, 'a', 2);
	has(&out, "Page 2 of a, pid 4242");
	has(&out, "  copied          only this process maps the frame");
	has(&out, "  why             bit 61 is 0");
	has(&out, "10000001 00000000");
	has(&out, "63=1 present          the page is in memory");
	has(&out, "61=0 file or shared   no page of a file");
	has(&out, "0x103442: the number of the frame");
	has(&out, "Private_Dirty 4 ");
	has(&out, "  a2              made by copy-on-write for page 2");
	buf_clear(&out);
	report_explain(&out, story.now, 'c', 2);
	has(&out, "mapped by       b:2  c:2\n");
	has(&out, "  F2              page 2 of the file in the page cache");
	buf_clear(&out);
	report_explain(&out, hidden.now, 'a', 2);
	has(&out, "hidden: the number of the frame is shown to root alone");
	has(&out, "inferred");
	buf_clear(&out);
	report_explain(&out, hidden.now, 'b', 7);
	has(&out, "  ?   not known: the kernel would not say");
	buf_clear(&out);
	report_explain(&out, lives.now, 'b', 4);
	has(&out, "the process is gone");
	buf_clear(&out);
	report_explain(&out, story.now, 0, 0);
	has(&out, "no such page");
	buf_free(&out);
	story_free(&story);
	story_free(&hidden);
	story_free(&lives);
}

static size_t
times(const struct buf *text, const char *part)
{
	size_t count = 0;

	for (const char *at = buf_text(text); (at = strstr(at, part)); at++)
		count++;
	return count;
}

/* a has page 0 of the file at its page 2, and at its page 3 one that lies behind the lab's last. */
static void
other_pages_of_the_file(void)
{
	struct stage *stage = stage_new(KIND_PRIVATE_FILE, 4, 2, true);
	struct frame_entries row = {0};
	struct buf out = BUF_INIT;
	struct snapshot *now;

	stage->processes[0].frame[2] = STAGE_FILE;
	stage->processes[0].frame[3] = STAGE_FILE + 12;
	stage->processes[1].frame[0] = STAGE_FILE;
	now = stage_snapshot(stage, NULL, NULL);
	report_frames(&out, now);
	has(&out, "F0   <- a b  (PFN");
	has(&out, "F2   <- nobody");
	has(&out, "F12  <- a  (PFN");
	is_number(times(&out, "F0 "), 1, "each frame once");
	buf_clear(&out);
	report_state(&out, now);
	has(&out, "   0  absent               shared x2 F0 \"0000\"  cached\n");
	has(&out, "   2  shared x2 F0 \"0000\"  absent               cached\n");
	has(&out, "   3  private F12");
	buf_clear(&out);
	report_page(&out, now, 'a', 2);
	has(&out, "F0: page 0 of the file in the page cache");
	has(&out, "mapped by  a and b\n");
	has(&out, "maps       page 0 of the file\n");
	buf_clear(&out);
	report_page(&out, now, 'b', 0);
	has(&out, "mapped by  a and b\n");
	is_number(times(&out, "\nmaps "), 0, "nothing to say of b's page 0");
	buf_clear(&out);
	report_page(&out, now, 'a', 3);
	has(&out, "maps       page 12 of the file\n");
	frames_of_page(&row, now, 2, true);
	is_number(row.count, 2, "the row of page 2 has two frames");
	is_text(row.list[0].name, "F0", "what a maps there");
	is_number(row.list[0].mappers, 3, "and b elsewhere");
	is_text(row.list[1].name, "F2", "and what nobody maps");
	frames_free(&row);
	frames_of_page(&row, now, 0, true);
	is_number(row.count, 1, "the row of page 0 has one");
	is_number(row.list[0].mappers, 3, "with both");
	frames_free(&row);
	buf_free(&out);
	snapshot_free(now);
	free(stage);
}

static void
help(void)
{
	struct buf out = BUF_INIT, one = BUF_INIT, family = BUF_INIT;
	int missing = 0;

	help_lab(&out);
	help_family(&family);
	for (int verb = 0; verb < VERB_COUNT; verb++) {
		bool of_family = command_defs[verb].group == GROUP_FAMILY;

		missing +=
		    strstr(buf_text(of_family ? &family : &out), command_defs[verb].help) == NULL;
		help_command(&one, command_defs[verb].name);
		missing += strstr(buf_text(&one), command_defs[verb].help) == NULL;
		buf_clear(&one);
	}
	is_number(missing, 0, "help names every command");
	ok(!strstr(buf_text(&family), "expect TARGET") &&
		!strstr(buf_text(&family), "of the lab and leave"),
	    "that of running processes none that is refused there");
	has(&family, "leave; the processes go on");
	buf_free(&family);
	for (int state = 0; state < PAGE_PARTED; state++)
		missing +=
		    strstr(buf_text(&out), page_state_meaning((enum page_state)state)) == NULL;
	is_number(missing, 0, "and every state");
	help_command(&one, "nonsense");
	has(&one, "nonsense");
	buf_free(&out);
	buf_free(&one);
}

static void
numbers(void)
{
	static const struct {
		uint64_t kib;
		const char *text;
	} sizes[] = {
	    {0, "0K"},
	    {999, "999K"},
	    {1000, "1.0M"},
	    {1258291, "1.2G"},
	    {12288, "12M"},
	    {COUNT_UNKNOWN, "?"},
	    {UINT64_C(5000) << 30, "4.9P"},
	};
	struct content content = {6, "a\xc3\xa9\033\xffz"};
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		buf_clear(&out);
		size_text(&out, sizes[i].kib);
		is_text(buf_text(&out), sizes[i].text, "a size as %s", sizes[i].text);
	}
	buf_clear(&out);
	content_text(&out, &content, false);
	is_text(
	    buf_text(&out), "a\xc3\xa9..z", "content is readable, a dot for each byte that is not");
	buf_clear(&out);
	content_text(&out, &content, true);
	is_text(buf_text(&out), "a....z", "in ASCII too");
	buf_clear(&out);
	kpageflags_text(&out, KPF_DIRTY | KPF_ANON);
	is_text(buf_text(&out), "DIRTY ANON", "names of kpageflags");
	buf_free(&out);
}

int
main(void)
{
	explained();
	state_table();
	lives_in_the_table();
	other_answers();
	one_page();
	other_pages_of_the_file();
	help();
	numbers();
	return done_testing();
}
