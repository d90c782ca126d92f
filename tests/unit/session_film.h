/*
 * A session of four steps as a film, and a story as a canvas, for tests of what is saved.
 */
#ifndef TESTS_SESSION_FILM_H
#define TESTS_SESSION_FILM_H

#include "out/picture/picture.h"
#include "tap.h"
#include "view_stories.h"

#define SESSION_STEPS 4

static const struct origin session_origin = {
    .title = "cowscope: write b:2 \"hello\", step 3",
    .description = "private-file, 10 pages\na:2 copied a2",
    .command_line = "cowscope --batch -c 'read all:*' -c 'write a:2' --format=cast -o x.cast",
    .software = "cowscope 0.1.0",
    .kernel = "Linux 6.18.0",
    .time_s = 1700000000,
};

struct session_film {
	struct snapshot *snapshots[SESSION_STEPS];
	struct events events[SESSION_STEPS];
	struct canvas *canvases[SESSION_STEPS];
	struct film_step steps[SESSION_STEPS];
	struct film film;
};

static void
session_act(struct stage *stage, size_t step)
{
	if (step == 1)
		all_read(stage);
	else if (step == 2)
		stage_write(stage, 'a', 2, "W");
	else if (step == 3)
		stage_write(stage, 'b', 2, "hello");
}

/* Ends like the story "both". */
__attribute__((unused)) static void
session_open(struct session_film *session, int columns, int rows, bool ascii)
{
	static const char *const commands[] = {
	    NULL, "read all:*", "write a:2", "write b:2 \"hello\""};
	struct stage *stage = stage_new(KIND_PRIVATE_FILE, 10, 3, true);
	struct snapshot *before = NULL;

	*session = (struct session_film){0};
	for (size_t i = 0; i < SESSION_STEPS; i++) {
		struct scene scene = {.process = i < 3 ? 'a' : 'b', .page = 2};

		session_act(stage, i);
		session->snapshots[i] = stage_snapshot(stage, commands[i], before);
		events_between(&session->events[i], before, session->snapshots[i]);
		scene.now = session->snapshots[i];
		scene.before = before;
		scene.events = &session->events[i];
		session->canvases[i] = canvas_new(columns, rows, ascii);
		scene_draw(session->canvases[i], &scene);
		session->steps[i] = (struct film_step){session->canvases[i], (uint32_t)i,
		    commands[i] ? commands[i] : "", "something happened", "",
		    UINT64_C(1700000000000000000) + i * UINT64_C(1250000000)};
		before = session->snapshots[i];
	}
	free(stage);
	session->film = (struct film){
	    .steps = session->steps,
	    .count = SESSION_STEPS,
	    .theme = theme_find("print"),
	    .origin = session_origin,
	};
}

__attribute__((unused)) static void
session_close(struct session_film *session)
{
	for (size_t i = 0; i < SESSION_STEPS; i++) {
		snapshot_free(session->snapshots[i]);
		events_free(&session->events[i]);
		canvas_free(session->canvases[i]);
	}
}

#endif
