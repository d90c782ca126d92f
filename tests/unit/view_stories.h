/*
 * The situations that golden screens show: each ends in two snapshots and what happened between
 * them.
 */
#ifndef TESTS_VIEW_STORIES_H
#define TESTS_VIEW_STORIES_H

#include "view/report.h"
#include "view/scene.h"
#include "view_fixture.h"

struct story {
	const char *name;
	struct snapshot *before, *now;
	struct events events;
	struct scene scene;
	char *help;
};

/* Ends the story: what was done to the stage since `before` becomes its last step. */
static struct story
story_end(const char *name, struct stage *stage, struct snapshot *before, const char *command,
    char process, uint32_t page)
{
	struct story story = {
	    .name = name, .before = before, .scene = {.process = process, .page = page}};

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
	stage->processes[2].unmapped[1] = true;
	stage->processes[2].frame[1] = 0;
	gone = stage_snapshot(stage, "file truncate 4", shared);
	snapshot_free(shared);
	stage_fault(stage, 'b', 6, SIGBUS, BUS_ADRERR);
	return story_end("faulted", stage, gone, "write b:6", 'b', 6);
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

	stage->path = "/tmp/\033[31mred\xe2\x80\xae" "evil\xff\n\xe9\xa1\xb5.dat";
	stage->filesystem = "ext\t4\007";
	memcpy(stage->content[STAGE_FILE + 1], "\033[2J\033[H\xe2\x80\xaeX", 11);
	memcpy(stage->content[STAGE_FILE + 3], "\xe9\xa1\xb5\xe9\x9d\xa2 page", 11);
	memcpy(stage->content[STAGE_FILE + 4], "\xe9\xa1\xff\xe9\x9d", 5);
	shared = all_shared(stage);
	stage_write(stage, 'a', 2, "\xe4\xbd\xa0\xe5\xa5\xbd");
	story = story_end("hostile", stage, shared,
	    "write a:2 \"\033]0;title\007\xe4\xbd\xa0\xe5\xa5\xbd\"", 'a', 2);
	story.scene.message = "cannot \033[5mopen\r\n/x: No such file or directory (ENOENT)";
	story.scene.message_is_error = true;
	return story;
}

static struct story
story_prompt(void)
{
	struct story story = story_copied();

	story.name = "prompt";
	story.scene.prompt = "advise a:2 don";
	story.scene.prompt_cursor = 14;
	story.scene.hint = "dontneed  normal  pageout  random  sequential  willneed";
	return story;
}

static struct story
story_error(void)
{
	struct story story = story_copied();

	story.name = "error";
	story.scene.message =
	    "there is no process d: a, b and c are here; fork a or spawn makes another one";
	story.scene.message_is_error = true;
	return story;
}

static struct story
story_help(void)
{
	struct story story = story_copied();
	struct buf help = BUF_INIT;

	report_help(&help);
	story.name = "help";
	story.help = buf_take(&help);
	story.scene.help = story.help;
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

static struct story (*const stories[])(void) = {
    story_start,
    story_shared,
    story_copied,
    story_both,
    story_dirty,
    story_fork,
    story_faulted,
    story_lives,
    story_many,
    story_hidden,
    story_hostile,
    story_prompt,
    story_error,
    story_help,
    story_frames,
    story_page,
};

#define STORY_COUNT (sizeof(stories) / sizeof(stories[0]))

#endif
