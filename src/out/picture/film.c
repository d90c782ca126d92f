#include "config.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "out/picture/html.h"
#include "out/picture/markup.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const char film_style[] =
#include "out/picture/film_css.inc"
    ;

static const char film_script[] =
#include "out/picture/film_js.inc"
    ;

#define SECONDS_A_STEP 2

static_assert(ROLE_COUNT <= 52, "a letter for each role");

/* Strings by number, each stored once. */
struct pool {
	char **texts;
	size_t count, room;
	size_t *slots; /* number + 1, or 0; twice the room */
};

static size_t
hash_of(const char *text)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
	return (size_t)(hash ^ hash >> 32);
}

static size_t *
pool_slot(const struct pool *pool, const char *text)
{
	size_t mask = pool->room * 2 - 1, at = hash_of(text) & mask;

	while (pool->slots[at] && strcmp(pool->texts[pool->slots[at] - 1], text) != 0)
		at = (at + 1) & mask;
	return &pool->slots[at];
}

static void
pool_grow(struct pool *pool)
{
	pool->room = pool->room ? pool->room * 2 : 256;
	pool->texts = mem_resize(pool->texts, pool->room, sizeof(*pool->texts));
	free(pool->slots);
	pool->slots = mem_zero(pool->room * 2, sizeof(*pool->slots));
	for (size_t i = 0; i < pool->count; i++)
		*pool_slot(pool, pool->texts[i]) = i + 1;
}

static size_t
pool_number(struct pool *pool, const char *text)
{
	size_t *slot;

	if (pool->count == pool->room)
		pool_grow(pool);
	slot = pool_slot(pool, text);
	if (!*slot) {
		pool->texts[pool->count++] = mem_string(text);
		*slot = pool->count;
	}
	return *slot - 1;
}

static void
pool_free(struct pool *pool)
{
	for (size_t i = 0; i < pool->count; i++)
		free(pool->texts[i]);
	free(pool->texts);
	free(pool->slots);
}

static const struct canvas *
canvas_before(const struct film *film, size_t step)
{
	return step ? film->steps[step - 1].canvas : NULL;
}

/* How a row looks: for each run its length, a letter for its role, and marks. Its text is in the
 * page. */
static void
row_style(struct buf *out, const struct canvas *canvas, const struct canvas *before, int row)
{
	static const char *const boxes[] = {"", ".", ":"};
	struct buf text = BUF_INIT;

	for (struct run run = {0}; run_next(&run, canvas, before, row);) {
		size_t units = run_text(&text, &run, canvas, row);

		buf_addf(out, "%zu%c%s%s%s%s", units, (run.role < 26 ? 'A' : 'a' - 26) + run.role,
		    boxes[run.box], run.marks & MARK_CHANGED ? "_" : "",
		    run.marks & MARK_CURSOR ? "^" : "", run.differs ? "!" : "");
	}
	buf_free(&text);
}

static void
add_step_styles(struct buf *out, struct pool *pool, const struct film *film, size_t step)
{
	const struct canvas *canvas = film->steps[step].canvas;
	struct buf style = BUF_INIT;

	buf_add(out, step ? ",\n[" : "[");
	for (int row = 0; row < canvas->rows; row++) {
		buf_clear(&style);
		row_style(&style, canvas, canvas_before(film, step), row);
		buf_addf(out, "%s%zu", row ? "," : "", pool_number(pool, buf_text(&style)));
	}
	buf_add(out, "]");
	buf_free(&style);
}

static void
add_roles(struct buf *out)
{
	buf_add(out, "\"roles\":[");
#define X(constant, word) buf_add(out, ROLE_##constant ? ",\"" word "\"" : "\"" word "\"");
	ROLES(X)
#undef X
	buf_add(out, "]");
}

/* Only our own letters: nothing from outside. */
static void
add_data(struct buf *out, const struct film *film)
{
	double seconds = film->seconds_a_step > 0 ? film->seconds_a_step : SECONDS_A_STEP;
	struct pool pool = {0};

	buf_addf(out, "<script type=\"application/json\" id=\"film\">\n{\"pause\":%.0f,",
	    seconds * 1000);
	add_roles(out);
	buf_add(out, ",\n\"steps\":[");
	for (size_t step = 0; step < film->count; step++)
		add_step_styles(out, &pool, film, step);
	buf_add(out, "],\n\"styles\":[");
	for (size_t i = 0; i < pool.count; i++)
		buf_addf(out, "%s\"%s\"", i ? ",\n" : "", pool.texts[i]);
	buf_add(out, "]}\n</script>\n");
	pool_free(&pool);
}

static void
film_trim(struct buf *out, size_t start)
{
	while (out->length > start && out->data[out->length - 1] == ' ')
		out->data[--out->length] = '\0';
}

static void
add_row(struct buf *out, const struct canvas *canvas, const struct canvas *before, int row)
{
	size_t start = out->length;
	bool marked = false;

	for (struct run run = {0}; run_next(&run, canvas, before, row);) {
		if (run.differs != marked)
			buf_add(out, run.differs ? "<mark>" : "</mark>");
		marked = run.differs;
		run_text(out, &run, canvas, row);
	}
	if (marked)
		buf_add(out, "</mark>");
	film_trim(out, start);
	buf_add_char(out, '\n');
}

/* "Step 3", its command, what happened. */
static void
add_told(struct buf *out, const struct film_step *step, const char *heading_id)
{
	struct buf heading = BUF_INIT;

	buf_addf(&heading, _("Step %u"), (unsigned)step->step);
	buf_addf(out, "<h2%s>", heading_id);
	markup_text(out, buf_text(&heading));
	buf_add(out, "</h2>\n<p class=\"command\"><code>");
	markup_text(out, step->command);
	buf_add(out, "</code></p>\n<p class=\"lines\">");
	markup_lines(out, step->text);
	buf_add(out, "</p>\n");
	buf_free(&heading);
}

/* All steps as text, which the script replaces; without scripts they are read here. */
static void
film_add_steps(struct buf *out, const struct film *film)
{
	buf_add(out, "<div id=\"steps\">\n");
	for (size_t i = 0; i < film->count; i++) {
		const struct film_step *step = &film->steps[i];

		buf_addf(out, "<section id=\"step-%u\">\n", (unsigned)step->step);
		add_told(out, step, "");
		buf_add(out, "<pre class=\"plain\">\n");
		for (int row = 0; row < step->canvas->rows; row++)
			add_row(out, step->canvas, canvas_before(film, i), row);
		buf_add(out, "</pre>\n");
		html_words(out, step->state, "");
		buf_add(out, "</section>\n");
	}
	buf_add(out, "</div>\n");
}

static void
add_button(struct buf *out, const char *id, const char *sign, const char *label)
{
	buf_addf(out, "<button id=\"%s\" aria-label=\"", id);
	markup_text(out, label);
	buf_add(out, "\" title=\"");
	markup_text(out, label);
	buf_addf(out, "\">%s</button>\n", sign);
}

static void
add_play(struct buf *out)
{
	const char *play = _("Play"), *pause = _("Pause");

	buf_add(out, "<button id=\"play\" data-play=\"");
	markup_text(out, play);
	buf_add(out, "\" data-pause=\"");
	markup_text(out, pause);
	buf_add(out, "\">");
	markup_text(out, play);
	buf_add(out, "</button>\n");
}

static void
add_controls(struct buf *out, const struct film *film)
{
	buf_add(out, "<div id=\"controls\" role=\"group\" aria-label=\"");
	markup_text(out, _("Steps"));
	buf_add(out, "\">\n");
	add_button(out, "first", "|&lt;", _("First step (Home)"));
	add_button(out, "back", "&lt;", _("One step back (left arrow)"));
	add_play(out);
	add_button(out, "forward", "&gt;", _("One step forward (right arrow)"));
	add_button(out, "last", "&gt;|", _("Last step (End)"));
	buf_addf(out,
	    "<input id=\"slider\" type=\"range\" min=\"0\" max=\"%zu\" value=\"0\" aria-label=\"",
	    film->count - 1);
	markup_text(out, _("Step"));
	buf_add(out, "\">\n<output id=\"place\" for=\"slider\"></output>\n</div>\n");
}

/* It shows the first step before the script has started. */
static void
add_player(struct buf *out, const struct film *film)
{
	const struct film_step *first = &film->steps[0];

	buf_add(out,
	    "<div id=\"player\">\n<pre id=\"screen\" class=\"plain\" role=\"img\""
	    " aria-labelledby=\"heading\" aria-describedby=\"told words\">\n");
	for (int row = 0; row < first->canvas->rows; row++)
		html_row(out, first->canvas, row);
	buf_add(out, "</pre>\n<div id=\"told\" aria-live=\"polite\" aria-atomic=\"true\">\n");
	add_told(out, first, " id=\"heading\"");
	buf_add(out, "</div>\n");
	add_controls(out, film);
	html_words(out, first->state, " id=\"words\"");
	buf_add(out, "</div>\n");
}

static void
film_add_header(struct buf *out, const struct film *film)
{
	buf_add(out, "<header>\n<h1>");
	markup_text(out, film->origin.title);
	buf_add(out, "</h1>\n");
	if (film->dark) {
		buf_add(out, "<button id=\"theme\" hidden>");
		markup_text(out, _("Theme"));
		buf_add(out, "</button>\n");
	}
	buf_add(out, "</header>\n");
}

int
film_html(struct buf *out, const struct film *film, struct err *err)
{
	(void)err;
	html_head(out, &film->origin, film->theme, film->dark);
	buf_addf(out,
	    "<style>\n%s</style>\n<script>document.documentElement.className = \"js\";"
	    " onerror = () => { document.documentElement.className = \"\"; }</script>\n"
	    "</head>\n<body>\n",
	    film_style);
	film_add_header(out, film);
	buf_add(out, "<main>\n");
	add_player(out, film);
	film_add_steps(out, film);
	buf_add(out, "</main>\n");
	html_origin(out, &film->origin, NULL);
	add_data(out, film);
	buf_addf(out, "<script>\n%s</script>\n</body>\n</html>\n", film_script);
	return 0;
}
