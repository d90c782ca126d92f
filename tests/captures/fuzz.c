/*
 * Random canvases and sessions in every format that is text: fuzz DIRECTORY FIRST COUNT writes
 * NUMBER.ENDING into the directory for each number from FIRST on; a number gives the same each
 * time. 1 is 1x1, 2 is 500x200.
 */
#include "config.h"

#include "out/json/json.h"
#include "out/picture/formats.h"
#include "random.h"
#include "view_stories.h"

#include <errno.h>
#include <stdio.h>

#define STEPS_MAX 4

struct round {
	const char *directory;
	uint64_t number, seed;
	struct origin origin;
	char texts[5][200];
	const struct theme *theme;
};

static void
fail(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	exit(1);
}

static void
save(const struct round *round, const char *kind, const char *ending, const struct buf *text)
{
	struct buf path = BUF_INIT;
	FILE *file;

	buf_addf(&path, "%s/%s%llu.%s", round->directory, kind, (unsigned long long)round->number,
	    ending);
	file = fopen(buf_text(&path), "w");
	if (!file || fwrite(buf_text(text), 1, text->length, file) != text->length || fclose(file))
		fail(buf_text(&path), strerror(errno));
	buf_free(&path);
}

static void
random_text(uint64_t *seed, char *text, size_t room)
{
	size_t used = 0;

	for (uint32_t parts = random_number(seed, 12); parts > 0; parts--) {
		char letter[5] = "";
		const char *part = letter;

		if (random_number(seed, 2))
			part = random_special(seed);
		else
			letter[utf8_encode(1 + random_code(seed), letter)] = '\0';
		if (used + strlen(part) >= room)
			break;
		used += (size_t)sprintf(text + used, "%s", part);
	}
	text[used] = '\0';
}

static const struct theme *
random_theme(uint64_t *seed)
{
	const char *const *names = theme_names();
	uint32_t count = 0;

	while (names[count])
		count++;
	return theme_find(names[random_number(seed, count)]);
}

static void
begin(struct round *round)
{
	round->seed = round->number;
	round->theme = random_theme(&round->seed);
	for (int i = 0; i < 5; i++)
		random_text(&round->seed, round->texts[i], sizeof(round->texts[i]));
	round->origin =
	    (struct origin){round->texts[0], round->texts[1], round->texts[2], round->texts[3],
		round->texts[4], random_number(&round->seed, 2) ? 1700000000 : UINT64_MAX};
}

static struct canvas *
canvas_of(struct round *round)
{
	if (round->number <= 2)
		return random_canvas_of(
		    &round->seed, round->number == 1 ? 1 : 500, round->number == 1 ? 1 : 200);
	return random_canvas(&round->seed);
}

static void
pictures(struct round *round)
{
	struct canvas *canvas = canvas_of(round);
	struct picture picture = {canvas, round->theme, round->origin, 1};

	for (enum format format = 0; format < FORMAT_COUNT; format++) {
		const struct format_def *def = format_at(format);
		struct buf out = BUF_INIT;
		struct err err = {0};

		if (!def->picture || format == FORMAT_PNG || format == FORMAT_PDF)
			continue;
		if (def->picture(&out, &picture, &err))
			fail(def->name, err.text);
		save(round, "", def->ending, &out);
		buf_free(&out);
	}
	canvas_free(canvas);
}

static void
films(struct round *round)
{
	struct film_step steps[STEPS_MAX];
	struct canvas *first = canvas_of(round), *canvases[STEPS_MAX] = {first};
	struct film film = {steps, 1 + random_number(&round->seed, STEPS_MAX), round->theme,
	    random_number(&round->seed, 2) ? theme_find("dark") : NULL, round->origin,
	    random_number(&round->seed, 3)};
	struct buf page = BUF_INIT, cast = BUF_INIT;
	struct err err = {0};

	for (uint32_t i = 0; i < film.count; i++) {
		if (i)
			canvases[i] = random_canvas_of(&round->seed, first->columns, first->rows);
		steps[i] = (struct film_step){canvases[i], i, round->texts[i % 5],
		    round->texts[(i + 1) % 5], round->texts[(i + 2) % 5],
		    (uint64_t)random_number(&round->seed, UINT32_MAX)
			<< random_number(&round->seed, 33)};
	}
	if (film_html(&page, &film, &err) || film_cast(&cast, &film, &err))
		fail("film", err.text);
	save(round, "film-", "html", &page);
	save(round, "film-", "cast", &cast);
	buf_free(&page);
	buf_free(&cast);
	for (uint32_t i = 0; i < film.count; i++)
		canvas_free(canvases[i]);
}

/* A session whose texts and contents are anything. */
static void
sessions(struct round *round)
{
	struct stage *stage = stage_new(KIND_PRIVATE_FILE, 3, 2, round->number % 2);
	struct snapshot *now;
	struct events events;
	struct buf out = BUF_INIT;
	char written[200];

	random_text(&round->seed, written, 12);
	all_read(stage);
	stage_write(stage, 'a', 1, *written ? written : "x");
	now = stage_snapshot(stage, round->texts[0], NULL);
	free(now->path);
	now->path = mem_string(round->texts[1]);
	events_between(&events, NULL, now);
	json_snapshot(&out, now, &events, round->texts[2]);
	json_error(&out, round->texts[3], round->texts[4]);
	json_text(&out, "help", round->texts[1], round->texts[0]);
	save(round, "", "json", &out);
	buf_free(&out);
	events_free(&events);
	snapshot_free(now);
	free(stage);
}

int
main(int argc, char *argv[])
{
	struct round round = {.directory = argv[1]};
	uint64_t first, count;

	if (argc != 4)
		fail("usage", "fuzz DIRECTORY FIRST COUNT");
	first = strtoull(argv[2], NULL, 10);
	count = strtoull(argv[3], NULL, 10);
	for (round.number = first; round.number < first + count; round.number++) {
		begin(&round);
		pictures(&round);
		films(&round);
		sessions(&round);
	}
	return 0;
}
