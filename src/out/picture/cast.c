#include "config.h"
#include "base/i18n.h"
#include "out/json/json_write.h"
#include "out/picture/ansi.h"
#include "out/picture/picture.h"

#include <string.h>

#define NS_A_SECOND UINT64_C(1000000000)
#define SECONDS_MAX 3600

/* The 16 colours of xterm: the format wants them, we draw with others. */
#define PALETTE \
	"#000000:#cd0000:#00cd00:#cdcd00:#0000ee:#cd00cd:#00cdcd:#e5e5e5:" \
	"#7f7f7f:#ff0000:#00ff00:#ffff00:#5c5cff:#ff00ff:#00ffff:#ffffff"

struct cast {
	struct buf *out;
	const struct film *film;
	uint64_t time; /* nanoseconds since the first step */
};

static void
cast_add_member(struct buf *out, const char *key, const char *value)
{
	buf_addf(out, ",\"%s\":", key);
	json_quote(out, value, strlen(value));
}

static void
cast_add_header(struct cast *cast)
{
	const struct film *film = cast->film;
	const struct origin *origin = &film->origin;
	struct buf *out = cast->out;

	buf_addf(out, "{\"version\":2,\"width\":%d,\"height\":%d,\"timestamp\":%llu",
	    film->steps[0].canvas->columns, film->steps[0].canvas->rows,
	    (unsigned long long)origin->time_s);
	cast_add_member(out, "command", origin->command_line);
	cast_add_member(out, "title", origin->title);
	buf_add(out, ",\"env\":{\"TERM\":\"xterm-256color\"}");
	buf_addf(out, ",\"theme\":{\"fg\":\"#%06x\",\"bg\":\"#%06x\",\"palette\":\"" PALETTE "\"}",
	    (unsigned)film->theme->foreground & 0xFFFFFF,
	    (unsigned)film->theme->background & 0xFFFFFF);
	cast_add_member(out, "software", origin->software);
	cast_add_member(out, "kernel", origin->kernel);
	buf_add(out, "}\n");
}

/* Digits by hand: printf writes a comma in some locales. */
static void
cast_add_event(struct cast *cast, char type, const char *text, size_t length)
{
	buf_addf(cast->out, "[%llu.%06llu,\"%c\",", (unsigned long long)(cast->time / NS_A_SECOND),
	    (unsigned long long)(cast->time % NS_A_SECOND / 1000), type);
	json_quote(cast->out, text, length);
	buf_add(cast->out, "]\n");
}

static bool
row_same(const struct canvas *one, const struct canvas *other, int row)
{
	for (int column = 0; column < one->columns; column++) {
		const struct cell *cell = canvas_at(one, column, row),
				  *was = canvas_at(other, column, row);

		if (!was || cell->width != was->width || cell->role != was->role ||
		    cell->marks != was->marks ||
		    strncmp(cell->text, was->text, sizeof(cell->text)) != 0)
			return false;
	}
	return true;
}

static int
within(int number, int limit)
{
	return number < 0 ? 0 : number >= limit ? limit - 1 : number;
}

/* A line is cleared before it is drawn: after a full one the cursor is still on its last cell. */
static void
add_screen(struct cast *cast, const struct canvas *canvas, const struct canvas *before)
{
	struct buf text = BUF_INIT;

	if (!before)
		buf_add(&text, "\033[0m\033[H\033[2J");
	for (int row = 0; row < canvas->rows; row++) {
		if (before && row_same(canvas, before, row))
			continue;
		buf_addf(&text, before ? "\033[%d;1H\033[2K" : "\033[%d;1H", row + 1);
		ansi_row(&text, canvas, cast->film->theme, row);
	}
	buf_addf(&text, "\033[%d;%dH", within(canvas->cursor_row, canvas->rows) + 1,
	    within(canvas->cursor_column, canvas->columns) + 1);
	cast_add_event(cast, 'o', buf_text(&text), text.length);
	buf_free(&text);
}

static uint64_t
fixed_ns(double seconds)
{
	if (!(seconds > 0))
		return 0;
	return seconds < SECONDS_MAX ? (uint64_t)(seconds * (double)NS_A_SECOND + 0.5)
				     : SECONDS_MAX * NS_A_SECOND;
}

/* The clock of the readings may have been set back: time here never decreases. */
static void
advance(struct cast *cast, size_t index)
{
	const struct film_step *steps = cast->film->steps;
	uint64_t fixed = fixed_ns(cast->film->seconds_a_step), first = steps[0].time_ns;
	uint64_t time = steps[index].time_ns > first ? steps[index].time_ns - first : 0;

	if (fixed)
		time = fixed * index;
	if (time > cast->time)
		cast->time = time;
}

static void
add_marker(struct cast *cast, const struct film_step *step)
{
	struct buf label = BUF_INIT;

	if (*step->command)
		buf_add(&label, step->command);
	else
		buf_addf(&label, _("step %u"), step->step);
	cast_add_event(cast, 'm', buf_text(&label), label.length);
	buf_free(&label);
}

int
film_cast(struct buf *out, const struct film *film, struct err *err)
{
	struct cast cast = {.out = out, .film = film};

	(void)err;
	cast_add_header(&cast);
	for (size_t i = 0; i < film->count; i++) {
		const struct canvas *before = i ? film->steps[i - 1].canvas : NULL;

		advance(&cast, i);
		add_screen(&cast, film->steps[i].canvas, before);
		add_marker(&cast, &film->steps[i]);
	}
	if (fixed_ns(film->seconds_a_step)) {
		cast.time += fixed_ns(film->seconds_a_step);
		cast_add_event(&cast, 'o', "", 0); /* the last step is seen as long as the others */
	}
	return 0;
}
