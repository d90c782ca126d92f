/*
 * Each story as a screen, against tests/golden/NAME-COLSxROWS[-ascii].txt below $srcdir. UPDATE=1
 * writes them.
 */
#include "config.h"

#include "out/text.h"
#include "tap.h"
#include "view_stories.h"

#include <errno.h>

static void
golden_path(struct buf *out, const char *name, const char *size)
{
	const char *srcdir = getenv("srcdir");

	buf_addf(out, "%s/tests/golden/%s-%s.txt", srcdir && *srcdir ? srcdir : ".", name, size);
}

static void
read_file(struct buf *out, const char *path)
{
	FILE *file = fopen(path, "r");
	char chunk[4096];
	size_t count;

	while (file && (count = fread(chunk, 1, sizeof(chunk), file)) > 0)
		buf_add_n(out, chunk, count);
	if (file)
		fclose(file);
}

static bool
write_file(const char *path, const struct buf *text)
{
	FILE *file = fopen(path, "w");

	if (!file)
		return false;
	fwrite(buf_text(text), 1, text->length, file);
	return fclose(file) == 0;
}

static void
show_difference(const char *got, const char *wanted)
{
	for (int line = 1; *got || *wanted; line++) {
		size_t one = strcspn(got, "\n"), other = strcspn(wanted, "\n");

		if (one != other || memcmp(got, wanted, one) != 0)
			printf("# line %d\n#    got: %.*s\n# wanted: %.*s\n", line, (int)one, got,
			    (int)other, wanted);
		got += one + (got[one] == '\n');
		wanted += other + (wanted[other] == '\n');
	}
}

static void
compare(const char *name, const char *size, const struct buf *screen)
{
	struct buf path = BUF_INIT, wanted = BUF_INIT;
	const char *update = getenv("UPDATE");

	golden_path(&path, name, size);
	if (update && *update && !write_file(buf_text(&path), screen))
		printf("# cannot write %s: %s\n", buf_text(&path), strerror(errno));
	read_file(&wanted, buf_text(&path));
	if (!ok(strcmp(buf_text(&wanted), buf_text(screen)) == 0, "%s at %s", name, size))
		show_difference(buf_text(screen), buf_text(&wanted));
	buf_free(&path);
	buf_free(&wanted);
}

static void
screen(struct story *story, int columns, int rows, bool ascii)
{
	struct canvas *canvas = canvas_new(columns, rows, ascii);
	struct buf text = BUF_INIT, size = BUF_INIT;

	scene_draw(canvas, story_scene(story));
	text_canvas(&text, canvas);
	buf_addf(&size, "%dx%d%s", columns, rows, ascii ? "-ascii" : "");
	compare(story->name, buf_text(&size), &text);
	buf_free(&text);
	buf_free(&size);
	canvas_free(canvas);
}

static bool
has_small_screen(const char *name)
{
	static const char *const small[] = {"copied", "many", "lives", "frames", "prompt"};

	if (strncmp(name, "guide-", 6) == 0)
		return true;
	for (size_t i = 0; i < sizeof(small) / sizeof(small[0]); i++)
		if (strcmp(name, small[i]) == 0)
			return true;
	return false;
}

int
main(void)
{
	for (size_t i = 0; i < STORY_COUNT; i++) {
		struct story story = stories[i]();

		for (int ascii = 0; ascii < 2; ascii++) {
			screen(&story, 60, 18, ascii);
			screen(&story, 80, 24, ascii);
			screen(&story, 120, 40, ascii);
			if (has_small_screen(story.name))
				screen(&story, 40, 12, ascii);
		}
		story_free(&story);
	}
	return done_testing();
}
