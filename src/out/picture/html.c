#include "config.h"
#include "out/picture/html.h"
#include "base/list.h"
#include "base/i18n.h"
#include "out/picture/markup.h"
#include "view/canvas/look.h"

#include <string.h>

static const char page_style[] =
#include "out/picture/page_css.inc"
    ;

static const char *const role_words[] = {ROLES(WORD_OF)};

static void
add_meta(struct buf *out, const char *name, const char *content)
{
	buf_addf(out, "<meta name=\"%s\" content=\"", name);
	markup_text(out, content);
	buf_add(out, "\">\n");
}

static void
html_add_metadata(struct buf *out, const struct origin *origin)
{
	struct buf date = BUF_INIT;

	add_meta(out, "cowscope:command", origin->command_line);
	add_meta(out, "generator", origin->software);
	add_meta(out, "cowscope:kernel", origin->kernel);
	markup_date(&date, origin->time_s);
	if (date.length)
		add_meta(out, "dcterms.created", buf_text(&date));
	buf_free(&date);
}

static void
add_color(struct buf *out, const char *name, uint32_t color)
{
	buf_addf(out, "%s:", name);
	markup_color(out, color);
	buf_add(out, ";");
}

static bool
is_dark(uint32_t color)
{
	return (color >> 16 & 0xFF) + (color >> 8 & 0xFF) + (color & 0xFF) < 384;
}

static void
add_page_colors(struct buf *out, const struct theme *theme, const char *root)
{
	bool dark = is_dark(theme->background);

	buf_addf(out, "%s{color-scheme:%s;", root, dark ? "dark" : "light");
	add_color(out, "--fg", theme->foreground);
	add_color(out, "--bg", theme->background);
	add_color(out, "--soft", look_mix(theme->foreground, theme->background, 1));
	add_color(out, "--mark", dark ? 0xFF6EB4 : 0xC2005A);
	buf_add(out, "}\n");
}

static void
add_theme(struct buf *out, const struct theme *theme, const char *root)
{
	add_page_colors(out, theme, root);
	for (int role = 0; role < ROLE_COUNT; role++) {
		struct cell cell = {.role = (uint8_t)role};
		struct look look = look_of(theme, &cell);

		buf_addf(out, "%s .%s{", root, role_words[role]);
		add_color(out, "--f", look.foreground);
		add_color(out, "--b", look.background);
		buf_addf(out, "--p:%s;--w:%s;--u:%s}\n",
		    look.background == theme->background ? "transparent" : "var(--b)",
		    look.bold ? "bold" : "normal", look.underline ? "underline" : "none");
	}
}

static void
add_style(struct buf *out, const struct theme *theme, const struct theme *dark)
{
	buf_add(out, "<style>\n");
	add_theme(out, theme, ":root");
	if (dark) {
		buf_add(out, "@media screen and (prefers-color-scheme:dark){\n");
		add_theme(out, dark, ":root:not([data-theme=light])");
		buf_add(out, "}\n@media screen{\n");
		add_theme(out, dark, ":root[data-theme=dark]");
		buf_add(out, "}\n");
	}
	buf_add(out, page_style);
	buf_add(out, "</style>\n");
}

void
html_head(struct buf *out, const struct origin *origin, const struct theme *theme,
    const struct theme *dark)
{
	buf_add(out, "<!DOCTYPE html>\n<html lang=\"");
	/* Translators: the language of this translation in HTML's lang attribute: zh-CN */
	markup_text(out, _("en"));
	buf_add(out, "\">\n<head>\n<meta charset=\"utf-8\">\n");
	html_add_metadata(out, origin);
	buf_add(out,
	    "<meta name=\"viewport\" content=\"width=device-width\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"
	    " style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none';"
	    " form-action 'none'\">\n<title>");
	markup_text(out, origin->title);
	buf_add(out, "</title>\n");
	add_style(out, theme, dark);
}

static void
add_span_start(struct buf *out, const struct run *run)
{
	static const char *const boxes[] = {"", " g", " w"};

	buf_addf(out, "<span class=\"%s%s%s%s\">", role_words[run->role], boxes[run->box],
	    run->marks & MARK_CHANGED ? " c" : "", run->marks & MARK_CURSOR ? " k" : "");
}

static void
html_trim(struct buf *out, size_t start)
{
	while (out->length > start && out->data[out->length - 1] == ' ')
		out->data[--out->length] = '\0';
}

void
html_row(struct buf *out, const struct canvas *canvas, int row)
{
	size_t start = out->length;

	for (struct run run = {0}; run_next(&run, canvas, NULL, row);) {
		bool bare = run.role == ROLE_PLAIN && !run.marks && !run.box;

		if (!bare)
			add_span_start(out, &run);
		run_text(out, &run, canvas, row);
		if (!bare)
			buf_add(out, "</span>");
	}
	html_trim(out, start);
	buf_add_char(out, '\n');
}

void
html_words(struct buf *out, const char *text, const char *id)
{
	if (!*text)
		return;
	buf_add(out, "<details><summary>");
	markup_text(out, _("In words"));
	buf_addf(out, "</summary>\n<p%s class=\"lines words\">", id);
	markup_lines(out, text);
	buf_add(out, "</p></details>\n");
}

void
html_origin(struct buf *out, const struct origin *origin, const char *introduction)
{
	buf_add(out, "<footer>\n<p>");
	if (introduction) {
		markup_text(out, introduction);
		buf_add(out, "</p>\n<p>");
	}
	buf_add(out, "<code>");
	markup_text(out, origin->command_line);
	buf_add(out, "</code></p>\n<p>");
	markup_text(out, origin->software);
	buf_add(out, " · ");
	markup_text(out, origin->kernel);
	buf_add(out, " · <time>");
	markup_date(out, origin->time_s);
	buf_add(out, "</time></p>\n</footer>\n");
}

/* Print is light; a reader with a dark screen may prefer it dark. */
static const struct theme *
dark_of(const struct theme *theme)
{
	return strcmp(theme->name, "print") == 0 ? theme_find("dark") : NULL;
}

int
picture_html(struct buf *out, const struct picture *picture, struct err *err)
{
	const struct origin *origin = &picture->origin;

	(void)err;
	html_head(out, origin, picture->theme, dark_of(picture->theme));
	buf_add(out, "</head>\n<body>\n<main>\n<h1 id=\"title\">");
	markup_text(out, origin->title);
	buf_addf(out, "</h1>\n<pre class=\"plain\" role=\"img\" aria-labelledby=\"title\"%s>\n",
	    *origin->description ? " aria-describedby=\"words\"" : "");
	for (int row = 0; row < picture->canvas->rows; row++)
		html_row(out, picture->canvas, row);
	buf_add(out, "</pre>\n");
	html_words(out, origin->description, " id=\"words\"");
	buf_add(out, "</main>\n");
	html_origin(out, origin, NULL);
	buf_add(out, "</body>\n</html>\n");
	return 0;
}
