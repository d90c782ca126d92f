/*
 * The situations that golden screens show: each ends in two snapshots and what happened between
 * them.
 */
#ifndef TESTS_VIEW_STORIES_H
#define TESTS_VIEW_STORIES_H

#include "view/canvas/help_text.h"
#include "view/lab/report.h"
#include "view/lab/scene.h"
#include "view_fixture.h"

struct story {
	const char *name;
	struct snapshot *before, *now;
	struct events events;
	struct scene scene;
	char *help;
	struct guide guide; /* with a title: it is there */
	bool pointed[STAGE_PAGES * PROCESSES_MAX], changed[STAGE_PAGES * PROCESSES_MAX];
};

/* Ends the story: what was done to the stage since `before` becomes its last step. */
static struct story
story_end(const char *name, struct stage *stage, struct snapshot *before, const char *command,
    char process, uint32_t page)
{
	struct story story = {
	    .name = name,
	    .before = before,
	    .scene = {.process = process, .page = page},
	};

	story.now = stage_snapshot(stage, command, before);
	events_between(&story.events, before, story.now);
	free(stage);
	return story;
}

/* Where the story lies in memory from now on. */
__attribute__((unused)) static const struct scene *
story_scene(struct story *story)
{
	story->scene.now = story->now;
	story->scene.before = story->before;
	story->scene.events = &story->events;
	if (story->guide.title)
		story->scene.guide = &story->guide;
	story->guide.flags = sizeof(story->pointed);
	if (story->guide.pointed)
		story->guide.pointed = story->pointed;
	if (story->guide.changed)
		story->guide.changed = story->changed;
	return &story->scene;
}

__attribute__((unused)) static void
story_free(struct story *story)
{
	events_free(&story->events);
	snapshot_free(story->before);
	snapshot_free(story->now);
	free(story->help);
}

static void
all_read(struct stage *stage)
{
	for (int i = 0; i < PROCESSES_MAX; i++)
		for (uint32_t page = 0; stage->processes[i].there && page < stage->pages; page++)
			stage_read(stage, (char)('a' + i), page);
}

/* Everything read by everyone; the step before is left behind. */
static struct snapshot *
all_shared(struct stage *stage)
{
	struct snapshot *start = stage_snapshot(stage, NULL, NULL), *shared;

	all_read(stage);
	shared = stage_snapshot(stage, "read all:*", start);
	snapshot_free(start);
	return shared;
}

static struct story
story_start(void)
{
	struct stage *stage = stage_new(KIND_PRIVATE_FILE, 10, 3, true);

	stage->path = "/proc/4241/fd/5";
	return story_end("start", stage, NULL, NULL, 'a', 0);
}

static struct story
story_shared(void)
{
	struct stage *stage = stage_new(KIND_PRIVATE_FILE, 10, 3, true);
	struct snapshot *start = stage_snapshot(stage, NULL, NULL);

	all_read(stage);
	return story_end("shared", stage, start, "read all:*", 'a', 2);
}

static struct story
story_copied(void)
{
	struct stage *stage = stage_new(KIND_PRIVATE_FILE, 10, 3, true);
	struct snapshot *shared = all_shared(stage);

	stage_write(stage, 'a', 2, "W");
	return story_end("copied", stage, shared, "write a:2", 'a', 2);
}

static struct story
story_both(void)
{
	struct stage *stage = stage_new(KIND_PRIVATE_FILE, 10, 3, true);
	struct snapshot *shared = all_shared(stage), *copied;

	stage_write(stage, 'a', 2, "W");
	copied = stage_snapshot(stage, "write a:2", shared);
	snapshot_free(shared);
	stage_write(stage, 'b', 2, "hello");
	return story_end("both", stage, copied, "write b:2 \"hello\"", 'b', 2);
}

static struct story
story_dirty(void)
{
	struct stage *stage = stage_new(KIND_SHARED_FILE, 10, 3, false);
	struct snapshot *shared = all_shared(stage);

	stage_write(stage, 'b', 3, "W");
	return story_end("dirty", stage, shared, "write b:3", 'b', 3);
}

static struct story
story_fork(void)
{
	struct stage *stage = stage_new(KIND_PRIVATE_ANON, 10, 1, true);
	struct snapshot *start = stage_snapshot(stage, NULL, NULL), *filled, *forked;

	for (uint32_t page = 0; page < 5; page++)
		stage_write(stage, 'a', page, "A");
	stage_read(stage, 'a', 6);
	filled = stage_snapshot(stage, "write a:0-4", start);
	stage_fork(stage, 'a', 'b');
	forked = stage_snapshot(stage, "fork a", filled);
	snapshot_free(start);
	snapshot_free(filled);
	stage_write(stage, 'a', 2, "B");
	return story_end("fork", stage, forked, "write a:2 \"B\"", 'a', 2);
}

static struct story
story_faulted(void)
{
	struct stage *stage = stage_new(KIND_PRIVATE_FILE, 10, 3, false);
	struct snapshot *shared = all_shared(stage), *gone;

	for (int i = 0; i < 3; i++)
		for (uint32_t page = 4; page < 10; page++)
			stage->processes[i].frame[page] = 0;
	for (uint32_t page = 4; page < 10; page++)
		stage->cached[page] = false;
	stage->file_pages = 4;
	stage->processes[2].unmapped[1] = true;
	stage->processes[2].frame[1] = 0;
	gone = stage_snapshot(stage, "file truncate 4", shared);
	snapshot_free(shared);
	stage_fault(stage, 'b', 6, SIGBUS, BUS_ADRERR);
	return story_end("faulted", stage, gone, "write b:6", 'b', 6);
}

static struct story
story_protected(void)
{
	struct stage *stage = stage_new(KIND_SHARED_FILE, 10, 3, false);
	struct snapshot *shared = all_shared(stage), *before;

	stage->processes[1].perms[5] = "---";
	before = stage_snapshot(stage, "protect b:5 none", shared);
	snapshot_free(shared);
	stage->processes[0].perms[2] = "r--";
	return story_end("protected", stage, before, "protect a:2 read", 'a', 2);
}

static struct story
story_lives(void)
{
	struct stage *stage = stage_new(KIND_PRIVATE_FILE, 10, 4, true);
	struct snapshot *shared = all_shared(stage);
	struct story story;

	stage_kill(stage, 'b', SIGKILL);
	stage->processes[2].life = LIFE_STOPPED;
	stage->processes[3].life = LIFE_BUSY;
	story = story_end("lives", stage, shared, "kill b", 'b', 4);
	story.now->processes[0].pages[3].disagrees = true;
	story.scene.waiting = "write d:2";
	return story;
}

static struct story
story_many(void)
{
	struct stage *stage = stage_new(KIND_PRIVATE_FILE, 30, 5, true);
	struct snapshot *shared = all_shared(stage);

	stage_write(stage, 'd', 27, "W");
	stage_write(stage, 'd', 28, "W");
	return story_end("many", stage, shared, "write d:27-28", 'd', 27);
}

static struct story
story_hidden(void)
{
	struct stage *stage = stage_new(KIND_PRIVATE_FILE, 10, 3, false);
	struct snapshot *shared;
	struct story story;

	stage->hides_file = true;
	shared = all_shared(stage);
	stage_write(stage, 'a', 2, "W");
	stage->processes[2].frame[5] = 0;
	story = story_end("hidden", stage, shared, "write a:2", 'c', 5);
	for (uint32_t page = 6; page < 10; page++) {
		story.now->processes[1].pages[page].pagemap = 0;
		story.now->processes[1].pages[page].pagemap_known = false;
		story.now->processes[1].pages[page].content.length = 0;
	}
	story.now->processes[1].rss_kib = story.now->processes[1].pss_kib = COUNT_UNKNOWN;
	story.now->memory.shared_kib = COUNT_UNKNOWN;
	free(story.now->frames);
	story.now->frames = NULL;
	story.now->frame_count = 0;
	classify(story.now, story.before);
	return story;
}

static struct story
story_hostile(void)
{
	struct stage *stage = stage_new(KIND_PRIVATE_FILE, 10, 3, true);
	struct snapshot *shared;
	struct story story;

	stage->path = "/tmp/\033[31mred\xe2\x80\xae"
		      "evil\xff\n\xe9\xa1\xb5.dat";
	stage->filesystem = "ext\t4\007";
	memcpy(stage->content[STAGE_FILE + 1], "\033[2J\033[H\xe2\x80\xaeX", 11);
	memcpy(stage->content[STAGE_FILE + 3], "\xe9\xa1\xb5\xe9\x9d\xa2 page", 11);
	memcpy(stage->content[STAGE_FILE + 4], "\xe9\xa1\xff\xe9\x9d", 5);
	shared = all_shared(stage);
	stage_write(stage, 'a', 2, "\xe4\xbd\xa0\xe5\xa5\xbd");
	story = story_end("hostile", stage, shared,
	    "write a:2 \"\033]0;title\007\xe4\xbd\xa0\xe5\xa5\xbd\"", 'a', 2);
	story.scene.overlay.message =
	    "cannot \033[5mopen\r\n/x: No such file or directory (ENOENT)";
	story.scene.overlay.message_is_error = true;
	return story;
}

static struct story
story_prompt(void)
{
	struct story story = story_copied();

	story.name = "prompt";
	story.scene.overlay.prompt = "advise a:2 don";
	story.scene.overlay.prompt_cursor = 14;
	story.scene.overlay.hint = "dontneed  normal  pageout  random  sequential  willneed";
	return story;
}

static struct story
story_error(void)
{
	struct story story = story_copied();

	story.name = "error";
	story.scene.overlay.message =
	    "there is no process d: a, b and c are here; fork a or spawn makes another one";
	story.scene.overlay.message_is_error = true;
	return story;
}

static struct story
story_help(void)
{
	struct story story = story_copied();
	struct buf help = BUF_INIT;

	help_lab(&help);
	story.name = "help";
	story.help = buf_take(&help);
	story.scene.overlay.help = story.help;
	story.scene.overlay.help_title = "help";
	story.scene.view = SCENE_HELP;
	return story;
}

static struct story
story_frames(void)
{
	struct story story = story_both();

	story.name = "frames";
	story.scene.view = SCENE_FRAMES;
	return story;
}

static struct story
story_page(void)
{
	struct story story = story_copied();

	story.name = "page";
	story.scene.view = SCENE_PAGE;
	return story;
}

/* Steps that are as long as they get: the last is looked at. */
static struct story
story_code(void)
{
	static char *const commands[] = {NULL, "read all:*", "write a:2 \"hello\"",
	    "map a:3 offset=8192 shared read fixed", "fork a d", "file truncate 4 10",
	    "write d:0-4,7 \"a text that is longer than there is room for it on a small screen\"",
	    "write a:2"};
	static struct past_step steps[sizeof(commands) / sizeof(commands[0])];
	struct story story = story_copied();

	for (uint32_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		steps[i] = (struct past_step){
		    .command = commands[i],
		    .step = i,
		    .kind = KIND_PRIVATE_FILE,
		    .pages = 10,
		    .page_size = 4096,
		    .processes = 3,
		};
	story.name = "code";
	story.now->step = sizeof(steps) / sizeof(steps[0]) - 1;
	story.scene.past =
	    (struct scene_past){steps, sizeof(steps) / sizeof(steps[0]), NULL, false};
	story.scene.view = SCENE_CODE;
	return story;
}

static struct story
guided(struct story story, const char *name, enum guide_stage stage, const char *text,
    const char *keys)
{
	story.name = name;
	story.guide.stage = stage;
	story.guide.title = "cow 3/12";
	story.guide.text = text;
	story.guide.keys = keys;
	return story;
}

static struct story
story_guide_tells(void)
{
	return guided(story_copied(), "guide-tells", GUIDE_TELLS,
	    "Two processes still look at the frame that all three looked at before: b and c did not write.\n"
	    "Before the next step, look at the row of page 2:\n"
	    "- a has a frame of its own, a2, which holds what a wrote and, behind it, what the page held before.\n"
	    "- b and c have F2, the page of the file in the page cache.\n"
	    "    write a:2 \"W\"\n"
	    "The file itself has not changed, and will not: a private mapping is never written back. That is the whole idea: "
	    "as long as nobody writes, nobody pays; whoever writes first pays with one page fault and one copy of one page.",
	    "Space next  PgUp back  v text");
}

static struct story
story_guide_shared(void)
{
	struct story story = story_shared();

	story = guided(story, "guide-short", GUIDE_TELLS,
	    "\346\211\200\346\234\211\350\277\233\347\250\213\351\203\275"
	    "\346\230\240\345\260\204\345\220\214\344\270\200\344\270\252\351\241\265\346\241\206\357\274\214\345\234\250"
	    "\346\234\211\344\272\272\345\206\231\345\205\245\344\271\213\345\211\215\357\274\214\345\256\203\344\273\254"
	    "\347\234\213\345\210\260\347\232\204\346\230\257\345\220\214\344\270\200\346\256\265\345\206\205\345\255\230\343\200\202",
	    "Space next");
	story.scene.overlay.message = "select a:2";
	return story;
}

static struct story
asked(struct story story, const char *name, enum guide_stage stage)
{
	story = guided(story, name, stage, "a writes its page 2. What will b see there?",
	    stage == GUIDE_SHOWS ? "Space next  PgUp back" : "1-4 answer  Space skip  V vote");
	story.guide.answer_count = 4;
	story.guide.answers[0] = (struct guide_answer){
	    .text = "What a wrote: they map the same file.",
	    .reason = "MAP_PRIVATE: a write goes to a copy, never to the file's page.",
	};
	story.guide.answers[1] = (struct guide_answer){
	    .text = "What stood there before.",
	    .reason = "b still maps F2, and nobody wrote F2.",
	    .right = true,
	};
	story.guide.answers[2] = (struct guide_answer){.text = "Zeros, until b reads it again."};
	story.guide.answers[3] = (struct guide_answer){.text = "A signal: SIGSEGV."};
	return story;
}

static struct story
story_guide_asks(void)
{
	return asked(story_shared(), "guide-asks", GUIDE_ASKS);
}

static struct story
story_guide_memory(void)
{
	return guided(story_shared(), "guide-memory", GUIDE_ASKS,
	    "This step takes 256 MiB of memory and leaves 128 MiB to others, but 100 MiB are available.\n"
	    "Take it anyway? If memory runs out, its process is killed first.",
	    "y take it  Space skip");
}

static struct story
story_guide_votes(void)
{
	struct story story = asked(story_shared(), "guide-votes", GUIDE_VOTES_TYPED);
	static const uint32_t first[] = {14, 9, 3, 0}, second[] = {2, 22, 0, 0};

	for (size_t i = 0; i < 4; i++) {
		story.guide.answers[i].votes[0] = first[i];
		story.guide.answers[i].votes[1] = second[i];
	}
	story.guide.votes = 1;
	story.guide.voting = 2;
	story.guide.keys = "0-9 count  Enter next  Esc give up";
	return story;
}

static struct story
story_guide_shows(void)
{
	struct story story = asked(story_copied(), "guide-shows", GUIDE_SHOWS);

	story.guide.answers[0].chosen = true;
	story.guide.score = 2;
	story.guide.asked = 3;
	return story;
}

static struct story
story_guide_right(void)
{
	struct story story = asked(story_copied(), "guide-right", GUIDE_SHOWS);

	story.guide.answers[1].chosen = true;
	story.guide.observed = "b:2 is shared x2, frame F2, content \"22222\".";
	for (size_t i = 0; i < 4; i++) {
		story.guide.answers[i].votes[0] = (uint32_t)(i * 7);
		story.guide.answers[i].votes[1] = i == 1 ? 20 : 1;
	}
	story.guide.votes = 2;
	return story;
}

static struct story
story_guide_points(void)
{
	struct story story = guided(story_shared(), "guide-points", GUIDE_POINTS,
	    "a writes its page 2. Which pages will change?",
	    "x mark  n none  arrows move  Space skip");

	story.guide.pointed = story.pointed;
	story.pointed[2] = story.pointed[12] = story.pointed[13] = story.pointed[14] = true;
	return story;
}

static struct story
story_guide_pointed(void)
{
	struct story story = guided(story_both(), "guide-pointed", GUIDE_SHOWS,
	    "b writes its page 2. Which pages will change?", "Space next  PgUp back");

	story.guide.pointed = story.pointed;
	story.guide.changed = story.changed;
	story.pointed[12] = story.pointed[2] = true;
	story.changed[12] = story.changed[22] = true;
	return story;
}

static struct story (*const stories[])(void) = {
    story_guide_tells,
    story_guide_shared,
    story_guide_asks,
    story_guide_memory,
    story_guide_votes,
    story_guide_shows,
    story_guide_right,
    story_guide_points,
    story_guide_pointed,
    story_start,
    story_shared,
    story_copied,
    story_both,
    story_dirty,
    story_fork,
    story_faulted,
    story_protected,
    story_lives,
    story_many,
    story_hidden,
    story_hostile,
    story_prompt,
    story_error,
    story_help,
    story_frames,
    story_page,
    story_code,
};

#define STORY_COUNT (sizeof(stories) / sizeof(stories[0]))

__attribute__((unused)) static struct canvas *
story_canvas(struct story *story, int columns, int rows, bool ascii)
{
	struct canvas *canvas = canvas_new(columns, rows, ascii);

	scene_draw(canvas, story_scene(story));
	return canvas;
}

#endif
