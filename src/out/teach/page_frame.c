#include "config.h"
#include "out/teach/page_frame.h"

#include "base/i18n.h"
#include "out/picture/html.h"
#include "out/picture/markup.h"
#include "out/teach/teach_css.inc"

void
page_attribute(struct buf *out, const char *name, const char *value)
{
	buf_addf(out, " %s=\"", name);
	markup_text(out, value);
	buf_add_char(out, '"');
}

void
page_element(struct buf *out, const char *tag, const char *attributes, const char *text)
{
	buf_addf(out, "<%s%s>", tag, attributes);
	markup_text(out, text);
	buf_addf(out, "</%s>\n", tag);
}

static void
page_add_meta(struct buf *out, const char *name, const char *content)
{
	buf_add(out, "<meta");
	page_attribute(out, "name", name);
	page_attribute(out, "content", content);
	buf_add(out, ">\n");
}

static void
page_add_policy(struct buf *out, const struct page_frame *frame)
{
	buf_addf(out,
	    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"
	    " style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'\">\n",
	    teach_css_hash, frame->script.hash);
}

static void
page_add_date(struct buf *out, const struct origin *origin)
{
	struct buf date = BUF_INIT;

	markup_date(&date, origin->time_s);
	if (date.length)
		page_add_meta(out, "dcterms.created", buf_text(&date));
	buf_free(&date);
}

void
page_frame_begin(struct buf *out, const struct page_frame *frame)
{
	const struct origin *origin = frame->origin;

	buf_add(out, "<!DOCTYPE html>\n<html");
	page_attribute(out, "lang", _("en"));
	buf_add(out, ">\n<head>\n<meta charset=\"utf-8\">\n");
	page_add_policy(out, frame);
	page_element(out, "title", "", origin->title);
	page_add_meta(out, "viewport", "width=device-width");
	page_add_meta(out, "color-scheme", "light dark");
	page_add_meta(out, "description", origin->description);
	page_add_meta(out, "generator", origin->software);
	page_add_meta(out, "cowscope:command", origin->command_line);
	page_add_meta(out, "cowscope:kernel", origin->kernel);
	page_add_date(out, origin);
	buf_addf(out, "<style>%s</style>\n<script>%s</script>\n</head>\n<body>\n", teach_css,
	    frame->script.text);
}

void
page_frame_end(struct buf *out, const struct page_frame *frame)
{
	html_origin(out, frame->origin,
	    _("Nothing on this page is simulated: it shows what the kernel did while it was made, by this command:"));
	buf_add(out, "</body>\n</html>\n");
}
