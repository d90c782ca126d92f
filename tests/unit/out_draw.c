#include "config.h"

#include "../captures/random.h"
#include "base/utf8.h"
#include "out/picture/draw.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char directory[] = "out-draw-XXXXXX";

static struct picture
picture_of(const struct canvas *canvas, double scale)
{
	return (struct picture){
	    canvas,
	    theme_find("print"),
	    {"a title", "what\nis there", "cowscope --batch", "cowscope 0.1.0", "Linux 6.18.0",
		1700000000},
	    scale,
	};
}

static struct drawing
drawing_of(const struct canvas *canvas)
{
	return (struct drawing){
	    DRAWING_PNG,
	    2,
	    1700000000,
	    {"a \x1b[31mtitle\xff", "two\nlines", "cowscope \xe5\x86\x99", "cowscope 0.1.0",
		"Linux"},
	    canvas,
	    theme_find("print"),
	};
}

static struct canvas *
small_canvas(void)
{
	struct canvas *canvas = canvas_new(6, 2, false);
	struct pen pen = pen_at(canvas, 0, 0, 6, ROLE_COPIED);

	pen.marks = MARK_CHANGED;
	pen_text(&pen, "a\xe9\xa1\xb5\xe2\x94\x80");
	return canvas;
}

static void
same_cells(const struct canvas *one, const struct canvas *other, const char *what)
{
	int differ = one->columns != other->columns || one->rows != other->rows;

	for (int i = 0; !differ && i < one->columns * one->rows; i++) {
		const struct cell *a = &one->cells[i], *b = &other->cells[i];

		differ = strcmp(a->text, b->text) != 0 || a->width != b->width ||
		    a->role != b->role || a->marks != b->marks;
	}
	is_number(differ, 0, "%s", what);
}

static void
round_trip(void)
{
	struct canvas *canvas = small_canvas();
	struct drawing drawing = drawing_of(canvas), *read;
	struct buf bytes = BUF_INIT;
	struct err err = {0};

	drawing.scale = 2.5;
	is_number(drawing_write(&bytes, &drawing, &err), 0, "a drawing is written");
	read = drawing_read(bytes.data, bytes.length, &err);
	if (ok(read, "and read %s", err.text)) {
		same_cells(read->canvas, canvas, "with its cells");
		is_number(read->kind, DRAWING_PNG, "its kind");
		is_number(read->time_s, 1700000000, "its time");
		ok(read->scale == 2.5, "its scale");
		is_text(read->texts[DRAWING_TITLE], "a \xEF\xBF\xBD[31mtitle\xEF\xBF\xBD",
		    "texts are made harmless");
		is_text(read->texts[DRAWING_DESCRIPTION], "two\nlines", "and keep their lines");
		is_text(
		    read->texts[DRAWING_COMMAND_LINE], "cowscope \xe5\x86\x99", "in any language");
		is_number(read->theme->background, drawing.theme->background, "its background");
		ok(memcmp(&read->theme->styles[ROLE_DIRTY].foreground,
		       &drawing.theme->styles[ROLE_DIRTY].foreground, 2 * sizeof(uint32_t)) == 0,
		    "its colours");
		is_number(read->theme->styles[ROLE_FOCUS].attributes,
		    drawing.theme->styles[ROLE_FOCUS].attributes, "its styles");
	}
	drawing_free(read);
	buf_free(&bytes);
	canvas_free(canvas);
}

/* What is read is written as the same bytes: nothing else is taken. */
static bool
refused_or_same(const struct buf *bytes)
{
	struct err err = {0};
	struct drawing *read = drawing_read(buf_text(bytes), bytes->length, &err);
	struct buf again = BUF_INIT;
	bool good;

	if (!read)
		return err.kind == ERR_USAGE && err.text[0];
	good = drawing_write(&again, read, &err) == 0 && again.length == bytes->length &&
	    memcmp(again.data, bytes->data, bytes->length) == 0;
	drawing_free(read);
	buf_free(&again);
	return good;
}

static void
damaged(void)
{
	struct canvas *canvas = small_canvas();
	struct drawing drawing = drawing_of(canvas);
	struct buf bytes = BUF_INIT, part = BUF_INIT;
	struct err err = {0};
	int taken = 0, wrong = 0;

	drawing_write(&bytes, &drawing, &err);
	for (size_t length = 0; length < bytes.length; length++) {
		char *copy = length ? malloc(length)
				    : NULL; /* so that a sanitizer sees what is read behind it */
		struct drawing *read;

		if (copy)
			memcpy(copy, bytes.data, length);
		read = drawing_read(length ? copy : "", length, &err);
		taken += read != NULL;
		drawing_free(read);
		free(copy);
	}
	is_number(taken, 0, "no start of a drawing is taken for one, of %zu", bytes.length);
	buf_add_n(&part, bytes.data, bytes.length);
	buf_add_char(&part, '\0');
	ok(!drawing_read(part.data, part.length, &err), "nor one with a byte behind it: %s",
	    err.text);
	for (size_t at = 0; at < bytes.length; at++)
		for (int bit = 0; bit < 8; bit++) {
			bytes.data[at] ^= (char)(1 << bit);
			wrong += !refused_or_same(&bytes);
			bytes.data[at] ^= (char)(1 << bit);
		}
	is_number(wrong, 0, "one with a wrong bit is refused, or is another drawing");
	buf_free(&bytes);
	buf_free(&part);
	canvas_free(canvas);
}

static void
noise(void)
{
	struct buf bytes = BUF_INIT;
	uint64_t seed = 7;
	int wrong = 0;

	for (int i = 0; i < 2000; i++) {
		buf_clear(&bytes);
		if (i % 2)
			buf_add(&bytes, DRAWING_MAGIC);
		for (uint32_t left = random_number(&seed, 300); left > 0; left--)
			buf_add_char(&bytes, (char)random_number(&seed, i % 3 ? 256 : 2));
		wrong += !refused_or_same(&bytes);
	}
	is_number(wrong, 0, "2000 times noise is refused");
	buf_free(&bytes);
}

static void
random_canvases(void)
{
	int refused = 0, wrong = 0;

	for (uint64_t number = 1; number <= 300; number++) {
		uint64_t seed = number;
		struct canvas *canvas = random_canvas(&seed);
		struct drawing drawing = random_drawing(&seed, canvas), *read;
		struct buf bytes = BUF_INIT;
		struct err err = {0};

		refused += drawing_write(&bytes, &drawing, &err) != 0;
		read = drawing_read(bytes.data, bytes.length, &err);
		refused += !read;
		wrong += !refused_or_same(&bytes);
		drawing_free(read);
		buf_free(&bytes);
		canvas_free(canvas);
	}
	is_number(refused, 0, "300 random canvases are written and read");
	is_number(wrong, 0, "and written as they were");
}

static void
sizes(void)
{
	static const double scales[] = {0, 0.5, -1, 10.5, 1e300, NAN, INFINITY};
	struct canvas *canvas = canvas_new(2, 2, false), *large = canvas_new(1000, 500, false);
	struct picture picture = picture_of(large, 1);
	struct buf bytes = BUF_INIT;
	struct err err = {0};

	for (size_t i = 0; i < sizeof(scales) / sizeof(scales[0]); i++) {
		struct drawing drawing = drawing_of(canvas);

		drawing.scale = scales[i];
		is_number(drawing_write(&bytes, &drawing, &err), -1, "no scale: %s", err.text);
		is_number(err.kind, ERR_USAGE, "of the kind that it is");
	}
	picture.scale = 3;
	is_number(draw_with("/bin/cat", &bytes, &picture, DRAWING_PNG, &err), -1, "too large: %s",
	    err.text);
	is_number(err.kind, ERR_USAGE, "because it was asked for so");
	is_number(
	    draw_with("/bin/cat", &bytes, &picture, DRAWING_PDF, &err), 0, "a PDF has no pixels");
	picture.scale = 1;
	is_number(draw_with("/bin/cat", &bytes, &picture, DRAWING_PNG, &err), 0,
	    "the largest canvas can be drawn");
	canvas_free(canvas);
	canvas_free(large);
	buf_free(&bytes);
}

static void
no_helper(void)
{
	struct canvas *canvas = small_canvas();
	struct picture picture = picture_of(canvas, 1);
	struct buf out = BUF_INIT;
	struct err err = {0};

	is_number(draw_with("/nonexistent/cowscope-draw", &out, &picture, DRAWING_PNG, &err), -1,
	    "no helper: no PNG");
	is_number(err.kind, ERR_MACHINE, "the machine is the reason");
	ok(strstr(err.text, "svg works without it") && !strchr(err.text, '\n'),
	    "it says what works: %s", err.text);
	is_number(out.length, 0, "and nothing came out");
	canvas_free(canvas);
	buf_free(&out);
}

static char *
script(const char *name, const char *text, mode_t mode)
{
	struct buf path = BUF_INIT;
	int fd;

	buf_addf(&path, "%s/%s", directory, name);
	fd = open(buf_text(&path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		printf("# cannot write %s: %s\n", buf_text(&path), strerror(errno));
	if (fd >= 0) {
		fchmod(fd, mode);
		close(fd);
	}
	return buf_take(&path);
}

static bool
no_child_left(void)
{
	return waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD;
}

static void
fails(const char *name, const char *text, mode_t mode, int seconds, const char *part)
{
	char *helper = script(name, text, mode);
	struct buf input = BUF_INIT, out = BUF_INIT;
	struct err err = {0};

	for (int i = 0; i < 100000; i++)
		buf_add(&input, "more than a socket holds; ");
	is_number(draw_run(helper, &out, &input, seconds, &err), -1, "a helper that %s", name);
	is_number(err.kind, ERR_MACHINE, "the machine is the reason");
	ok(strstr(err.text, part) && !strchr(err.text, '\n') && !strchr(err.text, '\x1b'),
	    "it says %s: %s", part, err.text);
	ok(no_child_left(), "and no process is left");
	unlink(helper);
	free(helper);
	buf_free(&input);
	buf_free(&out);
}

static void
large_both_ways(const char *helper, const char *what)
{
	struct buf input = BUF_INIT, out = BUF_INIT;
	struct err err = {0};

	for (int i = 0; i < 1000000; i++)
		buf_add(&input, "eight by");
	is_number(draw_run(helper, &out, &input, 60, &err), 0, "%s %s", what, err.text);
	ok(out.length == input.length && memcmp(out.data, input.data, input.length) == 0,
	    "comes back whole");
	buf_free(&input);
	buf_free(&out);
}

static void
reads_nothing(void)
{
	char *helper = script("true", "#!/bin/sh\nexec <&-\nprintf done\n", 0700);
	struct buf input = BUF_INIT, out = BUF_INIT;
	struct err err = {0};

	for (int i = 0; i < 1000000; i++)
		buf_add(&input, "eight by");
	signal(SIGPIPE, SIG_DFL);
	is_number(draw_run(helper, &out, &input, 60, &err), 0,
	    "one that reads nothing is no SIGPIPE %s", err.text);
	is_text(buf_text(&out), "done", "what it says is kept");
	ok(no_child_left(), "and no process is left");
	unlink(helper);
	free(helper);
	buf_free(&input);
	buf_free(&out);
}

static void
child_without_standard(void)
{
	struct buf input = BUF_INIT, out = BUF_INIT;
	struct err err = {0};

	buf_add(&input, "something");
	for (int fd = 0; fd < 3; fd++)
		close(fd);
	_exit(draw_run("/bin/cat", &out, &input, 60, &err) == 0 &&
		    strcmp(buf_text(&out), "something") == 0
		? 0
		: 1);
}

static void
without_standard(void)
{
	int status = -1;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0)
		child_without_standard();
	waitpid(child, &status, 0);
	is_number(status, 0, "it works where 0, 1 and 2 are closed");
}

static void
helpers(void)
{
	fails("says why", "#!/bin/sh\nprintf 'no \\033[31mfont\\nmore\\n' >&2; exit 3\n", 0700, 60,
	    "[31mfont");
	fails("says nothing", "#!/bin/sh\nexit 4\n", 0700, 60, "status 4");
	fails("crashes", "#!/bin/sh\nkill -SEGV $$\n", 0700, 60, "SIGSEGV");
	fails("never ends", "#!/bin/sh\nwhile :; do :; done\n", 0700, 0, "0 seconds");
	fails("cannot run", "#!/bin/sh\n", 0600, 60, "EACCES");
	fails("is no program", "\1\2\3", 0700, 60, "cannot");
	large_both_ways("/bin/cat", "8 MB there and back");
	reads_nothing();
	without_standard();
}

int
main(void)
{
	round_trip();
	damaged();
	noise();
	random_canvases();
	sizes();
	no_helper();
	if (!mkdtemp(directory)) {
		printf("Bail out! no directory of our own: %s\n", strerror(errno));
		return 1;
	}
	helpers();
	rmdir(directory);
	return done_testing();
}
