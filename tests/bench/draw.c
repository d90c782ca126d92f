/*
 * What a picture costs: 80x24 as PNG at 2x and as PDF, the whole run of cowscope-draw beside
 * $COWSCOPE, and its bytes.
 */
#include "config.h"
#include "bench.h"

#include "out/picture/draw.h"
#include "view_stories.h"

#include <libgen.h>
#include <stdio.h>
#include <time.h>

#define ROUNDS 21

static int
measure(const char *helper, const struct picture *picture, enum drawing_kind kind, const char *name)
{
	double times[ROUNDS];
	struct buf out = BUF_INIT;
	struct err err = {0};

	for (int round = 0; round < ROUNDS; round++) {
		double began = now_ms();

		buf_clear(&out);
		if (draw_with(helper, &out, picture, kind, &err)) {
			printf("draw %s: %s\n", name, err.text);
			return -1;
		}
		times[round] = now_ms() - began;
	}
	qsort(times, ROUNDS, sizeof(times[0]), ascending);
	printf("draw %s: %.0f ms (best %.0f, worst %.0f), %zu bytes\n", name, times[ROUNDS / 2],
	    times[0], times[ROUNDS - 1], out.length);
	buf_free(&out);
	return 0;
}

int
main(void)
{
	const char *cowscope = getenv("COWSCOPE");
	char *program = mem_string(cowscope ? cowscope : "src/cowscope");
	struct story story = story_copied();
	struct canvas *canvas = canvas_new(80, 24, false);
	struct picture picture = {
	    canvas,
	    theme_find("print"),
	    {"cowscope", "", "cowscope --batch", "cowscope", "Linux", 1700000000},
	    2,
	};
	struct buf helper = BUF_INIT;

	scene_draw(canvas, story_scene(&story));
	buf_addf(&helper, "%s/cowscope-draw", dirname(program));
	if (measure(buf_text(&helper), &picture, DRAWING_PNG, "png 80x24 2x") == 0)
		measure(buf_text(&helper), &picture, DRAWING_PDF, "pdf 80x24");
	buf_free(&helper);
	free(program);
	canvas_free(canvas);
	story_free(&story);
	return 0;
}
